"""Tokenizer definition: what the files of a published model say about its tokenizer.

Hugging Face's `tokenizer.json` is the common form: a model (vocabulary and merges), how text is cut before it and
joined after it, and the special tokens. Here it is read from a folder, or put together from older files
(`vocab.json` and `merges.txt`) and from the metadata of a GGUF file, which know only the vocabulary and a name for the
rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["TokenizerDefinition", "definition_from_folder", "definition_from_gguf"]

_ROLES = ("bos", "eos", "unk", "pad", "mask", "cls", "sep")
_GGUF_ROLES = {
    "bos": "bos_token_id",
    "eos": "eos_token_id",
    "unk": "unknown_token_id",
    "pad": "padding_token_id",
    "mask": "mask_token_id",
}
_CONTROL, _USER_DEFINED = 3, 4  # token types in a GGUF file: special tokens, and others that are never cut

# How text is cut into words, under the names that llama.cpp gives to the ways. The patterns belong to the vocabularies
# of GPT-2, Llama 3 and Qwen 2: with others, the same text would get tokens that the model has never seen.
_GPT2 = [{"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}]
_DIGITS = {"type": "Digits", "individual_digits": True}


def _split_at(pattern: str) -> list[dict[str, Any]]:
    split = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
    return [split, {**_GPT2[0], "use_regex": False}]


_LIKE_GPT4 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{digits}"
    r"| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_WORDS = {
    "default": _GPT2,
    "gpt-2": _GPT2,
    "smollm": [_DIGITS, *_GPT2],
    "llama-bpe": _split_at(_LIKE_GPT4.format(digits="{1,3}")),
    "qwen2": _split_at(_LIKE_GPT4.format(digits="")),
}


@dataclass(frozen=True)
class TokenizerDefinition:
    """A tokenizer, as data.

    Attributes:
        tokenizer: The content of a `tokenizer.json`.
        roles: Numbers of special tokens by what they are for: ``bos``, ``eos``, ``unk``, ``pad``, ``mask``, …
        chat_template: How a conversation is written, in Jinja; None if the model was not trained to chat.
    """

    tokenizer: dict[str, Any] = field(repr=False)  # the whole vocabulary
    roles: dict[str, int] = field(default_factory=dict)
    chat_template: str | None = None


def definition_from_gguf(fields: Mapping[str, Any]) -> TokenizerDefinition:
    """The tokenizer in the metadata of a GGUF file.

    Args:
        fields: The file's metadata by name; those that begin with ``tokenizer.`` are enough.

    Raises:
        ValueError: If a field is missing, or the tokenizer is of a kind that is not byte-level byte-pair encoding.
    """
    model, pre = fields.get("tokenizer.ggml.model"), fields.get("tokenizer.ggml.pre", "default")
    if model != "gpt2":
        raise ValueError(
            f"tokenizer.ggml.model is {model!r}; of GGUF files only 'gpt2' (byte-level byte-pair encoding) is read. "
            "Use the model's Hugging Face folder, which has a tokenizer.json"
        )
    if pre not in _WORDS:
        raise ValueError(
            f"tokenizer.ggml.pre is {pre!r}; known are {', '.join(_WORDS)}. Use the model's Hugging Face folder, which "
            "has a tokenizer.json"
        )
    missing = [name for name in ("tokens", "merges") if not isinstance(fields.get(f"tokenizer.ggml.{name}"), Sequence)]
    if missing:
        raise ValueError(f"the metadata has no tokenizer.ggml.{missing[0]}; the file is damaged or incomplete")
    tokens: list[str] = list(fields["tokenizer.ggml.tokens"])
    types = fields.get("tokenizer.ggml.token_type") or [1] * len(tokens)
    roles = {
        role: int(fields[f"tokenizer.ggml.{name}"])
        for role, name in _GGUF_ROLES.items()
        if f"tokenizer.ggml.{name}" in fields
    }
    if any(not 0 <= id < len(tokens) for id in roles.values()) or len(types) != len(tokens):
        raise ValueError(f"the metadata contradicts itself: {len(tokens)} tokens, {len(types)} types, roles {roles}")
    special = {id for id, kind in enumerate(types) if kind == _CONTROL} | set(roles.values())
    added = [(id, id in special) for id, kind in enumerate(types) if id in special or kind == _USER_DEFINED]
    definition = _byte_level(
        vocabulary={token: id for id, token in enumerate(tokens)},
        merges=[merge.split(" ") for merge in fields["tokenizer.ggml.merges"]],
        words=_WORDS[pre],
        added=[_added_token(id, tokens[id], special) for id, special in added],
        normalizer={"type": "NFC"} if pre == "qwen2" else None,
        whole_words_first=pre == "llama-bpe",
        begin=tokens[roles["bos"]] if "bos" in roles and fields.get("tokenizer.ggml.add_bos_token") else None,
    )
    return TokenizerDefinition(definition, roles, fields.get("tokenizer.chat_template"))


def definition_from_folder(folder: str | Path) -> TokenizerDefinition:
    """The tokenizer in a folder of Hugging Face files.

    Read are `tokenizer.json`, or else `vocab.json` with `merges.txt`; and, where they exist, `tokenizer_config.json`,
    `special_tokens_map.json` and `chat_template.jinja`.

    Raises:
        FileNotFoundError: If the folder has none of these.
        ValueError: If a file is damaged; the message says which.
    """
    folder = Path(folder)
    config = _json(folder / "tokenizer_config.json", {})
    if (folder / "tokenizer.json").is_file():
        definition = _json(folder / "tokenizer.json")
    elif (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file():
        definition = _from_vocabulary_and_merges(folder, str(config.get("tokenizer_class", "GPT2Tokenizer")))
    else:
        found = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else "no such folder"
        raise FileNotFoundError(
            f"{folder} has no tokenizer.json, nor vocab.json with merges.txt (found: {found}). A folder with only "
            "SentencePiece's tokenizer.model gets a tokenizer.json by "
            "transformers.AutoTokenizer.from_pretrained(folder).save_pretrained(folder)"
        )
    if "kind" in definition:
        raise ValueError(f"{folder}/tokenizer.json was written by a tokenizer's save; load_tokenizer reads it")
    named = {**config, **_json(folder / "special_tokens_map.json", {})}
    try:
        roles = _mark_special(definition, config, named)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{folder}: the tokenizer's files are damaged ({error!r}); fetch them again") from error
    return TokenizerDefinition(definition, roles, _chat_template(folder, config))


def _from_vocabulary_and_merges(folder: Path, tokenizer_class: str) -> dict[str, Any]:
    ways = {"GPT2": "gpt-2", "Roberta": "gpt-2", "Qwen2": "qwen2"}
    way = next((way for prefix, way in ways.items() if tokenizer_class.startswith(prefix)), None)
    if way is None:
        raise ValueError(
            f"{folder}: how a {tokenizer_class} cuts text into words is not known; known are {', '.join(ways)}. Add a "
            "tokenizer.json by transformers.AutoTokenizer.from_pretrained(folder).save_pretrained(folder)"
        )
    path = folder / "merges.txt"
    merges = []
    for number, line in enumerate(_text(path).split("\n"), 1):
        if line.strip() and not line.startswith("#version"):
            merges.append(line.rstrip("\r").split(" "))
            if len(merges[-1]) != 2:
                raise ValueError(f"{path}, line {number}: expected two tokens, got {line[:60]!r}; fetch the file again")
    normalizer = {"type": "NFC"} if way == "qwen2" else None
    return _byte_level(_json(folder / "vocab.json"), merges, _WORDS[way], normalizer=normalizer)


def _byte_level(
    vocabulary: Mapping[str, int],
    merges: list[list[str]],
    words: list[dict[str, Any]],
    *,
    added: Iterable[dict[str, Any]] = (),
    normalizer: dict[str, Any] | None = None,
    whole_words_first: bool = False,
    begin: str | None = None,
) -> dict[str, Any]:
    """The content of a tokenizer.json for byte-level byte-pair encoding.

    Args:
        vocabulary: Token -> number; tokens are spelled in GPT-2's alphabet, in which every byte is a letter.
        merges: Pairs of tokens.
        words: How text is cut into words.
        added: Tokens that are never cut, special ones among them.
        normalizer: What is done to the text first.
        whole_words_first: A word that is in the vocabulary is one token, whatever the merges say (Llama 3).
        begin: A special token that belongs before every text.
    """
    frame: dict[str, Any] | None = None
    if begin is not None:
        first, text = {"SpecialToken": {"id": begin, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}
        second = {"Sequence": {"id": "B", "type_id": 1}}
        known = {begin: {"id": begin, "ids": [vocabulary[begin]], "tokens": [begin]}}
        pattern = {"single": [first, text], "pair": [first, text, second]}
        frame = {"type": "TemplateProcessing", **pattern, "special_tokens": known}
    return {
        "version": "1.0",
        "added_tokens": list(added),
        "normalizer": normalizer,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": words},
        "post_processor": frame,
        "decoder": _GPT2[0],
        "model": {
            "type": "BPE",
            "ignore_merges": whole_words_first,
            "vocab": dict(vocabulary),
            "merges": merges,
        },
    }


def _added_token(id: int, content: str, special: bool) -> dict[str, Any]:
    edges = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    return {"id": id, "content": content, "special": special, **edges}


def _mark_special(definition: dict[str, Any], config: Mapping[str, Any], named: Mapping[str, Any]) -> dict[str, int]:
    """Enter the special tokens that only the other files name into `definition`; returns the numbers by role."""
    added = {token["content"]: token for token in definition.setdefault("added_tokens", [])}
    numbers = {content: token["id"] for content, token in added.items()}
    vocabulary = definition["model"]["vocab"]
    if isinstance(vocabulary, Mapping):  # Unigram models list theirs with scores, special tokens are in `added`
        numbers = {**vocabulary, **numbers}
    for id, token in (config.get("added_tokens_decoder") or {}).items():
        if token["content"] not in added:
            added[token["content"]] = _added_token(int(id), token["content"], bool(token.get("special")))
            numbers[token["content"]] = int(id)
    roles = {role: _content(named.get(f"{role}_token")) for role in _ROLES}
    others = named.get("additional_special_tokens") or []
    for content in [*roles.values(), *map(_content, others)]:
        if content in numbers:
            token = added.setdefault(content, _added_token(numbers[content], content, special=True))
            token["special"] = True
    definition["added_tokens"] = sorted(added.values(), key=lambda token: token["id"])
    return {role: numbers[content] for role, content in roles.items() if content in numbers}


def _content(token: Any) -> Any:
    """The text of a token that is given as text or as {"content": text, …}."""
    return token["content"] if isinstance(token, Mapping) else token


def _chat_template(folder: Path, config: Mapping[str, Any]) -> str | None:
    if (folder / "chat_template.jinja").is_file():
        return _text(folder / "chat_template.jinja")
    template = config.get("chat_template")
    if isinstance(template, list):  # several, by name
        template = next((entry["template"] for entry in template if entry.get("name") == "default"), None)
    return template


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is damaged (not UTF-8 at byte {error.start}); fetch it again") from error


def _json(path: Path, default: dict[str, Any] | None = None) -> dict[str, Any]:
    """The object in a JSON file; `default`, if there is one, when there is no such file."""
    if default is not None and not path.is_file():
        return default
    try:
        content = json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path} is damaged (not JSON: {error}); fetch it again") from error
    if not isinstance(content, dict):
        raise ValueError(f"{path} should hold a JSON object, not a {type(content).__name__}; fetch it again")
    return content
