"""UploadButton: a button that takes files from the user."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import traitlets as t
from typing_extensions import Unpack

from nbblocks.core.places import warn

from .pressable import Pressable, PressableProps
from .uploading import Files, Uploading, upload_props


class UploadButton(Uploading, Pressable[Files, Any]):
    """A button that opens the file chooser; its value is what was uploaded.

    ``click`` fires on pressing it, before the chooser opens; a choice that is cancelled fires nothing else.
    """

    label = t.Unicode("Upload a File").tag(sync=True)

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
        :param file_types: ``"image"``, ``"audio"``, ``"video"``, ``"text"``, ``"file"`` for any, ``".ext"``;
            None for any
        :raises ValueError: for a parameter outside its allowed values
        :raises FileNotFoundError: if there is no file at ``value``
        """
        if type == "file":
            warn('UploadButton(type="file") is now type="filepath"', DeprecationWarning)
            type = "filepath"
        props = upload_props("UploadButton", file_count, file_types, given=type)
        self.type = type
        super().__init__({"label": label, "value": value, **props}, shared)
