// InterventionLab in the browser: all values of x are here already; another model, person or sample asks Python.
import { drawLab } from "./intervention_picture.js";
import { goOn, goTo, placeOf, play, toggleCut } from "./intervention_moves.js";

const { svg, button, checkbox, segmented, slider, reset, fixed } = lab;

const telling = (view) => {
  const { state } = view, { telling: told } = state, at = placeOf(view), strong = (said) => ["strong", said];
  const here = strong(state.shown[at]), seen = told.seen[at];
  const first = seen ? [told.first, here, told.have, strong(seen), told.unit] : [told.none, here];
  const last = told.imagined.length ? [told.person, strong(told.imagined[at]), "."] : ["."];
  return [...first, told.done, strong(told.done_values[at]), ...last]
    .map((part) => (typeof part === "string" ? ["", part] : part));
};

// A box for each variable that the picture does not show: it may be hidden from abduction.
const knownBoxes = (view) => {
  const { state } = view, known = view.get("known");
  return state.equations.map(([name]) => name).filter((name) => name !== state.treatment && name !== state.outcome)
    .slice(0, 2).map((name) => checkbox({ label: `${name} known`, value: known.includes(name), tone: "purple",
      change: (on) => view.send({ known: on ? [...known, name] : known.filter((each) => each !== name) }) }));
};

// The next of the drawn records; after the last comes the person that the view began with.
const nextPerson = (view) => {
  if (view.state.status) return;
  const next = view.get("person") + 1;
  view.send({ person: next < view.state.cloud.length ? next : -1 });
};

export default lab.view({
  sentence: telling,

  stage: (view) => svg(view.width, MEASURES.height, drawLab(view)),

  controls: (view) => {
    const { state } = view, ok = !state.status, last = ok ? state.grid.length - 1 : 0, at = ok ? placeOf(view) : 0;
    const playing = view.playing("play"), stages = view.get("panels") === "three stages";
    return [
      ok && slider({ label: `${state.treatment}`, value: at, min: 0, max: last, length: 50, shown: state.shown[at],
        change: (to) => goTo(view, to) }),
      ok && button({ key: "play", label: playing ? "❚❚ Pause" : "▶ Play", kind: "primary lab-play", hint: "Space",
        click: () => play(view) }),
      segmented({ label: "Show", value: view.get("panels"), change: (panels) => view.send({ panels }),
        choices: [{ value: "three questions", label: "questions", hint: "seeing, doing, imagining" },
          { value: "three stages", label: "stages", hint: "abduction, action, prediction" }] }),
      ok && !stages && checkbox({ label: "cut", value: view.get("cut"), change: () => toggleCut(view) }),
      ok && knownBoxes(view),
      ok && button({ key: "person", label: "Next person", hint: "P; or click a dot", click: () => nextPerson(view) }),
      Object.entries(view.get("sliders")).map(([name, [low, high]]) => {
        const value = view.get("values")[name];
        return slider({ label: name, value, min: low, max: high, step: (high - low) / 20, length: 34,
          shown: fixed(value, 2),
          change: (to) => view.send({ values: { ...view.get("values"), [name]: Number(to.toFixed(6)) } }) });
      }),
      reset(view),
    ].flat().filter(Boolean);
  },

  keys: {
    " ": (view) => { if (!view.state.status) play(view); },
    c: toggleCut, p: nextPerson,
    ".": goOn(1), ",": goOn(-1),
    s: (view) => view.send({ panels: view.get("panels") === "three stages" ? "three questions" : "three stages" }),
  },
});
