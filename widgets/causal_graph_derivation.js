// The derivation, as causal_graph_derivation.py draws it, with what answers the pointer and the keys.
import { bent, pathOf, pointAt } from "./causal_graph_curves.js";
import { drawFormula, fitScale } from "./formula.js";
import { formulaRoom, shownSteps } from "./causal_graph_layout.js";
import { goTo } from "./causal_graph_actions.js";
import { CHECK, CROSS, drawInstead } from "./causal_graph_panels.js";
import { barAcross, drawEdge, drawNode } from "./causal_graph_picture.js";

const { rect, circle, path, text, line, group, small, fit, wrap, textWidth, cell } = lab;
const M = MEASURES;

export const drawDerivation = (view, at, chosen) => {
  const { state } = view, { steps } = state, wide = at.answer, nodes = [];
  if (!steps.length) return group(at.right, 80 + M.formula, { key: "instead" }, drawInstead(state, wide));
  const [first, last] = shownSteps(steps.length, chosen);
  let y = 14;
  for (let index = first; index < last; index += 1) {
    const open = index === chosen;
    nodes.push(group(0, y, { key: `step ${index}`, class: "cg-row",
      ...cell("steps", index, 0, spoken(steps[index], index), open),
      onclick: () => goTo(view, index), onfocus: () => goTo(view, index) },
    open ? openStep(state, steps[index], index, wide) : closedStep(state, steps[index], index, wide)));
    y += open ? M.open : M.row;
  }
  return group(at.right, 80 + M.formula, { key: "derivation", role: "group", "aria-label": "derivation" }, [
    text(0, 4, state.searched ? "Derivation" : "Derivation by the ID algorithm", { weight: 600 }),
    text(wide - 18, 4, `step ${chosen + 1} of ${steps.length}`, { ...small, anchor: "end" }),
    chevron(view, "step back", 0, wide - 24 - textWidth(`step ${chosen + 1} of ${steps.length}`, 11), chosen - 1),
    chevron(view, "step on", 1, wide - 7, chosen + 1),
    ...nodes,
    ...drawCheck(state, 14 + M.open + (M.steps - 1) * M.row + 18, wide),
  ]);
};

const spoken = ({ badge, title, formula }, index) => `step ${index + 1}, ${badge}, ${title}: ${formula.spoken}`;

// A small arrow that leads to the step before or after; pale where there is none.
const chevron = (view, said, column, x, step) => {
  const there = step >= 0 && step < view.state.steps.length, way = column ? 1 : -1;
  const look = { fill: "none", stroke: there ? "ink" : "hairline", thickness: 1.8, cap: "round" };
  const given = { key: said, class: "cg-row", ...cell("walk", 0, column, said), onclick: () => goTo(view, step) };
  return group(x, 0, given, [
    rect(-9, -9, 18, 18, { fill: "transparent" }),
    path(`M${-2 * way} -4l${4 * way} 4l${-4 * way} 4`, look)]);
};

const drawNumber = (number, y, chosen) => [
  circle(10, y, 9.5, chosen ? { fill: "blue-fill" } : { fill: "none", stroke: "grey" }),
  text(10, y + 4, String(number), { size: 11, fill: chosen ? "on-fill" : "ink", anchor: "middle" }),
];

const drawBadge = (step, y) => [
  rect(28, y - 9, 46, 18, { fill: "wash", radius: 4 }),
  text(51, y + 4, step.badge,
    { size: 11, anchor: "middle", ...(step.rule ? { fill: "blue-text", weight: 600 } : { fill: "quiet" }) }),
];

const closedStep = (state, step, index, wide) => {
  const middle = M.row / 2, thumbnail = step.shows_graph && state.detailed;
  const room = formulaRoom(step.line, wide - 84 - (thumbnail ? 80 : 0), 26), scale = fitScale(step.line, room);
  return [
    rect(0, 0, wide, M.row, { fill: "transparent" }),
    ...drawNumber(index + 1, middle, false), ...drawBadge(step, middle),
    drawFormula(84, middle + ((step.line.up - step.line.down) * scale) / 2, step.line, { room }),
    thumbnail && drawSmall(state, step, [wide - 72, 1, 68, 26], 4),
  ];
};

const openStep = (state, step, index, wide) => {
  const high = M.open, graph = step.shows_graph && state.detailed, { formula } = step;
  const room = wide - 34 - (graph ? M.small + 12 : 0), limit = formulaRoom(formula, room, 40);
  const scale = fitScale(formula, limit), base = Math.max(70, 50 + (formula.up + formula.down) * scale);
  return [
    rect(0, 0, wide, high - 4, { fill: "wash", radius: 4 }),
    rect(-8, 0, 3, high - 4, { fill: "blue" }),
    ...drawNumber(index + 1, 16, true), ...drawBadge(step, 16),
    text(84, 20, fit(step.title, wide - 88, 13, { bold: true }), { weight: 600 }),
    drawFormula(28, 34 + formula.up * scale, formula, { room: limit }),
    step.claim && group(10, base, {},
      path(CHECK, { fill: "none", stroke: "green", thickness: 2.4, cap: "round", join: "round" })),
    step.claim && drawFormula(28, base, step.claim, { room }),
    ...(step.claim ? wrap(step.why, room, 11).slice(0, 2) : []).map((told, row) =>
      text(28, base + 17 + 13 * row, told, small)),
    graph && drawSmall(state, step, [wide - M.small - 6, 27, M.small, high - 35], 10),
  ];
};

// The graph that a step looks at: what was cut is pale and dotted.
const drawSmall = (state, step, [left, top, wide, high], radius) => {
  const large = radius > 8, innerWide = wide - 2 * radius - 4, innerHigh = high - 2 * radius - 4;
  const nodes = state.nodes.filter((node) => node.role !== "latent");
  const places = Object.fromEntries(nodes.map((node) => [node.name, [node.x * innerWide, node.y * innerHigh]]));
  const kept = new Set(step.kept.map(String));
  return group(left + radius + 2, top + radius + 2, { "aria-hidden": "true" }, [
    ...state.observed.map(([a, kind, b, bend]) => {
      const curve = bent(places[a], places[b], bend);
      if (!kept.has(String([a, kind, b]))) return drawCut(curve, large);
      return drawEdge(curve, kind === "<->", "ink", radius, large ? 8 : 5);
    }),
    ...(large ? step.bars : []).map(([a, kind, b, end]) => {
      const bend = state.observed.find((each) => String(each.slice(0, 3)) === String([a, kind, b]))[3];
      const curve = bent(places[a], places[b], bend);
      return path(barAcross(b === end ? curve : curve.reverse(), radius + 11, 5),
        { fill: "none", stroke: "ink", thickness: 3, cap: "round" });
    }),
    ...nodes.map((node) => {
      const [x, y] = places[node.name], role = step.roles[node.name] ?? "plain", width = node.label.width * 0.64;
      return [...drawNode(x, y, radius, role, !step.present.includes(node.name)),
        large && node.inside && drawFormula(x - width / 2, y + 4.5, stepLabel(node, role), { room: width })];
    }),
  ]);
};

const stepLabel = ({ label }, role) => {
  const colour = { treatment: "on-fill", outcome: "vermilion-text", given: "#1a1a1a" }[role] ?? "ink";
  return { ...label, marks: label.marks.map((mark) => [...mark.slice(0, -1), colour]) };
};

const drawCut = (curve, large) => {
  const middle = pointAt(curve, 0.5);
  return [path(pathOf(curve), { fill: "none", stroke: "grey", thickness: large ? 1.2 : 1, dash: "2 4" }),
    large && group(...middle, {}, [circle(0, 0, 7, { fill: "wash" }),
      path("M-3.5 -3.5l7 7M3.5 -3.5l-7 7", { fill: "none", stroke: "ink", thickness: 1.6, cap: "round" })])];
};

const drawCheck = ({ check }, y, wide) => {
  if (!check) return [];
  const told = `each step = the truth in ${check.models} random models`, gap = `largest gap ${check.worst}`;
  return [
    line(0, y - 16.5, wide, y - 16.5),
    group(5, y, {}, path(check.holds ? CHECK : CROSS,
      { fill: "none", stroke: check.holds ? "green" : "vermilion", thickness: 2.4, cap: "round" })),
    text(28, y, fit(told, wide - 28)),
    textWidth(told) + textWidth(gap, 11) + 44 <= wide && text(wide, y, gap, { ...small, anchor: "end" }),
  ];
};
