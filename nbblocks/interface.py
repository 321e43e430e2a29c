"""Gradio's ``gradio.interface``: the same names here."""

from typing import TYPE_CHECKING

from ._names import looked_up
from .app.blocks import close_all
from .app.interface import Interface
from .app.tabbed import TabbedInterface

__all__ = ["Interface", "TabbedInterface", "close_all"]

if not TYPE_CHECKING:
    __getattr__ = looked_up(__name__, ())
