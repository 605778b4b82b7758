"""What there is to see in a model's attention: pure functions from a reading to plain data.

Sentences and printed numbers are made here, from unrounded values; the browser gets the vectors q and k of the head
that is shown, and does the arithmetic of a cell itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from .attention_arithmetic import share
from .attention_reading import Reading, spell
from .runs import Run, code, counted, rich, strong
from .token_label import token_label
from .view import header, pack

__all__ = ["attention_patterns", "attention_state", "head_effects"]

TITLE = "Where does each token look?"
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def attention_state(reading: Reading, layer: int, head: int, without: Tensor | None = None) -> dict[str, Any]:
    """One head of a reading, and the model's answer with and without it.

    Args:
        reading: A model's run over a text.
        layer: From 0.
        head: From 0.
        without: The model's answer without this head, probabilities (V,); None while it is not silenced.

    Returns:
        A dict with the header and: `tokens` (label and number among its equals), `weights` (T, S), `q` and `k` (T, d),
        `strongest` (the key that each row looks at most), `rows` (a sentence for each row), `habit`, `next` (the
        favourites with their probabilities before and after), and what kind of reading this is.
    """
    weights = reading.weights[layer, head]  # (T, S)
    names = token_names(reading)
    strongest = weights.argmax(dim=-1).tolist()
    subject = strong(f"Layer {layer}, head {head}: ")
    ending = [*ablation_told(reading, without), *caution(reading)]
    q, k = reading.query_and_key(layer, head)
    config = reading.lm.model.config
    habit = habits(weights)
    told: list[Run | str] = [subject, habit_told(reading, habit.tolist()), *ending]
    return header(TITLE, told, f"{reading.lm.name} · {counted(len(names), 'token')}") | {
        "layer": layer,
        "head": head,
        "layers": config.layers,
        "heads": config.heads,
        "tokens": numbered(reading),
        "begins": reading.begins,
        "causal": reading.causal,
        "weights": pack(weights),
        "q": pack(q),
        "k": pack(k),
        "strongest": strongest,
        "rows": [
            rich([subject, *names[row], *looks_at(row, key, float(weights[row, key]), names), *ending])
            for row, key in enumerate(strongest)
        ],
        "habit": habit.tolist(),
        "next": next_tokens(reading, without, f"head {layer}.{head} off"),
    }


def attention_patterns(reading: Reading, levels: int = 5, power: float = 0.75) -> dict[str, Any]:
    """All heads of a reading, small: what the overview draws.

    Args:
        reading: The reading.
        levels: How many steps of opacity there are.
        power: A weight w is drawn with opacity w^power.

    Returns:
        `levels`, packed (layers, H, n, n): the step of each weight, and of the largest of its neighbourhood where the
        text has more tokens than a thumbnail has room; `habits`, packed (layers, H, 3).
    """
    weights = reading.weights  # (layers, H, T, S)
    room = 32 if weights.shape[0] * weights.shape[1] <= 64 else 16
    if weights.shape[-1] > room:
        weights = F.adaptive_max_pool2d(weights, room)
    steps = (levels * weights**power).round()
    return {"levels": pack(steps, "uint8"), "habits": pack(habits(reading.weights)), "causal": reading.causal}


def head_effects(reading: Reading, changes: Sequence[Tensor]) -> dict[str, Any]:
    """How much silencing each head moves the favourite.

    Args:
        reading: The reading.
        changes: For each layer measured so far, the change of the favourite's probability by head (H,).
    """
    measured = torch.stack(list(changes)) if changes else torch.zeros(0, reading.lm.model.config.heads)
    favourite = int(reading.probabilities.argmax())
    return {"change": pack(measured), "measured": len(changes), "token": spell(reading.lm.tokenizer, favourite)}


# ---------------------------------------------------------------- words


def equals(reading: Reading) -> list[tuple[str, int, int]]:
    """Each token's label, its number among its equals, and how many there are; the start token has none."""
    own = reading.labels[1:] if reading.begins else reading.labels
    often, seen = Counter(own), Counter[str]()
    found = [("start", 1, 1)] if reading.begins else []
    for label in own:
        seen[label] += 1
        found.append((label, seen[label], often[label]))
    return found


def numbered(reading: Reading) -> list[list[str]]:
    """Each label, and a subscript where the text has it more than once: John₁ … John₂."""
    return [[label, str(place).translate(SUBSCRIPTS) if often > 1 else ""] for label, place, often in equals(reading)]


def token_names(reading: Reading) -> list[list[Run | str]]:
    """What sentences call the tokens: "the second John", "the start token"."""
    names: list[list[Run | str]] = []
    for index, (label, place, often) in enumerate(equals(reading)):
        if reading.begins and index == 0:
            names.append(["the start token"])
        elif often > 1:
            names.append([f"the {ordinal(place)} ", code(label)])
        else:
            names.append([code(label)])
    return names


def ordinal(place: int) -> str:
    """ "second", "tenth", "21st"."""
    if place <= len(ORDINALS):
        return ORDINALS[place - 1]
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def looks_at(row: int, key: int, weight: float, names: Sequence[list[Run | str]]) -> list[Run | str]:
    """What the token of a row does, without its subject."""
    target = ["itself"] if key == row else names[key]
    return [" looks mostly at ", *target, f" ({share(weight)})."]


def habits(weights: Tensor) -> Tensor:
    """Mean weight that tokens give to the first token, to themselves, to the one before: (…, T, S) -> (…, 3).

    The first token has no choice, so it does not count; in a text of one token all are 1, 1, 0.
    """
    if weights.shape[-1] == 1:
        return weights.new_tensor([1.0, 1.0, 0.0]).expand(*weights.shape[:-2], 3)
    first = weights[..., 1:, 0].mean(-1)
    itself = weights.diagonal(dim1=-2, dim2=-1)[..., 1:].mean(-1)
    before = weights.diagonal(offset=-1, dim1=-2, dim2=-1).mean(-1)
    return torch.stack([first, itself, before], dim=-1)


def habit_told(reading: Reading, habit: Sequence[float]) -> str:
    """Where most of a head's weight lies on average, without a subject."""
    most = max(range(3), key=habit.__getitem__)
    first = "the start token" if reading.begins else "the first token"
    return f"{share(habit[most])} of the weight lies on {(first, 'the token itself', 'the token before')[most]}."


def ablation_told(reading: Reading, without: Tensor | None) -> list[Run | str]:
    """What silencing the head does to the favourite."""
    if without is None:
        return []
    before = reading.probabilities
    first, then = int(before.argmax()), int(without.argmax())
    name = code(spell(reading.lm.tokenizer, first))
    was, now = float(before[first]), float(without[first])
    if first != then:
        other = code(spell(reading.lm.tokenizer, then))
        turned = f" ({was:.2f}) to ", other, f" ({float(without[then]):.2f})."
        return [" Without this head the favourite turns from ", name, *turned]
    digits = next((digits for digits in (2, 3, 4) if f"{was:.{digits}f}" != f"{now:.{digits}f}"), None)
    if digits is None:
        return [" Without this head ", name, f" stays at {was:.2f}."]
    return [" Without this head ", name, f" {'falls' if now < was else 'rises'} {was:.{digits}f} → {now:.{digits}f}."]


def caution(reading: Reading) -> list[Run | str]:
    """What the reader must not forget when the model runs as it was not trained to."""
    trained = reading.lm.model.config
    notes: list[Run | str] = []
    if trained.causal and not reading.causal:
        notes.append(" This model never saw the future in training.")
    if reading.causal and not trained.causal:
        notes.append(" This model always saw both sides in training.")
    if not reading.positions and trained.position != "none":
        notes.append(" All tokens stand at position 0.")
    return notes


def next_tokens(reading: Reading, without: Tensor | None, off: str) -> dict[str, Any]:
    """The four likeliest answers, before and after, in the order of the whole model."""
    before, tokenizer = reading.probabilities, reading.lm.tokenizer
    size = tokenizer.vocab_size
    after = before if without is None else without
    chosen = torch.maximum(before, after).topk(min(4, len(before))).indices.tolist()
    chosen.sort(key=lambda token: (-float(before[token]), token))
    labels = [spell(tokenizer, token) for token in chosen]
    if len(set(labels)) < len(labels):  # " the" and "the": show the space that begins a word
        labels = [token_label(tokenizer.token_text(token)) if token < size else f"#{token}" for token in chosen]
    masked = tokenizer.special.get("mask") == reading.tokens[reading.place]
    causal = reading.lm.model.config.causal
    return {
        "title": "Next token"
        if causal
        else "At the mask"
        if masked
        else f"In place of {reading.labels[reading.place]}",
        "off": "" if without is None else off,
        "tokens": [
            {"label": label, "before": float(before[token]), "after": float(after[token])}
            | changed(float(before[token]), float(after[token]))
            for label, token in zip(labels, chosen, strict=True)
        ],
    }


def changed(before: float, after: float) -> dict[str, Any]:
    """Two probabilities in print and their difference, which is taken before rounding."""
    difference = after - before
    tone = "quiet" if abs(difference) < 0.05 else "vermilion-text" if difference < 0 else "blue-text"
    sign = "−" if difference < 0 else "+"
    return {"shown": [f"{before:.3f}", f"{after:.3f}", f"{sign}{abs(difference):.3f}"], "tone": tone}
