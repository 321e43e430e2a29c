"""FileData: what is known of a file, as values, event data and messages hold it; and of several."""

from __future__ import annotations

from typing import Any

from .records import Record, Records


class FileData(Record):
    """A file as JSON-like data whose fields are attributes too: ``file.path`` is ``file["path"]``.

    ``path``, ``url``, ``size`` in bytes, ``orig_name``, ``mime_type`` and ``is_stream`` are always there,
    None or False unless they are known.

    In what handlers and authors give, only this is a file, which the pages of their app may then have: a dict
    that looks like one may be what somebody has typed.
    """

    path: str | None = None
    url: str | None = None
    size: int | None = None
    orig_name: str | None = None
    mime_type: str | None = None
    is_stream: bool = False

    def __init__(self, given: dict[str, Any] | None = None, /, **fields: Any) -> None:
        """Take the fields from a dict, from keywords, or from both."""
        super().__init__({"meta": {"_type": "nbblocks.FileData"}, **(given or {})}, **fields)


class ImageData(FileData):
    """The file of a picture."""


class ListFiles(Records):
    """Files, each a `FileData`."""
