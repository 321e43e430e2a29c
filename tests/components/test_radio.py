from typing import Any

import pytest

from nbblocks.components import Radio
from nbblocks.core.errors import Error, MessageError


@pytest.mark.parametrize(
    ("type", "given", "taken"), [("value", "b", "b"), ("index", "b", 1), ("value", None, None)]
)
def test_a_handler_gets_the_value_or_its_index(type: str, given: Any, taken: Any) -> None:
    assert Radio(["a", "b"], type=type).preprocess(given) == taken  # CP-95


def test_a_value_that_is_no_choice_is_shown_to_the_user() -> None:
    with pytest.raises(Error, match="Value: 'c' .* is not in the list of choices"):  # CP-95, CP-9
        Radio(["a", "b"]).preprocess("c")


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(
        ValueError, match="type of Radio must be one of 'value', 'index', got 'name'"
    ):  # CP-95
        Radio(["a"], type="name")


def test_the_choice_is_handed_over_as_it_was_written() -> None:
    assert type(Radio([1.0, 2.0]).preprocess(1)) is float


@pytest.mark.parametrize("raw", [["a"], {"a": 1}, b"a"])
def test_a_page_may_send_one_value_only(raw: Any) -> None:
    with pytest.raises(MessageError, match="value of radio: expected one of the choices"):
        Radio(["a"]).from_page(raw)


def test_type_stays_in_the_kernel() -> None:
    assert Radio(type="index").type == "index"
    assert "type" not in Radio(type="index").page_state()


def test_choices_may_be_set_as_they_are_given() -> None:  # CP-95
    node = Radio(["a", ["Bee", "b"]])
    assert node.choices == [("a", "a"), ("Bee", "b")] and node.get_config()["type"] == "value"
    node.choices = [1, ("Two", 2)]
    assert node.choices == [("1", 1), ("Two", 2)] and node.preprocess(2) == 2
    with pytest.raises(ValueError, match="a choice is a value or a pair"):
        node.choices = [("a", "b", "c")]
