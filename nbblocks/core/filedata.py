"""FileData: what is known of a file, as event data and messages hold it."""

from __future__ import annotations

from typing import Any


class FileData(dict[str, Any]):
    """A file as JSON-like data whose fields are attributes too: ``file.path`` is ``file["path"]``.

    ``path``, ``url``, ``size`` in bytes, ``orig_name``, ``mime_type`` and ``is_stream`` are always there,
    None or False unless they are known.
    """

    def __init__(self, given: dict[str, Any] | None = None, /, **fields: Any) -> None:
        """Take the fields from a dict, from keywords, or from both."""
        nothing = dict.fromkeys(("path", "url", "size", "orig_name", "mime_type"))
        meta = {"_type": "nbblocks.FileData"}
        super().__init__({**nothing, "is_stream": False, "meta": meta, **(given or {}), **fields})

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"a file has no field {name!r}") from None
