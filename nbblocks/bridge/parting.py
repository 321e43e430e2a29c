"""The end of the kernel: apps still call what their sessions want called then."""

from __future__ import annotations

import atexit
import functools
import time
import weakref
from typing import TYPE_CHECKING

from .portal import portal

if TYPE_CHECKING:
    from .host import Host

PARTING = 1.5
"""Seconds that a kernel which shuts down in order waits for what its apps still have to call: less than the
2.5 after which it is ended otherwise."""
running: weakref.WeakSet[Host] = weakref.WeakSet()
"""The hosts that have been started and not closed."""
stopped: weakref.WeakSet[Host] = weakref.WeakSet()
"""Those that have been stopped, and may still have something to call."""


@functools.cache
def at_exit() -> None:
    """Have all apps closed when the kernel shuts down or restarts (ST-11)."""
    atexit.register(_part)


def _part() -> None:
    for host in list(running):
        portal.hand(host.stop)
    hosts = [*running, *stopped]
    until = time.monotonic() + PARTING
    for host in hosts:
        host.parted.wait(max(0.0, until - time.monotonic()))
