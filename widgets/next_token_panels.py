"""The two panels beside the bars of a next token: the roads not taken, and the logit lens through the layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, log10
from typing import Any

from .next_token_state import chance
from .palette import mix
from .picture import Picture, number
from .text_metrics import fit, text_width

__all__ = ["draw_lens", "draw_roads"]

State = Mapping[str, Any]
Measures = Mapping[str, float]
Box = tuple[float, float, float, float]  # x, y, width, height

EMPTY_ROADS = "the roads that you leave stay here"
RANK_TOP, RANK_BOTTOM = 53.0, 84.0  # of the line of ranks in the lens

# ---------------------------------------------------------------- roads


def draw_roads(picture: Picture, measures: Measures, at: Mapping[str, float], state: State) -> None:
    """The last steps from top to bottom, and at each the roads that lead off; drawn from the panel's left edge."""
    side, knot = at["side"], measures["knot"]
    node = 81.0
    if at["wide"]:
        picture.line(-11.5, -8, -11.5, at["bottom"] - 55)
    title, about = roads_head(state)
    picture.text(0, 7, title, weight=600)
    picture.text(0, 21, about, size=11, fill="quiet")
    y = measures["top"] - 55  # level with the bars
    picture.text(node - 9, y + 4.5, fit(state["from"], 70, 13, mono=True), mono=True, fill="quiet", anchor="end")
    for index, step in enumerate(state["steps"]):
        draw_off(picture, node, y, side, step["roads"], ahead=False)
        look = {"stroke": "blue", "thickness": 1 + 8 * step["given"]}
        picture.line(node, y, node, y + knot, **look)
        draw_knot(picture, node, y, first=index == 0)
        y += knot
        picture.text(0, y + 4, chance(step["given"]), size=11, fill="quiet")
        label = fit(step["spoken"], node - 37, 13, mono=True)
        picture.text(node - 9, y + 4.5, label, mono=True, weight=600, fill="blue-text", anchor="end")
    if not state["steps"]:
        picture.text(node + 32, y + 88, EMPTY_ROADS, size=11, fill="quiet")
    draw_off(picture, node, y, side, state["ahead"], ahead=True)
    draw_knot(picture, node, y, first=not state["steps"])


def roads_head(state: State) -> tuple[str, str]:
    """Title of the panel, and what its marks mean."""
    if state["steps"]:
        return "Roads not taken", "line and number: probability; dashed: still ahead"
    return "Roads ahead", "line and number: probability; then the likeliest"


def draw_off(picture: Picture, node: float, y: float, side: float, roads: Sequence[State], *, ahead: bool) -> None:
    """Roads that leave the trunk at a step."""
    for index, road in enumerate(roads):
        to = y + 8.5 + 17 * index
        bend = f"M{number(node)} {number(y)}C{number(node)} {number(to)} {number(node + 8)} {number(to)}"
        look: dict[str, Any] = {"stroke": "blue" if road["walked"] else "grey", "thickness": 1 + 8 * road["given"]}
        if ahead:
            look |= {"dash": "5 3", "opacity": 0.7}
        picture.path(f"{bend} {number(node + 26)} {number(to)}", fill="none", **look)
        for place, x, shown in road_pieces(road, side - node - 72):
            fill = "quiet" if place else "ink"
            picture.text(node + 32 + x, to + 4.5, shown, mono=True, fill=fill)
        picture.text(side, to + 4, chance(road["given"]), size=11, fill="quiet", anchor="end")


def road_pieces(road: State, room: float) -> list[tuple[int, float, str]]:
    """(index, x, text) of the tokens of a road, cut where there is no more room."""
    x, found = 0.0, []
    for index, piece in enumerate(road["tokens"]):
        shown = fit(piece["text"], room - x, 13, mono=True)
        if shown.strip():
            found.append((index, x, shown))
        if shown != piece["text"]:
            break
        x += text_width(shown, 13, mono=True)
    return found


def draw_knot(picture: Picture, x: float, y: float, *, first: bool) -> None:
    """A place on the trunk."""
    if first:
        picture.circle(x, y, 4.5, fill="ground", stroke="blue", thickness=2)
    else:
        picture.circle(x, y, 5, fill="blue", stroke="ground", thickness=1.5)


# ---------------------------------------------------------------- logit lens


def draw_lens(picture: Picture, measures: Measures, at: Mapping[str, float], state: State) -> None:
    """Each layer's favourite, and the rank of the present leader through the layers."""
    lens, width, first = state["lens"], at["width"], at["first"]
    layers = len(lens["favourites"])
    cell = (width - 16 - first) / layers
    picture.line(16, 0.5, width - 16, 0.5)
    picture.text(16, 17, "Logit lens", weight=600)
    picture.text(16, 33, "favourite", size=11, fill="quiet")
    picture.text(16, 65, "rank of", size=11, fill="quiet")
    picture.text(16, 79, fit(state["rows"][0]["spoken"], first - 24, 11, mono=True), mono=True, size=11)
    for layer, label in layer_ticks(layers):
        picture.text(first + cell * (layer + 0.5), 17, label, size=11, fill="quiet", anchor="middle")
    answer = lens["labels"][str(lens["favourites"][-1][0])]["spoken"]
    wide = max(cell, min(text_width(answer, 11, mono=True) + 6, 90))  # the answer is written out
    limit = width - 16 - wide
    for start, end in merged(lens["favourites"]):
        x, to = first + cell * start, min(first + cell * end, limit)
        if to - x > 3:
            picture.rect(x + 1, 21, to - x - 2, 17, radius=3, fill="wash")
            label = fit(lens["labels"][str(lens["favourites"][start][0])]["spoken"], to - x - 3, 11, mono=True)
            picture.text((x + to) / 2, 33.5, label, size=11, mono=True, anchor="middle")
    picture.rect(limit + 1, 21, wide - 2, 17, radius=3, fill=mix("blue", 0.16))
    picture.text(limit + wide / 2, 33.5, fit(answer, wide - 3, 11, mono=True), size=11, mono=True, anchor="middle",
                 weight=600, fill="blue-text")  # fmt: skip
    draw_ranks(picture, at, lens["ranks"][0], lens["story"], cell)


def layer_ticks(layers: int) -> list[tuple[int, str]]:
    """Which layers have their number written."""
    step = 1 if layers <= 12 else 5
    ticks = [layer for layer in range(0, layers, step) if layer == layers - 1 or layers - 1 - layer >= step / 2]
    return [(layer, f"layer {layer}" if layer == 0 else str(layer)) for layer in dict.fromkeys([*ticks, layers - 1])]


def merged(favourites: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """(start, end) of runs of layers with the same favourite, without the last layer, which decides."""
    last = len(favourites) - 1
    starts = [n for n in range(last) if n == 0 or favourites[n][0] != favourites[n - 1][0]]
    return list(zip(starts, [*starts[1:], last], strict=True)) if starts else []


def draw_ranks(
    picture: Picture, at: Mapping[str, float], ranks: Sequence[int], story: Sequence[Sequence[str]], cell: float
) -> None:
    """The rank line on a logarithmic scale, 1 on top, its telling values, and one sentence about it."""
    first, right = at["first"], at["width"] - 16
    places = rank_places(ranks, first, cell)
    for decade in range(decades(ranks) + 1):
        y = RANK_TOP + (RANK_BOTTOM - RANK_TOP) * decade / decades(ranks)
        picture.line(first, y, right, y, dash="1 3")
    picture.path("M" + "L".join(f"{number(x)} {number(y)}" for x, y in places), fill="none", stroke="blue",
                 thickness=1.5)  # fmt: skip
    for x, y in places:
        picture.circle(x, y, 2, fill="blue")
    boxes = []
    for layer, box in rank_labels(ranks, places):
        last = layer == len(ranks) - 1
        look = {"weight": 600, "fill": "blue-text"} if last else {"fill": "quiet"}
        picture.text(box[0] + box[2] / 2, box[1] + 9, f"{ranks[layer]:,}", size=11, anchor="middle", **look)
        boxes.append(box)
    place = story_place(story, places, boxes, first, right)
    if place:
        picture.text(*place, [(style, text) for style, text in story], size=11, stroke="ground", thickness=4,
                     paint_order="stroke", join="round")  # fmt: skip


def decades(ranks: Sequence[int]) -> int:
    """How many powers of ten the scale of ranks spans."""
    return max(1, ceil(log10(max(ranks))))


def rank_places(ranks: Sequence[int], first: float, cell: float) -> list[tuple[float, float]]:
    """Where the line of ranks passes each layer."""
    unit = (RANK_BOTTOM - RANK_TOP) / decades(ranks)
    return [(first + cell * (layer + 0.5), RANK_TOP + unit * log10(rank)) for layer, rank in enumerate(ranks)]


def rank_labels(ranks: Sequence[int], places: Sequence[tuple[float, float]]) -> list[tuple[int, Box]]:
    """The layers whose rank is written, with the box of the number: both ends, and the last above each power of ten."""
    last = len(ranks) - 1
    wanted = [last]
    for power in (1, 10, 100, 1000, 10_000):
        above = [layer for layer in range(last) if ranks[layer] > power]
        wanted += above[-1:]
    found: list[tuple[int, Box]] = []
    for layer in dict.fromkeys([*wanted, 0]):
        x, y = places[layer]
        width = text_width(f"{ranks[layer]:,}", 11, bold=layer == last)
        box = (x - width / 2, y - 14, width, 11.0)
        if all(not overlap(box, other, 4) for _, other in found):
            found.append((layer, box))
    return found


def story_place(
    story: Sequence[Sequence[str]],
    places: Sequence[tuple[float, float]],
    boxes: Sequence[Box],
    first: float,
    right: float,
) -> tuple[float, float] | None:
    """Where the sentence fits without touching the line or a number; None if it fits nowhere."""
    width = 8 + sum(text_width(text, 11, mono="code" in style) for style, text in story)
    for baseline in (70.0, 61.0, 81.0):
        for share in (0.4, 0.25, 0.1, 0.55, 0.7, 0.85, 0.0, 1.0):
            box = (first + share * (right - first - width), baseline - 10, width, 13.0)
            near = [y for x, y in places if box[0] - 12 <= x <= box[0] + width + 12]
            clear = near and (min(near) > box[1] + 14 or max(near) < box[1] - 2)
            if clear and all(not overlap(box, other, 3) for other in boxes):
                return box[0] + 4, baseline
    return None


def overlap(one: Box, two: Box, margin: float) -> bool:
    """Whether two boxes come closer than a margin."""
    apart = one[0] + one[2] + margin <= two[0] or two[0] + two[2] + margin <= one[0]
    return not (apart or one[1] + one[3] <= two[1] or two[1] + two[3] <= one[1])
