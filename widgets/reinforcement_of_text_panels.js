// The live panels of reinforcement_of_text_panels.py, in the same order and with the same names.
import { placeOf, sentenceOf, tokenRows, updateRows, verdict } from "./reinforcement_of_text_reading.js";
import { goTo, walk } from "./reinforcement_of_text_moves.js";
import { printed } from "./rollout_reading.js";

const { rect, circle, line, path, text, small, number, fit, wrap, plain, textWidth, thousands, unpack } = lab;
const M = MEASURES;
const UNMOVED = "Tokens may move all the same: all prompts share the parameters. Point at one.";
const TOP = 46, BOTTOM = 122, TRACK = 138; // of the curves, and of the slider under them
const LOOKS = {
  mean_return: { stroke: "blue", thickness: 2.5 },
  success: { stroke: "ink", thickness: 1.75, dash: "4 3" },
};

// Name and label of each curve, and what is added where there is room.
const curves = (run) => (run.is_true ? [["mean_return", run.name, " (the true one)"]]
  : [["mean_return", run.name, " (paid)"], ["success", "true", " success"]]);

// The first, the middle and the last of the ticks.
const ends = (ticks) => ticks.filter((_, index) => [0, (ticks.length - 1) / 2, ticks.length - 1].includes(index));

const curvePlace = (at, { updates, axis }) => {
  const left = at.panel + 8 + Math.max(...ends(axis.ticks).map(([, label]) => textWidth(label, 11)));
  const end = at.end - 8, span = updates.at(-1) - updates[0], [low, high] = axis.ends;
  return {
    left, end,
    xOf: (update) => left + (end - left) * (span ? (update - updates[0]) / span : 0.5),
    yOf: (value) => BOTTOM - ((BOTTOM - TOP) * (value - low)) / (high - low),
  };
};

export const drawCurves = (at, place) => {
  const { run, update: chosen } = place, { updates } = run, { left, end, xOf, yOf } = curvePlace(at, run);
  const x = xOf(updates[chosen]), shown = curves(run);
  return [
    line(at.panel - 12.5, 2, at.panel - 12.5, M.height - 8),
    text(at.panel, 14, "Training", { weight: 600 }),
    text(at.end, 14, `${thousands(updates.length)} update${updates.length === 1 ? "" : "s"}`,
      { ...small, anchor: "end" }),
    shown.map((curve, index) =>
      drawKey(at, index, shown.length, curve, printed(unpack(run[curve[0]]).values[chosen], 2))),
    ends(run.axis.ticks).map(([value, label]) => [
      line(left, yOf(value), at.end, yOf(value)),
      text(left - 6, yOf(value) + 4, label, { ...small, anchor: "end" }),
    ]),
    line(x, TOP, x, TRACK, { stroke: "quiet" }),
    shown.toReversed().map(([name]) => {
      const values = [...unpack(run[name]).values];
      const points = updates.map((update, index) => [update, values[index]])
        .filter(([, value]) => Number.isFinite(value))
        .map(([update, value]) => `${number(xOf(update))} ${number(yOf(value))}`);
      return [
        points.length > 0 && path(`M${points.join("L")}`, { fill: "none", join: "round", ...LOOKS[name] }),
        Number.isFinite(values[chosen]) &&
          circle(x, yOf(values[chosen]), 4, { fill: LOOKS[name].stroke, stroke: "ground", thickness: 1.5 }),
      ];
    }),
    line(left, TRACK, end, TRACK, { thickness: 2 }),
    line(left, TRACK, x, TRACK, { stroke: "blue", thickness: 2 }),
    circle(x, TRACK, 7, { fill: "blue", stroke: "ground", thickness: 1.5 }),
    text(at.panel, 162, `update ${thousands(updates[chosen])}`, { size: 11, weight: 600 }),
    text(at.end, 162, `${thousands(run.dialogues[chosen])} dialogues`, { ...small, anchor: "end" }),
    updateRows(place).map(([label, value], index) => [
      text(at.panel, 182 + 17 * index, fit(label, at.end - at.panel - textWidth(value) - 6), { fill: "quiet" }),
      text(at.end, 182 + 17 * index, value, { anchor: "end" }),
    ]),
  ];
};

const drawKey = (at, index, count, [name, label, more], value) => {
  const width = (at.end - at.panel) / count, x = at.panel + index * width;
  const room = width - 28 - textWidth(value, 11, { bold: true });
  const shown = textWidth(label + more, 11) <= room ? label + more : fit(label, room, 11);
  return [
    line(x, 28, x + 14, 28, LOOKS[name]),
    text(x + 18, 32, shown, small),
    text(x + 22 + textWidth(shown, 11), 32, value, { size: 11, weight: 600 }),
  ];
};

export const drawReading = (at, token, title, judge) => {
  let y = M.reading;
  const head = [
    line(at.panel, y - 21.5, at.end, y - 21.5),
    text(at.panel, y, title, { weight: 600 }),
  ];
  if (token === null) {
    return [head, wrap(UNMOVED, at.end - at.panel, 11).map((row, index) =>
      text(at.panel, y + 18 + 16 * index, row, small))];
  }
  const room = at.end - at.panel - textWidth(title, 13, { bold: true }) - 12;
  return [
    head,
    text(at.end, y, fit(token.word, room, 13, { mono: true }), { anchor: "end", mono: true }),
    (token.own ? tokenRows(token, judge) : []).map(([label, value, look]) => {
      y += M.line + (look === "rule" ? 5 : 0);
      const sum = look.startsWith("sum"), weight = sum ? 600 : null;
      return [
        look === "rule" && line(at.panel, y - 14.5, at.end, y - 14.5),
        sum && line(at.end - 64, y - 12.5, at.end, y - 12.5, { stroke: "ink" }),
        text(at.panel, y, label, { fill: sum ? "ink" : "quiet", weight }),
        text(at.end, y, value, { fill: sum ? look.slice(4) : "ink", anchor: "end", weight }),
      ];
    }),
    wrap(verdict(token, judge), at.end - at.panel, 11).map((row) => {
      y += 16;
      return text(at.panel, y + 2, row, small);
    }),
  ];
};

// An invisible sheet over the curves: the mouse drags, the keyboard holds a slider along the updates.
export const drawSheet = (view, at) => {
  const { run, update } = placeOf(view), { updates } = run, { left, end, xOf } = curvePlace(at, run);
  const follow = (event) => {
    const box = event.currentTarget.getBoundingClientRect(), x = left - 10 + event.clientX - box.left;
    const far = updates.map((each) => Math.abs(xOf(each) - x));
    goTo(view, far.indexOf(Math.min(...far)));
  };
  const moves = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: 10, PageUp: -10,
    Home: -Infinity, End: Infinity };
  return rect(left - 10, TOP - 8, end - left + 20, TRACK + 18 - TOP, {
    key: "sheet", class: "rt-sheet", fill: "ground", "fill-opacity": 0, tabindex: 0, role: "slider", radius: 4,
    "aria-label": "Update", "aria-valuemin": String(updates[0]), "aria-valuemax": String(updates.at(-1)),
    "aria-valuenow": String(updates[update]),
    "aria-valuetext": view.playing("player") ? "playing" : plain(sentenceOf(view)),
    onkeydown: (event) => {
      if (!(event.key in moves)) return;
      event.preventDefault();
      walk(view, moves[event.key] * (event.shiftKey ? 10 : 1));
    },
    onpointerdown: (event) => {
      if (event.button !== 0) return;
      view.stop("player");
      event.currentTarget.setPointerCapture(event.pointerId);
      follow(event);
    },
    onpointermove: (event) => { if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event); },
  });
};
