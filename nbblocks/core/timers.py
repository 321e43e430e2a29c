"""Timers: nodes whose ``tick`` fires every so many seconds in a session (EV-200)."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import anyio

from .errors import shown

if TYPE_CHECKING:
    from .nodes import Node
    from .sessions import Session


class Ticker:
    """The clock of one timer in one session. It stands still while the session is out of sight.

    :param fire: called on the loop with each tick
    :param failed: is told of an interval that is none
    """

    def __init__(
        self,
        session: Session,
        node: Node,
        fire: Callable[[Node], object],
        failed: Callable[[str, BaseException], object] = lambda what, error: None,
    ) -> None:
        self._session, self._node, self._fire, self._failed = session, node, fire, failed
        self._stopped = False
        self._seconds: float | None = None
        self._changed = anyio.Event()
        self._ticked = anyio.Event()

    def touch(self) -> None:
        """Interval or ``active`` may have changed, or the session was closed: begin anew."""
        changed, self._changed = self._changed, anyio.Event()
        changed.set()

    def follow(self, node: Node) -> None:
        """Another node stands for the timer from now on; the clock goes on if the interval is the same."""
        self._node = node
        if self._interval() != self._seconds:
            self.touch()

    def _interval(self) -> float | None:
        """Seconds between two ticks; None while it stands still, as with an interval that is none."""
        node, wire = self._node, self._session.value(self._node)
        try:
            return _checked(self._session.view(node).ticks_every(wire))
        except Exception as error:  # noqa: BLE001 - a handler may have set anything
            told = ValueError(
                f"the interval of the {node.type_name} with the id {node._id} is {shown(wire)}, which is no "
                "positive number of seconds: it stands still until it gets another"
            )
            told.__cause__ = error
            self._failed(f"the {node.type_name} with the id {node._id}", told)
            return None

    def stop(self) -> None:
        """The timer is gone."""
        self._stopped = True
        self.touch()

    async def next_tick(self) -> None:
        """Wait for the next tick."""
        await self._ticked.wait()

    async def serve(self) -> None:
        """Tick until the session is closed."""
        session = self._session
        due: float | None = None
        while not session.closed and not self._stopped:
            if not session.visible:
                due = None
                await session.until_visible()
                continue
            changed = self._changed
            seconds = self._seconds = self._interval()
            if seconds is None:
                due = None
                await changed.wait()
                continue
            now = anyio.current_time()
            # Ticks keep their pace; those that were missed are left out.
            due = now + seconds if due is None or due + seconds < now else due + seconds
            with anyio.move_on_at(due):
                await changed.wait()
                due = None
                continue
            if session.visible and not session.closed and not self._stopped:
                self._tick()

    def _tick(self) -> None:
        ticked, self._ticked = self._ticked, anyio.Event()
        ticked.set()
        self._fire(self._node)


def _checked(given: Any) -> float | None:
    """An interval in seconds.

    :raises ValueError: if it is none
    """
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, numbers.Real):
        raise ValueError(f"a {type(given).__name__} is no number of seconds")
    seconds = float(given)
    if not (math.isfinite(seconds) and seconds > 0):
        raise ValueError(f"{seconds} seconds cannot pass")
    return seconds
