"""Files in the values that a Client sends and receives."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

from nbblocks.bridge.files import changed, is_url, store
from nbblocks.core.filedata import FileData

MARK = "nbblocks.FileData"


def handle_file(filepath_or_url: str | Path) -> dict[str, Any]:
    """Mark a path or URL as a file, to be passed to `Client.predict`.

    :raises ValueError: if it is neither a URL nor the path of an existing file
    """
    text = str(filepath_or_url)
    meta = {"_type": MARK}
    if is_url(text):
        return {"path": text, "orig_name": text.split("/")[-1], "url": text, "meta": meta}
    if not os.path.isfile(text):
        raise ValueError(f"handle_file needs a URL or the path of an existing file, got {text!r}")
    return {"path": os.path.abspath(text), "orig_name": os.path.basename(text), "meta": meta}


def is_record(value: object) -> bool:
    """Whether ``value`` is a file record."""
    if not isinstance(value, dict):
        return False
    meta = cast("dict[str, Any]", value).get("meta")
    if not isinstance(meta, dict) or not isinstance(cast("dict[str, Any]", value).get("path"), str):
        return False
    return str(cast("dict[str, Any]", meta).get("_type", "")).endswith(".FileData")


def paths_of(value: Any) -> Any:
    """``value`` with each file record replaced by its path (AP-85)."""
    if is_record(value):
        return value["path"]
    if isinstance(value, dict):
        return {key: paths_of(item) for key, item in cast("dict[Any, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return type(value)(paths_of(item) for item in cast("list[Any]", value))  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return value


def kept(wire: Any) -> Any:
    """A wire value with its files copied into the cache at hand, of whoever's cache they are.

    What merely says that it is a file stays as it is: it may have been typed (TR-1).
    """

    def keep(record: dict[str, Any]) -> dict[str, Any]:
        stored = store(record["path"], trusted=True)
        return FileData({**record, **stored, "orig_name": record.get("orig_name")})

    return changed(wire, keep)
