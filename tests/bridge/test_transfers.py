"""Files between page and kernel: whole, in order, permitted, and none left behind."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.bridge import transfers
from nbblocks.bridge.portal import portal
from nbblocks.bridge.transfers import CHUNK, WINDOW
from tests.support import FakeComm, Page

DATA = bytes(range(256)) * 4096  # two chunks


class Shelf:
    """An app that takes a file and gives one, and a page that looks at it."""

    def __init__(self, given: Path, **options: Any) -> None:
        with gr.Blocks() as self.app:
            self.upload = gr.UploadButton()
            self.size = gr.Number()
            self.text = gr.Textbox()
            self.download = gr.DownloadButton(value=str(given))
            self.upload.upload(lambda path: Path(path).stat().st_size, self.upload, self.size)
        if options:
            self.app.launch(inline=False, **options)
        self.page = Page(self.app.host.show().comm)  # pyright: ignore[reportArgumentType]
        self.page.say("hello")

    def begin(self, upload: str = "u", size: int = len(DATA), node: Any = None, **fields: Any) -> None:
        fields = {"name": "a.txt", "size": size, "mime": "text/plain", "relative": "", **fields}
        self.page.say("upload", upload=upload, node=(node or self.upload)._id, **fields)

    def send(self, name: str = "u", data: bytes = DATA, sha256: str = "") -> None:
        for offset in range(0, len(data), CHUNK):
            self.page.say("chunk", data[offset : offset + CHUNK], upload=name, offset=offset)
        self.page.say("upload_end", upload=name, sha256=sha256)

    def fails(self, why: str, name: str = "u") -> None:
        """Check that the page is told why, and that nothing is left of the file."""
        told = self.page.until_told("upload_failed", upload=name)
        assert why in told["message"]
        done = threading.Event()
        assert portal.hand(done.set) and done.wait(5)
        assert self.stored() == []

    def stored(self) -> list[Path]:
        return [path for path in Path(self.app.host.cache.root).rglob("*") if path.is_file()]


@pytest.fixture
def shelf(comms: list[FakeComm], tmp_path: Path) -> Iterator[Shelf]:
    given = tmp_path / "given.bin"
    given.write_bytes(DATA)
    yield Shelf(given)


# -- uploads


def test_an_upload_arrives_whole_and_a_handler_gets_its_path(shelf: Shelf) -> None:  # CP-11 CP-45
    shelf.begin()
    shelf.send(sha256=hashlib.sha256(DATA).hexdigest())
    record = shelf.page.until_told("upload_done", upload="u")["file"]
    assert (record["orig_name"], record["size"], record["mime_type"]) == ("a.txt", len(DATA), "text/plain")
    path = Path(record["path"])
    assert path.is_absolute() and path.name == "a.txt" and path.read_bytes() == DATA
    acks = [one["received"] for one in shelf.page.comm.custom if one["type"] == "upload_ack"]
    assert acks == [CHUNK, len(DATA)]
    shelf.page.fire(shelf.upload, "upload", values=[(shelf.upload, record)])
    shelf.page.until(shelf.size, len(DATA))
    assert shelf.stored() == [path]


def test_an_empty_file_arrives(shelf: Shelf) -> None:
    shelf.begin(size=0)
    shelf.send(data=b"")
    record = shelf.page.until_told("upload_done")["file"]
    assert Path(record["path"]).read_bytes() == b""


def test_several_uploads_may_be_under_way(shelf: Shelf) -> None:
    for name in ("a", "b"):
        shelf.begin(name, size=6)
    for offset, part in ((0, b"abc"), (3, b"def")):
        for name in ("a", "b"):
            shelf.page.say("chunk", part.upper() if name == "b" else part, upload=name, offset=offset)
    for name, content in (("a", b"abcdef"), ("b", b"ABCDEF")):
        shelf.page.say("upload_end", upload=name)
        record = shelf.page.until_told("upload_done", upload=name)["file"]
        assert Path(record["path"]).read_bytes() == content


def test_a_file_of_a_directory_keeps_its_base_name(shelf: Shelf) -> None:  # CP-11
    shelf.begin(size=1, relative="../../etc/b.txt")
    shelf.send(data=b"x")
    path = Path(shelf.page.until_told("upload_done")["file"]["path"])
    assert path.name == "b.txt" and shelf.app.host.cache.holds(path)


def test_a_chunk_at_the_wrong_place_ends_the_upload(shelf: Shelf) -> None:  # CP-45
    shelf.begin()
    shelf.page.say("chunk", b"abc", upload="u", offset=3)
    shelf.fails("a chunk of 3 bytes at 3, expected at 0")


def test_more_than_was_announced_ends_the_upload(shelf: Shelf) -> None:  # CP-45
    shelf.begin(size=2)
    shelf.page.say("chunk", b"abc", upload="u", offset=0)
    shelf.fails("expected at 0 of 2")


def test_less_than_was_announced_ends_the_upload(shelf: Shelf) -> None:  # CP-45
    shelf.begin(size=4)
    shelf.send(data=b"abc")
    shelf.fails("3 of 4 bytes have come")


def test_a_damaged_file_is_refused(shelf: Shelf) -> None:
    shelf.begin(size=3)
    shelf.send(data=b"abc", sha256="0" * 64)
    shelf.fails("the checksum differs")


def test_a_cancelled_upload_leaves_nothing(shelf: Shelf) -> None:  # CP-45
    shelf.begin()
    shelf.page.say("chunk", DATA[:CHUNK], upload="u", offset=0)
    shelf.page.until_told("upload_ack", received=CHUNK)
    shelf.page.say("upload_cancel", upload="u")
    shelf.fails("the upload was cancelled")


def test_an_upload_of_a_page_that_went_leaves_nothing(shelf: Shelf) -> None:  # CP-45
    shelf.begin()
    shelf.page.say("chunk", DATA[:CHUNK], upload="u", offset=0)
    shelf.page.until_told("upload_ack", received=CHUNK)
    shelf.page.say("bye")
    shelf.fails("the page was closed")


def test_chunks_of_no_upload_are_refused(shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    shelf.page.say("chunk", b"abc", upload="x", offset=0)
    shelf.page.say("upload_end", upload="x")
    shelf.page.say("upload_cancel", upload="x")
    shelf.begin(size=1)
    shelf.begin(size=1)
    shelf.send(data=b"x")
    shelf.page.until_told("upload_done", upload="u")
    assert "a chunk for the unknown upload 'x'" in caplog.text
    assert "the end of the unknown upload 'x'" in caplog.text
    assert "the upload 'u' is under way already" in caplog.text


def test_components_that_take_no_files_get_none(shelf: Shelf) -> None:
    shelf.begin(node=shelf.text)
    shelf.fails("a textbox takes no files")
    shelf.begin("v", node=shelf.app)
    shelf.fails("names no component of this app", "v")


def test_the_number_of_uploads_is_bounded(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfers, "MAX_TRANSFERS", 2)
    for name in ("a", "b", "c"):
        shelf.begin(name)
    assert "more than 2 uploads" in shelf.page.until_told("upload_failed", upload="c")["message"]


@pytest.mark.parametrize("limit", [4, "4b", "0.004kb"])
def test_larger_files_than_the_app_takes_are_refused(
    comms: list[FakeComm], tmp_path: Path, limit: Any
) -> None:  # CP-13
    (tmp_path / "f").write_bytes(b"")
    shelf = Shelf(tmp_path / "f", max_file_size=limit)
    shelf.begin(size=5)
    shelf.fails("'a.txt' is larger than the allowed 4 bytes")
    shelf.begin("v", size=4)
    shelf.send("v", b"abcd")
    shelf.page.until_told("upload_done", upload="v")


def test_the_end_of_the_app_ends_its_transfers(shelf: Shelf) -> None:  # AP-39
    shelf.begin()
    shelf.page.say("chunk", DATA[:CHUNK], upload="u", offset=0)
    shelf.page.until_told("upload_ack", received=CHUNK)
    shelf.app.close(verbose=False)
    assert not Path(shelf.app.host.cache.root).exists() or shelf.stored() == []


# -- downloads


def chunks(page: Page) -> list[bytes]:
    return [
        bytes(buffers[0])
        for data, buffers in page.comm.sent
        if data.get("content", {}).get("type") == "download_chunk"
    ]


def ask(shelf: Shelf, path: str, name: str = "d") -> None:
    shelf.page.say("download", download=name, node=shelf.download._id, path=path)


def test_a_file_that_the_page_was_shown_can_be_had(shelf: Shelf) -> None:  # CP-12
    ask(shelf, shelf.page.shown(shelf.download)["path"])
    shelf.page.until_told("download_end", download="d")
    start = shelf.page.until_told("download_start", download="d")
    assert (start["name"], start["size"], start["view"]) == ("given.bin", len(DATA), "here")
    assert b"".join(chunks(shelf.page)) == DATA
    offsets = [one["offset"] for one in shelf.page.comm.custom if one["type"] == "download_chunk"]
    assert offsets == [0, CHUNK]


def test_no_more_is_sent_than_the_page_can_take(
    comms: list[FakeComm], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # D8
    monkeypatch.setattr(transfers, "CHUNK", 10)
    (tmp_path / "long").write_bytes(b"x" * 105)
    shelf = Shelf(tmp_path / "long")
    ask(shelf, shelf.page.shown(shelf.download)["path"])
    shelf.page.comm.wait(lambda: len(chunks(shelf.page)) == WINDOW)
    shelf.page.say("ack", download="d", received=5)  # half a chunk makes no room
    shelf.page.say("ack", download="d", received=20)
    shelf.page.comm.wait(lambda: len(chunks(shelf.page)) == WINDOW + 2)
    assert len([one for one in shelf.page.comm.custom if one["type"] == "download_end"]) == 0
    shelf.page.say("ack", download="d", received=100)
    shelf.page.until_told("download_end", download="d")
    assert b"".join(chunks(shelf.page)) == b"x" * 105


def test_a_cancelled_download_stops(
    comms: list[FakeComm], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers, "CHUNK", 10)
    (tmp_path / "long").write_bytes(b"x" * 200)
    shelf = Shelf(tmp_path / "long")
    path = shelf.page.shown(shelf.download)["path"]
    ask(shelf, path)
    shelf.page.comm.wait(lambda: len(chunks(shelf.page)) == WINDOW)
    shelf.page.say("download_cancel", download="d")
    ask(shelf, path, "e")
    shelf.page.comm.wait(lambda: len(chunks(shelf.page)) == 2 * WINDOW)
    shelf.page.say("bye")  # a page that went wants no more of it
    assert len(chunks(shelf.page)) == 2 * WINDOW


@pytest.mark.parametrize("path", ["/etc/passwd", "", "..", "\0"])
def test_a_path_that_the_page_was_not_shown_is_refused(
    shelf: Shelf, path: str, caplog: pytest.LogCaptureFixture
) -> None:  # CP-12
    ask(shelf, path)
    failed = shelf.page.until_told("download_failed", download="d")
    assert failed["message"] == "this file cannot be had"
    assert "a page asked for the file" in caplog.text and chunks(shelf.page) == []


def test_a_file_that_has_gone_is_told_of(shelf: Shelf) -> None:
    path = Path(shelf.page.shown(shelf.download)["path"])
    path.unlink()
    ask(shelf, str(path))
    assert "No such file" in shelf.page.until_told("download_failed", download="d")["message"]


def test_an_allowed_directory_is_open_to_the_page(comms: list[FakeComm], tmp_path: Path) -> None:  # AP-35
    (tmp_path / "other").write_bytes(b"abc")
    shelf = Shelf(tmp_path / "other", allowed_paths=[str(tmp_path)])
    ask(shelf, str(tmp_path / "other"))
    shelf.page.until_told("download_end", download="d")
    assert chunks(shelf.page) == [b"abc"]


def test_pages_may_not_name_paths_in_values(
    shelf: Shelf, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:  # CP-12
    secret = tmp_path / "secret"
    secret.write_text("x")
    shelf.page.fire(shelf.upload, "upload", values=[(shelf.upload, {"path": str(secret)})])
    shelf.page.enter(shelf.upload, {"path": str(secret)})
    shelf.begin(size=0)
    shelf.send(data=b"")
    shelf.page.until_told("upload_done")
    assert "was neither uploaded to this app nor sent to its page" in caplog.text
    assert shelf.upload.value is None
