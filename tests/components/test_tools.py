from typing import Any

import pytest

from nbblocks import Blocks, components
from nbblocks.components import Button, Checkbox, Number, Slider, Textbox
from nbblocks.components.tools import ToolField
from nbblocks.layout import Row

FIELDS = [
    cls
    for name in components.__all__
    if isinstance(cls := getattr(components, name), type) and issubclass(cls, ToolField)
]


@pytest.mark.parametrize("cls", FIELDS)
def test_the_authors_buttons_leave_their_place_and_go_with_the_field(cls: type[Any]) -> None:  # CP-2
    with Blocks() as demo:
        with Row() as row:
            button = Button("Look up")
        field = cls(buttons=[button])
    assert row.children == [] and button.parent is field and button.is_rendered
    assert field.tree()[2] == [[button._id, "button", []]]
    assert button._id in demo.blocks


def test_their_clicks_are_heard() -> None:
    with Blocks() as demo:
        box = Number(buttons=[button := Button("Roll", render=False)])
        button.click(lambda: 4, None, box)
    (trigger,) = next(iter(demo.fns.values())).triggers
    assert (trigger.source, trigger.event) == (button, "click")


def test_a_field_that_is_taken_out_takes_its_buttons_along() -> None:
    with Blocks() as demo:
        button = Button(render=False)
        box = Checkbox(buttons=[button])
        box.unrender()
        assert button._id not in demo.blocks and not button.is_rendered
        box.render()
    assert button._id in demo.blocks


def test_names_and_buttons_are_told_apart() -> None:
    button = Button()
    box = Textbox(buttons=["copy", button])
    assert box.show_copy_button and box.buttons == ["copy"] and box.children == [button]
    assert Slider(buttons=[button]).buttons == [] and Slider().buttons is None
    with pytest.raises(TypeError, match="buttons must be names such as 'copy' or Buttons, got int: 5"):
        Number(buttons=[5])  # pyright: ignore[reportArgumentType]
