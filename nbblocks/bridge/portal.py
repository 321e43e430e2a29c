"""The scheduler's loop: on a thread of its own, started with the first app that needs it.

This is the only place that knows where the loop lives; where there are no threads it would be the one that
is there.
"""

from __future__ import annotations

import contextvars
import functools
import logging
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio
    from concurrent.futures import Future

    from anyio.from_thread import BlockingPortal

logger = logging.getLogger("nbblocks")

AT_ONCE = 100
"""So many handed-over calls are made in a row."""

Call = tuple[Callable[..., object], tuple[Any, ...]]


class _Calls:
    """The calls handed to a running loop. One task makes them all: anyio's functions work in tasks only."""

    def __init__(self, loop: asyncio.AbstractEventLoop, wake: asyncio.Event) -> None:
        self.thread = threading.get_ident()
        self._loop, self._wake = loop, wake
        self._waiting: deque[Call] = deque()
        self._woken = False
        """Whether the loop is going to look anyway: waking it costs more than many a call."""
        self._ended = False

    def hand(self, fn: Callable[..., object], args: tuple[Any, ...]) -> None:
        """Have ``fn`` called soon: any thread."""
        self._waiting.append((fn, args))
        if not self._woken:
            self._woken = True  # before it is woken: it may look at once
            self._loop.call_soon_threadsafe(self._wake.set)

    def later(self, seconds: float, fn: Callable[..., object], args: tuple[Any, ...]) -> None:
        """Have ``fn`` called after ``seconds``: on the loop only."""
        self._loop.call_later(seconds, self.hand, fn, args)

    def end(self) -> None:
        """Make no further calls than those handed over."""
        self._ended = True

    async def serve(self) -> None:
        """Make the calls."""
        import asyncio

        from .loops import steadily

        while not self._ended:
            await steadily(self._wake.wait)
            self._wake.clear()
            self._woken = False
            for _ in range(AT_ONCE):
                if not self._waiting:
                    break
                fn, args = self._waiting.popleft()
                try:
                    fn(*args)
                except BaseException:
                    logger.exception("an internal call on the scheduler's loop failed")
                del fn, args  # while this waits, they would keep a closed app
            if self._waiting:  # the loop's other tasks have their turn between
                self._wake.set()
                await steadily(functools.partial(asyncio.sleep, 0))


async def _calls() -> _Calls:
    import asyncio

    return _Calls(asyncio.get_running_loop(), asyncio.Event())


def _tell_failure(task: Future[Any]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        logger.error("a task of the scheduler's loop has failed", exc_info=error)


class Portal:
    """A loop that any thread may hand calls to. It runs while somebody has acquired it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._portal: BlockingPortal | None = None
        self._calls: _Calls | None = None

    def acquire(self) -> None:
        """Start the loop if it does not run."""
        with self._lock:
            self._users += 1
            if self._portal is None:
                from .loops import started_portal

                self._portal = started_portal("nbblocks-scheduler")
                self._calls = self._portal.call(_calls)
                # Its own context: nothing that the starting cell has open reaches the runs.
                contextvars.Context().run(self._portal.start_task_soon, self._calls.serve)

    def release(self) -> None:
        """Let go; the loop ends with its last user, without waiting for busy functions."""
        with self._lock:
            self._users -= 1
            if self._users or self._portal is None or self._calls is None:
                return
            portal, self._portal = self._portal, None
            calls, self._calls = self._calls, None
        calls.hand(calls.end, ())
        # It ends when its tasks have ended, and they wait for busy functions.
        threading.Thread(target=portal.call, args=(portal.stop,), name="nbblocks-end", daemon=True).start()

    def hand(self, fn: Callable[..., object], *args: Any) -> bool:
        """Call ``fn`` on the loop, soon, in the order of handing over; any thread. False if no loop runs."""
        calls = self._calls
        if calls is None:
            return False
        try:
            calls.hand(fn, args)
        except RuntimeError:  # closed in the meantime
            return False
        return True

    def later(self, seconds: float, fn: Callable[..., object], *args: Any) -> None:
        """Call ``fn`` on the loop after ``seconds``. On the loop only."""
        if self._calls is not None:
            self._calls.later(seconds, fn, args)

    def start(self, fn: Callable[..., Awaitable[Any]]) -> None:
        """Run an async function as a task of the loop, and return when it has reported to be ready.

        Any thread but the loop's.
        """
        assert self._portal is not None
        task, _ = contextvars.Context().run(self._portal.start_task, fn)
        task.add_done_callback(_tell_failure)

    @property
    def on_loop(self) -> bool:
        """Whether the calling thread is the loop's."""
        return self._calls is not None and self._calls.thread == threading.get_ident()


portal = Portal()
"""The kernel's one portal."""
