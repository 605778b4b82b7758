// The distribution to draw from, and what is said about it, as in next_token_state.py: what a slider changes needs no
// Python.
const { fixed, thousands, unpack } = lab;

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

export const settingsOf = (view) => [view.get("temperature"), view.get("top_k"), view.get("top_p")];

export const shapeOf = (view) => {
  const { values } = unpack(view.get("scores")), rows = view.state.rows.length;
  const model = view.memo("model", [values, rows], () => parts(values, values.length, rows, 1));
  return view.memo("shape", [model, ...settingsOf(view)], () => reshape(values, model, rows, ...settingsOf(view)));
};

export const chance = (p) => {
  if (p === 0 || p === 1) return String(p);
  if (p < 0.0005) return "<0.001";
  if (p >= 0.9995) return ">0.999";
  return fixed(p, p >= 0.0095 && p < 0.995 ? 2 : 3);
};

export const running = (total) => fixed(Math.floor(total * 1000 + 1e-6) / 1000, 3);

export const sentenceOf = (view) => {
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

export const factsOf = (view) => {
  const { before, after } = shapeOf(view), [one, two] = [fixed(before, 2), fixed(after, 2)];
  return `${view.state.name} · uncertainty ${one === two ? one : `${one} → ${two}`} bits`;
};
