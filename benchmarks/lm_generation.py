"""Generation speed with SmolLM2-135M against `transformers`, and against llama.cpp where `xllamacpp` is installed.

    python benchmarks/lm_generation.py [--threads 2] [--repeat 5] [--new-tokens 32]

Greedy, with KV cache, one prompt of 64 tokens (or a batch of 8), reading the prompt included. The peer is
transformers' Llama of the same shape with random weights, which cost the same time as real ones. Each row is measured
in one process, rounds interleaved. llama.cpp runs the original file with its 4-bit weights.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

from transformers import LlamaConfig, LlamaForCausalLM

from agentos_lab.lm import GPT, GPTConfig, generate, load_pretrained
from agentos_lab.lm.pretrained import fetch_gguf
from benchmarks.compare import Comparison, compare, environment

NAME = "smollm2-135m-instruct"
PROMPT_TOKENS = 64
ROWS = [  # name, weights and type of ours, type of the peer, batch size
    ("float32", {"dtype": torch.float32}, torch.float32, 1),
    ("bfloat16", {"dtype": torch.bfloat16}, torch.bfloat16, 1),
    ("int8", {"weights": "int8"}, torch.bfloat16, 1),
    ("int8 (peer float32)", {"weights": "int8"}, torch.float32, 1),
    ("bfloat16, batch of 8", {"dtype": torch.bfloat16}, torch.bfloat16, 8),
]


def ours(model: GPT, batch: int, new_tokens: int) -> Callable[[], None]:
    """Generate with our model."""
    prompts = torch.randint(1000, 40_000, (batch, PROMPT_TOKENS), generator=torch.Generator().manual_seed(0))
    return lambda: generate(model, prompts, max_new_tokens=new_tokens, temperature=0.0)


def peer(config: GPTConfig, dtype: torch.dtype, batch: int, new_tokens: int) -> Callable[[], None]:
    """Generate with transformers' Llama of the same shape."""
    llama = LlamaConfig(
        vocab_size=config.vocab_size, hidden_size=config.width, intermediate_size=config.hidden,
        num_hidden_layers=config.layers, num_attention_heads=config.heads, num_key_value_heads=config.kv_heads,
        max_position_embeddings=config.context, tie_word_embeddings=True,
    )  # fmt: skip
    model = LlamaForCausalLM(llama).to(dtype).eval()
    prompts = torch.randint(1000, 40_000, (batch, PROMPT_TOKENS), generator=torch.Generator().manual_seed(0))
    return lambda: model.generate(
        prompts, attention_mask=torch.ones_like(prompts), max_new_tokens=new_tokens, min_new_tokens=new_tokens,
        do_sample=False, eos_token_id=None, pad_token_id=0,
    )  # fmt: skip


def llama_cpp(threads: int, new_tokens: int, folder: Path) -> Callable[[], None]:
    """Generate with llama.cpp: the original 4-bit file, a prompt of about as many tokens."""
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = str(fetch_gguf(NAME, folder))
    settings.n_ctx, settings.n_parallel, settings.verbosity = 1024, 1, -1
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = threads
    server = xllamacpp.Server(settings)
    request = {"prompt": "one two three four " * (PROMPT_TOKENS // 4), "max_tokens": new_tokens, "temperature": 0}
    request |= {"ignore_eos": True, "cache_prompt": False}
    return lambda: server.handle_completions(request)


LOADING = """
import pathlib, resource, sys, time
import torch
import agentos_lab.lm
from agentos_lab.lm import load_pretrained

def peak():  # megabytes; on Linux a process inherits the ru_maxrss of the one that started it, so its own is read
    status = pathlib.Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)

before, start, processor = peak(), time.perf_counter(), time.process_time()
lm = load_pretrained({name!r}, {settings})
loaded, used = time.perf_counter() - start, time.process_time() - processor
lm.generate("one two three four " * 16, max_new_tokens=8)
print(f"{{loaded:.2f}} s ({{used:.2f}} s of processor), {{peak() - before:,.0f}} MB more at the peak with 8 tokens")
"""


def loading() -> None:
    """Time and memory of loading from the cache, each in a process of its own."""
    kinds = {"float32": "", "bfloat16": "dtype=torch.bfloat16", "int8": "weights='int8'"}
    for kind, settings in kinds.items():
        script = LOADING.format(name=NAME, settings=settings)
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        print(f"loading {kind:<9} {done.stdout.strip()}")


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="Generation speed against transformers and llama.cpp.")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--new-tokens", type=int, default=32)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    print(f"{environment(['torch', 'transformers'])}, {chosen.threads} threads")
    if sys.platform != "win32":
        loading()
    print(f"{'ours : transformers':<24}{'ours tok/s':>11}{'peer tok/s':>11}{'ratio':>7}{'processor':>11}")
    for name, settings, peer_dtype, batch in ROWS:
        model = load_pretrained(NAME, **settings).model
        result = compare(
            ours(model, batch, chosen.new_tokens), peer(model.config, peer_dtype, batch, chosen.new_tokens),
            chosen.repeat, warm_up=1,
        )  # fmt: skip
        show(name, batch * chosen.new_tokens, result)
    if importlib.util.find_spec("xllamacpp") is None:
        print("llama.cpp: not measured; pip install xllamacpp to have it in the table")
        return
    with tempfile.TemporaryDirectory() as folder:
        baseline = llama_cpp(chosen.threads, chosen.new_tokens, Path(folder))
        for name, settings in (
            ("bfloat16 : llama.cpp", {"dtype": torch.bfloat16}),
            ("int8 : llama.cpp", {"weights": "int8"}),
        ):
            model = load_pretrained(NAME, **settings).model
            show(
                name, chosen.new_tokens, compare(ours(model, 1, chosen.new_tokens), baseline, chosen.repeat, warm_up=1)
            )


def show(name: str, tokens: int, result: Comparison) -> None:
    """One row of the table."""
    print(
        f"{name:<24}{tokens / result.candidate:>11,.1f}{tokens / result.baseline:>11,.1f}"
        f"{result.ratio:>7.2f}{result.processor_ratio:>11.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
