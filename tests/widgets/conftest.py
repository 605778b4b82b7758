"""What the tests of views share."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from widgets import browser_module


@pytest.fixture(scope="session", autouse=True)
def javascript_is_joined_once() -> Iterator[None]:
    """Put the same files together once and not for each of thousands of views: they do not change meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(browser_module, "linked", cache(browser_module.linked))
        yield
