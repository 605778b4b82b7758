// NormalFormStepper in the browser: all steps are here already; another formula needs Python.
import { choose, drawNormalForm, height, shownStep } from "./normal_form_picture.js";

const { svg, button, field, menu, player, reset } = lab;
const BRACKETS = ["NNF", "Skolem", "CNF"];

const move = (view, by) => { view.stop("player"); choose(view, shownStep(view) + by); };

export default lab.view({
  sentence: (view) => (view.state.problem ?? view.state.steps[shownStep(view)]).sentence,

  entry: (view) => [
    field({ label: "Formula", value: view.get("formula"), placeholder: "Type a formula, for example ∀x (Man(x) → Mortal(x))",
      change: (formula) => { view.stop("player"); view.send({ formula, step: 0 }); } }),
  ],

  stage: (view) => svg(view.width, height(), drawNormalForm(view)),

  controls: (view) => {
    const { state } = view, lines = state.lines ?? [], step = lines.length ? shownStep(view) : 0;
    return [
      player(view, { label: "Step", value: step, max: Math.max(0, lines.length - 1), milliseconds: 1500,
        change: (to) => choose(view, to) }),
      ...BRACKETS.map((name) => {
        const [, first, last] = (state.brackets ?? []).find(([other]) => other === name) ?? [];
        const here = first !== undefined && first <= step && step <= last;
        return button({ key: name, label: name, disabled: first === undefined, hint: `to the last line of ${name}`,
          spoken: `to the last line of ${name}`, kind: here ? "secondary nf-here" : "secondary",
          click: () => { view.stop("player"); choose(view, last); } });
      }),
      menu({ label: "Example", value: view.get("formula"),
        change: (formula) => { view.stop("player"); view.send({ formula, step: 0 }); },
        choices: view.get("menu").map(([label, value]) => ({ label, value })) }),
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
