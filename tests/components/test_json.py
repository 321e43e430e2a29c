import collections
import dataclasses
import datetime
import enum
import json
import math
import types
import uuid
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pandas as pd
import pytest

from nbblocks.bridge.exact import unpacked
from nbblocks.components import HTML, JSON
from nbblocks.core.errors import Error, MessageError


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"a": [1, None]}, {"a": [1, None]}),
        ('{"a": 1}', {"a": 1}),
        ({"a": np.array([1, 2]), "b": np.float64(0.5)}, {"a": [1, 2], "b": 0.5}),
        ([{1}, (2,), {3: 4}], [[1], [2], {"3": 4}]),
        ({"c": complex(1, 2)}, {"c": "(1+2j)"}),
        (None, None),
    ],
)
def test_data_become_what_json_can_hold(given: Any, shown: Any) -> None:
    assert JSON().postprocess(given) == shown  # CP-123


def test_text_that_is_not_json_is_told_to_the_user() -> None:
    with pytest.raises(Error, match="this text is not JSON: 'a b'"):  # CP-123
        JSON().postprocess("a b")


def test_a_scalar_is_shown_with_a_warning() -> None:
    with pytest.warns(UserWarning, match="JSON expects a dict or a list, got 3"):  # CP-123
        assert JSON().postprocess(3) == 3


def test_open_is_a_property_and_opens_no_comm() -> None:
    assert JSON(open=True).page_state() == {"open": True}


def test_a_client_may_send_objects_and_lists_only() -> None:
    assert JSON().from_page({"a": [1]}) == {"a": [1]}
    with pytest.raises(MessageError, match="value of json: expected an object or a list, got 3"):
        JSON().from_page(3)


class Level(enum.Enum):
    LOW = 1


@dataclasses.dataclass
class Point:
    x: int
    more: Any = None


@attrs.define
class Pair:
    a: Any


class Own:
    def __json__(self) -> Any:
        return {"own": {2}}


class Model:
    """As pydantic's."""

    def model_dump(self) -> dict[str, Any]:
        return {"m": Level.LOW}


class Few(Sequence[int]):
    def __len__(self) -> int:
        return 2

    def __getitem__(self, at: Any) -> Any:
        return range(2)[at]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (Point(1, Point(2, {Level.LOW})), {"x": 1, "more": {"x": 2, "more": [1]}}),
        (Pair(Own()), {"a": {"own": [2]}}),
        (Model(), {"m": 1}),
        ({Level.LOW: Level.LOW}, {"1": 1}),
        (Decimal("0.10"), 0.1),
        (Decimal(2**60 + 1), 2**60 + 1),
        (Decimal("0.12345678901234567890"), "0.12345678901234567890"),
        (datetime.datetime(2020, 1, 2, 3, 4), "2020-01-02T03:04:00"),
        (datetime.date(2020, 1, 2), "2020-01-02"),
        (datetime.timedelta(days=1), "1 day, 0:00:00"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Path("a/b"), "a/b"),
        (frozenset({1}), [1]),
        (collections.namedtuple("NT", "a b")(1, {2}), [1, [2]]),
        (b"a\xff", "a\\xff"),
        (range(2), [0, 1]),
        (Few(), [0, 1]),
        (types.MappingProxyType({"a": (1,)}), {"a": [1]}),
        ({"a": 1}.values(), [1]),
        (np.bool_(True), True),
        (np.float32(0.5), 0.5),
        (np.array(3), 3),
        (np.array(["2020", "NaT"], "M8[ns]"), ["2020-01-01T00:00:00.000000000", None]),
        (np.timedelta64(1, "ns"), "1 nanoseconds"),
        (pd.Timestamp("2020"), "2020-01-01T00:00:00"),
        (pd.NaT, None),
        (pd.NA, None),
        (pd.DataFrame({"a": [1, 2]}), [{"a": 1}, {"a": 2}]),
        (2**53 + 1, 2**53 + 1),
        (-math.inf, -math.inf),
    ],
)
def test_objects_are_shown_by_what_they_are_made_of(given: Any, shown: Any) -> None:  # TR-40 TR-41 TR-45
    wire = JSON().postprocess({"deep": [given]})
    assert wire == {"deep": [shown]} and type(wire["deep"][0]) is type(shown)
    sent = json.loads(json.dumps(JSON().page_prop("value", wire), allow_nan=False))
    assert JSON().preprocess(JSON().from_page(unpacked(sent))) == wire


def test_data_that_contain_themselves_are_refused_in_words() -> None:  # TR-45
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(ValueError, match="contain themselves, or are nested more than 200 levels deep"):
        JSON().postprocess(endless)


def test_text_may_have_pythons_words_for_numbers() -> None:  # TR-41
    assert repr(JSON().postprocess("[NaN, -Infinity, 9007199254740993]")) == "[nan, -inf, 9007199254740993]"


def test_templates_of_html_get_such_data_too() -> None:  # TR-41
    node = HTML({"a": math.inf}, html_template="${value.a}", seed=2**60)
    assert node.page_prop("value", node.value) == {"nbb:exact": {"a": {"nbb:number": "inf"}}}
    assert node.page_prop("props", node.props) == {"nbb:exact": {"seed": {"nbb:number": str(2**60)}}}
