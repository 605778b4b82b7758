// Where things stand: attention_layout.py at the width that the browser has.
const { textWidth, range, clamp } = lab;
const M = MEASURES;

const fold = (layers, heads, width, height) => {
  let best = { blocks: 1, rows: layers, pitch: 0 };
  for (let blocks = 1; blocks <= Math.min(4, layers); blocks++) {
    const rows = Math.ceil(layers / blocks), across = width - blocks * M.rank - (blocks - 1) * M.apart;
    const pitch = Math.min(Math.floor(across / (blocks * heads)), Math.floor(height / rows), M.thumb);
    if (pitch > best.pitch) best = { blocks, rows, pitch };
  }
  const pitch = Math.max(best.pitch, 4), block = M.rank + heads * pitch + M.apart;
  const place = (layer, head) => {
    const left = Math.floor(layer / best.rows) * block + M.rank;
    return [16 + left + head * pitch, M.top + (layer % best.rows) * pitch];
  };
  return { ...best, pitch, thumb: pitch - 2, used: best.blocks * block - M.apart - 2, place };
};

const cellSize = (side, count) => clamp(Math.floor(side / count), M.smallest, M.largest);

const roomOf = (width, kind) => width - 32 - M.gap - (kind === "wide" ? M.panel + 19 : 0);

const kindOf = (width, count, label) => {
  const needed = M.overview + label + 8 + M.aslant + M.smallest * count;
  return ["wide", "middle"].find((kind) => width >= M[kind] && roomOf(width, kind) >= needed) ?? "narrow";
};

export const layout = (width, layers, heads, count, label) => {
  const kind = kindOf(width, count, label), inner = width - 32;
  if (kind === "narrow") {
    const folded = fold(layers, heads, inner, M.flat), below = M.top + folded.rows * folded.pitch + 36;
    const matrixX = 16 + label + 8;
    const size = cellSize(Math.min(M.side, inner - M.gap - M.side_panel - label - 8), count);
    const beside = matrixX + Math.max(size * count, 180) + M.gap;
    return { kind, fold: folded, overview: inner, nextX: beside, nextY: below, nextWidth: width - 16 - beside,
      titleX: 16, matrixX, matrixY: below + M.above, cell: size, panelX: beside, panelY: below + 118,
      height: below + M.height + 38 };
  }
  const room = roomOf(width, kind);
  const overview = Math.max(M.overview, room - (label + 8 + M.side + M.aslant)), titleX = 16 + overview + M.gap;
  return { kind, fold: fold(layers, heads, overview, M.tall), overview, nextX: 16, nextY: M.next,
    nextWidth: Math.min(overview, 440), titleX, matrixX: titleX + label + 8, matrixY: M.above,
    cell: cellSize(Math.min(M.side, room - overview - label - 8 - M.aslant), count),
    panelX: kind === "wide" ? width - 16 - M.panel : 16, panelY: kind === "wide" ? 0 : M.height,
    height: M.height + (kind === "wide" ? 0 : M.strip) };
};

export const labelRoom = (tokens) => {
  const longest = Math.max(...tokens.map(([label, mark]) => textWidth(label + mark, 13, { mono: true })));
  return Math.min(M.label, Math.max(40, Math.ceil(longest)));
};

export const shownTokens = (count, window) => {
  if (count <= M.window) return range(count);
  const last = count - M.window, first = clamp(window >= 0 ? window : last + 1 + window, 0, last);
  return [0, ...range(M.window - 1).map((index) => first + 1 + index)];
};
