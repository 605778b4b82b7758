"""The kernel: an operating system for language-model agents.

Read in this order: `syscall` and `reply` (what an agent can ask, and how it is answered), `process`; `kernel` (the
loop), `supervisor` and `handlers` (what each call does); `scheduler`, `language_core` and `dispatcher` with `swap` (who
decodes next, and how);
`locks` and `deadlock`; `journal`, `ledger` and `replay` (why a crash loses nothing); `storage`, `memory`; `context` and
`paging`; `tools`, `tool_run`, `isolation` and `tool_calls`; `access` and `person`; `trace` and `run`. Beyond one
machine: `openai_core`, `mcp_tools`, `sweep`.
"""

from .access import AuditLog, Decision, Rule, decide
from .context import ContextWindow
from .kernel import Kernel
from .language_core import LanguageCore, ScriptedCore
from .memory import Memory
from .openai_core import OpenAICore
from .paging import FIFO, LRU, LRUK, AttentionMass, Clock, Optimal, simulate_paging
from .person import Question
from .process import Budget
from .replay import fork
from .reply import (
    Cancelled,
    CoreFailed,
    Deadlock,
    Failed,
    NobodyAnswers,
    Ok,
    ProcessFailed,
    Reply,
    StorageFailed,
)
from .run import Run
from .scheduler import FairShare, Fifo, MultilevelFeedback, Priority, ProcessView, RoundRobin, ShortestJobFirst
from .storage import Storage
from .sweep import sweep
from .tools import Tool, Toolbox, tool
from .trace import Trace

__all__ = [
    "FIFO",
    "LRU",
    "LRUK",
    "AttentionMass",
    "AuditLog",
    "Budget",
    "Cancelled",
    "Clock",
    "ContextWindow",
    "CoreFailed",
    "Deadlock",
    "Decision",
    "Failed",
    "FairShare",
    "Fifo",
    "Kernel",
    "LanguageCore",
    "Memory",
    "MultilevelFeedback",
    "NobodyAnswers",
    "Ok",
    "OpenAICore",
    "Optimal",
    "Priority",
    "ProcessFailed",
    "ProcessView",
    "Question",
    "Reply",
    "RoundRobin",
    "Rule",
    "Run",
    "ScriptedCore",
    "ShortestJobFirst",
    "Storage",
    "StorageFailed",
    "Tool",
    "Toolbox",
    "Trace",
    "decide",
    "fork",
    "simulate_paging",
    "sweep",
    "tool",
]
