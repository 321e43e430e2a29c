"""Gradio's ``gradio.renderable``: the same names here."""

from typing import TYPE_CHECKING

from ._names import looked_up
from .app.render import render

__all__ = ["render"]

if not TYPE_CHECKING:
    __getattr__ = looked_up(__name__, ())
