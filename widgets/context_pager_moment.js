// What moves on the stage of a ContextPager: twins of draw_moment, _draw_stack and _draw_archive in Python.
import { paint } from "./sketch.js";

const { rect, line, text, small, h, cell, clamp, fit, group, range, textWidth } = lab;
const { notes, colours, stack: STACK_TOP, archive: ARCHIVE, chips: CHIPS, chip: CHIP, chipRows } = MEASURES;

// Where things stand, as in context_pager_layout.Place.
export const placeOf = (state) => {
  const [side, chips, frame, room, left, right, top, bottom, phases, curve, floor, axis, line_, count] = state.place;
  const pitch = (right - left) / Math.max(count, 1);
  return { side, chips, frame, room, left, right, top, bottom, phases, curve, floor, axis, line: line_, count, pitch,
    x: (time) => left + pitch * (time + 0.5) };
};

export const timeOf = (view) => clamp(view.get("time"), 0, view.state.moments.length - 1);
export const rowOf = (view) => view.state.labels.indexOf(view.get("selected"));

export const goTo = (view, time) => {
  if (!view.state.status) view.send({ time: clamp(time, 0, view.state.moments.length - 1) });
};

export const select = (view, row) =>
  view.send({ selected: row < 0 || row === rowOf(view) ? "" : view.state.labels[row] });

const titleOf = (state, row) => `page ${state.numbers[row]}${state.names[row] ? `, ${state.names[row]}` : ""}`;

// What a page does at a reference: said while the pointer is over it.
export const reading = (state, time, row) => {
  const { kind, row: used, archive } = state.moments[time];
  const does = used === row ? { hit: "is used: a hit", load: "comes in for the first time", fault: "is used: a fault" }[kind]
    : time < state.first[row] ? "is to come" : archive.includes(row) ? "is in the archive" : "is in the window";
  return [["strong", `Reference ${time}: `], ["", `${titleOf(state, row)}, ${does}.`]];
};

const noteOf = (ago, look) => notes[look] ?? (ago === 0 ? "in use" : `${ago} ago`);

const drawFrame = (view, at, state, [row, ago, look], place) => {
  const wide = at.side - 16, high = at.frame - 2, y = STACK_TOP + at.frame * place, base = y + high / 2 + 4.5;
  if (row < 0) return text(54, base, `… ${ago} more`, { key: "more", ...small });
  const selected = rowOf(view) === row, note = noteOf(ago, look), fill = look === "new" ? "vermilion:0.14" : "blue:0.18";
  const edge = { fill: "none", radius: 3 };
  const words = { size: 11, weight: look ? 600 : null, fill: colours[look] ?? "quiet" };
  return group(0, 0, { key: `page ${row}`, onclick: () => select(view, row),
    ...cell("window", place, 0, `${titleOf(state, row)}, ${note}`, selected) },
    rect(16, y, wide, high, { fill: paint(fill), radius: 3, class: "lab-move" }),
    look === "new" && rect(16, y, 3, high, { fill: "vermilion" }),
    look === "next" && rect(16.75, y + 0.75, wide - 1.5, high - 1.5,
      { ...edge, stroke: "amber", thickness: 1.5, dash: "4 2" }),
    selected && rect(16.75, y + 0.75, wide - 1.5, high - 1.5, { ...edge, stroke: "blue", thickness: 2 }),
    text(at.side - 6, base, note, { anchor: "end", ...words }),
    text(46, base, state.numbers[row], { size: 11, weight: 600, anchor: "end" }),
    text(54, base, fit(state.names[row], wide - 46 - textWidth(note, 11, { bold: Boolean(look) }) - 8)));
};

export const drawStack = (view, at, time) => {
  const { state } = view, { stack, size } = state.moments[time], wide = at.side - 16;
  const told = state.unequal ? `${size} pages` : `${size} of ${state.frames} pages`;
  return [
    text(16, 13, "Window", { key: "window", weight: 600 }),
    text(73, 13, fit(`${told}, most recent first`, wide - 57, 11), { key: "so many", ...small }),
    !state.unequal && range(at.room).slice(stack.length).map((place) =>
      rect(16.5, STACK_TOP + at.frame * place + 0.5, wide - 1, at.frame - 3,
        { key: `free ${place}`, fill: "none", stroke: "hairline", dash: "3 3", radius: 3 })),
    stack.map((one, place) => drawFrame(view, at, state, one, place)),
  ];
};

const drawChip = (view, at, { row, index, late, out }) => {
  const { state } = view, selected = rowOf(view) === row, pitch = (at.side - 12) / at.chips;
  const x = 16 + pitch * (index % at.chips), y = CHIPS + CHIP * Math.floor(index / at.chips);
  return group(0, 0, { key: `chip ${row}`, onclick: () => select(view, row),
    ...cell("archive", Math.floor(index / at.chips), index % at.chips,
      `${titleOf(state, row)}, ${late ? "to come" : out ? "just dropped" : "in the archive"}`, selected) },
    rect(x + 0.5, y + 0.5, pitch - 5, CHIP - 4, { fill: "transparent", stroke: out ? "vermilion" : selected ? "blue" : "grey",
      thickness: out || selected ? 2 : 1, dash: late ? "2 2" : null, radius: 3 }),
    text(x + pitch / 2 - 2, y + 12.5, fit(state.numbers[row], pitch - 6, 11),
      { anchor: "middle", size: 11, weight: out ? 600 : null, fill: late ? "quiet" : "ink" }),
    h("title", {}, titleOf(state, row)));
};

// Which page has just gone.
const droppedWords = (state, out) =>
  out.length > 1 ? `out: ${out.length} pages` : `out: ${state.numbers[out[0]]} ${state.names[out[0]]}`;

export const drawArchive = (view, at, time) => {
  const { state } = view, { archive, out } = state.moments[time];
  const coming = state.first.flatMap((first, row) => (first > time ? [row] : []));
  const all = [...archive, ...coming].sort((one, other) => one - other), room = at.chips * chipRows;
  const told = `${all.length} page${all.length === 1 ? "" : "s"}`, pitch = (at.side - 12) / at.chips;
  const rest = at.side - 70 - textWidth(told, 11) - 10, bold = { bold: true };
  const shown = all.slice(0, all.length > room ? room - 1 : room);
  return [
    text(16, ARCHIVE, "Archive", { key: "archive", weight: 600 }),
    text(70, ARCHIVE, told, { key: "outside", ...small }),
    out.length > 0 ? text(at.side, ARCHIVE, fit(droppedWords(state, out), rest, 11, bold),
      { key: "out", anchor: "end", size: 11, weight: 600, fill: "vermilion-text" })
      : coming.length > 0 && text(at.side, ARCHIVE, fit("dashed: to come", rest, 11), { key: "out", anchor: "end", ...small }),
    shown.map((row, index) => drawChip(view, at, { row, index, late: coming.includes(row), out: out.includes(row) })),
    all.length > room && text(16 + pitch * (at.chips - 1) + pitch / 2 - 2, CHIPS + CHIP * (chipRows - 1) + 13,
      `+${all.length - room + 1}`, { key: "rest", anchor: "middle", ...small }),
  ];
};

// The row of a page in the map.
export const drawRow = (state, at, row, strong) => {
  const [y, high] = state.rows[row];
  return [
    rect(at.left, y, at.right - at.left, high, { fill: "blue", opacity: strong ? 0.14 : 0.08 }),
    strong && rect(at.left - 4, y, 3, high, { fill: "blue" }),
  ];
};

// The line at a reference with its number in the place of a tick, and the other ticks.
export const drawLine = (state, at, time) => {
  const x = at.x(time);
  return [
    text(at.side + 24, at.axis, "reference", small),
    state.ticks.filter((label) => Math.abs(at.x(label) - x) > 24)
      .map((label) => text(at.x(label), at.axis, String(label), { anchor: "middle", ...small })),
    line(x, at.top - 5, x, at.axis - 11, { stroke: "ink", thickness: 1.25 }),
    rect(x - 16, at.axis - 13, 32, 18, { fill: "ink", radius: 6 }),
    text(x, at.axis, String(time), { size: 11, weight: 600, fill: "ground", anchor: "middle" }),
  ];
};

// The reference under the pointer, and the row of the map, if it is over one.
export const under = (state, at, event) => {
  const box = event.currentTarget.getBoundingClientRect(), tall = at.axis + 6 - at.top;
  const share = (event.clientX - box.left) / box.width, y = at.top + ((event.clientY - box.top) / box.height) * tall;
  return { time: clamp(Math.floor(share * at.count), 0, at.count - 1),
    row: state.rows.findIndex(([top, high]) => top <= y && y < top + high) };
};
