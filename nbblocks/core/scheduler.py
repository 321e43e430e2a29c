"""The scheduler of one app: triggers, the queue, slots, and what follows a run."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Container, Iterable, Sequence
from concurrent.futures import Executor
from typing import Any
from weakref import WeakKeyDictionary

import anyio
import anyio.abc

from .calls import Call, Plain, Step, Surroundings
from .deadlocks import is_stuck
from .endings import tell
from .errors import DeadlockError, JavaScriptError, QueueFullError, ValidationError
from .execution import execute
from .graph import Graph
from .groups import Mean
from .lifecycle import Lifecycle
from .listeners import Listener
from .nodes import UNSET, Node
from .queueing import Queue
from .runs import NO_CAUSE, Cause, Outcome, Run, Watcher
from .sessions import Pending, Session, check_inputs, gather
from .stops import Stops
from .tasks import Lasting, Tasks, stopping
from .threads import Threads
from .tracebacks import detach
from .validation import refusals
from .workers import Workers, can_be_sent

logger = logging.getLogger("nbblocks")

FAREWELLS = 4
"""Threads for what is called when sessions and State end, whatever handlers hold all others."""


class Scheduler(Lifecycle):
    """Runs the listeners of one app. Every method belongs to its loop; `serve` must be running there.

    :param graph: the app's blocks and listeners
    :param surroundings: what user code is surrounded by
    :param clock: seconds, monotonic
    :param workers: where blocking work is done; None: in worker threads
    """

    def __init__(
        self,
        graph: Graph,
        surroundings: Surroundings | None = None,
        clock: Callable[[], float] = time.monotonic,
        workers: Workers | None = None,
    ) -> None:
        super().__init__(graph, surroundings or Plain(), clock)
        self.means: WeakKeyDictionary[Listener, Mean] = WeakKeyDictionary()
        self.queue = Queue(graph, self.means, clock, self._carry_out)
        self._given_workers = workers
        self._stop: anyio.Event | None = None
        self.stops = Stops(self)

    async def serve(self, *, task_status: anyio.abc.TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Run until `stop`, then until the functions that are busy have ended."""
        self._stop = anyio.Event()
        threads, apart = Threads(self.graph.settings.max_threads), Threads(FAREWELLS)
        self.workers, self.apart = self._given_workers or threads, self._given_workers or apart
        async with anyio.create_task_group() as beside:
            lasting = self.stops.tasks = Tasks(beside, self.failed)
            for serve in (self.queue.announcer.serve, self.sessions.sweep):
                lasting.start(Lasting(serve, self.failed).run)
            try:
                async with anyio.create_task_group() as group:
                    self._tasks = self.queue.tasks = Tasks(group, self.failed)
                    task_status.started()
                    await self._stop.wait()
            finally:
                self._tasks = self.queue.tasks = self.stops.tasks = None
                threads.close()
                apart.close()
            beside.cancel_scope.cancel()

    def give_up(self, error: BaseException) -> None:
        """It has ended unasked, of ``error``: nothing is left under way, and it may serve again."""
        self.queue.forget()
        for session in self.sessions:
            for ticker in session.tickers.values():
                ticker.stop()
            session.tickers.clear()
            for run in session.runs():
                run.cancelled = True  # its function may go on, unheard
                told = RuntimeError("the app's scheduler has ended unasked, and this run with it")
                told.__cause__ = error
                self._end(run, "error", told)

    def stop(self) -> None:
        """Take no further runs."""
        if self._stop is not None:
            self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether the scheduler itself is being cancelled, and not one of its handlers."""
        return stopping()

    @property
    def serving(self) -> bool:
        """Whether it takes runs."""
        return self._tasks is not None and self._stop is not None and not self._stop.is_set()

    @property
    def idle(self) -> bool:
        """Whether nothing goes on."""
        return self._tasks is None or not self._tasks.busy

    @property
    def waiting(self) -> int:
        """Number of runs in the queue that have not started."""
        return self.queue.waiting

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
        js: dict[int, Any] | None = None,
        only: Container[int] | None = None,
    ) -> list[Listener]:
        """Dispatch all listeners bound to ``event`` of ``source``, in registration order (EV-120).

        :param js: what the page that raised the event has said of the js it began, by listener
        :param only: ids of the listeners that are meant; None: all
        :return: those that were too busy to take it, and go without
        """
        if target is None and isinstance(source, Node):
            target = source
        cause = Cause(target, data, origin)
        # What the page has begun serves one run: a second one of the same message has its js run anew.
        return [
            listener
            for listener in self.graph.triggered_by(source, event)
            if (only is None or listener.id in only)
            and not self._dispatch(session, listener, cause, js.pop(listener.id, None) if js else None)
        ]

    def _dispatch(self, session: Session, listener: Listener, cause: Cause, begun: Any = None) -> bool:
        if session.closed or self._tasks is None or not self.graph.knows(listener):
            return True
        self.cancel(session.runs(listener.cancels))
        pending = session.pending.get(listener)
        if pending is not None:
            if listener.trigger_mode == "once":
                return False
            if listener.trigger_mode == "always_last":
                pending.noted = lambda: self._dispatch(session, listener, cause)
                pending.noted_of = cause.target
                return True
        if listener.function is None and (session.page is None or not listener.js):
            self._follow(session, listener, "complete", cause)
            return True
        run = self._run(session, listener, cause)
        try:
            run.values = gather(session, listener)
        except Exception as error:  # noqa: BLE001 - a component's own code: the other listeners have their turn
            self._end(run, "error", error)
            return True
        if not (listener.js and session.page is not None and session.page.run_js(run, begun)):
            self._proceed(run)
        return True

    def js_ended(self, run: Run, result: Sequence[Any] | None, error: str | None = None) -> None:
        """The js of a run's listener has ended in the page (EV-152, EV-153).

        :param result: wire values that replace the inputs, or the outputs of a listener without a function
        :param error: what went wrong, if something did
        """
        if run.ended:
            return
        listener = run.listener
        if error is not None:
            self._end(run, "error", JavaScriptError(error))
            return
        if listener.function is not None:
            given, wanted = len(result or ()), len(listener.inputs)
            if given < wanted:
                text = f"the js of {listener.told!r} gave {given} values, its function needs {wanted}"
                self._end(run, "error", ValueError(text))
                return
            kept = zip(listener.inputs, result or (), strict=False)
            run.values = {i: value for i, (node, value) in enumerate(kept) if not node.stateful}
        self._proceed(run)

    def submit(
        self,
        session: Session,
        listener: Listener,
        values: Sequence[Any],
        watcher: Watcher | None = None,
        data: dict[str, Any] | None = None,
        caller: Run | None = None,
    ) -> Run:
        """Run ``listener`` with the given wire values, one per input (None for State): a Client's call.

        If there are too few values the run ends in error (EV-26).

        :param data: what the listener is told of the event of its first trigger; None if there was none
        :param caller: the run whose handler waits for this one
        """
        source = listener.triggers[0].source if data is not None and listener.triggers else None
        cause = Cause(source if isinstance(source, Node) else None, data) if data is not None else NO_CAUSE
        run = self._run(session, listener, cause, watcher)
        if caller is not None:
            caller.waits_for = run
        if session.closed:
            self._end(run, "cancelled", None)
            return run
        try:
            check_inputs(listener)
            if len(values) < len(listener.inputs):
                raise ValueError(f"{listener.told!r} needs {len(listener.inputs)} values, got {len(values)}")
        except ValueError as error:
            self._end(run, "error", error)
            return run
        run.values = dict(zip(range(len(listener.inputs)), values, strict=False))
        self._proceed(run)
        if caller is not None and is_stuck(run):
            self.queue.discard(run)
            text = f"{listener.told!r} would wait for ever: its handler holds the slot that it waits for"
            self._end(run, "error", DeadlockError(text))
        return run

    def _run(self, session: Session, listener: Listener, cause: Cause, watcher: Watcher | None = None) -> Run:
        run = Run(listener, session, cause, watcher=watcher, clock=self.clock)
        run.stop = self.stops.interrupt
        self.sessions.use(session)
        session.pending.setdefault(listener, Pending()).runs[run] = None
        return run

    def _proceed(self, run: Run) -> None:
        """All that comes before the queue is done but for the validator."""
        if run.listener.function is None:
            self._end(run, "complete", None)
        elif run.listener.validator is not None and self._tasks is not None:
            self._tasks.start(self._validate, run)
        else:
            self._enqueue(run)

    def _enqueue(self, run: Run) -> None:
        try:
            self.queue.accept(run)
        except QueueFullError as error:
            self._end(run, "error", error)

    async def _carry_out(self, runs: Sequence[Run]) -> None:
        self.stops.going.update(runs)
        try:
            await execute(self, runs)
        finally:
            self.stops.going.difference_update(runs)
            for run in runs:  # one that has no end would be shown, and waited for, for ever
                if not run.ended:
                    self._end(run, "error", RuntimeError("the run was given up: see the log of the kernel"))
            del runs  # who keeps an exception of the user's code keeps this frame

    async def _validate(self, run: Run) -> None:
        """Let the validator look at the preprocessed inputs; queue the run if it has nothing against it."""
        validator = run.listener.validator
        assert validator is not None
        call = Call(run, self.surroundings, function=validator)
        try:
            refused = await self.workers.run(lambda: refusals(run, call.raw()))
        except BaseException as error:
            if self.stopping:
                raise
            if not run.ended:
                self._end(run, "error", error)
            return
        finally:
            call.let_go()
        if run.ended:
            return
        if not refused:
            self._enqueue(run)
            return
        run.status(None, validation={node._id: message for node, message in refused.items()})
        self._end(run, "refused", ValidationError("; ".join(text for text in refused.values() if text)))

    def executor_of(self, listener: Listener) -> Executor | None:
        """Where the listener's function runs, None for this process."""
        executor = listener.executor or self.graph.settings.executor
        if executor is None or listener.function is None or not can_be_sent(listener.function):
            return None
        return executor

    # -- steps and ends, called by the execution

    def deliver(self, run: Run, step: Step, *, generating: bool) -> None:
        """Apply a step to the session, show it, and dispatch what it causes (EV-129)."""
        session = run.session
        if run.cancelled or session.closed:
            return
        changes: dict[Node, dict[str, Any]] = {}
        changed: list[Node] = []
        for delivery in step.deliveries:
            if delivery.apply is not None:  # it may fail, so it comes first
                delivery.apply(session)
        for delivery in step.deliveries:
            node = self.graph.current(delivery.node)
            if node is None or delivery.apply is not None:
                continue
            if node.stateful:
                session.write_state(node, delivery.value)
                continue
            if delivery.configured is not None:
                session.configure(node, delivery.configured)
            props = dict(delivery.props)
            if delivery.value is not UNSET and session.precedence.takes(session, run, node, delivery.value):
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
            run.status("streaming" if run.listener.streaming else "generating", time=run.took)
        for node in changes:
            self.touched(session, node)
        if session.follows:
            self.changed(session, changed, run.cause.origin)
            for node in step.changed_states:
                self.trigger(session, self.graph.current(node) or node, "change", origin=run.cause.origin)
        run.answered = True
        self.settle(session, run.cause.target)

    def changed(self, session: Session, nodes: Iterable[Node], origin: str | None = None) -> None:
        """Dispatch the change events of ``nodes``, whose values became different."""
        for node in nodes:
            self.trigger(session, node, "change", origin=origin)

    def end(self, run: Run, error: BaseException | None = None) -> None:
        """End a run as its function did; nothing happens if it has ended before."""
        if run.ended:
            return
        if run.cancelled:  # it was stopped, and whatever has come of it is dropped
            self._end(run, "cancelled", None)
            return
        if error is None and (took := run.took) is not None:
            self.means.setdefault(run.listener, Mean()).add(took)
        self._end(run, "complete" if error is None else "error", error)

    def cancel(self, runs: Iterable[Run]) -> None:
        """Cancel runs, each as its state demands (EV-273); for the session they end at once."""
        for run in list(runs):
            if run.ended:
                continue
            run.cancelled = True
            self.queue.discard(run)
            if run.interrupt is not None:
                run.interrupt()
            self._end(run, "cancelled", None)
            self.stops.watch(run)

    def interrupt(self, run: Run) -> None:
        """Stop a run: as `Stops.interrupt`."""
        self.stops.interrupt(run)

    def _end(self, run: Run, outcome: Outcome, error: BaseException | None) -> None:
        if error is not None:
            detach(error)
        with run.lock:
            run.ended, run.answered, run.outcome, run.error = True, True, outcome, error
        run.stop = None
        session, listener = run.session, run.listener
        try:
            tell(self, run, outcome, error)
        except BaseException as fault:  # noqa: BLE001 - it has ended all the same
            self.failed(f"telling the end of {listener.told!r}", fault)
        pending = session.pending[listener]
        del pending.runs[run]
        again: Callable[[], object] | None = None
        if not pending.runs:
            again = pending.noted
            del session.pending[listener]
        if run.watcher is not None:
            try:
                run.watcher.ended(outcome, error)
            except BaseException as fault:  # noqa: BLE001 - what follows it comes all the same
                self.failed(f"telling the end of {listener.told!r}", fault)
        if session.closed:
            return
        if outcome != "refused":
            self._follow(session, listener, outcome, run.cause)
        if again is not None:
            again()
        self.settle(session, run.cause.target)

    def _follow(self, session: Session, listener: Listener, outcome: Outcome, cause: Cause) -> None:
        """Dispatch the listeners chained to one that has ended (EV-161, EV-162)."""
        if session.follows:
            kind = "success" if outcome == "complete" else "failure"
            for event in (kind, "then"):
                self.trigger(session, listener, event, target=cause.target, origin=cause.origin)
