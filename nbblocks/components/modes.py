"""Modes of PIL pictures: what viewers show of each, and the way from one to another."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

ORIENTATION = 0x0112
"""EXIF tag that says how the camera was held; 1 is upright."""
SHOWN = ("1", "L", "LA", "RGB", "RGBA")
"""Modes that viewers show as they are."""
DEEP = ("I", "F")
"""Modes of more than 8 bits, besides those of 16 whose names begin with I;16."""


def upright(picture: Image.Image) -> Image.Image:
    """``picture``, turned as its EXIF data say."""
    if (picture.format is None and "exif" not in picture.info) or picture.getexif().get(ORIENTATION, 1) == 1:
        return picture
    from PIL import ImageOps

    return ImageOps.exif_transpose(picture)


def displayed(picture: Image.Image) -> Image.Image:
    """``picture`` in one of the modes `SHOWN`: palettes resolved, deep ones scaled, other colours as RGB."""
    mode = picture.mode
    if mode in SHOWN:
        return picture
    if is_deep(picture):
        return scaled(picture)
    if mode == "La":
        return picture.convert("LA")
    has_alpha = mode in ("PA", "RGBa") or "transparency" in picture.info
    return _as(picture, "RGBA" if has_alpha else "RGB")


def converted(picture: Image.Image, mode: str) -> Image.Image:
    """``picture`` in ``mode``; one of more than 8 bits is scaled where that has less."""
    if picture.mode == mode:
        return picture
    if is_deep(picture) and mode not in DEEP:
        picture = scaled(picture)
    return _as(picture, mode)


def is_deep(picture: Image.Image) -> bool:
    """Whether it has more than 8 bits in a channel."""
    return picture.mode in DEEP or picture.mode.startswith("I;16")


def scaled(picture: Image.Image) -> Image.Image:
    """A picture of 16 or 32 bits or of floats in 256 shades of grey, as `shades` has them."""
    import numpy as np
    from PIL import Image

    return Image.fromarray(shades(np.asarray(picture), 65535 if picture.mode.startswith("I;16") else None))


def shades(array: np.ndarray[Any, Any], top: int | None = None) -> np.ndarray[Any, Any]:
    """Levels as 0 to 255, by their range: 0 to 1, to 255 or to 65535, or else from the least to the greatest.

    NaN is black, infinities are as the least or the greatest of the others.

    :param top: the end of the range, where the type says it
    """
    import numpy as np

    levels = array.astype(np.float64)
    known = levels[np.isfinite(levels)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    ends: tuple[int, ...] = (top,) if top else (1, 255, 65535) if array.dtype.kind == "f" else (255, 65535)
    end = next((float(one) for one in ends if high <= one), None) if low >= 0 else None
    start = low if end is None else 0.0
    span = ((high if end is None else end) - start) or 1.0
    levels = np.nan_to_num(levels, nan=start, posinf=high, neginf=low)
    return ((levels - start) / span * 255 + 0.5).clip(0, 255).astype(np.uint8)


def _as(picture: Image.Image, mode: str) -> Image.Image:
    from PIL import ImageCms as untyped

    cms: Any = untyped
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PIL's remark on palettes with transparency
        if "LAB" in (picture.mode, mode) and picture.mode != mode:
            source = picture if picture.mode in ("LAB", "RGB") else _as(picture, "RGB")
            lab, rgb = cms.createProfile("LAB"), cms.createProfile("sRGB")
            ends = (lab, rgb) if source.mode == "LAB" else (rgb, lab)
            modes = ("LAB", "RGB") if source.mode == "LAB" else ("RGB", "LAB")
            change = cms.buildTransform(*ends, *modes)
            found: Image.Image = cms.applyTransform(source, change)
            found.info.pop("icc_profile", None)
            return found if found.mode == mode else found.convert(mode)
        try:
            found = picture.convert(mode)
        except ValueError:  # not all ways are known to PIL
            found = picture.convert("RGBA" if mode in ("PA", "LA", "RGBa") else "RGB").convert(mode)
    if picture.mode not in SHOWN and picture.mode not in ("P", "PA"):
        found.info.pop("icc_profile", None)  # of colours that are no more
    return found
