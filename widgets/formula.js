// Formulas that Python has laid out (the states that formula.py makes), drawn as there.
const { line, text, group, number } = lab;
const FACE = "font-family: 'Liberation Serif', 'Times New Roman', Times, serif";

// By how much a formula must shrink to be no wider than `room`.
export const fitScale = (formula, room) => (formula.width ? Math.min(1, room / formula.width) : 1);

// A formula with its baseline at y; if it is wider than `room`, smaller. `given` are attributes of its group.
export const drawFormula = (x, y, formula, { room = 1e9, ...given } = {}) => {
  const scale = fitScale(formula, room), shrink = scale < 1 ? ` scale(${scale.toFixed(3)})` : "";
  const named = formula.spoken ? { role: "img", "aria-label": formula.spoken } : {};
  return group(0, 0, { transform: `translate(${number(x)} ${number(y)})${shrink}`, ...named, ...given },
    formula.marks.map(([kind, ...rest]) => {
      if (kind === "line") {
        const [x1, y1, x2, y2, thickness, stroke] = rest;
        return line(x1, y1, x2, y2, { stroke, thickness });
      }
      const [at, baseline, size, string, italic, fill] = rest;
      return text(at, baseline, string, { size, fill, slant: italic ? "italic" : null, style: FACE });
    }));
};
