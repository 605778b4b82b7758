// ScheduleView in the browser: the charts are Python's; here are the step, the process and the policy that are chosen.
import { drawStage } from "./sketch_stage.js";
import { drawLine, drawNames, drawRow, goTo, placeOf, reading, rowOf, tickOf } from "./schedule_moment.js";

const { rect, line, text, group, clamp, plain, player, playPause, reset, segmented, stepper } = lab;

// The row under the pointer, in the chart itself or in the rows of the slots.
const rowAt = (state, at, tick, y) => {
  if (y < at.top + at.row * at.rows) return Math.floor((y - at.top) / at.row);
  const slot = Math.floor((y - at.slotTop) / at.slot);
  const bar = state.bars.find(([, , start, end, where]) => where === slot && start <= tick && tick < end);
  return bar ? bar[0] : -1;
};

// An invisible sheet over the chart: dragged by the mouse, a slider along the steps for the keyboard.
const drawSheet = (view, at) => {
  const { state } = view, tall = at.axis + 20 - at.top;
  const share = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { tick: ((event.clientX - box.left) / box.width) * at.last,
      y: at.top + ((event.clientY - box.top) / box.height) * tall };
  };
  const follow = (event) => goTo(view, Math.round(share(event).tick));
  const hover = (event) => {
    const { tick, y } = share(event), step = clamp(Math.floor(tick), 0, at.last);
    view.set({ hovered: { tick: step, row: rowAt(state, at, step, y) } });
  };
  return rect(at.left, at.top, at.right - at.left, tall, {
    key: "sheet", class: "sv-sheet", fill: "ground", "fill-opacity": 0, tabindex: 0, role: "slider", radius: 4,
    "aria-label": "Step", "aria-valuemin": "0", "aria-valuemax": String(at.last), "aria-valuenow": String(tickOf(view)),
    "aria-valuetext": view.playing("player") ? "playing"
      : plain(reading(state, tickOf(view), rowOf(view, at), Infinity)),
    onkeydown: (event) => {
      const steps = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!steps) return;
      event.preventDefault();
      walk(view, steps * (event.shiftKey ? 10 : 1));
    },
    onpointerdown: (event) => {
      if (event.button !== 0) return;
      view.stop("player");
      event.currentTarget.setPointerCapture(event.pointerId);
      follow(event);
    },
    onpointermove: (event) => {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event);
      else hover(event);
    },
    onpointerleave: () => view.set({ hovered: null }),
  });
};

const walk = (view, steps) => {
  if (view.state.status) return;
  view.stop("player");
  goTo(view, tickOf(view) + steps);
};

const policy = (steps) => (view) => {
  if (view.state.status || view.state.made) return;
  const rows = view.state.targets.filter((each) => each.place[0] === "policies");
  const to = clamp(rows.findIndex((each) => each.current) + steps, 0, rows.length - 1);
  view.send(rows[to].send);
};

export default lab.view({
  start: { hovered: null },

  stage: (view) => {
    const { state, width, ui: { hovered } } = view, at = placeOf(state), chosen = rowOf(view, at), wide = state.drawn_for;
    const drawn = drawStage(view), tick = tickOf(view);
    const read = hovered ? reading(state, hovered.tick, hovered.row, wide - 34)
      : reading(state, tick, chosen, wide - 34);
    const over = group(0, 0, { key: "over" },
      hovered && hovered.row >= 0 && hovered.row < at.rows && hovered.row !== chosen &&
        drawRow(state, at, hovered.row, wide, false),
      chosen >= 0 && drawRow(state, at, chosen, wide, true),
      hovered && line(at.x(hovered.tick), at.top - 5, at.x(hovered.tick), at.axis, { stroke: "quiet", dash: "2 2" }),
      drawLine(state, at, tick),
      text(16, at.line, read, { key: "read" }),
      drawSheet(view, at),
      drawNames(view, at, chosen));
    return { ...drawn, children: [...drawn.children, over] };
  },

  controls: (view) => {
    const { state } = view;
    if (state.status) return [reset(view)];
    return [
      player(view, { label: "Step", value: tickOf(view), max: state.last, milliseconds: 120,
        change: (to) => goTo(view, to) }),
      !state.made && stepper({ label: "quantum", value: view.get("quantum"), min: 1, max: 64,
        change: (quantum) => view.send({ quantum }) }),
      !state.made && stepper({ label: "slots", value: view.get("slots"), min: 1, max: 16,
        change: (slots) => view.send({ slots }) }),
      state.loads.length > 1 && segmented({ label: "load", value: view.get("load"),
        choices: state.loads.map((load) => ({ value: load, label: load })), change: (load) => view.send({ load }) }),
      reset(view),
    ].filter(Boolean);
  },

  keys: {
    " ": playPause,
    ArrowLeft: (view) => walk(view, -1),
    ArrowRight: (view) => walk(view, 1),
    ArrowUp: policy(-1),
    ArrowDown: policy(1),
    PageUp: (view) => walk(view, -10),
    PageDown: (view) => walk(view, 10),
    Home: (view) => walk(view, -Infinity),
    End: (view) => walk(view, Infinity),
    Escape: (view) => { if (view.get("selected")) view.send({ selected: "" }); },
  },
});
