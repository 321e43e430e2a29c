"""The files that an app may give to its pages, stored by content."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Generator, Iterable
from contextvars import ContextVar
from typing import IO

from . import homes
from .elsewhere import Elsewhere, below, real_file
from .filenames import MAX_NAME, safe_name
from .stored import SMALL, StoredFiles, stamp_of

__all__ = [
    "MAX_NAME",
    "FileCache",
    "active",
    "create",
    "current",
    "is_given",
    "is_held",
    "safe_name",
    "shared",
]

CHUNK = 1 << 20
ATTEMPTS = 3
"""How often a file is copied that changes meanwhile."""
_PAST = 1_000_000_000
"""Nanoseconds by which the time of a stored file lies back: a change is then seen however soon it comes."""
_OF_DISKS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
"""What writing to a file may fail with; other errors are those of where its content comes from."""


class FileCache:
    """A directory of ``<sha256 of the content>/<base name>``: equal files are stored once (CP-10).

    A stored file is a copy of its own, never a link: whoever writes to one in place changes no other. What
    was so changed is stored anew when it is given out again. All methods may be called from any thread.

    :param clock: seconds since the epoch
    """

    def __init__(self, root: str | os.PathLike[str], clock: Callable[[], float] = time.time) -> None:
        """Use ``root``, made with the first file if it is missing."""
        self.root = os.path.realpath(root)
        self._pid = os.getpid()
        self._clock = clock
        self._lock = threading.Lock()
        self._stored = StoredFiles()
        self._parts: set[str] = set()
        self._kept: dict[object, set[str]] = {}
        """What must stay as long as something runs."""
        self._pinned: set[str] = set()
        self.elsewhere = Elsewhere()
        """What may be given out besides."""

    # -- storing

    def save_bytes(self, data: bytes, name: str) -> str:
        """Store ``data`` and return its path, the base name made of ``name``.

        :raises OSError: naming the file, if it cannot be written
        """
        digest = hashlib.sha256(data).hexdigest()
        target = self._target(digest, name)
        if self._is_unchanged(target):
            return target
        with self.writing(name) as (handle, part):
            handle.write(data)
        return self.adopt(part, digest, name)

    def save_file(self, path: str | os.PathLike[str], *, trusted: bool = False) -> str:
        """Store a copy of the file at ``path`` and return its path; what is stored here already stays.

        Links are followed, if neither they nor what they lead to is hidden or blocked.

        :param trusted: the caller gives a file of its own: hidden and blocked ones are taken, too (TR-5)
        :raises FileNotFoundError: if there is no such file
        :raises InvalidPathError: for a hidden file or a blocked path (AP-35)
        :raises OSError: naming the file, if it cannot be read or written, or changes all the time
        """
        given = os.fsdecode(path)
        found = real_file(given)
        if self._is_unchanged(found):
            return found
        if not trusted and not below(found, {self.root}):
            self.elsewhere.check(given, found)
        name = os.path.basename(given) or os.path.basename(found)
        for _ in range(ATTEMPTS):
            with self.writing(name) as (handle, part):
                digest = self._copy(found, handle)
            if digest is not None:
                return self.adopt(part, digest, name)
            self.remove_part(part)
        raise OSError(f"the file {given!r} changed each of the {ATTEMPTS} times that it was copied")

    def _copy(self, found: str, handle: IO[bytes]) -> str | None:
        """Copy what a file holds now; its digest, or None if it was changed meanwhile.

        What is only appended to is copied up to where it ended.
        """
        with open(found, "rb") as source:
            before = os.fstat(source.fileno())
            size = before.st_size or None  # in /proc files have none
            digest = _digest(source, size, handle)
            after = os.fstat(source.fileno())
            if stamp_of(before) == stamp_of(after):
                return digest
            source.seek(0)
            return digest if after.st_size >= before.st_size and _digest(source, size) == digest else None

    def new_part(self) -> tuple[IO[bytes], str]:
        """A file to write to, and its path, for content on its way: `adopt` it, or `remove_part`."""
        os.makedirs(self.root, mode=0o700, exist_ok=True)
        handle, path = tempfile.mkstemp(prefix=".part-", dir=self.root)
        with self._lock:
            self._parts.add(path)
        return os.fdopen(handle, "wb"), path

    def adopt(self, part: str, digest: str, name: str) -> str:
        """Take in a finished part whose content has the sha256 ``digest``, and return its path.

        The part is gone afterwards, whether this succeeds or not.
        """
        target = self._target(digest, name)
        try:
            with self._lock:
                self._parts.discard(part)
                os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
                os.replace(part, target)
                self._settled(target)
        except OSError as error:
            self.remove_part(part)
            raise _explained(error, name) from error
        return target

    def _settled(self, target: str) -> None:
        past = time.time_ns() - _PAST
        os.utime(target, ns=(past, past))
        self._stored.put(target, stamp_of(os.stat(target)), self._clock())
        for paths in self._kept.values():
            paths.add(target)

    @contextlib.contextmanager
    def writing(self, name: str) -> Generator[tuple[IO[bytes], str]]:
        """A new part and its path, closed at the end, and removed if something goes wrong inside.

        :raises OSError: naming ``name``, if it cannot be written, as on a full disk
        """
        try:
            handle, part = self.new_part()
        except OSError as error:
            raise _explained(error, name) from error
        try:
            with handle:
                yield handle, part
        except BaseException as error:
            self.remove_part(part)
            if isinstance(error, OSError) and error.errno in _OF_DISKS:
                raise _explained(error, name) from error
            raise

    def remove_part(self, part: str) -> None:
        """Remove what was not adopted; nothing, if it was."""
        with self._lock:
            self._parts.discard(part)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(part)

    def _target(self, digest: str, name: str) -> str:
        return os.path.join(self.root, digest, safe_name(name))

    def _is_unchanged(self, path: str) -> bool:
        """Whether the file was stored here and is still what it was; this is a use of it."""
        with self._lock:
            entry = self._stored.get(path)
            try:
                if entry is None or stamp_of(os.lstat(path)) != entry[0]:
                    return False
            except OSError:
                return False
            self._used(path)
            return True

    # -- asking

    def holds(self, path: str | os.PathLike[str]) -> bool:
        """Whether a page may name the file; see `find`."""
        return self.find(path) is not None

    def find(self, path: str | os.PathLike[str]) -> str | None:
        """The real path of a file that a page may name, None of any other.

        It was stored here, is shown to the pages of the app, or is an allowed one; the latter two not if
        it is blocked. Links are followed first. To be asked for is a use, which keeps it from being swept.
        """
        try:
            found = os.path.realpath(path)
            if not os.path.isfile(found):
                return None
        except ValueError:  # a NUL in the path, or what cannot be encoded
            return None
        return found if self._was_stored(found) or self.elsewhere.allows(path, found) else None

    def _was_stored(self, found: str) -> bool:
        with self._lock:
            if found in self._stored:
                self._used(found)
                return True
        folder, name = os.path.split(found)
        root, digest = os.path.split(folder)
        if root != self.root or name != safe_name(name) or os.path.getsize(found) >= SMALL:
            return False
        with contextlib.suppress(OSError), open(found, "rb") as file:
            # It is not remembered, but its path says what was stored there; what handlers have put beside it
            # holds something else.
            stamp = stamp_of(os.fstat(file.fileno()))
            if _digest(file, None) == digest:
                with self._lock:
                    self._stored.put(found, stamp, self._clock())
                return True
        return False

    def permit(
        self, allowed: Iterable[str | os.PathLike[str]], blocked: Iterable[str | os.PathLike[str]]
    ) -> None:
        """Let pages have files, or all below directories, that lie elsewhere; but blocked wins (AP-35).

        This replaces what was permitted before. The cache itself cannot be blocked. A relative path is taken
        from the working directory of this moment.
        """
        self.elsewhere.permit(allowed, blocked)

    # -- deleting

    @contextlib.contextmanager
    def keeping(self, paths: Iterable[str] = ()) -> Generator[None]:
        """Sweep neither ``paths`` inside, nor what is stored or used meanwhile: it may become a value yet."""
        key = object()
        with self._lock:
            self._kept[key] = set(paths)
        try:
            yield
        finally:
            with self._lock:
                for path in self._kept.pop(key):
                    self._used(path)

    def pin(self, paths: Iterable[str]) -> None:
        """Sweep these files never: those of examples and the like, which may be wanted at any time."""
        with self._lock:
            self._pinned.update(paths)

    def sweep(self, age: float, keep: Iterable[str] = ()) -> int:
        """Delete files that were not stored or used for ``age`` seconds, and return how many (AP-18).

        To be stored again, to be sent by a page or asked for by one counts as a use.

        :param keep: paths of files that must stay, as they were returned here: those of values shown or held
        """
        with self._lock:
            kept = {*keep, *self._pinned}
        deleted = 0
        for folder, _, names in os.walk(self.root, topdown=False):
            for name in names:
                deleted += self._sweep_file(os.path.join(folder, name), self._clock() - age, kept)
            if folder != self.root:
                with self._lock, contextlib.suppress(OSError):  # there is still something in it
                    os.rmdir(folder)
        return deleted

    def _sweep_file(self, path: str, since: float, kept: set[str]) -> bool:
        with self._lock:
            if path in kept or path in self._parts or any(path in paths for paths in self._kept.values()):
                return False
            try:
                # What handlers have put here themselves goes by the file's own time.
                entry = self._stored.get(path)
                if (entry[1] if entry else os.lstat(path).st_mtime) >= since:
                    return False
                os.unlink(path)
            except OSError:  # gone, or open where open files cannot be deleted: next time
                return False
            self._stored.forget(path)
            return True

    def _used(self, path: str) -> None:
        if (entry := self._stored.get(path)) is not None:
            self._stored.put(path, entry[0], self._clock())
        for paths in self._kept.values():
            paths.add(path)

    def close(self) -> None:
        """Delete everything. A forked process leaves it alone: the files are its parent's."""
        with self._lock:
            self._stored.clear()
            self._parts.clear()
            self._pinned.clear()
        homes.delete(self.root, self._pid)


active: ContextVar[FileCache | None] = ContextVar("nbblocks_cache", default=None)
"""The cache of the app whose handler is running."""

_shared: FileCache | None = None
_lock = threading.Lock()


@contextlib.contextmanager
def activated(chosen: FileCache) -> Generator[None]:
    """Store files in ``chosen`` inside."""
    token = active.set(chosen)
    try:
        yield
    finally:
        active.reset(token)


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
    path, lock = homes.make()
    made = FileCache(path)
    # Also after `close`: what a busy function saves then makes the directory anew.
    weakref.finalize(made, homes.leave, made.root, made._pid, lock)  # pyright: ignore[reportPrivateUsage]
    return made


def is_held(path: str) -> bool:
    """Whether the page of the running app may name the file: see `FileCache.find`.

    Outside of an app, as in programs that call a component by hand, also what the process has stored.
    """
    return any(store.holds(path) for store in _at_hand())


def is_given(url: str) -> bool:
    """Whether it was given this URL in place of a file."""
    return any(store.elsewhere.gave_address(url) for store in _at_hand())


def _at_hand() -> list[FileCache]:
    store = current()
    return [store] if store.elsewhere.lent is not None or _shared is None else [store, _shared]


def _digest(source: IO[bytes], size: int | None, copy: IO[bytes] | None = None) -> str:
    """The sha256 of the next ``size`` bytes, or of all if that is None, which go to ``copy`` as well."""
    digest = hashlib.sha256()
    left = size
    while chunk := source.read(CHUNK if left is None else min(CHUNK, left)):
        digest.update(chunk)
        if copy is not None:
            copy.write(chunk)
        left = left and left - len(chunk)
        if left == 0:
            break
    return digest.hexdigest()


def _explained(error: OSError, name: str) -> OSError:
    """The error with the name of the file that was to be stored."""
    return OSError(error.errno, f"{error.strerror} while it was stored", name)
