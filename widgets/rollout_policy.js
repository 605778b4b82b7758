// The live strip of the policy, as in rollout_policy.py.
import { barsPath, drawName, drawTick, extremes, marksPath, starts, strideOf, upright } from "./rollout_bars.js";
import { column, printed } from "./rollout_reading.js";

const { line, path, text, small, range, fit, tint, unpack } = lab;
const M = MEASURES;

export const drawPolicy = (at, state, data) => {
  const top = M.policy_top, height = M.policy, { policy: kind, steps } = data, stride = strideOf(at, steps);
  const actions = column(data.action, 0);
  if (kind === "two") return drawTwo(at, top, height, state, data, actions);
  if (kind === "rows") return drawRows(at, top, height, state, data, actions);
  if (kind === "chosen") {
    const chances = extremes([...unpack(data.chance).values], stride);
    return [
      drawName(top + 11, "Policy", "probability", "of the action"),
      path(barsPath(at, steps, stride,
        chances.map(([start, value]) => [start, top + height * (1 - value), top + height])), { fill: "blue" }),
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
        .filter((start) => actions.slice(start, start + stride).some((action) => (action > 0.5) === (sign > 0)));
      return [
        path(barsPath(at, steps, stride, chosen), { fill: colour, opacity: sign > 0 ? 0.7 : null }),
        path(marksPath(at, steps, stride, marks, y), { fill: colour }),
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
        .filter((start) => actions.slice(start, start + stride).includes(action));
      return [
        drawTick(at, y + pitch / 2 + 4, fit(labels[action], 30, 11)),
        range(8).map((index) => {
          const bars = shown.filter(([, p]) => Math.ceil(8 * p - 0.05) === index + 1)
            .map(([start]) => [start, y, y + pitch - 1]);
          return bars.length && path(barsPath(at, steps, stride, bars), { fill: tint("blue", 0.09 * (index + 1)) });
        }),
        marks.length > 0 && path(marksPath(at, steps, stride, marks, middle - 2), { fill: "ink" }),
      ].filter(Boolean);
    }),
  ];
};
