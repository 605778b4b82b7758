// TrainingMonitor: panels, table and sheet put together, and the controls.
import { place, stepX } from "./training_layout.js";
import { drawSheet, goTo, leap, walk } from "./training_moves.js";
import { drawCursor, drawPanel } from "./training_picture.js";
import { cursorOf, told } from "./training_reading.js";
import { allInSight, drawTable } from "./training_table.js";

const { svg, text, group, small, button, slider, menu, reset } = lab;
const M = MEASURES;
const LOWEST = -5, HIGHEST = 0; // powers of ten between which the learning rate is chosen

const toggle = (view) => {
  if (view.get("can").learn || view.get("playing")) view.send({ playing: !view.get("playing") });
};
const oneStep = (view) => {
  if (view.get("can").learn && !view.get("playing")) view.send({ steps_asked: view.get("steps_asked") + 1 });
};

export default lab.view({
  start: { hovered: null },

  stage: (view) => {
    const { state, width } = view, at = place(width, state), cursor = cursorOf(view), bottom = at.height - M.axis;
    const tops = state.panels.map((_, index) =>
      state.panels.slice(0, index).reduce((sum, panel) => sum + M[panel.name] + M[state.spacing], 0));
    return svg(width, at.height, [
      view.memo("panels", [state, width, view.get("name")], () => group(0, 0, {},
        state.panels.map((panel, index) => drawPanel(view, panel, at, tops[index])),
        text(16, bottom + 16, state.words.axis, small),
        state.ticks.map(([value, label]) =>
          text(stepX(at, state, value), bottom + 16, label,
            { ...small, anchor: value === state.span ? "end" : "middle" })))),
      group(0, 0, {}, cursor !== null && state.panels.map((panel, index) =>
        drawCursor(view, panel, at, tops[index], cursor))),
      group(0, 0, {}, drawTable(view, at)),
      drawSheet(view, at),
    ]);
  },

  controls: (view) => {
    const can = view.get("can"), playing = view.get("playing"), lr = view.get("lr"), runs = view.state.runs ?? [];
    const over = runs.length && !can.learn ? "All steps are made; Reset goes back to the beginning" : null;
    const rate = (power) => view.send({ lr: Number((10 ** power).toPrecision(2)) });
    const learns = can.learn || can.restart;
    return [
      learns && button({ key: "play", label: playing ? "❚❚ Pause" : "▶ Play", kind: "primary tm-play",
        disabled: !can.learn && !playing, hint: over ?? "Space", click: () => toggle(view) }),
      learns && button({ key: "step", label: "One step", disabled: !can.learn || playing,
        hint: "S", click: () => oneStep(view) }),
      can.change && slider({ label: "Learning rate", min: LOWEST, max: HIGHEST, step: 0.05,
        length: view.width < 760 ? 84 : 150,
        value: Math.log10(lr || 1e-5), shown: told(lr, "rate"), change: rate }),
      runs.length > 1 && !allInSight(view) && menu({ label: "Run", value: view.get("name"),
        choices: runs.map(({ name }) => ({ value: name, label: name })), change: (name) => view.send({ name }) }),
      reset(view, () => {
        view.set({ hovered: null });
        view.send({ cursor: null, ...(can.restart ? { restarts_asked: view.get("restarts_asked") + 1 } : {}) });
      }),
    ].filter(Boolean);
  },

  keys: {
    " ": toggle,
    ArrowLeft: (view) => walk(view, -1),
    ArrowRight: (view) => walk(view, 1),
    PageUp: (view) => leap(view, -1),
    PageDown: (view) => leap(view, 1),
    Home: (view) => goTo(view, 1),
    End: (view) => goTo(view, Infinity),
    Escape: (view) => goTo(view, Infinity),
    s: oneStep,
    l: (view) => view.root.querySelector(".lab-slider")?.focus(),
  },

  // A view that is taken away (its cell is run again) does not go on learning unseen.
  mounted: (view) => () => { if (view.get("playing")) view.send({ playing: false }); },
});
