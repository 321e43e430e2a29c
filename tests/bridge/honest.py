"""Pages that say what the front-end says, in simulated time."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio

from .lossy import Kernel

CHUNK, WINDOW, SMALL = 4, 12, 3
"""Bytes: of a chunk, of what a page has on its way, and of a file that goes with its announcement."""
STALL = 10.0


def content(number: int, size: int) -> bytes:
    """Bytes of which no two stretches are alike, in no two files."""
    return bytes((number * 37 + at * at + at) % 251 for at in range(size))


@dataclass
class Sending:
    """An upload, as the page sees it."""

    id: str
    node: int
    name: str
    data: bytes
    modified: int
    heard: float = 0.0
    begun: bool = False
    ended: bool = False
    sent: int = 0
    received: int = 0
    done: Any = None
    failed: str | None = None
    cancelled: bool = False


@dataclass
class Getting:
    """A download, as the page sees it."""

    id: str
    path: str
    heard: float
    size: int | None = None
    got: bytearray = field(default_factory=bytearray)
    asked: bool = False
    done: bool = False
    failed: str | None = None
    cancelled: bool = False


_ids = itertools.count()


class HonestPage:
    """It goes back when it is told to, and asks when it hears nothing, as uploads.ts and downloads.ts do."""

    def __init__(self, kernel: Kernel, now: Callable[[], float]) -> None:
        self.kernel, self.now = kernel, now
        self.view = f"view {next(_ids)}"
        self.up: dict[str, Sending] = {}
        self.down: dict[str, Getting] = {}
        self.gone = False
        self._seq = itertools.count()
        kernel.pages.append(self)

    async def live(self) -> None:
        """Look now and then whether anything is silent for long."""
        while not self.gone:
            await anyio.sleep(STALL / 2)
            self.watch()

    def say(self, type: str, *buffers: bytes, **fields: Any) -> None:
        if not self.gone:
            self.kernel.hear({"type": type, "view": self.view, "seq": next(self._seq), **fields}, buffers)

    def leave(self) -> None:
        """Close the page, which it can say."""
        self.say("bye")
        self.gone = True
        self.kernel.pages.remove(self)

    # -- what the user does

    def send(self, node: int, name: str, data: bytes, modified: int = 0) -> Sending:
        one = Sending(f"up {next(_ids)}", node, name, data, modified)
        self.up[one.id] = one
        self.pump()
        return one

    def cancel(self, one: Sending) -> None:
        if self.up.pop(one.id, None):
            one.cancelled = True
            self.say("upload_cancel", upload=one.id)
            self.pump()

    def fetch(self, path: Path) -> Getting:
        one = Getting(f"down {next(_ids)}", str(path), self.now())
        self.down[one.id] = one
        self.say("download", download=one.id, node=1, path=one.path)
        return one

    def stop(self, one: Getting) -> None:
        if self.down.pop(one.id, None):
            one.cancelled = True
            self.say("download_cancel", download=one.id)

    # -- what the kernel says

    def take(self, content: dict[str, Any], data: bytes) -> None:
        if self.gone:
            return
        if one := self.up.get(content.get("upload", "")):
            one.heard = self.now()
            self._told_of_upload(one, content)
        if got := self.down.get(content.get("download", "")):
            got.heard = self.now()
            self._told_of_download(got, content, data)

    def _told_of_upload(self, one: Sending, content: dict[str, Any]) -> None:
        match content["type"]:
            case "upload_ack":
                one.received = content["received"]
                if content["again"]:
                    one.sent, one.ended = one.received, False
            case "upload_unknown":
                one.begun = one.ended = False
                one.sent = one.received = 0
            case "upload_done":
                one.done = content["file"]
                del self.up[one.id]
            case "upload_failed":
                one.failed = content["message"]
                del self.up[one.id]
        self.pump()

    def _told_of_download(self, one: Getting, content: dict[str, Any], data: bytes) -> None:
        match content["type"]:
            case "download_start":
                one.size, one.got, one.asked = content["size"], bytearray(), False
            case "download_chunk" if one.size is not None:
                if content["offset"] == len(one.got):
                    one.asked = False
                    one.got += data
                    if content["ack"] or len(one.got) >= one.size:
                        self.say("ack", download=one.id, received=len(one.got))
                elif content["offset"] > len(one.got):
                    self._again(one)
            case "download_ask" if one.size is not None:
                self.say("ack", download=one.id, received=len(one.got))
            case "download_end" if one.size is not None:
                if len(one.got) < one.size:
                    self._again(one)
                    return
                assert content["crc"] == zlib.crc32(one.got), "a download was damaged"
                one.done = True
                del self.down[one.id]
            case "download_failed":
                one.failed = content["message"]
                del self.down[one.id]

    def _again(self, one: Getting, *, anyhow: bool = False) -> None:
        if anyhow or not one.asked:
            one.asked = True
            self.say("ack", download=one.id, received=len(one.got), again=True)

    def watch(self) -> None:
        for one in self.up.values():
            if one.begun and self.now() - one.heard >= STALL:
                one.heard = self.now()
                self.say("upload_ask", upload=one.id)
        for got in self.down.values():
            if self.now() - got.heard >= STALL:
                got.heard = self.now()
                if got.size is None:
                    self.say("download", download=got.id, node=1, path=got.path)
                else:
                    self._again(got, anyhow=True)

    # -- sending

    def pump(self) -> None:
        while not self.gone:
            flying = sum(one.sent - one.received for one in self.up.values() if one.begun)
            following = next((one for one in self.up.values() if not one.begun or not one.ended), None)
            if flying >= WINDOW or following is None:
                return
            self.up[following.id] = self.up.pop(following.id)
            if following.begun:
                self._go_on(following)
            else:
                self._begin(following)

    def _begin(self, one: Sending) -> None:
        one.begun, one.heard = True, self.now()
        size, crc = len(one.data), zlib.crc32(one.data)
        head = {"upload": one.id, "node": one.node, "name": one.name, "size": size, "modified": one.modified}
        key = (one.node, one.name, size, one.modified)
        offer = next(
            (o for o in self.kernel.offers if key == (o["node"], o["name"], o["size"], o["modified"])), None
        )
        if offer and offer["crc"] == zlib.crc32(one.data[: offer["received"]]):
            self.say("upload", **head, resume=offer["received"], crc=offer["crc"])
            one.sent = one.received = offer["received"]
        elif 0 < size <= SMALL:
            one.ended, one.sent = True, size
            self.say("upload", one.data, **head, crc=crc)
        else:
            self.say("upload", **head)

    def _go_on(self, one: Sending) -> None:
        if one.sent < len(one.data):
            part = one.data[one.sent : one.sent + CHUNK]
            self.say("chunk", part, upload=one.id, offset=one.sent)
            one.sent += len(part)
        if one.sent == len(one.data):
            one.ended = True
            self.say("upload_end", upload=one.id, crc=zlib.crc32(one.data))
