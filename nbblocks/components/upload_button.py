"""UploadButton: a button that takes files from the user."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.files import FileRecord, FileValue, fits, read_records, store
from nbblocks.core.errors import Error
from nbblocks.core.events import Event

from .checks import one_of
from .pressable import Pressable, PressableProps

Files = FileRecord | list[FileRecord]


class UploadButton(Pressable[Files, Any]):
    """A button that opens the file chooser; its value is what was uploaded."""

    takes_files = True

    label = t.Unicode("Upload a File").tag(sync=True)
    value = t.Any(None, allow_none=True).tag(sync=True, ts="FileRecord | FileRecord[] | null")
    file_count = t.Enum(["single", "multiple", "directory"], "single").tag(sync=True)
    file_types = t.List(t.Unicode(), None, allow_none=True).tag(sync=True)

    change = Event("the files became different, before ``upload``")
    upload = Event("all files of one choice have arrived")

    def __init__(
        self,
        label: str = "Upload a File",
        value: str | Path | list[str] | list[Path] | Callable[..., Any] | None = None,
        *,
        type: str = "filepath",
        file_count: str = "single",
        file_types: list[str] | None = None,
        **shared: Unpack[PressableProps],
    ) -> None:
        """Create a button with the text ``label``.

        :param value: path or URL of the initial file, or a list of them
        :param type: whether handlers get paths (``"filepath"``) or contents (``"bytes"`` or ``"binary"``)
        :param file_count: ``"single"``, ``"multiple"`` or ``"directory"``; the latter two always give lists
        :param file_types: ``"image"``, ``"audio"``, ``"video"``, ``"text"``, ``"file"`` for any, ``".ext"``
        :raises ValueError: for a parameter outside its allowed values
        """
        if type == "file":
            warnings.warn(
                'UploadButton(type="file") is now type="filepath"', DeprecationWarning, stacklevel=2
            )
            type = "filepath"
        one_of("UploadButton", "type", type, ("filepath", "bytes", "binary"))
        one_of("UploadButton", "file_count", file_count, ("single", "multiple", "directory"))
        if file_types is not None and not isinstance(file_types, list):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"file_types of UploadButton must be a list of str, got {file_types!r}")
        if file_types is not None and file_count == "directory":
            warnings.warn("file_types has no effect with file_count='directory'", UserWarning, stacklevel=2)
            file_types = None
        self.type = type
        props = {"label": label, "value": value, "file_count": file_count, "file_types": file_types}
        super().__init__(props, shared)

    def preprocess(self, payload: Files | None) -> Any:
        """A path or the content of the file; a list of them unless one file is asked for (CP-40).

        :raises Error: if a file is not of the allowed types
        """
        records = payload if isinstance(payload, list) else [payload] if payload else []
        if not records:
            return None
        for record in records:
            name = record["orig_name"] or record["path"]
            if not fits(name, self.file_types):
                raise Error(f"{name} is not of an allowed type: {', '.join(self.file_types or [])}")
        if self.file_count == "single":
            return self._read(records[0])
        return [self._read(record) for record in records]

    def _read(self, record: FileRecord) -> FileValue | bytes:
        path = FileValue(record["path"])
        return path if self.type == "filepath" else Path(path).read_bytes()

    def postprocess(self, value: str | Path | Sequence[str | Path] | None) -> Files | None:
        """Records of files given by path or URL, copied or fetched into the cache.

        :raises FileNotFoundError: if there is no such file
        """
        if value is None:
            return None
        if isinstance(value, (str, Path)):
            return store(value)
        return [store(one) for one in value]

    def from_page(self, raw: Any) -> Files | None:
        """The records of files that were uploaded, or None."""
        return read_records(raw)
