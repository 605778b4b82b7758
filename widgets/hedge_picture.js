// The stage of a HedgeExplorer, as hedge_picture.py draws it, with what answers the pointer and the keys.
import { place, segments, stripX } from "./hedge_layout.js";
import { chosen, dragging, frameAt, local, move, steer } from "./hedge_moves.js";
import { drawFormula } from "./formula.js";
import { drawSketch, paint } from "./sketch.js";

const { rect, line, circle, path, text, group, small, textWidth, fit, wrap, fixed, number, clamp } = lab;
const M = MEASURES, BARS = [302, 30], GRAPH = [132, 124];
const FILLS = { always: "grey:0.35", helped: "green-fill", harmed: "vermilion-fill", never: "grey:0.08" };
const INKS = { always: "ink", helped: "on-fill", harmed: "on-fill", never: "ink" };
const MEANINGS = { always: "1→1", helped: "0→1", harmed: "1→0", never: "0→0" };

export const drawHedge = (view) => {
  const { state, width } = view, at = place(width), [a, b] = state.kind === "point" ? [0, 0] : chosen(view);
  const worlds = state.kind === "point" ? [["", 40, 0]] : [["A", M.world_a, a], ["B", M.world_b, b]];
  return [
    view.memo("still", [state, width], () => group(0, 0, { key: "still" }, drawGraph(at, state), drawHeads(at, state),
      state.kind === "point" ? drawReason(at, state) : null)),
    worlds.map(([name, top, frame], index) => group(0, 0, { key: `world ${name}` },
      drawWorld(view, at, name, top, frame, index), drawBars(at, state, top, frame, index))),
    state.kind !== "point" && group(0, 0, { key: "between" }, drawBetween(at, state, a, b)),
    group(0, 0, { key: "strip" }, drawStrip(view, at)),
    state.kind !== "point" ? [[1, b], [0, a]].map(([world, frame]) => drawKnob(view, at, world, frame))
      : drawDot(stripX(at, state.strip, state.values[0])),
  ];
};

const drawGraph = (at, state) => {
  const good = state.verdict === "identified", wide = textWidth(state.verdict, 11, { bold: true }) + 30;
  const y = number(M.chip + 10), top = 26 + GRAPH[1] + 18;
  const cross = good ? `M24 ${y}l3 3l6 -7` : `M25 ${y}m0 -4l7 7m0 -7l-7 7`;
  return [
    text(16, 16, "Graph", { weight: 600 }),
    group(0, 0, { transform: `translate(16 26) scale(${number(at.graph / GRAPH[0])})` }, drawSketch(state.graph)),
    state.notes.map((note, index) => text(16, top + 16 * index, fit(note, at.graph, 11, { bold: true }),
      { size: 11, weight: 600, fill: "vermilion-text" })),
    wrap(state.reason, at.graph, 11).map((each, index) =>
      text(16, top + 16 * state.notes.length + 2 + 15 * index, each, small)),
    rect(16, M.chip, wide, 20, { radius: 10, fill: good ? "green-fill" : "vermilion-fill" }),
    path(cross, { fill: "none", stroke: "on-fill", thickness: 1.8 }),
    text(38, M.chip + 14, state.verdict, { size: 11, weight: 600, fill: "on-fill" }),
  ];
};

const drawHeads = (at, state) => {
  const name = { types: "Mechanism", tables: "Tables that move", point: "Formula" }[state.kind];
  const head = (column, title, formula) => {
    const x = at[column] + textWidth(title, 13, { bold: true }) + 8;
    return [text(at[column], 16, title, { weight: 600 }),
      drawFormula(x, 16, formula, { room: at[column] + at[`${column}_width`] - x })];
  };
  return [
    text(at.mechanism, 16, name, { weight: 600 }),
    state.kind === "types" && text(at.mechanism + textWidth(name, 13, { bold: true }) + 10, 16,
      fit("what would happen without and with", at.mechanism_width - 80, 11), small),
    head("data", "Data", state.data_formula), head("effect", "Effect", state.effect_formula),
    ["mechanism", "data", "effect"].map((column) => line(at[column] - at.gap / 2, 4, at[column] - at.gap / 2, 312)),
  ];
};

const drawWorld = (view, at, name, top, frame, world) => {
  const { state } = view;
  return [
    name && drawBadge(at.mechanism, top, name),
    name && text(at.mechanism + 26, top + 14, `World ${name}${state.world[frame]}`),
    state.kind === "types" && [0, 1].map((row) =>
      drawTypes(view, at, top + M.row_top + M.row_step * row, frame, row, world)),
    state.kind === "tables" && drawTables(at, state, top + 23, frame),
  ];
};

const drawBadge = (x, top, name) => {
  const filled = name === "A";
  return [
    rect(x + 1, top + 1, 18, 18, { radius: 4, fill: filled ? "blue-fill" : "ground", stroke: "blue-fill",
      thickness: 1.6 }),
    text(x + 10, top + 14.5, name, { weight: 600, size: 12, anchor: "middle", fill: filled ? "on-fill" : "blue-text" }),
  ];
};

const drawTypes = (view, at, y, frame, row, world) => {
  const { state } = view, [label, share] = state.rows[row], parts = segments(at, state.types[frame], row);
  const high = M.row, fixedAt = parts[2][2] - 0.5;
  return [
    text(at.mechanism, y + 11, label),
    text(at.mechanism, y + 24, share, small),
    parts.map(([name, part, x, wide]) => {
      const outline = name === "never" ? { stroke: "hairline", thickness: 1 } : {};
      const look = { fill: INKS[name], size: 11, anchor: "middle" }, shown = fixed(100 * part, 0);
      return [
        rect(x, y, Math.max(0, wide - 1), high, { fill: paint(FILLS[name]), ...outline }),
        textWidth(name, 11, { bold: true }) <= wide - 6
          ? [text(x + wide / 2, y + 12, name, { weight: 600, ...look }), text(x + wide / 2, y + 24, shown, look)]
          : textWidth(shown, 11) <= wide - 4 && text(x + wide / 2, y + 18, shown, look),
      ];
    }),
    line(fixedAt, y - 4, fixedAt, y + high + 4, { stroke: "ink", thickness: 3 }),
    [1, 3].map((index) => path(grip(parts[index][2] - 0.5, y + high + 6), { fill: "purple-text" })),
    rect(at.rows, y - 4, at.rows_width, high + 16, { key: `row ${row}`, fill: "transparent", class: "he-row",
      ...dragging(view, (event) => split(view, at, parts, row, world, local(event))) }),
  ];
};

// The world in which a free split of this row lies under the pointer.
const split = (view, at, parts, row, world, x) => {
  const [, , start] = x < parts[2][2] ? parts[0] : parts[2];
  const end = x < parts[2][2] ? parts[2][2] : at.rows + at.rows_width;
  const share = clamp((x - start) / Math.max(1, end - start), 0, 1), last = view.state.frames - 1;
  // Untreated: always|harmed and helped|never split alike; treated: always|helped and harmed|never the other way.
  if (view.get("direction") === ["do(0) only", "do(1) only"][row]) return; // this row's splits do not move
  move(view, world, last * (row === 0 ? share : 1 - share));
};

const grip = (x, y) =>
  `M${number(x - 2)} ${number(y - 4)}v8l-6 -4zM${number(x + 2)} ${number(y - 4)}v8l6 -4z`;

const drawTables = (at, { tables }, y, frame) => {
  const high = BARS[1], scale = Math.min(1, at.mechanism_width / BARS[0]);
  return group(0, 0, { transform: `translate(${number(at.mechanism)} ${number(y)}) scale(${number(scale)})` },
    tables.labels.map(([x, base, formula]) => drawFormula(x, base, formula)),
    tables.bars.map(([x, top, wide], index) => {
      const value = tables.heights[frame][index];
      return [rect(x, top, wide, high, { fill: paint("grey:0.14") }),
        rect(x, top + high * (1 - value), wide, high * value, { fill: "purple" })];
    }));
};

const drawBars = (at, state, top, frame, world) => {
  const base = top + 100, joint = state.joint[frame], few = joint.length <= 4;
  const wide = at.data_width - (few ? 18 : 0), step = wide / joint.length;
  const most = Math.max(...joint, ...state.drawn.flat());
  return [
    joint.map((value, index) => {
      const x = at.data + step * index, high = (68 * value) / most;
      const mark = state.drawn.length && base - (68 * state.drawn[world][index]) / most;
      return [
        rect(x + 0.1 * step, base - high, 0.8 * step, high, { fill: "grey" }),
        few && text(x + step / 2, base - high - 4, fixed(value, 2), { size: 11, anchor: "middle" }),
        few && text(x + step / 2, base + 14, state.cells[index], { anchor: "middle", ...small }),
        state.drawn.length > 0 && line(x, mark, x + step, mark, { stroke: "vermilion-text", thickness: 2 }),
      ];
    }),
    line(at.data, base, at.data + wide, base, { stroke: "grey" }),
    few ? text(at.data + at.data_width, base + 14, state.axis_names, { anchor: "end", ...small })
      : [text(at.data, base + 14, state.cells[0], small),
        text(at.data + wide, base + 14, state.cells.at(-1), { anchor: "end", ...small })],
    drawEffects(at, state, top, frame),
  ];
};

const drawEffects = (at, state, top, frame) => {
  const base = top + 100, effects = state.effects[frame], [big, words, tone] = state.big[frame];
  const wide = at.effect_width - (state.big[0][1] ? 68 : 0), step = wide / effects.length;
  const right = at.effect + at.effect_width;
  return [
    effects.map((value, index) => {
      const x = at.effect + step * index, high = 68 * value;
      return [
        rect(x + 0.12 * step, base - high, 0.76 * step, high, { fill: index % 2 ? "blue" : "sky" }),
        step > 24 && text(x + step / 2, base - high - 4, fixed(value, 2), { weight: 600, size: 11, anchor: "middle" }),
        text(x + step / 2, base + 14, fit(state.bars[index], step, 11), { anchor: "middle", ...small }),
      ];
    }),
    line(at.effect, base, at.effect + wide, base, { stroke: "grey" }),
    words && [text(right, top + 52, big, { size: 20, weight: 600, fill: tone, anchor: "end" }),
      text(right, top + 68, words, { size: 11, fill: tone, anchor: "end" })],
  ];
};

const drawBetween = (at, state, a, b) => {
  const y = M.between;
  const away = state.effects[a].map((value, index) => Math.abs(value - state.effects[b][index]));
  const gaps = away.map((gap) => Math.round(1e4 * gap) / 1e4);
  const gap = Math.max(...gaps), label = state.bars[gaps[state.latest] === gap ? state.latest : gaps.indexOf(gap)];
  let end = at.mechanism;
  return [
    state.kind === "types"
      ? legend(at).map(([name, meaning]) => {
        const x = end;
        end += 18 + textWidth(meaning, 11);
        return [rect(x, y - 8, 9, 9, { fill: paint(FILLS[name]), stroke: "hairline", thickness: 1 }),
          text(x + 12, y, meaning, small)];
      })
      : text(at.mechanism, y, fit(`bars: shares of value 1   ${state.tables.legend}`, at.mechanism_width, 11), small),
    text(at.data, y + 2, "=", { size: 17, weight: 600 }),
    text(at.data + 16, y, state.equal, small),
    text(at.effect, y + 2, gap >= 0.005 ? "≠" : "=", { size: 17, weight: 600, fill: "vermilion-text" }),
    text(at.effect + 16, y, fit(`gap ${fixed(gap, 2)} in ${label}`, at.effect_width - 16, 11), small),
  ];
};

// The types with their meaning, where there is room for it.
const legend = (at) => {
  const full = Object.entries(MEANINGS).map(([name, meaning]) => [name, `${name} ${meaning}`]);
  const room = full.reduce((sum, [, label]) => sum + 18 + textWidth(label, 11), -6);
  return room <= at.mechanism_width ? full : full.map(([name]) => [name, name]);
};

const drawReason = (at, state) => {
  const room = at.mechanism_width, [one, two] = state.formulas;
  return [drawFormula(at.mechanism, 62, one, { room }), drawFormula(at.mechanism + 12, 98, two, { room: room - 12 }),
    wrap(state.proof, room).map((each, index) => text(at.mechanism, 146 + 18 * index, each, { fill: "quiet" }))];
};

const drawStrip = (view, at) => {
  const { state, width } = view, { strip } = state, y = M.strip_line, moves = state.kind !== "point";
  const low = stripX(at, strip, strip.low), high = stripX(at, strip, strip.high);
  const zero = strip.zero ? clamp(stripX(at, strip, 0), low, high) : low;
  const [seen, label] = strip.seen, x = stripX(at, strip, seen), middle = stripX(at, strip, 0);
  const right = at.strip_end + 26 - strip.formula.width, free = x + 9 + textWidth(label, 11) + 12 < right;
  const nearest = (event) => {
    const frame = frameAt(view, local(event)), [a, b] = chosen(view);
    if (event.type === "pointerdown") view.ui.held = Math.abs(frame - a) <= Math.abs(frame - b) ? 0 : 1;
    move(view, view.ui.held, frame);
  };
  return [
    line(16, 312, width - 16, 312),
    text(16, y - 8, moves ? "Slide" : "Nowhere to slide", { weight: 600 }),
    text(16, y + 9, moves ? "every point fits the" : "one point fits", small),
    text(16, y + 24, moves ? "data exactly as well" : "the data", small),
    rect(low, y - 8, Math.max(0, zero - low), 16, { fill: paint("vermilion:0.25") }),
    rect(zero, y - 8, high - zero, 16, { fill: paint(strip.zero ? "green:0.25" : "sky:0.35") }),
    line(at.strip, y + 8, at.strip_end, y + 8, { stroke: "grey" }),
    strip.ticks.map(([value, shown]) => {
      const tick = stripX(at, strip, value);
      return [line(tick, y + 8, tick, y + 12, { stroke: "grey" }),
        text(tick, y + 25, shown, { anchor: "middle", ...small })];
    }),
    strip.zero && line(middle, y - 12, middle, y + 12, { stroke: "ink", thickness: 1.4 }),
    moves && [[low, strip.ends[0]], [high, strip.ends[1]]].map(([end, shown]) => [
      line(end, y - 12, end, y + 8, { stroke: "ink", thickness: 2 }),
      text(end, y - 17, shown, { anchor: "middle", ...small })]),
    path(`M${number(x - 5)} ${number(y + 38)}h10l-5 -8z`, { fill: "ink" }),
    text(x + 9, y + 40, label, small),
    drawFormula(free ? right : at.strip, y + 41, strip.formula),
    moves && rect(low - 12, y - 14, high - low + 24, 28, { key: "rail", fill: "transparent", class: "he-strip",
      ...dragging(view, nearest) }),
  ];
};

const drawKnob = (view, at, world, frame) => {
  const { state } = view, filled = world === 0, name = "AB"[world], y = M.strip_line;
  const x = stripX(at, state.strip, state.values[frame]);
  return group(0, 0, { key: `knob ${name}`, class: "he-knob", tabindex: 0, role: "slider",
    "aria-label": `world ${name}`, "aria-valuenow": frame, "aria-valuemin": 0, "aria-valuemax": state.frames - 1,
    "aria-valuetext": `${state.strip.formula.spoken} ${state.strip.shown[frame]}`,
    onkeydown: (event) => steer(view, world, event),
    ...dragging(view, (event) => move(view, world, frameAt(view, local(event)))) },
    circle(x, y, 11, { fill: filled ? "blue-fill" : "ground", stroke: "blue-fill", thickness: 2 }),
    text(x, y + 4.5, name, { weight: 600, size: 12, anchor: "middle", fill: filled ? "on-fill" : "blue-text" }));
};

const drawDot = (x) => circle(x, M.strip_line, 11, { fill: "blue-fill", stroke: "blue-fill", thickness: 2 });
