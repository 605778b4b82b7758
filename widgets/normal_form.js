// NormalFormStepper in the browser: all steps are here already; another formula needs Python.
import { drawNormalForm, height } from "./normal_form_picture.js";
import { choose, shownStep, stepKeys, withOwn } from "./stepping.js";

const { svg, button, field, menu, player, reset } = lab;
const BRACKETS = ["NNF", "Skolem", "CNF"];

const countOf = ({ state }) => state.lines?.length ?? 0;

export default lab.view({
  sentence: (view) => (view.state.problem ?? view.state.steps[shownStep(view, countOf(view))]).sentence,

  entry: (view) => [
    field({ label: "Formula", value: view.get("formula"), single: true, wrong: Boolean(view.state.problem),
      placeholder: "Type a formula, for example ∀x (Man(x) → Mortal(x))", change: (formula) => { view.stop("player"); view.send({ formula, step: 0 }); } }),
  ],

  stage: (view) => svg(view.width, height(), drawNormalForm(view)),

  controls: (view) => {
    const { state } = view, count = countOf(view), step = count ? shownStep(view, count) : 0;
    return [
      player(view, { label: "Step", value: step, max: Math.max(0, count - 1), milliseconds: 1500,
        change: (to) => choose(view, count, to) }),
      ...BRACKETS.map((name) => {
        const [, first, last] = (state.brackets ?? []).find(([other]) => other === name) ?? [];
        const here = first !== undefined && first <= step && step <= last;
        return button({ key: name, label: name, disabled: first === undefined, hint: `to the last line of ${name}`,
          spoken: `to the last line of ${name}`, kind: here ? "secondary nf-here" : "secondary",
          click: () => { view.stop("player"); choose(view, count, last); } });
      }),
      menu({ label: "Example", value: view.get("formula"),
        change: (formula) => { view.stop("player"); view.send({ formula, step: 0 }); },
        choices: withOwn(view.get("menu").map(([label, value]) => ({ label, value })), view.get("formula")) }),
      reset(view),
    ];
  },

  keys: stepKeys(countOf),
});
