"""Gradio's ``gradio.components.base``: the same names here."""

from nbblocks.bridge.block import Block
from nbblocks.bridge.component import Component
from nbblocks.bridge.component import Field as FormComponent

__all__ = ["Block", "Component", "FormComponent"]
