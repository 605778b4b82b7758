"""Blackjack: one player against a dealer with fixed habits, cards from an endless deck (S&B 2018, example 5.1).

The book learns its policy from 500,000 hands; the tables are small enough to compute it.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import numpy as np

from .tabular_mdp import Layout, TabularMDP
from .transition_tables import Outcome, tables

__all__ = ["blackjack"]

_CARDS = {card: (4 if card == 10 else 1) / 13 for card in range(1, 11)}  # 10, jack, queen and king count 10
_LOST, _DRAWN, _WON = 200, 201, 202
_STICK, _HIT = 0, 1


def blackjack() -> TabularMDP:
    """Blackjack as a process of 200 states and 3 ends (lost −1, drawn 0, won +1), actions stick and hit.

    State ``100 · (no usable ace) + 10 · (21 − sum) + card − 1``: the player's sum from 21 down to 12, the dealer's card
    from ace to 10. Below 12 nobody sticks, so that an episode starts after the hits up to there. Ace and ten at once
    count as any 21; the rules are those of gymnasium's Blackjack-v1.
    """
    outcomes: dict[tuple[int, int], list[Outcome]] = {}
    start = np.zeros(203)
    for shown, chance in _CARDS.items():
        for (total, usable), p in _deal().items():
            start[_state(total, usable, shown)] += chance * p
        for usable in (False, True):
            for total in range(12, 22):
                state = _state(total, usable, shown)
                outcomes[state, _STICK] = _against_dealer(total, shown)
                outcomes[state, _HIT] = [
                    (p, _state(*hand, shown), 0.0) if hand[0] <= 21 else (p, _LOST, -1.0)
                    for card, p in _CARDS.items()
                    for hand in [_add(total, usable, card)]
                ]
    P, R = tables(outcomes, 203, 2)
    names = [
        f"{total} with{'' if usable else 'out'} a usable ace against {shown}"
        for usable in (True, False)
        for total in range(21, 11, -1)
        for shown in range(1, 11)
    ]
    return TabularMDP(
        P,
        R,
        np.arange(203) >= _LOST,
        start,
        name="blackjack",
        state_names=[*names, "lost", "drawn", "won"],
        action_names=("stick", "hit"),
        layout=Layout(
            rows=20,
            columns=10,
            text="\n".join(["." * 10] * 20),
            arrows="SH",
            row_title="the player's sum",
            column_title="the dealer's card",
            row_names=[f"{total}{ace}" for ace in (" with ace", "") for total in range(21, 11, -1)],
            column_names=["ace", *map(str, range(2, 11))],
        ),
    )


def _state(total: int, usable: bool, shown: int) -> int:
    return 100 * (not usable) + 10 * (21 - total) + shown - 1


def _add(total: int, usable: bool, card: int) -> tuple[int, bool]:
    """A hand (sum, usable ace) with one more card: an ace counts 11 where that does not bust, and then is usable."""
    total += card
    if card == 1 and total + 10 <= 21:
        total, usable = total + 10, True
    if total > 21 and usable:
        total, usable = total - 10, False
    return total, usable


def _deal() -> dict[tuple[int, bool], float]:
    """Probabilities of the player's hands (sum, usable ace) after two cards and all hits below 12."""
    hands: defaultdict[tuple[int, bool], float] = defaultdict(float, {(0, False): 1.0})
    for draw in range(2 + 4):  # from 4, four more cards reach 12 at the latest
        dealt: defaultdict[tuple[int, bool], float] = defaultdict(float)
        for hand, p in hands.items():
            if draw >= 2 and hand[0] >= 12:
                dealt[hand] += p
                continue
            for card, chance in _CARDS.items():
                dealt[_add(*hand, card)] += p * chance
        hands = dealt
    return hands


@cache
def _dealer(total: int, usable: bool) -> dict[int, float]:
    """Probabilities of the sums that the dealer, who sticks at 17, ends with; 22 stands for bust."""
    if total > 21:
        return {22: 1.0}
    if total >= 17:
        return {total: 1.0}
    ends: defaultdict[int, float] = defaultdict(float)
    for card, chance in _CARDS.items():
        for end, p in _dealer(*_add(total, usable, card)).items():
            ends[end] += chance * p
    return ends


def _against_dealer(total: int, shown: int) -> list[Outcome]:
    """What follows when the player sticks."""
    ends = _dealer(*_add(0, False, shown))
    lost = sum(p for end, p in ends.items() if total < end <= 21)
    return [(lost, _LOST, -1.0), (ends.get(total, 0.0), _DRAWN, 0.0), (1 - lost - ends.get(total, 0.0), _WON, 1.0)]
