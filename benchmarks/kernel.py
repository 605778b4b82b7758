"""The kernel: what it costs, and what scheduling and batching bring.

    pip install langgraph langgraph-checkpoint-sqlite      # a peer; absent, it is skipped, and said to be
    python benchmarks/kernel.py [--repeat 5] [--only throughput policies calls switch many langgraph] [--no-pretrained]

Each section compares in one run, interleaved, and prints medians and ratios. Virtual times (ticks) are exact.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from agentos_lab.kernel import (
    FairShare,
    Fifo,
    Kernel,
    MultilevelFeedback,
    Priority,
    RoundRobin,
    ScriptedCore,
    ShortestJobFirst,
)
from agentos_lab.lm import GPT, CharTokenizer, GPTConfig, load_pretrained
from agentos_lab.lm.language_model import LanguageModel
from benchmarks.compare import compare, environment

SCHEDULERS = [
    Fifo(),
    RoundRobin(4),
    RoundRobin(16),
    Priority(),
    ShortestJobFirst(),
    MultilevelFeedback(),
    FairShare(),
]


def small_model() -> LanguageModel:
    """Six layers of 256, random weights: what it costs does not depend on what it says."""
    tokenizer = CharTokenizer("abcdefghijklmnopqrstuvwxyz ,.!?0123456789:")
    config = GPTConfig.llama(vocab_size=tokenizer.vocab_size, context=256, layers=6, heads=8, width=256)
    return LanguageModel(GPT(config, seed=0), tokenizer, "small, 6 x 256")


def writers(kernel: Kernel, prompts: list[str], lengths: list[int]) -> None:
    """One agent a prompt, all there from the beginning."""

    async def writer(syscall: Any, prompt: str, length: int) -> list[int]:
        return list((await syscall.generate(prompt, max_new_tokens=length)).tokens)

    for prompt, length in zip(prompts, lengths, strict=True):
        kernel.spawn(writer, arguments={"prompt": prompt, "length": length})


def throughput(models: list[LanguageModel], repeat: int) -> None:
    print("\ncontinuous batching against one after another (lm.generate): tokens a second")
    print(f"{'model':<28}{'agents':>7}{'slots':>7}{'kernel':>10}{'one by one':>12}{'ratio':>8}  aim")
    for lm in models:
        small = lm.name.startswith("small")
        length, aim = (32, 4.0) if small else (24, 2.1)
        for agents, slots in ((8, 8), (32, 16), (64, 32)):
            prompts = [f"agent number {k}: what is the weather today?" for k in range(agents)]
            said: dict[str, list[list[int]]] = {}

            def batched(lm=lm, prompts=prompts, slots=slots, length=length, said=said) -> None:
                kernel = Kernel(lm.core(slots=slots, capacity=128), scheduler=Fifo(), journal=False)
                writers(kernel, prompts, [length] * len(prompts))
                said["kernel"] = list(kernel.run().results.values())

            def one_by_one(lm=lm, prompts=prompts, length=length, said=said) -> None:
                replies = [lm.generate(prompt, max_new_tokens=length, temperature=0) for prompt in prompts]
                said["one by one"] = [list(reply.tokens) for reply in replies]

            result = compare(batched, one_by_one, repeat if small else max(1, repeat // 2), warm_up=1)
            tokens = sum(map(len, said["kernel"]))
            assert said["kernel"] == said["one by one"], "the same tokens"
            verdict = f">= {aim:g} {'met' if result.ratio >= aim else 'MISSED'}" if agents > 8 else ""
            print(
                f"{lm.name:<28}{agents:>7}{slots:>7}{tokens / result.candidate:>10,.0f}"
                f"{tokens / result.baseline:>12,.0f}{result.ratio:>8.2f}  {verdict}"
            )


def policies(lm: LanguageModel) -> None:
    print("\npolicies: 32 agents, 8 to 96 tokens each, all there at tick 0, 8 slots; times in ticks, then in seconds")
    print(f"{'':<46}{'waiting':>16}{'first token':>16}{'turnaround':>16}{'switches':>10}{'tokens/s':>10}")
    print(f"{'':<46}" + f"{'mean':>8}{'p90':>8}" * 3)
    lengths = [8 + (37 * k) % 89 for k in range(32)]
    digests = set()
    for scheduler in SCHEDULERS:
        kernel = Kernel(lm.core(slots=8, capacity=192), scheduler=scheduler, journal=False)
        writers(kernel, [f"agent number {k}" for k in range(32)], lengths)
        start = perf_counter()
        run = kernel.run()
        seconds, metrics = perf_counter() - start, run.trace.metrics()
        digests.add(run.digest)
        figures = "".join(
            f"{metrics.mean(what):>8.1f}{metrics.p90(what):>8.0f}" for what in ("waiting", "first_token", "turnaround")
        )
        switches = sum(each.switches for each in metrics.processes)
        print(f"{scheduler!s:<46}{figures}{switches:>10}{metrics.tokens / seconds:>10,.0f}")
    print(f"outputs under all policies: {'the same' if len(digests) == 1 else 'DIFFERENT'} ({', '.join(digests)})")


def calls(repeat: int) -> None:
    print("\na system call that does nothing: microseconds each, of 20,000 in a row")

    def cost(**settings: Any) -> float:
        async def agent(syscall: Any) -> None:
            for _ in range(20_000):
                await syscall.sleep(0)

        with Kernel(ScriptedCore(), **settings) as kernel:
            kernel.spawn(agent)
            start = perf_counter()
            kernel.run()
            return 1e6 * (perf_counter() - start) / 20_000

    with tempfile.TemporaryDirectory() as folder:
        for name, settings in (
            ("without journal", lambda _: {"journal": False}),
            ("journal in memory", lambda _: {}),
            ("journal on disk", lambda k: {"storage": Path(folder) / f"{k}.sqlite"}),
        ):
            values = [cost(**settings(k)) for k in range(repeat)]
            verdict = f"<= 10 {'met' if median(values) <= 10 else 'MISSED'}" if name == "without journal" else ""
            print(f"  {name:<22}{median(values):>8.1f}  {verdict}".rstrip())


def switch(lm: LanguageModel, repeat: int) -> None:
    print(f"\na context switch of a text of 200 tokens ({lm.name}): milliseconds")
    core = lm.core(slots=2, capacity=256, shared_bytes=0)
    prompt = "to be or not to be, that is the question. " * 40
    prompt = lm.tokenizer.decode(lm.tokenizer.encode(prompt)[:200])
    sequence = core.prefill(prompt, seed=0, max_new_tokens=8)
    core.step([sequence])

    def by_snapshot() -> None:
        nonlocal sequence
        snapshot = core.snapshot(sequence)
        core.release(sequence)
        sequence = core.restore(snapshot)

    def by_reading_again() -> None:
        nonlocal sequence
        core.release(sequence)
        sequence = core.prefill(prompt, seed=0, max_new_tokens=8)
        core.step([sequence])

    print(f"  snapshot and restore against reading the prompt again: {compare(by_snapshot, by_reading_again, repeat)}")


def many() -> None:
    print("\nmany agents at once (scripted core, 64 slots, 20 tokens and 4 other calls each)")
    print(f"{'agents':>8}{'ticks':>8}{'ms a tick':>11}{'us an agent':>13}{'kB an agent':>13}")

    async def agent(syscall: Any) -> None:
        for k in range(4):
            await syscall.generate(f"part {k}", max_new_tokens=5)
            await syscall.sleep(3)

    for number in (250, 500, 1000, 2000):
        tracemalloc.start()
        kernel = Kernel(ScriptedCore(slots=64), scheduler=RoundRobin(4))
        for _ in range(number):
            kernel.spawn(agent)
        memory = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        start = perf_counter()
        kernel.run()
        seconds = perf_counter() - start
        print(
            f"{number:>8}{kernel.now:>8}{1e3 * seconds / kernel.now:>11.2f}{1e6 * seconds / kernel.now / number:>13.2f}"
            f"{memory / number / 1e3:>13.1f}"
        )


def langgraph(repeat: int) -> None:
    if importlib.util.find_spec("langgraph") is None:
        print("\nlanggraph is not installed: skipped (pip install langgraph langgraph-checkpoint-sqlite)")
        return
    from typing import TypedDict

    from langgraph.checkpoint.sqlite import SqliteSaver
    from langgraph.graph import END, START, StateGraph

    class State(TypedDict):
        notes: list[str]

    note = "a sentence that is remembered at every step of the way, of some length"

    def peer(steps: int, folder: Path) -> int:
        def step(state: State) -> State:
            return {"notes": [*state["notes"], f"{len(state['notes'])}: {note}"]}

        graph = StateGraph(State)
        graph.add_node("step", step)
        graph.add_edge(START, "step")
        graph.add_conditional_edges("step", lambda state: END if len(state["notes"]) >= steps else "step")
        path = folder / "langgraph.sqlite"
        with SqliteSaver.from_conn_string(str(path)) as saver:
            app = graph.compile(checkpointer=saver)
            app.invoke({"notes": []}, {"configurable": {"thread_id": "1"}, "recursion_limit": steps + 5})
        return _size(path)

    def ours(steps: int, folder: Path) -> int:
        async def agent(syscall: Any) -> list[str]:
            notes: list[str] = []
            while len(notes) < steps:
                notes.append(f"{len(notes)}: {note}")
                await syscall.write(f"notes/{len(notes)}", notes[-1])
            return notes

        path = folder / "kernel.sqlite"
        with Kernel(ScriptedCore(), storage=path) as kernel:
            kernel.spawn(agent)
            assert len(kernel.run().results["1"]) == steps
        return _size(path)

    print(
        "\nan agent that adds to a list at every step, each step durable: this kernel against langgraph's sqlite saver"
    )
    for steps in (50, 200, 800):
        sizes: dict[str, int] = {}

        def once(run: Callable[[int, Path], int], steps: int = steps, sizes: dict[str, int] = sizes) -> None:
            with tempfile.TemporaryDirectory() as folder:
                sizes[run.__name__] = run(steps, Path(folder))

        result = compare(lambda: once(ours), lambda: once(peer), repeat, warm_up=1)
        print(
            f"  {steps} steps: {result}; {sizes['ours'] / 1e6:.2f} MB against {sizes['peer'] / 1e6:.2f} MB "
            f"({sizes['peer'] / sizes['ours']:.1f}x)"
        )


def _size(path: Path) -> int:
    return sum(each.stat().st_size for each in path.parent.glob(f"{path.name}*"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=["throughput", "policies", "calls", "switch", "many", "langgraph"])
    parser.add_argument("--no-pretrained", action="store_true")
    options = parser.parse_args()
    print("python " + " ".join(["benchmarks/kernel.py", *sys.argv[1:]]))
    print(environment(["torch"]) + f", {torch.get_num_threads()} threads")
    small = small_model()
    models = [small] if options.no_pretrained else [small, load_pretrained("smollm2-135m-instruct")]
    sections: dict[str, Callable[[], None]] = {
        "throughput": lambda: throughput(models, options.repeat),
        "policies": lambda: policies(small),
        "calls": lambda: calls(options.repeat),
        "switch": lambda: [switch(lm, options.repeat) for lm in models] and None,
        "many": many,
        "langgraph": lambda: langgraph(options.repeat),
    }
    for name in options.only:
        sections[name]()


if __name__ == "__main__":
    main()
