// The view itself: draws what a view's own functions give, hears the model, the keys, the theme and the width.
import { clamp } from "./shared_text.js";
import { h, reconcile } from "./shared_nodes.js";
import { plain, rich } from "./shared_drawing.js";
import { cellsOf, keepFocus, neighbour, place, settleTabStops } from "./shared_grid.js";
import { reader } from "./shared_speech.js";

export const view = (spec) => ({
  render({ model, el }) {
    const id = `lab-${Math.random().toString(36).slice(2)}`, root = outermost(id);
    const visited = new Map(); // grid -> the cell where the reader was last
    const kept = { stage: null }; // the last picture, for the time while the next one is made
    const aloud = reader();
    let frame = 0, gone = false;
    const draw = () => {
      frame = 0;
      if (gone) return;
      const refocus = keepFocus(root);
      reconcile(root, nodesOf(spec, self, id, kept, aloud), null);
      settleTabStops(root, visited);
      refocus();
    };
    const redraw = () => { if (!frame && !gone) frame = requestAnimationFrame(draw); };
    const self = made(spec, model, root, redraw, () => visited.clear());

    el.append(root);
    const stops = [
      hearKeys(root, self, spec.keys ?? {}, visited),
      hearModel(root, model, redraw),
      hearKernel(model, self, redraw),
      followWidth(root, model, el, self, redraw),
      followTheme(root, self, redraw),
    ];
    draw();
    const unmount = spec.mounted?.(self);
    return () => {
      gone = true;
      cancelAnimationFrame(frame);
      self.stopAll();
      for (const stop of stops) stop();
      unmount?.();
      root.remove();
    };
  },
});

const outermost = (id) => {
  const root = document.createElement("section");
  root.className = `lab-view lab-${NAME}`;
  root.setAttribute("role", "group");
  root.setAttribute("aria-labelledby", `${id}-title`);
  root.setAttribute("aria-describedby", `${id}-sentence`);
  return root;
};

// The object that a view's own functions are given; what it can do is told at the top of shared.js.
const made = (spec, model, root, redraw, forgetPlaces) => {
  const self = {
    model,
    root,
    latest: {},
    alone: false, // its kernel has ended: nothing that needs Python is answered any more
    ui: { ...spec.start },
    width: model.get("width"),
    dark: false,
    still: matchMedia("(prefers-reduced-motion: reduce)").matches,
    memo: memory(),
    ...clockwork(redraw),
    get state() { return model.get("state"); },
    get: (name) => model.get(name),
    set(changes) { Object.assign(self.ui, changes); redraw(); },
    send(changes) {
      for (const [name, value] of Object.entries(changes)) model.set(name, value);
      model.save_changes(); // ipywidgets keeps one message in flight and gathers the later ones: latest wins
      redraw();
    },
    reset() {
      self.stopAll();
      self.ui = { ...spec.start };
      forgetPlaces();
      self.send(model.get("initial"));
    },
  };
  return self;
};

const memory = () => {
  const memos = new Map();
  return (name, dependencies, make) => {
    const before = memos.get(name);
    if (before && before.dependencies.every((one, index) => one === dependencies[index])) return before.nodes;
    const nodes = make();
    memos.set(name, { dependencies, nodes });
    return nodes;
  };
};

const clockwork = (redraw) => {
  const timers = new Map();
  const stop = (name) => { clearInterval(timers.get(name)); timers.delete(name); redraw(); };
  const play = (name, milliseconds, step) => {
    stop(name);
    timers.set(name, setInterval(() => { if (step() === false) stop(name); }, milliseconds));
  };
  return {
    play, stop, playing: (name) => timers.has(name), stopAll: () => [...timers.keys()].forEach(stop),
    runs: () => timers.size > 0,
  };
};

const ALONE = "The kernel behind this picture has ended. Run its cell again: until then nothing here reaches Python.";

// Whether the view changes by itself at the moment: here, or because Python works on.
const changesByItself = (self) => self.runs() || (TRAITS.includes("playing") && self.get("playing"));

// ---------------------------------------------------------------- what is drawn

// Header, entry, stage, controls. While a state says "loading", the last picture stays, faint.
const nodesOf = (spec, self, id, kept, aloud) => {
  const { state } = self, waits = state.status === "loading" && kept.stage !== null;
  if (!state.status) kept.stage = [spec.stage(self)].flat(Infinity);
  const stage = state.status && !waits ? noticeNodes(state) : kept.stage;
  const sentence = (!state.status && spec.sentence?.(self)) || state.sentence;
  const meta = (!state.status && spec.meta?.(self)) || state.meta;
  return [
    headerNodes(state, sentence ?? [], meta, id, aloud(plain(sentence ?? []), changesByItself(self))),
    self.alone ? h("p", { key: "alone", class: "lab-alone", role: "alert" }, ALONE) : null,
    spec.entry ? h("div", { class: "lab-entry" }, spec.entry(self)) : null,
    h("div", { class: waits ? "lab-stage lab-faint" : "lab-stage" }, stage),
    spec.controls
      ? h("div", { class: "lab-controls", role: "group", "aria-label": "Controls" }, spec.controls(self))
      : null,
  ].filter(Boolean);
};

const headerNodes = (state, sentence, meta, id, { live, turn }) =>
  h("header", { class: "lab-header" },
    h("div", { class: "lab-title-line" },
      h("div", { class: "lab-title", role: "heading", "aria-level": 3, id: `${id}-title` }, state.title ?? NAME),
      h("div", { class: "lab-meta" }, meta ?? "")),
    h("p", { class: "lab-sentence", id: `${id}-sentence`, role: "status", "aria-live": live,
      "aria-atomic": "true" }, h("span", { key: turn }, rich(sentence))));

const noticeNodes = (state) => h("div", { class: `lab-notice lab-${state.status}` }, NOTICES[state.status]);

// ---------------------------------------------------------------- what is heard; each returns what ends it

const hearKeys = (root, self, keys, visited) => {
  // Inside a grid: arrows walk, Enter and Space click. True if the key has done its work.
  const walked = (event, target, command) => {
    const next = neighbour(target, cellsOf(root, target.dataset.grid), event.key, command);
    if (next) { event.preventDefault(); next.focus(); return true; }
    if (/^(Arrow|Home|End)/.test(event.key)) event.preventDefault();
    if (event.key !== "Enter" && event.key !== " ") return false;
    event.preventDefault();
    target.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    return true;
  };
  root.addEventListener("keydown", (event) => {
    const { target } = event, command = event.ctrlKey || event.metaKey;
    if (!(command && event.key === "s")) event.stopPropagation(); // JupyterLab would act on the key as well
    if (target.dataset?.grid !== undefined && walked(event, target, command)) return;
    if (event.key === "Escape") { escape(event, self, keys); return; }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const typing = target.matches("textarea, input, select");
    const own = target.matches("button, [role=spinbutton]") && (key === " " || key === "Enter");
    if (!typing && !own && !command && !event.altKey && !event.defaultPrevented && keys[key]) {
      event.preventDefault();
      keys[key](self);
    }
  });
  root.addEventListener("focusin", ({ target }) => {
    if (target.dataset?.grid === undefined) return;
    visited.set(target.dataset.grid, String(place(target)));
    settleTabStops(root, visited);
  });
  return () => {}; // the listeners go with the element
};

// Escape takes back what the view's own key can take back; where that is nothing, it leaves for the cell.
const escape = (event, self, keys) => {
  if (event.defaultPrevented || event.isComposing) return;
  const seen = () => [...Object.values(self.ui), ...TRAITS.map(self.get)], before = seen();
  if (!event.target.matches("textarea, input, select")) keys.Escape?.(self);
  if (seen().some((value, index) => value !== before[index])) return;
  const cell = self.root.closest(".jp-Cell");
  if (cell) cell.focus();
  else event.target.blur();
};

const hearModel = (root, model, redraw) => {
  const onState = () => {
    root.dataset.answers = Number(root.dataset.answers ?? 0) + 1;
    redraw();
  };
  const onBusy = () => {
    root.classList.toggle("lab-busy", model.get("busy"));
    root.setAttribute("aria-busy", String(model.get("busy")));
  };
  const heard = TRAITS.map((name) => [`change:${name}`, { state: onState, busy: onBusy }[name] ?? redraw]);
  for (const [name, listener] of heard) model.on(name, listener);
  onBusy();
  return () => { for (const [name, listener] of heard) model.off(name, listener); };
};

// ipywidgets says so once, when the kernel is restarted; a view that is shown later has a model of its own.
const hearKernel = (model, self, redraw) => {
  const ended = () => { self.alone = true; redraw(); };
  model.on("comm_live_update", ended);
  return () => model.off("comm_live_update", ended);
};

const followWidth = (root, model, el, self, redraw) => {
  const resize = () => {
    const room = el.clientWidth;
    if (!room) return; // not shown at the moment
    const width = clamp(room, 640, model.get("width"));
    root.style.width = `${width}px`;
    if (width !== self.width) { self.width = width; redraw(); }
  };
  const sizes = new ResizeObserver(resize);
  sizes.observe(el);
  model.on("change:width", resize);
  resize();
  return () => { sizes.disconnect(); model.off("change:width", resize); };
};

const followTheme = (root, self, redraw) => {
  const retheme = () => {
    self.dark = isDark(root);
    root.dataset.theme = self.dark ? "dark" : "light";
    redraw();
  };
  const themes = new MutationObserver(() => { retheme(); setTimeout(retheme, 300); });
  const attributeFilter = ["class", "style", "data-jp-theme-light", "data-jp-theme-name", "theme"];
  for (const one of [document.documentElement, document.body]) themes.observe(one, { attributeFilter });
  retheme();
  return () => themes.disconnect();
};

// Light or dark, from the ground on which the view really stands (any host, any theme).
const isDark = (root) => {
  const probe = document.createElement("span");
  probe.style.color = "var(--jp-layout-color0, var(--vscode-editor-background, #fff))";
  root.append(probe);
  const [red, green, blue] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? [255, 255, 255]).map(Number);
  probe.remove();
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
};
