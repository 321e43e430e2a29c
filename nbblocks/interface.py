"""Gradio's ``gradio.interface``: the same names here."""

from .app.blocks import close_all
from .app.interface import Interface
from .app.tabbed import TabbedInterface

__all__ = ["Interface", "TabbedInterface", "close_all"]
