"""The queue: groups and their limits, order, size, and what goes past it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import anyio
import pytest

from nbblocks.core.progress import Progress
from nbblocks.core.toasts import info

from .nodes import App, AsyncGate, AtOnce, Gate, quiet, until


async def fill(app: App, gate: AsyncGate, runs: int, **options: Any) -> None:
    """Press a button behind ``gate`` several times, and wait until as many as can have started."""
    app.a.click(gate.pass_through, None, app.b, trigger_mode="multiple", **options)
    for _ in range(runs):
        app.press()
    await quiet()


# -- limits


@pytest.mark.parametrize("limit", [1, 2, 5])
async def test_a_group_never_runs_more_than_its_limit(app: App, limit: int) -> None:  # EV-224 EV-227
    gate = Gate()
    app.a.click(gate, None, app.b, trigger_mode="multiple", concurrency_limit=limit)
    async with app.running():
        for _ in range(10):
            app.press()
        await until(lambda: gate.inside == limit)
        await quiet()
        assert gate.inside == limit
        gate.open.set()
        await app.settle()
    assert (gate.calls, gate.most) == (10, limit)


async def test_one_at_a_time_is_the_default(direct: App) -> None:  # EV-225
    gate = AsyncGate()
    async with direct.running():
        await fill(direct, gate, 3)
        assert gate.inside == 1
        gate.open.set()
        await direct.settle()
    assert gate.calls == 3


@pytest.mark.parametrize("way", ["none on the listener", "none by default"])
async def test_there_may_be_no_limit(direct: App, way: str) -> None:  # EV-224 EV-225
    gate = AsyncGate()
    if way == "none by default":
        direct.graph.settings.default_limit = None
    async with direct.running():
        await fill(direct, gate, 50, **({"concurrency_limit": None} if way.endswith("listener") else {}))
        assert gate.inside == 50
        gate.open.set()
        await direct.settle()


async def test_a_limit_counts_all_listeners_of_the_group_and_all_sessions(
    direct: App,
) -> None:  # EV-223 EV-226
    gate = AsyncGate()
    for node in (direct.a, direct.b):
        node.click(gate.pass_through, concurrency_id="g", concurrency_limit=3 if node is direct.b else None)
    sessions = [direct.session_of() for _ in range(3)]
    async with direct.running():
        for session in sessions:
            direct.press(direct.a, session=session)
            direct.press(direct.b, session=session)
        await quiet()
        assert gate.inside == 3 and direct.scheduler.waiting == 3
        gate.open.set()
        await direct.settle(*sessions)
    assert (gate.calls, gate.most) == (6, 3)


async def test_each_app_has_groups_of_its_own(direct: App) -> None:  # EV-226
    gate = AsyncGate()
    other = App(workers=AtOnce())
    fn = gate.pass_through
    for one in (direct, other):
        with one.open():
            one.a.click(fn, concurrency_id="g", trigger_mode="multiple")
    async with direct.running(), other.running():
        for one in (direct, other):
            one.press()
            one.press()
        await until(lambda: gate.inside == 2)
        await quiet()
        assert gate.inside == 2
        gate.open.set()
        await direct.settle()
        await other.settle()


# -- order


async def test_runs_of_a_group_start_in_the_order_of_acceptance(app: App) -> None:  # EV-227
    seen: list[Any] = []
    for node in (app.a, app.b, app.c):
        node.click(
            lambda x, node=node: seen.append((node, x)),
            app.d,
            concurrency_id="g",
            trigger_mode="multiple",
        )
    sessions = [app.session, app.session_of(), app.session_of()]
    expected: list[Any] = []
    async with app.running():
        for number in range(30):
            session, node = sessions[number * 7 % 3], (app.a, app.b, app.c)[number * 5 // 2 % 3]
            session.set_value(app.d, number)
            app.press(node, session=session)
            expected.append((node, number))
        await app.settle(*sessions)
    assert seen == expected


async def test_no_group_waits_for_another(app: App) -> None:  # EV-227
    gate = Gate()
    seen: list[int] = []
    app.a.click(gate, trigger_mode="multiple")
    app.b.click(lambda: seen.append(1), trigger_mode="multiple")
    async with app.running():
        for _ in range(20):
            app.press(app.a)
        for _ in range(20):
            app.press(app.b)
        await until(lambda: len(seen) == 20)
        assert gate.calls == 1
        gate.open.set()
        await app.settle()


async def test_many_long_waiting_groups_do_not_starve_each_other(app: App) -> None:  # EV-227
    done: list[int] = []
    app.graph.settings.max_threads = 3

    def busy(number: int) -> None:
        done.append(number)

    nodes = (app.a, app.b, app.c, app.d)
    for node in nodes:
        node.click(lambda number=node._id: busy(number), trigger_mode="multiple", queue=True)
    async with app.running():
        for _ in range(25):
            for node in nodes:
                app.press(node)
        await app.settle()
    assert sorted(done) == sorted([node._id for node in nodes] * 25)


# -- queue=False


async def test_unqueued_runs_take_no_slot_and_wait_for_none(direct: App) -> None:  # EV-221
    gate, other = AsyncGate(), AsyncGate()
    direct.graph.settings.max_size = 0
    direct.a.click(
        gate.pass_through, queue=False, concurrency_id="g", concurrency_limit=1, trigger_mode="multiple"
    )
    direct.b.click(other.pass_through, concurrency_id="g")
    async with direct.running():
        for _ in range(3):
            direct.press(direct.a)
        await quiet()
        assert gate.inside == 3 and direct.scheduler.waiting == 0
        direct.graph.settings.max_size = 1
        direct.press(direct.b)
        await quiet()
        assert other.inside == 1
        gate.open.set()
        other.open.set()
        await direct.settle()
    assert {s.queue for s in direct.sink.statuses if s.fn_index == 0} == {False}


async def test_unqueued_generators_deliver_all_and_may_report(app: App) -> None:  # EV-222
    def steps(progress: Any = Progress()) -> Iterator[int]:
        for i in range(3):
            progress((i, 3))
            info(f"step {i}")
            yield i

    dependency = app.a.click(steps, None, app.b, queue=False)
    async with app.running():
        await app.pressed()
    assert app.sink.values(app.b) == [0, 1, 2]
    assert [message.message for message in app.sink.messages] == ["step 0", "step 1", "step 2"]
    reports = [s.progress_data for s in app.records(dependency) if s.progress_data]
    assert [units[0]["index"] for units in reports] == [0, 1, 2]


async def test_none_is_queued(direct: App) -> None:  # EV-221
    gate = AsyncGate()
    async with direct.running():
        await fill(direct, gate, 2, queue=None)
        assert gate.inside == 1 and direct.scheduler.waiting == 1
        gate.open.set()
        await direct.settle()


# -- size


async def test_a_full_queue_refuses(direct: App) -> None:  # EV-229
    gate = AsyncGate()
    direct.graph.settings.max_size = 2
    direct.c.click(gate.pass_through, None, direct.d, trigger_mode="multiple", concurrency_id="other")
    async with direct.running():
        await fill(direct, gate, 2)
        direct.press(direct.c)
        direct.press(direct.c)
        assert direct.scheduler.waiting == 2 and not direct.sink.messages
        direct.press(direct.a)
        direct.press(direct.c)
        text = "Queue is full. Max size is 2 and size is 2."
        assert [s.message for s in direct.sink.statuses if s.stage == "error"] == [text, text]
        assert [m.message for m in direct.sink.messages] == [text, text]
        gate.open.set()
        await direct.settle()
    assert gate.calls == 4


async def test_running_ones_do_not_count(direct: App) -> None:  # EV-229
    gate = AsyncGate()
    direct.graph.settings.max_size = 1
    async with direct.running():
        await fill(direct, gate, 10, concurrency_limit=None)
        assert gate.inside == 10
        gate.open.set()
        await direct.settle()
    assert not any(s.stage == "error" for s in direct.sink.statuses)


# -- slots


@pytest.mark.parametrize("how", ["cancel", "close"])
@pytest.mark.parametrize("kind", ["plain", "coroutine", "generator"])
async def test_a_slot_is_held_until_the_function_has_really_ended(
    app: App, how: str, kind: str
) -> None:  # EV-230 EV-273 EV-278
    gate, async_gate = Gate(), AsyncGate()

    def generator() -> Iterator[Any]:
        yield gate()

    fn = {"plain": gate, "coroutine": async_gate.pass_through, "generator": generator}[kind]
    first = app.a.click(fn, None, app.b, concurrency_id="g")
    second = Gate()
    app.c.click(second, concurrency_id="g")
    second.open.set()
    other = app.session_of()
    async with app.running():
        app.press()
        await until(lambda: gate.inside or async_gate.inside)
        app.press(app.c, session=other)
        if how == "cancel":
            app.cancel(first)
        else:
            app.scheduler.close_session(app.session)
        assert not app.session.pending
        await quiet()
        assert second.calls == 0 and app.scheduler.waiting == 1
        gate.open.set()
        async_gate.open.set()
        await app.settle(other)
    assert second.calls == 1 and app.sink.steps == []


async def test_an_error_frees_the_slot(app: App) -> None:  # EV-230 EV-290
    seen: list[int] = []
    app.a.click(lambda: seen.append(1) or 1 / 0, trigger_mode="multiple")
    async with app.running():
        for _ in range(5):
            app.press()
        await app.settle()
        assert app.scheduler.queue._groups == {}
    assert len(seen) == 5


# -- beside a busy main thread


def test_runs_go_on_while_the_main_thread_is_busy(app: App) -> None:  # EV-233
    done, ready = threading.Event(), threading.Event()
    app.a.click(done.set)

    async def serve() -> None:
        async with app.running():
            app.press()
            ready.set()
            await app.settle()

    thread = threading.Thread(target=anyio.run, args=(serve,))
    thread.start()
    assert ready.wait(5)
    while not done.is_set():  # as a cell that computes, without a loop
        time.sleep(0)
    thread.join()
    assert app.sink.statuses[-1].stage == "complete"
