"""Gradio's ``gradio.events``: the same names here."""

from typing import TYPE_CHECKING

from ._names import looked_up
from .app.api import api
from .core.events import (
    CopyData,
    DeletedFileData,
    DownloadData,
    EditData,
    EventData,
    KeyUpData,
    LikeData,
    RetryData,
    SelectData,
    UndoData,
    on,
)
from .core.listeners import Dependency

__all__ = [
    "CopyData",
    "DeletedFileData",
    "Dependency",
    "DownloadData",
    "EditData",
    "EventData",
    "KeyUpData",
    "LikeData",
    "RetryData",
    "SelectData",
    "UndoData",
    "api",
    "on",
]

if not TYPE_CHECKING:
    __getattr__ = looked_up(__name__, ())
