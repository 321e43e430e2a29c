"""Runs the js of listeners in pages, and brings what it gave back to the run that waits for it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nbblocks.core.runs import Run

from .messages import Begun

GONE = "the page was closed before its js had ended"


@dataclass(frozen=True)
class _Asked:
    run: Run
    view: str


class Scripts:
    """The js of one session's listeners (EV-150). On the loop only.

    A page begins the js of an event's listeners by itself and says so, under tickets of its own; for chains,
    timers and whatever else the kernel dispatches, one page is asked to.

    :param views: the live views
    :param ask: sends a custom message to the pages
    :param check: turns what a page gave for the inputs of a run into wire values, or raises ValueError
    :param ended: is told the run, the wire values, and what went wrong
    """

    def __init__(
        self,
        views: Callable[[], Sequence[str]],
        ask: Callable[[dict[str, Any]], None],
        check: Callable[[Run, Sequence[Any]], list[Any]],
        ended: Callable[[Run, Sequence[Any] | None, str | None], None],
    ) -> None:
        self._views, self._ask, self._check, self._ended = views, ask, check, ended
        self._asked: dict[str, _Asked] = {}

    def run_js(self, run: Run, begun: Begun | None) -> bool:
        """As `Page.run_js`: wait for what a page has begun, or ask one to begin."""
        origin = run.cause.origin
        if begun is not None and origin is not None:
            if "result" in begun or "error" in begun:
                self._finish(run, begun.get("result"), begun.get("error"))
            else:
                self._asked[begun["ticket"]] = _Asked(run, origin)
            return True
        views = self._views()
        if not views:
            return False
        view = origin if origin is not None and origin in views else views[0]
        ticket = secrets.token_hex(8)
        self._asked[ticket] = _Asked(run, view)
        self._ask({"type": "run_js", "view": view, "ticket": ticket, "listener": run.listener.id})
        return True

    def arrived(self, view: str, ticket: str, result: Sequence[Any] | None, error: str | None) -> None:
        """A page has the result. One that nobody waits for is dropped: its run was refused or cancelled."""
        asked = self._asked.get(ticket)
        if asked is not None and asked.view == view:
            del self._asked[ticket]
            self._finish(asked.run, result, error)

    def view_gone(self, view: str) -> None:
        """What was asked of this view is not going to come."""
        for ticket, asked in list(self._asked.items()):
            if asked.view == view:
                del self._asked[ticket]
                self._ended(asked.run, None, GONE)

    def _finish(self, run: Run, result: Sequence[Any] | None, error: str | None) -> None:
        if run.ended:
            return
        wires: list[Any] | None = None
        if error is None and run.listener.function is not None:
            try:
                wires = self._check(run, result or ())
            except ValueError as refusal:
                error = str(refusal)
        self._ended(run, wires, error)
