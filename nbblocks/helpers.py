"""Gradio's ``gradio.helpers``: the same names here."""

from typing import TYPE_CHECKING

from ._names import looked_up
from .app.examples import Examples
from .core.events import EventData
from .core.progress import Progress
from .core.toasts import info as Info
from .core.toasts import success as Success
from .core.toasts import warning as Warning
from .core.updates import skip, update
from .core.validation import validate

create_examples = Examples

__all__ = [
    "EventData",
    "Examples",
    "Info",
    "Progress",
    "Success",
    "Warning",
    "create_examples",
    "skip",
    "update",
    "validate",
]

if not TYPE_CHECKING:
    __getattr__ = looked_up(__name__, ())
