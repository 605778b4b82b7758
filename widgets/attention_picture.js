// One head, large, and the weights of a row as bars: the live twin of attention_picture.py.
import { share } from "./attention_arithmetic.js";
import { cellAt, chosenRow, seen, sees } from "./attention_selection.js";
import { barPath, fitted, labelLook } from "./attention_panels.js";

const { rect, line, path, text, group, number, fixed, unpack, cell, range, small } = lab;
const M = MEASURES;

export const drawMatrix = (view, at, shown) => {
  const { state } = view, { matrixX: x, matrixY: y, cell: size } = at;
  const { query, key } = seen(view), row = chosenRow(view), place = (token) => shown.indexOf(token);
  const ring = { fill: "none", thickness: 2, radius: 3, "pointer-events": "none" };
  const words = `${state.causal} ${state.tokens.join(" ")}`; // equal while text and mask are
  const boxed = row !== null && place(row) >= 0, framed = query !== null && place(query) >= 0 && place(key) >= 0;
  return [
    text(at.titleX, y - 41, `Layer ${state.layer}, head ${state.head}`, { weight: 600 }),
    text(x - 8, y - 21, "key →", { ...small, anchor: "end" }),
    text(x - 8, y - 8, "query ↓", { ...small, anchor: "end" }),
    view.memo("grid", [at, shown.length, state.causal], () => drawGrid(x, y, size, shown.length, state.causal)),
    view.memo("labels", [at, words, ...shown.slice(0, 2)], () => drawLabelTargets(view, at, shown)),
    shown.map((token, index) => drawRowLabel(at, state, token, index, token === (query ?? row))),
    shown.map((token, place) => drawKeyLabel(at, state, token, place, token === key)),
    shown.length > M.many
      ? [
        view.memo("fields", [at, state.weights, ...shown.slice(0, 2)], () => drawFields(state, at, shown)),
        view.memo("cells", [at, words, ...shown.slice(0, 2), row], () => drawCells(view, at, shown)),
      ]
      : view.memo("cells", [at, state, row, view.get("key")], () => drawCells(view, at, shown)),
    boxed && rect(x - 1, y + size * place(row) - 1, size * shown.length + 3, size + 3, { ...ring, stroke: "blue" }),
    framed &&
      rect(x + size * place(key) - 1, y + size * place(query) - 1, size + 3, size + 3, { ...ring, stroke: "ink" }),
    query === null && key !== null && place(key) >= 0 && drawColumnRing(at, state, place(key), shown.length, ring),
  ];
};

const drawColumnRing = ({ matrixX, matrixY, cell: size }, state, column, count, ring) => {
  const above = state.causal ? column : 0, tall = size * (count - above) + 3;
  return rect(matrixX + size * column - 1, matrixY + size * above - 1, size + 3, tall, { ...ring, stroke: "ink" });
};

const drawGrid = (x, y, size, count, causal) => {
  if (size < 8) {
    const start = `M${number(x)} ${number(y)}`, end = `V${number(y + size * count)}H${number(x)}z`;
    const edge = causal ? `h${size}` + `v${size}h${size}`.repeat(count) : `h${size * count}`;
    return path(start + edge + end, { fill: "wash" });
  }
  const lines = range(count + 1).map((index) => {
    const across = size * (causal ? Math.min(index + 1, count) : count) + 1;
    const above = causal ? Math.max(index - 1, 0) : 0;
    return `M${number(x)} ${number(y + size * index + 0.5)}h${across}`
      + `M${number(x + size * index + 0.5)} ${number(y + size * above)}v${size * (count - above) + 1}`;
  });
  return path(lines.join(""), { stroke: "blue", opacity: 0.12, fill: "none" });
};

export const looks = (state, query, key) => {
  const [from, to] = [query, key].map((token) => state.tokens[token].join(""));
  return `${from} looks at ${to}: ${share(unpack(state.weights).at(query, key))}`;
};

// The cells, each by itself. Of many only what the mouse and the arrow keys find: `drawFields` has painted them.
const drawCells = (view, at, shown) => {
  const { state } = view, { matrixX: x, matrixY: y, cell: size } = at, many = shown.length > M.many;
  const inset = size >= 8 ? 1 : 0, row = chosenRow(view), key = row === null ? null : view.get("key");
  const column = sees(state, row, key) ? key : state.strongest[row];
  const painted = (weight) => ({ fill: "blue", "fill-opacity": weight ** M.power, class: "att-cell" });
  const nodes = shown.map((query, index) => shown.map((other, place) => {
    if (!sees(state, query, other)) return null;
    const spoken = many ? "" : looks(state, query, other), current = query === row && other === column;
    const look = many ? { fill: "transparent" } : painted(unpack(state.weights).at(query, other));
    return rect(x + size * place + inset, y + size * index + inset, size - inset, size - inset,
      { key: `${query} ${other}`, ...look, ...cell("weights", query, other, spoken, current) });
  }));
  return group(0, 0, { key: "cells", class: "att-cells", ...acting(view) }, nodes);
};

// Many cells: one path for each opacity.
const drawFields = (state, at, shown) => {
  const { matrixX: x, matrixY: y, cell: size } = at, inset = size >= 8 ? 1 : 0, wide = size - inset, fields = new Map();
  const weights = unpack(state.weights);
  shown.forEach((query, index) => shown.forEach((key, place) => {
    const opacity = number(weights.at(query, key) ** M.power);
    const square = `M${number(x + size * place + inset)} ${y + size * index + inset}h${wide}v${wide}h-${wide}z`;
    if (opacity !== "0") fields.set(opacity, (fields.get(opacity) ?? "") + square);
  }));
  return group(0, 0, { key: "fields" }, [...fields].map(([opacity, d]) => path(d, { fill: "blue", opacity })));
};

// What the mouse and the arrow keys find of the labels: those of rows left of the cells, those of keys above.
const drawLabelTargets = (view, at, shown) => {
  const { tokens } = view.state, { titleX, matrixX: x, matrixY: y, cell: size } = at, blank = { fill: "transparent" };
  const name = (token) => tokens[token].join("");
  const rows = shown.map((token, index) => rect(titleX, y + size * index, x - titleX - 4, size,
    { ...blank, ...cell("weights", token, -1, `row of ${name(token)}`) }));
  const columns = shown.map((token, place) => {
    const left = x + size * (place + 0.5) + 4, turn = `rotate(-45 ${number(left)} ${number(y - 8)})`;
    return rect(left - 3, y - 8 - Math.min(12, size / 1.4), 60, Math.min(15, size / 1.2),
      { ...blank, transform: turn, ...cell("weights", -1, token, `who looks at ${name(token)}`) });
  });
  return group(0, 0, { class: "att-cells", ...acting(view) }, rows, columns);
};

const drawRowLabel = (at, state, token, index, chosen) => {
  if (at.cell < M.labelled && !chosen) return null;
  const size = labelSize(at.cell), label = fitted(state.tokens[token], at.matrixX - at.titleX - 8, size);
  const look = { size, anchor: "end", "pointer-events": "none", ...labelLook(state, token, chosen) };
  return text(at.matrixX - 8, at.matrixY + at.cell * (index + 0.5) + 4.5, label, look);
};

const drawKeyLabel = (at, state, token, place, chosen) => {
  if (at.cell < M.labelled && !chosen) return null;
  const size = labelSize(at.cell), x = at.matrixX + at.cell * (place + 0.5) + 4, y = at.matrixY - 8;
  const limit = at.kind === "middle" ? 10000 : at.panelX - 14;
  const label = fitted(state.tokens[token], Math.min(72, 1.4 * (limit - x)), size);
  const turn = { transform: `rotate(-45 ${number(x)} ${number(y)})`, "pointer-events": "none" };
  return text(x, y, label, { size, ...turn, ...labelLook(state, token, chosen) });
};

const labelSize = (size) => (size >= 15 ? 13 : 11);

const hover = (view, found) => {
  const before = view.ui.hover;
  if (found?.query !== before?.query || found?.key !== before?.key) view.set({ hover: found });
};

const acting = (view) => ({
  onpointermove: (event) => hover(view, cellAt(event.target)),
  onpointerleave: () => hover(view, null),
  onclick: (event) => {
    const found = cellAt(event.target);
    if (!found || found.query === null) return;
    const again = found.query === chosenRow(view) && found.key === view.get("key");
    view.send(again ? { query: null, key: null } : found);
  },
});

export const drawBars = (view, at, shown) => {
  const { state } = view, { matrixX: x, cell: size } = at, { query } = seen(view), weights = unpack(state.weights);
  const count = state.tokens.length, right = x + size * shown.length, base = at.matrixY + size * shown.length + M.base;
  const mean = (key) => range(count).reduce((sum, row) => sum + weights.at(row, key), 0) / count;
  const row = range(count).map((key) => (query === null ? mean(key) : weights.at(query, key)));
  const thick = Math.max(2, Math.round(0.6 * size)), values = shown.map((key) => row[key]);
  const inside = fixed(values.reduce((sum, value) => sum + value, 0), 2), end = size * shown.length >= 150;
  const whole = "weights of a row add up to 1";
  const caption = shown.length < count ? `${inside} of the row's weight is in the window` : whole;
  const tag = { ...small, anchor: "end" };
  return [
    query === null
      ? [text(x - 8, base - 14, "mean of", tag), text(x - 8, base + 1, "all rows", tag)]
      : [text(x - 8, base - 14, "row of", tag), text(x - 8, base + 1, fitted(state.tokens[query], x - at.titleX - 8),
        { anchor: "end", ...labelLook(state, query, true) })],
    path(values.map((value, column) =>
      barPath(x + size * column + (size - thick) / 2 + 0.5, base, thick, M.bar * value)).join(""), { fill: "blue" }),
    labelledBars(values, size).map((column, rank) => {
      const look = rank === 0 ? { weight: 600 } : { fill: "quiet" }, y = base - M.bar * values[column] - 4;
      const middle = Math.min(x + size * (column + 0.5) + 0.5, right - 6);
      return text(middle, y, fixed(values[column], 2), { size: 11, anchor: "middle", ...look });
    }),
    line(x, base + 0.5, right + 1, base + 0.5, { stroke: "ink" }),
    text(end ? right : x, base + 14, caption, { ...small, anchor: end ? "end" : "start" }),
  ];
};

const labelledBars = (values, size) => {
  const found = [], order = range(values.length).sort((one, other) => values[other] - values[one] || one - other);
  for (const column of order) {
    if (values[column] >= 0.05 && found.every((other) => Math.abs(column - other) * size >= 25)) found.push(column);
  }
  return found;
};
