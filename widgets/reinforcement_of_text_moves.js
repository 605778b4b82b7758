// Going from update to update, from prompt to prompt, and along answers that are longer than a row.
import { chipWidth, pages } from "./reinforcement_of_text_layout.js";
import { part, placeOf } from "./reinforcement_of_text_reading.js";

const { clamp } = lab;

// To one of the run's updates, by its place from 0; the last one is followed where more are made.
export const goTo = (view, index) => {
  const { run, update } = placeOf(view), last = run.updates.length - 1, to = clamp(index, 0, last);
  if (to !== update) view.send({ update: to === last ? null : run.updates[to] });
};

export const walk = (view, updates) => goTo(view, placeOf(view).update + updates);

export const turn = (view, prompts) => {
  const { group, groups } = placeOf(view), prompt = clamp(group + prompts, 0, Math.max(0, groups - 1));
  if (prompt !== group) view.send({ prompt, chosen: null, page: 0 });
};

export const widthsOf = (state, at, run, sample) =>
  part(run, "token", "tokens.first", sample).map((word) => chipWidth(state.words[word], at.size));

// Which stretch of the answers is shown, and how many there are.
export const pageOf = (view, at, { run, rows }) => {
  const counts = rows.map((sample) => pages(widthsOf(view.state, at, run, sample), at.right - at.left).length);
  const count = Math.max(1, ...counts);
  return { page: Math.min(view.get("page"), count - 1), count };
};

export const judgeBy = (view) => {
  if (placeOf(view).run.is_true) return;
  view.send({ judge: view.get("judge") === "true" ? "paid" : "true" });
};
