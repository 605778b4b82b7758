// The panels, live as in training_picture.py, and the line through them at the step that is looked at.
import { drawBand, drawCurve, drawKey, pointsOf } from "./training_curves.js";
import { stepX, valueY } from "./training_layout.js";
import { chosenRun, column, upTo } from "./training_reading.js";

const { rect, circle, line, text, group, small, textWidth, fit, cell } = lab;
const M = MEASURES;

// Some curves are there only while their run is the chosen one.
const isDrawn = (view, curve) => curve.only !== "chosen" || curve.run === chosenRun(view);

// Whether two runs are the same, or seeds of the same algorithm.
const belong = (runs, one, other) =>
  one === other || (runs[one].group !== undefined && runs[one].group === runs[other].group);

const drawKeys = (view, panel, at, top) => {
  let x = at.right;
  const nodes = [...panel.keys].reverse().map((key) => {
    x -= textWidth(key.label, 11);
    const label = x;
    x -= 24;
    const start = x;
    const chosen = key.run !== undefined && belong(view.state.runs, key.run, chosenRun(view));
    const act = key.run === undefined ? {} : {
      ...cell("runs", 0, key.run, `show the numbers of ${key.label}`, chosen), class: "tm-key",
      onclick: () => { if (!chosen) view.send({ name: view.state.runs[key.run].name }); },
    };
    x -= 14;
    return group(0, 0, act,
      key.run !== undefined && rect(start - 4, top, label - start + textWidth(key.label, 11) + 8, 20,
        { fill: chosen ? "wash" : "ground", radius: 4 }),
      text(label, top + 14, key.label, { size: 11 }),
      drawKey(key, start, top + 10.5));
  });
  return { nodes, room: x };
};

export const drawPanel = (view, panel, at, top) => {
  const { state } = view, head = top + M.heading, height = M[panel.name];
  const start = 24 + textWidth(panel.title, 13, { bold: true }), keys = drawKeys(view, panel, at, top);
  return [
    text(16, top + 14, panel.title, { weight: 600 }),
    keys.nodes,
    text(start, top + 14, fit(panel.unit, keys.room - start, 11), small),
    panel.ticks.map(([value, label]) => {
      const y = valueY(panel, head, height, value);
      return [line(at.left, y, at.right, y), text(at.left - 8, y + 4, label, { ...small, anchor: "end" })];
    }),
    panel.lines.map(({ value, label }) => {
      const y = valueY(panel, head, height, value);
      return [line(at.left, y, at.right, y, { stroke: "grey", thickness: 1.5, dash: "2 3" }),
        text((at.left + at.right) / 2, y - 6, label, { ...small, anchor: "middle" })];
    }),
    panel.curves.filter((curve) => isDrawn(view, curve)).map((curve) => {
      const points = (one) => pointsOf(state, panel, one, at, head, height);
      return curve.look === "band"
        ? drawBand(curve, points(curve), points({ ...curve, column: curve.upper })) : drawCurve(curve, points(curve));
    }),
    panel.marks.map(([step, mark, quiet]) => {
      const x = stepX(at, state, step);
      return quiet ? [ // a remark that belongs to what comes after it
        line(x, head, x, head + height, { stroke: "grey", dash: "2 3" }),
        text(x > at.right - 90 ? x - 4 : x + 4, head + 10, mark, { ...small, anchor: x > at.right - 90 ? "end" : null }),
      ] : text(x, head + 12, mark, { weight: 600, fill: "vermilion-text", anchor: "middle" });
    }),
    panel.above && text(at.right, head + 10, panel.above, { size: 11, fill: "vermilion-text", anchor: "end" }),
  ];
};

// The step that is looked at: a line through the panel, and a dot on each curve.
export const drawCursor = (view, panel, at, top, cursor) => {
  const { state } = view, head = top + M.heading, height = M[panel.name];
  const x = stepX(at, state, Math.min(cursor, state.span));
  return [
    line(x, head, x, head + height, { stroke: "quiet" }),
    panel.curves.filter((curve) => curve.look === "line" && isDrawn(view, curve)).map((curve) => {
      const run = state.runs[curve.run], steps = column(run, "step"), index = upTo(steps, cursor);
      const value = index < 0 || cursor > run.done ? NaN : column(run, curve.column)[index];
      return Number.isFinite(value) && circle(stepX(at, state, steps[index]), valueY(panel, head, height, value), 3.5,
        { fill: curve.colour, stroke: "ground", thickness: 1.5 });
    }),
  ];
};
