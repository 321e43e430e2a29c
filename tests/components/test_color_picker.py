from typing import Any

import pytest

from nbblocks.components import ColorPicker
from nbblocks.core.errors import MessageError


def test_its_value_is_a_text_both_ways() -> None:  # CP-97
    picker = ColorPicker("#1769d2")
    assert picker.preprocess(picker.value) == "#1769d2"
    assert picker.postprocess(0xFF) == "255"
    assert ColorPicker().value is None and picker.preprocess(None) is None


def test_its_events() -> None:  # CP-97
    assert set(ColorPicker.events) == {"change", "input", "release", "submit", "focus", "blur"}


@pytest.mark.parametrize("raw", [5, ["#fff"], "red; background: url(x)", "<b>", "#" * 65])
def test_a_page_may_send_what_can_be_a_colour_only(raw: Any) -> None:  # CP-97
    with pytest.raises(MessageError, match="value of colorpicker: expected a colour"):
        ColorPicker().from_page(raw)


@pytest.mark.parametrize(
    "raw", [None, "", "#12ab9F", "rgb(1 2 3 / 50%)", "hsl(120, 1%, 2%)", "oklch(.5 .1 9)"]
)
def test_a_page_may_send_any_colour_that_css_knows(raw: Any) -> None:  # CP-97
    assert ColorPicker().from_page(raw) == raw
