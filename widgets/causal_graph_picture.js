// The drawn graph and its paths, as causal_graph_picture.py draws them, with what answers the pointer and the keys.
import { arrowhead, bent, distance, pathOf, pointAt, point, trimmed } from "./causal_graph_curves.js";
import { drawFormula, fitScale } from "./formula.js";
import { shownPaths } from "./causal_graph_layout.js";
import { choose, choosePath, join, moveNode, wish } from "./causal_graph_actions.js";

const { rect, circle, path, text, line, group, small, number, clamp, fit, textWidth, cell } = lab;
const M = MEASURES;
const HEAD = 11, GAP = 3;

// Where the nodes stand, in pixels: the one that is dragged under the pointer.
export const placesOf = (view, at) => {
  const places = {};
  for (const node of view.state.nodes) places[node.name] = [node.x * at.graph, node.y * M.graph];
  const { drag } = view.ui;
  if (drag?.kind === "move" && drag.moved && places[drag.name]) places[drag.name] = [drag.x, drag.y];
  return places;
};

export const drawGraph = (view, at, chosenPath) => {
  const { state } = view, places = placesOf(view, at), wide = at.graph, high = M.graph, { radius } = state;
  const curves = new Map(state.edges.map(([a, kind, b, bend]) => [String([a, kind, b]), bent(places[a], places[b], bend)]));
  const chosen = state.paths[chosenPath], { drag, from } = view.ui;
  return group(at.left, 0, { key: "graph", role: "group", "aria-label": "graph", class: "cg-panel", ...gestures(view, at) }, [
    rect(0, 0, wide, high, { key: "ground", fill: "transparent" }),
    ...(state.nodes.length ? [] : drawHint(wide, high)),
    state.hedge && group(0, 0, { key: "hull" }, drawHull(places, state.hedge)),
    chosen && group(0, 0, { key: "band" }, drawBand(chosen.edges.map((edge) => curves.get(String(edge))), chosen.open)),
    ...state.edges.map(([a, kind, b, , tone], index) => edgeNode(view, curves.get(String([a, kind, b])), [a, kind, b], tone, index)),
    drag?.kind === "edge" && group(0, 0, { key: "new edge" }, drawNewEdge(places, drag, radius)),
    ...state.nodes.map((node) => nodeNode(view, node, places[node.name], from)),
    chosen && !(drag?.kind === "move" && drag.moved) && group(0, 0, { key: "remarks", class: "cg-through" }, [
      drawBars(chosen, curves, radius), chosen.remarks.map((remark) => drawRemark(remark, places[remark.node], wide))]),
  ]);
};

const drawHint = (wide, high) => [
  rect(0.5, 0.5, wide - 1, high - 1, { fill: "none", stroke: "hairline", dash: "5 4", radius: 6, key: "hint" }),
  ...["Double-click: a node.", "Drag from a node’s rim: an arrow (Shift: two-headed).", "Keys: N node, A arrow, B two-headed."].map((told, index) =>
    text(wide / 2, high / 2 - 14 + 20 * index, fit(told, wide - 16), { fill: "quiet", anchor: "middle", key: told })),
];

const drawHull = (places, hedge) =>
  [[hedge.outer, hedge.edges, 66, 0.14], [hedge.inner, hedge.inner_edges, 54, 0.2]].map(([names, edges, thickness, opacity]) => {
    const there = names.filter((name) => places[name]);
    const lines = edges.filter(([a, , b]) => places[a] && places[b]).map(([a, , b]) => [places[a], places[b]]);
    const d = [...lines, ...there.map((name) => [places[name], places[name]])]
      .map(([a, b]) => `M${point(a)}L${point(b)}`).join("");
    return path(d, { fill: "none", stroke: "vermilion", cap: "round", join: "round", thickness, opacity });
  });

const drawBand = (curves, isOpen) => path(curves.map(pathOf).join(""), {
  fill: "none", stroke: isOpen ? "green" : "grey", opacity: isOpen ? 0.28 : 0.3, thickness: 16, join: "round", cap: "round" });

// A shaft with one head or two; two-headed edges are dashed.
export const drawEdge = (curve, twoHeaded, tone, radius, head = HEAD) => {
  const tip = radius + (GAP * head) / HEAD, large = head === HEAD;
  const shaft = trimmed(curve, twoHeaded ? tip + head - 2 : radius, tip + head - 2);
  const dash = twoHeaded ? (large ? "7 4" : "4 3") : null;
  const whole = trimmed(curve, tip, tip);
  let heads = arrowhead(whole[2], trimmed(curve, tip, tip + head)[2], head);
  if (twoHeaded) heads += arrowhead(whole[0], trimmed(curve, tip + head, tip)[0], head);
  return [path(pathOf(shaft), { fill: "none", stroke: tone, thickness: large ? 1.8 : 1.2, dash }), path(heads, { fill: tone })];
};

const edgeNode = (view, curve, edge, tone, index) => {
  const name = JSON.stringify(edge), chosen = view.ui.edge === name;
  const said = `${edge[0]} ${edge[1] === "->" ? "→" : "↔"} ${edge[2]}`;
  return group(0, 0, { key: `edge ${name}`, class: "cg-edge", "data-edge": name, ...cell("edges", 0, index, said, chosen),
    onclick: (event) => { event.stopPropagation(); view.set({ edge: name, from: null }); },
    onfocus: () => view.set({ edge: name }) },
  [path(pathOf(curve), { fill: "none", stroke: chosen ? "blue" : "transparent", thickness: 12, opacity: chosen ? 0.3 : 1 }),
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
    return [rect(x - side / 2, y - side / 2, side, side, { fill: "amber", stroke: "amber-text", thickness: 1, radius: 3 })];
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
  const { name, role } = node, { radius } = view.state, chosen = view.get("chosen") === name, begun = from?.name === name;
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
    chosen || begun ? circle(x, y, radius + 5, { fill: "none", stroke: "blue", thickness: 2, dash: begun ? "4 3" : null }) : null,
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

// ---------------------------------------------------------------- the pointer

const RIM = 0.65; // of the radius: a drag from farther out makes an edge

const gestures = (view, at) => {
  const here = (event) => {
    const box = view.root.querySelector(".cg-panel > rect").getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const nodeAt = (spot, reach = view.state.radius + 7) => {
    const places = placesOf(view, at);
    const near = view.state.nodes.map((node) => [distance(places[node.name], spot), node.name]).sort((a, b) => a[0] - b[0])[0];
    return near && near[0] <= reach ? near : null;
  };
  return {
    onpointerdown: (event) => {
      const spot = here(event), near = event.button === 0 && nodeAt(spot);
      view.ui.dragged = false;
      if (!near) return;
      const kind = near[0] > RIM * view.state.radius ? "edge" : "move";
      view.set({ drag: { kind, name: near[1], x: spot[0], y: spot[1], from: spot, twoHeaded: event.shiftKey, moved: false } });
    },
    onpointermove: (event) => {
      const { drag } = view.ui;
      if (!drag) return;
      const [x, y] = here(event), moved = drag.moved || distance(drag.from, [x, y]) > 4;
      if (moved && !drag.moved) event.currentTarget.setPointerCapture?.(event.pointerId);
      if (moved) view.ui.dragged = true;
      const over = drag.kind === "edge" ? nodeAt([x, y])?.[1] : undefined;
      view.set({ drag: { ...drag, x: clamp(x, 0.05 * at.graph, 0.95 * at.graph), y: clamp(y, 0.08 * M.graph, 0.92 * M.graph),
        moved, twoHeaded: event.shiftKey, over: over === drag.name ? undefined : over } });
    },
    onpointerup: (event) => {
      const { drag } = view.ui;
      if (!drag) return;
      view.set({ drag: null });
      if (!drag.moved) return;
      if (drag.kind === "move") {
        for (const node of view.state.nodes) { // until Python answers
          if (node.name === drag.name) Object.assign(node, { x: drag.x / at.graph, y: drag.y / M.graph });
        }
        moveNode(view, drag.name, drag.x / at.graph, drag.y / M.graph);
      } else if (drag.over) join(view, drag.name, event.shiftKey ? "<->" : "->", drag.over);
    },
    ondblclick: (event) => {
      const spot = here(event);
      if (!nodeAt(spot)) wish(view, "node", "", spot[0] / at.graph, spot[1] / M.graph);
    },
    onclick: () => { if (!view.ui.dragged) { view.set({ edge: null, from: null }); view.send({ chosen: "" }); } },
  };
};

// ---------------------------------------------------------------- the list of paths

export const drawPaths = (view, at, chosen) => {
  const { state } = view, wide = at.graph, { paths } = state;
  if (!state.asked) return null;
  const names = (role) => state.nodes.filter((node) => node.role === role).map((node) => node.name).join(", ");
  const given = names("given") ? `, given ${names("given")}` : "";
  const [first, last] = shownPaths(paths.length, chosen);
  return group(at.left, M.graph + 24, { key: "paths", role: "group", "aria-label": "paths" }, [
    text(0, 0, fit(`Paths from ${names("treatment")} to ${names("outcome")}${given}`, wide - (paths.length > last - first ? 76 : 0), 13, { bold: true }), { weight: 600 }),
    paths.length > last - first && text(wide, 0, `${first + 1}–${last} of ${paths.length}${state.more_paths ? "+" : ""}`,
      { ...small, anchor: "end" }),
    !paths.length && text(0, 22, "none: nothing joins them", { fill: "quiet" }),
    ...paths.slice(first, last).map((each, row) => pathRow(view, each, first + row, 22 + 22 * row, wide, first + row === chosen)),
  ]);
};

const pathRow = (view, each, index, y, wide, chosen) => {
  const isOpen = each.open, room = wide - 76;
  const route = fit(each.route, 0.62 * room), used = Math.max(textWidth(route) + 14, Math.min(0.42 * room, 150));
  const said = `${isOpen ? "open" : "blocked"}: ${each.route}, ${each.note}`;
  return group(0, 0, { key: `path ${index}`, class: "cg-row", ...cell("paths", index, 0, said, chosen),
    onclick: () => choosePath(view, index), onfocus: () => choosePath(view, index),
    onpointerenter: () => view.set({ overPath: index }), onpointerleave: () => view.set({ overPath: null }) }, [
    rect(-6, y - 15, wide + 12, 22, { fill: chosen ? "wash" : "transparent", radius: 4 }),
    isOpen ? circle(6, y - 4, 5, { fill: "green" })
      : path(`M0 ${number(y - 4)}h12M6 ${number(y - 10)}v12`, { fill: "none", stroke: "grey", thickness: 2 }),
    text(20, y, isOpen ? "open" : "blocked", { fill: isOpen ? "green-text" : "quiet", weight: isOpen ? 600 : null }),
    text(76, y, route, { fill: isOpen ? "ink" : "quiet" }),
    text(76 + used, y, fit(each.note, room - used, 11), small),
  ]);
};
