"""Deleting old files while an app runs."""

from __future__ import annotations

import os
from collections import namedtuple
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anyio
import anyio.to_thread
import pytest

import nbblocks as gr
from nbblocks.bridge.cache import FileCache
from nbblocks.bridge.cleaning import delete_old, paths_within
from nbblocks.bridge.files import FileValue, record_of
from tests.support import FakeComm, Page
from tests.waiting import until

NOW = 2_000_000_000.0


class Clock:
    """Time that passes when told."""

    now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> FileCache:
    return FileCache(tmp_path / "cache", clock)


def names(store: FileCache) -> set[str]:
    return {name for _, _, names in os.walk(store.root) for name in names}


def test_old_files_go_with_their_directories(store: FileCache, clock: Clock) -> None:  # AP-18
    old = store.save_bytes(b"1", "old")
    clock.now += 60
    new = store.save_bytes(b"2", "new")
    assert store.sweep(60) == 0 and names(store) == {"old", "new"}
    clock.now += 1
    assert store.sweep(60) == 1 and names(store) == {"new"}
    assert os.listdir(store.root) == [Path(new).parent.name]
    assert not store.holds(old) and store.holds(new)


def test_what_is_shown_or_held_stays_however_old(store: FileCache, clock: Clock) -> None:  # AP-18
    kept, lost = store.save_bytes(b"1", "kept"), store.save_bytes(b"2", "lost")
    clock.now += 1e6
    assert store.sweep(60, [kept]) == 1
    assert store.holds(kept) and not os.path.exists(lost)


@pytest.mark.parametrize("use", ["saved again", "given out again", "asked for"])
def test_a_use_makes_a_file_young_again(store: FileCache, clock: Clock, use: str) -> None:  # AP-18
    path = store.save_bytes(b"1", "a")
    clock.now += 100
    match use:
        case "saved again":
            store.save_bytes(b"1", "a")
        case "given out again":
            store.save_file(path)
        case _:
            assert store.holds(path)
    assert store.sweep(60) == 0
    clock.now += 61
    assert store.sweep(60) == 1


def test_what_a_run_stores_or_uses_stays_until_it_ends(store: FileCache, clock: Clock) -> None:  # AP-18
    given, used, idle = (store.save_bytes(name.encode(), name) for name in ("given", "used", "idle"))
    with store.keeping([given]):
        store.holds(used)
        made = store.save_bytes(b"4", "made")
        clock.now += 1e6
        assert store.sweep(60) == 1 and not os.path.exists(idle)
    assert store.sweep(60) == 0  # what it has returned becomes a value now
    clock.now += 61
    assert store.sweep(60) == 3 and not any(os.path.exists(path) for path in (given, used, made))


def test_pinned_files_stay(store: FileCache, clock: Clock) -> None:  # AP-18 CP-163
    store.pin([store.save_bytes(b"1", "example")])
    store.save_bytes(b"2", "lost")
    clock.now += 1e6
    assert store.sweep(60) == 1 and names(store) == {"example"}


def test_uploads_under_way_stay_and_lost_parts_go(store: FileCache, clock: Clock) -> None:  # AP-18
    handle, part = store.new_part()
    (Path(store.root) / ".part-lost").write_bytes(b"x")
    clock.now += 1e6
    assert store.sweep(60) == 1 and os.listdir(store.root) == [Path(part).name]
    handle.close()
    assert store.holds(store.adopt(part, "0" * 64, "a"))


def test_what_handlers_have_put_there_goes_by_its_own_time(store: FileCache, clock: Clock) -> None:  # AP-18
    beside = Path(store.save_bytes(b"1", "a")).with_name("beside")
    beside.write_bytes(b"x")
    os.utime(beside, (NOW - 100, NOW - 100))
    assert store.sweep(60) == 1 and names(store) == {"a"}


def test_a_file_that_was_swept_is_stored_again(
    store: FileCache, clock: Clock, tmp_path: Path
) -> None:  # AP-18
    source = tmp_path / "a"
    source.write_bytes(b"1")
    path = store.save_file(source)
    clock.now += 100
    store.sweep(60)
    assert store.save_file(source) == path and Path(path).read_bytes() == b"1"


def test_there_may_be_nothing_to_sweep(store: FileCache) -> None:  # AP-18
    assert store.sweep(0) == 0


@dataclass
class Report:
    file: Any


@dataclass(slots=True)
class Slim:
    file: Any


Pair = namedtuple("Pair", ["one", "two"])


class Proxy:
    """Makes up whatever it is asked for."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"asked for {name}")


@pytest.mark.parametrize(
    "wrap",
    [
        lambda path: path,
        Path,
        FileValue,
        record_of,
        lambda path: [{"a": (record_of(path), "caption")}],
        lambda path: {path: 1},
        lambda path: {path},
        lambda path: Pair(1, path),
        Report,
        Slim,
        lambda path: SimpleNamespace(file=[path]),
        lambda path: f"{path}/../{os.path.basename(path)}",
        lambda path: [Proxy(), path],
    ],
)
def test_paths_are_found_in_whatever_holds_them(store: FileCache, wrap: Any) -> None:  # AP-18
    path = store.save_bytes(b"1", "a")
    value = [1, None, b"x", "text", wrap(path), Path("/elsewhere"), f"{store.root}-other/a"]
    value.append(value)  # what holds itself
    assert set(paths_within(value, store.root)) == {path}


def test_deep_values_are_no_trouble(store: FileCache) -> None:  # AP-18
    path = store.save_bytes(b"1", "a")
    value: Any = path
    for _ in range(100_000):
        value = [value]
    assert list(paths_within(value, store.root)) == [path]
    while isinstance(value, list):  # the interpreter takes it apart step by step, too
        value = value[0]


@pytest.fixture
def two(store: FileCache) -> tuple[str, str]:
    """Two stored files, for tests that must not write on a loop."""
    return store.save_bytes(b"1", "kept"), store.save_bytes(b"2", "lost")


async def test_an_app_sweeps_while_it_runs(
    store: FileCache, two: tuple[str, str], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:  # AP-18
    slept, ticks = list[float](), anyio.Semaphore(0)

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await ticks.acquire()

    monkeypatch.setattr("nbblocks.bridge.cleaning.anyio.sleep", sleep)
    held: dict[str, Any] = {"value": {"path": two[0]}}
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(delete_old, store, (30, 60), lambda: held.values())
        for passes, left in ((60, {"kept", "lost"}), (1, {"kept"}), (1e6, {"kept"}), (1, set[str]())):
            if not left:
                held.clear()
            clock.now += passes
            rounds = len(slept)
            ticks.release()
            while len(slept) <= rounds:
                await anyio.wait_all_tasks_blocked()
            assert names(store) == left
        tasks.cancel_scope.cancel()
    assert set(slept) == {30}


async def test_without_delete_cache_nothing_is_swept(store: FileCache) -> None:  # AP-18
    await delete_old(store, None, lambda: pytest.fail("nobody needs to know"))


async def test_a_state_that_changes_meanwhile_puts_the_sweep_off(
    store: FileCache, two: tuple[str, str], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:  # AP-18
    class Changing(dict[str, str]):
        def keys(self) -> Any:
            raise RuntimeError("dictionary changed size during iteration")

    clock.now += 1e6
    values: list[Any] = [[Changing()], []]
    rounds = 0

    async def sleep(seconds: float) -> None:
        nonlocal rounds
        rounds += 1
        left = await anyio.to_thread.run_sync(names, store)
        assert left == ({"kept", "lost"} if rounds < 3 else set())
        if rounds == 3:
            tasks.cancel_scope.cancel()

    monkeypatch.setattr("nbblocks.bridge.cleaning.anyio.sleep", sleep)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(delete_old, store, (30, 60), lambda: values.pop(0) if values else [])


def test_a_running_app_sweeps_what_it_does_not_show(comms: list[FakeComm], tmp_path: Path) -> None:  # AP-18
    shown, gone = tmp_path / "shown.txt", tmp_path / "gone.txt"
    shown.write_text("1")
    gone.write_text("2")
    with gr.Blocks(delete_cache=(0.02, 0.01)) as demo:
        state, out = gr.State(), gr.DownloadButton()
        out.click(lambda: (gr.DownloadButton(value=str(shown)), None), None, [out, state], api_name="show")
        gr.Button().click(lambda: str(gone), None, gr.DownloadButton(), api_name="other")
    page = Page(demo.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    store = demo.host.cache
    with gr.Client(demo) as client:
        client.predict(api_name="/other")  # the Client's session has it, until it ends
    page.fire(out, "click")
    until(lambda: "shown.txt" in names(store))
    until(lambda: names(store) == {"shown.txt"})
    demo.close(verbose=False)
    until(lambda: not Path(store.root).exists())
