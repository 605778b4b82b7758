// The live scene of rollout_scene_picture.py, in the same order and with the same names.
import { chosenAction, printed } from "./rollout_reading.js";
import { filmSteps } from "./rollout_bars.js";

const { rect, circle, line, path, text, small, number, clamp, range, fit, textWidth, tint, unpack } = lab;
const M = MEASURES;
const CART = 44, POLE = 64, TRACK = 2.6;

export const drawScene = (state, at, data, step) => {
  const about = state.scene, height = about.film ? M.scene : M.wide_scene;
  const draw = { cart: drawCart, rods: drawRods, grid: drawGrid, text: drawText, numbers: drawNumbers }[about.kind];
  return [
    text(16, 14, "Scene", { weight: 600 }),
    text(16, 30, `step ${step}, last ${data.steps - 1}`, small),
    about.seconds && text(16, 45, `${lab.fixed(step * about.seconds, 2)} s`, small),
    draw(at, height, state, data, step),
    about.film && drawFilm(at, about, data, step),
  ];
};

// ---------------------------------------------------------------- cart and pole

const drawCart = (at, height, state, data, step) => {
  const pose = unpack(data.pose), ground = height - 24, middle = (at.left + at.right) / 2;
  const scale = (at.right - at.left) / (2 * TRACK), xOf = (place) => middle + scale * clamp(place, -TRACK, TRACK);
  const x = xOf(pose.at(step, 0));
  return [
    line(xOf(-2.4), ground, xOf(2.4), ground, { stroke: "quiet", thickness: 2 }),
    [-2, -1, 0, 1, 2].map((place) => [
      line(xOf(place), ground, xOf(place), ground + 5, { stroke: "quiet" }),
      text(xOf(place), ground + 17, place === 2 ? "2 m" : printed(place, 0), { ...small, anchor: "middle" }),
    ]),
    [-2.4, 2.4].map((place) => [
      line(xOf(place), ground - 26, xOf(place), ground + 5, { stroke: "vermilion", thickness: 2.5 }),
      text(xOf(place) + 5 * Math.sign(place), ground - 16, "edge",
        { size: 11, fill: "vermilion-text", anchor: place < 0 ? "end" : null }),
    ]),
    state.scene.ghosts.filter((back) => step >= back).map((back) => {
      const ghost = xOf(pose.at(step - back, 0)), opacity = 0.75 - back / 70;
      return [
        rect(ghost - CART / 2, ground - 24, CART, 18, { fill: "none", stroke: "quiet", radius: 5, opacity }),
        drawPole(ghost, ground - 24, POLE, pose.at(step - back, 1), { stroke: "quiet", thickness: 1.5, opacity }),
      ];
    }),
    step === data.steps - 1 && drawLast(xOf(pose.at(step + 1, 0)), ground, pose.at(step + 1, 1)),
    [-12, 12].map((wheel) => circle(x + wheel, ground - 4.5, 4.5, { fill: "ink" })),
    rect(x - CART / 2, ground - 24, CART, 18, { fill: "ink", radius: 5 }),
    drawPole(x, ground - 22, POLE, pose.at(step, 1), { stroke: "amber", thickness: 7, cap: "round" }),
    circle(x, ground - 22, 3, { fill: "ground" }),
    drawPush(x, ground - 15, CART / 2 + 5, data, step),
  ];
};

// What the last step led to.
const drawLast = (x, ground, lean) => {
  const look = { stroke: "vermilion", thickness: 1.5, dash: "3 2" };
  return [
    rect(x - CART / 2, ground - 24, CART, 18, { fill: "none", radius: 5, ...look }),
    drawPole(x, ground - 24, POLE + 4, lean, look),
  ];
};

const drawPole = (x, y, length, lean, look) =>
  line(x, y, x + length * Math.sin(lean), y - length * Math.cos(lean), look);

const drawPush = (x, y, away, data, step) => {
  const way = unpack(data.action).at(step, 0) > 0 ? 1 : -1, chance = unpack(data.chance).values[step];
  const known = !Number.isNaN(chance), length = 14 + 34 * (known ? chance : 0.5);
  const start = x + way * away, end = x + way * (away + length);
  return [
    line(start, y, end - way * 7, y, { stroke: "blue", thickness: 4 }),
    path(`M${number(end)} ${number(y)}L${number(end - way * 10)} ${number(y - 6)}V${number(y + 6)}Z`, { fill: "blue" }),
    known && text((start + end) / 2, y - 11, printed(chance, 2),
      { size: 11, weight: 600, fill: "blue-text", anchor: "middle" }),
  ];
};

// ---------------------------------------------------------------- rods on an axle

const anglesOf = (pose, when) => range(pose.shape[1]).map((rod) => pose.at(when, rod));

const drawRods = (at, height, state, data, step) => {
  const pose = unpack(data.pose), x = (at.left + at.right) / 2, y = height / 2 - 4, size = 56 / state.scene.rods;
  const [action] = chosenAction(state, data, step), base = x + 110;
  const torque = unpack(data.action).at(step, 0) - (data.policy !== "numbers" ? 1 : 0);
  const length = 30 * clamp(torque, -2, 2), faint = { stroke: "quiet", thickness: 1.5 };
  return [
    state.scene.ghosts.filter((back) => step >= back).map((back) =>
      drawChain(x, y, size, anglesOf(pose, step - back), { ...faint, opacity: 0.8 - back / 12 })),
    drawChain(x, y, size, anglesOf(pose, step), { stroke: "amber", thickness: 7, cap: "round" }),
    circle(x, y, 3, { fill: "ink" }),
    line(base - 62, y + 8, base + 62, y + 8),
    line(base, y + 2, base, y + 14, { stroke: "quiet" }),
    rect(base + Math.min(0, length), y + 4, Math.abs(length), 8, { fill: "blue" }),
    text(base, y - 6, `torque ${action}`, { size: 11, fill: "blue-text", anchor: "middle" }),
  ];
};

const drawChain = (x, y, size, angles, look) => {
  let d = `M${number(x)} ${number(y)}`;
  for (const angle of angles) {
    x += size * Math.sin(angle);
    y -= size * Math.cos(angle);
    d += `L${number(x)} ${number(y)}`;
  }
  return path(d, { fill: "none", join: "round", ...look });
};

// ---------------------------------------------------------------- a grid world

const gridPlace = (at, height, about) => {
  const rows = about.map.length, size = Math.min((at.right - at.left) / about.columns, (height - 4) / rows, 44);
  return { left: (at.left + at.right - size * about.columns) / 2, top: 2 + (height - 4 - size * rows) / 2, size };
};

const drawGrid = (at, height, state, data, step) => {
  const about = state.scene, pose = unpack(data.pose), { left, top, size } = gridPlace(at, height, about);
  const centre = (when) => {
    const cell = pose.at(when, 0), column = cell % about.columns, row = (cell - column) / about.columns;
    return [left + (column + 0.5) * size, top + (row + 0.5) * size];
  };
  const first = Math.max(0, step - 200), [x, y] = centre(step), [toX, toY] = centre(step + 1);
  const way = range(step + 1 - first).map((index) => centre(first + index).map(number).join(" ")).join("L");
  const moves = step === data.steps - 1 || x !== toX || y !== toY;
  return [
    about.map.map((row, down) => [...row].map((letter, right) =>
      drawCell(left + right * size, top + down * size, size, letter,
        about.kinds[down * about.columns + right]))),
    path(`M${way}`, { fill: "none", stroke: "blue", thickness: 3, opacity: 0.35, join: "round", cap: "round" }),
    moves && line(x, y, toX, toY, { stroke: "blue", thickness: 1.5, dash: "2 3" }),
    circle(toX, toY, size * 0.12, { fill: "ground", stroke: "blue", thickness: 1.5 }),
    data.probabilities && drawRose(x, y, size, about, data, step),
    circle(x, y, size * 0.17, { fill: "blue", stroke: "ground", thickness: 1.5 }),
  ];
};

const drawCell = (x, y, size, letter, kind) => {
  const loss = ["vermilion", 0.22];
  const special = { wall: ["grey", 0.75], cliff: loss, pit: loss, goal: ["green", 0.25] }[kind];
  return [
    rect(x + 0.5, y + 0.5, size - 1, size - 1, { fill: special ? tint(...special) : "wash", radius: 3 }),
    !".#".includes(letter) && size >= 13 &&
      text(x + 4, y + 12, letter, { size: 11, fill: special ? "ink" : "quiet" }),
  ];
};

const drawRose = (x, y, size, about, data, step) => about.ways.map(([right, down], action) => {
  const chances = unpack(data.probabilities), chosen = unpack(data.action).at(step, 0);
  const chance = action < chances.shape[1] ? chances.at(step, action) : 0;
  if (chance < 0.04 || !(right || down)) return null;
  const length = Math.hypot(right, down), ux = right / length, uy = down / length;
  const near = size * 0.2, far = size * (0.27 + 0.2 * chance), half = size * (0.05 + 0.07 * chance);
  const points = [[far, 0], [near, half], [near, -half]].map(([along, across]) =>
    `${number(x + ux * along - uy * across)} ${number(y + uy * along + ux * across)}`);
  return path(`M${points.join("L")}Z`, { fill: action === chosen ? "blue" : "quiet" });
});

// ---------------------------------------------------------------- a dialogue

const drawText = (at, height, state, data, step) => {
  const pieces = textPlaces(data.texts, at.left, at.right), rows = Math.floor(height / 18);
  const rowNow = pieces.find(([index]) => index === step + 1)?.[2] ?? 0, first = Math.max(0, rowNow - rows + 2);
  return pieces.filter(([, , row]) => first <= row && row < first + rows).map(([index, x, row, piece]) => {
    const y = 14 + 18 * (row - first), now = index === step + 1, opacity = index > step + 1 ? 0.4 : null;
    return [
      now && rect(x + textWidth(piece) - textWidth(piece.trimStart()) - 2, y - 13, textWidth(piece.trim()) + 4, 18,
        { fill: tint("blue", 0.16), stroke: "blue", radius: 3 }),
      text(x, y, piece, { fill: now ? "blue-text" : index === 0 ? "quiet" : "ink", opacity }),
    ];
  });
};

// Pieces of texts set in lines: which text, from where, in which line, and the piece.
const textPlaces = (texts, left, right) => {
  const found = [];
  let x = left, row = 0;
  texts.forEach((string, index) => {
    for (let piece of string.match(/\n| *[^\n ]+| +/g) ?? []) {
      if (piece === "\n" || x + textWidth(piece) > right) {
        x = left;
        row += 1;
        piece = piece.trim();
      }
      if (!piece) continue;
      found.push([index, x, row, piece]);
      x += textWidth(piece);
    }
  });
  return found;
};

// ---------------------------------------------------------------- numbers

const drawNumbers = (at, height, state, data, step) => {
  const about = state.scene, pose = unpack(data.pose), middle = (at.left + at.right) / 2;
  const pitch = Math.min(18, (height - 8) / about.names.length);
  return about.names.map((name, index) => {
    const y = 4 + index * pitch, value = pose.at(step, index), length = (150 * value) / about.spans[index];
    return [
      text(middle - 166, y + 11, fit(name, 100, 11), { ...small, anchor: "end" }),
      line(middle, y, middle, y + pitch, { stroke: "quiet" }),
      rect(middle + Math.min(0, length), y + 3, Math.abs(length), pitch - 6, { fill: "sky" }),
      text(middle + 166, y + 11, printed(value, about.digits), { size: 11 }),
    ];
  });
};

// ---------------------------------------------------------------- film

const drawFilm = (at, about, data, step) => {
  const top = M.film_top, height = M.film, cells = filmSteps(at, data.steps), every = data.steps / cells.length;
  const width = (at.right - at.left) / cells.length, pose = unpack(data.pose);
  const now = Math.min(cells.length - 1, Math.floor((step / data.steps) * cells.length));
  return [
    text(16, top + 14, "Film", { weight: 600 }),
    text(16, top + 29, every > 1 ? `every ${lab.fixed(every, 0)} steps` : "every step", small),
    rect(at.left, top, at.right - at.left, height, { fill: "wash", radius: 4 }),
    cells.map((when, index) => {
      const x = at.left + (index + 0.5) * width, tone = index === now ? "ink" : "quiet";
      if (about.kind === "rods") {
        return [
          drawChain(x, top + height / 2, 13 / about.rods, anglesOf(pose, when), { stroke: "amber", thickness: 3 }),
          circle(x, top + height / 2, 2, { fill: tone }),
        ];
      }
      const cart = x + (pose.at(when, 0) / 2.4) * width * 0.3;
      return [
        line(x - width * 0.36, top + 27.5, x + width * 0.36, top + 27.5, { stroke: tone }),
        rect(cart - 5, top + 22, 10, 5, { fill: tone, radius: 1 }),
        drawPole(cart, top + 22, 17, pose.at(when, 1), { stroke: "amber", thickness: 2.5, cap: "round" }),
      ];
    }),
  ];
};
