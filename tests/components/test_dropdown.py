from typing import Any

import pytest

from nbblocks.components import Dropdown
from nbblocks.core.errors import Error, MessageError


@pytest.mark.parametrize("choices", [["a", "b"], [0, 1], ["", "x"], [("name", 0)]])
def test_the_first_choice_is_chosen_unless_a_value_is_given(choices: list[Any]) -> None:
    node = Dropdown(choices)
    assert node.value == node.choices[0][1]  # CP-96
    assert Dropdown(choices, value=None).value is None
    assert Dropdown(choices, multiselect=True).value == []
    assert Dropdown().value is None


@pytest.mark.parametrize(
    ("options", "given", "taken"),
    [
        ({}, "b", "b"),
        ({"type": "index"}, "b", 1),
        ({"multiselect": True}, ["b", "a"], ["b", "a"]),
        ({"multiselect": True, "type": "index"}, ["b"], [1]),
        ({"multiselect": True}, None, []),
        ({"allow_custom_value": True}, "x", "x"),
        ({"allow_custom_value": True, "type": "index"}, "x", None),
        ({"allow_custom_value": True, "type": "index", "multiselect": True}, ["x", "a"], [None, 0]),
    ],
)
def test_what_a_handler_gets(options: dict[str, Any], given: Any, taken: Any) -> None:
    assert Dropdown(["a", "b"], **options).preprocess(given) == taken  # CP-96


def test_a_value_that_is_no_choice_is_shown_to_the_user() -> None:
    with pytest.raises(Error, match="Value: 'x' .* is not in the list of choices"):  # CP-96, CP-9
        Dropdown(["a"]).preprocess("x")


def test_a_returned_value_that_is_no_choice_is_shown_with_a_warning() -> None:
    with pytest.warns(UserWarning, match="'x' is not among the choices"):  # CP-96
        assert Dropdown(["a"]).postprocess("x") == "x"
    assert Dropdown(["a"], allow_custom_value=True).postprocess("x") == "x"


def test_one_value_for_several_becomes_a_list() -> None:
    assert Dropdown(["a"], multiselect=True).postprocess("a") == ["a"]  # CP-96
    with pytest.warns(UserWarning, match="without multiselect got the list"):
        assert Dropdown(["a"]).postprocess(["a"]) == "a"


def test_max_choices_needs_multiselect() -> None:
    with pytest.warns(UserWarning, match="max_choices has no effect"):  # CP-96
        Dropdown(["a"], max_choices=1)


@pytest.mark.parametrize(
    ("multiselect", "raw"), [(False, ["a"]), (True, "a"), (True, None), (True, [["a"]]), (False, {})]
)
def test_a_page_must_send_the_right_shape(multiselect: bool, raw: Any) -> None:
    with pytest.raises(MessageError, match="value of dropdown"):
        Dropdown(["a"], multiselect=multiselect).from_page(raw)


def test_its_events() -> None:
    assert set(Dropdown.events) == {"change", "input", "select", "focus", "blur", "key_up"}  # CP-96


def test_how_many_choices_are_drawn_at_first() -> None:  # CP-96
    assert (Dropdown().num_choices_shown, Dropdown(num_choices_shown=None).num_choices_shown) == (100, None)
    with pytest.raises(ValueError, match="num_choices_shown of Dropdown must be at least 1, got 0"):
        Dropdown(num_choices_shown=0)
