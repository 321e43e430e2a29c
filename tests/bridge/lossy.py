"""Transfers in simulated time, with a line that loses messages and a disk that fails.

Nothing is patched but what stands for a thread, the clock and the disk. What is said goes through the real
inbox, so in each page's order, and with a gap where something was lost.
"""

from __future__ import annotations

import asyncio
import errno
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel

from nbblocks.bridge import downloads, uploads
from nbblocks.bridge.cache import FileCache
from nbblocks.bridge.inbox import Inbox
from nbblocks.bridge.transfers import Transfers
from nbblocks.core.errors import MessageError
from nbblocks.core.tasks import Tasks
from tests.core.simulation import AsyncioLoop

LATENCY = 0.01
LIMITS: dict[Any, dict[str, Any]] = {
    uploads: {"MAX_UPLOADS": 200, "MAX_WAITING": 40, "MAX_CHUNK": 8, "FILLER": b"fill"},
    downloads: {"CHUNK": 4, "CHUNK_IN_USE": 2, "WINDOW": 8},
}
"""Small sizes, so that small files meet all limits. No honest page has as much as MAX_WAITING on its way."""


class Threads:
    """Stands for `anyio.to_thread`: work takes a while, and is done where no loop runs."""

    def __init__(self, delays: Iterator[float], disk: Disk) -> None:
        self._delays, self._disk = delays, disk

    async def run_sync(self, work: Callable[..., Any], *args: Any) -> Any:
        """Do the work, to its end even if its task is cancelled."""
        await anyio.lowlevel.checkpoint()
        with anyio.CancelScope(shield=True):
            await anyio.sleep(next(self._delays))
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        try:
            self._disk.about_to(work)
            return work(*args)
        finally:
            asyncio._set_running_loop(loop)


class Disk:
    """Fails at one piece of work of a name, when told to."""

    def __init__(self) -> None:
        self.failing: str | None = None
        self.failed = 0

    def about_to(self, work: Callable[..., Any]) -> None:
        """Fail, if this is the work to fail at."""
        if self.failing is not None and work.__name__ == self.failing:
            self.failing = None
            self.failed += 1
            raise OSError(errno.EIO, "the disk has failed")


class Kernel:
    """The transfers of one app, behind its inbox."""

    nodes = (1, 2)
    """Blocks that take files."""

    def __init__(
        self, loop: AsyncioLoop, cache: FileCache, delays: Iterator[float], latencies: Iterator[float]
    ) -> None:
        self.loop, self.cache, self.root, self._latencies = loop, cache, Path(cache.root), latencies
        self.disk = Disk()
        self.pages: list[Any] = []
        self.lost_up: deque[bool] = deque()
        """Whether the next messages to the kernel are lost."""
        self.lost_down: deque[bool] = deque()
        self.told: list[tuple[dict[str, Any], bytes]] = []
        """Everything that was said to the pages."""
        self.acknowledged: dict[str, int] = {}
        """Bytes of each download up to which a page has acknowledged."""
        self.threads = Threads(delays, self.disk)
        self.offers: list[Any] = []
        self.begin()

    def begin(self) -> None:
        """Start anew, as an app that is shown after it was closed."""
        self.transfers = Transfers(self._post, self.cache, self, self._offer)
        self.inbox = Inbox(self, self._handle)  # type: ignore[arg-type] - all that it needs of a portal
        self.ending, self.ended = anyio.Event(), anyio.Event()
        self.loop.spawn(self._serve)

    async def _serve(self) -> None:
        async with anyio.create_task_group() as tasks:
            self.transfers.serve(Tasks(tasks, lambda what, error: None))
            await self.ending.wait()
            tasks.cancel_scope.cancel()
        self.ended.set()

    async def close(self) -> None:
        """End the app, as its host does."""
        self.transfers.close()
        self.ending.set()
        await self.ended.wait()

    # -- a portal

    def hand(self, fn: Callable[..., object], *args: Any) -> bool:
        """Call at once: this is the loop."""
        fn(*args)
        return True

    def later(self, seconds: float, fn: Callable[..., object], *args: Any) -> None:
        """Call after so many seconds, in a task, as a portal does."""

        async def due() -> None:
            await anyio.sleep(seconds)
            fn(*args)

        self.loop.spawn(due)

    # -- a permission

    def may_send(self, path: str) -> bool:
        """Pages may have what was given."""
        return Path(path).parent == self.root.parent

    def may_receive(self, node: int, name: str, size: int) -> None:
        """The nodes take files."""
        if node not in self.nodes:
            raise MessageError(f"{name!r} is for nobody")

    # -- the line

    def hear(self, content: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        """A page says something: it comes in a while, if at all, and what was said later may overtake it."""
        if self.lost_up and self.lost_up.popleft():
            return
        self.later(next(self._latencies), self.inbox.receive, content, list(map(memoryview, buffers)))

    def _handle(self, message: Any, buffers: Sequence[Any]) -> None:
        if self.ending.is_set():
            return
        up, down = self.transfers.uploads, self.transfers.downloads
        match message["type"]:
            case "upload":
                up.begin(message, buffers[0] if buffers else None)
            case "chunk":
                up.chunk(message, buffers[0])
            case "upload_end":
                up.end(message)
            case "upload_ask":
                up.ask(message)
            case "upload_cancel":
                up.cancel(message["upload"])
            case "refused":
                up.refused(message["upload"], message["why"])
            case "bye":
                self.transfers.view_gone(message["view"])
            case "download":
                self.acknowledged[message["download"]] = 0
                down.begin(message)
            case "ack":
                sent = max(
                    [one["offset"] + len(data) for one, data in self.chunks(message["download"])] or [0]
                )
                before = 0 if message["again"] else self.acknowledged.get(message["download"], 0)
                self.acknowledged[message["download"]] = max(before, min(message["received"], sent))
                down.ack(message)
            case "download_cancel":
                down.cancel(message["download"])

    def chunks(self, name: str) -> list[tuple[dict[str, Any], bytes]]:
        """What was sent of a download."""
        return [one for one in self.told if one[0].get("download") == name and "offset" in one[0]]

    def _offer(self, offers: list[Any]) -> None:
        self.offers = offers

    def _post(self, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        data = bytes(buffers[0]) if buffers else b""
        self.told.append((content, data))
        if content["type"] == "download_chunk":
            flying = content["offset"] + len(data) - self.acknowledged[content["download"]]
            assert flying <= downloads.WINDOW * downloads.CHUNK, f"{flying} bytes are on their way"
        for page in self.pages:
            if not (self.lost_down and self.lost_down.popleft()):
                self.later(LATENCY, page.take, content, data)

    def outcomes(self, name: str) -> list[dict[str, Any]]:
        """How an upload has ended, as often as it was told."""
        return [one for one, _ in self.told if one.get("upload") == name and one["type"] in ENDS]

    def stored(self) -> set[Path]:
        """The files in the cache."""
        return {path for path in self.root.rglob("*") if path.is_file()}


ENDS = ("upload_done", "upload_failed")
