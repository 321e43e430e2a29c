"""What surrounds a run in an app: its files, its log, and nothing of the cell that happens to run."""

from __future__ import annotations

import contextlib
import logging
import weakref
from collections.abc import Generator
from typing import TYPE_CHECKING

from nbblocks.core.hints import annotate
from nbblocks.core.runs import Run

from . import cells, figures, output
from .logtarget import LogTarget
from .placing import open_layout
from .telling import format_error

if TYPE_CHECKING:
    from .host import Host

logger = logging.getLogger("nbblocks")

_NOTHING = contextlib.nullcontext()


class Surroundings:
    """Around each run of one app."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.kernel_id = cells.kernel_id()
        self.displayed: dict[str, None] = {}
        """Ids of displays that the log shows, and that can be updated."""
        self._target = LogTarget(host, None)
        self._targets: weakref.WeakKeyDictionary[Run, LogTarget] = weakref.WeakKeyDictionary()

    @contextlib.contextmanager
    def around(self, run: Run) -> Generator[None]:
        """Within a run: files go to the app's cache, prints to its log, nothing built joins a layout."""
        # Each run pays for what stands here.
        kept = self.host.cache.keeping() if self.host.delete_cache else _NOTHING
        layout_token = open_layout.set(None)
        try:
            with (
                self.host.cache_active(),
                kept,
                output.captured(self._target_of(run)),
                figures.apart(run),
            ):
                yield
        finally:
            open_layout.reset(layout_token)

    @contextlib.contextmanager
    def beside(self) -> Generator[None]:
        """Around what the app calls outside of runs, such as observers: its log takes what they print."""
        layout_token = open_layout.set(None)
        try:
            with self.host.cache_active(), output.captured(self._target):
                yield
        finally:
            open_layout.reset(layout_token)

    def observer_failed(self, what: str, error: BaseException) -> None:
        """Put into the log drawer what an observer has raised, or why a trait did not take a value."""
        annotate(error)
        logger.error("%s", what, exc_info=error)
        self.host.outbox.log("error", f"{what}:\n{format_error(error)}", None, None)

    def failed(self, run: Run, error: BaseException) -> None:
        """Put the traceback into the log drawer."""
        if run.session is self.host.session:
            self.host.outbox.log("error", format_error(error), run.listener.id, run.id)

    def broke(self, what: str, error: BaseException) -> None:
        """Put the traceback of what has failed beside the runs into the log drawer."""
        self.host.outbox.log("error", f"{what} failed\n{format_error(error)}", None, None)

    def _target_of(self, run: Run) -> LogTarget:
        found = self._targets.get(run)
        if found is None:
            found = self._targets[run] = LogTarget(self.host, run)
        return found
