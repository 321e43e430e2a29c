"""What comes from pages: checked, put in order per view, handed to the app. The only reader of the comm."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from nbblocks.core.errors import MessageError

from .messages import PageMessage
from .parsing import parse, refused
from .portal import Portal
from .refusals import refusals

logger = logging.getLogger("nbblocks")

GAP_PATIENCE = 1.0
"""Seconds to wait for a message that others have overtaken, before going on without it."""
MAX_VIEWS = 1000
MAX_HELD = 1000

Handler = Callable[[PageMessage, Sequence[Any]], None]


class _View:
    """Order of one view's messages: the next number, and those that came too early."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self.held: dict[int, tuple[PageMessage, Sequence[Any]]] = {}


class Inbox:
    """Takes an app's messages from any thread; gives them to ``handle`` on the loop, in each view's order."""

    def __init__(self, portal: Portal, handle: Handler) -> None:
        self._portal = portal
        self._handle = handle
        self._views: dict[str, _View] = {}

    def receive(self, content: object, buffers: Sequence[Any]) -> None:
        """Check a custom message and hand it over. A bad one is logged and dropped; nothing else is lost."""
        if content == {"type": "nudge"}:
            return  # it has done its work on the wire
        try:
            message = parse(content, buffers)
        except MessageError as error:
            refusals.note("a message from the page was refused: %s", error)
            message, buffers = refused(content, error), ()
            if message is None:
                return
        self._portal.hand(self.arrived, message, buffers)

    def arrived(self, message: PageMessage, buffers: Sequence[Any]) -> None:
        """Put a checked message in its place. On the loop."""
        name, number = message["view"], message["seq"]
        view = self._views.get(name)
        if view is None:
            if len(self._views) >= MAX_VIEWS:
                self._views.pop(next(iter(self._views)))
            view = self._views[name] = _View(0)
        if number < view.expected or number in view.held or len(view.held) >= MAX_HELD:
            refusals.note("message %d of view %s came twice or much too early: dropped", number, name)
            return
        view.held[number] = (message, buffers)
        self._release(view)
        if view.held:
            self._portal.later(GAP_PATIENCE, self._skip_gap, view, view.expected)

    def forget(self, view: str) -> None:
        """A view is gone for good."""
        self._views.pop(view, None)

    def _release(self, view: _View) -> None:
        while view.expected in view.held:
            message, buffers = view.held.pop(view.expected)
            view.expected += 1
            self.given(message, buffers)

    def given(self, message: PageMessage, buffers: Sequence[Any]) -> None:
        """Have a message handled whose turn it is. On the loop."""
        try:
            self._handle(message, buffers)
        except MessageError as error:
            refusals.note("a message from the page was refused: %s", error)
        except Exception:
            logger.exception("handling the message %r failed", message["type"])

    def _skip_gap(self, view: _View, expected: int) -> None:
        if view.held and view.expected == expected:
            view.expected = min(view.held)
            self._release(view)
