// ContextPager in the browser: map and curves are Python's; here are the reference and the page that are looked at.
import { drawStage } from "./sketch_stage.js";
import { drawArchive, drawLine, drawRow, drawStack, goTo, placeOf, reading, rowOf, select, timeOf, under } from "./context_pager_moment.js";

const { button, clamp, group, line, plain, player, playPause, rect, reset, segmented, stepper, text } = lab;

const walk = (by) => (view) => {
  if (view.state.status) return;
  view.stop("player");
  goTo(view, timeOf(view) + by);
};

// The next reference whose page is missing, or the one before.
const toFault = (way) => (view) => {
  if (view.state.status) return;
  const { moments } = view.state;
  let time = timeOf(view) + way;
  while (moments[time] && moments[time].kind !== "fault") time += way;
  if (moments[time]) { view.stop("player"); goTo(view, time); }
};

const pinned = (view, row) => view.get("pinned").includes(view.state.labels[row]);
const pinnable = (view) => {
  const row = rowOf(view);
  return row >= 0 ? row : view.state.moments[timeOf(view)].row;
};
const mayPin = (view, row) => pinned(view, row) || view.get("pinned").length + 1 < view.state.frames;

const pin = (view) => {
  const { state } = view;
  if (state.status || state.unequal || state.fixed) return;
  const row = pinnable(view), label = state.labels[row], now = view.get("pinned");
  if (mayPin(view, row)) view.send({ pinned: pinned(view, row) ? now.filter((one) => one !== label) : [...now, label] });
};

const resize = (by) => (view) => {
  const { state } = view, at = state.sizes?.indexOf(state.frames) ?? -1;
  if (!state.status && at >= 0) view.send({ frames: state.sizes[clamp(at + by, 0, state.sizes.length - 1)] });
};

// An invisible sheet over map and curves: dragged by the mouse, a slider along the references for the keyboard.
const drawSheet = (view, at) => {
  const { state } = view, tall = at.axis + 6 - at.top;
  return rect(at.left, at.top, at.right - at.left, tall, {
    key: "sheet", class: "cp-sheet", fill: "ground", "fill-opacity": 0, tabindex: 0, role: "slider", radius: 4,
    "aria-label": "Reference", "aria-valuemin": "0", "aria-valuemax": String(at.count - 1),
    "aria-valuenow": String(timeOf(view)), "aria-valuetext": view.playing("player") ? "playing" : plain(view.state.told[timeOf(view)]),
    onkeydown: (event) => {
      const steps = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!steps) return;
      event.preventDefault();
      walk(steps * (event.shiftKey ? 10 : 1))(view);
    },
    onpointerdown: (event) => {
      if (event.button !== 0) return;
      view.stop("player");
      event.currentTarget.setPointerCapture(event.pointerId);
      goTo(view, under(state, at, event).time);
    },
    onpointermove: (event) => {
      const here = under(state, at, event);
      if (event.currentTarget.hasPointerCapture(event.pointerId)) goTo(view, here.time);
      else view.set({ hovered: here });
    },
    ondblclick: (event) => select(view, under(state, at, event).row),
    onpointerleave: () => view.set({ hovered: null }),
  });
};

export default lab.view({
  start: { hovered: null },

  sentence: (view) => view.state.told?.[timeOf(view)],

  stage: (view) => {
    const { state, ui: { hovered } } = view, at = placeOf(state), time = timeOf(view), row = rowOf(view);
    const drawn = drawStage(view), over = hovered && hovered.row >= 0 ? hovered : null;
    const read = over ? reading(state, Math.min(over.time, at.count - 1), over.row)
      : state.about[row >= 0 ? row : state.moments[time].row];
    const moving = group(0, 0, { key: "moving" },
      group(0, 0, { key: "stack" }, drawStack(view, at, time)),
      group(0, 0, { key: "chips" }, drawArchive(view, at, time)),
      group(0, 0, { key: "marks" },
        over && over.row < state.rows.length && over.row !== row && drawRow(state, at, over.row, false),
        row >= 0 && drawRow(state, at, row, true),
        over && line(at.x(over.time), at.top - 5, at.x(over.time), at.axis - 14, { stroke: "quiet", dash: "2 2" }),
        drawLine(state, at, time)),
      text(16, at.line, read, { key: "read" }),
      drawSheet(view, at));
    const [marks, places] = drawn.children;
    return { ...drawn, children: [marks, moving, places] };
  },

  controls: (view) => {
    const { state } = view;
    if (state.status) return [reset(view)];
    const time = timeOf(view), row = pinnable(view), free = !state.unequal && !state.fixed;
    const size = (state.sizes ?? []).indexOf(state.frames);
    return [
      player(view, { label: "Reference", value: time, max: state.moments.length - 1, milliseconds: 500,
        change: (to) => goTo(view, to) }),
      button({ key: "fault", label: "Next fault", hint: "next fault (N); the one before: B",
        disabled: !state.moments.some(({ kind }, at) => at > time && kind === "fault"), click: () => toFault(1)(view) }),
      state.policies.length > 1 && segmented({ label: "policy", value: view.get("policy"),
        choices: state.policies.map((name) => ({ value: name, label: name })), change: (policy) => view.send({ policy }) }),
      size >= 0 && stepper({ label: "window", value: size, min: 0, max: state.sizes.length - 1,
        shown: String(state.frames), change: (to) => view.send({ frames: state.sizes[to] }) }),
      free && button({ key: "pin", label: pinned(view, row) ? `unpin ${state.numbers[row]}` : `pin ${state.numbers[row]}`,
        spoken: `${pinned(view, row) ? "unpin" : "pin"} page ${state.numbers[row]}`,
        hint: "keep this page in the window (P)", disabled: !mayPin(view, row), click: () => pin(view) }),
      reset(view),
    ].filter(Boolean);
  },

  keys: {
    " ": playPause, ArrowLeft: walk(-1), ArrowRight: walk(1), PageUp: walk(-10), PageDown: walk(10),
    Home: walk(-Infinity), End: walk(Infinity), n: toFault(1), b: toFault(-1), p: pin, "+": resize(1), "-": resize(-1),
    Escape: (view) => { if (view.get("selected")) view.send({ selected: "" }); },
  },
});
