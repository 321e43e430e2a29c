"""The files that an app may give to its pages, stored by content."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
import tempfile
import threading
import weakref
from contextvars import ContextVar
from pathlib import Path
from typing import IO

from nbblocks.core.errors import InvalidPathError

PREFIX = "nbblocks-"
MAX_NAME = 200
"""Longest base name in bytes: file systems allow 255, and users put a suffix behind it."""
CHUNK = 1 << 20
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"|?*\ud800-\udfff]')


class FileCache:
    """A directory of ``<sha256 of the content>/<base name>``: equal files are stored once (CP-10).

    All methods may be called from any thread.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        """Use ``root``, made with the first file if it is missing."""
        self.root = os.path.realpath(root)
        self._pid = os.getpid()
        self._allowed: set[str] = set()
        self._blocked: set[str] = set()

    def save_bytes(self, data: bytes, name: str) -> str:
        """Store ``data`` and return its path, the base name made of ``name``."""
        target = self._target(hashlib.sha256(data).hexdigest(), name)
        if not (target.is_file() and target.stat().st_size == len(data)):
            handle, part = self._part()
            with handle:
                handle.write(data)
            self._settle(part, target)
        return str(target)

    def save_file(self, path: str | os.PathLike[str]) -> str:
        """Store a copy of the file at ``path`` and return its path; what lies here already stays.

        :raises FileNotFoundError: if there is no such file
        :raises InvalidPathError: for a hidden file or a blocked path (AP-35)
        """
        found = os.path.realpath(path)
        if not os.path.isfile(found):
            what = "is a directory" if os.path.isdir(found) else "does not exist"
            raise FileNotFoundError(f"expected the path of a file, but {os.fspath(path)!r} {what}")
        if _below(found, {self.root}):
            return found
        if _below(found, self._blocked) or (
            os.path.basename(found)[0] == "." and not _below(found, self._allowed)
        ):
            raise InvalidPathError(
                f"{os.fspath(path)!r} is hidden or blocked: give it, or its directory, to "
                "launch(allowed_paths=...)"
            )
        # Never a hard link: a handler that writes its report in place would change what is stored.
        digest = hashlib.sha256()
        handle, part = self._part()
        with handle, open(found, "rb") as source:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                handle.write(chunk)
        target = self._target(digest.hexdigest(), os.path.basename(path))
        self._settle(part, target)
        return str(target)

    def new_part(self) -> tuple[IO[bytes], str]:
        """A file to write to, and its path, for content that is still on its way: `adopt` it or remove it."""
        return self._part()

    def adopt(self, part: str, digest: str, name: str) -> str:
        """Take in a finished part whose content has the sha256 ``digest``, and return its path."""
        target = self._target(digest, name)
        self._settle(part, target)
        return str(target)

    def holds(self, path: str | os.PathLike[str]) -> bool:
        """Whether ``path`` is a file of this cache, or an allowed one; links are followed first."""
        try:
            found = os.path.realpath(path)
            return os.path.isfile(found) and _below(found, {self.root, *self._allowed})
        except ValueError:  # a NUL in the path
            return False

    def add_allowed(self, path: str | os.PathLike[str]) -> None:
        """Let pages have a file, or all files below a directory, that lies elsewhere."""
        self._allowed.add(os.path.realpath(path))

    def add_blocked(self, path: str | os.PathLike[str]) -> None:
        """Refuse to store a file, or what lies below a directory, whatever is allowed."""
        self._blocked.add(os.path.realpath(path))

    def close(self) -> None:
        """Delete everything. A forked process leaves it alone: the files are its parent's."""
        _delete(self.root, self._pid)

    def _target(self, digest: str, name: str) -> Path:
        return Path(self.root, digest, safe_name(name))

    def _part(self) -> tuple[IO[bytes], str]:
        os.makedirs(self.root, mode=0o700, exist_ok=True)
        handle, path = tempfile.mkstemp(prefix=".part-", dir=self.root)
        return os.fdopen(handle, "wb"), path

    def _settle(self, part: str, target: Path) -> None:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(part, target)


active: ContextVar[FileCache | None] = ContextVar("nbblocks_cache", default=None)
"""The cache of the app whose handler is running."""

_shared: FileCache | None = None
_lock = threading.Lock()


def current() -> FileCache:
    """The cache of the running app, or the one of this process."""
    return active.get() or shared()


def shared() -> FileCache:
    """The cache of this process, made at the first call."""
    global _shared
    with _lock:
        if _shared is None or _shared._pid != os.getpid():  # pyright: ignore[reportPrivateUsage]
            _shared = create()
        return _shared


def create() -> FileCache:
    """A new cache in the directory for temporary files; it is deleted with the object, or at exit."""
    _sweep_once()
    made = FileCache(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    # Also after `close`: what a busy function saves then makes the directory anew.
    weakref.finalize(made, _delete, made.root, made._pid)  # pyright: ignore[reportPrivateUsage]
    return made


def _delete(root: str, pid: int) -> None:
    if pid == os.getpid():
        shutil.rmtree(root, ignore_errors=True)


def is_held(path: str) -> bool:
    """Whether a page may have the file: it lies in the cache of its app or of this process."""
    return current().holds(path) or shared().holds(path)


def safe_name(name: str) -> str:
    """The base name of ``name`` without what file systems refuse, and not too long; the suffix stays."""
    base = _UNFIT.sub("", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" ")
    if base.strip(".") == "":
        return "file"
    stem, suffix = os.path.splitext(base)
    room = MAX_NAME - len(suffix.encode())
    if room < 1:
        stem, suffix, room = base, "", MAX_NAME
    return stem.encode()[:room].decode(errors="ignore") + suffix


@functools.cache
def _sweep_once() -> None:
    sweep()


def sweep() -> None:
    """Delete the caches that killed processes of this user have left behind."""
    if os.name != "posix":  # elsewhere there is no harmless way to ask whether a process lives
        return
    for entry in os.scandir(tempfile.gettempdir()):
        match = re.fullmatch(rf"{PREFIX}(\d+)-\w+", entry.name)
        try:
            if match is None or not entry.is_dir(follow_symlinks=False):
                continue
            if entry.stat(follow_symlinks=False).st_uid == os.getuid() and not _lives(int(match[1])):
                shutil.rmtree(entry.path, ignore_errors=True)
        except OSError:
            continue  # somebody else was faster


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _below(path: str, roots: set[str]) -> bool:
    return any(path == root or path.startswith(root.rstrip(os.sep) + os.sep) for root in roots)
