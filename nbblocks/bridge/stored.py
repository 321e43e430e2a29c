"""What a cache remembers of the files that it has stored."""

from __future__ import annotations

import contextlib
import os
from collections import OrderedDict

RECENT = 1_000
"""Small files that are remembered, the last used ones: what they hold is read in a millisecond."""
SMALL = 1 << 20
"""Files below this size are small, in bytes; each larger one is remembered."""

Stamp = tuple[int, int, int]
"""Size, time of change and inode of a file."""


class StoredFiles:
    """What each file was when it was stored, and when it was last used, in seconds.

    Of small files the last `RECENT` are remembered, so that an app which shows one picture after the other
    does not grow with their number (TR-2). Of others the path says what they held when they were stored, and
    the file's own time when they were last used.
    """

    def __init__(self) -> None:
        self._large: dict[str, tuple[Stamp, float]] = {}
        self._small: OrderedDict[str, tuple[Stamp, float]] = OrderedDict()

    def get(self, path: str) -> tuple[Stamp, float] | None:
        """What is remembered of the file at ``path``."""
        return self._small.get(path) or self._large.get(path)

    def __contains__(self, path: str) -> bool:
        return path in self._small or path in self._large

    def put(self, path: str, stamp: Stamp, used: float) -> None:
        """The file was stored, or used."""
        self.forget(path)
        if stamp[0] >= SMALL:
            self._large[path] = stamp, used
            return
        self._small[path] = stamp, used
        if len(self._small) > RECENT:
            other, (known, last) = self._small.popitem(last=False)
            with contextlib.suppress(OSError):  # gone, which is what its time is for
                if stamp_of(os.lstat(other)) == known:  # else its own time is newer
                    os.utime(other, (last, last))

    def forget(self, path: str) -> None:
        """The file is gone."""
        self._small.pop(path, None)
        self._large.pop(path, None)

    def clear(self) -> None:
        """All files are gone."""
        self._small.clear()
        self._large.clear()


def stamp_of(found: os.stat_result) -> Stamp:
    """What tells a file that was changed from what it was."""
    return found.st_size, found.st_mtime_ns, found.st_ino
