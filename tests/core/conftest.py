"""Fixtures of the core tests."""

from __future__ import annotations

from collections.abc import Iterator

import anyio
import pytest
from trio.testing import MockClock

from .nodes import App, AtOnce


@pytest.fixture
def app() -> Iterator[App]:
    """An app in which listeners can be registered."""
    app = App()
    with app.open():
        yield app


@pytest.fixture
def direct() -> Iterator[App]:
    """An app without worker threads: all is done on the loop, so that `quiet` waits for everything."""
    app = App(workers=AtOnce())
    with app.open():
        yield app


@pytest.fixture
def simulated() -> tuple[str, dict[str, MockClock]]:
    """Backend of tests with simulated time: it jumps to the next alarm when everybody waits.

    A module of such tests makes it its ``anyio_backend``.
    """
    return "trio", {"clock": MockClock(autojump_threshold=0)}


@pytest.fixture
def timed() -> Iterator[App]:
    """An app in simulated time. Work of worker threads is done on the loop and takes no time."""
    app = App(clock=anyio.current_time, workers=AtOnce())
    app.glance = 0.125
    with app.open():
        yield app
