"""What a handler may return, and what each output gets of it."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np
import pytest

from nbblocks.core.errors import InvalidComponentError
from nbblocks.core.listeners import Listener
from nbblocks.core.results import Delivery, deliveries, spread
from nbblocks.core.updates import skip, update

from .nodes import App, Box, Memory

Pair = namedtuple("Pair", "left right")


def listener_of(app: App, *outputs: Any) -> Listener:
    return app.a.click(lambda: None, None, list(outputs)).listener


def delivered(app: App, listener: Listener, result: Any) -> list[Delivery]:
    """What the session gets of a result."""
    return deliveries(listener, app.session, spread(listener, result))


# -- how many values


@pytest.mark.parametrize(
    "value",
    [1, "ab", [1], [1, 2], (1,), (1, 2), {}, {"a": 1}, {1: 2}, None, [], Pair(1, 2), {"__type__": "x"}],
)
def test_one_output_takes_any_value_whole(app: App, value: Any) -> None:  # EV-41 EV-43 EV-45
    assert spread(listener_of(app, app.b), value) == [value]
    (one,) = delivered(app, listener_of(app, app.b), value)
    assert one.value is value


@pytest.mark.parametrize("returned", [(1, 2), [1, 2], Pair(1, 2)])
def test_several_outputs_take_a_list_or_tuple(app: App, returned: Any) -> None:  # EV-41
    assert spread(listener_of(app, app.b, app.c), returned) == [1, 2]


@pytest.mark.parametrize(
    ("returned", "count", "shown"),
    [
        ((1,), 1, "1"),
        ([], 0, ""),
        (None, 1, "None"),
        ("ab", 1, '"ab"'),
        ({}, 1, "{}"),
        ({"a": 1, "b": 2}, 1, "{'a': 1, 'b': 2}"),
        ({1, 2}, 1, "{1, 2}"),
        (np.array([1, 2]), 1, "array([1, 2])"),
        ((x for x in (1, 2)), 1, "<generator"),
        (update(label="x"), 1, "'label': 'x'"),
        (Box(9, label="x"), 1, "Box"),
    ],
)
def test_too_few_values_are_an_error_that_tells_all(
    app: App, returned: Any, count: int, shown: str
) -> None:  # EV-41 EV-42
    def pair() -> None: ...

    listener = app.a.click(pair, None, [app.b, app.frame]).listener
    with pytest.raises(ValueError) as caught:
        spread(listener, returned)
    text = str(caught.value)
    assert "(pair) did not return enough output values" in text
    assert f"(needed: 2, returned: {count})" in text
    assert "[box, frame]" in text and shown in text.rpartition("outputs: [")[2]


def test_a_lambda_is_named_by_its_line(app: App) -> None:  # EV-42 TR-67
    listener = listener_of(app, app.b, app.c)
    assert listener.fn is not None
    line = listener.fn.__code__.co_firstlineno
    with pytest.raises(ValueError) as caught:
        spread(listener, 1)
    source = "return app.a.click(lambda: None, None, list(outputs)).listener"
    assert str(caught.value).startswith(f"A function (line {line}: {source}) did not return enough")


def test_a_message_of_many_outputs_stays_on_one_screen(app: App) -> None:  # TR-67
    app.b.label = "Name"  # pyright: ignore[reportAttributeAccessIssue]
    listener = app.a.click(lambda: None, None, [app.b, app.c] * 50).listener
    with pytest.raises(ValueError, match="too few|not return enough") as caught:
        spread(listener, ["x" * 10_000] * 99)
    with pytest.warns(UserWarning, match=r"needed: 2, returned: 100000\b") as seen:
        spread(app.a.click(list, None, [app.b, app.c]).listener, [1] * 100_000)
    for text in (str(caught.value), str(seen[-1].message)):
        assert len(text) < 2000 and "box 'Name'" in text and " more]" in text.rpartition("Received")[2]


def test_too_many_values_are_dropped_with_a_warning(app: App) -> None:  # EV-41
    with pytest.warns(UserWarning, match=r"too many output values.*needed: 2, returned: 3"):
        assert spread(listener_of(app, app.b, app.c), [1, 2, 3]) == [1, 2]
    for value in (1, [], [1], "text", skip(), {"a": 1}):
        with pytest.warns(UserWarning, match="too many output values"):
            assert spread(listener_of(app), value) == []


def test_no_outputs_and_no_value_is_silent(app: App) -> None:  # EV-41
    assert spread(listener_of(app), None) == []


# -- skips


def test_a_skip_is_an_update_of_nothing() -> None:  # EV-46
    assert skip() == {"__type__": "update"}


def test_one_skip_leaves_all_outputs_alone(app: App) -> None:  # EV-41 EV-46
    assert delivered(app, listener_of(app, app.b), skip()) == []
    assert delivered(app, listener_of(app, app.b, app.state, app.frame), skip()) == []


def test_skips_stand_among_values(app: App) -> None:  # EV-46 EV-53
    found = delivered(app, listener_of(app, app.b, app.c, app.state), [skip(), 1, skip()])
    assert [(one.node, one.value) for one in found] == [(app.c, 1)]


# -- dict form


@pytest.mark.parametrize("outputs", ["b", "bc", "bbc"])
def test_a_dict_names_the_outputs_it_changes(app: App, outputs: str) -> None:  # EV-41 EV-44
    nodes = [getattr(app, name) for name in outputs]
    (only,) = delivered(app, listener_of(app, *nodes), {app.b: 5})
    assert (only.node, only.value) == (app.b, 5)


def test_a_dict_may_be_complete_and_mixed(app: App) -> None:  # EV-44 EV-53
    listener = listener_of(app, app.b, app.c, app.d)
    found = delivered(app, listener, {app.d: None, app.b: update(label="x"), app.c: Box(9, 1, label="y")})
    assert [(one.node, one.value, one.props) for one in found[1:]] == [
        (app.c, 1, {"label": "y"}),
        (app.d, None, {}),
    ]
    assert (found[0].node, found[0].props) == (app.b, {"label": "x"})


def test_keys_match_by_identity_before_they_match_by_key(app: App) -> None:  # EV-44
    first, second = Box(11, key="k"), Box(12, key="k")
    (one,) = delivered(app, listener_of(app, first, second), {second: 1})
    assert one.node is second
    (one,) = delivered(app, listener_of(app, app.b, first), {Box(13, key="k"): 2})
    assert (one.node, one.value) == (first, 2)
    with pytest.raises(ValueError, match="id 14"):
        spread(listener_of(app, app.b, first), {Box(14): 2})


def test_a_dict_with_a_stranger_or_a_mixture_is_refused(app: App) -> None:  # EV-44
    for outputs in ([app.b], [app.b, app.d], []):
        with pytest.raises(ValueError, match="not specified as output"):
            spread(listener_of(app, *outputs), {app.c: 5})
    for outputs in ([app.b], [app.b, app.d], []):
        with pytest.raises(ValueError, match="some keys are components"):
            spread(listener_of(app, *outputs), {app.b: 5, "c": 6})


def test_a_dict_inside_a_list_is_an_ordinary_value(app: App) -> None:  # EV-56
    for returned in ([{app.b: 1}, 2], ({app.b: 1}, 2)):
        assert spread(listener_of(app, app.b, app.c), returned) == [{app.b: 1}, 2]
    assert spread(listener_of(app, app.b), [{app.b: 1}]) == [[{app.b: 1}]]
    (one,) = delivered(app, listener_of(app, app.b), [{app.b: 1}])
    assert one.value == [{app.b: 1}]


# -- updates and instances


def test_an_update_without_none_but_for_the_value() -> None:  # EV-47
    assert update(label=None, lines=3, value=None) == {"__type__": "update", "lines": 3, "value": None}
    assert update(label=None) == update() == skip()


def test_an_update_sets_properties_and_postprocesses_the_value(app: App) -> None:  # EV-47 EV-51
    (one,) = delivered(app, listener_of(app, app.b), update(shout=True, value="hi"))
    assert (one.value, one.props) == ("HI", {"shout": True})
    (one,) = delivered(app, listener_of(app, app.b), update(value=None))
    assert (one.value, one.props) == (None, {})


def test_an_instance_is_an_update_with_what_was_written(app: App) -> None:  # EV-48 EV-49
    listener = listener_of(app, app.b)
    (one,) = delivered(app, listener, Box(77, label="new"))
    assert (one.node, one.props, bool(one.value)) == (app.b, {"label": "new"}, False)
    (one,) = delivered(app, listener, Box(77, "positional", label=None))
    assert (one.value, one.props) == ("positional", {"label": None})
    assert delivered(app, listener, Box(77)) == []


def test_only_the_arguments_of_an_instance_count(app: App) -> None:  # EV-49
    class Other(Box):
        """A component of another class."""

    (one,) = delivered(app, listener_of(app, app.b), Other(77, "x", visible=False))
    assert (one.node, one.value, one.props) == (app.b, "x", {"visible": False})
    (one,) = delivered(app, listener_of(app, app.frame), Other(77, visible=False))
    assert one.props == {"visible": False}


@pytest.mark.parametrize("returned", [update(colour="red"), Box(77, colour="red"), update(value=1, colour=2)])
def test_an_unknown_property_fails(app: App, returned: Any) -> None:  # EV-49
    with pytest.raises(TypeError, match="colour"):
        delivered(app, listener_of(app, app.b), returned)


def test_a_component_of_the_app_is_an_update_like_any_instance(app: App) -> None:  # EV-50
    placed = Box(21, "own", label="L")
    app.graph.add_node(placed)
    (one,) = delivered(app, listener_of(app, app.b), placed)
    assert (one.node, one.value, one.props) == (app.b, "own", {"label": "L"})
    (one,) = delivered(app, listener_of(app, placed), placed)
    assert (one.node, one.value, one.props) == (placed, "own", {"label": "L"})
    assert delivered(app, listener_of(app, app.b), app.b) == []


def test_a_layout_takes_only_updates(app: App) -> None:  # EV-40 EV-52
    listener = listener_of(app, app.frame)
    for returned in (update(visible=False), Box(77, visible=False)):
        (one,) = delivered(app, listener, returned)
        assert one.props == {"visible": False} and not one.value
    assert delivered(app, listener, skip()) == []
    for plain in ("text", 1, [update(visible=False)], None, {}):
        with pytest.raises(InvalidComponentError, match="output 0"):
            delivered(app, listener, plain)


def test_the_later_of_two_values_for_one_block_wins(app: App) -> None:  # EV-55
    listener = listener_of(app, app.b, app.c, app.b)
    assert {one.node: one.value for one in delivered(app, listener, [1, 2, 3])} == {app.c: 2, app.b: 3}
    (one,) = delivered(app, listener_of(app, app.state, app.state), ["early", "late"])
    assert one.value == "late"


# -- State


def test_a_state_takes_the_object_itself(app: App) -> None:  # EV-112 ST-31
    kept: list[int] = []
    (one,) = delivered(app, listener_of(app, app.state), kept)
    assert one.value is kept
    assert delivered(app, listener_of(app, app.state), update(label="x")) == []  # ST-32
    (one,) = delivered(app, listener_of(app, app.state), update(label="x", value=kept))
    assert one.value is kept
    (one,) = delivered(app, listener_of(app, app.state), Memory(77, kept))  # ST-33
    assert one.value is kept
    (one,) = delivered(app, listener_of(app, app.state), None)  # ST-34
    assert one.value is None
