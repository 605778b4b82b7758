// Which run and which step are looked at, and their numbers, as in training_reading.py.
const { fixed, thousands, unpack } = lab;

export const chosenRun = (view) => Math.max(0, view.state.runs.findIndex((run) => run.name === view.get("name")));
export const lastDone = ({ runs = [] }) => Math.max(0, ...runs.map((run) => run.done)); // a notice has no runs
// The step that is looked at: hovered, else chosen, else (null) the last one.
export const cursorOf = (view) => view.ui.hovered ?? view.get("cursor");

export const told = (value, form) => {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return "∞";
  if (form === "count") return thousands(value);
  if (form === "rate" || Math.abs(value) >= 10000) return value ? value.toExponential(2).replace("e+", "e") : "0";
  return fixed(value, { loss: 4, short: 2, perplexity: 1 }[form]);
};

// Index of the last step at or before `step`; −1 if there is none.
export const upTo = (steps, step) => {
  let low = 0, high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

// A column of numbers; NaN all along where nothing was ever recorded.
export const column = (run, name) =>
  (run.columns[name] ? unpack(run.columns[name]).values : unpack(run.columns.step).values.map(() => NaN));
export const about = (string, count) => string.replace("%", thousands(count));

export const reading = (run, rows, cursor) => {
  const steps = column(run, "step");
  const at = upTo(steps, cursor === null ? run.done : Math.min(cursor, run.done));
  const found = rows.map((row) => {
    const values = column(run, row.column);
    let here = at, label = row.label;
    if (row.held !== undefined) {
      while (here >= 0 && Number.isNaN(values[here])) here--;
      if (row.held && here >= 0) label = `${label} ${row.held} ${thousands(steps[here])}`;
    }
    return [label, told(here >= 0 ? values[here] : NaN, row.format)];
  });
  const step = at >= 0 ? steps[at] : 0;
  return { step, rows: found, samples: run.samples.filter(([when]) => when <= step).reverse() };
};
