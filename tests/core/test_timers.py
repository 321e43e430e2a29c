"""Timers: when they tick, and when they stand still. Time is simulated."""

from __future__ import annotations

from typing import Any

import anyio
import pytest

from nbblocks.core.updates import update

from .nodes import App, Clock


@pytest.fixture
def anyio_backend(simulated: Any) -> Any:
    return simulated


class Ticks:
    """A timer in an app, and when it has ticked, in seconds since the first session opened."""

    def __init__(self, app: App, seconds: float | None = 2, **given: Any) -> None:
        self.app = app
        self.clock = Clock(7, seconds, **given)
        app.graph.add_node(self.clock)
        self.dependency = self.clock.tick(self.note)
        self.began = 0.0
        self.times: list[float] = []
        self.takes = 0.0

    async def note(self) -> None:
        self.times.append(anyio.current_time() - self.began)
        await anyio.sleep(self.takes)

    def open(self) -> None:
        """Open the app's session."""
        self.began = anyio.current_time()
        self.app.scheduler.open_session(self.app.session, None)

    def close(self) -> None:
        """Close it."""
        self.app.scheduler.close_session(self.app.session)


@pytest.fixture
def ticks(timed: App) -> Ticks:
    return Ticks(timed)


async def test_it_ticks_every_so_many_seconds_until_the_session_closes(
    timed: App, ticks: Ticks
) -> None:  # EV-200
    async with timed.running():
        await anyio.sleep(10)
        ticks.open()
        await anyio.sleep(7)
        ticks.close()
        await anyio.sleep(100)
    assert ticks.times == [2, 4, 6]


async def test_each_session_has_ticks_of_its_own(timed: App, ticks: Ticks) -> None:  # EV-200
    other = timed.session_of()
    async with timed.running():
        ticks.open()
        await anyio.sleep(1)
        timed.scheduler.open_session(other, None)
        await anyio.sleep(2.5)
        ticks.close()
        await anyio.sleep(2)
        timed.scheduler.close_session(other)
    assert ticks.times == [2, 3, 5]


async def test_a_session_that_nobody_has_opened_has_no_ticks(timed: App, ticks: Ticks) -> None:  # EV-200
    async with timed.running():
        await anyio.sleep(100)
    assert ticks.times == []


async def test_slow_handlers_skip_ticks(timed: App, ticks: Ticks) -> None:  # EV-200
    ticks.takes = 5
    assert (ticks.dependency["trigger_mode"], ticks.dependency["show_progress"]) == ("once", "hidden")
    async with timed.running():
        ticks.open()
        await anyio.sleep(15)
        ticks.close()
    assert ticks.times == [2, 8, 14]


@pytest.mark.parametrize("stop", [update(value=None), None, update(active=False), Clock(99, active=False)])
async def test_value_and_active_can_be_updated(timed: App, ticks: Ticks, stop: Any) -> None:  # EV-200 EV-201
    timed.a.click(lambda: stop, None, ticks.clock)
    timed.b.click(lambda: update(value=5, active=True), None, ticks.clock)
    async with timed.running():
        ticks.open()
        await anyio.sleep(3)
        timed.press(timed.a)
        await anyio.sleep(97)
        assert ticks.times == [2]
        timed.press(timed.b)
        await anyio.sleep(11)
        ticks.close()
    assert ticks.times == [2, 105, 110]


async def test_an_update_is_for_one_session(timed: App, ticks: Ticks) -> None:  # EV-200 EV-51
    timed.a.click(lambda: update(active=False), None, ticks.clock)
    other = timed.session_of()
    async with timed.running():
        ticks.open()
        timed.scheduler.open_session(other, None)
        timed.press(timed.a)
        await anyio.sleep(5)
        ticks.close()
        timed.scheduler.close_session(other)
    assert ticks.times == [2, 4]


@pytest.mark.parametrize("given", [{"seconds": None}, {"active": False}])
async def test_without_an_interval_or_inactive_it_stands_still(
    timed: App, given: Any
) -> None:  # EV-200 EV-201
    ticks = Ticks(timed, **given)
    async with timed.running():
        ticks.open()
        await anyio.sleep(1000)
        ticks.close()
    assert ticks.times == []


async def test_it_stands_still_while_nobody_looks(timed: App, ticks: Ticks) -> None:  # EV-200 ST-10
    async with timed.running():
        ticks.open()
        await anyio.sleep(3)
        timed.session.watched = False
        await anyio.sleep(100)
        timed.session.watched = True
        await anyio.sleep(3)
        timed.session.watched = False
        ticks.close()
        await anyio.sleep(100)
    assert ticks.times == [2, 105]


async def test_its_value_is_the_interval(timed: App, ticks: Ticks) -> None:  # EV-200
    seen: list[Any] = []
    ticks.clock.tick(seen.append, ticks.clock)
    timed.a.click(lambda: 3, None, ticks.clock)
    async with timed.running():
        ticks.open()
        await anyio.sleep(2.5)
        timed.press(timed.a)
        await anyio.sleep(3.5)
        ticks.close()
    assert seen == [2, 3]


async def test_a_listener_of_a_tick_runs_in_its_session(timed: App, ticks: Ticks) -> None:  # EV-200
    ticks.clock.tick(lambda: "tick", None, timed.b)
    async with timed.running():
        ticks.open()
        await anyio.sleep(2.5)
        ticks.close()
    assert timed.sink.values(timed.b) == ["tick"]
