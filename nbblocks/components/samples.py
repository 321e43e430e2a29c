"""How one value of a row of samples goes to the page: small, and without what only its component needs."""

from __future__ import annotations

import contextlib
import io
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

from nbblocks.bridge.component import Component, overrides
from nbblocks.bridge.files import FileRecord, changed, is_url, paths_in
from nbblocks.core.errors import Error

from .modes import displayed, upright

THUMBNAIL = 192
"""Longest side, in px, of the pictures in a row."""
PICTURES = 3
"""Pictures of one entry, of a gallery say, that are shown."""
PICTURES_IN_ALL = 300
"""Pictures of all rows together that are: a message to the page can only be so long."""
SMALL = 1 << 16
"""Largest file in bytes that goes as it is, where no smaller picture can be made of it."""
LONGEST = 1000
"""Characters of a text that a row may have use for."""


def cells_of(columns: Sequence[Component[Any, Any]], rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """What the page shows of ``rows``, a value for each of ``columns``; see `cell_of`."""
    left = iter(range(PICTURES_IN_ALL))
    return [
        [cell_of(column, entry, left) for column, entry in zip(columns, row, strict=False)] for row in rows
    ]


def cell_of(column: Component[Any, Any], entry: Any, pictures: Iterator[int]) -> Any:
    """What the page shows of ``entry``, a user value of ``column``: JSON, with small pictures as bytes.

    A component may have a method ``process_example`` that gives the text, or the path of the file, itself.

    :param pictures: gives as many items as there may be pictures yet
    """
    if entry is None:
        return None
    if overrides(column, "process_example"):
        return _shortened(column.process_example(entry))
    try:
        wire = column.postprocess(entry)
    except (TypeError, ValueError, OSError, Error):  # told to whoever chooses the row: the app is shown
        return _shortened(str(entry))
    names = {_key(value): name for name, value in getattr(column, "choices", None) or ()}
    if names:
        chosen = cast("list[Any]", wire) if isinstance(wire, list) else [wire]
        found = [names.get(_key(one), one) for one in chosen]
        return found if isinstance(wire, list) else found[0]
    if next(paths_in(cast("object", wire)), None) is None:
        return _shortened(wire)
    return _with_pictures(wire, itertools.islice(pictures, PICTURES))


def _key(value: Any) -> Any:
    return (type(value), repr(value))


def _shortened(wire: Any) -> Any:
    return wire[:LONGEST] + "…" if isinstance(wire, str) and len(wire) > LONGEST else wire


def _with_pictures(wire: Any, pictures: Iterator[int]) -> Any:
    """The wire value, its first pictures small and its other files by name."""

    def small(given: dict[str, Any]) -> dict[str, Any]:
        record = cast("FileRecord", given)
        kept = {name: record.get(name) for name in ("path", "url", "orig_name", "mime_type")}
        if (record["mime_type"] or "").startswith("image/") and next(pictures, None) is not None:
            return {**kept, **_picture(record)}
        return kept

    return changed(wire, small)


def _picture(record: FileRecord) -> dict[str, Any]:
    """The bytes of a small edition of a picture, and what they are; none if it can only be shown whole."""
    with contextlib.suppress(ImportError, OSError, ValueError, Error):
        from PIL import Image

        file: Image.Image = Image.open(record["path"])
        with file:
            file.draft("RGB", (THUMBNAIL, THUMBNAIL))  # a JPEG is then read at a fraction of its size
            small = displayed(upright(file))
            small = small.copy() if small is file else small
            small.thumbnail((THUMBNAIL, THUMBNAIL))
            buffer = io.BytesIO()
            small.save(buffer, "webp", quality=80, method=0)
        return {"data": buffer.getvalue(), "mime_type": "image/webp"}
    if not is_url(record["path"]) and (record["size"] or 0) <= SMALL:
        return {"data": Path(record["path"]).read_bytes()}
    return {}
