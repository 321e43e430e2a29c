"""Image: a picture to show, upload, paste or take with a webcam."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge import sketch
from nbblocks.bridge.component import FieldProps
from nbblocks.bridge.files import FileRecord, FileValue, path_of, read_record
from nbblocks.core.errors import PlainError
from nbblocks.core.events import Event

from .button import Button
from .checks import one_of, shows
from .pictures import WatermarkOptions, WebcamOptions, shown, stored, taken
from .tools import ToolField, names_in

SOURCES = ("upload", "webcam", "clipboard")
MODES = ("1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I", "F", None)


class Image(ToolField[FileRecord, Any]):
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
    webcam_constraints = t.Dict().tag(sync=True)
    placeholder = t.Unicode(None, allow_none=True).tag(sync=True)
    alt_text = t.Unicode(None, allow_none=True).tag(sync=True)

    derived = {
        **ToolField.derived,
        "buttons": ("show_download_button", "show_fullscreen_button"),
        "webcam_options": ("mirror_webcam", "webcam_constraints"),
        "streaming": ("sources",),
    }

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
        mirror_webcam: bool | None = None,
        show_share_button: bool | None = None,
        show_fullscreen_button: bool | None = None,
        buttons: Sequence[str | Button] | None = None,
        placeholder: str | None = None,
        webcam_options: WebcamOptions | None = None,
        webcam_constraints: dict[str, Any] | None = None,
        watermark: Any = None,
        alt_text: str | None = None,
        **shared: Unpack[FieldProps],
    ) -> None:
        """Create it with ``value``: an array, a PIL image, a path or a URL.

        :param format: file format for arrays and PIL images on their way to the page
        :param height: px or CSS length, as ``width``
        :param image_mode: PIL mode that handlers get; None leaves pictures as they are
        :param sources: what the user may take pictures from: ``"upload"``, ``"webcam"``, ``"clipboard"``;
            None: all of them, or the webcam alone if ``streaming``
        :param type: what handlers get: ``"numpy"`` (uint8, (h, w, 3) for RGB), ``"pil"``, ``"filepath"``
        :param streaming: fire ``stream`` for each frame of the webcam; needs ``sources=["webcam"]``
        :param mirror_webcam: older form of ``webcam_options.mirror``, as ``webcam_constraints`` is
        :param show_share_button: accepted for old programs, without effect
        :param buttons: small buttons to show, of ``"download"`` and ``"fullscreen"``, and Buttons of your own
        :param placeholder: text of the empty upload area; a line that begins with ``#`` is a heading
        :param watermark: picture, or `WatermarkOptions`, laid over what is shown; SVG and GIF files have none
        :param alt_text: what screen readers say instead of the label
        :raises ValueError: for a parameter outside its allowed values
        """
        one_of("Image", "type", type, ("numpy", "pil", "filepath"))
        one_of("Image", "image_mode", image_mode, MODES)
        if sources is None:
            chosen = ["webcam"] if streaming else list(SOURCES)
        else:
            chosen = [sources] if isinstance(sources, str) else list(sources)
        for source in chosen:
            one_of("Image", "sources", source, SOURCES)
        if streaming and chosen != ["webcam"]:
            raise ValueError(f"Image(streaming=True) needs sources=['webcam'], got {chosen}")
        self.type = type
        self.format = format
        self.image_mode = image_mode
        self.watermark = watermark if isinstance(watermark, WatermarkOptions) else WatermarkOptions(watermark)
        old = WebcamOptions(mirror_webcam is not False, webcam_constraints)
        webcam = old if webcam_options is None else webcam_options
        named = names_in(buttons)
        download = shows("download", named, show_download_button, "show_download_button")
        fullscreen = shows("fullscreen", named, show_fullscreen_button, "show_fullscreen_button")
        props = {
            "value": value,
            "height": height,
            "width": width,
            "sources": chosen,
            "show_download_button": download is not False,
            "show_fullscreen_button": fullscreen is not False,
            "streaming": streaming,
            "mirror_webcam": webcam.mirror,
            "webcam_constraints": webcam.video,
            "placeholder": placeholder,
            "alt_text": alt_text,
        }
        super().__init__(props, {**shared, "buttons": buttons})

    def picture(self, show: sketch.Files) -> str:
        """As every component: the picture."""
        return self.captioned(show(self.value, sketch.words(self.value)) if self.value else "")

    def preprocess(self, payload: FileRecord | None) -> Any:
        """The picture as ``type`` says, upright and in ``image_mode``; a file that needs no change as it is.

        :raises Error: if it cannot be read as a picture
        """
        if payload is None:
            return None
        name = payload["orig_name"] or payload["path"]
        if os.path.splitext(name)[1].lower() == ".svg":
            if self.type == "filepath":
                return FileValue(path_of(payload))
            raise PlainError("SVG pictures are only accepted by an Image with type='filepath'")
        return taken(payload, type=self.type, mode=self.image_mode, format=self.format)

    def postprocess(self, value: Any) -> FileRecord | None:
        """The record of a picture in the cache, made of an array, a PIL image, a path or a URL.

        :raises FileNotFoundError: if there is no such file
        :raises ValueError: for anything else
        """
        return None if value is None else stored("Image", value, self.format, self.watermark)

    def to_page(self, wire: FileRecord | None) -> FileRecord | None:
        """The record, with the file's content unless that is large."""
        return None if wire is None else shown(wire)

    def from_page(self, raw: Any) -> FileRecord | None:
        """The record of a file that was uploaded, or None."""
        return None if raw is None else read_record(raw)
