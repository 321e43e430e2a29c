"""What is remembered of files that pages are shown: no more than is shown, and the last ones."""

from __future__ import annotations

import dataclasses
import os
import types
from collections import deque
from pathlib import Path
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.bridge import cache, elsewhere, stored
from nbblocks.bridge.cache import FileCache
from nbblocks.bridge.lending import Lending
from tests.support import FakeComm, Page


def file(path: object) -> gr.FileData:
    return gr.FileData(path=str(path))


def test_a_path_is_lent_as_long_as_something_shows_it() -> None:  # TR-2
    lending = Lending()
    lending.show("1.value", [file("/a"), {"x": (file("/b"),)}], "/own/")
    lending.show("2.value", file("/a"), "/own/")
    assert "/a" in lending and "/b" in lending
    lending.show("1.value", "text", "/own/")
    assert "/a" in lending and "/b" not in lending
    lending.show("2.value", file("/a"), "/own/")
    lending.keep({1})
    assert "/a" not in lending and not lending


@pytest.mark.parametrize(
    "value", [{"path": "/a", "meta": {"_type": "x"}}, "/a", ["/a"], file("/own/a"), None]
)
def test_what_is_no_file_from_elsewhere_is_not_noted(value: Any) -> None:  # TR-1 TR-2
    lending = Lending()
    lending.show("1.value", value, "/own/")
    assert not lending and "/a" not in lending


def test_ten_thousand_files_shown_one_after_the_other(comms: list[FakeComm], tmp_path: Path) -> None:  # TR-2
    with gr.Blocks() as app:
        data = gr.JSON()
    host = app.host
    page = Page(host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    for number in range(10_000):
        host.display.shows(f"{data._id}.value", [file(f"/elsewhere/{number}")])
    assert "/elsewhere/9999" in host.display.lending and "/elsewhere/9998" not in host.display.lending
    assert largest(host) < 1_000


def test_a_session_of_many_pictures_keeps_no_growing_list(
    comms: list[FakeComm], monkeypatch: pytest.MonkeyPatch
) -> None:  # TR-2
    for module in (stored, elsewhere):
        monkeypatch.setattr(module, "RECENT", 50)
    with gr.Blocks() as app:
        picture, button, done = gr.Image(), gr.Button(), gr.Number(-1)

        def show(number: float) -> Any:
            import PIL.Image

            at = int(number) + 1
            return PIL.Image.new("RGB", (2, 2), (at % 256, at // 256, 0)), at

        button.click(show, done, [picture, done])
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    first: str | None = None
    for number in range(400):
        page.fire(button, "click")
        page.until(done, number)
        first = first or page.shown(picture)["path"]
        page.comm.sent.clear()
    assert largest(app.host) < 150
    assert first is not None and app.host.cache.holds(first)  # all can be had still


def largest(host: Any) -> int:
    """Entries of the largest container that an app holds, its page left out."""
    most, seen = 0, set[int]()
    waiting: deque[Any] = deque([host, cache._shared])
    while waiting:
        item = waiting.pop()
        if id(item) in seen or isinstance(
            item, (str, bytes, types.ModuleType, types.FunctionType, type, FakeComm)
        ):
            continue
        seen.add(id(item))
        if isinstance(item, (dict, list, tuple, set, frozenset, deque)):
            most = max(most, len(item))
            waiting.extend(item.values() if isinstance(item, dict) else item)
        elif type(item).__module__.startswith("nbblocks"):
            waiting.extend(vars(item).values() if hasattr(item, "__dict__") else ())
            if dataclasses.is_dataclass(item):
                waiting.extend(getattr(item, one.name, None) for one in dataclasses.fields(item))
    return most


# -- what a cache remembers


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileCache:
    monkeypatch.setattr(stored, "RECENT", 3)
    return FileCache(tmp_path / "cache")


def test_what_is_not_remembered_can_be_had_all_the_same(store: FileCache) -> None:  # TR-2
    paths = [store.save_bytes(str(number).encode(), "a.txt") for number in range(10)]
    assert len(store._stored._small) == 3
    assert all(store.holds(path) for path in paths)
    assert store.save_file(paths[0]) == paths[0] and store.save_bytes(b"1", "a.txt") == paths[1]


def test_what_a_handler_puts_beside_it_can_not(store: FileCache) -> None:  # TR-1 TR-2
    paths = [store.save_bytes(str(number).encode(), "a.txt") for number in range(10)]
    beside = Path(paths[0]).with_name("notes.txt")
    beside.write_text("mine")
    Path(store.root, "0" * 64).mkdir()
    (odd := Path(store.root, "0" * 64, "b.txt")).write_text("mine")
    (top := Path(store.root, "c.txt")).write_text("mine")
    Path(paths[1]).write_text("changed")
    assert not any(store.holds(path) for path in (beside, odd, top, paths[1]))
    assert store.holds(paths[0])


def test_large_files_are_remembered(store: FileCache, monkeypatch: pytest.MonkeyPatch) -> None:  # TR-2
    monkeypatch.setattr(stored, "SMALL", 4)
    monkeypatch.setattr(cache, "SMALL", 4)
    large = store.save_bytes(b"large", "a")
    for number in range(10):
        store.save_bytes(str(number).encode(), "a")
    monkeypatch.setattr(cache, "_digest", lambda *_: pytest.fail("a large file is not read again"))
    assert store.holds(large)


def test_the_last_use_of_what_is_forgotten_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # TR-2
    monkeypatch.setattr(stored, "RECENT", 1)
    times = iter([1_000.0, 2_000.0, 3_000.0, 3_000.0, 3_000.0])
    store = FileCache(tmp_path / "cache", lambda: next(times))
    path = store.save_bytes(b"1", "a")
    assert store.holds(path)
    store.save_bytes(b"2", "a")
    assert os.path.getmtime(path) == 2_000


def test_addresses_are_not_heaped_up(monkeypatch: pytest.MonkeyPatch) -> None:  # TR-2
    monkeypatch.setattr(elsewhere, "RECENT", 3)
    given = elsewhere.Elsewhere()
    for number in range(10):
        given.give_address(f"http://x/{number}")
    assert [number for number in range(10) if given.gave_address(f"http://x/{number}")] == [7, 8, 9]
