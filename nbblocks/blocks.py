"""Gradio's ``gradio.blocks``: the same names here."""

from typing import TYPE_CHECKING

from ._names import looked_up
from .app.blocks import Blocks
from .bridge.block import Block
from .bridge.layout import Layout as BlockContext

__all__ = ["Block", "BlockContext", "Blocks"]

if not TYPE_CHECKING:
    __getattr__ = looked_up(__name__, ())
