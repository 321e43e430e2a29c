"""load and unload: what happens when a session opens and when it closes."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from nbblocks.core.context import current_run
from nbblocks.core.requests import Request

from .nodes import App, Gate, JsPage, until


async def test_load_listeners_are_dispatched_in_order_when_a_session_opens(app: App) -> None:  # EV-190
    app.owner.load(lambda: "first", None, app.b)
    app.owner.load(lambda: "second", None, app.c)
    app.a.click(lambda: "not this", None, app.d)
    other = app.session_of()
    async with app.running():
        assert not app.session.opened
        app.scheduler.open_session(app.session, None)
        assert app.session.opened and app.order == [0, 1]
        await app.settle()
        app.scheduler.open_session(other, None)
        await app.settle(other)
    assert app.sink.values(app.b) == ["first"] and app.sink.values(app.c) == ["second"]
    assert app.sink.values(app.d) == []
    assert other.sink.values(app.b) == ["first"]  # type: ignore[attr-defined]


async def test_load_listeners_may_have_begun_their_js(app: App) -> None:  # EV-190 EV-150
    app.session.page = page = JsPage()
    first = app.owner.load(lambda x: x, app.a, app.b, js="() => 1")
    async with app.running():
        app.scheduler.open_session(app.session, "here", {first["id"]: {"ticket": "t"}})
        assert page.begun == [{"ticket": "t"}] and page.asked[0].cause.origin == "here"
        app.scheduler.js_ended(page.asked[0], [1])
        await app.settle()
    assert app.sink.values(app.b) == [1]


async def test_unload_runs_once_when_a_session_closes(app: App) -> None:  # EV-191 ST-12
    seen: list[Any] = []

    def bye(request: Request) -> None:
        assert threading.current_thread() is not threading.main_thread()
        seen.append(request.session_hash)

    dependency = app.owner.unload(bye)
    other = app.session_of()
    async with app.running():
        app.scheduler.open_session(app.session, None)
        app.press(app.owner, event="load")
        assert not app.session.pending and seen == []
        for _ in range(3):
            app.scheduler.close_session(other)
        await until(lambda: seen)
        app.scheduler.close_session(app.session)
    assert seen == [other.id, app.session.id]
    assert (dependency["inputs"], dependency["outputs"]) == ([], [])
    assert not app.sink.statuses and not other.sink.statuses  # type: ignore[attr-defined]


def test_unload_is_no_endpoint(app: App) -> None:  # EV-191
    assert app.owner.unload(lambda: None, api_name="bye")["api_visibility"] == "private"
    assert app.owner.load(lambda: None)["api_visibility"] == "public"


async def test_unload_may_be_a_coroutine_and_belongs_to_a_run(app: App) -> None:  # EV-191 EV-73
    seen: list[Any] = []

    async def bye(request: Request) -> None:
        await asyncio.sleep(0)
        run = current_run.get()
        seen.append((request.session_hash, run and run.session.id))

    app.owner.unload(bye)
    async with app.running():
        app.scheduler.close_session(app.session)
    assert seen == [(app.session.id,) * 2]


@pytest.mark.parametrize(
    "error", [ValueError, KeyboardInterrupt, SystemExit, asyncio.CancelledError, GeneratorExit, StopIteration]
)
@pytest.mark.parametrize("asynchronous", [False, True])
async def test_errors_of_unload_are_logged_only(
    app: App, error: type[BaseException], asynchronous: bool, caplog: pytest.LogCaptureFixture
) -> None:  # EV-191 EV-297
    seen: list[str] = []

    def fail() -> None:
        raise error("the unload broke")

    async def fail_on_loop() -> None:
        fail()

    app.owner.unload(fail_on_loop if asynchronous else fail)
    app.owner.unload(lambda: seen.append("the next"))
    app.a.click(lambda: seen.append("click"))
    other = app.session_of()
    async with app.running():
        app.scheduler.close_session(other)
        await until(lambda: "the next" in seen)
        await app.pressed()
    assert seen == ["the next", "click"]
    assert "the unload listener" in caplog.text and "the unload broke" in caplog.text
    assert not other.sink.messages  # type: ignore[attr-defined]


async def test_a_closed_session_takes_no_further_runs(app: App) -> None:  # EV-278
    seen: list[int] = []
    app.a.click(lambda: seen.append(1))
    async with app.running():
        app.scheduler.close_session(app.session)
        app.press()
        assert not app.session.pending
    assert seen == []


async def test_unload_does_not_wait_for_what_is_busy(app: App) -> None:  # EV-191 EV-278
    gate = Gate()
    seen: list[str] = []
    app.a.click(gate)
    app.owner.unload(lambda: seen.append("bye"))
    async with app.running():
        app.press()
        await until(lambda: gate.inside)
        app.scheduler.close_session(app.session)
        await until(lambda: seen)
        assert gate.inside == 1
        gate.open.set()
