"""Cells that nobody edited come back as they were, and what is entered takes the type of its column."""

from __future__ import annotations

import copy
import datetime
import json
import uuid
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblocks.components import Dataframe
from nbblocks.components.windows import Table

LARGE = 9007199254740993  # 2**53 + 1, which no float holds
DAY, TIME = datetime.date(2024, 2, 29), datetime.time(10, 5, 0, 7)
STAMPS = ["2024-01-01 10:00:00.123456789", None]
SPANS = [pd.Timedelta("1 days 00:00:00.000000001"), pd.NaT]
OBJECTS = [
    *(None, float("nan"), pd.NA, pd.NaT, float("inf"), -0.0, LARGE, True, 1, 1.0, "", "1", "NaN", b"\x00"),
    *(
        Decimal("1.10"),
        Decimal("NaN"),
        DAY,
        TIME,
        datetime.datetime(2024, 1, 1),
        1 + 2j,
        {"a": [1, (2,)]},
        [1],
    ),
    *(
        (1, 2),
        {3},
        np.int8(3),
        np.float32(0.1),
        uuid.UUID(int=5),
        Fraction(1, 3),
        pd.Timestamp("2024"),
        range(3),
    ),
]
PANDAS = {
    **{
        f"{sign}int{size}": pd.Series([0, 1, np.iinfo(f"{sign}int{size}").max], dtype=f"{sign}int{size}")
        for sign in ("", "u")
        for size in (8, 16, 32, 64)
    },
    **{f"{kind}64": pd.Series([None, 1, LARGE], dtype=f"{kind}64") for kind in ("Int", "UInt")},
    "Int8": pd.Series([None, 1, -128], dtype="Int8"),
    "float16": pd.Series([0.1, float("nan"), float("inf")], dtype="float16"),
    "float32": pd.Series([0.1, float("nan"), -float("inf"), -0.0], dtype="float32"),
    "float64": pd.Series([0.1, float("nan"), float("inf"), -float("inf"), -0.0, 1e308, 5e-324, 1e22]),
    "Float64": pd.Series(pd.arrays.FloatingArray(np.array([1, np.nan, 2.5]), np.array([False, False, True]))),
    "bool": pd.Series([True, False]),
    "boolean": pd.Series([True, None], dtype="boolean"),
    "str": pd.Series(["a", None, "NaN", "inf", "007", "1,234", "\U0001f600", "\ud83d"], dtype="str"),
    "string": pd.Series(["a", None, ""], dtype=pd.StringDtype("python")),
    "object": pd.Series(OBJECTS, dtype=object),
    **{f"M8[{unit}]": pd.Series(pd.to_datetime(STAMPS).as_unit(unit)) for unit in ("s", "ms", "us", "ns")},
    "zoned": pd.Series(pd.to_datetime(STAMPS).tz_localize("Europe/Berlin")),
    "timedelta": pd.Series(SPANS, dtype="m8[ns]"),
    "period": pd.Series(pd.PeriodIndex(["2024-01", None], freq="M")),
    "interval": pd.Series(pd.IntervalIndex.from_tuples([(0, 1), (1, 2.5)])),
    "category": pd.Series(pd.Categorical(["u", None, "v"], categories=["v", "u", "w"])),
    "ordered": pd.Series(pd.Categorical([3, 1], categories=[3, 2, 1], ordered=True)),
    "complex": pd.Series([1 + 2j, complex("nan")]),
    "sparse": pd.Series(pd.arrays.SparseArray([0, 0, LARGE])),
    "sparse floats": pd.Series(pd.arrays.SparseArray([0.5, np.nan, np.nan])),
}
POLARS = {
    **{str(kind): pl.Series([0, None, 100], dtype=kind) for kind in (pl.Int8, pl.Int16, pl.Int32, pl.UInt8)},
    **{str(kind): pl.Series([LARGE, None], dtype=kind) for kind in (pl.Int64, pl.UInt64, pl.Int128)},
    "f32": pl.Series([0.1, None, float("nan"), float("inf")], dtype=pl.Float32),
    "f64": pl.Series([0.1, None, float("nan"), -float("inf"), -0.0, 1e308, 5e-324]),
    "decimal": pl.Series([Decimal("1.10"), None, Decimal("123456789012345678.12")], dtype=pl.Decimal(38, 2)),
    "bool": pl.Series([True, None]),
    "text": pl.Series(["a", None, "", "NaN"]),
    "binary": pl.Series([b"\x00\xff", None]),
    "date": pl.Series([DAY, None]),
    "time": pl.Series([TIME, None]),
    "datetime": pl.Series([1704103200123456789, None]).cast(pl.Datetime("ns")),
    "zoned": pl.Series([datetime.datetime(2024, 1, 1), None], dtype=pl.Datetime("us", "Europe/Berlin")),
    "duration": pl.Series([datetime.timedelta(days=1, microseconds=1), None]),
    "categorical": pl.Series(["a", None], dtype=pl.Categorical),
    "enum": pl.Series(["a", None], dtype=pl.Enum(["b", "a"])),
    "list": pl.Series([[1, None], None, []], dtype=pl.List(pl.Int64)),
    "array": pl.Series([[1, 2], None], dtype=pl.Array(pl.Int8, 2)),
    "struct": pl.Series([{"a": 1, "b": "x"}, {"a": None, "b": None}]),
    "null": pl.Series([None, None]),
    "object": pl.Series([1, "1", None], dtype=pl.Object),
}
NUMPY = {
    "int8": np.array([[1, -128]], np.int8),
    "uint64": np.array([[2**64 - 1, 0]], np.uint64),
    "float16": np.array([[0.1, np.nan, np.inf]], np.float16),
    "float64": np.array([[0.1, np.nan, -np.inf, -0.0, 1e308, 5e-324]]),
    "bool": np.array([[True, False]]),
    "str": np.array([["a", "NaN", ""]]),
    "bytes": np.array([[b"a", b""]]),
    "object": np.array([[None, LARGE, "x", 1.5, np.nan, True]], object),
    "datetime": np.array([["2024-01-01T10:00:00.123456789", "NaT"]], "M8[ns]"),
    "days": np.array([["2024-01-01", "NaT"]], "M8[D]"),
    "timedelta": np.array([[1, "NaT"]], "m8[ns]"),
    "complex": np.array([[1 + 2j, complex("nan")]]),
    "structured": np.array(
        [(LARGE, 0.5, "x"), (2, np.nan, "y")], [("id", "i8"), ("p", "f4"), ("name", "U3")]
    ),
}


NAN, INF = float("nan"), float("inf")


def pandas(values: Any, dtype: Any = None) -> pd.DataFrame:
    return pd.DataFrame({"a": pd.Series(values, dtype=dtype)})


def through(node: Dataframe, value: Any) -> Any:
    """What a handler gets of a table that went to a page and came back, unedited."""
    wire = node.postprocess(value)
    page = json.loads(json.dumps(node.to_page(wire), allow_nan=False))
    return node.preprocess(node.from_page(page))


def edited(value: Any, *edits: dict[str, Any], type: str = "pandas", **options: Any) -> Any:
    """What a handler gets of a table after these edits."""
    node = Dataframe(type=type, **options)
    wire = node.postprocess(value)
    page = json.loads(json.dumps(node.to_page(wire), allow_nan=False))
    return node.preprocess(node.from_page({"table": page["table"], "edits": list(edits)}))


def put(*cells: list[Any]) -> dict[str, Any]:
    return {"do": "set", "cells": list(cells)}


def same(one: Any, two: Any) -> bool:
    return type(one) is type(two) and (one is two or repr(one) == repr(two))


@pytest.mark.parametrize("times", [1, 3000])
@pytest.mark.parametrize("kind", PANDAS)
def test_a_frame_of_pandas_comes_back_as_it_was(kind: str, times: int) -> None:  # TR-40 TR-41
    frame = pd.DataFrame({kind: pd.concat([PANDAS[kind]] * times, ignore_index=True)})
    node = Dataframe()
    assert isinstance(node.postprocess(frame), Table) == (len(frame) > 5000)
    found = through(node, frame)
    assert found.dtypes.equals(frame.dtypes)
    assert all(map(same, found[kind].tolist(), frame[kind].tolist()))
    if kind != "object":
        pd.testing.assert_frame_equal(found, frame)


@pytest.mark.parametrize("kind", POLARS)
@pytest.mark.parametrize("times", [1, 3000])
def test_a_frame_of_polars_comes_back_as_it_was(kind: str, times: int) -> None:  # TR-40 TR-41
    values = POLARS[kind].to_list() * times
    frame = pl.DataFrame({"a": pl.Series(values, dtype=POLARS[kind].dtype)})
    if kind == "datetime":
        frame = pl.DataFrame({"a": pl.concat([POLARS[kind]] * times)})
    found = through(Dataframe(type="polars"), frame)
    assert found.schema == frame.schema
    assert all(map(same, found["a"].to_list(), frame["a"].to_list()))


@pytest.mark.parametrize("kind", NUMPY)
@pytest.mark.parametrize("times", [1, 3000])
def test_an_array_comes_back_as_it_was(kind: str, times: int) -> None:  # TR-40 TR-41
    array = np.concatenate([NUMPY[kind]] * times)
    found = through(Dataframe(type="numpy"), array)
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    assert all(map(same, found.ravel().tolist(), array.ravel().tolist()))


@pytest.mark.parametrize("times", [1, 3000])
def test_lists_come_back_as_they_were(times: int) -> None:  # TR-40 TR-41
    rows = [[one, LARGE] for one in OBJECTS] * times
    found = through(Dataframe(type="array"), copy.deepcopy(rows))
    assert all(
        same(one, two)
        for ours, theirs in zip(found, rows, strict=True)
        for one, two in zip(ours, theirs, strict=True)
    )


cells = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(), st.decimals(),
    st.lists(st.integers()),
    st.binary(), st.dates(), st.times(), st.datetimes(), st.timedeltas(), st.complex_numbers(),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=6))
def test_any_objects_come_back_as_they_were(rows: list[list[Any]]) -> None:  # TR-40 TR-41
    found = through(Dataframe(type="array"), copy.deepcopy(rows))
    assert all(
        same(one, two)
        for ours, theirs in zip(found, rows, strict=True)
        for one, two in zip(ours, theirs, strict=True)
    )
    frame = pd.DataFrame({"a": pd.Series([row[0] for row in rows], dtype=object)})
    assert all(map(same, through(Dataframe(), frame)["a"].tolist(), frame["a"].tolist()))


numbers = {
    "int64": st.integers(-(2**63), 2**63 - 1),
    "uint64": st.integers(0, 2**64 - 1),
    "float64": st.floats(),
    "float32": st.floats(width=32),
    "Int64": st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
}


@pytest.mark.parametrize("dtype", numbers)
@settings(max_examples=30, deadline=None)
@given(st.data())
def test_editing_one_cell_leaves_all_others(dtype: str, data: Any) -> None:  # TR-40 TR-41
    values = data.draw(st.lists(numbers[dtype], min_size=1, max_size=8))
    before = pd.DataFrame(
        {"a": pd.Series([*values, None] if dtype == "Int64" else [*values, 0], dtype=dtype)}
    )
    entered = data.draw(
        st.one_of(st.none(), st.integers(-(2**80), 2**80).map(str), st.floats(-1e9, 1e9), st.text())
    )
    after = edited(before, put([len(values), 0, entered]))["a"]
    assert [str(one) for one in after.tolist()[:-1]] == [str(one) for one in before["a"].tolist()[:-1]]
    last = after.tolist()[-1]
    if isinstance(entered, str) and entered.lstrip("-").isdigit():
        assert int(last) == int(entered)
    elif isinstance(entered, float):
        assert last == entered or dtype == "float32"


def test_an_id_beyond_what_a_float_holds_is_shown_sorted_searched_and_summed() -> None:  # TR-40
    ids = [LARGE, LARGE - 1, 5, LARGE + 1]
    for value in (pd.DataFrame({"id": ids}), pl.DataFrame({"id": ids}), [[one] for one in ids]):
        node = Dataframe()
        wire = node.postprocess(value)
        page = json.loads(json.dumps(node.to_page(wire)))
        assert page["data"] == [[str(LARGE)], [str(LARGE - 1)], [5], [str(LARGE + 1)]] and page[
            "numbers"
        ] == [0]
        back = node.preprocess(node.from_page(page))[back_name(value)]
        assert (back.dtype, back.sum()) == ("int64", 3 * LARGE + 5)
        table = wire.origin
        assert list(table.view({"sort": [[0, True]]})) == [3, 0, 1, 2]
        assert list(table.view({"search": "740993"})) == [0]


def back_name(value: Any) -> Any:
    return "1" if isinstance(value, list) else "id"


ENTRIES: list[tuple[Any, Any, Any, str]] = [
    (pd.Series([1, LARGE]), str(LARGE + 2), LARGE + 2, "int64"),
    (pd.Series([1, LARGE]), None, pd.NA, "Int64"),
    (pd.Series([1, LARGE]), "x", "x", "object"),
    (pd.Series([1, LARGE]), 2.5, 2.5, "object"),
    (pd.Series([1, 2], dtype="uint8"), 255, 255, "uint8"),
    (pd.Series([1, 2], dtype="uint8"), 256, 256, "object"),
    (pd.Series([1, 2], dtype="uint8"), None, pd.NA, "UInt8"),
    (pd.Series([1.5]), "inf", float("inf"), "float64"),
    (pd.Series([1.5]), None, float("nan"), "float64"),
    (pd.Series([1.5]), "-0", -0.0, "float64"),
    (pd.Series([1.5]), str(LARGE), LARGE, "object"),
    (pd.Series([1.5]), 3, 3.0, "float64"),
    (pd.Series([1.5]), "1e999", "1e999", "object"),
    (pd.Series([1.5], dtype="float32"), 1e300, 1e300, "object"),
    (pd.Series([1.5], dtype="Float64"), None, pd.NA, "Float64"),
    (pd.Series([True]), False, False, "bool"),
    (pd.Series([True]), None, pd.NA, "boolean"),
    (pd.Series([True]), 1, 1, "object"),
    (pd.Series(["a"]), "1,234", "1,234", "str"),
    (pd.Series(["a"]), None, float("nan"), "str"),
    (pd.Series(pd.to_datetime(["2024-01-01"])), "2024-02-03", pd.Timestamp("2024-02-03"), "datetime64[us]"),
    (pd.Series(pd.to_datetime(["2024-01-01"])), None, pd.NaT, "datetime64[us]"),
    (pd.Series(pd.to_datetime(["2024-01-01"])), "1/2/2024", "1/2/2024", "object"),
    (
        pd.Series(pd.to_datetime(["2024-01-01"]).tz_localize("UTC")),
        "2024-02-03 10:00:00+02:00",
        pd.Timestamp("2024-02-03 08:00", tz="UTC"),
        "datetime64[us, UTC]",
    ),
    (pd.Series(SPANS, dtype="m8[ns]"), "2 days 00:00:01", pd.Timedelta("2 days 00:00:01"), "timedelta64[ns]"),
    (pd.Series(pd.PeriodIndex(["2024-01"], freq="M")), "2024-05", pd.Period("2024-05"), "period[M]"),
    (pd.Series(pd.Categorical(["u"], categories=["u", "v"])), "v", "v", "category"),
    (pd.Series(pd.Categorical([10], categories=[10, 20])), 20, 20, "category"),
    (pd.Series(pd.Categorical(["u"])), "w", "w", "object"),
    (pd.Series([1 + 2j]), "(2-1j)", 2 - 1j, "complex128"),
    (pd.Series(pd.arrays.SparseArray([0, 7])), 9, np.int64(9), "Sparse[int64, 0]"),
    (pd.Series([Decimal("1.10")], dtype=object), "2.20", Decimal("2.20"), "object"),
    (pd.Series([DAY], dtype=object), "2024-03-01", datetime.date(2024, 3, 1), "object"),
    (pd.Series([LARGE, None], dtype=object), str(LARGE + 2), LARGE + 2, "object"),
    (pd.Series([["a"]], dtype=object), '["b", 1]', ["b", 1], "object"),
    (pd.Series(["a", 1], dtype=object), "5", "5", "object"),
]


@pytest.mark.parametrize(("series", "cell", "wanted", "dtype"), ENTRIES)
@pytest.mark.parametrize("times", [1, 2501])
def test_what_is_entered_takes_the_type_of_its_column(
    series: pd.Series, cell: Any, wanted: Any, dtype: str, times: int
) -> None:  # TR-40 TR-41
    frame = pd.DataFrame({"a": pd.concat([series] * times, ignore_index=True)}).assign(b=0, c=0)
    found = edited(frame, put([0, 0, cell]))["a"]
    assert str(found.dtype) == dtype
    assert same(found.tolist()[0], wanted)
    assert all(map(same, found.tolist()[1:], frame["a"].tolist()[1:]))


@pytest.mark.parametrize(
    ("values", "dtype", "cell", "wanted", "after"),
    [
        ([LARGE], pl.Int64, str(LARGE + 2), LARGE + 2, pl.Int64),
        ([LARGE], pl.Int64, None, None, pl.Int64),
        ([LARGE], pl.Int64, "x", "x", pl.Object),
        ([1], pl.UInt8, 256, 256, pl.Object),
        ([1.5], pl.Float64, "inf", float("inf"), pl.Float64),
        ([0.5], pl.Float32, 0.25, 0.25, pl.Float32),
        ([Decimal("1.10")], pl.Decimal(10, 2), "2.20", Decimal("2.20"), pl.Decimal(10, 2)),
        (["a"], pl.String, "1,234", "1,234", pl.String),
        (["a"], pl.Enum(["a", "b"]), "b", "b", pl.Enum(["a", "b"])),
        (["a"], pl.Enum(["a", "b"]), "c", "c", pl.Object),
        ([DAY], pl.Date, "2024-03-01", datetime.date(2024, 3, 1), pl.Date),
        ([[1]], pl.List(pl.Int64), "[2, 3]", [2, 3], pl.List(pl.Int64)),
    ],
)
def test_what_is_entered_takes_the_type_of_its_column_of_polars(
    values: list[Any], dtype: Any, cell: Any, wanted: Any, after: Any
) -> None:  # TR-40 TR-41
    frame = pl.DataFrame({"a": pl.Series([*values, *values], dtype=dtype)})
    found = edited(frame, put([0, 0, cell]), type="polars")["a"]
    assert found.dtype == after and same(found.to_list()[0], wanted) and same(found.to_list()[1], values[0])


@pytest.mark.parametrize(
    ("array", "cell", "wanted", "after"),
    [
        (np.array([[LARGE]]), str(LARGE + 2), LARGE + 2, "int64"),
        (np.array([[LARGE]]), None, None, "object"),
        (np.array([["ab"]]), "longer", "longer", "<U6"),
        (np.array([[0.5]]), None, float("nan"), "float64"),
        (np.array([["2024-01-01"]], "M8[D]"), "2024-02-01", DAY.replace(day=1), "datetime64[D]"),
    ],
)
def test_what_is_entered_takes_the_type_of_an_array(
    array: Any, cell: Any, wanted: Any, after: str
) -> None:  # TR-40
    found = edited(array, put([0, 0, cell]), type="numpy")
    assert found.dtype == after and same(found.tolist()[0][0], wanted)


@pytest.mark.parametrize(
    ("value", "cells", "told"),
    [
        (pandas([1.5, NAN, INF]), [1.5, None, "inf"], {"numbers": [0], "missing": {"0": "NaN"}}),
        (pandas(pd.to_datetime(["2024-01-01", None])), ["2024-01-01", None], {"missing": {"0": "NaT"}}),
        (pandas(pd.array([1, None], dtype="Int64")), [1, None], {}),
        (PANDAS["Float64"].to_frame(), [1.0, "NaN", None], {"numbers": [0]}),
        (pandas([None, NAN, pd.NA, pd.NaT], dtype=object), [None, "NaN", "<NA>", "NaT"], {}),
        (pl.DataFrame({"a": [1.5, None, NAN, -INF]}), [1.5, None, "NaN", "-inf"], {"numbers": [0]}),
        ([[1.5], [float("-inf")], [None]], [1.5, "-inf", None], {"numbers": [0]}),
    ],
)
def test_what_is_missing_or_infinite_is_told_apart_on_a_page(
    value: Any, cells: list[Any], told: Any
) -> None:  # TR-41
    node = Dataframe(headers=["a"], col_count=1)
    page = json.loads(json.dumps(node.to_page(node.postprocess(value)), allow_nan=False))
    assert [row[0] for row in page["data"]] == cells
    assert {name: page[name] for name in ("numbers", "missing") if name in page} == told


def test_infinite_numbers_are_sorted_as_numbers_and_nan_comes_last() -> None:  # TR-41
    values = [1.0, float("nan"), float("inf"), -float("inf"), 2.0]
    for value in (
        pd.DataFrame({"a": values}),
        pl.DataFrame({"a": values}),
        np.array([values]).T,
        [[one] for one in values],
    ):
        table = Dataframe(headers=["a"], col_count=1).postprocess(value).origin
        assert list(map(int, table.view({"sort": [[0, False]]}))) == [3, 0, 4, 2, 1]
        assert list(map(int, table.view({"sort": [[0, True]]}))) == [2, 4, 0, 3, 1]
        assert list(map(int, table.view({"search": "inf"}))) == [2, 3]


def test_js_that_changes_one_cell_leaves_all_others_as_they_were() -> None:  # TR-40
    node = Dataframe()
    page = json.loads(
        json.dumps(node.to_page(node.postprocess(pd.DataFrame({"id": [LARGE, 1], "x": [0.5, 1]}))))
    )
    page["data"][1][0] = 7
    found = node.preprocess(node.from_page(page))
    assert found["id"].tolist() == [LARGE, 7] and found["x"].tolist() == [0.5, 1]
    assert found.dtypes.astype(str).tolist() == ["int64", "float64"]


def test_what_a_handler_does_to_a_cell_reaches_no_other_handler() -> None:  # TR-40
    for type, get in (("pandas", lambda df: df.iloc[0, 0]), ("array", lambda rows: rows[0][0])):
        node = Dataframe(type=type)
        given = [[["a"]]]
        wire = node.postprocess(pd.DataFrame({"x": [["a"]]}) if type == "pandas" else given)
        given[0][0].append("changed")
        get(node.preprocess(wire)).append("b")
        assert get(node.preprocess(wire)) == ["a"]


def test_a_table_of_another_type_with_the_same_cells_is_another() -> None:  # TR-40
    node = Dataframe()
    one, two = (node.postprocess(pd.DataFrame({"a": [1, 2]}, dtype=dtype)) for dtype in ("int64", "int8"))
    assert one != two and one == node.postprocess(pd.DataFrame({"a": [1, 2]})) and copy.deepcopy(one) == one
    assert node.preprocess(copy.deepcopy(two))["a"].dtype == "int8"
