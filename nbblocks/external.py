"""Gradio's ``gradio.external``: the same names here."""

from ._names import looked_up
from .app.loading import load

__all__ = ["load"]

__getattr__ = looked_up(__name__, ("load_chat", "load_openapi"))
