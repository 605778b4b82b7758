// The live texts of reinforcement_of_text_picture.py, in the same order and with the same names.
import { GAP, chipWidth, pages, tail } from "./reinforcement_of_text_layout.js";
import { pageOf, widthsOf } from "./reinforcement_of_text_moves.js";
import { advantageOf, judgeOf, part, readToken, short, spoken } from "./reinforcement_of_text_reading.js";
import { printed } from "./rollout_reading.js";

const { rect, line, path, text, group, small, number, fit, range, textWidth, tint, unpack, cell } = lab;
const M = MEASURES;
const STEPS = 9; // of the scale in the legend
const ELLIPSIS = 14; // room for a mark that something is left out
const deepest = (dark) => (dark ? 0.55 : 0.74); // share of colour in the deepest chip: ink stays readable on it

export const drawTexts = (view, at, place, kept) => {
  const { state } = view, judge = judgeOf(view, place), { page } = pageOf(view, at, place);
  const { rows, leftOut } = place, told = "colour: advantage × change of ln p · bar: change of ln p";
  return [
    drawPrompt(at, state, place),
    text(16, M.heading, "Answers", { weight: 600 }),
    leftOut > 0 && text(at.left - 8, M.heading, `${rows.length}/${rows.length + leftOut}`,
      { ...small, anchor: "end" }),
    text(at.left, M.heading, fit(told, at.right - at.left, 11), small),
    rows.map((sample, row) => group(0, M.rows_top + row * M.row, { key: `answer ${row}` },
      drawAnswer(view, at, place.run, sample, row, page, judge, kept))),
    drawLegend(view, at),
  ];
};

const drawPrompt = (at, state, { run, prompt, group: chosen, groups }) => {
  const title = text(16, 14, "Prompt", { weight: 600 });
  if (prompt < 0) return [title, text(at.left, 14, "no dialogue of this update was kept", { fill: "quiet" })];
  const words = part(run, "history", "history.first", prompt).map((word) => state.words[word]);
  const sizes = words.map((word) => chipWidth(word, at.size)), room = at.right - at.left;
  const cut = tail(sizes, room) > 0, first = cut ? tail(sizes, room - ELLIPSIS) : 0;
  let x = at.left + (cut ? ELLIPSIS : 0);
  return [
    title,
    groups > 1 && text(at.left - 8, 14, `${chosen + 1}/${groups}`, { ...small, anchor: "end" }),
    cut && text(at.left, 14, "…", small),
    group(0, 0, { role: "img", "aria-label": `prompt: ${words.join("")}` }, words.slice(first).map((word, index) => {
      const width = sizes[first + index], start = x;
      x += width + GAP;
      return [rect(start, 1, width, 18, { fill: "wash", radius: 3 }), chipText(at, start, width, word, "quiet")];
    })),
  ];
};

const chipText = (at, x, width, word, fill) => {
  const room = Math.min(width, at.right - at.left), { size } = at;
  const shown = fit(word, room - 2, size, { mono: true });
  return text(x + room / 2, 14, shown, { size, fill, anchor: "middle", mono: true });
};

const drawAnswer = (view, at, run, sample, row, page, judge, kept) => {
  const { state } = view, advantage = advantageOf(run, sample, judge);
  const tone = advantage === 0 ? "quiet" : advantage > 0 ? "blue-text" : "vermilion-text";
  const reward = unpack(run.reward).values[sample], truth = unpack(run.true).values[sample];
  const earned = run.is_true ? `reward ${short(reward)}` : `paid ${short(reward)}, true ${short(truth)}`;
  const sizes = widthsOf(state, at, run, sample), firsts = pages(sizes, at.right - at.left);
  const head = [
    text(16, 14, printed(advantage, 2, true), { fill: tone, weight: 600 }),
    text(16, 29, fit(earned, at.left - 24, 11), small),
  ];
  if (page >= firsts.length) return [head, text(at.left, 14, `ended after ${sizes.length} tokens`, small)];
  const first = firsts[page], last = firsts[page + 1] ?? sizes.length, masked = [];
  let x = at.left;
  const chips = range(last - first).map((index) => {
    const token = first + index, read = readToken(state, run, sample, token, judge), start = x;
    const chosen = kept !== null && kept[0] === row && kept[1] === token;
    if (!read.own) masked.push(start, start + sizes[token]);
    x += sizes[token] + GAP;
    return group(0, 0, { key: `token ${token}`, ...answers(view, row, token, read, judge, chosen) },
      drawToken(view, at, start, sizes[token], read, chosen));
  });
  return [
    head,
    page > 0 && text(at.left - 4, 14, "…", { ...small, anchor: "end" }),
    chips,
    masked.length > 0 && masked.at(-1) - masked[0] > textWidth("masked", 11) &&
      text((masked[0] + masked.at(-1)) / 2, 31, "masked", { ...small, anchor: "middle" }),
    last < sizes.length && text(x + 2, 14, "…", small),
  ];
};

// What a token does: pointing at it, or walking to it, shows its numbers; a click or Enter keeps them.
const answers = (view, row, token, read, judge, kept) => {
  const chosen = view.get("chosen"), again = chosen !== null && chosen[0] === row && chosen[1] === token;
  const look = () => view.set({ seen: [row, token] });
  return {
    ...cell("answers", row, token, spoken(read, judge), kept),
    class: "rt-token", onpointerenter: look, onfocus: look,
    onpointerleave: () => view.set({ seen: null }), onblur: () => view.set({ seen: null }),
    onclick: () => view.send({ chosen: again ? null : [row, token] }),
  };
};

const drawToken = (view, at, x, width, token, kept) => {
  const { limits } = view.state, room = Math.min(width, at.right - at.left);
  const ring = kept && drawRing(x, room, "ink");
  if (!token.own) {
    return [rect(x, 1, room, 18, { fill: "wash", radius: 3 }), chipText(at, x, width, token.word, "quiet"), ring];
  }
  const amount = shade(token.effect, limits.effect), against = amount < -0.05;
  const bar = 8 * shade(token.change, limits.change);
  return [
    rect(x + 0.5, 1.5, room - 1, 17, { fill: hue(view, amount), stroke: against ? "vermilion" : "hairline", radius: 3,
      dash: against ? "2 2" : null, class: "rt-chip" }),
    chipText(at, x, width, token.word, "ink"),
    line(x, 28, x + room, 28),
    bar !== 0 && rect(x + 2, 28 - Math.max(bar, 0), room - 4, Math.abs(bar), { fill: "quiet" }),
    ring,
  ];
};

const drawRing = (x, room, stroke) => rect(x - 1, 0, room + 2, 20,
  { fill: "none", stroke, thickness: 2, radius: 4, "pointer-events": "none" });

// The token that is pointed at, apart from the others, which need not be drawn again for it.
export const drawPointed = (view, at, place, [row, token]) => {
  const { page } = pageOf(view, at, place), sizes = widthsOf(view.state, at, place.run, place.rows[row]);
  const room = at.right - at.left, firsts = pages(sizes, room), first = firsts[page];
  if (first === undefined || token < first || token >= (firsts[page + 1] ?? sizes.length)) return null;
  const x = sizes.slice(first, token).reduce((sum, width) => sum + width + GAP, at.left);
  return group(0, M.rows_top + row * M.row, {}, drawRing(x, Math.min(sizes[token], room), "quiet"));
};

const shade = (size, limit) => Math.sign(size) * Math.sqrt(Math.min(1, Math.abs(size) / limit));
const hue = (view, amount) => tint(amount >= 0 ? "blue" : "vermilion", deepest(view.dark) * Math.abs(amount));

const drawLegend = (view, at) => {
  const { limits } = view.state, y = M.legend, effect = short(limits.effect), bar = `bar ±${short(limits.change)}`;
  const asked = at.left + 12 * STEPS + 8, cross = asked + textWidth("as asked", 11) + 18;
  const chip = cross + 15 + textWidth(bar, 11) + 18;
  return [
    text(at.left - 8, y + 10, "against", { ...small, anchor: "end" }),
    range(STEPS).map((step) => rect(at.left + 12 * step, y, 12, 12, { fill: hue(view, (2 * step) / (STEPS - 1) - 1) })),
    rect(at.left + 0.5, y + 0.5, 12 * STEPS - 1, 11, { fill: "none", stroke: "hairline" }),
    [[0, `−${effect}`], [0.5, "0"], [1, `+${effect}`]].map(([share, label]) =>
      text(at.left + 12 * STEPS * share, y + 24, label, { ...small, anchor: "middle" })),
    text(asked, y + 10, "as asked", small),
    path(`M${number(cross)} ${number(y + 6)}h10M${number(cross + 5)} ${number(y - 2)}v16`,
      { fill: "none", stroke: "quiet" }),
    text(cross + 15, y + 10, bar, small),
    chip + 60 <= at.right && [
      rect(chip, y, 14, 12, { fill: "wash", radius: 3 }),
      text(chip + 18, y + 10, "masked", small),
    ],
  ];
};
