"""Uploads when messages are lost or forged: files come whole, and nobody waits for ever."""

from __future__ import annotations

import threading
import zlib
from pathlib import Path
from typing import Any

import pytest

from nbblocks.bridge import uploads
from nbblocks.bridge.messages import MAX_CHUNK
from nbblocks.bridge.portal import portal
from tests.shelf import CHUNK, DATA, Shelf
from tests.support import Page


@pytest.fixture
def given() -> bytes:
    return bytes(range(105))


def test_an_end_without_all_before_it_sends_the_page_back(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:  # CP-45
    shelf.begin()
    shelf.send(data=DATA[:CHUNK], crc=zlib.crc32(DATA))
    shelf.page.until_told("upload_ack", upload="u", received=CHUNK, again=True)
    shelf.send(start=CHUNK)
    record = shelf.page.until_told("upload_done", upload="u")["file"]
    assert Path(record["path"]).read_bytes() == DATA
    assert f"the end of 'a.txt' came after {CHUNK} of {len(DATA)} bytes" in caplog.text


def test_each_loss_sends_the_page_back_once(shelf: Shelf) -> None:  # CP-45
    shelf.begin(size=6)
    for offset in (1, 2, 0, 2, 3, 1):
        shelf.page.say("chunk", b"abcdef"[offset : offset + 1], upload="u", offset=offset)
    shelf.page.until_told("upload_ack", upload="u", received=2)
    assert [one["received"] for one in shelf.told("upload_ack") if one["again"]] == [0, 1]


def test_what_has_come_is_confirmed_once_it_is_written(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:  # CP-45
    let, write = threading.Event(), uploads._write
    monkeypatch.setattr(uploads, "_write", lambda *given: let.wait(5) and write(*given))
    shelf.begin(size=6)
    for offset in range(0, 4, 2):
        shelf.page.say("chunk", b"ab", upload="u", offset=offset)
    shelf.until_silent()
    assert not shelf.told("upload_ack")
    let.set()
    shelf.page.until_told("upload_ack", upload="u", received=4)


def test_an_acknowledgement_is_pushed_along_while_more_chunks_come(shelf: Shelf) -> None:  # D8
    shelf.begin("u")
    shelf.begin("v", size=MAX_CHUNK + CHUNK + 1)
    for name in ("u", "v"):
        shelf.page.say("chunk", DATA[:CHUNK], upload=name, offset=0)
        shelf.page.until_told("upload_ack", upload=name, received=CHUNK)
    shelf.until_silent()
    assert [one["type"] for one in shelf.page.comm.custom].count("filler") == 1


def test_what_has_ended_long_ago_is_forgotten(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:  # CP-45
    monkeypatch.setattr(uploads, "MAX_ENDED", 1)
    for name in ("u", "v"):
        shelf.begin(name, size=0)
        shelf.send(name, b"")
        shelf.page.until_told("upload_done", upload=name)
    shelf.page.say("upload_ask", upload="u")
    shelf.page.until_told("upload_unknown", upload="u")


@pytest.mark.parametrize("data", [DATA, b""])
def test_a_page_whose_end_was_lost_says_it_again(shelf: Shelf, data: bytes) -> None:  # CP-45
    shelf.begin(size=len(data))
    for offset in range(0, len(data), CHUNK):
        shelf.page.say("chunk", data[offset : offset + CHUNK], upload="u", offset=offset)
    shelf.page.say("upload_ask", upload="u")
    shelf.page.until_told("upload_ack", upload="u", received=len(data), again=True)
    shelf.page.say("upload_end", upload="u", crc=zlib.crc32(data))
    shelf.page.until_told("upload_done", upload="u")


def test_a_page_that_has_not_heard_how_its_upload_ended_may_ask(shelf: Shelf) -> None:  # CP-45
    shelf.begin("u", size=3)
    shelf.send("u", b"abc")
    shelf.begin("v", size=3)
    shelf.send("v", b"abc", crc=1)
    shelf.begin("w", node=shelf.text)
    for name, type in (("u", "upload_done"), ("v", "upload_failed"), ("w", "upload_failed")):
        first = shelf.page.until_told(type, upload=name)
        shelf.page.say("upload_ask", upload=name)
        shelf.page.comm.wait(lambda first=first: shelf.page.comm.custom.count(first) == 2)
    assert shelf.told("upload_unknown") == []


def test_an_end_that_comes_twice_changes_nothing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    let, write = threading.Event(), uploads._write
    monkeypatch.setattr(uploads, "_write", lambda *given: let.wait(5) and write(*given))
    shelf.begin(size=3)
    shelf.send(data=b"abc")
    shelf.page.say("upload_ask", upload="u")
    shelf.page.until_told("upload_ack", received=3, again=False)  # nothing is missing
    let.set()
    shelf.page.until_told("upload_done")


def test_a_small_file_that_is_shorter_than_it_says_is_refused(shelf: Shelf) -> None:  # CP-45
    fields = {"node": shelf.upload._id, "name": "a.txt", "size": 10, "crc": zlib.crc32(b"abc")}
    shelf.page.say("upload", b"abc", upload="u", **fields)
    shelf.fails("a.txt: only 3 of 10 bytes have come")


def test_a_page_that_falls_silent_is_not_waited_for(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:  # CP-45
    monkeypatch.setattr(uploads, "RESUME_PATIENCE", 0.05)
    shelf.begin()
    shelf.page.say("chunk", DATA[:CHUNK], upload="u", offset=0)
    shelf.fails("a.txt: it was cut off, and nobody has gone on with it")


def cut_off(shelf: Shelf, upload: str, **fields: Any) -> None:
    """Begin an upload in one page, close that, and open another."""
    shelf.begin(upload, **fields)
    shelf.page.say("chunk", DATA[:CHUNK], upload=upload, offset=0)
    shelf.page.until_told("upload_ack", upload=upload, received=CHUNK)
    shelf.page.say("bye")
    shelf.page = Page(shelf.page.comm, f"after {upload}")
    shelf.page.say("hello")


def test_what_begins_otherwise_is_another_file(shelf: Shelf) -> None:  # CP-45
    cut_off(shelf, "u")
    shelf.offers(1)
    shelf.begin("v", resume=CHUNK, crc=1)
    shelf.page.until_told("upload_ack", upload="v", received=0, again=True)
    shelf.begin("w", resume=CHUNK, crc=zlib.crc32(DATA[:CHUNK]))
    shelf.offers(0)
    shelf.send("w", start=CHUNK)
    shelf.page.until_told("upload_done", upload="w")
    shelf.page.say("upload_ask", upload="u")  # it goes by the other name now
    shelf.page.until_told("upload_unknown", upload="u")


def test_what_was_cut_off_gives_way_to_new_files(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:  # CP-45
    monkeypatch.setattr(uploads, "MAX_UPLOADS", 2)
    cut_off(shelf, "u")
    cut_off(shelf, "v", name="b.txt")
    shelf.begin("w", name="c.txt")
    assert "others have come" in shelf.page.until_told("upload_failed", upload="u")["message"]
    shelf.begin("x", name="d.txt")
    assert "others have come" in shelf.page.until_told("upload_failed", upload="v")["message"]
    shelf.begin("y", name="e.txt")
    assert "more than 2 files" in shelf.page.until_told("upload_failed", upload="y")["message"]
    shelf.send("w")
    shelf.page.until_told("upload_done", upload="w")


def test_half_written_parts_are_not_offered(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:  # CP-45
    let, written, write = threading.Event(), threading.Event(), uploads._write

    def slowly(incoming: Any, parts: Any) -> None:
        for part in parts:
            write(incoming, [part])
            written.set()
            if incoming.written < incoming.taken:
                assert let.wait(5)

    monkeypatch.setattr(uploads, "_write", slowly)
    opening, opened = uploads.Uploads._open, threading.Event()
    monkeypatch.setattr(uploads.Uploads, "_open", lambda *given: opened.wait(5) and opening(*given))
    shelf.begin(size=len(DATA) + 1)
    for offset in range(0, len(DATA), CHUNK):
        shelf.page.say("chunk", DATA[offset : offset + CHUNK], upload="u", offset=offset)
    shelf.rest()
    opened.set()
    assert written.wait(5)
    shelf.page.say("bye")
    shelf.rest()
    assert shelf.app.host.transfers.uploads.offers == []
    let.set()
    assert shelf.offers(1)[0]["received"] == len(DATA)


def test_a_whole_file_that_was_swept_comes_again(shelf: Shelf) -> None:  # CP-45 AP-18
    shelf.begin()
    shelf.send()
    path = Path(shelf.page.until_told("upload_done", upload="u")["file"]["path"])
    shelf.page.say("bye")
    shelf.page = Page(shelf.page.comm, "there")
    shelf.page.say("hello")
    shelf.offers(1)
    path.unlink()
    shelf.begin("v", resume=len(DATA))
    shelf.page.until_told("upload_ack", upload="v", received=0, again=True)
    shelf.send("v")
    shelf.page.until_told("upload_done", upload="v")
    assert path.read_bytes() == DATA


def test_a_disk_that_keeps_its_parts_ends_nothing_else(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:  # CP-45
    def stuck(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    with monkeypatch.context() as patch:
        patch.setattr(uploads.os, "unlink", stuck)
        shelf.begin(size=3)
        shelf.send(data=b"abc", crc=1)
        assert "the checksum differs" in shelf.page.until_told("upload_failed", upload="u")["message"]
    assert "the part of an upload cannot be removed" in caplog.text
    shelf.begin("v", size=3)
    shelf.send("v", b"abc")
    shelf.page.until_told("upload_done", upload="v")


def broken(*_: Any) -> None:
    raise RuntimeError("unheard of")


def test_an_unforeseen_error_ends_one_upload_alone(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:  # CP-45
    shelf.begin("v", size=3)
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "_write", broken)
        shelf.begin(size=3)
        shelf.send(data=b"abc")
        shelf.page.until_told("upload_failed", message="a.txt: RuntimeError('unheard of')")
    shelf.send("v", b"abc")
    shelf.page.until_told("upload_done", upload="v")


def test_a_page_that_was_taken_for_gone_keeps_its_upload(shelf: Shelf) -> None:  # CP-45
    shelf.begin()
    shelf.page.say("chunk", DATA[:CHUNK], upload="u", offset=0)
    shelf.page.say("bye")
    shelf.offers(1)
    shelf.page.say("upload_ask", upload="u")
    shelf.offers(0)
    shelf.page.say("bye")
    shelf.offers(1)
    shelf.send(start=CHUNK)
    shelf.offers(0)
    shelf.page.until_told("upload_done", upload="u")


def test_pages_have_their_own_uploads(shelf: Shelf) -> None:  # CP-45
    shelf.begin()
    shelf.page.say("chunk", DATA[:CHUNK], upload="u", offset=0)
    other = Page(shelf.page.comm, "there")
    other.say("hello")
    other.say("bye")
    other = Page(shelf.page.comm, "elsewhere")
    other.say("hello")
    shelf.page, first = other, shelf.page
    shelf.begin("v", resume=CHUNK)  # what the first page is sending is not to be taken over
    shelf.page.until_told("upload_ack", upload="v", received=0, again=True)
    assert shelf.app.host.transfers.uploads.offers == []
    other.say("chunk", DATA[CHUNK : CHUNK + 1], upload="u", offset=CHUNK)
    first.say("bye")
    shelf.page.until_told("upload_ack", upload="u", received=CHUNK + 1)
    while shelf.app.host.transfers.uploads._running["u"].written <= CHUNK:
        shelf.rest()
    shelf.rest()
    assert shelf.app.host.transfers.uploads.offers == []
    other.say("bye")  # who has sent the last of it
    assert shelf.offers(1)[0]["received"] == CHUNK + 1


def test_what_was_given_up_does_not_go_on(shelf: Shelf) -> None:  # CP-45
    cut_off(shelf, "u")
    shelf.offers(1)
    uploads = shelf.app.host.transfers.uploads
    (incoming,) = uploads._running.values()
    head: Any = {
        "type": "upload",
        "view": "there",
        "seq": 0,
        "upload": "v",
        "node": shelf.upload._id,
        "crc": 0,
    }
    head |= {"name": "a.txt", "size": len(DATA), "relative": "", "mime": "", "modified": 5, "resume": CHUNK}

    def at_once() -> None:
        uploads.settled(shelf.upload._id)
        uploads.begin(head)

    portal.hand(at_once)
    shelf.page.until_told("upload_failed", upload="u", message="a.txt: another file was chosen")
    shelf.page.until_told("upload_ack", upload="v", received=0, again=True)
    assert incoming.id == "u"


def test_too_much_after_the_end_is_dropped(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:  # CP-45
    let, write = threading.Event(), uploads._write
    monkeypatch.setattr(uploads, "_write", lambda *given: let.wait(5) and write(*given))
    shelf.begin(size=3)
    shelf.send(data=b"abc")
    shelf.page.say("chunk", b"d", upload="u", offset=3)
    shelf.page.say("upload_ask", upload="u")
    shelf.page.until_told("upload_ack", received=3, again=False)
    let.set()
    shelf.page.until_told("upload_done", upload="u")


def test_a_malformed_message_about_an_ended_upload_ends_nothing(shelf: Shelf) -> None:  # CP-45
    shelf.begin(size=3)
    shelf.send(data=b"abc")
    shelf.page.until_told("upload_done", upload="u")
    shelf.page.say("chunk", b"abc", upload="u", offset=-1)
    shelf.page.say("upload_ask", upload="u")
    shelf.told("upload_done", 2)
    assert shelf.told("upload_failed") == []


def test_what_another_component_was_given_stays(shelf: Shelf) -> None:  # CP-45
    uploads = shelf.app.host.transfers.uploads
    shelf.begin("v", name="b.txt")
    shelf.send("v")
    cut_off(shelf, "u")
    shelf.page.until_told("upload_done", upload="v")
    offers = shelf.offers(2)
    portal.hand(uploads.settled, shelf.download._id)
    shelf.rest()
    assert uploads.offers == offers
    portal.hand(uploads.settled, shelf.upload._id)
    shelf.offers(0)
    shelf.page.until_told("upload_failed", upload="u", message="a.txt: another file was chosen")
