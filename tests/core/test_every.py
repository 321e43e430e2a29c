"""Runs that repeat: ``every`` seconds, or with a timer. Time is simulated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import anyio
import pytest

from .nodes import App, Clock, quiet


@pytest.fixture
def anyio_backend(simulated: Any) -> Any:
    return simulated


class Times:
    """A handler that notes when it is called, in seconds since the test began, and takes its time."""

    def __init__(self, takes: float = 0, result: Callable[[], Any] = lambda: None) -> None:
        self.takes, self.result = takes, result
        self.began: float | None = None
        self.calls: list[float] = []

    async def __call__(self, *args: Any) -> Any:
        if self.began is None:
            self.began = anyio.current_time()
        self.calls.append(anyio.current_time() - self.began)
        await anyio.sleep(self.takes)
        return self.result()


async def test_the_pause_is_measured_from_the_end_of_a_call(timed: App) -> None:  # EV-192
    times = Times(takes=3)
    dependency = timed.a.click(times, every=10)
    async with timed.running():
        timed.press()
        await anyio.sleep(30)
        timed.cancel(dependency)
    assert times.calls == [0, 13, 26]


@pytest.mark.parametrize("kind", ["plain", "coroutine", "generator", "async generator"])
async def test_it_is_one_run_shown_as_generating_between_the_calls(timed: App, kind: str) -> None:  # EV-192
    def plain() -> int:
        return 1

    async def coroutine() -> int:
        return 1

    def generator() -> Iterator[int]:
        yield 1
        yield 2

    async def async_generator() -> AsyncIterator[int]:
        yield 1
        yield 2

    fn = {"plain": plain, "coroutine": coroutine, "generator": generator}.get(kind, async_generator)
    dependency = timed.a.click(fn, None, timed.b, every=1)
    async with timed.running():
        timed.press()
        await anyio.sleep(2.5)
        (run,) = timed.session.runs([dependency.listener])
        timed.press()
        assert timed.session.runs() == [run]
        assert timed.stages(dependency)[-1] == "generating"
        timed.cancel(dependency)
        assert not timed.session.pending
        await anyio.sleep(10)
    steps = 2 if "generator" in kind else 1
    assert timed.sink.values(timed.b) == [1, 2][:steps] * 3
    assert timed.stages(dependency) == ["pending", "pending", *["generating"] * 3 * steps, "complete"]
    assert {record.run for record in timed.records(dependency)} == {run.id}


@pytest.mark.parametrize("end", ["cancelled", "session", "error"])
async def test_it_repeats_until(timed: App, end: str) -> None:  # EV-192 EV-193
    times = Times(result=lambda: 1 / (len(times.calls) - 3) if end == "error" else None)
    dependency = timed.a.click(times, None, timed.b, every=10)
    async with timed.running():
        timed.press()
        await anyio.sleep(25)
        if end == "cancelled":
            timed.cancel(dependency)
        elif end == "session":
            timed.scheduler.close_session(timed.session)
        assert not timed.session.pending
        await quiet()
        assert timed.scheduler.queue.tasks is not None
        await anyio.sleep(100)
    assert times.calls == [0, 10, 20]
    assert timed.stages(dependency)[-1] == ("error" if end == "error" else "complete")


async def test_each_repetition_gathers_the_inputs_anew(timed: App) -> None:  # EV-193
    seen: list[Any] = []
    dependency = timed.a.click(seen.append, timed.b, every=1)
    async with timed.running():
        timed.press()
        await anyio.sleep(0.5)
        for value in range(3):
            timed.session.set_value(timed.b, value)
            await anyio.sleep(1)
        timed.cancel(dependency)
    assert seen == [None, 0, 1, 2]


async def test_values_are_gathered_when_the_pause_is_over(timed: App) -> None:  # EV-193 ST-10
    seen: list[Any] = []
    dependency = timed.a.click(seen.append, timed.b, every=1)
    async with timed.running():
        timed.press()
        await anyio.sleep(0.5)
        timed.session.watched = False
        await anyio.sleep(10)
        timed.session.set_value(timed.b, "newer")
        timed.session.watched = True
        await anyio.sleep(0.5)
        timed.cancel(dependency)
    assert seen == [None, "newer"]


async def test_changes_come_with_each_repetition_and_chains_with_the_end(timed: App) -> None:  # EV-192 EV-129
    seen: list[Any] = []
    numbers = iter(range(10))
    dependency = timed.a.click(lambda: next(numbers), None, timed.b, every=1)
    timed.b.change(seen.append, timed.b)
    dependency.then(lambda: seen.append("then"))
    dependency.failure(lambda: seen.append("failure"))
    async with timed.running():
        timed.press()
        await anyio.sleep(2.5)
        assert seen == [0, 1, 2]
        timed.cancel(dependency)
        await timed.settle()
    assert sorted(map(str, seen[3:])) == ["failure", "then"]


async def test_it_holds_a_place_in_its_group_all_the_while(timed: App) -> None:  # EV-192 EV-194
    times, others = Times(), Times()
    first = timed.a.click(times, every=1, concurrency_id="g")
    timed.b.click(others, concurrency_id="g", concurrency_limit=1)
    async with timed.running():
        timed.press(timed.a)
        await anyio.sleep(2.5)
        timed.press(timed.b)
        await anyio.sleep(2)
        assert others.calls == []
        timed.cancel(first)
        await timed.settle()
    assert others.calls == [0]


async def test_repetitions_pause_while_nobody_looks(timed: App) -> None:  # ST-10
    times = Times()
    dependency = timed.a.click(times, every=10)
    async with timed.running():
        timed.press()
        await anyio.sleep(15)
        timed.session.watched = False
        await anyio.sleep(100)
        assert times.calls == [0, 10] and timed.session.pending
        timed.session.watched = True
        await anyio.sleep(15)
        timed.cancel(dependency)
    assert times.calls == [0, 10, 115, 125]


@pytest.mark.parametrize("end", ["cancelled", "session"])
async def test_a_pause_ends_with_the_run(timed: App, end: str) -> None:  # EV-192 EV-273
    times = Times()
    dependency = timed.a.click(times, every=10)
    timed.session.watched = False
    async with timed.running():
        timed.press()
        await anyio.sleep(15)
        if end == "cancelled":
            timed.cancel(dependency)
        else:
            timed.scheduler.close_session(timed.session)
        await quiet()
        timed.session.watched = True
        await anyio.sleep(15)
    assert times.calls == [] and timed.stages(dependency)[-1] == "complete"


# -- with a timer


def clock_of(app: App, seconds: float | None, **given: Any) -> Clock:
    """A timer that stands in the app."""
    clock = Clock(7, seconds, **given)
    app.graph.add_node(clock)
    return clock


async def test_repetitions_wait_for_the_next_tick_of_a_timer(timed: App) -> None:  # EV-195
    times = Times(takes=4)
    clock = clock_of(timed, 3)
    dependency = timed.a.click(times, every=clock)
    async with timed.running():
        timed.scheduler.open_session(timed.session, None)
        await anyio.sleep(1)
        timed.press()
        await anyio.sleep(20)
        timed.cancel(dependency)
        timed.scheduler.close_session(timed.session)
    assert times.calls == [0, 5, 11, 17]  # ticks are at 3, 6, 9, ... and the first call at 1


async def test_no_repetition_comes_while_the_timer_stands_still(timed: App) -> None:  # EV-195 EV-200
    times = Times()
    clock = clock_of(timed, None)
    dependency = timed.a.click(times, every=clock)
    timed.b.click(lambda: 5, None, clock)
    async with timed.running():
        timed.press()
        await anyio.sleep(100)
        assert times.calls == [0] and timed.session.pending
        timed.press(timed.b)
        await anyio.sleep(12)
        timed.cancel(dependency)
        timed.scheduler.close_session(timed.session)
    assert times.calls == [0, 105, 110]


@pytest.mark.parametrize("end", ["cancelled", "session", "error"])
async def test_repetitions_of_a_timer_end_likewise(timed: App, end: str) -> None:  # EV-195 EV-192
    times = Times(result=lambda: 1 / (len(times.calls) - 2) if end == "error" else None)
    dependency = timed.a.click(times, None, timed.b, every=clock_of(timed, 5))
    async with timed.running():
        timed.press()
        await anyio.sleep(7)
        if end == "cancelled":
            timed.cancel(dependency)
        elif end == "session":
            timed.scheduler.close_session(timed.session)
        await anyio.sleep(50)
        timed.scheduler.close_session(timed.session)
    assert times.calls == [0, 5]
    assert timed.stages(dependency)[-1] == ("error" if end == "error" else "complete")
