"""Worker threads of a scheduler: a hand-over costs little, since runs have one each.

anyio's own ones do the same with a limiter, a cancel scope and three turns of the loop for each call: half of
what a short run costs.
"""

from __future__ import annotations

import contextvars
import sys
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar, cast

import anyio
from anyio import lowlevel

T = TypeVar("T")
Job = Callable[[], None]


class Threads:
    """At most ``most`` worker threads (EV-79), made when needed and kept. Belongs to one loop.

    A thread that is free goes to whoever has waited longest, as with anyio's limiter: a generator that is
    through with a step stands behind those who came meanwhile.
    """

    def __init__(self, most: int) -> None:
        self._free = most
        self._idle: list[_Thread] = []
        self._waiting: deque[anyio.Event] = deque()
        self._closed = False
        self._soon = _soon()

    async def run(self, work: Callable[[], T]) -> T:
        """Do ``work`` in a thread that sees the caller's context variables (EV-73).

        What it raises is raised here, KeyboardInterrupt and the like included. A cancelled caller waits for
        the end of the work, since a thread cannot be stopped.
        """
        if self._free:  # nobody waits then
            self._free -= 1
        else:
            await self._turn()
        thread = self._idle.pop() if self._idle else _Thread()
        done = anyio.Event()
        ended: list[tuple[Any, BaseException | None]] = []
        context = contextvars.copy_context()
        if (sniffio := sys.modules.get("sniffio")) is not None:  # no loop runs in the thread
            context.run(sniffio.current_async_library_cvar.set, None)

        def job() -> None:
            nonlocal work, context
            try:
                ended.append((context.run(work), None))
            except BaseException as error:  # noqa: BLE001 - raised where it is awaited
                ended.append((None, error))
            finally:
                del work, context  # an exception that the user's code keeps holds this frame
            self._soon(done.set)

        thread.jobs.put(job)
        try:
            await done.wait()
        except BaseException:
            with anyio.CancelScope(shield=True):
                await done.wait()
            raise
        finally:
            if self._closed:
                thread.end()
            else:
                self._idle.append(thread)
            self._let_next()
        value, error = ended.pop()
        if error is not None:
            try:
                raise error
            finally:
                del error, ended  # the traceback would hold this frame, and the frame the error
        return value

    async def _turn(self) -> None:
        """Wait in line for a thread that others have."""
        turn = anyio.Event()
        self._waiting.append(turn)
        try:
            await turn.wait()
        except BaseException:
            if turn.is_set():  # it was this one's turn: the next in line has it
                self._let_next()
            else:
                self._waiting.remove(turn)
            raise

    def _let_next(self) -> None:
        """Hand a thread on, before anybody else can take it."""
        if self._waiting:
            self._waiting.popleft().set()
        else:
            self._free += 1

    def close(self) -> None:
        """Let the threads end, each with the work that it does; later work gets a thread of its own."""
        self._closed = True
        while self._idle:
            self._idle.pop().end()


class _Thread:
    """A thread that does one job after the other."""

    def __init__(self) -> None:
        self.jobs: SimpleQueue[Job | None] | _AtOnce = SimpleQueue()
        # A daemon: a handler that never ends must not keep the process alive.
        try:
            threading.Thread(target=self._work, name="nbblocks-worker", daemon=True).start()
        except RuntimeError:  # the interpreter ends, and what is left to do is done here and now
            self.jobs = _AtOnce()

    def end(self) -> None:
        """Do no more than what was put."""
        self.jobs.put(None)

    def _work(self) -> None:
        jobs = cast("SimpleQueue[Job | None]", self.jobs)
        while (job := jobs.get()) is not None:
            job()
            del job


class _AtOnce:
    """Stands in for a thread's queue where no thread can be started."""

    def put(self, job: Job | None) -> None:
        """Do the job."""
        if job is not None:
            job()


def _soon() -> Callable[[Callable[[], object]], object]:
    """How other threads have something called on the running loop, without waiting for it."""
    native: Any = lowlevel.current_token().native_token
    call: Callable[[Callable[[], object]], object] = (
        getattr(native, "call_soon_threadsafe", None) or native.run_sync_soon
    )

    def soon(fn: Callable[[], object]) -> None:
        try:
            call(fn)
        except RuntimeError:  # the loop has ended, so nobody waits
            return

    return soon
