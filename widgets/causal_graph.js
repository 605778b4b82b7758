// CausalGraphExplorer in the browser: graph, paths and answer put together, the controls and the keys.
import { layout, pathOf, stepOf } from "./causal_graph_layout.js";
import { addNode, begin, cancel, giveRole, goOn, remove, role, roleOf, wish } from "./causal_graph_actions.js";
import { drawGraph } from "./causal_graph_picture.js";
import { drawPaths } from "./causal_graph_paths.js";
import { drawAdjustment, drawVerdict } from "./causal_graph_panels.js";
import { drawDerivation } from "./causal_graph_derivation.js";

const { h, svg, line, button, checkbox, menu, segmented, reset } = lab;
const M = MEASURES;
const PARTS = [["plain", "p"], ["treatment", "t"], ["outcome", "o"], ["given", "g"], ["latent", "l"]];

export default lab.view({
  start: { drag: null, from: null, edge: null, overPath: null },

  sentence: (view) => {
    const { from } = view.ui;
    if (view.get("refused")) return [["strong", "Not possible: "], ["", view.get("refused")]];
    if (from) {
      const what = from.kind === "->" ? "An arrow" : "A two-headed edge";
      return [["", `${what} from ${from.name}: click the node where it ends, or go there and press Enter.`]];
    }
    return view.state.sentence;
  },

  stage: (view) => {
    const { state, width } = view, at = layout(width), chosen = pathOf(view), step = stepOf(view);
    const answer = view.memo("answer", [state, width, step, view.ui.copied], () => [
      line(at.right - 12.5, 0, at.right - 12.5, M.height - 8, { key: "rule" }),
      drawVerdict(view, at), drawAdjustment(view, at), drawDerivation(view, at, step)].filter(Boolean));
    return svg(width, M.height, [drawGraph(view, at, chosen), drawPaths(view, at, chosen), ...answer]);
  },

  controls: (view) => {
    const { state } = view, name = view.get("chosen");
    const known = state.nodes?.some((node) => node.name === name);
    return [
      menu({ key: "graph", label: "Graph", value: "", choices: [{ value: "", label: "choose …" },
        ...M.examples.map((each) => ({ value: each, label: each }))],
      change: (each) => each && wish(view, "show", each) }),
      button({ key: "add", label: "+ node", hint: "N, or double-click", click: () => addNode(view) }),
      known ? field(view, name) : h("span", { key: "none", class: "lab-label" }, "select a node to change it"),
      known && segmented({ key: "role", label: "is", value: roleOf(view, name),
        change: (part) => giveRole(view, name, part),
        choices: PARTS.map(([part, key]) => ({ value: part, label: part, hint: `key ${key.toUpperCase()}` })) }),
      known && button({ key: "arrow", label: "→", spoken: `arrow from ${name}`, hint: "key A",
        click: () => begin("->")(view) }),
      known && button({ key: "two", label: "↔", spoken: `two-headed edge from ${name}`, hint: "key B",
        click: () => begin("<->")(view) }),
      (known || view.ui.edge) && button({ key: "remove", label: "Remove", hint: "Delete", click: () => remove(view) }),
      state.may_condition && !known && checkbox({ key: "conditional", label: `ask given ${view.get("given").join(", ")}`,
        value: view.get("conditional"), change: (conditional) => view.send({ conditional, step: 0, worlds: false }) }),
      state.hedge && !known && button({ key: "worlds", label: "Show two worlds", disabled: Boolean(state.worlds),
        hint: "two models with this graph that no data can tell apart", click: () => view.send({ worlds: true }) }),
      reset(view),
    ].filter(Boolean);
  },

  keys: {
    n: addNode, a: begin("->"), b: begin("<->"),
    t: role("treatment"), o: role("outcome"), g: role("given"), l: role("latent"), p: role("plain"),
    Delete: remove, Backspace: remove, Escape: cancel, ",": goOn(-1), ".": goOn(1),
  },
});

// The selected node's name, to be changed.
const field = (view, name) =>
  h("input", { key: "name", class: "cg-name lab-button", "aria-label": "name of the node", value: name,
    onchange: (event) => wish(view, "rename", name, event.target.value.trim()) });
