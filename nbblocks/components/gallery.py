"""Gallery: pictures and films side by side, with captions, to look at one by one."""

from __future__ import annotations

import contextvars
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge import sketch
from nbblocks.bridge.component import FieldProps
from nbblocks.bridge.files import (
    FileRecord,
    FileValue,
    fits,
    mime_type_of,
    path_of,
    read_record,
    shortened,
    with_data,
)
from nbblocks.bridge.schemas import FILE, list_of, object_of
from nbblocks.core.errors import MessageError, PlainError
from nbblocks.core.events import Event
from nbblocks.core.records import Record, Records

from .button import Button
from .checks import is_zero_d, kind_of, one_of, shows
from .pictures import is_array, stored, taken
from .tools import ToolField, names_in

SOURCES = ("upload", "webcam", "clipboard")
FITS = ("contain", "cover", "fill", "none", "scale-down", None)
INLINE = 1 << 20
"""Bytes of pictures that go to a page with the value; the page fetches others when they come into sight."""
WIDTHS = 6
"""Number of widths of the gallery that ``columns`` and ``rows`` may differ for."""
MAX_ITEMS = 10_000
"""Most pictures that a page may send."""
ENCODERS = 4
"""Threads that encode pictures, or fetch them, at a time."""
PAGE_TYPE = (
    "({ image: FileRecord; video?: undefined; caption: string | null }"
    " | { video: FileRecord; image?: undefined; caption: string | null })[]"
)


class GalleryImage(Record):
    """An entry as a page holds it: a picture with its caption."""

    image: FileRecord
    caption: str | None = None


class GalleryVideo(Record):
    """An entry as a page holds it: a film with its caption."""

    video: FileRecord
    caption: str | None = None


class GalleryData(Records):
    """All entries, each a `GalleryImage` or a `GalleryVideo`."""


GalleryItem = GalleryImage | GalleryVideo


class Gallery(ToolField[GalleryData, Any]):
    """A grid of pictures and films; a click enlarges one."""

    api_schema = list_of(object_of(image=FILE, caption={"anyOf": [{"type": "string"}, {"type": "null"}]}))

    takes_files = True

    framed = False

    value = t.List(t.Any(), []).tag(sync=True, ts=PAGE_TYPE)
    columns = t.List(t.Int(), [2]).tag(sync=True)
    rows = t.List(t.Int(), None, allow_none=True).tag(sync=True)
    height = t.Union([t.Int(), t.Float(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)
    allow_preview = t.Bool(True).tag(sync=True)
    preview = t.Bool(False).tag(sync=True)
    selected_index = t.Int(None, allow_none=True).tag(sync=True)
    object_fit = t.Enum(FITS, None, allow_none=True).tag(sync=True)
    fit_columns = t.Bool(True).tag(sync=True)
    file_types = t.List(t.Unicode(), None, allow_none=True).tag(sync=True)
    sources = t.List(t.Enum(SOURCES), ["upload"]).tag(sync=True)
    show_download_button = t.Bool(True).tag(sync=True)
    show_download_all_button = t.Bool(True).tag(sync=True)
    show_fullscreen_button = t.Bool(True).tag(sync=True)

    derived = {
        **ToolField.derived,
        "buttons": ("show_download_button", "show_download_all_button", "show_fullscreen_button"),
    }

    select = Event("the user chose an entry; the data are its index and the entry")
    upload = Event("files chosen by the user have arrived")
    delete = Event("the user removed an entry; the data are its file")
    preview_open = Event("the user enlarged an entry")
    preview_close = Event("the user went back to the grid")

    def __init__(
        self,
        value: Iterable[Any] | Callable[..., Any] | None = None,
        *,
        format: str = "webp",
        columns: int | Sequence[int] | None = 2,
        rows: int | Sequence[int] | None = None,
        height: int | float | str | None = None,
        allow_preview: bool = True,
        preview: bool | None = None,
        selected_index: int | None = None,
        object_fit: str | None = None,
        type: str = "filepath",
        file_types: list[str] | None = None,
        fit_columns: bool = True,
        sources: Sequence[str] | str | None = None,
        show_download_button: bool | None = None,
        show_fullscreen_button: bool | None = None,
        show_share_button: bool | None = None,
        buttons: Sequence[str | Button] | None = None,
        **shared: Unpack[FieldProps],
    ) -> None:
        """Create it with ``value``: pictures and films, each alone or in a pair with its caption.

        A picture is an array, a PIL image, a path or a URL; a film is a path or a URL.

        :param format: file format for arrays and PIL images on their way to the page
        :param columns: entries side by side; or up to six numbers, for galleries narrower than 576, 768, 992,
            1200 and 1400 px, and wider ones; the last stands for all that are missing. None: 2
        :param rows: rows that are in sight at a time, as ``columns``; others are scrolled to. None: all
        :param height: px or CSS length; what is longer scrolls
        :param allow_preview: whether a click enlarges an entry
        :param preview: start with the first entry enlarged
        :param selected_index: the entry that is chosen at the start, and enlarged if that is allowed
        :param object_fit: how pictures fill their squares, as in CSS: ``"cover"`` unless given
        :param type: what handlers get of pictures: ``"filepath"``, ``"numpy"`` or ``"pil"``; films and SVG
            files are always paths
        :param file_types: what the user may add: ``"image"``, ``"video"``, ``".ext"``; None: the first two
        :param fit_columns: let fewer entries than columns share the whole width
        :param sources: what the user may add from: ``"upload"`` (None), ``"webcam"``, ``"clipboard"``
        :param show_share_button: accepted for old programs, without effect
        :param buttons: small buttons to show, of ``"download"``, ``"download_all"`` and ``"fullscreen"``, and
            Buttons of your own
        :raises ValueError: for a parameter outside its allowed values, and for a str as ``value``
        """
        one_of("Gallery", "type", type, ("filepath", "numpy", "pil"))
        one_of("Gallery", "object_fit", object_fit, FITS)
        chosen = ["upload"] if not sources else [sources] if isinstance(sources, str) else list(sources)
        for source in chosen:
            one_of("Gallery", "sources", source, SOURCES)
        self.type = type
        self.format = format
        named = names_in(buttons)
        download = shows("download", named, show_download_button, "show_download_button")
        fullscreen = shows("fullscreen", named, show_fullscreen_button, "show_fullscreen_button")
        download_all = show_download_button if named is None else shows("download_all", named, None, "")
        props = {
            "value": value,
            "columns": _per_width("columns", columns) or [2],
            "rows": _per_width("rows", rows),
            "height": height,
            "allow_preview": allow_preview,
            "preview": bool(preview),
            "selected_index": selected_index,
            "object_fit": object_fit,
            "fit_columns": fit_columns,
            "file_types": None if file_types is None else list(file_types),
            "sources": chosen,
            "show_download_button": download is not False,
            "show_download_all_button": download_all is not False,
            "show_fullscreen_button": fullscreen is not False,
        }
        super().__init__(props, {**shared, "buttons": buttons})

    def picture(self, show: sketch.Files) -> str:
        """As every component: the first pictures."""
        entries = [
            (one.get("image") or one.get("video"), one.get("caption")) for one in list(self.value or [])
        ]
        shown = [
            f"<div>{show(file, 'picture')} {sketch.text(caption, sketch.CELL)}</div>"
            for file, caption in entries
        ]
        return self.captioned("".join(shown[: sketch.ROWS]))

    def preprocess(self, payload: GalleryData | None) -> list[tuple[Any, str | None]] | None:
        """Pairs of picture or film and caption (None if it has none); None if there are none.

        :raises Error: if a file is not of the allowed types, or cannot be read as a picture
        """
        return [(self._taken(item), item["caption"]) for item in payload] if payload else None

    def _taken(self, item: GalleryItem) -> Any:
        record = item.get("video") or item.get("image")
        assert record is not None
        name = record["orig_name"] or os.path.basename(record["path"])
        if not fits(name, self.file_types):
            raise PlainError(f"{name} is not of an allowed type: {', '.join(self.file_types or [])}")
        if "video" in item or self.type == "filepath" or name.lower().endswith(".svg"):
            try:
                return FileValue(path_of(record))
            except OSError as error:
                raise PlainError(str(error)) from error
        return taken(record, type=self.type, mode=None, format=self.format)

    def postprocess(self, value: Any) -> GalleryData:
        """The records of pictures and films in the cache, with their captions.

        :raises FileNotFoundError: if there is no such file
        :raises ValueError: for a str, and for an entry that is neither picture nor film
        """
        if value is None:
            return GalleryData()
        if (
            isinstance(value, (str, bytes, Mapping))
            or not isinstance(value, Iterable)
            or is_zero_d(cast("object", value))
        ):
            raise ValueError(
                "Gallery expects a list of pictures and films, or of pairs with captions, "
                f"got {kind_of(cast('object', value))}"
            )
        given = list(cast("Iterable[Any]", value))
        if len(given) < 2:
            return GalleryData(self._stored(entry) for entry in given)
        from concurrent.futures import ThreadPoolExecutor

        # Each thread sees the app's cache through the context it was given.
        with ThreadPoolExecutor(ENCODERS) as pool:
            jobs = [pool.submit(contextvars.copy_context().run, self._stored, entry) for entry in given]
            return GalleryData(job.result() for job in jobs)

    def _stored(self, entry: Any) -> GalleryItem:
        media, caption = entry, None
        if isinstance(entry, Mapping):  # as a page sends it with an event
            fields = cast("Mapping[str, Any]", entry)
            media, caption = fields.get("video") or fields.get("image"), fields.get("caption")
        elif isinstance(entry, (list, tuple)):
            pair = cast("Sequence[Any]", entry)
            if len(pair) != 2:
                raise ValueError(f"Gallery expects pairs of picture and caption, got {len(pair)} values")
            media, caption = pair
        if isinstance(media, Mapping):
            media = cast("Mapping[str, Any]", media).get("path")
        record = stored("Gallery", media, self.format)
        text = None if caption is None else str(caption)
        if not is_array(media) and (record["mime_type"] or "").startswith("video/"):
            return GalleryVideo(video=record, caption=text)
        return GalleryImage(image=record, caption=text)

    def to_page(self, wire: GalleryData) -> list[GalleryItem]:
        """The entries; the first pictures with their content, up to 1 MB in all."""
        room = INLINE
        found: list[GalleryItem] = []
        for item in wire:
            record = item.get("image")
            if record is not None and os.path.isfile(record["path"]):
                size = os.path.getsize(record["path"])
                if size <= room:
                    room -= size
                    found.append(GalleryImage(image=with_data(record), caption=item["caption"]))
                    continue
            found.append(item)
        return found

    def from_page(self, raw: Any) -> GalleryData:
        """Entries whose files were uploaded, or sent to the page before.

        :raises MessageError: if they are not of the form that pages get
        """
        if raw is None:
            return GalleryData()
        entries = cast("list[object]", raw)
        if not isinstance(raw, list) or len(entries) > MAX_ITEMS:
            raise MessageError(f"value of gallery: expected a list of entries, got {shortened(entries)}")
        return GalleryData(_read(entry) for entry in entries)


def _read(raw: object) -> GalleryItem:
    entry = cast("dict[str, Any]", raw if isinstance(raw, dict) else {})
    if "path" in entry:  # a file alone, as Clients may give it
        entry = {"image": entry}
    record, caption = entry.get("video") or entry.get("image"), entry.get("caption")
    if record is None or not isinstance(caption, str | None):
        raise MessageError(f"value of gallery: expected an entry with image or video, got {shortened(entry)}")
    read = read_record(record)
    if (mime_type_of(read["orig_name"] or "") or "").startswith("video/"):
        return GalleryVideo(video=read, caption=caption)
    return GalleryImage(image=read, caption=caption)


def _per_width(name: str, given: int | Sequence[int] | None) -> list[int] | None:
    """Numbers from the narrowest width to the widest."""
    if given is None:
        return None
    numbers = [given] if isinstance(given, int) else list(given)
    fit = all(isinstance(one, int) and one >= 1 for one in numbers)  # pyright: ignore[reportUnnecessaryIsInstance]
    if not fit or not 1 <= len(numbers) <= WIDTHS:
        raise ValueError(
            f"{name} of Gallery must be a number of at least 1, or up to {WIDTHS} of them, got {given!r}"
        )
    return numbers
