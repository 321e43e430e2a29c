from typing import Any

import pytest

from nbblocks import Blocks
from nbblocks.bridge.layout import Form
from nbblocks.components import Button, State, Textbox
from nbblocks.layout import Accordion, Column, Group, Row, Tab, TabItem, Tabs


def shape(tree: list[Any]) -> Any:
    _, type, children = tree
    return (type, [shape(child) for child in children]) if children else type


def test_what_they_are_without_arguments() -> None:
    row, column = Row(), Column()
    assert (row.variant, row.equal_height, row.show_progress) == ("default", False, False)  # CP-141
    assert (column.scale, column.min_width, column.variant) == (1, 320, "default")  # CP-142
    assert Tabs().selected is None  # CP-143
    assert (Tab("a").label, Tab().interactive, Tab().id) == ("a", True, None)  # CP-144
    assert (Accordion("a").label, Accordion().open, Accordion(open=False).open) == (
        "a",
        True,
        False,
    )  # CP-145


def test_their_events() -> None:
    assert (Tabs.events, Tab.events, Accordion.events) == (
        ("change", "select"),
        ("select",),
        ("expand", "collapse"),
    )
    assert (Row.events, Column.events, Group.events) == ((), (), ())


@pytest.mark.parametrize("cls", [Row, Column, Group, Accordion])
def test_blocks_stand_in_the_innermost_layout(cls: type[Any]) -> None:
    with Blocks() as demo, cls() as outer:
        with Column() as inner:
            button = Button()
        other = Button()
    assert (button.parent, other.parent, inner.parent, outer.parent) == (inner, outer, outer, demo)  # CP-149


def test_neighbouring_tabs_outside_of_tabs_share_one() -> None:
    with Blocks() as demo:
        with Tab("a"):
            Button()
        with TabItem("b"):
            Button()
        Button()
        with Tab("c"):
            pass
    tabs = ("tabs", [("tab", ["button"]), ("tab", ["button"])])
    assert shape(demo.tree()) == ("blocks", [tabs, "button", ("tabs", ["tab"])])  # CP-144


def test_tabs_keep_their_own_tabs() -> None:
    with Blocks() as demo, Tabs(selected="b"), Tab("a", id="a"):
        pass
    assert shape(demo.tree()) == ("blocks", [("tabs", ["tab"])])


def test_neighbouring_fields_share_a_frame() -> None:
    with Blocks() as demo, Row():
        Textbox(scale=2)
        State()
        Textbox(scale=1)
        Button()
        Textbox(container=False)
    assert shape(demo.tree())[1] == [
        ("row", [("form", ["textbox", "textbox"]), "button", "textbox"])
    ]  # CP-148
    form = demo.children[0].children[0]
    assert isinstance(form, Form) and form.scale == 3


def test_switching_tabs_is_an_update() -> None:
    changes = Tabs(selected=2).constructor_args
    assert Tabs().reconfigured(changes).props_changed_by(changes) == {"selected": 2}  # CP-143


def test_a_tab_takes_its_first_parameters_by_position() -> None:
    tab = Tab("a", False, False)
    assert (tab.label, tab.visible, tab.interactive) == ("a", False, False)  # CP-144
    assert tab.constructor_args == {"label": "a", "visible": False, "interactive": False}


def test_a_tab_has_one_name_in_the_config() -> None:
    with Blocks() as demo, Tabs():
        tabs = [Tab(visible=False), TabItem()]
    types = {one["id"]: one["type"] for one in demo.config["components"]}
    assert [types[tab._id] for tab in tabs] == ["tabitem", "tabitem"]  # AP-14
    config = tabs[0].get_config()
    assert (config["name"], config["visible"]) == ("tabitem", False)


def test_no_layout_has_a_value() -> None:
    assert not any(cls.has_value for cls in (Row, Column, Group, Accordion, Tab, Tabs))


def test_what_there_is_no_room_for() -> None:  # CP-143 CP-144 CP-145
    assert (Tabs().overflow_behavior, Tabs(overflow_behavior="wrap").overflow_behavior) == ("menu", "wrap")
    with pytest.raises(ValueError, match="overflow_behavior of Tabs must be 'menu' or 'wrap', got 'hide'"):
        Tabs(overflow_behavior="hide")  # pyright: ignore[reportArgumentType]
    tab = Tab(alignment="right", height=100, max_height="50vh")
    assert (tab.alignment, tab.height, tab.max_height) == ("right", 100, "50vh")
    with pytest.raises(ValueError, match="alignment of Tab must be 'left' or 'right', got 'top'"):
        Tab(alignment="top")  # pyright: ignore[reportArgumentType]
    fold = Accordion(height="10em", max_height=200)
    assert (fold.height, fold.max_height) == ("10em", 200)
