"""The stop button of the notebook: it stops what handlers do, as it stops cells."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Generator
from typing import Any, cast

from . import cells, parting
from .patches import Patches
from .portal import portal

_patches = Patches()


def listen() -> None:
    """Hear the interrupts of the kernel, until `ignore`. ipykernel has a handler for each of its states."""
    kernel = getattr(cells.shell(), "kernel", None)
    module = sys.modules.get("ipykernel.kernelbase")
    if kernel is None or module is None:
        return
    _patches.wrap(module, "default_int_handler", _Heard)  # while a cell runs
    _patches.wrap(kernel, "_cancel_on_sigint", _while_awaiting)  # while one awaits
    _patches.wrap(kernel, "post_handler_hook", _when_idle)
    _hear()


def ignore() -> None:
    """Leave it to ipykernel alone."""
    _patches.undo()
    found = signal.getsignal(signal.SIGINT)
    if isinstance(found, _Heard) and _may():
        signal.signal(signal.SIGINT, found.stock)


def _interrupted() -> None:
    for host in list(parting.running):
        stops = host.scheduler.stops
        for run in list(stops.going):
            function = run.listener.function
            if run.reach.at_work and function is not None and function.on_loop:
                run.cancelled = True  # a coroutine that never waits: the loop can do nothing for it
                run.reach.strike()
        portal.hand(stops.interrupt_all)


class _Heard:
    """A handler of signals: it does what ``stock`` does, after what is to be done here."""

    def __init__(self, stock: Any) -> None:
        self.stock = stock

    @property
    def __call__(self) -> Callable[[int, Any], Any]:
        """What is to be called: so the traceback of a KeyboardInterrupt ends at the user's line, not here."""
        _interrupted()
        return self.stock if callable(self.stock) else _ignored


def _ignored(number: int, frame: Any) -> None:
    pass


def _may() -> bool:
    return threading.current_thread() is threading.main_thread()


def _hear() -> None:
    """Be the handler, before the one that is there."""
    found = signal.getsignal(signal.SIGINT)
    if _may() and found is not None and not isinstance(found, _Heard):
        signal.signal(signal.SIGINT, cast("Any", _Heard(found)))


def _while_awaiting(stock: Any) -> Any:
    @contextlib.contextmanager
    def awaiting(future: Any) -> Generator[Any]:
        with stock(future) as found:
            _hear()
            yield found

    return awaiting


def _when_idle(stock: Any) -> Any:
    def hook() -> Any:
        found = stock()
        _hear()
        return found

    return hook
