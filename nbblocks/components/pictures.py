"""Pictures: between arrays or PIL images and image files; how they are taken by webcams, and marked."""

from __future__ import annotations

import io
import os
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from nbblocks.bridge.cache import current
from nbblocks.bridge.files import (
    FileRecord,
    FileValue,
    is_url,
    path_of,
    record_of,
    shown_from,
    store,
    with_data,
)
from nbblocks.core.errors import PlainError

from .checks import kind_of, one_of

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

WEBP_MAX = 16383
"""Most pixels a WebP image has on one side."""
INLINE = 4 << 20
"""Largest file, in bytes, that goes to a page with its record; a page fetches larger ones in parts."""
KINDS = {"jpg": "jpeg"}
"""PIL's names of formats that have another suffix."""
ORIENTATION = 0x0112
"""EXIF tag that says how the camera was held; 1 is upright."""
CORNERS = ("top-left", "top-right", "bottom-left", "bottom-right")
MARGIN = 10
"""Pixels between a watermark and the edges of its corner."""


@dataclass
class WebcamOptions:
    """How a webcam takes pictures: ``mirror`` turns them left to right, ``constraints`` are the browser's.

    The latter go to ``getUserMedia``: either its whole argument (``{"video": {"width": 1280}}``) or the
    part for video alone (``{"width": 1280, "facingMode": "environment"}``).
    """

    mirror: bool = True
    constraints: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.constraints is not None and not isinstance(self.constraints, dict):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(
                f"constraints of WebcamOptions must be a dict or None, got {kind_of(self.constraints)}"
            )

    @property
    def video(self) -> dict[str, Any]:
        """The constraints for video alone."""
        given = self.constraints or {}
        video: Any = given.get("video", {} if "audio" in given else given)
        return cast("dict[str, Any]", video) if isinstance(video, dict) else {}


@dataclass
class WatermarkOptions:
    """A picture laid over others: an array, a PIL image or a path, and where.

    ``position`` is a corner such as ``"top-left"``, or the place ``(x, y)`` of its upper left pixel. It is
    not resized; where it does not fit it goes to the lower right.
    """

    watermark: Any = None
    position: tuple[int, int] | str = "bottom-right"

    def __post_init__(self) -> None:
        mark, place = self.watermark, self.position
        if not (mark is None or isinstance(mark, (str, Path)) or is_array(mark) or is_pil(mark)):
            raise ValueError(
                f"watermark must be a path, a PIL image, a numpy array or None, got {kind_of(mark)}"
            )
        if isinstance(place, str):
            one_of("WatermarkOptions", "position", place, CORNERS)
        elif len(place) != 2 or not all(isinstance(one, int) for one in place):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"position of WatermarkOptions must be a corner or (x, y) in px, got {place!r}")


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
    asked = format.lower()
    kind = KINDS.get(asked, asked)
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
    return buffer.getvalue(), "." + (asked if kind == KINDS.get(asked, asked) else kind)


def _opaque(picture: Image.Image) -> Image.Image:
    """``picture`` on white: JPEG has no transparency."""
    from PIL import Image

    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture if picture.mode in ("L", "RGB", "CMYK") else picture.convert("RGB")
    picture = picture.convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def stored(owner: str, value: Any, format: str, mark: WatermarkOptions | None = None) -> FileRecord:
    """The record of a picture in the cache, made of an array, a PIL image, a path or a URL.

    SVG files and animations get no watermark.

    :raises FileNotFoundError: if there is no such file
    :raises ValueError: for anything else
    """
    picture = picture_of(value) if is_array(value) else value
    if isinstance(picture, (str, Path)):
        if mark is None or mark.watermark is None:
            return shown_from(picture)
        record = store(picture)
        suffix = os.path.splitext(record["path"])[1].lower()
        if suffix in (".svg", ".gif"):
            return record
        name = os.path.splitext(record["orig_name"] or "image")[0]
        data, suffix = encode(marked(opened(record["path"]), mark), suffix[1:] or format)
        return record_of(current().save_bytes(data, name + suffix), url=str(value) if is_url(value) else None)
    if not is_pil(picture):
        raise ValueError(f"{owner} expects a numpy array, a PIL image, a path or a URL, got {kind_of(value)}")
    if mark is not None and mark.watermark is not None:
        picture = marked(picture, mark)
    data, suffix = encode(picture, format)
    return record_of(current().save_bytes(data, "image" + suffix))


def opened(path: str | Path) -> Image.Image:
    """The picture in a file, upright and read whole.

    :raises ValueError: if it is no picture that PIL can read
    """
    from PIL import Image, ImageOps

    try:
        file: Image.Image = Image.open(path)
        with file:
            if file.getexif().get(ORIENTATION, 1) != 1:
                return ImageOps.exif_transpose(file)
            return file.copy()
    except _unreadable() as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise ValueError(f"{os.path.basename(path)} cannot be read as a picture") from error


def marked(picture: Image.Image, options: WatermarkOptions) -> Image.Image:
    """A copy of ``picture`` with the watermark laid over it."""
    given = options.watermark
    mark = picture_of(given) if is_array(given) else given if is_pil(given) else opened(given)
    mark = mark.convert("RGBA")
    right, low = picture.width - mark.width - MARGIN, picture.height - mark.height - MARGIN
    place = options.position
    if isinstance(place, str):
        place = (MARGIN if "left" in place else right, MARGIN if "top" in place else low)
    x, y = place
    if x < 0 or y < 0 or x + mark.width > picture.width or y + mark.height > picture.height:
        x, y = right, low
    over = picture.convert("RGBA")
    over.paste(mark, (x, y), mask=mark)
    mode = picture.mode
    return over.convert("RGB" if mode in ("P", "1") else "RGBA" if mode == "PA" else mode)


def taken(record: FileRecord, *, type: str, mode: str | None, format: str) -> Any:
    """What a handler gets of a picture that a page holds: as ``type`` says, upright and in ``mode``.

    :param type: ``"numpy"``, ``"pil"`` or ``"filepath"``: then a file that needs no change is left as it is
    :param mode: PIL mode; None keeps that of the file, and files called .gif always keep theirs
    :param format: of the file that is written if one has to be and its name does not say
    :raises Error: if it cannot be read as a picture
    """
    try:
        path = path_of(record)
    except OSError as error:
        raise PlainError(str(error)) from error
    name = record["orig_name"] or os.path.basename(path)
    suffix = os.path.splitext(name)[1].lower()
    from PIL import Image, ImageOps

    try:
        file: Image.Image = Image.open(path)
        with file:
            turned = file.getexif().get(ORIENTATION, 1) != 1
            convert = suffix != ".gif" and mode not in (None, file.mode)
            if type == "filepath" and not turned and not convert:
                return FileValue(path)
            picture = ImageOps.exif_transpose(file) if turned else file
            picture = _converted(picture, mode) if convert and mode else picture.copy()
    except _unreadable() as error:
        raise PlainError(f"{name} cannot be read as a picture") from error
    if type == "pil":
        return picture
    if type == "numpy":
        import numpy as np

        return np.array(picture)
    data, suffix = encode(picture, suffix[1:] or format)
    return FileValue(current().save_bytes(data, os.path.splitext(name)[0] + suffix))


def shown(record: FileRecord, limit: int = INLINE) -> FileRecord | None:
    """The record as the page gets it: with the content up to ``limit`` bytes, None if the file is gone."""
    path = record["path"]
    if is_url(path):
        return record
    if not os.path.isfile(path):
        return None
    return with_data(record) if os.path.getsize(path) <= limit else record


def _converted(picture: Image.Image, mode: str) -> Image.Image:
    if picture.mode.startswith("I;16") and mode not in ("I", "F"):
        # PIL would cut 16 bits at 255: nearly all white.
        picture = picture.point(lambda level: level / 256).convert("L")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PIL's remark on palettes with transparency
        return picture.convert(mode)


def _unreadable() -> tuple[type[Exception], ...]:
    """What PIL raises for files that are no pictures, are cut off or too large to be harmless."""
    from PIL import Image

    return OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning
