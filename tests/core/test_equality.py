"""Whether a wire value became different."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbblocks.core.equality import same
from nbblocks.core.filedata import FileData


class Odd:
    """Its comparison is the user's own."""

    def __eq__(self, other: object) -> bool:
        raise SystemExit("a comparison of the user's has run")

    __hash__ = None  # pyright: ignore[reportAssignmentType]


class OddText(str):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        raise SystemExit("a comparison of the user's has run")

    __hash__ = str.__hash__


@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: [1, x], lambda x: {"a": [x]}, lambda x: (x,)])
def test_no_comparison_of_a_user_s_is_called(wrap: Any) -> None:  # TR-21
    one = Odd()
    assert same(wrap(one), wrap(one))
    assert not same(wrap(one), wrap(Odd()))
    assert not same(wrap(one), wrap(1)) and not same(wrap("x"), wrap(one))
    assert same(wrap(OddText("a")), wrap(OddText("a"))) and not same(wrap(OddText("a")), wrap("b"))


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        (1, 1.0, True),
        (1, True, False),
        ([0], [False], False),
        (math.nan, math.nan, True),
        ({"a": [math.nan]}, {"a": [math.nan]}, True),
        (2**60, float(2**60), True),
        (2**60 + 1, float(2**60), False),
        ((1, 2), [1, 2], True),
        ("1", 1, False),
        (b"a", b"a", True),
        (Decimal(1), Decimal(1), True),
        (date(2020, 1, 1), date(2020, 1, 1), True),
        (np.int64(5), np.int64(5), True),
        (FileData(path="a"), FileData(path="a"), True),
        (FileData(path="a"), FileData(path="b"), False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
    ],
)
def test_what_is_the_same(a: Any, b: Any, equal: bool) -> None:  # EV-127
    assert same(a, b) is equal and same(b, a) is equal


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_a_copy_is_the_same(value: Any) -> None:
    import copy

    assert same(value, copy.deepcopy(value))
    assert not same(value, [value, 0])
