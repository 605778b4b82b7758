"""The kernel: an operating system for language-model agents."""

from .kernel import Kernel, Question
from .language_core import LanguageCore, ScriptedCore
from .process import Budget
from .reply import Failed, Ok
from .scheduler import FairShare, Fifo, MultilevelFeedback, Priority, RoundRobin, ShortestJobFirst
from .tools import Tool, tool
