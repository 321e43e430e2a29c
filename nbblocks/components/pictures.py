"""Pictures: between arrays or PIL images and the bytes of an image file."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

WEBP_MAX = 16383
"""Most pixels a WebP image has on one side."""


def is_array(value: object) -> bool:
    """Whether ``value`` is a numpy array. Nobody who has none pays for the import."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)


def is_pil(value: object) -> bool:
    """Whether ``value`` is a PIL image."""
    pil = sys.modules.get("PIL.Image")
    return pil is not None and isinstance(value, pil.Image)


def picture_of(array: np.ndarray[Any, Any]) -> Image.Image:
    """A PIL image of an array of shape (h, w), (h, w, 1), (h, w, 3) or (h, w, 4).

    Floats are taken as 0 to 1, uint16 as 0 to 65535, other integers as 0 to 255; what lies outside is cut.

    :raises ValueError: for another shape or dtype
    """
    import numpy as np
    from PIL import Image

    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.size == 0 or not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))):
        raise ValueError(
            f"expected an image array of shape (h, w), (h, w, 3) or (h, w, 4), got {array.shape}"
        )
    kind = array.dtype.kind
    if kind == "b":
        array = array.astype(np.uint8) * 255
    elif kind == "f":
        array = (np.nan_to_num(array).clip(0, 1) * 255 + 0.5).astype(np.uint8)
    elif array.dtype == np.uint16:
        array = (array >> 8).astype(np.uint8)
    elif kind in "iu":
        array = array.clip(0, 255).astype(np.uint8)
    else:
        raise ValueError(f"expected an image array of numbers, got dtype {array.dtype}")
    return Image.fromarray(np.ascontiguousarray(array))


def encode(picture: Image.Image, format: str) -> tuple[bytes, str]:
    """The bytes of ``picture`` as an image file, and the suffix of its name.

    PNG stands in for a format that PIL or the picture does not allow.
    """
    kind = {"jpg": "jpeg"}.get(format.lower(), format.lower())
    if kind == "webp" and max(picture.size) > WEBP_MAX:
        kind = "png"
    options: dict[str, Any] = {}
    if kind == "webp":
        # PIL's default, method=4, takes five times as long to save a sixth: too slow to stream frames.
        options["method"] = 0
    if kind == "jpeg":
        picture = _opaque(picture)
    buffer = io.BytesIO()
    try:
        picture.save(buffer, kind, **options)
    except (KeyError, ValueError, OSError):
        kind, buffer = "png", io.BytesIO()
        if picture.mode not in ("1", "L", "LA", "P", "RGB", "RGBA", "I", "I;16"):
            picture = picture.convert("RGB")
        picture.save(buffer, kind)
    return buffer.getvalue(), "." + kind.replace("jpeg", "jpg")


def _opaque(picture: Image.Image) -> Image.Image:
    """``picture`` on white: JPEG has no transparency."""
    from PIL import Image

    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture if picture.mode in ("L", "RGB", "CMYK") else picture.convert("RGB")
    picture = picture.convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")
