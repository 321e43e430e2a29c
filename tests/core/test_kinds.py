"""Functions, coroutines and generators of both kinds: where they run, and what their steps do."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from nbblocks.core.context import current_run
from nbblocks.core.updates import update

from .nodes import App, AsyncGate, Gate, until


class Kinds:
    """The same handler in four kinds: calls ``act`` in its beginning and after each step."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self.act = act

    def plain(self) -> Any:
        return self.act()

    async def coroutine(self) -> Any:
        await anyio.lowlevel.checkpoint()
        return self.act()

    def generator(self) -> Iterator[Any]:
        yield self.act()
        yield self.act()

    async def async_generator(self) -> AsyncIterator[Any]:
        yield self.act()
        await anyio.lowlevel.checkpoint()
        yield self.act()


KINDS = ["plain", "coroutine", "generator", "async_generator"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("queue", [True, False])
async def test_sync_kinds_run_in_worker_threads_async_ones_on_the_loop(
    app: App, kind: str, queue: bool
) -> None:  # EV-70 EV-71 EV-72 EV-222
    threads: list[threading.Thread] = []
    app.a.click(
        getattr(Kinds(lambda: threads.append(threading.current_thread())), kind), None, app.b, queue=queue
    )
    async with app.running():
        await app.pressed()
    loop = threading.current_thread()
    assert len(threads) == len(app.sink.values(app.b)) == (2 if "generator" in kind else 1)
    assert all((thread is loop) is ("async" in kind or kind == "coroutine") for thread in threads)


async def test_a_coroutine_may_use_what_the_loop_offers(app: App) -> None:  # EV-71
    async def together() -> list[int]:
        async def one(x: int) -> int:
            await asyncio.sleep(0)
            return x

        return list(await asyncio.gather(one(1), one(2)))

    app.a.click(together, None, app.b)
    async with app.running():
        await app.pressed()
    assert app.sink.values(app.b) == [[1, 2]]


async def test_a_generator_is_advanced_once_a_step(app: App) -> None:  # EV-72
    advanced: list[int] = []
    shown: list[Any] = []

    def steps() -> Iterator[int]:
        for i in range(3):
            shown.append(list(app.sink.values(app.b)))
            advanced.append(i)
            yield i

    app.a.click(steps, None, app.b)
    async with app.running():
        await app.pressed()
    assert advanced == [0, 1, 2] and shown == [[], [0], [0, 1]]


@pytest.mark.parametrize("kind", KINDS)
async def test_the_run_is_known_inside_and_unknown_outside(app: App, kind: str) -> None:  # EV-73
    seen: list[Any] = []

    def look() -> None:
        run = current_run.get()
        assert run is not None
        seen.append((run.id, run.session.id, run.listener.id))
        elsewhere: list[Any] = []
        copied, bare = contextvars.copy_context(), contextvars.Context()
        for context in (copied, bare):
            thread = threading.Thread(target=context.run, args=(lambda: elsewhere.append(current_run.get()),))
            thread.start()
            thread.join()
        assert elsewhere == [run, None]

    app.a.click(lambda: 1)
    dependency = app.a.click(getattr(Kinds(look), kind), None, app.b)
    async with app.running():
        await app.pressed()
    assert set(seen) == {(app.records(dependency)[0].run, app.session.id, 1)}
    assert current_run.get() is None


async def test_the_run_is_known_when_a_generator_is_closed(app: App) -> None:  # EV-73 EV-78
    seen: list[Any] = []

    def steps() -> Iterator[str]:
        try:
            yield "bad"
        finally:
            seen.append(current_run.get())

    async def async_steps() -> AsyncIterator[str]:
        try:
            yield "bad"
        finally:
            seen.append(current_run.get())

    first, second = app.a.click(steps, None, app.b), app.b.click(async_steps, None, app.b)
    async with app.running():
        await app.pressed(app.a)
        await app.pressed(app.b)
    assert [run.listener for run in seen] == [first.listener, second.listener]


async def test_runs_at_the_same_time_know_their_own(app: App) -> None:  # EV-73
    async def who() -> Any:
        before = current_run.get()
        await anyio.sleep(0.001)
        assert current_run.get() is before is not None
        return before.session.id

    app.a.click(who, None, app.b, concurrency_limit=None)
    sessions = [app.session_of() for _ in range(5)]
    async with app.running():
        for session in sessions:
            app.press(session=session)
        await app.settle(*sessions)
    assert [session.sink.values(app.b) for session in sessions] == [[one.id] for one in sessions]  # type: ignore[attr-defined]


async def test_each_yield_is_a_step_of_any_form(app: App) -> None:  # EV-74 EV-222
    def count() -> Iterator[Any]:
        yield 1
        yield {app.b: 2}
        yield update(label="done")
        yield None

    async def async_count() -> AsyncIterator[Any]:
        for step in count():
            yield step

    for fn in (count, async_count):
        for queue in (True, False):
            app.sink.steps.clear()
            dependency = app.a.click(fn, None, app.b, queue=queue)
            async with app.running():
                await app.pressed()
            app.graph.remove(dependency.listener)
            steps = [step[app.b] for step in app.sink.steps]
            assert steps == [{"value": 1}, {"value": 2}, {"label": "done"}, {"value": None}]


async def test_the_return_value_of_a_generator_is_ignored(app: App) -> None:  # EV-75
    def steps() -> Iterator[int]:
        yield 1
        return 2

    dependency = app.a.click(steps, None, app.b)
    async with app.running():
        await app.pressed()
    assert app.sink.values(app.b) == [1] and app.stages(dependency)[-1] == "complete"


@pytest.mark.parametrize("lasting", [False, True])
async def test_a_generator_that_ends_leaves_what_its_steps_gave(app: App, lasting: bool) -> None:  # EV-76
    def steps() -> Iterator[int]:
        if lasting:
            yield 1

    async def async_steps() -> AsyncIterator[int]:
        if lasting:
            yield 2

    first, second = app.a.click(steps, None, app.b), app.a.click(async_steps, None, app.c)
    async with app.running():
        app.session.set_value(app.b, "before")
        await app.pressed()
        assert app.session.value(app.b) == (1 if lasting else "before")
    assert len(app.sink.steps) == (2 if lasting else 0)
    for one in (first, second):
        assert app.stages(one) == ["pending", "pending", *["generating"] * lasting, "complete"]


@pytest.mark.parametrize("wrong", ["raises", "postprocess"])
@pytest.mark.parametrize("asynchronous", [False, True])
async def test_steps_before_an_error_stay_delivered(
    app: App, wrong: str, asynchronous: bool
) -> None:  # EV-77
    closed: list[str] = []

    def steps() -> Iterator[Any]:
        try:
            yield 1, ["kept"]
            if wrong == "raises":
                raise ValueError("late")
            yield "bad", ["lost"]
        finally:
            closed.append("closed")

    async def async_steps() -> AsyncIterator[Any]:
        try:
            yield 1, ["kept"]
            if wrong == "raises":
                raise ValueError("late")
            yield "bad", ["lost"]
        finally:
            await anyio.lowlevel.checkpoint()
            closed.append("closed")

    dependency = app.a.click(async_steps if asynchronous else steps, None, [app.b, app.state])
    async with app.running():
        await app.pressed()
    assert app.sink.values(app.b) == [1] and app.session.state(app.state) == ["kept"]
    assert app.stages(dependency)[-2:] == ["generating", "error"]
    assert closed == ["closed"]  # EV-78


@pytest.mark.parametrize("end", ["cancelled", "closed session", "time limit", "error"])
@pytest.mark.parametrize("asynchronous", [False, True])
async def test_a_generator_is_closed_before_its_slot_is_free(
    app: App, end: str, asynchronous: bool
) -> None:  # EV-78 EV-230
    closing, finish = threading.Event(), threading.Event()
    gate = AsyncGate()
    order: list[str] = []

    def steps() -> Iterator[Any]:
        try:
            while True:
                yield "bad" if end == "error" and order else 1
                order.append("step")
                threading.Event().wait(0.001)
        finally:
            closing.set()
            assert finish.wait(5)
            order.append("closed")

    async def async_steps() -> AsyncIterator[Any]:
        try:
            while True:
                yield "bad" if end == "error" and order else 1
                order.append("step")
                await anyio.sleep(0.001)
        finally:
            closing.set()
            await gate.pass_through()
            order.append("closed")

    fn = async_steps if asynchronous else steps
    limit = 0.01 if end == "time limit" else None
    first = app.a.click(fn, None, app.b, time_limit=limit, concurrency_id="g")
    app.c.click(lambda: order.append("next"), concurrency_id="g")
    other = app.session_of()
    async with app.running():
        app.press()
        app.press(app.c, session=other)
        await until(lambda: "step" in order)
        if end == "cancelled":
            app.cancel(first)
        elif end == "closed session":
            app.scheduler.close_session(app.session)
        await until(closing.is_set)
        await anyio.wait_all_tasks_blocked()
        assert other.pending and "next" not in order
        finish.set()
        gate.open.set()
        await app.settle(other)
    assert order[-2:] == ["closed", "next"]


async def test_busy_threads_are_limited_over_the_whole_app(app: App) -> None:  # EV-79
    app.graph.settings.max_threads = 2
    gate = Gate()

    def steps() -> Iterator[str]:
        yield gate()

    for node in (app.a, app.b, app.c):
        node.click(gate, None, app.d, concurrency_limit=None, trigger_mode="multiple")
        node.click(steps, None, app.d, concurrency_limit=None)
    sessions = [app.session, app.session_of()]
    async with app.running():
        for session in sessions:
            for node in (app.a, app.b, app.c):
                app.press(node, session=session)
        await until(lambda: gate.inside == 2)
        await anyio.wait_all_tasks_blocked()
        assert gate.calls == 2
        gate.open.set()
        await app.settle(*sessions)
    assert (gate.calls, gate.most) == (12, 2)


def test_forty_threads_are_the_default(app: App) -> None:  # EV-79
    assert app.graph.settings.max_threads == 40


async def test_coroutines_need_no_thread_to_run(app: App) -> None:  # EV-79 EV-71
    app.graph.settings.max_threads = 1
    gate = Gate()

    async def free() -> None:
        app.session.set_value(app.d, "ran")

    app.a.click(gate)
    app.b.click(free)
    async with app.running():
        app.press(app.a)
        await until(lambda: gate.inside)
        app.press(app.b)
        await until(lambda: app.session.value(app.d) == "ran")
        gate.open.set()
        await app.settle()
