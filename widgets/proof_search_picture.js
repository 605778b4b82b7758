// The view of the search, as proof_search_picture.py draws it; a press on the curves chooses the round.
import { paint } from "./sketch.js";
import { round } from "./proof_moves.js";

const { rect, line, circle, path, text, group, small, textWidth, fit, number, svg, clamp } = lab;
const M = MEASURES, [TOP, HIGH] = [40, 96], LIST = 190;

export const drawSearch = (view) => {
  const { state, width } = view, { runs } = state, wide = (width - 32 - 24 * (runs.length - 1)) / runs.length;
  return svg(width, M.height, runs.map((run, place) => {
    const x = 16 + place * (wide + 24), at = Math.min(round(view), run.rounds.length - 1);
    return [
      place > 0 && line(x - 12, 4, x - 12, M.height - 8),
      drawCurves(view, run, x, wide, at),
      at >= 0 && group(0, 0, { key: `round ${place}` }, drawRound(run.texts, run.rounds[at], x, wide)),
    ];
  }), { tabindex: 0, role: "group", "aria-label": "the search: arrow keys walk through its rounds" });
};

const drawCurves = (view, run, x, wide, at) => {
  const { state } = view, chip = textWidth(run.verdict, 11, { bold: true }) + 16, base = TOP + HIGH;
  const left = x + 34, step = (wide - 34) / Math.max(1, state.last - 1);
  const follow = (event) => {
    const across = event.clientX - event.currentTarget.ownerSVGElement.getBoundingClientRect().left;
    view.send({ round: clamp(Math.round((across - left) / step), 0, Math.max(0, state.last - 1)) });
  };
  return [
    text(x, 18, fit(run.name, wide - 110, 13, { bold: true }), { weight: 600 }),
    rect(x + wide - chip, 5, chip, 19, { radius: 9.5, fill: `${run.tone}-fill` }),
    text(x + wide - chip / 2, 18, run.verdict, { size: 11, weight: 600, fill: "on-fill", anchor: "middle" }),
    state.ticks.map(([told, share]) => [
      line(left, base - share * HIGH, x + wide, base - share * HIGH),
      text(left - 6, base - share * HIGH + 4, told, { anchor: "end", ...small }),
    ]),
    [["passive", "sky", "4 2"], ["active", "blue", null]].map(([name, stroke, dash]) => run[name].length > 0
      && path("M" + run[name].map((value, k) =>
        `${number(left + step * k)} ${number(base - HIGH * value)}`).join("L"),
      { fill: "none", stroke, thickness: 2, dash })),
    run.needed.map((index) => circle(left + step * index, base + 9, Math.min(2.5, Math.max(1, step / 2)), { fill: "green" })),
    run.needed.length > 0 && text(x + wide, base + 28,
      wide > 330 ? "● given clauses that the proof needs" : "● the proof needs", { anchor: "end", size: 11, fill: "green-text" }),
    text(left, base + 28, "passive ╌  active ─", small),
    at >= 0 && line(left + step * at, TOP - 4, left + step * at, base + 14, { stroke: "ink", thickness: 1.5 }),
    rect(left - 6, TOP - 6, wide - 24, HIGH + 22, { fill: "transparent", class: "px-curves",
      onpointerdown: (event) => { event.currentTarget.setPointerCapture(event.pointerId); follow(event); },
      onpointermove: (event) => { if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event); } }),
  ];
};

const drawRound = (texts, seen, x, wide) => {
  const y = LIST, half = y + 52, middle = x + wide / 2;
  const more = seen.more ? [`… ${seen.more} more`] : [], made = [...seen.new.slice(0, 9 - more.length).map((each) => texts[each]), ...more];
  const rest = seen.gone > 2 ? ` and ${seen.gone - 2} more` : "";
  return [
    text(x, y, fit(seen.counts, wide, 11), small),
    rect(x, y + 8, wide, 24, { fill: paint("blue:0.12"), radius: 4 }),
    text(x + 8, y + 24.5, "given", { size: 11, fill: "blue-text", weight: 600 }),
    text(x + 50, y + 24.5, fit(texts[seen.given], wide - 58, 13, { bold: true }), { weight: 600 }),
    text(x, half, "new, to passive", small),
    (made.length ? made : ["nothing that is not known"]).map((each, index) => text(x + 12, half + 18 + 16 * index,
      fit(each, wide / 2 - 20, 11), { size: 11, fill: seen.new.length ? "ink" : "quiet" })),
    text(middle, half, "active, newest first", small),
    seen.now.map((each, index) => text(middle + 12, half + 18 + 16 * index, fit(texts[each], wide / 2 - 12, 11),
      { size: 11 })),
    seen.gone > 0 && text(x, half + 176, fit(`dropped: ${seen.dropped.map((each) => texts[each]).join("; ")}${rest}`, wide, 11),
      { size: 11, fill: "vermilion-text" }),
  ];
};
