"""Learning to talk by reward: speak, be judged, make what was better than the others more probable.

One update, as in REINFORCE, RLOO and GRPO, which differ only in the advantage: draw prompts, answer each several
times, compare the answers of each group, and take a step along ∇Σ A ln π. A copy of the policy as it was, the
reference, says how far it has moved; by `beta` that can be made to cost something.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from .dialogue import Dialogues, DialogueTask, Prompt, check_task
from .dialogue_evaluation import evaluate_dialogue
from .dialogue_objective import TokenScores, dialogue_advantage, dialogue_loss, score_tokens, token_logits
from .dialogue_result import DialogueSample, DialogueUpdate, LearnedDialogue, dialogue_samples
from .dialogue_sampling import check_trainable, sample_dialogues
from .dialogue_settings import DialogueSettings
from .group_advantage import zero_variance
from .learning import Learner, Snapshot, Update

__all__ = ["DialogueLearner", "DialogueSettings", "reinforce_dialogue"]

# What a response is worth; see `DialogueTask.reward`.
Reward = Callable[[Prompt, tuple[int, ...]], float]

_NAMES = {"none": "REINFORCE", "mean": "REINFORCE with the group's mean", "rloo": "RLOO", "grpo": "GRPO"}


def reinforce_dialogue(
    policy: nn.Module,
    task: DialogueTask,
    *,
    reference: nn.Module | None = None,
    reward: Reward | None = None,
    examination: DialogueTask | None = None,
    on_record: Callable[[Update], None] | None = None,
    checkpoint: str | Path | None = None,
    progress: bool = True,
    **settings: Any,
) -> LearnedDialogue:
    """Teach a policy to talk by reward: REINFORCE, RLOO or GRPO, by the `advantage` among the settings.

    An interrupt (Ctrl-C, or the notebook's stop button) ends it early, with what has been learned so far.

    Args:
        policy: Where to begin; scores next tokens, see `TokenPolicy`. It is not changed: a copy is trained.
        task: What to talk about, and what is right.
        reference: What the divergence is measured from, copied too; None: the policy as it is given.
        reward: What to train for instead of ``task.reward``. What the task says is still recorded, as `success`.
        examination: The task of the examinations, such as ``task.examination()``; None: the task itself.
        on_record: Called with every update's record.
        checkpoint: File to keep the state in; see `checkpoint.py`.
        progress: Show a bar.
        **settings: The fields of `DialogueSettings`: total_steps, lr, advantage, prompts, samples, beta, seed, …

    Returns:
        The trained policy with a record of every update.

    Raises:
        ValueError: A setting makes no sense, or the task's answers do not.
    """
    learner = DialogueLearner(
        policy, task, DialogueSettings.of(**settings), reference=reference, reward=reward, examination=examination
    )
    return cast(LearnedDialogue, learner.run(on_record=on_record, checkpoint=checkpoint, progress=progress))


class DialogueLearner(Learner):
    """REINFORCE, RLOO and GRPO for policies that talk; the arguments are those of `reinforce_dialogue`.

    Attributes:
        reference: What the divergence is measured from.
    """

    changeable = ("total_steps", "lr", "beta", "clip", "max_grad_norm", "examine_every", "show")
    update_type = DialogueUpdate

    def __init__(
        self,
        policy: nn.Module,
        task: DialogueTask,
        settings: DialogueSettings | None = None,
        *,
        reference: nn.Module | None = None,
        reward: Reward | None = None,
        examination: DialogueTask | None = None,
    ) -> None:
        check_trainable(policy)
        for each in (task, task if examination is None else examination):
            check_task(each)
        if reward is not None and not callable(reward):
            raise ValueError(f"reward is a function of prompt and response, such as task.reward, got {reward!r}")
        if reference is not None and not isinstance(reference, nn.Module):
            raise ValueError(f"reference is the policy to stay near to, a torch module, got {reference!r}")
        # In evaluation mode also while it learns: with dropout, the policy that spoke would not be the one that learns.
        settings = DialogueSettings() if settings is None else settings
        super().__init__(settings, {"policy": copy.deepcopy(policy).eval()}, type(task).__name__)
        self.algorithm = _NAMES[settings.advantage]
        self.dialogue_task, self.examination = task, task if examination is None else examination
        self.reward: Reward = task.reward if reward is None else reward
        self.reference = copy.deepcopy(policy if reference is None else reference).eval().requires_grad_(False)

    @property
    def dialogue_settings(self) -> DialogueSettings:
        """The settings as they are now."""
        return cast(DialogueSettings, self.settings)

    @property
    def lr(self) -> float:
        """The learning rate of the next update."""
        settings = self.dialogue_settings
        return settings.lr * (max(0.0, 1 - self.steps / settings.total_steps) if settings.anneal else 1.0)

    def updates(self) -> Iterator[Update]:
        """One update after another: speak, be judged, compare, step."""
        while True:
            settings, task, lr = self.dialogue_settings, self.dialogue_task, self.lr
            groups = (settings.prompts, settings.samples)  # (Q, G)
            prompts = [task.sample(self.generator) for _ in range(settings.prompts)]
            dialogues = sample_dialogues(
                self.policy, task, prompts, samples=settings.samples, max_new_tokens=settings.max_new_tokens,
                generator=self.generator,
            )  # fmt: skip
            reward = dialogues.rewards(self.reward)  # (B,), B = Q·G
            success = reward if self.reward == task.reward else dialogues.rewards(task.reward)
            with torch.no_grad():
                reference_logits = token_logits(self.reference, dialogues)  # (B, T−1, V)
            scores = score_tokens(self.policy, dialogues, reference_logits)
            divergence = scores.divergence.detach().sum(dim=1)  # (B,)
            advantage = dialogue_advantage(
                reward.view(groups), divergence.view(groups), settings.advantage, settings.beta
            ).flatten()  # (B,)
            numbers = self._learn(dialogues, scores, reference_logits, advantage)
            self.steps += len(dialogues)
            update = len(self.records) + 1
            yield DialogueUpdate(
                update, self.steps, float(reward.mean()), self.steps, lr, **numbers,
                success=float(success.mean()), zero_variance=float(zero_variance(reward.view(groups)).double().mean()),
                entropy=float(scores.entropy.detach().sum() / scores.own.sum()), kl=float(divergence.mean()),
                length=float(scores.own.sum() / len(dialogues)), examination=self._examine(update),
                samples=self._samples(dialogues, scores, reward, success, advantage),
            )  # fmt: skip

    def _learn(
        self, dialogues: Dialogues, scores: TokenScores, reference_logits: Tensor, advantage: Tensor
    ) -> dict[str, float]:
        """Take the gradient steps on one batch, and say how they went."""
        settings, optimizer = self.dialogue_settings, self.optimizers["policy"]
        parameters = [parameter for parameter in self.policy.parameters() if parameter.requires_grad]
        losses, norms = [], []
        for epoch in range(settings.epochs):
            if epoch:
                scores = score_tokens(self.policy, dialogues, reference_logits)
            parts = dialogue_loss(scores, dialogues.log_prob[:, 1:], advantage, beta=settings.beta, clip=settings.clip)
            optimizer.zero_grad()
            parts.loss.backward()
            norms.append(float(nn.utils.clip_grad_norm_(parameters, settings.max_grad_norm or float("inf"))))
            optimizer.step()
            losses.append(parts)
        return {
            "loss": float(losses[0].loss.detach()),
            "policy_loss": float(losses[0].policy_loss.detach()),
            "clip_fraction": losses[-1].clip_fraction,
            "grad_norm": sum(norms) / len(norms),
        }

    def _examine(self, update: int) -> float | None:
        """Success in the examination, when one is due after this update."""
        settings = self.dialogue_settings
        if not settings.examine_every or (update % settings.examine_every and not self.finished):
            return None
        return evaluate_dialogue(
            self.policy, self.examination, episodes=settings.examine_dialogues, max_new_tokens=settings.max_new_tokens
        ).mean

    def _samples(
        self, dialogues: Dialogues, before: TokenScores, reward: Tensor, success: Tensor, advantage: Tensor
    ) -> tuple[DialogueSample, ...]:
        """The dialogues of the first prompts, token by token, and what the update did to them."""
        settings = self.dialogue_settings
        count = min(settings.show, settings.prompts) * settings.samples
        if not count:
            return ()
        shown = dialogues.first(count)
        with torch.no_grad():
            after = score_tokens(self.policy, shown).log_prob  # (count, T'−1)
        return dialogue_samples(
            shown, before.log_prob.detach()[:count, : after.shape[1]], after, reward, success, advantage,
            samples=settings.samples, vocabulary=getattr(self.dialogue_task, "vocabulary", ()),
        )  # fmt: skip

    def snapshot(self, complete: bool = False) -> Snapshot:
        """As `Learner.snapshot`; a complete one holds the reference too."""
        tensors, facts = super().snapshot(complete)
        if complete:
            tensors |= {f"reference.{name}": tensor.clone() for name, tensor in self.reference.state_dict().items()}
        return Snapshot(tensors, facts)

    def restore(self, snapshot: Snapshot) -> None:
        """As `Learner.restore`, with the reference if the snapshot holds it."""
        super().restore(snapshot)
        state = {name: snapshot.tensors.get(f"reference.{name}") for name in self.reference.state_dict()}
        if all(tensor is not None for tensor in state.values()):
            self.reference.load_state_dict(state)

    def result(self, interrupted: bool = False) -> LearnedDialogue:
        """What has been learned so far."""
        return LearnedDialogue(
            self.policy, None, tuple(self.records), self.settings, self.algorithm, self.task, interrupted
        )
