// What the reader does: choose and move nodes, join them, give them roles, walk through steps and paths.
import { stepOf } from "./causal_graph_layout.js";

const { clamp } = lab;
const ROLES = ["treatment", "outcome", "given", "latent"];
let wishes = 0;

// An edit that Python grants, or refuses with a sentence.
export const wish = (view, ...what) => {
  wishes += 1;
  view.send({ wish: [`${wishes}-${Date.now()}`, ...what] });
};

export const roleOf = (view, name) => view.state.nodes?.find((node) => node.name === name)?.role ?? "plain";

// A role goes to a node; treatment and outcome have one holder each.
export const giveRole = (view, name, role) => {
  if (!name || roleOf(view, name) === role) return;
  const changes = {};
  for (const each of ROLES) {
    const others = view.get(each).filter((other) => other !== name);
    const alone = each === "treatment" || each === "outcome";
    changes[each] = each === role ? (alone ? [name] : [...others, name]) : others;
  }
  view.send({ ...changes, path: -1, step: 0, refused: "", worlds: false });
};

export const choose = (view, name) => {
  const { from } = view.ui;
  if (from && from.name !== name) { join(view, from.name, from.kind, name); return; }
  view.set({ from: null, edge: null });
  view.send({ chosen: name, refused: "" });
};

export const join = (view, a, kind, b) => {
  view.set({ from: null, drag: null, edge: null });
  wish(view, "connect", a, kind, b);
};

// Begin an edge at the node that has the focus or is chosen; the next node that is clicked or entered is its end.
export const begin = (kind) => (view) => {
  const name = view.root.getRootNode().activeElement?.dataset?.node ?? view.get("chosen");
  if (name) view.set({ from: { name, kind }, edge: null });
};

export const focusedOr = (view) => view.root.getRootNode().activeElement?.dataset?.node ?? view.get("chosen");
export const role = (which) => (view) => giveRole(view, focusedOr(view), which);

export const remove = (view) => {
  const focused = view.root.getRootNode().activeElement?.dataset ?? {};
  const edge = focused.edge ?? (focused.node ? null : view.ui.edge); // what has the focus goes before what was chosen
  if (edge) wish(view, "disconnect", ...JSON.parse(edge));
  else if (focusedOr(view)) wish(view, "remove", focusedOr(view));
  view.set({ edge: null, from: null });
};

export const addNode = (view) => wish(view, "node");

export const moveNode = (view, name, x, y) => {
  const places = {};
  for (const node of view.state.nodes) places[node.name] = [node.x, node.y];
  places[name] = [clamp(x, 0.05, 0.95), clamp(y, 0.08, 0.92)];
  view.send({ places });
};

export const goTo = (view, step) => {
  const next = clamp(step, 0, Math.max(0, (view.state.steps?.length ?? 0) - 1));
  if (next !== stepOf(view)) view.send({ step: next });
};
export const goOn = (by) => (view) => goTo(view, stepOf(view) + by);

export const choosePath = (view, index) => { if (index !== view.get("path")) view.send({ path: index }); };

export const adjustFor = (view, names) => {
  const changes = { given: names, latent: view.get("latent").filter((name) => !names.includes(name)) };
  view.send({ ...changes, path: -1, refused: "" });
};

export const cancel = (view) => {
  view.set({ from: null, drag: null, edge: null, overPath: null });
  view.send({ chosen: "", refused: "" });
};
