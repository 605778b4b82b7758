// RolloutPlayer: scene, strips and panels put together, and the controls.
import { goTo, placeOf, sentenceOf, train, walk } from "./rollout_reading.js";
import { drawScene } from "./rollout_scene.js";
import { layout } from "./rollout_bars.js";
import { drawHover, drawNow, drawStrips } from "./rollout_strips.js";
import { drawEpisode, drawStep, drawTraining } from "./rollout_panels.js";
import { drawSheet, drawTrainingSheet } from "./rollout_sheets.js";

const { svg, group, button, segmented, stepper, player, playPause, reset } = lab;

const STRIPS = [
  { value: "td_error", label: "TD error", hint: "r + γ V(s′) − V(s): the surprise of one step" },
  { value: "advantage", label: "advantage", hint: "surprises to come, faded by γλ" },
];

export default lab.view({
  start: { hovered: null },

  sentence: sentenceOf,

  stage: (view) => {
    const { state, width } = view, at = layout(width), { snapshot, data, step } = placeOf(view);
    const { hovered } = view.ui, surprise = view.get("surprise"), trained = state.training.steps.length > 1;
    return svg(width, MEASURES.height, [
      group(0, 0, { key: "scene" }, drawScene(state, at, data, step)),
      view.memo("strips", [data, width, surprise], () =>
        group(0, 0, { key: "strips" }, drawStrips(state, at, data, surprise))),
      group(0, 0, { key: "hover" }, hovered !== null && hovered < data.steps && drawHover(state, at, data, hovered)),
      group(0, 0, { key: "now" }, drawNow(state, at, data, step)),
      group(0, 0, { key: "step" }, drawStep(state, at, data, step)),
      view.memo("training", [data, snapshot, width], () => group(0, 0, { key: "training" },
        trained ? drawTraining(at, state.training, snapshot, data) : drawEpisode(at, data))),
      drawSheet(view, at),
      trained && drawTrainingSheet(view, at),
    ].filter(Boolean));
  },

  controls: (view) => {
    if (view.state.status) return [];
    const { state } = view, { snapshot, episode, data, step } = placeOf(view), count = state.episodes[snapshot].length;
    return [
      player(view, { label: "Step", value: step, max: data.steps - 1, milliseconds: state.scene.pace,
        change: (to) => goTo(view, to) }),
      data.known.td_error && data.known.advantage && segmented({ key: "strip", label: "", choices: STRIPS,
        value: view.get("surprise"), change: (surprise) => view.send({ surprise }) }),
      data.surprise !== null && button({ key: "largest", label: "Largest surprise", hint: "S",
        click: () => goTo(view, data.surprise) }),
      button({ key: "end", label: "End", hint: "End", click: () => goTo(view, data.steps - 1) }),
      state.episodes.some((each) => each.length > 1) && stepper({ label: "Episode", value: episode + 1, min: 1,
        max: count, change: (to) => view.send({ episode: to - 1 }) }),
      reset(view),
    ].filter(Boolean);
  },

  keys: {
    " ": playPause,
    ArrowLeft: (view) => walk(view, -1),
    ArrowRight: (view) => walk(view, 1),
    ArrowUp: (view) => train(view, 1),
    ArrowDown: (view) => train(view, -1),
    PageUp: (view) => walk(view, -10),
    PageDown: (view) => walk(view, 10),
    Home: (view) => goTo(view, 0),
    End: (view) => goTo(view, Infinity),
    a: (view) => view.send({ surprise: view.get("surprise") === "advantage" ? "td_error" : "advantage" }),
    s: (view) => {
      const { data } = placeOf(view);
      if (data.surprise !== null) goTo(view, data.surprise);
    },
  },
});
