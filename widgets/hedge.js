// HedgeExplorer in the browser: all worlds are here already, so that sliding needs no Python; another graph, direction
// or sample does.
import { drawHedge } from "./hedge_picture.js";
import { chosen, mirror, slide } from "./hedge_moves.js";

const { svg, button, segmented, menu, reset } = lab;
const DIRECTIONS = ["both", "do(1) only", "do(0) only"];

const telling = (view) => {
  const { state } = view;
  if (state.kind === "point") return state.sentence;
  const [a, b] = chosen(view), one = ["strong", state.told[a]], other = ["strong", state.told[b]];
  return (a === b ? [state.same[0], one, state.same[1]] : [state.differ[0], one, state.differ[1], other, state.differ[2]])
    .map((part) => (typeof part === "string" ? ["", part] : part));
};

export default lab.view({
  sentence: telling,

  stage: (view) => svg(view.width, MEASURES.height, drawHedge(view)),

  controls: (view) => {
    const { state } = view, moves = !state.status && state.kind !== "point", playing = view.playing("slide");
    const graph = view.get("graph"), query = view.get("query");
    return [
      menu({ label: "Graph", value: `${graph} ${query}`,
        change: (both) => {
          const [, to, asked] = view.get("menu").find(([, one, two]) => `${one} ${two}` === both);
          view.stop("slide");
          view.send({ graph: to, query: asked, world_a: -1, world_b: -1 });
        },
        choices: view.get("menu").map(([label, one, two]) => ({ value: `${one} ${two}`, label })) }),
      state.kind === "types" && segmented({ label: "Free", value: view.get("direction"),
        change: (direction) => view.send({ direction }),
        choices: DIRECTIONS.map((value) => ({ value, label: value })) }),
      moves && button({ key: "slide", label: playing ? "❚❚ Pause" : "▶ Slide", kind: "primary lab-play", hint: "Space",
        click: () => slide(view) }),
      moves && button({ key: "mirror", label: "Swap", spoken: "swap A and B", hint: "swap A and B (M)",
        click: () => mirror(view) }),
      moves && button({ key: "draw", label: "Draw 1,000", hint: "a sample of 1,000 from each world (D)",
        click: () => view.send({ draws: 1000, sample: view.get("sample") + 1 }) }),
      reset(view),
    ].filter(Boolean);
  },

  keys: {
    m: mirror,
    " ": (view) => { if (!view.state.status && view.state.kind !== "point") slide(view); },
    d: (view) => view.send({ draws: 1000, sample: view.get("sample") + 1 }),
  },
});
