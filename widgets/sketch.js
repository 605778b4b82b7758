// Drawings that Python has laid out (sketch.py), and thinned colours.
import { drawFormula } from "./formula.js";

const { rect, circle, line, path, text, group, tint } = lab;
const WORDS = { rect, circle, line, path, text };
const SERIF = "font-family: 'Liberation Serif', 'Times New Roman', Times, serif";

// "vermilion:0.12" is 12 % of it on the ground; anything else is itself.
export const paint = (value) => {
  if (typeof value !== "string" || !value.includes(":")) return value;
  const [name, share] = value.split(":");
  return tint(name, Number(share));
};

export const drawSketch = (marks, x = 0, y = 0, given = {}) =>
  group(x, y, given, marks.map(([word, place, options]) => {
    if (word === "formula") return drawFormula(place[0], place[1], place[2], { room: place[3] });
    const { serif, ...rest } = options;
    const look = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, paint(value)]));
    return WORDS[word](...place, serif ? { ...look, style: SERIF } : look);
  }));
