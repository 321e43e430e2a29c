"""What time takes from sessions: State that has lived its time, and sessions that nobody came back to."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

import anyio

from . import states
from .nodes import Node
from .sessions import Session
from .states import Kept

if TYPE_CHECKING:
    from .settings import QueueSettings
    from .workers import Workers

PERIOD = 1.0
"""Seconds between two sweeps (ST-42)."""


class Sessions:
    """The open sessions of an app, the least recently used first. On the scheduler's loop.

    :param close: closes a session
    :param delete: calls the delete_callback of values that were taken out
    :param clock: seconds, monotonic
    """

    def __init__(
        self,
        settings: QueueSettings,
        close: Callable[[Session], None],
        delete: Callable[[list[Kept]], None],
        clock: Callable[[], float],
    ) -> None:
        self._settings, self._close, self._delete, self._clock = settings, close, delete, clock
        self._open: OrderedDict[Session, None] = OrderedDict()
        self._some = anyio.Event()

    def __iter__(self) -> Any:
        return iter(list(self._open))

    def __len__(self) -> int:
        return len(self._open)

    def use(self, session: Session) -> None:
        """Something happens in a session: it is known from now on, and the last to be evicted (ST-11)."""
        if session in self._open:
            self._open.move_to_end(session)
            return
        if session.closed:
            return
        self._open[session] = None
        self._some.set()
        excess = len(self._open) - self._settings.session_capacity
        if excess > 0:
            clients = [one for one in self._open if not one.follows and one is not session]
            for evicted in clients[:excess]:
                self._close(evicted)

    def discard(self, session: Session) -> None:
        """It has closed."""
        self._open.pop(session, None)

    async def sweep(self) -> None:
        """Once a second, while there are sessions, take what time takes; until cancelled."""
        while True:
            if not self._open:
                self._some = anyio.Event()
                await self._some.wait()
            await anyio.sleep(PERIOD)
            now = self._clock()
            for session in list(self._open):
                if self._left(session, now):
                    self._close(session)
                else:
                    self._delete(session.states.expired(now, lambda session=session: in_use(session)))

    def _left(self, session: Session, now: float) -> bool:
        """Whether nobody has looked at it for the grace time (ST-11)."""
        since = session.unwatched_since
        return session.opened and since is not None and now - since > self._settings.session_grace


def in_use(session: Session) -> Collection[Node]:
    """The stateful nodes that runs of the session have in their hands (ST-45)."""
    return {
        node
        for run in session.runs()
        if run.started is not None
        for node in (*run.listener.inputs, *run.listener.outputs)
        if node.stateful
    }


async def call_back(
    workers: Workers, values: Iterable[Kept], failed: Callable[[str, BaseException], object]
) -> None:
    """Call the delete_callback of each value, once, in a worker thread (ST-43). To be shielded.

    :param failed: is told of one that has raised something (ST-48)
    """
    for kept in values:
        if kept.node.delete_callback is None:
            continue
        try:
            result = await workers.run(lambda kept=kept: states.called_back(kept))
            if result is not None:
                await result
        except BaseException as error:  # noqa: BLE001 - the other values are told
            failed("the delete_callback of a State", error)
