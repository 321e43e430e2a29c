"""Values and files between two kernels: JSON with buffers, and files in chunks with a window."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import math
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, cast

from nbblocks.bridge.cache import FileCache
from nbblocks.bridge.files import is_url, record_of

from .files import is_record

CHUNK = 1024 * 1024
"""Bytes in one message."""
WINDOW = 8
"""Chunks of one file that may be on their way."""
Post = Callable[[dict[str, Any], Sequence[bytes]], None]


class Gone(ConnectionError):
    """Whoever was at the other end is not there any more."""


class Outgoing:
    """Files on their way to the other side. `send` takes as long as that does: any thread but the receiver's.

    :param post: sends one message
    """

    def __init__(self, post: Post) -> None:
        self._post = post
        self._numbers = itertools.count()
        self._windows: dict[int, threading.Semaphore] = {}
        self.closed = False

    def send(self, path: str, name: str | None) -> int:
        """Send the file at ``path`` and return what it is called on the way.

        :raises FileNotFoundError: if there is no such file
        :raises Gone: if nobody takes it any more
        """
        number = next(self._numbers)
        window = self._windows[number] = threading.Semaphore(WINDOW)
        digest = hashlib.sha256()
        try:
            with open(path, "rb") as source:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
                    window.acquire()
                    if self.closed:
                        raise Gone("the connection was closed")
                    self._post({"type": "chunk", "file": number}, [chunk])
        finally:
            del self._windows[number]
        end = {"name": name or os.path.basename(path), "digest": digest.hexdigest()}
        self._post({"type": "file", "file": number, **end}, ())
        return number

    def acked(self, number: int) -> None:
        """The other side has written a chunk."""
        if window := self._windows.get(number):
            window.release()

    def close(self) -> None:
        """Let everybody go who waits."""
        self.closed = True
        for window in list(self._windows.values()):
            window.release()


class Incoming:
    """Files that come from the other side, into ``cache``. One thread."""

    def __init__(self, post: Post, cache: FileCache) -> None:
        self._post, self._cache = post, cache
        self._parts: dict[int, tuple[IO[bytes], str, Any]] = {}
        self._files: dict[int, tuple[str, str]] = {}

    def chunk(self, number: int, data: Any) -> None:
        """Write one chunk, and say so."""
        if number not in self._parts:
            handle, path = self._cache.new_part()
            self._parts[number] = handle, path, hashlib.sha256()
        handle, _, digest = self._parts[number]
        handle.write(data)
        digest.update(data)
        self._post({"type": "ack", "file": number}, ())

    def end(self, number: int, name: str, digest: str) -> None:
        """The file is whole."""
        handle, path, found = self._parts.pop(number, None) or (*self._cache.new_part(), hashlib.sha256())
        handle.close()
        if found.hexdigest() != digest:
            self._cache.remove_part(path)
            raise ValueError(f"the file {name!r} arrived damaged")
        self._files[number] = self._cache.adopt(path, digest, name), name

    def take(self, number: int) -> tuple[str, str]:
        """Path and name of a file that has arrived."""
        return self._files.pop(number)

    def close(self) -> None:
        """Remove what is not whole."""
        for handle, path, _ in self._parts.values():
            handle.close()
            with contextlib.suppress(OSError):
                self._cache.remove_part(path)
        self._parts.clear()


def encode(
    value: Any, outgoing: Outgoing, is_file: Callable[[Any], bool] = is_record
) -> tuple[Any, list[bytes]]:
    """``value`` as JSON and buffers, its files sent before.

    :param is_file: which dicts are files: those that say so, where the caller's own values are sent
    :raises TypeError: naming what cannot be sent
    """
    buffers: list[bytes] = []

    def encoded(given: Any) -> Any:
        if given is None or isinstance(given, (str, bool, int)):
            return given
        if isinstance(given, float):
            return given if math.isfinite(given) else {"$float": repr(given)}
        if isinstance(given, (bytes, bytearray, memoryview)):
            buffers.append(bytes(cast("bytes", given)))
            return {"$bytes": len(buffers) - 1}
        if isinstance(given, Path):
            return {"$file": outgoing.send(str(given), None)}
        if isinstance(given, dict) and is_file(cast("Any", given)):
            record = cast("dict[str, Any]", given)
            if not is_url(record["path"]):
                return {"$file": outgoing.send(record["path"], record.get("orig_name"))}
        if isinstance(given, tuple):
            return {"$tuple": [encoded(one) for one in cast("list[Any]", given)]}
        if isinstance(given, list):
            return [encoded(one) for one in cast("list[Any]", given)]
        if isinstance(given, Mapping):
            pairs = [(key, encoded(one)) for key, one in cast("Mapping[Any, Any]", given).items()]
            if all(isinstance(key, str) and not key.startswith("$") for key, _ in pairs):
                return dict(pairs)
            return {"$dict": [[encoded(key), one] for key, one in pairs]}
        try:  # a kind of number, as numpy has them
            return json.loads(json.dumps(given.item()))
        except (AttributeError, TypeError, ValueError):
            kind = type(given).__name__
            raise TypeError(
                f"a {kind} cannot be sent to another kernel: JSON-like data, bytes and files can"
            ) from None

    return encoded(value), buffers


def decode(value: Any, buffers: Sequence[Any], incoming: Incoming, *, paths: bool) -> Any:
    """What `encode` was given.

    :param paths: give files as paths, and not as records
    """

    def decoded(given: Any) -> Any:
        if isinstance(given, list):
            return [decoded(one) for one in cast("list[Any]", given)]
        if not isinstance(given, dict):
            return given
        found = cast("dict[str, Any]", given)
        if "$float" in found:
            return float(found["$float"])
        if "$bytes" in found:
            return bytes(buffers[found["$bytes"]])
        if "$tuple" in found:
            return tuple(decoded(one) for one in found["$tuple"])
        if "$dict" in found:
            return {decoded(key): decoded(one) for key, one in found["$dict"]}
        if "$file" in found:
            path, name = incoming.take(found["$file"])
            return path if paths else record_of(path, orig_name=name)
        return {key: decoded(one) for key, one in found.items()}

    return decoded(value)
