// CountermodelView in the browser: the stage is Python's; here are the controls and the keys.
import { drawStage, walking } from "./sketch_stage.js";

const { button, segmented, player, reset } = lab;
const { here, goTo, keys } = walking("step");

const resize = (view, size) => view.send({ size, world: "", step: -1 });

const another = (view) => {
  if (!view.state.status && view.state.another) view.send({ world: view.state.another, step: -1 });
};

const sizes = Object.fromEntries([1, 2, 3, 4, 5, 6].map((size) => [size, (view) => resize(view, size)]));

export default lab.view({
  stage: (view) => drawStage(view),

  controls: (view) => {
    const { state } = view;
    if (state.status) return [reset(view)];
    return [
      player(view, { label: "Step", value: here(view), max: state.last, milliseconds: 1200,
        change: (to) => goTo(view, to) }),
      segmented({ label: "Elements", value: state.elements, change: (size) => resize(view, size),
        choices: state.sizes.map((value) => ({ value, label: String(value), hint: `key ${value}` })) }),
      button({ key: "another", label: "Another countermodel", hint: "A", disabled: state.countermodels < 1
        || (state.countermodels === 1 && state.kind === "countermodel"), click: () => another(view) }),
      reset(view),
    ];
  },

  keys: { ...keys, ...sizes, a: another },
});
