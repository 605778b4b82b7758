// What the reader does: walk, draw, go back, reshape, edit the prompt.

export const walkTo = (view, tokens) => {
  keepFocus(view);
  view.set({ shaping: false, layer: null });
  view.send({ tokens });
};

// What had the focus may go with the old state; then the focus goes to the first button, not out of the view.
const keepFocus = (view) => {
  const focused = () => view.root.contains(view.root.getRootNode().activeElement);
  const settle = () => !focused() && view.root.querySelector(".lab-primary").focus({ preventScroll: true });
  view.latest.settle = focused() ? () => requestAnimationFrame(settle) : null;
};

export const take = (view, id) => { if (!view.state.ended) walkTo(view, [...view.get("tokens"), id]); };
export const back = (view) => { if (view.get("tokens").length) walkTo(view, view.get("tokens").slice(0, -1)); };

// One draw at a time and at most one more waiting: a key that is held down does not pile up work.
export const draw = (view) => {
  if (view.state.status || view.state.ended) return;
  if (view.latest.asked) { view.latest.again = true; return; }
  Object.assign(view.latest, { asked: true, again: false });
  keepFocus(view);
  view.set({ shaping: false });
  view.model.send({ ask: "draw" });
};

// Python has answered: where the newest token came from, the draw that waited, and the roads, which cost several steps
// of the model and are asked for once the reader has stopped to look.
export const answered = (view) => {
  const { state, latest } = view, tokens = view.get("tokens"), path = String(tokens), { before } = latest;
  if (path !== before?.path) {
    const step = tokens.length > 0 && String(tokens.slice(0, -1)) === before?.path;
    latest.from = step ? before.rows.indexOf(tokens.at(-1)) : null;
  }
  latest.before = { path, rows: (state.rows ?? []).map(({ id }) => id) };
  latest.settle?.();
  latest.settle = null;
  latest.asked = false;
  clearTimeout(latest.timer);
  if (latest.again) draw(view);
  else if (state.pending) latest.timer = setTimeout(() => view.model.send({ ask: "roads" }), 150);
};

export const reshapeBy = (view, changes) => {
  view.set({ shaping: true });
  view.send(changes);
};

export const openField = (view) => {
  view.set({ editing: true });
  requestAnimationFrame(() => view.root.querySelector("textarea")?.focus());
};

// The field goes, unless it is all that there is; the focus goes to what opens it again.
export const closeField = (view) => {
  view.set({ editing: false });
  const focus = () => (view.root.querySelector(".nt-prompt") ?? view.root.querySelector(".lab-primary")).focus();
  if (!view.state.status) requestAnimationFrame(focus);
};

export const focusOn = (label) => (view) =>
  view.root.querySelector(`.lab-controls [aria-label="${label}"]:not([role=group])`)?.focus();

export const focusOnRow = (view) => view.root.querySelector('[data-grid="rows"][tabindex="0"]')?.focus();

// Space draws wherever the focus is in the stage, though Enter clicks what has it.
export const spaceDraws = (view) => (event) => {
  if (event.key !== " ") return;
  event.preventDefault();
  event.stopPropagation();
  draw(view);
};

export const pressed = (act) => (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  act();
};
