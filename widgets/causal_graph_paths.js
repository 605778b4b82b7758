// The list of paths below the graph, as causal_graph_picture.py draws it.
import { shownPaths } from "./causal_graph_layout.js";
import { choosePath } from "./causal_graph_actions.js";

const { rect, circle, path, text, group, small, number, fit, textWidth, cell } = lab;
const M = MEASURES;

export const drawPaths = (view, at, chosen) => {
  const { state } = view, wide = at.graph, { paths } = state;
  if (!state.asked) return null;
  const names = (role) => state.nodes.filter((node) => node.role === role).map((node) => node.name).join(", ");
  const given = names("given") ? `, given ${names("given")}` : "";
  const heading = `Paths from ${names("treatment")} to ${names("outcome")}${given}`;
  const [first, last] = shownPaths(paths.length, chosen), hidden = paths.length > last - first;
  return group(at.left, M.graph + 24, { key: "paths", role: "group", "aria-label": "paths" }, [
    text(0, 0, fit(heading, wide - (hidden ? 76 : 0), 13, { bold: true }), { weight: 600 }),
    hidden && text(wide, 0, `${first + 1}–${last} of ${paths.length}${state.more_paths ? "+" : ""}`,
      { ...small, anchor: "end" }),
    !paths.length && text(0, 22, "none: nothing joins them", { fill: "quiet" }),
    ...paths.slice(first, last).map((each, row) =>
      pathRow(view, each, first + row, 22 + 22 * row, wide, first + row === chosen)),
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
