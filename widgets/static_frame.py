"""What stands around the stage of every static picture: header, the reader's text, or a notice instead of the stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .browser_module import NOTICES
from .picture import Picture
from .runs import Runs, runs_width, wrap_runs
from .text_metrics import fit, wrap

__all__ = ["draw_field", "draw_header", "draw_notice"]

PADDING = 16


def draw_header(picture: Picture, title: str, runs: Runs, meta: str) -> float:
    """Title, meta and sentence at the top of a static picture; returns where the stage begins."""
    inner = picture.width - 2 * PADDING
    picture.text(PADDING, 29, fit(title, inner, 15, bold=True), size=15, weight=600)
    if meta:
        picture.text(picture.width - PADDING, 29, meta, size=11, fill="quiet", anchor="end")
    lines = [runs] if runs_width(runs) <= inner else wrap_runs(runs, inner)
    for index, line in enumerate(lines):
        picture.text(PADDING, 51 + 18 * index, line)
    return 64 + 18 * (len(lines) - 1)


def draw_field(picture: Picture, top: float, entry: str) -> float:
    """The field with the reader's text, at most three lines of it; returns the height it takes."""
    inner = picture.width - 2 * PADDING - 22
    lines = [line for paragraph in entry.split("\n") for line in wrap(paragraph, inner)]
    if len(lines) > 3:
        lines[2:] = [f"{lines[2]} …"]
    height = 20 * len(lines) + 14
    picture.rect(
        PADDING + 0.5, top + 0.5, picture.width - 2 * PADDING - 1, height - 1, fill="none", stroke="hairline", radius=6
    )
    for index, line in enumerate(lines):
        picture.text(PADDING + 11, top + 21 + 20 * index, fit(line, inner))
    return height + 8


def draw_notice(picture: Picture, state: Mapping[str, Any]) -> float:
    """The stage of a state without a picture: an empty frame; the words stand in the header."""
    picture.rect(PADDING, 8, picture.width - 2 * PADDING, 96, fill="wash", radius=6)
    picture.text(picture.width / 2, 61, NOTICES[state["status"]], fill="quiet", anchor="middle")
    return 120
