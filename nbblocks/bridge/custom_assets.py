"""Text of a user's own component that pages load: its module and style sheet, from a string or a file."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from .assets import provide

_ADDRESSES = ("http://", "https://")


def source_of(given: Any) -> Any:
    """``given`` as anywidget takes it: a text or an address as it is, a path as what follows its file.

    The text is ``str()`` of it. With ``ANYWIDGET_HMR=1`` in the environment, and watchfiles installed, a file
    is watched, and `follow` tells of its changes.

    :raises FileNotFoundError: if the file is not there
    """
    from anywidget._util import _should_start_thread, try_file_contents, try_file_path

    path = try_file_path(given)
    if path is None:
        return try_file_contents(given) or given
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path.absolute()}")
    return _watched()(path, start_thread=_should_start_thread(path))


@functools.cache
def _watched() -> Any:
    from anywidget._file_contents import FileContents

    class Watched(FileContents):
        """As anywidget's, but heeds the file's name: many editors save by putting a new file in its place."""

        def watch(self) -> Iterator[tuple[int, str]]:
            from watchfiles import watch

            def is_it(_: object, path: str) -> bool:
                return path == str(self._path)

            folder, stop = self._path.parent, self._stop_event
            for changes in watch(folder, watch_filter=is_it, stop_event=stop, recursive=False):
                if self._path.is_file():
                    self._contents = None
                    self.changed.emit(str(self))
                yield from changes

    return Watched


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
