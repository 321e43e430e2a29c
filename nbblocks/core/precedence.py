"""Which is newer: what a person has set, or what a run gives that began before it (TR-30)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .nodes import UNSET, Node

if TYPE_CHECKING:
    from .runs import Run
    from .sessions import Session


class Precedence:
    """What persons have set in a session, and what came too late for it.

    A run that began before a person set a value does not overwrite it as long as the answer to that is still
    to come: a run that the value has set off, or is going to. If the answer says nothing of the value, what
    waited is taken.
    """

    def __init__(self) -> None:
        self.count = 0
        """How many values persons have set so far. A run knows of those before it."""
        self._set: dict[int, int] = {}
        self._announced: dict[str, frozenset[int]] = {}
        self._late: dict[int, tuple[Any, str | None]] = {}

    def edited(self, nodes: Iterable[Node]) -> None:
        """A person has set the values of ``nodes``, all at a time."""
        self.count += 1
        for node in nodes:
            self._set[node._id] = self.count

    def announced(self, view: str, numbers: Iterable[int]) -> frozenset[int]:
        """Events of these nodes are still to come from a page; the nodes of which none is any more."""
        before, now = self._announced.pop(view, frozenset()), frozenset(numbers)
        if now:
            self._announced[view] = now
        return before - now

    def forget(self, node: Node) -> None:
        """Its value is what it was at first, or it is gone."""
        self._set.pop(node._id, None)
        self._late.pop(node._id, None)

    def overtaken(self, node: Node) -> None:
        """Its value was set: what was late for it is not wanted any more."""
        self._late.pop(node._id, None)

    def takes(self, session: Session, run: Run, node: Node, value: Any) -> bool:
        """Whether ``node`` takes what a run gives it now; else it is kept until it is due."""
        since = self._set.get(node._id, 0)
        if run.knows >= since or not self._expected(session, node, since):
            self._late.pop(node._id, None)
            return True
        self._late[node._id] = value, run.cause.origin
        return False

    def due(self, session: Session, node: Node | None) -> tuple[Any, str | None]:
        """What ``node`` is to take that has waited long enough, and the page that it came of; else UNSET."""
        if node is None or node._id not in self._late:
            return UNSET, None
        if self._expected(session, node, self._set.get(node._id, 0)):
            return UNSET, None
        return self._late.pop(node._id)

    def _expected(self, session: Session, node: Node, since: int) -> bool:
        """Whether the answer to what was set is to come."""
        if any(node._id in numbers for numbers in self._announced.values()):
            return True
        for pending in session.pending.values():
            if pending.noted is not None and pending.noted_of is node:
                return True
            for run in pending.runs:
                if run.cause.target is node and run.knows >= since and not run.answered:
                    return True
        return False
