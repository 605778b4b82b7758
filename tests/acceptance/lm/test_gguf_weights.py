"""150 damaged GGUF files."""

from __future__ import annotations

import random

import pytest
from small_checkpoints import write_gguf

from agentos_lab.lm.gguf_weights import read_gguf
from agentos_lab.lm.gpt import GPT


@pytest.mark.filterwarnings("ignore")
def test_a_damaged_file_gives_a_clear_error_or_a_whole_model(tmp_path):
    write_gguf(tmp_path / "m.gguf")
    data = (tmp_path / "m.gguf").read_bytes()
    draw = random.Random(0)
    refused = 0
    for _ in range(150):
        damaged = bytearray(data[: draw.randrange(len(data))] if draw.random() < 0.3 else data)
        for _ in range(draw.choice([1, 8])):
            if damaged:
                damaged[draw.randrange(min(len(damaged), 6000))] = draw.randrange(256)
        (tmp_path / "d.gguf").write_bytes(damaged)
        try:
            found = read_gguf(tmp_path / "d.gguf")
            GPT.from_state(found.config, found.state)
        except ValueError:
            refused += 1
    assert refused > 50
