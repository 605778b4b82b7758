// The stage of a NormalFormStepper, as normal_form_picture.py draws it, with what answers the pointer and the keys.
import { MONO, SIZE, clipped, place, rowTop, runsOf, window_ } from "./normal_form_layout.js";
import { shownStep, stepRow } from "./stepping.js";
import { drawSketch, paint } from "./sketch.js";

const { rect, line, path, text, group, small, textWidth, fit, wrap, fixed, number, cell } = lab;
const M = MEASURES;

export const height = () => rowTop(M.rows) + 8 + M.panel;

export const drawNormalForm = (view) => {
  const { state, width } = view, at = place(width), step = shownStep(view, state.lines.length);
  const [first, last] = window_(state.lines.length, step), top = rowTop(M.rows) + 8;
  const rows = Array.from({ length: last - first }, (_, row) => first + row);
  return [
    group(0, 0, { key: "heads" }, drawHeads(at, state, width, first, last)),
    group(0, 0, { key: "brackets" }, drawBrackets(state, first, last)),
    rows.map((index) => drawLine(view, at, index, step, rowTop(index - first))),
    line(16, top, width - 16, top, { key: "rule" }),
    group(0, top, { key: "panels" }, state.problem ? drawProblem(state.problem, width)
      : [drawTrees(at, state, step), drawWhy(at, state, step), drawWorlds(view, at, step), drawReadout(view)]),
  ];
};

const drawHeads = (at, state, width, first, last) => {
  const below = state.lines.length - last;
  const more = [first && `${first} above`, below && `${below} below`].filter(Boolean).join(", ");
  return [text(M.formula, 11, more ? `formula (${more})` : "formula", small), text(at.rule, 11, "rule", small),
    text(width - 16, 11, "meaning", { anchor: "end", ...small })];
};

const drawBrackets = (state, first, last) => state.brackets.map(([name, start, end]) => {
  const low = Math.max(start, first), high = Math.min(end, last - 1);
  if (low > high) return null;
  const top = rowTop(low - first) + 2, foot = rowTop(high - first + 1) - 2;
  return [
    path(`M75 ${number(top)}h-5V${number(foot)}h5`, { fill: "none", stroke: "grey", thickness: 1.2 }),
    text(64, (top + foot) / 2 + 4.5, name, { weight: 600, anchor: "end" }),
  ];
});

const drawLine = (view, at, index, step, top) => {
  const { state, width } = view, shown = state.lines[index], high = M.pitch, chosen = index === step;
  const spans = marksOf(state, index, step), room = at.characters;
  const [first, last] = clipped([...shown.text].length, spans[0][0], room);
  const ink = index <= step ? "ink" : "quiet", base = top + high - 6, weight = chosen ? 600 : null;
  const meaning = { same: ", same meaning", new: ", new name" }[shown.meaning] ?? "";
  const spoken = `line ${index}: ${shown.text}, ${shown.rule}${meaning}`;
  return group(0, 0, { key: `line ${index}` },
    chosen && rect(79, top, width - 79 - 10, high, { fill: paint("blue:0.1"), radius: 4 }),
    chosen && rect(78, top, 3, high, { fill: "blue" }),
    [...spans].reverse().map(([[start, end], look]) => {
      const low = Math.max(start, first) - first, after = Math.min(end, last) - first;
      return after > low ? drawMark(M.formula + MONO * low, top, MONO * (after - low), high, look) : null;
    }),
    text(93, base, String(index), { size: 11, anchor: "end", fill: chosen ? "blue-text" : "quiet", weight }),
    runsOf(shown.text, spans.map(([span]) => span), room).map(([x, string]) => text(M.formula + x, base, string,
      { mono: true, size: SIZE, fill: ink, textLength: number(MONO * [...string].length), lengthAdjust: "spacing" })),
    text(at.rule, base, fit(shown.rule, M.rule - 8, 13, { bold: chosen }), { fill: ink, weight }),
    drawMeaning(shown.meaning, width, top, high),
    rect(79, top, width - 79 - 10, high, { fill: "transparent", radius: 4,
      ...stepRow(view, state.lines.length, index, spoken) }));
};

const marksOf = (state, index, step) => {
  const shown = state.lines[index];
  const marked = shown.meaning ? [[shown.marked, index === step ? "chosen" : "grey"]] : [[[0, 0], "grey"]];
  return index === step - 1 ? [[state.lines[step].before, "before"], ...marked] : marked;
};

const drawMark = (x, top, wide, high, look) => (look === "before"
  ? rect(x - 2, top + 1, wide + 4, high - 2, { radius: 4, fill: "none", stroke: "blue", dash: "4 3", thickness: 1.6 })
  : [
    rect(x, top + 2, wide, high - 4, { fill: paint(look === "chosen" ? "blue:0.28" : "grey:0.15"), radius: 3 }),
    look === "chosen" && rect(x, top + high - 3, wide, 2, { fill: "blue" }),
  ]);

const drawMeaning = (meaning, width, top, high) => {
  const right = width - 16, base = top + high - 6, wide = textWidth("≈ new name", 13, { bold: true }) + 12;
  if (meaning === "same") return text(right, base, "≡ same", { anchor: "end", fill: "green-text" });
  return meaning === "new" && [
    rect(right - wide + 6, top + 1.5, wide, high - 3, { fill: paint("amber:0.25"), radius: 5 }),
    text(right, base, "≈ new name", { anchor: "end", weight: 600, fill: "amber-text" }),
  ];
};

const drawTrees = (at, state, step) => {
  let { trees } = state.steps[step];
  const room = at.trees_width, high = 100, title = trees.length > 1 ? `Step ${step}: what changes` : `Line ${step} as a tree`;
  let scale = scaleOf(trees, room, high);
  if (scale < 0.55) {
    trees = trees.slice(-1);
    scale = scaleOf(trees, room, high);
  }
  let x = 16;
  return [
    text(16, 19, title, { weight: 600 }),
    trees.map((tree, index) => {
      const y = 30 + Math.min(high, scale * tree.height) / 2, arrow = index > 0 && path(
        `M${number(x + 6)} ${number(y)}h22m-6 -5l6 5l-6 5`, { fill: "none", stroke: "ink", thickness: 1.6 });
      if (index) x += 36;
      const left = x;
      x += scale * tree.width;
      return [arrow, group(0, 0, { transform: `translate(${number(left)} 30) scale(${fixed(scale, 3)})` },
        drawSketch(tree.marks))];
    }),
  ];
};

const scaleOf = (trees, room, high) => Math.min(1, (room - 36 * (trees.length - 1)) /
  trees.reduce((sum, tree) => sum + tree.width, 0), high / Math.max(...trees.map((tree) => tree.height)));

const drawWhy = (at, state, step) => [
  text(at.why, 19, fit(state.steps[step].heading, at.why_width, 13, { bold: true }), { weight: 600 }),
  wrap(state.steps[step].why, at.why_width).slice(0, 7).map((words, row) => text(at.why, 39 + 16 * row, words)),
];

const drawWorlds = (view, at, step) => {
  const { state } = view, { grid } = state.steps[step], x = at.grids, { columns } = state;
  const count = grid.captions.length, shown = count ? [Math.max(0, step - 1), step].slice(-count) : [];
  const pitch = M.grid / columns, side = pitch - 1.6, base = count ? 40 + M.grid + 13 : 37;
  return [
    text(x, 19, grid.title, { weight: 600 }),
    grid.captions.map((caption, index) => {
      const left = x + index * (M.grid + 16);
      return [
        text(left, 34, fit(caption, M.grid + 14, 11), small),
        state.lines[shown[index]].shares.map((share, world) => {
          const row = Math.floor(world / columns), column = world % columns, tell = () => view.set({ world });
          const truth = share === 0 ? "false" : share === 1 ? "true" : "true for some choices";
          const spoken = `line ${shown[index]}, world ${world + 1}: ${truth}; ${state.worlds[world]}`;
          return rect(left + pitch * column, 40 + pitch * row, side, side, { radius: 1.5, fill: paint(shade(share)),
            stroke: share === 0 ? "hairline" : null, class: view.ui.world === world ? "nf-world nf-told" : "nf-world",
            ...cell("worlds", row, column + columns * index, spoken), onpointerenter: tell, onfocus: tell,
            onpointerleave: () => view.set({ world: null }), onblur: () => view.set({ world: null }) });
        }),
      ];
    }),
    wrap(grid.note, M.grids, 11).map((words, row) => text(x, base + 14 * row, words, small)),
  ];
};

const shade = (share) => (share === 0 ? "ground" : share === 1 ? "blue" : `blue:${fixed(0.2 + 0.4 * share, 2)}`);

// The world under the pointer, in words.
const drawReadout = (view) => {
  const { world } = view.ui, told = view.state.worlds[world];
  const room = place(view.width).grids - 32;
  return told !== undefined && text(16, M.panel - 8, fit(`World ${world + 1}:  ${told}`, room, 11), small);
};

const drawProblem = (problem, width) => [
  text(16, 19, "Not a formula yet", { weight: 600, fill: "vermilion-text" }),
  text(16, 46, problem.text, { mono: true, size: SIZE }),
  text(16 + MONO * problem.caret, 60, "^", { mono: true, weight: 600, fill: "vermilion-text" }),
  text(16, 84, fit(problem.told, width - 32)),
  text(16, 104, fit(problem.expected, width - 32), { fill: "quiet" }),
];
