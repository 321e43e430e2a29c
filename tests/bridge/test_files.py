from __future__ import annotations

import io
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from nbblocks.bridge import files
from nbblocks.bridge.cache import FileCache, active, shared
from nbblocks.core.errors import InvalidPathError, MessageError


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FileCache]:
    cache = FileCache(tmp_path / "cache")
    token = active.set(cache)
    yield cache
    active.reset(token)


def test_a_record_says_what_a_page_needs(store: FileCache) -> None:
    path = store.save_bytes(b"abc", "a.png")
    assert files.record_of(path) == {  # CP-3
        "path": path,
        "url": None,
        "size": 3,
        "orig_name": "a.png",
        "mime_type": "image/png",
        "is_stream": False,
        "meta": {"_type": "nbblocks.FileData"},
    }


def test_of_what_a_page_sends_only_path_and_name_are_read(store: FileCache) -> None:
    path = store.save_bytes(b"abc", "a.png")
    sent = {"path": path, "orig_name": "b.gif", "size": 10**9, "url": "http://evil", "data": b"x"}
    record = files.read_record(sent)
    assert (record["path"], record["orig_name"], record["size"], record["url"]) == (path, "b.gif", 3, None)
    assert "data" not in record


@pytest.mark.parametrize("raw", [None, 3, [], {}, {"path": None}, {"path": 3}, {"path": "x", "orig_name": 3}])
def test_what_is_no_record_is_refused(raw: Any) -> None:
    with pytest.raises(MessageError, match="expected a file record with a path"):
        files.read_record(raw)


def test_paths_out_of_the_cache_are_refused(store: FileCache, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    for path in (tmp_path / "a", Path(store.root) / ".." / "a", tmp_path, "", "\0"):
        with pytest.raises(InvalidPathError, match="neither uploaded to this app nor sent"):  # CP-12
            files.read_record({"path": str(path)})


def test_files_of_components_made_before_the_app_ran_are_held(store: FileCache) -> None:
    path = shared().save_bytes(b"abc", "early.txt")
    assert files.read_record({"path": path})["path"] == path


def test_a_path_has_a_name_as_an_open_file_has() -> None:
    path = files.FileValue("/tmp/a.txt")
    assert path == "/tmp/a.txt" and path.name == "/tmp/a.txt" and type(path.name) is str  # CP-40


@pytest.mark.parametrize(
    ("url", "kind", "name"),
    [
        ("https://example.org/a%20b.png?x=1", "image/png", "a b.png"),
        ("https://example.org/", "text/html", "file.html"),
        ("HTTP://example.org/cat", "image/webp", "cat.webp"),
    ],
)
def test_urls_are_fetched(
    store: FileCache, monkeypatch: pytest.MonkeyPatch, url: str, kind: str, name: str
) -> None:
    answer = Answer(b"abc", kind)
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: answer)
    record = files.store(url)
    assert Path(record["path"]).read_bytes() == b"abc" and store.holds(record["path"])  # CP-10, CP-41
    assert (record["orig_name"], record["url"]) == (name, url)


class Answer(io.BytesIO):
    """What urlopen returns."""

    def __init__(self, data: bytes, kind: str) -> None:
        super().__init__(data)
        self.headers = Message()
        self.headers["Content-Type"] = kind
