// The largest error from the first frame to the last, on a log scale, as value_map_panels.py draws it; its axis is the
// slider.
import { frameOf } from "./value_map_layout.js";
import { heading } from "./value_map_panels.js";
import { goTo } from "./value_map_actions.js";

const { rect, line, circle, path, text, group, small, textWidth, number, clamp, plain } = lab;

const frameX = (at, state, frame) =>
  at.chartLeft + ((at.chartRight - at.chartLeft) * frame) / Math.max(1, state.frames - 1);

const share = (at, x) => (x - at.chartLeft) / (at.chartRight - at.chartLeft);

const errorY = (at, state, error) => {
  const { top, bottom } = state.axis, power = Math.log10(Math.max(error, 10 ** bottom));
  return at.chart + at.curve * Math.min(1, (top - power) / (top - bottom));
};

const curve = (at, state, start, end) => {
  const firsts = new Set(state.stretches.map(({ first }) => first));
  return lab.range(end - start + 1).map((index) => {
    const frame = start + index, pen = frame === start || firsts.has(frame) ? "M" : "L";
    return `${pen}${number(frameX(at, state, frame))} ${number(errorY(at, state, state.errors[frame]))}`;
  }).join("");
};

export const drawError = (view, at, frame) => {
  const { state } = view, { chartLeft: left, chartRight: right, chart: top } = at, bottom = top + at.curve;
  const x = frameX(at, state, frame), y = errorY(at, state, state.errors[frame]), told = state.told[frame];
  const beyond = x + 8 + textWidth(told, 11, { bold: true }) > right;
  return [
    heading(at.right, top - 14, "Largest error", "log scale"),
    state.axis.ticks.map(([power, label]) => {
      const height = errorY(at, state, 10 ** power);
      return [line(left, height, right, height), text(left - 6, height + 4, label, { anchor: "end", ...small })];
    }),
    drawChanges(at, state),
    path(curve(at, state, frame, state.frames - 1), { fill: "none", stroke: "grey", thickness: 1.5, dash: "3 3" }),
    path(curve(at, state, 0, frame), { fill: "none", stroke: "blue", thickness: 2, join: "round" }),
    line(x, y, x, bottom + 14, { stroke: "blue", thickness: 1.25 }),
    circle(x, y, 4, { fill: "vermilion", stroke: "ground", thickness: 1.5 }),
    text(beyond ? x - 8 : x + 8, Math.max(top - 2, y - 7), told,
      { size: 11, weight: 600, fill: "vermilion-text", anchor: beyond ? "end" : "start" }),
    drawSlider(view, at, frame),
  ];
};

const drawChanges = (at, state) => {
  const top = at.chart, last = Math.max(1, state.frames - 1);
  let free = at.chartLeft;
  return state.stretches.filter(({ note }) => note).map(({ first, note }) => {
    const x = frameX(at, state, first), begin = x - 10 - textWidth(note, 11);
    const frame = clamp(Math.floor(last * share(at, begin)), 0, last);
    const clear = begin > free && errorY(at, state, state.errors[frame]) > top + 16;
    free = x;
    return [
      line(x, top - 4, x, top + at.curve, { stroke: "ink", dash: "3 3" }),
      clear && text(x - 5, top + 11, note, { anchor: "end", ...small }),
    ];
  });
};

const drawSlider = (view, at, frame) => {
  const { state } = view, { chartLeft: left, chartRight: right } = at, y = at.chart + at.curve + 14;
  const x = frameX(at, state, frame), last = state.frames - 1;
  const now = `${state.words.unit} ${frame}`, half = textWidth(now, 11, { bold: true }) / 2;
  const middle = Math.min(Math.max(x, at.right + half), right + 14 - half);
  const ticks = [...new Set([0, Math.floor(last / 2), last])];
  return [
    line(left, y, right, y, { thickness: 3, cap: "round" }),
    line(left, y, x, y, { stroke: "blue", thickness: 3, cap: "round" }),
    ticks.filter((tick) => Math.abs(frameX(at, state, tick) - middle) > half + 14).map((tick) =>
      text(frameX(at, state, tick), y + 20, String(tick), { anchor: "middle", ...small })),
    text(middle, y + 20, now, { size: 11, weight: 600, anchor: "middle" }),
    group(0, 0, { key: "grip" },
      rect(left - 8, at.chart - 6, right - left + 16, at.curve + 30, { fill: "transparent", class: "vm-scrub", ...drag(view, at) }),
      circle(x, y, 6, { fill: "blue", stroke: "ground", thickness: 1.5, class: "vm-knob", tabindex: 0, role: "slider",
        "aria-label": state.words.unit, "aria-valuenow": frame, "aria-valuemin": 0, "aria-valuemax": last,
        "aria-valuetext": plain(state.sentences[frame]), onkeydown: (event) => steer(view, event), ...drag(view, at) })),
  ];
};

const drag = (view, at) => {
  const follow = (event) => {
    const box = event.currentTarget.ownerSVGElement.getBoundingClientRect();
    goTo(view, (view.state.frames - 1) * share(at, event.clientX - box.left));
  };
  return {
    onpointerdown: (event) => {
      if (event.button !== 0) return;
      view.stop("player");
      event.currentTarget.setPointerCapture(event.pointerId);
      follow(event);
    },
    onpointermove: (event) => { if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event); },
  };
};

// Reckoned from where the slider is now, not from where it was drawn: a key may be faster than the drawing.
const steer = (view, event) => {
  const far = event.shiftKey ? 10 : 1, last = view.state.frames - 1, frame = frameOf(view);
  const to = { ArrowRight: frame + far, ArrowUp: frame + far, ArrowLeft: frame - far, ArrowDown: frame - far,
    PageUp: frame + 10, PageDown: frame - 10, Home: 0, End: last }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  goTo(view, to);
};
