"""What handlers print, display and raise goes to the app's log drawer, not into some cell (D9, EV-81).

Which run the output of a piece of code belongs to is told by a context variable. `streams` routes what is
written, `displays` what is displayed, and `offspring` takes the variable along to threads and processes that
a handler starts. All three are in place only while an app runs.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import threading
import time
from collections.abc import Callable, Generator
from contextvars import ContextVar
from typing import Any, TextIO

from . import cells

Write = Callable[[str, str], None]
"""Takes the stream's name (stdout, stderr, display) and a piece of text."""

JUST_NOW = 0.5
"""Seconds after the end of a piece of user code in which what comes out of the process may be its own."""


class Target:
    """Where the output of one run goes."""

    def __init__(self, write: Write) -> None:
        self.write = write
        self.redirected: dict[str, TextIO] = {}
        """What the run itself has put in the place of ``sys.stdout`` or ``sys.stderr``."""
        self._decoders: dict[str, codecs.IncrementalDecoder] = {}

    @property
    def alive(self) -> bool:
        """Whether there is a log yet; if not, output goes where it would without an app."""
        return True

    def show(self, data: dict[str, Any], metadata: dict[str, Any], name: str | None, *, update: bool) -> bool:
        """Take something displayed, by its MIME types; False if it is an update of what stands elsewhere."""
        self.write("display", f"{data.get('text/plain', ', '.join(data))}\n")
        return True

    def clear(self, *, wait: bool) -> None:
        """Take what was put out so far away, or once there is something in its place."""

    def decode(self, stream: str, given: bytes) -> str:
        """Text of bytes that were written; the rest of a character may come with the next ones."""
        decoder = self._decoders.get(stream)
        if decoder is None:
            decoder = self._decoders[stream] = codecs.getincrementaldecoder("utf-8")(errors="replace")
        return decoder.decode(given)


writing_to: ContextVar[Target | None] = ContextVar("nbblocks_writing_to", default=None)
_lock = threading.Lock()
_users = 0
_going: list[Target] = []
"""Targets of the user code that runs now; one that runs in two threads stands there twice."""
_latest: tuple[Target, float] | None = None
before_code: Callable[[], None] | None = None
"""Called before each piece of user code, while something is yet to be put in place."""
_in_child = False
"""Whether this is a process that was forked off: nothing in it sends to pages."""


def here() -> Target | None:
    """Where output of the calling thread or task belongs; None: where it would go without an app."""
    target = writing_to.get()
    return target if target is not None and target.alive and not _in_child else None


def the_only_one() -> Target | None:
    """Where output belongs of which nothing is known but that it came out of this process just now.

    None if several runs might have put it out, or a cell that runs: guessing would tell lies.
    """
    if _in_child or cells.is_running():
        return None
    going = set(_going)
    if not going and _latest is not None and time.monotonic() - _latest[1] < JUST_NOW:
        going.add(_latest[0])
    found = going.pop() if len(going) == 1 else None
    return found if found is not None and found.alive else None


def acquire() -> None:
    """Route the output of handlers while at least one app runs."""
    global _users
    from . import displays, interrupting, offspring, streams

    with _lock:
        _users += 1
        if _users == 1:
            cells.watch()
            _watch_forks()
            streams.route()
            displays.route()
            offspring.route()
            interrupting.listen()


def release() -> None:
    """Give everything back with the last app."""
    global _users, _latest
    from . import displays, interrupting, offspring, streams

    with _lock:
        _users -= 1
        if _users == 0:
            interrupting.ignore()
            offspring.unroute()
            displays.unroute()
            streams.unroute()
            _latest = None


@contextlib.contextmanager
def captured(write: Write | Target) -> Generator[None]:
    """Send what is printed or displayed in this context to ``write``."""
    global _latest
    target = write if isinstance(write, Target) else Target(write)
    if before_code is not None:
        before_code()
    token = writing_to.set(target)
    _going.append(target)
    try:
        yield
    finally:
        _going.remove(target)
        _latest = target, time.monotonic()
        writing_to.reset(token)


_forks_watched = False


def _watch_forks() -> None:
    global _forks_watched
    if not _forks_watched and hasattr(os, "register_at_fork"):
        _forks_watched = True
        os.register_at_fork(after_in_child=_note_child)


def _note_child() -> None:
    global _in_child
    _in_child = True
