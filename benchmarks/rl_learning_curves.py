"""How well the policy algorithms learn with their defaults, over five seeds each: claims, curves, one picture.

    python benchmarks/rl_learning_curves.py [--seeds 5] [--only ppo-cartpole ppo-acrobot …] [--draw]

Each run learns with the defaults (or the settings in `TASKS`) for a fixed number of steps; then its final policy plays
100 episodes, greedily and by sampling. No run is left out, no seed chosen. What is measured is written beside the
earlier results, one file for each task, so that a long benchmark can be done in pieces: `benchmarks/results/
rl_learning_curves.json` (curves), `.txt` (table) and `.png`. `--draw` only writes table and picture again.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import torch

from agentos_lab import rl
from agentos_lab.figures import new_figure
from benchmarks.compare import environment

RESULTS = Path(__file__).with_name("results")
POINTS = 60  # at how many places a curve is kept


@dataclass(frozen=True)
class Task:
    """What is learned, for how long, and what is asked of it."""

    algorithm: str
    env: str
    total_steps: int
    target: float  # mean return of the final policy over 100 episodes
    wanted: int  # on so many of five seeds
    settings: dict[str, Any] = field(default_factory=dict)


TASKS = {
    "ppo-cartpole": Task("ppo", "CartPole-v1", 150_000, 475, 5),
    "actor-critic-cartpole": Task("actor_critic", "CartPole-v1", 400_000, 400, 4),
    "reinforce-cartpole": Task("reinforce", "CartPole-v1", 400_000, 400, 4),
    "dqn-cartpole": Task("dqn", "CartPole-v1", 100_000, 475, 3),
    "ppo-acrobot": Task("ppo", "Acrobot-v1", 200_000, -100, 5),
    "ppo-pendulum": Task("ppo", "Pendulum-v1", 400_000, -250, 5),
}


def measure(task: Task, seeds: int) -> dict[str, Any]:
    """Learn with every seed and examine what remains, as plain numbers."""
    runs = []
    steps = np.linspace(0, task.total_steps, POINTS + 1)[1:].astype(int)
    for seed in range(seeds):
        start = process_time()
        learned = getattr(rl, task.algorithm)(
            task.env, total_steps=task.total_steps, seed=seed, progress=False, **task.settings
        )
        seconds = process_time() - start
        known = [update for update in learned.history if update.mean_return is not None]
        at = np.searchsorted([update.steps for update in known], steps, side="right") - 1
        greedy, sampled = (
            rl.evaluate(learned.policy, task.env, episodes=100, greedy=way, seed=10_000 + seed) for way in (True, False)
        )
        hit = next((u.steps for u in known if u.episodes >= 100 and (u.mean_return or 0) >= task.target), None)
        runs.append(
            {
                "seed": seed,
                "greedy": [round(greedy.mean, 2), round(greedy.std_error, 2)],
                "sampled": [round(sampled.mean, 2), round(sampled.std_error, 2)],
                "steps_to_target": hit,
                "processor_seconds": round(seconds, 1),
                "curve": [None if i < 0 else round(known[i].mean_return, 1) for i in at],
            }
        )
        print(f"  seed {seed}: greedy {greedy.mean:.1f}, sampled {sampled.mean:.1f}, {seconds:.0f} s", flush=True)
    return {
        "algorithm": learned.algorithm, "env": task.env, "total_steps": task.total_steps, "target": task.target,
        "wanted": task.wanted, "settings": learned.settings.to_dict(), "steps": steps.tolist(), "runs": runs,
    }  # fmt: skip


def table(results: dict[str, Any], where: str) -> str:
    """All results as text."""
    lines = [
        f"$ python benchmarks/rl_learning_curves.py        ({where})",
        "Defaults of the library, mean return of the final policy over 100 episodes, one number per seed.",
        "",
    ]
    for result in results.values():
        runs = result["runs"]
        passed = sum(run["greedy"][0] >= result["target"] for run in runs)
        sampled = sum(run["sampled"][0] >= result["target"] for run in runs)
        hits = [run["steps_to_target"] for run in runs]
        lines += [
            f"{result['algorithm']} on {result['env']}, {result['total_steps']:,} steps, target {result['target']:g}: "
            f"reached by {passed} of {len(runs)} seeds greedily, {sampled} sampled (wanted: {result['wanted']} of 5)",
            "  greedy   " + "  ".join(f"{run['greedy'][0]:8.1f}" for run in runs),
            "  sampled  " + "  ".join(f"{run['sampled'][0]:8.1f}" for run in runs),
            "  steps until the last 100 training episodes reached it: "
            + ", ".join("never" if hit is None else f"{hit:,}" for hit in hits),
            f"  processor seconds per run: {', '.join(str(round(run['processor_seconds'])) for run in runs)}",
            "",
        ]
    return "\n".join(lines)


def draw(results: dict[str, Any], path: Path) -> None:
    """Median and range over seeds, one panel per environment."""
    places = list(dict.fromkeys(result["env"] for result in results.values()))
    alt = "Learning curves over five seeds: median as a line, worst to best as a band, one panel per environment."
    figure, axes = new_figure("Learning with the defaults: median of 5 seeds, worst to best", alt, columns=len(places),
                              width=11, height=3.4)  # fmt: skip
    for env, ax in zip(places, np.atleast_1d(axes), strict=True):
        for result in (result for result in results.values() if result["env"] == env):
            curves = np.array([run["curve"] for run in result["runs"]], dtype=float)
            known = ~np.isnan(curves).any(axis=0)
            low, middle, high = np.quantile(curves[:, known], (0, 0.5, 1), axis=0)
            steps = np.array(result["steps"])[known]
            line = ax.plot(steps, middle, label=result["algorithm"])[0]
            ax.fill_between(steps, low, high, alpha=0.2, color=line.get_color(), linewidth=0)
        for target in {result["target"] for result in results.values() if result["env"] == env}:
            ax.axhline(target, linestyle=":", color="grey", linewidth=1)
        ax.set(title=env, xlabel="environment steps", ylabel="mean return, last 100 episodes")
        ax.legend(frameon=False, loc="lower right")
    figure.savefig(path, dpi=100, metadata={"Software": None})


def main() -> None:
    """Measure what was asked for, and write everything."""
    parser = argparse.ArgumentParser(description="Learning curves of the policy algorithms over seeds.")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=TASKS, default=list(TASKS))
    parser.add_argument("--draw", action="store_true", help="measure nothing, only write table and picture again")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    path = RESULTS / "rl_learning_curves.json"
    results: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    for name in [] if chosen.draw else chosen.only:
        print(f"{name}: {TASKS[name].total_steps:,} steps, {chosen.seeds} seeds", flush=True)
        results[name] = measure(TASKS[name], chosen.seeds)
        ordered = {key: results[key] for key in TASKS if key in results}
        path.write_text(
            "{\n" + ",\n".join(f" {json.dumps(key)}: {json.dumps(ordered[key])}" for key in ordered) + "\n}\n"
        )
    ordered = {key: results[key] for key in TASKS if key in results}
    text = table(ordered, environment(("torch", "numpy", "gymnasium")) + ", 1 thread")
    path.with_suffix(".txt").write_text(text, encoding="utf-8")
    draw(ordered, path.with_suffix(".png"))
    print(text)


if __name__ == "__main__":
    main()
