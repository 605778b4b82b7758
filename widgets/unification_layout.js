// Where the parts of a UnificationStepper stand, as unification_layout.py computes it.
const M = MEASURES;

export const place = (width) => {
  const steps = M.steps * width, left = 16 + steps + 24, half = (width - 16 - left - M.between) / 2;
  return { steps_width: steps, equation: 16 + M.rule, equation_width: steps - M.rule, left, half,
    right: left + half + M.between };
};

// The first step that is shown, and the one after the last.
export const inSight = (count, step) => {
  const first = Math.max(0, Math.min(step - Math.floor(M.rows / 2), count - M.rows));
  return [first, Math.min(count, first + M.rows)];
};
