"""Files as values: the record a page holds, the path a handler gets, and the way between them."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, cast

from typing_extensions import NotRequired, TypedDict

from nbblocks.core.errors import InvalidPathError, MessageError

from . import cache

URL_TIMEOUT = 30
"""Seconds without an answer after which fetching a URL fails."""


class FileMeta(TypedDict):
    """Marks a record as one."""

    _type: Literal["nbblocks.FileData"]


class FileRecord(TypedDict):
    """What a page holds of a file in the cache: ``size`` in bytes, ``data`` only where it must show it."""

    path: str
    url: str | None
    size: int | None
    orig_name: str | None
    mime_type: str | None
    is_stream: bool
    meta: FileMeta
    data: NotRequired[bytes]


class FileValue(str):
    """The path of a file. Its ``name`` is the path too, so code written for open files works (CP-40)."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The path itself."""
        return str(self)


def mime_type_of(name: str) -> str | None:
    """The MIME type that the suffix of ``name`` stands for."""
    return mimetypes.guess_type(name, strict=False)[0]


def paths_in(value: object) -> Iterator[str]:
    """The paths of all file records in JSON-like data, however deep."""
    if isinstance(value, dict):
        given = cast("dict[str, object]", value)
        meta, path = given.get("meta"), given.get("path")
        if isinstance(path, str) and isinstance(meta, dict) and "_type" in meta:
            yield path
        value = list(given.values())
    if isinstance(value, list):
        for item in cast("list[object]", value):
            yield from paths_in(item)


def record_of(path: str, *, orig_name: str | None = None, url: str | None = None) -> FileRecord:
    """The record of a file that lies in the cache."""
    name = orig_name or os.path.basename(path)
    return {
        "path": path,
        "url": url,
        "size": os.path.getsize(path),
        "orig_name": name,
        "mime_type": mime_type_of(name) or mime_type_of(path),
        "is_stream": False,
        "meta": {"_type": "nbblocks.FileData"},
    }


def read_record(raw: object) -> FileRecord:
    """The record that a page has sent, made anew from its path: nothing else of it is believed.

    :raises MessageError: if it is no file record
    :raises InvalidPathError: if the page was never given that file (CP-12)
    """
    fields = cast("dict[str, object]", raw if isinstance(raw, dict) else {})
    path, name = fields.get("path"), fields.get("orig_name")
    if not isinstance(path, str) or not isinstance(name, str | None):
        raise MessageError(f"expected a file record with a path, got {shortened(cast('object', raw))}")
    if not cache.is_held(path):
        raise InvalidPathError(f"the file {path!r} was neither uploaded to this app nor sent to its page")
    return record_of(os.path.realpath(path), orig_name=name or None)


def shortened(raw: object) -> str:
    """The beginning of what a page has sent, for messages."""
    text = repr(raw)
    return text if len(text) <= 80 else text[:79] + "…"


def read_records(raw: object) -> FileRecord | list[FileRecord] | None:
    """As `read_record`, for None and lists too."""
    if raw is None:
        return None
    if isinstance(raw, list):
        return [read_record(entry) for entry in cast("list[object]", raw)]
    return read_record(raw)


def with_data(record: FileRecord) -> FileRecord:
    """The record with the file's content, for a page that must show it."""
    return {**record, "data": Path(record["path"]).read_bytes()}


def is_url(value: object) -> bool:
    """Whether ``value`` is the address of a web page or file."""
    return isinstance(value, str) and value.lower().startswith(("http://", "https://"))


def store(value: str | os.PathLike[str]) -> FileRecord:
    """Copy a file into the cache, or fetch a URL into it (CP-10).

    :raises FileNotFoundError: if there is no such file
    :raises OSError: if the URL cannot be fetched
    """
    if is_url(value):
        return record_of(fetch(str(value)), url=str(value))
    return record_of(cache.current().save_file(value))


def fetch(url: str) -> str:
    """Fetch ``url`` into the cache and return the path of the file."""
    import urllib.parse
    import urllib.request  # slow to import, and seldom needed

    request = urllib.request.Request(url, headers={"User-Agent": "nbblocks"})
    with urllib.request.urlopen(request, timeout=URL_TIMEOUT) as answer:
        content_type: str = answer.headers.get_content_type()
        data: bytes = answer.read()
    name = urllib.parse.unquote(urllib.parse.urlsplit(url).path.rsplit("/", 1)[-1]) or "file"
    if not os.path.splitext(name)[1]:
        name += mimetypes.guess_extension(content_type, strict=False) or ""
    return cache.current().save_bytes(data, name)


def fits(name: str, file_types: Sequence[str] | None) -> bool:
    """Whether a file called ``name`` is of one of the ``file_types`` (CP-42)."""
    main_type = (mime_type_of(name) or "").split("/")[0]
    return not file_types or any(
        name.lower().endswith(kind.lower()) if kind.startswith(".") else kind in ("file", main_type)
        for kind in file_types
    )
