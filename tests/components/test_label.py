import enum
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nbblocks.bridge.exact import unpacked
from nbblocks.components import Label
from nbblocks.core.errors import MessageError


class Color(enum.Enum):
    RED = "red"


def test_confidences_are_sorted_and_cut() -> None:
    wire = Label(num_top_classes=2).postprocess({"a": 0.1, "b": 0.7, "c": 0.2})
    assert wire == {  # CP-122
        "label": "b",
        "confidences": [{"label": "b", "confidence": 0.7}, {"label": "c", "confidence": 0.2}],
    }
    assert Label().preprocess(wire) == {"b": 0.7, "c": 0.2}


@pytest.mark.parametrize(("given", "taken"), [("a", "a"), (3, "3"), (None, None), ({}, None)])
def test_a_class_alone(given: Any, taken: Any) -> None:
    assert Label().preprocess(Label().postprocess(given)) == taken  # CP-122


def test_a_json_file_holds_confidences(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"label": "b", "confidences": [{"label": "b", "confidence": 0.5}]}))
    assert Label().preprocess(Label().postprocess(str(file))) == {"b": 0.5}  # CP-122


def test_a_list_is_refused() -> None:
    with pytest.raises(
        ValueError, match="Label expects a str, a number or a dict of confidences, got list"
    ):  # CP-122
        Label().postprocess(["a"])


@pytest.mark.parametrize(
    "raw", ["a", {}, {"label": True}, {"label": "a", "confidences": [{"label": "a", "confidence": "x"}]}]
)
def test_a_client_must_send_the_form_the_page_holds(raw: Any) -> None:
    with pytest.raises(MessageError, match="value of label"):
        Label().from_page(raw)


def test_what_the_page_holds_comes_back() -> None:
    wire = Label().postprocess({"a": 1})
    assert Label().from_page(wire) == wire
    assert Label().from_page(None) is None


def test_numbers_as_classes_stay_numbers() -> None:  # CP-122
    node = Label()
    wire = node.postprocess({3: 0.7, np.int64(1): 0.2, (0, 1): 0.1})
    assert wire is not None and wire.label == 3
    assert json.loads(wire.model_dump_json()) == wire
    assert node.preprocess(node.from_page(wire.model_dump())) == {3: 0.7, 1: 0.2, "(0, 1)": 0.1}


@pytest.mark.parametrize("score", ["", None, pd.NA, float("nan")])
def test_what_has_no_confidence_stands_last(score: Any) -> None:  # TR-41 TR-45
    wire = Label().postprocess({"a": score, "b": "0.25", "c": Decimal("0.5"), "d": float("inf")})
    assert wire is not None and wire.confidences is not None
    assert [one.label for one in wire.confidences] == ["d", "c", "b", "a"]
    last = wire.confidences[-1].confidence
    assert last != last if isinstance(score, float) else last is None
    assert repr(Label().from_page(unpacked(Label().page_prop("value", wire)))) == repr(wire)


def test_a_class_may_be_any_number_or_enum() -> None:  # TR-40 TR-45
    wire = Label().postprocess({2**60 + 1: 0.5, Color.RED: 0.4, np.int64(3): 0.3})
    assert wire is not None and wire.confidences is not None
    assert [one.label for one in wire.confidences] == [2**60 + 1, "red", 3]


def test_a_confidence_that_is_none_is_named() -> None:  # TR-45
    with pytest.raises(TypeError, match="Label expects a number, or a text such as '1.5', got str: 'high'"):
        Label().postprocess({"a": "high"})
