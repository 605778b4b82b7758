// The stage of an EffectForest, as effect_forest_picture.py draws it; a row is chosen by a click or by keys.
import { drawSketch, paint } from "./sketch.js";

const { rect, line, circle, path, text, group, small, textWidth, fit, number, clamp, range } = lab;
const M = MEASURES;

const place = (width, state) => {
  const inner = width - 32, scale = clamp((0.36 * inner) / M.panel[0], 0.83, 1.25);
  const panel = width - 16 - scale * M.panel[0];
  const labels = Math.max(...state.rows.map((row) => textWidth(row.label, 13, { bold: true })));
  const shown = state.rows.map((row) => textWidth(`${row.shown}  ${row.interval}`, 11, { bold: true }));
  const wide = width >= 760, step = Math.min(M.row, M.rows / state.rows.length);
  return { scale, panel, left: 16 + Math.min(labels, 0.18 * inner) + 16,
    end: panel - 28 - (wide ? Math.max(...shown) : 0) - 16, step, top: 30, wide };
};

export const chosenRow = (view) => Math.min(view.get("row"), view.state.rows.length - 1);

export const orderOf = (view) => (view.get("order") === "by value" ? view.state.order : range(view.state.rows.length));

export const heightOf = (view) => {
  const at = place(view.width, view.state);
  return Math.max(M.height, at.top + at.step * view.state.rows.length + 60, at.scale * M.panel[1] + 8);
};

export const drawForest = (view) => {
  const { state, width } = view, at = place(width, state), order = orderOf(view), chosen = chosenRow(view);
  const foot = at.top + at.step * order.length;
  return [
    drawAxis(at, state, foot),
    order.map((index, place_) => drawRow(view, at, index, at.top + at.step * (place_ + 0.5), place_, index === chosen)),
    drawLegend(state, foot + 42),
    line(at.panel - 16, 4, at.panel - 16, M.height - 12),
    view.memo("panel", [state, width, chosen], () => group(0, 0,
      { key: "panel", transform: `translate(${number(at.panel)} 0) scale(${number(at.scale)})` },
      drawSketch(state.rows[chosen].panel))),
  ];
};

const toX = (at, { axis }, value) => at.left + ((at.end - at.left) * (value - axis.low)) / (axis.high - axis.low);

const drawAxis = (at, state, foot) => [
  text(16, 14, "Method", small),
  text(at.left, 14, `effect, ${state.unit}`, small),
  state.axis.ticks.map(([value, label]) => {
    const x = toX(at, state, value), zero = value === 0;
    return [line(x, at.top, x, foot, { stroke: zero ? "ink" : "hairline", thickness: zero ? 1.4 : 1 }),
      text(x, foot + 15, label, { anchor: "middle", ...small })];
  }),
];

const drawRow = (view, at, index, y, place_, chosen) => {
  const { state } = view, row = state.rows[index], weight = chosen ? 600 : null;
  const [low, high, middle] = ["low", "high", "value"].map((name) => toX(at, state, row[name]));
  const wide = at.panel - 28 - 8, top = y - at.step / 2 + 1;
  return group(0, 0, { key: `row ${row.label}`, class: "ef-row",
    ...lab.cell("rows", place_, 0, `${row.label}: ${row.shown} ${row.interval}`, chosen),
    onclick: () => view.send({ row: index }), onfocus: () => view.send({ row: index }) },
    rect(8, top, wide, at.step - 2, { fill: chosen ? paint("blue:0.1") : "transparent", radius: 4, class: "ef-hit" }),
    chosen && rect(8, top, 3, at.step - 2, { fill: "blue" }),
    text(16, y + 4.5, fit(row.label, at.left - 30, 13, { bold: true }), { weight }),
    row.published && drawPublished(at, state, row, y),
    line(low, y, high, y, { stroke: "blue", thickness: 2.4 }),
    [low, high].map((end) => line(end, y - 4, end, y + 4, { stroke: "blue", thickness: 1.6 })),
    circle(middle, y, 5, { fill: "blue", stroke: "ground", thickness: 1 }),
    at.wide && text(at.panel - 34, y + 4, `${row.shown}  ${row.interval}`, { size: 11, anchor: "end", weight }));
};

const drawPublished = (at, state, row, y) => {
  const [value, ...ends] = row.published, x = toX(at, state, value);
  return [
    ends.length > 0 && line(toX(at, state, ends[0]), y + 7, toX(at, state, ends[1]), y + 7,
      { stroke: "vermilion", thickness: 1.4 }),
    circle(x, y, 9, { fill: "none", stroke: "vermilion", thickness: 2 }),
    row.agrees && path(`M${number(x + 9)} ${number(y - 9)}l3 3l6 -7`,
      { fill: "none", stroke: "green-text", thickness: 2 }),
  ];
};

const drawLegend = (state, y) => {
  const x = 40 + textWidth("estimate", 11) + 14, end = x + 14 + textWidth("published", 11) + 16;
  return [
    circle(22, y - 4, 5, { fill: "blue" }), text(34, y, "estimate", small),
    state.legend && [
      circle(x, y - 4, 7, { fill: "none", stroke: "vermilion", thickness: 2 }), text(x + 14, y, "published", small),
      path(`M${number(end)} ${number(y - 5)}l3 3l6 -7`, { fill: "none", stroke: "green-text", thickness: 2 }),
      text(end + 16, y, "equal in all printed digits", small),
    ],
  ];
};
