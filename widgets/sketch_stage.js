// A stage that Python has laid out (sketch_stage.py): its marks, and over them the places that can be clicked. Where
// there is less room than Python reckoned with, Python is told, and until it answers all of it is drawn smaller.
import { askForRoom } from "./room.js";
import { drawSketch } from "./sketch.js";

const { h, svg, rect, path, group, cell, clamp, number, playPause } = lab;

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
  askForRoom(view);
  return svg(width, (height * width) / wide, [
    view.memo("marks", [state], () => group(0, 0, { key: "marks" }, drawSketch(state.marks))),
    group(0, 0, { key: "places" }, state.targets.map((each, index) => place(view, each, index))),
  ], { viewBox: `0 0 ${number(wide)} ${number(height)}` });
};

// Walking through the steps of such a view. A trait holds the present one; below 0 it is the one that Python has chosen.
export const walking = (trait) => {
  const here = (view) => {
    const at = view.get(trait);
    return at < 0 ? view.state.chosen : Math.min(at, view.state.last);
  };
  const goTo = (view, to) => {
    if (!view.state.status) view.send({ [trait]: clamp(to, 0, view.state.last) });
  };
  const by = (steps) => (view) => goTo(view, here(view) + steps);
  const keys = { ArrowRight: by(1), ArrowLeft: by(-1), PageDown: by(10), PageUp: by(-10), Home: by(-Infinity),
    End: by(Infinity), " ": playPause };
  return { here, goTo, keys };
};
