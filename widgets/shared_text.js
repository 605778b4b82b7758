// Numbers in print, and how wide a text is: by the table that Python uses (TEXT, from widgets/text_metrics.py).

// A coordinate as text: at most two decimals (as in picture.py).
export const number = (value) => {
  const text = fixed(value, 2);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
};

// A number with so many decimals, an exact tie going to the even digit as in Python, and no minus zero.
export const fixed = (value, digits) => {
  let text = value.toFixed(digits);
  const scaled = Math.abs(value) * 10 ** digits;
  const tie = Math.abs((scaled % 1) - 0.5) < 1e-6 && /50{39}$/.test(value.toFixed(digits + 40));
  const down = Math.floor(scaled);
  if (tie && down % 2 === 0) text = (Math.sign(value) * (down / 10 ** digits)).toFixed(digits);
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
};

// A whole number with commas: 49,152.
export const thousands = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

export const range = (count) => Array.from({ length: count }, (_, index) => index);
export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

const expand = (blocks) => {
  const widths = new Map();
  for (const [start, block] of Object.entries(blocks)) {
    block.split(" ").forEach((width, offset) => widths.set(Number(start) + offset, Number(width)));
  }
  return widths;
};

const faces = { regular: expand(TEXT.regular), bold: expand(TEXT.bold) };
const within = (ranges, code) => ranges.some(([first, last]) => first <= code && code <= last);
const advances = new Map();

const advance = (character, bold, mono) => {
  const name = `${character}${bold}${mono}`;
  if (!advances.has(name)) {
    const code = character.codePointAt(0);
    const own = mono ? TEXT.mono : faces[bold ? "bold" : "regular"].get(code) ?? TEXT.unknown;
    const width = within(TEXT.unseen_ranges, code) ? 0 : within(TEXT.wide_ranges, code) ? TEXT.wide : own;
    advances.set(name, width);
  }
  return advances.get(name);
};

// Width of a line of text in pixels, by the table that Python uses.
export const textWidth = (string, size = 13, { bold = false, mono = false } = {}) => {
  let sum = 0;
  for (const character of string) sum += advance(character, bold, mono);
  return (sum * size) / 1000;
};

// The text, cut and marked with … if it is wider than so many pixels.
export const fit = (string, width, size = 13, face = {}) => {
  if (textWidth(string, size, face) <= width) return string;
  const room = width - textWidth("…", size, face);
  let kept = "", used = 0;
  for (const character of string) {
    used += textWidth(character, size, face);
    if (used > room) break;
    kept += character;
  }
  return room >= 0 ? kept + "…" : "";
};

// Lines of at most so many pixels, broken at blanks; a longer word gets a line of its own.
export const wrap = (string, width, size = 13, face = {}) => {
  const lines = [];
  for (const word of string.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && textWidth(longer, size, face) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
};
