"""Files from pages: written to the cache as they come, checked, and taken up again after a break (CP-45)."""

from __future__ import annotations

import contextlib
import logging
import os
import zlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import anyio
from anyio import to_thread

from nbblocks.core.errors import MessageError, shown
from nbblocks.core.tasks import Tasks, stopping

from .cache import FileCache
from .files import FileRecord, record_of
from .incoming import Incoming, Key, Offer
from .messages import MAX_CHUNK, Chunk, Upload, UploadAsk, UploadEnd
from .refusals import refusals

logger = logging.getLogger("nbblocks")

MAX_UPLOADS = 64
"""Files that one app takes at a time; a page sends fewer at once."""
MAX_WAITING = 64 * 1024 * 1024
"""Bytes of one upload that may wait to be written: a page that keeps to its window never comes near."""
RESUME_PATIENCE = 600.0
"""Seconds that a part is kept after its page was last heard of: choosing the same file takes the upload up
again. A page that waits for something asks much sooner."""
MAX_ENDED = 256
"""Ended uploads that are remembered: what was on its way still comes, and a page may ask how one ended."""

FILLER = bytes(65_536)
"""Sent behind an acknowledgement, which the websocket would hold back until the browser has confirmed what
came before (Nagle's algorithm): what fills a segment goes at once, and one of the loopback is that long."""


class Uploads:
    """The files that the pages of one app are sending. On the loop."""

    tasks: Tasks | None = None

    def __init__(
        self,
        post: Callable[[dict[str, Any], Sequence[Any]], None],
        cache: FileCache,
        check: Callable[[int, str, int], None],
        offer: Callable[[list[Offer]], None],
    ) -> None:
        self._post = post
        self._cache = cache
        self._check = check
        self._offer = offer
        self._running: dict[str, Incoming] = {}
        self._whole: dict[Key, Incoming] = {}
        """Those that have come, and are not the value of their component yet."""
        self._ended: OrderedDict[str, dict[str, Any]] = OrderedDict()
        """How the last ones have ended, as their pages were told, which may not have heard it."""
        self.offers: list[Offer] = []
        """What a page may take up again; replaced, never changed."""

    # -- what pages say

    def begin(self, message: Upload, data: Any = None) -> None:
        """A file begins to come, or goes on; a small one comes whole, as ``data``."""
        name = message["upload"]
        if name in self._running:
            raise MessageError(f"the upload {name!r} is under way already")
        shown = message["relative"] or message["name"]
        key = (message["node"], shown, message["size"], message["modified"])
        try:
            self._check(message["node"], message["name"], message["size"])
            incoming = self._resumed(key, message) if message["resume"] else None
            if incoming is None:
                self._make_room()
        except MessageError as error:
            self._fail(name, shown, str(error))
            return
        if incoming is not None:
            self._go_on(incoming, name, message["view"])
            return
        incoming = self._running[name] = Incoming(name, message["view"], key, shown)
        if data is not None:
            self._take(incoming, 0, data)
            incoming.end = message["crc"]
            if incoming.taken < incoming.size:
                incoming.fault = incoming.fault or f"only {incoming.taken} of {incoming.size} bytes have come"
        assert self.tasks is not None
        self.tasks.start(self._receive, incoming)
        if message["resume"]:  # what was offered is gone in the meantime
            self._back(incoming)

    def chunk(self, message: Chunk, data: Any) -> None:
        """A part of a file has come."""
        incoming = self._find(message["upload"], message["view"], "a chunk")
        if incoming is not None:
            self._take(incoming, message["offset"], data)

    def end(self, message: UploadEnd) -> None:
        """All parts of a file were sent."""
        incoming = self._find(message["upload"], message["view"], "the end")
        if incoming is None:
            return
        if incoming.taken == incoming.size:
            incoming.end = message["crc"]
        elif not incoming.missing:
            refusals.note(
                "the end of %r came after %d of %d bytes: the page is to go back",
                incoming.name, incoming.taken, incoming.size,
            )  # fmt: skip
            self._back(incoming)
        incoming.more.set()

    def ask(self, message: UploadAsk) -> None:
        """A page that has heard nothing for long asks where to go on."""
        incoming = self._running.get(message["upload"])
        if incoming is None:
            unknown = {"type": "upload_unknown", "upload": message["upload"]}
            self._post(self._ended.get(message["upload"], unknown), ())
            return
        self._revive(incoming, message["view"])
        if incoming.end is None:  # parts, or the end that comes behind them, may have been lost
            self._back(incoming)
        else:
            self._acknowledge(incoming)

    def cancel(self, name: str, why: str = "it was cancelled") -> None:
        """Give an upload up and remove its part."""
        incoming = self._running.get(name)
        if incoming is not None:
            incoming.fault = why
            incoming.more.set()

    def refused(self, name: str, why: str) -> None:
        """A message about an upload was malformed."""
        if name in self._running:
            self.cancel(name, why)
        elif name not in self._ended:
            self._ended_by({"type": "upload_failed", "upload": name, "message": why})

    # -- what happens around them

    def settled(self, node: int) -> None:
        """A component has a new value: what was cut off before, or came unused, is of no use now."""
        for key in [key for key in self._whole if key[0] == node]:
            del self._whole[key]
        for incoming in self._running.values():
            if incoming.suspended and incoming.key[0] == node:
                self.cancel(incoming.id, "another file was chosen")
        self._tell()

    def view_gone(self, view: str) -> None:
        """Keep what a closed page was sending for a while (CP-45)."""
        for incoming in (*self._running.values(), *self._whole.values()):
            if incoming.view == view:
                incoming.suspended = True
        self._tell()

    def close(self) -> None:
        """Give everything up."""
        self._whole.clear()
        for name in list(self._running):
            self.cancel(name, "the app was closed")

    # -- the steps of one

    def _find(self, name: str, view: str, what: str) -> Incoming | None:
        incoming = self._running.get(name)
        if incoming is None:
            if name not in self._ended:
                raise MessageError(f"{what} of the unknown upload {name!r}")
            return None
        self._revive(incoming, view)
        return incoming

    def _revive(self, incoming: Incoming, view: str) -> None:
        incoming.view = view
        incoming.more.set()  # its patience begins anew
        if incoming.suspended:
            incoming.suspended = False
            self._tell()

    def _resumed(self, key: Key, message: Upload) -> Incoming | None:
        """What was cut off of this file, if as much is here as the page believes."""
        whole = self._whole.get(key)
        for one in (*self._running.values(), *([whole] if whole is not None else [])):
            if (
                (one.suspended and one.fault is None and one.key == key)
                and (one.taken == message["resume"])
                and (not message["crc"] or one.taken > one.written or one.crc == message["crc"])
                and (one.record is None or self._cache.holds(one.record["path"]))
            ):
                return one
        return None

    def _make_room(self) -> None:
        """Take one more: the oldest of those that were cut off gives way.

        :raises MessageError: if there is none
        """
        running = [one for one in self._running.values() if one.fault is None]
        if len(running) >= MAX_UPLOADS:
            spare = next((one for one in running if one.suspended), None)
            if spare is None:
                raise MessageError(f"more than {MAX_UPLOADS} files at a time")
            self.cancel(spare.id, "it was cut off, and others have come")

    def _go_on(self, incoming: Incoming, name: str, view: str) -> None:
        incoming.view, incoming.suspended = view, False
        if incoming.id not in self._running:
            self._ended_by({"type": "upload_done", "upload": name, "file": incoming.record})
        else:
            del self._running[incoming.id]
            incoming.id = name
            self._running[name] = incoming
            incoming.more.set()
        self._tell()

    def _take(self, incoming: Incoming, offset: int, data: Any) -> None:
        size = memoryview(data).nbytes
        if incoming.end is not None or incoming.fault is not None:
            return  # of no use any more
        if offset + size > incoming.size:
            incoming.fault = f"more than the {incoming.size} bytes that were announced have come"
        elif offset > incoming.taken:
            if not incoming.missing:
                refusals.note(
                    "a part of %r came at %d where %d was expected: the page is to go back",
                    incoming.name, offset, incoming.taken,
                )  # fmt: skip
                self._back(incoming)
            return
        elif offset < incoming.taken:
            refusals.note("a part of %r at %d came twice: dropped", incoming.name, offset)
            return
        elif incoming.taken + size - incoming.written > MAX_WAITING:
            incoming.fault = "its parts come faster than they can be written"
        else:
            incoming.parts.append(data)
            incoming.taken += size
            incoming.missing = False
        incoming.more.set()

    def _back(self, incoming: Incoming) -> None:
        """Ask the page to go on from what has come."""
        incoming.missing = True
        self._acknowledge(incoming, again=True)

    def _acknowledge(self, incoming: Incoming, again: bool = False) -> None:
        count = incoming.acknowledged = incoming.taken
        self._post({"type": "upload_ack", "upload": incoming.id, "received": count, "again": again}, ())
        if incoming.size - count > MAX_CHUNK:
            self._post({"type": "filler"}, (FILLER,))

    def _fail(self, name: str, shown: str, why: str) -> None:
        refusals.note("the upload of %r failed: %s", shown, why)
        self._ended_by({"type": "upload_failed", "upload": name, "message": f"{shown}: {why}"})

    def _ended_by(self, outcome: dict[str, Any]) -> None:
        """Tell how an upload has ended, and remember it."""
        self._ended[outcome["upload"]] = outcome
        if len(self._ended) > MAX_ENDED:
            self._ended.popitem(last=False)
        self._post(outcome, ())

    async def _receive(self, incoming: Incoming) -> None:
        why: str | None = None
        try:
            await to_thread.run_sync(self._open, incoming)
            await self._all_parts(incoming)
            incoming.record = await to_thread.run_sync(self._keep, incoming)
        except (MessageError, OSError) as error:
            why = str(error)
        except BaseException as error:  # the app's other transfers go on
            if stopping():
                raise
            logger.exception("taking the upload of %r failed", incoming.name)
            why = shown(error)
        finally:
            incoming.fault = incoming.fault or why
            try:
                with anyio.CancelScope(shield=True):
                    await to_thread.run_sync(self._discard, incoming)
            finally:
                del self._running[incoming.id]
        if incoming.record is not None:
            self._whole[incoming.key] = incoming
            self._ended_by({"type": "upload_done", "upload": incoming.id, "file": incoming.record})
        else:
            self._fail(incoming.id, incoming.name, str(why))
        self._tell()

    async def _all_parts(self, incoming: Incoming) -> None:
        """Take the parts as they come, all that are there at once; what is written is acknowledged.

        :raises MessageError: if the file does not come whole and as it was
        """
        while incoming.fault is None and (incoming.end is None or incoming.parts):
            if not incoming.parts:
                await self._wait(incoming)
                continue
            parts = list(incoming.parts)
            incoming.parts.clear()
            await to_thread.run_sync(_write, incoming, parts)
            del parts
            if incoming.suspended:
                self._tell()
            elif incoming.acknowledged < incoming.taken < incoming.size:
                self._acknowledge(incoming)
        if incoming.fault is not None:
            raise MessageError(incoming.fault)
        if incoming.end != incoming.crc:
            raise MessageError("the checksum differs: the file was damaged on its way")

    async def _wait(self, incoming: Incoming) -> None:
        """Wait for something to come, but not for ever."""
        with anyio.move_on_after(RESUME_PATIENCE):
            await incoming.more.wait()
        if not incoming.more.is_set():
            incoming.fault = "it was cut off, and nobody has gone on with it"
        incoming.more = anyio.Event()

    def _open(self, incoming: Incoming) -> None:
        incoming.file, incoming.path = self._cache.new_part()
        room = os.statvfs(incoming.path) if hasattr(os, "statvfs") else None
        if room is not None and room.f_bavail * room.f_frsize < incoming.size:
            free = room.f_bavail * room.f_frsize
            raise MessageError(f"there is no room for its {incoming.size} bytes, only for {free}")

    def _keep(self, incoming: Incoming) -> FileRecord:
        incoming.file.close()
        path = self._cache.adopt(incoming.path, incoming.digest.hexdigest(), incoming.name)
        return record_of(path, orig_name=incoming.name)

    def _discard(self, incoming: Incoming) -> None:
        """Let go of an upload's part: if the file is whole, it has been moved away."""
        if incoming.file is None:
            return
        with contextlib.suppress(OSError):  # a full disk again: what was to be written is not wanted any more
            incoming.file.close()
        try:
            self._cache.remove_part(incoming.path)
        except BaseException as error:  # noqa: BLE001 - it goes with the app's cache
            logger.warning("the part of an upload cannot be removed: %s", shown(error))

    def _tell(self) -> None:
        """Tell the pages what they may take up again, if that is not what they were told last."""
        offers = [
            Offer(
                node=one.key[0],
                name=one.key[1],
                size=one.size,
                modified=one.key[3],
                received=one.written,
                crc=one.crc,
            )
            for one in (*self._running.values(), *self._whole.values())
            if one.suspended and one.written and one.written == one.taken and one.fault is None
        ]
        if offers != self.offers:
            self.offers = offers
            self._offer(offers)


def _write(incoming: Incoming, parts: Sequence[Any]) -> None:
    for data in parts:
        incoming.file.write(data)
        incoming.digest.update(data)
        incoming.crc = zlib.crc32(data, incoming.crc)
        incoming.written += memoryview(data).nbytes
