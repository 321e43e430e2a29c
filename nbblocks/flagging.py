"""Gradio's ``gradio.flagging``: the same names here."""

from .app.flagging import ClassicCSVLogger, CSVLogger, FlaggingCallback, FlagMethod, SimpleCSVLogger

__all__ = ["CSVLogger", "ClassicCSVLogger", "FlagMethod", "FlaggingCallback", "SimpleCSVLogger"]
