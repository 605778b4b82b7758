// What the reader does: look at a cell, paint it, take that back, move through the sweeps.
import { frameOf, stretchOf } from "./value_map_layout.js";

export const look = (view, cell) => { if (view.get("cell") !== cell) view.send({ cell }); };

// The edits after one more, as `with_edit` in value_map_state.py: what was done later than this frame is gone.
export const paint = (view, cell, brush = view.get("brush")) => {
  look(view, cell);
  if (!view.get("editable") || !view.state.brushes.includes(brush)) return;
  const now = frameOf(view), edits = view.get("edits");
  const kept = edits.filter(([frame, state]) => frame < now || (frame === now && state !== cell));
  const kind = stretchOf(view.state, now).kinds[cell], same = kind === brush || (kind === "cliff" && brush === "pit");
  if (same && kept.length === edits.length) return;
  const last = edits.findLast(([frame, state]) => frame === now && state === cell);
  if (last?.[2] === brush) return;
  view.send({ edits: [...kept, [now, cell, brush]], sweep: now });
};

// A pressed pointer that leaves the cell where it was pressed, or comes into another one, paints.
export const brushOver = (view, event, cell) => {
  if (event.buttons === 1 && event.pointerType !== "touch" && view.ui.pressed) paint(view, cell);
};

export const undo = (view) => {
  if (view.get("edits").length) view.send({ edits: view.get("edits").slice(0, -1) });
};

export const goTo = (view, frame) => {
  const sweep = lab.clamp(Math.round(frame), 0, view.state.frames - 1);
  if (sweep !== frameOf(view) || sweep !== view.get("sweep")) view.send({ sweep });
};

export const goOn = (by) => (view) => { if (!view.state.status) goTo(view, frameOf(view) + by); };

export const choose = (brush) => (view) => {
  if (view.get("editable") && view.state.brushes?.includes(brush)) view.send({ brush });
};
