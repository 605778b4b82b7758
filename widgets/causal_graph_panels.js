// The answer beside the graph, as causal_graph_panels.py draws it.
import { bent, pathOf, pointAt } from "./causal_graph_curves.js";
import { drawFormula, fitScale } from "./formula.js";
import { shownSteps } from "./causal_graph_layout.js";
import { adjustFor, goTo } from "./causal_graph_actions.js";
import { barAcross, drawEdge, drawNode } from "./causal_graph_picture.js";

const { h, rect, circle, path, text, line, group, small, fit, wrap, textWidth, cell } = lab;
const M = MEASURES;
const CHECK = "M0 -4l4 4l7 -9", CROSS = "M1 -9l8 8M9 -9l-8 8";

const formulaRoom = ({ width, up, down }, wide, high) => Math.min(wide, (width * high) / Math.max(up + down, 1));

export const drawVerdict = (view, at) => {
  const { verdict } = view.state;
  if (!verdict) return null;
  const wide = textWidth(verdict.chip, 13, { bold: true }) + 38, { formula } = verdict;
  const note = fit(verdict.note, at.answer - wide - 10, 11);
  const room = formulaRoom(formula, at.answer, M.formula), scale = fitScale(formula, room);
  const tall = (formula.up + formula.down) * scale;
  const copied = view.ui.copied === verdict.latex && verdict.latex;
  const copy = () => navigator.clipboard?.writeText(verdict.latex).then(() => view.set({ copied: verdict.latex }), () => {});
  return group(at.right, 0, { key: "verdict" }, [
    rect(0, 0, wide, 24, { fill: verdict.identified ? "green-fill" : "vermilion-fill", radius: 12 }),
    group(11, 17, {}, path(verdict.identified ? CHECK : CROSS, { fill: "none", stroke: "on-fill", thickness: 2, cap: "round" })),
    text(27, 16.5, verdict.chip, { weight: 600, fill: "on-fill" }),
    (copied || note) && text(wide + 10, 16, copied ? "copied as LaTeX" : note, small),
    group(0, 0, verdict.latex ? { key: "estimand", class: "cg-row",
      ...cell("estimand", 0, 0, `${formula.spoken}; click to copy as LaTeX`), onclick: copy } : { key: "estimand" },
    rect(0, 28, Math.min(formula.width * scale, at.answer), M.formula + 6, { fill: "transparent" }),
    drawFormula(0, 32 + (M.formula - tall) / 2 + formula.up * scale, formula, { room })),
  ]);
};

export const drawAdjustment = (view, at) => {
  const { adjustment } = view.state, wide = at.answer;
  if (!adjustment) return null;
  const start = textWidth("Adjust for") + 10, told = adjustment.none;
  const chips = [];
  let x = start;
  for (const [index, row] of adjustment.sets.entries()) {
    const width = textWidth(row.label, 13, { bold: true }) + (row.kind === "optimal" ? textWidth(" best", 11) + 4 : 0) + 18;
    if (x + width > wide) break;
    chips.push(setChip(view, x, width, row, index));
    x += width + 8;
  }
  return group(at.right, 40 + M.formula, { key: "adjustment", role: "group", "aria-label": "adjustment sets" }, [
    text(0, 14, "Adjust for", { fill: "quiet" }),
    !adjustment.sets.length && text(start, 14, fit(`no set: ${told}`, wide - start, 11), small),
    ...chips,
    line(0, 26.5, wide, 26.5),
  ]);
};

const setChip = (view, x, width, row, index) => {
  const said = `adjust for ${row.names.join(", ") || "nothing"}${row.kind === "optimal" ? ", least variance" : ""}`;
  return group(0, 0, { key: row.label, class: "cg-row", ...cell("sets", 0, index, said, row.chosen),
    onclick: () => adjustFor(view, row.names) }, [
    h("title", {}, row.kind === "optimal" ? "of all sets the one with the least variance" : "a smallest set: none can be left out"),
    rect(x, -3, width, 24, { fill: row.chosen ? "wash" : "ground", stroke: row.chosen ? "amber" : "hairline", radius: 6 }),
    text(x + 9, 14, row.label, { weight: row.chosen ? 600 : null }),
    row.kind === "optimal" && text(x + width - 9, 14, "best", { size: 11, fill: "green-text", anchor: "end" }),
  ]);
};

export const drawDerivation = (view, at, chosen) => {
  const { state } = view, { steps } = state, wide = at.answer, nodes = [];
  if (!steps.length) return group(at.right, 80 + M.formula, { key: "instead" }, drawInstead(state, wide));
  const [first, last] = shownSteps(steps.length, chosen);
  let y = 14;
  for (let index = first; index < last; index += 1) {
    const open = index === chosen;
    nodes.push(group(0, y, { key: `step ${index}`, class: "cg-row",
      ...cell("steps", index, 0, `step ${index + 1}, ${steps[index].badge}, ${steps[index].title}: ${steps[index].formula.spoken}`, open),
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

// A small arrow that leads to the step before or after; pale where there is none.
const chevron = (view, said, column, x, step) => {
  const there = step >= 0 && step < view.state.steps.length, way = column ? 1 : -1;
  return group(x, 0, { key: said, class: "cg-row", ...cell("walk", 0, column, said), onclick: () => goTo(view, step) }, [
    rect(-9, -9, 18, 18, { fill: "transparent" }),
    path(`M${-2 * way} -4l${4 * way} 4l${-4 * way} 4`, { fill: "none", stroke: there ? "ink" : "hairline", thickness: 1.8, cap: "round" })]);
};

const drawInstead = (state, wide) => {
  let y = 4;
  const told = state.instead.map(([style, paragraph]) => {
    const bold = style === "strong", lines = wrap(paragraph, wide, 13, { bold });
    const drawn = lines.map((told, index) =>
      text(0, y + 18 * index, told, { weight: bold ? 600 : null, fill: style === "quiet" ? "quiet" : "ink" }));
    y += 18 * lines.length + 4;
    return drawn;
  });
  return state.worlds ? [...told, ...drawWorlds(state.worlds, y + 16, wide)] : told;
};

// Two worlds: one probability that they answer differently, as bars from 0 to 1.
const drawWorlds = (worlds, y, wide) => {
  const left = 0.36 * wide, long = 0.64 * wide - 44;
  return [
    line(0, y - 18.5, wide, y - 18.5),
    text(0, y, "Two worlds with this graph", { weight: 600 }),
    text(0, y + 18, fit(`All that can be seen is the same in both: gap ${worlds.gap}.`, wide)),
    drawFormula(0, y + 44, worlds.formula, { room: 0.34 * wide }),
    ...worlds.values.map((value, row) => {
      const at = y + 30 + 22 * row;
      return [rect(left, at, long, 16, { fill: "wash", radius: 3 }),
        rect(left, at, Math.max(long * value, 1), 16, { fill: ["blue", "vermilion"][row], radius: 3, class: "lab-move" }),
        text(left + long + 8, at + 12, worlds.printed[row])];
    }),
    text(0, y + 66, fit("in the one, in the other", 0.34 * wide, 11), small),
  ];
};

const drawNumber = (number, y, chosen) => [
  circle(10, y, 9.5, chosen ? { fill: "blue-fill" } : { fill: "none", stroke: "grey" }),
  text(10, y + 4, String(number), { size: 11, fill: chosen ? "on-fill" : "ink", anchor: "middle" }),
];

const drawBadge = (step, y) => [
  rect(28, y - 9, 46, 18, { fill: "wash", radius: 4 }),
  text(51, y + 4, step.badge, { size: 11, anchor: "middle", ...(step.rule ? { fill: "blue-text", weight: 600 } : { fill: "quiet" }) }),
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
    step.claim && group(10, base, {}, path(CHECK, { fill: "none", stroke: "green", thickness: 2.4, cap: "round", join: "round" })),
    step.claim && drawFormula(28, base, step.claim, { room }),
    ...(step.claim ? wrap(step.why, room, 11).slice(0, 2).map((told, row) => text(28, base + 17 + 13 * row, told, small)) : []),
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
      return kept.has(String([a, kind, b])) ? drawEdge(curve, kind === "<->", "ink", radius, large ? 8 : 5) : drawCut(curve, large);
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
    group(5, y, {}, path(check.holds ? CHECK : CROSS, { fill: "none", stroke: "green", thickness: 2.4, cap: "round" })),
    text(28, y, fit(told, wide - 28)),
    textWidth(told) + textWidth(gap, 11) + 44 <= wide && text(wide, y, gap, { ...small, anchor: "end" }),
  ];
};
