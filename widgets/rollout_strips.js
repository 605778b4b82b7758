// The live strips of rollout_picture.py, in the same order and with the same names.
import { column, goTo, placeOf, printed, sentenceOf, train, walk } from "./rollout_reading.js";

const { rect, circle, line, path, text, small, number, clamp, range, fit, tint, textWidth, plain, unpack } = lab;
const M = MEASURES;
const THINNEST = 2;

export const layout = (width) => {
  const side = Math.min(M.side, 0.28 * width), end = width - 16;
  return { left: M.left, right: end - side - M.gap, panel: end - side, end };
};

const strideOf = (at, steps) => Math.max(1, Math.ceil((THINNEST * steps) / (at.right - at.left) - 1e-9));
const stepX = (at, steps, step) => at.left + ((step + 0.5) * (at.right - at.left)) / steps;

export const filmSteps = (at, steps) => {
  const count = Math.min(steps, Math.floor((at.right - at.left) / 38));
  return range(count).map((index) => Math.floor(((index + 0.5) * steps) / count));
};

// For each bar its first step and the value farthest from zero; bars without a number are left out.
const extremes = (values, stride) => {
  const found = [];
  for (let start = 0; start < values.length; start += stride) {
    let most = NaN;
    for (const value of values.slice(start, start + stride)) {
      if (Number.isFinite(value) && !(Math.abs(value) <= Math.abs(most))) most = value;
    }
    if (!Number.isNaN(most)) found.push([start, most]);
  }
  return found;
};

// One path of upright bars (first step, from y, to y).
const barsPath = (at, steps, stride, bars) => {
  const pitch = (at.right - at.left) / steps, gap = Math.min(0.6, 0.2 * pitch * stride);
  return bars.map(([start, top, bottom]) => {
    const x = at.left + start * pitch, width = Math.min(stride, steps - start) * pitch - gap;
    return `M${number(x)} ${number(top)}h${number(width)}V${number(bottom)}h${number(-width)}Z`;
  }).join("");
};

const upright = (start, one, other) => [start, Math.min(one, other), Math.max(one, other)];

// What does not move while the steps are scrubbed.
export const drawStrips = (state, at, data, surprise) => [
  drawPolicy(at, state, data),
  drawReward(at, data),
  drawValue(at, data),
  drawError(at, data, surprise),
];

const drawName = (y, name, ...lines) => [
  text(16, y, name, { weight: 600 }),
  lines.filter(Boolean).map((row, index) => text(16, y + 14 + 13 * index, row, small)),
];

const drawTick = (at, y, label) => text(at.left - 6, y, label, { ...small, anchor: "end" });

// ---------------------------------------------------------------- policy

const drawPolicy = (at, state, data) => {
  const top = M.policy_top, height = M.policy, { policy: kind, steps } = data, stride = strideOf(at, steps);
  const actions = column(data.action, 0);
  if (kind === "two") return drawTwo(at, top, height, state, data, actions);
  if (kind === "rows") return drawRows(at, top, height, state, data, actions);
  if (kind === "chosen") {
    const chances = unpack(data.probabilities), values = actions.map((action, t) => chances.at(t, action));
    return [
      drawName(top + 11, "Policy", "probability", "of the action"),
      path(barsPath(at, steps, stride,
        extremes(values, stride).map(([start, value]) => [start, top + height * (1 - value), top + height])), { fill: "blue" }),
      line(at.left, top + height, at.right, top + height, { stroke: "quiet" }),
      drawTick(at, top + 8, "1"),
      drawTick(at, top + height + 3, "0"),
    ];
  }
  const largest = Math.max(...actions.map(Math.abs)) || 1, middle = top + height / 2;
  const bars = extremes(actions, stride).map(([start, value]) =>
    upright(start, middle, middle - ((value / largest) * height) / 2));
  return [
    drawName(top + 11, "Action", unpack(data.action).shape[1] > 1 ? "first number" : "as sampled"),
    path(barsPath(at, steps, stride, bars), { fill: "blue" }),
    line(at.left, middle, at.right, middle, { stroke: "quiet" }),
    drawTick(at, top + 8, printed(largest, 1, true)),
    drawTick(at, top + height + 3, printed(-largest, 1)),
  ];
};

const starts = (steps, stride) => range(Math.ceil(steps / stride)).map((index) => index * stride);

const drawTwo = (at, top, height, state, data, actions) => {
  const names = state.scene.actions.length ? state.scene.actions : ["action 0", "action 1"], { steps } = data;
  const stride = strideOf(at, steps), middle = top + height / 2, half = height / 2 - 7;
  const bars = extremes(column(data.probabilities, 1).map((chance) => chance - 0.5), stride);
  return [
    drawName(top + 9, "Policy", "bar: probability", "mark: action"),
    [[1, "blue"], [-1, "sky"]].map(([sign, colour]) => {
      const chosen = bars.filter(([, value]) => value * sign > 0)
        .map(([start, value]) => upright(start, middle, middle - 2 * half * value));
      const y = sign > 0 ? top : top + height - 4;
      const marks = starts(steps, stride)
        .filter((start) => actions.slice(start, start + stride).some((action) => (action > 0.5) === (sign > 0)))
        .map((start) => [start, y, y + 4]);
      return [
        path(barsPath(at, steps, stride, chosen), { fill: colour, opacity: sign > 0 ? 0.7 : null }),
        path(barsPath(at, steps, stride, marks), { fill: colour }),
      ];
    }),
    line(at.left, middle, at.right, middle, { stroke: "quiet" }),
    drawTick(at, top + 6, fit(names[1], 34, 11)),
    drawTick(at, top + height, fit(names[0], 34, 11)),
    text(at.right + 6, middle + 4, "½", small),
  ];
};

const drawRows = (at, top, height, state, data, actions) => {
  const about = state.scene, { steps } = data, { probabilities } = data;
  const count = probabilities ? unpack(probabilities).shape[1] : about.actions.length;
  const stride = strideOf(at, steps), pitch = height / count;
  const labels = about.arrows?.length ? about.arrows : about.actions.length ? about.actions : range(count).map(String);
  return [
    drawName(top + 9, "Policy", probabilities ? "colour: chance" : "", "mark: action"),
    range(count).map((action) => {
      const y = top + action * pitch, middle = y + (pitch - 1) / 2;
      const shown = probabilities ? extremes(column(probabilities, action), stride) : [];
      const marks = starts(steps, stride)
        .filter((start) => actions.slice(start, start + stride).includes(action))
        .map((start) => [start, middle - 2, middle + 2]);
      return [
        drawTick(at, y + pitch / 2 + 4, fit(labels[action], 30, 11)),
        range(8).map((index) => {
          const bars = shown.filter(([, p]) => Math.ceil(8 * p - 0.05) === index + 1)
            .map(([start]) => [start, y, y + pitch - 1]);
          return bars.length && path(barsPath(at, steps, stride, bars), { fill: tint("blue", 0.09 * (index + 1)) });
        }),
        marks.length > 0 && path(barsPath(at, steps, stride, marks), { fill: "ink" }),
      ].filter(Boolean);
    }),
  ];
};

// ---------------------------------------------------------------- reward, value, TD error

const drawReward = (at, data) => {
  const top = M.reward_top, height = M.reward, { steps, reward_axis: { low, high } } = data;
  const span = high - low || 1, stride = strideOf(at, steps);
  const zero = top + height * (high - low ? high / span : 1), values = [...unpack(data.reward).values];
  const largest = high >= -low ? high : low;
  return [
    drawName(top + 11, "Reward"),
    [[1, "grey"], [-1, "vermilion"]].map(([sign, colour]) => {
      const bars = extremes(values, stride).filter(([, value]) => value * sign > 0).map(([start, value]) => {
        const length = Math.max(1.5, (Math.abs(value) / span) * height);
        return sign > 0 ? [start, zero - length, zero] : [start, zero, zero + length];
      });
      return bars.length > 0 && path(barsPath(at, steps, stride, bars), { fill: colour });
    }),
    line(at.left, zero, at.right, zero),
    drawTick(at, top + 11, printed(largest, Number.isInteger(largest) ? 0 : 2, true)),
  ];
};

const valueY = (data, value) => {
  const [low, high] = data.value_axis.ends;
  return M.value_top + (M.value * (high - value)) / (high - low);
};

const linePoints = (at, data, values) => starts(data.steps, strideOf(at, data.steps))
  .map((t) => `${number(stepX(at, data.steps, t))} ${number(valueY(data, values[t]))}`);

const drawValue = (at, data) => {
  const top = M.value_top, came = linePoints(at, data, unpack(data.returns).values);
  const y = top + (data.has_value ? 37 : 23), expected = linePoints(at, data, unpack(data.value).values);
  const last = unpack(data.next_value).values[data.steps - 1];
  return [
    data.value_axis.ticks.map(([value, label]) => [
      line(at.left, valueY(data, value), at.right, valueY(data, value)),
      drawTick(at, valueY(data, value) + 4, label),
    ]),
    drawName(top + 9, data.has_value ? "Value" : "Return"),
    data.has_value && [
      path(`M${[...expected, ...came.toReversed()].join("L")}Z`, { fill: "vermilion", opacity: 0.15 }),
      path(`M${expected.join("L")}`, { fill: "none", stroke: "blue", thickness: 2, join: "round" }),
      line(16, top + 20, 30, top + 20, { stroke: "blue", thickness: 2 }),
      text(34, top + 24, "V expected", { size: 11, fill: "blue-text" }),
    ],
    path(`M${came.join("L")}`, { fill: "none", stroke: "ink", thickness: 1.5, dash: "4 3" }),
    line(16, y - 4, 30, y - 4, { stroke: "ink", thickness: 1.5, dash: "4 3" }),
    text(34, y, "G came", { size: 11 }),
    drawEnd(at.right + 12, valueY(data, Number.isFinite(last) ? last : 0), data.end),
  ];
};

// ✕ for a terminal state, ⊣ for a cut, a ring for an episode that was left.
const drawEnd = (x, y, end) => {
  const look = { fill: "none", thickness: 2.5 };
  if (end === "terminated") return path(`M${number(x - 4)} ${number(y - 4)}l8 8m0 -8l-8 8`, { ...look, stroke: "vermilion" });
  if (end === "truncated") return path(`M${number(x - 7)} ${number(y)}h9m0 -6v12`, { ...look, stroke: "amber" });
  return circle(x, y, 3.5, { fill: "ground", stroke: "quiet", thickness: 1.5 });
};

const drawError = (at, data, surprise) => {
  const top = M.error_top, height = M.error, { steps } = data, stride = strideOf(at, steps), middle = top + height / 2;
  const [name, told] = { td_error: ["TD error", "surprise δ"], advantage: ["Advantage", "better than V"] }[surprise];
  const names = drawName(top + 11, name, told, stride > 1 && `extreme of ${stride}`);
  if (!data.has_value) {
    return [names, text((at.left + at.right) / 2, middle + 4, "no value function was asked: play(policy, env, value=…)",
      { ...small, anchor: "middle" })];
  }
  const limit = data.limits[surprise], decimals = limit >= 3 ? 0 : limit >= 0.2 ? 1 : limit >= 0.02 ? 2 : 3;
  const bars = extremes([...unpack(data[surprise]).values], stride);
  const beyond = bars.filter(([, value]) => Math.abs(value) > limit);
  const barX = (start) => stepX(at, steps, start + (stride - 1) / 2);
  const farthest = beyond.reduce((one, other) => (!one || Math.abs(other[1]) > Math.abs(one[1]) ? other : one), null);
  return [
    names,
    [limit, -limit].map((value) => {
      const y = middle - ((value / limit) * height) / 2;
      return [line(at.left, y, at.right, y), drawTick(at, y + 4, printed(value, decimals, true))];
    }),
    [[1, "blue"], [-1, "vermilion"]].map(([sign, colour]) => {
      const chosen = bars.filter(([, value]) => value * sign > 0).map(([start, value]) =>
        upright(start, middle, middle - (clamp(value / limit, -1, 1) * height) / 2));
      return chosen.length > 0 && path(barsPath(at, steps, stride, chosen), { fill: colour, opacity: 0.85 });
    }),
    line(at.left, middle, at.right, middle, { stroke: "quiet" }),
    beyond.map(([start, value]) => drawBeyond(barX(start), middle, height, value)),
    farthest && drawFarthest(at, barX(farthest[0]), middle, height, farthest[1]),
  ];
};

const drawBeyond = (x, middle, height, value) => {
  const way = value > 0 ? -1 : 1, y = middle + (way * height) / 2;
  return path(`M${number(x)} ${number(y + way * 6)}l-4 ${number(-way * 7)}h8Z`, { fill: value > 0 ? "blue" : "vermilion" });
};

const drawFarthest = (at, x, middle, height, value) => {
  const label = printed(value, 1, true), left = x - 9 - textWidth(label, 11, { bold: true }) > at.left;
  const y = middle + (value > 0 ? -1 : 1) * (height / 2 - 5) + (value > 0 ? 4 : 0);
  return text(x + (left ? -9 : 9), y, label, { size: 11, weight: 600,
    fill: value > 0 ? "blue-text" : "vermilion-text", anchor: left ? "end" : "start" });
};

// ---------------------------------------------------------------- the axis and the present step

const ticksOf = (steps) => {
  const power = 10 ** Math.max(0, Math.trunc(Math.log10(Math.max(steps, 1))) - 1);
  const pitch = [1, 2, 5, 10, 20, 50].map((size) => size * power).find((size) => steps / size <= 8);
  return starts(steps, pitch);
};

// What moves: paler rewards to come, dots on the curves, the line through all strips with its number.
export const drawNow = (state, at, data, step) => {
  const y = M.axis, { steps } = data, x = stepX(at, steps, step), after = stepX(at, steps, step + 0.5);
  const top = state.scene.film ? M.film_top - 4 : M.policy_top - 6;
  return [
    rect(after, M.reward_top - 2, at.right - after, M.reward + 4, { fill: "ground", opacity: 0.5 }),
    [["returns", "ink"], ["value", "blue"]].map(([name, colour]) => {
      const value = unpack(data[name]).values[step];
      return Number.isFinite(value) &&
        circle(x, valueY(data, value), 4, { fill: colour, stroke: "ground", thickness: 1.5 });
    }),
    text(16, y + 14, "step", small),
    ticksOf(steps).map((tick) => [tick, stepX(at, steps, tick)]).filter(([, place]) => Math.abs(place - x) > 26)
      .map(([tick, place]) => [
        line(place, y, place, y + 4, { stroke: "quiet" }),
        text(place, y + 15, String(tick), { ...small, anchor: "middle" }),
      ]),
    drawEnd(at.right + 12, y + 10, data.end),
    line(x, top, x, y + 2, { stroke: "ink", thickness: 1.25 }),
    path(`M${number(x - 5)} ${number(top - 4)}h10l-5 6Z`, { fill: "ink" }),
    rect(x - 17, y + 2, 34, 18, { fill: "ink", radius: 6 }),
    text(x, y + 15, String(step), { size: 11, weight: 600, fill: "ground", anchor: "middle" }),
  ];
};

// An invisible sheet over the strips: dragged by the mouse, a slider along the steps for the keyboard.
export const drawSheet = (view, at) => {
  const { data, step } = placeOf(view), top = view.state.scene.film ? M.film_top : M.policy_top - 4;
  const scrub = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    goTo(view, Math.floor(((event.clientX - box.left) / box.width) * data.steps));
  };
  return rect(at.left, top, at.right - at.left, M.axis + 20 - top, {
    key: "sheet", class: "rp-sheet", fill: "ground", "fill-opacity": 0, tabindex: 0, role: "slider", radius: 4,
    "aria-label": "Step", "aria-valuemin": "0", "aria-valuemax": String(data.steps - 1), "aria-valuenow": String(step),
    "aria-valuetext": plain(sentenceOf(view)), "aria-description": "left and right: step; up and down: training",
    onkeydown: (event) => steer(view, event),
    ...dragging(view, scrub),
  });
};

export const dragging = (view, follow) => ({
  onpointerdown: (event) => {
    if (event.button !== 0) return;
    view.stop("player");
    event.currentTarget.setPointerCapture(event.pointerId);
    follow(event);
  },
  onpointermove: (event) => { if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event); },
});

// Arrows, with Shift ten steps; the same keys work anywhere in the view, there without Shift.
const steer = (view, event) => {
  const far = event.shiftKey ? 10 : 1, { data } = placeOf(view);
  const acts = {
    ArrowLeft: () => walk(view, -far), ArrowRight: () => walk(view, far), PageUp: () => walk(view, -10),
    PageDown: () => walk(view, 10), Home: () => goTo(view, 0), End: () => goTo(view, data.steps - 1),
    ArrowUp: () => train(view, far), ArrowDown: () => train(view, -far),
  };
  if (!acts[event.key]) return;
  event.preventDefault();
  acts[event.key]();
};
