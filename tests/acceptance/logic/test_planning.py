"""Three discs: seven moves, and no fewer."""

from __future__ import annotations

from planning_problems import hanoi

from agentos_lab.logic.planning import NoPlan, plan


def test_three_discs_take_seven_moves_and_six_are_too_few():
    initial, goal, actions, objects = hanoi(3)
    assert len(plan(initial, goal, actions, objects=objects)) == 7
    none = plan(initial, goal, actions, 6, objects=objects)
    assert isinstance(none, NoPlan) and not none and none.horizon == 6
