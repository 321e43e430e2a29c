"""DownloadButton: a button that saves a file in the browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.files import FileRecord, FileValue, path_of, read_record
from nbblocks.core.events import Event

from .pressable import Pressable, PressableProps
from .uploading import stored


class DownloadButton(Pressable[FileRecord, str | Path]):
    """A button that saves a file in the browser and then fires ``click``; without a file it just fires."""

    label = t.Unicode("Download").tag(sync=True)
    value = t.Any(None, allow_none=True).tag(sync=True, ts="FileRecord | null")

    change = Event("the file became different")

    def __init__(
        self,
        label: str = "Download",
        value: str | Path | Callable[..., Any] | None = None,
        **shared: Unpack[PressableProps],
    ) -> None:
        """Create a button with the text ``label``.

        :param value: path or URL of the file
        :raises FileNotFoundError: if there is no such file
        """
        super().__init__({"label": label, "value": value}, shared)

    def preprocess(self, payload: FileRecord | None) -> FileValue | None:
        """The path of the file."""
        return None if payload is None else FileValue(path_of(payload))

    def postprocess(self, value: str | Path | None) -> FileRecord | None:
        """The record of the file, copied or fetched into the cache.

        :raises FileNotFoundError: if there is no such file
        :raises TypeError: if it is neither a path nor a URL
        """
        return None if value is None else stored(self, value)

    def from_page(self, raw: Any) -> FileRecord | None:
        """The record of a file that the page was given, or None."""
        return None if raw is None else read_record(raw)
