// The live panels of rollout_panels.py, in the same order and with the same names.
import { printed, stepRows } from "./rollout_reading.js";

const { circle, line, path, text, small, number, fit, textWidth, thousands } = lab;
const M = MEASURES;
export const TOP = 36;
export const TRACK = 134;
const BOTTOM = 118;

export const drawStep = (state, at, data, step) => {
  let y = state.training.steps.length > 1 ? 186 : 118;
  return [
    line(at.panel - 8.5, 2, at.panel - 8.5, M.height - 8),
    line(at.panel, y - 21.5, at.end, y - 21.5),
    text(at.panel, y - 2, "This step", { weight: 600 }),
    stepRows(state, data, step).map(([label, value, look]) => {
      y += M.row + (look === "rule" ? 5 : 0);
      const bold = !["", "rule"].includes(look), weight = bold ? 600 : null, sum = look.startsWith("sum");
      const room = at.end - at.panel - textWidth(value, 13, { bold }) - 6;
      return [
        look === "rule" && line(at.panel, y - 14.5, at.end, y - 14.5),
        sum && line(at.end - 64, y - 12.5, at.end, y - 12.5, { stroke: "ink" }),
        text(at.panel, y, fit(label, room, 13, { bold }), { fill: bold ? "ink" : "quiet", weight }),
        text(at.end, y, value, { fill: sum ? look.slice(4) : "ink", anchor: "end", weight }),
      ];
    }),
  ];
};

export const drawEpisode = (at, data) => {
  const rows = [["sum of rewards", printed(data.total, 1)], ["steps", thousands(data.steps)], ["end", data.ending]];
  return [
    text(at.panel, 14, "This episode", { weight: 600 }),
    rows.map(([label, value], index) => [
      text(at.panel, 38 + 18 * index, label, { fill: "quiet" }),
      text(at.end, 38 + 18 * index, fit(value, at.end - at.panel - 30), { anchor: "end" }),
    ]),
  ];
};

export const trainingPlace = (at, training) => {
  const { steps, axis: { ends: [low, high] } } = training, end = at.end - 8;
  const left = at.panel + 8 + Math.max(...training.axis.ticks.map(([, label]) => textWidth(label, 11)));
  return {
    left, end,
    xOf: (count) => left + ((end - left) * (count - steps[0])) / (steps.at(-1) - steps[0]),
    yOf: (value) => BOTTOM - ((BOTTOM - TOP) * (value - low)) / (high - low),
  };
};

export const drawTraining = (at, training, snapshot, data) => {
  const { steps, mean: means } = training, { left, end, xOf, yOf } = trainingPlace(at, training);
  const ranges = training.low.some((low, index) => low !== training.high[index]);
  const points = (values, count) => values.slice(0, count).map((value, index) =>
    `${number(xOf(steps[index]))} ${number(yOf(value))}`);
  const x = xOf(steps[snapshot]), y = yOf(means[snapshot]), every = steps.length;
  const label = printed(means[snapshot], Math.abs(means[snapshot]) >= 10 ? 0 : 1);
  const right = x - textWidth(label, 11, { bold: true }) - 8 < left;
  const words = `after ${thousands(steps[snapshot])} ${training.unit}`;
  return [
    text(at.panel, 14, "Training", { weight: 600 }),
    text(at.end, 14, ranges ? "return: mean, range" : "return of the episode", { ...small, anchor: "end" }),
    training.axis.ticks.map(([value, tick]) => [
      line(left, yOf(value), at.end, yOf(value)),
      text(left - 6, yOf(value) + 4, tick, { ...small, anchor: "end" }),
    ]),
    ranges && path(`M${[...points(training.low, every), ...points(training.high, every).toReversed()].join("L")}Z`,
      { fill: "grey", opacity: 0.22 }),
    path(`M${points(means, every).join("L")}`, { fill: "none", stroke: "quiet", thickness: 1.5, join: "round" }),
    path(`M${points(means, snapshot + 1).join("L")}`, { fill: "none", stroke: "blue", thickness: 2.5, join: "round" }),
    line(x, y, x, TRACK, { stroke: "blue", thickness: 1.25 }),
    circle(x, y, 4.5, { fill: "blue", stroke: "ground", thickness: 1.5 }),
    text(x + (right ? 8 : -8), Math.max(y - 6, TOP - 4), label,
      { size: 11, weight: 600, fill: "blue-text", anchor: right ? "start" : "end" }),
    line(left, TRACK, end, TRACK, { thickness: 2 }),
    line(left, TRACK, x, TRACK, { stroke: "blue", thickness: 2 }),
    steps.map((when, index) =>
      line(xOf(when), TRACK - 4, xOf(when), TRACK + 4, { stroke: index <= snapshot ? "blue" : "grey" })),
    circle(x, TRACK, 7, { fill: "blue", stroke: "ground", thickness: 1.5 }),
    text(at.panel, 156, words, { size: 11, weight: 600 }),
    text(at.end, 156, fit(data.ending, at.end - at.panel - textWidth(words, 11, { bold: true }) - 10, 11),
      { ...small, anchor: "end" }),
  ];
};
