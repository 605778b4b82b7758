"""Progress bars: for people who wait, and hidden wherever output is compared or kept."""

from __future__ import annotations

import os
from typing import Any

__all__ = ["progress_bar"]


def progress_bar(*, hidden: bool = False, **settings: Any) -> Any:
    """A bar of `tqdm`, in a notebook or a terminal.

    Args:
        hidden: Show none; so does any of the variables CI, NBVAL and AGENTOS_LAB_QUIET.
        **settings: What `tqdm` takes: `total`, `unit`, `desc`, …
    """
    from tqdm.auto import tqdm  # here, because it asks Jupyter for its widgets

    quiet = any(os.environ.get(name) for name in ("CI", "NBVAL", "AGENTOS_LAB_QUIET"))
    return tqdm(disable=quiet or hidden, **settings)
