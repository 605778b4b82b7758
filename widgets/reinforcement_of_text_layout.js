// Where the tokens stand, as in reinforcement_of_text_layout.py: chips behind each other, in pages where many.
const { range, textWidth } = lab;
const M = MEASURES;
export const GAP = 2; // between two chips
const NARROWEST = 14;
const LARGE = 13, SMALL = 11; // letters, in pixels

export const layout = (width, wide) => {
  const side = Math.min(M.side, 0.28 * width), end = width - 16, left = M.left, right = end - side - M.gap;
  return { left, right, panel: end - side, end, size: wide <= right - left ? LARGE : SMALL };
};

export const chipWidth = (word, size) => Math.max(NARROWEST, textWidth(word, size, { mono: true }) + 6);

// First chip of each page, as many on each as have room.
export const pages = (widths, room) => {
  const firsts = [0];
  let x = 0;
  widths.forEach((width, index) => {
    if (index > firsts.at(-1) && x + width > room) {
      firsts.push(index);
      x = 0;
    }
    x += width + GAP;
  });
  return firsts;
};

// First of the last chips for which there is room, at least one.
export const tail = (widths, room) => {
  let x = -GAP, first = widths.length;
  while (first > 0 && (first === widths.length || x + GAP + widths[first - 1] <= room)) {
    first -= 1;
    x += GAP + widths[first];
  }
  return first;
};

// Which dialogues of a prompt have a row, and how many have none.
export const rowsShown = (first, last, most) => {
  const every = range(last - first).map((index) => first + index);
  if (every.length <= most) return [every, 0];
  const half = Math.floor(most / 2);
  return [[...every.slice(0, half), ...every.slice(every.length - most + half)], every.length - most];
};
