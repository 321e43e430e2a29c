"""Gradio's ``gradio.routes``: what of it means something without a server."""

from ._names import looked_up
from .core.requests import Request

__all__ = ["Request"]

__getattr__ = looked_up(__name__, ("Header", "mount_gradio_app"))
