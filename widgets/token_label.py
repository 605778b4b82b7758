"""Token labels: how a token is shown when it is blank, half a character, or a mark that sits on another character.

A blank is a quiet dot, a line break an arrow, a byte that is no whole character its two hexadecimal digits; so two
different tokens never look alike by accident, and no token looks like nothing.
"""

from __future__ import annotations

import unicodedata

__all__ = ["is_text", "token_label", "token_runs"]

STAND_INS = {" ": "·", "\n": "↵", "\t": "⇥", "\r": "⏎", "\xa0": "⍽"}
DOTTED_CIRCLE = "◌"  # what Unicode shows a combining mark on


def token_runs(token: bytes | str) -> list[list[str]]:
    """A token as styled parts for a picture: its text in the code face, stand-ins for what is not seen in quiet ink.

    Args:
        token: Its bytes, or its text.
    """
    text = token if isinstance(token, str) else as_text(token)
    if text is None:
        return [["code quiet", " ".join(f"{byte:02x}" for byte in token)]]
    runs: list[list[str]] = []
    for position, character in enumerate(text):
        shown, seen = visible(character, first=position == 0)
        style = "code" if seen else "code quiet"
        if runs and runs[-1][0] == style:
            runs[-1][1] += shown
        else:
            runs.append([style, shown])
    return runs or [["code quiet", "∅"]]


def token_label(token: bytes | str) -> str:
    """The same as one plain string, for sentences and for those who listen."""
    return "".join(text for _, text in token_runs(token))


def is_text(data: bytes) -> bool:
    """Whether the bytes are whole characters."""
    return as_text(data) is not None


def as_text(data: bytes) -> str | None:
    """The text of the bytes, None where a character is cut."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def visible(character: str, *, first: bool) -> tuple[str, bool]:
    """What is shown for a character, and whether that is the character itself."""
    category = unicodedata.category(character)
    if character in STAND_INS:
        return STAND_INS[character], False
    if category in ("Mn", "Me", "Mc") and first:
        return DOTTED_CIRCLE + character, True
    if category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"):
        return f"U+{ord(character):04X}", False
    return character, True
