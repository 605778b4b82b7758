// TrainingMonitor: the live stage of training_picture.py, in the same order and with the same names.
const { svg, rect, circle, line, path, text, group, small, textWidth, fit, wrap, fixed, thousands, unpack } = lab;
const { button, slider, menu, reset, cell } = lab;
const M = MEASURES;
const THICKNESS = { faint: 1, line: 2, dots: 1.5, dotted: 1.5, dashed: 1.5, median: 1.25 };
const DASH = { dotted: "1.5 3", dashed: "6 3", median: "4 3" };
const LOWEST = -5, HIGHEST = 0; // powers of ten between which the learning rate is chosen

const place = (width, state) => {
  const side = Math.min(M.side, 0.34 * width);
  const panels = state.panels.reduce((sum, panel) => sum + M[panel.name] + M[state.spacing], 0);
  const height = M.heading + panels - M[state.spacing] + M.axis;
  return { left: 16 + M.left, right: width - side - 16 - M.gap, table: width - 16 - side, side, height };
};

const chosenRun = (view) => Math.max(0, view.state.runs.findIndex((run) => run.name === view.get("name")));
const lastDone = ({ runs = [] }) => Math.max(0, ...runs.map((run) => run.done)); // a notice has no runs
// The step that is looked at: hovered, else chosen, else (null) the last one.
const cursorOf = (view) => view.ui.hovered ?? view.get("cursor");

// ---------------------------------------------------------------- numbers at a step

const told = (value, form) => {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return "∞";
  if (form === "count") return thousands(value);
  if (form === "rate" || Math.abs(value) >= 10000) return value ? value.toExponential(2).replace("e+", "e") : "0";
  return fixed(value, { loss: 4, short: 2, perplexity: 1 }[form]);
};

// Index of the last step at or before `step`; −1 if there is none.
const upTo = (steps, step) => {
  let low = 0, high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

// A column of numbers; NaN all along where nothing was ever recorded.
const column = (run, name) =>
  (run.columns[name] ? unpack(run.columns[name]).values : unpack(run.columns.step).values.map(() => NaN));
const about = (string, count) => string.replace("%", thousands(count));

const reading = (run, rows, cursor) => {
  const steps = column(run, "step");
  const at = upTo(steps, cursor === null ? run.done : Math.min(cursor, run.done));
  const found = rows.map((row) => {
    const values = column(run, row.column);
    let here = at, label = row.label;
    if (row.held !== undefined) {
      while (here >= 0 && Number.isNaN(values[here])) here--;
      if (row.held && here >= 0) label = `${label} ${row.held} ${thousands(steps[here])}`;
    }
    return [label, told(here >= 0 ? values[here] : NaN, row.format)];
  });
  const step = at >= 0 ? steps[at] : 0;
  return { step, rows: found, samples: run.samples.filter(([when]) => when <= step).reverse() };
};

// ---------------------------------------------------------------- the picture

const stepX = (at, state, step) => at.left + ((at.right - at.left) * step) / state.span;
const valueY = ({ low = 0, high }, head, height, value) =>
  head + height * (1 - (Math.max(low, Math.min(value, high)) - low) / (high - low));
// Some curves are there only while their run is the chosen one.
const isDrawn = (view, curve) => curve.only !== "chosen" || curve.run === chosenRun(view);

const pointsOf = (state, panel, curve, at, head, height) => {
  const run = curve.band === undefined ? state.runs[curve.run] : state.bands[curve.band];
  const steps = curve.column === "plan" ? run.plan.map(([step]) => step) : column(run, curve.steps ?? "step");
  const values = curve.column === "plan" ? run.plan.map(([, value]) => value) : column(run, curve.column);
  const points = [];
  for (let index = 0; index < steps.length; index++) {
    if (!Number.isFinite(values[index])) continue;
    points.push([stepX(at, state, steps[index]), valueY(panel, head, height, values[index])]);
  }
  return points;
};

// In its look: a line, a faint, dotted or dashed one, a median, rings alone, or dots: a line with rings.
const drawCurve = ({ look, colour }, points) => [
  points.length > 0 && look !== "rings" &&
    path(`M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`, {
      fill: "none", stroke: colour, thickness: THICKNESS[look], join: "round",
      dash: DASH[look] ?? null, opacity: look === "faint" ? 0.35 : null,
    }),
  ["rings", "dots"].includes(look) && points.map(([x, y]) =>
    circle(x, y, points.length <= 60 ? 3 : 1.5, { fill: "ground", stroke: colour, thickness: 1.5 })),
];

// What lies between two curves.
const drawBand = ({ colour }, low, high) => low.length > 0 &&
  path(`M${[...low, ...high.reverse()].map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`,
    { fill: colour, opacity: 0.18 });

// A short piece of a curve, as it looks, with one ring at most.
const drawKey = ({ look, colour }, x, y) => ["band", "dashed"].includes(look) ? [
  look === "band" && drawBand({ colour }, [[x, y + 5], [x + 18, y + 5]], [[x, y - 5], [x + 18, y - 5]]),
  drawCurve({ look: look === "band" ? "median" : look, colour }, [[x, y], [x + 18, y]]),
] : [
  look !== "rings" && drawCurve({ look: "line", colour }, [[x, y], [x + 18, y]]),
  look !== "line" && drawCurve({ look: "rings", colour }, [[x + 9, y]]),
];

// Whether two runs are the same, or seeds of the same algorithm.
const belong = (runs, one, other) =>
  one === other || (runs[one].group !== undefined && runs[one].group === runs[other].group);

const drawKeys = (view, panel, at, top) => {
  let x = at.right;
  const nodes = [...panel.keys].reverse().map((key) => {
    x -= textWidth(key.label, 11);
    const label = x;
    x -= 24;
    const start = x;
    const chosen = key.run !== undefined && belong(view.state.runs, key.run, chosenRun(view));
    const act = key.run === undefined ? {} : {
      ...cell("runs", 0, key.run, `show the numbers of ${key.label}`, chosen), class: "tm-key",
      onclick: () => { if (!chosen) view.send({ name: view.state.runs[key.run].name }); },
    };
    x -= 14;
    return group(0, 0, act,
      key.run !== undefined && rect(start - 4, top, label - start + textWidth(key.label, 11) + 8, 20,
        { fill: chosen ? "wash" : "ground", radius: 4 }),
      text(label, top + 14, key.label, { size: 11 }),
      drawKey(key, start, top + 10.5));
  });
  return { nodes, room: x };
};

const drawPanel = (view, panel, at, top) => {
  const { state } = view, head = top + M.heading, height = M[panel.name];
  const start = 24 + textWidth(panel.title, 13, { bold: true }), keys = drawKeys(view, panel, at, top);
  return [
    text(16, top + 14, panel.title, { weight: 600 }),
    keys.nodes,
    text(start, top + 14, fit(panel.unit, keys.room - start, 11), small),
    panel.ticks.map(([value, label]) => {
      const y = valueY(panel, head, height, value);
      return [line(at.left, y, at.right, y), text(at.left - 8, y + 4, label, { ...small, anchor: "end" })];
    }),
    panel.lines.map(({ value, label }) => {
      const y = valueY(panel, head, height, value);
      return [line(at.left, y, at.right, y, { stroke: "grey", thickness: 1.5, dash: "2 3" }),
        text((at.left + at.right) / 2, y - 6, label, { ...small, anchor: "middle" })];
    }),
    panel.curves.filter((curve) => isDrawn(view, curve)).map((curve) => {
      const points = (one) => pointsOf(state, panel, one, at, head, height);
      return curve.look === "band"
        ? drawBand(curve, points(curve), points({ ...curve, column: curve.upper })) : drawCurve(curve, points(curve));
    }),
    panel.marks.map(([step, mark, quiet]) => {
      const x = stepX(at, state, step);
      return quiet ? [ // a remark that belongs to what comes after it
        line(x, head, x, head + height, { stroke: "grey", dash: "2 3" }),
        text(x > at.right - 90 ? x - 4 : x + 4, head + 10, mark, { ...small, anchor: x > at.right - 90 ? "end" : null }),
      ] : text(x, head + 12, mark, { weight: 600, fill: "vermilion-text", anchor: "middle" });
    }),
    panel.above && text(at.right, head + 10, panel.above, { size: 11, fill: "vermilion-text", anchor: "end" }),
  ];
};

// The step that is looked at: a line through the panel, and a dot on each curve.
const drawCursor = (view, panel, at, top, cursor) => {
  const { state } = view, head = top + M.heading, height = M[panel.name];
  const x = stepX(at, state, Math.min(cursor, state.span));
  return [
    line(x, head, x, head + height, { stroke: "quiet" }),
    panel.curves.filter((curve) => curve.look === "line" && isDrawn(view, curve)).map((curve) => {
      const run = state.runs[curve.run], steps = column(run, "step"), index = upTo(steps, cursor);
      const value = index < 0 || cursor > run.done ? NaN : column(run, curve.column)[index];
      return Number.isFinite(value) && circle(stepX(at, state, steps[index]), valueY(panel, head, height, value), 3.5,
        { fill: curve.colour, stroke: "ground", thickness: 1.5 });
    }),
  ];
};

const sampleLines = (string, width, most) => {
  const face = { mono: true };
  const lines = string.split("\n").flatMap((row) => wrap(row, width, 11, face)).map((row) => fit(row, width, 11, face));
  if (lines.length > most) lines.splice(most - 1, lines.length, fit(`${lines[most - 1]} …`, width, 11, face));
  return lines.slice(0, most);
};

const drawTable = (view, at) => {
  const { state, width } = view, run = state.runs[chosenRun(view)];
  const read = reading(run, state.rows, cursorOf(view)), x = at.table, right = width - 16;
  const { words } = state, title = read.step ? about(words.after, read.step) : words.before;
  const name = fit(run.name, right - x - textWidth(title, 13, { bold: true }) - 26);
  const top = 37 + 18 * read.rows.length, pace = view.get("pace"), all = words.all && state.runs.length > 1;
  return [
    line(x - 12.5, 2, x - 12.5, at.height - 8),
    text(x, 14, title, { weight: 600 }),
    state.runs.length > 1 ? [
      text(right, 14, name, { anchor: "end" }),
      rect(right - textWidth(name) - 16, 4, 10, 10, { fill: run.colour, radius: 2 }),
    ] : view.get("playing") && pace > 0 &&
      text(right, 14, `${thousands(paceShown(pace))} ${words.pace}`, { ...small, anchor: "end" }),
    read.rows.map(([label, value], index) => [
      text(x, 37 + 18 * index, label, { fill: "quiet" }),
      text(right, 37 + 18 * index, value, { anchor: "end" }),
    ]),
    (all || read.samples.length || run.no_sample) && line(x, top - 5.5, right, top - 5.5),
    all ? drawAll(view, at, top) : drawSamples(at, run, read.samples, top, words.sample),
  ];
};

const paceShown = (pace) => (pace < 100 ? Math.round(pace) : Math.round(pace / 100) * 100);

// How many runs the overview has in a row (two if the names are short), and for how many there is room.
const overview = ({ state }, at, top) => {
  const half = (at.side - 20) / 2;
  const widest = Math.max(...state.runs.map((run) => textWidth(run.name, 11, { bold: true })));
  const across = widest <= half - 62 ? 2 : 1;
  return { across, half, width: across === 2 ? half : at.side, most: across * Math.floor((at.height - top - 30) / 17) };
};

// All runs at once: the first row of the table for each; a click chooses one.
const drawAll = (view, at, top) => {
  const { state } = view, chosen = chosenRun(view), { across, half, width, most } = overview(view, at, top);
  return [
    text(at.table, top + 14, state.words.all, { weight: 600 }),
    state.runs.slice(0, most).map((run, index) => {
      const x = at.table + (index % across) * (half + 20), y = top + 34 + 17 * Math.floor(index / across);
      const [[, value] = ["", ""]] = reading(run, state.rows.slice(0, 1), cursorOf(view)).rows;
      return group(0, 0, {
        ...cell("all", Math.floor(index / across), index % across, `show ${run.name}: ${value}`, index === chosen),
        class: "tm-key", onclick: () => view.send({ name: run.name }),
      },
        rect(x - 4, y - 12, width + 8, 17, { fill: index === chosen ? "wash" : "ground", radius: 4 }),
        rect(x, y - 7, 7, 7, { fill: run.colour, radius: 2 }),
        text(x + 12, y, fit(run.name, width - textWidth(value, 11) - 20, 11),
          { size: 11, weight: index === chosen ? 600 : null }),
        text(x + width, y, value, { size: 11, anchor: "end" }));
    }),
  ];
};

// Whether the overview lists every run, so that no menu is needed.
const allInSight = (view) => {
  const { state } = view, at = state.words?.all && place(view.width, state);
  return at && state.runs.length <= overview(view, at, 37 + 18 * state.rows.length).most;
};

const drawSamples = (at, run, samples, top, heading) => {
  const x = at.table;
  if (!samples.length) {
    return run.no_sample && [
      text(x, top + 14, "Sample", { weight: 600 }),
      wrap(run.no_sample, at.side, 11).map((row, index) => text(x, top + 33 + 15 * index, row, small)),
    ];
  }
  const room = Math.floor((at.height - top - 26) / 15), [step, written] = samples[0];
  const lines = sampleLines(written, at.side, samples.length === 1 ? room : Math.max(2, room - 4));
  const below = lines.length + 1; // the row of the heading of those before
  return [
    text(x, top + 14, about(heading, step), { weight: 600 }),
    lines.map((row, index) => text(x, top + 34 + 15 * index, row, { size: 11, mono: true })),
    samples.length > 1 && below < room && [
      text(x, top + 34 + 15 * below - 7, "before", small),
      samples.slice(1, room - below).map(([when, before], index) => {
        const y = top + 34 + 15 * (below + 1 + index) - 7;
        return [
          text(x + 30, y, thousands(when), { ...small, anchor: "end" }),
          text(x + 38, y, fit(before.replaceAll("\n", " "), at.side - 38, 11, { mono: true }),
            { ...small, mono: true }),
        ];
      }),
    ],
  ];
};

// ---------------------------------------------------------------- moving along the steps

const goTo = (view, step) => {
  const last = lastDone(view.state);
  if (!last) return;
  view.set({ hovered: null });
  view.send({ cursor: step >= last ? null : Math.max(1, step) });
};
// By steps, or from record to record of the chosen run where one record is many steps.
const walk = (view, way) => {
  if (view.state.walk !== "records") return goTo(view, (view.get("cursor") ?? lastDone(view.state)) + way);
  return hop(view, way);
};

const hop = (view, records) => {
  if (!lastDone(view.state)) return;
  const steps = column(view.state.runs[chosenRun(view)], "step");
  const next = upTo(steps, view.get("cursor") ?? Infinity) + records;
  goTo(view, next >= steps.length - 1 ? Infinity : steps[Math.max(0, next)]);
};

// To the next evaluation of the chosen run, or the one before; by a tenth of what is drawn where there are none.
const leap = (view, way) => {
  if (!lastDone(view.state)) return;
  if (view.state.walk === "records") {
    const count = column(view.state.runs[chosenRun(view)], "step").length;
    hop(view, way * Math.max(1, Math.round(count / 10)));
    return;
  }
  const run = view.state.runs[chosenRun(view)], here = view.get("cursor") ?? run.done;
  const values = column(run, "evaluation");
  const beyond = (step, index) => !Number.isNaN(values[index]) && (step - here) * way > 0;
  const found = [...column(run, "step")].filter(beyond);
  goTo(view, found.length ? (way > 0 ? found[0] : found.at(-1)) : way > 0 ? Infinity : 1);
};

// An invisible sheet over the panels: the mouse hovers and clicks, the keyboard holds a slider along the steps.
const drawSheet = (view, at) => {
  const { state } = view, last = lastDone(state);
  const read = reading(state.runs[chosenRun(view)], state.rows, cursorOf(view));
  const stepAt = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return Math.max(1, Math.min(last, Math.round(share * state.span)));
  };
  return rect(at.left, M.heading, at.right - at.left, at.height - M.axis - M.heading, {
    fill: "ground", "fill-opacity": 0, class: "tm-steps", tabindex: last ? 0 : -1, role: "slider",
    "aria-label": "Step", "aria-valuemin": String(Math.min(1, last)), "aria-valuemax": String(last),
    "aria-valuenow": String(read.step),
    "aria-valuetext": `${state.words.after.replace("%", read.step).toLowerCase()}: ` +
      read.rows.map(([label, value]) => `${label} ${value}`).join(", "),
    onpointermove: (event) => { if (last) view.set({ hovered: stepAt(event) }); },
    onpointerleave: () => view.set({ hovered: null }),
    onclick: (event) => { if (last) goTo(view, stepAt(event)); },
  });
};

// ---------------------------------------------------------------- the view

const toggle = (view) => {
  if (view.get("can").learn || view.get("playing")) view.send({ playing: !view.get("playing") });
};
const oneStep = (view) => {
  if (view.get("can").learn && !view.get("playing")) view.send({ steps_asked: view.get("steps_asked") + 1 });
};

export default lab.view({
  start: { hovered: null },

  stage: (view) => {
    const { state, width } = view, at = place(width, state), cursor = cursorOf(view), bottom = at.height - M.axis;
    const tops = state.panels.map((_, index) =>
      state.panels.slice(0, index).reduce((sum, panel) => sum + M[panel.name] + M[state.spacing], 0));
    return svg(width, at.height, [
      view.memo("panels", [state, width, view.get("name")], () => group(0, 0, {},
        state.panels.map((panel, index) => drawPanel(view, panel, at, tops[index])),
        text(16, bottom + 16, state.words.axis, small),
        state.ticks.map(([value, label]) =>
          text(stepX(at, state, value), bottom + 16, label,
            { ...small, anchor: value === state.span ? "end" : "middle" })))),
      group(0, 0, {}, cursor !== null && state.panels.map((panel, index) =>
        drawCursor(view, panel, at, tops[index], cursor))),
      group(0, 0, {}, drawTable(view, at)),
      drawSheet(view, at),
    ]);
  },

  controls: (view) => {
    const can = view.get("can"), playing = view.get("playing"), lr = view.get("lr"), runs = view.state.runs ?? [];
    const over = runs.length && !can.learn ? "All steps are made; Reset goes back to the beginning" : null;
    const rate = (power) => view.send({ lr: Number((10 ** power).toPrecision(2)) });
    const learns = can.learn || can.restart;
    return [
      learns && button({ key: "play", label: playing ? "❚❚ Pause" : "▶ Play", kind: "primary tm-play",
        disabled: !can.learn && !playing, hint: over ?? "Space", click: () => toggle(view) }),
      learns && button({ key: "step", label: "One step", disabled: !can.learn || playing,
        hint: "S", click: () => oneStep(view) }),
      can.change && slider({ label: "Learning rate", min: LOWEST, max: HIGHEST, step: 0.05,
        length: view.width < 760 ? 84 : 150,
        value: Math.log10(lr || 1e-5), shown: told(lr, "rate"), change: rate }),
      runs.length > 1 && !allInSight(view) && menu({ label: "Run", value: view.get("name"),
        choices: runs.map(({ name }) => ({ value: name, label: name })), change: (name) => view.send({ name }) }),
      reset(view, () => {
        view.set({ hovered: null });
        view.send({ cursor: null, ...(can.restart ? { restarts_asked: view.get("restarts_asked") + 1 } : {}) });
      }),
    ].filter(Boolean);
  },

  keys: {
    " ": toggle,
    ArrowLeft: (view) => walk(view, -1),
    ArrowRight: (view) => walk(view, 1),
    PageUp: (view) => leap(view, -1),
    PageDown: (view) => leap(view, 1),
    Home: (view) => goTo(view, 1),
    End: (view) => goTo(view, Infinity),
    Escape: (view) => goTo(view, Infinity),
    s: oneStep,
    l: (view) => view.root.querySelector(".lab-slider")?.focus(),
  },

  // A view that is taken away (its cell is run again) does not go on learning unseen.
  mounted: (view) => () => { if (view.get("playing")) view.send({ playing: false }); },
});
