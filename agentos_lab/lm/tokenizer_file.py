"""Tokenizer file: a tokenizer as JSON, with the kind that says which class reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from agentos_lab.atomic_file import replacing

__all__ = ["read_saved", "write_saved"]

T = TypeVar("T")


def write_saved(path: str | Path, kind: str, state: Mapping[str, Any]) -> None:
    """Write a tokenizer's state as JSON; the file appears whole or not at all."""
    with replacing(path) as partial, partial.open("w", encoding="utf-8") as file:
        json.dump({"kind": kind, **state}, file, ensure_ascii=False, separators=(",", ":"))


def read_saved(path: str | Path, classes: Sequence[type[T]]) -> T:
    """Read what `write_saved` wrote, as the one of `classes` that is named in the file.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is damaged or holds another kind of tokenizer.
    """
    kinds = {cls.kind: cls for cls in classes}  # type: ignore[attr-defined]
    try:
        state = json.loads(Path(path).read_text(encoding="utf-8"))
        kind = state.pop("kind")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{path} is damaged, or was not written by a tokenizer's save ({error!r}): save it again. The files of "
            "a Hugging Face folder are read by PretrainedTokenizer.from_folder"
        ) from error
    if kind not in kinds:
        raise ValueError(f"{path} holds a tokenizer of kind {kind!r}, expected {' or '.join(map(repr, kinds))}")
    try:
        return kinds[kind].from_dict(state)  # type: ignore[attr-defined]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is damaged ({error!r}); save the tokenizer again") from error
