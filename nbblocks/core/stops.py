"""Stopping runs whose functions are at work, and telling of those that cannot be stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

from .endings import tell_stuck
from .runs import Run

if TYPE_CHECKING:
    from .scheduler import Scheduler
    from .tasks import Tasks

STUCK = 5.0
"""Seconds after which a function is told of that goes on though it was stopped."""


class Stops:
    """The functions at work in one app. On the scheduler's loop."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self.going: set[Run] = set()
        """The runs whose functions are at work, those that were cancelled too."""
        self.tasks: Tasks | None = None
        """Where what nobody waits for goes on; None while the scheduler does not serve."""
        self._watched: set[Run] = set()
        self._stopped: set[Run] = set()
        """Of those that go on those that somebody has stopped: the others, a listener has cancelled."""

    def interrupt(self, run: Run) -> None:
        """Stop a run: cancel it, and interrupt its function where it is. It ends when that has ended.

        One that was cancelled before, and goes on unheard, is interrupted likewise.
        """
        if run not in self.going:
            self._scheduler.cancel([run])
            return
        run.cancelled = True
        if not run.ended:
            run.status("pending", time=run.took, stopping=True)
        waited = run.waits_for
        if waited is not None and waited.stop is not None:
            waited.stop(waited)
        if run.interrupt is not None:
            run.interrupt()
        elif all(one.cancelled for one in self.going if one.reach is run.reach):  # those of a batch
            (run.reach.interrupt or run.reach.strike)()
        self._stopped.add(run)
        self.watch(run)

    def interrupt_all(self) -> None:
        """Stop all whose functions are at work."""
        for run in list(self.going):
            run.cancelled = True  # those of a batch together
        for run in list(self.going):
            self.interrupt(run)

    def watch(self, run: Run) -> None:
        """Tell of a cancelled run if its function goes on and holds a slot that others want."""
        if self.tasks is not None and run in self.going and run not in self._watched:
            self._watched.add(run)
            self.tasks.start(self._watch, run)

    async def _watch(self, run: Run) -> None:
        since = self._scheduler.clock()
        try:
            while True:
                await anyio.sleep(STUCK)
                if run not in self.going:
                    return
                if run in self._stopped or self._scheduler.queue.waits_behind(run):
                    tell_stuck(run, self._scheduler.clock() - since)
                    return
        finally:
            self._watched.discard(run)
            self._stopped.discard(run)
