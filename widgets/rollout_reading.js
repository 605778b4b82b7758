// One step read and told, as in rollout_state.py: scrubbing needs no Python.
const { fixed, thousands, clamp, unpack } = lab;

// Snapshot, episode and step that are shown: as chosen, but never beyond the last.
export const placeOf = (view) => {
  const { episodes } = view.state;
  const snapshot = Math.min(view.get("snapshot"), episodes.length - 1);
  const episode = Math.min(view.get("episode"), episodes[snapshot].length - 1);
  const data = episodes[snapshot][episode];
  return { snapshot, episode, data, step: Math.min(view.get("step"), data.steps - 1) };
};

export const printed = (value, digits, signed = false) => {
  if (Number.isNaN(value)) return "–";
  const text = fixed(value, digits);
  if (Number(text) === 0) return text;
  return value < 0 ? text.replace("-", "−") : signed ? `+${text}` : text;
};

export const readStep = (data, step) => Object.fromEntries(
  ["reward", "value", "next_value", "returns", "td_error", "advantage"].map((name) =>
    [name, unpack(data[name]).values[step]]));

export const column = (packed, index) => {
  const { values, shape: [rows, width] } = unpack(packed);
  return Array.from({ length: rows }, (_, row) => values[row * width + index]);
};

// What was chosen, by name, and with which probability (NaN if unknown).
export const chosenAction = (state, data, step) => {
  const action = unpack(data.action);
  if (data.policy === "numbers") {
    const parts = Array.from({ length: Math.min(3, action.shape[1]) }, (_, part) => action.at(step, part));
    return [parts.map((part) => printed(part, 2, true)).join(", "), NaN];
  }
  const index = action.at(step, 0), { actions } = state.scene;
  const chance = unpack(data.chance).values[step];
  if (data.texts) return [data.texts[step + 1].trim() || "a blank", chance];
  return [actions[index] ?? `action ${index}`, chance];
};

export const sentenceOf = (view) => {
  const { state } = view, { snapshot, data, step } = placeOf(view), { steps } = state.training;
  const read = readStep(data, step), [action, chance] = chosenAction(state, data, step);
  const when = steps.length > 1 ? `After ${thousands(steps[snapshot])} ${state.training.unit} of training, step` : "Step";
  const told = [["", `${when} ${step} (last: ${data.steps - 1}): ${state.scene.verb} `], ["strong", action],
    ["", Number.isNaN(chance) ? "" : ` (${printed(chance, 2)})`]];
  const came = ["strong", printed(read.returns, state.digits)];
  if (!data.has_value) return [...told, ["", ". A return of "], came, ["", data.tail]];
  const expected = ["strong", printed(read.value, state.digits)];
  return [...told, ["", ". The value V promises "], expected, ["", ", and "], came, ["", data.tail]];
};

// The table of one step: [label, value, look].
export const stepRows = (state, data, step) => {
  const read = readStep(data, step), [action, chance] = chosenAction(state, data, step);
  const digits = state.digits + 1, last = step === data.steps - 1, facts = unpack(data.facts);
  const signed = (value) => printed(value, digits, true);
  const rows = state.scene.facts.map(([label, unit, decimals, sign], index) =>
    [label, printed(facts.at(step, index), decimals, sign) + unit, ""]);
  rows.push(["chose", Number.isNaN(chance) ? action : `${action} (${printed(chance, 2)})`, ""]);
  rows.push(["reward", signed(read.reward), "rule"]);
  if (data.has_value) {
    const ends = { terminated: "+ nothing: terminated ✕", truncated: "+ value at the cut ⊣" };
    const future = (last && ends[data.end]) || `+ ${state.gamma} × next value`;
    rows.push(
      [future, signed(read.td_error - read.reward + read.value), ""],
      ["− value now", signed(-read.value), ""],
      ["= TD error δ", signed(read.td_error), `sum ${read.td_error < 0 ? "vermilion-text" : "blue-text"}`]);
  }
  if (data.known.advantage) {
    rows.push([data.is_gae ? `advantage, λ = ${state.lam}` : "advantage, as recorded", signed(read.advantage), ""]);
  }
  const came = data.bootstrapped ? "return, bootstrapped, G" : "return that came, G";
  rows.push([came, printed(read.returns, digits), "rule"]);
  if (data.has_value) {
    const off = read.value - read.returns;
    rows.push([`V too ${off >= 0 ? "high" : "low"} by`, printed(Math.abs(off), digits), "strong"]);
  }
  return rows;
};

// What the lowest strip shows: what was chosen if it is known, else the other; undefined if neither is.
export const shownTrack = (data, surprise) =>
  [surprise, surprise === "advantage" ? "td_error" : "advantage"].find((name) => data.known[name]);

// ---------------------------------------------------------------- moving

export const goTo = (view, step) => view.send({ step: clamp(step, 0, placeOf(view).data.steps - 1) });
export const walk = (view, steps) => goTo(view, placeOf(view).step + steps);

// To another snapshot; the place in the episode is kept as far as it goes.
export const train = (view, snapshots) => {
  const { snapshot } = placeOf(view), to = clamp(snapshot + snapshots, 0, view.state.episodes.length - 1);
  if (to !== snapshot) view.send({ snapshot: to });
};
