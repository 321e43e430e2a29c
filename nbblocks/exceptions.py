"""Gradio's ``gradio.exceptions``: the same names here."""

from typing import TYPE_CHECKING

from ._names import looked_up
from .core.errors import (
    AppError,
    ComponentProcessingError,
    DuplicateBlockError,
    Error,
    InvalidApiNameError,
    InvalidBlockError,
    InvalidComponentError,
    InvalidPathError,
)

__all__ = [
    "AppError",
    "ComponentProcessingError",
    "DuplicateBlockError",
    "Error",
    "InvalidApiNameError",
    "InvalidBlockError",
    "InvalidComponentError",
    "InvalidPathError",
]

if not TYPE_CHECKING:
    __getattr__ = looked_up(__name__, ())
