// Moving along the steps, by keys and on an invisible sheet over the panels.
import { chosenRun, column, cursorOf, lastDone, reading, upTo } from "./training_reading.js";

const { rect } = lab;
const M = MEASURES;

export const goTo = (view, step) => {
  const last = lastDone(view.state);
  if (!last) return;
  view.set({ hovered: null });
  view.send({ cursor: step >= last ? null : Math.max(1, step) });
};
// By steps, or from record to record of the chosen run where one record is many steps.
export const walk = (view, way) => {
  if (view.state.walk !== "records") return goTo(view, (view.get("cursor") ?? lastDone(view.state)) + way);
  return hop(view, way);
};

const hop = (view, records) => {
  if (!lastDone(view.state)) return;
  const steps = column(view.state.runs[chosenRun(view)], "step");
  const next = upTo(steps, view.get("cursor") ?? Infinity) + records;
  goTo(view, next >= steps.length - 1 ? Infinity : steps[Math.max(0, next)]);
};

// To the next evaluation of the chosen run, or the one before; by a tenth of what is drawn where there are none.
export const leap = (view, way) => {
  if (!lastDone(view.state)) return;
  if (view.state.walk === "records") {
    const count = column(view.state.runs[chosenRun(view)], "step").length;
    hop(view, way * Math.max(1, Math.round(count / 10)));
    return;
  }
  const run = view.state.runs[chosenRun(view)], here = view.get("cursor") ?? run.done;
  const values = column(run, "evaluation");
  const beyond = (step, index) => !Number.isNaN(values[index]) && (step - here) * way > 0;
  const found = [...column(run, "step")].filter(beyond);
  goTo(view, found.length ? (way > 0 ? found[0] : found.at(-1)) : way > 0 ? Infinity : 1);
};

// An invisible sheet over the panels: the mouse hovers and clicks, the keyboard holds a slider along the steps.
export const drawSheet = (view, at) => {
  const { state } = view, last = lastDone(state);
  const read = reading(state.runs[chosenRun(view)], state.rows, cursorOf(view));
  const stepAt = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return Math.max(1, Math.min(last, Math.round(share * state.span)));
  };
  return rect(at.left, M.heading, at.right - at.left, at.height - M.axis - M.heading, {
    fill: "ground", "fill-opacity": 0, class: "tm-steps", tabindex: last ? 0 : -1, role: "slider",
    "aria-label": "Step", "aria-valuemin": String(Math.min(1, last)), "aria-valuemax": String(last),
    "aria-valuenow": String(read.step),
    "aria-valuetext": `${state.words.after.replace("%", read.step).toLowerCase()}: ` +
      read.rows.map(([label, value]) => `${label} ${value}`).join(", "),
    onpointermove: (event) => { if (last) view.set({ hovered: stepAt(event) }); },
    onpointerleave: () => view.set({ hovered: null }),
    onclick: (event) => { if (last) goTo(view, stepAt(event)); },
  });
};
