"""Gradio's ``gradio.chat_interface``: the same names here."""

from ._names import looked_up

__getattr__ = looked_up(__name__, ("ChatInterface", "ChatMessage"))
