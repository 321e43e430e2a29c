"""Gradio's ``gradio.exceptions``: the same names here."""

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
