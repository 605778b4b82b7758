// The map of a ValueMap, as value_map_picture.py draws it, with what answers the pointer and the keys.
import { hatch, signed, stretchOf } from "./value_map_layout.js";
import { brushOver, look, paint } from "./value_map_actions.js";

const { rect, circle, path, text, group, tint, textWidth, number, unpack, clamp, range, cell: gridCell } = lab;
// Share of colour in the deepest cell: ink stays readable on it.
export const deepest = (dark) => (dark ? 0.56 : 0.74);

export const drawMap = (view, at, frame) => {
  const { state } = view, { cell: side, left, top } = at, { columns } = state, stretch = stretchOf(state, frame);
  const name = { size: 11, fill: "quiet" };
  const spot = (cell) => [left + (cell % columns) * side, top + Math.floor(cell / columns) * side];
  return [
    range(columns).map((column) =>
      text(left + (column + 0.5) * side, 12, state.names[column].slice(0, -1), { ...name, anchor: "middle" })),
    range(state.rows).map((row) => text(left - 8, top + (row + 0.5) * side + 4, String(row + 1),
      { ...name, anchor: "end" })),
    stretch.kinds.map((kind, cell) => group(...spot(cell), { key: `cell ${cell}`, ...answers(view, stretch, frame, cell) },
      kind === "floor" && [
        drawFloor(view, side, frame, cell),
        stretch.starts.includes(cell) && side >= 30 && text(4, 12, "S", { size: 11 }),
      ],
      kind === "wall" && drawWall(side),
      kind !== "floor" && kind !== "wall" && drawEnd(side, kind, stretch.pays[cell]))),
    group(0, 0, { "pointer-events": "none" }, stretch.changed.map(([cell, , before]) =>
      group(...spot(cell), {}, drawChange(side, state, stretch.kinds[cell] === "wall" ? before : null)))),
  ];
};

// The ring about the chosen cell, apart from the map, which need not be drawn again for it.
export const drawRing = (view, at, cell) => {
  const { columns } = view.state, side = at.cell;
  const x = at.left + (cell % columns) * side, y = at.top + Math.floor(cell / columns) * side;
  return rect(x - 0.5, y - 0.5, side + 1, side + 1,
    { fill: "none", stroke: "ink", thickness: 2, radius: 5, "pointer-events": "none" });
};

// What a cell does: pointing at it shows its numbers, a click or Enter paints it, a drag paints many.
const answers = (view, stretch, frame, cell) => {
  const { state } = view, kind = stretch.kinds[cell];
  const best = unpack(state.best).at(frame, cell);
  const arrows = state.actions.filter((_, action) => (best >> action) & 1).join(" or ");
  const value = signed(unpack(state.values).at(frame, cell), state.digits);
  const said = kind === "floor" ? `V ${value}, ${arrows}` : [kind, stretch.pays[cell]].join(" ").trim();
  return {
    class: "vm-cell",
    ...gridCell("map", Math.floor(cell / state.columns), cell % state.columns, `${state.names[cell]}: ${said}`),
    onpointerenter: (event) => { view.set({ cell }); brushOver(view, event, cell); },
    onpointerleave: (event) => { view.set({ cell: null }); brushOver(view, event, cell); },
    onfocus: () => look(view, cell),
    onclick: () => paint(view, cell),
  };
};

const drawFloor = (view, side, frame, cell) => {
  const { state } = view, { directions } = state;
  const exact = view.get("shown") === "V*", row = exact ? stretchOf(state, frame).number : frame;
  const value = unpack(exact ? state.optimal : state.values).at(row, cell);
  const best = unpack(exact ? state.optimal_best : state.best).at(row, cell);
  const corner = !exact && unpack(state.astray).at(frame, cell) > 0 &&
    path(`M${number(side - 1)} 1v${number(0.22 * side)}L${number(side - 1 - 0.22 * side)} 1z`, { fill: "vermilion" });
  if (view.get("shown") === "Q") {
    const q = unpack(state.q), scale = 0.7 * roseScale(side);
    return [
      rect(1, 1, side - 2, side - 2, { fill: "ground", stroke: "hairline", radius: 4 }),
      directions.map((_, action) => !Number.isNaN(q.at(frame, cell, action)) &&
        path(petal(side, directions, action),
          { fill: shade(view, q.at(frame, cell, action)), stroke: "hairline", thickness: 1, class: "vm-shade" })),
      drawRose(side / 2, side / 2, scale, directions, best),
      corner,
    ];
  }
  const size = side >= 44 ? 13 : 11, numbered = textWidth(state.widest, size) <= side - 4;
  return [
    rect(1, 1, side - 2, side - 2, { fill: shade(view, value), radius: 4, class: "vm-shade" }),
    drawRose(side / 2, numbered ? (side - size) / 2 - 1 : side / 2, roseScale(side), directions, best),
    numbered && text(side / 2, side - 0.12 * side, signed(value, state.digits), { size, anchor: "middle" }),
    corner,
  ];
};

const shade = (view, value) => {
  const [low, high] = view.state.range, share = high > low ? (value - low) / (high - low) : 0;
  return tint("blue", deepest(view.dark) * clamp(share, 0, 1));
};

const petal = (side, directions, action) => {
  const [right, down] = directions[action];
  if (directions.length <= 4 && Math.abs(right) + Math.abs(down) === 1) {
    const m = side / 2, half = side / 2 - 1;
    const one = [m + half * (right - down), m + half * (down + right)];
    const two = [m + half * (right + down), m + half * (down - right)];
    return `M${number(m)} ${number(m)}L${one.map(number).join(" ")}L${two.map(number).join(" ")}z`;
  }
  const third = (side - 2) / 3, x = 1 + third * (1 + right), y = 1 + third * (1 + down);
  return `M${number(x)} ${number(y)}h${number(third)}v${number(third)}h${number(-third)}z`;
};

const roseScale = (side) => Math.min(1, side / 42);

// A triangle for each of the best actions, the longer the fewer they are; a dot for staying.
const drawRose = (x, y, scale, directions, best) => {
  const units = directions.filter((_, action) => (best >> action) & 1).map(([right, down]) => {
    const size = Math.hypot(right, down) || 1;
    return [right / size, down / size];
  });
  if (!units.length) return null;
  const share = 1 / units.length, length = (4 + 10 * share) * scale, half = (2 + 3.4 * share) * scale;
  const sum = (axis) => units.reduce((total, unit) => total + unit[axis], 0);
  const cx = x - 6 * scale * share * sum(0), cy = y - 6 * scale * share * sum(1);
  const foot = units.length > 1 ? 1.5 * scale : 0;
  return units.map(([right, down]) => {
    if (!right && !down) return circle(cx, cy, 3 * scale, { fill: "ink" });
    const fx = cx + foot * right, fy = cy + foot * down;
    const points = [[cx + length * right, cy + length * down], [fx - half * down, fy + half * right],
      [fx + half * down, fy - half * right]];
    return path(`M${points.map((point) => point.map(number).join(" ")).join("L")}z`, { fill: "ink" });
  });
};

export const drawWall = (side, radius = 4) => [
  rect(1, 1, side - 2, side - 2, { fill: "wash", radius }),
  path(hatch(2, 2, side - 4, side / 5), { fill: "none", stroke: "hairline", thickness: 1 }),
];

const drawEnd = (side, kind, pay) => {
  const fits = textWidth(kind, 11, { bold: true }) <= side - 4;
  const words = { fill: "on-fill", anchor: "middle", size: 11 };
  return [
    rect(1, 1, side - 2, side - 2, { fill: kind === "goal" ? "green-fill" : "vermilion-fill", radius: 4 }),
    pay && fits && side >= 32
      ? [text(side / 2, side / 2 - 3, pay, { weight: 600, ...words }), text(side / 2, side / 2 + 11, kind, words)]
      : (fits || textWidth(pay, 11) <= side - 4) && text(side / 2, side / 2 + 4, fits ? kind : pay, words),
  ];
};

const drawChange = (side, state, before) => {
  const value = before === null ? "" : signed(before, state.digits);
  const wide = Math.max(textWidth(value, 11), textWidth("was", 11)) + 6;
  return [
    rect(1, 1, side - 2, side - 2, { fill: "none", stroke: "ink", thickness: 1.5, dash: "4 3", radius: 4 }),
    before !== null && side >= 34 && textWidth(value, 11) <= side - 8 && [
      rect((side - wide) / 2, side / 2 - 14, wide, 28, { fill: "ground", radius: 3 }),
      text(side / 2, side / 2 - 3, "was", { size: 11, fill: "quiet", anchor: "middle" }),
      text(side / 2, side / 2 + 10, value, { size: 11, anchor: "middle" }),
    ],
  ];
};
