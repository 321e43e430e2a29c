"""Keeps an app serving: what a task raises ends that task, and a scheduler that has ended begins again."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import anyio
import anyio.abc

from nbblocks.core.messages import Message
from nbblocks.core.tasks import Lasting, Tasks, stopping

from .cleaning import delete_old
from .loops import calm, steadily
from .messages import PageMessage
from .portal import portal
from .views import HEARTBEAT

if TYPE_CHECKING:
    from .host import Host


class Supervision:
    """Runs the tasks of one app. On the loop."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._wanted: anyio.Event | None = None
        """Set when the scheduler, which has ended unasked, is needed again; None while all is well."""
        self._serving = False
        self._held: list[Callable[[], object]] = []
        """What is called when it serves again."""

    async def serve(self, started: Callable[[], object], ending: anyio.Event) -> None:
        """Serve until ``ending``. If the scheduler ends before, say so, and begin again at the next event.

        :param started: called when it serves for the first time
        """
        self._serving = True
        try:
            while not ending.is_set():
                error = await self._served(started, ending)
                if error is not None:
                    self._fell(error)
                    await self._until_wanted()
        finally:
            self._serving, self._wanted = False, None
            self._call_held()

    async def _served(self, started: Callable[[], object], ending: anyio.Event) -> BaseException | None:
        try:
            await self._serve(started, ending)
        except BaseException as error:
            if stopping():
                raise
            calm(error)
            return error
        return None

    async def _serve(self, started: Callable[[], object], ending: anyio.Event) -> None:
        host, failed = self._host, self._host.scheduler.failed
        async with anyio.create_task_group() as group:
            tasks = Tasks(group, failed)
            host.transfers.serve(tasks)
            host.asking.serve(tasks)
            await group.start(self._schedule, ending)
            clean = functools.partial(delete_old, host.cache, host.delete_cache, host.in_use)
            for serve in (self._sweep, clean):
                tasks.start(Lasting(serve, failed).run)
            if self._wanted is None:
                started()
            self._go_on()
            await ending.wait()
            group.cancel_scope.cancel()

    async def _schedule(
        self, ending: anyio.Event, *, task_status: anyio.abc.TaskStatus[None] = anyio.TASK_STATUS_IGNORED
    ) -> None:
        await self._host.scheduler.serve(task_status=task_status)
        if not ending.is_set():
            raise RuntimeError("the scheduler has stopped, and nobody has asked it to")

    async def _sweep(self) -> None:
        host = self._host
        while True:
            await anyio.sleep(HEARTBEAT)
            for view in host.views.sweep():
                host.reception.view_gone(view)

    # -- when it has ended

    def _fell(self, error: BaseException) -> None:
        self._wanted = anyio.Event()
        if self._held:  # since it began to end
            self._wanted.set()
        scheduler, session = self._host.scheduler, self._host.session
        scheduler.failed("the app's scheduler", error)
        scheduler.give_up(error)
        if session is not None:
            text = f"The app has stopped ({type(error).__name__}). It starts again with the next event."
            session.sink.message(Message("error", text, "Error"))

    async def _until_wanted(self) -> None:
        if self._wanted is not None:
            await steadily(self._wanted.wait)

    def _go_on(self) -> None:
        """It serves: make up for what came meanwhile."""
        if self._wanted is None:
            return
        self._wanted = None
        for session in self._host.scheduler.sessions:
            if session.opened:
                self._host.scheduler.start_timers(session)
        self._call_held()

    def _call_held(self) -> None:
        held, self._held = self._held, []
        for call in held:
            portal.hand(call)

    @property
    def _well(self) -> bool:
        """Whether calls can be made: the scheduler serves, or the app does not run at all."""
        return not self._serving or (self._wanted is None and self._host.scheduler.serving)

    def when_serving(self, fn: Callable[..., object], *args: Any) -> None:
        """Call ``fn`` once the scheduler serves: at once, unless it has to begin again."""
        if self._well:
            fn(*args)
            return
        self._held.append(functools.partial(fn, *args))
        if self._wanted is not None:
            self._wanted.set()

    def take(self, message: PageMessage, buffers: Sequence[Any]) -> None:
        """Take one message of a page; a heartbeat alone wakes nobody."""
        if self._well or message["type"] == "beat":
            self._host.reception.handle(message, buffers)
        else:
            self.when_serving(self._host.inbox.given, message, buffers)

    def end(self) -> None:
        """The app ends: nothing begins again."""
        if self._wanted is not None:
            self._wanted.set()
