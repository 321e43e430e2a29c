"""Order, duplicates, gaps and bad messages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbblocks.bridge import inbox
from nbblocks.bridge.inbox import GAP_PATIENCE, Inbox
from nbblocks.core.errors import MessageError
from tests.support import DirectPortal


class Heard:
    """An inbox, what it has handled, and a handler that can be told to fail."""

    def __init__(self) -> None:
        self.portal = DirectPortal()
        self.inbox = Inbox(self.portal, self._handle)  # pyright: ignore[reportArgumentType]
        self.handled: list[tuple[str, int]] = []
        self.failing: dict[int, Exception] = {}

    def _handle(self, message: Any, buffers: Any) -> None:
        if message["seq"] in self.failing:
            raise self.failing[message["seq"]]
        self.handled.append((message["view"], message["seq"]))

    def come(self, *numbers: int, view: str = "a", type: str = "beat") -> None:
        for number in numbers:
            self.inbox.receive({"type": type, "view": view, "seq": number}, [])

    def numbers(self, view: str = "a") -> list[int]:
        return [number for name, number in self.handled if name == view]


@pytest.fixture
def heard() -> Heard:
    return Heard()


def test_messages_that_overtook_each_other_are_put_in_order(heard: Heard) -> None:
    heard.come(0, 2, 3, 1, 4)
    assert heard.numbers() == [0, 1, 2, 3, 4]


def test_each_view_has_its_own_order(heard: Heard) -> None:
    heard.come(1)
    heard.come(0, view="b")
    assert heard.handled == [("b", 0)]
    heard.come(0)
    assert heard.numbers() == [0, 1]


def test_a_message_that_came_twice_is_handled_once(heard: Heard, caplog: pytest.LogCaptureFixture) -> None:
    heard.come(0, 0, 2, 2, 1)
    assert heard.numbers() == [0, 1, 2]
    assert caplog.text.count("came twice") == 2


def test_a_message_that_never_comes_is_waited_for_and_then_given_up(heard: Heard) -> None:
    heard.come(0, 2, 3)
    heard.portal.clock.advance(GAP_PATIENCE * 0.9)
    assert heard.numbers() == [0]
    heard.portal.clock.advance(GAP_PATIENCE * 0.2)
    assert heard.numbers() == [0, 2, 3]
    heard.come(1, 4)
    assert heard.numbers() == [0, 2, 3, 4]


def test_a_gap_that_was_filled_is_not_given_up_later(heard: Heard) -> None:
    heard.come(0, 2)
    heard.portal.clock.advance(GAP_PATIENCE / 2)
    heard.come(1, 4)
    heard.portal.clock.advance(GAP_PATIENCE * 0.6)
    assert heard.numbers() == [0, 1, 2]


def test_a_page_that_met_a_kernel_without_memory_of_it_is_heard(heard: Heard) -> None:
    heard.come(57, 58)
    heard.portal.clock.advance(GAP_PATIENCE)
    assert heard.numbers() == [57, 58]


@pytest.mark.parametrize("error", [MessageError("no such block"), RuntimeError("a bug")])
def test_a_message_that_cannot_be_handled_is_logged_and_the_next_one_handled(
    heard: Heard, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    heard.failing[1] = error
    heard.come(0, 1, 2)
    assert heard.numbers() == [0, 2]
    assert str(error) in caplog.text


def test_a_message_of_no_known_form_is_logged_and_dropped(
    heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    heard.inbox.receive({"type": "shutdown"}, [])
    heard.inbox.receive({"type": "nudge"}, [])
    heard.come(0)
    assert heard.numbers() == [0]
    assert caplog.text.count("refused") == 1


def test_hoarding_pages_and_views_are_bounded(
    heard: Heard, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(inbox, "MAX_HELD", 3)
    monkeypatch.setattr(inbox, "MAX_VIEWS", 2)
    heard.come(*range(1, 10))
    assert "much too early" in caplog.text
    heard.come(0, view="b")
    heard.come(0, view="c")
    assert len(heard.inbox._views) == 2


def test_each_of_several_gaps_is_given_up_in_time(heard: Heard) -> None:  # TR-13
    heard.come(1, 3, 6, 7, 9)
    heard.portal.clock.advance(GAP_PATIENCE)
    assert heard.numbers() == [1, 3, 6, 7, 9]
    heard.come(11)
    heard.portal.clock.advance(GAP_PATIENCE / 2)
    heard.come(13)
    heard.portal.clock.advance(GAP_PATIENCE / 2)
    assert heard.numbers()[5:] == [11]
    heard.portal.clock.advance(GAP_PATIENCE / 2)
    assert heard.numbers()[5:] == [11, 13]


ARRIVALS = st.lists(st.tuples(st.integers(0, 30), st.floats(0, 2 * GAP_PATIENCE)), max_size=60)


@given(ARRIVALS)
def test_whatever_is_lost_or_overtaken_order_is_kept_and_nothing_waits_long(
    arrivals: list[tuple[int, float]],
) -> None:  # TR-13
    heard = Heard()
    clock = heard.portal.clock
    came: dict[int, float] = {}
    for number, pause in arrivals:
        clock.advance(pause)
        if not heard.handled or number > heard.handled[-1][1]:
            came.setdefault(number, clock.now)
        heard.come(number)
        due = [one for one, at in came.items() if clock.now - at >= GAP_PATIENCE]
        assert set(due) <= set(heard.numbers())
        assert heard.numbers() == sorted(set(heard.numbers()))
    clock.advance(GAP_PATIENCE)
    assert heard.numbers() == sorted(came)


def test_a_page_that_numbers_anew_is_heard(heard: Heard) -> None:  # TR-13
    heard.come(0, 1, 2)
    heard.come(0, type="hello")
    heard.come(1)
    assert heard.numbers() == [0, 1, 2, 0, 1]
    heard.come(2**40, type="hello", view="back from the cache")
    assert heard.numbers("back from the cache") == [2**40]


def test_a_flood_that_waits_for_one_message_loses_none(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:  # TR-13
    monkeypatch.setattr(inbox, "MAX_HELD", 3)
    heard.come(*range(1, 10))
    heard.portal.clock.advance(GAP_PATIENCE)
    assert heard.numbers() == list(range(1, 10))


def test_views_that_speak_are_kept_when_there_are_too_many(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:  # TR-13
    monkeypatch.setattr(inbox, "MAX_VIEWS", 2)
    heard.come(0)
    heard.come(0, view="b")
    heard.come(1)
    heard.come(0, view="c")
    heard.come(2)
    assert heard.numbers() == [0, 1, 2]
