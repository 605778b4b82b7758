// What the reader does: move a world along the strip, by its knob, by the strip, by a split of the mechanism, by keys.
import { place, stripX } from "./hedge_layout.js";

const { clamp, range } = lab;

export const chosen = (view) => {
  const last = view.state.frames - 1, first = [Math.round(0.8 * last), Math.round(0.2 * last)];
  return ["world_a", "world_b"].map((name, index) => {
    const frame = view.get(name);
    return frame < 0 ? first[index] : Math.min(frame, last);
  });
};

export const move = (view, world, frame) => {
  const now = chosen(view), to = clamp(Math.round(frame), 0, view.state.frames - 1);
  if (to !== now[world] || view.get("world_a") < 0) {
    now[world] = to;
    view.send({ world_a: now[0], world_b: now[1] });
  }
};

export const mirror = (view) => {
  if (view.state.status || view.state.kind === "point") return;
  const [a, b] = chosen(view);
  view.send({ world_a: b, world_b: a });
};

// The world whose value is nearest to a place on the strip.
export const frameAt = (view, x) => {
  const at = place(view.width), { strip, values } = view.state;
  const away = values.map((value) => Math.abs(stripX(at, strip, value) - x));
  return away.indexOf(Math.min(...away));
};

export const local = (event) => event.clientX - event.currentTarget.ownerSVGElement.getBoundingClientRect().left;

// Listeners that follow a pressed pointer: `follow(event)` is called at once and at every move.
export const dragging = (view, follow) => ({
  onpointerdown: (event) => {
    if (event.button !== 0) return;
    view.stop("slide");
    event.currentTarget.setPointerCapture(event.pointerId);
    follow(event);
  },
  onpointermove: (event) => { if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event); },
});

export const steer = (view, world, event) => {
  const far = event.shiftKey ? 10 : 1, last = view.state.frames - 1, frame = chosen(view)[world];
  const to = { ArrowRight: frame + far, ArrowUp: frame + far, ArrowLeft: frame - far, ArrowDown: frame - far,
    PageUp: frame + 10, PageDown: frame - 10, Home: 0, End: last }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  move(view, world, to);
};

// World A walks to the strip's end and back to where it began.
export const slide = (view) => {
  if (view.playing("slide")) { view.stop("slide"); return; }
  const last = view.state.frames - 1, [start] = chosen(view);
  const way = [...range(last - start + 1).map((step) => start + step), ...range(last + 1).map((step) => last - step),
    ...range(start + 1)];
  let step = 0;
  view.play("slide", 40, () => {
    move(view, 0, way[step]);
    step += 1;
    return step < way.length;
  });
};
