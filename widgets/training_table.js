// The table beside the panels: numbers at a step, all runs at once, samples that were written.
import { place } from "./training_layout.js";
import { about, chosenRun, cursorOf, reading } from "./training_reading.js";

const { rect, line, text, group, small, textWidth, fit, wrap, thousands, cell } = lab;

const sampleLines = (string, width, most) => {
  const face = { mono: true };
  const lines = string.split("\n").flatMap((row) => wrap(row, width, 11, face)).map((row) => fit(row, width, 11, face));
  if (lines.length > most) lines.splice(most - 1, lines.length, fit(`${lines[most - 1]} …`, width, 11, face));
  return lines.slice(0, most);
};

export const drawTable = (view, at) => {
  const { state, width } = view, run = state.runs[chosenRun(view)];
  const read = reading(run, state.rows, cursorOf(view)), x = at.table, right = width - 16;
  const { words } = state, title = read.step ? about(words.after, read.step) : words.before;
  const name = fit(run.name, right - x - textWidth(title, 13, { bold: true }) - 26);
  const top = 37 + 18 * read.rows.length, pace = view.get("pace"), all = words.all && state.runs.length > 1;
  return [
    line(x - 12.5, 2, x - 12.5, at.height - 8),
    text(x, 14, title, { weight: 600 }),
    state.runs.length > 1 ? [
      text(right, 14, name, { anchor: "end" }),
      rect(right - textWidth(name) - 16, 4, 10, 10, { fill: run.colour, radius: 2 }),
    ] : view.get("playing") && pace > 0 &&
      text(right, 14, `${thousands(paceShown(pace))} ${words.pace}`, { ...small, anchor: "end" }),
    read.rows.map(([label, value], index) => [
      text(x, 37 + 18 * index, label, { fill: "quiet" }),
      text(right, 37 + 18 * index, value, { anchor: "end" }),
    ]),
    (all || read.samples.length || run.no_sample) && line(x, top - 5.5, right, top - 5.5),
    all ? drawAll(view, at, top) : drawSamples(at, run, read.samples, top, words.sample),
  ];
};

const paceShown = (pace) => (pace < 100 ? Math.round(pace) : Math.round(pace / 100) * 100);

// How many runs the overview has in a row (two if the names are short), and for how many there is room.
const overview = ({ state }, at, top) => {
  const half = (at.side - 20) / 2;
  const widest = Math.max(...state.runs.map((run) => textWidth(run.name, 11, { bold: true })));
  const across = widest <= half - 62 ? 2 : 1;
  return { across, half, width: across === 2 ? half : at.side, most: across * Math.floor((at.height - top - 30) / 17) };
};

// All runs at once: the first row of the table for each; a click chooses one.
const drawAll = (view, at, top) => {
  const { state } = view, chosen = chosenRun(view), { across, half, width, most } = overview(view, at, top);
  return [
    text(at.table, top + 14, state.words.all, { weight: 600 }),
    state.runs.slice(0, most).map((run, index) => {
      const x = at.table + (index % across) * (half + 20), y = top + 34 + 17 * Math.floor(index / across);
      const [[, value] = ["", ""]] = reading(run, state.rows.slice(0, 1), cursorOf(view)).rows;
      return group(0, 0, {
        ...cell("all", Math.floor(index / across), index % across, `show ${run.name}: ${value}`, index === chosen),
        class: "tm-key", onclick: () => view.send({ name: run.name }),
      },
        rect(x - 4, y - 12, width + 8, 17, { fill: index === chosen ? "wash" : "ground", radius: 4 }),
        rect(x, y - 7, 7, 7, { fill: run.colour, radius: 2 }),
        text(x + 12, y, fit(run.name, width - textWidth(value, 11) - 20, 11),
          { size: 11, weight: index === chosen ? 600 : null }),
        text(x + width, y, value, { size: 11, anchor: "end" }));
    }),
  ];
};

// Whether the overview lists every run, so that no menu is needed.
export const allInSight = (view) => {
  const { state } = view, at = state.words?.all && place(view.width, state);
  return at && state.runs.length <= overview(view, at, 37 + 18 * state.rows.length).most;
};

const drawSamples = (at, run, samples, top, heading) => {
  const x = at.table;
  if (!samples.length) {
    return run.no_sample && [
      text(x, top + 14, "Sample", { weight: 600 }),
      wrap(run.no_sample, at.side, 11).map((row, index) => text(x, top + 33 + 15 * index, row, small)),
    ];
  }
  const room = Math.floor((at.height - top - 26) / 15), [step, written] = samples[0];
  const lines = sampleLines(written, at.side, samples.length === 1 ? room : Math.max(2, room - 4));
  const below = lines.length + 1; // the row of the heading of those before
  return [
    text(x, top + 14, about(heading, step), { weight: 600 }),
    lines.map((row, index) => text(x, top + 34 + 15 * index, row, { size: 11, mono: true })),
    samples.length > 1 && below < room && [
      text(x, top + 34 + 15 * below - 7, "before", small),
      samples.slice(1, room - below).map(([when, before], index) => {
        const y = top + 34 + 15 * (below + 1 + index) - 7;
        return [
          text(x + 30, y, thousands(when), { ...small, anchor: "end" }),
          text(x + 38, y, fit(before.replaceAll("\n", " "), at.side - 38, 11, { mono: true }),
            { ...small, mono: true }),
        ];
      }),
    ],
  ];
};
