"""Two real processes under torchrun give the losses of one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.lm.data_parallel import World, current_world, join_processes
from agentos_lab.lm.distributed import main
from agentos_lab.lm.pretrained import load_pretrained
from agentos_lab.tensor_file import read_tensors

ROOT = Path(__file__).resolve().parents[3]
SMALL = [
    *("--layers", "1", "--heads", "2", "--width", "16", "--context", "12", "--lr", "0.01"),
    *("--steps", "4", "--batch-size", "5", "--evaluate-every", "2"),
]
TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]


@pytest.fixture
def poem(tmp_path):
    path = tmp_path / "poem.txt"
    path.write_text("The sea, the sea, the open sea,\nthe blue, the fresh, the ever free.\n" * 20, "utf-8")
    return path


def test_two_processes_give_the_losses_and_the_model_of_one(tmp_path, poem):
    alone = main(["--text", str(poem), "--out", str(tmp_path / "one"), *SMALL])
    command = [*TORCHRUN, "-m", "agentos_lab.lm.distributed", "--text", str(poem), *SMALL]
    files = ["--out", str(tmp_path / "two"), "--checkpoint", str(tmp_path / "two.safetensors")]
    done = subprocess.run(
        [*command, *files], cwd=ROOT, capture_output=True, text=True, timeout=300,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "2 processes on cpu" in done.stdout and done.stdout.count("step 4:") == 1  # only the first one speaks
    _, facts = read_tensors(tmp_path / "two.safetensors")
    for ours, theirs in zip(facts["records"], alone.records, strict=True):
        step, loss, _, grad_norm, tokens, evaluation, _ = ours
        assert (step, tokens) == (theirs.step, theirs.tokens)
        assert loss == pytest.approx(theirs.loss, rel=1e-5) and grad_norm == pytest.approx(theirs.grad_norm, rel=1e-4)
        if theirs.evaluation is not None:
            assert evaluation == pytest.approx(theirs.evaluation, rel=1e-5)
    one, two = (load_pretrained(tmp_path / name) for name in ("one", "two"))
    torch.testing.assert_close(two.logits("the sea"), one.logits("the sea"), atol=1e-3, rtol=1e-3)


@given(st.integers(1, 40), st.integers(1, 8))
def test_shares_are_the_batch_in_order_and_differ_by_one_row_at_most(rows, size):
    batch = torch.arange(rows)
    shares = [World(rank, size).share(batch) for rank in range(size)]
    assert torch.equal(torch.cat(shares), batch)
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_alone_there_is_nothing_to_add_or_copy(monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    with join_processes() as (world, device):
        assert world == World() == current_world() and device.type in ("cpu", "cuda")
    tensor = torch.ones(3)
    parameter = torch.nn.Parameter(torch.ones(2))
    World().add_up([tensor])
    World().copy_from_first([tensor])
    World().add_up_gradients([parameter])
    assert torch.equal(tensor, torch.ones(3)) and parameter.grad is None


def test_the_command_goes_on_from_its_checkpoint(tmp_path, poem, capsys):
    arguments = ["--text", str(poem), *SMALL, "--checkpoint", str(tmp_path / "run.safetensors")]
    first = main(arguments)
    assert main(arguments) == first  # all its steps are made
    assert "1 process on" in capsys.readouterr().out
