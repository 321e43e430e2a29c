"""Simulated time: event loops that stand still between the steps of a test, and workers without threads."""

from __future__ import annotations

import asyncio
import selectors
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Protocol, TypeVar

import anyio
import anyio.lowlevel
import trio
import trio.testing

T = TypeVar("T")


class Interrupt(KeyboardInterrupt):
    """A KeyboardInterrupt that a handler raises: one that gets through is no interrupt of the tests."""


class Exit(SystemExit):
    """A SystemExit that a handler raises."""


class Loop(Protocol):
    """An event loop whose clock jumps to the next thing to do, and which runs only while it is told to."""

    failure: BaseException | None
    """What a background task has raised."""

    def time(self) -> float:
        """Simulated seconds; on the loop."""
        ...

    def run(self, job: Callable[[], Awaitable[T]]) -> T:
        """Run a job to its end, and all tasks beside it; then the loop stands still again."""
        ...

    def spawn(self, task: Callable[[], Awaitable[Any]]) -> None:
        """Run a task in the background, from the next `run` on."""
        ...

    async def settle(self) -> None:
        """Inside a job: wait until all tasks wait for time to pass."""
        ...

    def close(self) -> None:
        """Cancel what is left, and end."""
        ...


class TrioLoop:
    """Trio as the guest of nobody: its ticks are run by hand."""

    def __init__(self) -> None:
        self.failure: BaseException | None = None
        self._due: deque[Callable[[], object]] = deque()
        self._job: Callable[[], Awaitable[Any]] | None = None
        self._result: tuple[Any, BaseException | None] | None = None
        self._outcome: Any = None
        trio.lowlevel.start_guest_run(
            self._main,
            run_sync_soon_threadsafe=self._due.append,
            done_callback=self._done,
            host_uses_signal_set_wakeup_fd=True,
            clock=trio.testing.MockClock(autojump_threshold=0),
        )
        self.run(anyio.lowlevel.checkpoint)

    async def _main(self) -> None:
        async with trio.open_nursery() as self._nursery:
            while True:
                if self._job is not None:
                    job, self._job = self._job, None
                    try:
                        self._result = await job(), None
                    except Exception as error:  # noqa: BLE001 - it is raised by `run`
                        self._result = None, error
                await trio.lowlevel.checkpoint()

    def time(self) -> float:
        return trio.current_time()

    def _done(self, outcome: Any) -> None:
        self._outcome = outcome

    def run(self, job: Callable[[], Awaitable[T]]) -> T:
        self._job, self._result = job, None
        while self._result is None:
            assert self._outcome is None, f"the loop has ended: {self._outcome}"
            self._due.popleft()()
        value, error = self._result
        if error is not None:
            raise error
        return value

    def spawn(self, task: Callable[[], Awaitable[Any]]) -> None:
        async def watched() -> None:
            try:
                await task()
            except trio.Cancelled:
                raise
            except BaseException as error:  # noqa: BLE001 - the machine raises it
                self.failure = error

        self._nursery.start_soon(watched)

    async def settle(self) -> None:
        await trio.testing.wait_all_tasks_blocked()

    def close(self) -> None:
        async def cancel() -> None:
            self._nursery.cancel_scope.cancel()

        if self._outcome is None:
            self.run(cancel)
        while self._outcome is None:
            self._due.popleft()()


class _Jumping(selectors.DefaultSelector):
    """Instead of waiting it lets the clock jump, or tells who waits for idleness."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.when_idle: Callable[[], object] | None = None

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout > 0:
            if self.when_idle is not None:
                tell, self.when_idle = self.when_idle, None
                tell()
            else:
                assert timeout is not None, "the loop would wait for ever"
                self.now += timeout
        return super().select(0)


class AsyncioLoop:
    """Asyncio, which is what kernels run."""

    def __init__(self) -> None:
        self.failure: BaseException | None = None
        self._selector = _Jumping()
        self._loop = asyncio.SelectorEventLoop(self._selector)
        self._loop.time = self.time  # type: ignore[method-assign]
        self._tasks: list[asyncio.Task[Any]] = []

    def time(self) -> float:
        return self._selector.now

    def run(self, job: Callable[[], Awaitable[T]]) -> T:
        async def main() -> T:
            return await job()

        try:
            return self._loop.run_until_complete(main())
        except (Interrupt, Exit) as error:
            raise AssertionError("what a handler has raised has ended the loop") from error

    def spawn(self, task: Callable[[], Awaitable[Any]]) -> None:
        async def watched() -> None:
            try:
                await task()
            except asyncio.CancelledError:
                raise
            except BaseException as error:  # noqa: BLE001 - the machine raises it
                self.failure = error

        self._tasks.append(self._loop.create_task(watched()))

    async def settle(self) -> None:
        idle = asyncio.Event()
        self._selector.when_idle = idle.set
        await idle.wait()

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()


class Desk:
    """Workers without threads: a piece of work waits, is done at one moment, and its result comes later.

    What is done says how long it has taken, by `takes` or `lasts_until`, and what ends with it, by `then`.

    :param delays: simulated seconds before each piece of work begins, endless
    """

    def __init__(self, delays: Iterator[float]) -> None:
        self.beginning = 0
        """Pieces of work that wait to be begun."""
        self._delays = delays
        self._forget()

    def _forget(self) -> None:
        self._seconds = 0.0
        self._until: anyio.Event | None = None
        self._then: Callable[[], object] | None = None

    def takes(self, seconds: float) -> None:
        """The work at hand takes so many more simulated seconds."""
        self._seconds += seconds

    def lasts_until(self, event: anyio.Event) -> None:
        """The work at hand ends when ``event`` has come."""
        self._until = event

    def then(self, ended: Callable[[], object]) -> None:
        """Call ``ended`` at the end of the work at hand."""
        self._then = ended

    async def run(self, work: Callable[[], T]) -> T:
        """As `nbblocks.core.workers.Workers`."""
        self.beginning += 1
        await anyio.sleep(next(self._delays))
        self.beginning -= 1
        self._forget()
        value, error = None, None
        try:
            value = work()
        except BaseException as raised:  # noqa: BLE001 - as from a thread
            error = raised
        seconds, until, then = self._seconds, self._until, self._then
        if until is not None:
            await until.wait()
        if seconds:
            await anyio.sleep(seconds)
        if then is not None:
            then()
        if error is not None:
            raise error
        return value  # type: ignore[return-value]
