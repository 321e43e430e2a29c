from typing import Any

import pytest

from nbblocks import Blocks
from nbblocks.components import Textbox
from nbblocks.layout import Sidebar


def test_what_it_is_without_arguments() -> None:  # CP-147
    side = Sidebar()
    assert (side.label, side.open, side.width, side.position) == (None, True, 320, "left")
    assert Sidebar.events == ("expand", "collapse") and not Sidebar.has_value


def test_it_holds_blocks_and_stands_among_others() -> None:  # CP-147
    with Blocks() as demo:
        with Sidebar("Settings", width="20em", position="right") as side:
            inner = Textbox()
        outer = Textbox()
    assert demo.children[0] is side and side.width == "20em"
    assert inner.parent.parent is side and outer.parent.parent is demo


def test_an_update_opens_it() -> None:  # CP-147
    changes: dict[str, Any] = {"open": True}
    assert Sidebar(open=False).reconfigured(changes).props_changed_by(changes) == {"open": True}


def test_it_has_two_sides() -> None:  # CP-147
    with pytest.raises(ValueError, match="position of Sidebar must be 'left' or 'right', got 'top'"):
        Sidebar(position="top")  # pyright: ignore[reportArgumentType]
