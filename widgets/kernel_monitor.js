// KernelMonitor in the browser: the stage is Python's; here are the fields for answers, the controls and the keys.
import { drawStage } from "./sketch_stage.js";

const { h, button, field, segmented, clamp } = lab;
const SPEEDS = [[2, "2"], [10, "10"], [50, "50"], [0, "max"]];

const canDo = (view) => view.state.can ?? {};

const toggle = (view) => {
  if (canDo(view).run || view.get("playing")) view.send({ playing: !view.get("playing") });
};
const oneStep = (view) => {
  if (canDo(view).run && !view.get("playing")) view.send({ steps_asked: view.get("steps_asked") + 1 });
};
const restart = (view) => {
  if (canDo(view).restart) view.send({ restarts_asked: view.get("restarts_asked") + 1 });
};

const walk = (by) => (view) => {
  const order = view.state.order ?? [], at = order.indexOf(view.get("selected"));
  if (order.length) view.send({ selected: order[at < 0 ? 0 : clamp(at + by, 0, order.length - 1)] });
};

// A field for the answer to a question that takes any text; Enter gives it.
const answerField = (view, { number, name, text }) => {
  const typed = view.ui.typed[number] ?? "";
  const give = () => view.send({ answers: { ...view.get("answers"), [number]: view.ui.typed[number] ?? "" } });
  return h("div", { key: `ask ${number}`, class: "km-ask",
    onkeydown: (event) => { if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); give(); } } },
    field({ label: `answer for ${name}: ${text}`, value: typed, single: true, placeholder: `your answer for ${name}`,
      change: (value) => view.set({ typed: { ...view.ui.typed, [number]: value } }) }),
    button({ label: "Answer", kind: "primary", spoken: `answer ${name}`, click: give }));
};

export default lab.view({
  start: { typed: {} },

  stage: (view) => [drawStage(view), view.state.asks.map((ask) => answerField(view, ask))],

  controls: (view) => {
    const playing = view.get("playing"), can = canDo(view);
    return [
      button({ key: "run", label: playing ? "❚❚ Pause" : "▶ Run", kind: "primary lab-play", disabled: !can.run && !playing,
        click: () => toggle(view) }),
      button({ key: "step", label: "One step", hint: "one tick (S)", disabled: playing || !can.run,
        click: () => oneStep(view) }),
      segmented({ label: "steps a second", value: view.get("speed"),
        choices: SPEEDS.map(([value, label]) => ({ value, label })), change: (speed) => view.send({ speed }) }),
      can.restart && h("span", { key: "restart", class: "lab-last" },
        button({ label: "Start anew", click: () => restart(view) })),
    ].filter(Boolean);
  },

  keys: { " ": toggle, s: oneStep, ArrowRight: oneStep, ArrowDown: walk(1), ArrowUp: walk(-1),
    Escape: (view) => { if (view.get("selected")) view.send({ selected: "" }); } },
});
