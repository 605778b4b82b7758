// The drawing words, twins of those in widgets/picture.py, and texts with styled parts.
import { number } from "./shared_text.js";
import { h } from "./shared_nodes.js";

const names = new Set(COLOURS);

// CSS value of a palette name; `tint` mixes it into the ground by an amount from 0 to 1.
export const colour = (name) => (names.has(name) ? `var(--lab-${name})` : name);

export const tint = (name, amount, into = "ground") =>
  `color-mix(in srgb, ${colour(name)} ${number(100 * amount)}%, ${colour(into)})`;

const options = (given) => {
  const attributes = {};
  for (const [option, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    const name = ATTRIBUTES[option] ?? option;
    const paint = name === "fill" || name === "stroke";
    attributes[name] = typeof value === "number" && name !== "key" ? number(value) : paint ? colour(value) : value;
  }
  return attributes;
};

const shape = (tag, place, given, ...children) => h(tag, options({ ...place, ...given }), ...children);
const keepBlanks = (string) => (string === string.trim().split(/\s+/).join(" ") ? null : "white-space: pre");
const classes = (style) => style.split(" ").map((word) => word && `lab-${word}`).join(" ");
export const rect = (x, y, width, height, given = {}) => shape("rect", { x, y, width, height }, given);
export const circle = (x, y, r, given = {}) => shape("circle", { cx: x, cy: y, r }, given);

export const line = (x1, y1, x2, y2, given = {}) =>
  shape("line", { x1, y1, x2, y2, stroke: "hairline", thickness: 1 }, given);

export const path = (d, given = {}) => shape("path", { d }, given);

export const text = (x, y, content, { mono = false, ...given } = {}) => {
  const look = { fill: "ink", size: 13, class: mono ? "lab-code" : null, ...given };
  if (typeof content === "string") return shape("text", { x, y, style: keepBlanks(content) }, look, content);
  const spans = content.map(([style, string]) =>
    h("tspan", { class: classes(style), style: keepBlanks(string) ?? "" }, string));
  return shape("text", { x, y }, look, spans);
};

export const group = (x, y, given, ...children) =>
  shape("g", x || y ? { transform: `translate(${number(x)} ${number(y)})` } : {}, given, ...children);

export const svg = (width, height, children, given = {}) => {
  const box = { class: "lab-svg", width, height, viewBox: `0 0 ${number(width)} ${number(height)}` };
  return h("svg", options({ ...box, ...given }), ...children);
};

export const small = { size: 11, fill: "quiet" }; // the look of what is said beside the thing itself

// Styled parts made by Python ([["", "plain"], ["strong", "…"], ["code", "…"]]): without their styles, and as HTML.
export const plain = (runs) => runs.map(([, string]) => string).join("");

export const rich = (runs) =>
  runs.map(([style, string]) => (style ? h("span", { class: classes(style) }, string) : string));
