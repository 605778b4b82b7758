// What the pointer does on the graph: a node is dragged by its middle, an edge is drawn from its rim.
import { distance } from "./causal_graph_curves.js";
import { join, moveNode, wish } from "./causal_graph_actions.js";

const { clamp } = lab;
const M = MEASURES;

// Where the nodes stand, in pixels: the one that is dragged under the pointer.
export const placesOf = (view, at) => {
  const places = {};
  for (const node of view.state.nodes) places[node.name] = [node.x * at.graph, node.y * M.graph];
  const { drag } = view.ui;
  if (drag?.kind === "move" && drag.moved && places[drag.name]) places[drag.name] = [drag.x, drag.y];
  return places;
};

const RIM = 0.65; // of the radius: a drag from farther out makes an edge

export const gestures = (view, at) => {
  const here = (event) => {
    const box = view.root.querySelector(".cg-panel > rect").getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const nodeAt = (spot, reach = view.state.radius + 7) => {
    const places = placesOf(view, at);
    const all = view.state.nodes.map((node) => [distance(places[node.name], spot), node.name]);
    const near = all.sort(([one], [other]) => one - other)[0];
    return near && near[0] <= reach ? near : null;
  };
  return {
    onpointerdown: (event) => {
      const spot = here(event), near = event.button === 0 && nodeAt(spot);
      view.ui.dragged = false;
      if (!near) return;
      const kind = near[0] > RIM * view.state.radius ? "edge" : "move";
      const drag = { kind, name: near[1], x: spot[0], y: spot[1], from: spot, moved: false };
      view.set({ drag: { ...drag, twoHeaded: event.shiftKey } });
    },
    onpointermove: (event) => {
      const { drag } = view.ui;
      if (!drag) return;
      const [x, y] = here(event), moved = drag.moved || distance(drag.from, [x, y]) > 4;
      if (moved && !drag.moved) event.currentTarget.setPointerCapture?.(event.pointerId);
      if (moved) view.ui.dragged = true;
      const over = drag.kind === "edge" ? nodeAt([x, y])?.[1] : undefined;
      view.set({ drag: { ...drag,
        x: clamp(x, 0.05 * at.graph, 0.95 * at.graph), y: clamp(y, 0.08 * M.graph, 0.92 * M.graph),
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
