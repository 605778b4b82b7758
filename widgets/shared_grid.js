// Grids that the arrow keys walk.

export const cell = (grid, row, column, label, current = false) => ({
  "data-grid": grid, "data-row": row, "data-column": column, "data-current": current ? "" : null,
  role: "button", "aria-label": label, "aria-pressed": current ? "true" : null, tabindex: -1,
});

export const place = (element) => [Number(element.dataset.row), Number(element.dataset.column)];

// The cell that a key leads to from here; undefined when there is none.
export const neighbour = (here, cells, key, far) => {
  const [row, column] = place(here);
  const all = cells.map((element) => ({ element, row: place(element)[0], column: place(element)[1] }));
  const nearest = (list, cost) => list.sort((one, other) => cost(one) - cost(other))[0]?.element;
  const same = all.filter((one) => one.row === row);
  if (key === "ArrowRight") return nearest(same.filter((one) => one.column > column), (one) => one.column);
  if (key === "ArrowLeft") return nearest(same.filter((one) => one.column < column), (one) => -one.column);
  if (key === "ArrowDown" || key === "ArrowUp") {
    const way = key === "ArrowDown" ? 1 : -1;
    const beyond = all.filter((one) => (one.row - row) * way > 0);
    return nearest(beyond, (one) => Math.abs(one.row - row) * 1e4 + Math.abs(one.column - column));
  }
  const line = far ? all : same;
  const order = (one) => one.row * 1e4 + one.column;
  if (key === "Home") return nearest(line, order);
  if (key === "End") return nearest(line, (one) => -order(one));
  return undefined;
};

export const cellsOf = (root, grid) =>
  [...root.querySelectorAll("[data-grid]")].filter((one) => one.dataset.grid === grid);

// Exactly one cell of each grid can be reached by Tab: where the reader was, else the current one, else the first.
export const settleTabStops = (root, visited) => {
  const grids = new Map();
  for (const element of root.querySelectorAll("[data-grid]")) {
    const list = grids.get(element.dataset.grid);
    if (list) list.push(element);
    else grids.set(element.dataset.grid, [element]);
  }
  for (const [grid, cells] of grids) {
    const last = visited.get(grid);
    const stop = (last && cells.find((one) => `${one.dataset.row},${one.dataset.column}` === last))
      ?? cells.find((one) => one.dataset.current !== undefined) ?? cells[0];
    for (const one of cells) if (one.tabIndex !== (one === stop ? 0 : -1)) one.tabIndex = one === stop ? 0 : -1;
  }
};

// To be called before the page changes; what it returns, after: a focus whose cell is gone goes to the one nearest by,
// that of a button which is gone to the first thing that can have it.
export const keepFocus = (root) => {
  const before = root.getRootNode().activeElement;
  if (!root.contains(before)) return () => {};
  const { grid } = before.dataset, [row, column] = place(before);
  const cost = ([r, c]) => Math.abs(r - row) * 1e4 + Math.abs(c - column);
  return () => {
    if (root.contains(before) && root.getRootNode().activeElement === before) return;
    if (grid === undefined && root.contains(before)) return;
    const near = grid === undefined ? undefined
      : cellsOf(root, grid).sort((one, other) => cost(place(one)) - cost(place(other)))[0];
    (near ?? root.querySelector('[tabindex="0"], .lab-controls button'))?.focus({ preventScroll: true });
  };
};
