"""What handlers may not share with threads is told with what to do (TR-68)."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import traceback
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from nbblocks.core.hints import annotate

from .nodes import App


def notes_of(error: BaseException | None) -> list[str]:
    return list(getattr(error, "__notes__", []))


async def told(app: App, handler: Any, caplog: pytest.LogCaptureFixture) -> str:
    """What the log says of the error that a handler raises."""
    app.a.click(handler)
    async with app.running():
        await app.pressed()
    error = next(record.exc_info[1] for record in caplog.records if record.exc_info)
    assert error is not None
    return "\n".join(notes_of(error) + notes_of(error.__cause__) + notes_of(error.__context__))


async def test_a_connection_that_a_cell_has_made(app: App, caplog: pytest.LogCaptureFixture) -> None:  # TR-68
    connection = sqlite3.connect(":memory:")
    text = await told(app, lambda: connection.execute("select 1"), caplog)
    assert "check_same_thread=False" in text and "in the handler" in text
    connection.close()


async def test_one_that_some_library_has_wrapped(app: App, caplog: pytest.LogCaptureFixture) -> None:  # TR-68
    connection = sqlite3.connect(":memory:")

    def handler() -> None:
        try:
            connection.execute("select 1")
        except sqlite3.Error as error:
            raise LookupError("no rows") from error

    assert "check_same_thread=False" in await told(app, handler, caplog)
    connection.close()


@pytest.mark.parametrize(
    "act", [asyncio.get_running_loop, lambda: asyncio.ensure_future(asyncio.sleep(0)), asyncio.get_event_loop]
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::DeprecationWarning")
async def test_a_loop_that_is_not_there(
    app: App, act: Any, caplog: pytest.LogCaptureFixture
) -> None:  # TR-68
    def handler() -> None:
        act()

    assert "run_coroutine_threadsafe" in await told(app, handler, caplog)


async def test_what_belongs_to_another_loop(app: App, caplog: pytest.LogCaptureFixture) -> None:  # TR-68
    loop = asyncio.new_event_loop()
    future = loop.create_future()

    async def handler() -> None:
        await anyio.lowlevel.checkpoint()
        await future

    if asyncio.get_running_loop():
        assert "in the handler itself" in await told(app, handler, caplog)
    loop.close()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("main thread is not in main loop", "windows belong to the main thread"),
        ("Calling Tcl from different apartment", "windows belong to the main thread"),
        ("Starting a Matplotlib GUI outside of the main thread will likely fail.", "agg"),
        ("QObject::setParent: Cannot set parent, new parent is in a different thread", "windows belong"),
        ("NSWindow should only be instantiated on the main thread!", "windows belong"),
        ("asyncio.run() cannot be called from a running event loop", "event loop"),
        ("<asyncio.locks.Lock object> is bound to a different event loop", "event loop"),
        ("cannot switch to a different thread", "worker threads"),
    ],
)
def test_windows_and_all_else_of_threads(text: str, hint: str) -> None:  # TR-68
    error = RuntimeError(text)
    annotate(error)
    annotate(error)
    (note,) = notes_of(error)  # once
    assert hint in note
    shown = "".join(traceback.format_exception(error))
    assert hint in shown or not hasattr(error, "add_note")


async def test_signals(app: App, caplog: pytest.LogCaptureFixture) -> None:  # TR-68
    def handler() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    assert "worker threads" in await told(app, handler, caplog)


def test_other_errors_stay_as_they_are() -> None:  # TR-68
    error = ValueError("a thread of the story, and a loop in it")
    annotate(error)
    assert notes_of(error) == []
