"""Files between page and kernel, in chunks over the app's comm, with a window both ways (D8).

Everything here runs on the scheduler's loop, but files are read and written in worker threads.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Protocol

import anyio
import anyio.abc
from anyio import to_thread

from nbblocks.core.errors import MessageError

from .cache import FileCache
from .files import FileRecord, record_of
from .messages import Ack, Chunk, Download, Upload, UploadEnd

logger = logging.getLogger("nbblocks")

CHUNK = 512 * 1024
"""Bytes in one message of a download."""
WINDOW = 8
"""Chunks of a download that may be on their way."""
MAX_TRANSFERS = 64
"""Uploads, and downloads, that one app carries at a time."""

Post = Callable[[dict[str, Any], Sequence[Any]], None]


class Permission(Protocol):
    """What transfers ask of the app."""

    def may_send(self, path: str) -> bool:
        """Whether the page may have the file at ``path``."""
        ...

    def may_receive(self, node: int, name: str, size: int) -> None:
        """Check an upload.

        :raises MessageError: saying why the file is not taken
        """
        ...


@dataclass
class _Incoming:
    view: str
    name: str
    size: int
    path: str = ""
    file: Any = None
    received: int = 0
    digest: Any = field(default_factory=hashlib.sha256)
    parts: deque[tuple[int, Any]] = field(default_factory=deque[tuple[int, Any]])
    more: anyio.Event = field(default_factory=anyio.Event)
    end: str | None = None
    """The page's checksum, once all parts were sent; may be empty."""
    fault: str | None = None


@dataclass
class _Outgoing:
    view: str
    received: int = 0
    acked: anyio.Event = field(default_factory=anyio.Event)
    cancelled: bool = False


class Transfers:
    """The uploads and downloads of one app.

    :param post: sends a custom message to the pages
    :param cache: where uploaded files go
    :param permission: the app's say
    """

    def __init__(self, post: Post, cache: FileCache, permission: Permission) -> None:
        self._post = post
        self._cache = cache
        self._permission = permission
        self._incoming: dict[str, _Incoming] = {}
        self._outgoing: dict[str, _Outgoing] = {}
        self._tasks: anyio.abc.TaskGroup | None = None

    def serve(self, tasks: anyio.abc.TaskGroup) -> None:
        """Use ``tasks`` for the transfers."""
        self._tasks = tasks

    # -- uploads

    def upload(self, message: Upload) -> None:
        """A file begins to come."""
        name = message["upload"]
        if name in self._incoming:
            raise MessageError(f"the upload {name!r} is under way already")
        try:
            if len(self._incoming) >= MAX_TRANSFERS:
                raise MessageError(f"more than {MAX_TRANSFERS} uploads at a time")
            self._permission.may_receive(message["node"], message["name"], message["size"])
        except MessageError as error:
            self._post({"type": "upload_failed", "upload": name, "message": str(error)}, ())
            return
        incoming = _Incoming(message["view"], message["relative"] or message["name"], message["size"])
        self._incoming[name] = incoming
        assert self._tasks is not None
        self._tasks.start_soon(self._receive, name, incoming)

    def chunk(self, message: Chunk, data: Any) -> None:
        """A part of a file has come."""
        incoming = self._incoming.get(message["upload"])
        if incoming is None:
            raise MessageError(f"a chunk for the unknown upload {message['upload']!r}")
        incoming.parts.append((message["offset"], data))
        incoming.more.set()

    def upload_end(self, message: UploadEnd) -> None:
        """All parts of a file were sent."""
        incoming = self._incoming.get(message["upload"])
        if incoming is None:
            raise MessageError(f"the end of the unknown upload {message['upload']!r}")
        incoming.end = message["sha256"]
        incoming.more.set()

    def upload_cancel(self, name: str, why: str = "the upload was cancelled") -> None:
        """Give an upload up and remove its part."""
        incoming = self._incoming.get(name)
        if incoming is not None:
            incoming.fault = why
            incoming.more.set()

    async def _receive(self, name: str, incoming: _Incoming) -> None:
        answer: dict[str, Any] = {}
        try:
            incoming.file, incoming.path = await to_thread.run_sync(self._cache.new_part)
            answer = {"type": "upload_done", "upload": name, "file": await self._whole(name, incoming)}
        except (MessageError, OSError) as error:
            logger.warning("the upload of %r failed: %s", incoming.name, error)
            answer = {"type": "upload_failed", "upload": name, "message": str(error)}
        finally:
            del self._incoming[name]
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(_discard, incoming)
        self._post(answer, ())

    async def _whole(self, name: str, incoming: _Incoming) -> Any:
        """Take the parts as they come; the record of the whole file."""
        while incoming.fault is None and (incoming.parts or incoming.end is None):
            if not incoming.parts:
                await incoming.more.wait()
                incoming.more = anyio.Event()
                continue
            offset, data = incoming.parts.popleft()
            size = memoryview(data).nbytes
            if offset != incoming.received or offset + size > incoming.size:
                raise MessageError(
                    f"a chunk of {size} bytes at {offset}, expected at {incoming.received} of {incoming.size}"
                )
            await to_thread.run_sync(_write, incoming, data)
            incoming.received += size
            self._post({"type": "upload_ack", "upload": name, "received": incoming.received}, ())
        if incoming.fault is not None:
            raise MessageError(incoming.fault)
        if incoming.received != incoming.size:
            raise MessageError(f"{incoming.received} of {incoming.size} bytes have come")
        if incoming.end and incoming.end != incoming.digest.hexdigest():
            raise MessageError("the checksum differs: the file was damaged on its way")
        return await to_thread.run_sync(self._keep, incoming)

    def _keep(self, incoming: _Incoming) -> Any:
        incoming.file.close()
        path = self._cache.adopt(incoming.path, incoming.digest.hexdigest(), incoming.name)
        return record_of(path)

    # -- downloads

    def download(self, message: Download) -> None:
        """The page asks for a file that it was sent."""
        name, path = message["download"], message["path"]
        if len(self._outgoing) >= MAX_TRANSFERS or name in self._outgoing:
            self._refuse(name, path)
            return
        outgoing = self._outgoing[name] = _Outgoing(message["view"])
        assert self._tasks is not None
        self._tasks.start_soon(self._send, name, path, outgoing)

    def _refuse(self, name: str, path: str) -> None:
        logger.warning("a page asked for the file %r, which it was not sent or has too often", path)
        self._post({"type": "download_failed", "download": name, "message": "this file cannot be had"}, ())

    def ack(self, message: Ack) -> None:
        """The page has received so many bytes."""
        outgoing = self._outgoing.get(message["download"])
        if outgoing is not None and message["received"] > outgoing.received:
            outgoing.received = message["received"]
            outgoing.acked.set()

    def download_cancel(self, name: str) -> None:
        """The page wants no more of it."""
        outgoing = self._outgoing.get(name)
        if outgoing is not None:
            outgoing.cancelled = True
            outgoing.acked.set()

    async def _send(self, name: str, path: str, outgoing: _Outgoing) -> None:
        try:
            if not await to_thread.run_sync(self._permission.may_send, path):
                self._refuse(name, path)
                return
            file, record = await to_thread.run_sync(_open, path)
            with file:
                head = {
                    "type": "download_start",
                    "download": name,
                    "view": outgoing.view,
                    "name": record["orig_name"],
                }
                self._post({**head, "size": record["size"], "mime": record["mime_type"]}, ())
                sent = 0
                while not outgoing.cancelled:
                    data = await to_thread.run_sync(file.read, CHUNK)
                    if not data:
                        self._post({"type": "download_end", "download": name}, ())
                        return
                    self._post({"type": "download_chunk", "download": name, "offset": sent}, (data,))
                    sent += len(data)
                    while sent - outgoing.received >= WINDOW * CHUNK and not outgoing.cancelled:
                        await outgoing.acked.wait()
                        outgoing.acked = anyio.Event()
        except OSError as error:
            self._post({"type": "download_failed", "download": name, "message": str(error)}, ())
        finally:
            del self._outgoing[name]

    # -- life

    def view_gone(self, view: str) -> None:
        """Give up what a closed page was sending or receiving (CP-45)."""
        for name, incoming in self._incoming.items():
            if incoming.view == view:
                self.upload_cancel(name, "the page was closed")
        for name, outgoing in self._outgoing.items():
            if outgoing.view == view:
                self.download_cancel(name)

    def close(self) -> None:
        """Give everything up."""
        for name in self._incoming:
            self.upload_cancel(name, "the app was closed")
        for name in self._outgoing:
            self.download_cancel(name)


def _open(path: str) -> tuple[IO[bytes], FileRecord]:
    return open(path, "rb"), record_of(path)


def _discard(incoming: _Incoming) -> None:
    """Let go of an upload's part: if the file is whole, it has been moved away."""
    if incoming.file is not None:
        incoming.file.close()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(incoming.path)


def _write(incoming: _Incoming, data: Any) -> None:
    incoming.file.write(data)
    incoming.digest.update(data)
