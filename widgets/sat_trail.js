// SatTrail in the browser: the stage is Python's; here are the controls and the keys.
import { drawStage, walking } from "./sketch_stage.js";

const { button, player, reset, slider } = lab;
const { here, goTo, keys } = walking("position");

// To the conflict before or after this event, if there is one.
const toConflict = (which) => (view) => { if (view.state[which] >= 0) goTo(view, view.state[which]); };

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
        disabled: state.previous < 0, click: () => toConflict("previous")(view) }),
      button({ key: "next", label: "Next conflict ✕", spoken: "next conflict", hint: "next conflict (C)",
        disabled: state.next < 0, click: () => toConflict("next")(view) }),
      reset(view),
    ];
  },

  keys: { ...keys, c: toConflict("next"), p: toConflict("previous") },
});
