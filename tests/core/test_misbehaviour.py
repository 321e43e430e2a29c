"""Handlers that misbehave: none of them stops the scheduler or other runs."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from nbblocks.core.context import current_run
from nbblocks.core.graph import building
from nbblocks.core.progress import Progress
from nbblocks.core.toasts import info

from .nodes import App, Box, Gate, quiet, until

Handler = Callable[..., Any]
LEAK: contextvars.ContextVar[str] = contextvars.ContextVar("LEAK", default="clean")


def in_kind(kind: str, act: Callable[[], Any]) -> Handler:
    """A handler of that kind that does ``act``."""

    def plain() -> Any:
        return act()

    async def coroutine() -> Any:
        await anyio.lowlevel.checkpoint()
        return act()

    def generator() -> Iterator[Any]:
        yield act()

    async def async_generator() -> AsyncIterator[Any]:
        yield act()

    return {"plain": plain, "coroutine": coroutine, "generator": generator}.get(kind, async_generator)


every_kind = pytest.mark.parametrize("kind", ["plain", "coroutine", "generator", "async generator"])


async def still_works(app: App) -> None:
    """Check that other runs of the app go on as ever."""
    before = len(app.sink.values(app.d))
    await app.pressed(app.c)
    assert app.sink.values(app.d)[before:] == ["well"], "the scheduler takes no runs any more"


@pytest.fixture
def other(app: App) -> None:
    """A listener of ``c`` that behaves."""
    app.c.click(lambda: "well", None, app.d)


# -- what it does


WRONG: list[Any] = [
    object(),
    (1, 2, 3),
    {},
    {"a": 1},
    {1: 2},
    lambda: 1,
    iter([1]),
    Exception,
    contextvars.copy_context(),
    Box,
    ...,
    NotImplemented,
]


@every_kind
@pytest.mark.parametrize("returned", WRONG, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("outputs", [0, 1, 2])
async def test_whatever_it_returns(
    app: App, other: None, kind: str, returned: Any, outputs: int
) -> None:  # EV-290
    dependency = app.a.click(in_kind(kind, lambda: returned), None, [app.a, app.b][:outputs])
    async with app.running():
        await app.pressed()
        assert app.stages(dependency)[-1] == ("complete" if outputs == 1 else "error")
        await still_works(app)


class Hostile:
    """An object on which nothing works."""

    def _no(self, *_: Any) -> Any:
        raise RuntimeError("nothing works on this")

    __eq__ = __ne__ = __repr__ = __str__ = __len__ = __iter__ = __bool__ = __deepcopy__ = __reduce__ = _no
    __hash__ = _no  # type: ignore[assignment]

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("nothing works on this")


@every_kind
@pytest.mark.parametrize("outputs", [1, 2])
async def test_an_object_on_which_nothing_works(
    app: App, other: None, kind: str, outputs: int
) -> None:  # EV-290
    app.a.click(in_kind(kind, Hostile), None, [app.a, app.b][:outputs])
    app.b.click(in_kind(kind, Hostile), None, app.state)
    app.state.change(lambda: 1, None, app.b)
    async with app.running():
        for _ in range(2):
            await app.pressed(app.a)
            await app.pressed(app.b)
        await still_works(app)


@every_kind
async def test_it_never_ends_until_it_is_released(app: App, other: None, kind: str) -> None:  # EV-290
    gate = Gate()
    released = anyio.Event()

    async def wait() -> None:
        await released.wait()

    async def wait_in_steps() -> AsyncIterator[None]:
        yield await released.wait()

    slow: Handler = {"coroutine": wait, "async generator": wait_in_steps}.get(kind, in_kind(kind, gate))
    dependency = app.a.click(slow, None, app.b, trigger_mode="multiple")
    async with app.running():
        for _ in range(3):
            app.press()
        await quiet()
        for _ in range(3):
            before = len(app.sink.values(app.d))
            app.press(app.c)
            await until(lambda: len(app.sink.values(app.d)) > before)  # noqa: B023
        assert len(app.session.runs([dependency.listener])) == 3
        gate.open.set()
        released.set()
        await app.settle()


@every_kind
async def test_it_prints(
    app: App, other: None, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:  # EV-81
    app.a.click(in_kind(kind, lambda: print("out") or print("err", file=sys.stderr)), None, app.b)
    async with app.running():
        await app.pressed()
        await still_works(app)
    assert capsys.readouterr() == ("out\n", "err\n")


@every_kind
async def test_it_starts_threads_that_outlive_it(app: App, other: None, kind: str) -> None:  # EV-73
    end = threading.Event()
    threads: list[threading.Thread] = []
    seen: list[Any] = []

    def work() -> None:
        end.wait(5)
        run = current_run.get()
        seen.append(run.ended if run is not None else None)
        info("late")
        Progress()(0.5)

    def start() -> None:
        for context in (contextvars.copy_context(), contextvars.Context()):
            threads.append(threading.Thread(target=context.run, args=(work,)))
            threads[-1].start()

    dependency = app.a.click(in_kind(kind, start), None, app.b)
    async with app.running():
        await app.pressed()
        end.set()
        for thread in threads:
            thread.join()
        assert app.stages(dependency)[-1] == "complete"
        await still_works(app)
    assert sorted(map(str, seen)) == ["None", "True"]


@every_kind
async def test_it_registers_listeners_and_makes_components(
    app: App, other: None, kind: str
) -> None:  # EV-3 EV-48
    def build() -> None:
        assert building.get() is None
        Box(99).click(lambda: 1)

    dependency = app.a.click(in_kind(kind, build), None, app.b)
    async with app.running():
        await app.pressed()
        assert app.stages(dependency)[-1] == "error"
        await still_works(app)
    assert len(app.graph.listeners) == 2


async def test_it_recurses_without_end(app: App, other: None) -> None:  # EV-290
    def recurse() -> Any:
        return recurse()

    dependency = app.a.click(recurse)
    async with app.running():
        await app.pressed()
        assert app.stages(dependency)[-1] == "error"
        await still_works(app)


async def test_it_collects_garbage_and_leaves_cycles_of_errors(app: App, other: None) -> None:  # EV-290
    def fail() -> None:
        error = ValueError("round")
        error.__cause__ = error
        gc.collect()
        raise error

    dependency = app.a.click(fail)
    async with app.running():
        await app.pressed()
        assert app.stages(dependency)[-1] == "error"
        await still_works(app)


# -- what it raises


@every_kind
@pytest.mark.parametrize(
    "raised",
    [
        KeyboardInterrupt,
        SystemExit,
        GeneratorExit,
        StopIteration,
        StopAsyncIteration,
        asyncio.CancelledError,
        asyncio.TimeoutError,
        MemoryError,
        BaseException,
    ],
)
@pytest.mark.parametrize("queue", [True, False])
async def test_whatever_it_raises(
    app: App, other: None, kind: str, raised: type[BaseException], queue: bool
) -> None:  # EV-290 EV-297
    def fail() -> None:
        raise raised()

    dependency = app.a.click(in_kind(kind, fail), None, app.b, queue=queue)
    async with app.running():
        for _ in range(2):
            await app.pressed()
            assert app.stages(dependency)[-1] == "error"
        await still_works(app)


@pytest.mark.parametrize("options", [{"queue": False}, {"every": 60}, {"batch": True}, {}], ids=str)
@pytest.mark.parametrize("moment", ["at once", "then waits", "then yields"])
async def test_it_cancels_its_own_task(
    app: App, other: None, options: dict[str, Any], moment: str
) -> None:  # EV-290
    async def suicidal(*_: Any) -> Any:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        if moment == "then waits":
            await asyncio.sleep(60)
        return [["late"]] if options.get("batch") else "late"

    async def suicidal_steps() -> AsyncIterator[str]:
        yield "kept"
        await suicidal()
        yield "late"

    steps = moment == "then yields"
    if steps and options.get("batch"):
        return
    fn = suicidal_steps if steps else suicidal
    dependency = app.a.click(fn, app.b if options.get("batch") else None, app.b, **options)
    async with app.running():
        for _ in range(2):
            app.press()
            await quiet()
            await anyio.sleep(0.01)
            app.cancel(dependency)
        await still_works(app)
    assert {stage for stage in app.stages(dependency) if stage in ("complete", "error")}


async def test_it_cancels_the_task_of_another(app: App, other: None) -> None:  # EV-290
    tasks: list[Any] = []

    async def waits() -> None:
        tasks.append(asyncio.current_task())
        await asyncio.sleep(60)

    async def cancels() -> None:
        tasks[0].cancel()

    first, second = app.a.click(waits), app.b.click(cancels)
    async with app.running():
        app.press(app.a)
        await until(lambda: tasks)
        await app.pressed(app.b)
        assert (app.stages(first)[-1], app.stages(second)[-1]) == ("error", "complete")
        await still_works(app)


async def test_its_timeouts_and_task_groups_are_its_own(app: App, other: None) -> None:  # EV-71
    async def times_out() -> str:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.sleep(60), 0.001)
        with anyio.move_on_after(0.001):
            await anyio.sleep(60)
        async with anyio.create_task_group() as group:
            group.start_soon(anyio.sleep, 60)
            group.cancel_scope.cancel()
        return "out"

    app.a.click(times_out, None, app.b)
    async with app.running():
        await app.pressed()
        await still_works(app)
    assert app.sink.values(app.b) == ["out"]


# -- what it leaves


@every_kind
async def test_context_variables_that_it_sets_reach_no_other_run(app: App, kind: str) -> None:  # EV-73
    seen: list[str] = []

    def look() -> None:
        seen.append(LEAK.get())
        LEAK.set("leaked")

    def steps() -> Iterator[None]:
        look()
        yield

    async def async_steps() -> AsyncIterator[None]:
        look()
        yield

    fn = {"generator": steps, "async generator": async_steps}.get(kind, in_kind(kind, look))
    first = app.a.click(fn, None, app.b, trigger_mode="multiple")
    for bound in (first.then, first.success, app.b.change, app.c.click):
        bound(in_kind("plain", look), queue=False, trigger_mode="multiple")
        bound(in_kind("coroutine", look), trigger_mode="multiple", concurrency_id="g")
        bound(in_kind("async generator", look), None, app.d, trigger_mode="multiple")
    app.owner.unload(lambda: seen.append(f"unload {LEAK.get()}"))
    async with app.running():
        for _ in range(3):
            app.press()
            app.press(app.c)
        await app.settle()
        app.scheduler.close_session(app.session_of())
    assert set(seen) == {"clean", "unload clean"} and LEAK.get() == "clean"


async def test_it_dispatches_in_ways_that_meet(app: App, other: None) -> None:  # EV-127
    counts = {"a": 0, "b": 0}

    def raise_a(x: Any) -> int:
        counts["a"] += 1
        return (x or 0) + 1 if (x or 0) < 50 else x

    app.a.change(raise_a, app.a, app.b)
    app.b.change(raise_a, app.b, app.a)
    async with app.running():
        app.session.set_value(app.a, 1)
        app.scheduler.changed(app.session, [app.a])
        await app.settle()
        await still_works(app)
    assert app.session.value(app.a) == app.session.value(app.b) == 50
