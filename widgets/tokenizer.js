// TokenizerExplorer: the live stage of tokenizer_picture.py, in the same order and with the same names.
const { h, svg, rect, text, line, group, small, plain, tint, clamp, textWidth, fit, wrap, thousands } = lab;
const { cell, field, player, slider, menu, reset } = lab;
const M = MEASURES;
const end = (chip) => chip.at + chip.size;
const overlaps = (chip, other) => Boolean(other) && chip.at < end(other) && other.at < end(chip);

// ---------------------------------------------------------------- what the state means

const byteAt = (state, at) => state.bytes.slice(2 * at, 2 * at + 2);
const lastStep = ({ steps }) => (steps?.length ? steps.length - 1 : 0); // a notice has no steps

// The chips of the first tokenizer after so many steps; null: the tokens themselves.
const segments = (state, step) => {
  if (step === null || !state.joins.length) return state.strips[0].chips;
  const chips = new Map();
  for (let at = 0; 2 * at < state.bytes.length; at++) chips.set(at, { ...state.starts[byteAt(state, at)], at });
  for (const [at, index, when] of state.joins) {
    if (when > step) break;
    const rule = state.rules[index];
    chips.set(at, { ...rule, at, new: when === step });
    chips.delete(at + rule.left);
  }
  return [...chips.values()].sort((one, other) => one.at - other.at);
};

const shownWord = (state, chosen) =>
  chosen ? state.words.find(([at, size]) => at + size > chosen.at) : state.words[state.word];

const utf8 = (character) => {
  const code = character.codePointAt(0);
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
};

// {character, at, size} of every character of the text, in bytes.
const charactersOf = (state) => {
  let at = 0;
  return [...state.text].map((character) => {
    const size = utf8(character);
    at += size;
    return { character, at: at - size, size };
  });
};

// The merges of a word as boxes: each one level below its two parts; without merges the tokens themselves.
const mergeTree = (state, [at, size]) => {
  if (!state.joins.length) {
    return state.strips[0].chips.filter((chip) => overlaps(chip, { at, size }))
      .map((chip) => ({ ...chip, level: 1, step: 0, rank: "", root: true }));
  }
  const nodes = new Map(), found = [];
  for (let place = at; place < at + size; place++) nodes.set(place, { at: place, size: 1, level: 0 });
  for (const [place, index, step] of state.joins) {
    if (place < at || place >= at + size) continue;
    const rule = state.rules[index];
    const left = nodes.get(place), right = nodes.get(place + rule.left);
    nodes.delete(place + rule.left);
    const node = { ...rule, at: place, level: 1 + Math.max(left.level, right.level), step };
    nodes.set(place, node);
    found.push(node);
  }
  const roots = new Set(nodes.values());
  const alone = [...nodes.values()].filter((node) => node.level === 0); // bytes that stay alone are tokens too
  const singles = alone.map(({ at: place }) =>
    ({ ...state.starts[byteAt(state, place)], at: place, level: 1, step: 0, rank: "", root: true }));
  return [...found.map((node) => ({ ...node, root: roots.has(node) })), ...singles];
};

const made = (state, chip) => {
  if (!state.joins.length) return "";
  const same = state.joins.filter(([at, index]) => at === chip.at && state.rules[index].size === chip.size);
  return same.length ? state.rules[same.at(-1)[1]].made : "one byte: where every text starts";
};

const spokenBytes = (state, chip) => state.bytes.slice(2 * chip.at, 2 * end(chip)).replace(/../g, "$& ").trim();

// ---------------------------------------------------------------- the picture

const labelWidth = (chip) => textWidth(plain(chip.label), chip.whole ? 13 : 11, { mono: true });

const placedChips = (chips, width, numbered) => {
  let x = 16, row = 0;
  return chips.map((chip) => {
    const number = numbered ? textWidth(thousands(chip.id ?? ""), 11) + 2 : 0;
    const size = Math.min(Math.max(labelWidth(chip) + 12, number, 20), width - 32);
    if (x + size > width - 16 && x > 16) [x, row] = [16, row + 1];
    x += size + M.gap;
    return { chip, x: x - size - M.gap, row, size };
  });
};

// A strip: its name above, its chips in rows below, which scroll when there are too many.
const strip = (view, index) => {
  const { state, width } = view, own = state.strips[index], compared = state.strips.length > 1;
  const chips = index === 0 ? segments(state, view.get("step")) : own.chips;
  const most = Math.max(...state.strips.map((each) => each.chips.length), 1);
  const bar = { fill: index ? "sky" : "blue", class: "lab-move" };
  const heading = svg(width, M.heading, [
    text(16, 15, own.name, { weight: 600 }),
    text(26 + textWidth(own.name, 13, { bold: true }), 15, own.summary, small),
    compared && rect(width - 176, 7, (160 * own.chips.length) / most, 8, bar),
  ]);
  if (own.problem) return [heading, h("p", { class: "tok-problem" }, own.problem)];
  const pitch = compared ? M.row_compared : M.row, rows = compared ? M.rows_compared : M.rows;
  const placed = placedChips(chips, width, !compared), needed = placed.length ? placed.at(-1).row + 1 : 0;
  const nodes = placed.map((each) => drawChip(view, index, each, pitch, !compared));
  const spoken = { role: "group", "aria-label": `${own.name}: ${own.summary}` };
  const look = { class: needed > rows ? "tok-rows tok-scrolls" : "tok-rows", style: `max-height: ${pitch * rows}px` };
  return [heading, h("div", look, svg(width, pitch * needed, nodes, spoken))];
};

// A chip: blue when chosen or just merged, with a bar under it, so that it is not told by colour alone.
const drawChip = (view, index, { chip, x, row, size }, pitch, numbered) => {
  const chosen = overlaps(chip, view.state.strips[0].chips[view.get("selected")]), marked = chosen || chip.new;
  const show = () => view.set({ hovered: chip }), hide = () => view.set({ hovered: null });
  const hover = { onpointerenter: show, onfocus: show, onpointerleave: hide, onblur: hide };
  const spoken = cell(`strip ${index}`, row, chip.at, `token ${plain(chip.label)}, number ${chip.id}`, chosen);
  const paint = marked ? { fill: tint("blue", 0.14), stroke: "blue" } : { fill: "ground", stroke: "hairline" };
  const act = { ...hover, onclick: () => choose(view, chip) };
  return group(x, pitch * row, { key: chip.at, class: "tok-chip", ...spoken, ...act },
    rect(0.5, 0.5, size - 1, M.chip - 1, { radius: 4, class: "lab-move", ...paint }),
    marked && rect(4, M.chip - 3, size - 8, 2, { fill: "blue" }),
    text(size / 2, M.chip / 2 + 4.5, chip.label, { size: chip.whole ? 13 : 11, anchor: "middle" }),
    numbered && text(size / 2, M.chip + 12, thousands(chip.id), { ...small, anchor: "middle" }));
};

const choose = (view, chip) => {
  const chips = view.state.strips[0].chips;
  const index = chips.findIndex((one) => overlaps(one, chip));
  view.send({ selected: index === view.get("selected") ? null : index });
};

const drawWord = (view, word, chosen) => {
  const { state, width } = view, [at, size] = word, step = view.get("step");
  const unit = Math.min(M.cell, (width - 64 - M.side) / size), title = "From characters to tokens";
  const about = state.joins.length ? "characters, their bytes, merges" : "characters, their bytes, tokens";
  const nodes = mergeTree(state, word);
  const pitch = Math.min(M.level, (M.level * M.levels) / Math.max(...nodes.map((node) => node.level)));
  return [
    text(16, 14, title, { weight: 600 }),
    text(28 + textWidth(title, 13, { bold: true }), 14, about, small),
    charactersOf(state).filter((one) => overlaps(one, { at, size })).map((one) => {
      const left = 16 + unit * (one.at - at), wide = unit * one.size;
      return [
        wide >= 9 && text(left + wide / 2, 40, state.characters[one.character].label, { anchor: "middle" }),
        line(left + 2, 47.5, left + wide - 2, 47.5, { stroke: "grey" }),
      ];
    }),
    unit >= 15 && Array.from({ length: size }, (_, index) =>
      text(16 + unit * (index + 0.5), 61, byteAt(state, at + index), { mono: true, ...small, anchor: "middle" })),
    nodes.map((node) => {
      const left = 16 + unit * (node.at - at), top = 50 + (M.level - pitch) + pitch * node.level;
      return drawNode(node, left, top, unit * node.size, pitch, step, overlaps(node, chosen));
    }),
  ];
};

const drawNode = (node, x, y, width, pitch, step, chosen) => {
  const done = step === null || node.step <= step, isNew = node.step === step && step > 0;
  const blue = node.root || isNew;
  const fill = done ? (blue ? tint("blue", chosen || isNew ? 0.28 : 0.14) : "wash") : "none";
  const size = 11, string = plain(node.label), room = width - 10;
  const ranked = node.rank && textWidth(string, size, { mono: true }) + textWidth(node.rank, size) + 6 <= room;
  const shown = fit(string, room, size, { mono: true }), look = { mono: true, size, fill: done ? "ink" : "quiet" };
  const edge = { stroke: blue && done ? "blue" : "hairline", dash: done ? null : "3 2" };
  const rank = { size, fill: "quiet", anchor: "end" };
  return [
    rect(x + 1.5, y + 0.5, width - 3, pitch - 3, { radius: 3, fill, ...edge, class: "lab-move" }),
    pitch >= 15 && (ranked
      ? [text(x + 6, y + 13, shown, look), text(x + width - 6, y + 13, node.rank, rank)]
      : text(x + width / 2, y + 13, shown, { ...look, anchor: "middle" })),
  ];
};

const drawDetails = (view, chip) => {
  const { state, width } = view, chips = state.strips[0].chips;
  const x = width - 16 - M.side, right = width - 16;
  const index = chips.findIndex((one) => one.at === chip.at && one.size === chip.size);
  const place = `token ${thousands(index + 1)} of ${thousands(chips.length)}`;
  const raw = fit(spokenBytes(state, chip), M.side - 100, 11, { mono: true });
  const parts = charactersOf(state).filter((one) => overlaps(one, chip));
  return [
    line(x - 15.5, 2, x - 15.5, M.panel - 12),
    text(x, 15, chip.label, { size: 15, weight: 600 }),
    index >= 0 && text(right, 14, place, { ...small, anchor: "end" }),
    text(x, 36, `number ${thousands(chip.id)}`),
    text(right, 36, raw, { mono: true, ...small, anchor: "end" }),
    parts.slice(0, 4).map(({ character, at, size }, row) => {
      const have = Math.min(at + size, end(chip)) - Math.max(at, chip.at);
      const of = have === size ? "" : `${have} of ${size} bytes of `, known = state.characters[character];
      return [
        text(x + 10, 60 + 18 * row, known.label, { anchor: "middle" }),
        text(x + 30, 60 + 18 * row, fit(of + known.name, M.side - 30, 11), small),
      ];
    }),
    parts.length > 4 && text(x + 30, 132, `and ${parts.length - 4} more`, small),
    wrap(made(state, chip), M.side, 11).slice(0, 2).map((row, index) => text(x, 156 + 15 * index, row, { size: 11 })),
  ];
};

// ---------------------------------------------------------------- the view

const move = (view, step) => view.send({ step: clamp(step, 0, lastStep(view.state)) });
const walk = (view, steps) => {
  const last = lastStep(view.state);
  if (last > 0) move(view, (view.get("step") ?? last) + steps);
};

export default lab.view({
  start: { hovered: null },

  entry: (view) => field({
    label: "Text", value: view.get("text"), placeholder: "Type a text",
    change: (text) => view.send({ text, step: null, selected: null }),
  }),

  sentence: (view) => {
    const step = view.get("step"), { steps } = view.state;
    return step !== null && steps.length ? steps[Math.min(step, steps.length - 1)] : null;
  },

  stage: (view) => {
    const { state, width, ui } = view, chips = state.strips[0].chips, step = view.get("step");
    const chosen = chips[view.get("selected")], seen = [state, width, view.get("selected"), step];
    const strips = view.memo("strips", seen, () => state.strips.map((each, index) => strip(view, index)));
    if (!chips.length) return strips;
    const word = shownWord(state, chosen), merged = segments(state, step).filter((chip) => chip.new);
    const first = [...merged, ...chips].find((chip) => end(chip) > word[0]);
    return [strips, svg(width, 10 + M.panel, [
      line(16, 2.5, width - 16, 2.5),
      group(0, 10, {},
        view.memo("word", seen, () => group(0, 0, {}, drawWord(view, word, chosen))),
        drawDetails(view, ui.hovered ?? chosen ?? first)),
    ])];
  },

  controls: (view) => {
    const last = lastStep(view.state), step = view.get("step") ?? last;
    const names = view.get("names"), choices = names.map((value) => ({ value, label: value }));
    const others = [{ value: "", label: "none" }, ...choices.filter(({ value }) => value !== view.get("name"))];
    const several = names.length > 1, change = (to) => move(view, to);
    const use = (name) => view.send({ name, step: null, selected: null });
    const against = (name) => view.send({ against: name });
    return [
      last > 0 && player(view, { label: "Merges", value: step, max: last, change }),
      last > 0 && slider({ label: "Merge", value: step, min: 0, max: last, length: several ? 72 : 160,
        shown: `${step} of ${last}`, change }),
      several && menu({ label: "Tokenizer", value: view.get("name"), choices, change: use }),
      several && menu({ label: "against", value: view.get("against"), choices: others, change: against }),
      reset(view),
    ].filter(Boolean);
  },

  keys: {
    "[": (view) => walk(view, -1),
    "]": (view) => walk(view, 1),
    Escape: (view) => view.send({ selected: null, step: null }),
  },
});
