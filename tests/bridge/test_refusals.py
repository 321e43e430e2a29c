"""What pages are refused fills no log."""

from __future__ import annotations

import pytest

from nbblocks.bridge.refusals import AT_ONCE, EACH, SUMMARY, Refusals
from tests.support import ManualClock


def test_refusals_are_logged_at_a_bounded_rate_and_the_others_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = ManualClock()
    refusals = Refusals(clock, clock.call_later)
    told = [refusals.note("number %d", number) for number in range(1000)]
    assert told == [True] * AT_ONCE + [False] * (1000 - AT_ONCE)
    assert caplog.messages == [f"number {number}" for number in range(AT_ONCE)]
    clock.advance(SUMMARY)
    summary = f"{1000 - AT_ONCE} more messages of pages were refused, or parts of them"
    assert caplog.messages[AT_ONCE:] == [summary]
    caplog.clear()
    for number in range(1000):
        refusals.note("again %d", number)
        clock.advance(EACH / 10)
    assert sum(message.startswith("again") for message in caplog.messages) in range(100, 115)
    clock.advance(SUMMARY)
    counted = [int(message.split()[0]) for message in caplog.messages if "more messages" in message]
    assert len(counted) <= 11 and sum(counted) + len(caplog.messages) - len(counted) == 1000


def test_each_is_logged_in_its_own_words_after_a_quiet_time(caplog: pytest.LogCaptureFixture) -> None:
    clock = ManualClock()
    refusals = Refusals(clock, clock.call_later)
    for number in range(AT_ONCE + 5):
        refusals.note("x %d", number)
    caplog.clear()
    clock.advance(AT_ONCE * EACH)
    caplog.clear()
    assert all(refusals.note("y %d", number) for number in range(AT_ONCE))
    assert caplog.messages == [f"y {number}" for number in range(AT_ONCE)]
