"""File: a list of files, to upload and to download."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.component import Field, FieldProps
from nbblocks.core.events import Event

from .uploading import Files as Records
from .uploading import Uploading, upload_props


class File(Uploading, Field[Records, Any]):
    """Files that the user uploads, or can download; listed with their sizes."""

    framed = False

    height = t.Union([t.Int(), t.Float(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)
    allow_reordering = t.Bool(False).tag(sync=True)

    derived = {**Field.derived, **Uploading.derived}

    select = Event("the user clicked on a file; the data give its place in the list and its name")
    clear = Event("the user removed all files")
    delete = Event("the user removed one of several files; the data tell which")
    download = Event("the user has saved a file; the data tell which")

    def __init__(
        self,
        value: str | Path | list[str] | list[Path] | Callable[..., Any] | None = None,
        *,
        file_count: str = "single",
        file_types: list[str] | None = None,
        type: str = "filepath",
        height: float | str | None = None,
        allow_reordering: bool = False,
        **shared: Unpack[FieldProps],
    ) -> None:
        """Create it with the files at ``value``: path or URL, or a list of them.

        Where several files are asked for, a further choice adds to those that are there.

        :param file_count: ``"single"``, ``"multiple"`` or ``"directory"``; the latter two always give lists
        :param file_types: ``"image"``, ``"audio"``, ``"video"``, ``"text"``, ``"file"`` for any, ``".ext"``;
            None for any
        :param type: whether handlers get paths (``"filepath"``) or contents (``"binary"`` or ``"bytes"``)
        :param height: px or CSS length of the empty component, and the most that a list of files takes
        :param allow_reordering: let the user move files up and down
        :raises ValueError: for a parameter outside its allowed values
        :raises FileNotFoundError: if there is no file at ``value``
        """
        props = upload_props("File", file_count, file_types, given=type)
        self.type = type
        own = {"value": value, "height": height, "allow_reordering": allow_reordering}
        super().__init__({**own, **props}, shared)


class Files(File):
    """A File that takes several files."""

    drawn_as = "file"

    def __init__(
        self,
        value: str | Path | list[str] | list[Path] | Callable[..., Any] | None = None,
        *,
        file_count: str = "multiple",
        **options: Any,
    ) -> None:
        """Create it with the files at ``value``; ``options`` are those of `File`."""
        super().__init__(value, file_count=file_count, **options)

    @property
    def type_name(self) -> str:
        """It is a file to all others."""
        return "file"
