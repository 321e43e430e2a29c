"""A run: one execution of a listener for one session."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from .messages import Message, Stage, Status
from .reaches import Reach

if TYPE_CHECKING:
    from .groups import Group
    from .listeners import Listener
    from .nodes import Node
    from .results import Delivery
    from .sessions import Session

Outcome = Literal["complete", "error", "cancelled", "refused"]
_numbers = itertools.count(1)


class Watcher(Protocol):
    """Somebody who follows one run: a Client's job. Called on the scheduler's loop."""

    def step(self, deliveries: Sequence[Delivery]) -> None:
        """A step has been delivered."""
        ...

    def status(self, status: Status) -> None:
        """The run's status has changed."""
        ...

    def message(self, message: Message) -> None:
        """The run has sent a toast."""
        ...

    def ended(self, outcome: Outcome, error: BaseException | None) -> None:
        """The run has ended, as the session sees it."""
        ...


@dataclass(frozen=True, slots=True)
class Cause:
    """What set a run off: ``target`` is the block that fired, ``data`` the event's fields (EV-92).

    ``origin`` names the page that raised the event, if one did. A chained run has its parent's cause without
    the data (EV-94).
    """

    target: Node | None = None
    data: dict[str, Any] | None = None
    origin: str | None = None


NO_CAUSE = Cause()


class Run:
    """One execution of a listener for one session. Only the scheduler changes it."""

    __slots__ = (
        "__weakref__", "answered", "cancelled", "cause", "clock", "ended", "error", "id", "interrupt",
        "knows", "listener", "lock", "outcome", "reach", "session", "started", "stop", "values",
        "waits_for", "waits_in",
        "watcher",
    )  # fmt: skip

    def __init__(
        self,
        listener: Listener,
        session: Session,
        cause: Cause = NO_CAUSE,
        *,
        watcher: Watcher | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.id = next(_numbers)
        self.listener = listener
        self.session = session
        self.cause = cause
        self.values: Mapping[int, Any] = {}
        """Wire values of the inputs, by place, where a State has none."""
        self.knows = session.precedence.count
        """How many values persons had set when its inputs were gathered."""
        self.answered = False
        """Whether it has given something, or has ended."""
        self.watcher = watcher
        self.waits_in: Group | None = None
        """The group in whose queue it waits."""
        self.waits_for: Run | None = None
        """What its handler waits for: a Client's call that it has made."""
        self.clock = clock
        self.started: float | None = None
        self.lock = threading.RLock()
        """Held to end it, and to report: nothing is told of a run after its end."""
        self.ended = False
        self.cancelled = False
        self.outcome: Outcome | None = None
        self.error: BaseException | None = None
        self.interrupt: Callable[[], object] | None = None
        """Ends what the run waits for at the moment, if that can be done (EV-273)."""
        self.reach = Reach()
        """Where its function is at work."""
        self.stop: Callable[[Run], object] | None = None
        """Of its scheduler's."""

    @property
    def took(self) -> float | None:
        """Seconds since it started, None before."""
        return None if self.started is None else self.clock() - self.started

    def status(self, stage: Stage | None, **fields: Any) -> None:
        """Send a status record to whoever looks."""
        listener = self.listener
        record = Status(listener.id, self.id, stage, queue=listener.queue, origin=self.cause.origin, **fields)
        self.session.sink.status(record)
        if self.watcher is not None:
            self.watcher.status(record)

    def report(self, units: list[dict[str, Any]]) -> None:
        """Show progress: called by `Progress`, from any thread."""
        with self.lock:
            if not (self.ended or self.cancelled):
                self.status("pending", progress_data=units, time=self.took)
        self.reach.check()

    def send(self, message: Message) -> None:
        """Show a toast: called by `Info` and its like, from any thread. None after cancellation (EV-277)."""
        if self.cancelled:
            self.reach.check()
            return
        self.session.sink.message(message)
        if self.watcher is not None:
            self.watcher.message(message)
