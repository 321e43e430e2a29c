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

    def __init__(self) -> None:
        self.expected = 0
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
        known = self._views.pop(name, None)
        if known is None and len(self._views) >= MAX_VIEWS:
            self._views.pop(next(iter(self._views)))
        view = self._views[name] = known or _View()  # the last one: that heard of longest ago goes first
        if message["type"] == "hello" and (known is None or number < view.expected):
            view.expected = number  # the page begins, or begins anew
        if number < view.expected or number in view.held:
            refusals.note("message %d of view %s came twice: dropped", number, name)
            return
        if len(view.held) >= MAX_HELD:
            refusals.note("messages of view %s came much too early: the missing ones are given up", name)
            self._release(view, min(view.held))
        view.held[number] = (message, buffers)
        self._release(view)
        if number in view.held:
            self._portal.later(GAP_PATIENCE, self._give_up_before, view, number)

    def forget(self, view: str) -> None:
        """A view is gone for good."""
        self._views.pop(view, None)

    def _release(self, view: _View, until: int = 0) -> None:
        """Handle what is held, in order: all below ``until``, and whatever follows without a gap."""
        while view.held:
            first = view.expected if view.expected in view.held else min(view.held)
            if first > max(view.expected, until):
                break
            message, buffers = view.held.pop(first)
            view.expected = first + 1
            self.given(message, buffers)

    def given(self, message: PageMessage, buffers: Sequence[Any]) -> None:
        """Have a message handled whose turn it is. On the loop."""
        try:
            self._handle(message, buffers)
        except MessageError as error:
            refusals.note("a message from the page was refused: %s", error)
        except Exception:
            logger.exception("handling the message %r failed", message["type"])

    def _give_up_before(self, view: _View, number: int) -> None:
        """Go on without what is missing before a message that was held long enough."""
        if number in view.held:
            self._release(view, number)
