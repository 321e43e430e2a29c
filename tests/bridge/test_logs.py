"""Output that waits for the page: bounded, and at a cost that goes by what is new."""

from __future__ import annotations

from nbblocks.bridge.logs import APART, ENTRY, Logs


def test_what_is_left_out_is_counted() -> None:  # TR-24
    logs = Logs(1000)
    for number in range(3000):
        logs.add("stdout", f"{number % 10}", 1, 7)
    (log,) = logs.take()
    note, kept = log["text"].split("\n")
    assert note == f"… {3000 - len(kept):,} characters left out"
    assert 500 < len(kept) <= 1000 and kept.endswith("9")
    assert logs.take() == []


def test_one_large_piece_is_cut_at_its_start() -> None:  # TR-24
    logs = Logs(10_000)
    logs.add("stdout", "a" * 50_000 + "end", 1, 7)
    logs.add("stdout", "!", 1, 7)
    (log,) = logs.take()
    note, kept = log["text"].split("\n")
    assert note == f"… {50_004 - len(kept):,} characters left out" and kept.endswith("end!")


def test_a_million_pieces_never_take_more_room_than_allowed() -> None:  # TR-24
    logs = Logs(200_000)
    most = 0
    for _ in range(1_000_000):
        logs.add("stdout", "x", 1, 7)
        most = max(most, logs._size)
    assert most <= 200_001
    (log,) = logs.take()
    assert log["text"].startswith("… 8")


def test_streams_in_turn_are_bounded_and_travel_in_few_messages() -> None:  # TR-24
    logs = Logs(ENTRY * 100)
    for number in range(5000):
        logs.add("stdout" if number % 2 else "stderr", f"{number}\n", 1, 7)
    told = logs.take()
    assert len(told) == APART
    entries = [entry for one in told for entry in (one, *one.get("more", ()))]
    assert len(entries) < 100 and entries[-1]["text"] == "4999\n"
    assert "characters left out" in entries[0]["text"]


def test_displays_that_follow_fast_are_updated_in_place() -> None:  # TR-23
    logs = Logs()
    logs.show({"form": "text/html", "value": "0", "display_id": "a"}, 1, 1, 7)
    for number in range(1, 100):
        logs.show({"form": "text/html", "value": f"{number}", "display_id": "a", "update": True}, 2, 1, 7)
    (log,) = logs.take()
    assert (log["value"], log["update"]) == ("99", False)


def test_large_displays_are_bounded_and_counted() -> None:  # TR-24
    logs = Logs(1000, 1000)
    for number in range(10):
        logs.show({"form": "image/png", "value": f"{number}"}, 400, 1, 7)
    told = logs.take()
    assert [one.get("value") for one in told] == [None, "8", "9"]
    assert told[0]["text"] == "… 8 displays left out\n"


def test_what_is_cleared_is_not_sent() -> None:  # TR-23
    logs = Logs()
    logs.add("stdout", "a", 1, 7)
    logs.add("stdout", "b", 1, 8)
    logs.clear(1, 7, wait=False)
    logs.add("stdout", "c", 1, 7)
    assert [(one["stream"], one["text"]) for one in logs.take()] == [
        ("stdout", "b"),
        ("clear", ""),
        ("stdout", "c"),
    ]
