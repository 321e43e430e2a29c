"""Image: a picture to show, upload, paste or take with a webcam."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.cache import current
from nbblocks.bridge.component import Field, FieldProps
from nbblocks.bridge.files import FileRecord, FileValue, read_record, record_of, store, with_data
from nbblocks.core.errors import Error
from nbblocks.core.events import Event

from .checks import kind_of, one_of, shows
from .pictures import encode, is_array, is_pil, picture_of

SOURCES = ("upload", "webcam", "clipboard")
MODES = ("1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I", "F", None)
ORIENTATION = 0x0112
"""EXIF tag that says how the camera was held; 1 is upright."""


class Image(Field[FileRecord, Any]):
    """A picture."""

    takes_files = True

    framed = False

    value = t.Any(None, allow_none=True).tag(sync=True, ts="FileRecord | null")
    height = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)
    width = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)
    sources = t.List(t.Enum(SOURCES), list(SOURCES)).tag(sync=True)
    show_download_button = t.Bool(True).tag(sync=True)
    show_fullscreen_button = t.Bool(True).tag(sync=True)
    streaming = t.Bool(False).tag(sync=True)
    mirror_webcam = t.Bool(True).tag(sync=True)
    placeholder = t.Unicode(None, allow_none=True).tag(sync=True)

    derived = {**Field.derived, "buttons": ("show_download_button", "show_fullscreen_button")}

    clear = Event("the user removed the picture")
    stream = Event("the webcam delivered a frame", show_progress="hidden")
    select = Event("the user clicked on the picture; the data say where, as (x, y) in its pixels")
    upload = Event("a file chosen by the user has arrived")
    input = Event("the user changed the picture")

    def __init__(
        self,
        value: Any | Callable[..., Any] | None = None,
        *,
        format: str = "webp",
        height: int | str | None = None,
        width: int | str | None = None,
        image_mode: str | None = "RGB",
        sources: Sequence[str] | str | None = None,
        type: str = "numpy",
        show_download_button: bool | None = None,
        streaming: bool = False,
        mirror_webcam: bool = True,
        show_share_button: bool | None = None,
        buttons: Sequence[str] | None = None,
        placeholder: str | None = None,
        **shared: Unpack[FieldProps],
    ) -> None:
        """Create it with ``value``: an array, a PIL image, a path or a URL.

        :param format: file format for arrays and PIL images on their way to the page
        :param height: px or CSS length, as ``width``
        :param image_mode: PIL mode that handlers get; None leaves pictures as they are
        :param sources: what the user may take pictures from: ``"upload"``, ``"webcam"``, ``"clipboard"``
        :param type: what handlers get: ``"numpy"`` (uint8, (h, w, 3) for RGB), ``"pil"``, ``"filepath"``
        :param streaming: fire ``stream`` for each frame of the webcam; needs ``sources=["webcam"]``
        :param show_share_button: accepted for old programs, without effect
        :param buttons: small buttons to show, of ``"download"`` and ``"fullscreen"``
        :raises ValueError: for a parameter outside its allowed values
        """
        one_of("Image", "type", type, ("numpy", "pil", "filepath"))
        one_of("Image", "image_mode", image_mode, MODES)
        chosen = (
            list(SOURCES) if sources is None else [sources] if isinstance(sources, str) else list(sources)
        )
        for source in chosen:
            one_of("Image", "sources", source, SOURCES)
        if streaming and chosen != ["webcam"]:
            raise ValueError(f"Image(streaming=True) needs sources=['webcam'], got {chosen}")
        self.type = type
        self.format = format
        self.image_mode = image_mode
        download = shows("download", buttons, show_download_button, "show_download_button")
        fullscreen = shows("fullscreen", buttons, None, "")
        props = {
            "value": value,
            "height": height,
            "width": width,
            "sources": chosen,
            "show_download_button": download is not False,
            "show_fullscreen_button": fullscreen is not False,
            "streaming": streaming,
            "mirror_webcam": mirror_webcam,
            "placeholder": placeholder,
        }
        super().__init__(props, shared)

    def preprocess(self, payload: FileRecord | None) -> Any:
        """The picture as ``type`` says, upright and in ``image_mode``; a file that needs no change as it is.

        :raises Error: if it cannot be read as a picture
        """
        if payload is None:
            return None
        path = payload["path"]
        name = payload["orig_name"] or os.path.basename(path)
        suffix = os.path.splitext(name)[1].lower()
        if suffix == ".svg" and self.type == "filepath":
            return FileValue(path)
        if suffix == ".svg":
            raise Error("SVG pictures are only accepted by an Image with type='filepath'")
        from PIL import Image as pil
        from PIL import ImageOps

        try:
            opened: pil.Image = pil.open(path)
            with opened:
                is_gif = opened.format == "GIF"
                turned = opened.getexif().get(ORIENTATION, 1) != 1
                converted = not is_gif and self.image_mode not in (None, opened.mode)
                if self.type == "filepath" and not turned and not converted:
                    return FileValue(path)
                picture = ImageOps.exif_transpose(opened) if turned else opened
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # PIL's remark on palettes with transparency
                    picture = picture.convert(self.image_mode) if converted else picture.copy()
        except (
            OSError,
            ValueError,
            SyntaxError,
            pil.DecompressionBombError,
            pil.DecompressionBombWarning,
        ) as error:
            raise Error(f"{name} cannot be read as a picture") from error
        if self.type == "pil":
            return picture
        if self.type == "numpy":
            import numpy as np

            return np.array(picture)
        data, suffix = encode(picture, suffix[1:] or self.format)
        return FileValue(current().save_bytes(data, os.path.splitext(name)[0] + suffix))

    def postprocess(self, value: Any) -> FileRecord | None:
        """The record of a picture in the cache, made of an array, a PIL image, a path or a URL.

        :raises FileNotFoundError: if there is no such file
        :raises ValueError: for anything else
        """
        if value is None:
            return None
        if isinstance(value, (str, Path)):
            return store(value)
        if not is_array(value) and not is_pil(value):
            raise ValueError(
                f"Image expects a numpy array, a PIL image, a path or a URL, got {kind_of(value)}"
            )
        data, suffix = encode(picture_of(value) if is_array(value) else value, self.format)
        return record_of(current().save_bytes(data, "image" + suffix))

    def to_page(self, wire: FileRecord | None) -> FileRecord | None:
        """The record with the file's content."""
        return None if wire is None or not os.path.isfile(wire["path"]) else with_data(wire)

    def from_page(self, raw: Any) -> FileRecord | None:
        """The record of a file that was uploaded, or None."""
        return None if raw is None else read_record(raw)
