// Where the parts of a ValueMap stand, as value_map_layout.py computes it.
const M = MEASURES;

export const place = (width, rows, columns) => {
  const left = 16 + M.gutter, top = 20, room = 0.56 * width - left;
  const cell = Math.max(8, Math.floor(Math.min(M.cell, M.map / rows, room / columns)));
  const inspected = Math.max(columns * cell, Math.min(M.inspected, 0.48 * width));
  const right = left + inspected + M.gap * (width >= 760 ? 1 : 0.6);
  const inspector = top + rows * cell + 8;
  const small = Math.floor(Math.min(M.small, (width - 16 - right - M.legend) / columns, (7 * M.small) / rows));
  const missing = Math.max(rows * small, 116);
  const chart = top + missing + 38;
  const curve = Math.max(M.chart, inspector - chart);
  const height = Math.max(inspector + M.inspector, chart + curve + 38) + 8;
  return { left, top, cell, inspected, inspector, right, small, missing, chart, curve, chartLeft: right + 38,
    chartRight: width - 16 - 14, height };
};

// Oblique lines across a square, as a path.
export const hatch = (x, y, side, pitch) => {
  const lines = [];
  for (let along = pitch / 2; along < 2 * side; along += pitch) {
    const low = Math.max(0, along - side), high = Math.min(along, side);
    lines.push(`M${lab.number(x + low)} ${lab.number(y + high)}L${lab.number(x + high)} ${lab.number(y + low)}`);
  }
  return lines.join("");
};

export const frameOf = (view) => Math.min(view.get("sweep"), view.state.frames - 1);

// The stretch that a frame belongs to, and its number.
export const stretchOf = (state, frame) => {
  const number = state.stretches.findLastIndex((stretch) => stretch.first <= frame);
  return { ...state.stretches[number], number };
};

export const signed = (value, digits) => lab.fixed(value, digits).replace("-", "−");
