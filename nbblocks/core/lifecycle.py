"""The life of sessions: opening, timers, closing, and what is called then."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Container, Iterable
from typing import Any

import anyio

from .calls import Call, Surroundings
from .events import Trigger
from .graph import Graph
from .hints import annotate
from .listeners import Listener
from .nodes import UNSET, Node
from .runs import Cause, Run
from .sessions import Session
from .states import Kept
from .sweeping import Sessions, call_back
from .tasks import Tasks
from .timers import Ticker
from .tracebacks import detach
from .workers import Workers

logger = logging.getLogger("nbblocks")


class Lifecycle(ABC):
    """The sessions of one app, for its scheduler. Every method belongs to the loop."""

    workers: Workers
    apart: Workers
    """Workers of their own for what is called at the end."""

    def __init__(self, graph: Graph, surroundings: Surroundings, clock: Callable[[], float]) -> None:
        self.graph, self.surroundings, self.clock = graph, surroundings, clock
        self.sessions = Sessions(graph.settings, self.close_session, self._delete, clock)
        self._tasks: Tasks | None = None
        """Where things go on; None while the scheduler does not serve."""
        self._partings = 0
        self._when_parted: Callable[[], object] | None = None

    @abstractmethod
    def trigger(
        self,
        session: Session,
        source: Node | Listener,
        event: str,
        data: dict[str, Any] | None = None,
        *,
        target: Node | None = None,
        origin: str | None = None,
        js: dict[int, Any] | None = None,
        only: Container[int] | None = None,
    ) -> list[Listener]:
        """Dispatch all listeners bound to ``event`` of ``source``."""

    @abstractmethod
    def _dispatch(self, session: Session, listener: Listener, cause: Cause, begun: Any = None) -> bool:
        """Dispatch one listener; whether it takes it."""

    @abstractmethod
    def cancel(self, runs: Iterable[Run]) -> None:
        """Cancel runs, each as its state demands."""

    def failed(self, what: str, error: BaseException) -> None:
        """Something beside the runs has failed, and nothing else: say so in the log and where it is shown."""
        detach(error)
        annotate(error)
        logger.error("%s failed", what, exc_info=error)
        try:
            self.surroundings.broke(what, error)
        except Exception:
            logger.exception("what failed could not be told")

    # -- opening

    def open_session(self, session: Session, origin: str | None, js: dict[int, Any] | None = None) -> None:
        """The first view of a session is up: dispatch load listeners (EV-190) and start the timers."""
        session.opened = True
        self.sessions.use(session)
        for node in self.graph.stateful:
            if node.asks_for_initial and self._tasks is not None:
                self._tasks.start(self._make_state, session, node)
        self.trigger(session, self.graph.owner, "load", origin=origin, js=js)
        self.start_timers(session)

    def start_timers(self, session: Session) -> None:
        """Start those that do not go yet."""
        for node in self.graph.nodes.values():
            if node.ticks:
                self.ticker(session, node)

    def joined(self, session: Session, nodes: Iterable[Node], listeners: Iterable[Listener]) -> None:
        """Blocks and listeners have come to an open session: what `open_session` does, for them alone."""
        if not session.opened:
            return
        for node in nodes:
            if node.asks_for_initial and self._tasks is not None:
                self._tasks.start(self._make_state, session, node)
        load = Trigger(self.graph.owner, "load")
        for listener in listeners:
            if load in listener.triggers:
                self._dispatch(session, listener, Cause(self.graph.owner))
        for node in nodes:
            if node.ticks:
                self.ticker(session, node).follow(node)

    def ticker(self, session: Session, node: Node) -> Ticker:
        """The clock of a timer in a session; it is started when it is first asked for."""
        ticker = session.tickers.get(node._id)
        if ticker is None:
            fire: Callable[[Node], object] = lambda timer: self.trigger(session, timer, "tick")  # noqa: E731
            ticker = session.tickers[node._id] = Ticker(session, node, fire, self.failed)
            if self._tasks is not None:
                self._tasks.start(ticker.serve)
        return ticker

    async def _make_state(self, session: Session, node: Node) -> None:
        """Call the function that gives a State its initial value: the app loads (ST-23)."""
        await self.workers.run(lambda: None if session.closed else session.state(node))

    def touched(self, session: Session, node: Node) -> None:
        """Properties of ``node`` have changed in the session: a timer goes by the new ones."""
        if node.ticks and (ticker := session.tickers.get(node._id)) is not None:
            ticker.touch()

    def settle(self, session: Session, node: Node | None) -> None:
        """Take what waited for the answer to a value that a person has set, if that has come (TR-30)."""
        value, origin = session.precedence.due(session, node)
        if node is None or value is UNSET:
            return
        different = session.set_value(node, value)
        session.sink.deliver({node: {"value": value}})
        self.touched(session, node)
        if different and session.follows:
            self.trigger(session, node, "change", origin=origin)

    # -- closing

    def close_session(self, session: Session) -> None:
        """Cancel all runs of a session, let it go, and call what is to be called then (EV-278, EV-191)."""
        if session.closed:
            return
        session.closed = True
        session.watched = False
        for ticker in session.tickers.values():
            ticker.touch()
        self.cancel(session.runs())
        self.sessions.discard(session)
        if self._tasks is not None:
            self._partings += 1
            self._tasks.start(self._farewell, session)

    async def _farewell(self, session: Session) -> None:
        try:
            await self._call_at_end(session)
        finally:
            self._partings -= 1
            if not self._partings and self._when_parted is not None:
                self._when_parted()

    async def _call_at_end(self, session: Session) -> None:
        """Call what is to be called when a session has closed, in this order (ST-12)."""
        with anyio.CancelScope(shield=True):
            for listener in self.graph.triggered_by(self.graph.owner, "unload"):
                if listener.function is None:
                    continue
                call = Call(Run(listener, session, clock=self.clock), self.surroundings)
                try:
                    result = await self.apart.run(call.raw)
                    if hasattr(result, "__await__"):
                        with call.inside():
                            await result
                except BaseException as error:  # noqa: BLE001 - the others are called
                    self.failed(f"the unload listener {listener.told!r}", error)
                finally:
                    call.let_go()
            with self.surroundings.beside():
                await call_back(self.apart, session.states.take_all(), self.failed)

    def when_parted(self, call: Callable[[], object]) -> None:
        """Call ``call`` when all has been called that the sessions closed so far still want called."""
        self._when_parted = call
        if not self._partings:
            call()

    def forget(self, node: Node) -> None:
        """A block has been taken out of the app for good: no session keeps anything for it."""
        for session in self.sessions:
            self._delete(session.forget(node))

    def _delete(self, values: list[Kept]) -> None:
        if values and self._tasks is not None:
            self._tasks.start(self._call_back, values)

    async def _call_back(self, values: list[Kept]) -> None:
        with anyio.CancelScope(shield=True), self.surroundings.beside():
            await call_back(self.apart, values, self.failed)
