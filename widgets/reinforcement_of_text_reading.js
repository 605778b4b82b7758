// One update, prompt and token read and told, as in reinforcement_of_text_reading.py: scrubbing needs no Python.
import { rowsShown } from "./reinforcement_of_text_layout.js";
import { printed } from "./rollout_reading.js";

const { unpack } = lab;
const STILL = 5e-4; // a smaller move is none

// What is shown: as chosen, but never beyond the last.
export const placeOf = (view) => {
  const { runs } = view.state, run = runs.find(({ name }) => name === view.get("name")) ?? runs[0];
  const made = run.updates, asked = view.get("update");
  const update = asked === null ? made.length - 1 : Math.max(0, made.filter((each) => each <= asked).length - 1);
  const [first, last] = unpack(run["prompts.first"]).values.slice(update, update + 2);
  if (first === last) return { run, update, group: 0, groups: 0, prompt: -1, rows: [], leftOut: 0 };
  const group = Math.min(view.get("prompt"), last - first - 1), prompt = first + group;
  const [begin, end] = unpack(run["samples.first"]).values.slice(prompt, prompt + 2);
  const [rows, leftOut] = rowsShown(begin, end, MEASURES.most_rows);
  return { run, update, group, groups: last - first, prompt, rows, leftOut };
};

// Whose advantage colours the tokens: as chosen, where the two differ.
export const judgeOf = (view, { run }) => (run.is_true ? "paid" : view.get("judge"));

// The stretch of a column that belongs to one prompt or dialogue.
export const part = (run, column, firsts, index) => {
  const [first, last] = unpack(run[firsts]).values.slice(index, index + 2);
  return [...unpack(run[column]).values.slice(first, last)];
};

export const advantageOf = (run, sample, judge) =>
  unpack(run[judge === "true" ? "true_advantage" : "advantage"]).values[sample];

export const readToken = (state, run, sample, token, judge) => {
  const at = unpack(run["tokens.first"]).values[sample] + token, own = Boolean(unpack(run.own).values[at]);
  const advantage = own ? advantageOf(run, sample, judge) : 0, change = unpack(run.change).values[at];
  const word = state.words[unpack(run.token).values[at]];
  const effect = advantage ? advantage * change : 0; // 0 asks for nothing, however far it moved
  return { word, own, advantage, before: unpack(run.log_prob).values[at], change, effect };
};

// [row, token] with the largest effect of either sign among the dialogues shown; null if nothing has any.
const largest = (state, { run, rows }, judge) => {
  let best = 0, found = null;
  rows.forEach((sample, row) => part(run, "token", "tokens.first", sample).forEach((_, token) => {
    const effect = Math.abs(readToken(state, run, sample, token, judge).effect);
    if (effect > best) [best, found] = [effect, [row, token]];
  }));
  return found;
};

const exists = ({ run, rows }, seen) =>
  seen !== null && seen[0] < rows.length && seen[1] < part(run, "token", "tokens.first", rows[seen[0]]).length;

// All that decides what the texts show; for view.memo.
export const lookedAt = (view) =>
  [view.state, ...["name", "update", "prompt", "judge", "chosen"].map((name) => view.get(name))];

// The token whose numbers are kept: what was chosen, else the one with the largest effect.
export const keptToken = (view, place) => view.memo("kept token", lookedAt(view), () => {
  const chosen = view.get("chosen");
  return exists(place, chosen) ? chosen : largest(view.state, place, judgeOf(view, place));
});

// Where the reader points at the moment, if there is such a token in this update.
export const pointedAt = (view, place) => (exists(place, view.ui.seen) ? view.ui.seen : null);

// ---------------------------------------------------------------- in words

export const short = (value) => printed(value, Number.isInteger(value) ? 0 : 2);

// A probability in print; a small one with four decimals, so that it does not look like 0.
const chance = (logProb, digits) => {
  const p = Math.exp(logProb);
  return p < 1e-4 ? "<0.0001" : printed(p, p >= 10 ** -digits ? digits : 4);
};

export const verdict = ({ own, advantage, change, effect }, judge) => {
  if (!own) return "not written by the policy: read, and masked";
  const still = Math.abs(change) < STILL;
  const moved = still ? "kept its chance" : `got ${change > 0 ? "likelier" : "less likely"}`;
  if (advantage === 0) return `${moved}; an advantage of 0 asks for nothing`;
  if (still) return moved;
  const asked = judge === "true" ? "the true reward" : "its advantage";
  return `${moved}, ${effect > 0 ? "as" : "against what"} ${asked} asked`;
};

export const sentenceOf = (view) => {
  const { state } = view, place = placeOf(view), { run, update, rows } = place, judge = judgeOf(view, place);
  const number = (name) => printed(unpack(run[name]).values[update], 2);
  const told = [["", `Update ${run.updates[update]}: ${run.name} `], ["strong", number("mean_return")]];
  if (!run.is_true) told.push(["", ", true success "], ["strong", number("success")]);
  if (!rows.length) return [...told, ["", ". Of this update no dialogue was kept."]];
  const seen = keptToken(view, place);
  if (seen === null) {
    if (rows.some((sample) => advantageOf(run, sample, judge) !== 0)) return [...told, ["", ". No token has moved."]];
    const count = rows.length + place.leftOut;
    return [...told, ["", `. All ${count} answers to this prompt earned the same: nothing to learn from them.`]];
  }
  const token = readToken(state, run, rows[seen[0]], seen[1], judge);
  const chances = ` (${chance(token.before, 2)} → ${chance(token.before + token.change, 2)})`;
  return [...told, ["", ". "], ["code", token.word], ["", token.own ? chances : ""],
    ["", ` ${token.own ? "" : "is "}${verdict(token, judge)}.`]];
};

// The table of one token: [label, value, look].
export const tokenRows = ({ advantage, before, change, effect }, judge) => {
  const after = before + change;
  const tone = Math.abs(effect) < STILL ? "quiet" : effect < 0 ? "vermilion-text" : "blue-text";
  return [
    ["ln p after the update", printed(after, 3), ""],
    ["− ln p before", printed(-before, 3, true), ""],
    ["= change", printed(change, 3, true), "sum ink"],
    [judge === "true" ? "× true advantage" : "× advantage", printed(advantage, 2, true), ""],
    ["= effect", printed(effect, 3, true), `sum ${tone}`],
    ["probability", `${chance(before, 3)} → ${chance(after, 3)}`, "rule"],
  ];
};

// A token with all its numbers, for those who listen.
export const spoken = (token, judge) => {
  if (!token.own) return `${token.word}, ${verdict(token, judge)}`;
  const told = tokenRows(token, judge).filter(([label]) => /advantage|effect|probability/.test(label))
    .map(([label, value]) => `${label.replace(/^[=×] /, "")} ${value.replace("→", "to")}`);
  return `${token.word}: ${told.join(", ")}; ${verdict(token, judge)}`;
};

export const updateRows = ({ run, update }) => {
  const kl = unpack(run.kl).values[update], equal = unpack(run.zero_variance).values[update];
  return [
    ["KL from the reference", Number.isNaN(kl) ? "–" : `${printed(kl, 2)} nats`],
    ["groups without a lesson", Number.isNaN(equal) ? "–" : `${printed(100 * equal, 0)} %`],
  ];
};
