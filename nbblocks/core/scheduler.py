"""The scheduler of one app: triggers, the queue, slots, and what follows a run."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import anyio
import anyio.abc

from .calls import Plain, Step, Surroundings
from .errors import Error, QueueFullError
from .execution import execute
from .graph import Graph, group_key
from .groups import Group, Mean
from .listeners import Listener
from .nodes import UNSET, Node
from .runs import Outcome, Run, Watcher
from .sessions import Pending, Session

logger = logging.getLogger("nbblocks")
ANNOUNCED = 50
"""At most so many waiting runs of a group get new positions whenever one starts; the rest keep theirs."""


class Scheduler:
    """Runs the listeners of one app. Every method belongs to its loop; `serve` must be running there.

    :param graph: the app's blocks and listeners
    :param surroundings: what user code is surrounded by
    :param clock: seconds, monotonic
    """

    def __init__(
        self,
        graph: Graph,
        surroundings: Surroundings | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.graph = graph
        self.surroundings: Surroundings = surroundings or Plain()
        self.clock = clock
        self.means: dict[Listener, Mean] = {}
        self._groups: dict[Any, Group] = {}
        self._tasks: anyio.abc.TaskGroup | None = None
        self._stop: anyio.Event | None = None
        self.limiter: anyio.CapacityLimiter | None = None

    async def serve(self, *, task_status: anyio.abc.TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Run until `stop`, then until the functions that are busy have ended."""
        self._stop = anyio.Event()
        self.limiter = anyio.CapacityLimiter(self.graph.settings.max_threads)
        async with anyio.create_task_group() as self._tasks:
            task_status.started()
            await self._stop.wait()

    def stop(self) -> None:
        """Take no further runs."""
        if self._stop is not None:
            self._stop.set()

    @property
    def waiting(self) -> int:
        """Number of runs in the queue that have not started."""
        return sum(len(group.waiting) for group in self._groups.values())

    # -- triggers

    def trigger(
        self,
        session: Session,
        source: Node | Listener,
        event: str,
        data: dict[str, Any] | None = None,
        *,
        target: Node | None = None,
        origin: str | None = None,
        js: dict[int, list[Any]] | None = None,
    ) -> None:
        """Dispatch all listeners bound to ``event`` of ``source``, in registration order (EV-120).

        :param js: what the page's functions gave, by listener: it replaces the inputs (EV-152); None if no
            page has raised the event
        """
        if target is None and isinstance(source, Node):
            target = source
        for listener in self.graph.triggered_by(source, event):
            if js is not None and listener.js and listener.id not in js:
                continue  # its js has failed in the page, which has told the user (EV-153)
            self._dispatch(session, listener, data, target, origin, (js or {}).get(listener.id))

    def _dispatch(
        self,
        session: Session,
        listener: Listener,
        data: dict[str, Any] | None,
        target: Node | None,
        origin: str | None,
        js: list[Any] | None = None,
    ) -> None:
        if session.closed or self._tasks is None:
            return
        self.cancel(session.runs(listener.cancels))
        pending = session.pending.get(listener)
        if pending is not None and pending.runs:
            if listener.trigger_mode == "once":
                return
            if listener.trigger_mode == "always_last":
                pending.noted = lambda: self._dispatch(session, listener, data, target, origin)
                return
        if listener.function is None:
            self._follow(session, listener, "complete", target, origin)
            return
        run = self._run(session, listener, data=data, target=target, origin=origin)
        try:
            run.values = gather(session, listener, js)
        except ValueError as error:
            self._end(run, "error", error)
            return
        self._accept(run)

    def submit(
        self,
        session: Session,
        listener: Listener,
        values: Sequence[Any],
        watcher: Watcher | None = None,
        data: dict[str, Any] | None = None,
    ) -> Run:
        """Run ``listener`` with the given wire values, one per input (None for State): a Client's call.

        :param data: what the listener is told of the event of its first trigger; None if there was none
        :raises QueueFullError: if the queue is full
        """
        source = listener.triggers[0].source if data is not None and listener.triggers else None
        target = source if isinstance(source, Node) else None
        run = self._run(session, listener, watcher=watcher, data=data, target=target)
        run.values = dict(enumerate(values))
        self._accept(run)
        return run

    def _run(self, session: Session, listener: Listener, **fields: Any) -> Run:
        run = Run(listener, session, values={}, accepted=self.clock(), **fields)
        session.pending.setdefault(listener, Pending()).runs.append(run)
        return run

    # -- the queue

    def _accept(self, run: Run) -> None:
        if not run.listener.queue:
            self._start(None, [run])
            return
        limit = self.graph.settings.max_size
        if limit is not None and self.waiting >= limit:
            size = self.waiting
            self._end(run, "error", QueueFullError(f"Queue is full. Max size is {limit} and size is {size}."))
            return
        group = self._group(run.listener)
        group.waiting.append(run)
        position = len(group.waiting) - 1
        eta = None if position else next(group.etas(self.means, self.clock()), None)
        run.status("pending", position=position, size=position + 1, eta=eta)
        self._fill(group)

    def _group(self, listener: Listener) -> Group:
        key = group_key(listener)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(None)
        group.limit = self.graph.limit_of(listener) if listener.id in self.graph.listeners else group.limit
        return group

    def _fill(self, group: Group) -> None:
        started = False
        while group.waiting and group.has_room:
            started = True
            self._start(group, group.take())
        if started and group.waiting:
            etas = group.etas(self.means, self.clock())
            for position, (run, eta) in enumerate(zip(group.waiting, etas, strict=False)):
                if position == ANNOUNCED:
                    break
                run.status("pending", position=position, size=len(group.waiting), eta=eta)

    def _start(self, group: Group | None, runs: list[Run]) -> None:
        now = self.clock()
        for run in runs:
            run.started = now
            mean = self.means.get(run.listener)
            size = len(group.waiting) if group else 0
            run.status("pending", position=0, size=size, eta=mean and mean.value, time=0.0)
        if group is not None:
            group.running.append(runs)
        assert self._tasks is not None
        self._tasks.start_soon(self._occupy, group, runs)

    async def _occupy(self, group: Group | None, runs: list[Run]) -> None:
        try:
            await execute(self, runs)
        finally:
            if group is not None:
                group.running.remove(runs)
                self._fill(group)

    # -- steps and ends, called by the execution

    def deliver(self, run: Run, step: Step, *, generating: bool) -> None:
        """Apply a step to the session, show it, and dispatch what it causes (EV-129)."""
        session = run.session
        if run.cancelled or session.closed:
            return
        changes: dict[Node, dict[str, Any]] = {}
        changed: list[Node] = []
        for delivery in step.deliveries:
            node = delivery.node
            if node.stateful:
                session.write_state(node, delivery.value)
                continue
            if delivery.configured is not None:
                session.configure(node, delivery.configured)
            props = dict(delivery.props)
            if delivery.value is not UNSET:
                props["value"] = delivery.value
                if session.set_value(node, delivery.value):
                    changed.append(node)
            if props:
                changes[node] = props
        if changes:
            session.sink.deliver(changes)
        if run.watcher is not None:
            run.watcher.step(step.deliveries)
        if generating:
            run.status("generating", time=self._took(run))
        if session.follows:
            self.changed(session, changed, run.origin)
            for node in step.changed_states:
                self.trigger(session, node, "change", origin=run.origin)

    def changed(self, session: Session, nodes: Iterable[Node], origin: str | None = None) -> None:
        """Dispatch the change events of ``nodes``, whose values became different."""
        for node in nodes:
            self.trigger(session, node, "change", origin=origin)

    def end(self, run: Run, error: BaseException | None = None) -> None:
        """End a run as its function did; nothing happens if it was cancelled before."""
        if run.started is not None and error is None and not run.cancelled:
            self.means.setdefault(run.listener, Mean()).add(self.clock() - run.started)
        if not run.ended:
            self._end(run, "complete" if error is None else "error", error)

    def cancel(self, runs: Iterable[Run]) -> None:
        """Cancel runs, each as its state demands (EV-273); for the session they end at once."""
        for run in list(runs):
            if run.ended:
                continue
            run.cancelled = True
            if run.batch_scope is not None:
                run.batch_scope.cancel()
            group = self._groups.get(group_key(run.listener))
            if group is not None and run in group.waiting:
                group.waiting.remove(run)
            self._end(run, "cancelled", None)

    def close_session(self, session: Session) -> None:
        """Cancel all runs of a session and let it go."""
        session.closed = True
        session.watched = True
        self.cancel(session.runs())

    def _end(self, run: Run, outcome: Outcome, error: BaseException | None) -> None:
        run.ended, run.outcome, run.error = True, outcome, error
        if error is not None:
            self._fail(run, error)
        else:
            run.status("complete", time=self._took(run))
        session, listener = run.session, run.listener
        pending = session.pending[listener]
        pending.runs.remove(run)
        again, pending.noted = (pending.noted, None) if not pending.runs else (None, pending.noted)
        if not pending.runs:
            del session.pending[listener]
        if run.watcher is not None:
            run.watcher.ended(outcome, error)
        if not session.closed:
            self._follow(session, listener, outcome, run.target, run.origin)
            if again is not None:
                again()

    def _fail(self, run: Run, error: BaseException) -> None:
        own = error if isinstance(error, Error) else None
        if own is None or own.print_exception:
            logger.error("the listener %r failed", run.listener.name, exc_info=error)
            self.surroundings.failed(run, error)
        if own is not None:
            told = {
                "message": own.message,
                "title": own.title,
                "duration": own.duration or None,
                "visible": own.visible,
            }
        elif self.graph.settings.show_error or isinstance(error, QueueFullError):
            told = {"message": str(error) or type(error).__name__, "title": "Error", "duration": 10.0}
        else:
            told = {"message": None, "title": "Error"}
        run.status("error", time=self._took(run), **told)

    def _follow(
        self, session: Session, listener: Listener, outcome: Outcome, target: Node | None, origin: str | None
    ) -> None:
        if not session.follows:
            return
        self.trigger(
            session, listener, "success" if outcome == "complete" else "failure", target=target, origin=origin
        )
        self.trigger(session, listener, "then", target=target, origin=origin)

    def _took(self, run: Run) -> float | None:
        return None if run.started is None else self.clock() - run.started


def gather(session: Session, listener: Listener, js: list[Any] | None = None) -> dict[int, Any]:
    """The wire values of a listener's inputs, by place, State left out (EV-23).

    :raises InvalidComponentError: if an input has no value
    :raises ValueError: if ``js`` gave fewer values than there are inputs (EV-26)
    """
    from .errors import InvalidComponentError

    if js is not None and len(js) < len(listener.inputs):
        raise ValueError(
            f"the js of {listener.name!r} gave {len(js)} values, its function needs {len(listener.inputs)}"
        )
    values: dict[int, Any] = {}
    for index, node in enumerate(listener.inputs):
        if not node.has_value:
            raise InvalidComponentError(
                f"input {index} of {listener.name!r} is a {node.type_name}, which has no value"
            )
        if not node.stateful:
            values[index] = session.value(node) if js is None else js[index]
    return values
