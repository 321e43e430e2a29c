"""Directories for the files of apps, and how those of killed processes go."""

from __future__ import annotations

import asyncio
import atexit
import functools
import os
import re
import shutil
import tempfile
import threading
import time
from queue import Empty, SimpleQueue

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None

PREFIX = "nbblocks-"
DOUBTFUL = 3600
"""Seconds after which a directory that nobody has locked is a leftover, though its process seems to live."""


def make() -> tuple[str, int | None]:
    """A new directory, and the descriptor of its lock: however the process ends, its locks end with it."""
    _sweep_once()
    while True:
        path = os.path.realpath(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place()))
        try:
            lock = _locked(path)
        except OSError:  # somebody looks whether it is a leftover, or has taken it for one: another then
            delete(path, os.getpid())
            continue
        if lock is None or os.path.isdir(path):
            return path, lock
        os.close(lock)


def leave(path: str, pid: int, lock: int | None) -> None:
    """Delete what `make` has made; in a fork of the process, just let go of it.

    The collector calls it on any thread, also amid a loop's work: that goes on, and a thread deletes.
    """
    _left.put((path, pid, lock))
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        _clear()
    else:
        # No thread is begun here: the one that is interrupted may hold the lock that beginning one takes.
        loop.call_soon(lambda: threading.Thread(target=_clear, name="nbblocks-leave").start())


_left: SimpleQueue[tuple[str, int, int | None]] = SimpleQueue()
"""What is to be deleted; one can put into it whatever has been interrupted."""


@atexit.register
def _clear() -> None:
    while True:
        try:
            path, pid, lock = _left.get_nowait()
        except Empty:
            return
        delete(path, pid)
        if lock is not None:
            os.close(lock)


def is_own(path: str) -> bool:
    """Whether the real path lies in a directory that this process has made."""
    return path.startswith(os.path.join(os.path.realpath(place()), f"{PREFIX}{os.getpid()}-"))


def place() -> str:
    """What holds them: the directory that the environment names, or that for temporary files."""
    for name in ("NBBLOCKS_TEMP_DIR", "GRADIO_TEMP_DIR"):
        if os.environ.get(name):
            os.makedirs(os.environ[name], exist_ok=True)
            return os.path.abspath(os.environ[name])
    return tempfile.gettempdir()


def delete(root: str, pid: int) -> None:
    """Delete a directory, if this is the process it belongs to and not a fork of that."""
    if pid == os.getpid():
        shutil.rmtree(root, ignore_errors=True)


@functools.cache
def _sweep_once() -> None:
    sweep()


def sweep() -> None:
    """Delete the directories that killed processes of this user have left behind."""
    if os.name != "posix":  # elsewhere there is no harmless way to ask whether a process lives
        return
    try:
        entries = list(os.scandir(place()))
    except PermissionError:  # one may write there, but not look
        return
    for entry in entries:
        match = re.fullmatch(rf"{PREFIX}(\d+)-\w+", entry.name)
        try:
            if match is None or not entry.is_dir(follow_symlinks=False):
                continue
            found = entry.stat(follow_symlinks=False)
            if found.st_uid == os.getuid() and _is_left(entry.path, int(match[1]), found.st_mtime):
                shutil.rmtree(entry.path, ignore_errors=True)
        except OSError:
            continue  # somebody else was faster


def _is_left(path: str, pid: int, changed: float) -> bool:
    """Whether nobody uses the directory.

    Its lock tells, also where the number of its process has gone to another, or is one of another container.
    """
    try:
        lock = _locked(path)
    except BlockingIOError:
        return False
    if lock is None:
        return not _lives(pid)
    os.close(lock)
    return not _lives(pid) or time.time() - changed > DOUBTFUL


def _locked(path: str) -> int | None:
    """A descriptor that locks the directory; None if the platform or the file system has no locks.

    :raises BlockingIOError: if another process has locked it
    """
    if fcntl is None:
        return None
    opened = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(opened)
        raise
    except OSError:
        os.close(opened)
        return None
    return opened


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
