// A stage that Python has laid out (sketch_stage.py): its marks, and over them the places that can be clicked. Where
// there is less room than Python reckoned with, Python is told, and until it answers all of it is drawn smaller.
import { drawSketch } from "./sketch.js";

const { h, svg, rect, path, group, cell, number } = lab;

const place = (view, { box, d, label, send, place: at, current }, index) => {
  const onclick = () => view.send(send), hint = h("title", {}, label);
  if (d) {
    const look = { fill: "none", stroke: "transparent", thickness: 14, "pointer-events": "stroke" };
    return group(0, 0, { key: `track ${index}`, class: "sketch-place", onclick }, path(d, look), hint);
  }
  const [x, y, width, height] = box;
  return group(0, 0, { key: at.join(" "), class: "sketch-place", onclick, ...cell(...at, label, current) },
    rect(x, y, width, height, { fill: "transparent", radius: 4 }), hint);
};

export const drawStage = (view) => {
  const { state, width } = view, { drawn_for: wide, height } = state;
  if (wide !== width && view.get("room") !== width) queueMicrotask(() => view.send({ room: width }));
  return svg(width, (height * width) / wide, [
    view.memo("marks", [state], () => group(0, 0, { key: "marks" }, drawSketch(state.marks))),
    group(0, 0, { key: "places" }, state.targets.map((each, index) => place(view, each, index))),
  ], { viewBox: `0 0 ${number(wide)} ${number(height)}` });
};

// Called after a change: keys that were pressed on a button which the change disables go to the play button instead.
export const keepKeys = (view) => requestAnimationFrame(() => {
  const focused = view.root.getRootNode().activeElement;
  if (focused?.disabled && view.root.contains(focused)) view.root.querySelector(".lab-play")?.focus();
});
