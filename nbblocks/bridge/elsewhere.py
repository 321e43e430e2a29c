"""Files outside of an app's cache: which of them may be given out, and how they are opened."""

from __future__ import annotations

import errno
import os
import stat
from collections import OrderedDict
from collections.abc import Container, Iterable
from typing import IO

from nbblocks.core.errors import InvalidPathError

from . import homes
from .stored import RECENT

FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_BINARY", "O_NOFOLLOW", "O_NONBLOCK"))
"""How files are opened: each flag where the platform has it."""


class Elsewhere:
    """What one app may give of files that it has not stored."""

    def __init__(self) -> None:
        self._allowed: set[str] = set()
        self._blocked: set[str] = set()
        self._addresses: OrderedDict[str, None] = OrderedDict()
        self.lent: Container[str] | None = None
        """Of an app: the paths and URLs that its pages are shown, and may name; None where there is none."""

    def permit(
        self, allowed: Iterable[str | os.PathLike[str]], blocked: Iterable[str | os.PathLike[str]]
    ) -> None:
        """As `FileCache.permit`."""
        self._allowed = {os.path.realpath(path) for path in allowed}
        self._blocked = {os.path.realpath(path) for path in blocked}

    def check(self, given: str, found: str) -> None:
        """Check what a handler gives out.

        :param found: the real path of the file
        :raises InvalidPathError: for a hidden file or a blocked path (AP-35)
        """
        places = (os.path.abspath(given), found)
        if any(self._is_blocked(place) for place in places):
            raise InvalidPathError(f"{given!r} lies in a path that launch(blocked_paths=...) names")
        hidden = any(os.path.basename(place).startswith(".") for place in places)
        if hidden and not below(found, self._allowed) and not homes.is_own(found):
            raise InvalidPathError(
                f"{given!r} is hidden: to give it out name it, or its directory, in launch(allowed_paths=...)"
            )

    def allows(self, path: str | os.PathLike[str], found: str) -> bool:
        """Whether a page may name the file: one that it is shown, or an allowed one, and not blocked."""
        if self.lent is not None and isinstance(path, str) and path in self.lent:
            try:
                if not homes.is_own(found):
                    self.check(path, found)
                return True
            except InvalidPathError:
                return False
        return below(found, self._allowed) and not self._is_blocked(found)

    def _is_blocked(self, path: str) -> bool:
        # Upper and lower case may be one to the file system.
        return below(path.casefold(), {root.casefold() for root in self._blocked})

    def give_address(self, url: str) -> None:
        """Let pages have ``url`` in place of a file; the last ones are remembered."""
        self._addresses[url] = None
        self._addresses.move_to_end(url)
        if len(self._addresses) > RECENT:
            self._addresses.popitem(last=False)

    def gave_address(self, url: str) -> bool:
        """Whether a page may name ``url`` in place of a file."""
        return url in self._addresses or (self.lent is not None and url in self.lent)


def below(path: str, roots: set[str]) -> bool:
    """Whether ``path`` is one of ``roots``, or lies in one."""
    return any(path == root or path.startswith(root.rstrip(os.sep) + os.sep) for root in roots)


def real_file(given: str) -> str:
    """The real path of the file that ``given`` leads to.

    :raises FileNotFoundError: if there is none, or something else
    """
    try:
        found = os.path.realpath(given)
        mode = os.stat(found).st_mode
    except (OSError, ValueError):  # ValueError: a NUL, or what no file system can encode
        raise FileNotFoundError(f"expected the path of a file, but {given!r} does not exist") from None
    if not stat.S_ISREG(mode):
        what = "is a directory" if stat.S_ISDIR(mode) else "is no regular file"
        raise FileNotFoundError(f"expected the path of a file, but {given!r} {what}")
    return found


def open_real(path: str) -> IO[bytes]:
    """Open the file at a real path: not what a link leads to that has taken its place since.

    :raises OSError: if that has happened, or the file is gone
    """
    handle = os.open(path, FLAGS)
    if not stat.S_ISREG(os.fstat(handle).st_mode) or os.path.realpath(path) != path:
        os.close(handle)
        raise OSError(errno.ENOENT, "the file has been replaced", path)
    return os.fdopen(handle, "rb")
