from typing import Any

import pytest

from nbblocks.components import Checkbox
from nbblocks.core.errors import MessageError


@pytest.mark.parametrize(
    ("given", "ticked"), [(True, True), (None, False), (1, True), ("", False), ([0], True)]
)
def test_what_a_handler_returns_counts_as_yes_or_no(given: Any, ticked: bool) -> None:
    assert Checkbox().postprocess(given) is ticked  # CP-93


@pytest.mark.parametrize("raw", [1, 0, None, "true"])
def test_a_page_may_send_true_or_false_only(raw: Any) -> None:
    with pytest.raises(MessageError, match="expected true or false"):
        Checkbox().from_page(raw)


def test_its_events() -> None:
    assert set(Checkbox.events) == {"change", "input", "select"}  # CP-93
