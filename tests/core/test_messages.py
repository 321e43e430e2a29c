"""Toasts that a handler shows while it goes on."""

from __future__ import annotations

import contextvars
import inspect
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from nbblocks.core.toasts import info, success, warning

from .nodes import App, Gate, until

LEVELS = {"info": info, "success": success, "warning": warning}
every_level = pytest.mark.parametrize("level", LEVELS)


@every_level
def test_they_have_gradios_parameters(level: str) -> None:  # EV-293
    parameters = inspect.signature(LEVELS[level]).parameters
    assert list(parameters) == ["message", "duration", "visible", "title"]
    assert [parameters[name].default for name in ("duration", "visible", "title")] == [
        *(10, True, level.capitalize())
    ]


@every_level
async def test_a_toast_is_shown_at_once_and_the_function_goes_on(app: App, level: str) -> None:  # EV-293
    gate = Gate("done")

    def handler() -> str:
        LEVELS[level]("note this", duration=3, title="T")
        return gate()

    dependency = app.a.click(handler, None, app.b)
    other = app.session_of()
    async with app.running():
        app.press()
        await until(lambda: app.sink.messages)
        assert app.session.pending
        gate.open.set()
        await app.settle()
    (toast,) = app.sink.messages
    assert (toast.level, toast.message, toast.duration, toast.title) == (level, "note this", 3, "T")
    assert toast.visible and toast.listener == dependency.listener.id
    assert app.sink.values(app.b) == ["done"] and not other.sink.messages  # type: ignore[attr-defined]


@every_level
@pytest.mark.parametrize("duration", [None, 0])
async def test_a_toast_may_stay_or_be_unseen(app: App, level: str, duration: Any) -> None:  # EV-293
    app.a.click(lambda: LEVELS[level](1, duration=duration, visible=False))
    async with app.running():
        await app.pressed()
    (toast,) = app.sink.messages
    assert (toast.message, toast.duration, toast.visible, toast.title) == (
        "1",
        None,
        False,
        level.capitalize(),
    )


@pytest.mark.parametrize("kind", ["coroutine", "generator", "async generator", "thread"])
async def test_handlers_of_all_kinds_may_show_them(app: App, kind: str) -> None:  # EV-293 EV-73
    async def coroutine() -> None:
        info("here")

    def generator() -> Iterator[int]:
        info("here")
        yield 1

    async def async_generator() -> AsyncIterator[int]:
        info("here")
        yield 1

    def thread() -> None:
        copied = contextvars.copy_context()
        helper = threading.Thread(target=copied.run, args=(info, "here"))
        helper.start()
        helper.join()

    kinds: dict[str, Callable[..., Any]] = {"coroutine": coroutine, "generator": generator, "thread": thread}
    fn = kinds.get(kind, async_generator)
    app.a.click(fn, None, app.b if "generator" in kind else None)
    async with app.running():
        await app.pressed()
    assert [toast.message for toast in app.sink.messages] == ["here"]


@every_level
async def test_raising_one_is_a_type_error(app: App, level: str) -> None:  # EV-293
    app.graph.settings.show_error = True

    def handler() -> None:
        raise LEVELS[level]("raised")  # type: ignore[misc]

    dependency = app.a.click(handler)
    async with app.running():
        await app.pressed()
    assert "exceptions must derive from BaseException" in app.error(dependency)


@pytest.mark.parametrize("level", ["info", "success"])
def test_outside_a_run_a_message_is_printed(level: str, capsys: pytest.CaptureFixture[str]) -> None:  # EV-294
    LEVELS[level]("hello", title="T")
    assert capsys.readouterr().out == "hello\n"


def test_outside_a_run_a_warning_is_one() -> None:  # EV-294
    with pytest.warns(UserWarning, match="take care") as caught:
        warning("take care")
    assert caught[0].filename == __file__
