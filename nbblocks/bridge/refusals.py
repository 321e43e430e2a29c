"""What pages were refused, in the kernel's log: at a bounded rate, however much nonsense they send."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from .portal import portal

logger = logging.getLogger("nbblocks")

AT_ONCE = 50
"""So many are logged in a row after a quiet time, each in its own words."""
EACH = 1.0
"""Seconds after which one more is; those between are counted."""
SUMMARY = 10.0
"""Seconds after which the count is told."""


class Refusals:
    """Logs what was refused, for all apps of a kernel. Callable from any thread.

    :param later: calls a function after so many seconds
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        later: Callable[[float, Callable[[], None]], object] | None = None,
    ) -> None:
        self._clock, self._later = clock, later or _on_loop
        self._lock = threading.Lock()
        self._free, self._at = float(AT_ONCE), clock()
        self._untold = 0

    def note(self, text: str, *args: Any) -> bool:
        """Log it as `logging.warning` would; False if it was only counted."""
        with self._lock:
            now = self._clock()
            self._free = min(AT_ONCE, self._free + (now - self._at) / EACH)
            self._at = now
            free = self._free >= 1
            if free:
                self._free -= 1
            else:
                self._untold += 1
            first = self._untold == 1 and not free
        if free:
            logger.warning(text, *args)
        elif first:
            self._later(SUMMARY, self._tell)
        return free

    def _tell(self) -> None:
        with self._lock:
            untold, self._untold = self._untold, 0
        logger.warning("%d more messages of pages were refused, or parts of them", untold)


def _on_loop(seconds: float, fn: Callable[[], None]) -> None:
    portal.hand(portal.later, seconds, fn)


refusals = Refusals()
"""The kernel's one."""
