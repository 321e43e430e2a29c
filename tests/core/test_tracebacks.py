"""What an exception holds that a handler has raised: its lines, and nothing of what ran."""

from __future__ import annotations

import asyncio
import gc
import traceback
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from types import TracebackType
from typing import Any

import anyio.lowlevel
import pytest

from nbblocks.core import tracebacks
from nbblocks.core.runs import Run
from nbblocks.core.sessions import Session
from nbblocks.core.tracebacks import BaseExceptionGroup as Several
from nbblocks.core.tracebacks import detach

from .nodes import App, Screen, until

SHARED = ValueError("the same one each time")


def lines(error: BaseException) -> list[str]:
    """The functions that its traceback names."""
    return [one.name for one in traceback.extract_tb(error.__traceback__)]


def deep(error: BaseException) -> Any:
    """Raise it a little deeper."""
    raise error


def from_another(error: BaseException) -> Any:
    """Raise it while another one is handled."""
    try:
        deep(KeyError("before"))
    except KeyError:
        deep(error)


def in_a_group(error: BaseException) -> Any:
    """Raise it among others."""
    raise Several("several", [error, ValueError("other")])


def kept(error: BaseException) -> None:
    """Raise it, catch it, and go on."""
    try:
        deep(error)
    except BaseException:  # noqa: BLE001
        return


def in_kind(kind: str, act: Callable[[], Any]) -> Callable[..., Any]:
    """A handler of that kind that does ``act``."""

    def plain() -> Any:
        return act()

    async def coroutine() -> Any:
        await anyio.lowlevel.checkpoint()
        return act()

    def generator() -> Iterator[Any]:
        yield 1
        yield act()

    async def async_generator() -> AsyncIterator[Any]:
        yield 1
        yield act()

    return {"plain": plain, "coroutine": coroutine, "generator": generator}.get(kind, async_generator)


every_kind = pytest.mark.parametrize("kind", ["plain", "coroutine", "generator", "async generator"])
every_way = pytest.mark.parametrize("way", [deep, from_another, in_a_group, kept])


async def press_in_a_new_session(app: App) -> tuple[weakref.ref[Session], weakref.ref[Run]]:
    """Run the listeners of ``a`` in a session that is closed then."""
    session = Session(Screen())
    app.press(session=session)
    run = weakref.ref(session.runs()[0])
    await app.settle(session)
    app.scheduler.close_session(session)
    return weakref.ref(session), run


@every_kind
@every_way
async def test_an_exception_that_is_kept_keeps_no_session(
    app: App, kind: str, way: Callable[[BaseException], Any]
) -> None:  # TR-10
    errors = [ValueError("kept"), SystemExit("kept"), asyncio.CancelledError("kept")]
    left = iter(errors)
    app.a.click(in_kind(kind, lambda: way(next(left))), None, app.b)
    async with app.running():
        gone = [ref for _ in errors for ref in await press_in_a_new_session(app)]

        def all_gone() -> bool:
            gc.collect()
            return not any(ref() for ref in gone)

        await until(all_gone)
    assert way is in_a_group or all(one.__traceback__ is not None for one in errors)


@every_kind
@pytest.mark.parametrize("way", [deep, from_another, in_a_group])
async def test_one_that_is_raised_again_and_again_does_not_grow(
    app: App, kind: str, way: Callable[[BaseException], Any]
) -> None:  # TR-10
    app.a.click(in_kind(kind, lambda: way(SHARED)), None, app.b)
    async with app.running():
        await app.pressed()
        first = lines(SHARED)
        for _ in range(10):
            await app.pressed()
    assert lines(SHARED) == first
    assert len(traceback.format_exception(SHARED)) < 30


async def test_it_still_tells_where_it_was_raised(app: App) -> None:
    dependency = app.a.click(lambda: from_another(RuntimeError("told")), None, app.b)
    runs: list[Run] = []
    async with app.running():
        app.press()
        runs += app.session.runs([dependency.listener])
        await app.settle()
    error = runs[0].error
    assert error is not None and lines(error) == ["<lambda>", "from_another", "deep"]
    assert error.__context__ is not None and lines(error.__context__) == ["from_another", "deep"]
    assert "raise error" in "".join(traceback.format_exception(error))
    assert all(tb.tb_frame.f_back is None for tb in chain(error))


def chain(error: BaseException) -> Iterator[TracebackType]:
    """The entries of its traceback."""
    tb = error.__traceback__
    while tb is not None:
        yield tb
        tb = tb.tb_next


def test_classes_with_attributes_of_their_own_are_detached_too() -> None:
    class Odd(Exception):
        @property
        def __traceback__(self) -> Any:  # type: ignore[override]
            raise RuntimeError("no traceback")

        def __setattr__(self, name: str, value: Any) -> None:
            raise RuntimeError("read-only")

    error = Odd()
    try:
        raise error
    except Odd:
        detach(error)
    a, b = ValueError(), KeyError()
    a.__cause__, b.__cause__ = b, a
    detach(a)


def test_a_traceback_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    def call(left: int) -> None:
        if left:
            call(left - 1)
        deep(SHARED)

    monkeypatch.setattr(tracebacks, "MOST", 10)
    with pytest.raises(ValueError, match="the same"):
        call(50)
    detach(SHARED)
    told = lines(SHARED)
    assert len(told) == 10 and (told[0], told[-1]) == ("test_a_traceback_without_end_is_cut", "deep")
