"""A run: one execution of a listener for one session."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol

from .messages import Message, Stage, Status

if TYPE_CHECKING:
    import anyio

    from .listeners import Listener
    from .nodes import Node
    from .results import Delivery
    from .sessions import Session

Outcome = Literal["complete", "error", "cancelled"]
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


class Run:
    """One execution of a listener for one session. Only the scheduler changes it."""

    __slots__ = (
        "accepted", "batch_scope", "cancelled", "data", "ended", "error", "id", "listener", "origin",
        "outcome", "session", "started", "target", "values", "watcher",
    )  # fmt: skip

    def __init__(
        self,
        listener: Listener,
        session: Session,
        *,
        values: dict[int, Any],
        target: Node | None = None,
        data: dict[str, Any] | None = None,
        origin: str | None = None,
        watcher: Watcher | None = None,
        accepted: float = 0.0,
    ) -> None:
        self.id = next(_numbers)
        self.listener = listener
        self.session = session
        self.values = values
        """Wire values of the inputs, by place, where a State has none."""
        self.target = target
        self.data = data
        self.origin = origin
        self.watcher = watcher
        self.accepted = accepted
        self.started: float | None = None
        self.ended = False
        self.cancelled = False
        self.outcome: Outcome | None = None
        self.error: BaseException | None = None
        self.batch_scope: anyio.CancelScope | None = None
        """Cancels an async generator at its current await (EV-273)."""

    def status(self, stage: Stage, **fields: Any) -> None:
        """Send a status record to whoever looks."""
        record = Status(
            self.listener.id, self.id, stage, queue=self.listener.queue, origin=self.origin, **fields
        )
        self.session.sink.status(record)
        if self.watcher is not None:
            self.watcher.status(record)

    def report(self, units: list[dict[str, Any]]) -> None:
        """Show progress: called by `Progress`, from any thread."""
        if not self.ended and not self.cancelled:
            self.status("pending", progress=units)

    def send(self, message: Message) -> None:
        """Show a toast: called by `Info` and its like, from any thread. None after cancellation (EV-277)."""
        if self.cancelled:
            return
        self.session.sink.message(message)
        if self.watcher is not None:
            self.watcher.message(message)
