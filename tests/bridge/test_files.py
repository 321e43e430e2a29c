from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nbblocks.bridge import files
from nbblocks.bridge.cache import FileCache, active, shared
from nbblocks.core.errors import InvalidPathError, MessageError
from nbblocks.core.filedata import FileData


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


def test_a_name_from_a_page_is_made_safe(store: FileCache) -> None:  # CP-11 CP-12
    path = store.save_bytes(b"abc", "a.txt")

    def named(name: str) -> str | None:
        return files.read_record({"path": path, "orig_name": name})["orig_name"]

    assert named("folder/sub/a.txt") == "folder/sub/a.txt"
    assert named("../x") == named("/etc/x") == named("..\\x") == named("C:\\x") == "x"
    assert named("photo\u202egpj.exe") == "photogpj.exe"
    assert named("") == "a.txt" and named("..") == "file"
    assert named("\ud800" * 10**6) == "file" and len(str(named("a/" * 10**5 + "b" * 10**5)).encode()) < 10**4


@pytest.mark.parametrize("path", ["\ud800", "x" * 10**6, "../" * 1000 + "etc/passwd", "a\0b", "."])
def test_paths_that_nobody_means_are_refused(store: FileCache, path: str) -> None:  # CP-12
    with pytest.raises(InvalidPathError, match="neither uploaded to this app nor sent") as caught:
        files.read_record({"path": path})
    assert len(str(caught.value)) < 250


def test_a_file_that_was_swept_is_refused(store: FileCache) -> None:  # CP-12 AP-18
    path = store.save_bytes(b"abc", "a.txt")
    assert store.sweep(-1) == 1
    with pytest.raises(InvalidPathError, match="or it was deleted"):
        files.read_record({"path": path})


def test_records_are_found_however_deep_they_lie() -> None:  # CP-12
    value: Any = {"a": FileData(path="x"), "b": {"path": "y", "meta": {"_type": "x"}}}  # TR-1
    for _ in range(50_000):
        value = [{"a": value}]
    assert list(files.paths_in(value)) == ["x"]
    while isinstance(value, list):  # the interpreter takes it apart step by step, too
        value = value[0]["a"]


@pytest.mark.parametrize(
    ("name", "mime_type"),
    [
        *(
            ("a.png", "image/png"),
            ("A.JPG", "image/jpeg"),
            ("a.webp", "image/webp"),
            ("a.avif", "image/avif"),
        ),
        *(("a.svg", "image/svg+xml"), ("a.heic", "image/heic"), ("a.gif", "image/gif")),
        *(("a.mp4", "video/mp4"), ("a.mkv", "video/x-matroska"), ("a.webm", "video/webm")),
        *(
            ("a.mov", "video/quicktime"),
            ("a.flac", "audio/flac"),
            ("a.opus", "audio/ogg"),
            ("a.mp3", "audio/mpeg"),
        ),
        *(("a.wav", "audio/wav"), ("a.m4a", "audio/mp4"), ("a.ogg", "audio/ogg")),
        *(("a.md", "text/markdown"), ("a.csv", "text/csv"), ("a.txt", "text/plain"), ("a.log", "text/plain")),
        *(
            ("a.py", "text/x-python"),
            ("a.html", "text/html"),
            ("a.js", "text/javascript"),
            ("a.vtt", "text/vtt"),
        ),
        *(
            ("a.json", "application/json"),
            ("a.ipynb", "application/x-ipynb+json"),
            ("a.wasm", "application/wasm"),
        ),
        *(("a.parquet", "application/vnd.apache.parquet"), ("a.pdf", "application/pdf")),
        *(("a.zip", "application/zip"), ("a.tar.gz", "application/gzip"), ("a.csv.gz", "application/gzip")),
        *(("a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),),
        *(("a", None), (".png", None), ("", None), ("a.unheard-of", None), ("data:text/html,x", None)),
    ],
)
def test_types_go_by_the_suffix_on_any_machine(
    monkeypatch: pytest.MonkeyPatch, name: str, mime_type: str | None
) -> None:  # CP-3
    monkeypatch.setattr("mimetypes.guess_type", lambda *_, **__: (None, None))  # a bare machine
    assert files.mime_type_of(name) == mime_type


def test_types_that_a_user_has_added_are_known(monkeypatch: pytest.MonkeyPatch) -> None:  # CP-3
    import mimetypes

    monkeypatch.setattr(mimetypes, "_db", mimetypes.MimeTypes())
    mimetypes.add_type("chemical/x-thing", ".thing")
    assert files.mime_type_of("a.thing") == "chemical/x-thing"


@pytest.mark.parametrize(
    ("name", "file_types", "fits"),
    [
        ("a.md", ["text"], True),
        ("a.flac", ["audio"], True),
        ("a.PNG", ["image"], True),
        ("a.png", ["image/*"], True),
        ("a.pdf", ["application/pdf"], True),
        ("a.pdf", ["image", ".PDF"], True),
        ("a.pdf", ["image", "text/plain"], False),
        ("a.unheard-of", ["image"], False),
        ("a.unheard-of", ["file"], True),
        ("a.unheard-of", None, True),
    ],
)
def test_kinds_of_files(name: str, file_types: list[str] | None, fits: bool) -> None:  # CP-42
    assert files.fits(name, file_types) is fits
