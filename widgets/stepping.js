// Walking through the steps of a computation that Python has told at once: by rows, by keys, by the player.
const { clamp, playPause } = lab;

// The step that is shown, of so many.
export const shownStep = (view, count) => Math.min(view.get("step"), count - 1);

export const choose = (view, count, step) => {
  const to = clamp(step, 0, count - 1);
  if (count > 0 && to !== view.get("step")) view.send({ step: to });
};

const focusChosen = (view) =>
  requestAnimationFrame(() => view.root.querySelector('.step-row[tabindex="0"]')?.focus({ preventScroll: true }));

// Attributes of a row that shows its step when it is clicked. One row, the chosen, is reached by Tab. The key keeps the
// element, and with it the focus, when the row's look changes.
export const stepRow = (view, count, index, spoken) => {
  const chosen = index === shownStep(view, count);
  return { key: "row", class: "step-row", role: "button", "aria-label": spoken, "aria-pressed": String(chosen),
    tabindex: chosen ? 0 : -1,
    onclick: () => { view.stop("player"); choose(view, count, index); focusChosen(view); } };
};

// The arrow keys, Home, End and Space; if a row has the focus, the row of the new step gets it.
export const stepKeys = (countOf) => {
  const move = (view, by) => {
    const count = countOf(view), onRow = view.root.getRootNode().activeElement?.matches(".step-row");
    if (!count) return;
    view.stop("player");
    choose(view, count, shownStep(view, count) + by);
    if (onRow) focusChosen(view);
  };
  const by = (steps) => (view) => move(view, steps);
  return { ArrowRight: by(1), ArrowDown: by(1), ArrowLeft: by(-1), ArrowUp: by(-1), Home: by(-Infinity),
    End: by(Infinity), " ": playPause };
};

// The choices of a menu of examples; what the reader has written is one of them.
export const withOwn = (choices, value) =>
  (choices.some((choice) => choice.value === value) ? choices : [{ label: "your own", value }, ...choices]);
