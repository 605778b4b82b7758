"""The first two theorems of the kernel, over random workloads with a real (if small) GPT.

1. Every agent's output is the same tokens under every policy, quantum and number of slots, greedy and sampled, with
   contexts switched in memory and by way of the disk; and the same bits of log-probability where the machine promises
   them.
2. A replay of the journal is the run.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.kernel import (
    FairShare,
    Fifo,
    Kernel,
    MultilevelFeedback,
    Ok,
    Priority,
    RoundRobin,
    ScriptedCore,
    ShortestJobFirst,
    fork,
)  # fmt: skip
from agentos_lab.lm import GPT, CharTokenizer, GPTConfig
from agentos_lab.lm.language_model import LanguageModel

SCHEDULERS = [
    Fifo(), RoundRobin(1), RoundRobin(3), RoundRobin(7), Priority(ageing=6, quantum=2), ShortestJobFirst(),
    ShortestJobFirst(preemptive=True), MultilevelFeedback(quanta=(2, 4, 8)), FairShare(quantum=3),
]  # fmt: skip


@pytest.fixture(scope="module")
def lm() -> LanguageModel:
    tokenizer = CharTokenizer("abcdefghijklmnopqrstuvwxyz :,.0123456789")
    config = GPTConfig.llama(vocab_size=tokenizer.vocab_size, context=128, layers=2, heads=2, width=32)
    return LanguageModel(GPT(config, seed=0), tokenizer, "small")


def writers(seed: int) -> Callable[[Kernel], None]:
    """A random workload: agents that write, go on with what they wrote, sleep, spawn and wait."""

    async def writer(syscall, plan):
        texts, scores = ["a common beginning of all: "], []
        for kind, length, temperature in plan:
            if kind == "write":
                reply = await syscall.generate(texts[-1][-40:], max_new_tokens=length, temperature=temperature)
                texts.append(texts[0] + reply)
                scores += reply.logprobs
            elif kind == "choose":
                reply = await syscall.generate(texts[-1][-30:], constraint={"choices": ["yes", "no", "perhaps"]})
                texts.append(f"{texts[0]}{reply}: ")
            elif kind == "sleep":
                await syscall.sleep(length)
            else:
                child = await syscall.spawn(writer, plan=[("write", length, temperature)])
                texts.append(texts[0] + (await syscall.wait(child))[0][-1][-10:])
        return [texts, scores]

    def fill(kernel: Kernel) -> None:
        draw = random.Random(seed)
        for k in range(draw.randint(2, 5)):
            plan = [
                (draw.choice(["write", "write", "sleep", "child", "choose"]), draw.randint(1, 9), draw.choice([0, 1]))
                for _ in range(draw.randint(1, 3))
            ]
            kernel.spawn(
                writer, f"agent {k}", arguments={"plan": plan}, priority=draw.randint(0, 3), arrives=draw.randint(0, 6)
            )

    return fill


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.sampled_from(SCHEDULERS), min_size=2, max_size=2, unique=True), st.data())
def test_every_agents_output_is_the_same_under_every_policy_and_batch(lm, seed, schedulers, data):
    def outputs(scheduler, slots, swap_beyond):
        core = lm.core(slots=slots, capacity=96, chunk=8)
        kernel = Kernel(core, scheduler=scheduler, swap_beyond=swap_beyond)
        writers(seed)(kernel)
        outcome = kernel.run()
        assert not outcome.failures
        return outcome

    slots = data.draw(st.lists(st.sampled_from([1, 2, 5]), min_size=2, max_size=2))
    reference, other = (
        outputs(scheduler, n, data.draw(st.sampled_from([None, 0, 20_000])))
        for scheduler, n in zip(schedulers, slots, strict=True)
    )
    tokens = [{pid: result[0] for pid, result in each.results.items()} for each in (reference, other)]
    assert tokens[0] == tokens[1]
    # With one thread (as the tests run) and one number of slots, also the bits.
    if slots[0] == slots[1] and torch.get_num_threads() == 1 and lm.core(slots=slots[0]).same_bits().hold:
        assert reference.results == other.results


def test_the_machine_says_what_it_promises(lm):
    assert "slots" in str(lm.core(slots=4).same_bits())


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(SCHEDULERS), st.data())
def test_a_replay_of_the_journal_is_the_run(tmp_path_factory, seed, scheduler, data):
    class Untouched(ScriptedCore):
        """A core that may not be used."""

        def prefill(self, *prompt, **settings):
            raise AssertionError("a replay needs no model")

    path = tmp_path_factory.mktemp("journal") / "run.sqlite"

    async def keeper(syscall, plan):
        for kind, length, _ in plan:
            text = await syscall.generate(str(length), max_new_tokens=length)
            await syscall.write(f"{syscall.name}/{kind}", [text, await syscall.list()])
            await syscall.remember(text)
        return await syscall.recall("a b c d e f")

    def filled(core):
        kernel = Kernel(core, scheduler=scheduler, storage=path)
        fill = writers(seed)
        monkey = kernel.spawn
        kernel.spawn = lambda agent, name, **more: monkey(keeper, name, **more)  # type: ignore[method-assign]
        fill(kernel)
        return kernel

    with filled(ScriptedCore(slots=2)) as kernel:
        first = kernel.run()
        stored = {name: kernel.storage.history(name) for name in kernel.storage.names()}
        rows = kernel.journal.rows()
    assert not first.failures
    with filled(Untouched(slots=2)) as again:
        second = again.run()
        assert second.results == first.results
        assert {name: again.storage.history(name) for name in again.storage.names()} == stored
        assert again.journal.rows() == rows
    at = data.draw(st.integers(1, len(rows)))
    with filled(ScriptedCore(slots=2)) as kernel:
        kernel.run()
        same = fork(kernel, at)
        assert same.run().results == first.results
        assert same.storage.names() == list(stored)


def test_a_fork_with_another_reply_has_another_future_and_the_same_past():
    async def agent(syscall):
        answer = await syscall.ask("Left or right?")
        await syscall.write("went", answer)
        return await syscall.generate(f"I went {answer}", max_new_tokens=4)

    async def other(syscall):
        return await syscall.generate("something else", max_new_tokens=6)

    kernel = Kernel(ScriptedCore(slots=2), person=lambda question: "left")
    kernel.spawn(agent)
    kernel.spawn(other)
    run = kernel.run()
    row = next(row for row in kernel.journal if row.call == "ask")
    forked = fork(kernel, row.seq, reply=Ok("right"))
    outcome = forked.run()
    assert (kernel.storage.read("went"), forked.storage.read("went")) == ("left", "right")
    assert outcome.results["agent"] != run.results["agent"] and outcome.results["other"] == run.results["other"]
    assert kernel.journal.rows(row.seq)[:-1] == forked.journal.rows(row.seq)[:-1]
