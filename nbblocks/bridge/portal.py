"""The scheduler's loop: on a thread of its own, started with the first app that needs it.

This is the only place that knows where the loop lives; where there are no threads it would be the loop that is there.
"""

from __future__ import annotations

import contextvars
import logging
import threading
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

    from anyio.from_thread import BlockingPortal

logger = logging.getLogger("nbblocks")


class Portal:
    """A loop that any thread may hand calls to. It runs while somebody has acquired it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._manager: AbstractContextManager[BlockingPortal] | None = None
        self._portal: BlockingPortal | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = 0

    def acquire(self) -> None:
        """Start the loop if it does not run."""
        with self._lock:
            self._users += 1
            if self._portal is None:
                from anyio.from_thread import start_blocking_portal

                self._manager = start_blocking_portal("asyncio", name="nbblocks-scheduler")
                self._portal = self._manager.__enter__()
                self._loop, self._thread = self._portal.call(_running_loop)

    def release(self) -> None:
        """Let go; the loop ends with its last user, without waiting for busy functions."""
        with self._lock:
            self._users -= 1
            if self._users or self._portal is None:
                return
            manager, self._manager, self._portal, self._loop = self._manager, None, None, None
        assert manager is not None
        # Leaving the portal waits for its tasks, which wait for busy functions: that is a thread's own affair.
        threading.Thread(
            target=manager.__exit__, args=(None, None, None), name="nbblocks-end", daemon=True
        ).start()

    def hand(self, fn: Callable[..., object], *args: Any) -> bool:
        """Call ``fn`` on the loop, soon, in the order of handing over; any thread. False if no loop runs."""
        loop = self._loop
        if loop is None:
            return False
        try:
            loop.call_soon_threadsafe(_guarded, fn, args, context=contextvars.Context())
        except RuntimeError:  # closed in the meantime
            return False
        return True

    def later(self, seconds: float, fn: Callable[..., object], *args: Any) -> None:
        """Call ``fn`` on the loop after ``seconds``. On the loop only."""
        assert self._loop is not None
        self._loop.call_later(seconds, _guarded, fn, args, context=contextvars.Context())

    def start(self, fn: Callable[..., Awaitable[Any]]) -> None:
        """Run an async function as a task of the loop; any thread but the loop's. Returns when it has reported to be ready."""
        assert self._portal is not None
        contextvars.Context().run(self._portal.start_task, fn)

    @property
    def on_loop(self) -> bool:
        """Whether the calling thread is the loop's."""
        return self._loop is not None and self._thread == threading.get_ident()


async def _running_loop() -> tuple[asyncio.AbstractEventLoop, int]:
    import asyncio

    return asyncio.get_running_loop(), threading.get_ident()


def _guarded(fn: Callable[..., object], args: tuple[Any, ...]) -> None:
    try:
        fn(*args)
    except Exception:
        logger.exception("an internal call on the scheduler's loop failed")


portal = Portal()
"""The kernel's one portal."""
