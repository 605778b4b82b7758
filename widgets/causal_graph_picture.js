// The drawn graph, as causal_graph_picture.py draws it, with what answers the keys (the pointer: causal_graph_pointer.js).
import { arrowhead, bent, distance, pathOf, point, trimmed } from "./causal_graph_curves.js";
import { drawFormula, fitScale } from "./formula.js";
import { choose, moveNode } from "./causal_graph_actions.js";
import { gestures, placesOf } from "./causal_graph_pointer.js";

const { rect, circle, path, text, group, small, fit, cell } = lab;
const M = MEASURES;
const HEAD = 11, GAP = 3;

export const drawGraph = (view, at, chosenPath) => {
  const { state } = view, places = placesOf(view, at), wide = at.graph, high = M.graph, { radius } = state;
  const curves = new Map(state.edges.map(([a, kind, b, bend]) =>
    [String([a, kind, b]), bent(places[a], places[b], bend)]));
  const chosen = state.paths[chosenPath], { drag, from } = view.ui;
  const panel = { key: "graph", role: "group", "aria-label": "graph", class: "cg-panel", ...gestures(view, at) };
  return group(at.left, 0, panel, [
    rect(0, 0, wide, high, { key: "ground", fill: "transparent" }),
    ...(state.nodes.length ? [] : drawHint(wide, high)),
    state.hedge && group(0, 0, { key: "hull" }, drawHull(places, state.hedge)),
    chosen && group(0, 0, { key: "band" }, drawBand(chosen.edges.map((edge) => curves.get(String(edge))), chosen.open)),
    ...state.edges.map(([a, kind, b, , tone], index) =>
      edgeNode(view, curves.get(String([a, kind, b])), [a, kind, b], tone, index)),
    drag?.kind === "edge" && group(0, 0, { key: "new edge" }, drawNewEdge(places, drag, radius)),
    ...state.nodes.map((node) => nodeNode(view, node, places[node.name], from)),
    chosen && !(drag?.kind === "move" && drag.moved) && group(0, 0, { key: "remarks", class: "cg-through" }, [
      drawBars(chosen, curves, radius), chosen.remarks.map((remark) => drawRemark(remark, places[remark.node], wide))]),
  ]);
};

const HINTS = ["Double-click: a node.", "Drag from a node’s rim: an arrow (Shift: two-headed).",
  "Keys: N node, A arrow, B two-headed."];

const drawHint = (wide, high) => [
  rect(0.5, 0.5, wide - 1, high - 1, { fill: "none", stroke: "hairline", dash: "5 4", radius: 6, key: "hint" }),
  ...HINTS.map((told, index) =>
    text(wide / 2, high / 2 - 14 + 20 * index, fit(told, wide - 16), { fill: "quiet", anchor: "middle", key: told })),
];

const drawHull = (places, hedge) =>
  [
    [hedge.outer, hedge.edges, 66, 0.14], [hedge.inner, hedge.inner_edges, 54, 0.2],
  ].map(([names, edges, thickness, opacity]) => {
    const there = names.filter((name) => places[name]);
    const lines = edges.filter(([a, , b]) => places[a] && places[b]).map(([a, , b]) => [places[a], places[b]]);
    const d = [...lines, ...there.map((name) => [places[name], places[name]])]
      .map(([a, b]) => `M${point(a)}L${point(b)}`).join("");
    return path(d, { fill: "none", stroke: "vermilion", cap: "round", join: "round", thickness, opacity });
  });

const drawBand = (curves, isOpen) => path(curves.map(pathOf).join(""), {
  fill: "none", stroke: isOpen ? "green" : "grey", opacity: isOpen ? 0.28 : 0.3,
  thickness: 16, join: "round", cap: "round" });

// A shaft with one head or two; two-headed edges are dashed.
export const drawEdge = (curve, twoHeaded, tone, radius, head = HEAD) => {
  const tip = radius + (GAP * head) / HEAD, large = head === HEAD;
  const shaft = trimmed(curve, twoHeaded ? tip + head - 2 : radius, tip + head - 2);
  const dash = twoHeaded ? (large ? "7 4" : "4 3") : null;
  const whole = trimmed(curve, tip, tip);
  let heads = arrowhead(whole[2], trimmed(curve, tip, tip + head)[2], head);
  if (twoHeaded) heads += arrowhead(whole[0], trimmed(curve, tip + head, tip)[0], head);
  return [path(pathOf(shaft), { fill: "none", stroke: tone, thickness: large ? 1.8 : 1.2, dash }),
    path(heads, { fill: tone })];
};

const edgeNode = (view, curve, edge, tone, index) => {
  const name = JSON.stringify(edge), chosen = view.ui.edge === name;
  const said = `${edge[0]} ${edge[1] === "->" ? "→" : "↔"} ${edge[2]}`;
  return group(0, 0, { key: `edge ${name}`, class: "cg-edge", "data-edge": name,
    ...cell("edges", 0, index, said, chosen),
    onclick: (event) => { event.stopPropagation(); view.set({ edge: name, from: null }); },
    onfocus: () => view.set({ edge: name }) },
  [path(pathOf(curve),
    { fill: "none", stroke: chosen ? "blue" : "transparent", thickness: 12, opacity: chosen ? 0.3 : 1 }),
    ...drawEdge(curve, edge[1] === "<->", tone, view.state.radius)]);
};

const drawNewEdge = (places, { name, x, y, twoHeaded, over }, radius) => {
  const start = places[name], end = over ? places[over] : [x, y];
  if (distance(start, end) < radius + 16) return null;
  const curve = bent(start, end, 0), reach = over ? 0 : radius;
  return drawEdge([start, curve[1], over ? end : [x + ((x - start[0]) / distance(start, end)) * reach,
    y + ((y - start[1]) / distance(start, end)) * reach]], twoHeaded, "blue", radius);
};

// A node's shape.
export const drawNode = (x, y, r, role, faint = false) => {
  const thin = r > 8 ? 1.8 : 1.4;
  if (role === "treatment") {
    const corners = [0, 1, 2, 3, 4, 5].map((k) => point([x + 1.12 * r * Math.cos((k * Math.PI) / 3),
      y + 1.12 * r * Math.sin((k * Math.PI) / 3)]));
    return [path(`M${corners.join("L")}z`, { fill: "blue-fill" })];
  }
  if (role === "outcome") {
    return [circle(x, y, r, { fill: "ground", stroke: "vermilion", thickness: thin }),
      circle(x, y, 0.78 * r, { fill: "none", stroke: "vermilion", thickness: thin })];
  }
  if (role === "given") {
    const side = 1.8 * r;
    const look = { fill: "amber", stroke: "amber-text", thickness: 1, radius: 3 };
    return [rect(x - side / 2, y - side / 2, side, side, look)];
  }
  if (role === "latent") return [circle(x, y, r, { fill: "ground", stroke: "purple", thickness: thin, dash: "4 3" })];
  return [circle(x, y, r, { fill: "ground", stroke: faint ? "hairline" : "ink", thickness: thin - 0.2 })];
};

const drawName = (node, [x, y], radius) => {
  if (node.inside) {
    const { label } = node, room = 1.5 * radius, width = label.width * fitScale(label, room);
    return drawFormula(x - width / 2, y + 0.3 * radius, label, { room });
  }
  return text(x, y + radius + 15, node.name,
    { size: radius > 12 ? 13 : 11, anchor: "middle", stroke: "ground", thickness: 4, "paint-order": "stroke" });
};

const nodeNode = (view, node, [x, y], from) => {
  const { name, role } = node, { radius } = view.state;
  const chosen = view.get("chosen") === name, begun = from?.name === name;
  const said = `${name}${role === "plain" ? "" : `, ${role}`}`;
  const move = (event) => {
    const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    if (!way || !event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    moveNode(view, name, node.x + 0.03 * way[0], node.y + 0.04 * way[1]);
  };
  return group(0, 0, { key: `node ${name}`, class: `cg-node${begun ? " cg-from" : ""}`, "data-node": name,
    ...cell("nodes", Math.round(node.y * 5), Math.round(node.x * 1000), said, chosen), onkeydown: move,
    onclick: (event) => { event.stopPropagation(); if (event.detail === 0 || !view.ui.dragged) choose(view, name); } },
  [circle(x, y, radius + 7, { fill: "transparent", class: "cg-rim" }),
    (chosen || begun)
      && circle(x, y, radius + 5, { fill: "none", stroke: "blue", thickness: 2, dash: begun ? "4 3" : null }),
    ...drawNode(x, y, radius, role), drawName(node, [x, y], radius)]);
};

const drawBars = (chosen, curves, radius) => {
  const blocking = chosen.remarks.filter((remark) => !remark.open).map((remark) => remark.node);
  return chosen.edges.map((edge, index) => {
    const after = chosen.nodes[index + 1];
    if (!blocking.includes(after)) return null;
    const curve = curves.get(String(edge));
    return path(barAcross(edge[2] === after ? curve : [...curve].reverse(), radius + 17),
      { fill: "none", stroke: "ink", thickness: 4, cap: "round" });
  });
};

// A short line across a curve, so far before its end.
export const barAcross = (curve, far, half = 9) => {
  const near = trimmed(curve, 0, far)[2], before = trimmed(curve, 0, far + 4)[2];
  const long = Math.max(distance(near, before), 1e-9);
  const x = -((near[1] - before[1]) / long) * half, y = ((near[0] - before[0]) / long) * half;
  return `M${point([near[0] + x, near[1] + y])}L${point([near[0] - x, near[1] - y])}`;
};

const drawRemark = (remark, [x, y], wide) => {
  const away = ([width]) => Math.abs(width - wide);
  const [, dx, dy] = remark.spots.reduce((best, spot) => (away(spot) < away(best) ? spot : best));
  const left = Math.max(2, Math.min(wide - remark.width - 2, x + dx)), top = y + dy;
  const look = { stroke: "ground", thickness: 4, "paint-order": "stroke", join: "round" };
  return [text(left, top + 11, remark.head, { weight: 600, fill: remark.open ? "green-text" : "ink", ...look }),
    ...remark.lines.map((told, index) => text(left, top + 26 + 14 * index, told, { ...small, ...look }))];
};
