"""Pictures: between arrays or PIL images and image files; how they are taken by webcams, and marked."""

from __future__ import annotations

import io
import os
import sys
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
from nbblocks.core.places import warn

from .animations import MOVING, encoded, is_animated, whole
from .checks import kind_of, one_of
from .modes import converted, displayed, upright

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

WEBP_MAX = 16383
"""Most pixels a WebP image has on one side."""
INLINE = 4 << 20
"""Largest file, in bytes, that goes to a page with its record; a page fetches larger ones in parts."""
KINDS = {"jpg": "jpeg"}
"""PIL's names of formats that have another suffix."""
CORNERS = ("top-left", "top-right", "bottom-left", "bottom-right")
SLIP = 0.02
"""What floats may lie outside of 0 to 1 by rounding, or a filter's overshoot."""
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
    """A PIL image of an array of shape (h, w), (h, w, 1), (h, w, 2), (h, w, 3) or (h, w, 4).

    One channel is grey, two are grey and opacity. Floats are taken as 0 to 1, uint16 as 0 to 65535, other
    integers as 0 to 255. What lies outside is cut; where that is more than rounding, with a warning.

    :raises ValueError: for another shape or dtype
    """
    import numpy as np
    from PIL import Image

    array = np.asarray(array.filled(0) if hasattr(array, "filled") else array)  # pyright: ignore
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.size == 0 or not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (2, 3, 4))):
        hint = ""
        if array.size and array.ndim == 3 and array.shape[0] in (1, 3, 4):
            hint = ": put the channels last, by array.transpose(1, 2, 0)"
        elif array.size and array.ndim == 4:
            hint = ": give one picture of the batch, array[0], or all to a Gallery"
        raise ValueError(
            f"expected an image array of shape (h, w), (h, w, 3) or (h, w, 4), got {array.shape}{hint}"
        )
    kind = array.dtype.kind
    if kind == "b":
        array = array.astype(np.uint8) * 255
    elif kind == "f":
        levels = np.nan_to_num(array.astype(np.float64))
        _warn_of_cut(array.dtype, levels, 1, SLIP)
        array = (levels.clip(0, 1) * 255 + 0.5).astype(np.uint8)
    elif array.dtype == np.uint16:
        array = (array >> 8).astype(np.uint8)
    elif kind in "iu":
        if array.dtype != np.uint8:
            _warn_of_cut(array.dtype, array, 255, 0)
        array = array.clip(0, 255).astype(np.uint8)
    else:
        raise ValueError(f"expected an image array of numbers, got dtype {array.dtype}")
    return Image.fromarray(np.ascontiguousarray(array))


def _warn_of_cut(dtype: object, levels: Any, top: int, slip: float) -> None:
    low, high = levels.min(), levels.max()
    if low < -slip or high > top + slip:
        text = (
            f"an image array of {dtype} is taken as 0 to {top}, and this one has {low:g} to {high:g}: "
            "what lies outside is cut. Scale it first"
        )
        warn(text)


def encode(picture: Image.Image, format: str) -> tuple[bytes, str]:
    """The bytes of ``picture`` as an image file, upright and as viewers show it, and the suffix of its name.

    PNG stands in for a format that PIL or the picture does not allow. An animation keeps its frames where
    the format has them, else it is its first one.
    """
    asked = format.lower()
    kind = KINDS.get(asked, asked)
    if kind == "webp" and max(picture.size) > WEBP_MAX:
        kind = "png"
    options: dict[str, Any] = {}
    if kind == "webp":
        # PIL's default, method=4, takes five times as long to save a sixth: too slow to stream frames.
        options["method"] = 0
    data = b""
    if is_animated(picture) and kind in MOVING:
        data = encoded(picture, kind, **options)
    else:
        picture = displayed(upright(picture))
        if kind == "jpeg":
            picture = _opaque(picture)
        buffer = io.BytesIO()
        try:
            picture.save(buffer, kind, **options)
        except (KeyError, ValueError, OSError):
            kind, buffer = "png", io.BytesIO()
            picture.save(buffer, kind)
        data = buffer.getvalue()
    return data, "." + (asked if kind == KINDS.get(asked, asked) else kind)


def _opaque(picture: Image.Image) -> Image.Image:
    """``picture`` on white: JPEG has no transparency."""
    from PIL import Image

    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
    picture = picture.convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def stored(owner: str, value: Any, format: str, mark: WatermarkOptions | None = None) -> FileRecord:
    """The record of a picture in the cache, made of an array, a PIL image, a path or a URL.

    SVG files and animations get no watermark.

    :raises FileNotFoundError: if there is no such file
    :raises ValueError: for anything else
    """
    picture = picture_of(value) if is_array(value) else _of_arraylike(owner, value)
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
    if mark is not None and mark.watermark is not None and not is_animated(picture):
        picture = marked(picture, mark)
    data, suffix = encode(picture, format)
    return record_of(current().save_bytes(data, "image" + suffix))


def opened(path: str | Path) -> Image.Image:
    """The picture in a file, upright and read whole.

    :raises ValueError: if it is no picture that PIL can read
    """
    from PIL import Image

    try:
        file: Image.Image = Image.open(path)
        with file:
            turned = upright(file)
            return file.copy() if turned is file else turned
    except _unreadable() as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise ValueError(f"{os.path.basename(path)} cannot be read as a picture") from error


def marked(picture: Image.Image, options: WatermarkOptions) -> Image.Image:
    """A copy of ``picture`` with the watermark laid over it."""
    given = options.watermark
    mark = picture_of(given) if is_array(given) else given if is_pil(given) else opened(given)
    mark = converted(mark, "RGBA")
    right, low = picture.width - mark.width - MARGIN, picture.height - mark.height - MARGIN
    place = options.position
    if isinstance(place, str):
        place = (MARGIN if "left" in place else right, MARGIN if "top" in place else low)
    x, y = place
    if x < 0 or y < 0 or x + mark.width > picture.width or y + mark.height > picture.height:
        x, y = right, low
    picture = displayed(picture)
    over = picture.convert("RGBA")
    over.paste(mark, (x, y), mask=mark)
    return over.convert({"1": "RGB", "LA": "RGBA"}.get(picture.mode, picture.mode))


def taken(record: FileRecord, *, type: str, mode: str | None, format: str) -> Any:
    """What a handler gets of a picture that a page holds: as ``type`` says, upright and in ``mode``.

    :param type: ``"numpy"``, ``"pil"`` or ``"filepath"``: then a file that needs no change is left as it is
    An animation keeps its frames, and their mode; as an array it is its first frame. An array has colours or
    shades, never the numbers of a palette: without ``mode`` those are resolved.

    :param mode: PIL mode; None keeps that of the file, and so do PIL images and paths of files called .gif
    :param format: of the file that is written if one has to be and its name does not say
    :raises Error: if it cannot be read as a picture
    """
    try:
        path = path_of(record)
    except OSError as error:
        raise PlainError(str(error)) from error
    name = record["orig_name"] or os.path.basename(path)
    suffix = os.path.splitext(name)[1].lower()
    from PIL import Image

    try:
        file: Image.Image = Image.open(path)
        with file:
            if is_animated(file) and type != "numpy":
                return FileValue(path) if type == "filepath" else whole(path)
            picture = upright(file)
            if is_animated(file):
                mode = mode or "RGB"
            elif suffix == ".gif":
                mode = None
            if type == "numpy" and mode is None and file.mode in ("P", "PA"):
                mode = displayed(file).mode
            convert = mode is not None and mode != file.mode
            if type == "filepath" and picture is file and not convert:
                return FileValue(path)
            picture = converted(picture, mode) if convert and mode else picture.copy()
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


def _of_arraylike(owner: str, value: Any) -> Any:
    """A picture of what numpy reads as an array, such as a tensor; anything else as it is."""
    if is_pil(value) or isinstance(value, (str, Path)) or not hasattr(value, "__array__"):
        return value
    import numpy as np

    try:
        return picture_of(np.asarray(value))
    except (TypeError, RuntimeError) as error:  # a tensor on a graphics card, or one with a gradient
        raise ValueError(f"{owner} cannot read a {kind_of(value)} as an array: {error}") from error


def _unreadable() -> tuple[type[Exception], ...]:
    """What PIL raises for files that are no pictures, are cut off or too large to be harmless."""
    from PIL import Image

    return OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning
