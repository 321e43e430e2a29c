"""What the core asks of a block of an app, and of whatever shows a session."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from .messages import Message, Status
    from .runs import Run


class _Unset:
    """The class of `UNSET`."""

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False


UNSET: Any = _Unset()
"""Stands for 'no value given' where None is a value."""

Method = TypeVar("Method", bound=Callable[..., Any])
SCALARS = frozenset({str, int, float, bool, type(None)})


def own(wire: Any) -> Any:
    """A copy of a wire value that could be changed in place; any other as it is."""
    return copy.deepcopy(cast("object", wire)) if isinstance(wire, (list, dict)) else wire


def quick(method: Method) -> Method:
    """Mark a ``preprocess`` or ``postprocess`` that takes microseconds and never blocks for builtin scalars.

    A coroutine's run then does without a worker thread for it. A subclass that overrides the method has to
    say so again.
    """
    method.quick = True  # pyright: ignore[reportFunctionMemberAccess]
    return method


def is_quick(method: Callable[..., Any], value: object) -> bool:
    """Whether ``method`` is marked and ``value`` is a builtin scalar."""
    return type(value) in SCALARS and getattr(method, "quick", False)


class Node:
    """One block of an app, seen by the scheduler. Base class: a node without a value.

    Everything in a session is kept by ``_id``, so a node itself is never changed by a run.
    """

    _id: int
    has_value = False
    """False for layouts: they can be updated, never read (EV-24, EV-52)."""
    stateful = False
    """True if sessions keep the user's own object instead of a wire value (EV-25, EV-112)."""
    ticks = False
    """True for timers: sessions fire their ``tick`` every so many seconds (EV-200)."""
    skip_api = False
    """True if Clients neither pass nor receive this node's value (CP-68, ST-27)."""
    asks_for_initial = False
    """True for a stateful node whose initial value comes of a function of the user's (ST-23)."""
    time_to_live: float | None = None
    """Seconds for which a session keeps a stateful node's value after it was written; None: for ever."""
    delete_callback: Callable[[Any], Any] | None = None
    """Called with each value of a stateful node that is deleted."""
    key: int | str | tuple[Any, ...] | None = None

    @property
    def original(self) -> Node:
        """The node as it was built, whatever a page's session has done to the one that is shown (EV-51)."""
        return self

    @property
    def constructor_args(self) -> Mapping[str, Any]:
        """The arguments written in the constructor call, by name (EV-48)."""
        raise NotImplementedError

    @property
    def type_name(self) -> str:
        """The lower-case name that configs and error messages use."""
        return type(self).__name__.lower()

    @property
    def called(self) -> str:
        """Its type and its label, if it has one, for messages."""
        label = getattr(self, "label", None)
        return f"{self.type_name} {label!r}" if isinstance(label, str) and label else self.type_name

    def initial(self) -> Any:
        """Wire value of a new session; for a stateful node the user's object, fresh for each call."""
        return None

    is_app = False
    """True for what may be an app of its own: in another one, its ``load`` is that of the whole (AP-9)."""

    def held(self, wire: Any) -> Any:
        """What a page holds of the wire value: some fields hold an empty text where nothing was given."""
        return wire

    def ticks_every(self, wire: Any) -> float | None:
        """Seconds between the ticks of a timer with the wire value ``wire``; None while it stands still."""
        return None

    @quick
    def preprocess(self, payload: Any) -> Any:
        """Turn a wire value into the user's value. Runs in a worker thread."""
        return payload

    @quick
    def postprocess(self, value: Any) -> Any:
        """Turn a user's value into the wire value. Runs in a worker thread."""
        return value

    def reconfigured(self, changes: Mapping[str, Any]) -> Node:
        """A detached copy built with ``changes`` laid over the constructor arguments (EV-51).

        :raises TypeError: for an argument that the constructor does not know (EV-49)
        """
        raise NotImplementedError

    def props_changed_by(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """The properties a page must be told of after ``changes``, read from this node."""
        raise NotImplementedError

    def offers(self, event: str) -> bool:
        """Whether this node has an event of that name."""
        return hasattr(type(self), event)


class Sink(Protocol):
    """Whatever shows a session: a page's outbox, a Client's job, or nothing. Callable from any thread."""

    def deliver(self, changes: Mapping[Node, Mapping[str, Any]]) -> None:
        """Show one step: for each node its changed properties, the wire value under ``"value"``."""
        ...

    def status(self, status: Status) -> None:
        """Show a status record (EV-320)."""
        ...

    def message(self, message: Message) -> None:
        """Show a toast."""
        ...

    def scroll(self, node: Node, origin: str) -> None:
        """Scroll a block into view, in the page that triggered the run (EV-328)."""
        ...


class Page(Protocol):
    """Whoever runs the js of listeners for a session: its pages."""

    def run_js(self, run: Run, begun: Any) -> bool:
        """Have the js of the run's listener run; `Scheduler.js_ended` is to be told the result.

        :param begun: what the page has said of it, if it began by itself when it raised the event
        :return: False if there is no page to run it in (EV-156)
        """
        ...


class NullSink:
    """A sink for sessions nobody looks at."""

    def deliver(self, changes: Mapping[Node, Mapping[str, Any]]) -> None:
        """Drop the step."""

    def status(self, status: Status) -> None:
        """Drop the record."""

    def message(self, message: Message) -> None:
        """Drop the toast."""

    def scroll(self, node: Node, origin: str) -> None:
        """Scroll nothing."""
