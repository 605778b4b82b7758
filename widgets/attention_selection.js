// What is chosen and what is hovered: heads, cells, rows and columns.

export const headAt = (target) =>
  target.dataset?.grid === "heads" ? { layer: Number(target.dataset.row), head: Number(target.dataset.column) } : null;

// Hover, click and focus of cells and labels; a row or column of -1 is a label.
export const cellAt = (target) => {
  if (target.dataset?.grid !== "weights") return null;
  const [query, key] = [target.dataset.row, target.dataset.column].map(Number);
  return { query: query < 0 ? null : query, key: key < 0 ? null : key };
};

export const chosenRow = (view) => {
  const query = view.get("query"), count = view.state.tokens.length;
  if (query === null) return null;
  return query < 0 ? Math.max(0, query + count) : Math.min(query, count - 1);
};

export const sees = (state, query, key) => key !== null && key < state.tokens.length && (!state.causal || key <= query);

// What the pointer or the focus is on, unless the text has become too short for it meanwhile.
const hovered = ({ state, ui }) => {
  const there = (token) => token === null || token < state.tokens.length;
  return ui.hover && there(ui.hover.query) && there(ui.hover.key) ? ui.hover : null;
};

// {query, key}: the hovered cell, row or column, else the chosen ones; a row alone shows its strongest key.
export const seen = (view) => {
  const { state } = view, hover = hovered(view);
  if (hover && hover.query === null) return hover;
  const query = hover ? hover.query : chosenRow(view), key = hover ? hover.key : view.get("key");
  if (query === null) return { query, key: null };
  return { query, key: sees(state, query, key) ? key : state.strongest[query] };
};
