"""What goes to the pages: merged, in order, at a bounded rate."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from nbblocks.bridge.outbox import BURST, LOG_LIMIT, PATIENCE, UPDATES_PER_SECOND, Outbox, Writer
from nbblocks.components import Number, Textbox
from nbblocks.core.messages import Message, Stage, Status
from tests.support import ManualClock


class Sender:
    """An outbox whose writer is a clock: it sends when time has come to the outbox's due."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.updates: list[dict[str, Any]] = []
        self.times: list[float] = []
        self.customs: list[dict[str, Any]] = []
        self.outbox = Outbox(self._update, self._custom, self.clock, self)  # pyright: ignore[reportArgumentType]

    def wake(self, outbox: Outbox) -> None:
        assert outbox.due is not None
        self.clock.call_later(outbox.due - self.clock.now, self._send)

    def _send(self) -> None:
        if self.outbox.due is not None and self.outbox.due <= self.clock.now:
            self.outbox.flush()

    def _update(self, changes: dict[str, Any]) -> None:
        self.updates.append(changes)
        self.times.append(self.clock.now)

    def _custom(self, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        self.customs.append(content)

    def status(self, stage: Stage, listener: int = 1, run: int = 1) -> None:
        self.outbox.status(Status(listener, run, stage))


@pytest.fixture
def sender() -> Sender:
    return Sender()


def test_of_several_values_the_newest_is_sent(sender: Sender) -> None:  # D9
    box = Textbox()
    for text in ("a", "b", "c"):
        sender.outbox.deliver({box: {"value": text}})
    sender.clock.advance(0)
    assert sender.updates == [{f"{box._id}.value": "c"}]
    assert box.value == "c"


def test_a_step_and_its_status_are_one_update(sender: Sender) -> None:  # EV-323
    first, second = Textbox(), Number()
    sender.outbox.deliver({first: {"value": "a", "label": "A"}, second: {"value": 2}})
    sender.status("complete")
    sender.clock.advance(0)
    (update,) = sender.updates
    assert list(update) == [f"{first._id}.value", f"{first._id}.label", f"{second._id}.value", "run.1"]
    assert update["run.1"]["stage"] == "complete"


def test_after_a_quiet_time_nothing_waits(sender: Sender) -> None:
    box = Number()
    for number in range(int(BURST)):
        sender.outbox.deliver({box: {"value": number}})
        sender.clock.advance(0)
    assert len(sender.updates) == BURST


def test_in_the_long_run_updates_are_limited_and_the_last_value_arrives(sender: Sender) -> None:
    box = Number()
    for number in range(5000):
        sender.outbox.deliver({box: {"value": number}})
        sender.clock.advance(0.001)
    sender.clock.advance(1)
    assert 5 * UPDATES_PER_SECOND <= len(sender.updates) <= 5 * UPDATES_PER_SECOND + BURST + 2
    assert sender.updates[-1] == {f"{box._id}.value": 4999}
    late = [b - a for a, b in zip(sender.times[20:], sender.times[21:-1], strict=False)]
    assert max(late) < 1.5 / UPDATES_PER_SECOND  # evenly, not in bursts


def test_pending_waits_for_the_outputs_it_may_travel_with(sender: Sender) -> None:
    box = Textbox()
    sender.status("pending")
    sender.clock.advance(PATIENCE / 2)
    assert sender.updates == []
    sender.outbox.deliver({box: {"value": "done"}})
    sender.status("complete")
    sender.clock.advance(0)
    (update,) = sender.updates
    assert update["run.1"]["stage"] == "complete"
    sender.clock.advance(1)
    assert len(sender.updates) == 1


def test_pending_is_shown_if_nothing_follows_soon(sender: Sender) -> None:
    sender.status("pending")
    sender.clock.advance(PATIENCE)
    assert sender.updates[0]["run.1"]["stage"] == "pending"


def test_records_of_runs_that_have_not_completed_are_kept_for_new_pages(sender: Sender) -> None:
    sender.status("pending", listener=1)
    sender.status("error", listener=2)
    sender.status("complete", listener=3)
    assert sender.outbox.statuses.keys() == {"run.1", "run.2"}
    sender.status("complete", listener=1)
    assert sender.outbox.statuses.keys() == {"run.2"}


def test_custom_messages_keep_their_order_and_follow_the_update(sender: Sender) -> None:
    sender.outbox.custom({"n": 1})
    sender.outbox.custom({"n": 2})
    sender.outbox.state({"tree": []})
    sender.outbox.message(Message("info", "hello", "Info"))
    sender.outbox.message(Message("info", "unseen", "Info", visible=False))
    sender.clock.advance(0)
    assert sender.updates == [{"tree": []}]
    assert [one.get("n", one.get("message")) for one in sender.customs] == [1, 2, "hello"]
    assert sender.customs[-1]["type"] == "toast" and sender.customs[-1]["level"] == "info"


def test_pieces_of_one_stream_are_joined(sender: Sender) -> None:  # EV-81
    for piece in ("a", "b\n"):
        sender.outbox.log("stdout", piece, 1, 7)
    sender.outbox.log("stderr", "c", 1, 7)
    sender.outbox.log("stderr", "d", 1, 8)
    sender.outbox.log("error", "one", 1, 8)
    sender.outbox.log("error", "two", 1, 8)
    sender.clock.advance(PATIENCE)
    assert [(one["stream"], one["text"], one["run"]) for one in sender.customs] == [
        ("stdout", "ab\n", 7),
        ("stderr", "c", 7),
        ("stderr", "d", 8),
        ("error", "one", 8),
        ("error", "two", 8),
    ]


def test_of_a_flood_of_prints_the_end_is_sent_with_a_word_of_the_rest(sender: Sender) -> None:  # TR-24
    for _ in range(300):
        sender.outbox.log("stdout", "x" * 1000, 1, 7)
    sender.outbox.log("stdout", "end", 1, 7)
    sender.clock.advance(PATIENCE)
    (log,) = sender.customs
    note, kept = log["text"].split("\n", 1)
    assert LOG_LIMIT // 2 < len(kept) <= LOG_LIMIT and kept.endswith("xend")
    assert note == f"… {300_003 - len(kept):,} characters left out"


def test_an_observer_that_raises_stops_nothing(sender: Sender, caplog: pytest.LogCaptureFixture) -> None:
    bad, good = Textbox(), Textbox()

    def fail(change: Any) -> None:
        raise RuntimeError("an observer of mine")

    bad.observe(fail, "value")
    sender.outbox.deliver({bad: {"value": "x"}, good: {"value": "y"}})
    sender.clock.advance(0)
    assert sender.updates == [{f"{bad._id}.value": "x", f"{good._id}.value": "y"}]
    assert (bad.value, good.value) == ("x", "y")
    assert "an observer of mine" in caplog.text


def test_what_a_page_has_sent_is_not_sent_back(sender: Sender) -> None:  # D5
    box = Textbox("before")
    seen: list[str] = []
    box.observe(lambda change: seen.append(change["new"]), "value")
    sender.outbox.mirror_only({box: {"value": "typed"}})
    sender.clock.advance(PATIENCE)
    assert (sender.updates, sender.customs, seen) == ([], [], ["typed"])


def test_what_a_page_has_sent_replaces_an_older_value_on_its_way(sender: Sender) -> None:
    box = Textbox()
    sender.outbox.deliver({box: {"value": "old", "label": "L"}})
    sender.outbox.mirror_only({box: {"value": "typed"}})
    sender.clock.advance(PATIENCE)
    assert sender.updates == [{f"{box._id}.label": "L"}]
    assert box.value == "typed"


def test_a_block_that_is_new_to_the_page_is_sent_with_what_has_changed_since(sender: Sender) -> None:  # AP-65
    box, other = Textbox("old"), Textbox("old")
    sender.outbox.deliver({box: {"label": "old"}})
    sender.outbox.state({f"{one._id}.{name}": "new" for one in (box, other) for name in ("value", "label")})
    sender.outbox.deliver({box: {"value": "newest"}})
    sender.outbox.mirror_only({other: {"value": "typed"}})
    sender.clock.advance(1)
    (update,) = sender.updates
    assert update == {f"{box._id}.value": "newest", f"{box._id}.label": "new", f"{other._id}.label": "new"}


def test_a_value_that_cannot_be_shown_keeps_none_from_being_shown(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = Textbox(), Number()

    def fail(*_: Any) -> Any:
        raise RuntimeError("no page form")

    monkeypatch.setattr(bad, "page_prop", fail)
    sender.outbox.deliver({bad: {"value": "x"}, good: {"value": 1}})
    sender.clock.advance(0)
    assert sender.updates == [{f"{good._id}.value": 1}]
    assert "cannot show its value" in caplog.text


class Box:
    """What a writer knows of an outbox."""

    def __init__(self, fail: bool = False) -> None:
        self.due: float | None = 0.0
        self.sent = threading.Event()
        self.fail = fail

    def flush(self) -> None:
        self.due = None
        self.sent.set()
        if self.fail:
            raise RuntimeError("no way out")


def test_the_writer_serves_all_and_ends_with_its_last_user(caplog: pytest.LogCaptureFixture) -> None:  # AP-42
    writer = Writer()
    bad, good, last = Box(fail=True), Box(), Box()
    writer.acquire()
    writer.acquire()
    writer.wake(bad)  # pyright: ignore[reportArgumentType]
    assert bad.sent.wait(5)
    writer.release()
    writer.wake(good)  # pyright: ignore[reportArgumentType]
    assert good.sent.wait(5)
    assert "sending to the page failed" in caplog.text
    last.due = float("inf")
    writer.wake(last)  # pyright: ignore[reportArgumentType]
    writer.release()
    assert last.sent.wait(5)
