"""Worker threads of a scheduler."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial

import anyio
import pytest

from nbblocks.core.threads import Threads

from .nodes import App, until


def ended(threads: list[threading.Thread]) -> bool:
    """Whether the threads end in a while."""
    end = time.monotonic() + 20
    while any(one.is_alive() for one in threads) and time.monotonic() < end:
        time.sleep(0.01)
    return not any(one.is_alive() for one in threads)


async def test_a_thread_is_used_again_until_it_is_closed() -> None:  # EV-79
    threads = Threads(2)
    used = [await threads.run(threading.current_thread) for _ in range(2)]
    assert used[0] is used[1] and used[0].is_alive()
    threads.close()
    assert await anyio.to_thread.run_sync(ended, used)


async def test_a_thread_that_is_busy_at_the_close_ends_with_its_work() -> None:
    threads, go, used = Threads(2), threading.Event(), list[threading.Thread]()

    def work() -> None:
        used.append(threading.current_thread())
        assert go.wait(20)

    async with anyio.create_task_group() as group:
        group.start_soon(threads.run, work)
        while not used:
            await anyio.sleep(0.01)
        threads.close()
        go.set()
    used.append(await threads.run(threading.current_thread))  # what comes later is done as well
    assert await anyio.to_thread.run_sync(ended, used)


async def test_a_free_thread_goes_to_the_one_that_has_waited_longest() -> None:  # TR-22
    threads, gate, order = Threads(1), threading.Event(), list[str]()

    async def work(name: str, steps: int) -> None:
        for _ in range(steps):
            await threads.run(partial(order.append, name))

    async with anyio.create_task_group() as group:
        group.start_soon(threads.run, gate.wait, name="holder")
        await anyio.wait_all_tasks_blocked()
        for name in ("a", "b", "c"):
            group.start_soon(work, name, 3)
            await anyio.wait_all_tasks_blocked()
        gate.set()
    threads.close()
    assert order == ["a", "b", "c"] * 3


async def test_whoever_gives_up_waiting_keeps_nobody_from_a_turn() -> None:  # TR-22
    threads, gate, order = Threads(1), threading.Event(), list[str]()

    async def work(name: str, scope: anyio.CancelScope) -> None:
        with scope:
            await threads.run(partial(order.append, name))

    scopes = [anyio.CancelScope() for _ in range(3)]

    async def hold() -> None:
        await threads.run(gate.wait)
        scopes[1].cancel()  # it is its turn, which it does not know yet

    async with anyio.create_task_group() as group:
        group.start_soon(hold)
        await anyio.wait_all_tasks_blocked()
        for number, scope in enumerate(scopes):
            group.start_soon(work, str(number), scope)
            await anyio.wait_all_tasks_blocked()
        scopes[0].cancel()  # while it waits
        await anyio.wait_all_tasks_blocked()
        gate.set()
    assert order[-1] == "2" and "0" not in order
    assert await threads.run(lambda: "still there") == "still there"
    threads.close()


@pytest.mark.parametrize(("threads", "streams"), [(1, 1), (1, 3), (2, 5), (40, 40)])
async def test_endless_generators_leave_a_turn_to_others(
    app: App, threads: int, streams: int
) -> None:  # TR-22
    app.graph.settings.max_threads = threads
    steps = 0

    def endless() -> Iterator[int]:
        nonlocal steps
        while True:
            steps += 1
            yield steps

    app.a.click(endless, None, app.b, trigger_mode="multiple", concurrency_limit=None)
    app.c.click(lambda: steps, None, app.d)
    async with app.running():
        for _ in range(streams):
            app.press()
        await until(lambda: steps > 3 * streams)
        for _ in range(10):
            before = len(app.sink.values(app.d))
            pressed_at = steps
            app.press(app.c)
            await until(lambda: len(app.sink.values(app.d)) > before)  # noqa: B023
            # Each generator may have one step before it, and those under way go on beside it.
            assert app.sink.values(app.d)[-1] - pressed_at <= 2 * streams + threads
        app.scheduler.cancel(app.session.runs())
        await app.settle()
