// TimeTravel in the browser: lanes are Python's; here are the row that is looked at, the state after it, and the fork.
import { paint } from "./sketch.js";
import { drawStage } from "./sketch_stage.js";

const { button, clamp, field, group, h, line, player, playPause, rect, reset, small, text, textWidth } = lab;
const { line: LINE, titles, fails } = MEASURES;

// Where things stand, as in time_travel_picture.Place.
const placeOf = (state) => {
  const [left, right, top, lane, lanes, second, axis, call, below, differences, end, count] = state.place;
  const pitch = (right - left) / Math.max(count, 1);
  return { left, right, top, lane, lanes, second, axis, call, state: below, differences, end, count, pitch,
    x: (row) => (row ? left + pitch * (row - 0.5) : left - 7) };
};

const last = (state) => state.moments.length - 1;
const rowOf = (view) => clamp(view.get("row"), 0, last(view.state));
const goTo = (view, row) => {
  if (!view.state.status) { view.send({ row: clamp(row, 0, last(view.state)) }); view.set({ reply: null }); }
};
const walk = (by) => (view) => {
  if (view.state.status) return;
  view.stop("player");
  goTo(view, rowOf(view) + by);
};

const drawText = (x, y, [label, words, other, look], key) => {
  const after = x + (label ? textWidth(label, 13, { bold: true }) + 10 : 0);
  return group(0, 0, { key },
    text(x, y, label, { weight: 600 }),
    text(after, y, words, { fill: look === "quiet" ? "quiet" : "ink" }),
    other && text(after + textWidth(words) + 6, y, `→ ${other}`, { fill: "purple-text" }));
};

const drawColumn = (state, at, row, place) => {
  const [left, wide] = state.columns[place], lines = state.moments[row][["processes", "storage", "mail"][place]];
  const base = (index) => at.state + LINE * (index + 1) + 4;
  return [
    text(left, at.state, titles[place], { weight: 600 }),
    line(left, at.state + 5, left + wide, at.state + 5),
    lines.length === 0 && text(left, base(0), place === 1 ? "empty" : "no message waits", small),
    lines.map(([, , , look], index) => (look === "now" || look === "fresh") &&
      rect(left - 4, base(index) - 13, wide + 8, LINE - 1,
        { fill: paint(look === "now" ? "blue:0.12" : "green:0.16"), radius: 3 })),
    lines.map((one, index) => drawText(left, base(index), one, `line ${index}`)),
  ];
};

// The line at a row with its number in the place of a tick, the other ticks, the call, and the state after it.
const drawMoment = (view, at, row, shown) => {
  const { state } = view, x = at.x(row), middles = state.middles[row];
  const wide = state.mark[0] / 2 + 2, gap = state.mark[1] / 2 + 2;
  const edges = [at.top - 4, ...middles.flatMap((y) => [y - gap, y + gap]), at.axis - 11];
  return [
    text(at.left - 16, at.axis, "row", { anchor: "end", ...small }),
    state.ticks.filter((label) => Math.abs(at.x(label) - x) > 24)
      .map((label) => text(at.x(label), at.axis, String(label), { anchor: "middle", ...small })),
    shown !== row && line(at.x(shown), at.top - 4, at.x(shown), at.axis - 14, { stroke: "quiet", dash: "2 2" }),
    edges.map((y, index) => index % 2 === 0 && line(x, y, x, edges[index + 1], { stroke: "ink", thickness: 1.25 })),
    middles.map((y) => rect(x - wide, y - gap, 2 * wide, 2 * gap,
      { fill: "none", stroke: "ink", thickness: 1.25, radius: 4 })),
    rect(x - 15, at.axis - 13, 30, 18, { fill: "ink", radius: 6 }),
    text(x, at.axis, String(row), { size: 11, weight: 600, fill: "ground", anchor: "middle" }),
    text(16, at.call, state.moments[shown].call),
    state.forked > 0 && text(16, at.call + 17, state.moments[shown].other_call, { fill: "purple-text" }),
    [0, 1, 2].map((place) => group(0, 0, { key: titles[place] }, drawColumn(state, at, row, place))),
  ];
};

// An invisible sheet over the lanes: dragged by the mouse, a slider along the rows for the keyboard.
const drawSheet = (view, at) => {
  const { state } = view, left = at.left - 14;
  const under = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const x = left + ((event.clientX - box.left) / box.width) * (at.right - left);
    return clamp(Math.ceil((x - at.left) / at.pitch), 0, last(state));
  };
  return rect(left, at.top - 4, at.right - left, at.axis + 8 - at.top, {
    key: "sheet", class: "tt-sheet", fill: "ground", "fill-opacity": 0, tabindex: 0, role: "slider", radius: 4,
    "aria-label": "Row", "aria-valuemin": "0", "aria-valuemax": String(last(state)), "aria-valuenow": String(rowOf(view)),
    "aria-valuetext": view.playing("player") ? "playing" : state.spoken[rowOf(view)],
    onkeydown: (event) => {
      const steps = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!steps) return;
      event.preventDefault();
      walk(steps * (event.shiftKey ? 10 : 1))(view);
    },
    onpointerdown: (event) => {
      if (event.button !== 0) return;
      view.stop("player");
      event.currentTarget.setPointerCapture(event.pointerId);
      goTo(view, under(event));
    },
    onpointermove: (event) => {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) goTo(view, under(event));
      else view.set({ hovered: under(event) });
    },
    onpointerleave: () => view.set({ hovered: null }),
  });
};

const replyOf = (view) => view.ui.reply ?? view.state.replies[rowOf(view)];
const fork = (view) => {
  const row = rowOf(view);
  if (row && view.state.forkable) view.send({ fork_row: row, fork_reply: replyOf(view) });
};

// To the row of the same process before or after this one.
const alongLane = (way) => (view) => {
  if (view.state.status) return;
  const { lanes } = view.state, here = rowOf(view);
  let row = here + way;
  while (row > 0 && row < lanes.length && lanes[row] !== lanes[here]) row += way;
  if (row > 0 && row < lanes.length) { view.stop("player"); goTo(view, row); }
};

export default lab.view({
  start: { hovered: null, reply: null },

  sentence: (view) => (view.state.problem ? [["", view.state.problem]] : view.state.told?.[rowOf(view)]),

  stage: (view) => {
    const { state, ui: { hovered } } = view, at = placeOf(state), row = rowOf(view);
    const drawn = drawStage(view), shown = Math.min(hovered ?? row, last(state));
    return { ...drawn, children: [...drawn.children,
      group(0, 0, { key: "moment" }, drawMoment(view, at, row, shown)), drawSheet(view, at)] };
  },

  controls: (view) => {
    const { state } = view;
    if (state.status) return [reset(view)];
    const row = rowOf(view), hint = `another reply; ${fails} in front: it fails`;
    return [
      player(view, { label: "Row", value: row, max: last(state), milliseconds: 500, change: (to) => goTo(view, to) }),
      state.forkable && h("span", { key: "reply", class: "lab-control tt-reply" },
        h("span", { class: "lab-label", "aria-hidden": "true" }, "reply"),
        field({ label: "Reply to fork with", value: row ? replyOf(view) : "", single: true, placeholder: hint,
          change: (reply) => view.set({ reply }) })),
      state.forkable && button({ key: "fork", label: row ? `Fork at row ${row}` : "Fork", kind: "primary", hint,
        disabled: row === 0, click: () => fork(view) }),
      state.forked > 0 && button({ key: "undo", label: "No fork", hint: "forget the fork",
        click: () => view.send({ fork_row: 0 }) }),
      reset(view),
    ].filter(Boolean);
  },

  keys: {
    " ": playPause, ArrowLeft: walk(-1), ArrowRight: walk(1), PageUp: walk(-10), PageDown: walk(10),
    ArrowUp: alongLane(-1), ArrowDown: alongLane(1), Home: walk(-Infinity), End: walk(Infinity), f: fork,
    Escape: (view) => { if (view.get("fork_row")) view.send({ fork_row: 0 }); },
  },
});
