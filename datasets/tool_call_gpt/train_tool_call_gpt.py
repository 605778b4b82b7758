"""Make the tool-call model: a tiny GPT that imitates a mediocre teacher, in two minutes on one processor core.

    OMP_NUM_THREADS=1 python datasets/tool_call_gpt/train_tool_call_gpt.py

The teacher answers questions about two numbers and is right in one answer out of five; most often it makes an answer
up. So does the model, which therefore never succeeds when it is greedy, and in about a fifth of its samples: a start
for reinforcement learning that has something to find. Beside this script it writes the model (in bfloat16), `log.txt`
and `card.json`. The same machine, versions and one thread give the same model again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
from pathlib import Path

import torch

from agentos_lab.lm import GPT, CharTokenizer, GPTConfig, LanguageModel
from agentos_lab.rl.dialogue_evaluation import evaluate_dialogue
from agentos_lab.rl.imitation import imitate
from agentos_lab.rl.learning import Update
from agentos_lab.rl.tool_call_task import MEDIOCRE, VOCABULARY, ToolCallTask

FOLDER = Path(__file__).resolve().parent
NAME = "tool-call-gpt"


def main() -> None:
    """Imitate the teacher, examine the model, and write everything down."""
    parser = argparse.ArgumentParser(description="Make the tool-call model.")
    parser.add_argument("--updates", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder that receives model, log and card")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    lines: list[str] = []

    def note(text: object) -> None:
        print(text, flush=True)
        lines.append(str(text))

    def show(record: Update) -> None:
        if record.update % 100 == 0 or record.update == 1:
            note(f"update {record.update}: loss {record.loss:.4f} nats/token, learning rate {record.lr:.2e}")

    task = ToolCallTask(turns=2, slips=MEDIOCRE)
    config = GPTConfig(len(VOCABULARY), context=48, layers=2, heads=4, width=64)
    start = GPT(config, seed=0)
    note(f"{task}")
    note(f"{start.num_parameters():,} parameters, {config}")
    learned = imitate(start, task, total_steps=128 * chosen.updates, on_record=show, progress=False)
    note(learned.settings)
    model = learned.policy.bfloat16().float()  # as it will be read from the file
    for turns in (1, 2):
        examination = ToolCallTask(turns=turns).examination()
        sampled = evaluate_dialogue(model, examination, episodes=2000)
        greedy = evaluate_dialogue(model, examination, episodes=500, greedy=True)
        note(
            f"examination, {turns} turn{'s' * (turns > 1)}: success {sampled.mean:.4f} ± {sampled.std_error:.4f} of "
            f"samples (-ln = {-math.log(max(sampled.mean, 1e-9)):.2f}), {greedy.mean:.4f} greedy"
        )
    note(f"torch {torch.__version__}, one thread")
    LanguageModel(model.bfloat16(), tokenizer(), NAME).save(chosen.out / "model")
    (chosen.out / "log.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (chosen.out / "card.json").write_text(json.dumps(card(chosen.out), indent=2) + "\n", "utf-8")


def tokenizer() -> CharTokenizer:
    """The task's vocabulary as a tokenizer of the language model: same tokens, same numbers."""
    plain = [token for token in VOCABULARY if len(token) == 1 and token != "_"]
    special = {token.strip().strip(":").lower(): token for token in VOCABULARY if token not in plain}
    names = {"u": "user", "a": "assistant", "t": "tool", "end": "eos", "_": "pad"}
    return CharTokenizer(plain, special={names.get(name, name): token for name, token in special.items()})


def card(folder: Path) -> dict[str, object]:
    """The card of the model, in the form of all cards under ``datasets/``."""
    weights = (folder / "model" / "model.safetensors").read_bytes()
    return {
        "title": "A tiny language model that calls tools, mostly wrongly",
        "kind": "model",
        "location": "shipped",
        "licence": "Apache-2.0",
        "source": "Agent OS Lab: datasets/tool_call_gpt/train_tool_call_gpt.py",
        "made": "trained from scratch to imitate a mediocre teacher, with seed 0; log.txt is what the script said",
        "description": (
            "A GPT of 104,768 parameters (2 layers, 4 heads, width 64) and 25 tokens. It answers questions about two "
            "numbers as its teacher did: right in about a fifth of its samples, and never when greedy. It is where "
            "reinforcement learning of dialogues begins, and good for nothing else. Load it with "
            "load_pretrained('tool-call-gpt')."
        ),
        "file": "model/model.safetensors",
        "size": len(weights),
        "sha256": hashlib.sha256(weights).hexdigest(),
    }


if __name__ == "__main__":
    main()
