"""Train a model from the command line, in one process or, under ``torchrun``, in several on one or more machines.

    python -m agentos_lab.lm.distributed --text stories --out my_model
    torchrun --standalone --nproc-per-node 2 -m agentos_lab.lm.distributed --text stories --out my_model

Both write the same model, to rounding. With several machines, start the second line on each, with torchrun's
``--nnodes`` and ``--rdzv-endpoint`` in place of ``--standalone``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from agentos_lab.datasets.texts import load_text

from .byte_pair_encoding import BytePairTokenizer
from .checkpoint import load_checkpoint
from .data_parallel import join_processes
from .gpt import GPT
from .gpt_config import GPTConfig
from .language_model import LanguageModel
from .tokenizer import CharTokenizer, Tokenizer
from .training import Trainer
from .training_result import TrainingRecord, TrainResult, TrainSettings

__all__ = ["main"]

_FAMILIES: dict[str, Callable[..., GPTConfig]] = {
    "article": GPTConfig.article,
    "gpt2": GPTConfig,
    "llama": GPTConfig.llama,
}


def main(arguments: Sequence[str] | None = None) -> TrainResult:
    """Train as the arguments say, show the evaluations, and write the model; see ``--help``."""
    chosen = _parser().parse_args(arguments)
    text = Path(chosen.text).read_text("utf-8") if Path(chosen.text).is_file() else load_text(chosen.text).text
    tokenizer: Tokenizer = (
        BytePairTokenizer.train(text, chosen.vocab_size) if chosen.vocab_size else CharTokenizer.from_text(text)
    )
    tokens = tokenizer.encode(text)
    with join_processes() as (world, device):
        config = _FAMILIES[chosen.family](
            tokenizer.vocab_size, context=chosen.context, layers=chosen.layers, heads=chosen.heads, width=chosen.width
        )
        model = GPT(config, seed=chosen.seed).to(device)
        if chosen.checkpoint is not None and chosen.checkpoint.is_file():
            trainer = load_checkpoint(chosen.checkpoint, tokens, model=model)
        else:
            settings = TrainSettings(
                steps=chosen.steps, batch_size=chosen.batch_size, lr=chosen.lr, accumulate=chosen.accumulate,
                evaluate_every=chosen.evaluate_every, seed=chosen.seed, autocast=chosen.autocast,
            )  # fmt: skip
            trainer = Trainer(model, tokens, settings)

        def show(record: TrainingRecord) -> None:
            if record.evaluation is not None and world.rank == 0:
                print(record, flush=True)

        result = trainer.run(on_record=show, checkpoint=chosen.checkpoint, progress=False)
        if world.rank == 0:
            print(f"{world.size} process{'es' if world.size > 1 else ''} on {device.type}\n{result}")
            if chosen.out is not None:
                LanguageModel(trainer.model.cpu(), tokenizer, chosen.out.name).save(chosen.out)
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m agentos_lab.lm.distributed", description="Train a language model on a text."
    )
    parser.add_argument("--text", default="stories", help="a text dataset's name, or a UTF-8 file")
    parser.add_argument("--out", type=Path, help="folder to write the model to; load_pretrained reads it")
    parser.add_argument("--checkpoint", type=Path, help="file to keep the state in, and to go on from if it is there")
    parser.add_argument("--vocab-size", type=int, default=0, help="byte pairs to learn; 0: one token per character")
    parser.add_argument("--family", choices=_FAMILIES, default="gpt2")
    for name, default in (("layers", 4), ("heads", 4), ("width", 128), ("context", 128)):
        parser.add_argument(f"--{name}", type=int, default=default)
    settings = TrainSettings()
    for name in ("steps", "batch_size", "accumulate", "evaluate_every", "seed"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=getattr(settings, name))
    parser.add_argument("--lr", type=float, default=settings.lr)
    parser.add_argument(
        "--autocast",
        action="store_const",
        const="auto",
        default=False,
        help="bfloat16 where a measurement says it pays",
    )
    return parser


if __name__ == "__main__":
    main()
