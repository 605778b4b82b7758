// NextTokenExplorer in the browser: the field for the prompt, the stage with its parts, the controls and the keys. What
// a slider changes is computed here; Python reads, draws tokens and looks ahead.
import { factsOf, sentenceOf, settingsOf, shapeOf } from "./next_token_state.js";
import { answered, back, closeField, draw, focusOn, focusOnRow, openField, reshapeBy } from "./next_token_actions.js";
import { barsOf, drawBars, drawChips, layout } from "./next_token_picture.js";
import { drawGrips, topPOf } from "./next_token_grips.js";
import { drawLens, drawRoads } from "./next_token_panels.js";

const { h, svg, group, fixed, thousands, button, stepper, slider, field } = lab;

export default lab.view({
  start: { row: null, layer: null, drag: null, editing: false, shaping: false },

  meta: factsOf,
  sentence: sentenceOf,

  entry: (view) => {
    if (!view.ui.editing && !view.state.status) return [];
    const close = (event) => {
      if (event.key !== "Escape" && (event.key !== "Enter" || event.shiftKey)) return;
      event.preventDefault();
      closeField(view);
    };
    const change = (text) => { view.set({ shaping: false }); view.send({ text, tokens: [] }); };
    const placeholder = "Type a text to continue";
    return h("div", { onkeydown: close }, field({ label: "Text", value: view.get("text"), placeholder, change }));
  },

  stage: (view) => {
    const { state, width, ui } = view, at = layout(width), bars = barsOf(view, at);
    const chips = view.memo("chips", [state, width], () => group(0, 0, {}, drawChips(view)));
    const roads = view.memo("roads", [state, width], () => group(at.roads, at.roadsTop, {}, drawRoads(view, at)));
    const lens = view.memo("lens", [state, width, ui.row, ui.layer], () => group(0, at.lens, {}, drawLens(view, at)));
    return svg(width, at.height, [chips, group(0, 0, {}, drawBars(view, bars)), drawGrips(view, bars), roads, lens]);
  },

  controls: (view) => {
    const { state } = view, shape = state.rows ? shapeOf(view) : null, [temperature, topK, topP] = settingsOf(view);
    const off = Boolean(state.status || state.ended), total = state.total ?? 1;
    return [
      button({ label: "Draw one token", kind: "primary", disabled: off, hint: "Space", click: () => draw(view) }),
      slider({ label: "Temperature", value: temperature, min: 0, max: 2, step: 0.05, length: 58,
        shown: fixed(temperature, 2), change: (value) => reshapeBy(view, { temperature: value }) }),
      stepper({ label: "Top-k", value: topK ?? 0, min: 0, max: total, shown: topK === null ? "off" : thousands(topK),
        change: (value) => reshapeBy(view, { top_k: value || null }) }),
      slider({ label: "Top-p", value: topP ?? 1, min: 0.01, max: 1, step: 0.01, length: 58,
        shown: topP === null ? "off" : fixed(topP, 2), change: (value) => reshapeBy(view, { top_p: topPOf(value) }) }),
      stepper({ label: "Seed", value: view.get("seed"), min: 0, max: 9999, change: (seed) => view.send({ seed }) }),
      h("span", { key: "ends", class: "lab-last nt-ends" },
        button({ label: "Back", hint: "Backspace", disabled: !view.get("tokens").length, click: () => back(view) }),
        button({ label: "Reset", click: () => view.reset() })),
    ];
  },

  keys: {
    " ": draw,
    Backspace: back,
    t: focusOn("Temperature"),
    k: focusOn("Top-k"),
    p: focusOn("Top-p"),
    e: openField,
    ArrowDown: focusOnRow,
    ArrowUp: focusOnRow,
    Escape: (view) => view.set({ row: null, layer: null }),
  },

  mounted: (view) => {
    const heard = () => answered(view);
    view.model.on("change:state", heard);
    heard();
    return () => { clearTimeout(view.latest.timer); view.model.off("change:state", heard); };
  },
});
