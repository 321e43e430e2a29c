"""Gradio's ``gradio.flagging``: the same names here."""

from typing import TYPE_CHECKING

from ._names import looked_up
from .app.flagging import ClassicCSVLogger, CSVLogger, FlaggingCallback, FlagMethod, SimpleCSVLogger

__all__ = ["CSVLogger", "ClassicCSVLogger", "FlagMethod", "FlaggingCallback", "SimpleCSVLogger"]

if not TYPE_CHECKING:
    __getattr__ = looked_up(__name__, ())
