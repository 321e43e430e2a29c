"""State: what its constructor takes, copies and refuses."""

from __future__ import annotations

import copy
import functools
import inspect
import operator
import threading
import weakref
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nbblocks as gr
from nbblocks.components import State


def test_its_parameters_are_gradios() -> None:  # ST-20 CP-70 CP-71 CP-72 CP-73
    found = {name: (one.default, one.kind.name) for name, one in inspect.signature(State).parameters.items()}
    found.pop("shared")
    assert list(found.items()) == [
        ("value", (None, "POSITIONAL_OR_KEYWORD")),
        ("render", (True, "POSITIONAL_OR_KEYWORD")),
        ("time_to_live", (None, "KEYWORD_ONLY")),
        ("delete_callback", (None, "KEYWORD_ONLY")),
    ]
    state = State()
    assert (state.initial(), state.time_to_live, state.delete_callback) == (None, None, None)
    with pytest.raises(TypeError, match="unexpected keyword argument 'label'"):  # ST-27
        State(1, label="no label")  # type: ignore[call-arg]


# -- copies


def test_the_initial_value_is_copied_at_once_and_for_each_session() -> None:
    mine = [[1]]
    state = State(mine)
    mine.append([2])
    mine[0].append(3)
    first, second = state.initial(), state.initial()
    assert first == second == [[1]]  # ST-21, ST-22
    assert first is not second and first[0] is not second[0]
    first[0].append(4)
    assert state.initial() == [[1]]


class Counted:
    """Counts its copies."""

    copies = 0

    def __deepcopy__(self, memo: Any) -> Counted:
        Counted.copies += 1
        return Counted()


def test_it_is_copied_as_often_as_needed_and_no_more() -> None:  # ST-21 ST-22
    Counted.copies = 0
    state = State(Counted())
    assert Counted.copies == 1
    state.initial()
    assert Counted.copies == 2
    state.get_config(), state.page_state(), repr(state)
    assert Counted.copies == 2
    made = Counted()
    assert State(lambda: made).initial() is made and Counted.copies == 2


def test_nothing_but_the_copy_is_kept_of_the_argument() -> None:  # ST-21 ST-14
    class Large(list[int]):
        pass

    large = Large([1])
    reference, state = weakref.ref(large), State(large)
    del large
    assert reference() is None and state.initial() == [1]


class Uncopyable:
    def __deepcopy__(self, memo: Any) -> Any:
        raise RuntimeError("not to be copied")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (threading.Lock(), "lock"),
        ((n for n in ()), "generator"),
        ([threading.Lock()], "list"),
        (Uncopyable(), "Uncopyable"),
        (inspect, "module"),
    ],
)
def test_what_cannot_be_copied_is_named(value: Any, name: str) -> None:  # ST-21
    with pytest.raises(TypeError, match=f"must be deep-copyable, got {name}: give a function"):
        State(value)
    assert State(lambda: value).initial() is value


# -- callables


def test_a_callable_is_called_once_for_each_session_and_not_before() -> None:
    calls: list[int] = []

    def make() -> object:
        calls.append(1)
        return calls

    state = State(make)
    assert not calls  # ST-23
    assert state.initial() is calls and state.initial() is calls
    assert len(calls) == 2
    assert state.asks_for_initial and not State(1).asks_for_initial


class Maker:
    def __call__(self) -> str:
        return "made"

    def make(self) -> str:
        return "by a method"


@pytest.mark.parametrize(
    ("value", "made"),
    [
        (dict, {}),
        (list, []),
        (Maker(), "made"),
        (Maker().make, "by a method"),
        (functools.partial(int, "7"), 7),
        (lambda: None, None),
        (lambda: len, len),
    ],
)
def test_what_counts_as_a_callable(value: Any, made: Any) -> None:  # ST-24
    assert State(value).initial() == made


def test_a_callable_need_not_be_copied() -> None:  # ST-23
    class Locked(Maker):
        def __init__(self) -> None:
            self.lock = threading.Lock()

    with pytest.raises(TypeError):
        copy.deepcopy(Locked())
    assert State(Locked()).initial() == "made"


# -- the clock and the callback


@pytest.mark.parametrize(
    "seconds", [-1, -0.5, "10", float("nan"), True, False, [1], object(), 1j, np.int64(-1), np.nan]
)
def test_a_life_that_is_no_number_of_seconds_is_refused(seconds: Any) -> None:  # ST-40
    with pytest.raises(ValueError, match="time_to_live of State must be"):
        State(time_to_live=seconds)


@pytest.mark.parametrize(
    "seconds", [0, 0.0, 5, 0.25, float("inf"), np.int64(5), np.float32(0.5), np.uint8(3), Fraction(1, 2)]
)
def test_a_number_of_seconds_is_taken(seconds: Any) -> None:  # ST-40
    assert State(time_to_live=seconds).time_to_live == seconds


def test_expiry_is_kept_for_the_session() -> None:
    state = State(1, time_to_live=0, delete_callback=print)
    assert (state.time_to_live, state.delete_callback) == (0, print)  # ST-40
    with pytest.raises(TypeError, match="delete_callback of State must be callable"):
        State(delete_callback=3)  # pyright: ignore[reportArgumentType]


# -- unseen, and in no certain place


def test_a_page_never_sees_it() -> None:
    state = State({"a": 1})
    assert "value" not in state.page_props
    assert state.stateful and state.transparent and state.skip_api  # ST-27
    with gr.Blocks() as app:
        gr.State("secret")
    assert "secret" not in str(app.get_config_file()["layout"])


@pytest.mark.parametrize("render", [True, False])
def test_it_works_placed_or_not(render: bool) -> None:  # ST-26 EV-14
    def add(text: str, *states: list[str]) -> str:
        for one in states:
            one.append(text)
        return str(states)

    outside = State([])
    with gr.Blocks() as app:
        inside, box = State([], render), gr.Textbox()
        box.submit(
            lambda text, *states: [one.append(text) for one in states] and str(states),
            [box, inside, outside],
            box,
        )
    app.graph.check()
    with gr.Client(app) as client:
        assert client.predict("a") == "(['a'], ['a'])"
        assert client.predict("b") == "(['a', 'b'], ['a', 'b'])"
    app.close(verbose=False)


def test_one_state_in_several_joined_apps_is_one() -> None:  # ST-26 AP-7
    state = State([])

    def add(text: str, value: list[str]) -> str:
        value.append(text)
        return "".join(value)

    def part(name: str) -> gr.Blocks:
        with gr.Blocks() as app:
            state.render()
            box = gr.Textbox()
            box.submit(add, [box, state], box, api_name=name)
        return app

    one, two = part("one"), part("two")
    with gr.Blocks() as whole:
        one.render()
        two.render()
        state.render()
        with gr.Blocks():
            state.render()
            box = gr.Textbox()
            box.submit(add, [box, state], box, api_name="three")
    with gr.Client(whole) as client:
        assert [client.predict(text, api_name=f"/{text}") for text in ("one", "two", "three")][
            -1
        ] == "onetwothree"
    whole.close(verbose=False)


def test_it_parts_no_fields() -> None:  # ST-27 ST-26
    with gr.Blocks() as app:
        gr.Textbox()
        State(1)
        gr.Textbox()
    assert [type(one).__name__ for one in app.children] in (["Form"], ["Form", "State"], ["State", "Form"])


def test_change_is_all_it_offers() -> None:  # ST-60
    assert State.events == ("change",)
    assert operator.attrgetter("change")(State(1)) is not None


def test_its_text_says_whose_it_is_and_what_counts_as_changed() -> None:  # ST-4 ST-64
    text = " ".join((State.__doc__ or "").split())
    for told in ("a kernel of their own", "``__hash__``", "frames of pandas", "counts as changed when"):
        assert told in text
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert "All pages of a notebook share one session" in readme and "JupyterHub and Voila" in readme
