// The two invisible sheets that are dragged: over the strips along the steps, over the curve along the training.
import { goTo, placeOf, printed, sentenceOf, train, walk } from "./rollout_reading.js";
import { TRACK, TOP, trainingPlace } from "./rollout_panels.js";

const { rect, clamp, plain, thousands } = lab;
const M = MEASURES;

// An invisible sheet over the strips: dragged by the mouse, a slider along the steps for the keyboard.
export const drawSheet = (view, at) => {
  const { data, step } = placeOf(view), top = view.state.scene.film ? M.film_top : M.policy_top - 4;
  const stepAt = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    return clamp(Math.floor(((event.clientX - box.left) / box.width) * data.steps), 0, data.steps - 1);
  };
  return rect(at.left, top, at.right - at.left, M.axis + 20 - top, {
    key: "sheet", class: "rp-sheet", fill: "ground", "fill-opacity": 0, tabindex: 0, role: "slider", radius: 4,
    "aria-label": "Step", "aria-valuemin": "0", "aria-valuemax": String(data.steps - 1), "aria-valuenow": String(step),
    "aria-valuetext": view.playing("player") ? "playing" : plain(sentenceOf(view)), "aria-description": "left and right: step; up and down: training",
    onkeydown: (event) => steer(view, event),
    ...dragging(view, (event) => goTo(view, stepAt(event)), (event) => view.set({ hovered: stepAt(event) })),
    onpointerleave: () => view.set({ hovered: null }),
  });
};

const dragging = (view, follow, hover) => ({
  onpointerdown: (event) => {
    if (event.button !== 0) return;
    view.stop("player");
    event.currentTarget.setPointerCapture(event.pointerId);
    follow(event);
  },
  onpointermove: (event) => (event.currentTarget.hasPointerCapture(event.pointerId) ? follow : hover)?.(event),
});

// Arrows, with Shift ten steps; the same keys work anywhere in the view, there without Shift.
const steer = (view, event) => {
  const far = event.shiftKey ? 10 : 1, { data } = placeOf(view);
  const acts = {
    ArrowLeft: () => walk(view, -far), ArrowRight: () => walk(view, far), PageUp: () => walk(view, -10),
    PageDown: () => walk(view, 10), Home: () => goTo(view, 0), End: () => goTo(view, data.steps - 1),
    ArrowUp: () => train(view, far), ArrowDown: () => train(view, -far),
  };
  if (!acts[event.key]) return;
  event.preventDefault();
  acts[event.key]();
};

// An invisible sheet over the curve: the second slider, along the snapshots.
export const drawTrainingSheet = (view, at) => {
  const { training } = view.state, { steps } = training, { snapshot } = placeOf(view);
  const { left, end, xOf } = trainingPlace(at, training);
  const nearest = (event) => {
    const box = event.currentTarget.getBoundingClientRect(), x = left - 10 + event.clientX - box.left;
    const far = steps.map((when) => Math.abs(xOf(when) - x));
    const to = far.indexOf(Math.min(...far));
    if (to !== placeOf(view).snapshot) view.send({ snapshot: to });
  };
  const moves = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10,
    Home: -Infinity, End: Infinity };
  return rect(left - 10, TOP - 10, end - left + 20, TRACK + 18 - TOP, {
    key: "training sheet", class: "rp-sheet", fill: "ground", "fill-opacity": 0, tabindex: 0, role: "slider", radius: 4,
    "aria-label": "Training", "aria-valuemin": "0", "aria-valuemax": String(steps.length - 1),
    "aria-valuenow": String(snapshot),
    "aria-valuetext": `after ${thousands(steps[snapshot])} ${training.unit}, mean return ${printed(training.mean[snapshot], 1)}`,
    onkeydown: (event) => {
      if (!(event.key in moves)) return;
      event.preventDefault();
      train(view, moves[event.key]);
    },
    ...dragging(view, nearest),
  });
};
