"""The static scene of a RolloutPlayer: the environment at one step. `rollout_scene.js` draws the live one."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from .palette import mix
from .picture import Picture, number
from .rollout_bars import Place, film_steps
from .rollout_state import chosen_action, printed
from .text_metrics import fit, text_width
from .view import unpack

__all__ = ["draw_scene"]

Data = Mapping[str, Any]
CART, POLE, ROD = 44, 64, 26  # pixels: width of the cart, lengths of the pole and of a rod
TRACK = 2.6  # m from the middle to the end of the picture


def draw_scene(picture: Picture, measures: Mapping[str, float], at: Place, state: Data, data: Data, step: int) -> None:
    """The environment as it is before a step, with the film under it where the scene has one."""
    about = state["scene"]
    draw_words(picture, about, data, step)
    height = measures["scene"] if about["film"] else measures["wide_scene"]
    draw = {"cart": draw_cart, "rods": draw_rods, "grid": draw_grid, "text": draw_text, "numbers": draw_numbers}[
        about["kind"]
    ]
    draw(picture, at, height, state, data, step)
    if about["film"]:
        draw_film(picture, measures, at, about, data, step)


def draw_words(picture: Picture, about: Data, data: Data, step: int) -> None:
    """Beside the scene: which step it is, when, and how the episode ends."""
    picture.text(16, 14, "Scene", weight=600)
    picture.text(16, 30, f"step {step}, last {data['steps'] - 1}", size=11, fill="quiet")
    if about["seconds"]:
        picture.text(16, 45, f"{step * about['seconds']:.2f} s", size=11, fill="quiet")


# --- cart and pole --------------------------------------------------------------------------------------------


def draw_cart(picture: Picture, at: Place, height: float, state: Data, data: Data, step: int) -> None:
    """The cart on its track; faint, where it was; the push, as long as it was likely."""
    pose, ground = unpack(data["pose"]), height - 24
    scale = (at.right - at.left) / (2 * TRACK)
    middle = (at.left + at.right) / 2

    def x_of(place: float) -> float:
        return middle + scale * min(max(place, -TRACK), TRACK)

    picture.line(x_of(-2.4), ground, x_of(2.4), ground, stroke="quiet", thickness=2)
    for place in (-2, -1, 0, 1, 2):
        picture.line(x_of(place), ground, x_of(place), ground + 5, stroke="quiet")
        label = f"{place} m" if place == 2 else printed(place, 0)
        picture.text(x_of(place), ground + 17, label, size=11, fill="quiet", anchor="middle")
    for edge in (-2.4, 2.4):
        picture.line(x_of(edge), ground - 26, x_of(edge), ground + 5, stroke="vermilion", thickness=2.5)
        x, anchor = x_of(edge) + math.copysign(5, edge), "end" if edge < 0 else None
        picture.text(x, ground - 16, "edge", size=11, fill="vermilion-text", anchor=anchor)
    for back in state["scene"]["ghosts"]:
        if step >= back:
            x, lean = x_of(float(pose[step - back][0])), float(pose[step - back][1])
            opacity = 0.75 - back / 70
            picture.rect(x - CART / 2, ground - 24, CART, 18, fill="none", stroke="quiet", radius=5, opacity=opacity)
            draw_pole(picture, x, ground - 24, POLE, lean, stroke="quiet", thickness=1.5, opacity=opacity)
    x, lean = x_of(float(pose[step][0])), float(pose[step][1])
    if step == data["steps"] - 1:  # what the last step led to
        x_end = x_of(float(pose[step + 1][0]))
        look: dict[str, Any] = {"stroke": "vermilion", "thickness": 1.5, "dash": "3 2"}
        picture.rect(x_end - CART / 2, ground - 24, CART, 18, fill="none", radius=5, **look)
        draw_pole(picture, x_end, ground - 24, POLE + 4, float(pose[step + 1][1]), **look)
    for wheel in (-12, 12):
        picture.circle(x + wheel, ground - 4.5, 4.5, fill="ink")
    picture.rect(x - CART / 2, ground - 24, CART, 18, fill="ink", radius=5)
    draw_pole(picture, x, ground - 22, POLE, lean, stroke="amber", thickness=7, cap="round")
    picture.circle(x, ground - 22, 3, fill="ground")
    draw_push(picture, x, ground - 15, CART / 2 + 5, data, step)


def draw_pole(picture: Picture, x: float, y: float, length: float, lean: float, **look: Any) -> None:
    """A straight rod that leans so far from the upright, clockwise."""
    picture.line(x, y, x + length * math.sin(lean), y - length * math.cos(lean), **look)


def draw_push(picture: Picture, x: float, y: float, away: float, data: Data, step: int) -> None:
    """An arrow to the left or right, as long as the action was likely, with its probability."""
    way, chance = 1 if float(unpack(data["action"])[step][0]) > 0 else -1, float(unpack(data["chance"])[step])
    length = 14 + 34 * (0.5 if math.isnan(chance) else chance)
    start, end = x + way * away, x + way * (away + length)
    picture.line(start, y, end - way * 7, y, stroke="blue", thickness=4)
    picture.path(f"M{number(end)} {number(y)}L{number(end - way * 10)} {number(y - 6)}V{number(y + 6)}Z", fill="blue")
    if not math.isnan(chance):
        label = printed(chance, 2)
        picture.text((start + end) / 2, y - 11, label, size=11, weight=600, fill="blue-text", anchor="middle")


# --- rods on an axle ------------------------------------------------------------------------------------------


def draw_rods(picture: Picture, at: Place, height: float, state: Data, data: Data, step: int) -> None:
    """One rod or two on an axle, where they were, and the torque as a bar."""
    pose, x, y = unpack(data["pose"]), (at.left + at.right) / 2, height / 2 - 4
    size = 56 / state["scene"]["rods"]
    for back in state["scene"]["ghosts"]:
        if step >= back:
            draw_chain(picture, x, y, size, pose[step - back], stroke="quiet", thickness=1.5, opacity=0.8 - back / 12)
    draw_chain(picture, x, y, size, pose[step], stroke="amber", thickness=7, cap="round")
    picture.circle(x, y, 3, fill="ink")
    action, _ = chosen_action(state, data, step)
    torque = float(unpack(data["action"])[step][0]) - (1 if data["policy"] != "numbers" else 0)
    base, length = x + 110, 30 * min(max(torque, -2), 2)
    picture.line(base - 62, y + 8, base + 62, y + 8)
    picture.line(base, y + 2, base, y + 14, stroke="quiet")
    picture.rect(base + min(0.0, length), y + 4, abs(length), 8, fill="blue")
    picture.text(base, y - 6, f"torque {action}", size=11, fill="blue-text", anchor="middle")


def draw_chain(picture: Picture, x: float, y: float, size: float, angles: Sequence[float], **look: Any) -> None:
    """Rods end to end, at angles from the upright, clockwise."""
    d = f"M{number(x)} {number(y)}"
    for angle in angles:
        x, y = x + size * math.sin(float(angle)), y - size * math.cos(float(angle))
        d += f"L{number(x)} {number(y)}"
    picture.path(d, fill="none", join="round", **look)


# --- a grid world ---------------------------------------------------------------------------------------------


def grid_place(at: Place, height: float, about: Data) -> tuple[float, float, float]:
    """Where the map stands, and how large a cell is."""
    rows, columns = len(about["map"]), about["columns"]
    size = min((at.right - at.left) / columns, (height - 4) / rows, 44)
    return (at.left + at.right - size * columns) / 2, 2 + (height - 4 - size * rows) / 2, size


def draw_grid(picture: Picture, at: Place, height: float, state: Data, data: Data, step: int) -> None:
    """The map, the way so far, the next move (dashed), and an arrow for each action, as long as it is likely."""
    about, pose = state["scene"], unpack(data["pose"])
    left, top, size = grid_place(at, height, about)
    for row, line in enumerate(about["map"]):
        for column, letter in enumerate(line):
            kind = about["kinds"][row * about["columns"] + column]
            draw_cell(picture, left + column * size, top + row * size, size, letter, kind)

    def centre(when: int) -> tuple[float, float]:
        row, column = divmod(int(pose[when][0]), about["columns"])
        return left + (column + 0.5) * size, top + (row + 0.5) * size

    way = "L".join(
        f"{number(x)} {number(y)}" for x, y in (centre(when) for when in range(max(0, step - 200), step + 1))
    )
    picture.path(f"M{way}", fill="none", stroke="blue", thickness=3, opacity=0.35, join="round", cap="round")
    (x, y), (to_x, to_y) = centre(step), centre(step + 1)
    if step == data["steps"] - 1 or (x, y) != (to_x, to_y):
        picture.line(x, y, to_x, to_y, stroke="blue", thickness=1.5, dash="2 3")
    picture.circle(to_x, to_y, size * 0.12, fill="ground", stroke="blue", thickness=1.5)
    if data["probabilities"] is not None:
        draw_rose(picture, x, y, size, about, unpack(data["probabilities"])[step], int(unpack(data["action"])[step][0]))
    picture.circle(x, y, size * 0.17, fill="blue", stroke="ground", thickness=1.5)


def draw_cell(picture: Picture, x: float, y: float, size: float, letter: str, kind: str) -> None:
    """One cell of the map; what is more than floor has a colour and its letter."""
    loss = mix("vermilion", 0.22)
    tones = {"wall": mix("grey", 0.75), "cliff": loss, "pit": loss, "goal": mix("green", 0.25)}
    picture.rect(x + 0.5, y + 0.5, size - 1, size - 1, fill=tones.get(kind, "wash"), radius=3)
    if letter not in ".#" and size >= 13:
        picture.text(x + 4, y + 12, letter, size=11, fill="ink" if kind in tones else "quiet")


def draw_rose(
    picture: Picture, x: float, y: float, size: float, about: Data, chances: Sequence[float], chosen: int
) -> None:
    """A triangle for each action that is at all likely."""
    for action, (right, down) in enumerate(about["ways"]):
        chance = float(chances[action]) if action < len(chances) else 0.0
        if chance < 0.04 or not (right or down):
            continue
        length = math.hypot(right, down)
        ux, uy = right / length, down / length
        near, far, half = size * 0.2, size * (0.27 + 0.2 * chance), size * (0.05 + 0.07 * chance)
        corners = [(far, 0), (near, half), (near, -half)]
        points = [(x + ux * along - uy * across, y + uy * along + ux * across) for along, across in corners]
        d = "L".join(f"{number(px)} {number(py)}" for px, py in points)
        picture.path(f"M{d}Z", fill="blue" if action == chosen else "quiet")


# --- a dialogue -----------------------------------------------------------------------------------------------


def draw_text(picture: Picture, at: Place, height: float, state: Data, data: Data, step: int) -> None:
    """The dialogue so far; framed what is written now, and pale what follows."""
    pieces = text_places(data["texts"], at.left, at.right)
    row_now = next((row for index, _, row, _ in pieces if index == step + 1), 0)
    rows = int(height // 18)
    first = max(0, row_now - rows + 2)
    for index, x, row, text in pieces:
        if not first <= row < first + rows:
            continue
        y = 14 + 18 * (row - first)
        if index == step + 1:
            blank = text_width(text) - text_width(text.lstrip(" "))
            picture.rect(
                x + blank - 2,
                y - 13,
                text_width(text.strip(" ")) + 4,
                18,
                fill=mix("blue", 0.16),
                stroke="blue",
                radius=3,
            )
        tone = "blue-text" if index == step + 1 else "quiet" if index == 0 else "ink"
        picture.text(x, y, text, fill=tone, opacity=0.4 if index > step + 1 else None)


def text_places(texts: Sequence[str], left: float, right: float) -> list[tuple[int, float, int, str]]:
    """Pieces of texts set in lines: which text, from where, in which line, and the piece."""
    found, x, row = [], left, 0
    for index, text in enumerate(texts):
        for piece in re.findall(r"\n| *[^\n ]+| +", text):
            if piece == "\n" or x + text_width(piece) > right:
                x, row, piece = left, row + 1, piece.strip()
            if piece:
                found.append((index, x, row, piece))
                x += text_width(piece)
    return found


# --- numbers --------------------------------------------------------------------------------------------------


def draw_numbers(picture: Picture, at: Place, height: float, state: Data, data: Data, step: int) -> None:
    """The numbers of an observation as bars about zero."""
    about, pose = state["scene"], unpack(data["pose"])[step]
    pitch, middle = min(18, (height - 8) / len(about["names"])), (at.left + at.right) / 2
    for index, name in enumerate(about["names"]):
        y, value = 4 + index * pitch, float(pose[index])
        length = 150 * value / about["spans"][index]
        picture.text(middle - 166, y + 11, fit(name, 100, 11), size=11, fill="quiet", anchor="end")
        picture.line(middle, y, middle, y + pitch, stroke="quiet")
        picture.rect(middle + min(0.0, length), y + 3, abs(length), pitch - 6, fill="sky")
        picture.text(middle + 166, y + 11, printed(value, about["digits"]), size=11)


# --- film -----------------------------------------------------------------------------------------------------


def draw_film(picture: Picture, measures: Mapping[str, float], at: Place, about: Data, data: Data, step: int) -> None:
    """Small pictures over the steps that they show; the one of the present step is darker."""
    top, height = measures["film_top"], measures["film"]
    cells = film_steps(at, data["steps"])
    every = data["steps"] / len(cells)
    picture.text(16, top + 14, "Film", weight=600)
    picture.text(16, top + 29, f"every {every:.0f} steps" if every > 1 else "every step", size=11, fill="quiet")
    picture.rect(at.left, top, at.right - at.left, height, fill="wash", radius=4)
    width, pose = (at.right - at.left) / len(cells), unpack(data["pose"])
    now = min(len(cells) - 1, int(step / data["steps"] * len(cells)))
    for index, when in enumerate(cells):
        x, tone = at.left + (index + 0.5) * width, "ink" if index == now else "quiet"
        if about["kind"] == "rods":
            draw_chain(picture, x, top + height / 2, 13 / about["rods"], pose[when], stroke="amber", thickness=3)
            picture.circle(x, top + height / 2, 2, fill=tone)
            continue
        picture.line(x - width * 0.36, top + 27.5, x + width * 0.36, top + 27.5, stroke=tone)
        x += float(pose[when][0]) / 2.4 * width * 0.3
        picture.rect(x - 5, top + 22, 10, 5, fill=tone, radius=1)
        draw_pole(picture, x, top + 22, 17, float(pose[when][1]), stroke="amber", thickness=2.5, cap="round")
