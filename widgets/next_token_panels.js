// The roads not taken, and the logit lens through the layers: the live twin of next_token_panels.py.
import { chance } from "./next_token_state.js";
import { spaceDraws, walkTo } from "./next_token_actions.js";

const { rect, circle, line, path, text, group, small, tint, number, thousands, textWidth, fit, cell } = lab;
const M = MEASURES;
const RANK_TOP = 53, RANK_BOTTOM = 84;
const mono = { mono: true };

export const drawRoads = (view, at) => {
  const { state } = view, { side } = at, node = 81;
  const tokens = view.get("tokens"), start = tokens.length - state.steps.length;
  const head = state.steps.length
    ? ["Roads not taken", "line and number: probability; dashed: still ahead"]
    : ["Roads ahead", "line and number: probability; then the likeliest"];
  let y = M.top - 55;
  const shown = [
    at.wide && line(-11.5, -8, -11.5, at.bottom - 55),
    text(0, 7, head[0], { weight: 600 }),
    text(0, 21, head[1], small),
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
      text(0, y + 4, chance(step.given), small),
      text(node - 9, y + 4.5, fit(step.spoken, node - 37, 13, mono),
        { mono: true, weight: 600, fill: "blue-text", anchor: "end" }));
  });
  shown.push(
    !state.steps.length && text(node + 32, y + 88, "the roads that you leave stay here", small),
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
      text(side, to + 4, chance(road.given), { ...small, anchor: "end" }));
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

export const drawLens = (view, at) => {
  const { state, ui } = view, { lens } = state, { first, width } = at, layers = lens.favourites.length;
  const unit = (width - 16 - first) / layers, row = Math.min(ui.row ?? 0, lens.ranks.length - 1);
  const ranks = lens.ranks[row], marked = { size: 11, mono: true, anchor: "middle" };
  const hover = ui.layer, answer = lens.labels[lens.favourites.at(-1)[0]].spoken;
  const wide = Math.max(unit, Math.min(textWidth(answer, 11, mono) + 6, 90)), limit = width - 16 - wide;
  return [
    line(16, 0.5, width - 16, 0.5),
    text(16, 17, "Logit lens", { weight: 600 }),
    text(16, 33, "favourite", small),
    text(16, 65, "rank of", small),
    text(16, 79, fit(state.rows[row].spoken, first - 24, 11, mono), { mono: true, size: 11 }),
    layerTicks(layers).map(([layer, label]) =>
      text(first + unit * (layer + 0.5), 17, label, { ...small, anchor: "middle" })),
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
  const widths = story.map(([style, string]) => textWidth(string, 11, { mono: style.includes("code") }));
  const width = widths.reduce((sum, one) => sum + one, 8);
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
