"""Interactive views for notebooks: each shows one library object, answers the mouse and the keyboard, works offline.

`View` is what they have in common; `widgets/view.py` says how to write one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .attention import AttentionExplorer
    from .causal_graph import CausalGraphExplorer
    from .context_pager import ContextPager
    from .countermodel import CountermodelView
    from .effect_forest import EffectForest
    from .hedge import HedgeExplorer
    from .intervention import InterventionLab
    from .kernel_monitor import KernelMonitor
    from .next_token import NextTokenExplorer
    from .normal_form import NormalFormStepper
    from .proof import ProofExplorer
    from .reinforcement_of_text import ReinforcementOfText
    from .rollout import RolloutPlayer
    from .sat_trail import SatTrail
    from .schedule import ScheduleView
    from .time_travel import TimeTravel
    from .tokenizer import TokenizerExplorer
    from .training import TrainingMonitor
    from .unification import UnificationStepper
    from .value_map import ValueMap
    from .view import View

__all__ = [
    "AttentionExplorer",
    "CausalGraphExplorer",
    "ContextPager",
    "CountermodelView",
    "EffectForest",
    "HedgeExplorer",
    "InterventionLab",
    "KernelMonitor",
    "NextTokenExplorer",
    "NormalFormStepper",
    "ProofExplorer",
    "ReinforcementOfText",
    "RolloutPlayer",
    "SatTrail",
    "ScheduleView",
    "TimeTravel",
    "TokenizerExplorer",
    "TrainingMonitor",
    "UnificationStepper",
    "ValueMap",
    "View",
]

# Public name -> module; loaded when first asked for, so that `import widgets` is quick.
_HOME = {
    "AttentionExplorer": "attention",
    "CausalGraphExplorer": "causal_graph",
    "ContextPager": "context_pager",
    "CountermodelView": "countermodel",
    "EffectForest": "effect_forest",
    "HedgeExplorer": "hedge",
    "InterventionLab": "intervention",
    "KernelMonitor": "kernel_monitor",
    "NextTokenExplorer": "next_token",
    "ProofExplorer": "proof",
    "NormalFormStepper": "normal_form",
    "ReinforcementOfText": "reinforcement_of_text",
    "RolloutPlayer": "rollout",
    "SatTrail": "sat_trail",
    "ScheduleView": "schedule",
    "TimeTravel": "time_travel",
    "TokenizerExplorer": "tokenizer",
    "TrainingMonitor": "training",
    "UnificationStepper": "unification",
    "ValueMap": "value_map",
    "View": "view",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"widgets has no {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
