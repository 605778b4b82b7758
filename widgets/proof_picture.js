// The stage of a ProofExplorer, as proof_picture.py draws it, with what answers the pointer and the keys.
import { current, go, open } from "./proof_moves.js";
import { drawSketch, paint } from "./sketch.js";

const { rect, line, circle, path, text, group, small, textWidth, fit, wrap, number, svg } = lab;
const M = MEASURES;
const FOLD = "… n steps: folded";
const LEGEND = [["given", false, "given"], ["derived", false, "derived"],
  ["derived", true, "rests on the supposition"]];
const MARKS = { green: "m-3.5 0l2.5 3l4.5 -6", vermilion: "m-3 -3l6 6m0 -6l-6 6", amber: "m0 -4v5m0 2.5v0.5" };

const zone = (width) => width - M.inspector - 2 * 16 - 2 * M.gap;
const painted = (look) => Object.fromEntries(Object.entries(look).map(([name, value]) => [name, paint(value)]));

export const drawProof = (view) => {
  const { state, width } = view, room = zone(width), step = current(view), x = width - 16 - M.inspector;
  const told = view.ui.hover || step; // what is hovered is taken apart, in the same place
  return svg(width, M.height, [
    state.kind === "list" ? drawList(view, room, step) : drawGraph(view, state.graph, room, step),
    line(x - M.gap, 4, x - M.gap, M.height - 8),
    group(0, 0, { key: "inspector" }, drawSketch(view.get("sheets")[told - 1] ?? [], x, 0)),
    group(0, 0, { key: "verdict" }, drawVerdict(state.verdicts[told], x)),
  ], { tabindex: 0, role: "group", "aria-label": "the proof: arrow keys walk through its steps" });
};

const drawGraph = (view, graph, room, step) => {
  const root = graph.shown[step], now = graph.boxes.findIndex((box) => box.step === root);
  const [first, last] = window_(graph, graph.boxes[now].row), mapped = graph.windows.length ? M.map : 0;
  const scale = Math.min(1, (room - mapped) / graph.width);
  const x = 16 + mapped + Math.max(0, (room - mapped - scale * graph.width) / 2);
  const free = mapped ? 0 : Math.max(0, (M.graph - scale * graph.height) / 3);
  const y = M.top + free - scale * graph.rows[first][0];
  const above = new Set(graph.links.filter((link) => link.to === now).map((link) => link.from));
  const used = view.state.used[step - 1], hovered = ancestors(view.state, view.ui.hover);
  return [
    mapped > 0 && drawMap(view, graph, now, first, last),
    group(0, 0, { key: "graph", transform: `translate(${number(x)} ${number(y)}) scale(${scale.toFixed(3)})` },
      graph.links.map((link) => drawLink(link, link.to === now, graph.boxes[link.to].step > root, first, last,
        hovered.has(graph.boxes[link.to].step))),
      graph.boxes.map((box, place) => {
        if (box.row < first || box.row > last) return null;
        const role = place === now ? "chosen" : above.has(place) ? "parent" : "";
        const literals = role === "parent" ? used.flatMap(([parent, marked]) => (parent === box.step ? marked : [])) : [];
        return drawBox(view, graph, box, place, role, box.step > root, literals, hovered.has(box.step));
      })),
    group(0, 0, { key: "legend" }, drawLegend(graph, room)),
  ];
};

const window_ = (graph, row) => (graph.windows.length ? graph.windows[row] : [0, graph.rows.length - 1]);

// The steps that a step rests on, itself among them.
const ancestors = (state, step) => {
  const found = new Set(), waiting = step ? [step] : [];
  while (waiting.length) {
    const one = waiting.pop();
    if (!found.has(one)) { found.add(one); waiting.push(...state.parents[one - 1]); }
  }
  return found;
};

const drawLink = (link, chosen, later, first, last, hovered) => {
  const look = link.supposed ? { stroke: "purple", thickness: 1.75, dash: "5 3" } : { stroke: "grey", thickness: 1.25 };
  if (chosen) Object.assign(look, { stroke: "blue", thickness: 2.5 });
  else if (hovered) Object.assign(look, { stroke: "ink", thickness: 2 });
  return link.pieces.map(([row, d]) => first <= row && row < last
    && path(d, { fill: "none", opacity: later && !hovered ? 0.4 : null, ...look }));
};

const drawBox = (view, graph, box, place, role, later, literals, hovered) => {
  const [x, y, wide, high] = box.box, { size, pitch } = graph, says = view.state.says[box.step - 1];
  const bold = role === "chosen", hidden = box.hides.length ? `; ${box.hides.length} steps folded, Enter opens them` : "";
  const click = () => (box.hides.length && role === "chosen" ? open(view, box.step) : go(view, box.step));
  return group(0, 0, { key: `box ${place}`, class: "px-box",
    role: "button", "aria-label": says + hidden, "aria-current": role === "chosen" ? "step" : null,
    onclick: click,
    onpointerenter: () => view.set({ hover: box.step }), onpointerleave: () => view.set({ hover: 0 }) },
    rect(x, y, wide, high, { ...painted(boxLook(box, role)), ...(hovered && !role ? { stroke: "ink" } : {}) }),
    text(x - 5, y + high / 2 + 0.36 * size, String(box.step), { size, anchor: "end", fill: role ? "blue-text" : "quiet",
      weight: role ? 600 : null }),
    box.kind === "empty"
      && rect(x + 10, y + 10, wide - 20, high - 20, { fill: "none", stroke: "vermilion", thickness: 2 }),
    box.lines.map((pieces, at) => {
      const base = y + 4 + pitch * (at + 1) - 0.27 * pitch, middle = base - 0.33 * size;
      return pieces.map(([string, literal, dx]) => {
        const struck = literals.includes(literal);
        const fill = struck ? "vermilion-text" : later || literal < 0 ? "quiet" : "ink";
        return [
          text(x + 7 + dx, base, string, { size, fill, weight: bold && literal >= 0 ? 600 : null }),
          struck && line(x + 5 + dx, middle, x + 9 + dx + textWidth(string, size), middle,
            { stroke: "vermilion", thickness: 1.5, opacity: 0.65 }),
        ];
      });
    }));
};

const boxLook = (box, role) => {
  const look = { fill: "ground", stroke: "grey", thickness: 1.25, radius: 6 };
  if (box.kind === "given") Object.assign(look, { fill: "grey:0.16", stroke: "none" });
  if (box.supposed) Object.assign(look, { stroke: "purple", thickness: 1.5, dash: "5 3" });
  if (box.supposed && box.kind === "given") look.fill = "purple:0.14";
  if (box.hides.length) Object.assign(look, { stroke: "ink", thickness: 1.25, dash: "1.5 2.5" });
  if (box.kind === "empty") Object.assign(look, { stroke: "vermilion", thickness: 2, dash: null });
  if (role) Object.assign(look, { stroke: "blue", thickness: role === "chosen" ? 2.5 : 2 });
  if (role === "chosen" && box.kind !== "empty") look.fill = "blue:0.1";
  return look;
};

const drawMap = (view, graph, now, first, last) => {
  const scale = Math.min(M.graph / graph.height, 0.5), across = Math.min((M.map - 18) / graph.width, scale);
  const top = graph.rows[first][0], [low, high] = graph.rows[last];
  return group(0, 0, { key: "map", "aria-hidden": "true" },
    graph.boxes.map((box, place) => {
      const [x, y, wide, tall] = box.box;
      return rect(18 + across * x, M.top + scale * y, across * wide, Math.max(2, scale * tall - 1), {
        fill: place === now ? "blue" : box.supposed ? "purple" : "grey", opacity: place === now ? null : 0.55,
        onclick: () => go(view, box.step) });
    }),
    rect(16, M.top + scale * top - 2, across * graph.width + 4, scale * (low + high - top) + 4,
      { fill: "none", stroke: "blue", thickness: 1.5, radius: 3 }));
};

const drawLegend = (graph, room) => {
  const y = M.height - 12;
  let x = 16;
  const entries = LEGEND.map(([kind, supposed, name]) => {
    const left = x;
    x += 22 + textWidth(name, 11) + 16;
    return [rect(left, y - 9, 16, 11, { ...painted(boxLook({ kind, supposed, hides: [] }, "")), radius: 3 }),
      text(left + 22, y, name, small)];
  });
  const key = x + (graph.folded ? textWidth(FOLD, 11) + 16 : 0);
  return [entries, graph.folded && text(x, y, FOLD, small),
    graph.key && text(key, y, fit(graph.key, 16 + room - key, 11), { size: 11 })];
};

const drawList = (view, room, step) => {
  const { state } = view, many = M.lines, parents = state.parents[step - 1];
  const first = Math.max(0, Math.min(step - 1 - Math.floor(many / 2), state.count - many));
  const end = Math.min(first + many, state.count);
  return [
    state.rows.slice(first, first + many).map((row, index) =>
      drawRow(view, row, first + index + 1, parents, step, index, room)),
    text(16, M.height - 12, `steps ${first + 1} to ${end} of ${state.count}${state.note}`, { key: "where", ...small }),
  ];
};

const drawRow = (view, [clause, reason, kind], own, parents, step, index, room) => {
  const y = M.top + M.pitch * index, chosen = own === step, near = chosen || parents.includes(own);
  const half = (reason ? 0.66 : 1) * (room - 44), weight = chosen ? 600 : null;
  const ground = near ? paint(chosen ? "blue:0.14" : "blue:0.06") : "transparent";
  return group(0, 0, { key: `row ${own}`, class: "px-box", onclick: () => go(view, own),
    role: "button", "aria-label": view.state.says[own - 1], "aria-current": chosen ? "step" : null },
    rect(16, y, room, M.pitch - 1, { fill: ground, radius: 4 }),
    text(42, y + 14, String(own), { anchor: "end", fill: near ? "blue-text" : "quiet", weight }),
    rect(48, y + 4, 3, M.pitch - 9, { fill: { supposed: "purple", given: "grey", derived: "ink" }[kind] }),
    text(58, y + 14, fit(clause, half - 12, 13, { bold: true }), { fill: own > step ? "quiet" : "ink", weight }),
    text(58 + half, y + 14, fit(reason, room - 44 - half, 11), small));
};

const drawVerdict = (found, x) => {
  const y = M.height - 84;
  if (!found) return text(x, y + 68, "Is this right? Press the button, or C.", small);
  const { tone } = found;
  return [
    rect(x, y, M.inspector, 76, { fill: paint(`${tone}:0.12`), radius: 6 }),
    circle(x + 18, y + 17, 8, { fill: `${tone}-fill` }),
    path(`M${number(x + 18)} ${number(y + 17)}${MARKS[tone]}`, { fill: "none", stroke: "on-fill", thickness: 1.8 }),
    text(x + 34, y + 21.5, found.title, { weight: 600, fill: `${tone}-text` }),
    found.lines.slice(0, 3).map((each, index) => text(x + 34, y + 37 + 14 * index, each, small)),
  ];
};

export const drawWords = ({ state, width }) => {
  const wide = width - 32, lines = state.lines.flatMap((each) => wrap(each, wide - 64)), high = 32 + 20 * lines.length;
  return svg(width, high + 24, [
    rect(16, 8, wide, high, { fill: paint(`${state.tone}:0.1`), radius: 6 }),
    rect(16, 8, 4, high, { fill: state.tone }),
    lines.map((each, index) => text(40, 38 + 20 * index, each)),
  ]);
};
