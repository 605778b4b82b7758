"""What every notebook of the course teaches with: predictions, instant checks and quizzes.

In a notebook: ``from agentos_lab.teaching import check, predict, quiz, reveal``. Making and keeping notebooks
(`cells`, `execute`, `release`) is for their authors and is imported from its own module.
"""

from __future__ import annotations

from .checking import CheckResult, check
from .prediction import predict, reveal
from .questions import quiz

__all__ = ["CheckResult", "check", "predict", "quiz", "reveal"]
