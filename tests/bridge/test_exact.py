"""Numbers on the way between page and kernel."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblocks.bridge.exact import packed, unpacked, unsendable
from nbblocks.bridge.files import paths_in
from nbblocks.bridge.parsing import parse
from nbblocks.core.errors import MessageError

NUMBERS = st.integers() | st.floats() | st.sampled_from([2**53, -(2**53), 10**400, -0.0, 5e-324, 1e308])
KEYS = st.text(max_size=3) | st.sampled_from(["nbb:exact", "nbb:number"])
DATA = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5) | NUMBERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=10,
)


def strict(value: Any) -> Any:
    """As it comes to the other side, by JSON that has no words for infinities."""
    return json.loads(json.dumps(value, allow_nan=False))


@settings(deadline=None)
@given(value=DATA)
def test_what_was_packed_is_the_same_on_the_other_side(value: Any) -> None:  # TR-40 TR-41
    assert repr(unpacked(strict(packed(value)))) == repr(value)


@settings(deadline=None)
@given(value=st.integers() | st.lists(st.integers()))
def test_no_number_that_javascript_would_change_is_sent_bare(value: Any) -> None:  # TR-40
    text = json.dumps(packed(value))
    in_javascript = json.loads(text, parse_int=lambda digits: int(float(digits)))
    assert unpacked(in_javascript) == value


def test_what_json_carries_is_not_touched() -> None:
    value = {"a": [1, 2.5, "x", None, True, b"y", 2**53 - 1]}
    assert packed(value) is value and unpacked(value) is value


@pytest.mark.parametrize(
    "raw", [{"nbb:number": 3}, {"nbb:number": "x"}, {"nbb:number": "1" * 5000}, [{"nbb:number": None}]]
)
def test_a_page_may_pack_numbers_only(raw: Any) -> None:
    with pytest.raises(MessageError, match="expected a number as a text"):
        unpacked({"nbb:exact": raw})


def test_every_field_of_a_message_may_hold_any_number() -> None:  # TR-40
    seed = {"nbb:number": "9007199254740993"}
    message: Any = parse(
        {
            "type": "event", "view": "v", "seq": 0, "node": 1, "event": "submit",
            "data": {"nbb:exact": {"value": seed}},
            "values": {"nbb:exact": [[1, {"nbb:number": "Infinity"}], [2, seed]]},
        },
        [],
    )  # fmt: skip
    assert message["data"] == {"value": 9007199254740993}
    assert message["values"] == [(1, float("inf")), (2, 9007199254740993)]


def test_what_holds_itself_ends_no_search() -> None:  # TR-11
    value: dict[str, Any] = {"a": [1, 2]}
    value["self"] = [value]
    assert packed(value) is value and unsendable(value) is None and list(paths_in(value)) == []
