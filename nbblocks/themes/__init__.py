"""Themes: the looks that a program may name.

An app takes its colours from the notebook, light or dark, whatever its theme is. A theme is accepted and
kept, so that programs that name one run as they are.
"""

from typing import TYPE_CHECKING

from nbblocks._names import looked_up

from .base import Base, Citrus, Default, Glass, Monochrome, Ocean, Origin, Soft, theme_of
from .utils import Color, Font, GoogleFont, LocalFont, Size

Theme = Base

__all__ = [
    "Base",
    "Citrus",
    "Color",
    "Default",
    "Font",
    "Glass",
    "GoogleFont",
    "LocalFont",
    "Monochrome",
    "Ocean",
    "Origin",
    "Size",
    "Soft",
    "Theme",
    "theme_of",
]

if not TYPE_CHECKING:
    __getattr__ = looked_up(__name__, ())
