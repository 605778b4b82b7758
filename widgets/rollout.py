"""RolloutPlayer: an episode step by step, what was expected and what came, and how both changed with training."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from agentos_lab.rl.episode import task_name
from agentos_lab.rl.learning import Learner
from agentos_lab.rl.settings import check_share

from .picture import Picture
from .rollout_bars import layout
from .rollout_panels import draw_panels
from .rollout_picture import draw_strips
from .rollout_scene import scene_of
from .rollout_scene_picture import draw_scene
from .rollout_snapshots import rehearse, snapshots_of
from .rollout_state import rollout_state, sentence_of
from .runs import Runs
from .view import View, notice

__all__ = ["RolloutPlayer"]

MOST_STEPS = 400_000  # of all episodes together; about 25 MB


class RolloutPlayer(View):
    """Scrub through an episode: the environment, and in step with it policy, reward, value and TD error or advantage.

    Drag over the strips, or use the arrow keys (with Shift ten steps), Home and End; Space plays. Where there are
    snapshots along the training, drag over the curve at the right, or use the arrow keys up and down.

    Args:
        source: An `Episode`, several, a `Rollout`; or snapshots along the training: a mapping from steps of training
            to episodes, or a list of (steps, episodes), as `rehearse` makes them.
        env: The environment: a gymnasium id or one of ours, which decides how it is drawn; None: by the episodes'
            task. A grid world must be given.
        gamma, lam: Discount and λ with which the episodes were played; see `play`.
        unit: In what the snapshots' training is counted, e.g. "episodes" or "dialogues".
        **settings: Initial values of the traits.

    Attributes:
        step: The step that is looked at, from 0.
        snapshot: Which snapshot, from 0; at first the last one.
        episode: Which of its episodes, from 0.
        surprise: What the lowest strip shows: "td_error" or "advantage".

    Raises:
        ValueError: The source holds no episodes, or episodes of different environments.

    Example:
        >>> from agentos_lab.rl import CategoricalPolicy, play
        >>> player = RolloutPlayer(play(CategoricalPolicy(4, 2), "CartPole-v1"), step=5)
        >>> player.observe(lambda change: print("now at", change.new), "step")
        >>> player.step = 6
        now at 6
    """

    javascript = Path(__file__).with_name("rollout.js")
    stylesheet = Path(__file__).with_name("rollout.css")
    selections = ("step", "snapshot", "episode", "surprise")
    measures: ClassVar[Mapping[str, float]] = {
        "left": 112,  # where the strips begin; names and ticks stand before
        "side": 224,  # width of the panels at the right
        "gap": 42,
        "scene": 128,  # heights
        "wide_scene": 164,  # without the film
        "film_top": 134,
        "film": 34,
        "policy_top": 180,
        "policy": 44,
        "reward_top": 236,
        "reward": 14,
        "value_top": 264,
        "value": 58,
        "error_top": 336,
        "error": 46,
        "axis": 386,
        "height": 408,
        "row": 17,  # of the table
    }

    step = traitlets.Int(0, min=0).tag(sync=True)
    snapshot = traitlets.Int(0, min=0).tag(sync=True)
    episode = traitlets.Int(0, min=0).tag(sync=True)
    surprise = traitlets.Enum(["td_error", "advantage"], "td_error").tag(sync=True)

    def __init__(
        self,
        source: Any,
        env: Any = None,
        *,
        gamma: float = 0.99,
        lam: float = 0.95,
        unit: str = "time steps",
        **settings: Any,
    ) -> None:
        check_share("gamma", gamma)
        check_share("lam", lam)
        self.snapshots, self.env, self.gamma, self.lam, self.unit = snapshots_of(source), env, gamma, lam, unit
        super().__init__(**{"snapshot": max(0, len(self.snapshots) - 1), **settings})

    @classmethod
    def of_training(
        cls, learner: Learner, env: Any, *, every: int = 10, episodes: int = 1, seed: int = 0, **settings: Any
    ) -> RolloutPlayer:
        """Let a learner learn to its end, and show episodes from before, from under way and from after.

        Args:
            learner: E.g. ``PPO("CartPole-v1", PPOSettings(total_steps=50_000))``.
            env: Where to play, as for `play`.
            every: Updates from one snapshot to the next.
            episodes: How many to play each time, always from the same seeds.
            seed: Of the first one.
            **settings: Initial values of the traits.
        """
        told = {"gamma": 0.99, "lam": 0.95, **learner.settings.to_dict()}
        snapshots = rehearse(learner, env, every=every, episodes=episodes, seed=seed)
        return cls(snapshots, env, gamma=told["gamma"], lam=told["lam"], **settings)

    def compute(self) -> dict[str, Any]:
        """All episodes; what is chosen among them needs no new state."""
        if not self.snapshots:
            return notice("empty", "An episode, step by step", "No episode yet: play(policy, env) makes one.")
        every = [episode for each in self.snapshots for episode in each.episodes]
        scene = scene_of(self.env, every)
        name = every[0].task if self.env is None else task_name(self.env)
        title = f"One episode of {name}, step by step" if name else "One episode, step by step"
        if (steps := sum(map(len, every))) > MOST_STEPS:
            told = f"{steps:,} steps are more than a browser scrubs well (at most {MOST_STEPS:,}): "
            return notice("too-large", title, [told, "give fewer snapshots, or fewer episodes in each."])
        return rollout_state(self.snapshots, scene, title, self.gamma, self.lam, self.unit)

    @property
    def place(self) -> tuple[int, int, int]:
        """Snapshot, episode and step that are shown: as chosen, but never beyond the last."""
        snapshot = min(self.snapshot, len(self.snapshots) - 1)
        episode = min(self.episode, len(self.snapshots[snapshot].episodes) - 1)
        return snapshot, episode, min(self.step, len(self.snapshots[snapshot].episodes[episode]) - 1)

    def telling(self) -> Runs:
        """The sentence for the chosen step."""
        if "status" in self.state:
            return super().telling()
        snapshot, episode, step = self.place
        return sentence_of(self.state, snapshot, self.state["episodes"][snapshot][episode], step)

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture."""
        snapshot, episode, step = self.place
        at, data = layout(self.measures, picture.width), state["episodes"][snapshot][episode]
        draw_scene(picture, self.measures, at, state, data, step)
        draw_strips(picture, self.measures, at, state, data, step, self.surprise)
        draw_panels(picture, self.measures, at, state, snapshot, data, step)
        return float(self.measures["height"])
