// The curves of edges, as agentos_lab.causal.edge_curve computes them: quadratic Bézier curves [p0, p1, p2].
const { number } = lab;

export const distance = ([x0, y0], [x1, y1]) => Math.hypot(x1 - x0, y1 - y0);

// The curve between two points whose middle lies `bend` times their distance to the left of the straight line.
export const bent = ([x0, y0], [x2, y2], bend) => {
  const dx = x2 - x0, dy = y2 - y0;
  return [[x0, y0], [(x0 + x2) / 2 + 2 * bend * dy, (y0 + y2) / 2 - 2 * bend * dx], [x2, y2]];
};

export const pointAt = (curve, t) => {
  const weights = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
  return [0, 1].map((axis) => weights.reduce((sum, weight, index) => sum + weight * curve[index][axis], 0));
};

// The curve without what is nearer than `start` pixels to its start and `end` pixels to its end.
export const trimmed = (curve, start, end) => {
  const begin = crossing((t) => distance(pointAt(curve, t), curve[0]) >= start);
  const stop = Math.max(begin, 1 - crossing((t) => distance(pointAt(curve, 1 - t), curve[2]) >= end));
  const blossom = [(1 - begin) * (1 - stop), (1 - begin) * stop + begin * (1 - stop), begin * stop];
  const middle = [0, 1].map((axis) => blossom.reduce((sum, weight, index) => sum + weight * curve[index][axis], 0));
  return [pointAt(curve, begin), middle, pointAt(curve, stop)];
};

const crossing = (reached) => {
  let low = 0, high = 0.5;
  for (let turn = 0; turn < 24; turn += 1) {
    const middle = (low + high) / 2;
    if (reached(middle)) high = middle;
    else low = middle;
  }
  return high;
};

export const point = ([x, y]) => `${number(x)} ${number(y)}`;
export const pathOf = ([start, middle, end]) => `M${point(start)}Q${point(middle)} ${point(end)}`;

// An arrowhead from the middle of its base to its tip.
export const arrowhead = (tip, base, head) => {
  const long = Math.max(distance(tip, base), 1e-9);
  const across = [-((tip[1] - base[1]) / long) * head * 0.42, ((tip[0] - base[0]) / long) * head * 0.42];
  const one = [base[0] + across[0], base[1] + across[1]], two = [base[0] - across[0], base[1] - across[1]];
  return `M${point(tip)}L${point(one)}L${point(two)}z`;
};
