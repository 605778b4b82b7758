"""Cores behind the network, by a real client and real sockets: what is asked for is sent, and no failure spreads."""

from __future__ import annotations

import _thread
import subprocess
import sys
import textwrap
import threading
import time

import pytest
from openai_server import RUBBISH, STATUS, OpenAIServer, written

from agentos_lab.kernel import CoreFailed, Failed, Fifo, Kernel, Priority, RoundRobin
from agentos_lab.kernel.openai_core import OpenAICore


@pytest.fixture
def server():
    with OpenAIServer() as serving:
        yield serving


def core_of(server, **settings):
    return OpenAICore(server.url, "tiny", **{"timeout": 5.0, "retries": 0, "slots": 4} | settings)


def chat(text):
    return [{"role": "user", "content": text}]


async def writes(syscall, prompt, **settings):
    return await syscall.generate(prompt, **{"max_new_tokens": 8, "seed": 3} | settings)


def run(core, *prompts, **settings):
    """Results of agents, one a prompt, and their kernel."""
    kernel = Kernel(core, **settings)
    for prompt in prompts:
        kernel.spawn(writes, arguments=prompt if isinstance(prompt, dict) else {"prompt": prompt})
    results = kernel.run().results
    return [results[str(n + 1)] for n in range(len(prompts))], kernel


# --- what is sent, and what comes back


@pytest.mark.parametrize(("prompt", "path"), [("Hello", "/v1/completions"), (chat("Hello"), "/v1/chat/completions")])
def test_texts_and_messages_go_to_their_own_address(server, prompt, path):
    (reply,), kernel = run(core_of(server), prompt)
    assert reply == "".join(written("Hello", 3, 8)) and reply.finish_reason == "length"
    ((asked, _, body),) = server.requests
    key = "prompt" if isinstance(prompt, str) else "messages"
    assert asked == path
    assert body == {
        "model": "tiny", key: prompt, "max_tokens": 8, "temperature": 0.0, "seed": 3, "stream": True
    }  # fmt: skip
    assert len(kernel.trace.of(kind="step")) == 8 == kernel.processes["1"].usage.tokens == len(reply.tokens)


def test_settings_are_translated(server):
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
    asked = {
        "prompt": chat("x"), "temperature": 0.7, "top_p": 0.9, "stop": ("\n", "END"), "constraint": {"schema": schema}
    }  # fmt: skip
    run(core_of(server), asked)
    (body,) = server.bodies
    assert (body["temperature"], body["top_p"], body["stop"]) == (0.7, 0.9, ["\n", "END"])
    assert body["response_format"]["type"] == "json_schema"
    assert body["response_format"]["json_schema"] == {"name": "reply", "schema": schema, "strict": True}


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"top_k": 5}, "no top_k"),
        ({"constraint": {"choices": ["a"]}}, "by a schema only, not by choices"),
        ({"constraint": {"pattern": "a+"}}, "by a schema only, not by pattern"),
        ({"constraint": {"schema": {}}}, "constrains chats only"),
    ],
)
def test_what_the_protocol_does_not_have_is_refused_and_not_left_out(server, setting, said):
    (reply, other), _ = run(core_of(server), {"prompt": "x", **setting}, "Hello")
    assert reply.kind == "ValueError" and said in reply.message
    assert other == "".join(written("Hello", 3, 8)) and len(server.requests) == 1


def test_a_server_that_does_not_stop_is_stopped(server):
    (reply,), _ = run(core_of(server), "endless")
    assert reply == "".join(written("endless", 3, 8)) and reply.finish_reason == "length"


def test_thoughts_cost_tokens_and_are_no_text(server):
    (reply,), kernel = run(core_of(server), {"prompt": chat("thinks")})
    assert reply == "".join(written("thinks", 3, 8)[2:])
    assert kernel.processes["1"].usage.tokens == len(reply.tokens) == 8


@pytest.mark.parametrize("prompt", ["empty", chat("empty")])
def test_an_empty_text_is_a_reply(server, prompt):
    (reply,), _ = run(core_of(server), prompt)
    assert reply == "" and reply.finish_reason == "stop"


@pytest.mark.parametrize("scheduler", [Fifo(), RoundRobin(2), Priority()], ids=repr)
def test_many_agents_share_the_slots(server, scheduler):
    prompts = [f"prompt {n}" for n in range(12)]
    replies, kernel = run(core_of(server, slots=3), *prompts, scheduler=scheduler)
    assert replies == ["".join(written(prompt, 3, 8)) for prompt in prompts]
    assert server.most <= 3 and len(server.requests) == 12
    assert not any(event.data.get("preempted") for event in kernel.trace.of(kind="queued"))


def test_a_replay_asks_no_server(server, tmp_path):
    def kernel():
        made = Kernel(core_of(server), storage=tmp_path / "run.sqlite")
        made.spawn(writes, arguments={"prompt": "Hello"})
        return made

    with kernel() as first:
        calm = first.run().results["1"]
    with kernel() as again:
        assert again.run().results["1"] == calm
        assert again.processes["1"].usage.tokens == 8
    assert len(server.requests) == 1


# --- what goes wrong

MISDEEDS = [
    *STATUS, "a page", "not a stream", "never answers", "dies at once", "stalls", "trickles", "dies", "ends", "done",
    *(f"sends {rubbish}" for rubbish in RUBBISH),
]  # fmt: skip


@pytest.mark.parametrize("as_chat", [False, True], ids=["text", "chat"])
@pytest.mark.parametrize("misdeed", MISDEEDS)
def test_a_request_fails_alone(server, misdeed, as_chat):
    began, patience = time.monotonic(), 1.2 if misdeed in ("never answers", "stalls", "trickles") else 60
    bad = chat(misdeed) if as_chat else misdeed
    (before, failed, after), kernel = run(core_of(server, timeout=patience), "Hello", bad, "slow")
    assert failed.kind == "CoreFailed" and server.url in failed.message and len(failed.message) < 900
    assert (before, after) == ("".join(written("Hello", 3, 8)), "".join(written("slow", 3, 8)))
    assert server.times("Hello") == server.times("slow") == server.times(misdeed) == 1
    assert not kernel.trace.of(kind="core failed")  # nobody had to begin again
    assert time.monotonic() - began < 20


def test_an_agent_can_go_on_after_a_failure(server):
    async def stubborn(syscall):
        try:
            return await syscall.generate("dies", max_new_tokens=8)
        except CoreFailed:
            return await syscall.generate("Hello", max_new_tokens=8, seed=3)

    kernel = Kernel(core_of(server))
    kernel.spawn(stubborn)
    assert kernel.run().results["1"] == "".join(written("Hello", 3, 8))


def test_no_server_is_a_failure_of_every_request():
    with OpenAIServer() as server:
        core = core_of(server)
    replies, _ = run(core, "Hello", chat("Hello"))
    assert [(type(reply), reply.kind) for reply in replies] == [(Failed, "CoreFailed")] * 2


def test_what_was_not_answered_yet_is_sent_again(server):
    (reply,), _ = run(core_of(server, retries=1), "fails once")
    assert reply == "".join(written("fails once", 3, 8)) and server.times("fails once") == 2


def hung_up(server):
    end = time.monotonic() + 5
    while not server.hung_up and time.monotonic() < end:
        time.sleep(0.02)
    return server.hung_up


def test_who_is_killed_hangs_up_at_once(server):
    kernel = Kernel(core_of(server, timeout=60))
    pid = kernel.spawn(writes, arguments={"prompt": "stalls"})
    kernel.run(until=2)
    kernel.kill(pid)
    assert hung_up(server) == ["stalls"]


def test_who_was_never_answered_hangs_up_when_the_time_is_over(server):
    core = core_of(server, timeout=0.3)
    core.release(core.prefill("never answers", seed=0))
    assert hung_up(server) == ["never answers"]


def test_who_hangs_up_before_the_answer_begins_does_not_wait_for_its_end(server):
    core = core_of(server, timeout=60)
    core.release(core.prefill("stalls late", seed=0))
    assert hung_up(server) == ["stalls late"]


def test_several_that_stall_are_waited_for_together(server):
    core = core_of(server, timeout=0.6)
    batch = [core.prefill("never answers", seed=0) for _ in range(4)]
    began = time.monotonic()
    assert all(isinstance(error, CoreFailed) for error in core.step(batch).values())
    assert time.monotonic() - began < 1.8


def test_an_interrupt_leaves_the_kernel_ready_to_go_on(server):
    kernel = Kernel(core_of(server, timeout=60))
    kernel.spawn(writes, arguments={"prompt": "stalls"})
    kernel.run(until=2)
    kernel.spawn(writes, arguments={"prompt": "Hello"})
    threading.Timer(0.3, _thread.interrupt_main).start()
    with pytest.raises(KeyboardInterrupt):
        kernel.run()
    kernel.kill("1")
    assert kernel.run().results["2"] == "".join(written("Hello", 3, 8))


def test_the_key_of_another_server_is_not_sent(server, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    run(core_of(server), "Hello")
    run(core_of(server, api_key="known"), "Hello")
    (_, first, _), (_, second, _) = server.requests
    assert "secret" not in str(first) and second["authorization"] == "Bearer known"


@pytest.mark.parametrize("wrong", [{"base_url": "localhost:8000"}, {"slots": 0}, {"timeout": 0}])
def test_what_cannot_be_is_refused_at_once(wrong):
    with pytest.raises(ValueError):
        OpenAICore(**{"base_url": "http://localhost/v1", "model": "tiny"} | wrong)


def test_a_missing_package_is_named_with_its_cure(monkeypatch):
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(ModuleNotFoundError, match="python -m pip install openai"):
        OpenAICore("http://localhost/v1", "tiny")


def test_a_server_that_hangs_keeps_nobody_from_leaving_and_nothing_is_loaded_early(server):
    program = f"""
        import sys
        import agentos_lab.kernel
        from agentos_lab.kernel.openai_core import OpenAICore
        assert not {{"openai", "dask", "distributed", "httpx2"}} & sys.modules.keys()

        core = OpenAICore({server.url!r}, "tiny", timeout=60)
        print(core.step([core.prefill("stalls", seed=0)]))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=40, check=False
    )
    assert done.stdout.strip() == "{1: False}", done.stderr
