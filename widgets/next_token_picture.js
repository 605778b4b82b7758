// The text so far, and one list read three ways: the live twin of next_token_picture.py.
import { chance, running, settingsOf, shapeOf } from "./next_token_state.js";
import { openField, pressed, spaceDraws, take, walkTo } from "./next_token_actions.js";

const { h, rect, line, path, text, group, small, plain, tint, number, fixed, thousands, textWidth, fit, cell } = lab;
const M = MEASURES;
const SCALES = [0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1];
const mono = { mono: true };

export const layout = (width) => {
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

export const drawChips = (view) => {
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
      text(prompt.at(-1).x + prompt.at(-1).size, 37, "prompt", { ...small, anchor: "end" })),
    drawn.map((one) => {
      const said = `${one.chip.spoken}, probability ${chance(one.chip.given)}; back to before it`;
      return group(one.x, 0, { key: `chip ${one.index}`, class: "nt-chip", ...cell("chips", 0, one.index, said),
        onclick: () => walkTo(view, view.get("tokens").slice(0, one.index)), onkeydown: spaceDraws(view) },
        h("g", one === drawn.at(-1) ? arriving(view, one) : {},
          h("title", {}, "Go back to before this token"), body(one),
          rect(3, M.chip - 2, one.size - 6, 2, { fill: "blue" }),
          text(one.size / 2, 37, chance(one.chip.given), { ...small, anchor: "middle" })));
    }),
    rect(end + 0.75, 0.75, 26.5, M.chip - 1.5,
      { radius: 4, fill: "none", stroke: "blue", thickness: 1.5, dash: "3 2" }),
    text(end + 14, 16.5, "?", { anchor: "middle", weight: 600, fill: "blue-text" }),
    drawn.length > 0 && end + textWidth(note, 11) <= width - 16 && text(end, 37, note, small),
  ];
};

// The token that was drawn or taken comes from its row.
const arriving = (view, { x, size }) => {
  const { from } = view.latest, at = layout(view.width);
  if (from === undefined || from === null) return {};
  const dx = at.first - 8 - size - x, dy = M.top + M.row * (from < 0 ? view.state.rows.length : from) - 4;
  return { class: "nt-arrives", style: `--dx: ${number(dx)}px; --dy: ${number(dy)}px` };
};

// What the three columns share: the distribution, its rows and cut, and where they are.
export const barsOf = (view, at) => {
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

export const drawBars = (view, bars) => {
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
      text(x, 76, about, small))),
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
      text(at.first - 8, 12.5, more, { ...small, anchor: "end" }),
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
      const inside = to - x >= 44, look = { ...small, class: "nt-still" };
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
