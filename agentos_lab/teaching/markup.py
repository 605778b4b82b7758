"""The small pieces of HTML that predictions, checks and quizzes are made of.

Everything reads well without any styling (web viewers strip it) and takes its ink from JupyterLab's theme, so
that it is legible in light and dark. Colour never stands alone: each coloured chip carries a word.
"""

from __future__ import annotations

import html
import re

__all__ = ["CHIPS", "chip", "inline", "panel", "paragraph", "plain"]

# Fills that white text can stand on with a contrast of at least 4.5 to 1.
CHIPS = {"right": "#00775A", "wrong": "#B34700", "open": "#5F5F5F", "chosen": "#005A8F"}

# A single star stands at the edge of a word: "2 * 3 * 4" and "a*b*c" are products.
MARKS = re.compile(r"\*\*([^*]+)\*\*|`([^`]+)`|(?<![\w*])\*(\w[^*]*\w|\w)\*(?![\w*])")


def inline(text: str) -> str:
    """One line of prose as HTML: escaped, with `code` in backticks, *stress* between stars, **strong** between two."""
    return MARKS.sub(_marked, html.escape(text, quote=False))


def plain(text: str) -> str:
    """The same prose for a terminal: the stars and backticks taken away."""
    return MARKS.sub(lambda match: match[1] or match[2] or match[3], text)


def chip(word: str, kind: str) -> str:
    """A word on a coloured ground; `kind` is a key of `CHIPS`."""
    style = f"background:{CHIPS[kind]};color:#fff;padding:1px 8px;border-radius:6px;font-weight:600"
    return f'<strong style="{style}">{html.escape(word)}</strong>'


def paragraph(content: str, margin: str = "4px 0") -> str:
    """A paragraph of ready HTML, set closer than a notebook's own."""
    return f'<p style="margin:{margin}">{content}</p>'


def panel(body: str, kind: str, label: str) -> str:
    """A block with a coloured rule at its left; `label` is its accessible name."""
    style = (
        f"border-left:4px solid {CHIPS[kind]};padding:4px 0 4px 16px;margin:8px 0;max-width:844px;"
        "line-height:1.5;color:var(--jp-ui-font-color1,inherit)"
    )
    return f'<div role="group" aria-label="{html.escape(label)}" style="{style}">{body}</div>'


def _marked(match: re.Match[str]) -> str:
    tag, text = next((tag, text) for tag, text in zip(("strong", "code", "em"), match.groups(), strict=True) if text)
    return f"<{tag}>{text}</{tag}>"
