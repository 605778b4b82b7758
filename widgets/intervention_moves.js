// What the reader does: choose x, a person, whether the arrows are cut.
import { nearest, panels } from "./intervention_layout.js";

const { clamp } = lab;

export const placeOf = (view) => nearest(view.state.grid, view.get("x"));

export const goTo = (view, at) => {
  const { grid } = view.state, to = clamp(Math.round(at), 0, grid.length - 1);
  if (grid[to] !== view.get("x")) view.send({ x: grid[to] });
};

export const goOn = (by) => (view) => { if (!view.state.status) goTo(view, placeOf(view) + by); };

export const toggleCut = (view) => { if (!view.state.status) view.send({ cut: !view.get("cut") }); };

// A pressed pointer on a chart moves x.
export const dragging = (view, index) => {
  const follow = (event) => {
    const panel = panels(view.width)[index], { low, high } = view.state.x_axis;
    const x = event.clientX - event.currentTarget.ownerSVGElement.getBoundingClientRect().left;
    goTo(view, nearest(view.state.grid, low + ((high - low) * (x - panel.x0)) / (panel.x1 - panel.x0)));
  };
  return {
    onpointerdown: (event) => {
      if (event.button !== 0) return;
      view.stop("play");
      event.currentTarget.setPointerCapture(event.pointerId);
      follow(event);
    },
    onpointermove: (event) => { if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event); },
  };
};

export const steer = (view, event) => {
  const last = view.state.grid.length - 1, at = placeOf(view);
  const far = event.shiftKey ? Math.max(1, Math.round(last / 10)) : 1;
  const to = { ArrowRight: at + far, ArrowUp: at + far, ArrowLeft: at - far, ArrowDown: at - far,
    PageUp: at + 10, PageDown: at - 10, Home: 0, End: last }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  goTo(view, to);
};

// x goes from its lowest value to its highest.
export const play = (view) => {
  if (view.playing("play")) { view.stop("play"); return; }
  const last = view.state.grid.length - 1;
  if (placeOf(view) >= last) goTo(view, 0);
  view.play("play", last > 10 ? 60 : 900, () => {
    const at = placeOf(view);
    goTo(view, at + 1);
    return at + 1 < last;
  });
};
