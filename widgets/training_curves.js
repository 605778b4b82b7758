// Curves, bands, and the short pieces of them that stand for their names.
import { stepX, valueY } from "./training_layout.js";
import { column } from "./training_reading.js";

const { circle, path } = lab;
const THICKNESS = { faint: 1, line: 2, dots: 1.5, dotted: 1.5, dashed: 1.5, median: 1.25 };
const DASH = { dotted: "1.5 3", dashed: "6 3", median: "4 3" };

export const pointsOf = (state, panel, curve, at, head, height) => {
  const run = curve.band === undefined ? state.runs[curve.run] : state.bands[curve.band];
  const steps = curve.column === "plan" ? run.plan.map(([step]) => step) : column(run, curve.steps ?? "step");
  const values = curve.column === "plan" ? run.plan.map(([, value]) => value) : column(run, curve.column);
  const points = [];
  for (let index = 0; index < steps.length; index++) {
    if (!Number.isFinite(values[index])) continue;
    points.push([stepX(at, state, steps[index]), valueY(panel, head, height, values[index])]);
  }
  return points;
};

// In its look: a line, a faint, dotted or dashed one, a median, rings alone, or dots: a line with rings.
export const drawCurve = ({ look, colour }, points) => [
  points.length > 0 && look !== "rings" &&
    path(`M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`, {
      fill: "none", stroke: colour, thickness: THICKNESS[look], join: "round",
      dash: DASH[look] ?? null, opacity: look === "faint" ? 0.35 : null,
    }),
  ["rings", "dots"].includes(look) && points.map(([x, y]) =>
    circle(x, y, points.length <= 60 ? 3 : 1.5, { fill: "ground", stroke: colour, thickness: 1.5 })),
];

// What lies between two curves.
export const drawBand = ({ colour }, low, high) => low.length > 0 &&
  path(`M${[...low, ...high.reverse()].map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`,
    { fill: colour, opacity: 0.18 });

// A short piece of a curve, as it looks, with one ring at most.
export const drawKey = ({ look, colour }, x, y) => ["band", "dashed"].includes(look) ? [
  look === "band" && drawBand({ colour }, [[x, y + 5], [x + 18, y + 5]], [[x, y - 5], [x + 18, y - 5]]),
  drawCurve({ look: look === "band" ? "median" : look, colour }, [[x, y], [x + 18, y]]),
] : [
  look !== "rings" && drawCurve({ look: "line", colour }, [[x, y], [x + 18, y]]),
  look !== "line" && drawCurve({ look: "rings", colour }, [[x + 9, y]]),
];
