"""Every exception of nbblocks, each saying when it is raised."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ClassVar, cast

from typing_extensions import ParamSpec

from .markup import as_markup, as_text, being_handled

P = ParamSpec("P")


def text_of(error: BaseException) -> str:
    """What an exception says, or its kind if it says nothing; also where saying it fails."""
    try:
        return str(error) or type(error).__name__
    except BaseException:  # noqa: BLE001 - a __str__ of the user's
        return type(error).__name__


def shown(value: object, most: int = 100) -> str:
    """``repr`` of a value of the user's, cut; its kind if that fails."""
    try:
        text = repr(value)
    except BaseException:  # noqa: BLE001 - a __repr__ of the user's
        text = f"<{type(value).__name__} without repr>"
    return text if len(text) <= most else text[: most - 3] + "..."


def _noting_what_is_written(init: Callable[P, None]) -> Callable[P, None]:
    """Wrap the constructor of `Error`: True is the default too, and only where it is written it counts."""

    @functools.wraps(init)
    def noting(*args: P.args, **kwargs: P.kwargs) -> None:
        init(*args, **kwargs)
        error = cast("Error", args[0])
        error.traced = error.print_exception and ("print_exception" in kwargs or len(args) > 5)

    return noting


class Error(Exception):
    """Raise it in a handler to end the run and show ``message`` to the user.

    :param message: text of the toast, or simple HTML, which is sanitised: it is HTML if it holds a whole
        element, such as ``<b>bold</b>``. What an exception says that is being handled is text in any case
    :param duration: seconds the toast stays; None or 0 keeps it until the user closes it
    :param visible: False shows no toast, the run still ends in error
    :param title: heading of the toast
    :param print_exception: True, where it is written, puts the traceback into the log drawer and the kernel
        log: the message is for the person who uses the app, who can do nothing with that
    """

    plain: ClassVar[bool] = False
    """Whether the message is text, whatever it looks like."""
    quoted: tuple[str, ...] = ()
    """What the exceptions say that were being handled: that much of the message is text."""

    traced = False
    """Whether its traceback is told."""

    @_noting_what_is_written
    def __init__(
        self,
        message: str = "Error raised.",
        duration: float | None = 10,
        visible: bool = True,
        title: str = "Error",
        print_exception: bool = True,
    ) -> None:
        self.message = str(message)
        self.duration = duration
        self.visible = visible
        self.title = title
        self.print_exception = print_exception
        self.quoted = being_handled()
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message

    @property
    def markup(self) -> str:
        """The message as simple HTML."""
        return as_text(self.message) if self.plain else as_markup(self.message, self.quoted)


class PlainError(Error):
    """What the library itself tells the person who uses an app: its message is text."""

    plain = True


class DuplicateBlockError(ValueError):
    """A block was placed twice in one app."""


class InvalidBlockError(ValueError):
    """A listener names a block that does not stand in its app."""


class InvalidComponentError(ValueError):
    """A layout, or something that is no component, stands where a component with a value is needed."""


class ComponentProcessingError(ValueError):
    """A component's preprocess or postprocess failed; the original is its ``__cause__``."""


class InvalidApiNameError(ValueError):
    """No endpoint of the app has this API name."""


class InvalidPathError(ValueError):
    """A file path was neither uploaded to the app nor sent to its page."""


class QueueFullError(Exception):
    """The queue already holds ``max_size`` waiting runs, so the run was refused."""


class JavaScriptError(PlainError):
    """The ``js`` of a listener failed in the page, or the page went away before it had ended (EV-153)."""

    def __init__(self, message: str) -> None:
        super().__init__(message, title="Error in js", print_exception=False)


class ValidationError(Exception):
    """A validator has refused the inputs of a Client's call; the text is its messages (EV-298)."""


class DeadlockError(RuntimeError):
    """A handler called an endpoint and would wait for ever: every slot waits for such a call (AP-92)."""


class StoppedError(KeyboardInterrupt):
    """Raised in the function of a run that somebody has stopped, wherever it is in Python code.

    As with the stop button of a notebook, ``except Exception`` does not catch it, and ``finally`` runs.
    """


class AppError(Exception):
    """A Client's call failed inside the app; the text is what the app let out."""


class MessageError(ValueError):
    """A message from a page was refused; the text says which field, what was expected and what came."""
