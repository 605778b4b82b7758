"""The documents of the repository and the code in them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(document: str, *languages: str) -> list[str]:
    """The fenced blocks of a document in these languages."""
    text = (ROOT / document).read_text("utf-8")
    return [body for language, body in FENCE.findall(text) if language in languages]
