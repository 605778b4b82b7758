"""What reinforcement learning makes of a tiny model that calls tools, mostly wrongly: claims, and how they fail.

    python benchmarks/rl_dialogue.py [--only grpo rloo …] [--seeds 3]

Every run begins with the shipped `tool-call-gpt`, learns for a fixed number of updates, and is examined on prompts with
pairs of numbers that nothing was trained on: 1,000 sampled answers and 500 greedy ones. No run is left out, no seed
chosen. What is measured is added to `benchmarks/results/rl_dialogue.json`; the table is `rl_dialogue.txt` beside it.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from pathlib import Path
from time import process_time
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import torch

from agentos_lab.lm import load_pretrained
from agentos_lab.rl import DialogueLearner, DialogueSettings, ToolCallTask, evaluate_dialogue, parenthesis_share
from benchmarks.compare import environment

PATH = Path(__file__).with_name("results") / "rl_dialogue.json"
SHOWN = (1, 5, 10, 20, 40, 60)  # updates in the table
SLOW = {"lr": 3e-4, "anneal": False}
# What is tried: settings, and for some another reward or two turns.
RUNS: dict[str, dict[str, Any]] = {
    "grpo": {},
    "rloo": {"advantage": "rloo"},
    "mean": {"advantage": "mean"},
    "none": {"advantage": "none"},
    "grpo, beta 0.02": {"beta": 0.02},
    "grpo, beta 0.5": {"beta": 0.5},
    "grpo, lr 3e-4": {"lr": 3e-4},
    "grpo, lr 3e-2": {"lr": 3e-2, "updates": 10},
    "grpo, 4 epochs": {"epochs": 4, "lr": 1e-3, "updates": 20},
    "two turns": {"turns": 2},
    "proxy": {"proxy": True, "updates": 75, **SLOW},
    "proxy, beta 0.3": {"proxy": True, "updates": 75, "beta": 0.3, **SLOW},
}


def measure(name: str, seed: int) -> dict[str, Any]:
    """One run and its examination, as plain numbers."""
    settings = dict(RUNS[name])
    task = ToolCallTask(turns=settings.pop("turns", 1))
    reward = parenthesis_share if settings.pop("proxy", False) else None
    updates = settings.pop("updates", 60)
    reference = load_pretrained("tool-call-gpt").model
    told = DialogueSettings.of(total_steps=256 * updates, seed=seed, **settings)
    start = process_time()
    learned = DialogueLearner(reference, task, told, reward=reward).run(progress=False)
    seconds = process_time() - start
    examination = task.examination()
    sampled, greedy, before = (
        evaluate_dialogue(policy, examination, episodes=episodes, greedy=episodes == 500, seed=1000 + seed).mean
        for policy, episodes in ((learned.policy, 1000), (learned.policy, 500), (reference, 1000))
    )
    curves = {
        field: [round(getattr(record, field), 4) for record in learned.history]
        for field in ("mean_return", "success", "kl", "entropy", "zero_variance", "length")
    }
    print(
        f"{name}, seed {seed}: {before:.3f} -> {sampled:.3f} sampled, {greedy:.3f} greedy, {seconds:.1f} s", flush=True
    )
    return {
        "seed": seed,
        "before": before,
        "sampled": sampled,
        "greedy": greedy,
        "seconds": round(seconds, 1),
        **curves,
    }


def table(results: dict[str, list[dict[str, Any]]]) -> str:
    """All results as text."""
    lines = [
        f"$ python benchmarks/rl_dialogue.py        ({environment(('torch',))}, 1 thread)",
        "Success on held-out prompts after learning; -ln p0 is what conditioning the reference on success would cost.",
        "kl: from the reference, nats a dialogue, last update. Seconds: of one processor, for all updates.",
        f"The numbers at the end: success while learning, at updates {', '.join(map(str, SHOWN))}.",
        "",
        f"{'run':18}{'seed':>5}{'p0':>7}{'-ln p0':>8}{'kl':>8}{'sampled':>9}{'greedy':>8}{'seconds':>9}",
    ]
    for name, run in [(name, run) for name, runs in results.items() for run in runs]:
        learning = " ".join(f"{run['success'][update - 1]:.2f}" for update in SHOWN if update <= len(run["success"]))
        lines.append(
            f"{name:18}{run['seed']:5}{run['before']:7.3f}{-math.log(run['before']):8.2f}{run['kl'][-1]:8.2f}"
            f"{run['sampled']:9.3f}{run['greedy']:8.3f}{run['seconds']:9.1f}   {learning}"
        )
    lines.append("")
    for name, run in [(name, run) for name, runs in results.items() for run in runs if name.startswith("proxy")]:
        proxy, success = run["mean_return"], run["success"]
        best = max(range(len(success)), key=success.__getitem__)
        lines.append(
            f"{name}, seed {run['seed']}: the proxy goes from {proxy[0]:.2f} to {proxy[-1]:.2f}; true success from "
            f"{success[0]:.2f} to {success[best]:.2f} (update {best + 1}) and then to {success[-1]:.2f}"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure what was asked for, and write everything."""
    parser = argparse.ArgumentParser(description="Reinforcement learning of dialogues, over seeds.")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=RUNS, default=list(RUNS))
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    results = json.loads(PATH.read_text("utf-8")) if PATH.exists() else {}
    for name in chosen.only:
        results[name] = [measure(name, seed) for seed in range(chosen.seeds)]
        ordered = {key: results[key] for key in RUNS if key in results}
        PATH.write_text(json.dumps(ordered, separators=(",", ":")).replace('},{"seed', '},\n{"seed') + "\n", "utf-8")
        PATH.with_suffix(".txt").write_text(table(ordered), "utf-8")
    print(PATH.with_suffix(".txt").read_text("utf-8"))


if __name__ == "__main__":
    main()
