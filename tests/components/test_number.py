import json
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nbblocks.bridge.exact import unpacked
from nbblocks.components import Number, Slider
from nbblocks.core.errors import Error, MessageError


@pytest.mark.parametrize(
    ("precision", "given", "taken"),
    [(None, 1.25, 1.25), (None, 3, 3), (0, 2.6, 3), (1, 1.26, 1.3), (0, None, None)],
)
def test_a_number_is_rounded_both_ways(precision: int | None, given: Any, taken: Any) -> None:
    node = Number(precision=precision)
    assert node.preprocess(given) == taken  # CP-91
    assert node.postprocess(given) == taken
    assert type(node.preprocess(given)) is type(taken)


@pytest.mark.parametrize(
    ("value", "message"), [(1, "1 is less than the minimum 2"), (9, "9 is greater than the maximum 5")]
)
def test_bounds_hold_on_input_alone(value: float, message: str) -> None:
    node = Number(minimum=2, maximum=5)
    with pytest.raises(Error, match=message):  # CP-91
        node.preprocess(value)
    assert node.postprocess(value) == value


@pytest.mark.parametrize(
    ("given", "wire"),
    [
        ("", None), (" 1.5 ", 1.5), ("3", 3), ("9007199254740993", 2**53 + 1), (".5e3", 500.0),
        (Decimal("0.1"), 0.1), (Decimal(2**53 + 1), 2**53 + 1), (Fraction(1, 4), 0.25), (np.array([3]), 3),
        (pd.NA, None), (pd.NaT, None), (np.bool_(True), 1), (np.float16(0.5), 0.5), ("-Infinity", -math.inf),
    ],
)  # fmt: skip
def test_what_tells_a_number_is_one(given: Any, wire: Any) -> None:  # TR-45 CP-91
    found = Number().postprocess(given)
    assert (found, type(found)) == (wire, type(wire))
    if wire is not None:
        assert Slider(0, 10).postprocess(given) == wire


@pytest.mark.parametrize("given", ["three", "1,5", "0x10", "1_0", [1], np.array([1, 2]), 1j, object])
def test_what_tells_none_is_refused_in_words(given: Any) -> None:  # TR-45
    with pytest.raises(TypeError, match=r"Number expects a number, or a text such as '1\.5', got \w+"):
        Number().postprocess(given)


def test_a_number_that_cannot_be_written_down_is_refused() -> None:  # TR-40
    for given in (10**5000, Decimal("1e5000"), "1" + "0" * 5000):
        with pytest.raises((TypeError, ValueError), match="digits|expects a number"):
            Number().postprocess(given)


@pytest.mark.parametrize("given", [2**53 + 1, -(10**40), -0.0, 1e308, 5e-324, math.inf, -math.inf, math.nan])
def test_every_number_is_shown_and_comes_back_as_it_is(given: Any) -> None:  # TR-40 TR-41
    for node in (Number(), Number(precision=None if isinstance(given, float) else 0)):
        wire = node.postprocess(given)
        sent = json.loads(json.dumps(node.page_prop("value", wire), allow_nan=False))
        back = node.preprocess(node.from_page(unpacked(sent)))
        assert (repr(wire), repr(back)) == (repr(given), repr(given))


def test_rounding_leaves_infinities_alone() -> None:  # TR-41
    assert Number(precision=0).postprocess(math.inf) == math.inf


def test_bounds_of_any_size_are_exact() -> None:  # TR-40
    node = Number(minimum=2**53 + 1)
    assert node.preprocess(2**53 + 1) == 2**53 + 1
    with pytest.raises(Error, match="9007199254740992 is less than the minimum 9007199254740993"):
        node.preprocess(2**53)


def test_numpy_numbers_become_plain_ones() -> None:
    import numpy as np

    for given, kind in ((np.int64(3), int), (np.float32(3), float), (np.array(3.0), float)):
        assert type(Number().postprocess(given)) is kind


@pytest.mark.parametrize("raw", ["3", True, [1], {}])
def test_a_page_may_send_numbers_only(raw: Any) -> None:
    with pytest.raises(MessageError, match="expected a number"):
        Number().from_page(raw)


def test_its_events() -> None:
    assert set(Number.events) == {"change", "input", "submit", "focus", "blur"}  # CP-91
