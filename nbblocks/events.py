"""Gradio's ``gradio.events``: the same names here."""

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
