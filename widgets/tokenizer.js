// TokenizerExplorer: the live stage of tokenizer_picture.py, in the same order and with the same names.
const { h, svg, rect, text, line, group, tint, textWidth, fit, wrap, thousands, cell, field, player, slider, menu, reset } = lab;
const M = MEASURES;
const plain = (runs) => runs.map(([, string]) => string).join("");
const end = (chip) => chip.at + chip.size;
const overlaps = (chip, other) => Boolean(other) && chip.at < end(other) && other.at < end(chip);

// ---------------------------------------------------------------- what the state means

const lastStep = (state) => state.steps.length - 1;

// The chips of the first tokenizer after so many steps; null: the tokens themselves.
const segments = (state, step) => {
  if (step === null || !state.joins.length) return state.strips[0].chips;
  const chips = new Map();
  for (let at = 0; 2 * at < state.bytes.length; at++) chips.set(at, { ...state.starts[state.bytes.slice(2 * at, 2 * at + 2)], at });
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
  const singles = [...nodes.values()].filter((node) => node.level === 0).map((node) =>
    ({ ...state.starts[state.bytes.slice(2 * node.at, 2 * node.at + 2)], at: node.at, level: 1, step: 0, rank: "", root: true }));
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
  const step = index === 0 ? view.get("step") : null;
  const chips = index === 0 ? segments(state, step) : own.chips;
  const chosen = state.strips[0].chips[view.get("selected")];
  const most = Math.max(...state.strips.map((each) => each.chips.length), 1);
  const heading = svg(width, M.heading, [
    text(16, 15, own.name, { weight: 600 }),
    text(26 + textWidth(own.name, 13, { bold: true }), 15, own.summary, { size: 11, fill: "quiet" }),
    compared && rect(width - 176, 7, (160 * own.chips.length) / most, 8, { fill: index ? "sky" : "blue", class: "lab-move" }),
  ]);
  if (own.problem) return [heading, h("p", { class: "tok-problem" }, own.problem)];

  const pitch = compared ? M.row_compared : M.row, rows = compared ? M.rows_compared : M.rows;
  const placed = placedChips(chips, width, !compared);
  const height = pitch * (placed.at(-1).row + 1);
  const nodes = placed.map(({ chip, x, row, size }) => {
    const marked = overlaps(chip, chosen) || chip.new, y = pitch * row;
    const column = chip.at, name = `token ${plain(chip.label)}, number ${chip.id}`;
    const show = () => view.set({ hovered: chip });
    return group(x, y, {
      key: chip.at, class: "tok-chip lab-move", ...cell(`strip ${index}`, row, column, name, overlaps(chip, chosen)),
      onpointerenter: show, onfocus: show, onpointerleave: () => view.set({ hovered: null }), onblur: () => view.set({ hovered: null }),
      onclick: () => choose(view, chip),
    },
      rect(0.5, 0.5, size - 1, M.chip - 1, { radius: 4, fill: marked ? tint("blue", 0.14) : "ground", stroke: marked ? "blue" : "hairline", class: "lab-move" }),
      marked && rect(4, M.chip - 3, size - 8, 2, { fill: "blue" }),
      text(size / 2, M.chip / 2 + 4.5, chip.label, { size: chip.whole ? 13 : 11, anchor: "middle" }),
      !compared && text(size / 2, M.chip + 12, thousands(chip.id ?? ""), { size: 11, fill: "quiet", anchor: "middle" }));
  });
  const scrolls = placed.at(-1).row >= rows;
  return [heading, h("div", { class: scrolls ? "tok-rows tok-scrolls" : "tok-rows", style: `max-height: ${pitch * rows}px` },
    svg(width, height, nodes, { role: "group", "aria-label": `${own.name}: ${own.summary}` }))];
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
    text(28 + textWidth(title, 13, { bold: true }), 14, about, { size: 11, fill: "quiet" }),
    charactersOf(state).filter((one) => overlaps(one, { at, size })).map((one) => {
      const left = 16 + unit * (one.at - at), wide = unit * one.size;
      return [
        wide >= 9 && text(left + wide / 2, 40, state.characters[one.character].label, { anchor: "middle" }),
        line(left + 2, 47.5, left + wide - 2, 47.5, { stroke: "grey" }),
      ];
    }),
    unit >= 15 && Array.from({ length: size }, (_, index) =>
      text(16 + unit * (index + 0.5), 61, state.bytes.slice(2 * (at + index), 2 * (at + index) + 2), { mono: true, size: 11, fill: "quiet", anchor: "middle" })),
    nodes.map((node) => drawNode(node, 16 + unit * (node.at - at), 50 + (M.level - pitch) + pitch * node.level, unit * node.size, pitch, step, overlaps(node, chosen))),
  ];
};

const drawNode = (node, x, y, width, pitch, step, chosen) => {
  const done = step === null || node.step <= step, isNew = step !== null && node.step === step && step > 0;
  const blue = node.root || isNew;
  const fill = done ? (blue ? tint("blue", chosen || isNew ? 0.28 : 0.14) : "wash") : "none";
  const size = 11, string = plain(node.label), room = width - 10;
  const ranked = node.rank && textWidth(string, size, { mono: true }) + textWidth(node.rank, size) + 6 <= room;
  const shown = fit(string, room, size, { mono: true }), look = { mono: true, size, fill: done ? "ink" : "quiet" };
  return [
    rect(x + 1.5, y + 0.5, width - 3, pitch - 3, { radius: 3, fill, stroke: blue && done ? "blue" : "hairline", dash: done ? null : "3 2", class: "lab-move" }),
    pitch >= 15 && (ranked
      ? [text(x + 6, y + 13, shown, look), text(x + width - 6, y + 13, node.rank, { size, fill: "quiet", anchor: "end" })]
      : text(x + width / 2, y + 13, shown, { ...look, anchor: "middle" })),
  ];
};

const drawDetails = (view, chip) => {
  const { state, width } = view, chips = state.strips[0].chips;
  const x = width - 16 - M.side, right = width - 16, index = chips.findIndex((one) => one.at === chip.at && one.size === chip.size);
  const parts = charactersOf(state).filter((one) => overlaps(one, chip));
  return [
    line(x - 15.5, 2, x - 15.5, M.panel - 12),
    text(x, 15, chip.label, { size: 15, weight: 600 }),
    index >= 0 && text(right, 14, `token ${thousands(index + 1)} of ${thousands(chips.length)}`, { size: 11, fill: "quiet", anchor: "end" }),
    text(x, 36, `number ${thousands(chip.id)}`),
    text(right, 36, fit(spokenBytes(state, chip), M.side - 100, 11, { mono: true }), { size: 11, mono: true, fill: "quiet", anchor: "end" }),
    parts.slice(0, 4).map(({ character, at, size }, row) => {
      const have = Math.min(at + size, end(chip)) - Math.max(at, chip.at), y = 60 + 18 * row;
      const of = have === size ? "" : `${have} of ${size} bytes of `;
      return [
        text(x + 10, y, state.characters[character].label, { anchor: "middle" }),
        text(x + 30, y, fit(of + state.characters[character].name, M.side - 30, 11), { size: 11, fill: "quiet" }),
      ];
    }),
    parts.length > 4 && text(x + 30, 132, `and ${parts.length - 4} more`, { size: 11, fill: "quiet" }),
    wrap(made(state, chip), M.side, 11).slice(0, 2).map((row, index) => text(x, 156 + 15 * index, row, { size: 11 })),
  ];
};

// ---------------------------------------------------------------- the view

const move = (view, step) => view.send({ step: Math.max(0, Math.min(lastStep(view.state), step)) });

export default lab.view({
  start: { hovered: null },

  entry: (view) => field({
    label: "Text", value: view.get("text"), placeholder: "Type a text",
    change: (text) => view.send({ text, step: null, selected: null }),
  }),

  sentence: (view) => (view.get("step") === null ? null : view.state.steps?.[Math.min(view.get("step"), lastStep(view.state))]),

  stage: (view) => {
    const { state, width, ui } = view, chips = state.strips[0].chips;
    const chosen = chips[view.get("selected")];
    const strips = view.memo("strips", [state, width, view.get("selected"), view.get("step")], () =>
      state.strips.map((each, index) => strip(view, index)));
    if (!chips.length) return strips;
    const word = shownWord(state, chosen);
    const first = chips.find((chip) => end(chip) > word[0]);
    return [strips, svg(width, 10 + M.panel, [
      line(16, 2.5, width - 16, 2.5),
      group(0, 10, { key: "word" },
        view.memo("word", [state, width, view.get("selected"), view.get("step")], () => group(0, 0, {}, drawWord(view, word, chosen))),
        drawDetails(view, ui.hovered ?? chosen ?? first)),
    ])];
  },

  controls: (view) => {
    const { state } = view, last = state.steps?.length ? lastStep(state) : 0, step = view.get("step") ?? last;
    const names = view.get("names"), against = view.get("against");
    const choices = names.map((value) => ({ value, label: value }));
    return [
      last > 0 && player(view, { label: "Merges", value: step, max: last, change: (to) => move(view, to) }),
      last > 0 && slider({ label: "Merge", value: step, min: 0, max: last, length: 120, shown: `${step} of ${last}`, change: (to) => move(view, to) }),
      names.length > 1 && menu({ label: "Tokenizer", value: view.get("name"), choices, change: (name) => view.send({ name, step: null, selected: null }) }),
      names.length > 1 && menu({ label: "against", value: against, choices: [{ value: "", label: "none" }, ...choices], change: (to) => view.send({ against: to }) }),
      reset(view),
    ].filter(Boolean);
  },

  keys: {
    "[": (view) => move(view, (view.get("step") ?? lastStep(view.state)) - 1),
    "]": (view) => move(view, (view.get("step") ?? lastStep(view.state)) + 1),
    Escape: (view) => view.send({ selected: null, step: null }),
  },
});
