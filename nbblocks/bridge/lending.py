"""Files that lie elsewhere, and that an app shows: its pages may have them as long (TR-2)."""

from __future__ import annotations

import threading
from collections.abc import Container

from .files import paths_in


class Lending:
    """What one app shows of files that are not in its cache. Any thread.

    An author or a handler has put them there, as `FileData`: a component's first value that was stored before
    the app ran, a file of another app, an address. A dict that merely says that it is a file lends nothing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shown: dict[str, frozenset[str]] = {}
        """Paths by the key of the property that shows them, such as ``"12.value"``."""
        self._times: dict[str, int] = {}
        """How many properties show a path."""

    def show(self, key: str, value: object, within: str) -> None:
        """A property has this value now, in the form that the pages get.

        :param within: the directory of the app's own files, which need not be noted
        """
        found = frozenset(path for path in paths_in(value) if not path.startswith(within))
        if not found and key not in self._shown:
            return
        with self._lock:
            for path in found:
                self._times[path] = self._times.get(path, 0) + 1
            self._let_go(key)
            if found:
                self._shown[key] = found

    def keep(self, nodes: Container[int]) -> None:
        """All blocks but these are gone."""
        if self._shown:
            with self._lock:
                for key in [key for key in self._shown if int(key.partition(".")[0]) not in nodes]:
                    self._let_go(key)

    def _let_go(self, key: str) -> None:
        for path in self._shown.pop(key, ()):
            self._times[path] -= 1
            if not self._times[path]:
                del self._times[path]

    def __contains__(self, path: object) -> bool:
        return path in self._times

    def __bool__(self) -> bool:
        return bool(self._shown)
