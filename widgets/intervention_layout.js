// Where the panels and charts of an InterventionLab stand, as intervention_layout.py computes it.
const { clamp, range } = lab;

export const panels = (width) => {
  const gap = width >= 760 ? MEASURES.gap : 14, wide = (width - 32 - 2 * gap) / 3;
  return range(3).map((index) => {
    const left = 16 + index * (wide + gap);
    return { gap, left, width: wide, x0: left + 26, x1: left + wide - 6,
      y0: MEASURES.chart_top, y1: MEASURES.chart_foot };
  });
};

export const toX = (panel, state, value) => {
  const { low, high } = state.x_axis;
  return panel.x0 + (panel.x1 - panel.x0) * clamp((value - low) / (high - low), 0, 1);
};

export const toY = (panel, state, value) => {
  const { low, high } = state.y_axis;
  return panel.y1 - (panel.y1 - panel.y0) * clamp((value - low) / (high - low), 0, 1);
};

// A distribution at x: points of its outline, or for a discrete outcome [x, y, width, height] of its bars.
export const outline = (panel, state, x, density, reach) => {
  const way = x + reach + 2 > panel.x1 ? -1 : 1, { levels } = state.y_axis;
  if (levels.length) {
    return levels.map((level, index) => {
      const wide = reach * density[index];
      return [way > 0 ? x : x - wide, toY(panel, state, level) - 6, wide, 12];
    });
  }
  const step = (panel.y1 - panel.y0) / density.length;
  return density.map((share, index) => [x + way * reach * share, panel.y1 - step * (index + 0.5)]);
};

// The place of the grid's nearest value; the first of two.
export const nearest = (grid, value) => {
  const away = grid.map((each) => Math.abs(each - value));
  return away.indexOf(Math.min(...away));
};
