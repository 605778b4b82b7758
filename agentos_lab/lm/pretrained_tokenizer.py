"""Pretrained tokenizer: the tokenizer of a published model, run by Hugging Face's `tokenizers` library.

A model only understands the token numbers it was trained with, so its tokenizer is read from its files and gives the
same numbers as the original. Most models use byte-level byte-pair encoding, the same algorithm as `BytePairTokenizer`,
with a vocabulary learnt from far more text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import tokenizers

from agentos_lab.results import Derivation

from .byte_pair_merges import Merge, merge_steps
from .chat_template import render_chat
from .token_spelling import spelling_of
from .tokenizer_definition import TokenizerDefinition, definition_from_folder, definition_from_gguf
from .tokenizer_file import read_saved
from .vocabulary import Piece, Vocabulary, as_ids, check_text, spans, utf8

__all__ = ["PretrainedTokenizer"]


class PretrainedTokenizer(Vocabulary):
    """The tokenizer of a published model; made by `from_folder`, `from_gguf` or `load`.

    Byte-level vocabularies (GPT-2, SmolLM2, Llama 3, Qwen) give every text back exactly, except for bytes that they
    have no token for (`missing_bytes`): the original leaves those out when it encodes, and so does this one, unless
    asked to be `strict`. GPT-2 has all 256 bytes. SmolLM2 lacks 21: six control characters (U+0004, 0006, 0013, 0014,
    0016, 001D), and bytes that occur only in characters which Unicode has not assigned, or in none. Vocabularies of
    other kinds change the text in ways of their own (BERT: lower case, unknown words).

    Args:
        definition: The tokenizer as data.

    Attributes:
        chat_template: How a conversation is written, in Jinja; None if the model was not trained to chat.
        missing_bytes: Values of the bytes that no token can write.

    Raises:
        ValueError: If the definition is damaged, or of a kind whose tokens have no text of their own.
    """

    kind = "pretrained"

    def __init__(self, definition: TokenizerDefinition) -> None:
        self._definition = definition
        self.chat_template = definition.chat_template
        self._plain = _engine(definition.tokenizer)
        self._plain.encode_special_tokens = True  # "<|im_end|>" in a text is these ten characters and no special token
        self._spelling = spelling_of(definition.tokenizer)
        self.missing_bytes = self._spelling.missing_bytes
        numbers, added = self._plain.get_vocab(), self._plain.get_added_tokens_decoder()
        tokens = [b""] * (max(numbers.values(), default=-1) + 1)
        for text, id in numbers.items():
            tokens[id] = text.encode() if id in added else self._spelling.read(text)
        markers = {token.content: id for id, token in added.items() if token.special}
        super().__init__(tokens, {**markers, **definition.roles}, markers)
        # What "plain text never becomes a special token" is about: all but the one that stands for unknown text.
        model = definition.tokenizer["model"]
        self._control = set(markers.values()) - {numbers.get(model.get("unk_token"), model.get("unk_id"))}
        self._byte_level = self._spelling.name == "byte-level"

    @classmethod
    def from_folder(cls, folder: str | Path) -> PretrainedTokenizer:
        """The tokenizer in a folder of Hugging Face files: `tokenizer.json`, or `vocab.json` with `merges.txt`.

        Raises:
            FileNotFoundError: If the folder has neither.
            ValueError: If a file is damaged.
        """
        definition = definition_from_folder(folder)
        try:
            return cls(definition)
        except ValueError as error:
            raise ValueError(f"{folder}: {error}") from error

    @classmethod
    def from_gguf(cls, path: str | Path) -> PretrainedTokenizer:
        """The tokenizer in a GGUF file.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If the file is damaged, or its tokenizer is no byte-level byte-pair encoding.
        """
        from .gguf_weights import read_metadata  # here, because it loads torch

        fields = read_metadata(path)
        try:
            return cls.from_gguf_metadata(fields)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error

    @classmethod
    def from_gguf_metadata(cls, fields: Mapping[str, Any]) -> PretrainedTokenizer:
        """The tokenizer in the metadata of a GGUF file, of which the fields ``tokenizer.…`` are enough.

        Raises:
            ValueError: If a field is missing, or the tokenizer is no byte-level byte-pair encoding.
        """
        return cls(definition_from_gguf(fields))

    def encode(
        self, text: str, *, allow_special: bool = False, add_special_tokens: bool = False, strict: bool = False
    ) -> list[int]:
        """The token numbers of `text`.

        Args:
            text: Any text.
            allow_special: Read special tokens (`markers`) where the text contains what they are written with. Leave
                it off for text that somebody else wrote: it could forge the end of a turn.
            add_special_tokens: Put the special tokens around the text that the model expects: for Llama the one that
                begins every text; for BERT [CLS] and [SEP]; for GPT-2 and SmolLM2 none.
            strict: Refuse a text that would not come back from `decode` because of `missing_bytes`.

        Raises:
            ValueError: If the text holds half of a surrogate pair, or (strict) a byte without a token.
        """
        check_text(text)
        data = utf8(text)
        if strict and not self.missing_bytes.isdisjoint(data):
            position = next(i for i, character in enumerate(text) if self.missing_bytes & set(character.encode()))
            raise ValueError(
                f"no token for character {text[position]!r} (U+{ord(text[position]):04X}) at position {position}: its "
                "bytes are among the tokenizer's missing_bytes; remove it, or encode without strict to leave it out"
            )
        if allow_special:
            return self._reading.encode(text, add_special_tokens=add_special_tokens).ids
        return self._encode_plain(text, add_special_tokens)

    def encode_plain(self, text: str) -> list[int]:
        """The token numbers of a text in which nothing is special."""
        return self._encode_plain(text, add_special_tokens=False)

    def _encode_plain(self, text: str, add_special_tokens: bool) -> list[int]:
        encoding = self._plain.encode(text, add_special_tokens=add_special_tokens)
        if self._control.isdisjoint(encoding.ids):
            return encoding.ids
        # Some vocabularies can spell a special token by ordinary merges. It is cut into its characters then, which
        # alone are never special; only what was put around the text stays.
        ids: list[int] = []
        for id, (start, end), around in zip(encoding.ids, encoding.offsets, encoding.special_tokens_mask, strict=True):
            if around or id not in self._control:
                ids.append(id)
            else:
                for character in text[start:end]:
                    ids += self._plain.encode(character, add_special_tokens=False).ids
        return ids

    def decode(self, ids: Iterable[int], *, show_special: bool = False) -> str:
        """The text of token numbers; bytes that are not valid UTF-8 become U+FFFD, the replacement character.

        Args:
            ids: Token numbers: a list, array or one-dimensional tensor.
            show_special: Write special tokens out instead of leaving them away.

        Raises:
            ValueError: If a number is not in the vocabulary.
        """
        if self._byte_level:
            return super().decode(ids, show_special=show_special)
        # Others put spaces between words, or take one away at the beginning: the library knows which.
        return self._plain.decode(as_ids(ids, self.vocab_size), skip_special_tokens=not show_special)

    def pieces(self, text: str, *, allow_special: bool = False) -> tuple[Piece, ...]:
        """The tokens of `text`, each with the characters it came from."""
        engine = self._reading if allow_special else self._plain
        written = utf8(text).translate(None, bytes(self.missing_bytes))
        encoding = engine.encode(text, add_special_tokens=False)
        where: Iterable[tuple[int, int]] = encoding.offsets
        data = [self.tokens[id] or self._written.get(id, "").encode() for id in encoding.ids]
        if b"".join(data) == written:  # then the bytes tell more: the library leaves the spaces of words out
            where = spans(text, data, self.missing_bytes)
        return tuple(
            Piece(id, self.token_text(id), self.tokens[id], start, end)
            for id, (start, end) in zip(encoding.ids, where, strict=True)
        )

    def words(self, text: str) -> list[str]:
        """The words that `text` is cut into before merging."""
        if self._plain.pre_tokenizer is None:
            return [text] if text else []
        return [text[start:end] for _, (start, end) in self._plain.pre_tokenizer.pre_tokenize_str(text)]

    def encode_steps(self, word: str) -> Derivation:
        """How one word becomes tokens, merge by merge; for byte-level byte-pair encoding only.

        Raises:
            ValueError: If the text is more than one word, or the tokenizer works in another way.
        """
        if not self.merges:
            raise ValueError("this tokenizer does not merge bytes, it has no steps to show")
        ranks = {(merge.left, merge.right): rank for rank, merge in enumerate(self.merges)}
        return merge_steps(word, self.words(word), ranks)

    @cached_property
    def merges(self) -> tuple[Merge, ...]:
        """The merges in the order in which they were learnt; none if this is no byte-level byte-pair encoding.

        `BytePairTokenizer` takes them too: it is the same algorithm.
        """
        merges = self._definition.tokenizer["model"].get("merges") or () if self._byte_level else ()
        pairs = (merge.split(" ") if isinstance(merge, str) else merge for merge in merges)
        return tuple(Merge(self._spelling.read(left), self._spelling.read(right)) for left, right in pairs)

    @cached_property
    def _reading(self) -> tokenizers.Tokenizer:
        """The engine that takes special tokens in a text for what they are written as."""
        return _engine(self._definition.tokenizer)

    def render_chat(
        self, messages: Sequence[Mapping[str, Any]], *, add_generation_prompt: bool = True, **variables: Any
    ) -> list[int]:
        """The token numbers of a conversation, written by the model's chat template.

        Special tokens are those that the template wrote. What looks like one inside a message stays text, so that no
        message can end its turn and speak for somebody else.

        Args:
            messages: The conversation, e.g. ``[{"role": "user", "content": "Hello"}]``.
            add_generation_prompt: End with the beginning of the assistant's turn.
            **variables: More values for the template, such as `tools`.

        Raises:
            ValueError: If the model has no chat template, or its template does not accept the conversation.
        """
        if self.chat_template is None:
            raise ValueError("this model has no chat template: it was not trained to chat; use encode and generate")
        parts = render_chat(
            self.chat_template,
            messages,
            self.markers,
            add_generation_prompt=add_generation_prompt,
            trusted={f"{role}_token": self._written[id] for role, id in self._definition.roles.items()},
            **variables,
        )
        ids = self.encode("".join(part for part, _ in parts), allow_special=True)
        special = [self.markers[part] for part, is_special in parts if is_special]
        if [id for id in ids if id in self._control] == [id for id in special if id in self._control]:
            return ids
        # A message contains what special tokens are written with: part by part, they cannot be confused.
        by_part = ([self.markers[part]] if is_special else self.encode_plain(part) for part, is_special in parts)
        return [id for part in by_part for id in part]

    def to_dict(self) -> dict[str, Any]:
        """The tokenizer as plain data, ready for JSON."""
        return vars(self._definition)

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> PretrainedTokenizer:
        """The tokenizer that `to_dict` described."""
        return cls(TokenizerDefinition(state["tokenizer"], state["roles"], state["chat_template"]))

    @classmethod
    def load(cls, path: str | Path) -> PretrainedTokenizer:
        """Read a tokenizer that `save` wrote; ValueError if the file is damaged or of another kind."""
        return read_saved(path, [cls])


def _engine(definition: Mapping[str, Any]) -> tokenizers.Tokenizer:
    """The library's tokenizer; ValueError if it cannot make one of the definition."""
    try:
        engine = tokenizers.Tokenizer.from_str(json.dumps(definition, ensure_ascii=False))
    except Exception as error:  # the library raises nothing more special
        raise ValueError(f"not a tokenizer that the library `tokenizers` understands: {error}") from error
    engine.no_truncation()
    engine.no_padding()
    return engine
