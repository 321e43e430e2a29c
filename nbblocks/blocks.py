"""Gradio's ``gradio.blocks``: the same names here."""

from .app.blocks import Blocks
from .bridge.block import Block
from .bridge.layout import Layout as BlockContext

__all__ = ["Block", "BlockContext", "Blocks"]
