"""What a handler may return, and what each output gets of it."""

from __future__ import annotations

from typing import Any

import pytest

from nbblocks.core.errors import InvalidComponentError
from nbblocks.core.listeners import Listener
from nbblocks.core.results import deliveries, spread
from nbblocks.core.updates import skip, update

from .nodes import App, Box


def listener_of(app: App, *outputs: Any) -> Listener:
    return app.a.click(lambda: None, None, list(outputs)).listener


def test_one_output_takes_any_value_whole(app: App) -> None:  # EV-41 EV-43
    for value in (1, [1], (1, 2), {}, None):
        assert spread(listener_of(app, app.b), value) == [value]


def test_several_outputs_take_a_list_or_tuple(app: App) -> None:  # EV-41
    assert spread(listener_of(app, app.b, app.c), (1, 2)) == [1, 2]
    assert spread(listener_of(app, app.b, app.c), [1, 2]) == [1, 2]


@pytest.mark.parametrize("returned", [(1,), None, "ab", {}, update(label="x")])
def test_too_few_values_name_function_and_counts(app: App, returned: Any) -> None:  # EV-41 EV-42
    def pair() -> None: ...

    listener = app.a.click(pair, None, [app.b, app.c]).listener
    with pytest.raises(
        ValueError, match=r"\(pair\) did not return enough output values \(needed: 2, returned: 1"
    ):
        spread(listener, returned)


def test_too_many_values_are_dropped_with_a_warning(app: App) -> None:  # EV-41
    with pytest.warns(UserWarning, match="too many output values"):
        assert spread(listener_of(app, app.b, app.c), [1, 2, 3]) == [1, 2]
    with pytest.warns(UserWarning, match="too many output values"):
        assert spread(listener_of(app), 1) == []


def test_no_outputs_and_no_value_is_silent(app: App) -> None:  # EV-41
    assert spread(listener_of(app), None) == []


def test_a_skip_leaves_all_outputs_alone(app: App) -> None:  # EV-41 EV-46
    listener = listener_of(app, app.b, app.c)
    assert deliveries(listener, app.session, spread(listener, skip())) == []


def test_a_dict_names_the_outputs_it_changes(app: App) -> None:  # EV-44
    listener = listener_of(app, app.b, app.c)
    (only,) = deliveries(listener, app.session, spread(listener, {app.c: 5}))
    assert (only.node, only.value) == (app.c, 5)


def test_a_dict_with_a_stranger_or_a_mixture_is_refused(app: App) -> None:  # EV-44
    with pytest.raises(ValueError, match="not among its outputs"):
        spread(listener_of(app, app.b), {app.c: 5})
    with pytest.raises(ValueError, match="some keys are components"):
        spread(listener_of(app, app.b), {app.b: 5, "c": 6})


def test_a_dict_inside_a_list_is_an_ordinary_value(app: App) -> None:  # EV-56
    assert spread(listener_of(app, app.b, app.c), [{app.b: 1}, 2]) == [{app.b: 1}, 2]


def test_an_update_without_none_but_for_the_value() -> None:  # EV-47
    assert update(label=None, lines=3, value=None) == {"__type__": "update", "lines": 3, "value": None}


def test_an_update_sets_properties_and_postprocesses_the_value(app: App) -> None:  # EV-47 EV-51
    listener = listener_of(app, app.b)
    (one,) = deliveries(listener, app.session, [update(shout=True, value="hi")])
    assert (one.value, one.props) == ("HI", {"shout": True})


def test_an_instance_is_an_update_with_what_was_written(app: App) -> None:  # EV-48 EV-49
    listener = listener_of(app, app.b)
    (one,) = deliveries(listener, app.session, [Box(77, label="new")])
    assert (one.node, one.props) == (app.b, {"label": "new"})


def test_an_unknown_property_fails(app: App) -> None:  # EV-49
    with pytest.raises(TypeError, match="colour"):
        deliveries(listener_of(app, app.b), app.session, [update(colour="red")])


def test_a_layout_takes_only_updates(app: App) -> None:  # EV-52
    listener = listener_of(app, app.frame)
    (one,) = deliveries(listener, app.session, [update(visible=False)])
    assert one.props == {"visible": False}
    with pytest.raises(InvalidComponentError, match="output 0"):
        deliveries(listener, app.session, ["text"])


def test_the_later_of_two_values_for_one_block_wins(app: App) -> None:  # EV-55
    listener = listener_of(app, app.b, app.b)
    assert [one.value for one in deliveries(listener, app.session, [1, 2])] == [2]


def test_a_state_takes_the_object_itself(app: App) -> None:  # EV-112
    kept: list[int] = []
    (one,) = deliveries(listener_of(app, app.state), app.session, [kept])
    assert one.value is kept
    assert deliveries(listener_of(app, app.state), app.session, [update(label="x")]) == []  # ST-32
