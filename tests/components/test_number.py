from typing import Any

import pytest

from nbblocks.components import Number
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


def test_a_returned_text_is_refused() -> None:
    with pytest.raises(TypeError, match="Number expects a number, got str: '3'"):  # CP-91
        Number().postprocess("3")


def test_numpy_numbers_become_plain_ones() -> None:
    import numpy as np

    for given, kind in ((np.int64(3), int), (np.float32(3), float), (np.array(3.0), float)):
        assert type(Number().postprocess(given)) is kind


def test_what_json_cannot_hold_empties_it() -> None:
    assert Number().postprocess(float("nan")) is None
    assert Number().postprocess(float("inf")) is None


@pytest.mark.parametrize("raw", ["3", True, float("nan"), float("inf"), [1]])
def test_a_page_may_send_finite_numbers_only(raw: Any) -> None:
    with pytest.raises(MessageError, match="expected a finite number"):
        Number().from_page(raw)


def test_its_events() -> None:
    assert set(Number.events) == {"change", "input", "submit", "focus", "blur"}  # CP-91
