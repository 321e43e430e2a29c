"""An app that grows while its events are dispatched."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from nbblocks.core.events import Trigger
from nbblocks.core.graph import Graph, building
from nbblocks.core.listeners import Listener

from .nodes import App, Box, until


@pytest.fixture(autouse=True)
def _often() -> Iterator[None]:
    """Let threads take turns as often as can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    yield
    sys.setswitchinterval(before)


class Builder:
    """A thread that adds blocks and listeners without pause, and takes some out again."""

    def __init__(self, graph: Graph) -> None:
        self._graph, self._stop = graph, threading.Event()
        self._thread = threading.Thread(target=self._build)
        self.failed: list[BaseException] = []
        self.built = 0

    def __enter__(self) -> Builder:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _build(self) -> None:
        building.set(self._graph)
        try:
            while not self._stop.is_set():
                box = Box(1000 + self.built)
                self._graph.add_node(box)
                dependency = box.click(
                    lambda given: given, box, box, api_name="same" if self.built % 9 else None
                )
                if self.built % 3 == 0:
                    self._graph.remove(dependency.listener)
                    self._graph.remove_node(box)
                if self.built % 50 == 0:
                    self._graph.settle()
                self.built += 1
                if self.built > 1000:
                    return
        except BaseException as error:  # noqa: BLE001 - the test tells
            self.failed.append(error)


async def test_no_click_is_lost_while_the_app_grows(app: App) -> None:  # TR-16
    seen: list[int] = []
    app.a.click(seen.append, app.b, None, trigger_mode="multiple", concurrency_limit=None)
    app.a.click(lambda: len(seen), None, app.state, trigger_mode="multiple")
    clicks = 0
    async with app.running():
        with Builder(app.graph) as builder:
            await until(lambda: builder.built > 5 or builder.failed)
            for _ in range(50):
                app.press()
                clicks += 1
                app.scheduler.start_timers(app.session)
                assert app.graph.is_input(app.b) and app.graph.is_output(app.state)
                assert app.state in app.graph.stateful
                await anyio.lowlevel.checkpoint()
        await app.settle()
    assert not builder.failed and len(seen) == clicks


async def test_a_listener_that_was_added_meanwhile_is_never_missed(app: App) -> None:  # TR-16
    called: list[int] = []
    async with app.running():
        with Builder(app.graph) as builder:
            for number in range(100):
                box = Box(100 + number)
                app.graph.add_node(box)
                box.click(lambda number=number: called.append(number), queue=False)
                app.press(box)
                app.graph.triggered_by(app.a, "click")
        await app.settle()
    assert not builder.failed and sorted(called) == list(range(100))


def test_an_app_that_grows_is_not_gone_through_for_each_event(app: App) -> None:  # TR-16
    for number in range(50):
        app.a.click(lambda: None, None, app.b, api_name=f"n{number}")
    app.graph.triggered_by(app.a, "click")
    looked = 0

    class Watched(Listener):
        @property
        def triggers(self) -> Any:
            nonlocal looked
            looked += 1
            return (Trigger(app.c, "click"),)

        @triggers.setter
        def triggers(self, given: Any) -> None:
            pass

    first = next(iter(app.graph.listeners.values()))
    first.__class__ = Watched
    for _ in range(20):
        app.b.click(lambda: None, None, app.c)
        assert app.graph.triggered_by(app.a, "click")
    assert looked == 0


def test_who_goes_through_an_app_has_it_as_it_was(app: App) -> None:  # TR-16
    app.a.click(lambda: None, None, app.b)
    nodes, listeners = app.graph.nodes, app.graph.listeners
    for held in (nodes, listeners, app.graph.dependencies):
        for number in held:
            box = Box(2000 + number + len(app.graph.nodes))
            app.graph.add_node(box)
            listener = box.click(lambda: None).listener
            app.graph.remove(listener)
            app.graph.remove_node(box)
    assert app.graph.nodes.keys() == nodes.keys()
