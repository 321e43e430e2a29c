"""Files to a page: permitted, whole, no faster than it takes them, and again where something was lost."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from nbblocks.bridge import downloads
from nbblocks.bridge.downloads import WINDOW
from tests.shelf import DATA, Shelf
from tests.support import FakeComm, Page


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
    end = shelf.page.until_told("download_end", download="d")
    assert end["crc"] == zlib.crc32(DATA)
    start = shelf.page.until_told("download_start", download="d")
    assert (start["name"], start["size"], start["view"]) == ("given.bin", len(DATA), "here")
    assert b"".join(chunks(shelf.page)) == DATA
    offsets = [one["offset"] for one in shelf.page.comm.custom if one["type"] == "download_chunk"]
    assert offsets == [0]


def test_no_more_is_sent_than_the_page_can_take(
    comms: list[FakeComm], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # D8
    monkeypatch.setattr(downloads, "CHUNK", 10)
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


def test_what_was_lost_is_sent_again(
    comms: list[FakeComm], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "CHUNK", 10)
    (tmp_path / "long").write_bytes(bytes(range(45)))
    shelf = Shelf(tmp_path / "long")
    ask(shelf, shelf.page.shown(shelf.download)["path"])
    shelf.page.until_told("download_end", download="d")
    shelf.page.say("ack", download="d", received=20, again=True)
    ends = lambda: [one for one in shelf.page.comm.custom if one["type"] == "download_end"]  # noqa: E731
    shelf.page.comm.wait(lambda: len(ends()) == 2)
    offsets = [one["offset"] for one in shelf.page.comm.custom if one["type"] == "download_chunk"]
    assert offsets == [0, 10, 20, 30, 40, 20, 30, 40]
    assert ends()[0]["crc"] == ends()[1]["crc"] == zlib.crc32(bytes(range(45)))
    shelf.page.say("ack", download="d", received=45)
    shelf.rest()
    shelf.page.say("ack", download="d", received=0, again=True)
    failed = shelf.page.until_told("download_failed", download="d")
    assert failed["message"] == "the kernel has given it up"


def test_a_cancelled_download_stops(
    comms: list[FakeComm], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "CHUNK", 10)
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


def test_a_click_makes_room_in_a_download(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # D8
    monkeypatch.setattr(downloads, "CHUNK", 100)
    monkeypatch.setattr(downloads, "WINDOW", 7)  # the last of them asks for no acknowledgement
    monkeypatch.setattr(downloads, "CHUNK_IN_USE", 10)
    path = shelf.page.shown(shelf.download)["path"]
    ask(shelf, path)
    shelf.page.comm.wait(lambda: len(chunks(shelf.page)) == 7)
    shelf.page.fire(shelf.download, "click")
    shelf.page.say("ack", download="d", received=100)
    shelf.page.until_told("download_ask", download="d")  # what is on its way is more than may be now
    assert len(chunks(shelf.page)) == 7
    shelf.page.say("ack", download="d", received=700)
    shelf.page.comm.wait(lambda: len(chunks(shelf.page)) == 9)
    assert [len(one) for one in chunks(shelf.page)[-2:]] == [10, 10]
