"""Downloads when messages are lost or forged: files come whole, and nobody waits for ever."""

from __future__ import annotations

import zlib
from typing import Any

import pytest

from nbblocks.bridge import downloads
from nbblocks.bridge.downloads import WINDOW
from nbblocks.bridge.portal import portal
from tests.shelf import Shelf
from tests.support import Page


@pytest.fixture
def given() -> bytes:
    return bytes(range(105))


def ask(shelf: Shelf, name: str = "d") -> None:
    path = shelf.page.shown(shelf.download)["path"]
    shelf.page.say("download", download=name, node=shelf.download._id, path=path)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "CHUNK", 10)


def test_a_page_that_has_not_heard_of_its_download_asks_once_more(shelf: Shelf, small: None) -> None:  # D8
    ask(shelf)
    shelf.told("download_chunk", WINDOW)
    shelf.page.say("ack", download="d", received=10)
    shelf.told("download_chunk", WINDOW + 1)
    ask(shelf)
    shelf.told("download_chunk", 2 * WINDOW + 1)
    offsets = [one["offset"] for one in shelf.told("download_chunk")]
    assert offsets == [*range(0, 10 * WINDOW + 10, 10), *range(0, 10 * WINDOW, 10)]
    assert len(shelf.told("download_start")) == 2
    shelf.page.say("ack", download="d", received=100)
    shelf.page.say("ack", download="d", received=80)
    assert shelf.page.until_told("download_end", download="d")["crc"] == zlib.crc32(bytes(range(105)))


def test_a_download_of_another_file_or_page_is_another(shelf: Shelf, small: None) -> None:  # CP-12
    ask(shelf)
    shelf.told("download_chunk", WINDOW)
    shelf.page = Page(shelf.page.comm, "there")
    ask(shelf)
    shelf.page.until_told("download_failed", download="d", message="this file cannot be had")
    assert len(shelf.told("download_start")) == 1


def test_a_page_whose_end_of_a_download_was_lost_gets_it_again(shelf: Shelf) -> None:  # D8
    ask(shelf)
    end = shelf.page.until_told("download_end", download="d")
    shelf.page.say("ack", download="d", received=105)
    while shelf.app.host.transfers.downloads._running:
        shelf.rest()
    shelf.page.say("ack", download="d", received=105, again=True)
    assert shelf.told("download_end", 2) == [end, end]


@pytest.mark.parametrize("again", [False, True])
def test_what_was_not_sent_cannot_have_come(
    shelf: Shelf, small: None, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:  # D8
    monkeypatch.setattr(downloads, "WINDOW", 2)
    ask(shelf)
    shelf.told("download_chunk", 2)
    shelf.page.say("ack", download="d", received=2**50, again=again)
    shelf.told("download_chunk", 4)
    ask(shelf, "e")
    shelf.told("download_chunk", 6)
    offsets = [one["offset"] for one in shelf.told("download_chunk") if one["download"] == "d"]
    assert offsets == [0, 10, 20, 30]


def test_half_a_chunk_makes_no_room(shelf: Shelf, small: None) -> None:  # D8
    ask(shelf)
    shelf.told("download_chunk", WINDOW)
    shelf.page.say("ack", download="d", received=9)
    ask(shelf, "e")  # goes as far as the other
    shelf.told("download_chunk", 2 * WINDOW)
    assert len([one for one in shelf.told("download_chunk") if one["download"] == "d"]) == WINDOW


def test_a_page_that_takes_no_more_is_not_waited_for(
    shelf: Shelf, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:  # D8
    monkeypatch.setattr(downloads, "PATIENCE", 0.05)
    ask(shelf)
    shelf.told("download_chunk", WINDOW)
    ask(shelf, "e")
    shelf.told("download_chunk", 2 * WINDOW)
    while shelf.app.host.transfers.downloads._running:
        shelf.rest()
    shelf.page.say("ack", download="d", received=20, again=True)
    shelf.page.until_told("download_failed", download="d", message="the kernel has given it up")


def broken(*_: Any) -> None:
    raise RuntimeError("unheard of")


def test_an_unforeseen_error_ends_one_download_alone(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:  # D8
    with monkeypatch.context() as patch:
        patch.setattr(downloads, "_read", broken)
        ask(shelf)
        shelf.page.until_told("download_failed", message="RuntimeError('unheard of')")
    ask(shelf, "e")
    shelf.page.until_told("download_end", download="e")


def test_half_a_window_is_confirmed_at_a_time(shelf: Shelf, small: None) -> None:  # D8
    ask(shelf)
    shelf.told("download_chunk", WINDOW)
    asked = [one["ack"] for one in shelf.told("download_chunk")]
    assert asked == ([False] * (WINDOW // 2 - 1) + [True]) * 2
    shelf.page.say("ack", download="d", received=10 * WINDOW)
    shelf.page.until_told("download_end", download="d")
    shelf.until_silent()
    assert shelf.told("download_ask") == []  # the end is confirmed in any case


def test_an_old_acknowledgement_takes_nothing_back(shelf: Shelf) -> None:  # D8
    ask(shelf)
    shelf.page.until_told("download_end", download="d")
    sending = shelf.app.host.transfers.downloads
    head: Any = {"type": "ack", "view": "here", "seq": 0, "download": "d", "again": False}

    def at_once() -> None:
        for received in (105, 80):
            sending.ack({**head, "received": received})

    portal.hand(at_once)
    for _ in range(50):  # turns of the loop
        shelf.rest()
    assert sending._running == {}


def test_a_page_that_goes_ends_its_own_downloads_alone(shelf: Shelf, small: None) -> None:  # D8
    ask(shelf)
    shelf.told("download_chunk", WINDOW)
    other = Page(shelf.page.comm, "there")
    other.say("hello")
    other.say("bye")
    shelf.page.say("ack", download="d", received=10 * WINDOW)
    shelf.page.until_told("download_end", download="d")


def test_what_was_done_before_a_download_does_not_slow_it(
    shelf: Shelf, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:  # D8
    monkeypatch.setattr(downloads, "CHUNK_IN_USE", 5)
    shelf.page.fire(shelf.download, "click")
    ask(shelf)
    assert shelf.told("download_chunk", 2)[1]["offset"] == 10


def finish(shelf: Shelf, name: str) -> None:
    """Take all of a download."""
    chunks = lambda: [one["offset"] for one in shelf.told("download_chunk") if one["download"] == name]  # noqa: E731
    shelf.page.comm.wait(lambda: len(chunks()) == WINDOW)
    shelf.page.say("ack", download=name, received=10 * WINDOW)
    shelf.page.until_told("download_end", download=name)
    shelf.page.say("ack", download=name, received=105)
    while shelf.app.host.transfers.downloads._running:
        shelf.rest()


def test_the_number_of_downloads_is_bounded(
    shelf: Shelf, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:  # D8
    monkeypatch.setattr(downloads, "MAX_DOWNLOADS", 1)
    monkeypatch.setattr(downloads, "MAX_ENDED", 1)
    ask(shelf, "d")
    shelf.told("download_chunk", WINDOW)
    ask(shelf, "e")
    shelf.page.until_told("download_failed", download="e", message="this file cannot be had")
    finish(shelf, "d")
    ask(shelf, "f")
    finish(shelf, "f")
    shelf.page.say("ack", download="d", received=105, again=True)  # ended before the last one
    shelf.page.until_told("download_failed", download="d", message="the kernel has given it up")
