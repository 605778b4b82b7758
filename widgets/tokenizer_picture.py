"""The static picture of a tokenizer's work; `tokenizer.js` draws the same, with the same names, in the browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .palette import mix
from .picture import Picture
from .runs import Runs, plain
from .text_metrics import fit, text_width, wrap

__all__ = ["draw_details", "draw_strip", "draw_word", "shown_word"]

State = Mapping[str, Any]


def draw_strip(
    picture: Picture,
    measures: Mapping[str, float],
    state: State,
    top: float,
    index: int,
    chips: list[dict[str, Any]],
    selected: int | None,
) -> float:
    """One tokenizer's chips under its name; returns the height."""
    strip, compared = state["strips"][index], len(state["strips"]) > 1
    picture.text(16, top + 15, strip["name"], weight=600)
    picture.text(26 + text_width(strip["name"], bold=True), top + 15, strip["summary"], size=11, fill="quiet")
    if compared:
        most = max(len(each["chips"]) for each in state["strips"])
        length = 160 * len(strip["chips"]) / max(most, 1)
        picture.rect(picture.width - 176, top + 7, length, 8, fill="sky" if index else "blue")
    if strip["problem"]:
        for line, text in enumerate(wrap(strip["problem"], picture.width - 32)[:3]):
            picture.text(16, top + measures["heading"] + 16 + 18 * line, text, fill="vermilion-text")
        return measures["heading"] + 60
    row = measures["row_compared" if compared else "row"]
    most_rows = int(measures["rows_compared" if compared else "rows"])
    placed = placed_chips(chips, measures, picture.width, numbered=not compared)
    chosen = dict(enumerate(state["strips"][0]["chips"])).get(-1 if selected is None else selected)
    for chip, x, line, width in placed:
        if line >= most_rows:
            break
        draw_chip(picture, measures, chip, x, top + measures["heading"] + row * line, width, overlaps(chip, chosen))
        if not compared:
            y = top + measures["heading"] + row * line + measures["chip"] + 12
            picture.text(x + width / 2, y, f"{chip['id']:,}", size=11, fill="quiet", anchor="middle")
    hidden = sum(line >= most_rows for _, _, line, _ in placed)
    if hidden:
        note = f"{hidden:,} more in rows below"
        picture.text(picture.width - 16, top + 15, note, size=11, fill="quiet", anchor="end")
    return measures["heading"] + row * min(most_rows, placed[-1][2] + 1 if placed else 0)


def placed_chips(
    chips: list[dict[str, Any]], measures: Mapping[str, float], width: float, *, numbered: bool
) -> list[tuple[dict[str, Any], float, int, float]]:
    """(chip, x, row, width) of each chip, from left to right in as many rows as it takes."""
    placed, x, row = [], 16.0, 0
    for chip in chips:
        number = text_width(f"{chip['id']:,}", 11) + 2 if numbered else 0
        size = min(max(label_width(chip) + 12, number, 20), width - 32)
        if x + size > width - 16 and x > 16:
            x, row = 16.0, row + 1
        placed.append((chip, x, row, size))
        x += size + measures["gap"]
    return placed


def label_width(chip: State) -> float:
    """Width of a chip's label; bytes that are no characters are set smaller."""
    return text_width(plain(chip["label"]), 13 if chip["whole"] else 11, mono=True)


def overlaps(chip: State, other: State | None) -> bool:
    """Whether two chips share a byte."""
    return other is not None and chip["at"] < other["at"] + other["size"] and other["at"] < chip["at"] + chip["size"]


def draw_chip(
    picture: Picture, measures: Mapping[str, float], chip: State, x: float, y: float, width: float, chosen: bool
) -> None:
    """A chip: blue when chosen or just merged, with a bar under it, so that it is not told by colour alone."""
    marked = chosen or chip.get("new", False)
    look = {"fill": mix("blue", 0.14), "stroke": "blue"} if marked else {"fill": "ground", "stroke": "hairline"}
    picture.rect(x + 0.5, y + 0.5, width - 1, measures["chip"] - 1, radius=4, **look)
    if marked:
        picture.rect(x + 4, y + measures["chip"] - 3, width - 8, 2, fill="blue")
    label: Runs = [(style, text) for style, text in chip["label"]]
    size = 13 if chip["whole"] else 11
    picture.text(x + width / 2, y + measures["chip"] / 2 + 4.5, label, size=size, anchor="middle")


def shown_word(state: State, chosen: State | None) -> list[int]:
    """[at, size] of the word whose merges are drawn: the chosen token's, else the richest."""
    if chosen:
        return next(word for word in state["words"] if word[0] + word[1] > chosen["at"])
    return state["words"][state["word"]]


def draw_word(
    picture: Picture,
    measures: Mapping[str, float],
    state: State,
    word: list[int],
    step: int | None,
    chosen: State | None,
) -> None:
    """A word's characters, under them their bytes, under them the merges down to the tokens."""
    at, size = word
    width = min(measures["cell"], (picture.width - 64 - measures["side"]) / size)
    raw = bytes.fromhex(state["bytes"])[at : at + size]
    picture.text(16, 14, "From characters to tokens", weight=600)
    about = "characters, their bytes, merges" if state["joins"] else "characters, their bytes, tokens"
    picture.text(28 + text_width("From characters to tokens", bold=True), 14, about, size=11, fill="quiet")
    place = 0
    for character in raw.decode():
        span = len(character.encode())
        x = 16 + width * (place + span / 2)
        if width * span >= 9:
            label: Runs = [(style, text) for style, text in state["characters"][character]["label"]]
            picture.text(x, 40, label, anchor="middle")
        picture.line(16 + width * place + 2, 47.5, 16 + width * (place + span) - 2, 47.5, stroke="grey")
        place += span
    for index, byte in enumerate(raw):
        if width >= 15:
            x = 16 + width * (index + 0.5)
            picture.text(x, 61, f"{byte:02x}", mono=True, size=11, fill="quiet", anchor="middle")
    nodes = merge_tree(state, at, size)
    pitch = min(measures["level"], measures["level"] * measures["levels"] / max(node["level"] for node in nodes))
    for node in nodes:
        left, top = 16 + width * (node["at"] - at), 50 + (measures["level"] - pitch) + pitch * node["level"]
        draw_node(picture, node, left, top, width * node["size"], pitch, step, overlaps(node, chosen))


def merge_tree(state: State, at: int, size: int) -> list[dict[str, Any]]:
    """The merges of a word as boxes: each one level below its two parts; without merges the tokens themselves."""
    if not state["joins"]:
        inside = [chip for chip in state["strips"][0]["chips"] if overlaps(chip, {"at": at, "size": size})]
        return [chip | {"level": 1, "step": 0, "rank": "", "root": True} for chip in inside]
    nodes = {place: {"at": place, "size": 1, "level": 0} for place in range(at, at + size)}
    found: list[dict[str, Any]] = []
    for place, index, step in state["joins"]:
        if at <= place < at + size:
            rule = state["rules"][index]
            left, right = nodes[place], nodes.pop(place + rule["left"])
            level = 1 + max(left["level"], right["level"])
            nodes[place] = rule | {"at": place, "level": level, "step": step}
            found.append(nodes[place])
    roots = {id(node) for node in nodes.values()}
    singles = [  # bytes that stay alone are tokens too
        state["starts"][state["bytes"][2 * node["at"] : 2 * node["at"] + 2]]
        | {"at": node["at"], "level": 1, "step": 0, "rank": "", "root": True}
        for node in nodes.values()
        if node["level"] == 0
    ]
    return [node | {"root": id(node) in roots} for node in found] + singles


def draw_node(
    picture: Picture, node: State, x: float, y: float, width: float, pitch: float, step: int | None, chosen: bool
) -> None:
    """One box of the merge tree: dashed while its merge is still to come, blue where it is a token of the text."""
    done, new = step is None or node["step"] <= step, step is not None and node["step"] == step > 0
    blue = node["root"] or new
    amount = 0.28 if chosen or new else 0.14
    fill = (mix("blue", amount) if blue else "wash") if done else "none"
    dash = None if done else "3 2"
    picture.rect(
        x + 1.5,
        y + 0.5,
        width - 3,
        pitch - 3,
        radius=3,
        fill=fill,
        stroke="blue" if blue and done else "hairline",
        dash=dash,
    )
    if pitch < 15:
        return
    size = 11
    rank_width = text_width(node["rank"], size)
    label = plain(node["label"])
    room = width - 10
    ranked = text_width(label, size, mono=True) + rank_width + 6 <= room and node["rank"]
    shown = fit(label, room, size, mono=True)
    look = {"fill": "ink" if done else "quiet"}
    if ranked:
        picture.text(x + 6, y + 13, shown, mono=True, size=size, **look)
        picture.text(x + width - 6, y + 13, node["rank"], size=size, fill="quiet", anchor="end")
    else:
        picture.text(x + width / 2, y + 13, shown, mono=True, size=size, anchor="middle", **look)


def draw_details(
    picture: Picture, measures: Mapping[str, float], state: State, chip: State, chips: list[dict[str, Any]]
) -> None:
    """What is known of one token: number, bytes, characters and the rule that made it."""
    x, right = picture.width - 16 - measures["side"], picture.width - 16
    picture.line(x - 15.5, 2, x - 15.5, measures["panel"] - 12)
    label: Runs = [(style, text) for style, text in chip["label"]]
    picture.text(x, 15, label, size=15, weight=600)
    tokens = [(one["at"], one["size"]) for one in chips]
    if (chip["at"], chip["size"]) in tokens:  # else it is merged further on
        place = f"token {tokens.index((chip['at'], chip['size'])) + 1:,} of {len(chips):,}"
        picture.text(right, 14, place, size=11, fill="quiet", anchor="end")
    picture.text(x, 36, f"number {chip['id']:,}")
    raw = bytes.fromhex(state["bytes"])[chip["at"] : chip["at"] + chip["size"]]
    shown = fit(" ".join(f"{byte:02x}" for byte in raw), measures["side"] - 100, 11, mono=True)
    picture.text(right, 36, shown, size=11, mono=True, fill="quiet", anchor="end")
    parts = characters_in(state, chip)
    for line, (character, have, size) in enumerate(parts[:4]):
        y = 60 + 18 * line
        glyph: Runs = [(style, text) for style, text in state["characters"][character]["label"]]
        picture.text(x + 10, y, glyph, anchor="middle")
        of = "" if have == size else f"{have} of {size} bytes of "
        name = fit(of + state["characters"][character]["name"], measures["side"] - 30, 11)
        picture.text(x + 30, y, name, size=11, fill="quiet")
    if len(parts) > 4:
        picture.text(x + 30, 132, f"and {len(parts) - 4} more", size=11, fill="quiet")
    for line, text in enumerate(wrap(made(state, chip), measures["side"], 11)[:2]):
        picture.text(x, 156 + 15 * line, text, size=11)


def characters_in(state: State, chip: State) -> list[tuple[str, int, int]]:
    """(character, how many of its bytes, of how many) for the characters that a chip touches."""
    found, at = [], 0
    for character in state["text"]:
        size = len(character.encode())
        have = min(at + size, chip["at"] + chip["size"]) - max(at, chip["at"])
        if have > 0:
            found.append((character, have, size))
        at += size
    return found


def made(state: State, chip: State) -> str:
    """Which rule made a token, in words; empty where nothing is known."""
    if not state["joins"]:
        return ""
    same = [
        state["rules"][i]
        for at, i, _ in state["joins"]
        if at == chip["at"] and state["rules"][i]["size"] == chip["size"]
    ]
    return same[-1]["made"] if same else "one byte: where every text starts"
