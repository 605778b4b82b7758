// The stage of an InterventionLab, as intervention_picture.py draws it, with what answers the pointer and the keys.
import { nearest, outline, panels, toX, toY } from "./intervention_layout.js";
import { dragging, placeOf, steer, toggleCut } from "./intervention_moves.js";
import { drawFormula } from "./formula.js";
import { drawSketch, paint } from "./sketch.js";

const { rect, line, circle, path, text, group, small } = lab;
const { textWidth, fit, wrap, fixed, number, clamp, range, thousands } = lab;
const SIZE = [244, 104], REACH = 44;
const TONES = { seen: "amber", done: "blue", imagined: "purple" };
const ARROWS = { up: "↗", down: "↘", flat: "→", "": "" };

export const drawLab = (view) => {
  const three = panels(view.width), at = placeOf(view), stages = view.get("panels") === "three stages";
  const draw = stages ? [drawAbduction, drawAction, drawPrediction] : [drawSeen, drawDone, drawImagined];
  return [
    three.slice(1).map(({ left, gap }) => line(left - gap / 2, 4, left - gap / 2, MEASURES.height - 10)),
    three.map((panel, index) => group(0, 0, { key: `${stages} ${index}` }, draw[index](view, panel, view.state, at))),
  ];
};

// --- the three questions -----------------------------------------------------------------------------------------

const drawSeen = (view, panel, state, at) => [
  drawHead(panel, "1 Seeing", state.formulas.seen, seenLine(state, at)),
  drawGraph(panel, drawSketch(state.graphs.seen)),
  drawAxes(view, panel, state, 0),
  drawSlice(view, panel, state, at, 0),
  drawVerdict(panel, state, "seen", 0),
];

const drawDone = (view, panel, state, at) => {
  const cut = view.get("cut"), put = `put all ${thousands(state.records)} at ${state.treatment} = ${state.shown[at]}`;
  const said = cut ? put : "arrows mended: nobody is set, only seen";
  return [
    drawHead(panel, "2 Doing", state.formulas[cut ? "done" : "seen"], said),
    drawGraph(panel, drawSurgery(view, state.graphs.done, cut)),
    drawAxes(view, panel, state, 1),
    cut ? drawEverybody(view, panel, state, at) : drawSlice(view, panel, state, at, 1),
    drawVerdict(panel, state, cut ? "done" : "seen", cut ? 1 : 0),
  ];
};

// The arrows into the treatment: cut, they fade to dashes and the scissors come; mended, they come back.
const drawSurgery = (view, parts, cut) => [
  drawSketch(parts.rest),
  drawSketch(parts.whole, 0, 0, { class: "il-fade", opacity: cut ? 0 : 1, "aria-hidden": cut ? "true" : null }),
  drawSketch(parts.cut, 0, 0, { class: "il-fade", opacity: cut ? 1 : 0, "aria-hidden": cut ? null : "true" }),
  drawSketch(parts.nodes),
  parts.spots.map(([x, y, name], index) => circle(x, y, 13, { key: `cut ${name}`, fill: "transparent", class: "il-spot",
    ...lab.cell("arrows", 0, index, `${name}: ${cut ? "cut, mend it" : "whole, cut it"}`),
    onclick: () => toggleCut(view) })),
];

const drawImagined = (view, panel, state, at) =>
  drawPersonPanel(view, panel, state, at, "3 Imagining", state.formulas.imagined);

const drawPersonPanel = (view, panel, state, at, title, formula) => [
  drawHead(panel, title, formula, `${state.keep}set ${state.treatment} to ${state.shown[at]}`),
  drawGraph(panel, drawSketch(state.graphs.imagined)),
  drawAxes(view, panel, state, 2),
  state.imagined === null
    ? wrap(state.trouble, panel.width - 40, 11).slice(0, 4).map((each, index) =>
      text(panel.x0 + 6, panel.y0 + 30 + 15 * index, each, { size: 11, fill: "vermilion-text" }))
    : drawCounterfactual(view, panel, state, at),
  drawVerdict(panel, state, "imagined", 2),
];

const seenLine = (state, at) => {
  const near = thousands(state.near[at]), all = thousands(state.records);
  const sign = state.x_axis.levels.length ? "=" : "≈";
  return `keep the ${near} of ${all} with ${state.treatment} ${sign} ${state.shown[at]}`;
};

const drawHead = (panel, title, formula, said) => {
  const start = textWidth(title, 13, { bold: true }) + 10;
  const room = formula ? Math.min(formula.width, panel.width - start) : 0;
  return [
    text(panel.left, 16, title, { weight: 600 }),
    formula && drawFormula(panel.left + panel.width - room, 16, formula, { room: panel.width - start }),
    text(panel.left, 34, fit(said, panel.width, 11), small),
  ];
};

const drawGraph = (panel, marks) => {
  const scale = Math.min(1, panel.width / SIZE[0]), x = panel.left + (panel.width - scale * SIZE[0]) / 2;
  const shrink = scale < 1 ? ` scale(${number(scale)})` : "";
  return group(0, 0, { transform: `translate(${number(x)} ${number(MEASURES.graph_top)})${shrink}` }, marks);
};

// Axes and cloud, and over them what hears the pointer: a press on a dot of the cloud chooses that unit.
const drawAxes = (view, panel, state, index) => view.memo(`axes ${index}`, [state, panel.left, panel.width], () => [
  state.y_axis.ticks.map(([value, label]) => {
    const y = toY(panel, state, value);
    return [line(panel.x0, y, panel.x1, y), text(panel.x0 - 6, y + 4, label, { anchor: "end", ...small })];
  }),
  line(panel.x0, panel.y1, panel.x1, panel.y1, { stroke: "grey" }),
  state.x_axis.ticks.map(([value, label]) =>
    text(toX(panel, state, value), panel.y1 + 15, label, { anchor: "middle", ...small })),
  text(panel.x1, panel.y1 + 30, state.x_axis.label, { anchor: "end", ...small }),
  text(panel.left, panel.y0 - 10, state.y_axis.label, small),
  path(dots(panel, state, state.cloud), { fill: "none", stroke: "grey", thickness: 2.4, cap: "round", opacity: 0.4 }),
]).concat(rect(panel.x0, panel.y0, panel.x1 - panel.x0, panel.y1 - panel.y0 + 18, { key: `chart ${index}`,
  fill: "transparent", class: "il-chart", onclick: (event) => choose(view, panel, event) }));

const dots = (panel, state, cloud) =>
  cloud.map(([x, y]) => `M${number(toX(panel, state, x))} ${number(toY(panel, state, y))}h0`).join("");

const choose = (view, panel, event) => {
  const { state } = view, box = event.currentTarget.ownerSVGElement.getBoundingClientRect();
  const px = event.clientX - box.left, py = event.clientY - box.top;
  const away = state.cloud.map(([x, y]) => Math.hypot(toX(panel, state, x) - px, toY(panel, state, y) - py));
  const least = Math.min(...away);
  if (least < 9) view.send({ person: away.indexOf(least) });
};

const drawSlice = (view, panel, state, at, index) => {
  const value = state.grid[at], x = toX(panel, state, value), curves = state.seen, { window } = state;
  const left = toX(panel, state, value - window), right = toX(panel, state, value + window);
  const reach = window || 0.3 * levelStep(state.x_axis);
  const near = state.cloud.filter(([each]) => Math.abs(each - value) <= reach);
  const still = { "pointer-events": "none" };
  return group(0, 0, {},
    window > 0 && rect(left, panel.y0, right - left, panel.y1 - panel.y0, { fill: paint("amber:0.28"), ...still }),
    drawCurve(view, panel, state, curves.mean, "amber", null, `seen ${index}`),
    path(dots(panel, state, near), { fill: "none", stroke: "amber-text", thickness: 3.4, cap: "round", ...still }),
    curves.mean[at] === null
      ? [text((panel.x0 + panel.x1) / 2, panel.y0 + 14, "nobody is seen here",
        { size: 11, fill: "amber-text", anchor: "middle" }),
      line(x, panel.y0, x, panel.y1, { stroke: "amber-text", thickness: 1.4, dash: "3 3" })]
      : [drawDistribution(panel, state, x, curves.density[at], "amber"),
        drawMean(panel, state, x, curves, at, "amber")],
    drawPill(view, panel, x, state.shown[at], "amber", index));
};

const drawEverybody = (view, panel, state, at) => {
  const x = toX(panel, state, state.grid[at]), curves = state.done;
  const threads = state.own.map((outcomes, unit) => {
    const start = nearest(state.grid, state.cloud[unit][0]), way = at >= start ? 1 : -1;
    return "M" + range(Math.abs(at - start) + 1).map((step) => start + way * step)
      .map((k) => `${number(toX(panel, state, state.grid[k]))} ${number(toY(panel, state, outcomes[k]))}`).join("L");
  });
  return group(0, 0, {},
    path(threads.join(""), { fill: "none", stroke: "grey", thickness: 1, opacity: 0.55, "pointer-events": "none" }),
    splitBySupport(state).map((mean, index) =>
      drawCurve(view, panel, state, mean, "blue", [null, "3 4"][index], `done ${index}`)),
    drawDistribution(panel, state, x, curves.density[at], "blue"),
    drawMean(panel, state, x, curves, at, "blue"),
    drawBias(panel, state, x, at),
    drawPill(view, panel, x, state.shown[at], "blue", 1));
};

// The mean of doing where units are seen, and where only the model speaks; each begins where the other ends.
const splitBySupport = ({ done, seen }) => {
  const known = seen.mean.map((each) => each !== null);
  const around = known.map((_, k) => known.slice(Math.max(0, k - 1), k + 2).every(Boolean));
  return [known, around.map((inside) => !inside)].map((kept) => done.mean.map((value, k) => (kept[k] ? value : null)));
};

const drawBias = (panel, state, x, at) => {
  const seen = state.seen.mean[at], done = state.done.mean[at];
  if (seen === null) return null;
  const top = toY(panel, state, seen), foot = toY(panel, state, done);
  if (Math.abs(top - foot) < 9) return null;
  const wide = 30, fits = x + REACH + 2 * wide - 14 <= panel.x1; // else beyond the number, or beyond the distribution
  const beside = fits ? x + REACH + wide - 8 : x - (x + REACH + 2 > panel.x1 ? REACH + wide : 66);
  const up = top < foot, digits = (state.seen.label[at].split(".")[1] ?? "").length;
  return [
    line(beside, top, beside, foot, { stroke: "quiet", dash: "2 3" }),
    line(beside - 7, top, beside + 7, top, { stroke: "amber-text", thickness: 2 }),
    line(beside - 7, foot, beside + 7, foot, { stroke: "blue", thickness: 2 }),
    haloed(beside, top + (up ? -5 : 14), `seen ${state.seen.label[at]}`,
      { size: 11, fill: "amber-text", anchor: "middle" }),
    haloed(beside, foot + (up ? 14 : -5), `bias ${fixed(Math.abs(seen - done), digits)}`,
      { size: 11, weight: 600, anchor: "middle", fill: "ink" }),
  ];
};

const drawCounterfactual = (view, panel, state, at) => {
  const { person, imagined: curves } = state, still = { "pointer-events": "none" };
  const x = toX(panel, state, state.grid[at]), y = toY(panel, state, curves.mean[at]);
  const px = toX(panel, state, person.x), py = toY(panel, state, person.y);
  const far = Math.abs(px - x) + Math.abs(py - y) > 22;
  return group(0, 0, {},
    drawCurve(view, panel, state, curves.mean, "purple", "5 4", "imagined"),
    curves.sd[at] > 0.01 * (state.y_axis.high - state.y_axis.low)
      ? drawDistribution(panel, state, x, curves.density[at], "purple")
      : line(x, panel.y0, x, panel.y1, { stroke: "purple-text", thickness: 1.3, dash: "4 3", ...still }),
    far && line(px, py, px + 0.9 * (x - px), py + 0.9 * (y - py), { stroke: "purple-text", thickness: 2.4 }),
    circle(px, py, 5, { fill: "ink" }),
    text(px, py + (py < y ? -10 : 20), person.label, { weight: 600, size: 11, anchor: "middle" }),
    drawMean(panel, state, x, curves, at, "purple", [px, py]),
    drawPill(view, panel, x, state.shown[at], "purple", 2));
};

const drawCurve = (view, panel, state, mean, tone, dash, name) =>
  view.memo(`curve ${name}`, [state, panel.left, panel.width], () => {
    const { low, high } = state.y_axis;
    let pen = "M";
    const d = mean.map((each, index) => {
      if (each === null || each < low || each > high) { pen = "M"; return ""; }
      const piece = `${pen}${number(toX(panel, state, state.grid[index]))} ${number(toY(panel, state, each))}`;
      pen = "L";
      return piece;
    }).join("");
    return path(d, { fill: "none", stroke: tone, thickness: 2.2, dash, join: "round", "pointer-events": "none" });
  });

const drawDistribution = (panel, state, x, density, tone) => {
  const points = outline(panel, state, x, density, REACH), edge = `${tone}-text`;
  const rail = line(x, panel.y0, x, panel.y1, { stroke: edge, thickness: 1.4, "pointer-events": "none" });
  if (state.y_axis.levels.length) {
    const look = { fill: paint(`${tone}:0.35`), stroke: edge, thickness: 1, "pointer-events": "none" };
    return [rail, points.map(([left, top, wide, high]) => rect(left, top, wide, high, look))];
  }
  const d = `M${points.map(([a, b]) => `${number(a)} ${number(b)}`).join("L")}`;
  const ends = `L${number(x)} ${number(panel.y0)}L${number(x)} ${number(panel.y1)}z`;
  return [rail, path(d + ends, { fill: tone, opacity: 0.25, "pointer-events": "none" }),
    path(d, { fill: "none", stroke: edge, thickness: 1.4, "pointer-events": "none" })];
};

const drawMean = (panel, state, x, curves, at, tone, taken = [0, 0]) => {
  const y = toY(panel, state, curves.mean[at]), label = curves.label[at], wide = textWidth(label, 15, { bold: true });
  const hidden = x - wide - 18 < taken[0] && taken[0] < x + 4 && y < taken[1] && taken[1] < y + 24;
  const right = (x + REACH + 2 > panel.x1 ? x + 10 + wide < panel.x1 : x - 10 - wide < panel.x0)
    || (hidden && x + 10 + wide < panel.x1);
  return [
    circle(x, y, 5, { fill: "ground", stroke: `${tone}-text`, thickness: 2.4, "pointer-events": "none" }),
    haloed(right ? x + 10 : x - 10, y + 18, label,
      { size: 15, weight: 600, anchor: right ? "start" : "end", fill: `${tone}-text` }),
  ];
};

// A text with a rim of the ground, to be read over lines.
const haloed = (x, y, string, look) => [
  text(x, y, string, { ...look, fill: "ground", stroke: "ground", thickness: 4, join: "round", "aria-hidden": "true" }),
  text(x, y, string, look),
];

const drawPill = (view, panel, at, shown, tone, index) => {
  const wide = Math.max(34, textWidth(shown, 11, { bold: true }) + 16), { state } = view;
  const x = clamp(at, panel.x0 - 4 + wide / 2, panel.x1 + 4 - wide / 2), { low, high } = state.x_axis;
  return group(0, 0, { key: "pill", class: "il-pill", tabindex: 0, role: "slider",
    "aria-label": `${state.treatment}, ${["seen", "done", "imagined"][index]}`,
    "aria-valuenow": view.get("x"), "aria-valuemin": low, "aria-valuemax": high,
    "aria-valuetext": `${state.treatment} = ${shown}`,
    onkeydown: (event) => steer(view, event), ...dragging(view, index) },
    rect(x - wide / 2, panel.y0 - 21, wide, 18, { radius: 9, fill: `${tone}-fill` }),
    rect(at - 5, panel.y0 - 3, 10, panel.y1 - panel.y0 + 3, { fill: "transparent" }),
    text(x, panel.y0 - 8, shown, { size: 11, weight: 600, fill: "on-fill", anchor: "middle" }));
};

const drawVerdict = (panel, state, question, index) => {
  const [slope, way] = state.slopes[question];
  if (!slope) return null;
  const unit = state.unit ? ` per ${state.unit}` : ` per unit of ${state.treatment}`;
  const shown = `${ARROWS[way]} ${slope}${unit}`, room = panel.width - textWidth(shown, 13, { bold: true }) - 10;
  return [
    text(panel.left, MEASURES.verdict, shown, { weight: 600, fill: `${TONES[question]}-text` }),
    text(panel.left + panel.width, MEASURES.verdict, fit(state.verdicts[index], room, 11), { anchor: "end", ...small }),
  ];
};

// --- the three stages of imagining -------------------------------------------------------------------------------

const drawAbduction = (view, panel, state) => {
  const { left, width: wide } = panel;
  return [
    drawHead(panel, "1 Abduction", null, `what ${state.person.record} says about the noise`),
    state.abduction.map((each, index) => {
      const top = 52 + 72 * index, foot = top + 54, [low, high] = each.range;
      const x = left + (wide * (each.mean - low)) / (high - low);
      return [
        text(left, top + 12, each.name, { weight: 600 }),
        text(left + wide, top + 12, each.told, { weight: 600, fill: "purple-text", anchor: "end" }),
        path(hill(each.before, left, wide, foot), { fill: "grey", opacity: 0.35 }),
        each.after === null
          ? [line(x, foot - 34, x, foot, { stroke: "purple-text", thickness: 2.4 }),
            circle(x, foot - 34, 3.5, { fill: "purple-text" })]
          : path(hill(each.after, left, wide, foot), { fill: "purple", opacity: 0.55 }),
        line(left, foot, left + wide, foot, { stroke: "grey" }),
      ];
    }),
    !state.abduction.length && wrap(state.trouble, wide, 11).map((each, index) =>
      text(left, 64 + 15 * index, each, { size: 11, fill: "vermilion-text" })),
    text(left, MEASURES.verdict, fit(`grey: before, purple: after  ${state.told}`, wide, 11), small),
  ];
};

const hill = (shares, left, wide, foot) => {
  const step = wide / shares.length;
  const points = shares.map((share, k) => `${number(left + step * (k + 0.5))} ${number(foot - 34 * share)}`);
  return `M${number(left)} ${number(foot)}L${points.join("L")}L${number(left + wide)} ${number(foot)}z`;
};

const drawAction = (view, panel, state, at) => {
  const name = state.treatment, { left, width: wide } = panel;
  let y = MEASURES.graph_top + SIZE[1] + 34;
  const equations = state.equations.map(([each, formula]) => {
    const gone = each === name, mono = { mono: true, size: 12 };
    const lines = wrap(`${each} = ${formula}`, wide, 12, { mono: true }).map((said) => {
      const base = y;
      y += 17;
      return [text(left, base, said, { ...mono, fill: gone ? "quiet" : "ink" }),
        gone && line(left, base - 4, left + textWidth(said, 12, { mono: true }), base - 4,
          { stroke: "vermilion", thickness: 1.6 })];
    });
    const put = gone && text(left, y, `${name} := ${state.shown[at]}`, { ...mono, weight: 600, fill: "blue-text" });
    y += gone ? 25 : 8;
    return [lines, put];
  });
  return [
    drawHead(panel, "2 Action", null, `replace the equation of ${name}, and no other`),
    drawGraph(panel, ["rest", "cut", "nodes"].map((part) => drawSketch(state.graphs.done[part]))),
    equations,
  ];
};

const drawPrediction = (view, panel, state, at) =>
  drawPersonPanel(view, panel, state, at, "3 Prediction", state.formulas.imagined);

const levelStep = ({ levels }) => Math.min(...levels.slice(1).map((level, index) => level - levels[index]), Infinity);
