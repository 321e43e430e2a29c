from typing import Any

import numpy as np
import pytest

from nbblocks.components import JSON
from nbblocks.core.errors import Error, MessageError


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"a": [1, None]}, {"a": [1, None]}),
        ('{"a": 1}', {"a": 1}),
        ({"a": np.array([1, 2]), "b": np.float64(0.5)}, {"a": [1, 2], "b": 0.5}),
        ([float("nan"), {1}, (2,), {3: 4}], [None, [1], [2], {"3": 4}]),
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
