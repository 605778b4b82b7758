// The stage of a UnificationStepper, as unification_picture.py draws it, with what answers the pointer and the keys.
import { inSight, place } from "./unification_layout.js";
import { shownStep, stepRow } from "./stepping.js";
import { drawSketch, paint } from "./sketch.js";

const { rect, line, text, group, small, fit, fixed, range } = lab;
const M = MEASURES, MONO = 0.602 * 13;
const INKS = { good: "green-text", bad: "vermilion-text" };
const LEGEND = [
  [14, { fill: "green:0.26" }, "agrees"],
  [72, { fill: "ground", stroke: "blue", dash: "4 3", thickness: 1.6 }, "in question"],
  [152, { fill: "blue:0.26" }, "put in"],
  [206, { fill: "vermilion:0.15", stroke: "vermilion", thickness: 1.6 }, "fails"],
];
const SIGNS = { "≟": "quiet", "=": "green-text", "≠": "vermilion-text" };

export const drawUnification = (view) => {
  const { state, width } = view, at = place(width), { frames } = state, step = shownStep(view, frames.length), frame = frames[step];
  const [first, last] = inSight(frames.length, step);
  return [
    group(0, 0, { key: "heads" }, drawHeads(at, frames.length, first, last)),
    range(last - first).map((row) => drawStep(view, at, frames[first + row], first + row, step, M.head + M.pitch * row)),
    line(at.left - 12, 4, at.left - 12, M.height - 8, { key: "side" }),
    group(0, 0, { key: "legend" }, drawLegend()),
    group(0, 0, { key: "trees", role: "img", "aria-label": `${state.entry}: ${frame.equation}` }, drawTrees(at, frame)),
    line(at.left, M.lists, width - 16, M.lists, { key: "under" }),
    group(0, M.lists, { key: "lists" }, state.problem ? drawProblem(at, state.problem, width)
      : [drawWaiting(at, frame), drawBindings(at, frame)]),
  ];
};

const drawHeads = (at, count, first, last) => {
  const more = [first && `${first} above`, count > last && `${count - last} below`].filter(Boolean).join(", ");
  return [text(42, 11, more ? `step (${more})` : "step", small), !more && text(at.equation, 11, "equation", small)];
};

const drawStep = (view, at, frame, index, step, top) => {
  const chosen = index === step, high = M.pitch, base = top + high - 6, past = index <= step ? "ink" : "quiet";
  return group(0, 0, { key: `step ${index}` },
    chosen && rect(14, top, at.steps_width + 2, high, { fill: paint("blue:0.1"), radius: 4 }),
    chosen && rect(13, top, 3, high, { fill: "blue" }),
    text(34, base, String(index), { size: 11, anchor: "end", fill: chosen ? "blue-text" : "quiet" }),
    text(42, base, frame.rule, { fill: INKS[frame.look] ?? past, weight: chosen || frame.look ? 600 : null }),
    text(at.equation, base, fit(frame.equation, at.equation_width - 4, 12, { mono: true }),
      { mono: true, size: 12, fill: past }),
    rect(14, top, at.steps_width + 2, high, { fill: "transparent", radius: 4,
      ...stepRow(view, view.state.frames.length, index, `step ${index}: ${frame.rule}, ${frame.equation}`) }));
};

const drawLegend = () => LEGEND.map(([x, { fill, ...look }, told]) => [
  rect(x, M.height - 21, 12, 12, { radius: 3, fill: paint(fill), ...look }),
  text(x + 17, M.height - 11, told, small),
]);

const drawTrees = (at, frame) => {
  const room = M.lists - 42, sides = ["left", "right"];
  const scale = Math.min(1.2, ...sides.map((side) => Math.min(at.half / frame[side].width, room / frame[side].height)));
  return [
    sides.map((side, index) => {
      const x = at[side] + (at.half - scale * frame[side].width) / 2;
      return [
        text(at[side] + at.half / 2, 14, fit(frame.texts[index], at.half, 12, { mono: true }),
          { mono: true, size: 12, anchor: "middle", fill: "quiet" }),
        group(0, 0, { transform: `translate(${fixed(x, 2)} 30) scale(${fixed(scale, 3)})` }, drawSketch(frame[side].marks)),
      ];
    }),
    text(at.left + at.half + M.between / 2, 18, frame.sign,
      { size: 20, weight: 600, anchor: "middle", fill: SIGNS[frame.sign] }),
  ];
};

const drawWaiting = (at, { waiting, more }) => [
  text(at.left, 19, "Equations waiting", { weight: 600 }),
  waiting.map((equation, row) => text(at.left, 39 + 18 * row, fit(equation, at.half, 12, { mono: true }),
    { mono: true, size: 12, fill: row ? "quiet" : "ink" })),
  more > 0 && text(at.left, 39 + 18 * waiting.length, `… and ${more} more`, small),
  waiting.length === 0 && text(at.left, 39, "none is left", { fill: "quiet" }),
];

const drawBindings = (at, { bindings, earlier, bound }) => [
  text(at.right, 19, bound, { weight: 600 }),
  earlier > 0 && text(at.right + 76, 19, `${earlier} earlier`, small),
  bindings.map(([variable, term, fresh], row) => [
    fresh && rect(at.right - 5, 26 + 18 * row, at.half + 8, 18, { fill: paint("blue:0.2"), radius: 4 }),
    text(at.right, 39 + 18 * row, fit(`${variable} ↦ ${term}`, at.half, 12, { mono: true }), { mono: true, size: 12 }),
  ]),
  bindings.length === 0 && text(at.right, 39, bound === "Bindings" ? "none yet" : "nothing needs to change",
    { fill: "quiet" }),
];

const drawProblem = (at, problem, width) => {
  const x = at.left, wide = width - 16 - at.left;
  return [
    text(x, 19, `The ${problem.side} one is not a term yet`, { weight: 600, fill: "vermilion-text" }),
    text(x, 43, problem.text, { mono: true }),
    text(x + MONO * problem.caret, 57, "^", { mono: true, weight: 600, fill: "vermilion-text" }),
    text(x, 81, fit(problem.told, wide)),
    text(x, 101, fit(problem.expected, wide), { fill: "quiet" }),
  ];
};
