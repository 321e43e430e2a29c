"""One session of an app: its component values, its State, its pending runs."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from .equality import same
from .errors import InvalidComponentError, text_of
from .markup import as_text
from .messages import Message
from .nodes import UNSET, Node, NullSink, Page, Sink
from .precedence import Precedence
from .rounds import Rounds
from .states import Kept, States

if TYPE_CHECKING:
    import anyio

    from .listeners import Listener
    from .runs import Run
    from .timers import Ticker


@dataclass
class Pending:
    """The runs of one listener in one session that have not ended, and a trigger noted meanwhile."""

    runs: dict[Run, None] = field(default_factory=dict["Run", None])
    noted: Callable[[], object] | None = None
    noted_of: Node | None = None
    """The block whose event was noted."""


class Session:
    """Values, State and pending runs of one user of an app.

    The scheduler's loop owns it; State alone is read and written by worker threads, under a lock.

    :param follows: whether runs of this session cause change events and chains, as a page's do
    :param page: who runs the js of listeners; None: nobody, it is left out (EV-156)
    """

    def __init__(
        self,
        sink: Sink | None = None,
        *,
        follows: bool = True,
        page: Page | None = None,
        watched: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.id = secrets.token_hex(8)
        self.sink: Sink = sink or NullSink()
        self.follows = follows
        self.page = page
        self.closed = False
        self.opened = False
        """Whether its load listeners have been dispatched (EV-190)."""
        self.pending: dict[Listener, Pending] = {}
        self.marked: WeakSet[Listener] = WeakSet()
        """Those of js alone whose last run has failed: there is nothing else that they tell of their runs."""
        self.tickers: dict[int, Ticker] = {}
        """The clocks of its timers, by the id of their node."""
        self._values: dict[int, Any] = {}
        self._configured: dict[int, Node] = {}
        self.states = States(clock, self._state_failed)
        self.rounds = Rounds()
        self.precedence = Precedence()
        self._clock = clock
        self._watched = watched
        self.unwatched_since: float | None = None if watched else clock()
        """Since when nobody looks at it, in seconds by its clock; None while somebody does."""
        self._visible = True
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
        return self._configured.get(node._id) or (node if self.follows else node.original)

    def configure(self, node: Node, configured: Node) -> None:
        """Remember updated properties."""
        self._configured[node._id] = configured

    def set_property(self, node: Node, name: str, value: Any) -> None:
        """Take over a property that code has set on ``node``, where the session has updated others of it."""
        configured = self._configured.get(node._id)
        if configured is None or name == "value":
            return
        with contextlib.suppress(TypeError):  # it follows from others, and no constructor takes it
            self._configured[node._id] = configured.reconfigured({name: value})

    # -- State

    def state(self, node: Node) -> Any:
        """The session's own object of a stateful node, made at first use. May run user code."""
        return self.states.get(node)

    def write_state(self, node: Node, value: Any) -> None:
        """Replace the session's object of a stateful node."""
        self.states.set(node, value)

    def _state_failed(self, node: Node, error: BaseException) -> None:
        text = as_text(f"{type(error).__name__}: {text_of(error)}")
        self.sink.message(Message("error", text, "Initial value of a State"))

    def has_set(self, node: Node) -> bool:
        """Whether the value of ``node`` was set in this session, by whomever."""
        return node._id in self._values

    def reset(self, node: Node) -> None:
        """Go back to the value and the properties that ``node`` was built with."""
        self._values.pop(node._id, None)
        self._configured.pop(node._id, None)
        self.precedence.forget(node)

    def forget(self, node: Node) -> list[Kept]:
        """Keep nothing of a node that was taken out of the app; its State, if it had any.

        Whoever calls this calls the delete_callback.
        """
        self._values.pop(node._id, None)
        self._configured.pop(node._id, None)
        self.precedence.forget(node)
        ticker = self.tickers.pop(node._id, None)
        if ticker is not None:
            ticker.stop()
        return self.states.take(node)

    # -- life

    @property
    def watched(self) -> bool:
        """Whether somebody looks at it: repetitions pause while nobody does (ST-10)."""
        return self._watched

    @watched.setter
    def watched(self, watched: bool) -> None:
        if watched is not self._watched:
            self.unwatched_since = None if watched else self._clock()
        self._watched = watched
        self._tell()

    @property
    def visible(self) -> bool:
        """Whether a page that shows it is in sight, and not in a tab in the background (EV-200)."""
        return self._watched and self._visible

    @visible.setter
    def visible(self, visible: bool) -> None:
        if visible is not self._visible:
            self._visible = visible
            self._tell()

    def _tell(self) -> None:
        if self._someone_came is not None:
            self._someone_came.set()
            self._someone_came = None

    async def until_watched(self) -> None:
        """Wait until somebody looks at it, or it is closed."""
        await self._until(lambda: self._watched)

    async def until_visible(self) -> None:
        """Wait until it is in sight, or closed."""
        await self._until(lambda: self.visible)

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition() and not self.closed:
            if self._someone_came is None:
                import anyio

                self._someone_came = anyio.Event()
            await self._someone_came.wait()

    def held(self) -> list[Any]:
        """All that the session holds: values, State, updated components, what waiting runs begin with."""
        found = [*self._values.values(), *self._configured.values(), *self.states.values()]
        return found + [run.values for run in self.runs()]

    def runs(self, listeners: Iterable[Listener] | None = None) -> list[Run]:
        """The pending runs, of the given listeners or of all."""
        chosen = self.pending if listeners is None else [one for one in listeners if one in self.pending]
        return [run for listener in chosen for run in self.pending[listener].runs]


def gather(session: Session, listener: Listener) -> dict[int, Any]:
    """The wire values of a listener's inputs, by place, State left out (EV-23).

    :raises InvalidComponentError: if an input has no value (EV-24)
    """
    check_inputs(listener)
    values = {i: session.value(node) for i, node in enumerate(listener.inputs) if not node.stateful}
    return {i: listener.inputs[i].held(wire) for i, wire in values.items()} if session.follows else values


def check_inputs(listener: Listener) -> None:
    """Look whether all inputs have a value.

    :raises InvalidComponentError: naming one that has none (EV-24)
    """
    for index, node in enumerate(listener.inputs):
        if not node.has_value:
            raise InvalidComponentError(
                f"input {index} of {listener.told!r} is a {node.type_name}, which has no value"
            )
