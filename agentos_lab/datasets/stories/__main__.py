"""Make the shipped corpus again and write its card: ``python -m agentos_lab.datasets.stories [folder]``."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from agentos_lab.atomic_file import replacing

from .story import make_stories

__all__ = ["rebuild"]


def rebuild(folder: Path) -> str:
    """Write ``text.txt`` anew, and its size and checksum into ``card.json``.

    Args:
        folder: A clone's ``datasets/stories``; it must hold a card.

    Returns:
        One line that says what was written.

    Raises:
        ValueError: The folder holds no card.
    """
    if not (folder / "card.json").is_file():
        raise ValueError(f"{folder} holds no card.json; run this in the root of a clone, or name its datasets/stories")
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    content = make_stories().encode("utf-8")
    card["size"], card["sha256"] = len(content), hashlib.sha256(content).hexdigest()
    written = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    for name, data in (("text.txt", content), ("card.json", written.encode("utf-8"))):
        with replacing(folder / name) as partial:
            partial.write_bytes(data)
    return f"{folder / 'text.txt'}: {card['size']} bytes, sha256 {card['sha256']}"


if __name__ == "__main__":
    print(rebuild(Path(sys.argv[1] if len(sys.argv) > 1 else "datasets/stories")))
