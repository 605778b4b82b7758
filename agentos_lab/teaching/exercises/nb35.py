"""Checks and quiz of notebook 35, counterfactuals."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "blame", "encouraged", "imagined_mean", "mediation", "on_the_treated"]


@exercise(
    "encouraged",
    points=1,
    hints=(
        "First the homework: H = 0.5 · 2 + U_H, with Joe's own U_H = 0.75.",
        "Then Y = 0.7 · 2 + 0.4 · H + U_Y, with his own U_Y = 0.75.",
    ),
    right="The encouragement acts on both ways: by itself, and through the homework that it brings.",
)
def encouraged(answer: Any) -> Problem | None:
    """Joe's score, had X been 2."""
    told = {
        2.55: "You kept the homework at 1. With more encouragement he would have done more: H = 0.5 · 2 + 0.75.",
        2.1: "The score needs Joe's own noise, too: U_Y = 0.75.",
        1.8: "This is rung 2, the average pupil with X = 2. Joe has his own noise: U_H and U_Y are both 0.75.",
        2.45: "You moved one way only. X acts by itself (0.7) and through the homework (0.4).",
    }
    return require_number(answer, 2.85, told=told, what="the score")


def _on_the_treated(share: Any, takes: Any, gain: Any) -> float:
    weights = np.asarray(share) * np.asarray(takes)
    return float(weights @ np.asarray(gain) / weights.sum())


@exercise(
    "on_the_treated",
    points=1,
    hints=(
        "Which share of the *treated* has Z=z? Of all people, `share * takes` have this z and are treated.",
        "Shares add up to 1: `share * takes / (share * takes).sum()`.",
    ),
    right="The same gains, other shares: those of P(z | X=1).",
)
def on_the_treated(answer: Any) -> Problem | None:
    """A function of P(Z=z), P(X=1 | z) and the gains."""
    mistakes = {
        "This is the effect on everybody: it weighs with P(z). Take the shares among the treated, P(z | X=1).": (
            lambda share, takes, gain: float(np.dot(share, gain))
        ),
        "These weights do not add up to 1: divide by their sum, P(X=1).": (
            lambda share, takes, gain: float(np.sum(np.multiply(share, takes) * gain))
        ),
        "This forgets how many people have each z: weigh with `share * takes`, and divide by the sum.": (
            lambda share, takes, gain: float(np.dot(takes, gain) / np.sum(takes))
        ),
        "These are the shares among the *untreated*: you need P(X=1 | z), not 1 − P(X=1 | z).": (
            lambda share, takes, gain: _on_the_treated(share, 1 - np.asarray(takes), gain)
        ),
    }
    cases = [([0.5, 0.5], [0.2, 0.8], [0.4, 0.1]), ([0.2, 0.3, 0.5], [0.9, 0.5, 0.1], [-0.2, 0.1, 0.3])]
    return compare_calls(answer, _on_the_treated, cases, mistakes=mistakes, what="the effect on the treated")


def _models() -> tuple[Any, Any]:
    """The firing squad, and a confounded treatment whose outcome is no probability."""
    from agentos_lab.causal import Bernoulli, Categorical, StructuralCausalModel

    squad = StructuralCausalModel(
        "C = U; A = max(C, W); B = C; D = max(A, B)", noise={"U": Bernoulli(0.7), "W": Bernoulli(0.1)}
    )
    die = Categorical(tuple(range(5)))
    confounded = StructuralCausalModel(
        "Z = U_Z; X = U_X < where(Z, 4, 1); Y = 10 * (U_Y < where(Z, where(X, 4, 3), where(X, 3, 1))) + X",
        noise={"U_Z": Bernoulli(0.4), "U_X": die, "U_Y": die},
    )
    return squad, confounded


def _imagined_mean(model: Any, evidence: Any, do: Any, query: str) -> float:
    return float(model.counterfactual(evidence, do, query, method="exact").mean)


def _seen_mean(model: Any, evidence: Any, do: Any, query: str, *, inside: bool) -> float:
    """The mean of the query among the units that show the evidence, in the world of `do` or as it was."""
    noise, weight = model.worlds()
    was, changed = model.compute(noise, len(weight)), model.do(do).compute(noise, len(weight))
    world = changed if inside else was
    agrees = np.all([world[name] == value for name, value in evidence.items()] or [np.ones(len(weight))], axis=0)
    total = float((weight * agrees).sum())
    return float((weight * agrees) @ world[query]) / total if total else float("nan")


def _unshared(model: Any, evidence: Any, do: Any, query: str) -> float:
    """The weights of the agreeing worlds, not brought back to a sum of 1."""
    noise, weight = model.worlds()
    was = model.compute(noise, len(weight))
    agrees = np.all([was[name] == value for name, value in evidence.items()] or [np.ones(len(weight))], axis=0)
    return float((weight * agrees) @ model.do(do).compute(noise, len(weight))[query])


@exercise(
    "imagined_mean",
    points=3,
    hints=(
        "Abduction: `was = model.compute(noise, len(weight))`. Which worlds agree with each item of `evidence`? The "
        "others get weight 0, and the rest is divided by its sum.",
        "Action and prediction: `model.do(do).compute(noise, len(weight))[query]`, with the *same* noise; the answer "
        "is its mean under the weights: `weight @ …`.",
    ),
    right="Three stages, seven lines. The noise is what both worlds share.",
)
def imagined_mean(answer: Any) -> Problem | None:
    """A function of model, evidence, do and query: the mean in the imagined world."""
    mistakes = {
        "The evidence is ignored: this is rung 2, `do` for everybody. First keep the worlds that agree with it.": (
            lambda model, evidence, do, query: _imagined_mean(model, {}, do, query)
        ),
        "The evidence is looked for in the *changed* world. It was seen in the world as it was.": (
            lambda model, evidence, do, query: _seen_mean(model, evidence, do, query, inside=True)
        ),
        "The action is missing: this is the mean in the world as it was.": (
            lambda model, evidence, do, query: _seen_mean(model, evidence, do, query, inside=False)
        ),
        "The weights of the worlds that agree must add up to 1 again: divide by their sum.": _unshared,
    }
    squad, confounded = _models()
    cases = [
        (squad, {"D": 1}, {"A": 0}, "D"),
        (squad, {}, {"A": 0}, "D"),
        (squad, {"A": 1, "B": 1}, {"C": 0}, "D"),
        (confounded, {"X": 1}, {"X": 0}, "Y"),
        (confounded, {"X": 0, "Y": 10}, {"X": 1}, "Y"),
    ]
    return compare_calls(answer, _imagined_mean, cases, mistakes=mistakes, what="the mean")


@exercise(
    "blame",
    points=2,
    hints=(
        "Keep all 2,000 from the pill: 2 · 15 = 30 die. The 1,000 who chose to do without lose 22.",
        "So 8 of those who chose the pill would have died anyway. How many of their 20 deaths are left?",
    ),
    right="Twelve of the twenty deaths, at least: more likely than not.",
)
def blame(answer: Any) -> Problem | None:
    """The lower bound of PN for 20 and 22 of 1,000, and 15 of 1,000 without by experiment."""
    told = {
        0.5: "This is the experiment alone, (30 − 15)/30. The people who choose the pill are others: use both tables.",
        0.4: "8 of the 20 would have died anyway. PN counts the others.",
        8: "8 would have died anyway. PN is the share of the **others** among the 20.",
        60: "That is in percent. A probability lies between 0 and 1.",
        12: "12 deaths are right. PN is their share among the 20.",
        0.25: "This is 1 − 15/20, as if those who chose the pill were like those in the experiment. Use step 2, too.",
        0: "Seen, the pill looks harmless. The experiment says more: go through the four steps.",
    }
    return require_number(answer, 0.6, told=told, what="the bound")


def _mediation(P_M: Any, E_Y: Any) -> tuple[float, float, float]:
    means, share = np.asarray(E_Y), np.array([[1 - p, p] for p in P_M])
    total = means[1] @ share[1] - means[0] @ share[0]
    return float(total), float((means[1] - means[0]) @ share[0]), float(means[0] @ (share[1] - share[0]))


@exercise(
    "mediation",
    points=2,
    hints=(
        "Total: `E_Y[1] @ P[1] - E_Y[0] @ P[0]`. Direct: the mediator stays as without X, so weigh with P[0].",
        "Direct: `(E_Y[1] - E_Y[0]) @ P[0]`. Indirect: `E_Y[0] @ (P[1] - P[0])`.",
    ),
    right="And the total minus both is what needs the two together: 0.105 in the example.",
)
def mediation(answer: Any) -> Problem | None:
    """A function of P(M=1 | x) and E[Y | x, m]: total, direct, indirect."""

    def wrong(direct: Any, indirect: Any) -> Any:
        def parts(P_M: Any, E_Y: Any) -> tuple[float, float, float]:
            means, share = np.asarray(E_Y), np.array([[1 - p, p] for p in P_M])
            return _mediation(P_M, E_Y)[0], float(direct(means, share)), float(indirect(means, share))

        return parts

    def right_direct(means: Any, share: Any) -> Any:
        return (means[1] - means[0]) @ share[0]

    def right_indirect(means: Any, share: Any) -> Any:
        return means[0] @ (share[1] - share[0])

    mistakes = {
        "Direct: the mediator must stay as it would be *without* X. Weigh with P[0], not with P[1].": wrong(
            lambda means, share: (means[1] - means[0]) @ share[1], right_indirect
        ),
        "Indirect: X stays at 0, so the means are E_Y[0], not E_Y[1]. (Total minus direct is the same mistake: it "
        "holds what needs both at once, too.)": wrong(
            right_direct, lambda means, share: means[1] @ (share[1] - share[0])
        ),
        "Direct and indirect are exchanged.": wrong(right_indirect, right_direct),
        "This is the mediator held at 0 for all. For the direct effect it is what it would be without X: P[0].": wrong(
            lambda means, share: means[1, 0] - means[0, 0], right_indirect
        ),
    }
    cases = [
        ([0.40, 0.75], [[0.2, 0.3], [0.4, 0.8]]),
        ([0.5, 0.5], [[0.1, 0.2], [0.3, 0.9]]),
        ([0.9, 0.2], [[0.6, 0.1], [0.5, 0.2]]),
    ]
    parts = ("the total effect", "the direct effect", "the indirect effect")
    return compare_calls(answer, _mediation, cases, mistakes=mistakes, what="the effects", parts=parts)


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "Joe's score had been 1.9 with twice the homework. All pupils with his X, made to do as much, average 1.15. "
        "Why?",
        (
            Option(
                "The 1.9 keeps Joe's own noise, the average does not.",
                "Abduction found U_Y = 0.75 for him. An intervention draws it anew.",
                right=True,
            ),
            Option("One of the two must be wrong.", "They answer two questions: about him, and about people like him."),
            Option("1.9 holds the encouragement fixed, 1.15 does not.", "Both hold it: X = 0.5."),
            Option("Because particles were used.", "Both numbers are exact."),
        ),
    ),
    Question(
        "A perfect experiment: half of all people die with the pill, half without. So for one who took it and died …",
        (
            Option("the pill did nothing.", "Perhaps. Or it kills half of all people and saves the other half."),
            Option("the pill is to blame with probability 1/2.", "Any number from 0 to 1 fits this experiment."),
            Option(
                "nothing follows about what would have been without it.",
                "Two models with equal experiments gave 0 and 1. Nobody is in both arms.",
                right=True,
            ),
            Option("a larger experiment would tell.", "It would give the same two halves, more precisely."),
        ),
    ),
    Question(
        "The effect on the treated was 0.16, on everybody 0.25. Why do they differ?",
        (
            Option("By chance: the sample is small.", "Both were exact."),
            Option(
                "The treated are a different mixture of people, who gain less.",
                "80 % of them are motivated, and those gain 0.1; of all people it is half.",
                right=True,
            ),
            Option("The first is confounded.", "It is not: given Z, who takes the course tells nothing about Y*."),
            Option("The treated know that they were treated.", "Nothing in the model depends on that."),
        ),
    ),
    Question(
        "Treatment was drawn by lot. You adjust for the mediator, and take what is left for the direct effect. Is it?",
        (
            Option("Yes: the lot excludes all confounding.", "Of the treatment, but not of mediator and outcome."),
            Option("Yes, if the sample is large.", "Two million babies gave the wrong sign."),
            Option(
                "Not if mediator and outcome have a common cause.",
                "The mediator is a collider then. And even without one the answer differs from value to value of it.",
                right=True,
            ),
            Option(
                "No: a direct effect cannot be computed from data.", "By the mediation formula it can, on some graphs."
            ),
        ),
    ),
)
