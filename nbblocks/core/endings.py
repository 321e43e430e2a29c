"""What is said of a run's end."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from .errors import Error, QueueFullError, text_of
from .hints import annotate
from .markup import as_text
from .messages import Message
from .runs import Outcome, Run

if TYPE_CHECKING:
    from .scheduler import Scheduler

logger = logging.getLogger("nbblocks")


def tell(scheduler: Scheduler, run: Run, outcome: Outcome, error: BaseException | None) -> None:
    """Tell whoever looks how a run has ended."""
    listener = run.listener
    if outcome == "error" and error is not None:
        _fail(scheduler, run, error)
    elif listener.function is not None and outcome != "refused":
        run.status("complete", time=run.took)
        if outcome == "complete" and listener.scroll_to_output and listener.outputs and run.cause.origin:
            run.session.sink.scroll(listener.outputs[0], run.cause.origin)
    elif listener in run.session.marked:
        run.session.marked.discard(listener)
        run.status("complete")


def _fail(scheduler: Scheduler, run: Run, error: BaseException) -> None:
    own = error if isinstance(error, Error) else None
    if run.listener.function is None:
        run.session.marked.add(run.listener)
    if own is None or own.traced:
        annotate(error)
        logger.error("the listener %r failed", run.listener.told, exc_info=error)
        scheduler.surroundings.failed(run, error)
    told = Message("error", as_text(text_of(error)), "Error", listener=run.listener.id)
    if own is not None:
        told = Message("error", own.markup, own.title, own.duration or None, own.visible, run.listener.id)
    shown = own is not None or scheduler.graph.settings.show_error or isinstance(error, QueueFullError)
    run.status(
        "error",
        time=run.took,
        message=told.message if shown else None,
        title=told.title,
        duration=told.duration,
        visible=told.visible,
    )
    if shown and told.visible:
        run.session.sink.message(told)


def tell_stuck(run: Run, seconds: float) -> None:
    """Tell of a function that goes on though its run was stopped so many seconds ago."""
    since = time.strftime("%H:%M:%S", time.localtime(time.time() - (run.took or 0)))
    at = f", at {run.reach.at}," if run.reach.at else ""
    text = (
        f"{run.listener.told} runs since {since}{at} and goes on though it was stopped {seconds:.0f} seconds "
        "ago. Its place in the queue is free when it returns. Stop it again by interrupting the kernel; code "
        "that is not Python's is ended by a restart alone."
    )
    logger.warning("%s", text)
    run.session.sink.message(Message("warning", as_text(text), "Not stopped", None, True, run.listener.id))
