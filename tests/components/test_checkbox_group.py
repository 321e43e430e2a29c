from typing import Any

import pytest

from nbblocks.components import CheckboxGroup
from nbblocks.core.errors import Error, MessageError

CHOICES = ["a", ("Bee", "b"), 3]


def test_a_choice_is_a_value_or_a_pair() -> None:
    assert CheckboxGroup(CHOICES).choices == [("a", "a"), ("Bee", "b"), ("3", 3)]  # CP-94
    with pytest.raises(ValueError, match="a choice is a value or a pair"):
        CheckboxGroup([("a", "b", "c")])  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(("type", "taken"), [("value", ["b", 3]), ("index", [1, 2])])
def test_a_handler_gets_values_or_indices(type: str, taken: list[Any]) -> None:
    assert CheckboxGroup(CHOICES, type=type).preprocess(["b", 3]) == taken  # CP-94


@pytest.mark.parametrize(
    ("given", "shown"), [("a", ["a"]), (["a", 3], ["a", 3]), (None, []), (("a",), ["a"]), (3, [3])]
)
def test_a_handler_returns_one_or_several(given: Any, shown: list[Any]) -> None:
    assert CheckboxGroup(CHOICES).postprocess(given) == shown  # CP-94


def test_a_value_that_is_no_choice_is_shown_to_the_user() -> None:
    with pytest.raises(
        Error, match=r"Value: 'x' .* is not in the list of choices: \['a', 'b', 3\]"
    ):  # CP-94, CP-9
        CheckboxGroup(CHOICES).preprocess(["x"])


@pytest.mark.parametrize("raw", [None, "a", {"a": 1}, [["a"]], [None]])
def test_a_page_may_send_a_list_of_values_only(raw: Any) -> None:
    with pytest.raises(MessageError, match="value of checkboxgroup"):
        CheckboxGroup(CHOICES).from_page(raw)


def test_new_choices_hold_for_a_reconfigured_group() -> None:
    copy = CheckboxGroup(CHOICES).reconfigured({"choices": ["x"]})
    assert copy.preprocess(["x"]) == ["x"]  # EV-51
    assert copy.props_changed_by({"choices": ["x"]}) == {"choices": [("x", "x")]}
