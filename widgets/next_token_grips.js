// What can be dragged over the bars: the ring, the line of top-p and the line of top-k.
import { reshapeBy } from "./next_token_actions.js";

const { circle, line, group, thousands, clamp } = lab;
const M = MEASURES;

// What can be dragged, over all the rest. These are always three elements, so that none is moved in the page while it
// is held: it would lose the pointer.
export const drawGrips = (view, bars) => {
  const { at, cut, bottom, ring, topP, shape: { kept } } = bars, wide = { stroke: "transparent", thickness: 10 };
  const grip = (way) => ({ ...wide, class: `nt-grip nt-${way}`, ...dragging(view, bars, way) });
  const value = { "aria-valuenow": topP ?? 1, "aria-valuemin": 0.01, "aria-valuemax": 1,
    "aria-valuetext": `top-p ${topP ?? "off"}, ${thousands(kept)} kept` };
  return group(0, 0, { class: view.ui.layer === null ? null : "nt-faint" },
    line(ring, M.top - 20, ring, bottom, { ...grip("sideways"), display: topP === null ? "none" : null }),
    line(16, cut, at.right, cut, grip("updown")),
    circle(ring, cut, 5, {
      class: "nt-grip nt-ring", fill: "ground", stroke: "vermilion", thickness: 2, tabindex: 0, role: "slider",
      "aria-label": "Cut", "aria-description": "left and right: top-p; up and down: top-k", ...value,
      onkeydown: (event) => steerRing(view, bars, event), ...dragging(view, bars, "any way"),
    }));
};

// Listeners for something that is dragged: sideways sets top-p, up and down sets top-k; the ring takes whichever way
// the first pixels go.
const dragging = (view, bars, way) => {
  const { drag } = view.ui;
  const place = (event) => {
    const box = event.currentTarget.ownerSVGElement.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const stop = () => view.ui.drag && view.set({ drag: null });
  return {
    onpointerdown: (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      event.currentTarget.setPointerCapture(event.pointerId);
      view.set({ drag: { way, from: place(event) } });
    },
    onpointermove: (event) => {
      if (!drag || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
      const here = place(event), across = Math.abs(here.x - drag.from.x), along = Math.abs(here.y - drag.from.y);
      if (drag.way === "any way" && Math.max(across, along) < 4) return;
      if (drag.way === "any way") drag.way = across > along ? "sideways" : "updown";
      if (drag.way === "updown") reshapeBy(view, { top_k: keptAt(bars, here.y) });
      else reshapeBy(view, { top_p: topPOf((here.x - bars.at.third) / M.sum) });
    },
    onpointerup: stop,
    onlostpointercapture: stop,
  };
};

// The inverse of heightOf: how many tokens a line at this height leaves; null for all.
const keptAt = ({ count, total }, y) => {
  const rows = (y - M.top) / M.row;
  if (rows <= count) return clamp(Math.round(rows), 1, count);
  const kept = Math.round(count * (total / count) ** (rows - count));
  return kept >= total * 0.9 ? null : kept;
};

// Two decimals; null, which keeps all, for 1.
export const topPOf = (share) => {
  const rounded = Math.round(share * 100) / 100;
  return rounded >= 1 ? null : Math.max(0.01, rounded);
};

const steerRing = (view, bars, event) => {
  const across = { ArrowLeft: -0.01, ArrowRight: 0.01, PageDown: -0.1, PageUp: 0.1 }[event.key];
  const along = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!across && !along) return;
  event.preventDefault();
  if (across) return reshapeBy(view, { top_p: topPOf((view.get("top_p") ?? 1) + across) });
  const kept = Math.max(1, (view.get("top_k") ?? bars.shape.kept) + along);
  return reshapeBy(view, { top_k: kept >= bars.total ? null : kept });
};
