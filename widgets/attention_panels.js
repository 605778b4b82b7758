// The model's answer, and one cell step by step: the live twin of attention_panels.py. What is said while no row is
// chosen, and while a column is hovered, stands here too.
import { amount, cellSteps, share } from "./attention_arithmetic.js";
import { seen, sees } from "./attention_selection.js";

const { rect, line, path, text, group, number, textWidth, fit, unpack, range, small } = lab;
const M = MEASURES;

export const drawNext = (at, answers) => {
  const { nextX: x, nextY: y, nextWidth: width } = at, right = x + width, off = Boolean(answers.off);
  const title = fit(answers.title, 110, 13, { bold: true }), unit = width - 72 - (off ? 126 : 46);
  let left = x + textWidth(title, 13, { bold: true }) + 14;
  const meanings = [["blue", "whole model"], ["purple", answers.off]].filter(([, meaning]) => meaning);
  const legend = meanings.map(([fill, meaning]) => {
    const nodes = [rect(left, y + 14, 9, 9, { fill }), text(left + 13, y + 23, meaning, small)];
    left += textWidth(meaning, 11) + 26;
    return nodes;
  });
  const rows = answers.tokens.map((token, row) => {
    const base = y + 48 + 19 * row, move = { class: "lab-move" };
    return group(0, 0, { key: `${token.label} ${row}` },
      text(x + 64, base, fit(token.label, 64, 13, { mono: true }), { mono: true, anchor: "end" }),
      rect(x + 71, base - (off ? 11 : 10), unit * token.before, off ? 7 : 11, { fill: "blue", ...move }),
      off && rect(x + 71, base - 4, unit * token.after, 7, { fill: "purple", ...move }),
      drawChange(right, base, token, off));
  });
  return [
    at.kind !== "narrow" && line(x, y + 4.5, x + at.overview, y + 4.5),
    text(x, y + 23, title, { weight: 600 }),
    legend,
    rows,
    line(x + 70.5, y + 33, x + 70.5, y + 37 + 19 * answers.tokens.length, { stroke: "ink" }),
  ];
};

const drawChange = (right, base, { shown: [before, after, change], tone }, off) => {
  const end = { size: 11, anchor: "end" };
  if (!off) return text(right, base, before, { ...end, weight: 600 });
  return [
    text(right - 84, base, before, { ...end, fill: "quiet" }),
    text(right - 75, base, "→", { ...small, anchor: "middle" }),
    text(right - 40, base, after, { ...end, weight: 600 }),
    text(right, base, change, { ...end, weight: tone === "quiet" ? 400 : 600, fill: tone }),
  ];
};

export const drawPanel = (view, at) => {
  const { query, key } = seen(view);
  if (query !== null) return drawSteps(view, at, query, key);
  return key === null ? drawHabit(view, at) : drawColumn(view, at, key);
};

const strip = (view, at) => line(16, at.panelY + 2.5, view.width - 16, at.panelY + 2.5);

const drawSteps = (view, at, query, key) => {
  const { state } = view, steps = cellSteps(state, query, key);
  const shift = steps.shift ? ` − ${amount(steps.shift)}` : "";
  const pair = [query, key].map((token) => fitted(state.tokens[token], 50)).join(" → ");
  return at.kind === "middle"
    ? [strip(view, at), drawStepsInLines(at, pair, steps, shift)]
    : drawStepsInColumn(at, pair, steps, shift, key);
};

const drawStepsInLines = ({ panelX: x, panelY: y }, pair, steps, shift) => {
  const left = x + M.panel + 16, count = steps.products.length, score = `÷ √${count} = score ${amount(steps.score)}`;
  const weighed = `e to the score${shift} ${amount(steps.exponential)} ÷ whole row ${amount(steps.total)} =`;
  return [
    drawProducts(x, y + 12, 38, steps.products),
    text(left, y + 25, pair, { mono: true, weight: 600 }),
    text(left + textWidth(pair, 13, { mono: true }) + 14, y + 25,
      `${count} products of q and k sum to ${amount(steps.sum)}; ${score}`),
    text(left, y + 45, weighed),
    text(left + textWidth(weighed) + 6, y + 45, `weight ${share(steps.weight)}`, { weight: 600, fill: "blue-text" }),
  ];
};

const drawStepsInColumn = ({ panelX: x, panelY: y }, pair, steps, shift, key) => {
  const right = x + M.panel, count = steps.products.length;
  const lines = [
    [156, "their sum q·k", amount(steps.sum), 400],
    [176, `÷ √${count} = score`, amount(steps.score), 600],
    [208, `e to the score${shift}`, amount(steps.exponential), 400],
    [228, "÷ whole row", amount(steps.total), 400],
  ];
  return [
    text(x, y + 23, pair, { mono: true, weight: 600 }),
    text(x, y + 39, "one cell, step by step", small),
    drawProducts(x, y + 50, 68, steps.products),
    text(x, y + 133, `${count} products of q and k`, small),
    lines.map(([offset, label, value, weight]) => [
      text(x, y + offset, label, { fill: "quiet", size: shift && offset === 208 ? 11 : 13 }),
      text(right, y + offset, value, { weight, anchor: "end" }),
    ]),
    line(x, y + 189.5, right, y + 189.5),
    drawShares(x, y + 240, steps.shares, key),
    text(x, y + 273, "weight", { weight: 600 }),
    text(right, y + 273, share(steps.weight), { size: 15, weight: 600, fill: "blue-text", anchor: "end" }),
  ];
};

const drawProducts = (x, y, height, products) => {
  const high = Math.max(0, ...products), low = Math.min(0, ...products), scale = height / (high - low || 1);
  const zero = y + scale * high, pitch = M.panel / products.length, wide = Math.max(pitch - 0.6, 0.7 * pitch);
  return group(0, 0, {},
    [1, -1].map((sign) => {
      const bars = products.map((product, index) =>
        (sign * product > 0 ? barPath(x + pitch * index, zero, wide, scale * product) : ""));
      return path(bars.join(""), { fill: sign > 0 ? "blue" : "vermilion" });
    }),
    line(x, zero, x + M.panel, zero, { stroke: "ink", thickness: 0.75 }));
};

const drawShares = (x, y, shares, key) => {
  let left = x;
  const parts = shares.map((part) => {
    const wide = M.panel * part, start = left;
    left += wide;
    return wide >= 0.3 ? barPath(start, y + 13, wide - (wide > 3 ? 1 : 0), 13) : "";
  });
  const others = parts.filter((_, index) => index !== key).join("");
  return [path(others, { fill: "grey", opacity: 0.5 }), path(parts[key], { fill: "blue" })];
};

// What the head does on average, while no row is chosen.
const drawHabit = (view, at) => {
  const { state } = view, { panelX: x, panelY: y } = at, right = x + M.panel;
  const names = [state.begins ? "start" : "first token", "itself", "token before"];
  if (at.kind === "middle") {
    const told = names.map((name, index) => `${name} ${share(state.habit[index])}`).join(" · ");
    return [strip(view, at), text(x, y + 25, "mean weight of a row", { weight: 600 }), text(x, y + 45, told)];
  }
  return [
    text(x, y + 23, "the whole head", { weight: 600 }),
    text(x, y + 39, "mean weight of a row on", small),
    names.map((name, index) => {
      const top = y + 50 + 32 * index, value = state.habit[index];
      return [text(x, top + 12, name, { fill: "quiet" }), text(right, top + 12, share(value), { anchor: "end" }),
        rect(x, top + 18, M.panel * value, 6, { fill: "blue" })];
    }),
    ["Hover a cell to see its", "arithmetic, click it to", "keep its row."].map((told, row) =>
      text(x, y + 170 + 15 * row, told, small)),
  ];
};

// Who looks at a token most, while its label over the matrix is hovered.
const drawColumn = (view, at, key) => {
  const { state } = view, { panelX: x, panelY: y } = at, right = x + M.panel, weights = unpack(state.weights);
  const rows = range(state.tokens.length).filter((query) => sees(state, query, key));
  const most = rows.sort((one, other) => weights.at(other, key) - weights.at(one, key) || one - other).slice(0, 8);
  const title = `→ ${fitted(state.tokens[key], 90)}`;
  if (at.kind === "middle") {
    const told = most.slice(0, 5).map((query) => `${fitted(state.tokens[query], 70)} ${share(weights.at(query, key))}`);
    return [strip(view, at), text(x, y + 25, title, { mono: true, weight: 600 }), text(x, y + 45, told.join(" · "))];
  }
  return [
    text(x, y + 23, title, { mono: true, weight: 600 }),
    text(x, y + 39, "who looks here most", small),
    most.map((query, row) => {
      const top = y + 48 + 28 * row, value = weights.at(query, key);
      return [
        text(x, top + 12, fitted(state.tokens[query], 84), labelLook(state, query, false)),
        text(right, top + 12, share(value), { anchor: "end" }),
        rect(x, top + 17, M.panel * value, 5, { fill: "blue" }),
      ];
    }),
  ];
};

export const drawLegend = (at, state) => {
  const { panelX: x } = at, y = at.panelY + 288, right = x + M.panel;
  return [
    line(x, y + 0.5, right, y + 0.5),
    text(x, y + 23, "weight", small),
    text(x + 43, y + 23, "0", small),
    range(10).map((step) =>
      rect(x + 54 + 6 * step, y + 14, 6, 10, { fill: "blue", opacity: ((step + 0.5) / 10) ** M.power })),
    text(right, y + 23, "1", { ...small, anchor: "end" }),
    state.causal && at.kind === "wide" && [
      path(`M${number(x + 0.5)} ${number(y + 40.5)}h28v28z`, { stroke: "grey", dash: "3 2", fill: "none" }),
      text(x + 38, y + 51, "empty corner:", small),
      text(x + 38, y + 65, "masked future", small),
    ],
  ];
};

export const labelLook = (state, token, chosen) => {
  const weight = chosen ? 600 : null, own = token > 0 || !state.begins;
  const face = own ? { mono: true } : { slant: "italic" };
  return { weight, fill: chosen ? "blue-text" : own ? "ink" : "quiet", ...face };
};

export const fitted = ([label, mark], room, size = 13) =>
  fit(label, room - textWidth(mark, size, { mono: true }), size, { mono: true }) + mark;

// A bar that stands on a line, or hangs from it.
export const barPath = (left, base, wide, height) =>
  `M${number(left)} ${number(base)}v${number(-height)}h${number(wide)}v${number(height)}z`;
