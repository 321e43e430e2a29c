"""Each test stores files in a directory of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nbblocks.bridge.cache import FileCache, active


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Iterator[FileCache]:
    """The cache of the test."""
    cache = FileCache(tmp_path / "cache")
    token = active.set(cache)
    yield cache
    active.reset(token)
