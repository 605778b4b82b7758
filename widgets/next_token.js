// NextTokenExplorer: the live stage of next_token_picture.py, in the same order and with the same names. What a slider
// changes is computed here (`reshape`, as in next_token_state.py); Python reads, draws and looks ahead.
const { h, svg, rect, circle, text, line, path, group, tint, number, fixed, thousands, textWidth, fit, cell, unpack,
  field, button, slider, stepper, reset } = lab;
const M = MEASURES;
const SCALES = [0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1];
const RANK_TOP = 53, RANK_BOTTOM = 84;
const mono = { mono: true };
const plain = (runs) => runs.map(([, string]) => string).join("");
const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

// ---------------------------------------------------------------- the distribution to draw from

// Temperature, then top-k, then top-p, then renormalise; `scores` go from the highest, 0, down. Of the probabilities
// only those of the rows are kept, and what the others hold together.
const reshape = (scores, model, rows, temperature, topK, topP) => {
  const total = scores.length;
  if (temperature === 0) {
    const drawn = Array.from({ length: rows }, (_, index) => (index === 0 ? 1 : 0));
    return { total, model: model.shares, rest: model.rest, drawn, left: 0, sums: drawn.map(() => 1), kept: 1,
      keptSum: 1, before: model.bits, after: 0 };
  }
  let among = total;
  if (topK !== null && topK < total) {
    among = topK;
    while (among < total && scores[among] === scores[topK - 1]) among++;
  }
  const warm = parts(scores, among, rows, temperature);
  let kept = among, held = 1;
  if (topP !== null && topP < 1) {
    held = kept = 0;
    const tied = () => scores[kept] === scores[kept - 1];
    while (kept < among && (held < topP || tied())) held += Math.exp(scores[kept++] / temperature) / warm.whole;
  }
  const drawn = kept === among ? warm : parts(scores, kept, rows, temperature);
  let running = 0;
  const sums = warm.shares.map((share) => Math.min(1, (running += share)));
  return { total, model: model.shares, rest: model.rest, drawn: drawn.shares, left: drawn.rest, sums, kept,
    keptSum: Math.min(1, held), before: model.bits, after: drawn.bits };
};

// The first `count` tokens as a distribution: shares of the rows, what the others hold, the sum of all weights, bits.
const parts = (scores, count, rows, temperature) => {
  let whole = 0, tail = 0, weighted = 0;
  for (let index = 0; index < count; index++) {
    const score = scores[index] / temperature, weight = Math.exp(score);
    whole += weight;
    if (index >= rows) tail += weight;
    if (weight > 0) weighted += weight * score;
  }
  const shares = Array.from({ length: rows }, (_, index) =>
    index < count ? Math.exp(scores[index] / temperature) / whole : 0);
  const bits = Math.max(0, (Math.log(whole) - weighted / whole) / Math.LN2);
  return { whole, shares, rest: tail / whole, bits };
};

const settingsOf = (view) => [view.get("temperature"), view.get("top_k"), view.get("top_p")];

const shapeOf = (view) => {
  const { values } = unpack(view.get("scores")), rows = view.state.rows.length;
  const model = view.memo("model", [values, rows], () => parts(values, values.length, rows, 1));
  return view.memo("shape", [model, ...settingsOf(view)], () => reshape(values, model, rows, ...settingsOf(view)));
};

// ---------------------------------------------------------------- numbers and sentences, as Python writes them

const chance = (p) => {
  if (p === 0 || p === 1) return String(p);
  if (p < 0.0005) return "<0.001";
  if (p >= 0.9995) return ">0.999";
  return fixed(p, p >= 0.0095 && p < 0.995 ? 2 : 3);
};

const running = (total) => fixed(Math.floor(total * 1000 + 1e-6) / 1000, 3);

const sentenceOf = (view) => {
  const { state } = view, shape = shapeOf(view), [temperature, topK, topP] = settingsOf(view);
  const after = [["", "After "], ["code", state.after]], leader = ["code", state.rows[0].spoken];
  if (state.ended) return state.sentence;
  if (temperature === 0 || topK === 1) return [...after, ["", ", greedy: always the favourite, "], leader, ["", "."]];
  const total = thousands(shape.total);
  const words = [
    temperature !== 1 && `temperature ${fixed(temperature, 2).replace(/0+$/, "").replace(/\.$/, "")}`,
    topK !== null && `top-k ${topK}`,
    topP !== null && `top-p ${fixed(topP, 2)}`,
  ].filter(Boolean);
  if (!words.length) {
    const led = ` leads with ${chance(shape.model[0])}.`;
    return [...after, ["", `, the model has ${total} answers; `], leader, ["", led]];
  }
  const listed = words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words[0];
  const kept = shape.kept === shape.total
    ? [["", `all ${total} tokens`]]
    : [["strong", `${thousands(shape.kept)} of ${total}`], ["", " tokens"]];
  return [...after, ["", `, ${listed} ${words.length === 1 ? "leaves" : "leave"} `], ...kept, ["", "; "], leader,
    ["", ` leads with ${chance(shape.drawn[0])}.`]];
};

const factsOf = (view) => {
  const { before, after } = shapeOf(view), [one, two] = [fixed(before, 2), fixed(after, 2)];
  return `${view.state.name} · uncertainty ${one === two ? one : `${one} → ${two}`} bits`;
};

// ---------------------------------------------------------------- where everything is

const layout = (width) => {
  const wide = width >= M.narrow;
  const side = wide ? 296 + 0.25 * (width - 860) : 400;
  const right = width - 16 - (wide ? side + 24 : 0);
  const first = 24 + Math.max(66, 68 + 0.12 * (right - 524));
  const pitch = (right - 8 - M.sum - first) / 2;
  const bottom = M.top + M.row * (M.rows + 1);
  const roadsHeight = M.top - 55 + M.knot * 5 + 3 * M.row;
  const lens = bottom + 6 + (wide ? 0 : roadsHeight + 22);
  return { width, right, first, second: first + pitch, third: first + 2 * pitch, bar: pitch - 44, bottom, side,
    roads: wide ? right + 23 : 16, roadsTop: wide ? 55 : bottom + 20, wide, lens, height: lens + M.lens };
};

// ---------------------------------------------------------------- the text so far

const chipWidth = (chip) => {
  const under = "given" in chip ? textWidth(chance(chip.given), 11) + 4 : 0;
  return Math.max(textWidth(plain(chip.label), 13, mono) + 12, under, 20);
};

const placedChips = (state, width) => {
  const chips = [...state.prompt, ...state.drawn];
  let room = width - 32 - 28 - 18, x = 16;
  const kept = [];
  for (let index = chips.length - 1; index >= 0; index--) {
    const size = chipWidth(chips[index]);
    if (kept.length && size + 4 > room) break;
    room -= size + 4;
    kept.unshift({ chip: chips[index], index: index - state.prompt.length, size });
  }
  const hidden = chips.length - kept.length;
  if (hidden) x = 34;
  return { hidden, placed: kept.map((one) => ({ ...one, x: (x += one.size + 4) - one.size - 4 })) };
};

const drawChips = (view) => {
  const { state, width } = view, { placed, hidden } = placedChips(state, width);
  const prompt = placed.filter(({ index }) => index < 0), drawn = placed.filter(({ index }) => index >= 0);
  const end = placed.at(-1).x + placed.at(-1).size + 4, note = "what the model gave each of these";
  const body = ({ chip, size }) => [
    rect(0.5, 0.5, size - 1, M.chip - 1, { radius: 4, fill: "given" in chip ? tint("blue", 0.1) : "ground",
      stroke: "given" in chip ? null : "hairline" }),
    text(size / 2, 16.5, chip.label, { anchor: "middle" }),
  ];
  const edit = { role: "button", tabindex: 0, "aria-label": `prompt: ${view.get("text")}; edit it`,
    onclick: () => openField(view), onkeydown: pressed(() => openField(view)) };
  return [
    hidden > 0 && text(16, 16, "…", { fill: "quiet" }),
    prompt.length > 0 && group(0, 0, { class: "nt-prompt", ...edit },
      h("title", {}, "Click to edit the prompt (E)"),
      prompt.map((one) => group(one.x, 0, {}, body(one))),
      text(prompt.at(-1).x + prompt.at(-1).size, 37, "prompt", { size: 11, fill: "quiet", anchor: "end" })),
    drawn.map((one) => {
      const said = `${one.chip.spoken}, probability ${chance(one.chip.given)}; back to before it`;
      return group(one.x, 0, { key: `chip ${one.index}`, class: "nt-chip", ...cell("chips", 0, one.index, said),
        onclick: () => walkTo(view, view.get("tokens").slice(0, one.index)), onkeydown: spaceDraws(view) },
        h("g", one === drawn.at(-1) ? arriving(view, one) : {},
          h("title", {}, "Go back to before this token"), body(one),
          rect(3, M.chip - 2, one.size - 6, 2, { fill: "blue" }),
          text(one.size / 2, 37, chance(one.chip.given), { size: 11, fill: "quiet", anchor: "middle" })));
    }),
    rect(end + 0.75, 0.75, 26.5, M.chip - 1.5,
      { radius: 4, fill: "none", stroke: "blue", thickness: 1.5, dash: "3 2" }),
    text(end + 14, 16.5, "?", { anchor: "middle", weight: 600, fill: "blue-text" }),
    drawn.length > 0 && end + textWidth(note, 11) <= width - 16 && text(end, 37, note, { size: 11, fill: "quiet" }),
  ];
};

// The token that was drawn or taken comes from its row.
const arriving = (view, { x, size }) => {
  const { from } = view.latest, at = layout(view.width);
  if (from === undefined || from === null) return {};
  const dx = at.first - 8 - size - x, dy = M.top + M.row * (from < 0 ? view.state.rows.length : from) - 4;
  return { class: "nt-arrives", style: `--dx: ${number(dx)}px; --dy: ${number(dy)}px` };
};

// ---------------------------------------------------------------- one list read three ways

// What the three columns share: the distribution, its rows and cut, and where they are.
const barsOf = (view, at) => {
  const shape = shapeOf(view), [temperature, ...cuts] = settingsOf(view), { total } = shape;
  const count = view.state.rows.length, [topK, topP] = temperature === 0 ? [null, null] : cuts;
  const row = (index) => M.top + M.row * index;
  const heightOf = (kept) => row(kept <= count ? kept : count + Math.log(kept / count) / Math.log(total / count));
  const bottom = row(Math.min(total, count + 1)), cut = heightOf(shape.kept);
  const low = shape.kept >= count && cut + 13 > bottom;
  const ring = at.third + M.sum * (topP ?? shape.keptSum);
  return { at, shape, count, total, topK, topP, row, heightOf, bottom, cut, ring,
    wordsAbove: low && (shape.kept < total || total === count) };
};

// The inverse of heightOf: how many tokens a line at this height leaves; null for all.
const keptAt = ({ count, total }, y) => {
  const rows = (y - M.top) / M.row;
  if (rows <= count) return clamp(Math.round(rows), 1, count);
  const kept = Math.round(count * (total / count) ** (rows - count));
  return kept >= total * 0.9 ? null : kept;
};

const drawBars = (view, bars) => {
  const { state, ui } = view, { at, shape, topK, total } = bars;
  const scale = at.bar / SCALES.find((each) => Math.max(shape.model[0], shape.drawn[0]) <= each + 1e-9);
  const aside = ui.layer !== null, faint = aside ? "nt-faint" : null;
  const among = topK !== null && topK < Math.min(total, 1000) ? `running sum, top ${topK}` : "running sum";
  const heads = [
    [at.first, aside ? `Layer ${ui.layer} would say` : "The model says", aside ? "if it were the last" : "probability"],
    [at.second, "You draw from", "reshaped; tick: before"],
    [at.third, "Adding up", among],
  ];
  return [
    bars.cut < bars.bottom &&
      rect(16, bars.cut, at.right - 16, bars.bottom - bars.cut, { fill: "wash", class: faint ?? "nt-still" }),
    heads.map(([x, title, about], index) => group(0, 0, { class: index ? faint : null },
      text(x, 62, title, { weight: 600 }),
      text(x, 76, about, { size: 11, fill: "quiet" }))),
    state.rows.map((token, index) => drawRow(view, bars, scale, token, index)),
    total > bars.count && drawRest(view, bars, scale),
    aside && drawLayer(view, bars),
    [at.first, at.second].map((x, index) =>
      line(x - 0.5, M.top, x - 0.5, bars.bottom, { stroke: "quiet", class: index ? faint : null })),
    group(0, 0, { class: faint }, drawSums(bars), drawCut(view, bars)),
  ];
};

const drawRow = (view, bars, scale, token, index) => {
  const { at, shape } = bars, kept = index < shape.kept, model = shape.model[index], drawn = shape.drawn[index];
  const { ui } = view, aside = ui.layer !== null;
  const show = () => view.set({ row: index }), hide = () => view.set({ row: null });
  const said = `${token.spoken}: model ${chance(model)}, drawn with ${chance(drawn)}; take it`;
  const now = { kept, leads: index === 0, tick: model * scale };
  return group(0, bars.row(index), {
    key: `row ${index}`, class: "nt-row", ...cell("rows", index, 0, said),
    onpointerenter: show, onpointerleave: hide, onfocus: show, onblur: hide,
    onclick: () => take(view, token.id), onkeydown: spaceDraws(view),
  },
    rect(16, 0, at.right - 16, M.row, { fill: ui.row === index ? tint("blue", 0.14) : "transparent" }),
    group(0, 0, { opacity: aside ? 0 : null },
      drawLabel(at.first - 8, 13, token.label, at.first - 24, kept),
      drawBar(view, at, "first", 0, model * scale, chance(model), { kept })),
    group(0, 0, { class: aside ? "nt-faint" : null },
      drawBar(view, at, "second", 0, drawn * scale, chance(drawn), now)));
};

// The row of all other tokens together, so that the tail stays honest.
const drawRest = (view, bars, scale) => {
  const { at, shape, count } = bars, aside = view.ui.layer !== null, more = `${thousands(bars.total - count)} more`;
  const rest = { kept: shape.kept > count, most: at.bar };
  return group(0, bars.row(count), { key: "rest" },
    group(0, 0, { opacity: aside ? 0 : null },
      text(at.first - 8, 12.5, more, { size: 11, fill: "quiet", anchor: "end" }),
      drawBar(view, at, "first", 0, shape.rest * scale, chance(shape.rest), { most: at.bar })),
    group(0, 0, { class: aside ? "nt-faint" : null },
      drawBar(view, at, "second", 0, shape.left * scale, chance(shape.left), rest)));
};

// The five favourites of a layer, in the place of the model's.
const drawLayer = (view, { at, row }) => {
  const { favourites, chances, labels } = view.state.lens, { layer } = view.ui;
  const scale = at.bar / SCALES.find((each) => chances[layer][0] <= each + 1e-9);
  return group(0, 0, { key: "layer" }, favourites[layer].map((token, index) => {
    const y = row(index), p = chances[layer][index];
    return [drawLabel(at.first - 8, y + 13, labels[token].label, at.first - 24, false),
      drawBar(view, at, "first", y, p * scale, chance(p), {})];
  }));
};

const drawLabel = (x, y, label, room, kept) => {
  const string = plain(label), look = { anchor: "end", fill: kept ? "ink" : "quiet" };
  if (textWidth(string, 13, mono) <= room && kept) return text(x, y, label, look);
  return text(x, y, fit(string, room, 13, mono), { ...look, mono: true });
};

// A bar with its number; a tick shows how long it was before, a gap that it is longer than there is room.
const drawBar = (view, at, column, y, length, printed, { kept, leads, tick = null, most = Infinity }) => {
  const x = at[column], blue = column === "second", shown = Math.min(length, most);
  const moves = view.ui.shaping ? null : "lab-move"; // a slider is followed at once, a new token explains itself
  return [
    rect(x, y + 3, shown, M.bar, { fill: blue ? "blue" : "grey", opacity: kept ? null : 0.5, class: moves }),
    shown < length && path(`M${number(x + shown - 12)} ${number(y + 15)}l4 -13`, { stroke: "ground", thickness: 3 }),
    tick !== null && line(x + tick, y + 2, x + tick, y + 15, { stroke: kept ? "ink" : "grey", thickness: 1.5 }),
    text(x + Math.max(shown, tick ?? 0) + 6, y + 12.5, printed,
      { size: 11, fill: kept && blue ? "ink" : "quiet", weight: leads ? 600 : null }),
  ];
};

const drawSums = (bars) => {
  const { shape, row, bottom } = bars, x = bars.at.third, end = x + M.sum, kept = Math.min(shape.kept, bars.count);
  const ends = shape.sums.map((each) => x + M.sum * each);
  const stairs = ends.map((to, index) => `H${number(to)}V${number(row(index + 1))}`);
  const under = [...stairs.slice(0, kept), shape.kept > bars.count ? `H${number(end)}V${number(bars.cut)}` : ""];
  if (bars.total > bars.count) stairs.push(`H${number(end)}V${number(bottom)}`);
  const start = `M${number(x)} ${number(M.top)}`;
  return [
    path(`${start}${under.join("")}H${number(x)}Z`, { fill: tint("blue", 0.12), class: "nt-still" }),
    line(end + 0.5, M.top, end + 0.5, bottom),
    line(x - 0.5, M.top, x - 0.5, bottom, { stroke: "quiet" }),
    path(start + stairs.join(""), { fill: "none", stroke: "ink", thickness: 1.5, class: "nt-still" }),
    ends.slice(0, kept - (bars.wordsAbove ? 1 : 0)).map((to, index) => {
      const inside = to - x >= 44, look = { size: 11, fill: "quiet", class: "nt-still" };
      return text(to + (inside ? -5 : 6), row(index) + 12.5, running(shape.sums[index]),
        inside ? { ...look, anchor: "end" } : look);
    }),
  ];
};

const drawCut = (view, bars) => {
  const { at, cut, bottom, total, topK, topP, ring, shape: { kept } } = bars;
  const thin = { stroke: "vermilion", thickness: 1.5 };
  const bold = { size: 11, weight: 600, fill: "vermilion-text", class: "nt-still" };
  const said = kept < total ? `${thousands(kept)} kept, rest cut` : "nothing is cut";
  const loose = topK !== null && kept < Math.min(topK, total) ? bars.heightOf(Math.min(topK, total)) : null;
  return [
    topP !== null && [
      line(ring, M.top - 7, ring, bottom, { ...thin, dash: "4 3" }),
      text(ring, M.top - 10, fixed(topP, 2), { ...bold, anchor: "middle" }),
    ],
    loose !== null && line(16, loose, at.right, loose, { ...thin, thickness: 1, dash: "4 3" }),
    line(16, cut, at.right, cut, { ...thin, class: "nt-still" }),
    text(ring - 9, cut + 13 <= bottom ? cut + 12.5 : cut - 6, said, { ...bold, anchor: "end" }),
  ];
};

// What can be dragged, over all the rest. These are always three elements, so that none is moved in the page while it
// is held: it would lose the pointer.
const drawGrips = (view, bars) => {
  const { at, cut, bottom, ring, topP, shape: { kept } } = bars, wide = { stroke: "transparent", thickness: 10 };
  const grip = (way) => ({ ...wide, class: `nt-grip nt-${way}`, ...dragging(view, bars, way) });
  const value = { "aria-valuenow": topP ?? 1, "aria-valuemin": 0.01, "aria-valuemax": 1,
    "aria-valuetext": `top-p ${topP ?? "off"}, ${thousands(kept)} kept` };
  return group(0, 0, { class: view.ui.layer === null ? null : "nt-faint" },
    line(ring, M.top - 20, ring, bottom, { ...grip("sideways"), display: topP === null ? "none" : null }),
    line(16, cut, at.right, cut, grip("updown")),
    circle(ring, cut, 5, {
      class: "nt-grip nt-ring", fill: "ground", stroke: "vermilion", thickness: 2, tabindex: 0, role: "slider",
      "aria-label": "Cut", "aria-description": "left and right: top-p; up and down: top-k", ...value,
      onkeydown: (event) => steerRing(view, bars, event), ...dragging(view, bars, "any way"),
    }));
};

// Listeners for something that is dragged: sideways sets top-p, up and down sets top-k; the ring takes whichever way
// the first pixels go.
const dragging = (view, bars, way) => {
  const { drag } = view.ui;
  const place = (event) => {
    const box = event.currentTarget.ownerSVGElement.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const stop = () => view.ui.drag && view.set({ drag: null });
  return {
    onpointerdown: (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      event.currentTarget.setPointerCapture(event.pointerId);
      view.set({ drag: { way, from: place(event) } });
    },
    onpointermove: (event) => {
      if (!drag || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
      const here = place(event), across = Math.abs(here.x - drag.from.x), along = Math.abs(here.y - drag.from.y);
      if (drag.way === "any way" && Math.max(across, along) < 4) return;
      if (drag.way === "any way") drag.way = across > along ? "sideways" : "updown";
      if (drag.way === "updown") reshapeBy(view, { top_k: keptAt(bars, here.y) });
      else reshapeBy(view, { top_p: topPOf((here.x - bars.at.third) / M.sum) });
    },
    onpointerup: stop,
    onlostpointercapture: stop,
  };
};

// Two decimals; null, which keeps all, for 1.
const topPOf = (share) => {
  const rounded = Math.round(share * 100) / 100;
  return rounded >= 1 ? null : Math.max(0.01, rounded);
};

const steerRing = (view, bars, event) => {
  const across = { ArrowLeft: -0.01, ArrowRight: 0.01, PageDown: -0.1, PageUp: 0.1 }[event.key];
  const along = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!across && !along) return;
  event.preventDefault();
  if (across) return reshapeBy(view, { top_p: topPOf((view.get("top_p") ?? 1) + across) });
  const kept = Math.max(1, (view.get("top_k") ?? bars.shape.kept) + along);
  return reshapeBy(view, { top_k: kept >= bars.total ? null : kept });
};

// ---------------------------------------------------------------- roads

const drawRoads = (view, at) => {
  const { state } = view, { side } = at, node = 81;
  const tokens = view.get("tokens"), start = tokens.length - state.steps.length;
  const head = state.steps.length
    ? ["Roads not taken", "line and number: probability; dashed: still ahead"]
    : ["Roads ahead", "line and number: probability; then the likeliest"];
  let y = M.top - 55;
  const shown = [
    at.wide && line(-11.5, -8, -11.5, at.bottom - 55),
    text(0, 7, head[0], { weight: 600 }),
    text(0, 21, head[1], { size: 11, fill: "quiet" }),
    text(node - 9, y + 4.5, fit(state.from, 70, 13, mono), { mono: true, fill: "quiet", anchor: "end" }),
  ];
  state.steps.forEach((step, index) => {
    const before = tokens.slice(0, start + index), last = index === state.steps.length - 1;
    shown.push(
      drawOff(view, node, y, side, step.roads, before, 2 * index, false),
      line(node, y, node, y + M.knot, { stroke: "blue", thickness: 1 + 8 * step.given, class: last ? "nt-new" : null,
        key: `trunk ${start + index}` }),
      drawKnot(node, y, index === 0));
    y += M.knot;
    shown.push(
      text(0, y + 4, chance(step.given), { size: 11, fill: "quiet" }),
      text(node - 9, y + 4.5, fit(step.spoken, node - 37, 13, mono),
        { mono: true, weight: 600, fill: "blue-text", anchor: "end" }));
  });
  shown.push(
    !state.steps.length && text(node + 32, y + 88, "the roads that you leave stay here", { size: 11, fill: "quiet" }),
    drawOff(view, node, y, side, state.ahead, tokens, 2 * state.steps.length, true),
    drawKnot(node, y, !state.steps.length));
  return shown;
};

const drawOff = (view, node, y, side, roads, before, row, ahead) =>
  roads.map((road, index) => {
    const to = y + 8.5 + 17 * index;
    const bend = `M${number(node)} ${number(y)}C${number(node)} ${number(to)} ${number(node + 8)} ${number(to)}`;
    const pieces = roadPieces(road, side - node - 72);
    const words = road.tokens.map((piece) => piece.text).join("").trim();
    return group(0, 0, { key: `road ${before.length} ${road.tokens[0].id}`, class: "nt-road" },
      path(`${bend} ${number(node + 26)} ${number(to)}`, { fill: "none", stroke: road.walked ? "blue" : "grey",
        thickness: 1 + 8 * road.given, dash: ahead ? "5 3" : null, opacity: ahead ? 0.7 : null }),
      pieces.map(({ place, x, shown }) => {
        const taken = [...before, ...road.tokens.slice(0, place + 1).map((piece) => piece.id)];
        const likely = `road: ${words}, probability ${chance(road.given)}`, left = node + 32 + x;
        const spot = cell("roads", row + index, place, place ? `… as far as ${road.tokens[place].spoken}` : likely);
        const acts = { onclick: () => walkTo(view, taken), onkeydown: spaceDraws(view) };
        return group(0, 0, { class: "nt-piece", ...spot, ...acts },
          rect(left - 1, to - 8, textWidth(shown, 13, mono) + 2, 16, { fill: "transparent", radius: 3 }),
          text(left, to + 4.5, shown, { mono: true, fill: place ? "quiet" : "ink" }));
      }),
      text(side, to + 4, chance(road.given), { size: 11, fill: "quiet", anchor: "end" }));
  });

const roadPieces = (road, room) => {
  const found = [];
  let x = 0;
  for (const [place, piece] of road.tokens.entries()) {
    const shown = fit(piece.text, room - x, 13, mono);
    if (shown.trim()) found.push({ place, x, shown });
    if (shown !== piece.text) break;
    x += textWidth(shown, 13, mono);
  }
  return found;
};

const drawKnot = (x, y, first) =>
  first
    ? circle(x, y, 4.5, { fill: "ground", stroke: "blue", thickness: 2 })
    : circle(x, y, 5, { fill: "blue", stroke: "ground", thickness: 1.5 });

// ---------------------------------------------------------------- logit lens

const drawLens = (view, at) => {
  const { state, ui } = view, { lens } = state, { first, width } = at, layers = lens.favourites.length;
  const unit = (width - 16 - first) / layers, row = Math.min(ui.row ?? 0, lens.ranks.length - 1);
  const ranks = lens.ranks[row], marked = { size: 11, mono: true, anchor: "middle" };
  const hover = ui.layer, answer = lens.labels[lens.favourites.at(-1)[0]].spoken;
  const wide = Math.max(unit, Math.min(textWidth(answer, 11, mono) + 6, 90)), limit = width - 16 - wide;
  return [
    line(16, 0.5, width - 16, 0.5),
    text(16, 17, "Logit lens", { weight: 600 }),
    text(16, 33, "favourite", { size: 11, fill: "quiet" }),
    text(16, 65, "rank of", { size: 11, fill: "quiet" }),
    text(16, 79, fit(state.rows[row].spoken, first - 24, 11, mono), { mono: true, size: 11 }),
    layerTicks(layers).map(([layer, label]) =>
      text(first + unit * (layer + 0.5), 17, label, { size: 11, fill: "quiet", anchor: "middle" })),
    hover !== null && rect(first + unit * hover, 20, unit, M.lens - 22, { fill: tint("blue", 0.14), radius: 3 }),
    merged(lens.favourites).map(([start, end]) => {
      const x = first + unit * start, to = Math.min(first + unit * end, limit);
      const label = fit(lens.labels[lens.favourites[start][0]].spoken, to - x - 3, 11, mono);
      return to - x > 3 && [
        rect(x + 1, 21, to - x - 2, 17, { radius: 3, fill: "wash" }),
        text((x + to) / 2, 33.5, label, marked),
      ];
    }),
    rect(limit + 1, 21, wide - 2, 17, { radius: 3, fill: tint("blue", 0.16) }),
    text(limit + wide / 2, 33.5, fit(answer, wide - 3, 11, mono), { ...marked, weight: 600, fill: "blue-text" }),
    drawRanks(at, ranks, row === 0 ? lens.story : null, unit),
    ranks.map((rank, layer) => {
      const favourite = lens.labels[lens.favourites[layer][0]].spoken;
      const show = () => view.set({ layer }), hide = () => view.set({ layer: null });
      const said = `layer ${layer}: favourite ${favourite}, ${state.rows[row].spoken} at rank ${rank}`;
      return rect(first + unit * layer, 20, unit, M.lens - 22, {
        fill: "transparent", class: "nt-layer", ...cell("lens", 0, layer, said),
        onpointerenter: show, onpointerleave: hide, onfocus: show, onblur: hide, onkeydown: spaceDraws(view) });
    }),
  ];
};

const layerTicks = (layers) => {
  const step = layers <= 12 ? 1 : 5, ticks = new Set();
  for (let layer = 0; layer < layers; layer += step) {
    if (layer === layers - 1 || layers - 1 - layer >= step / 2) ticks.add(layer);
  }
  return [...ticks.add(layers - 1)].map((layer) => [layer, layer === 0 ? "layer 0" : String(layer)]);
};

const merged = (favourites) => {
  const last = favourites.length - 1;
  const begins = ([token], n) => (n === 0 || token !== favourites[n - 1][0] ? [n] : []);
  const starts = favourites.slice(0, last).flatMap(begins);
  return starts.map((start, index) => [start, starts[index + 1] ?? last]);
};

const decades = (ranks) => Math.max(1, Math.ceil(Math.log10(Math.max(...ranks))));

const drawRanks = (at, ranks, story, unit) => {
  const { first } = at, right = at.width - 16, span = decades(ranks), step = (RANK_BOTTOM - RANK_TOP) / span;
  const places = ranks.map((rank, layer) => [first + unit * (layer + 0.5), RANK_TOP + step * Math.log10(rank)]);
  const labels = rankLabels(ranks, places);
  const place = story && storyPlace(story, places, labels.map(({ box }) => box), first, right);
  return [
    Array.from({ length: span + 1 }, (_, decade) =>
      line(first, RANK_TOP + step * decade, right, RANK_TOP + step * decade, { dash: "1 3" })),
    path(`M${places.map((place) => place.map(number).join(" ")).join("L")}`,
      { fill: "none", stroke: "blue", thickness: 1.5 }),
    places.map(([x, y]) => circle(x, y, 2, { fill: "blue", class: "lab-move" })),
    labels.map(({ layer, box }) => {
      const look = layer === ranks.length - 1 ? { weight: 600, fill: "blue-text" } : { fill: "quiet" };
      return text(box[0] + box[2] / 2, box[1] + 9, thousands(ranks[layer]), { size: 11, anchor: "middle", ...look });
    }),
    place && text(...place, story,
      { size: 11, stroke: "ground", thickness: 4, "paint-order": "stroke", "stroke-linejoin": "round" }),
  ];
};

const rankLabels = (ranks, places) => {
  const last = ranks.length - 1, wanted = new Set([last]), found = [];
  for (const power of [1, 10, 100, 1000, 10000]) {
    const above = ranks.findLastIndex((rank, layer) => layer < last && rank > power);
    if (above >= 0) wanted.add(above);
  }
  for (const layer of wanted.add(0)) {
    const [x, y] = places[layer], size = textWidth(thousands(ranks[layer]), 11, { bold: layer === last });
    const box = [x - size / 2, y - 14, size, 11];
    if (found.every((other) => !overlap(box, other.box, 4))) found.push({ layer, box });
  }
  return found;
};

const storyPlace = (story, places, boxes, first, right) => {
  const width = 8 + sum(story.map(([style, string]) => textWidth(string, 11, { mono: style.includes("code") })));
  for (const baseline of [70, 61, 81]) {
    for (const share of [0.4, 0.25, 0.1, 0.55, 0.7, 0.85, 0, 1]) {
      const box = [first + share * (right - first - width), baseline - 10, width, 13];
      const near = places.filter(([x]) => box[0] - 12 <= x && x <= box[0] + width + 12).map(([, y]) => y);
      const clear = near.length && (Math.min(...near) > box[1] + 14 || Math.max(...near) < box[1] - 2);
      if (clear && boxes.every((other) => !overlap(box, other, 3))) return [box[0] + 4, baseline];
    }
  }
  return null;
};

const overlap = (one, two, margin) => {
  const apart = one[0] + one[2] + margin <= two[0] || two[0] + two[2] + margin <= one[0];
  return !(apart || one[1] + one[3] <= two[1] || two[1] + two[3] <= one[1]);
};

// ---------------------------------------------------------------- what the reader does

const walkTo = (view, tokens) => {
  keepFocus(view);
  view.set({ shaping: false, layer: null });
  view.send({ tokens });
};

// What had the focus may go with the old state; then the focus goes to the first button, not out of the view.
const keepFocus = (view) => {
  const focused = () => view.root.contains(view.root.getRootNode().activeElement);
  const settle = () => !focused() && view.root.querySelector(".lab-primary").focus({ preventScroll: true });
  view.latest.settle = focused() ? () => requestAnimationFrame(settle) : null;
};

const take = (view, id) => { if (!view.state.ended) walkTo(view, [...view.get("tokens"), id]); };
const back = (view) => { if (view.get("tokens").length) walkTo(view, view.get("tokens").slice(0, -1)); };

// One draw at a time and at most one more waiting: a key that is held down does not pile up work.
const draw = (view) => {
  if (view.state.status || view.state.ended) return;
  if (view.latest.asked) { view.latest.again = true; return; }
  Object.assign(view.latest, { asked: true, again: false });
  keepFocus(view);
  view.set({ shaping: false });
  view.model.send({ ask: "draw" });
};

// Python has answered: where the newest token came from, the draw that waited, and the roads, which cost several steps
// of the model and are asked for once the reader has stopped to look.
const answered = (view) => {
  const { state, latest } = view, tokens = view.get("tokens"), path = String(tokens), { before } = latest;
  if (path !== before?.path) {
    const step = tokens.length > 0 && String(tokens.slice(0, -1)) === before?.path;
    latest.from = step ? before.rows.indexOf(tokens.at(-1)) : null;
  }
  latest.before = { path, rows: (state.rows ?? []).map(({ id }) => id) };
  latest.settle?.();
  latest.settle = null;
  latest.asked = false;
  clearTimeout(latest.timer);
  if (latest.again) draw(view);
  else if (state.pending) latest.timer = setTimeout(() => view.model.send({ ask: "roads" }), 150);
};

const reshapeBy = (view, changes) => {
  view.set({ shaping: true });
  view.send(changes);
};

const openField = (view) => {
  view.set({ editing: true });
  requestAnimationFrame(() => view.root.querySelector("textarea")?.focus());
};

const focusOn = (label) => (view) =>
  view.root.querySelector(`.lab-controls [aria-label="${label}"]:not([role=group])`)?.focus();

const focusOnRow = (view) => view.root.querySelector('[data-grid="rows"][tabindex="0"]')?.focus();

// Space draws wherever the focus is in the stage, though Enter clicks what has it.
const spaceDraws = (view) => (event) => {
  if (event.key !== " ") return;
  event.preventDefault();
  event.stopPropagation();
  draw(view);
};
const pressed = (act) => (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  act();
};

export default lab.view({
  start: { row: null, layer: null, drag: null, editing: false, shaping: false },

  meta: factsOf,
  sentence: sentenceOf,

  entry: (view) => {
    if (!view.ui.editing && !view.state.status) return [];
    const close = (event) => {
      if (event.key !== "Escape" && (event.key !== "Enter" || event.shiftKey)) return;
      event.preventDefault();
      view.set({ editing: false });
    };
    const change = (text) => { view.set({ shaping: false }); view.send({ text, tokens: [] }); };
    const placeholder = "Type a text to continue";
    return h("div", { onkeydown: close }, field({ label: "Text", value: view.get("text"), placeholder, change }));
  },

  stage: (view) => {
    const { state, width, ui } = view, at = layout(width), bars = barsOf(view, at);
    const chips = view.memo("chips", [state, width], () => group(0, 0, {}, drawChips(view)));
    const roads = view.memo("roads", [state, width], () => group(at.roads, at.roadsTop, {}, drawRoads(view, at)));
    const lens = view.memo("lens", [state, width, ui.row, ui.layer], () => group(0, at.lens, {}, drawLens(view, at)));
    return svg(width, at.height, [chips, group(0, 0, {}, drawBars(view, bars)), drawGrips(view, bars), roads, lens]);
  },

  controls: (view) => {
    const { state } = view, shape = state.rows ? shapeOf(view) : null, [temperature, topK, topP] = settingsOf(view);
    const off = Boolean(state.status || state.ended), total = state.total ?? 1;
    return [
      button({ label: "Draw one token", kind: "primary", disabled: off, hint: "Space", click: () => draw(view) }),
      slider({ label: "Temperature", value: temperature, min: 0, max: 2, step: 0.05, length: 58,
        shown: fixed(temperature, 2), change: (value) => reshapeBy(view, { temperature: value }) }),
      stepper({ label: "Top-k", value: topK ?? 0, min: 0, max: total, shown: topK === null ? "off" : thousands(topK),
        change: (value) => reshapeBy(view, { top_k: value || null }) }),
      slider({ label: "Top-p", value: topP ?? 1, min: 0.01, max: 1, step: 0.01, length: 58,
        shown: topP === null ? "off" : fixed(topP, 2), change: (value) => reshapeBy(view, { top_p: topPOf(value) }) }),
      stepper({ label: "Seed", value: view.get("seed"), min: 0, max: 9999, change: (seed) => view.send({ seed }) }),
      h("span", { key: "ends", class: "lab-last nt-ends" },
        button({ label: "Back", hint: "Backspace", disabled: !view.get("tokens").length, click: () => back(view) }),
        button({ label: "Reset", click: () => view.reset() })),
    ];
  },

  keys: {
    " ": draw,
    Backspace: back,
    t: focusOn("Temperature"),
    k: focusOn("Top-k"),
    p: focusOn("Top-p"),
    e: openField,
    ArrowDown: focusOnRow,
    ArrowUp: focusOnRow,
    Escape: (view) => view.set({ row: null, layer: null }),
  },

  mounted: (view) => {
    const heard = () => answered(view);
    view.model.on("change:state", heard);
    heard();
    return () => { clearTimeout(view.latest.timer); view.model.off("change:state", heard); };
  },
});
