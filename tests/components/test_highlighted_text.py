from typing import Any

import pytest

from nbblocks.components import HighlightedText
from nbblocks.components.shortcuts import component_of
from nbblocks.core.errors import MessageError

TEXT = "Ada went to London"
ENTITIES = [{"entity": "place", "start": 12, "end": 18}, {"entity_group": "person", "start": 0, "end": 3}]
PAIRS = [("Ada", "person"), (" went to ", None), ("London", "place")]


def tokens(*pairs: tuple[str, Any]) -> list[dict[str, Any]]:
    return [{"token": text, "class_or_confidence": kind} for text, kind in pairs]


def test_a_handler_gets_pairs_whatever_was_given() -> None:  # CP-124
    for given in (PAIRS, {"text": TEXT, "entities": ENTITIES}):
        node = HighlightedText(given)
        assert node.value is not None
        got = node.preprocess(node.value)
        assert got is not None and [pair for pair in got if pair[0]] == PAIRS
    assert HighlightedText().value is None and HighlightedText().preprocess(None) is None


def test_a_text_without_entities_is_one_part() -> None:  # CP-124
    assert HighlightedText({"text": TEXT, "entities": []}).value == tokens((TEXT, None))


def test_scores_may_come_from_numpy() -> None:
    numpy = pytest.importorskip("numpy")
    assert HighlightedText([("a", numpy.float32(0.5)), ("b", numpy.str_("x"))]).value == tokens(
        ("a", 0.5), ("b", "x")
    )


def test_neighbours_of_one_class_can_become_one_part() -> None:  # CP-124
    given = [("a", "x"), ("", None), ("b", "x"), ("c", None), ("d", None)]
    node = HighlightedText(given, combine_adjacent=True, adjacent_separator=" ")
    assert node.value == tokens(("a b", "x"), ("c d", None))
    assert HighlightedText(given, combine_adjacent=True).value == tokens(("ab", "x"), ("cd", None))


def test_the_whitespace_of_parts_can_be_stripped() -> None:  # CP-124
    assert HighlightedText([(" a ", "x")], show_whitespaces=False).value == tokens(("a", "x"))
    assert HighlightedText([(" a ", "x")]).value == tokens((" a ", "x"))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"text": TEXT}, "needs the keys 'text' and 'entities', got 'text'"),
        ({}, "needs the keys 'text' and 'entities', got none"),
        ({"text": TEXT, "entities": [{"start": 0, "end": 3}]}, "an entity needs 'start'"),
        ({"text": TEXT, "entities": [3]}, "an entity needs 'start'"),
        ([("a", "x", 1)], "is a pair of text and class"),
        (["ab"], "is a pair of text and class"),
        ("text", "expects pairs of text and class, or a dict, got str"),
        (5, "expects pairs of text and class, or a dict, got int"),
    ],
)
def test_what_is_no_marked_text_is_refused(given: Any, message: str) -> None:  # CP-124
    with pytest.raises(ValueError, match=message):
        HighlightedText(given)


@pytest.mark.parametrize("raw", ["x", [5], [{"token": 1}], [{"token": "a", "class_or_confidence": ["x"]}]])
def test_a_page_must_send_parts(raw: Any) -> None:  # CP-124
    with pytest.raises(MessageError, match="highlightedtext"):
        HighlightedText().from_page(raw)


def test_a_page_sends_parts_and_nothing_beside_them() -> None:
    sent = [{"token": "a", "class_or_confidence": 0.5, "onclick": "alert()"}]
    assert HighlightedText().from_page(sent) == tokens(("a", 0.5))


def test_its_parameters_and_events() -> None:  # CP-124
    node = HighlightedText(color_map={"x": "red"}, show_legend=True, show_inline_category=False, rtl=True)
    assert (node.color_map, node.show_legend, node.show_inline_category, node.rtl) == (
        {"x": "red"}, True, False, True,
    )  # fmt: skip
    assert set(HighlightedText.events) == {"change", "select", "input"}
    assert isinstance(component_of("highlight"), HighlightedText)  # CP-14
