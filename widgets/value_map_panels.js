// The panels of a ValueMap, as value_map_panels.py draws them: the numbers of a cell, what is missing to V*.
import { signed, stretchOf } from "./value_map_layout.js";
import { deepest, drawWall } from "./value_map_picture.js";

const { rect, line, path, text, group, tint, small, textWidth, fixed, unpack, range } = lab;

export const drawInspector = (view, at, frame, cell) => {
  const { state } = view, { left, inspector: y } = at, stretch = stretchOf(state, frame), kind = stretch.kinds[cell];
  const name = text(left, y + 16, state.names[cell], { weight: 600 });
  if (kind !== "floor") return [name, text(left + 44, y + 16, saidOf(kind, stretch.pays[cell]), { fill: "quiet" })];
  const best = unpack(state.best).at(frame, cell), actions = range(state.actions.length);
  const start = left + 52, end = left + at.inspected - 76, wide = (end - start) / actions.length;
  const texts = actions.map((action) => {
    const value = unpack(state.q).at(frame, cell, action);
    return Number.isNaN(value) ? "–" : signed(value, state.digits + 1);
  });
  const longest = Math.max(...texts.map((one) => textWidth(one, 13, { bold: true }))) + 16;
  const roomFor = (labels) => labels.every((label) => textWidth(label, 13) <= wide - longest);
  const labels = roomFor(state.actions) ? state.actions : state.arrows;
  const beside = roomFor(labels), size = longest - 12 <= wide ? 13 : 11;
  const chosen = actions.filter((action) => (best >> action) & 1).length;
  const worths = [["V", unpack(state.values).at(frame, cell)], ["V*", unpack(state.optimal).at(stretch.number, cell)]];
  return [
    name,
    text(left, y + 34, "policy π", small),
    actions.map((action) => {
      const x = start + action * wide, isBest = (best >> action) & 1, share = isBest ? 1 / chosen : 0;
      const mark = isBest ? { weight: 600, fill: "blue-text" } : {};
      const fits = (told) => textWidth(told, size, { bold: true }) <= wide - 2;
      const value = unpack(state.q).at(frame, cell, action), rough = Number.isNaN(value) ? "–" : signed(value, state.digits);
      const told = fits(texts[action]) ? texts[action] : rough;
      const [bar, room] = beside ? [x, wide - 40] : [x + 16, Math.max(0, wide - 24)];
      return [
        beside ? [
          text(x, y + 16, labels[action], { fill: "quiet" }),
          text(x + wide - 10, y + 16, texts[action], { anchor: "end", ...mark }),
          text(x + wide - 10, y + 34, fixed(share, 2), { anchor: "end", ...small }),
        ] : [
          fits(told) && text(x, y + 16, told, { size, ...mark }),
          text(x, y + 35, labels[action], { fill: "quiet", ...mark }),
        ],
        rect(bar, y + 28, room, 5, { fill: "hairline", radius: 2 }),
        rect(bar, y + 28, room * share, 5, { fill: "blue", radius: 2, class: "lab-move" }),
      ];
    }),
    line(end + 2.5, y + 4, end + 2.5, y + 38),
    worths.map(([what, value], index) => [
      text(end + 12, y + 16 + 18 * index, what, { fill: "quiet" }),
      text(left + at.inspected, y + 16 + 18 * index, signed(value, state.digits + 1), { anchor: "end" }),
    ]),
  ];
};

const saidOf = (kind, pay) => {
  if (kind === "wall") return "wall: a move into it goes nowhere";
  const paid = pay ? ` pays ${pay}` : "";
  return `${kind}: entering${paid} ${kind === "cliff" ? "and leads back to the start" : "and ends the episode"}`;
};

export const drawMissing = (view, at, frame) => {
  const { state } = view, { right: x, top, small: side } = at, { kinds, most, legend } = stretchOf(state, frame);
  const misses = unpack(state.misses), numbered = side >= 22;
  return [
    heading(x, 12, state.words.missing, "V* − V now"),
    kinds.map((kind, cell) => {
      const floor = kind === "floor", miss = misses.at(frame, cell);
      const word = floor ? short(miss) : { goal: "G", pit: "P", cliff: "C" }[kind];
      return group(x + (cell % state.columns) * side, top + Math.floor(cell / state.columns) * side,
        { onpointerenter: () => view.set({ cell }), onpointerleave: () => view.set({ cell: null }) },
        kind === "wall" ? drawWall(side, 2) : [
          rect(1, 1, side - 2, side - 2, { fill: floor ? tone(view, miss / most) : "wash", stroke: "hairline",
            thickness: 0.5, radius: 2, class: "vm-shade" }),
          ((numbered && word) || (!floor && side >= 13)) && text(side / 2, side / 2 + 4, word,
            { size: 11, anchor: "middle", fill: floor ? "ink" : "quiet" }),
        ]);
    }),
    drawLegend(view, x + state.columns * side + 16, top, legend),
  ];
};

export const drawSmallRing = (view, at, cell) => {
  const { columns } = view.state, side = at.small;
  return rect(at.right + (cell % columns) * side, at.top + Math.floor(cell / columns) * side, side, side,
    { fill: "none", stroke: "ink", thickness: 1.5, radius: 3, "pointer-events": "none" });
};

const tone = (view, share) =>
  tint(share >= 0 ? "blue" : "vermilion", deepest(view.dark) * Math.min(1, Math.abs(share)));

const short = (miss) => {
  if (Math.abs(miss) >= 0.995) return signed(miss, Math.abs(miss) < 9.95 ? 1 : 0);
  const printed = signed(miss, 2);
  return printed === "0.00" ? "" : printed.replace("0.", ".");
};

const drawLegend = (view, x, y, amounts) => [
  range(17).map((step) => rect(x, y + 1 + 5 * step, 9, 5, { fill: tone(view, 1 - step / 8) })),
  amounts.map((amount, step) => text(x + 15, y + 9 + 38 * step, `${amount} ${view.state.words.signs[step]}`, small)),
  path(`M${lab.number(x)} ${lab.number(y + 99)}h9v9z`, { fill: "vermilion" }),
  text(x + 15, y + 107, view.state.words.corner, small),
];

export const heading = (x, y, title, about) => [
  text(x, y, title, { weight: 600 }),
  text(x + textWidth(title, 13, { bold: true }) + 10, y, about, small),
];
