// What all views share in the browser: the object `lab`. Python puts the constants NAME, TRAITS, MEASURES, COLOURS,
// ATTRIBUTES, NOTICES and TEXT in front of this file, the view's own file behind it; together they are one ES module.
//
// A view's own file ends in
//
//   export default lab.view({
//     stage:    (view) => node | [nodes],   // the picture; required
//     controls: (view) => [nodes],          // the row below it
//     entry:    (view) => [nodes],          // fields between header and stage; they stay when the state is a notice
//     sentence: (view) => runs,             // the header's sentence, where it is not state.sentence
//     meta:     (view) => text,             // the facts beside the title, where they are not state.meta
//     keys:     { a: (view) => …, "[": … }, // keys that act anywhere in the view, except while typing in a field
//     start:    { scrub: 0 },               // first value of view.ui
//     mounted:  (view) => stop,             // once, after the first drawing; what it returns is called at the end
//   });
//
// `stage` and `controls` are pure functions of what they read from `view`; they run again after every change (at most
// once a frame), and only what differs is touched in the page: focus, typing and CSS transitions live on.
//
//   view.state        what Python computed (title, sentence, meta and the view's own data)
//   view.get(name)    a trait: a setting or a selection
//   view.send({…})    change traits; settings make Python compute (latest wins: while Python works, later changes
//                     are gathered and sent as one)
//   view.ui           what only the browser knows (hover, an open panel); view.set({…}) changes it and redraws
//   view.width        pixels for the stage, 640 to 1200;   view.dark, view.still   theme; "no motion" was asked for
//   view.memo(name, dependencies, make)   the nodes made before if no dependency (compared by ===) has changed;
//                     wrap what is large and does not depend on the hover
//   view.play(name, milliseconds, step)   call step() again and again until it returns false; view.stop(name);
//                     view.playing(name). Everything is stopped when the view goes away
//   view.reset()      settings, selections and ui as they were at first
//
// Nodes: `h(tag, attributes, ...children)`; attributes beginning with "on" are listeners; `key` tells siblings apart.
// Drawing words with the names and options of widgets/picture.py: svg rect circle line path text group. Colours are
// names of the palette ("blue", "quiet", "wash"; see widgets/palette.py) and follow the theme by themselves.
//
// Keyboard: give each element that can be clicked `...cell("grid name", row, column, "what it is", current)`. One of a
// grid is reached by Tab, the arrow keys, Home and End walk to the others, Enter and Space click. Focus and hover are
// alike if you set both `onfocus` and `onpointerenter`; put what they tell in the one place kept free for it.
const lab = (() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const PADDING = 16;

  // ---------------------------------------------------------------- numbers and text

  // A coordinate as text: at most two decimals (as in picture.py).
  const number = (value) => {
    const text = fixed(value, 2);
    return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  };

  // A number with so many decimals, an exact tie going to the even digit as in Python, and no minus zero.
  const fixed = (value, digits) => {
    let text = value.toFixed(digits);
    const scaled = Math.abs(value) * 10 ** digits;
    const tie = Math.abs((scaled % 1) - 0.5) < 1e-6 && /50{39}$/.test(value.toFixed(digits + 40));
    const down = Math.floor(scaled);
    if (tie && down % 2 === 0) text = (Math.sign(value) * (down / 10 ** digits)).toFixed(digits);
    return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
  };

  const expand = (blocks) => {
    const widths = new Map();
    for (const [start, block] of Object.entries(blocks)) {
      block.split(" ").forEach((width, offset) => widths.set(Number(start) + offset, Number(width)));
    }
    return widths;
  };
  const faces = { regular: expand(TEXT.regular), bold: expand(TEXT.bold) };
  const within = (ranges, code) => ranges.some(([first, last]) => first <= code && code <= last);
  const advances = new Map();

  const advance = (character, bold, mono) => {
    const name = `${character}${bold}${mono}`;
    if (!advances.has(name)) {
      const code = character.codePointAt(0);
      const own = mono ? TEXT.mono : faces[bold ? "bold" : "regular"].get(code) ?? TEXT.unknown;
      const width = within(TEXT.unseen_ranges, code) ? 0 : within(TEXT.wide_ranges, code) ? TEXT.wide : own;
      advances.set(name, width);
    }
    return advances.get(name);
  };

  // Width of a line of text in pixels, by the table that Python uses.
  const textWidth = (string, size = 13, { bold = false, mono = false } = {}) => {
    let sum = 0;
    for (const character of string) sum += advance(character, bold, mono);
    return (sum * size) / 1000;
  };

  // The text, cut and marked with … if it is wider than so many pixels.
  const fit = (string, width, size = 13, face = {}) => {
    if (textWidth(string, size, face) <= width) return string;
    const room = width - textWidth("…", size, face);
    let kept = "", used = 0;
    for (const character of string) {
      used += textWidth(character, size, face);
      if (used > room) break;
      kept += character;
    }
    return room >= 0 ? kept + "…" : "";
  };

  // Lines of at most so many pixels, broken at blanks; a longer word gets a line of its own.
  const wrap = (string, width, size = 13, face = {}) => {
    const lines = [];
    for (const word of string.split(" ")) {
      const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
      if (lines.length && textWidth(longer, size, face) <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  };

  // A whole number with commas: 49,152.
  const thousands = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

  // ---------------------------------------------------------------- nodes, and making the page equal to them

  const h = (tag, attributes = {}, ...children) => ({
    tag,
    attributes,
    key: attributes.key,
    children: children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  });

  const drawn = new WeakMap(); // element -> the node that it shows

  // Namespace of a node and of what is inside it, unless it is foreignObject.
  const spaceOf = (node, space) => (node.tag === "svg" ? SVG : space);

  const create = (node, space) => {
    if (typeof node !== "object") return document.createTextNode(node);
    const own = spaceOf(node, space);
    const element = own ? document.createElementNS(own, node.tag) : document.createElement(node.tag);
    drawn.set(element, { tag: node.tag, attributes: {}, children: [] });
    update(element, node, space);
    return element;
  };

  const update = (element, node, space) => {
    const before = drawn.get(element);
    if (before === node) return;
    drawn.set(element, node);
    for (const name of Object.keys(before.attributes)) {
      if (!(name in node.attributes)) assign(element, name, null);
    }
    for (const [name, value] of Object.entries(node.attributes)) {
      if (value !== before.attributes[name] || name === "value" || name === "checked") assign(element, name, value);
    }
    reconcile(element, node.children, node.tag === "foreignObject" ? null : spaceOf(node, space));
  };

  const assign = (element, name, value) => {
    if (name === "key") return;
    if (name.startsWith("on")) element[name] = value;
    else if (name === "value" && "value" in element) {
      // What a reader is typing is newer than what Python has answered.
      const focused = element === element.getRootNode().activeElement;
      const typing = focused && element.matches("textarea, input:not([type])");
      if (!typing && element.value !== String(value ?? "")) element.value = value ?? "";
    } else if (name === "checked" || name === "disabled" || name === "selected") element[name] = Boolean(value);
    else if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else {
      const text = value === true ? "" : String(value);
      if (element.getAttribute(name) !== text) element.setAttribute(name, text);
    }
  };

  const shows = (element, node) =>
    typeof node === "object" ? drawn.get(element)?.tag === node.tag : element.nodeType === Node.TEXT_NODE;

  const reconcile = (parent, nodes, space) => {
    const keyed = new Map(), others = [];
    for (const child of parent.childNodes) {
      const key = drawn.get(child)?.key;
      if (key === undefined) others.push(child);
      else keyed.set(key, child);
    }
    const wanted = nodes.map((node) => {
      const old = node.key === undefined ? others.shift() : keyed.get(node.key);
      if (!old || !shows(old, node)) return create(node, space);
      if (typeof node === "object") update(old, node, space);
      else if (old.data !== String(node)) old.data = node;
      return old;
    });
    const keep = new Set(wanted);
    for (const child of [...parent.childNodes]) if (!keep.has(child)) child.remove();
    wanted.forEach((child, index) => {
      if (parent.childNodes[index] !== child) parent.insertBefore(child, parent.childNodes[index] ?? null);
    });
  };

  // ---------------------------------------------------------------- drawing words (twins of picture.py)

  const names = new Set(COLOURS);
  // CSS value of a palette name; `tint` mixes it into the ground by an amount from 0 to 1.
  const colour = (name) => (names.has(name) ? `var(--lab-${name})` : name);
  const tint = (name, amount, into = "ground") =>
    `color-mix(in srgb, ${colour(name)} ${number(100 * amount)}%, ${colour(into)})`;

  const options = (given) => {
    const attributes = {};
    for (const [option, value] of Object.entries(given)) {
      if (value === null || value === undefined || value === false) continue;
      const name = ATTRIBUTES[option] ?? option;
      const paint = name === "fill" || name === "stroke";
      attributes[name] = typeof value === "number" && name !== "key" ? number(value) : paint ? colour(value) : value;
    }
    return attributes;
  };
  const shape = (tag, place, given, ...children) => h(tag, options({ ...place, ...given }), ...children);
  const keepBlanks = (string) => (string === string.trim().split(/\s+/).join(" ") ? null : "white-space: pre");

  const classes = (style) => style.split(" ").map((word) => word && `lab-${word}`).join(" ");

  const rect = (x, y, width, height, given = {}) => shape("rect", { x, y, width, height }, given);
  const circle = (x, y, r, given = {}) => shape("circle", { cx: x, cy: y, r }, given);
  const line = (x1, y1, x2, y2, given = {}) =>
    shape("line", { x1, y1, x2, y2, stroke: "hairline", thickness: 1 }, given);
  const path = (d, given = {}) => shape("path", { d }, given);
  const text = (x, y, content, { mono = false, ...given } = {}) => {
    const look = { fill: "ink", size: 13, class: mono ? "lab-code" : null, ...given };
    if (typeof content === "string") return shape("text", { x, y, style: keepBlanks(content) }, look, content);
    const spans = content.map(([style, string]) =>
      h("tspan", { class: classes(style), style: keepBlanks(string) ?? "" }, string));
    return shape("text", { x, y }, look, spans);
  };
  const group = (x, y, given, ...children) =>
    shape("g", x || y ? { transform: `translate(${number(x)} ${number(y)})` } : {}, given, ...children);
  const svg = (width, height, children, given = {}) => {
    const box = { class: "lab-svg", width, height, viewBox: `0 0 ${number(width)} ${number(height)}` };
    return h("svg", options({ ...box, ...given }), ...children);
  };

  // Styled parts made by Python ([["", "plain"], ["strong", "…"], ["code", "…"]]) as HTML.
  const rich = (runs) => runs.map(([style, string]) => (style ? h("span", { class: classes(style) }, string) : string));

  // ---------------------------------------------------------------- arrays packed by view.pack

  const half = (bits) => {
    const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
  };
  const READERS = {
    float16: [2, (data, at) => half(data.getUint16(at, true)), Float32Array],
    float32: [4, (data, at) => data.getFloat32(at, true), Float32Array],
    int32: [4, (data, at) => data.getInt32(at, true), Int32Array],
    uint16: [2, (data, at) => data.getUint16(at, true), Uint16Array],
    uint8: [1, (data, at) => data.getUint8(at), Uint8Array],
  };
  const unpacked = new WeakMap();

  // {shape, values, at(i, j, …)} of a packed array; unpacking the same object again costs nothing.
  const unpack = (packed) => {
    if (!unpacked.has(packed)) {
      const [size, read, Kind] = READERS[packed.dtype];
      const data = packed.data instanceof DataView ? packed.data : new DataView(packed.data.buffer ?? packed.data);
      const values = new Kind(data.byteLength / size);
      for (let index = 0; index < values.length; index++) values[index] = read(data, index * size);
      const at = (...place) => values[place.reduce((sum, index, axis) => sum * packed.shape[axis] + index, 0)];
      unpacked.set(packed, { shape: packed.shape, values, at });
    }
    return unpacked.get(packed);
  };

  // ---------------------------------------------------------------- controls: label, keyboard and look in one

  const button = ({ label, click, kind = "secondary", disabled = false, hint, spoken, key }) =>
    h("button", { key, type: "button", class: `lab-button lab-${kind}`, disabled, title: hint, "aria-label": spoken,
      onclick: click }, label);

  const labelled = (label, key, ...control) =>
    h("span", { key: key ?? label, class: "lab-control" },
      h("span", { class: "lab-label", "aria-hidden": "true" }, label), ...control);

  // ‹ 3 ›; arrows, Page, Home and End on the value. `shown` replaces the number ("off").
  const stepper = ({ label, value, min, max, step = 1, shown, disabled = false, change, key }) => {
    const go = (to) => {
      const next = Math.min(max, Math.max(min, to));
      if (next !== value && !disabled) change(next);
    };
    const moves = {
      ArrowUp: value + step, ArrowRight: value + step, ArrowDown: value - step, ArrowLeft: value - step,
      PageUp: value + 10 * step, PageDown: value - 10 * step, Home: min, End: max,
    };
    const onkeydown = (event) => {
      if (!(event.key in moves)) return;
      event.preventDefault();
      go(moves[event.key]);
    };
    const arrow = (glyph, name, to, off) =>
      h("button", { type: "button", tabindex: -1, "aria-label": `${label}: ${name}`, disabled: disabled || off,
        onclick: () => go(to) }, glyph);
    const spoken = { "aria-label": label, "aria-valuenow": value, "aria-valuemin": min, "aria-valuemax": max,
      "aria-valuetext": shown, "aria-disabled": disabled ? "true" : null };
    return labelled(label, key,
      h("span", { class: "lab-stepper", role: "group", "aria-label": label },
        arrow("‹", "back", value - step, value <= min),
        h("span", { class: "lab-value", role: "spinbutton", tabindex: 0, ...spoken, onkeydown }, shown ?? `${value}`),
        arrow("›", "on", value + step, value >= max)));
  };

  // One of a few: choices are [{value, label, hint}]. Arrows move the choice.
  const segmented = ({ label, value, choices, change, key }) => {
    const at = choices.findIndex((choice) => choice.value === value);
    const moves = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    return labelled(label, key,
      h("span", { class: "lab-segmented", role: "radiogroup", "aria-label": label,
        onkeydown: (event) => {
          if (!(event.key in moves)) return;
          event.preventDefault();
          const next = (Math.max(at, 0) + moves[event.key] + choices.length) % choices.length;
          change(choices[next].value);
          event.currentTarget.children[next].focus();
        } },
        choices.map((choice, index) =>
          h("button", { type: "button", role: "radio", "aria-checked": String(index === at), title: choice.hint,
            tabindex: index === Math.max(at, 0) ? 0 : -1, onclick: () => change(choice.value) }, choice.label))));
  };

  // A native slider with its value beside it; `change` runs while it is dragged.
  const slider = ({ label, value, min, max, step = 1, shown, length = 96, disabled = false, change, key }) => {
    const share = max > min ? (100 * (value - min)) / (max - min) : 0;
    const style = `width: ${length}px; --share: ${number(share)}%`;
    return labelled(label, key,
      h("input", { type: "range", class: "lab-slider", "aria-label": label, "aria-valuetext": shown, disabled, style,
        min, max, step, value, oninput: (event) => change(Number(event.target.value)) }),
      h("output", { class: "lab-shown" }, shown ?? String(value)));
  };

  const checkbox = ({ label, value, tone = "blue", disabled = false, change, key }) => {
    const style = `--tone-fill: ${colour(`${tone}-fill`)}`;
    return h("label", { key: key ?? label, class: "lab-control lab-checkbox", style },
      h("input", { type: "checkbox", checked: value, disabled, onchange: (event) => change(event.target.checked) }),
      h("span", {}, label));
  };

  // One of many: a native menu; choices as in `segmented`.
  const menu = ({ label, value, choices, change, key }) =>
    labelled(label, key,
      h("select", { class: "lab-menu", "aria-label": label,
        onchange: (event) => change(choices[event.target.selectedIndex].value) },
        choices.map((choice) => h("option", { selected: choice.value === value }, choice.label))));

  // A field for text; `change` runs at every key.
  const field = ({ label, value, rows = 1, placeholder, change, key }) =>
    h("textarea", { key: key ?? label, class: "lab-field", "aria-label": label, rows, placeholder, value,
      spellcheck: "false", autocomplete: "off", oninput: (event) => change(event.target.value) });

  const reset = (view, click = () => view.reset()) =>
    h("span", { key: "reset", class: "lab-last" }, button({ label: "Reset", click }));

  // ‹ play › for a position from min to max: step, play and pause, with speed.
  const player = (view, { label, value, min = 0, max, change, milliseconds = 600 }) => {
    const speed = view.ui.speed ?? 1;
    const advanceOne = () => {
      const { value: now, max: last, change: move } = view.latest.player;
      if (now >= last) return false;
      move(now + 1);
      return now + 1 < last;
    };
    view.latest.player = { value, max, change };
    const begin = () => {
      if (value >= max) change(min);
      view.play("player", milliseconds / speed, advanceOne);
    };
    const playing = view.playing("player");
    const cycle = () => {
      const next = { 1: 2, 2: 4, 4: 0.5, 0.5: 1 }[speed];
      view.set({ speed: next });
      if (playing) view.play("player", milliseconds / next, advanceOne);
    };
    const pace = `${speed === 0.5 ? "½" : speed}×`;
    return h("span", { key: label, class: "lab-control lab-player", role: "group", "aria-label": label },
      button({ label: "‹", spoken: `${label}: back`, disabled: value <= min, click: () => change(value - 1) }),
      button({ label: playing ? "❚❚ Pause" : "▶ Play", kind: "primary lab-play",
        click: playing ? () => view.stop("player") : begin }),
      button({ label: "›", spoken: `${label}: on`, disabled: value >= max, click: () => change(value + 1) }),
      button({ label: pace, spoken: `speed ${speed}`, kind: "secondary lab-speed", click: cycle }));
  };

  // The one place for what is hovered or focused; keeps its height when empty.
  const readout = (content, given = {}) => {
    const shown = typeof content === "object" && content !== null ? rich(content) : content || "\u00a0";
    return h("div", { class: "lab-readout", ...given }, shown);
  };

  // ---------------------------------------------------------------- grids that the arrow keys walk

  const cell = (grid, row, column, label, current = false) => ({
    "data-grid": grid, "data-row": row, "data-column": column, "data-current": current ? "" : null,
    role: "button", "aria-label": label, "aria-pressed": current ? "true" : null, tabindex: -1,
  });
  const place = (element) => [Number(element.dataset.row), Number(element.dataset.column)];

  // The cell that a key leads to from here; undefined when there is none.
  const neighbour = (here, cells, key, far) => {
    const [row, column] = place(here);
    const all = cells.map((element) => ({ element, row: place(element)[0], column: place(element)[1] }));
    const nearest = (list, cost) => list.sort((one, other) => cost(one) - cost(other))[0]?.element;
    const same = all.filter((one) => one.row === row);
    if (key === "ArrowRight") return nearest(same.filter((one) => one.column > column), (one) => one.column);
    if (key === "ArrowLeft") return nearest(same.filter((one) => one.column < column), (one) => -one.column);
    if (key === "ArrowDown" || key === "ArrowUp") {
      const way = key === "ArrowDown" ? 1 : -1;
      const beyond = all.filter((one) => (one.row - row) * way > 0);
      return nearest(beyond, (one) => Math.abs(one.row - row) * 1e4 + Math.abs(one.column - column));
    }
    const line = far ? all : same;
    const order = (one) => one.row * 1e4 + one.column;
    if (key === "Home") return nearest(line, order);
    if (key === "End") return nearest(line, (one) => -order(one));
    return undefined;
  };

  const cellsOf = (root, grid) => [...root.querySelectorAll("[data-grid]")].filter((one) => one.dataset.grid === grid);

  // Exactly one cell of each grid can be reached by Tab: where the reader was, else the current one, else the first.
  const settleTabStops = (root, visited) => {
    const grids = new Map();
    for (const element of root.querySelectorAll("[data-grid]")) {
      const list = grids.get(element.dataset.grid);
      if (list) list.push(element);
      else grids.set(element.dataset.grid, [element]);
    }
    for (const [grid, cells] of grids) {
      const last = visited.get(grid);
      const stop = (last && cells.find((one) => `${one.dataset.row},${one.dataset.column}` === last))
        ?? cells.find((one) => one.dataset.current !== undefined) ?? cells[0];
      for (const one of cells) if (one.tabIndex !== (one === stop ? 0 : -1)) one.tabIndex = one === stop ? 0 : -1;
    }
  };

  // ---------------------------------------------------------------- the view

  // Light or dark, from the ground on which the view really stands (any host, any theme).
  const isDark = (root) => {
    const probe = document.createElement("span");
    probe.style.color = "var(--jp-layout-color0, var(--vscode-editor-background, #fff))";
    root.append(probe);
    const [red, green, blue] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? [255, 255, 255]).map(Number);
    probe.remove();
    return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  };

  const headerNodes = (state, sentence, meta, id) =>
    h("header", { class: "lab-header" },
      h("div", { class: "lab-title-line" },
        h("div", { class: "lab-title", role: "heading", "aria-level": 3, id: `${id}-title` }, state.title ?? NAME),
        h("div", { class: "lab-meta" }, meta ?? "")),
      h("p", { class: "lab-sentence", id: `${id}-sentence`, role: "status", "aria-live": "polite",
        "aria-atomic": "true" }, rich(sentence ?? [])));

  const noticeNodes = (state) => h("div", { class: `lab-notice lab-${state.status}` }, NOTICES[state.status]);

  const view = (spec) => ({
    render({ model, el }) {
      const root = document.createElement("section");
      const id = `lab-${Math.random().toString(36).slice(2)}`;
      root.className = `lab-view lab-${NAME}`;
      root.setAttribute("role", "group");
      root.setAttribute("aria-labelledby", `${id}-title`);
      root.setAttribute("aria-describedby", `${id}-sentence`);
      el.append(root);

      const memos = new Map(), timers = new Map(), visited = new Map();
      let frame = 0, lastStage = null, gone = false;

      const self = {
        model,
        latest: {},
        ui: { ...spec.start },
        width: model.get("width"),
        dark: false,
        still: matchMedia("(prefers-reduced-motion: reduce)").matches,
        get state() { return model.get("state"); },
        get: (name) => model.get(name),
        set(changes) { Object.assign(self.ui, changes); redraw(); },
        send(changes) {
          for (const [name, value] of Object.entries(changes)) model.set(name, value);
          model.save_changes(); // ipywidgets keeps one message in flight and gathers the later ones: latest wins
          redraw();
        },
        memo(name, dependencies, make) {
          const before = memos.get(name);
          if (before && before.dependencies.every((one, index) => one === dependencies[index])) return before.nodes;
          const nodes = make();
          memos.set(name, { dependencies, nodes });
          return nodes;
        },
        play(name, milliseconds, step) {
          self.stop(name);
          timers.set(name, setInterval(() => { if (step() === false) self.stop(name); }, milliseconds));
          redraw();
        },
        stop(name) { clearInterval(timers.get(name)); timers.delete(name); redraw(); },
        playing: (name) => timers.has(name),
        reset() {
          for (const name of [...timers.keys()]) self.stop(name);
          self.ui = { ...spec.start };
          visited.clear();
          self.send(model.get("initial"));
        },
        root,
      };

      const draw = () => {
        frame = 0;
        if (gone) return;
        const state = self.state;
        const waits = state.status === "loading" && lastStage !== null;
        if (!state.status) lastStage = [spec.stage(self)].flat(Infinity);
        const stage = state.status && !waits ? noticeNodes(state) : lastStage;
        const sentence = (!state.status && spec.sentence?.(self)) || state.sentence;
        const meta = (!state.status && spec.meta?.(self)) || state.meta;
        reconcile(root, [
          headerNodes(state, sentence, meta, id),
          spec.entry ? h("div", { class: "lab-entry" }, spec.entry(self)) : null,
          h("div", { class: waits ? "lab-stage lab-faint" : "lab-stage" }, stage),
          spec.controls
            ? h("div", { class: "lab-controls", role: "group", "aria-label": "Controls" }, spec.controls(self))
            : null,
        ].filter(Boolean), null);
        settleTabStops(root, visited);
      };
      const redraw = () => { if (!frame && !gone) frame = requestAnimationFrame(draw); };

      const resize = () => {
        const room = el.clientWidth;
        if (!room) return; // not shown at the moment
        const width = Math.max(640, Math.min(room, model.get("width")));
        root.style.width = `${width}px`;
        if (width !== self.width) { self.width = width; redraw(); }
      };
      const retheme = () => {
        self.dark = isDark(root);
        root.dataset.theme = self.dark ? "dark" : "light";
        redraw();
      };
      const onBusy = () => {
        root.classList.toggle("lab-busy", model.get("busy"));
        root.setAttribute("aria-busy", String(model.get("busy")));
      };
      const onState = () => {
        root.dataset.answers = Number(root.dataset.answers ?? 0) + 1;
        redraw();
      };

      root.addEventListener("keydown", (event) => {
        const command = event.ctrlKey || event.metaKey;
        if (!(command && event.key === "s")) event.stopPropagation(); // JupyterLab would act on the key as well
        const target = event.target, typing = target.matches("textarea, input, select");
        if (target.dataset?.grid !== undefined) {
          const next = neighbour(target, cellsOf(root, target.dataset.grid), event.key, command);
          if (next) { event.preventDefault(); next.focus(); return; }
          if (/^(Arrow|Home|End)/.test(event.key)) event.preventDefault();
          if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            target.dispatchEvent(new MouseEvent("click", { bubbles: true }));
            return;
          }
        }
        const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
        const own = target.matches("button, [role=spinbutton]") && (key === " " || key === "Enter");
        if (!typing && !own && !command && !event.altKey && !event.defaultPrevented && spec.keys?.[key]) {
          event.preventDefault();
          spec.keys[key](self);
        }
      });
      root.addEventListener("focusin", (event) => {
        const cellHere = event.target;
        if (cellHere.dataset?.grid === undefined) return;
        visited.set(cellHere.dataset.grid, String(place(cellHere)));
        settleTabStops(root, visited);
      });

      const listeners = TRAITS.map((name) => {
        const heard = { state: onState, busy: onBusy, width: resize }[name] ?? redraw;
        model.on(`change:${name}`, heard);
        return [name, heard];
      });
      const sizes = new ResizeObserver(resize);
      sizes.observe(el);
      const themes = new MutationObserver(() => { retheme(); setTimeout(retheme, 300); });
      const attributeFilter = ["class", "style", "data-jp-theme-light", "data-jp-theme-name", "theme"];
      for (const one of [document.documentElement, document.body]) themes.observe(one, { attributeFilter });

      resize();
      retheme();
      onBusy();
      draw();
      const unmount = spec.mounted?.(self);
      return () => {
        gone = true;
        cancelAnimationFrame(frame);
        for (const timer of timers.values()) clearInterval(timer);
        for (const [name, heard] of listeners) model.off(`change:${name}`, heard);
        sizes.disconnect();
        themes.disconnect();
        unmount?.();
        root.remove();
      };
    },
  });

  return {
    h, svg, rect, circle, line, path, text, group, rich, colour, tint, number, fixed, thousands, textWidth, fit, wrap,
    unpack, button, stepper, segmented, slider, checkbox, menu, field, reset, player, readout, cell, view, PADDING,
  };
})();
