"""Datasets that may not lie in the repository: fetched once into the user's cache, and checked.

Nothing is fetched unless `download` is called, and a file appears under its name only when it is complete and its
checksum is right.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Any

from agentos_lab.atomic_file import replacing
from agentos_lab.progress import progress_bar

from .cards import Card, card, verified_bytes

__all__ = ["cache_folder", "download"]


def download(name: str, *, timeout: float = 30.0) -> Path:
    """Fetch a dataset into the cache, unless it is there already and intact.

    Args:
        name: A dataset whose card has an address, e.g. ``"tiny_shakespeare"``.
        timeout: Seconds to wait for the server before giving up.

    Returns:
        The file. `load_text(name)` reads it.

    Raises:
        ValueError: The name is unknown, needs no download, or the server sent something else.
        ConnectionError: There is no network or no answer; the message says what works instead.
    """
    found = card(name)
    if found.location != "download" or found.url is None or found.file is None:
        raise ValueError(f"dataset {name!r} needs no download; load it with {found.loader}")
    target = cache_folder() / name / found.file
    if target.is_file():
        try:
            verified_bytes(found, target)
            return target
        except ValueError:
            pass  # a damaged file in the cache is simply fetched again
    with replacing(target) as partial:
        with open(partial, "wb") as out:
            digest = _fetch(found, out, timeout)
        if digest != found.sha256:
            raise ValueError(
                f"dataset {name!r}: {found.url} sent {partial.stat().st_size} bytes with sha256 {digest}, "
                f"expected {found.size} bytes with {found.sha256}; try again later, nothing was kept"
            )
    return target


def cache_folder() -> Path:
    """Where downloads are kept: ``AGENTOS_LAB_CACHE`` when it is set, else the platform's cache folder."""
    if chosen := os.environ.get("AGENTOS_LAB_CACHE"):
        return Path(chosen).expanduser()
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "agentos-lab" / "cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "agentos-lab"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "agentos-lab"


def _fetch(card: Card, out: Any, timeout: float) -> str:
    """Copy the card's address to the open file; returns the SHA-256 of what came."""
    import urllib.request  # here, because most sessions fetch nothing

    assert card.url is not None
    digest = hashlib.sha256()
    try:
        with (
            urllib.request.urlopen(card.url, timeout=timeout) as response,
            progress_bar(total=card.size, unit="B", unit_scale=True, desc=card.name) as bar,
        ):
            while chunk := response.read(1 << 16):
                out.write(chunk)
                digest.update(chunk)
                bar.update(len(chunk))
    except OSError as error:  # URLError, HTTPError and time-outs are all OSErrors
        raise ConnectionError(
            f"dataset {card.name!r} could not be fetched from {card.url}: {error}. Without a network, "
            "load_text('stories'), load_text('python_topics') and load_text('python_docstrings') work"
        ) from error
    return digest.hexdigest()
