"""Fixtures of the core tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .nodes import App


@pytest.fixture
def app() -> Iterator[App]:
    """An app in which listeners can be registered."""
    app = App()
    with app.open():
        yield app
