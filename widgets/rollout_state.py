"""What a RolloutPlayer shows, by pure functions: episodes as arrays for the browser, axes, sentence, and one step read.

`rollout_reading.js` reads one step in the same way, so that scrubbing needs no Python.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agentos_lab.rl.episode import Episode

from .rollout_scene import Scene
from .rollout_snapshots import Snapshot
from .rollout_tracks import Tracks, tracks_of
from .runs import Run, strong
from .view import header, pack, unpack

__all__ = ["axis", "chosen_action", "printed", "read_step", "rollout_state", "sentence_of", "shown_track", "step_rows"]

Data = Mapping[str, Any]
ENDS = {"terminated": "✕ terminated", "truncated": "⊣ cut off, bootstrapped", "open": "left under way"}


def rollout_state(
    snapshots: Sequence[Snapshot], scene: Scene, title: str, gamma: float, lam: float, unit: str = "time steps"
) -> dict[str, Any]:
    """Everything about all episodes; which one and which step are chosen is not part of it.

    Args:
        snapshots: In order of training time, at least one.
        scene: Draws the environment.
        title: Of the view.
        gamma, lam: Discount and λ with which the episodes were played.
        unit: In what the training is counted.
    """
    told = [[episode_data(episode, scene, gamma, lam) for episode in each.episodes] for each in snapshots]
    largest = max(abs(number) for group in told for one in group for number in one["value_axis"]["ends"])
    digits = 3 if largest < 1.5 else 2 if largest < 15 else 1
    counts = "s" if len(told) > 1 else ""
    played = sum(map(len, told))
    meta = f"{played} episode{'s' if played > 1 else ''} in {len(told)} snapshot{counts} · " if played > 1 else ""
    return header(title, "", f"{meta}γ {gamma:g} · λ {lam:g}") | {
        "scene": scene.about,
        "episodes": told,
        "training": training_data(snapshots) | {"unit": unit},
        "gamma": f"{gamma:g}",
        "lam": f"{lam:g}",
        "digits": digits,
    }


def episode_data(episode: Episode, scene: Scene, gamma: float, lam: float) -> dict[str, Any]:
    """One episode for the browser."""
    tracks = tracks_of(episode, gamma, lam)
    end = "terminated" if episode.terminated else "truncated" if episode.truncated else "open"
    steps = len(episode)
    known = np.concatenate([np.zeros(1), tracks.returns, tracks.value[np.isfinite(tracks.value)]])
    if tracks.bootstrapped:
        known = np.append(known, tracks.next_value[-1])
    rewards, probabilities = np.append(episode.reward, 0.0), probabilities_of(episode, scene)
    return {
        "steps": steps,
        "end": end,
        "ending": ENDS[end] if end != "truncated" or tracks.bootstrapped else "⊣ cut off by a limit",
        "tail": tail_of(end, tracks, scene.ending(episode.obs[-1])),
        "total": episode.total_reward,
        "has_value": tracks.has_value,
        "bootstrapped": tracks.bootstrapped,
        "is_gae": tracks.is_gae,
        "known": {"td_error": known_at_all(tracks.td_error), "advantage": known_at_all(tracks.advantage)},
        "policy": policy_kind(episode, probabilities, scene),
        "surprise": surprise(tracks.td_error),
        "texts": episode.obs.tolist() if episode.obs.dtype.kind == "U" else None,
        "pose": pack(scene.pose(episode.obs)),
        "facts": pack(scene.facts(episode.obs)),
        "reward": pack(episode.reward),
        "action": pack(np.asarray(episode.action, dtype=np.float64).reshape(steps, -1)),
        "probabilities": None if probabilities is None else pack(probabilities),
        "chance": pack(chances_of(episode)),
        "value": pack(tracks.value),
        "next_value": pack(tracks.next_value),
        "returns": pack(tracks.returns),
        "td_error": pack(tracks.td_error),
        "advantage": pack(tracks.advantage),
        "reward_axis": {"low": float(rewards.min()), "high": float(rewards.max())},
        "value_axis": axis(float(known.min()), float(known.max())),
        "limits": {"td_error": limit_of(tracks.td_error), "advantage": limit_of(tracks.advantage)},
    }


def tail_of(end: str, tracks: Tracks, ending: str) -> str:
    """How the sentence goes on after the return."""
    if end == "terminated":
        return f" comes: {ending}."
    if tracks.bootstrapped:
        return " comes, with the value of the state at the cut."
    return " comes until the limit cuts it off." if end == "truncated" else " comes, as far as it was played."


def chooses_among_few(episode: Episode) -> bool:
    """Whether the actions are numbers of actions, not forces and the like."""
    return episode.action.ndim == 1 and episode.action.dtype.kind in "iu"


def chances_of(episode: Episode) -> NDArray[np.float64]:
    """Probability of each action that was taken (T,); NaN where it is not known, or a density."""
    steps = np.arange(len(episode))
    if episode.probabilities is not None and chooses_among_few(episode):
        return np.asarray(episode.probabilities, dtype=np.float64)[steps, episode.action]
    if episode.log_prob is not None and chooses_among_few(episode):
        return np.exp(np.asarray(episode.log_prob, dtype=np.float64))
    return np.full(len(steps), np.nan)


def probabilities_of(episode: Episode, scene: Scene) -> NDArray[Any] | None:
    """Probabilities of all actions (T, A); of two, that of the one gives that of the other."""
    if episode.probabilities is not None or len(scene.about["actions"]) != 2:
        return episode.probabilities
    chances = chances_of(episode)
    if np.isnan(chances).any():
        return None
    return np.where(
        (episode.action == 1)[:, None], np.stack((1 - chances, chances), 1), np.stack((chances, 1 - chances), 1)
    )


def policy_kind(episode: Episode, probabilities: NDArray[Any] | None, scene: Scene) -> str:
    """How the policy's strip is drawn: "two" actions about ½, "rows", the "chosen" one alone, or "numbers"."""
    count = len(scene.about["actions"]) if probabilities is None else probabilities.shape[1]
    if not chooses_among_few(episode):
        return "numbers"
    if probabilities is not None and count == 2:
        return "two"
    return "rows" if 2 <= count <= 6 else "chosen"


def known_at_all(values: NDArray[np.float64]) -> bool:
    """Whether there is any number."""
    return bool(np.isfinite(values).any())


def shown_track(data: Data, surprise: str) -> str | None:
    """What the lowest strip shows: what was chosen if it is known, else the other; None if neither is."""
    other = "td_error" if surprise == "advantage" else "advantage"
    return next((name for name in (surprise, other) if data["known"][name]), None)


def surprise(errors: NDArray[np.float64]) -> int | None:
    """The step with the largest TD error, of either sign."""
    known = np.where(np.isfinite(errors), np.abs(errors), -1.0)
    return int(known.argmax()) if known.max() >= 0 else None


def limit_of(values: NDArray[np.float64]) -> float:
    """Half height of an axis about zero: of most values if a few are far beyond, else of all."""
    sizes = np.abs(values[np.isfinite(values)])
    if not sizes.size or sizes.max() == 0:
        return 1.0
    most = float(np.quantile(sizes, 0.95))
    return rounded_up(most if 0 < 2.5 * most < sizes.max() else float(sizes.max()))


def rounded_up(size: float) -> float:
    """The next number of the kind 1, 1.5, 2, 3, 4, 5, 6, 8 × 10ⁿ."""
    power = 10.0 ** math.floor(math.log10(size))
    steps = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
    return power * next(step for step in steps if step >= size / power - 1e-9)


def axis(low: float, high: float) -> dict[str, Any]:
    """An axis with two to five round ticks: where it begins and ends, and the ticks with their texts."""
    span = high - low if high - low > 1e-9 * max(abs(low), abs(high)) + 1e-12 else 1.0
    power = 10.0 ** math.floor(math.log10(span / 3))
    step = power * next(size for size in (1, 2, 2.5, 5, 10) if size >= span / 3 / power - 1e-9)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) + (1 if round(step / power, 1) == 2.5 and step < 10 else 0)
    ticks = [[step * i, f"{step * i:,.{decimals}f}".replace("-", "−")] for i in range(first, last + 1)]
    return {"ends": [step * first, step * last], "ticks": ticks}


def training_data(snapshots: Sequence[Snapshot]) -> dict[str, Any]:
    """The curve along the training: return of each snapshot's episodes, mean, lowest and highest."""
    totals = [[episode.total_reward for episode in each.episodes] for each in snapshots]
    every = [total for group in totals for total in group]
    return {
        "steps": [each.steps for each in snapshots],
        "mean": [float(np.mean(group)) for group in totals],
        "low": [min(group) for group in totals],
        "high": [max(group) for group in totals],
        "axis": axis(min(0.0, *every, 0.0), max(0.0, *every, 0.0)),
    }


# --- one step -------------------------------------------------------------------------------------------------


def printed(value: float, digits: int, *, signed: bool = False) -> str:
    """A number in print, with a true minus; "–" where it is not known."""
    if math.isnan(value):
        return "–"
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        return text.lstrip("-")
    return text.replace("-", "−") if value < 0 else f"+{text}" if signed else text


def read_step(data: Data, step: int) -> dict[str, float]:
    """The numbers under one step."""
    names = ("reward", "value", "next_value", "returns", "td_error", "advantage")
    return {name: float(unpack(data[name])[step]) for name in names}


def chosen_action(state: Data, data: Data, step: int) -> tuple[str, float]:
    """What was chosen, by name, and with which probability (NaN if unknown)."""
    action = unpack(data["action"])[step]
    if data["policy"] == "numbers":
        return ", ".join(printed(float(part), 2, signed=True) for part in action[:3]), math.nan
    index, names, chance = int(action[0]), state["scene"]["actions"], float(unpack(data["chance"])[step])
    if data["texts"] is not None:
        return data["texts"][step + 1].strip() or "a blank", chance
    return names[index] if index < len(names) else f"action {index}", chance


def sentence_of(state: Data, snapshot: int, data: Data, step: int) -> list[Run | str]:
    """The header's sentence at one step: what is done, what was expected and what came."""
    read, (action, chance) = read_step(data, step), chosen_action(state, data, step)
    digits, steps = state["digits"], state["training"]["steps"]
    when = f"After {steps[snapshot]:,} {state['training']['unit']} of training, step" if len(steps) > 1 else "Step"
    told: list[Run | str] = [f"{when} {step} (last: {data['steps'] - 1}): {state['scene']['verb']} ", strong(action)]
    told.append("" if math.isnan(chance) else f" ({printed(chance, 2)})")
    came = strong(printed(read["returns"], digits))
    if not data["has_value"]:
        return [*told, ". A return of ", came, data["tail"]]
    return [*told, ". The value V promises ", strong(printed(read["value"], digits)), ", and ", came, data["tail"]]


def step_rows(state: Data, data: Data, step: int) -> list[list[str]]:
    """The table of one step: [label, value, look], look being "", "rule" (a line above), "sum" or a colour of text."""
    read, (action, chance) = read_step(data, step), chosen_action(state, data, step)
    digits, last = state["digits"] + 1, step == data["steps"] - 1
    facts = unpack(data["facts"])[step]
    rows = [
        [label, printed(float(number), decimals, signed=signed) + unit, ""]
        for (label, unit, decimals, signed), number in zip(state["scene"]["facts"], facts, strict=False)
    ]
    rows.append(["chose", action if math.isnan(chance) else f"{action} ({printed(chance, 2)})", ""])
    rows.append(["reward", printed(read["reward"], digits, signed=True), "rule"])
    if data["has_value"]:
        future = f"+ {state['gamma']} × next value"
        if last and data["end"] != "open":
            future = "+ nothing: terminated ✕" if data["end"] == "terminated" else "+ value at the cut ⊣"
        discounted = read["td_error"] - read["reward"] + read["value"]
        tone = "vermilion-text" if read["td_error"] < 0 else "blue-text"
        rows += [
            [future, printed(discounted, digits, signed=True), ""],
            ["− value now", printed(-read["value"], digits, signed=True), ""],
            ["= TD error δ", printed(read["td_error"], digits, signed=True), f"sum {tone}"],
        ]
    if data["known"]["advantage"]:
        advantage = f"advantage, λ = {state['lam']}" if data["is_gae"] else "advantage, as recorded"
        rows.append([advantage, printed(read["advantage"], digits, signed=True), ""])
    came = "return, bootstrapped, G" if data["bootstrapped"] else "return that came, G"
    rows.append([came, printed(read["returns"], digits), "rule"])
    if data["has_value"]:
        off = read["value"] - read["returns"]
        rows.append([f"V too {'high' if off >= 0 else 'low'} by", printed(abs(off), digits), "strong"])
    return rows
