// ValueMap in the browser: the stage with its parts, the controls and the keys. All frames are here already; Python
// learns anew when the grid or a setting changes.
import { frameOf, place } from "./value_map_layout.js";
import { choose, goOn, goTo, undo } from "./value_map_actions.js";
import { drawMap, drawRing } from "./value_map_picture.js";
import { drawInspector, drawMissing, drawSmallRing } from "./value_map_panels.js";
import { drawError } from "./value_map_error.js";

const { h, svg, group, fixed, button, segmented, slider, menu, player, playPause, reset, stepper } = lab;
const KEYS = ["floor", "wall", "goal", "pit"];

const share = (view, name, label, value = view.get(name), low = 0) =>
  slider({ label, value: value ?? 0, min: low, max: 1, step: 0.01, length: 46, shown: fixed(value ?? 0, 2),
    disabled: value === null, change: (to) => view.send({ [name]: to }) });

export default lab.view({
  start: { cell: null, pressed: false },

  sentence: (view) => view.state.sentences[frameOf(view)],

  stage: (view) => {
    const { state, width, dark } = view, at = place(width, state.rows, state.columns), frame = frameOf(view);
    const cell = view.ui.cell ?? Math.min(view.get("cell"), state.names.length - 1);
    const map = view.memo("map", [state, width, dark, frame, view.get("shown")], () =>
      group(0, 0, { key: "map", role: "group", "aria-label": "map",
        onpointerdown: (event) => view.set({ pressed: event.button === 0 }) }, drawMap(view, at, frame)));
    const missing = view.memo("missing", [state, width, dark, frame], () =>
      group(0, 0, { key: "missing" }, drawMissing(view, at, frame)));
    const error = view.memo("error", [state, width, frame], () =>
      group(0, 0, { key: "error" }, drawError(view, at, frame)));
    return svg(width, at.height, [map, drawRing(view, at, cell),
      group(0, 0, { key: "inspector" }, drawInspector(view, at, frame, cell)), missing,
      drawSmallRing(view, at, cell), error]);
  },

  controls: (view) => {
    const { state } = view, frame = state.status ? 0 : frameOf(view), last = state.status ? 0 : state.frames - 1;
    const unit = state.words?.unit ?? "sweep", sampling = view.get("method") === "q-learning";
    return [
      player(view, { label: unit, value: frame, max: last, milliseconds: 300, change: (to) => goTo(view, to) }),
      button({ key: "end", label: "End", spoken: "to the end", hint: "to the end", disabled: frame >= last, click: () => goTo(view, last) }),
      view.get("editable")
        ? segmented({ label: "Paint", value: view.get("brush"), change: (brush) => view.send({ brush }),
          choices: (state.brushes ?? KEYS).map((value) => ({ value, label: value, hint: `key ${KEYS.indexOf(value) + 1}` })) })
        : h("span", { key: "Paint", class: "lab-label" }, "the cells of this process cannot be changed"),
      view.get("editable") && button({ key: "undo", label: "Undo", hint: "Backspace",
        disabled: !view.get("edits").length, click: () => undo(view) }),
      segmented({ label: "Show", value: view.get("shown"), change: (shown) => view.send({ shown }),
        choices: [{ value: "V", label: "V" }, { value: "Q", label: "Q" }, { value: "V*", label: "V*" }] }),
      sampling && stepper({ label: "Seed", value: view.get("seed"), min: 0, max: 99,
        change: (seed) => view.send({ seed }) }),
      menu({ label: "Method", value: view.get("method"), change: (method) => view.send({ method }),
        choices: [{ value: "value iteration", label: "value iteration" }, { value: "q-learning", label: "Q-learning" }] }),
      share(view, "gamma", "discount γ"),
      view.get("slip") !== null && share(view, "slip", "slip"),
      sampling && share(view, "alpha", "step α", view.get("alpha"), 0.01),
      sampling && share(view, "epsilon", "explore ε"),
      reset(view),
    ].filter(Boolean);
  },

  keys: {
    1: choose("floor"), 2: choose("wall"), 3: choose("goal"), 4: choose("pit"),
    " ": playPause, ArrowRight: goOn(1), ArrowLeft: goOn(-1), ".": goOn(1), ",": goOn(-1),
    Home: goOn(-1e6), End: goOn(1e6),
    Backspace: undo,
    v: (view) => view.send({ shown: "V" }), q: (view) => view.send({ shown: "Q" }),
    "*": (view) => view.send({ shown: "V*" }),
    Escape: (view) => view.set({ cell: null }),
  },

  mounted: (view) => {
    const released = () => { view.ui.pressed = false; };
    window.addEventListener("pointerup", released);
    return () => window.removeEventListener("pointerup", released);
  },
});
