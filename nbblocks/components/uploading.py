"""Uploading: what UploadButton and File have in common, which is their value and what may go into it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, TypeAlias, cast

import traitlets as t

from nbblocks.bridge.component import Component
from nbblocks.bridge.files import FileRecord, FileValue, fits, mime_type_of, path_of, read_record, store
from nbblocks.core.errors import PlainError
from nbblocks.core.events import Event
from nbblocks.core.filedata import FileData, ListFiles
from nbblocks.core.places import warn

from .checks import kind_of, one_of

Files: TypeAlias = FileRecord | list[FileRecord]
COUNTS = ("single", "multiple", "directory")


class Uploading(Component[Files, Any]):
    """A component whose value is one file, or several, that the user has chosen."""

    takes_files = True

    value = t.Any(None, allow_none=True).tag(sync=True, ts="FileRecord | FileRecord[] | null")
    file_count = t.Enum(COUNTS, "single").tag(sync=True)
    file_types = t.List(t.Unicode(), None, allow_none=True).tag(sync=True)

    type: str
    """What handlers get: ``"filepath"``, or ``"bytes"`` and its equal ``"binary"``."""

    derived = {"file_count": ("file_types",)}

    change = Event("the files became different, before ``upload``")
    upload = Event("all files of one choice have arrived")

    def preprocess(self, payload: Files | None) -> Any:
        """A path or the content of the file; a list of them unless one file is asked for (CP-40).

        The base name of a path is the file's name.

        :raises Error: if a file is not of the allowed types
        """
        records = payload if isinstance(payload, list) else [payload] if payload else []
        single = self.file_count == "single"
        read = [self._read(record) for record in (records[:1] if single else records)]
        return None if not read else read[0] if single else read

    def _read(self, record: FileRecord) -> FileValue | bytes:
        path = FileValue(path_of(record))
        name = record.get("orig_name") or os.path.basename(path)
        if not fits(name, self.file_types):
            raise PlainError(f"{name} is not of an allowed type: {', '.join(self.file_types or [])}")
        return path if self.type == "filepath" else Path(path).read_bytes()

    def postprocess(self, value: Any) -> Files | None:
        """Records of files given by path or URL, copied or fetched into the cache; an empty list is None.

        :raises FileNotFoundError: if there is no such file
        :raises TypeError: if it is neither a path or URL nor a list of them
        """
        if value is None:
            return None
        if isinstance(value, (list, tuple)):
            return ListFiles(stored(self, one) for one in cast("list[Any]", value)) or None
        return stored(self, value, "a path, a URL or a list of them")

    def process_example(self, value: Any) -> str:
        """The base names of the files at ``value``, for a row of examples."""
        if isinstance(value, (list, tuple)):
            return ", ".join(self.process_example(path) for path in cast("list[Any]", value))
        return "" if value is None else os.path.basename(cast("str | os.PathLike[str]", value))

    def from_page(self, raw: Any) -> Files | None:
        """The records of files that were uploaded, or None."""
        if isinstance(raw, list):
            return ListFiles(below_folder(read_record(one)) for one in cast("list[Any]", raw)) or None
        return None if raw is None else below_folder(read_record(raw))


def upload_props(owner: str, file_count: str, file_types: list[str] | None, *, given: str) -> dict[str, Any]:
    """Check what was written in the constructor of ``owner``; the properties that come of it.

    :param given: its ``type``
    :raises ValueError: for a parameter outside its allowed values
    """
    one_of(owner, "type", given, ("filepath", "bytes", "binary"))
    one_of(owner, "file_count", file_count, COUNTS)
    kinds: Any = file_types
    listed = isinstance(kinds, list) and all(isinstance(one, str) for one in cast("list[Any]", kinds))
    if kinds is not None and not listed:
        kind = kind_of(cast("Any", kinds))
        raise ValueError(
            f"Parameter file_types must be a list. Received {kind}: {owner} wants a list of str, "
            f"such as ['image', '.csv'], got {kinds!r}"
        )
    if file_types is not None and file_count == "directory":
        warn("file_types has no effect with file_count='directory'")
        file_types = None
    return {"file_count": file_count, "file_types": file_types}


def stored(owner: Component[Any, Any], value: Any, expected: str = "a path or a URL") -> FileRecord:
    """The record of a file that a handler has given, copied or fetched into the cache.

    :raises TypeError: if it is not what ``owner`` expects
    :raises FileNotFoundError: if there is no such file
    """
    if not isinstance(value, (str, os.PathLike)):
        raise TypeError(f"{type(owner).__name__} expects {expected}, got {kind_of(value)}: {value!r:.80}")
    return store(cast("str | os.PathLike[str]", value))


def below_folder(record: FileRecord) -> FileRecord:
    """A record that a page has sent, its name ending in that of the file itself.

    Before it stand the folders from a chosen one on, as in ``"trip/day 1/a.jpg"``.
    """
    folders = (record["orig_name"] or "").rpartition("/")[0]
    name = os.path.basename(record["path"])
    whole = f"{folders}/{name}" if folders else name
    return cast("FileRecord", FileData({**record, "orig_name": whole, "mime_type": mime_type_of(name)}))
