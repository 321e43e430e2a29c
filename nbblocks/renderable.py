"""Gradio's ``gradio.renderable``: the same names here."""

from .app.render import render

__all__ = ["render"]
