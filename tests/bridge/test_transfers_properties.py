"""Random histories of transfers in simulated time: files come whole, and nobody waits for ever."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import zlib
from pathlib import Path
from typing import Any

import anyio
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from nbblocks.bridge import downloads, uploads
from nbblocks.bridge.cache import FileCache
from tests.core.simulation import AsyncioLoop

from .honest import Getting, HonestPage, Sending, content
from .lossy import LIMITS, Kernel

pytestmark = pytest.mark.usefixtures("silent")

TIMES = float(os.environ.get("NBBLOCKS_EXAMPLES", "1"))
"""Multiplies the number of examples, for long runs by hand."""

sizes = st.sampled_from([0, 1, 3, 4, 9, 20, 33, 70])
indices = st.integers(0, 5)
delays = st.lists(st.sampled_from([0.0, 0.0, 0.1, 3.0]), min_size=1, max_size=5)
WILD = ["chunk", "bad", "upload_end", "wrong", "upload_ask", "upload_cancel", *["next"] * 3, *["rest"] * 2]
losses = st.lists(st.booleans(), max_size=8)


class Transferring(RuleBasedStateMachine):
    """What users, pages, the line and the disk do, and the time that passes between."""

    @initialize(threads=delays, line=delays)
    def start(self, threads: list[float], line: list[float]) -> None:
        self.loop = AsyncioLoop()
        self.home = Path(tempfile.mkdtemp(prefix="nbblocks-test-"))
        self.real = {
            module: {name: getattr(module, name) for name in (*few, "to_thread")}
            for module, few in LIMITS.items()
        }
        self.clock, downloads.time = downloads.time, self  # type: ignore[assignment]
        line = [seconds / 10 for seconds in line]
        self.kernel = self.loop.run(self.build(threads, line))
        for module, few in LIMITS.items():
            for name, value in {**few, "to_thread": self.kernel.threads}.items():
                setattr(module, name, value)
        self.pages: list[HonestPage] = []
        self.sendings: list[tuple[HonestPage, Sending]] = []
        self.gettings: list[tuple[HonestPage, Getting, bytes]] = []
        self.excused: set[str] = set()
        """Uploads that may fail: somebody else has done something to them."""
        self.wild: dict[str, tuple[int, bytes]] = {}
        """Uploads of the page that does what it likes: the announced size, and what the file is."""
        self.numbers = itertools.count(1)
        self.seq = itertools.count()
        self.looked = 0
        """How much of what was told has been checked."""
        self.sound = True
        self.act(self.open, self.open)

    def build(self, threads: list[float], line: list[float]) -> Any:
        cache = FileCache(self.home / "cache")

        async def made() -> Kernel:
            return Kernel(self.loop, cache, itertools.cycle(threads), itertools.cycle(line))

        return made

    def monotonic(self) -> float:
        """For downloads, as the module `time`."""
        return self.loop.time()

    def open(self) -> None:
        page = HonestPage(self.kernel, self.loop.time)
        self.loop.spawn(page.live)
        self.pages.append(page)

    # -- what happens

    @rule(page=indices, node=st.sampled_from(Kernel.nodes), size=sizes, many=st.integers(1, 3))
    def choose(self, page: int, node: int, size: int, many: int) -> None:
        """Somebody chooses files."""

        def send() -> None:
            for _ in range(many):
                number = next(self.numbers)
                self.send(page, node, f"{number % 3}.bin", content(number, size))

        self.act(send)

    @precondition(lambda self: self.sendings)
    @rule(page=indices, which=indices)
    def choose_again(self, page: int, which: int) -> None:
        """Somebody chooses the same file, in the same page or another: what is there need not come again."""
        _, one = self.sendings[-1 - which % len(self.sendings)]
        self.act(lambda: self.send(page, one.node, one.name, one.data))

    def send(self, page: int, node: int, name: str, data: bytes) -> None:
        sender = self.pages[page % len(self.pages)]
        self.sendings.append((sender, sender.send(node, name, data)))

    @rule(page=indices, which=indices)
    def cancel(self, page: int, which: int) -> None:
        ours = list(self.pages[page % len(self.pages)].up.values())
        if ours:
            self.act(lambda: self.pages[page % len(self.pages)].cancel(ours[which % len(ours)]))

    @rule(page=indices, size=sizes, used=st.booleans())
    def fetch(self, page: int, size: int, used: bool) -> None:
        """Somebody wants a file, and may use the app meanwhile."""
        data = content(next(self.numbers), size)
        path = self.home / f"{next(self.numbers)}.bin"
        path.write_bytes(data)
        getter = self.pages[page % len(self.pages)]

        def get() -> None:
            self.gettings.append((getter, getter.fetch(path), data))
            if used:
                self.kernel.transfers.downloads.in_use()

        self.act(get)

    @rule(page=indices, which=indices)
    def stop(self, page: int, which: int) -> None:
        ours = list(self.pages[page % len(self.pages)].down.values())
        if ours:
            self.act(lambda: self.pages[page % len(self.pages)].stop(ours[which % len(ours)]))

    @rule(up=losses, down=losses)
    def lose(self, up: list[bool], down: list[bool]) -> None:
        """The line loses some of the next messages."""
        self.kernel.lost_up.extend(up)
        self.kernel.lost_down.extend(down)

    @rule(page=indices, silently=st.booleans())
    def leave(self, page: int, silently: bool) -> None:
        """A page is closed, or not heard of any more; another one is opened."""
        leaver = self.pages.pop(page % len(self.pages))
        if silently:
            self.kernel.lost_up.appendleft(True)
        self.act(leaver.leave, self.open)
        if silently:
            self.act(lambda: self.kernel.transfers.view_gone(leaver.view))

    @rule(page=indices)
    def sleep(self, page: int) -> None:
        """A page is silent for so long that the kernel takes it for gone. It is not."""
        sleeper = self.pages[page % len(self.pages)]
        for one in sleeper.down.values():
            one.failed = "its page was taken for gone"
        sleeper.down.clear()
        self.act(lambda: self.kernel.transfers.view_gone(sleeper.view))

    @rule(node=st.sampled_from(Kernel.nodes))
    def settle(self, node: int) -> None:
        """A component has a new value: what was cut off is not wanted any more."""
        running = self.kernel.transfers.uploads._running.values()
        self.excused.update(one.id for one in running if one.suspended and one.key[0] == node)
        self.act(lambda: self.kernel.transfers.uploads.settled(node))

    @rule(work=st.sampled_from(["_open", "_write", "_keep", "_read"]))
    def spoil(self, work: str) -> None:
        """The disk fails at the next work of that kind."""
        self.kernel.disk.failing = work

    @rule(seconds=st.sampled_from([0.0, 0.02, 0.5, 4.0, 12.0, 30.0]))
    def wait(self, seconds: float) -> None:
        self.act(seconds=seconds)

    @rule()
    def close(self) -> None:
        """The app is closed, and shown again in new pages."""
        for _, one in self.sendings:
            self.excused.add(one.id)
        for page, got, _ in self.gettings:
            if page.down.pop(got.id, None):
                got.failed = "the app was closed"
        for page in self.pages:
            page.up.clear()
        self.wild.clear()

        async def job() -> None:
            await self.kernel.close()
            running = self.kernel.transfers.uploads._running, self.kernel.transfers.downloads._running
            assert running == ({}, {}), "what was running has not ended with the app"
            self.no_parts(set())
            self.kernel.begin()

        self.run(job)

    # -- what a page does that does as it likes

    @rule(size=sizes, lie=st.sampled_from([0, 0, 0, -1, 1, 5]), whole=st.booleans(), resume=indices)
    def announce(self, size: int, lie: int, whole: bool, resume: int) -> None:
        number = next(self.numbers)
        name, data = f"wild {number}", content(number, size)
        self.wild[name] = max(0, size + lie), data
        fields = {
            "upload": name,
            "node": 1,
            "name": name,
            "size": max(0, size + lie),
            "crc": zlib.crc32(data),
        }
        self.act(
            lambda: self.say_wildly(
                "upload", *([data] if whole else []), resume=resume if lie else 0, **fields
            )
        )

    @precondition(lambda self: self.wild)
    @rule(
        which=indices,
        what=st.sampled_from(WILD),
        offset=st.integers(0, 40),
        damaged=st.booleans(),
    )
    def go_wild(self, which: int, what: str, offset: int, damaged: bool) -> None:
        name = list(self.wild)[-1 - which % len(self.wild)]
        size, data = self.wild[name]
        running = self.kernel.transfers.uploads._running.get(name)
        if what in ("next", "rest"):
            offset = running.taken if running else 0
        part = data[offset:] if what == "rest" else data[offset : offset + 6]
        if damaged and part and what == "chunk":
            part = bytes([part[0] ^ 1]) + part[1:]
        says: dict[str, Any] = {"upload": name}
        if what in ("chunk", "next", "rest"):
            self.act(lambda: self.say_wildly("chunk", part, offset=offset, **says))
        elif what == "bad":
            self.act(lambda: self.say_wildly("chunk", part, offset=-1, **says))
        elif what in ("upload_end", "wrong"):
            self.act(lambda: self.say_wildly("upload_end", crc=zlib.crc32(data) ^ (what == "wrong"), **says))
        else:
            self.act(lambda: self.say_wildly(what, **says))

    @precondition(lambda self: self.gettings)
    @rule(which=indices, received=st.integers(0, 10**6), again=st.booleans())
    def forge(self, which: int, received: int, again: bool) -> None:
        """Acknowledge what has not come, or not what has. The page that gets it is to be none the worse."""
        _, one, _ = self.gettings[-1 - which % len(self.gettings)]
        self.act(lambda: self.say_wildly("ack", download=one.id, received=received, again=again))
        one.failed = one.failed or "somebody has acknowledged for it"

    def say_wildly(self, type: str, *buffers: bytes, **fields: Any) -> None:
        self.kernel.inbox.receive(
            {"type": type, "view": "wild", "seq": next(self.seq), **fields}, [memoryview(b) for b in buffers]
        )

    # -- what must hold

    def act(self, *acts: Any, seconds: float = 0.0) -> None:
        async def job() -> None:
            for act in acts:
                act()
            if seconds:
                await anyio.sleep(seconds)
            else:
                for _ in range(3):
                    await anyio.lowlevel.checkpoint()

        self.run(job)

    def run(self, job: Any) -> None:
        self.sound = False
        failed = self.kernel.disk.failed
        self.loop.run(job)
        if self.loop.failure is not None:
            raise self.loop.failure
        if self.kernel.disk.failed > failed:  # it may have been anybody's work
            self.excused.update(one.id for _, one in self.sendings)
            for _, got, _ in self.gettings:
                if not got.done:
                    got.failed = got.failed or "the disk has failed"
        self.check()
        self.sound = True

    def check(self) -> None:
        up = self.kernel.transfers.uploads
        for one in up._running.values():
            assert one.taken - one.written <= uploads.MAX_WAITING, "too many bytes wait to be written"
        for told, _ in self.kernel.told[self.looked :]:
            if told["type"] == "upload_done":
                self.check_done(told)
        self.looked = len(self.kernel.told)
        for _, one in self.sendings:
            assert one.failed is None or one.id in self.excused, f"an honest upload has failed: {one.failed}"
        for _, got, wanted in self.gettings:
            assert got.got == wanted if got.done else wanted.startswith(got.got)
        self.no_parts({Path(one.path) for one in up._running.values() if one.path})

    def check_done(self, told: dict[str, Any]) -> None:
        path = Path(told["file"]["path"])
        assert path.is_relative_to(self.kernel.root)
        for _, one in self.sendings:
            if one.id == told["upload"]:
                assert path.read_bytes() == one.data
                assert told["file"]["size"] == len(one.data)
        if told["upload"] in self.wild:
            size, data = self.wild[told["upload"]]
            assert path.read_bytes() == data and size == len(data)
        assert len({str(one) for one in self.kernel.outcomes(told["upload"])}) == 1

    def no_parts(self, running: set[Path]) -> None:
        """In the cache is what pages were told of, and what is coming."""
        told = {Path(one["file"]["path"]) for one, _ in self.kernel.told if one["type"] == "upload_done"}
        known = self.kernel.transfers.uploads._running.values()
        keeping = {Path(one.record["path"]) for one in known if one.record}
        assert self.kernel.stored() <= told | running | keeping

    def teardown(self) -> None:
        if not hasattr(self, "kernel"):
            return
        try:
            if self.sound:
                self.finish()
        finally:
            downloads.time = self.clock
            for module, few in self.real.items():
                for name, value in few.items():
                    setattr(module, name, value)
            self.loop.run(self.kernel.close)
            self.loop.close()
            shutil.rmtree(self.home)

    def finish(self) -> None:
        """The line and the disk are well again: all that is wanted comes. Then all leave."""
        self.kernel.lost_up.clear()
        self.kernel.lost_down.clear()
        self.kernel.disk.failing = None
        self.act(seconds=200)
        for page, one in self.sendings:
            if not page.gone and not one.cancelled and one.id not in self.excused:
                assert one.done is not None, f"an honest upload is not through: {one}"
        for page, got, _ in self.gettings:
            if not page.gone and not got.cancelled:
                assert got.done or got.failed is not None, f"a download is not through: {got}"
        self.act(*(page.leave for page in self.pages))
        self.act(seconds=uploads.RESUME_PATIENCE * 3)
        up = self.kernel.transfers.uploads
        assert up._running == {} and self.kernel.transfers.downloads._running == {}
        told = [
            one["upload"] for one, _ in self.kernel.told if one["type"] in ("upload_done", "upload_failed")
        ]
        for name in self.wild:
            assert name in told, f"{name} has never ended"
        self.no_parts(set())


def test_a_page_that_asks_now_and_then_is_waited_for() -> None:  # CP-45
    machine = Transferring()
    machine.start(threads=[0.0], line=[0.0])
    machine.announce(size=9, lie=0, whole=False, resume=0)
    for _ in range(3):
        machine.go_wild(0, "upload_ask", 0, damaged=False)
        machine.wait(uploads.RESUME_PATIENCE * 0.9)
    machine.go_wild(0, "rest", 0, damaged=False)
    machine.go_wild(0, "upload_end", 0, damaged=False)
    machine.wait(1)
    assert [one["type"] for one in machine.kernel.outcomes(next(iter(machine.wild)))] == ["upload_done"]
    machine.teardown()


@pytest.mark.timeout(300 * max(1.0, TIMES))
def test_whatever_happens_files_come_whole_or_not_at_all() -> None:  # CP-11 CP-45 D8
    run_state_machine_as_test(
        Transferring,
        settings=settings(
            max_examples=int(300 * TIMES),
            stateful_step_count=25,
            deadline=None,
            print_blob=True,
            suppress_health_check=[HealthCheck.too_slow],  # a busy machine is slow, and time is simulated
        ),
    )
