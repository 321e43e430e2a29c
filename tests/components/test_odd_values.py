"""Values that handlers return by mistake, or from other libraries: taken, or refused in words."""

from __future__ import annotations

import collections
import contextlib
import copy
import dataclasses
import datetime
import decimal
import enum
import fractions
import inspect
import json
import math
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import nbblocks as gr
from nbblocks import components
from nbblocks.bridge.component import Component
from nbblocks.bridge.exact import unpacked
from nbblocks.core.equality import same
from nbblocks.core.errors import Error

COMPONENTS: list[type[Any]] = [getattr(components, name) for name in components.__all__]
every_component = pytest.mark.parametrize("cls", COMPONENTS)


class Colour(enum.Enum):
    RED = 1


@dataclasses.dataclass
class Point:
    x: int


class Scalar:
    """As torch's: a tensor of one number."""

    dtype, ndim = "float32", 0

    def item(self) -> float:
        return 1.5


class Rude:
    def __repr__(self) -> str:
        raise RuntimeError("no")

    __str__ = __repr__


MAKE: dict[str, Callable[[], Any]] = {
    "empty text": lambda: "", "digits": lambda: "12", "text": lambda: "abc", "surrogate": lambda: "\udcff",
    "int": lambda: 3, "big int": lambda: 2**80, "bool": lambda: True,
    "nan": lambda: math.nan, "inf": lambda: math.inf, "complex": lambda: 1j,
    "decimal": lambda: decimal.Decimal("1.5"), "fraction": lambda: fractions.Fraction(1, 2),
    "bytes": lambda: b"\xff", "enum": lambda: Colour.RED, "point": lambda: Point(1),
    "path": lambda: Path("x"),
    "date": lambda: datetime.date(2020, 1, 1), "time": lambda: datetime.time(1),
    "datetime": lambda: datetime.datetime(2020, 1, 1), "timedelta": lambda: datetime.timedelta(1),
    "uuid": lambda: UUID(int=1), "set": lambda: {1, 2}, "frozenset": lambda: frozenset({1}),
    "tuple": lambda: (1, 2), "list": lambda: [1, 2], "dict": lambda: {"a": 1},
    "odd keys": lambda: {(1, 2): 3}, "range": lambda: range(3), "generator": lambda: (i for i in range(3)),
    "deque": lambda: collections.deque([1]),
    "np.bool": lambda: np.bool_(True), "np.int": lambda: np.int64(3), "np.float": lambda: np.float32(0.5),
    "np.str": lambda: np.str_("a"), "np.datetime": lambda: np.datetime64("2020-01-01"),
    "np.NaT": lambda: np.datetime64("NaT"), "np.timedelta": lambda: np.timedelta64(1, "ns"),
    "0-d": lambda: np.array(3), "1-d": lambda: np.array([1, 2]), "2-d": lambda: np.zeros((2, 2)),
    "5-d": lambda: np.zeros((1, 1, 1, 1, 1)), "objects": lambda: np.array([{}, None], object),
    "timestamp": lambda: pd.Timestamp("2020-01-01"), "NaT": lambda: pd.NaT, "NA": lambda: pd.NA,
    "period": lambda: pd.Period("2020-01"), "series": lambda: pd.Series([1, 2]),
    "index": lambda: pd.Index(["a"]),
    "frame": lambda: pd.DataFrame({"a": [1]}), "polars": lambda: pl.DataFrame({"a": [1]}),
    "polars series": lambda: pl.Series([1]), "tensor": Scalar, "object": object, "class": lambda: int,
    "nested": lambda: [[[{"a": Point(1)}]]], "pairs": lambda: [("a", 1)],
    "odd list": lambda: [object()],
}  # fmt: skip
odd = pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)


@every_component
@odd
def test_a_value_is_taken_or_refused_in_words(
    cls: type[Component[Any, Any]], make: Callable[[], Any]
) -> None:
    node = cls()  # TR-45
    if node.stateful or issubclass(cls, gr.Dataframe):  # tables have tests of their own
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            wire = node.postprocess(make())
            node.value = wire
        except (Error, ValueError, TypeError, OSError) as error:
            told = str(error)
            if isinstance(error, OSError):  # it was taken for the path of a file
                assert "file" in told
                return
            kinds = {kind.__name__ for kind in inspect.getmro(cls)} | {node.type_name, "image array"}
            assert any(kind in told for kind in kinds), told
            assert "serializable" not in told.replace("JSON-serialisable", "") and len(told) < 500
            return
        page = node.page_prop("value", wire)
        text = json.dumps(page, allow_nan=False, default=lambda one: "" if isinstance(one, bytes) else 1 / 0)
        json.loads(text)
        with contextlib.suppress(Error):
            node.preprocess(node.value)


@pytest.mark.parametrize("cls", [gr.Textbox, gr.Button, gr.HTML, gr.Markdown, gr.ColorPicker])
def test_what_has_no_text_is_refused_in_words(cls: Any) -> None:  # TR-45
    for value in (Rude(), 10**6000):
        with pytest.raises(
            TypeError, match=rf"{cls.__name__} expects a text, got (Rude|int), which has none"
        ):
            cls().postprocess(value)


SCALARS: list[tuple[type[Any], Any, Any]] = [
    (gr.Checkbox, np.bool_(True), True),
    (gr.Checkbox, np.array(False), False),
    (gr.Checkbox, pd.NA, False),
    (gr.Textbox, np.str_("a"), "a"),
    (gr.Textbox, pd.NA, None),
    (gr.Slider, np.int64(3), 3),
    (gr.Slider, "", 0),
    (gr.Slider, Scalar(), 1.5),
    (gr.Number, Scalar(), 1.5),
    (gr.Number, pd.NA, None),
    (gr.Radio, np.int64(3), 3),
    (gr.Radio, pd.NA, None),
    (gr.Dropdown, np.str_("a"), "a"),
    (gr.CheckboxGroup, pd.Series(["a", "b"]), ["a", "b"]),
    (gr.CheckboxGroup, np.array([1, 2]), [1, 2]),
    (gr.DateTime, pd.Timestamp("2020-01-01"), "2020-01-01 00:00:00"),
    (gr.DateTime, np.datetime64("2020-01-01T00:00:00.000000001"), "2020-01-01 00:00:00"),
    (gr.DateTime, pd.NaT, None),
    (gr.DateTime, np.datetime64("NaT"), None),
    (gr.DateTime, pd.NA, None),
    (gr.DateTime, pd.Period("2020-01"), "2020-01-01 00:00:00"),
    (gr.Dataset, np.int64(0), 0),
    (gr.ColorPicker, np.str_("#fff"), "#fff"),
]


@pytest.mark.parametrize(("cls", "value", "wire"), SCALARS)
@pytest.mark.filterwarnings("ignore:.* is not among the choices")
def test_scalars_of_other_libraries_are_plain_ones(cls: Any, value: Any, wire: Any) -> None:  # TR-45
    found = cls().postprocess(value)
    assert found == wire
    assert type(found) is type(wire) or isinstance(found, str)


# -- what is given comes back

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
PLAIN = st.recursive(
    st.none() | st.booleans() | TEXT | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
NUMBERS = st.integers() | st.floats()
FINITE = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = [1, "x", (1, 2), 2**60 + 1, Colour.RED, "\udcff"]
CHOICES = [("a", 1), ("b", 1), ("a", "x"), ("t", (1, 2)), ("n", None), *VALUES[3:]]
CASES: dict[str, tuple[Callable[[], Any], st.SearchStrategy[Any]]] = {
    "number": (gr.Number, st.none() | NUMBERS),
    "slider": (lambda: gr.Slider(-(10**400), 10**400), FINITE),
    "textbox": (gr.Textbox, st.none() | TEXT),
    "checkbox": (gr.Checkbox, st.booleans()),
    "json": (gr.JSON, st.none() | st.lists(PLAIN, max_size=3) | st.dictionaries(TEXT, PLAIN, max_size=3)),
    "radio": (lambda: gr.Radio(CHOICES), st.sampled_from([None, *VALUES])),
    "dropdown": (
        lambda: gr.Dropdown(CHOICES, multiselect=True),
        st.lists(st.sampled_from(VALUES), max_size=3),
    ),
    "checkboxgroup": (
        lambda: gr.CheckboxGroup(CHOICES),
        st.lists(st.sampled_from(VALUES), max_size=3),
    ),
    "label": (gr.Label, st.dictionaries(TEXT | st.integers(), NUMBERS, min_size=1, max_size=4)),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_a_handler_gives_comes_back_unedited(name: str, data: st.DataObject) -> None:
    make, values = CASES[name]  # TR-40 TR-41 TR-43
    value = data.draw(values)
    node = make()
    wire = node.postprocess(copy.deepcopy(value))
    assert same(node.preprocess(wire), value) and repr(type(node.preprocess(wire))) == repr(type(value))
    sent = json.loads(json.dumps(node.page_prop("value", wire), allow_nan=False))
    back = node.preprocess(node.from_page(unpacked(sent)))
    assert same(back, value), (back, value)
