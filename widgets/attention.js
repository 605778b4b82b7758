// AttentionExplorer: the live stage of attention_picture.py, in the same order and with the same names. The browser
// does the arithmetic of a cell itself, from the vectors q and k of the head that is shown.
const { h, svg, rect, line, path, text, group, tint, number, fixed, textWidth, fit, unpack } = lab;
const { cell, stepper, segmented, checkbox, slider, reset } = lab;
const M = MEASURES;
const small = { size: 11, fill: "quiet" };
const range = (count) => Array.from({ length: count }, (_, index) => index);
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

// ---------------------------------------------------------------- where things stand (attention_layout.py)

const fold = (layers, heads, width, height) => {
  let best = { blocks: 1, rows: layers, pitch: 0 };
  for (let blocks = 1; blocks <= Math.min(4, layers); blocks++) {
    const rows = Math.ceil(layers / blocks), across = width - blocks * M.rank - (blocks - 1) * M.apart;
    const pitch = Math.min(Math.floor(across / (blocks * heads)), Math.floor(height / rows), M.thumb);
    if (pitch > best.pitch) best = { blocks, rows, pitch };
  }
  const pitch = Math.max(best.pitch, 4), block = M.rank + heads * pitch + M.apart;
  const place = (layer, head) => {
    const left = Math.floor(layer / best.rows) * block + M.rank;
    return [16 + left + head * pitch, M.top + (layer % best.rows) * pitch];
  };
  return { ...best, pitch, thumb: pitch - 2, used: best.blocks * block - M.apart - 2, place };
};

const cellSize = (side, count) => clamp(Math.floor(side / count), M.smallest, M.largest);

const layout = (width, layers, heads, count, label) => {
  const kind = width >= M.wide ? "wide" : width >= M.middle ? "middle" : "narrow", inner = width - 32;
  if (kind === "narrow") {
    const folded = fold(layers, heads, inner, M.flat), below = M.top + folded.rows * folded.pitch + 36;
    const matrixX = 16 + label + 8;
    const size = cellSize(Math.min(M.side, inner - M.gap - M.side_panel - label - 8), count);
    const beside = matrixX + Math.max(size * count, 180) + M.gap;
    return { kind, fold: folded, overview: inner, nextX: beside, nextY: below, nextWidth: width - 16 - beside, titleX: 16,
      matrixX, matrixY: below + M.above, cell: size, panelX: beside, panelY: below + 118, height: below + M.height + 38 };
  }
  const room = inner - M.gap - (kind === "wide" ? M.panel + 19 : 0);
  const overview = Math.max(M.overview, room - (label + 8 + M.side + M.aslant)), titleX = 16 + overview + M.gap;
  return { kind, fold: fold(layers, heads, overview, M.tall), overview, nextX: 16, nextY: M.next,
    nextWidth: Math.min(overview, 440), titleX, matrixX: titleX + label + 8, matrixY: M.above,
    cell: cellSize(Math.min(M.side, room - overview - label - 8 - M.aslant), count),
    panelX: kind === "wide" ? width - 16 - M.panel : 16, panelY: kind === "wide" ? 0 : M.height,
    height: M.height + (kind === "wide" ? 0 : M.strip) };
};

const labelRoom = (tokens) => {
  const longest = Math.max(...tokens.map(([label, mark]) => textWidth(label + mark, 13, { mono: true })));
  return Math.min(M.label, Math.max(40, Math.ceil(longest)));
};

const shownTokens = (count, window) => {
  if (count <= M.window) return range(count);
  const last = count - M.window, first = clamp(window >= 0 ? window : last + 1 + window, 0, last);
  return [0, ...range(M.window - 1).map((index) => first + 1 + index)];
};

// ---------------------------------------------------------------- what is chosen, what is hovered

const chosenRow = (view) => {
  const query = view.get("query"), count = view.state.tokens.length;
  if (query === null) return null;
  return query < 0 ? Math.max(0, query + count) : Math.min(query, count - 1);
};

const sees = (state, query, key) => key !== null && key < state.tokens.length && (!state.causal || key <= query);

// {query, key}: the hovered cell, row or column, else the chosen ones; a row alone shows its strongest key.
const seen = (view) => {
  const { state, ui } = view;
  if (ui.hover && ui.hover.query === null) return ui.hover;
  const query = ui.hover ? ui.hover.query : chosenRow(view), key = ui.hover ? ui.hover.key : view.get("key");
  if (query === null) return { query, key: null };
  return { query, key: sees(state, query, key) ? key : state.strongest[query] };
};

// ---------------------------------------------------------------- the arithmetic of one cell

const cellSteps = (state, query, key) => {
  const q = unpack(state.q), k = unpack(state.k), width = q.shape[1];
  const dot = (other) => range(width).reduce((sum, index) => sum + q.at(query, index) * k.at(other, index), 0);
  const scores = range(state.causal ? query + 1 : state.tokens.length).map((other) => dot(other) / Math.sqrt(width));
  const highest = Math.max(...scores), shift = highest > 300 ? highest : 0;
  const exponentials = scores.map((score) => Math.exp(score - shift));
  const total = exponentials.reduce((sum, one) => sum + one, 0);
  return { products: range(width).map((index) => q.at(query, index) * k.at(key, index)), sum: dot(key), score: scores[key],
    shift, exponential: exponentials[key], total, weight: exponentials[key] / total,
    shares: exponentials.map((one) => one / total) };
};

const amount = (value) => {
  const size = Math.abs(value), sign = value < 0 ? "−" : "";
  if (value === 0 || (0.01 <= size && size < 1e5)) return fixed(value, 2).replace("-", "−");
  let exponent = Math.floor(Math.log10(size)), mantissa = fixed(size / 10 ** exponent, 1);
  if (mantissa === "10.0") [mantissa, exponent] = ["1.0", exponent + 1];
  return `${sign}${mantissa}×10${[...String(exponent)].map((digit) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(digit)]).join("")}`;
};

const share = (weight) => fixed(weight, weight >= 0.0995 ? 2 : weight >= 0.00995 ? 3 : 4);

// ---------------------------------------------------------------- all heads, small

const drawOverview = (view, at) => {
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
  const { heads, layers } = state, wide = labelStep(folded.pitch, heads > 10 ? 14 : 9), tall = labelStep(folded.pitch, 11);
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
    const fill = moved === null ? "none" : tint(moved >= 0 ? "blue" : "vermilion", Math.min(1, Math.abs(moved) / 0.5), "wash");
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

const headAt = (target) =>
  target.dataset?.grid === "heads" ? { layer: Number(target.dataset.row), head: Number(target.dataset.column) } : null;

const signed = (change) => `${change < 0 ? "−" : "+"}${fixed(Math.abs(change), 3)}`;

const drawOverviewLegend = (view, folded, effects, kind, right) => {
  const { state, ui } = view, y = M.top + folded.rows * folded.pitch + 12, token = fit(effects.token, 60, 11);
  if (ui.over) return text(18, y, headTold(view, effects, ui.over), { size: 11 });
  const some = effects.measured > 0, all = effects.measured >= state.layers, nodes = [];
  if (kind === "effect") {
    nodes.push(range(9).map((step) =>
      rect(46 + 9 * step, y - 8, 9, 9, { fill: tint(step >= 4 ? "blue" : "vermilion", Math.abs(step - 4) / 4, "wash") })));
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

// ---------------------------------------------------------------- the model's answer

const drawNext = (at, answers) => {
  const { nextX: x, nextY: y, nextWidth: width } = at, right = x + width, off = Boolean(answers.off);
  const title = fit(answers.title, 110, 13, { bold: true }), unit = width - 72 - (off ? 126 : 46);
  let left = x + textWidth(title, 13, { bold: true }) + 14;
  const legend = [["blue", "whole model"], ["purple", answers.off]].filter(([, meaning]) => meaning).map(([fill, meaning]) => {
    const nodes = [rect(left, y + 14, 9, 9, { fill }), text(left + 13, y + 23, meaning, small)];
    left += textWidth(meaning, 11) + 26;
    return nodes;
  });
  const rows = answers.tokens.map((token, row) => {
    const base = y + 48 + 19 * row, move = { class: "lab-move" };
    return group(0, 0, { key: `${token.label} ${row}` },
      text(x + 64, base, fit(token.label, 64, 13, { mono: true }), { mono: true, anchor: "end" }),
      rect(x + 71, base - (off ? 11 : 10), unit * token.before, off ? 7 : 11, { fill: "blue", ...move }),
      off && rect(x + 71, base - 4, unit * token.after, 7, { fill: "purple", ...move }),
      drawChange(right, base, token, off));
  });
  return [
    at.kind !== "narrow" && line(x, y + 4.5, x + at.overview, y + 4.5),
    text(x, y + 23, title, { weight: 600 }),
    legend,
    rows,
    line(x + 70.5, y + 33, x + 70.5, y + 37 + 19 * answers.tokens.length, { stroke: "ink" }),
  ];
};

const drawChange = (right, base, { shown: [before, after, change], tone }, off) => {
  const end = { size: 11, anchor: "end" };
  if (!off) return text(right, base, before, { ...end, weight: 600 });
  return [
    text(right - 84, base, before, { ...end, fill: "quiet" }),
    text(right - 75, base, "→", { ...small, anchor: "middle" }),
    text(right - 40, base, after, { ...end, weight: 600 }),
    text(right, base, change, { ...end, weight: tone === "quiet" ? 400 : 600, fill: tone }),
  ];
};

// ---------------------------------------------------------------- one head, large

const drawMatrix = (view, at, shown) => {
  const { state } = view, { matrixX: x, matrixY: y, cell: size } = at, { query, key } = seen(view), row = chosenRow(view);
  const place = (token) => shown.indexOf(token), ring = { fill: "none", thickness: 2, radius: 3, "pointer-events": "none" };
  const words = `${state.causal} ${state.tokens.join(" ")}`; // equal while text and mask are
  const boxed = row !== null && place(row) >= 0, framed = query !== null && place(query) >= 0 && place(key) >= 0;
  return [
    text(at.titleX, y - 41, `Layer ${state.layer}, head ${state.head}`, { weight: 600 }),
    text(x - 8, y - 21, "key →", { ...small, anchor: "end" }),
    text(x - 8, y - 8, "query ↓", { ...small, anchor: "end" }),
    view.memo("grid", [at, shown.length, state.causal], () => drawGrid(x, y, size, shown.length, state.causal)),
    view.memo("labels", [at, words, ...shown.slice(0, 2)], () => drawLabelTargets(view, at, shown)),
    shown.map((token, index) => drawRowLabel(at, state, token, index, token === (query ?? row))),
    shown.map((token, place) => drawKeyLabel(at, state, token, place, token === key)),
    shown.length > M.many
      ? [
        view.memo("fields", [at, state.weights, ...shown.slice(0, 2)], () => drawFields(state, at, shown)),
        view.memo("cells", [at, words, ...shown.slice(0, 2), row], () => drawCells(view, at, shown)),
      ]
      : view.memo("cells", [at, state, row, view.get("key")], () => drawCells(view, at, shown)),
    boxed && rect(x - 1, y + size * place(row) - 1, size * shown.length + 3, size + 3, { ...ring, stroke: "blue" }),
    framed && rect(x + size * place(key) - 1, y + size * place(query) - 1, size + 3, size + 3, { ...ring, stroke: "ink" }),
    query === null && key !== null && place(key) >= 0 && drawColumnRing(at, state, place(key), shown.length, ring),
  ];
};

const drawColumnRing = ({ matrixX, matrixY, cell: size }, state, column, count, ring) => {
  const above = state.causal ? column : 0, tall = size * (count - above) + 3;
  return rect(matrixX + size * column - 1, matrixY + size * above - 1, size + 3, tall, { ...ring, stroke: "ink" });
};

const drawGrid = (x, y, size, count, causal) => {
  if (size < 8) {
    const start = `M${number(x)} ${number(y)}`, stairs = `h${size}` + `v${size}h${size}`.repeat(count);
    return path(`${start}${causal ? stairs : `h${size * count}`}V${number(y + size * count)}H${number(x)}z`, { fill: "wash" });
  }
  const lines = range(count + 1).map((index) => {
    const across = size * (causal ? Math.min(index + 1, count) : count) + 1, above = causal ? Math.max(index - 1, 0) : 0;
    return `M${number(x)} ${number(y + size * index + 0.5)}h${across}`
      + `M${number(x + size * index + 0.5)} ${number(y + size * above)}v${size * (count - above) + 1}`;
  });
  return path(lines.join(""), { stroke: "blue", opacity: 0.12, fill: "none" });
};

const looks = (state, query, key) => {
  const [from, to] = [query, key].map((token) => state.tokens[token].join(""));
  return `${from} looks at ${to}: ${share(unpack(state.weights).at(query, key))}`;
};

// The cells, each by itself. Of many only what the mouse and the arrow keys find: `drawFields` has painted them.
const drawCells = (view, at, shown) => {
  const { state } = view, { matrixX: x, matrixY: y, cell: size } = at, many = shown.length > M.many;
  const inset = size >= 8 ? 1 : 0, row = chosenRow(view), key = row === null ? null : view.get("key");
  const column = sees(state, row, key) ? key : state.strongest[row];
  const painted = (weight) => ({ fill: "blue", "fill-opacity": weight ** M.power, class: "att-cell" });
  const nodes = shown.map((query, index) => shown.map((other, place) => {
    if (!sees(state, query, other)) return null;
    const spoken = many ? "" : looks(state, query, other), current = query === row && other === column;
    const look = many ? { fill: "transparent" } : painted(unpack(state.weights).at(query, other));
    return rect(x + size * place + inset, y + size * index + inset, size - inset, size - inset,
      { key: `${query} ${other}`, ...look, ...cell("weights", query, other, spoken, current) });
  }));
  return group(0, 0, { key: "cells", class: "att-cells", ...acting(view) }, nodes);
};

// Many cells: one path for each opacity.
const drawFields = (state, at, shown) => {
  const { matrixX: x, matrixY: y, cell: size } = at, inset = size >= 8 ? 1 : 0, wide = size - inset, fields = new Map();
  const weights = unpack(state.weights);
  shown.forEach((query, index) => shown.forEach((key, place) => {
    const opacity = number(weights.at(query, key) ** M.power);
    const square = `M${number(x + size * place + inset)} ${y + size * index + inset}h${wide}v${wide}h-${wide}z`;
    if (opacity !== "0") fields.set(opacity, (fields.get(opacity) ?? "") + square);
  }));
  return group(0, 0, { key: "fields" }, [...fields].map(([opacity, d]) => path(d, { fill: "blue", opacity })));
};

// What the mouse and the arrow keys find of the labels: those of rows left of the cells, those of keys above.
const drawLabelTargets = (view, at, shown) => {
  const { tokens } = view.state, { titleX, matrixX: x, matrixY: y, cell: size } = at, blank = { fill: "transparent" };
  const name = (token) => tokens[token].join("");
  const rows = shown.map((token, index) => rect(titleX, y + size * index, x - titleX - 4, size,
    { ...blank, ...cell("weights", token, -1, `row of ${name(token)}`) }));
  const columns = shown.map((token, place) => {
    const left = x + size * (place + 0.5) + 4, turn = `rotate(-45 ${number(left)} ${number(y - 8)})`;
    return rect(left - 3, y - 8 - Math.min(12, size / 1.4), 60, Math.min(15, size / 1.2),
      { ...blank, transform: turn, ...cell("weights", -1, token, `who looks at ${name(token)}`) });
  });
  return group(0, 0, { class: "att-cells", ...acting(view) }, rows, columns);
};

const drawRowLabel = (at, state, token, index, chosen) => {
  if (at.cell < M.labelled && !chosen) return null;
  const size = labelSize(at.cell), label = fitted(state.tokens[token], at.matrixX - at.titleX - 8, size);
  const look = { size, anchor: "end", "pointer-events": "none", ...labelLook(state, token, chosen) };
  return text(at.matrixX - 8, at.matrixY + at.cell * (index + 0.5) + 4.5, label, look);
};

const drawKeyLabel = (at, state, token, place, chosen) => {
  if (at.cell < M.labelled && !chosen) return null;
  const size = labelSize(at.cell), x = at.matrixX + at.cell * (place + 0.5) + 4, y = at.matrixY - 8;
  const limit = at.kind === "middle" ? 10000 : at.panelX - 14;
  const label = fitted(state.tokens[token], Math.min(72, 1.4 * (limit - x)), size);
  const turn = { transform: `rotate(-45 ${number(x)} ${number(y)})`, "pointer-events": "none" };
  return text(x, y, label, { size, ...turn, ...labelLook(state, token, chosen) });
};

const labelSize = (size) => (size >= 15 ? 13 : 11);

const labelLook = (state, token, chosen) => {
  const weight = chosen ? 600 : null, own = token > 0 || !state.begins;
  return { weight, fill: chosen ? "blue-text" : own ? "ink" : "quiet", ...(own ? { mono: true } : { slant: "italic" }) };
};

const fitted = ([label, mark], room, size = 13) =>
  fit(label, room - textWidth(mark, size, { mono: true }), size, { mono: true }) + mark;

// Hover, click and focus of cells and labels; a row or column of -1 is a label.
const cellAt = (target) => {
  if (target.dataset?.grid !== "weights") return null;
  const [query, key] = [target.dataset.row, target.dataset.column].map(Number);
  return { query: query < 0 ? null : query, key: key < 0 ? null : key };
};

const hover = (view, found) => {
  const before = view.ui.hover;
  if (found?.query !== before?.query || found?.key !== before?.key) view.set({ hover: found });
};

const acting = (view) => ({
  onpointermove: (event) => hover(view, cellAt(event.target)),
  onpointerleave: () => hover(view, null),
  onclick: (event) => {
    const found = cellAt(event.target);
    if (!found || found.query === null) return;
    const again = found.query === chosenRow(view) && found.key === view.get("key");
    view.send(again ? { query: null, key: null } : found);
  },
});

const drawBars = (view, at, shown) => {
  const { state } = view, { matrixX: x, cell: size } = at, { query } = seen(view), weights = unpack(state.weights);
  const count = state.tokens.length, right = x + size * shown.length, base = at.matrixY + size * shown.length + M.base;
  const mean = (key) => range(count).reduce((sum, row) => sum + weights.at(row, key), 0) / count;
  const row = range(count).map((key) => (query === null ? mean(key) : weights.at(query, key)));
  const thick = Math.max(2, Math.round(0.6 * size)), values = shown.map((key) => row[key]);
  const inside = fixed(values.reduce((sum, value) => sum + value, 0), 2), end = size * shown.length >= 150;
  const caption = shown.length < count ? `${inside} of the row's weight is in the window` : "weights of a row add up to 1";
  const tag = { ...small, anchor: "end" };
  return [
    query === null
      ? [text(x - 8, base - 14, "mean of", tag), text(x - 8, base + 1, "all rows", tag)]
      : [text(x - 8, base - 14, "row of", tag), text(x - 8, base + 1, fitted(state.tokens[query], x - at.titleX - 8),
        { anchor: "end", ...labelLook(state, query, true) })],
    path(values.map((value, column) =>
      barPath(x + size * column + (size - thick) / 2 + 0.5, base, thick, M.bar * value)).join(""), { fill: "blue" }),
    labelledBars(values, size).map((column, rank) => {
      const look = rank === 0 ? { weight: 600 } : { fill: "quiet" }, y = base - M.bar * values[column] - 4;
      const middle = Math.min(x + size * (column + 0.5) + 0.5, right - 6);
      return text(middle, y, fixed(values[column], 2), { size: 11, anchor: "middle", ...look });
    }),
    line(x, base + 0.5, right + 1, base + 0.5, { stroke: "ink" }),
    text(end ? right : x, base + 14, caption, { ...small, anchor: end ? "end" : "start" }),
  ];
};

// A bar that stands on a line, or hangs from it.
const barPath = (left, base, wide, height) =>
  `M${number(left)} ${number(base)}v${number(-height)}h${number(wide)}v${number(height)}z`;

const labelledBars = (values, size) => {
  const found = [], order = range(values.length).sort((one, other) => values[other] - values[one] || one - other);
  for (const column of order) {
    if (values[column] >= 0.05 && found.every((other) => Math.abs(column - other) * size >= 25)) found.push(column);
  }
  return found;
};

// ---------------------------------------------------------------- one cell, step by step

const drawPanel = (view, at) => {
  const { query, key } = seen(view);
  if (query !== null) return drawSteps(view, at, query, key);
  return key === null ? drawHabit(view, at) : drawColumn(view, at, key);
};

const strip = (view, at) => line(16, at.panelY + 2.5, view.width - 16, at.panelY + 2.5);

const drawSteps = (view, at, query, key) => {
  const { state } = view, { panelX: x, panelY: y } = at, right = x + M.panel, { tokens } = state;
  const steps = cellSteps(state, query, key), count = steps.products.length;
  const pair = `${fitted(tokens[query], 50)} → ${fitted(tokens[key], 50)}`;
  const shift = steps.shift ? ` − ${amount(steps.shift)}` : "", strong = { weight: 600 };
  if (at.kind === "middle") {
    const left = x + M.panel + 16, score = `÷ √${count} = score ${amount(steps.score)}`;
    const weighed = `e to the score${shift} ${amount(steps.exponential)} ÷ whole row ${amount(steps.total)} =`;
    return [
      strip(view, at),
      drawProducts(x, y + 12, 38, steps.products),
      text(left, y + 25, pair, { mono: true, ...strong }),
      text(left + textWidth(pair, 13, { mono: true }) + 14, y + 25,
        `${count} products of q and k sum to ${amount(steps.sum)}; ${score}`),
      text(left, y + 45, weighed),
      text(left + textWidth(weighed) + 6, y + 45, `weight ${share(steps.weight)}`, { ...strong, fill: "blue-text" }),
    ];
  }
  const lines = [
    [156, "their sum q·k", amount(steps.sum), 400],
    [176, `÷ √${count} = score`, amount(steps.score), 600],
    [208, `e to the score${shift}`, amount(steps.exponential), 400],
    [228, "÷ whole row", amount(steps.total), 400],
  ];
  return [
    text(x, y + 23, pair, { mono: true, ...strong }),
    text(x, y + 39, "one cell, step by step", small),
    drawProducts(x, y + 50, 68, steps.products),
    text(x, y + 133, `${count} products of q and k`, small),
    lines.map(([offset, label, value, weight]) => [
      text(x, y + offset, label, { fill: "quiet", size: shift && offset === 208 ? 11 : 13 }),
      text(right, y + offset, value, { weight, anchor: "end" }),
    ]),
    line(x, y + 189.5, right, y + 189.5),
    drawShares(x, y + 240, steps.shares, key),
    text(x, y + 273, "weight", strong),
    text(right, y + 273, share(steps.weight), { size: 15, ...strong, fill: "blue-text", anchor: "end" }),
  ];
};

const drawProducts = (x, y, height, products) => {
  const high = Math.max(0, ...products), low = Math.min(0, ...products), scale = height / (high - low || 1);
  const zero = y + scale * high, pitch = M.panel / products.length, wide = Math.max(pitch - 0.6, 0.7 * pitch);
  return group(0, 0, {},
    [1, -1].map((sign) => {
      const bars = products.map((product, index) =>
        (sign * product > 0 ? barPath(x + pitch * index, zero, wide, scale * product) : ""));
      return path(bars.join(""), { fill: sign > 0 ? "blue" : "vermilion" });
    }),
    line(x, zero, x + M.panel, zero, { stroke: "ink", thickness: 0.75 }));
};

const drawShares = (x, y, shares, key) => {
  let left = x;
  const parts = shares.map((part) => {
    const wide = M.panel * part, start = left;
    left += wide;
    return wide >= 0.3 ? barPath(start, y + 13, wide - (wide > 3 ? 1 : 0), 13) : "";
  });
  const others = parts.filter((_, index) => index !== key).join("");
  return [path(others, { fill: "grey", opacity: 0.5 }), path(parts[key], { fill: "blue" })];
};

// What the head does on average, while no row is chosen.
const drawHabit = (view, at) => {
  const { state } = view, { panelX: x, panelY: y } = at, right = x + M.panel;
  const names = [state.begins ? "start" : "first token", "itself", "token before"];
  if (at.kind === "middle") {
    const told = names.map((name, index) => `${name} ${share(state.habit[index])}`).join(" · ");
    return [strip(view, at), text(x, y + 25, "mean weight of a row", { weight: 600 }), text(x, y + 45, told)];
  }
  return [
    text(x, y + 23, "the whole head", { weight: 600 }),
    text(x, y + 39, "mean weight of a row on", small),
    names.map((name, index) => {
      const top = y + 50 + 32 * index, value = state.habit[index];
      return [text(x, top + 12, name, { fill: "quiet" }), text(right, top + 12, share(value), { anchor: "end" }),
        rect(x, top + 18, M.panel * value, 6, { fill: "blue" })];
    }),
    ["Hover a cell to see its", "arithmetic, click it to", "keep its row."].map((told, row) =>
      text(x, y + 170 + 15 * row, told, small)),
  ];
};

// Who looks at a token most, while its label over the matrix is hovered.
const drawColumn = (view, at, key) => {
  const { state } = view, { panelX: x, panelY: y } = at, right = x + M.panel, weights = unpack(state.weights);
  const rows = range(state.tokens.length).filter((query) => sees(state, query, key));
  const most = rows.sort((one, other) => weights.at(other, key) - weights.at(one, key) || one - other).slice(0, 8);
  const title = `→ ${fitted(state.tokens[key], 90)}`;
  if (at.kind === "middle") {
    const told = most.slice(0, 5).map((query) => `${fitted(state.tokens[query], 70)} ${share(weights.at(query, key))}`);
    return [strip(view, at), text(x, y + 25, title, { mono: true, weight: 600 }), text(x, y + 45, told.join(" · "))];
  }
  return [
    text(x, y + 23, title, { mono: true, weight: 600 }),
    text(x, y + 39, "who looks here most", small),
    most.map((query, row) => {
      const top = y + 48 + 28 * row, value = weights.at(query, key);
      return [
        text(x, top + 12, fitted(state.tokens[query], 84), labelLook(state, query, false)),
        text(right, top + 12, share(value), { anchor: "end" }),
        rect(x, top + 17, M.panel * value, 5, { fill: "blue" }),
      ];
    }),
  ];
};

const drawLegend = (at, state) => {
  const { panelX: x } = at, y = at.panelY + 288, right = x + M.panel;
  return [
    line(x, y + 0.5, right, y + 0.5),
    text(x, y + 23, "weight", small),
    text(x + 43, y + 23, "0", small),
    range(10).map((step) => rect(x + 54 + 6 * step, y + 14, 6, 10, { fill: "blue", opacity: ((step + 0.5) / 10) ** M.power })),
    text(right, y + 23, "1", { ...small, anchor: "end" }),
    state.causal && at.kind === "wide" && [
      path(`M${number(x + 0.5)} ${number(y + 40.5)}h28v28z`, { stroke: "grey", dash: "3 2", fill: "none" }),
      text(x + 38, y + 51, "empty corner:", small),
      text(x + 38, y + 65, "masked future", small),
    ],
  ];
};

// ---------------------------------------------------------------- the text, and the view

const write = (view, text, wait) => {
  clearTimeout(view.latest.typing);
  view.latest.typing = setTimeout(() => view.send({ text }), wait);
};

// The field stands in the title's line where there is room, else below the header.
const drawField = (view) => {
  const { state, width } = view, below = width < M.wide;
  if (state.meta) view.latest.meta = state.meta;
  const left = 36 + textWidth(state.title, 15, { bold: true }), right = 32 + textWidth(view.latest.meta ?? "", 11);
  const onkeydown = (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      write(view, event.target.value, 0);
    } else if (event.key === "Escape") {
      clearTimeout(view.latest.typing);
      event.target.value = view.get("text");
    }
  };
  return h("div", { class: below ? "att-text att-below" : "att-text", style: below ? "" : `left: ${left}px; right: ${right}px` },
    h("textarea", { class: "lab-field", "aria-label": "Text", rows: 1, placeholder: "Type a text", spellcheck: "false",
      autocomplete: "off", value: view.get("text"), onkeydown, oninput: (event) => write(view, event.target.value, 500) }));
};

const go = (view, changes) => {
  const { layers, heads } = view.latest.sizes ?? { layers: 1, heads: 1 };
  if ("layer" in changes) changes.layer = clamp(changes.layer, 0, layers - 1);
  if ("head" in changes) changes.head = clamp(changes.head, 0, heads - 1);
  view.send(changes);
};

const unlabelled = (control) => ({ ...control, children: control.children.slice(1) });

// While the effect of heads is looked at, Python is asked for one layer after another.
const measureOn = (view) => {
  const effects = view.get("effects"), { state } = view;
  if (view.get("overview") === "effect" && !state.status && effects.measured < state.layers) {
    view.send({ measured: effects.measured + 1 });
  }
};

export default lab.view({
  start: { hover: null, over: null },

  entry: (view) => [drawField(view)],

  sentence: (view) => {
    const row = chosenRow(view);
    return row === null ? null : view.state.rows[row];
  },

  stage: (view) => {
    const { state, width } = view, count = state.tokens.length, label = labelRoom(state.tokens);
    view.latest.sizes = { layers: state.layers, heads: state.heads };
    const shown = shownTokens(count, view.get("window"));
    const at = view.memo("layout", [width, state.layers, state.heads, shown.length, label], () =>
      layout(width, state.layers, state.heads, shown.length, label));
    return svg(width, at.height, [
      drawOverview(view, at),
      view.memo("next", [at, state.next], () => group(0, 0, {}, drawNext(at, state.next))),
      drawMatrix(view, at, shown),
      drawBars(view, at, shown),
      at.kind === "wide" && line(at.panelX - 11.5, 16, at.panelX - 11.5, 400),
      group(0, 0, { key: "panel" }, drawPanel(view, at)),
      at.kind !== "middle" && view.memo("legend", [at, state.causal], () => group(0, 0, {}, drawLegend(at, state))),
    ]);
  },

  controls: (view) => {
    const { layers, heads } = view.latest.sizes ?? { layers: 1, heads: 1 }, count = view.state.tokens?.length ?? 0;
    const choice = (value, hint) => ({ value, label: value, hint }), last = count - M.window;
    const window = view.get("window"), first = clamp(window >= 0 ? window : last + 1 + window, 0, Math.max(0, last));
    return [
      stepper({ label: "Layer", value: view.get("layer"), min: 0, max: layers - 1, change: (layer) => view.send({ layer }) }),
      stepper({ label: "Head", value: view.get("head"), min: 0, max: heads - 1, change: (head) => view.send({ head }) }),
      checkbox({ label: "Ablate head", value: view.get("ablated"), tone: "purple", change: (ablated) => view.send({ ablated }) }),
      segmented({ label: "Mask", value: view.get("mask"), change: (mask) => view.send({ mask }),
        choices: [choice("causal", "a token sees those before it"), choice("two-way", "a token sees all")] }),
      view.get("has_positions") && checkbox({ label: "Positions", value: view.get("positions"),
        change: (positions) => view.send({ positions }) }),
      unlabelled(segmented({ label: "Overview", value: view.get("overview"), change: (overview) => view.send({ overview }),
        choices: [choice("patterns", "where each head looks"), choice("effect", "switch off each head in turn")] })),
      last > 0 && slider({ label: "Tokens", value: first, min: 0, max: last, length: 120,
        shown: `${first + 1}–${first + M.window} of ${count}`, change: (to) => view.send({ window: to }) }),
      reset(view),
    ].filter(Boolean);
  },

  keys: {
    a: (view) => view.send({ ablated: !view.get("ablated") }),
    m: (view) => view.send({ mask: view.get("mask") === "causal" ? "two-way" : "causal" }),
    "[": (view) => go(view, { layer: view.get("layer") - 1 }),
    "]": (view) => go(view, { layer: view.get("layer") + 1 }),
    Escape: (view) => view.set({ hover: null, over: null }),
  },

  mounted: (view) => {
    const ask = () => measureOn(view);
    const focused = ({ target }) => {
      const head = headAt(target), found = cellAt(target);
      if (head && view.latest.walking) go(view, head);
      if (head) view.set({ over: head });
      if (found) view.set({ hover: found });
      if (found && found.query !== null && found.key !== null) { // of many cells only the focused one has its words
        target.setAttribute("aria-label", looks(view.state, found.query, found.key));
      }
      view.latest.walking = false;
    };
    const left = () => view.set({ hover: null, over: null });
    const heard = ["change:effects", "change:overview", "change:state"];
    for (const name of heard) view.model.on(name, ask);
    view.root.addEventListener("focusin", focused);
    view.root.addEventListener("focusout", left);
    ask();
    return () => {
      clearTimeout(view.latest.typing);
      for (const name of heard) view.model.off(name, ask);
    };
  },
});
