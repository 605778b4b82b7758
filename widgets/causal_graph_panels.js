// The answer beside the graph, as causal_graph_panels.py draws it.
import { drawFormula, fitScale } from "./formula.js";
import { formulaRoom } from "./causal_graph_layout.js";
import { adjustFor } from "./causal_graph_actions.js";

const { h, rect, path, text, line, group, small, fit, wrap, textWidth, cell } = lab;
const M = MEASURES;
export const CHECK = "M0 -4l4 4l7 -9";
export const CROSS = "M1 -9l8 8M9 -9l-8 8";

export const drawVerdict = (view, at) => {
  const { verdict } = view.state;
  if (!verdict) return null;
  const wide = textWidth(verdict.chip, 13, { bold: true }) + 38, { formula } = verdict;
  const note = fit(verdict.note, at.answer - wide - 10, 11);
  const room = formulaRoom(formula, at.answer, M.formula), scale = fitScale(formula, room);
  const tall = (formula.up + formula.down) * scale;
  const copied = view.ui.copied === verdict.latex && verdict.latex;
  const done = () => view.set({ copied: verdict.latex });
  const copy = () => navigator.clipboard?.writeText(verdict.latex).then(done, () => {});
  return group(at.right, 0, { key: "verdict" }, [
    rect(0, 0, wide, 24, { fill: verdict.identified ? "green-fill" : "vermilion-fill", radius: 12 }),
    group(11, 17, {}, path(verdict.identified ? CHECK : CROSS,
      { fill: "none", stroke: "on-fill", thickness: 2, cap: "round" })),
    text(27, 16.5, verdict.chip, { weight: 600, fill: "on-fill" }),
    (copied || note) && text(wide + 10, 16, copied ? "copied as LaTeX" : note, small),
    group(0, 0, verdict.latex ? { key: "estimand", class: "cg-row",
      ...cell("estimand", 0, 0, `${formula.spoken}; click to copy as LaTeX`), onclick: copy } : { key: "estimand" },
    rect(0, 28, Math.min(formula.width * scale, at.answer), M.formula + 6, { fill: "transparent" }),
    drawFormula(0, 32 + (M.formula - tall) / 2 + formula.up * scale, formula, { room })),
  ]);
};

export const drawAdjustment = (view, at) => {
  const { adjustment } = view.state, wide = at.answer;
  if (!adjustment) return null;
  const start = textWidth("Adjust for") + 10, told = adjustment.none;
  const chips = [];
  let x = start;
  for (const [index, row] of adjustment.sets.entries()) {
    const best = row.kind === "optimal" ? textWidth(" best", 11) + 4 : 0;
    const width = textWidth(row.label, 13, { bold: true }) + best + 18;
    if (x + width > wide) break;
    chips.push(setChip(view, x, width, row, index));
    x += width + 8;
  }
  return group(at.right, 40 + M.formula, { key: "adjustment", role: "group", "aria-label": "adjustment sets" }, [
    text(0, 14, "Adjust for", { fill: "quiet" }),
    !adjustment.sets.length && text(start, 14, fit(`no set: ${told}`, wide - start, 11), small),
    ...chips,
    line(0, 26.5, wide, 26.5),
  ]);
};

const CHOSEN = { fill: "wash", stroke: "amber" }, OTHER = { fill: "ground", stroke: "hairline" };

const setChip = (view, x, width, row, index) => {
  const said = `adjust for ${row.names.join(", ") || "nothing"}${row.kind === "optimal" ? ", least variance" : ""}`;
  return group(0, 0, { key: row.label, class: "cg-row", ...cell("sets", 0, index, said, row.chosen),
    onclick: () => adjustFor(view, row.names) }, [
    h("title", {}, row.kind === "optimal" ? "the set with the least variance" : "none of it can be left out"),
    rect(x, -3, width, 24, { ...(row.chosen ? CHOSEN : OTHER), radius: 6 }),
    text(x + 9, 14, row.label, { weight: row.chosen ? 600 : null }),
    row.kind === "optimal" && text(x + width - 9, 14, "best", { size: 11, fill: "green-text", anchor: "end" }),
  ]);
};

export const drawInstead = (state, wide) => {
  let y = 4;
  const told = state.instead.map(([style, paragraph]) => {
    const bold = style === "strong", lines = wrap(paragraph, wide, 13, { bold });
    const drawn = lines.map((told, index) =>
      text(0, y + 18 * index, told, { weight: bold ? 600 : null, fill: style === "quiet" ? "quiet" : "ink" }));
    y += 18 * lines.length + 4;
    return drawn;
  });
  return state.worlds ? [...told, ...drawWorlds(state.worlds, y + 16, wide)] : told;
};

// Two worlds: one probability that they answer differently, as bars from 0 to 1.
const drawWorlds = (worlds, y, wide) => {
  const left = 0.36 * wide, long = 0.64 * wide - 44;
  return [
    line(0, y - 18.5, wide, y - 18.5),
    text(0, y, "Two worlds with this graph", { weight: 600 }),
    text(0, y + 18, fit(`All that can be seen is the same in both: gap ${worlds.gap}.`, wide)),
    drawFormula(0, y + 44, worlds.formula, { room: 0.34 * wide }),
    ...worlds.values.map((value, row) => {
      const at = y + 30 + 22 * row;
      return [rect(left, at, long, 16, { fill: "wash", radius: 3 }),
        rect(left, at, Math.max(long * value, 1), 16, { fill: ["blue", "vermilion"][row], radius: 3 }),
        text(left + long + 8, at + 12, worlds.printed[row])];
    }),
    text(0, y + 66, fit("in the one, in the other", 0.34 * wide, 11), small),
  ];
};
