// Where the parts of a TrainingMonitor stand: panels at the left, the table at the right, steps along the axis.
const M = MEASURES;

export const place = (width, state) => {
  const side = Math.min(M.side, 0.34 * width);
  const panels = state.panels.reduce((sum, panel) => sum + M[panel.name] + M[state.spacing], 0);
  const height = M.heading + panels - M[state.spacing] + M.axis;
  return { left: 16 + M.left, right: width - side - 16 - M.gap, table: width - 16 - side, side, height };
};

export const stepX = (at, state, step) => at.left + ((at.right - at.left) * step) / state.span;
export const valueY = ({ low = 0, high }, head, height, value) =>
  head + height * (1 - (Math.max(low, Math.min(value, high)) - low) / (high - low));
