"""Gradio's ``gradio.templates``: the same names here."""

from ._names import looked_up
from .components import Files, List, Matrix, Numpy, TextArea

__all__ = ["Files", "List", "Matrix", "Numpy", "TextArea"]

__getattr__ = looked_up(__name__, ("ImageMask", "Mic", "Microphone", "Paint", "PlayableVideo", "Sketchpad"))
