"""An event loop that user code cannot end: not by SystemExit, nor by stopping it or cancelling its tasks."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import anyio
from anyio.from_thread import BlockingPortal

from nbblocks.core.tasks import stopping

logger = logging.getLogger("nbblocks")

T = TypeVar("T")
_Base: Any = asyncio.ProactorEventLoop if sys.platform == "win32" else asyncio.SelectorEventLoop


class Loop(_Base):
    """Goes on when a task or callback that a handler has left on it raises SystemExit, or stops it."""

    def run_until_complete(self, future: Any) -> Any:
        """Run until ``future`` is done, whatever is raised meanwhile."""
        awaited = asyncio.ensure_future(future, loop=self)
        base: Any = super()
        while True:
            try:
                return base.run_until_complete(awaited)
            except BaseException as error:  # noqa: PERF203 - it goes on
                if awaited.done() or self.is_closed():
                    raise
                logger.error("code on the scheduler's loop would have ended it", exc_info=error)


def started_portal(name: str) -> BlockingPortal:
    """A portal with a `Loop` and a thread of its own, which ends when the portal is stopped."""
    found: Future[BlockingPortal] = Future()

    async def serve() -> None:
        async with BlockingPortal() as portal:
            found.set_result(portal)
            await steadily(portal.sleep_until_stopped)

    def run() -> None:
        try:
            anyio.run(serve, backend="asyncio", backend_options={"loop_factory": Loop})
        except BaseException as error:
            if found.done():
                raise
            found.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return found.result()


async def steadily(wait: Callable[[], Awaitable[T]]) -> T:
    """Wait, and go on waiting if a handler has cancelled all tasks of the loop."""
    while True:
        try:
            return await wait()
        except asyncio.CancelledError as error:  # noqa: PERF203 - it goes on waiting
            if stopping():
                raise
            calm(error)


def calm(error: BaseException) -> None:
    """A handler has cancelled the task at hand, as all others: it goes on, and asyncio counts such things."""
    task = asyncio.current_task()
    if isinstance(error, asyncio.CancelledError) and task is not None:
        getattr(task, "uncancel", int)()  # since Python 3.11
