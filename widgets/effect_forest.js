// EffectForest in the browser: choosing and sorting need no Python.
import { chosenRow, drawForest, heightOf, orderOf } from "./effect_forest_picture.js";

const { svg, button, menu, segmented, reset, clamp } = lab;

const step = (by) => (view) => {
  const order = orderOf(view), at = order.indexOf(chosenRow(view));
  view.send({ row: order[clamp(at + by, 0, order.length - 1)] });
};

export default lab.view({
  sentence: (view) =>
    view.state.rows[chosenRow(view)].sentence.map((part) => (typeof part === "string" ? ["", part] : part)),

  stage: (view) => svg(view.width, heightOf(view), drawForest(view)),

  controls: (view) => [
    menu({ label: "Method", value: chosenRow(view), change: (row) => view.send({ row }),
      choices: view.state.rows.map((row, value) => ({ value, label: row.label })) }),
    button({ key: "back", label: "‹", spoken: "the method above", click: () => step(-1)(view) }),
    button({ key: "on", label: "›", spoken: "the method below", click: () => step(1)(view) }),
    segmented({ label: "Order", value: view.get("order"), change: (order) => view.send({ order }),
      choices: ["as given", "by value"].map((value) => ({ value, label: value })) }),
    reset(view),
  ],

  keys: { ArrowDown: step(1), ArrowUp: step(-1), ".": step(1), ",": step(-1),
    o: (view) => view.send({ order: view.get("order") === "as given" ? "by value" : "as given" }) },
});
