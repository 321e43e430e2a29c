"""Stopping what somebody waits for: where its function is interrupted, and where not (TR-64)."""

from __future__ import annotations

import asyncio
import itertools
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import anyio
import pytest

from nbblocks.core import stops
from nbblocks.core.errors import StoppedError
from nbblocks.core.reaches import Reach
from nbblocks.core.runs import Run

from .nodes import App, Gate, until


class Busy:
    """Functions of each kind that never end by themselves, and note what becomes of them."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.ends: list[str] = []

    def spin(self) -> None:
        self.begun.set()
        try:
            for _ in itertools.count():
                time.sleep(0.001)
        except StoppedError:
            self.ends.append("interrupted")
            raise
        finally:
            self.ends.append("cleared")

    def plain(self) -> str:
        self.spin()
        return "never"

    def generator(self) -> Iterator[str]:
        yield "first"
        self.spin()

    async def coroutine(self) -> str:
        self.begun.set()
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            self.ends.append("interrupted")
            raise
        finally:
            self.ends.append("cleared")
        return "never"

    async def async_generator(self) -> AsyncIterator[str]:
        yield "first"
        await self.coroutine()

    def batch(self, values: list[Any]) -> list[Any]:
        self.spin()
        return values


@pytest.fixture
def busy() -> Busy:
    return Busy()


def run_of(app: App) -> Run:
    (run,) = app.session.runs()
    return run


def free(app: App) -> bool:
    """Whether no function is at work."""
    return not app.scheduler.stops.going


@pytest.mark.parametrize("kind", ["plain", "generator", "coroutine", "async_generator"])
async def test_a_stopped_function_is_interrupted_and_its_slot_is_free(
    app: App, busy: Busy, kind: str
) -> None:  # TR-64
    dependency = app.a.click(getattr(busy, kind), None, app.b)
    follows: list[str] = []
    dependency.then(lambda: follows.append("then"))
    dependency.success(lambda: follows.append("success"))
    app.c.click(lambda: "well", None, app.c)
    async with app.running():
        app.press()
        await until(busy.begun.is_set)
        app.scheduler.interrupt(run_of(app))
        record = app.records(dependency)[-1]
        assert record.stage != "complete" and record.stopping is True
        await until(lambda: free(app) and not app.session.pending)
        await app.pressed(app.c)
    assert busy.ends == ["interrupted", "cleared"] and follows == ["then"]
    assert app.stages(dependency)[-1] == "complete" and app.sink.messages == []
    assert "never" not in app.sink.values(app.b) and app.sink.values(app.c) == ["well"]


async def test_a_waiting_run_that_is_stopped_never_begins(app: App) -> None:  # TR-64
    gate = Gate()
    app.a.click(gate, None, app.b, trigger_mode="multiple")
    async with app.running():
        app.press()
        app.press()
        await until(lambda: gate.inside)
        app.scheduler.interrupt(app.session.runs()[1])
        assert len(app.session.runs()) == 1
        gate.open.set()
        await app.settle()
    assert gate.calls == 1


async def test_the_next_run_on_the_thread_is_not_hit(app: App) -> None:  # TR-64
    """Stops come at any time: before, in and after the function, and the thread goes on with others."""
    ended: list[int] = []

    def short() -> None:
        for _ in range(200):
            pass

    def other() -> None:
        for _ in range(2000):
            pass
        ended.append(1)

    app.graph.settings.max_threads = 1
    app.a.click(short, None, app.b, trigger_mode="multiple", concurrency_limit=None)
    kept = app.c.click(other, None, app.d, trigger_mode="multiple", concurrency_limit=None)
    async with app.running():
        for _ in range(300):
            app.press()
            app.press(app.c)
            first = app.session.runs()[0]
            await anyio.lowlevel.checkpoint()
            app.scheduler.interrupt(first)
            await app.settle()
            await until(lambda: free(app))
    assert len(ended) == 300 and app.stages(kept).count("complete") == 300 and app.sink.messages == []


async def test_code_of_the_library_is_not_torn_apart(app: App) -> None:  # TR-64
    """What the function calls of ours goes on to its end, and the function is interrupted then."""
    begun, go = threading.Event(), threading.Event()
    seen: list[str] = []

    def slow(value: Any) -> Any:
        begun.set()
        while not go.wait(0.001):
            pass
        seen.append("whole")
        return value

    slow.__code__ = slow.__code__.replace(co_filename=stops.__file__)

    def handler() -> None:
        slow(1)
        while True:
            time.sleep(0.001)

    app.a.click(handler)
    async with app.running():
        app.press()
        await until(begun.is_set)
        app.scheduler.interrupt(run_of(app))
        await anyio.sleep(0.05)
        assert seen == []
        go.set()
        await until(lambda: free(app))
    assert seen == ["whole"]


async def test_a_batch_is_interrupted_when_nobody_waits_for_it(app: App, busy: Busy) -> None:  # TR-64
    gate = Gate()
    app.c.click(gate, None, app.d, concurrency_id="one")
    dependency = app.a.click(
        busy.batch, app.a, app.b, batch=True, max_batch_size=2, trigger_mode="multiple", concurrency_id="one"
    )
    async with app.running():
        app.press(app.c)
        await until(lambda: gate.inside)
        app.press()
        app.press()
        gate.open.set()
        await until(lambda: len(app.scheduler.stops.going) == 2 and busy.begun.is_set())
        one, two = app.session.runs()
        app.scheduler.interrupt(one)
        await anyio.sleep(0.05)
        assert busy.ends == []
        app.scheduler.interrupt(two)
        await until(lambda: free(app))
    assert busy.ends == ["interrupted", "cleared"] and app.stages(dependency).count("complete") == 2


async def test_a_call_that_the_function_waits_for_is_stopped_with_it(app: App) -> None:  # TR-64
    gate = Gate()
    app.a.click(gate, None, app.b, concurrency_limit=None)
    app.c.click(gate, None, app.d, concurrency_limit=None)
    async with app.running():
        app.press()
        app.press(app.c)
        await until(lambda: gate.inside == 2)
        outer, inner = app.session.runs()
        outer.waits_for = inner
        app.scheduler.interrupt(outer)
        assert outer.cancelled and inner.cancelled
        gate.open.set()
        await app.settle()


async def test_what_cannot_be_stopped_is_told_of(app: App, monkeypatch: pytest.MonkeyPatch) -> None:  # TR-64
    monkeypatch.setattr(stops, "STUCK", 0.01)
    go, begun = threading.Event(), threading.Event()

    def in_c() -> str:
        begun.set()
        go.wait(20)
        return "late"

    dependency = app.a.click(in_c, None, app.b)
    async with app.running():
        app.press()
        await until(begun.is_set)
        app.scheduler.interrupt(run_of(app))
        await until(lambda: bool(app.sink.messages))
        assert app.records(dependency)[-1].stopping is True
        await anyio.sleep(0.1)
        go.set()
        await app.settle()
    (told,) = app.sink.messages
    assert told.level == "warning" and told.duration is None
    for part in ("in_c", "since", "go.wait(20)", "restart"):
        assert part in told.message
    assert app.sink.values(app.b) == []


async def test_what_a_listener_has_cancelled_is_told_of_when_somebody_waits(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:  # TR-64
    monkeypatch.setattr(stops, "STUCK", 0.01)
    gate = Gate()
    first = app.a.click(gate, None, app.b)
    app.c.click(None, cancels=[first])
    async with app.running():
        app.press()
        await until(lambda: gate.inside)
        app.press(app.c)
        await anyio.sleep(0.05)
        assert app.sink.messages == []
        app.press()
        await until(lambda: bool(app.sink.messages))
        gate.open.set()
        await app.settle()
    assert len(app.sink.messages) == 1


async def test_all_that_goes_on_is_stopped_at_once(app: App, busy: Busy) -> None:  # TR-64
    app.a.click(busy.plain, None, app.b)
    app.c.click(busy.coroutine, None, app.b, concurrency_limit=None)
    async with app.running():
        app.press()
        app.press(app.c)
        await until(lambda: len(app.scheduler.stops.going) == 2 and busy.begun.is_set())
        app.scheduler.stops.interrupt_all()
        await until(lambda: free(app))
        await app.settle()


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns as often as can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
def test_a_function_that_has_ended_is_not_hit() -> None:  # TR-64
    """Struck from another thread while calls of it begin and end, thousands of times."""
    reach, done = Reach(), threading.Event()
    hits, outside = 0, 0

    def strike() -> None:
        while not done.is_set():
            if reach.at_work:
                reach._wanted = True  # as `strike` does, without a thread for what is in code of ours
                reach._strike()

    def busy() -> None:
        for _ in range(2000):
            pass

    thread = threading.Thread(target=strike)
    thread.start()
    try:
        for _ in range(1000):
            try:
                reach.call(busy)
            except StoppedError:
                hits += 1
            reach.take()
            for _ in range(2000):  # nothing is ever raised here
                outside += 1
    finally:
        done.set()
        thread.join()
    assert hits and outside == 1000 * 2000
