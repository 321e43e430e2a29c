"""Cancelling: whose runs, in which state, and what is left of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import anyio
import pytest

from nbblocks.core.progress import Progress
from nbblocks.core.toasts import info

from .nodes import App, AsyncGate, Box, Gate, quiet, until, values_of

# -- which runs


async def test_pending_runs_of_the_named_listeners_in_this_session(app: App) -> None:  # EV-272
    gate = Gate("through")
    first = app.a.click(gate, None, app.b, trigger_mode="multiple", concurrency_limit=None)
    second = app.b.click(gate, None, app.c, concurrency_limit=None)
    third = app.d.click(gate, None, app.d, concurrency_limit=None)
    app.c.click(None, cancels=[first, second])
    other = app.session_of()
    async with app.running():
        for node in (app.a, app.a, app.a, app.b, app.d):
            app.press(node)
        app.press(session=other)
        await until(lambda: gate.inside == 6)
        app.press(app.c)
        assert [run.listener for run in app.session.runs()] == [third.listener]
        gate.open.set()
        await app.settle(app.session, other)
    assert app.stages(first).count("complete") == 3 and app.sink.values(app.b) == app.sink.values(app.c) == []
    assert app.sink.values(app.d) == ["through"] == values_of(other, app.b)


async def test_nothing_pending_is_no_effect(app: App) -> None:  # EV-272
    first = app.a.click(lambda: 1, None, app.b)
    app.c.click(None, cancels=first)
    async with app.running():
        await app.pressed(app.c)
        await app.pressed(app.a)
        await app.pressed(app.c)
    assert app.stages(first) == ["pending", "pending", "complete"] and app.sink.values(app.b) == [1]


async def test_a_listener_may_have_a_function_and_cancels(app: App) -> None:  # EV-271
    gate = Gate("late")
    first = app.a.click(gate, None, app.b)
    second = app.c.click(lambda: "both", None, app.d, cancels=[first])
    async with app.running():
        app.press()
        await until(lambda: gate.inside)
        await app.pressed(app.c)
        gate.open.set()
    assert app.sink.values(app.b) == [] and app.sink.values(app.d) == ["both"]
    assert app.stages(second)[-1] == "complete"


async def test_a_listener_without_function_only_cancels(app: App) -> None:  # EV-271 EV-7
    gate = Gate()
    first = app.a.click(gate)
    only = app.c.click(fn=None, inputs=None, outputs=None, cancels=[first], queue=False)
    async with app.running():
        app.press()
        app.press(app.c)
        assert not app.session.pending
        gate.open.set()
    assert app.stages(only) == []


# -- in which state


async def test_a_waiting_run_is_taken_out(app: App) -> None:  # EV-273 EV-274
    gate, never = Gate(), Gate()
    app.b.click(gate, concurrency_id="g", trigger_mode="multiple")
    first = app.a.click(never, None, app.b, concurrency_id="g", trigger_mode="multiple")
    async with app.running():
        app.press(app.b)
        app.press(app.a)
        app.press(app.b)
        app.press(app.a)
        assert app.scheduler.waiting == 3
        app.cancel(first)
        assert app.scheduler.waiting == 1
        gate.open.set()
        await app.settle()
    assert never.calls == 0 and gate.calls == 2
    assert app.stages(first) == ["pending", "pending", "complete", "complete"]


@pytest.mark.parametrize("kind", ["plain", "coroutine"])
async def test_what_cannot_be_stopped_goes_on_and_its_result_is_dropped(
    app: App, kind: str
) -> None:  # EV-273 EV-274
    gate, async_gate = Gate(), AsyncGate()
    ended: list[str] = []

    def plain(items: list[Any]) -> Any:
        gate()
        ended.append("plain")
        return ["lost"], 1

    async def coroutine(items: list[Any]) -> Any:
        try:
            await async_gate.pass_through()
        except BaseException as error:
            ended.append(repr(error))
            raise
        ended.append("coroutine")
        return ["lost"], 1

    first = app.a.click(coroutine if kind == "coroutine" else plain, app.state, [app.state, app.b])
    app.b.change(lambda: ended.append("change"))
    app.state.change(lambda: ended.append("state"))
    async with app.running():
        app.press()
        await until(lambda: gate.inside or async_gate.inside)
        app.cancel(first)
        assert not app.session.pending
        last = app.records(first)[-1]
        assert (last.stage, last.message) == ("complete", None)
        gate.open.set()
        async_gate.open.set()
        await until(lambda: ended)
        await quiet()
    assert ended == [kind]
    assert app.sink.steps == [] and app.session.state(app.state) == []
    assert app.stages(first) == ["pending", "pending", "complete"]


@pytest.mark.parametrize("error", ["while it runs", "of its result"])
async def test_errors_after_the_cancellation_are_dropped(
    app: App, error: str, caplog: pytest.LogCaptureFixture
) -> None:  # EV-273 EV-277
    gate = Gate("bad")

    def fail() -> str:
        gate()
        if error == "of its result":
            return "bad"
        raise ValueError("late")

    first = app.a.click(fail, None, app.b)
    async with app.running():
        app.press()
        await until(lambda: gate.inside)
        app.cancel(first)
        gate.open.set()
    assert app.stages(first)[-1] == "complete" and not app.sink.messages and "Traceback" not in caplog.text


async def test_a_generator_ends_its_step_and_is_closed(app: App) -> None:  # EV-273 EV-276
    gate = Gate()
    ended: list[str] = []

    def steps() -> Iterator[Any]:
        try:
            yield [1], "kept"
            gate()
            yield [2], "dropped"
            ended.append("advanced once more")
        except GeneratorExit:
            ended.append("GeneratorExit")
            raise

    first = app.a.click(steps, None, [app.state, app.b])
    async with app.running():
        app.press()
        await until(lambda: gate.inside)
        app.cancel(first)
        assert not ended
        gate.open.set()
    assert ended == ["GeneratorExit"]
    assert app.sink.values(app.b) == ["kept"] and app.session.state(app.state) == [1]
    assert app.stages(first) == ["pending", "pending", "generating", "complete"]


@pytest.mark.parametrize("place", ["await", "yield", "before"])
async def test_an_async_generator_is_cancelled_at_its_await_or_closed_at_its_yield(
    app: App, place: str
) -> None:  # EV-273 EV-276 EV-78
    ended: list[str] = []
    processing = Gate()

    class Slow(Box):
        def postprocess(self, value: Any) -> Any:
            if place == "yield":
                processing()
            return value

        def preprocess(self, payload: Any) -> Any:
            if place == "before":
                processing()
            return payload

    slow = Slow(11)
    app.graph.add_node(slow)

    async def steps(x: Any) -> AsyncIterator[int]:
        ended.append("begun")
        try:
            yield 1
            await anyio.sleep(3600)
            yield 2
        except BaseException as error:
            ended.append(type(error).__name__)
            raise
        finally:
            await anyio.sleep(0.001)
            ended.append("cleaned up")

    first = app.a.click(steps, slow, slow)
    async with app.running():
        app.press()
        await until(lambda: app.sink.values(slow) if place == "await" else processing.inside)
        await quiet()
        app.cancel(first)
        assert not app.session.pending
        processing.open.set()
    error = "CancelledError" if place == "await" else "GeneratorExit"
    assert ended == ([] if place == "before" else ["begun", error, "cleaned up"])
    assert app.sink.values(slow) == ([1] if place == "await" else [])
    assert app.stages(first)[-1] == "complete"


async def test_an_async_generator_that_swallows_its_cancellation_is_closed_all_the_same(
    app: App,
) -> None:  # EV-273
    ended: list[str] = []

    async def steps() -> AsyncIterator[int]:
        yield 1
        try:
            await anyio.sleep(3600)
        except asyncio.CancelledError:
            ended.append("swallowed")
        try:
            yield 2
        finally:
            ended.append("closed")

    first = app.a.click(steps, None, app.b)
    async with app.running():
        app.press()
        await until(lambda: app.sink.values(app.b))
        await quiet()
        app.cancel(first)
        await until(lambda: len(ended) == 2)
    assert ended == ["swallowed", "closed"] and app.sink.values(app.b) == [1]


@pytest.mark.parametrize("moment", ["call", "pause"])
async def test_a_repetition_ends_and_its_call_as_any(app: App, moment: str) -> None:  # EV-273
    gate = Gate("late")
    if moment == "pause":
        gate.open.set()
    first = app.a.click(gate, None, app.b, every=3600)
    async with app.running():
        app.press()
        await until(lambda: app.sink.values(app.b) if moment == "pause" else gate.inside)
        await quiet()
        app.cancel(first)
        assert not app.session.pending and app.stages(first)[-1] == "complete"
        gate.open.set()
    assert gate.calls == 1 and app.sink.values(app.b) == (["late"] if moment == "pause" else [])


@pytest.mark.parametrize("whose", [0, 1, 2])
async def test_a_run_of_a_batch_loses_its_share_alone(app: App, whose: int) -> None:  # EV-273
    gate, blocker = Gate(), Gate()

    def double(values: list[int]) -> list[list[int]]:
        gate()
        return [[2 * value for value in values]]

    app.d.click(blocker, concurrency_id="g")
    first = app.a.click(double, app.a, app.b, batch=True, concurrency_id="g")
    sessions = [app.session_of() for _ in range(3)]
    async with app.running():
        app.press(app.d)
        for number, session in enumerate(sessions):
            session.set_value(app.a, number)
            app.press(session=session)
        blocker.open.set()
        await until(lambda: gate.inside)
        app.cancel(first, session=sessions[whose])
        assert not sessions[whose].pending and app.scheduler.waiting == 0
        gate.open.set()
        await app.settle(*sessions)
    assert gate.calls == 1
    results = [list(values_of(session, app.b)) for session in sessions]
    assert results == [[] if number == whose else [2 * number] for number in range(3)]


# -- what comes afterwards


async def test_messages_of_what_goes_on_are_dropped(app: App) -> None:  # EV-277
    gate = Gate()

    def handler(progress: Any = Progress()) -> None:
        info("before")
        progress(0.1)
        gate()
        info("after")
        progress(0.9)
        for _ in progress.tqdm(range(3)):
            pass

    first = app.a.click(handler, None, app.b)
    async with app.running():
        app.press()
        await until(lambda: gate.inside)
        app.cancel(first)
        gate.open.set()
    assert [message.message for message in app.sink.messages] == ["before"]
    reports = [s.progress_data[0]["progress"] for s in app.records(first) if s.progress_data]
    assert reports == [0.1] and app.stages(first)[-1] == "complete"


@pytest.mark.parametrize("kind", ["waiting", "plain", "generator", "async generator", "every"])
async def test_a_closed_session_cancels_all_its_runs(app: App, kind: str) -> None:  # EV-278 EV-273
    gate, blocker = Gate("late"), Gate()
    ended: list[str] = []

    def generator() -> Iterator[Any]:
        try:
            yield gate()
        finally:
            ended.append("closed")

    async def async_generator() -> AsyncIterator[Any]:
        try:
            yield await anyio.sleep(3600)
        finally:
            ended.append("closed")

    fn = {"generator": generator, "async generator": async_generator}.get(kind, gate)
    app.d.click(blocker, concurrency_id="g")
    first = app.a.click(
        fn,
        None,
        app.b,
        concurrency_id="g" if kind == "waiting" else None,
        every=3600 if kind == "every" else None,
    )
    children: list[str] = []
    first.then(lambda: children.append("then"))
    other = app.session_of()
    async with app.running():
        if kind == "waiting":
            app.press(app.d, session=other)
        app.press()
        if kind not in ("waiting", "async generator"):
            await until(lambda: gate.inside)
        await quiet()
        app.scheduler.close_session(app.session)
        assert not app.session.pending and app.scheduler.waiting == 0
        gate.open.set()
        blocker.open.set()
        await app.settle(other)
    assert app.sink.steps == [] and children == []
    assert ended == (["closed"] if "generator" in kind else [])
    assert gate.calls == (0 if kind in ("waiting", "async generator") else 1)


async def test_what_is_not_told_of_its_cancellation_may_be_run_again_at_once(
    app: App,
) -> None:  # EV-274 EV-230
    gate = Gate("through")
    first = app.a.click(gate, None, app.b)
    async with app.running():
        app.press()
        await until(lambda: gate.inside)
        app.cancel(first)
        app.press()
        assert app.session.pending and app.stages(first) == ["pending", "pending", "complete", "pending"]
        gate.open.set()
        await app.settle()
    assert gate.most == 1 and app.sink.values(app.b) == ["through"]
