import threading
from typing import Any

import pytest

from nbblocks.components import State


def test_the_initial_value_is_copied_at_once_and_for_each_session() -> None:
    mine = [1]
    state = State(mine)
    mine.append(2)
    first, second = state.initial(), state.initial()
    assert first == second == [1]  # ST-21, ST-22
    assert first is not second


def test_a_callable_is_called_once_for_each_session_and_not_before() -> None:
    calls: list[int] = []

    def make() -> object:
        calls.append(1)
        return calls

    state = State(make)
    assert not calls  # ST-23
    assert state.initial() is calls and state.initial() is calls
    assert len(calls) == 2


def test_a_class_counts_as_a_callable() -> None:
    assert State(dict).initial() == {}  # ST-24


def test_what_cannot_be_copied_is_named() -> None:
    with pytest.raises(TypeError, match="must be deep-copyable, got lock: give a function"):  # ST-21
        State(threading.Lock())


@pytest.mark.parametrize("seconds", [-1, "10", float("nan"), True])
def test_a_life_that_is_no_number_of_seconds_is_refused(seconds: Any) -> None:
    with pytest.raises(ValueError, match="time_to_live of State must be"):  # ST-40
        State(time_to_live=seconds)


def test_expiry_is_kept_for_the_session() -> None:
    state = State(1, time_to_live=0, delete_callback=print)
    assert (state.time_to_live, state.delete_callback) == (0, print)  # ST-40
    with pytest.raises(TypeError, match="delete_callback of State must be callable"):
        State(delete_callback=3)  # pyright: ignore[reportArgumentType]


def test_a_page_never_sees_it() -> None:
    state = State({"a": 1})
    assert "value" not in state.page_props
    assert state.stateful and state.transparent and state.skip_api  # ST-27
