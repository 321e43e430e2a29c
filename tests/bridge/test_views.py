"""Which pages look at an app."""

from __future__ import annotations

from nbblocks.bridge.views import HEARTBEAT, MOST, SILENT, Views
from tests.support import ManualClock


class Watch:
    """Views, and when somebody began or ceased to look."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.told: list[bool] = []
        self.views = Views(self.told.append, self.clock)


def test_the_first_view_and_the_last_count() -> None:  # ST-9
    watch = Watch()
    watch.views.heard("a")
    watch.views.heard("b")
    watch.views.gone("a")
    assert (watch.told, len(watch.views)) == ([True], 1)
    watch.views.gone("b")
    watch.views.gone("b")
    assert watch.told == [True, False]


def test_a_view_lives_as_long_as_it_is_heard() -> None:  # ST-9
    watch = Watch()
    for _ in range(10):
        watch.views.heard("a")
        watch.clock.advance(HEARTBEAT)
        assert watch.views.sweep() == []
    assert watch.told == [True]


def test_a_silent_view_is_gone_and_comes_back_with_its_next_beat() -> None:  # ST-9
    watch = Watch()
    watch.views.heard("a")
    watch.clock.advance(SILENT)
    assert watch.views.sweep() == []
    watch.clock.advance(1)
    assert watch.views.sweep() == ["a"]
    watch.views.heard("a")
    assert watch.told == [True, False, True]


def test_a_page_that_names_view_after_view_makes_no_list_of_them() -> None:  # TR-1
    watch = Watch()
    watch.views.heard("honest")
    for number in range(3 * MOST):
        watch.clock.advance(0.001)
        if number % 100 == 0:
            watch.views.heard("honest")
        if (silent := watch.views.crowded_out(f"view {number}")) is not None:
            watch.views.gone(silent)
        watch.views.heard(f"view {number}")
    assert len(watch.views) == MOST and "honest" in watch.views.names()
