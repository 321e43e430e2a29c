"""A kernel for each test that ends one, and one that the others share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .kernels import Kernel


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Kernel]:
    """A kernel of the test's own."""
    kernel = Kernel(tmp_path)
    yield kernel
    kernel.close()
