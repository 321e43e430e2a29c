"""Stops listeners that would fire themselves for ever, by a State that nobody can compare."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from .messages import Message

if TYPE_CHECKING:
    from .listeners import Listener
    from .nodes import Node
    from .runs import Run

logger = logging.getLogger("nbblocks")

MOST = 100
"""Times that a listener may fire itself by a value that is judged by which object it is."""


class Rounds:
    """Counts, in one session, how often a change listener has left its own State different. Any thread."""

    def __init__(self) -> None:
        self._counts: dict[tuple[Listener, Node], int] = {}
        self._lock = threading.Lock()

    def goes_on(self, run: Run, node: Node, changed: bool, by_content: bool) -> bool:
        """Whether a step of ``run`` that left ``node`` so is to fire its change listeners.

        :param by_content: whether it was compared by content: then the end is up to the listener
        """
        key = run.listener, node
        target = run.cause.target
        fires_itself = target is not None and target._id == node._id
        with self._lock:
            if not (changed and fires_itself and not by_content):
                self._counts.pop(key, None)
                return changed
            count = self._counts[key] = self._counts.get(key, 0) + 1
            if count < MOST:
                return True
            del self._counts[key]
        text = (
            f"{run.listener.told} has changed the State that it listens to {MOST} times in a row, to values "
            "that cannot be compared: it was stopped. Return gr.skip() when there is nothing to change"
        )
        logger.warning(text)
        run.send(Message("warning", text, "Endless change of a State"))
        return False
