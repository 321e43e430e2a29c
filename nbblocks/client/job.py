"""Job: one call of a Client, on its way or done."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from typing import Any

from nbblocks.core.errors import AppError, DeadlockError, Error, QueueFullError, ValidationError
from nbblocks.core.listeners import Listener
from nbblocks.core.messages import Message, Status
from nbblocks.core.nodes import UNSET
from nbblocks.core.results import Delivery
from nbblocks.core.runs import Outcome
from nbblocks.core.updates import update

from .files import paths_of

logger = logging.getLogger("nbblocks")

_END: Any = object()


@dataclass
class JobStatus:
    """Where a job stands: ``code`` as in Gradio's client, places and times in seconds (AP-89)."""

    code: str = "STARTING"
    rank: int | None = None
    queue_size: int | None = None
    eta: float | None = None
    success: bool | None = None
    time: float | None = None
    progress_data: list[dict[str, Any]] | None = None
    log: tuple[str, str] | None = None


@dataclass
class _Progress:
    steps: list[Any] = field(default_factory=list[Any])
    waiters: list[queue.SimpleQueue[Any]] = field(default_factory=list["queue.SimpleQueue[Any]"])


class Job:
    """One call: wait with `result`, look with `status`, iterate over the steps of a generator.

    :param listener: what runs
    :param cancel: asks the scheduler to cancel the run
    """

    def __init__(self, listener: Listener, cancel: Callable[[], None], *, show_error: bool = True) -> None:
        self.listener = listener
        self._ask_to_cancel = cancel
        self._show_error = show_error
        self._future: Future[Any] = Future()
        self._lock = threading.Lock()
        self._progress = _Progress()
        self._status = JobStatus()
        self.deliveries: list[Sequence[Delivery]] = []
        """What each step delivered, in wire form."""

    # -- for the caller

    def result(self, timeout: float | None = None) -> Any:
        """Wait for the end and return the last step.

        :param timeout: seconds to wait
        :raises TimeoutError: if it takes longer
        :raises AppError: if the handler failed
        :raises concurrent.futures.CancelledError: if the job was cancelled
        """
        return self._future.result(timeout)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """Wait for the end and return the error, if there was one."""
        return self._future.exception(timeout)

    def outputs(self) -> list[Any]:
        """The steps so far."""
        with self._lock:
            return list(self._progress.steps)

    def status(self) -> JobStatus:
        """Where the job stands."""
        return self._status

    def done(self) -> bool:
        """Whether it has ended."""
        return self._future.done()

    def cancel(self) -> bool:
        """Cancel the run, as its state demands; False if it has ended already."""
        if self._future.done():
            return False
        self._ask_to_cancel()
        return True

    def add_done_callback(self, fn: Callable[[Job], object]) -> None:
        """Call ``fn`` with the job when it has ended, in a thread of its own."""

        def call() -> None:
            try:
                fn(self)
            except Exception:
                logger.exception("a callback of a job of %r failed", self.listener.name)

        # The end is told on the scheduler's loop, where no code of the user's may run.
        self._future.add_done_callback(
            lambda _: threading.Thread(target=call, name="nbblocks-callback", daemon=True).start()
        )

    def __iter__(self) -> Iterator[Any]:
        steps: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with self._lock:
            for one in self._progress.steps:
                steps.put(one)
            if self._future.done():
                steps.put(_END)
            else:
                self._progress.waiters.append(steps)
        while (one := steps.get()) is not _END:
            yield one
        error = None if self._future.cancelled() else self._future.exception()
        if error is not None:
            raise error

    # -- for the scheduler

    def step(self, deliveries: Sequence[Delivery]) -> None:
        """A step has been delivered."""
        value = output_of(self.listener, deliveries)
        with self._lock:
            self.deliveries.append(deliveries)
            self._progress.steps.append(value)
            for waiter in self._progress.waiters:
                waiter.put(value)

    def status_changed(self, status: Status) -> None:
        """The run's status has changed."""
        code = "PROCESSING"
        if status.progress_data is not None:
            code = "PROGRESS"
        elif status.stage == "generating":
            code = "ITERATING"
        elif status.stage == "pending" and (status.position or 0) > 0:
            code = "IN_QUEUE"
        if not status.terminal:
            self._status = JobStatus(
                code, status.position, status.size, status.eta, None, status.time, status.progress_data
            )

    def message(self, message: Message) -> None:
        """The run has sent a toast."""
        self._status = JobStatus("LOG", log=(message.message, message.level))

    def ended(self, outcome: Outcome, error: BaseException | None) -> None:
        """The run has ended."""
        if outcome == "cancelled":
            self._status = JobStatus("CANCELLED", 0, success=False)
            self._future.cancel()
            self._future.set_running_or_notify_cancel()
        elif error is not None:
            code = "QUEUE_FULL" if isinstance(error, QueueFullError) else "FINISHED"
            self._status = JobStatus(code, 0, success=False)
            self._future.set_exception(self._told(error))
        else:
            self._status = JobStatus("FINISHED", 0, success=True)
            steps = self.outputs()
            self._future.set_result(steps[-1] if steps else None)
        with self._lock:
            for waiter in self._progress.waiters:
                waiter.put(_END)
            self._progress.waiters.clear()

    def _told(self, error: BaseException) -> BaseException:
        if isinstance(error, DeadlockError):
            return error
        if isinstance(error, (Error, QueueFullError, ValidationError)):
            told = AppError(str(error))
        elif self._show_error:
            told = AppError(f"{type(error).__name__}: {error}")
        else:
            told = AppError("The app has raised an error; launch it with show_error=True to be told which.")
        told.__cause__ = error
        return told


class Watching:
    """The scheduler's view of a job, whose own ``status`` is the caller's."""

    def __init__(self, job: Job) -> None:
        self.step, self.status = job.step, job.status_changed
        self.message, self.ended = job.message, job.ended


def output_of(listener: Listener, deliveries: Sequence[Delivery]) -> Any:
    """What a Client gets of a step: one value, a tuple for several outputs, () for none (AP-85)."""
    by_node = {delivery.node._id: delivery for delivery in deliveries}
    values: list[Any] = []
    for node in listener.outputs:
        if node.stateful or node.skip_api:
            continue
        values.append(wire_of(by_node.get(node._id)))
    return values[0] if len(values) == 1 else tuple(values)


def wire_of(delivery: Delivery | None, *, paths: bool = True) -> Any:
    """One delivered output: its wire value, or an update dict if properties were set."""
    if delivery is None:
        return update()
    value = delivery.value if not paths else paths_of(delivery.value)
    if not delivery.props and delivery.configured is None:
        return value
    return {**update(), **delivery.props, **({} if delivery.value is UNSET else {"value": value})}


__all__ = ["CancelledError", "Job", "JobStatus", "Watching", "output_of", "wire_of"]
