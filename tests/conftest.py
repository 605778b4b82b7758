"""What all tests share: the pretrained model, one thread, steady examples of hypothesis."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

# Before any test imports them: no test asks a network; torch runs one thread, for the same results to the last digit.
os.environ.update(HF_HUB_OFFLINE="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", AGENTOS_LAB_QUIET="1")

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from agentos_lab.lm.language_model import LanguageModel

# While torch and the tests are imported, the garbage collector finds next to nothing and takes a quarter of the time.
gc.disable()

# jsonschema would spend most of a second on a grammar of international addresses, a format that no test checks.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

# A busy machine is slow, which is no fault of the code; in CI the examples are the same in every run.
settings.register_profile(
    "course",
    deadline=None,
    max_examples=40,
    derandomize=bool(os.environ.get("CI")),
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("course")


def pytest_collection_finish() -> None:
    """Collect young garbage again, and the rest where a test asks: to look through it all took a tenth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 1_000, 1_000)
    gc.enable()


@pytest.fixture(scope="session")
def smollm2() -> LanguageModel:
    """SmolLM2-135M-Instruct; without its weights the test does not run, which in CI is a failure."""
    from agentos_lab.lm.pretrained import load_pretrained

    try:
        return load_pretrained("smollm2-135m-instruct")
    except FileNotFoundError as absent:
        if os.environ.get("CI"):
            pytest.fail(str(absent), pytrace=False)
        pytest.skip(str(absent))
