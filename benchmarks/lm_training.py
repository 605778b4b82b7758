"""Training speed against an equal GPT-2 of `transformers`: the same shape, batch, clipping and fused AdamW.

    python benchmarks/lm_training.py [--threads 2] [--repeat 5]

Ours is one `Trainer.step`, the drawing of the batch included. The peer gets its batch for nothing, and runs the loop
that its documentation shows: loss from `labels`, backward, clip, step. Each row is measured in one process, rounds
interleaved; "peer in bfloat16" puts the peer under the same autocast, which its users have to ask for.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

from transformers import GPT2Config, GPT2LMHeadModel

from agentos_lab.lm import GPT, GPTConfig, Trainer, TrainSettings
from agentos_lab.lm.precision import has_bfloat16
from benchmarks.compare import compare, environment

SIZES = {
    "small": (GPTConfig(65, context=64, layers=4, heads=4, width=128), 12, 10),
    "story": (GPTConfig(1024, context=128, layers=4, heads=4, width=192), 16, 2),
    "base": (GPTConfig(65, context=256, layers=6, heads=6, width=384), 16, 1),
}  # configuration, batch size, steps a round


def ours(config: GPTConfig, batch_size: int, steps: int, autocast: bool) -> Callable[[], None]:
    """A round of our steps."""
    text = torch.randint(config.vocab_size, (100_000,), generator=torch.Generator().manual_seed(0))
    settings = TrainSettings(steps=10**9, batch_size=batch_size, evaluate_every=0, autocast=autocast)
    trainer = Trainer(GPT(config, seed=0), text, settings)

    def run() -> None:
        for _ in range(steps):
            trainer.step()

    return run


def peer(config: GPTConfig, batch_size: int, steps: int, autocast: bool) -> Callable[[], None]:
    """A round of the same steps by transformers."""
    model = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=config.vocab_size, n_positions=config.context, n_embd=config.width, n_layer=config.layers,
            n_head=config.heads, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, bos_token_id=0, eos_token_id=0,
        )
    ).train()  # fmt: skip
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.99), weight_decay=0.1, fused=True)
    batch = torch.randint(config.vocab_size, (batch_size, config.context))

    def run() -> None:
        for _ in range(steps):
            with torch.autocast("cpu", torch.bfloat16) if autocast else nullcontext():
                loss = model(batch, labels=batch).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            loss.item()

    return run


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="Training speed against an equal GPT-2 of transformers.")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    supported = has_bfloat16(torch.device("cpu"))
    print(f"{environment(['torch', 'transformers'])}, {chosen.threads} threads, bfloat16 in hardware: {supported}")
    pairs = [("float32 : float32", False, False)]
    if supported:
        pairs += [("bfloat16 : float32", True, False), ("bfloat16 : peer in bfloat16", True, True)]
    print(f"{'size':<7}{'ours : peer':<29}{'ours tok/s':>11}{'peer tok/s':>11}{'ratio':>7}{'processor':>11}")
    for size in chosen.sizes:
        config, batch_size, steps = SIZES[size]
        for name, our_autocast, peer_autocast in pairs:
            result = compare(
                ours(config, batch_size, steps, our_autocast), peer(config, batch_size, steps, peer_autocast),
                chosen.repeat,
            )  # fmt: skip
            tokens = steps * batch_size * config.context
            print(
                f"{size:<7}{name:<29}{tokens / result.candidate:>11,.0f}{tokens / result.baseline:>11,.0f}"
                f"{result.ratio:>7.2f}{result.processor_ratio:>11.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
