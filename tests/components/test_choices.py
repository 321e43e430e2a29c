"""Choices of every kind, as Radio, CheckboxGroup and Dropdown name them to pages."""

from __future__ import annotations

import enum
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nbblocks.bridge.exact import unpacked
from nbblocks.components import CheckboxGroup, Dropdown, Radio
from nbblocks.core.errors import Error, MessageError


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Level(str, enum.Enum):
    LOW = "low"


class Thing:
    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return self.name


class Stubborn:
    """As an array: it cannot be compared."""

    def __eq__(self, other: object) -> bool:
        raise ValueError("ambiguous")

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return "stubborn"


A, B = Thing("a"), Thing("a")
ODD = "caf\udce9.txt"


def one(
    cls: type[Any], choices: Any, **options: Any
) -> tuple[Any, Callable[[Any], Any], Callable[[Any], Any]]:
    """A field, and the ways of one value to the page and from there to a handler."""
    node = cls(choices, **options)
    many = cls is CheckboxGroup or options.get("multiselect")

    def there(value: Any) -> Any:
        wire = node.postprocess([value] if many else value)
        found = sent(node.page_prop("value", wire))
        return found[0] if many else found

    def back(raw: Any) -> Any:
        found = node.preprocess(node.from_page([raw] if many else raw))
        return found[0] if many else found

    return node, there, back


def shown(node: Any) -> list[Any]:
    return sent(node.page_prop("choices", node.choices))


def sent(value: Any) -> Any:
    """As a page has it."""
    return unpacked(json.loads(json.dumps(value, allow_nan=False, ensure_ascii=False).encode()))


fields = pytest.mark.parametrize(
    ("cls", "options"),
    [(Radio, {}), (CheckboxGroup, {}), (Dropdown, {}), (Dropdown, {"multiselect": True}),
     (Dropdown, {"allow_custom_value": True})],
    ids=["radio", "group", "dropdown", "many", "custom"],
)  # fmt: skip
ANY: list[list[Any]] = [
    ["x", ODD, "caf\udcea.txt"],
    [("same", 1), ("same", 2)],
    [("one", 1), ("uno", 1)],
    [1, True, 1.0, "1"],
    [0, False, ""],
    [A, B, "a"],
    list(Colour),
    [Level.LOW, "high"],
    [("pair", (1, 2)), ("list", [1]), ("dict", {"a": 1})],
    [("nothing", None), ("zero", 0)],
    [2**53, 2**53 + 1, 10**30],
    [math.inf, -math.inf, math.nan],
    [np.int64(1), np.str_("b"), np.datetime64("2020-01-01"), pd.Timestamp("2020")],
    ["nbb-choice:0:0", "nbb-choice:1:0"],
    [("array", np.array([1, 2])), Stubborn(), Stubborn()],
    [("{}", "a"), ("", "b"), (" ", " ")],
]


@fields
@pytest.mark.parametrize("choices", ANY)
def test_each_choice_comes_back_as_itself(cls: Any, options: dict[str, Any], choices: list[Any]) -> None:
    node, there, back = one(cls, choices, **options)  # TR-43
    names = shown(node)
    assert len({repr(token) for _, token in names}) == len(choices)
    for (_, value), (_, token) in zip(node.choices, names, strict=True):
        found = back(token)
        assert found is value or (type(found) is type(value) and found == value)
        if value is not None and not isinstance(value, list) and choices != [("one", 1), ("uno", 1)]:
            assert there(value) == token


@fields
@pytest.mark.parametrize("choices", ANY)
def test_each_choice_has_an_index_of_its_own(cls: Any, options: dict[str, Any], choices: list[Any]) -> None:
    node, _, back = one(cls, choices, type="index", **options)  # TR-43
    for index, (_, token) in enumerate(shown(node)):
        assert back(token) == index
    for index, (_, token) in enumerate(shown(node)):
        data = node.event_data({"index": index, "value": token, "selected": True})
        wanted = node.choices[index][1]
        assert data["value"] is wanted or data["value"] == wanted


@pytest.mark.parametrize(
    ("given", "values"),
    [
        (np.array(["a", "b"]), ["a", "b"]),
        (np.array([1, 2]), [1, 2]),
        (np.array([["n", "v"]]), ["v"]),
        (pd.Series(["a", "b"], index=[5, 6]), ["a", "b"]),
        (pd.Index([1, 2]), [1, 2]),
        (pd.Categorical(["a", "b"]), ["a", "b"]),
        ({"a": 1}.keys(), ["a"]),
        ({"a": 1}.values(), [1]),
        ({"a": 1}.items(), [1]),
        ({"a": 1}, ["a"]),
        ({3, 1, 2}, [1, 2, 3]),
        (range(2), [0, 1]),
        ((one for one in "ab"), ["a", "b"]),
        (iter(["a"]), ["a"]),
        (Colour, [Colour.RED, Colour.BLUE]),
        ([["n", "v"]], ["v"]),
        ((), []),
        (None, []),
    ],
)
def test_choices_may_be_any_sequence(given: Any, values: list[Any]) -> None:  # TR-43
    node = Dropdown(given)
    assert node.allowed == values and all(map(isinstance, node.allowed, map(type, values)))
    assert node.value == (values[0] if values else None)


def test_choices_that_are_no_sequence_are_refused_in_words() -> None:  # TR-45
    with pytest.raises(TypeError, match="choices must be values, or pairs of name and value, .* got int: 5"):
        Radio(5)


def test_names_can_be_read_by_people() -> None:  # TR-43
    assert [name for name, _ in shown(Radio([Colour.RED, Level.LOW, ODD]))] == [
        "RED",
        "Level.LOW",
        "caf\ufffd.txt",
    ]


def test_plain_choices_are_named_as_ever() -> None:  # TR-43
    assert shown(Radio(["a", ("B", 2), 0.5, True])) == [["a", "a"], ["B", 2], ["0.5", 0.5], ["True", True]]


def test_a_choice_of_a_list_that_has_changed_is_not_taken_for_another() -> None:  # TR-43
    before, after = Radio([("a", A), ("b", B)]), Radio([("a", B), ("b", A)])
    with pytest.raises(MessageError, match="a choice was sent of a list that has changed meanwhile"):
        after.from_page(shown(before)[0][1])
    assert Radio([("a", A), ("b", B)]).from_page(shown(before)[0][1]) is A


def test_clients_pass_values(  # TR-43
) -> None:
    node = Radio([("t", (1, 2)), Colour.RED, ODD, None])
    for value in ((1, 2), Colour.RED, ODD):
        assert node.preprocess(node.from_client(value)) == value
    for value in ((3,), Colour.BLUE):
        with pytest.raises(MessageError, match="expected one of the choices"):
            node.from_client(value)
    with pytest.raises(Error, match="is not in the list of choices"):
        node.preprocess(node.from_client("x"))


def test_chosen_objects_of_a_new_session_are_the_choices_themselves() -> None:  # TR-43
    node = Dropdown([A, B], value=[B], multiselect=True)
    assert node.initial()[0] is B and node.preprocess(node.initial())[0] is B
    assert node.initial() is not node.value


def test_the_schema_is_json() -> None:  # TR-43
    json.dumps(Radio([Colour.RED, ("t", (1, 2)), "a"]).api_info())
