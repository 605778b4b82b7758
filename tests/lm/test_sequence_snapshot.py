"""Snapshots: a sequence goes on from disk, bit for bit, or the file is refused."""

import pytest
from served_sequences import PROMPT, decode, same_bits
from small_models import FAMILIES, every_family, loud

from agentos_lab.lm.constraint import regex
from agentos_lab.lm.sampling import Sampling
from agentos_lab.lm.sequence_snapshot import load_snapshot, save_snapshot
from agentos_lab.lm.serving import ContinuousBatch
from agentos_lab.lm.tokenizer import CharTokenizer

LETTERS = CharTokenizer("abcdefghijklmnopqrstuvwxyz,.", special=("eos",))


@every_family
def test_a_snapshot_on_disk_goes_on_bit_for_bit(config, tmp_path):
    model = loud(config)
    batch = ContinuousBatch(model, slots=2, capacity=24, chunk=8)
    sequence = batch.admit(
        PROMPT, max_new_tokens=10, sampling=Sampling(temperature=0.9, top_k=20), seed=5, stop_tokens=[30]
    )
    for _ in range(4):
        batch.step([sequence])
    path = save_snapshot(batch.snapshot(sequence), tmp_path / "sequence.safetensors")
    expected = decode(batch, sequence)
    other = ContinuousBatch(model, slots=2, capacity=24, chunk=8)
    other.admit([9, 8, 7], max_new_tokens=3)
    restored = decode(other, other.restore(load_snapshot(path)))
    assert restored[0] == expected[0] and same_bits(restored[1], expected[1])


def test_a_snapshot_of_bfloat16_keeps_its_bits(tmp_path):
    model = loud(FAMILIES["llama"]).bfloat16()
    batch = ContinuousBatch(model, slots=2, capacity=24, chunk=8)
    sequence = batch.admit(PROMPT, max_new_tokens=8)
    batch.step()
    path = save_snapshot(batch.snapshot(sequence), tmp_path / "sequence.safetensors")
    expected = decode(batch, sequence)
    restored = decode(batch, batch.restore(load_snapshot(path)))
    assert restored[0] == expected[0] and same_bits(restored[1], expected[1])


def test_a_constrained_sequence_comes_back_from_disk_under_its_constraint(tmp_path):
    model, constraint = loud(FAMILIES["llama"]), regex("[a-c]{4,6}(,[x-z])+[.]", LETTERS)
    batch = ContinuousBatch(model, slots=2, capacity=24, chunk=8)
    sequence = batch.admit([1, 2], max_new_tokens=12, sampling=Sampling(), constraint=constraint)
    for _ in range(3):
        batch.step()
    path = save_snapshot(batch.snapshot(sequence), tmp_path / "sequence.safetensors")
    expected = decode(batch, sequence)[0]
    assert constraint.accepts(LETTERS.decode(expected))
    assert decode(batch, batch.restore(load_snapshot(path, constraint=constraint)))[0] == expected
    with pytest.raises(ValueError, match="constraint"):
        load_snapshot(path)


def test_a_damaged_snapshot_file_is_refused(tmp_path):
    batch = ContinuousBatch(loud(FAMILIES["gpt2"]), slots=2, capacity=20)
    path = save_snapshot(batch.snapshot(batch.admit(PROMPT, max_new_tokens=2)), tmp_path / "s.safetensors")
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)
    with pytest.raises(ValueError, match="damaged"):
        load_snapshot(path)
