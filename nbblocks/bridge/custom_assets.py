"""Text of a user's own component that pages load: its module and style sheet, from a string or a file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from .assets import provide

_ADDRESSES = ("http://", "https://")


def source_of(given: Any) -> Any:
    """``given`` as anywidget takes it: a text or an address as it is, a path as what follows its file.

    The text is ``str()`` of it. With ``ANYWIDGET_HMR=1`` in the environment, and watchfiles installed, a file
    is watched, and `follow` tells of its changes.

    :raises FileNotFoundError: if the file is not there
    """
    from anywidget._util import try_file_contents

    return try_file_contents(given) or given


def follow(source: Any, changed: Callable[[str], None]) -> None:
    """Have ``changed`` called when the file behind ``source`` changes, in any thread.

    :param changed: a method; its object is held weakly
    """
    signal = getattr(source, "changed", None)
    if signal is not None:
        signal.connect(changed)


def module_chunk(source: Any) -> str:
    """The name of the chunk that is the module ``source``."""
    text = str(source).strip()
    if text.startswith(_ADDRESSES):
        address = json.dumps(text)
        text = f"export * from {address};\nexport {{ default }} from {address};\n"
    return _offered(text)


def sheet_chunk(source: Any) -> str:
    """The name of the chunk whose default export is the style sheet ``source``."""
    text = str(source).strip()
    if text.startswith(_ADDRESSES):
        text = f"@import url({json.dumps(text)});"
    return _offered(f"export default {json.dumps(text)};\n")


def _offered(text: str) -> str:
    """Have pages find ``text`` under a name of its own."""
    name = f"custom-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    provide(f"{name}.js", lambda: text)
    return name
