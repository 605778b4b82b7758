"""Beyond one process: tools and sweeps on a process pool and on a Dask cluster of two workers, one of them killed."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from executor_jobs import leave_a_mark, marked, slow_square, slow_square_but_7, square

from agentos_lab.kernel import Failed, Kernel, RoundRobin, ScriptedCore, tool
from agentos_lab.kernel.reply import Ok
from agentos_lab.kernel.sweep import sweep
from agentos_lab.kernel.tool_run import start

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")


def new_pool():
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


@pytest.fixture(scope="module")
def pool():
    with new_pool() as executor:
        yield executor


@pytest.fixture(scope="module")
def client():
    import dask
    from dask.distributed import Client, LocalCluster

    settings = {  # two lost workers are enough to blame a job, and each lost one is replaced
        "distributed.scheduler.allowed-failures": 1, "distributed.deploy.lost-worker-timeout": "1h"
    }  # fmt: skip
    with (
        dask.config.set(settings),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, memory_limit=0) as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.fixture(params=["processes", "Dask"])
def executor(request):
    if request.param == "processes":
        return request.getfixturevalue("pool")
    return request.getfixturevalue("client").get_executor()


def kill_a_worker_of(client, when):
    """Kill one of two workers as soon as something has happened; a Dask cluster starts a new one in its place."""
    before = set(client.run(os.getpid).values())
    victim = min(before)

    def kill():
        while not when():
            time.sleep(0.01)
        os.kill(victim, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    return killer, victim


# --- tools


def test_tools_run_in_other_processes(executor):
    running = [start(square, {"n": n}, executor=executor) for n in range(12)]
    assert [each.result() for each in running] == [Ok(n * n) for n in range(12)]
    refused = start(square, {"n": -1}, executor=executor).result()
    assert refused.kind == "ToolFailed" and "-1 is negative" in refused.message
    assert start(square, {"n": "x"}, executor=executor).result().kind == "ValueError"


def test_where_tools_run_changes_no_schedule(executor):
    async def agent(syscall, number):
        text = await syscall.generate(f"agent {number}", max_new_tokens=3 + number)
        squares = [await syscall.call("square", n=n, seconds=0) for n in range(number)]
        return [text, squares, await syscall.generate(f"{squares}", max_new_tokens=4)]

    def run(**settings):
        kernel = Kernel(
            ScriptedCore(slots=2), scheduler=RoundRobin(2), tools=[square], patience=30, watchdog=None, **settings
        )
        for number in range(4):
            kernel.spawn(agent, arguments={"number": number})
        run = kernel.run()
        return run.results, [(event.tick, event.pid, event.kind) for event in run.trace]

    there, here = run(executor=executor), run()
    assert there == here and there[0]["4"][1] == [0, 1, 4]


def test_equal_calls_are_made_as_often_as_they_are_called(client, tmp_path):
    closure = tool(lambda n: leave_a_mark(str(tmp_path), n), name="closure", timeout=60)
    for each, arguments in ((marked, {"folder": str(tmp_path), "n": 1}), (closure, {"n": 2})):
        running = [start(each, arguments, executor=client.get_executor()) for _ in range(3)]
        assert [call.result() for call in running] == [Ok(arguments["n"] ** 2)] * 3
    names = [path.name for path in tmp_path.iterdir()]
    assert sum(name.startswith("1-") for name in names) == sum(name.startswith("2-") for name in names) == 3


@posix
def test_agents_get_all_their_results_from_a_cluster_that_loses_a_worker(client, tmp_path):
    async def agent(syscall, first):
        return [await syscall.call("marked", folder=str(tmp_path), n=n) for n in range(first, first + 5)]

    kernel = Kernel(ScriptedCore(), tools=[marked], executor=client.get_executor(), patience=60, watchdog=None)
    for first in range(0, 40, 10):
        kernel.spawn(agent, arguments={"first": first})
    killer, victim = kill_a_worker_of(client, lambda: len(list(tmp_path.iterdir())) > 4)
    results = kernel.run().results
    killer.join()
    assert [results[str(k + 1)] for k in range(4)] == [[n * n for n in range(10 * k, 10 * k + 5)] for k in range(4)]
    assert {str(victim)} < {path.name.split("-")[1] for path in tmp_path.iterdir()}


# --- sweeps


def test_a_sweep_gives_the_same_everywhere(executor):
    settings = [{"n": n, "seconds": 0} for n in (*range(20), -1)]
    there = sweep(slow_square, settings, executor)
    assert there == sweep(slow_square, settings)
    assert there[:20] == [n * n for n in range(20)] and there[20] == Failed("ValueError", "-1 is negative")


@posix
def test_a_cluster_that_loses_a_worker_gives_all_results(client, tmp_path):
    settings = [{"folder": str(tmp_path), "n": n} for n in range(30)]
    killer, victim = kill_a_worker_of(client, lambda: len(list(tmp_path.iterdir())) > 5)
    assert sweep(leave_a_mark, settings, client.get_executor()) == [n * n for n in range(30)]
    killer.join()
    names = [path.name for path in tmp_path.iterdir()]
    assert len({name.split("-")[0] for name in names}) == 30
    assert victim not in client.run(os.getpid).values()


@posix
def test_a_pool_that_loses_a_worker_keeps_nobody_waiting():
    settings = [{"n": n} for n in range(12)]
    with new_pool() as executor:
        results = sweep(slow_square_but_7, settings, executor)
    lost = [n for n, result in enumerate(results) if isinstance(result, Failed)]
    assert 7 in lost and all(results[n] == n * n for n in range(12) if n not in lost)
    assert results[7].kind == "BrokenProcessPool" and "worker was lost" in results[7].message
    with new_pool() as executor:
        again = sweep(slow_square_but_7, [settings[n] for n in lost if n != 7], executor)
    assert again == [n * n for n in lost if n != 7]


@posix
def test_a_setting_that_ends_its_worker_costs_no_other_result_of_a_cluster(client):
    results = sweep(slow_square_but_7, [{"n": n} for n in range(12)], client.get_executor())
    assert results[7].kind == "KilledWorker"
    assert [results[n] for n in range(12) if n != 7] == [n * n for n in range(12) if n != 7]
