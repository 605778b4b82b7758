"""Atomic writing: a file appears whole or not at all, whatever stops the program in the middle.

The new content goes to a temporary place in the same folder first; putting it in the place of the old is then one
operation of the file system, which cannot be done by halves.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["replacing"]


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """For a ``with`` block that writes a file: what it leaves takes the place of `path`, unless the block fails.

    Args:
        path: The file; its folder is made if need be.

    Yields:
        Where to write instead.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # A folder of our own, so that the file in it gets the usual permissions (those of `mkstemp` shut out everybody
    # else).
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-", ignore_cleanup_errors=True) as folder:
        partial = Path(folder) / path.name
        yield partial
        os.replace(partial, path)
