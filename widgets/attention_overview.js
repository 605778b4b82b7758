// All heads, small: the live twin of attention_overview.py.
import { share } from "./attention_arithmetic.js";
import { headAt } from "./attention_selection.js";

const { rect, path, text, group, tint, number, fixed, textWidth, fit, unpack, cell, range, small } = lab;
const M = MEASURES;

export const drawOverview = (view, at) => {
  const { state } = view, { fold: folded } = at, { layers, heads } = state, kind = view.get("overview");
  const patterns = view.get("patterns"), effects = view.get("effects"), right = 16 + Math.max(folded.used, 300);
  const [x, y] = folded.place(state.layer, state.head), ring = folded.thumb + 5;
  const chosen = { fill: "none", stroke: "blue", thickness: 2, radius: 3, class: "lab-move" };
  return [
    text(16, 23, `All ${layers * heads} heads`, { weight: 600 }),
    text(right, 23, `${layers} layers (rows) × ${heads} heads`, { ...small, anchor: "end" }),
    view.memo("numbers", [at, state.layer, state.head], () => drawNumbers(state, folded)),
    kind === "patterns" && view.memo("thumbs", [at, patterns], () => drawThumbs(state, folded, patterns)),
    view.memo("effects", [at, effects, kind], () => drawEffects(state, folded, effects, kind)),
    rect(x - 2.5, y - 2.5, ring, ring, chosen),
    drawTargets(view, at, effects),
    drawOverviewLegend(view, folded, effects, kind, right),
  ];
};

const drawNumbers = (state, folded) => {
  const { heads, layers } = state;
  const wide = labelStep(folded.pitch, heads > 10 ? 14 : 9), tall = labelStep(folded.pitch, 11);
  const blocks = range(folded.blocks).map((block) => range(heads).map((head) => {
    const chosen = head === state.head && block === Math.floor(state.layer / folded.rows);
    const x = folded.place(block * folded.rows, head)[0] + folded.thumb / 2;
    return (chosen || head % wide === 0) && drawRank(x, M.top - 7, head, "middle", chosen);
  }));
  const rows = range(layers).map((layer) => {
    const chosen = layer === state.layer, [x, y] = folded.place(layer, 0);
    const shown = chosen || (layer % folded.rows) % tall === 0;
    return shown && drawRank(x - 5, y + folded.thumb / 2 + 4, layer, "end", chosen);
  });
  return group(0, 0, {}, blocks, rows);
};

const drawRank = (x, y, rank, anchor, chosen) =>
  text(x, y, String(rank), { size: 11, anchor, ...(chosen ? { fill: "blue-text", weight: 600 } : { fill: "quiet" }) });

const labelStep = (pitch, needed) => [1, 2, 5, 10, 100].find((step) => pitch * step >= needed);

// All thumbnails in a handful of paths: the ground of what may be looked at, and one path for each opacity.
const drawThumbs = (state, folded, patterns) => {
  const { thumb } = folded, { shape, values } = unpack(patterns.levels), size = shape[2], unit = thumb / size;
  const outline = patterns.causal ? `l${thumb} ${thumb}h-${thumb}z` : `h${thumb}v${thumb}h-${thumb}z`;
  const strokes = range(M.levels + 1).map(() => []), grounds = [];
  for (let layer = 0, start = 0; layer < shape[0]; layer++) {
    for (let head = 0; head < shape[1]; head++, start += size * size) {
      const [x, y] = folded.place(layer, head);
      grounds.push(`M${x} ${y}${outline}`);
      for (let column = 0; column < size; column++) {
        for (let row = 0, end; row < size; row = end) {
          const level = values[start + row * size + column];
          for (end = row + 1; end < size && values[start + end * size + column] === level;) end++;
          const corner = `M${number(x + unit * (column + 0.5))} ${number(y + unit * row)}`;
          if (level) strokes[level].push(`${corner}v${number(unit * (end - row))}`);
        }
      }
    }
  }
  const look = (level) => ({ stroke: "blue", thickness: unit, opacity: level / M.levels, fill: "none" });
  return group(0, 0, {}, path(grounds.join(""), { fill: "blue", opacity: 0.08 }),
    strokes.map((found, level) => found.length > 0 && path(found.join(""), look(level))));
};

const moves = (effects, layer, head) => (layer < effects.measured ? unpack(effects.change).at(layer, head) : null);

const drawEffects = (state, folded, effects, kind) => {
  const { thumb } = folded;
  return group(0, 0, {}, range(state.layers).map((layer) => range(state.heads).map((head) => {
    const [x, y] = folded.place(layer, head), moved = moves(effects, layer, head);
    const strength = Math.min(1, Math.abs(moved) / 0.5);
    const fill = moved === null ? "none" : tint(moved >= 0 ? "blue" : "vermilion", strength, "wash");
    const edge = moved === null ? { stroke: "hairline" } : {};
    const paint = kind === "effect" ? "ground" : moved > 0 ? "blue" : "vermilion";
    return [
      kind === "effect" && rect(x + 0.5, y + 0.5, thumb - 1, thumb - 1, { fill, ...edge }),
      moved !== null && Math.abs(moved) >= M.mark && path(markPath(x, y, thumb, moved, kind), { fill: paint }),
    ];
  })));
};

const markPath = (x, y, thumb, moved, kind) => {
  const left = x + (kind === "patterns" ? thumb - 6.5 : thumb / 2 - 3.5);
  const top = y + (kind === "patterns" ? -1 : thumb / 2 - 3);
  return moved < 0 ? `M${number(left)} ${number(top)}h7l-3.5 6z` : `M${number(left)} ${number(top + 6)}h7l-3.5 -6z`;
};

// What the mouse and the arrow keys find: one invisible square for each head.
const drawTargets = (view, at, effects) => {
  const { layers, heads, layer: chosenLayer, head: chosenHead } = view.state, { pitch, place } = at.fold;
  const act = {
    onpointermove: (event) => view.set({ over: headAt(event.target) }),
    onpointerleave: () => view.set({ over: null }),
    onclick: (event) => { const found = headAt(event.target); if (found) view.send(found); },
    onkeydown: (event) => { view.latest.walking = /^(Arrow|Home|End)/.test(event.key); },
  };
  const target = (layer, head, current) => {
    const [x, y] = place(layer, head), moved = moves(effects, layer, head);
    const spoken = moved === null ? "" : `, without it ${effects.token} ${signed(moved)}`;
    const name = `layer ${layer}, head ${head}${spoken}`;
    return rect(x - 1, y - 1, pitch, pitch, { fill: "transparent", ...cell("heads", layer, head, name, current) });
  };
  return group(0, 0, { class: "att-heads", ...act }, range(layers).map((layer) => {
    const chosen = layer === chosenLayer ? chosenHead : null;
    return view.memo(`heads ${layer}`, [at, chosen, layer < effects.measured, effects.token], () =>
      group(0, 0, {}, range(heads).map((head) => target(layer, head, head === chosen))));
  }));
};

const signed = (change) => `${change < 0 ? "−" : "+"}${fixed(Math.abs(change), 3)}`;

const drawOverviewLegend = (view, folded, effects, kind, right) => {
  const { state, ui } = view, y = M.top + folded.rows * folded.pitch + 12, token = fit(effects.token, 60, 11);
  if (ui.over) return text(18, y, headTold(view, effects, ui.over), { size: 11 });
  const some = effects.measured > 0, all = effects.measured >= state.layers, nodes = [];
  if (kind === "effect") {
    nodes.push(range(9).map((step) => {
      const fill = tint(step >= 4 ? "blue" : "vermilion", Math.abs(step - 4) / 4, "wash");
      return rect(46 + 9 * step, y - 8, 9, 9, { fill });
    }));
    nodes.push(text(41, y, "−0.5", { ...small, anchor: "end" }), text(132, y, "+0.5", small));
  } else if (state.begins) {
    nodes.push(rect(18, y - 9, 3, 11, { fill: "blue" }), text(26, y, "weight parked on start", small));
  }
  if (some && !all) {
    nodes.push(text(right, y, `measured ${effects.measured} of ${state.layers} layers`, { ...small, anchor: "end" }));
  } else if (kind === "effect") {
    nodes.push(text(right, y, `change of p(${token})`, { ...small, anchor: "end" }));
  } else if (some) {
    const told = `ablation moves ${token} by ≥ ${M.mark}`, left = right - textWidth(told, 11) - 24;
    nodes.push(text(right, y, told, { ...small, anchor: "end" }),
      path(`M${number(left)} ${number(y - 8)}h8l-4 7z`, { fill: "vermilion" }),
      path(`M${number(left + 11)} ${number(y - 1)}h8l-4 -7z`, { fill: "blue" }));
  }
  return group(0, 0, {}, nodes);
};

// One head in numbers, in the legend's place.
const headTold = (view, effects, { layer, head }) => {
  const habits = unpack(view.get("patterns").habits), moved = moves(effects, layer, head);
  const names = [view.state.begins ? "start" : "first", "itself", "before"];
  const told = names.map((name, index) => `${name} ${share(habits.at(layer, head, index))}`);
  const effect = moved === null ? "" : ` · off: ${fit(effects.token, 60, 11)} ${signed(moved)}`;
  return [["strong", `${layer}.${head} `], ["", `${told.join(" · ")}${effect}`]];
};
