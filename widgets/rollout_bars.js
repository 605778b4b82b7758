// What all strips are made of, as in rollout_bars.py: places along the steps, paths of bars, names and ticks.
const { text, small, number, range } = lab;
const M = MEASURES;
const THINNEST = 2, WIDEST = 6; // pixels of a bar, and of a mark

export const layout = (width) => {
  const side = Math.min(M.side, 0.28 * width), end = width - 16;
  return { left: M.left, right: end - side - M.gap, panel: end - side, end };
};

export const strideOf = (at, steps) => Math.max(1, Math.ceil((THINNEST * steps) / (at.right - at.left) - 1e-9));
export const stepX = (at, steps, step) => at.left + ((step + 0.5) * (at.right - at.left)) / steps;

export const filmSteps = (at, steps) => {
  const count = Math.min(steps, Math.floor((at.right - at.left) / 38));
  return range(count).map((index) => Math.floor(((index + 0.5) * steps) / count));
};

// For each bar its first step and the value farthest from zero; bars without a number are left out.
export const extremes = (values, stride) => {
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

// The first steps of the bars.
export const starts = (steps, stride) => range(Math.ceil(steps / stride)).map((index) => index * stride);

// One path of upright bars (first step, from y, to y).
export const barsPath = (at, steps, stride, bars) => {
  const pitch = (at.right - at.left) / steps, gap = Math.min(0.6, 0.2 * pitch * stride);
  return bars.map(([start, top, bottom]) => {
    const x = at.left + start * pitch, width = Math.min(stride, steps - start) * pitch - gap;
    return `M${number(x)} ${number(top)}h${number(width)}V${number(bottom)}h${number(-width)}Z`;
  }).join("");
};

// One path of small marks, 4 pixels high, in the middle of their steps.
export const marksPath = (at, steps, stride, starting, top) => {
  const pitch = (at.right - at.left) / steps, width = Math.min(WIDEST, Math.max(1, 0.8 * pitch * stride));
  return starting.map((start) => {
    const x = at.left + (start + Math.min(stride, steps - start) / 2) * pitch;
    return `M${number(x - width / 2)} ${number(top)}h${number(width)}v4h${number(-width)}Z`;
  }).join("");
};

export const upright = (start, one, other) => [start, Math.min(one, other), Math.max(one, other)];

export const drawName = (y, name, ...lines) => [
  text(16, y, name, { weight: 600 }),
  lines.filter(Boolean).map((row, index) => text(16, y + 14 + 13 * index, row, small)),
];

export const drawTick = (at, y, label) => text(at.left - 6, y, label, { ...small, anchor: "end" });
