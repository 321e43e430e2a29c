"""What themes are made of: colours, fonts and sizes."""

from typing import TYPE_CHECKING

from nbblocks._names import looked_up

from . import colors, fonts, sizes
from .colors import Color
from .fonts import Font, GoogleFont, LocalFont
from .sizes import Size

__all__ = ["Color", "Font", "GoogleFont", "LocalFont", "Size", "colors", "fonts", "sizes"]

if not TYPE_CHECKING:
    __getattr__ = looked_up(__name__, ())
