// AttentionExplorer in the browser: the field for the text, the stage with its parts, the controls and the keys. The
// browser does the arithmetic of a cell itself, from the vectors q and k of the head that is shown.
import { labelRoom, layout, shownTokens } from "./attention_layout.js";
import { cellAt, chosenRow, headAt } from "./attention_selection.js";
import { drawOverview } from "./attention_overview.js";
import { drawLegend, drawNext, drawPanel } from "./attention_panels.js";
import { drawBars, drawMatrix, looks } from "./attention_picture.js";

const { h, svg, line, text, group, textWidth, stepper, segmented, slider, checkbox, reset, clamp } = lab;
const M = MEASURES;

const write = (view, text, wait) => {
  clearTimeout(view.latest.typing);
  view.latest.typing = setTimeout(() => view.send({ text }), wait);
};

// The field stands in the title's line where there is room, else below the header.
const drawField = (view) => {
  const { state, width } = view, below = width < M.wide;
  if (state.meta) view.latest.meta = state.meta;
  const left = 36 + textWidth(state.title, 15, { bold: true }), right = 32 + textWidth(view.latest.meta ?? "", 11);
  const onkeydown = (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      write(view, event.target.value, 0);
    } else if (event.key === "Escape") {
      if (event.target.value !== view.get("text")) event.preventDefault();
      clearTimeout(view.latest.typing);
      event.target.value = view.get("text");
    }
  };
  const beside = { class: "att-text", style: `left: ${left}px; right: ${right}px` };
  const look = below ? { class: "att-text att-below" } : beside;
  return h("div", look,
    h("textarea", { class: "lab-field", "aria-label": "Text", rows: 1, placeholder: "Type a text", spellcheck: "false",
      autocomplete: "off", value: view.get("text"), onkeydown,
      oninput: (event) => write(view, event.target.value, 500) }));
};

const go = (view, changes) => {
  const { layers, heads } = view.latest.sizes ?? { layers: 1, heads: 1 };
  if ("layer" in changes) changes.layer = clamp(changes.layer, 0, layers - 1);
  if ("head" in changes) changes.head = clamp(changes.head, 0, heads - 1);
  view.send(changes);
};

const unlabelled = (control) => ({ ...control, children: control.children.slice(1) });

// While the effect of heads is looked at, Python is asked for one layer after another.
const measureOn = (view) => {
  const effects = view.get("effects"), { state } = view;
  if (view.get("overview") === "effect" && !state.status && effects.measured < state.layers) {
    view.send({ measured: effects.measured + 1 });
  }
};

export default lab.view({
  start: { hover: null, over: null },

  entry: (view) => [drawField(view)],

  sentence: (view) => {
    const row = chosenRow(view);
    return row === null ? null : view.state.rows[row];
  },

  stage: (view) => {
    const { state, width } = view, count = state.tokens.length, label = labelRoom(state.tokens);
    view.latest.sizes = { layers: state.layers, heads: state.heads };
    const shown = shownTokens(count, view.get("window"));
    const at = view.memo("layout", [width, state.layers, state.heads, shown.length, label], () =>
      layout(width, state.layers, state.heads, shown.length, label));
    return svg(width, at.height, [
      drawOverview(view, at),
      view.memo("next", [at, state.next], () => group(0, 0, {}, drawNext(at, state.next))),
      drawMatrix(view, at, shown),
      drawBars(view, at, shown),
      at.kind === "wide" && line(at.panelX - 11.5, 16, at.panelX - 11.5, 400),
      group(0, 0, { key: "panel" }, drawPanel(view, at)),
      at.kind !== "middle" && view.memo("legend", [at, state.causal], () => group(0, 0, {}, drawLegend(at, state))),
    ]);
  },

  controls: (view) => {
    const { layers, heads } = view.latest.sizes ?? { layers: 1, heads: 1 }, count = view.state.tokens?.length ?? 0;
    const choice = (value, hint) => ({ value, label: value, hint }), last = count - M.window;
    const window = view.get("window"), first = clamp(window >= 0 ? window : last + 1 + window, 0, Math.max(0, last));
    return [
      stepper({ label: "Layer", value: view.get("layer"), min: 0, max: layers - 1,
        change: (layer) => view.send({ layer }) }),
      stepper({ label: "Head", value: view.get("head"), min: 0, max: heads - 1,
        change: (head) => view.send({ head }) }),
      checkbox({ label: "Ablate head", value: view.get("ablated"), tone: "purple",
        change: (ablated) => view.send({ ablated }) }),
      segmented({ label: "Mask", value: view.get("mask"), change: (mask) => view.send({ mask }),
        choices: [choice("causal", "a token sees those before it"), choice("two-way", "a token sees all")] }),
      view.get("has_positions") && checkbox({ label: "Positions", value: view.get("positions"),
        change: (positions) => view.send({ positions }) }),
      unlabelled(segmented({ label: "Overview", value: view.get("overview"),
        change: (overview) => view.send({ overview }),
        choices: [choice("patterns", "where each head looks"), choice("effect", "switch off each head in turn")] })),
      last > 0 && slider({ label: "Tokens", value: first, min: 0, max: last, length: 120,
        shown: `${first + 1}–${first + M.window} of ${count}`, change: (to) => view.send({ window: to }) }),
      reset(view),
    ].filter(Boolean);
  },

  keys: {
    a: (view) => view.send({ ablated: !view.get("ablated") }),
    m: (view) => view.send({ mask: view.get("mask") === "causal" ? "two-way" : "causal" }),
    "[": (view) => go(view, { layer: view.get("layer") - 1 }),
    "]": (view) => go(view, { layer: view.get("layer") + 1 }),
    Escape: (view) => view.set({ hover: null, over: null }),
  },

  mounted: (view) => {
    const ask = () => measureOn(view);
    const focused = ({ target }) => {
      const head = headAt(target), found = cellAt(target);
      if (head && view.latest.walking) go(view, head);
      if (head) view.set({ over: head });
      if (found) view.set({ hover: found });
      if (found && found.query !== null && found.key !== null) { // of many cells only the focused one has its words
        target.setAttribute("aria-label", looks(view.state, found.query, found.key));
      }
      view.latest.walking = false;
    };
    const left = () => view.set({ hover: null, over: null });
    const heard = ["change:effects", "change:overview", "change:state"];
    for (const name of heard) view.model.on(name, ask);
    view.root.addEventListener("focusin", focused);
    view.root.addEventListener("focusout", left);
    ask();
    return () => {
      clearTimeout(view.latest.typing);
      for (const name of heard) view.model.off(name, ask);
    };
  },
});
