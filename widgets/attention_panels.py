"""The panels of the attention explorer's static picture: the model's answer, and one cell step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from .attention_arithmetic import amount, cell_steps, share
from .attention_layout import Layout
from .picture import Picture, number
from .text_metrics import fit, text_width
from .view import unpack

__all__ = ["bar_path", "draw_habit", "draw_legend", "draw_next", "draw_steps", "fitted", "label_look"]

State = Mapping[str, Any]


def draw_next(picture: Picture, at: Layout, answers: State) -> None:
    """The favourites: blue by the whole model, purple by the one without the head."""
    x, y, right = at.next_x, at.next_y, at.next_x + at.next_width
    if at.kind != "narrow":
        picture.line(x, y + 4.5, x + at.overview, y + 4.5)
    title = fit(answers["title"], 110, bold=True)
    picture.text(x, y + 23, title, weight=600)
    left = x + text_width(title, bold=True) + 14
    for colour, meaning in [("blue", "whole model"), ("purple", answers["off"])]:
        if meaning:
            picture.rect(left, y + 14, 9, 9, fill=colour)
            picture.text(left + 13, y + 23, meaning, size=11, fill="quiet")
            left += text_width(meaning, 11) + 26
    off = bool(answers["off"])
    unit = at.next_width - 72 - (126 if off else 46)
    for row, token in enumerate(answers["tokens"]):
        base = y + 48 + 19 * row
        picture.text(x + 64, base, fit(token["label"], 64, mono=True), mono=True, anchor="end")
        picture.rect(x + 71, base - (11 if off else 10), unit * token["before"], 7 if off else 11, fill="blue")
        if off:
            picture.rect(x + 71, base - 4, unit * token["after"], 7, fill="purple")
        draw_change(picture, right, base, token, off)
    picture.line(x + 70.5, y + 33, x + 70.5, y + 37 + 19 * len(answers["tokens"]), stroke="ink")


def draw_change(picture: Picture, right: float, base: float, token: State, off: bool) -> None:
    """The probability before, after, and the difference."""
    before, after, change = token["shown"]
    if not off:
        picture.text(right, base, before, size=11, weight=600, anchor="end")
        return
    picture.text(right - 84, base, before, size=11, fill="quiet", anchor="end")
    picture.text(right - 75, base, "→", size=11, fill="quiet", anchor="middle")
    picture.text(right - 40, base, after, size=11, weight=600, anchor="end")
    weight = 400 if token["tone"] == "quiet" else 600
    picture.text(right, base, change, size=11, weight=weight, fill=token["tone"], anchor="end")


def draw_steps(picture: Picture, m: State, at: Layout, state: State, query: int, key: int | None) -> None:
    """From two vectors to one weight: the products, their sum, the score, its share of the row."""
    key = state["strongest"][query] if key is None else key
    q, k = (torch.from_numpy(unpack(state[name]).copy()) for name in "qk")
    seen = query + 1 if state["causal"] else len(k)
    steps = cell_steps(q[query], k[:seen], key)
    pair = " → ".join(fitted(state["tokens"][token], 50) for token in (query, key))
    if at.kind == "middle":
        draw_steps_in_lines(picture, m, at, pair, steps)
    else:
        draw_steps_in_column(picture, m, at, pair, steps, key)


def draw_steps_in_lines(picture: Picture, m: State, at: Layout, pair: str, steps: State) -> None:
    """The steps as two lines of text under the matrix."""
    x, y, count = at.panel_x, at.panel_y, len(steps["products"])
    shift = f" − {amount(steps['shift'])}" if steps["shift"] else ""
    picture.line(16, y + 2.5, picture.width - 16, y + 2.5)
    draw_products(picture, m, x, y + 12, 38, steps["products"])
    left = x + m["panel"] + 16
    picture.text(left, y + 25, pair, mono=True, weight=600)
    score = f"÷ √{count} = score {amount(steps['score'])}"
    summed = f"{count} products of q and k sum to {amount(steps['sum'])}; {score}"
    picture.text(left + text_width(pair, mono=True) + 14, y + 25, summed)
    weighed = f"e to the score{shift} {amount(steps['exponential'])} ÷ whole row {amount(steps['total'])} ="
    picture.text(left, y + 45, weighed)
    weight = f"weight {share(steps['weight'])}"
    picture.text(left + text_width(weighed) + 6, y + 45, weight, weight=600, fill="blue-text")


def draw_steps_in_column(picture: Picture, m: State, at: Layout, pair: str, steps: State, key: int) -> None:
    """The steps one below the other, with the whole row at the end."""
    x, y, right, count = at.panel_x, at.panel_y, at.panel_x + m["panel"], len(steps["products"])
    shift = f" − {amount(steps['shift'])}" if steps["shift"] else ""
    picture.text(x, y + 23, pair, mono=True, weight=600)
    picture.text(x, y + 39, "one cell, step by step", size=11, fill="quiet")
    draw_products(picture, m, x, y + 50, 68, steps["products"])
    picture.text(x, y + 133, f"{count} products of q and k", size=11, fill="quiet")
    lines = [
        (156, "their sum q·k", amount(steps["sum"]), 400),
        (176, f"÷ √{count} = score", amount(steps["score"]), 600),
        (208, f"e to the score{shift}", amount(steps["exponential"]), 400),
        (228, "÷ whole row", amount(steps["total"]), 400),
    ]
    for offset, label, value, weight in lines:
        picture.text(x, y + offset, label, fill="quiet", size=11 if shift and offset == 208 else 13)
        picture.text(right, y + offset, value, weight=weight, anchor="end")
    picture.line(x, y + 189.5, right, y + 189.5)
    draw_shares(picture, m, x, y + 240, steps["shares"], key)
    picture.text(x, y + 273, "weight", weight=600)
    picture.text(right, y + 273, share(steps["weight"]), size=15, weight=600, fill="blue-text", anchor="end")


def draw_products(picture: Picture, m: State, x: float, y: float, height: float, products: Sequence[float]) -> None:
    """The products of the two vectors' numbers, about zero."""
    high, low = max(0.0, *products), min(0.0, *products)
    scale = height / ((high - low) or 1.0)
    zero, pitch = y + scale * high, m["panel"] / len(products)
    wide = max(pitch - 0.6, 0.7 * pitch)
    for sign, colour in ((1, "blue"), (-1, "vermilion")):
        bars = [
            bar_path(x + pitch * index, zero, wide, scale * product)
            for index, product in enumerate(products)
            if sign * product > 0
        ]
        picture.path("".join(bars), fill=colour)
    picture.line(x, zero, x + m["panel"], zero, stroke="ink", thickness=0.75)


def draw_shares(picture: Picture, m: State, x: float, y: float, shares: Sequence[float], key: int) -> None:
    """The whole row as one bar, this cell's share of it in blue."""
    left, parts = x, []
    for part in shares:
        wide = m["panel"] * part
        parts.append(bar_path(left, y + 13, wide - (1 if wide > 3 else 0), 13) if wide >= 0.3 else "")
        left += wide
    picture.path("".join(parts[:key] + parts[key + 1 :]), fill="grey", opacity=0.5)
    picture.path(parts[key], fill="blue")


def draw_habit(picture: Picture, m: State, at: Layout, state: State) -> None:
    """What the head does on average, while no row is chosen."""
    x, y, right = at.panel_x, at.panel_y, at.panel_x + m["panel"]
    first = "start" if state["begins"] else "first token"
    names = (first, "itself", "token before")
    if at.kind == "middle":
        picture.line(16, y + 2.5, picture.width - 16, y + 2.5)
        told = " · ".join(f"{name} {share(value)}" for name, value in zip(names, state["habit"], strict=True))
        picture.text(x, y + 25, "mean weight of a row", weight=600)
        picture.text(x, y + 45, told)
        return
    picture.text(x, y + 23, "the whole head", weight=600)
    picture.text(x, y + 39, "mean weight of a row on", size=11, fill="quiet")
    for index, (name, value) in enumerate(zip(names, state["habit"], strict=True)):
        top = y + 50 + 32 * index
        picture.text(x, top + 12, name, fill="quiet")
        picture.text(right, top + 12, share(value), anchor="end")
        picture.rect(x, top + 18, m["panel"] * value, 6, fill="blue")
    for line, text in enumerate(("Hover a cell to see its", "arithmetic, click it to", "keep its row.")):
        picture.text(x, y + 170 + 15 * line, text, size=11, fill="quiet")


def draw_legend(picture: Picture, m: State, at: Layout, state: State) -> None:
    """The scale of opacity, and what the empty corner is."""
    x, y, right = at.panel_x, at.panel_y + 288, at.panel_x + m["panel"]
    picture.line(x, y + 0.5, right, y + 0.5)
    picture.text(x, y + 23, "weight", size=11, fill="quiet")
    picture.text(x + 43, y + 23, "0", size=11, fill="quiet")
    for step in range(10):
        picture.rect(x + 54 + 6 * step, y + 14, 6, 10, fill="blue", opacity=((step + 0.5) / 10) ** m["power"])
    picture.text(right, y + 23, "1", size=11, fill="quiet", anchor="end")
    if state["causal"] and at.kind == "wide":
        picture.path(f"M{number(x + 0.5)} {number(y + 40.5)}h28v28z", stroke="grey", dash="3 2", fill="none")
        picture.text(x + 38, y + 51, "empty corner:", size=11, fill="quiet")
        picture.text(x + 38, y + 65, "masked future", size=11, fill="quiet")


def label_look(state: State, token: int, chosen: bool) -> dict[str, Any]:
    """The start token is set aslant in quiet ink: it is not of the text."""
    if token == 0 and state["begins"]:
        return {"slant": "italic", "fill": "blue-text" if chosen else "quiet", "weight": 600 if chosen else None}
    return {"mono": True, "fill": "blue-text" if chosen else "ink", "weight": 600 if chosen else None}


def fitted(token: Sequence[str], room: float, size: float = 13) -> str:
    """A token's label, cut if it is too wide, with its number."""
    label, mark = token
    return fit(label, room - text_width(mark, size, mono=True), size, mono=True) + mark


def bar_path(left: float, base: float, wide: float, height: float) -> str:
    """A bar that stands on a line, or hangs from it."""
    return f"M{number(left)} {number(base)}v{number(-height)}h{number(wide)}v{number(height)}z"
