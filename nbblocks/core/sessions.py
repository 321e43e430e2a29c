"""One session of an app: its component values, its State, its pending runs."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .nodes import UNSET, Node, NullSink, Sink

if TYPE_CHECKING:
    import anyio

    from .listeners import Listener
    from .runs import Run


@dataclass
class StateValue:
    """What a session keeps for one stateful node; ``written`` is when, by a monotonic clock, in seconds."""

    value: Any
    written: float


@dataclass
class Pending:
    """The runs of one listener in one session that have not ended, and a trigger noted meanwhile."""

    runs: list[Run] = field(default_factory=list["Run"])
    noted: Callable[[], None] | None = None


class Session:
    """Values, State and pending runs of one user of an app.

    The scheduler's loop owns it; State alone is read and written by worker threads, under a lock.

    :param follows: whether runs of this session cause change events and chains, as a page's do
    """

    def __init__(
        self,
        sink: Sink | None = None,
        *,
        follows: bool = True,
        watched: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.id = secrets.token_hex(8)
        self.sink: Sink = sink or NullSink()
        self.follows = follows
        self.closed = False
        self.opened = False
        """Whether its load listeners have been dispatched (EV-190)."""
        self.pending: dict[Listener, Pending] = {}
        self._values: dict[int, Any] = {}
        self._configured: dict[int, Node] = {}
        self._states: dict[int, StateValue] = {}
        self._lock = threading.RLock()
        self._clock = clock
        self._watched = watched
        self._someone_came: anyio.Event | None = None

    # -- values

    def value(self, node: Node) -> Any:
        """The wire value of ``node``."""
        if node._id in self._values:
            return self._values[node._id]
        return node.initial()

    def set_value(self, node: Node, wire: Any, *, initially: Any = UNSET) -> bool:
        """Set the wire value; True if it became different (EV-127).

        :param initially: the value that counts as the one before, if the session has none of its own
        """
        if node._id in self._values or initially is UNSET:
            before = self.value(node)
        else:
            before = initially
        self._values[node._id] = wire
        return not same(before, wire)

    def view(self, node: Node) -> Node:
        """``node`` with the properties that this session has updated (EV-51)."""
        return self._configured.get(node._id, node)

    def configure(self, node: Node, configured: Node) -> None:
        """Remember updated properties."""
        self._configured[node._id] = configured

    # -- State

    def state(self, node: Node) -> Any:
        """The session's own object of a stateful node, made at first use. May run user code."""
        with self._lock:
            kept = self._states.get(node._id)
            if kept is None:
                kept = self._states[node._id] = StateValue(node.initial(), self._clock())
            return kept.value

    def write_state(self, node: Node, value: Any) -> None:
        """Replace the session's object of a stateful node."""
        with self._lock:
            self._states[node._id] = StateValue(value, self._clock())

    # -- life

    @property
    def watched(self) -> bool:
        """Whether somebody looks at it: repetitions pause while nobody does (ST-10)."""
        return self._watched

    @watched.setter
    def watched(self, watched: bool) -> None:
        self._watched = watched
        if watched and self._someone_came is not None:
            self._someone_came.set()
            self._someone_came = None

    async def until_watched(self) -> None:
        """Wait until somebody looks at it."""
        while not self._watched and not self.closed:
            if self._someone_came is None:
                import anyio

                self._someone_came = anyio.Event()
            await self._someone_came.wait()

    def runs(self, listeners: Iterable[Listener] | None = None) -> list[Run]:
        """The pending runs, of the given listeners or of all."""
        chosen = self.pending if listeners is None else [one for one in listeners if one in self.pending]
        return [run for listener in chosen for run in self.pending[listener].runs]


def same(a: Any, b: Any) -> bool:
    """Deep equality of two wire values; what cannot be compared is different, 1 and True are too."""
    if a is b:
        return True
    if isinstance(a, bool) is not isinstance(b, bool):
        return False
    try:
        return bool(a == b)
    except Exception:  # noqa: BLE001 - an odd __eq__ of the user's must not stop a step
        return False
