"""State and worker threads: what the simulated tests cannot tell. In real time."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import anyio
import pytest

from .memos import Memo
from .nodes import App, until


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sweeps are frequent: that there is one a second is shown in simulated time."""
    monkeypatch.setattr("nbblocks.core.sweeping.PERIOD", 0.02)


class Slow:
    """A function that gives an initial value when it is let."""

    def __init__(self) -> None:
        self.began, self.go = threading.Event(), threading.Event()

    def __call__(self) -> object:
        self.began.set()
        assert self.go.wait(5)
        return object()


def memo_of(app: App, value: Any = None, **given: Any) -> Memo:
    """A State of the app whose callback notes values alone: there is no loop's clock in a thread."""
    memo = Memo(value, **given)
    if "callback" not in given:
        memo.delete_callback = memo.deleted.append
    app.graph.add_node(memo)
    return memo


async def test_readers_at_one_moment_share_one_call(app: App) -> None:  # ST-23 ST-22
    memo = memo_of(app, slow := Slow())
    seen: list[object] = []
    for node in (app.a, app.b, app.c):
        node.click(seen.append, memo)
    async with app.running():
        app.scheduler.open_session(app.session, None)
        for node in (app.a, app.b, app.c):
            app.press(node)
        await until(slow.began.is_set)
        await anyio.sleep(0.05)
        slow.go.set()
        await app.settle()
    assert len(memo.made) == 1 and seen == memo.made * 3


async def test_other_state_of_the_session_does_not_wait_for_a_slow_function(app: App) -> None:  # ST-23 ST-16
    memo, other = memo_of(app, slow := Slow()), memo_of(app, "other")
    app.a.click(lambda value: value, other, app.b)
    async with app.running():
        app.scheduler.open_session(app.session, None)
        await until(slow.began.is_set)
        await app.pressed()
        assert app.sink.values(app.b) == ["other"] and memo.made == []
        slow.go.set()


async def test_a_function_runs_in_a_worker_thread(app: App) -> None:  # ST-23 EV-70
    memo = memo_of(app, threading.current_thread)
    async with app.running():
        app.scheduler.open_session(app.session, None)
        await until(lambda: memo.made)
    assert memo.made[0] is not threading.main_thread()


async def test_a_write_is_not_undone_by_a_function_that_was_at_work(app: App) -> None:  # ST-36 ST-46
    memo = memo_of(app, slow := Slow())
    app.a.click(lambda: "written", None, memo)
    async with app.running():
        app.scheduler.open_session(app.session, None)
        await until(slow.began.is_set)
        await app.pressed()
        slow.go.set()
        await until(lambda: memo.made)
        assert app.session.state(memo) == "written"
        app.scheduler.close_session(app.session)
    assert memo.deleted == ["written"]


async def test_what_comes_into_being_after_the_close_is_deleted_too(
    app: App,
) -> None:  # ST-46 ST-12
    memo = memo_of(app, slow := Slow())
    async with app.running():
        app.scheduler.open_session(app.session, None)
        await until(slow.began.is_set)
        app.scheduler.close_session(app.session)
        await anyio.sleep(0.05)
        slow.go.set()
        await until(lambda: memo.made)
        await until(lambda: memo.deleted)
        assert app.session.states.peek(memo) is None
    assert memo.deleted == memo.made


@pytest.mark.parametrize("fails", [True, False])
async def test_its_callback_may_be_a_coroutine(
    app: App, fails: bool, caplog: pytest.LogCaptureFixture
) -> None:  # ST-46 ST-48
    ended: list[Any] = []

    async def callback(value: Any) -> None:
        await anyio.sleep(0.01)
        ended.append(value)
        if fails:
            raise asyncio.CancelledError("planned")

    memo = memo_of(app, slow := Slow(), callback=callback)
    async with app.running():
        app.scheduler.open_session(app.session, None)
        await until(slow.began.is_set)
        app.scheduler.close_session(app.session)
        slow.go.set()
        await until(lambda: ended)
    assert ended == memo.made
    assert [str(one.exc_info[1]) for one in caplog.records if one.exc_info] == ["planned"] * fails


async def test_the_callback_is_called_in_a_worker_thread_when_the_value_is_gone(app: App) -> None:  # ST-43
    found: list[Any] = []

    def callback(value: Any) -> None:
        found.append((value, threading.current_thread(), app.session.states.peek(memo)))

    memo = memo_of(app, callback=callback, ttl=0)
    app.a.click(lambda: "value", None, memo)
    async with app.running():
        await app.pressed()
        await until(lambda: found)
        await app.pressed()
        app.scheduler.close_session(app.session)
        await until(lambda: len(found) == 2)
    assert [(value, kept) for value, _, kept in found] == [("value", None)] * 2
    assert all(thread is not threading.main_thread() for _, thread, _ in found)  # where the loop runs


async def test_a_coroutine_callback_is_awaited_on_the_loop(app: App) -> None:  # ST-48
    found: list[Any] = []

    async def callback(value: Any) -> None:
        await anyio.sleep(0.01)
        found.append((value, threading.current_thread()))

    memo = memo_of(app, callback=callback)
    app.a.click(lambda: "value", None, memo)
    async with app.running():
        await app.pressed()
        app.scheduler.close_session(app.session)
    assert found == [("value", threading.main_thread())]


async def test_a_callback_that_was_cancelled_stops_no_other(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:  # ST-48
    async def cancelled(_: Any) -> None:
        raise asyncio.CancelledError("by itself")

    memos = [memo_of(app, callback=cancelled), memo_of(app, callback=cancelled), memo_of(app)]
    app.a.click(lambda: (1, 2, 3), None, memos)
    async with app.running():
        await app.pressed()
        app.scheduler.close_session(app.session)
    assert memos[2].deleted == [3]
    assert [str(one.exc_info[1]) for one in caplog.records if one.exc_info] == ["by itself"] * 2


async def test_a_slow_callback_holds_up_neither_handlers_nor_other_deletions(app: App) -> None:  # ST-16 ST-43
    go = threading.Event()
    slow, quick = memo_of(app, callback=lambda _: go.wait(5)), memo_of(app)
    other = app.session_of()
    app.a.click(lambda: ("value", "value"), None, [slow, app.b])
    app.c.click(lambda: "value", None, quick)
    async with app.running():
        await app.pressed()
        app.scheduler.close_session(app.session)
        app.press(app.c, other)
        await app.settle(other)
        app.scheduler.close_session(other)
        await until(lambda: quick.deleted)
        go.set()


async def test_closing_twice_and_from_sweeps_calls_once(app: App) -> None:  # ST-46
    app.graph.settings.session_grace = 0
    memo = memo_of(app, ttl=0)
    app.a.click(lambda: "value", None, memo)
    async with app.running():
        app.scheduler.open_session(app.session, None)
        await app.pressed()
        app.session.watched = False
        for _ in range(3):
            app.scheduler.close_session(app.session)
        await until(lambda: app.session.closed and memo.deleted)
    assert memo.deleted == ["value"]
