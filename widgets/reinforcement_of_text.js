// ReinforcementOfText: texts and panels put together, and the controls.
import { layout } from "./reinforcement_of_text_layout.js";
import { goTo, judgeBy, pageOf, turn, walk } from "./reinforcement_of_text_moves.js";
import { drawCurves, drawReading, drawSheet } from "./reinforcement_of_text_panels.js";
import { drawPointed, drawTexts } from "./reinforcement_of_text_picture.js";
import {
  judgeOf, keptToken, lookedAt, placeOf, pointedAt, readToken, sentenceOf,
} from "./reinforcement_of_text_reading.js";

const { svg, group, segmented, menu, stepper, player, playPause, reset } = lab;

const JUDGES = [
  { value: "paid", label: "as paid", hint: "by the advantage that the update was told" },
  { value: "true", label: "as true", hint: "by the advantage that the true reward would have given" },
];

export default lab.view({
  start: { seen: null },

  sentence: sentenceOf,

  stage: (view) => {
    const { state, width } = view, at = layout(width, state.wide), place = placeOf(view), judge = judgeOf(view, place);
    const kept = keptToken(view, place), pointed = pointedAt(view, place), seen = pointed ?? kept;
    const own = pointed !== null || (seen !== null && String(seen) === String(view.get("chosen")));
    const title = seen === null ? "No effect" : own ? "This token" : "Largest effect";
    const token = seen && readToken(state, place.run, place.rows[seen[0]], seen[1], judge);
    return svg(width, MEASURES.height, [
      view.memo("texts", [...lookedAt(view), width, view.dark, view.get("page")], () =>
        group(0, 0, { key: "texts" }, drawTexts(view, at, place, kept))),
      group(0, 0, { key: "pointed" }, pointed !== null && drawPointed(view, at, place, pointed)),
      view.memo("curves", [...lookedAt(view), width], () => group(0, 0, { key: "curves" }, drawCurves(at, place))),
      group(0, 0, { key: "reading" }, drawReading(at, token, title, judge)),
      drawSheet(view, at),
    ]);
  },

  controls: (view) => {
    if (view.state.status) return [];
    const { state, width } = view, place = placeOf(view), { run, update, group: prompt, groups } = place;
    const { page, count } = pageOf(view, layout(width, state.wide), place);
    const names = state.runs.map(({ name }) => ({ value: name, label: name }));
    const pay = (name) => view.send({ name, chosen: null });
    const judgeAs = (judge) => { if (!run.is_true) view.send({ judge }); };
    return [
      run.updates.length > 1 && player(view, { label: "Update", value: update, max: run.updates.length - 1,
        change: (to) => goTo(view, to) }),
      names.length > 1 && (names.length > 3 ? menu : segmented)({ label: "Paid by", value: run.name, choices: names,
        change: pay }),
      state.runs.some((each) => !each.is_true) && segmented({ key: "judge", label: "Colour", choices: JUDGES,
        value: judgeOf(view, place), change: judgeAs }),
      groups > 1 && stepper({ label: "Prompt", value: prompt + 1, min: 1, max: groups,
        change: (to) => turn(view, to - 1 - prompt) }),
      count > 1 && stepper({ label: "Part", value: page + 1, min: 1, max: count,
        change: (to) => view.send({ page: to - 1 }) }),
      reset(view),
    ].filter(Boolean);
  },

  keys: {
    " ": playPause,
    ArrowLeft: (view) => walk(view, -1),
    ArrowRight: (view) => walk(view, 1),
    ArrowUp: (view) => turn(view, -1),
    ArrowDown: (view) => turn(view, 1),
    PageUp: (view) => walk(view, -1),
    PageDown: (view) => walk(view, 1),
    Home: (view) => goTo(view, 0),
    End: (view) => goTo(view, Infinity),
    j: judgeBy,
    Escape: (view) => view.send({ chosen: null }),
  },
});
