"""Messages that a handler shows while it goes on."""

from __future__ import annotations

from .context import current_run
from .markup import as_markup, being_handled
from .messages import Level, Message
from .places import warn


def info(
    message: str = "Info issued.", duration: float | None = 10, visible: bool = True, title: str = "Info"
) -> None:
    """Show an info toast for ``duration`` seconds (None or 0: until closed) and go on.

    The message is text or simple HTML, as that of `Error`. Outside a run it is printed (EV-294).
    """
    _send("info", message, duration, visible, title)


def success(
    message: str = "Success.", duration: float | None = 10, visible: bool = True, title: str = "Success"
) -> None:
    """Show a success toast, as `info` does."""
    _send("success", message, duration, visible, title)


def warning(
    message: str = "Warning issued.",
    duration: float | None = 10,
    visible: bool = True,
    title: str = "Warning",
) -> None:
    """Show a warning toast, as `info` does; outside a run it is a UserWarning."""
    _send("warning", message, duration, visible, title)


def _send(level: Level, message: str, duration: float | None, visible: bool, title: str) -> None:
    run = current_run.get()
    if run is not None:
        text = str(message)
        shown = as_markup(text, being_handled())
        run.send(Message(level, shown, title, duration or None, visible, run.listener.id, text))
    elif level == "warning":
        warn(str(message))
    else:
        print(message)
