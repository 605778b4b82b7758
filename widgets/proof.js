// ProofExplorer in the browser: the proof is here already, so that stepping needs no Python; checks, folds and another
// view do.
import { check, climb, close, current, jump, round, unfold, walk } from "./proof_moves.js";
import { askForRoom } from "./room.js";
import { drawProof, drawWords } from "./proof_picture.js";
import { drawSearch } from "./proof_search_picture.js";

const { button, segmented, slider, player, playPause, checkbox, menu, reset, range } = lab;

const telling = (view) => {
  const { state } = view;
  if (state.kind === "search") {
    const { runs } = state, chosen = view.get("round");
    if (chosen < 0 || !runs[0].tellings.length) return state.sentence;
    const run = runs.find((each) => chosen < each.tellings.length) ?? runs[0]; // one that has come so far
    const told = [["", run.tellings[Math.min(chosen, run.tellings.length - 1)]]];
    return runs.length > 1 ? [["strong", `${run.name}: `], ...told] : told;
  }
  if (state.kind === "words") return state.sentence;
  const step = current(view), found = state.verdicts[step];
  return found ? [...state.tellings[step - 1], ["", " "], ["strong", `${found.title}.`]] : state.tellings[step - 1];
};

const stage = (view) => {
  const { kind } = view.state;
  askForRoom(view);
  return kind === "words" ? drawWords(view) : kind === "search" ? drawSearch(view) : drawProof(view);
};

const views = (view) => segmented({ label: "View",
  value: view.state.large && view.get("view") === "graph" ? "list" : view.get("view"),
  change: (to) => { view.stop("player"); view.send({ view: to }); },
  choices: (view.state.large ? ["list", "search"] : ["graph", "list", "search"]).map((value) => ({ value, label: value })) });

const copy = (view) => {
  navigator.clipboard?.writeText(view.state.latex).then(() => view.set({ copied: true }), () => {});
};

const proofControls = (view) => {
  const { state } = view, step = current(view), all = range(state.count).map((index) => index + 1);
  return [
    player(view, { label: "Step", value: step, min: 1, max: state.count, milliseconds: 900,
      change: (to) => view.send({ step: to }) }),
    state.large && slider({ label: "Step", key: "slide", value: step, min: 1, max: state.count, length: 60,
      change: (to) => view.send({ step: to }) }),
    button({ key: "check", label: "✓ Is this right?", hint: "check this step (C)", click: () => check(view, [step]) }),
    button({ key: "all", label: state.large ? "Check all" : `Check all ${state.count}`, click: () => check(view, all) }),
    checkbox({ label: "LaTeX", value: view.get("latex"), change: (latex) => view.send({ latex }) }),
    state.latex && button({ key: "copy", label: view.ui.copied ? "Copied" : "Copy",
      hint: "copy the whole proof as LaTeX", click: () => copy(view) }),
  ];
};

const searchControls = (view) => {
  const { state } = view, names = view.get("names"), last = Math.max(0, state.last - 1);
  const choice = (label, trait, extra) => menu({ label, value: view.get(trait),
    choices: [...extra, ...names].map((value) => ({ value, label: value || "nothing" })),
    change: (name) => view.send({ [trait]: name }) });
  return [
    player(view, { label: "Round", value: round(view), min: 0, max: last, milliseconds: 500,
      change: (to) => view.send({ round: to }) }),
    slider({ label: "Round", key: "slide", value: round(view), min: 0, max: last, shown: `${round(view) + 1}`, length: 120,
      change: (to) => view.send({ round: to }) }),
    names.length > 1 && choice("Strategy", "run", []),
    names.length > 1 && choice("beside", "against", [""]),
  ];
};

export default lab.view({
  sentence: telling,
  stage,
  start: { hover: 0, copied: false },

  controls: (view) => {
    const { state } = view, proved = state.kind === "graph" || state.kind === "list";
    return [
      ...(proved ? proofControls(view) : state.kind === "search" ? searchControls(view) : []),
      (proved || state.kind === "search" || state.searched) && views(view),
      reset(view),
    ].filter(Boolean);
  },

  keys: {
    ArrowRight: (view) => walk(view, 1),
    ArrowLeft: (view) => walk(view, -1),
    PageDown: (view) => walk(view, 10),
    PageUp: (view) => walk(view, -10),
    ArrowUp: (view) => climb(view, true),
    ArrowDown: (view) => climb(view, false),
    Home: (view) => jump(view, false),
    End: (view) => jump(view, true),
    c: (view) => check(view, [current(view)]),
    Enter: unfold,
    " ": playPause,
    Escape: close,
  },
});
