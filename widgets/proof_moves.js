// What the reader does with a proof: walk from step to step, along its lines, ask whether a step is right, open a fold.
const { clamp } = lab;

// The number of the step that is shown.
export const current = (view) => Math.min(view.get("step"), view.state.count) || view.state.count;

const proved = (view) => ["graph", "list"].includes(view.state.kind);

export const go = (view, step) => {
  if (proved(view)) view.send({ step: clamp(step, 1, view.state.count) });
};

// The round that is shown; the last one for -1.
export const round = (view) => {
  const last = Math.max(0, view.state.last - 1), chosen = view.get("round");
  return chosen < 0 ? last : Math.min(chosen, last);
};

// A step or a round on or back.
export const walk = (view, by) => {
  if (view.state.kind === "search") view.send({ round: clamp(round(view) + by, 0, Math.max(0, view.state.last - 1)) });
  else if (proved(view)) go(view, current(view) + by);
};

export const jump = (view, end) => walk(view, end ? 1e6 : -1e6);

// To the first parent, or to the first step that follows from this one.
export const climb = (view, up) => {
  if (!proved(view)) return;
  const [to] = view.state[up ? "parents" : "children"][current(view) - 1];
  if (to) go(view, to);
};

export const check = (view, steps) => {
  if (!proved(view)) return;
  const asked = new Set([...view.get("asked"), ...steps]);
  view.send({ asked: [...asked].sort((one, other) => one - other) });
};

export const open = (view, step) => view.send({ opened: [...view.get("opened"), step], step });

// Opens the fold that the chosen step stands for.
export const unfold = (view) => {
  const step = current(view);
  if (view.state.graph?.boxes.some((box) => box.step === step && box.hides.length)) open(view, step);
};

export const close = (view) => {
  view.set({ hover: 0, copied: false });
  if (view.get("opened").length) view.send({ opened: [] });
};
