// Controls: label, keyboard and look in one.
import { clamp, number } from "./shared_text.js";
import { h } from "./shared_nodes.js";
import { colour, rich } from "./shared_drawing.js";

// A button that can do nothing now is told so, but stays in the order of Tab: whoever has come to the last step by
// pressing "on" would else be without a focus, and the next key would be JupyterLab's.
const pressed = (disabled, click) => ({ "aria-disabled": disabled ? "true" : null, onclick: disabled ? null : click });

export const button = ({ label, click, kind = "secondary", disabled = false, hint, spoken, key }) =>
  h("button", { key, type: "button", class: `lab-button lab-${kind}`, title: hint, "aria-label": spoken,
    ...pressed(disabled, click) }, label);

const labelled = (label, key, ...control) =>
  h("span", { key: key ?? label, class: "lab-control" },
    h("span", { class: "lab-label", "aria-hidden": "true" }, label), ...control);

// ‹ 3 ›; arrows, Page, Home and End on the value. `shown` replaces the number ("off").
export const stepper = ({ label, value, min, max, step = 1, shown, disabled = false, change, key }) => {
  const go = (to) => {
    const next = clamp(to, min, max);
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
    h("button", { type: "button", tabindex: -1, "aria-label": `${label}: ${name}`,
      ...pressed(disabled || off, () => go(to)) }, glyph);
  const spoken = { "aria-label": label, "aria-valuenow": value, "aria-valuemin": min, "aria-valuemax": max,
    "aria-valuetext": shown, "aria-disabled": disabled ? "true" : null };
  return labelled(label, key,
    h("span", { class: "lab-stepper", role: "group", "aria-label": label },
      arrow("‹", "back", value - step, value <= min),
      h("span", { class: "lab-value", role: "spinbutton", tabindex: 0, ...spoken, onkeydown }, shown ?? `${value}`),
      arrow("›", "on", value + step, value >= max)));
};

// One of a few: choices are [{value, label, hint}]. Arrows move the choice.
export const segmented = ({ label, value, choices, change, key }) => {
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
export const slider = ({ label, value, min, max, step = 1, shown, length = 96, disabled = false, change, key }) => {
  const share = max > min ? (100 * (value - min)) / (max - min) : 0;
  const style = `width: ${length}px; --share: ${number(share)}%`;
  return labelled(label, key,
    h("input", { type: "range", class: "lab-slider", "aria-label": label, "aria-valuetext": shown, disabled, style,
      min, max, step, value, oninput: (event) => change(Number(event.target.value)) }),
    h("span", { class: "lab-shown", "aria-hidden": "true" }, shown ?? String(value)));
};

export const checkbox = ({ label, value, tone = "blue", disabled = false, change, key }) => {
  const style = `--tone-fill: ${colour(`${tone}-fill`)}`;
  return h("label", { key: key ?? label, class: "lab-control lab-checkbox", style },
    h("input", { type: "checkbox", checked: value, disabled, onchange: (event) => change(event.target.checked) }),
    h("span", {}, label));
};

// One of many: a native menu; choices as in `segmented`.
export const menu = ({ label, value, choices, change, key }) =>
  labelled(label, key,
    h("select", { class: "lab-menu", "aria-label": label,
      onchange: (event) => change(choices[event.target.selectedIndex].value) },
      choices.map((choice) => h("option", { selected: choice.value === value }, choice.label))));

// A field for text; `change` runs at every key. `single`: one line, Enter does nothing; `wrong`: it cannot be read.
export const field = ({ label, value, rows = 1, single = false, wrong = false, placeholder, change, key }) =>
  h("textarea", { key: key ?? label, class: "lab-field", "aria-label": label, rows, placeholder, value,
    "aria-invalid": wrong ? "true" : null, spellcheck: "false", autocomplete: "off",
    onkeydown: single ? (event) => { if (event.key === "Enter") event.preventDefault(); } : null,
    oninput: (event) => change(event.target.value) });

export const reset = (view, click = () => view.reset()) =>
  h("span", { key: "reset", class: "lab-last" }, button({ label: "Reset", click }));

// ‹ play › for a position from min to max: step, play and pause, with speed.
export const player = (view, { label, value, min = 0, max, change, milliseconds = 600 }) => {
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

// The key that presses the player's button, for a view's `keys`.
export const playPause = (view) => view.root.querySelector(".lab-play")?.click();

// The one place for what is hovered or focused; keeps its height when empty.
export const readout = (content, given = {}) => {
  const shown = typeof content === "object" && content !== null ? rich(content) : content || "\u00a0";
  return h("div", { class: "lab-readout", ...given }, shown);
};
