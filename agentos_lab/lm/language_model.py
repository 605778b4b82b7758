"""A language model ready for text: a GPT together with its tokenizer.

Models work on token numbers, people on text. `LanguageModel` stands between: it generates, chats, scores and opens
the model up, for a pretrained model and for one that you trained a minute ago alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from .activations import Trace
from .beam_search import beam_search
from .decoding import Generated
from .generation import generate, score, stream
from .generation_result import Generation, Scores
from .gpt import GPT, expect_model, without_dropout
from .inference_weights import InferenceWeights, for_inference
from .language_core import GPTCore
from .objectives import perplexity
from .sampling import Sampling
from .stop_text import StopText
from .tokenizer import Tokenizer

if TYPE_CHECKING:
    from .constraint import Constraint

__all__ = ["Generation", "LanguageModel", "Scores"]


class LanguageModel:
    """A model and its tokenizer.

    Args:
        model: The GPT.
        tokenizer: Any `Tokenizer` whose vocabulary the model has.
        name: What to call it.

    Example:
        >>> lm = load_pretrained("smollm2-135m-instruct")
        >>> lm.generate("The capital of France is", max_new_tokens=1, temperature=0).text
        ' Paris'
    """

    def __init__(self, model: GPT, tokenizer: Tokenizer, name: str = "unnamed") -> None:
        expect_model(model)
        if tokenizer.vocab_size > model.config.vocab_size:
            raise ValueError(
                f"the tokenizer has {tokenizer.vocab_size} tokens, the model only {model.config.vocab_size}; they do "
                "not belong together"
            )
        self.model, self.tokenizer, self.name = model, tokenizer, name

    def __repr__(self) -> str:
        parameters = GPT(self.model.config, device="meta").num_parameters()  # packed layers have no parameters to count
        return f"LanguageModel({self.name!r}, {parameters:,} parameters, {self.tokenizer!r})"

    def generate(
        self,
        text: str,
        max_new_tokens: int = 40,
        temperature: float = 0.8,
        top_k: int | None = None,
        top_p: float | None = None,
        min_p: float | None = None,
        repetition_penalty: float = 1.0,
        seed: int = 0,
        constraint: Constraint | None = None,
        stop: str | Sequence[str] = (),
        use_cache: bool = True,
    ) -> Generation:
        """Continue a text.

        Args:
            text: What to continue.
            max_new_tokens: Most tokens to add.
            temperature: 0 always takes the most probable token; 1 draws from the model's own distribution.
            top_k: Draw from the k most probable tokens only.
            top_p: Draw from the most probable tokens that together hold this probability.
            min_p: Draw from tokens at least this fraction as probable as the best one.
            repetition_penalty: Above 1 makes tokens that have occurred less probable.
            seed: The same seed gives the same text.
            constraint: From `regex`, `choices` or `json_schema` of `constraint.py`.
            stop: Texts that end the generation, wherever token boundaries fall.
            use_cache: Without, every token reads the whole text again: slower, the same text.

        Returns:
            The continuation; it prints as text.
        """
        if not isinstance(text, str):
            raise ValueError(f"generate continues one text, got {type(text).__name__}; generate_batch takes several")
        sampling = Sampling(temperature, top_k, top_p, min_p, repetition_penalty)
        settings = {"seed": seed, "constraint": constraint, "use_cache": use_cache, **vars(sampling)}
        return self._generate([self.prompt_tokens(text)], stop, max_new_tokens=max_new_tokens, **settings)[0]

    def generate_batch(
        self,
        texts: Sequence[str],
        max_new_tokens: int = 40,
        temperature: float = 0.8,
        seed: int | Sequence[int] = 0,
        stop: str | Sequence[str] = (),
        **settings: Any,
    ) -> list[Generation]:
        """Continue several texts of any lengths at once, which takes little longer than one.

        Args:
            texts: What to continue.
            max_new_tokens, temperature, stop: As in `generate`.
            seed: Text i draws from ``seed + i``; a list gives each its own.
            **settings: The other arguments of `generate`.

        Returns:
            One continuation a text, in order.

        Raises:
            ValueError: `texts` is no list of texts.
        """
        if isinstance(texts, str):
            raise ValueError("generate_batch continues a list of texts; generate takes a single one")
        prompts = [self.prompt_tokens(text) for text in texts]
        settings |= {"temperature": temperature, "seed": seed}
        return self._generate(prompts, stop, max_new_tokens=max_new_tokens, **settings)

    def stream(
        self,
        text: str,
        max_new_tokens: int = 40,
        temperature: float = 0.8,
        stop: str | Sequence[str] = (),
        **settings: Any,
    ) -> Iterator[str]:
        """Continue a text and hand out each new bit of it as soon as it is certain.

        A token may hold half a character, and the beginning of a stop text: such ends are held back.

        Args:
            text, max_new_tokens, temperature, stop: As in `generate`.
            **settings: The other arguments of `generate`.

        Yields:
            Pieces that join to the same text as `generate` returns.
        """
        watch = StopText(stop, self.tokenizer.decode)
        tokens: list[int] = []
        shown = ""
        for new in stream(
            self.model, self.prompt_tokens(text), max_new_tokens=max_new_tokens, temperature=temperature,
            stop_tokens=self.end_tokens(), until=watch.has_come, **settings,
        ):  # fmt: skip
            tokens.append(new.token)
            certain = watch.certain(tokens)
            if len(certain) > len(shown):
                yield certain[len(shown) :]
                shown = certain
        rest = watch.text(tokens)[len(shown) :]
        if rest:
            yield rest

    def chat(
        self,
        messages: str | Sequence[Mapping[str, Any]],
        max_new_tokens: int = 200,
        temperature: float = 0.8,
        stop: str | Sequence[str] = (),
        **settings: Any,
    ) -> Generation:
        """Answer a conversation; for models that were trained to.

        Args:
            messages: ``[{"role": "user", "content": "…"}, …]``; roles are system, user and assistant. A text alone
                is one message of the user.
            max_new_tokens, temperature, stop: As in `generate`.
            **settings: The other arguments of `generate`.

        Raises:
            ValueError: The tokenizer has no chat template.
        """
        conversation = [{"role": "user", "content": messages}] if isinstance(messages, str) else messages
        prompt = self.prompt_tokens(conversation)
        return self._generate([prompt], stop, max_new_tokens=max_new_tokens, temperature=temperature, **settings)[0]

    def beam_search(
        self,
        text: str,
        max_new_tokens: int = 40,
        beams: int = 4,
        length_penalty: float = 1.0,
        constraint: Constraint | None = None,
    ) -> list[Generation]:
        """The most probable continuations that beam search finds, the best first: see `beam_search.py`."""
        prompt, watch = self.prompt_tokens(text), StopText((), self.tokenizer.decode)
        found = beam_search(
            self.model,
            prompt,
            max_new_tokens=max_new_tokens,
            beams=beams,
            length_penalty=length_penalty,
            stop_tokens=self.end_tokens(),
            constraint=constraint,
        )
        # A beam knows the probability of its stop token too; what is shown has one a token, as in `generate`.
        generated = [
            Generated(beam.tokens, beam.logprobs[: len(beam.tokens)], beam.finish_reason, tuple(prompt))
            for beam in found
        ]
        return [self._in_print(each, watch) for each in generated]

    def score(self, prompt: str, continuations: Sequence[str]) -> Scores:
        """How probable each continuation is after the prompt; one batch, the prompt is read once.

        Args:
            prompt: What is continued.
            continuations: The candidates. Each is cut into tokens on its own: one that begins a new word should begin
                with the space.

        Returns:
            ln P(continuation | prompt) of each, which print as a ranking.

        Raises:
            ValueError: `continuations` is no list of texts, one of them is empty, or they do not fit the context.
        """
        if isinstance(continuations, str):
            raise ValueError("continuations is a list of texts; for a single one write [text]")
        pieces = score(self.model, self.prompt_tokens(prompt), [self.tokenizer.encode(each) for each in continuations])
        logprobs = tuple(tuple(each.tolist()) for each in pieces)
        return Scores(prompt, tuple(continuations), tuple(sum(each) for each in logprobs), logprobs)

    @torch.no_grad()
    def logits(self, text: str) -> Tensor:
        """Scores (T, V) of what comes after each token of a text, float32; without dropout."""
        with without_dropout(self.model):
            return self.model(self.encode(text))[0].float()

    def record(self, text: str, names: Sequence[str] | None = None, **forward: Any) -> Trace:
        """Run the model over a text and keep its activations; see `GPT.record`."""
        return self.model.record(self.encode(text), names, **forward)

    def perplexity(self, text: str, window: int | None = None) -> float:
        """Among how many equally likely tokens the model seems to choose at each step of a text.

        Args:
            text: At least two tokens.
            window: The text is read in stretches of this many tokens, each without knowledge of those before; None:
                the model's context, at most 1024.

        Raises:
            ValueError: The text is too short, or the window leaves nothing to guess or exceeds the context.
        """
        tokens = self.tokenizer.encode(text)
        if len(tokens) < 2:
            raise ValueError(f"perplexity needs at least two tokens, one to guess after another; got {len(tokens)}")
        size = min(self.model.config.context, 1024) if window is None else window
        if not 2 <= size <= self.model.config.context:
            raise ValueError(f"window must lie between 2 and the context of {self.model.config.context}, got {window}")
        logprobs = [
            score(self.model, tokens[start : start + 1], [tokens[start + 1 : start + size]])[0]
            for start in range(0, len(tokens) - 1, size - 1)
        ]
        return perplexity(-torch.cat(logprobs).mean())

    def encode(self, text: str) -> Tensor:
        """The tokens of a text as a batch of one (1, T), where the model is."""
        return torch.tensor([self.prompt_tokens(text)], device=self.model.device)

    def core(self, slots: int = 8, capacity: int = 512, **settings: Any) -> GPTCore:
        """A processor of texts for the kernel of an operating system: see `language_core.py`."""
        return GPTCore(self, slots, min(capacity, self.model.config.context), **settings)

    def for_inference(self, weights: InferenceWeights = "packed", dtype: torch.dtype = torch.bfloat16) -> LanguageModel:
        """A copy that writes faster and can no longer be trained or edited: see `inference_weights.for_inference`."""
        return LanguageModel(for_inference(self.model, weights, dtype), self.tokenizer, self.name)

    def save(self, folder: str | Path) -> Path:
        """Write model and tokenizer to a folder: see `model_folder.save_model`."""
        from .model_folder import save_model

        return save_model(self, folder)

    @classmethod
    def load(cls, folder: str | Path, *, device: torch.device | str = "cpu") -> LanguageModel:
        """Read a model that `save` wrote: see `model_folder.load_model`."""
        from .model_folder import load_model

        return load_model(folder, device=device)

    def _generate(self, prompts: list[list[int]], stop: str | Sequence[str], **settings: Any) -> list[Generation]:
        watch = StopText(stop, self.tokenizer.decode)
        found = generate(self.model, prompts, stop_tokens=self.end_tokens(), until=watch.has_come, **settings)
        return [self._in_print(each, watch) for each in found]

    def _in_print(self, generated: Generated, watch: StopText) -> Generation:
        return Generation(
            text=watch.text(generated.tokens),
            prompt=self.tokenizer.decode(generated.prompt_tokens, show_special=True),
            tokens=generated.tokens,
            pieces=tuple(self.tokenizer.token_text(token) for token in generated.tokens),
            logprobs=generated.logprobs,
            finish_reason=generated.finish_reason,
            prompt_tokens=generated.prompt_tokens,
        )

    def prompt_tokens(self, prompt: str | Sequence[Mapping[str, Any]]) -> list[int]:
        """The tokens of a text, or of a conversation as the model was trained to read it.

        An empty text begins with the token that begins texts.

        Raises:
            ValueError: There is no such token, or the tokenizer has no chat template.
        """
        if not isinstance(prompt, str):
            render = getattr(self.tokenizer, "render_chat", None)
            if render is None:
                raise ValueError(
                    f"{self.name!r} was not trained to chat: its tokenizer has no chat template; use generate"
                )
            return list(render(prompt))
        tokens = self.tokenizer.encode(prompt)
        if not tokens:
            start = self.tokenizer.special.get("bos", self.tokenizer.special.get("eos"))
            if start is None:
                raise ValueError(
                    "the text is empty, and this tokenizer has no token that begins a text; write something"
                )
            return [start]
        return tokens

    def end_tokens(self) -> list[int]:
        """The tokens that end a text; empty when the tokenizer has none."""
        return [self.tokenizer.special["eos"]] if "eos" in self.tokenizer.special else []
