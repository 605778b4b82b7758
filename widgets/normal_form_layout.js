// Where the parts of a NormalFormStepper stand, as normal_form_layout.py computes it.
const M = MEASURES;
export const SIZE = 12;
export const MONO = 0.602 * SIZE;

export const place = (width) => {
  const rule = width - 16 - M.meaning - M.rule, grids = width - 16 - M.grids;
  const whyWidth = Math.min(M.why, 0.24 * width);
  return { rule, characters: Math.floor((rule - 6 - M.formula) / MONO), grids, why: grids - 24 - whyWidth,
    why_width: whyWidth, trees_width: grids - 24 - whyWidth - 24 - 16 };
};

export const window_ = (count, step) => {
  const first = Math.max(0, Math.min(step - Math.floor(M.rows / 2), count - M.rows));
  return [first, Math.min(count, first + M.rows)];
};

export const clipped = (count, span, room) => {
  if (count <= room) return [0, count];
  const start = span[1] > room ? Math.max(0, Math.min(span[0] - 6, count - room)) : 0;
  return [start, start + room];
};

// A line's text in runs, each with its x: cut at the ends of the marks, … where the text goes on.
export const runsOf = (string, spans, room) => {
  const all = [...string], [first, last] = clipped(all.length, spans[0], room), letters = all.slice(first, last);
  if (first) letters[0] = "…";
  if (last < all.length) letters[letters.length - 1] = "…";
  const inside = (end) => Math.min(Math.max(end - first, 0), last - first);
  const ends = [...new Set([0, last - first, ...spans.flat().map(inside)])].sort((one, other) => one - other);
  return ends.slice(1).map((end, index) => [MONO * ends[index], letters.slice(ends[index], end).join("")]);
};

export const rowTop = (row) => M.head + M.pitch * row;
