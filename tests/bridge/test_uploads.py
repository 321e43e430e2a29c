"""Files from a page: whole, in order, taken up again after a break, and no part of any left behind."""

from __future__ import annotations

import errno
import zlib
from pathlib import Path
from typing import Any

import pytest

from nbblocks.bridge import uploads
from tests.shelf import CHUNK, DATA, Shelf
from tests.support import FakeComm, Page


def test_an_upload_arrives_whole_and_a_handler_gets_its_path(shelf: Shelf) -> None:  # CP-11 CP-45
    shelf.begin()
    shelf.send()
    record = shelf.page.until_told("upload_done", upload="u")["file"]
    assert (record["orig_name"], record["size"], record["mime_type"]) == ("a.txt", len(DATA), "text/plain")
    path = Path(record["path"])
    assert path.is_absolute() and path.name == "a.txt" and path.read_bytes() == DATA
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
        shelf.page.say("upload_end", upload=name, crc=zlib.crc32(content))
        record = shelf.page.until_told("upload_done", upload=name)["file"]
        assert Path(record["path"]).read_bytes() == content


def test_a_file_of_a_directory_keeps_its_base_name(shelf: Shelf) -> None:  # CP-11
    shelf.begin(size=1, relative="../../etc/b.txt")
    shelf.send(data=b"x")
    path = Path(shelf.page.until_told("upload_done")["file"]["path"])
    assert path.name == "b.txt" and shelf.app.host.cache.holds(path)


def test_a_chunk_that_comes_too_early_is_asked_for_again(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:  # CP-45
    shelf.begin()
    for _ in range(2):  # whatever followed the lost one is still coming
        shelf.page.say("chunk", DATA[CHUNK:], upload="u", offset=CHUNK)
    shelf.page.say("upload_end", upload="u", crc=0)
    shelf.page.until_told("upload_ack", upload="u", received=0, again=True)
    shelf.send()
    record = shelf.page.until_told("upload_done", upload="u")["file"]
    assert Path(record["path"]).read_bytes() == DATA
    assert [one for one in shelf.page.comm.custom if one.get("again")] == [
        {"type": "upload_ack", "upload": "u", "received": 0, "again": True}
    ]
    assert f"a part of 'a.txt' came at {CHUNK} where 0 was expected" in caplog.text


def test_a_chunk_that_comes_twice_is_dropped(shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:  # CP-45
    shelf.begin()
    shelf.page.say("chunk", DATA[:CHUNK], upload="u", offset=0)
    shelf.page.say("chunk", b"x" * CHUNK, upload="u", offset=0)
    shelf.send(start=CHUNK)
    record = shelf.page.until_told("upload_done", upload="u")["file"]
    assert Path(record["path"]).read_bytes() == DATA
    assert "a part of 'a.txt' at 0 came twice: dropped" in caplog.text


def test_what_comes_after_the_end_is_dropped(shelf: Shelf) -> None:  # CP-45
    shelf.begin(size=3)
    shelf.send(data=b"abc")
    record = shelf.page.until_told("upload_done", upload="u")["file"]
    shelf.page.say("chunk", b"d", upload="u", offset=3)
    shelf.page.say("upload_end", upload="u", crc=0)
    shelf.rest()
    assert shelf.stored() == [Path(record["path"])]
    assert Path(record["path"]).read_bytes() == b"abc"


def test_more_than_was_announced_ends_the_upload(shelf: Shelf) -> None:  # CP-45
    shelf.begin(size=2)
    shelf.page.say("chunk", b"abc", upload="u", offset=0)
    shelf.fails("a.txt: more than the 2 bytes that were announced have come")
    shelf.begin("v", size=2)  # the component can be used as before
    shelf.send("v", b"ab")
    shelf.page.until_told("upload_done", upload="v")


def test_more_than_can_be_written_ends_the_upload(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:  # CP-45
    monkeypatch.setattr(uploads, "MAX_WAITING", CHUNK - 1)
    shelf.begin()
    shelf.page.say("chunk", DATA[:CHUNK], upload="u", offset=0)
    shelf.fails("its parts come faster than they can be written")


def test_a_small_file_comes_with_its_announcement(shelf: Shelf) -> None:  # CP-11
    shelf.page.say(
        "upload", b"abc", upload="u", node=shelf.upload._id, name="a.txt", size=3, crc=zlib.crc32(b"abc")
    )
    record = shelf.page.until_told("upload_done", upload="u")["file"]
    assert Path(record["path"]).read_bytes() == b"abc"
    shelf.page.say("upload", b"abcd", upload="v", node=shelf.upload._id, name="b.txt", size=3)
    failed = shelf.page.until_told("upload_failed", upload="v")
    assert "b.txt: more than the 3 bytes" in failed["message"]


@pytest.mark.parametrize("size", [2**63, -1, 1.5, "5", True, None])
def test_an_impossible_size_is_told_of(shelf: Shelf, size: Any) -> None:  # CP-45
    shelf.begin(size=size)
    shelf.fails("size of the message 'upload' must be an integer from 0 to 2**53")


def test_a_malformed_message_ends_its_upload_alone(shelf: Shelf) -> None:  # CP-45
    shelf.begin("a", size=3)
    shelf.begin("b", size=3)
    shelf.page.say("chunk", b"abc", upload="a", offset=-1)
    assert "offset of the message 'chunk'" in shelf.page.until_told("upload_failed", upload="a")["message"]
    shelf.send("b", b"abc")
    shelf.page.until_told("upload_done", upload="b")


def test_a_file_without_room_on_the_disk_is_refused_at_once(shelf: Shelf) -> None:  # CP-45
    shelf.begin(size=2**52)
    shelf.fails(f"a.txt: there is no room for its {2**52} bytes, only for ")


def test_a_disk_that_runs_full_ends_the_upload(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:  # CP-45
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploads, "_write", full)
    shelf.begin()
    shelf.page.say("chunk", DATA[:CHUNK], upload="u", offset=0)
    shelf.fails("a.txt: [Errno 28] No space left on device")


def test_a_damaged_file_is_refused(shelf: Shelf) -> None:  # CP-45
    shelf.begin(size=3)
    shelf.send(data=b"abc", crc=1)
    shelf.fails("a.txt: the checksum differs")


def test_a_cancelled_upload_leaves_nothing(shelf: Shelf) -> None:  # CP-45
    shelf.begin()
    shelf.page.say("chunk", DATA[:CHUNK], upload="u", offset=0)
    shelf.page.until_told("upload_ack", received=CHUNK)
    shelf.page.say("upload_cancel", upload="u")
    shelf.fails("a.txt: it was cancelled")
    assert not shelf.app.host.cache._parts  # pyright: ignore[reportPrivateUsage]


def cut_off(shelf: Shelf, **fields: Any) -> Page:
    """Begin an upload in one page, close that, and open another."""
    shelf.begin(**fields)
    shelf.page.say("chunk", DATA[:CHUNK], upload="u", offset=0)
    shelf.page.until_told("upload_ack", received=CHUNK)
    shelf.page.say("bye")
    shelf.page = Page(shelf.page.comm, "there")
    shelf.page.say("hello")
    return shelf.page


def test_an_upload_of_a_page_that_went_is_discarded_after_a_while(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:  # CP-45
    monkeypatch.setattr(uploads, "RESUME_PATIENCE", 0.05)
    cut_off(shelf)
    shelf.fails("a.txt: it was cut off, and nobody has gone on with it")
    shelf.offers(0)


def test_the_same_file_goes_on_where_it_was_cut_off(shelf: Shelf) -> None:  # CP-45
    cut_off(shelf)
    (offer,) = shelf.offers(1)
    same = {"name": "a.txt", "size": len(DATA), "modified": 5}
    received = {"received": CHUNK, "crc": zlib.crc32(DATA[:CHUNK])}
    assert offer == {"node": shelf.upload._id, **same, **received}
    assert shelf.app.host.page_state()["unfinished"] == [offer]  # what a page sees that opens now
    shelf.begin("v", resume=CHUNK)
    shelf.offers(0)
    shelf.send("v", start=CHUNK)
    record = shelf.page.until_told("upload_done", upload="v")["file"]
    assert Path(record["path"]).read_bytes() == DATA
    assert shelf.stored() == [Path(record["path"])]


def test_a_page_that_believes_more_to_be_here_begins_anew(shelf: Shelf) -> None:  # CP-45
    cut_off(shelf)
    shelf.offers(1)
    shelf.begin("v", resume=CHUNK + 1)
    shelf.page.until_told("upload_ack", upload="v", received=0, again=True)
    shelf.send("v")
    record = shelf.page.until_told("upload_done", upload="v")["file"]
    assert Path(record["path"]).read_bytes() == DATA


def test_a_part_is_of_no_use_once_another_file_was_chosen(shelf: Shelf) -> None:  # CP-45
    cut_off(shelf)
    shelf.offers(1)
    shelf.begin("v", name="b.txt", size=1)
    shelf.send("v", b"x")
    record = shelf.page.until_told("upload_done", upload="v")["file"]
    shelf.page.fire(shelf.upload, "upload", values=[(shelf.upload, record)])
    shelf.page.until_told("upload_failed", upload="u")
    shelf.page.until(shelf.size, 1)
    assert shelf.stored() == [Path(record["path"])]


def test_a_whole_file_of_a_choice_that_was_cut_off_need_not_come_again(shelf: Shelf) -> None:  # CP-45
    shelf.begin()
    shelf.send()
    record = shelf.page.until_told("upload_done", upload="u")["file"]
    shelf.page.say("bye")  # before it was told of the choice's other files
    shelf.page = Page(shelf.page.comm, "there")
    shelf.page.say("hello")
    assert shelf.offers(1)[0]["received"] == len(DATA)
    shelf.begin("v", resume=len(DATA))
    assert shelf.page.until_told("upload_done", upload="v")["file"] == record
    shelf.page.fire(shelf.upload, "upload", values=[(shelf.upload, record)])
    shelf.page.until(shelf.size, len(DATA))
    shelf.offers(0)


def test_a_page_whose_connection_was_lost_goes_on_by_itself(shelf: Shelf) -> None:  # CP-45
    shelf.begin()
    shelf.page.say("chunk", DATA[:CHUNK], upload="u", offset=0)
    shelf.page.until_told("upload_ack", received=CHUNK)
    shelf.page.say("upload_ask", upload="u")
    shelf.page.until_told("upload_ack", upload="u", received=CHUNK, again=True)
    shelf.send(start=CHUNK)
    shelf.page.until_told("upload_done", upload="u")


def test_a_page_is_told_that_its_upload_is_unknown(shelf: Shelf) -> None:  # CP-45
    shelf.page.say("upload_ask", upload="x")
    shelf.page.until_told("upload_unknown", upload="x")


def test_chunks_of_no_upload_are_refused(shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    shelf.page.say("chunk", b"abc", upload="x", offset=0)
    shelf.page.say("upload_end", upload="x", crc=0)
    shelf.page.say("upload_cancel", upload="x")
    shelf.begin(size=1)
    shelf.begin(size=1)
    shelf.send(data=b"x")
    shelf.page.until_told("upload_done", upload="u")
    assert "a chunk of the unknown upload 'x'" in caplog.text
    assert "the end of the unknown upload 'x'" in caplog.text
    assert "the upload 'u' is under way already" in caplog.text


def test_components_that_take_no_files_get_none(shelf: Shelf) -> None:
    shelf.begin(node=shelf.text)
    shelf.fails("a textbox takes no files")
    shelf.begin("v", node=shelf.app)
    shelf.fails("names no component of this app", "v")


def test_the_number_of_uploads_is_bounded(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_UPLOADS", 2)
    for name in ("a", "b", "c"):
        shelf.begin(name)
    assert "more than 2 files" in shelf.page.until_told("upload_failed", upload="c")["message"]


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


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "C:\\Windows\\win.ini",
        "a\0b.txt",
        "n" * 300 + ".txt",
        "ü" * 300,
        "CON",
        "nul.txt",
        "..",
        "",
        " ",
        "．．／a.txt",
        "a∕b⁄c.txt",
        "txt.\u202eexe.gpj",
    ],
)
def test_a_file_stays_in_the_cache_whatever_its_name(shelf: Shelf, name: str) -> None:  # CP-10 CP-11
    shelf.begin(name=name, size=3)
    shelf.send(data=b"abc")
    record = shelf.page.until_told("upload_done", upload="u")["file"]
    path = Path(record["path"])
    assert shelf.stored() == [path] and path.read_bytes() == b"abc"
    assert path.parent.parent == Path(shelf.app.host.cache.root)
    assert path.name.isprintable() and len(path.name.encode()) <= 200
    assert ".." not in Path(record["orig_name"]).parts


def test_two_files_of_one_name_stay_apart(shelf: Shelf) -> None:  # CP-10 CP-11
    found: dict[str, str] = {}
    for upload, data in (("u", b"abc"), ("v", b"xyz")):
        shelf.begin(upload, size=3)
        shelf.send(upload, data)
        found[upload] = shelf.page.until_told("upload_done", upload=upload)["file"]["path"]
    assert [Path(one).read_bytes() for one in found.values()] == [b"abc", b"xyz"]
    assert {Path(one).name for one in found.values()} == {"a.txt"}


def test_a_file_of_a_directory_keeps_the_way_to_it(shelf: Shelf) -> None:  # CP-34
    shelf.begin(size=1, name="b.txt", relative="folder/sub/b.txt")
    shelf.send(data=b"x")
    record = shelf.page.until_told("upload_done")["file"]
    assert record["orig_name"] == "folder/sub/b.txt" and Path(record["path"]).name == "b.txt"
