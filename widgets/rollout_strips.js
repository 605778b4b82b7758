// The live strips of rollout_picture.py, in the same order and with the same names.
import { barsPath, drawName, drawTick, extremes, starts, stepX, strideOf, upright } from "./rollout_bars.js";
import { drawPolicy } from "./rollout_policy.js";
import { printed, shownTrack } from "./rollout_reading.js";

const { rect, circle, line, path, text, small, number, clamp, textWidth, unpack } = lab;
const M = MEASURES;

// What does not move while the steps are scrubbed.
export const drawStrips = (state, at, data, surprise) => [
  drawPolicy(at, state, data),
  drawReward(at, data),
  drawValue(at, data),
  drawError(at, data, surprise),
];

// ---------------------------------------------------------------- reward, value, TD error

const drawReward = (at, data) => {
  const top = M.reward_top, height = M.reward, { steps, reward_axis: { low, high } } = data;
  const span = high - low || 1, stride = strideOf(at, steps);
  const zero = top + height * (high - low ? high / span : 1), values = [...unpack(data.reward).values];
  const largest = high >= -low ? high : low, digits = Number.isInteger(largest) ? 0 : Math.abs(largest) >= 10 ? 1 : 2;
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
    drawTick(at, top + 11, printed(largest, digits, true)),
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
      line(16, top + 20, 25, top + 20, { stroke: "blue", thickness: 2 }),
      text(29, top + 24, "V expected", { size: 11, fill: "blue-text" }),
    ],
    path(`M${came.join("L")}`, { fill: "none", stroke: "ink", thickness: 1.5, dash: "4 3" }),
    line(16, y - 4, 25, y - 4, { stroke: "ink", thickness: 1.5, dash: "4 1.5" }),
    text(29, y, "G came", { size: 11 }),
    drawEnd(at.right + 12, valueY(data, Number.isFinite(last) ? last : 0), data.end),
  ];
};

// ✕ for a terminal state, ⊣ for a cut, a ring for an episode that was left.
const drawEnd = (x, y, end) => {
  const look = { fill: "none", thickness: 2.5 };
  const cross = `M${number(x - 4)} ${number(y - 4)}l8 8m0 -8l-8 8`, cut = `M${number(x - 7)} ${number(y)}h9m0 -6v12`;
  if (end === "terminated") return path(cross, { ...look, stroke: "vermilion" });
  if (end === "truncated") return path(cut, { ...look, stroke: "amber" });
  return circle(x, y, 3.5, { fill: "ground", stroke: "quiet", thickness: 1.5 });
};

const drawError = (at, data, surprise) => {
  const top = M.error_top, height = M.error, { steps } = data, stride = strideOf(at, steps), middle = top + height / 2;
  const track = shownTrack(data, surprise);
  const both = { td_error: ["TD error", "surprise δ"], advantage: ["Advantage", "better than V"] };
  const [name, told] = both[track ?? surprise];
  const names = drawName(top + 11, name, told, stride > 1 && `extreme of ${stride}`);
  if (!track) {
    const words = "no value function was asked: play(policy, env, value=…)";
    return [names, text((at.left + at.right) / 2, middle + 4, words, { ...small, anchor: "middle" })];
  }
  const limit = data.limits[track], decimals = limit >= 3 ? 0 : limit >= 0.2 ? 1 : limit >= 0.02 ? 2 : 3;
  const bars = extremes([...unpack(data[track]).values], stride);
  const beyond = bars.filter(([, value]) => Math.abs(value) > limit * 1.001);
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
  const d = `M${number(x)} ${number(y + way * 6)}l-4 ${number(-way * 7)}h8Z`;
  return path(d, { fill: value > 0 ? "blue" : "vermilion" });
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

// A step that the mouse is over: a thin line, and its number in the place of a tick.
export const drawHover = (state, at, data, step) => {
  const x = stepX(at, data.steps, step), top = state.scene.film ? M.film_top : M.policy_top - 4;
  return [
    line(x, top, x, M.axis + 2, { stroke: "quiet", dash: "2 2" }),
    rect(x - 15, M.axis + 3, 30, 16, { fill: "wash", stroke: "hairline", radius: 6 }),
    text(x, M.axis + 15, String(step), { ...small, anchor: "middle" }),
  ];
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
    text(16, y + 14, "time step", small),
    ticksOf(steps).map((tick) => [tick, stepX(at, steps, tick)]).filter(([, place]) => Math.abs(place - x) > 26)
      .map(([tick, place]) => [
        line(place, y, place, y + 4, { stroke: "quiet" }),
        text(place, y + 15, String(tick), { ...small, anchor: "middle" }),
      ]),
    drawEnd(at.right + 24, y + 11, data.end),
    line(x, top, x, y + 2, { stroke: "ink", thickness: 1.25 }),
    path(`M${number(x - 5)} ${number(top - 4)}h10l-5 6Z`, { fill: "ink" }),
    rect(x - 17, y + 2, 34, 18, { fill: "ink", radius: 6 }),
    text(x, y + 15, String(step), { size: 11, weight: 600, fill: "ground", anchor: "middle" }),
  ];
};
