"""The static picture of the texts of a ReinforcementOfText: prompt, answers, what the colours mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .palette import mix
from .picture import Picture, number
from .reinforcement_of_text_layout import GAP, Layout, chip_width, pages, tail
from .reinforcement_of_text_reading import Place, Token, advantage_of, part, read_token, short
from .rollout_state import printed
from .text_metrics import fit, text_width
from .view import unpack

__all__ = ["draw_texts", "page_count"]

Data = Mapping[str, Any]
DEEPEST = 0.74  # share of colour in the deepest chip: ink stays readable on it
STEPS = 9  # of the scale in the legend, an odd number
ELLIPSIS = 14.0  # room for a mark that something is left out


def draw_texts(
    picture: Picture, measures: Data, at: Layout, state: Data, place: Place, seen: tuple[int, int] | None, page: int,
    judge: str,
) -> None:  # fmt: skip
    """Prompt and answers, one above the other."""
    draw_prompt(picture, measures, at, state, place)
    picture.text(16, measures["heading"], "Answers", weight=600)
    if place.left_out:
        told = f"{len(place.rows)}/{len(place.rows) + place.left_out}"
        picture.text(at.left - 8, measures["heading"], told, size=11, fill="quiet", anchor="end")
    told = "colour: advantage × change of ln p · bar: change of ln p"
    picture.text(at.left, measures["heading"], fit(told, at.right - at.left, 11), size=11, fill="quiet")
    page = min(page, page_count(state, place, at) - 1)
    for row, sample in enumerate(place.rows):
        chosen = seen[1] if seen is not None and seen[0] == row else None
        with picture.group(0, measures["rows_top"] + row * measures["row"]):
            draw_answer(picture, at, state, place.run, sample, page, judge, chosen)
    draw_legend(picture, measures, at, state)


def page_count(state: Data, place: Place, at: Layout) -> int:
    """Pages of the longest of the answers shown."""
    return max([len(pages(widths(state, at, place.run, sample), at.right - at.left)) for sample in place.rows] or [1])


def widths(state: Data, at: Layout, run: Data, sample: int) -> list[float]:
    """Widths of the chips of one answer."""
    return [chip_width(state["words"][word], at.size) for word in part(run, "token", "tokens.first", sample)]


def draw_prompt(picture: Picture, measures: Data, at: Layout, state: Data, place: Place) -> None:
    """The prompt's last tokens; nothing is learned of them, so that they have no colour."""
    picture.text(16, 14, "Prompt", weight=600)
    if place.prompt < 0:
        picture.text(at.left, 14, "no dialogue of this update was kept", fill="quiet")
        return
    if place.groups > 1:
        picture.text(at.left - 8, 14, f"{place.group + 1}/{place.groups}", size=11, fill="quiet", anchor="end")
    words = [state["words"][word] for word in part(place.run, "history", "history.first", place.prompt)]
    sizes = [chip_width(word, at.size) for word in words]
    room, x = at.right - at.left, at.left
    first = tail(sizes, room)
    if first:
        first, x = tail(sizes, room - ELLIPSIS), at.left + ELLIPSIS
        picture.text(at.left, 14, "…", size=11, fill="quiet")
    for word, width in zip(words[first:], sizes[first:], strict=True):
        picture.rect(x, 1, width, 18, fill="wash", radius=3)
        chip_text(picture, at, x, 14, width, word, "quiet")
        x += width + GAP


def chip_text(picture: Picture, at: Layout, x: float, y: float, width: float, word: str, fill: str) -> None:
    """A token in the middle of its chip, cut where it is wider than all the room."""
    room = min(width, at.right - at.left)
    picture.text(
        x + room / 2, y, fit(word, room - 2, at.size, mono=True), size=at.size, fill=fill, anchor="middle", mono=True
    )


def draw_answer(
    picture: Picture, at: Layout, state: Data, run: Data, sample: int, page: int, judge: str, chosen: int | None
) -> None:
    """One answer: what it earned, its tokens, and the change of each under it."""
    advantage = advantage_of(run, sample, judge)
    tone = "quiet" if advantage == 0 else "blue-text" if advantage > 0 else "vermilion-text"
    picture.text(16, 14, printed(advantage, 2, signed=True), fill=tone, weight=600)
    reward, true = (float(unpack(run[name])[sample]) for name in ("reward", "true"))
    earned = f"reward {short(reward)}" if run["is_true"] else f"paid {short(reward)}, true {short(true)}"
    picture.text(16, 29, fit(earned, at.left - 24, 11), size=11, fill="quiet")
    sizes = widths(state, at, run, sample)
    firsts = pages(sizes, at.right - at.left)
    if page >= len(firsts):
        picture.text(at.left, 14, f"ended after {len(sizes)} tokens", size=11, fill="quiet")
        return
    last = firsts[page + 1] if page + 1 < len(firsts) else len(sizes)
    x = at.left
    if page:
        picture.text(at.left - 4, 14, "…", size=11, fill="quiet", anchor="end")
    masked: list[float] = []
    for token in range(firsts[page], last):
        read = read_token(state, run, sample, token, judge)
        draw_token(picture, at, state, x, sizes[token], read, token == chosen)
        if not read.own:
            masked += [x, x + sizes[token]]
        x += sizes[token] + GAP
    if masked and masked[-1] - masked[0] > text_width("masked", 11):
        picture.text((masked[0] + masked[-1]) / 2, 31, "masked", size=11, fill="quiet", anchor="middle")
    if last < len(sizes):
        picture.text(x + 2, 14, "…", size=11, fill="quiet")


def draw_token(picture: Picture, at: Layout, state: Data, x: float, width: float, token: Token, chosen: bool) -> None:
    """A chip in the colour of its effect, and under it a bar, up or down, for the change."""
    room = min(width, at.right - at.left)
    if not token.own:
        picture.rect(x, 1, room, 18, fill="wash", radius=3)
        chip_text(picture, at, x, 14, width, token.word, "quiet")
    else:
        amount = shade(token.effect, state["limits"]["effect"])
        fill = mix("blue" if amount >= 0 else "vermilion", DEEPEST * abs(amount), dark=picture.dark)
        against = amount < -0.05
        picture.rect(x + 0.5, 1.5, room - 1, 17, fill=fill, stroke="vermilion" if against else "hairline", radius=3,
                     dash="2 2" if against else None)  # fmt: skip
        chip_text(picture, at, x, 14, width, token.word, "ink")
        picture.line(x, 28, x + room, 28)
        bar = bar_height(token.change, state["limits"]["change"])
        if bar:
            picture.rect(x + 2, 28 - max(bar, 0.0), room - 4, abs(bar), fill="quiet")
    if chosen:
        picture.rect(x - 1, 0, room + 2, 20, fill="none", stroke="ink", thickness=2, radius=4)


def shade(size: float, limit: float) -> float:
    """Depth of the colour, from −1 to 1, by the square root, so that small effects are seen too."""
    return float(np.sign(size)) * float(np.sqrt(min(1.0, abs(size) / limit)))


def bar_height(change: float, limit: float) -> float:
    """Pixels of the bar, up to 8 in each direction, by the square root too."""
    return 8 * shade(change, limit)


def draw_legend(picture: Picture, measures: Data, at: Layout, state: Data) -> None:
    """What the colours, the bars and the grey chips mean."""
    y, limits = measures["legend"], state["limits"]
    x = at.left
    effect, change = (short(limits[name]) for name in ("effect", "change"))
    picture.text(x - 8, y + 10, "against", size=11, fill="quiet", anchor="end")
    for step in range(STEPS):
        amount = 2 * step / (STEPS - 1) - 1
        fill = mix("blue" if amount >= 0 else "vermilion", DEEPEST * abs(amount), dark=picture.dark)
        picture.rect(x + 12 * step, y, 12, 12, fill=fill)
    picture.rect(x + 0.5, y + 0.5, 12 * STEPS - 1, 11, fill="none", stroke="hairline")
    for share, label in ((0.0, f"−{effect}"), (0.5, "0"), (1.0, f"+{effect}")):
        picture.text(x + 12 * STEPS * share, y + 24, label, size=11, fill="quiet", anchor="middle")
    x += 12 * STEPS + 8
    picture.text(x, y + 10, "as asked", size=11, fill="quiet")
    x += text_width("as asked", 11) + 18
    picture.path(f"M{number(x)} {number(y + 6)}h10M{number(x + 5)} {number(y - 2)}v16", fill="none", stroke="quiet")
    told = f"bar ±{change}"
    picture.text(x + 15, y + 10, told, size=11, fill="quiet")
    x += 15 + text_width(told, 11) + 18
    if x + 60 <= at.right:
        picture.rect(x, y, 14, 12, fill="wash", radius=3)
        picture.text(x + 18, y + 10, "masked", size=11, fill="quiet")
