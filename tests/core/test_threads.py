"""Worker threads of a scheduler."""

from __future__ import annotations

import threading
import time

import anyio

from nbblocks.core.threads import Threads


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
