// UnificationStepper in the browser: all steps are here already; other terms need Python.
import { choose, shownStep, stepKeys, withOwn } from "./stepping.js";
import { drawUnification } from "./unification_picture.js";

const { h, svg, field, menu, player, reset } = lab;

const countOf = ({ state }) => state.frames?.length ?? 0;

const termField = (view, name, label) =>
  field({ label, value: view.get(name), placeholder: "a term, for example f(x, a)", single: true,
    wrong: view.state.problem?.side === name, change: (term) => { view.stop("player"); view.send({ [name]: term, step: 0 }); } });

export default lab.view({
  sentence: (view) => (view.state.problem ?? view.state.frames[shownStep(view, countOf(view))]).sentence,

  entry: (view) => [
    h("div", { class: "un-entry" }, termField(view, "left", "Left term"),
      h("span", { class: "un-sign", "aria-hidden": "true" }, "≟"), termField(view, "right", "Right term")),
  ],

  stage: (view) => svg(view.width, MEASURES.height, drawUnification(view)),

  controls: (view) => {
    const count = countOf(view), both = `${view.get("left")} ${view.get("right")}`;
    const examples = view.get("menu").map(([label, one, two]) => ({ label, value: `${one} ${two}` }));
    return [
      player(view, { label: "Step", value: count ? shownStep(view, count) : 0, max: Math.max(0, count - 1),
        milliseconds: 1500, change: (to) => choose(view, count, to) }),
      menu({ label: "Example", value: both,
        change: (chosen) => {
          const [, left, right] = view.get("menu").find(([, one, two]) => `${one} ${two}` === chosen);
          view.stop("player");
          view.send({ left, right, step: 0 });
        },
        choices: withOwn(examples, both) }),
      reset(view),
    ];
  },

  keys: stepKeys(countOf),
});
