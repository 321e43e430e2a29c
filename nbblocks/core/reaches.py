"""Where the function of a run is at work, so that it can be interrupted there and nowhere else."""

from __future__ import annotations

import linecache
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable, Generator
from typing import Any, TypeVar

from .errors import StoppedError
from .places import is_library, is_ours

T = TypeVar("T")

AGAIN = 0.01
"""Seconds until another look at a thread that is in code of ours just now."""
PATIENCE = 100
"""So many looks."""


class Reach:
    """The work of a function for a run, or for those of a batch. It may go to another thread for each step.

    An exception is raised in its thread only while that is in the function itself: never in what this library
    does before, after and, where the function calls it, in between; never in the thread's next work.
    """

    __slots__ = ("_lock", "_struck", "_thread", "_wanted", "interrupt")

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a handler of signals may come between
        self._thread: int | None = None
        self._wanted = self._struck = False
        self.interrupt: Callable[[], object] | None = None
        """Ends what a coroutine awaits at the moment."""

    def call(self, fn: Callable[..., T], *args: Any, **keywords: Any) -> T:
        """Call the function: it can be reached until it returns.

        :raises StoppedError: if it was interrupted, also before
        """
        try:
            with self._lock:
                if self._wanted:
                    raise StoppedError
                self._thread = threading.get_ident()
            return fn(*args, **keywords)
        finally:
            self._leave()

    def check(self) -> None:
        """What the function calls of ours is over: if it was to be interrupted in there, it is so now.

        :raises StoppedError: in that case, in the function's own thread
        """
        if self._wanted and self._thread == threading.get_ident() and self.take():
            raise StoppedError

    def take(self) -> bool:
        """Whether it was to be interrupted and was not yet; whoever asks does it."""
        with self._lock:
            wanted, self._wanted = self._wanted, False
            return wanted

    def _leave(self) -> None:
        """Nothing is raised here any more when this has returned."""
        while True:
            try:
                with self._lock:
                    if self._struck and self._thread is not None:
                        _raise_in(self._thread, None)
                    self._thread, self._struck = None, False
                return
            except StoppedError:  # noqa: PERF203 - it came after the function had ended
                continue

    @property
    def at_work(self) -> bool:
        """Whether the function is at work now."""
        return self._thread is not None

    def strike(self) -> None:
        """Raise StoppedError in the function, or where it goes on if it is not at work. Any thread."""
        with self._lock:
            self._wanted = True
        if not self._strike():
            threading.Thread(target=self._strike_later, name="nbblocks-stop", daemon=True).start()

    def _strike_later(self) -> None:
        wait = threading.Event().wait
        for _ in range(PATIENCE):
            wait(AGAIN)
            if self._strike():
                return

    def _strike(self) -> bool:
        """False if it has to be tried again: the function has called something of ours."""
        with self._lock:
            thread = self._thread
            if not self._wanted or thread is None or thread == threading.get_ident():
                return True
            if _is_in_ours(thread):
                return False
            self._struck = True
            _raise_in(thread, StoppedError)
            if _is_in_ours(thread):  # it went on between the look and now
                _raise_in(thread, None)
                return False
            self._wanted = False
            return True

    @property
    def at(self) -> str:
        """The user's line that it is at, for messages; nothing if that is not known."""
        thread = self._thread
        frame = None if thread is None else sys._current_frames().get(thread)  # pyright: ignore[reportPrivateUsage]
        while frame is not None and is_library(frame.f_code.co_filename):
            frame = frame.f_back
        if frame is None:
            return ""
        source = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
        return f"line {frame.f_lineno}{': ' * bool(source)}{source[:100]}"


class Driven:
    """Something awaited, each step of which can be reached.

    :param awaited: what a function of the user's has made
    """

    def __init__(self, reach: Reach, awaited: Awaitable[T]) -> None:
        self._reach, self._awaited = reach, awaited

    def __await__(self) -> Generator[Any, Any, Any]:
        steps: Any = self._awaited.__await__()
        error: BaseException | None = None
        sent: Any = None
        while True:
            if self._reach.take():
                error = StoppedError()
            try:
                if error is None:
                    step = self._reach.call(steps.send, sent)
                else:
                    step = self._reach.call(steps.throw, error)
            except StopIteration as end:
                return end.value
            error = None
            try:
                sent = yield step
            except BaseException as thrown:  # noqa: BLE001 - it is the function's
                error = thrown


def _is_in_ours(thread: int) -> bool:
    """Whether the function has called something of this library, which is not to be torn apart."""
    frame = sys._current_frames().get(thread)  # pyright: ignore[reportPrivateUsage]
    for found, _ in () if frame is None else traceback.walk_stack(frame):
        if found.f_code is Reach.call.__code__:
            return found is frame
        if is_ours(found.f_code.co_filename):
            return True
    return False


def _raise_in(thread: int, kind: type[BaseException] | None) -> None:
    """Have ``kind`` raised in a thread; None: what was to be raised there, and was not yet, is not."""
    import ctypes

    raising = getattr(getattr(ctypes, "pythonapi", None), "PyThreadState_SetAsyncExc", None)
    if raising is not None:  # other interpreters than CPython may have none
        raising(ctypes.c_ulong(thread), None if kind is None else ctypes.py_object(kind))
