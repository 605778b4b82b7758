// SatTrail in the browser: the stage is Python's; here are the controls and the keys.
import { drawStage, keepKeys } from "./sketch_stage.js";

const { button, player, reset, slider, clamp } = lab;

const here = (view) => Math.min(view.get("position"), view.state.last);

const goTo = (view, position) => {
  if (view.state.status || position < 0) return;
  view.send({ position: clamp(position, 0, view.state.last) });
  keepKeys(view);
};

const walk = (steps) => (view) => {
  if (!view.state.status) goTo(view, clamp(here(view) + steps, 0, view.state.last));
};

export default lab.view({
  stage: (view) => drawStage(view),

  controls: (view) => {
    const { state } = view;
    if (state.status) return [reset(view)];
    return [
      player(view, { label: "Event", value: here(view), max: state.last, milliseconds: 900,
        change: (to) => goTo(view, to) }),
      slider({ label: "Position", value: here(view), min: 0, max: state.last, length: 150,
        shown: `${here(view)} / ${state.last}`, change: (to) => goTo(view, to) }),
      button({ key: "previous", label: "‹ ✕", spoken: "previous conflict", hint: "previous conflict (P)",
        disabled: state.previous < 0, click: () => goTo(view, state.previous) }),
      button({ key: "next", label: "Next conflict ✕", spoken: "next conflict", hint: "next conflict (C)",
        disabled: state.next < 0, click: () => goTo(view, state.next) }),
      reset(view),
    ];
  },

  keys: {
    ArrowRight: walk(1), ArrowLeft: walk(-1), PageDown: walk(10), PageUp: walk(-10),
    Home: (view) => goTo(view, 0), End: walk(Infinity),
    c: (view) => goTo(view, view.state.next), p: (view) => goTo(view, view.state.previous),
    " ": (view) => view.root.querySelector(".lab-play")?.click(),
  },
});
