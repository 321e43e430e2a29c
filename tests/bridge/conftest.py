"""A shelf for the tests of transfers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shelf import DATA, Shelf
from tests.support import FakeComm


@pytest.fixture
def given() -> bytes:
    """What the file holds that the app gives; a module may have another."""
    return DATA


@pytest.fixture
def shelf(comms: list[FakeComm], tmp_path: Path, given: bytes) -> Iterator[Shelf]:
    """An app with a file to give, and a page."""
    file = tmp_path / "given.bin"
    file.write_bytes(given)
    yield Shelf(file)
