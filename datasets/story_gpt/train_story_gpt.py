"""Make the story model: a small Llama that learns from simulated stories on one processor core in a quarter of an hour.

    OMP_NUM_THREADS=1 python datasets/story_gpt/train_story_gpt.py

It learns from stories that the generator makes afresh; the corpus that ships with the project, `load_text("stories")`,
is its examination, and none of it is ever learnt from. Beside this script it writes the model (in bfloat16), `log.txt`
and `card.json`. The same machine, versions and one thread give the same model again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import torch

from agentos_lab.datasets import load_text, make_stories
from agentos_lab.lm import GPT, BytePairTokenizer, GPTConfig, LanguageModel, TrainingRecord, bits_per_byte, train

FOLDER = Path(__file__).resolve().parent
OPENINGS = ("", "One rainy day", "Nadia had lost her")


def main() -> None:
    """Make stories, learn a vocabulary, train, and write everything down."""
    parser = argparse.ArgumentParser(description="Make the story model.")
    parser.add_argument("--steps", type=int, default=3200)
    parser.add_argument("--characters", type=int, default=12_000_000, help="length of the text to learn from")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder that receives model, log and card")
    parser.add_argument("--checkpoint", type=Path, help="file to keep the state of training in")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    lines: list[str] = []

    def note(text: object) -> None:
        print(text, flush=True)
        lines.append(str(text))

    stories, examination = make_stories(seed=1, characters=chosen.characters), load_text("stories").text
    seen = set(stories.strip().split("\n\n"))
    unseen = [story for story in examination.strip().split("\n\n") if story not in seen]
    tokenizer = BytePairTokenizer.train(stories[:2_000_000], 2048, special={"eos": "<|end of story|>"})
    tokens, held_out = encode(tokenizer, stories), encode(tokenizer, "\n\n".join(unseen))
    config = GPTConfig.llama(2048, context=256, layers=4, heads=6, width=192, hidden=512, tied=True)
    model = GPT(config, seed=0)
    note(f"text: make_stories(seed=1, characters={chosen.characters}), sha256 {sha256(stories.encode())}")
    note(f"{len(stories):,} characters, {len(tokens):,} tokens; examination: {len(unseen):,} shipped stories")
    note(f"{model.num_parameters():,} parameters, {config}")

    def sample(model: GPT) -> str:
        lm = LanguageModel(model, tokenizer, "story-gpt")
        texts = (opening + lm.generate(opening, max_new_tokens=60, seed=0).text for opening in OPENINGS)
        return "\n".join(f"  | {text}" for text in texts)

    def show(record: TrainingRecord) -> None:
        if record.evaluation is not None:
            note(record)

    result = train(
        model, tokens, validation=held_out, steps=chosen.steps, batch_size=8, lr=3e-3, min_lr=1e-4, warmup=100,
        evaluate_every=400, evaluate_windows=64, seed=0, autocast=True, sample=sample, on_record=show,
        checkpoint=chosen.checkpoint,
    )  # fmt: skip
    note(result.settings)
    note(result)
    loss = result.validation_losses[chosen.steps]
    text_bytes = len("\n\n".join(unseen).encode())
    note(f"examination: {bits_per_byte(loss, tokens=len(held_out), text_bytes=text_bytes):.4f} bits per byte")
    note(f"torch {torch.__version__}, one thread")
    LanguageModel(model.bfloat16(), tokenizer, "story-gpt").save(chosen.out / "model")
    (chosen.out / "log.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (chosen.out / "card.json").write_text(json.dumps(card(chosen.out, loss, result.tokens), indent=2) + "\n", "utf-8")


def encode(tokenizer: BytePairTokenizer, text: str) -> torch.Tensor:
    """Stories, separated by blank lines, as one sequence in which the end token stands around every story."""
    end = tokenizer.special["eos"]
    pieces = ([*tokenizer.encode(story), end] for story in text.strip().split("\n\n"))
    return torch.tensor([end, *(token for piece in pieces for token in piece)])


def card(folder: Path, loss: float, tokens: int) -> dict[str, object]:
    """The card of the model, in the form of all cards under ``datasets/``."""
    weights = (folder / "model" / "model.safetensors").read_bytes()
    return {
        "title": "A small language model that tells simulated stories",
        "kind": "model",
        "location": "shipped",
        "licence": "Apache-2.0",
        "source": "Agent OS Lab: datasets/story_gpt/train_story_gpt.py",
        "made": "trained from scratch on make_stories(seed=1) with seed 0; log.txt is what the script said",
        "description": (
            "A Llama of 2.2 million parameters (4 layers, 6 heads, width 192) and a byte-pair vocabulary of 2,048. It "
            f"read {tokens / 1e6:.1f} million tokens and scores {loss:.4f} nats/token on load_text('stories'), none of "
            "which it was trained on. It knows the small world of the stories and nothing else. Load it with "
            "load_pretrained('story-gpt')."
        ),
        "file": "model/model.safetensors",
        "size": len(weights),
        "sha256": sha256(weights),
    }


def sha256(content: bytes) -> str:
    """Checksum in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    main()
