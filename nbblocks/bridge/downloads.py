"""Files to pages: read as fast as a page takes them, and again from where something was lost."""

from __future__ import annotations

import logging
import math
import os
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

import anyio
from anyio import to_thread

from nbblocks.core.errors import shown
from nbblocks.core.tasks import Tasks, stopping

from .elsewhere import open_real
from .files import FileRecord, record_of
from .messages import Ack, Download
from .refusals import refusals

logger = logging.getLogger("nbblocks")

CHUNK = 2 * 1024 * 1024
"""Bytes in one message: fewer and larger ones cost page and server less, and 10 MB break the connection."""
WINDOW = 8
"""Chunks that may be on their way."""
CHUNK_IN_USE = 512 * 1024
"""The same while somebody uses the app: the answer to a click waits for what is on its way before it."""
IN_USE = 3.0
"""Seconds after an event that more are to be expected."""
MAX_DOWNLOADS = 64
"""Files that one app sends at a time."""
PATIENCE = 600.0
"""Seconds that a page has to acknowledge what was sent; one that waits for something asks much sooner."""
LAST_PATIENCE = 60.0
"""Seconds that it has to acknowledge the end."""
MAX_ENDED = 256
"""Ended downloads that are remembered: their pages may not have heard of the end."""


@dataclass
class _Outgoing:
    id: str
    view: str
    path: str
    sent: int = 0
    received: int = 0
    acked: anyio.Event = field(default_factory=anyio.Event)
    cancelled: bool = False
    back: bool = False
    """The page has lost something, and wants all from ``received`` on."""
    anew: bool = True
    """The page has heard nothing of it yet."""


class Downloads:
    """The files that the pages of one app are getting. On the loop."""

    tasks: Tasks | None = None

    def __init__(
        self, post: Callable[[dict[str, Any], Sequence[Any]], None], may_send: Callable[[str], bool]
    ) -> None:
        self._post = post
        self._may_send = may_send
        self._running: dict[str, _Outgoing] = {}
        self._ended: OrderedDict[str, tuple[int, int]] = OrderedDict()
        """Size and CRC-32 of those that were sent whole."""
        self._used = -math.inf

    def begin(self, message: Download) -> None:
        """The page asks for a file that it was sent; once more if it has heard nothing of it."""
        name, path = message["download"], message["path"]
        running = self._running.get(name)
        if running is not None and (running.path, running.view) == (path, message["view"]):
            running.anew = True
            running.acked.set()
            return
        if len(self._running) >= MAX_DOWNLOADS or name in self._running:
            self._refuse(name, path)
            return
        outgoing = self._running[name] = _Outgoing(name, message["view"], path)
        assert self.tasks is not None
        self.tasks.start(self._serve, path, outgoing)

    def in_use(self) -> None:
        """Somebody uses the app: what they do next is not to wait long for a download under way."""
        if self._running:
            self._used = time.monotonic()

    def ack(self, message: Ack) -> None:
        """The page has received so many bytes; ``again``: what was sent after these was lost."""
        outgoing = self._running.get(message["download"])
        if outgoing is None:
            size, crc = self._ended.get(message["download"], (math.inf, 0))
            if message["again"] and message["received"] >= size:
                self._post({"type": "download_end", "download": message["download"], "crc": crc}, ())
            elif message["again"]:
                self._fail(message["download"], "the kernel has given it up")
            return
        received = min(message["received"], outgoing.sent)
        if message["again"]:
            outgoing.received, outgoing.back = received, True
        elif received > outgoing.received:
            outgoing.received = received
        outgoing.acked.set()

    def cancel(self, name: str) -> None:
        """The page wants no more of it."""
        outgoing = self._running.get(name)
        if outgoing is not None:
            outgoing.cancelled = True
            outgoing.acked.set()

    def view_gone(self, view: str) -> None:
        """Give up what a closed page was receiving."""
        for name, outgoing in self._running.items():
            if outgoing.view == view:
                self.cancel(name)

    def close(self) -> None:
        """Give everything up."""
        for name in self._running:
            self.cancel(name)

    def _refuse(self, name: str, path: str) -> None:
        refusals.note("a page asked for the file %r, which it was not sent or has too often", path)
        self._fail(name, "this file cannot be had")

    def _fail(self, name: str, why: str) -> None:
        self._post({"type": "download_failed", "download": name, "message": why}, ())

    @property
    def _sizes(self) -> tuple[int, int]:
        """Bytes of a chunk, and of all that may be on its way."""
        in_use = time.monotonic() - self._used < IN_USE
        return (CHUNK_IN_USE, 2 * CHUNK_IN_USE) if in_use else (CHUNK, WINDOW * CHUNK)

    async def _serve(self, path: str, outgoing: _Outgoing) -> None:
        try:
            opened = await to_thread.run_sync(self._open, path)
            if opened is None:
                self._refuse(outgoing.id, path)
                return
            file, record = opened
            with file:
                await self._send(file, record, outgoing)
        except OSError as error:
            self._fail(outgoing.id, str(error))
        except BaseException as error:  # the app's other transfers go on
            if stopping():
                raise
            logger.exception("sending the file %r failed", path)
            self._fail(outgoing.id, shown(error))
        finally:
            del self._running[outgoing.id]

    def _open(self, path: str) -> tuple[IO[bytes], FileRecord] | None:
        """The very file that the page may have, whatever takes its place; None if it may not."""
        try:
            real = os.path.realpath(path)
        except ValueError:  # a NUL, or what no file system can encode
            return None
        if not (self._may_send(real) or self._may_send(path)):
            return None
        return open_real(real), record_of(real, orig_name=os.path.basename(path))

    async def _send(self, file: IO[bytes], record: FileRecord, outgoing: _Outgoing) -> None:
        size = record["size"] or 0
        head = {"type": "download_start", "download": outgoing.id, "view": outgoing.view}
        head = {**head, "name": record["orig_name"], "size": size, "mime": record["mime_type"]}
        at, crc, ended, asked = 0, 0, False, 0
        while not outgoing.cancelled:
            chunk_size, window = self._sizes
            following = min(chunk_size, size - outgoing.sent)
            if outgoing.anew:
                outgoing.anew, outgoing.back, outgoing.received = False, True, 0
                self._post(head, ())
            elif outgoing.back:
                outgoing.back, ended = False, False
                outgoing.sent = asked = outgoing.received
                if at != asked:
                    at, crc = asked, await to_thread.run_sync(_crc_up_to, file, asked)
            elif following and outgoing.sent + following - outgoing.received <= window:
                data, crc = await to_thread.run_sync(_read, file, following, crc)
                if not data:
                    raise OSError(f"{record['orig_name']} has become shorter while it was sent")
                chunk = {"type": "download_chunk", "download": outgoing.id, "offset": at}
                at = outgoing.sent = at + len(data)
                # Each message of a page costs it and the server some ms: two of them a window are enough.
                if wanted := at - asked >= window // 2:
                    asked = at
                self._post({**chunk, "ack": wanted}, (data,))
            elif at == size and not ended:
                self._post({"type": "download_end", "download": outgoing.id, "crc": crc}, ())
                ended = True
                self._ended[outgoing.id] = size, crc
                if len(self._ended) > MAX_ENDED:
                    self._ended.popitem(last=False)
            elif ended and outgoing.received >= size:
                return
            else:
                if at > asked and not ended:  # the window was wider when it was sent
                    asked = at
                    self._post({"type": "download_ask", "download": outgoing.id}, ())
                if not await _heard(outgoing, LAST_PATIENCE if ended else PATIENCE):
                    return


async def _heard(outgoing: _Outgoing, seconds: float) -> bool:
    """Wait for an acknowledgement; False if none came in time."""
    with anyio.move_on_after(seconds) as waiting:
        await outgoing.acked.wait()
    outgoing.acked = anyio.Event()
    return not waiting.cancelled_caught


def _read(file: IO[bytes], size: int, crc: int) -> tuple[bytes, int]:
    data = file.read(size)
    return data, zlib.crc32(data, crc)


def _crc_up_to(file: IO[bytes], end: int) -> int:
    """Go to ``end``; the CRC-32 of what stands before."""
    file.seek(0)
    crc = 0
    while file.tell() < end:
        data, crc = _read(file, min(CHUNK, end - file.tell()), crc)
        if not data:
            break
    return crc
