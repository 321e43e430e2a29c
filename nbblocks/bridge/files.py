"""Files as values: the record a page holds, the path a handler gets, and the way between them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import unquote, urlsplit

from typing_extensions import NotRequired, TypedDict

from nbblocks.core.errors import InvalidPathError, MessageError
from nbblocks.core.filedata import FileData
from nbblocks.core.places import warn

from . import cache
from .filenames import safe_relative
from .mimes import mime_type_of
from .nesting import items_in


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


def paths_in(value: object) -> Iterator[str]:
    """The paths of all files in JSON-like data, however deep: those of `FileData`."""
    for item in items_in(value):
        if isinstance(item, dict):
            given = cast("dict[str, object]", item)
            if is_genuine(given) and isinstance(given["path"], (str, os.PathLike)):
                yield os.fspath(cast("str", given["path"]))


def record_of(path: str, *, orig_name: str | None = None, url: str | None = None) -> FileRecord:
    """The record of a file that lies in the cache.

    :param orig_name: what the file is called where it comes from, made safe here; ``folder/a.txt`` if it was
        chosen with its directory. None: as its path
    :raises FileNotFoundError: if it is gone
    """
    name = safe_relative(orig_name) if orig_name else os.path.basename(path)
    record = FileData(
        path=path,
        url=url,
        size=os.path.getsize(path),
        orig_name=name,
        mime_type=mime_type_of(name) or mime_type_of(path),
    )
    return cast("FileRecord", record)


def read_record(raw: object) -> FileRecord:
    """The record that a page has sent, made anew from its path: nothing else of it is believed.

    :raises MessageError: if it is no file record
    :raises InvalidPathError: if the page was never given that file (CP-12)
    """
    if isinstance(raw, FileData):  # a page can send none: the app has made it
        return cast("FileRecord", raw)
    fields = cast("dict[str, object]", raw if isinstance(raw, dict) else {})
    path, name = fields.get("path"), fields.get("orig_name")
    if not isinstance(path, str) or not isinstance(name, str | None):
        raise MessageError(f"expected a file record with a path, got {shortened(cast('object', raw))}")
    if cache.is_given(path):
        return _elsewhere(path)
    with contextlib.suppress(FileNotFoundError):  # swept this very moment
        if cache.is_held(path):
            return record_of(os.path.realpath(path), orig_name=name or None)
    raise InvalidPathError(
        f"the file {shortened(path)} was neither uploaded to this app nor sent to its page, or it was deleted"
    )


def shortened(raw: object) -> str:
    """The beginning of what a page has sent, for messages."""
    text = repr(raw)
    return text if len(text) <= 80 else text[:79] + "…"


def is_genuine(given: dict[Any, Any]) -> bool:
    """Whether it is the record of a file: only what was made as one is, in the kernel.

    A dict that merely says so may be text that somebody has typed; see `is_marked`.
    """
    return isinstance(given, FileData)


def is_marked(given: dict[Any, Any]) -> bool:
    """Whether it says of itself that it is a file record, as those from pages do. Nobody is to believe it."""
    meta = given.get("meta")
    return "path" in given and isinstance(meta, dict) and "_type" in meta


def is_trusted(given: Mapping[str, Any]) -> bool:
    """Whether the file that a record names may be read: the app has made the record, or has the file."""
    path = given.get("path")
    return isinstance(given, FileData) or (
        isinstance(path, str) and (cache.is_given(path) or cache.is_held(path))
    )


def may_be_read(given: Mapping[str, Any]) -> bool:
    """As `is_trusted`, within an app; a program that calls a component by hand reads what it likes."""
    return cache.active.get() is None or is_trusted(given)


def changed(
    value: Any,
    change: Callable[[dict[str, Any]], Any],
    is_file: Callable[[dict[str, Any]], bool] = is_genuine,
) -> Any:
    """JSON-like data with each file record in it, however deep, replaced by what ``change`` makes of it."""
    if isinstance(value, list):
        return [changed(one, change, is_file) for one in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    given = cast("dict[str, Any]", value)
    if is_file(given):
        return change(given)
    return {name: changed(one, change, is_file) for name, one in given.items()}


def with_data(record: FileRecord) -> FileRecord:
    """The record with the file's content, for a page that must show it, if it is a file of its app."""
    if not is_trusted(record):
        return record
    return cast("FileRecord", FileData({**record, "data": Path(record["path"]).read_bytes()}))


def is_url(value: object) -> bool:
    """Whether ``value`` is the address of a web page or file."""
    return isinstance(value, str) and value.lower().startswith(("http://", "https://"))


def store(value: str | os.PathLike[str], *, trusted: bool = False) -> FileRecord:
    """Copy a file into the cache, or fetch a URL into it (CP-10).

    :param trusted: as of `FileCache.save_file`
    :raises FileNotFoundError: if there is no such file
    :raises InvalidPathError: for a hidden file or a blocked path (AP-35)
    :raises OSError: naming the file or URL, if it cannot be read, fetched or stored
    """
    if is_url(value):
        return record_of(fetch(str(value)), url=str(value))
    return record_of(cache.current().save_file(value, trusted=trusted))


def shown_from(value: str | os.PathLike[str]) -> FileRecord:
    """As `store`; a URL that cannot be fetched is left to the page, which shows it from there (CP-10).

    The browser may have the way into the net that the kernel lacks. The path in the record is then the URL.

    :raises FileNotFoundError: if there is no such file, or the server says so
    """
    try:
        return store(value)
    except FileNotFoundError:
        raise
    except OSError as error:
        if not is_url(value) or error.filename is not None:  # the latter: it cannot be stored
            raise
        warn(f"{error}: pages show it from there")
        cache.current().elsewhere.give_address(str(value))
        return _elsewhere(str(value))


def _elsewhere(url: str) -> FileRecord:
    name = safe_relative(unquote(urlsplit(url).path.rpartition("/")[2])) or "file"
    return cast("FileRecord", FileData(path=url, url=url, orig_name=name, mime_type=mime_type_of(name)))


def path_of(record: FileRecord) -> str:
    """The path of a record's file, which is fetched now if it is still elsewhere.

    :raises InvalidPathError: if it is not a file of the app
    :raises OSError: if it cannot be fetched
    """
    if not may_be_read(record):
        raise InvalidPathError(f"the file {shortened(record.get('path'))} is none of this app")
    return fetch(record["path"]) if is_url(record["path"]) else record["path"]


def fetch(url: str) -> str:
    """Fetch ``url`` into the cache and return the path of the file; see `fetching.fetch_into`."""
    from .fetching import fetch_into  # slow to import, and seldom needed

    return fetch_into(cache.current(), url)


def given_out(value: Any) -> Any:
    """JSON-like data for a page that is no value or property, its files copied into the app's cache (CP-10).

    :raises FileNotFoundError: if there is no such file
    :raises InvalidPathError: for a hidden file or a blocked path (AP-35)
    """
    if next(paths_in(value), None) is None:
        return value

    def give(record: dict[str, Any]) -> Any:
        path = record["path"]
        if is_url(path):
            cache.current().elsewhere.give_address(path)
            return record
        return FileData({**record, "path": cache.current().save_file(path)})

    return changed(value, give)


def fits(name: str, file_types: Sequence[str] | None) -> bool:
    """Whether a file called ``name`` is of one of the ``file_types`` (CP-42).

    They are ``.ext``, ``"file"`` for any, ``"image"`` and its like, or whole as ``"application/pdf"``.
    """
    mime_type = mime_type_of(name) or ""
    kinds = ("file", mime_type.split("/")[0], mime_type)
    return not file_types or any(
        name.lower().endswith(kind.lower())
        if kind.startswith(".")
        else kind.lower().removesuffix("/*") in kinds
        for kind in file_types
    )
