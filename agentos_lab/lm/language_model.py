"""A language model ready for text: a GPT together with its tokenizer.

Models work on token numbers, people on text. `LanguageModel` stands between: it generates, chats, scores and opens
the model up, for a pretrained model and for one that you trained a minute ago alike.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from .activations import Trace
from .generation import FinishReason, generate
from .gpt import GPT, GPTConfig
from .tokenizer import Tokenizer, load_tokenizer

if TYPE_CHECKING:
    pass

__all__ = ["Generation", "LanguageModel"]

_FORMAT = "agentos_lab.lm 1"


@dataclass(frozen=True)
class Generation:
    """A text that a model wrote.

    Attributes:
        text: The continuation, without the prompt and without what stopped it.
        prompt: What it continues.
        tokens: Ids of the new tokens.
        pieces: The new tokens in print.
        logprobs: Natural logarithm of the model's own probability for each.
        finish_reason: Why it ended: see `Generated`.
        prompt_tokens: Ids of the prompt.
    """

    text: str
    prompt: str
    tokens: tuple[int, ...]
    pieces: tuple[str, ...]
    logprobs: tuple[float, ...]
    finish_reason: FinishReason
    prompt_tokens: tuple[int, ...]

    def __str__(self) -> str:
        return self.text


class LanguageModel:
    """A model and its tokenizer.

    Args:
        model: The GPT.
        tokenizer: Any `Tokenizer` whose vocabulary the model has.
        name: What to call it.
    """

    def __init__(self, model: GPT, tokenizer: Tokenizer, name: str = "unnamed") -> None:
        if tokenizer.vocab_size > model.config.vocab_size:
            raise ValueError(
                f"the tokenizer has {tokenizer.vocab_size} tokens, the model only {model.config.vocab_size}; they do "
                "not belong together"
            )
        self.model, self.tokenizer, self.name = model, tokenizer, name

    def __repr__(self) -> str:
        return f"LanguageModel({self.name!r}, {self.model.num_parameters():,} parameters, {self.tokenizer!r})"

    def generate(
        self,
        text: str,
        max_new_tokens: int = 40,
        temperature: float = 0.8,
        **settings: Any,
    ) -> Generation:
        """Continue a text."""
        ids = self.tokenizer.encode(text)
        stop = [self.tokenizer.special["eos"]] if "eos" in self.tokenizer.special else []
        (out,) = generate(
            self.model, [ids], max_new_tokens=max_new_tokens, temperature=temperature, stop_tokens=stop, **settings
        )
        pieces = tuple(self.tokenizer.token_text(t) for t in out.tokens)
        return Generation(
            self.tokenizer.decode(out.tokens),
            text,
            out.tokens,
            pieces,
            out.logprobs,
            out.finish_reason,
            out.prompt_tokens,
        )

    @torch.no_grad()
    def logits(self, text: str) -> Tensor:
        """Scores (T, V) after each token of a text."""
        return self.model(self.tensor(text))[0]

    def record(self, text: str, names: Sequence[str] | None = None, **forward: Any) -> Trace:
        """Run the model over a text and keep its activations; see `GPT.record`."""
        return self.model.record(self.tensor(text), names, **forward)

    def tensor(self, text: str) -> Tensor:
        """The tokens of a text as a batch of one (1, T)."""
        return torch.tensor([self.tokenizer.encode(text)], device=self.model.device)

    def save(self, folder: str | Path) -> Path:
        """Write the model to a folder: ``model.safetensors``, ``config.json`` and ``tokenizer.json``."""
        from safetensors.torch import save_file

        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        save_file({k: v.contiguous() for k, v in self.model.state_dict().items()}, folder / "model.safetensors")
        self.tokenizer.save(folder / "tokenizer.json")
        config = {"format": _FORMAT, "name": self.name, "model": self.model.config.to_dict()}
        (folder / "config.json").write_text(json.dumps(config, indent=1))
        return folder

    @classmethod
    def load(
        cls, folder: str | Path, *, dtype: torch.dtype = torch.float32, device: torch.device | str = "cpu"
    ) -> LanguageModel:
        """Read a model that `save` wrote."""
        from safetensors.torch import load_file

        folder = Path(folder)
        config = json.loads((folder / "config.json").read_text())
        state = load_file(folder / "model.safetensors")
        model = GPT.from_state(GPTConfig.from_dict(config["model"]), state).to(device=device, dtype=dtype)
        return cls(model, load_tokenizer(folder / "tokenizer.json"), config["name"])
