"""Job: one call of a Client, on its way or done."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from enum import Enum
from typing import Any

from nbblocks.bridge.portal import portal
from nbblocks.core.context import current_run
from nbblocks.core.errors import (
    AppError,
    DeadlockError,
    Error,
    MessageError,
    QueueFullError,
    ValidationError,
    text_of,
)
from nbblocks.core.listeners import Listener
from nbblocks.core.messages import Message, Status
from nbblocks.core.nodes import UNSET
from nbblocks.core.results import Delivery
from nbblocks.core.runs import Outcome, Run
from nbblocks.core.updates import update

from .files import paths_of

logger = logging.getLogger("nbblocks")

_END: Any = object()


class StatusCode(str, Enum):
    """Where a job stands, in Gradio's words (AP-89)."""

    STARTING = "STARTING"
    JOINING_QUEUE = "JOINING_QUEUE"
    IN_QUEUE = "IN_QUEUE"
    SENDING_DATA = "SENDING_DATA"
    PROCESSING = "PROCESSING"
    PROGRESS = "PROGRESS"
    ITERATING = "ITERATING"
    LOG = "LOG"
    FINISHED = "FINISHED"
    CANCELLED = "CANCELLED"
    QUEUE_FULL = "QUEUE_FULL"


@dataclass(frozen=True)
class ProgressUnit:
    """One progress bar: ``index`` of ``length`` done, or ``progress`` in 0..1."""

    index: float | None = None
    length: float | None = None
    unit: str | None = None
    progress: float | None = None
    desc: str | None = None


@dataclass
class JobStatus:
    """Where a job stands: places are 0-based, times in seconds (AP-89)."""

    code: StatusCode = StatusCode.STARTING
    rank: int | None = None
    queue_size: int | None = None
    eta: float | None = None
    success: bool | None = None
    time: float | None = None
    progress_data: list[ProgressUnit] | None = None
    log: tuple[str, str] | None = None


class Job(Future[Any]):
    """One call: wait with `result` or ``await``, look with `status`, iterate over the steps of a generator.

    `result` and `exception` take a timeout in seconds and raise TimeoutError when it is over; the error of a
    failed handler is an `AppError`, that of a cancelled job a `concurrent.futures.CancelledError`.

    :param name: what runs, for messages
    :param cancel: asks for the end of the run
    """

    def __init__(self, name: str, cancel: Callable[[], None]) -> None:
        super().__init__()
        self.name = name
        self._ask_to_cancel = cancel
        self._lock = threading.Lock()
        self._steps: list[Any] = []
        self._readers: list[queue.SimpleQueue[Any]] = []
        self._status = JobStatus()
        self._cancelling = False
        self._on_status: Callable[[JobStatus], object] = lambda status: None

    # -- for the caller

    def outputs(self) -> list[Any]:
        """The steps so far."""
        with self._lock:
            return list(self._steps)

    def status(self) -> JobStatus:
        """Where the job stands."""
        return self._status

    def cancel(self) -> bool:
        """Cancel the run, as its state demands (AP-90); False if it has ended already."""
        if self.done():
            return False
        self._cancelling = True
        self._status = JobStatus(StatusCode.CANCELLED, 0, success=False)
        self._ask_to_cancel()
        return True

    def add_done_callback(self, fn: Callable[[Job], object]) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Call ``fn`` with the job when it has ended, in a thread of its own."""

        def call() -> None:
            try:
                fn(self)
            except Exception:
                logger.exception("a callback of a job of %r failed", self.name)

        # The end is told on the scheduler's loop, where no code of the user's may run.
        super().add_done_callback(
            lambda _: threading.Thread(target=call, name="nbblocks-callback", daemon=True).start()
        )

    def __iter__(self) -> Iterator[Any]:
        """Yield the steps as they come, until the job has ended, however that was: `result` tells."""
        steps: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with self._lock:
            for one in self._steps:
                steps.put(one)
            if self.done():
                steps.put(_END)
            else:
                self._readers.append(steps)
        while (one := steps.get()) is not _END:
            yield one

    def __await__(self) -> Generator[Any, None, Any]:
        """``await job``: its result, in any coroutine; a handler's too."""
        import asyncio

        self.waited_for()
        return asyncio.wrap_future(self).__await__()

    def result(self, timeout: float | None = None) -> Any:
        """Wait for the result, at most ``timeout`` seconds; for a generator, its last step.

        :raises AppError: if the handler failed
        :raises TimeoutError: if it is not there in time
        :raises RuntimeError: where waiting would never end: in a coroutine handler, which would wait for
            itself, and in a handler that holds the slot which the job needs
        """
        self._check(timeout)
        try:
            return super().result(timeout)
        finally:
            del self  # what is raised holds this frame

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """As `result`, for the error: None if it went well."""
        self._check(timeout)
        return super().exception(timeout)

    def _check(self, timeout: float | None) -> None:
        if self.done():
            return
        if portal.on_loop:
            raise RuntimeError(
                "a coroutine handler that waits here would wait for itself: use await client.submit(...)"
            )
        if timeout is None:
            self.waited_for()

    def waited_for(self) -> None:
        """The code at hand is going to wait for the job, however long that takes."""

    # -- for who runs it

    def add_step(self, value: Any) -> None:
        """A step has come."""
        with self._lock:
            self._steps.append(value)
            for reader in self._readers:
                reader.put(value)

    def follow(self, on_status: Callable[[JobStatus], object]) -> None:
        """Call ``on_status`` with the status as it is, and with each later one, in any thread."""
        self._on_status = on_status
        on_status(self._status)

    def set_status(self, status: JobStatus) -> None:
        """The status is another; that of a job which is cancelled stays."""
        if not self._cancelling and not self.done():
            self._status = status
            self._on_status(status)

    def end(self, outcome: Outcome, error: BaseException | None) -> None:
        """The run has ended; further calls do nothing."""
        if self.done():
            return
        if outcome == "cancelled":
            self._status = JobStatus(StatusCode.CANCELLED, 0, success=False)
            super().cancel()
            self.set_running_or_notify_cancel()
        elif error is not None:
            code = StatusCode.QUEUE_FULL if isinstance(error, QueueFullError) else StatusCode.FINISHED
            self._status = JobStatus(code, 0, success=False)
            self.set_exception(self._told(error))
        else:
            self._status = JobStatus(StatusCode.FINISHED, 0, success=True)
            self.set_result(self._steps[-1] if self._steps else None)
        with self._lock:
            for reader in self._readers:
                reader.put(_END)
            self._readers.clear()

    def _told(self, error: BaseException) -> BaseException:
        return error


class LocalJob(Job):
    """A job of an app in this kernel.

    :param listener: what runs
    :param show_error: whether the text of any error is told, and not of `Error` alone
    :param raw: steps are lists of wire values and updates, files as records, for all outputs but State
    """

    def __init__(
        self, listener: Listener, cancel: Callable[[], None], *, show_error: bool = True, raw: bool = False
    ) -> None:
        super().__init__(listener.name, cancel)
        self.listener = listener
        self._raw = raw
        self._show_error = show_error
        self.tell_caller: Callable[[Run], object] = lambda caller: None
        """Says that the handler of another run waits for this one (AP-92)."""
        self.deliveries: list[Sequence[Delivery]] = []
        """What each step delivered, in wire form."""

    def waited_for(self) -> None:
        """As `Job.waited_for`."""
        caller = current_run.get()
        if caller is not None and not self.done():
            self.tell_caller(caller)

    def step(self, deliveries: Sequence[Delivery]) -> None:
        """A step has been delivered."""
        # A State's object is not held: it may be large, and has a life of its own.
        self.deliveries.append([one for one in deliveries if not one.node.stateful])
        self.add_step((raw_of if self._raw else output_of)(self.listener, deliveries))

    def status_changed(self, status: Status) -> None:
        """The run's status has changed."""
        if status.terminal:
            return
        code, units = StatusCode.PROCESSING, None
        if status.progress_data is not None:
            code, units = StatusCode.PROGRESS, [ProgressUnit(**unit) for unit in status.progress_data]
        elif status.stage != "pending":
            code = StatusCode.ITERATING
        elif status.time is None:
            code = StatusCode.IN_QUEUE
        self.set_status(JobStatus(code, status.position, status.size, status.eta, None, status.time, units))

    def message(self, message: Message) -> None:
        """The run has sent a toast."""
        self.set_status(JobStatus(StatusCode.LOG, log=(message.written or message.message, message.level)))

    def _told(self, error: BaseException) -> BaseException:
        if isinstance(error, DeadlockError) and error.__traceback__ is None:
            return error  # this very call was refused; one that a handler let through has come up a stack
        if isinstance(error, (Error, QueueFullError, ValidationError, MessageError)):
            told = AppError(str(error))
        elif self._show_error:
            told = AppError(f"{type(error).__name__}: {text_of(error)}")
        else:
            told = AppError("The app has raised an error; launch it with show_error=True to be told which.")
        told.__cause__ = error
        return told


class Watching:
    """The scheduler's view of a job, whose own ``status`` is the caller's."""

    def __init__(self, job: LocalJob) -> None:
        self.step, self.status = job.step, job.status_changed
        self.message, self.ended = job.message, job.end


def output_of(listener: Listener, deliveries: Sequence[Delivery]) -> Any:
    """What a Client gets of a step: one value, a tuple for several outputs, () for none (AP-85)."""
    by_node = {delivery.node._id: delivery for delivery in deliveries}
    values: list[Any] = []
    for node in listener.outputs:
        if node.stateful or node.skip_api or not node.has_value:
            continue
        values.append(wire_of(by_node.get(node._id)))
    return values[0] if len(values) == 1 else tuple(values)


def raw_of(listener: Listener, deliveries: Sequence[Delivery]) -> list[Any]:
    """What stands for the step in another app: wire values and updates, of all outputs but State."""
    by_node = {delivery.node._id: delivery for delivery in deliveries}
    return [wire_of(by_node.get(node._id), paths=False) for node in listener.outputs if not node.stateful]


def wire_of(delivery: Delivery | None, *, paths: bool = True) -> Any:
    """One delivered output: its wire value, or an update dict if properties were set."""
    if delivery is None:
        return update()
    value = delivery.value if not paths else paths_of(delivery.value)
    if not delivery.is_update:
        return value
    return {**update(), **delivery.props, **({} if delivery.value is UNSET else {"value": value})}


__all__ = ["CancelledError", "Job", "JobStatus", "LocalJob", "StatusCode", "Watching", "output_of", "wire_of"]
