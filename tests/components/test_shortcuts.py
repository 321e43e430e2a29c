import pytest

from nbblocks import Blocks
from nbblocks.components import Button, ClearButton, State, TextArea, Textbox, UploadButton
from nbblocks.components.shortcuts import component_of, get_component_instance


@pytest.mark.parametrize(
    ("shortcut", "cls"),
    [
        ("textbox", Textbox),
        ("text", Textbox),
        ("button", Button),
        ("clearbutton", ClearButton),
        ("upload_button", UploadButton),
        ("state", State),
        ("textarea", TextArea),
    ],
)
def test_a_shortcut_stands_for_a_component(shortcut: str, cls: type) -> None:
    assert type(component_of(shortcut)) is cls  # CP-14 AP-96


def test_a_dict_gives_parameters() -> None:
    node = component_of({"name": "textarea", "placeholder": "a"}, label="b")
    assert isinstance(node, Textbox)
    assert (node.lines, node.placeholder, node.label) == (7, "a", "b")  # CP-14


def test_a_component_stands_for_itself() -> None:
    box = Textbox()
    assert component_of(box) is box


@pytest.mark.parametrize("shortcut", ["Textbox", "TEXT", "txtbox", "", "excel"])
def test_an_unknown_shortcut_is_refused(shortcut: str) -> None:
    with pytest.raises(ValueError, match=f"no component has the shortcut {shortcut!r}"):  # CP-14
        component_of(shortcut)


@pytest.mark.parametrize("given", ["row", "accordion", 3, None, {"label": "a"}])
def test_what_is_no_component_is_refused(given: object) -> None:
    with pytest.raises(TypeError, match="component"):  # CP-14
        component_of(given)


def test_an_instance_is_placed_or_taken_out() -> None:
    with Blocks():
        assert not get_component_instance("textbox").is_rendered
        made = get_component_instance("textbox", render=True)
        assert made.is_rendered
        assert get_component_instance(made, unrender=True) is made
        assert not made.is_rendered
