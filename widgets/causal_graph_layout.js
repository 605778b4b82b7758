// Where the parts of a CausalGraphExplorer stand, as causal_graph_layout.py computes it, and what is chosen.
const { clamp } = lab;
const M = MEASURES;

export const layout = (width) => {
  const inner = width - 32 - M.gap;
  const half = Math.min(0.5 * inner, inner - M.answer), low = Math.floor(half);
  const left = half - low === 0.5 ? low + (low % 2) : Math.round(half); // a tie goes to the even number, as in Python
  return { left: 16, graph: left, right: 16 + left + M.gap, answer: inner - left };
};

const windowOf = (room, count, chosen) => {
  const first = Math.max(0, Math.min(chosen - Math.floor(room / 2), count - room));
  return [first, Math.min(count, first + room)];
};

export const shownPaths = (count, chosen) => windowOf(M.paths, count, chosen);
export const shownSteps = (count, chosen) => windowOf(M.steps, count, chosen);

// The path and the step that are shown: as chosen, or where that is not there, the first that is worth a look.
export const pathOf = (view) => {
  const chosen = view.ui.overPath ?? view.get("path");
  return chosen >= 0 && chosen < view.state.paths.length ? chosen : view.state.first_path;
};
export const stepOf = (view) => clamp(view.get("step"), 0, Math.max(0, (view.state.steps?.length ?? 0) - 1));

// The width at which a formula is neither too wide nor too high.
export const formulaRoom = ({ width, up, down }, wide, high) => Math.min(wide, (width * high) / Math.max(up + down, 1));
