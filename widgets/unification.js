// UnificationStepper in the browser: all steps are here already; other terms need Python.
import { choose, drawUnification, shownStep } from "./unification_picture.js";

const { h, svg, field, menu, player, reset } = lab;

const move = (view, by) => { view.stop("player"); choose(view, shownStep(view) + by); };

const termField = (view, name, label) =>
  field({ label, value: view.get(name), placeholder: "a term, for example f(x, a)",
    change: (term) => { view.stop("player"); view.send({ [name]: term, step: 0 }); } });

export default lab.view({
  sentence: (view) => (view.state.problem ?? view.state.frames[shownStep(view)]).sentence,

  entry: (view) => [
    h("div", { class: "un-entry" }, termField(view, "left", "Left term"),
      h("span", { class: "un-sign", "aria-hidden": "true" }, "≟"), termField(view, "right", "Right term")),
  ],

  stage: (view) => svg(view.width, MEASURES.height, drawUnification(view)),

  controls: (view) => {
    const frames = view.state.frames ?? [], both = `${view.get("left")} ${view.get("right")}`;
    return [
      player(view, { label: "Step", value: frames.length ? shownStep(view) : 0, max: Math.max(0, frames.length - 1),
        milliseconds: 1500, change: (to) => choose(view, to) }),
      menu({ label: "Example", value: both,
        change: (chosen) => {
          const [, left, right] = view.get("menu").find(([, one, two]) => `${one} ${two}` === chosen);
          view.stop("player");
          view.send({ left, right, step: 0 });
        },
        choices: view.get("menu").map(([label, one, two]) => ({ label, value: `${one} ${two}` })) }),
      reset(view),
    ];
  },

  keys: {
    ArrowRight: (view) => move(view, 1),
    ArrowLeft: (view) => move(view, -1),
    ArrowDown: (view) => move(view, 1),
    ArrowUp: (view) => move(view, -1),
    Home: (view) => move(view, -Infinity),
    End: (view) => move(view, Infinity),
  },
});
