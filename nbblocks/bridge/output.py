"""What handlers print, display and raise goes to the app's log drawer, not into some cell (D9, EV-81)."""

from __future__ import annotations

import contextlib
import sys
import threading
import traceback
from collections.abc import Callable, Generator
from contextvars import ContextVar
from typing import Any, TextIO, cast

Write = Callable[[str, str], None]
"""Takes the stream's name (stdout, stderr, display) and a piece of text."""

writing_to: ContextVar[Write | None] = ContextVar("nbblocks_writing_to", default=None)
_hooked = threading.local()
_lock = threading.Lock()
_installed: dict[str, tuple[TextIO, Any]] = {}
_users = 0


class Routed:
    """A text stream that goes to the log of the run at hand; outside of runs, to the stream it stands for."""

    def __init__(self, name: str, original: TextIO) -> None:
        self._name, self._original = name, original

    def write(self, text: str) -> int:
        """Write ``text`` where it belongs."""
        target = writing_to.get()
        if target is None:
            return self._original.write(text)
        target(self._name, text)
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write each of ``lines``."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)


def acquire() -> None:
    """Route ``sys.stdout`` and ``sys.stderr`` while at least one app runs."""
    global _users
    with _lock:
        _users += 1
        if _users == 1:
            for name in ("stdout", "stderr"):
                original = cast("TextIO", getattr(sys, name))
                routed = Routed(name, original)
                _installed[name] = original, routed
                setattr(sys, name, routed)


def release() -> None:
    """Give the streams back, unless somebody else has replaced them meanwhile."""
    global _users
    with _lock:
        _users -= 1
        if _users == 0:
            for name, (original, routed) in _installed.items():
                if getattr(sys, name) is routed:
                    setattr(sys, name, original)
            _installed.clear()


@contextlib.contextmanager
def captured(write: Write) -> Generator[None]:
    """Send what is printed or displayed in this context to ``write``."""
    token = writing_to.set(write)
    _hook_displays()
    try:
        yield
    finally:
        writing_to.reset(token)


def _hook_displays() -> None:
    """IPython's display hooks belong to a thread, so each worker thread gets ours once."""
    if getattr(_hooked, "done", False) or "IPython" not in sys.modules:
        return
    _hooked.done = True
    shell = sys.modules["IPython"].get_ipython()
    register = getattr(getattr(shell, "display_pub", None), "register_hook", None)
    if register is not None:
        register(_capture_display)


def _capture_display(message: dict[str, Any]) -> dict[str, Any] | None:
    target = writing_to.get()
    if target is None:
        return message
    if message.get("msg_type", message.get("header", {}).get("msg_type")) not in (
        "display_data",
        "update_display_data",
    ):
        return message
    data = message.get("content", {}).get("data", {})
    target("display", str(data.get("text/plain", ", ".join(data))) + "\n")
    return None


def format_error(error: BaseException) -> str:
    """The traceback as text, without the frames of nbblocks above the user's."""
    tb = error.__traceback__
    frame = tb
    while frame is not None and "/nbblocks/" in frame.tb_frame.f_code.co_filename.replace("\\", "/"):
        frame = frame.tb_next
    return "".join(traceback.format_exception(type(error), error, frame or tb))
