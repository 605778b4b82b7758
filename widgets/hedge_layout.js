// Where the parts of a HedgeExplorer stand, as hedge_layout.py computes it.
const M = MEASURES;
const ROWS = [[["always", 0], ["harmed", 2], ["helped", 1], ["never", 3]],
  [["always", 0], ["helped", 1], ["harmed", 2], ["never", 3]]];

export const place = (width) => {
  const wide = width >= 760, gap = M.gap * (wide ? 1 : 0.6), graph = M.graph * (wide ? 1 : 0.88);
  const rest = width - 32 - graph - 3 * gap, mechanism = 0.5 * rest, data = 0.225 * rest, x = 16 + graph + gap;
  return { gap, graph, mechanism: x, mechanism_width: mechanism, data: x + mechanism + gap, data_width: data,
    effect: x + mechanism + data + 2 * gap, effect_width: rest - mechanism - data,
    rows: x + M.row_label, rows_width: mechanism - M.row_label,
    strip: 16 + M.strip_label * (wide ? 1 : 0.95), strip_end: width - 16 - 26 };
};

// The segments of a row of the mechanism: [type, share of the row, left edge, width].
export const segments = (at, types, row) => {
  const total = types[row].reduce((sum, part) => sum + part, 0);
  let x = at.rows;
  return ROWS[row].map(([name, index]) => {
    const share = types[row][index] / total, left = x;
    x += share * at.rows_width;
    return [name, share, left, share * at.rows_width];
  });
};

export const stripX = (at, strip, value) => {
  const [low, high] = strip.span;
  return at.strip + ((at.strip_end - at.strip) * (value - low)) / (high - low);
};
