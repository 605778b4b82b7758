"""A conversation to page, made by hand: an agent writes an answer from a long report.

Four pages are needed all the time, and now and then the agent scans the whole report. Scans are what LRU cannot stand,
so this load is unkind to LRU on purpose.
"""

from __future__ import annotations

__all__ = ["GROUPS", "MARKED", "PHASES", "REFERENCES"]

ALWAYS = ["system prompt", "tool specifications", "plan", "notes"]  # s, t, p, n
REPORT = [f"report p.{page}" for page in range(1, 9)]  # 1 … 8
SOURCES = [f"search result {page}" for page in range(1, 5)]  # a … d
WORK = [f"draft {page}" for page in range(1, 9)]  # A … H
# Which pages form a group of rows.
GROUPS = {"always needed": ALWAYS, "report": REPORT, "sources": SOURCES, "own work": WORK}

PAGES = dict(zip("stpn12345678abcdABCDEFGH", [*ALWAYS, *REPORT, *SOURCES, *WORK], strict=True))
SCRIPT = (
    ("start", "stpnstpn"),
    ("reading", "12A1s3A2t4A3p4"),
    ("scan", "1n2s345t678pab"),
    ("writing", "nABsBCApCBHtCnHs"),
    ("scan", "123p45t678nabcsd"),
    ("revising", "pBCtADEnDsEFp"),
    ("scan", "87t654n321"),
    ("answer", "sGpAHGtnHsAp"),
)

# The pages in the order of their use.
REFERENCES = [PAGES[letter] for _, letters in SCRIPT for letter in letters]
# The phases with their first references.
PHASES = [(name, sum(len(letters) for _, letters in SCRIPT[:at])) for at, (name, _) in enumerate(SCRIPT)]
# Phases that are drawn in another colour.
MARKED = ("scan",)
