"""Calls of tools: each ends as a value in its time, whatever the tool does, and keeps nobody from leaving."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from textwrap import dedent

import pytest
from misbehaving_tools import MISDEEDS, answer, c_sleep, norm, plain

from agentos_lab.kernel.reply import Failed, Ok
from agentos_lab.kernel.tool_run import start
from agentos_lab.kernel.tools import tool

ROOT = Path(__file__).resolve().parents[2]


def add(a: int, b: int = 1) -> int:
    return a + b


def test_a_call_gives_a_value():
    running = start(tool(add), {"a": 2})
    assert running.wait(5) and running.done()
    assert running.result() == Ok(3) == running.result()


def test_wrong_arguments_make_a_reply_at_once():
    running = start(tool(add), {"a": "x"})
    assert running.done()
    assert running.result().kind == "ValueError" and "a: expected a valid integer" in running.result().message


@pytest.mark.parametrize("misdeed", MISDEEDS)
def test_a_misbehaving_tool_fails_alone(misdeed):
    reply = start(tool(answer), {"misdeed": misdeed}).result()
    assert isinstance(reply, Failed) and reply.kind == "ToolFailed"
    assert start(tool(add), {"a": 2}).result() == Ok(3)


@pytest.mark.parametrize("hang", [lambda: time.sleep(60), lambda: threading.Event().wait(), c_sleep])
def test_a_tool_that_hangs_has_failed_when_its_time_is_up(hang):
    began = time.monotonic()
    running = start(tool(hang, name="slow", timeout=0.2), {})
    assert not running.wait(0.01) and not running.done()
    reply = running.result()
    assert 0.2 <= time.monotonic() - began < 2
    assert reply.kind == "ToolFailed" and "slow took longer than its 0.2 s" in reply.message


def test_a_late_result_changes_nothing():
    gate = threading.Event()
    running = start(tool(lambda: gate.wait() and 5, name="late", timeout=0.05), {})
    reply = running.result()
    gate.set()
    time.sleep(0.05)
    assert running.result() is reply and isinstance(reply, Failed)


def test_hung_threads_are_replaced_and_others_used_again():
    seen = set()
    slow = tool(lambda: time.sleep(3), name="slow", timeout=0.05)
    hung = [start(slow, {}) for _ in range(30)]
    who = tool(lambda: seen.add(threading.get_ident()), name="who")
    for _ in range(50):
        assert start(who, {}).result() == Ok(None)
    assert all(isinstance(each.result(), Failed) for each in hung)
    assert len(seen) < 10


def test_many_calls_at_the_same_time():
    running = [start(tool(add), {"a": n}) for n in range(500)]
    assert [each.result() for each in running] == [Ok(n + 1) for n in range(500)]


def test_a_killed_call_has_failed_at_once():
    running = start(tool(lambda: time.sleep(1), name="slow"), {})
    running.kill()
    assert running.done() and "stopped" in running.result().message
    finished = start(tool(add), {"a": 1})
    finished.wait()
    finished.kill()
    assert finished.result() == Ok(2)


def test_the_key_goes_to_tools_that_take_one():
    pay = tool(lambda amount, idempotency_key: f"{amount} {idempotency_key}", name="pay")
    assert start(pay, {"amount": 3}, key="1.2/7").result() == Ok("3 1.2/7")


def test_unicode_comes_through():
    echo = tool(lambda text: text, name="echo")
    assert start(echo, {"text": "é✓ \x00🎉"}).result() == Ok("é✓ \x00🎉")
    assert "must be JSON" in start(echo, {"text": "\ud800"}).result().message


def test_no_thread_left_is_a_failure_of_the_tool(monkeypatch):
    monkeypatch.setattr("agentos_lab.kernel.tool_run._idle", [])
    monkeypatch.setattr(threading.Thread, "start", lambda self: exec('raise RuntimeError("can\'t start new thread")'))
    assert "could not be started (RuntimeError: can't start" in start(tool(add), {"a": 1}).result().message


# --- executors ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def processes():
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        yield executor


def test_any_executor_will_do(processes):
    assert start(tool(plain), {"number": 1}, executor=processes).result() == Ok(2)
    with ThreadPoolExecutor(1) as threads:
        assert start(tool(plain), {"number": 1}, executor=threads).result() == Ok(2)
        closure = tool(lambda n: n + threads._max_workers, name="closure")
        assert start(closure, {"n": 1}, executor=threads).result() == Ok(2)


@pytest.mark.parametrize("misdeed", ["raise", "unprintable", "SystemExit", "generator", "10 MB", "itself"])
def test_failures_come_back_from_another_process(processes, misdeed):
    reply = start(tool(answer, timeout=30), {"misdeed": misdeed}, executor=processes).result()
    assert isinstance(reply, Failed) and reply.kind == "ToolFailed" and "answer" in reply.message


def test_what_cannot_be_pickled_fails_with_a_reason(processes):
    lock = threading.Lock()
    reply = start(tool(lambda: lock.locked(), name="closure"), {}, executor=processes).result()
    assert reply.kind == "ToolFailed" and "closure was lost by its executor" in reply.message


def test_an_isolated_tool_stays_on_this_machine(processes):
    reply = start(norm, {"point": {"x": -3}}, key="k", executor=processes).result()
    assert reply == Ok({"norm": 3, "key": "é✓", "idempotency_key": "k"})


class Broken(ThreadPoolExecutor):
    def submit(self, *args, **kwargs):
        future = Future()
        future.cancel()
        return future


def test_an_executor_that_fails_is_a_failure_of_the_tool():
    gone = ThreadPoolExecutor(1)
    gone.shutdown()
    assert "could not be started (RuntimeError" in start(tool(plain), {"number": 1}, executor=gone).result().message
    assert "was lost" in start(tool(plain), {"number": 1}, executor=Broken(1)).result().message


def test_an_executor_that_hangs_has_failed_when_the_time_is_up():
    with ThreadPoolExecutor(1) as threads:
        running = start(tool(lambda: time.sleep(0.5), name="slow", timeout=0.1), {}, executor=threads)
        assert "took longer" in running.result().message


# --- the end of the interpreter ----------------------------------------------------------------------------


def run(code: str, **options) -> subprocess.Popen:
    program = "import sys; sys.path.insert(0, 'tests')\n" + dedent(code)
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True, **options)


@pytest.mark.parametrize("hang", ["time.sleep(600)", "c_sleep()", "[print('x') for _ in iter(int, 1)]"])
def test_a_hanging_tool_keeps_nobody_from_leaving(hang):
    process = run(
        f"""
        import time
        from agentos_lab.kernel.tool_run import start
        from agentos_lab.kernel.tools import tool
        from misbehaving_tools import c_sleep, stuck
        start(tool(lambda: {hang}, name="hang", timeout=600), {{}})
        start(stuck, {{"how": "asleep"}})
        time.sleep(0.2)
        """
    )
    process.communicate(timeout=20)
    assert process.poll() is not None


def test_ctrl_c_reaches_the_main_thread_while_it_waits():
    process = run(
        """
        from agentos_lab.kernel.tool_run import start
        from agentos_lab.kernel.tools import tool
        import time
        running = start(tool(lambda: time.sleep(600), name="hang", timeout=600), {})
        try:
            print("waiting", flush=True)
            running.result()
        except KeyboardInterrupt:
            print("interrupted", running.done(), flush=True)
        """
    )
    assert process.stdout.readline() == "waiting\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20)[0] == "interrupted False\n" and process.returncode == 0
