// What moves over the chart of a ScheduleView: twins of draw_moment, slot_boxes and reading in Python.
const { rect, line, text, small, h, cell, clamp, fit, group, textWidth } = lab;

// Where things stand, as in schedule_picture.Place.
export const placeOf = (state) => {
  const [left, right, top, row, rows, slotTop, slot, slots, axis, line_, end, last] = state.place;
  return { left, right, top, row, rows, slotTop, slot, slots, axis, line: line_, end, last,
    x: (tick) => left + ((right - left) * tick) / Math.max(last, 1) };
};

export const tickOf = (view) => Math.min(view.get("tick"), view.state.last);
export const rowOf = (view, at) => {
  const row = view.state.pids.indexOf(view.get("selected"));
  return row < at.rows ? row : -1;
};

export const goTo = (view, tick) => {
  if (!view.state.status) view.send({ tick: clamp(tick, 0, view.state.last) });
};

const barAt = (state, row, tick) =>
  state.bars.find(([of, , start, end]) => of === row && start <= tick && tick < end);

// What all do at a step, or one of them in full.
export const reading = (state, tick, row, width) => {
  const head = `Step ${tick}: `, bar = barAt(state, row, tick);
  const words = state.moments.findLast(([from]) => from <= tick)[1];
  return [["strong", head], ["", fit(bar ? bar[6] : `${words}.`, width - textWidth(head, 13, { bold: true }))]];
};

export const drawRow = (state, at, row, width, strong) => [
  rect(16, at.top + at.row * row, width - 32, at.row, { fill: "blue", opacity: 0.1 }),
  strong && rect(11, at.top + at.row * row, 3, at.row, { fill: "blue" }),
  state.bars.filter(([of, , , , slot]) => of === row && slot >= 0).map(([, , start, end, slot]) =>
    rect(at.x(start) + 1, at.slotTop + at.slot * slot + 1, Math.max(1, at.x(end) - at.x(start) - 2), at.slot - 2,
      { fill: "none", stroke: "blue", thickness: strong ? 2 : 1.2, radius: 2 })),
];

export const drawNames = (view, at, chosen) => {
  const { state } = view;
  return state.names.map((name, row) => {
    const y = at.top + at.row * row, pid = state.pids[row];
    const follow = () => view.send({ selected: row === chosen ? "" : pid });
    return group(0, 0, { key: `name ${pid}`, onclick: follow,
      ...cell("processes", row, 0, `${state.full[row]}: follow it`, row === chosen) },
      rect(14, y, at.left - 24, at.row, { fill: "transparent", radius: 3 }),
      at.row >= 10 && text(18, y + at.row / 2 + 4.5, name,
        { size: at.row >= 15 ? 13 : 11, weight: row === chosen ? 600 : null }),
      h("title", {}, state.full[row]));
  });
};

// The line at a step with its number in the place of a tick, and the other ticks.
export const drawLine = (state, at, tick) => {
  const x = at.x(tick);
  return [
    state.ticks.filter((label) => Math.abs(at.x(label) - x) > 26)
      .map((label) => text(at.x(label), at.axis + 15, String(label), { anchor: "middle", ...small })),
    line(x, at.top - 5, x, at.axis + 3, { stroke: "ink", thickness: 1.25 }),
    rect(x - 17, at.axis + 2, 34, 18, { fill: "ink", radius: 6 }),
    text(x, at.axis + 15, String(tick), { size: 11, weight: 600, fill: "ground", anchor: "middle" }),
  ];
};
