import pytest

import nbblocks as gr
from nbblocks.components import TextArea, Textbox
from nbblocks.core.errors import MessageError


@pytest.mark.parametrize(("given", "shown"), [("a", "a"), (3, "3"), (None, None), ([1], "[1]"), ("", "")])
def test_what_a_handler_returns_is_shown_as_text(given: object, shown: object) -> None:
    assert Textbox().postprocess(given) == shown  # CP-90


def test_a_handler_gets_text_or_none() -> None:
    assert Textbox().preprocess("a") == "a"  # CP-90
    assert Textbox().preprocess(None) is None


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(
        ValueError, match="type of Textbox must be one of 'text', 'password', 'email', got 'url'"
    ):
        Textbox(type="url")  # CP-90


@pytest.mark.parametrize("type", ["password", "email"])
def test_a_password_has_one_line(type: str) -> None:
    with pytest.warns(UserWarning, match="lines=3 has no effect"):
        assert Textbox(lines=3, type=type).lines == 1  # CP-90


def test_a_page_may_send_text_only() -> None:
    assert Textbox().from_page("ä") == "ä"
    assert Textbox().from_page(None) is None
    for raw in (["a"], {"a": 1}):
        with pytest.raises(MessageError, match="value of textbox"):
            Textbox().from_page(raw)


def test_a_text_area_is_a_textbox_of_seven_lines() -> None:
    area = TextArea("a", placeholder="b")
    assert (area.lines, area.value, area.placeholder) == (7, "a", "b")  # CP-14
    assert (area.type_name, area.page_type) == ("textbox", "textbox")
    assert area.reconfigured({"placeholder": "c"}).lines == 7


def test_the_copy_button_can_be_asked_for_in_two_ways() -> None:
    assert Textbox(show_copy_button=True).show_copy_button  # CP-200
    assert Textbox(buttons=["copy"]).show_copy_button
    with pytest.warns(UserWarning, match=r"buttons=\[\] wins over show_copy_button=True"):
        assert not Textbox(buttons=[], show_copy_button=True).show_copy_button


def test_an_update_of_buttons_reaches_the_page() -> None:
    changes = {"buttons": ["copy"]}
    copy = Textbox().reconfigured(changes)
    assert copy.props_changed_by(changes) == {"buttons": ["copy"], "show_copy_button": True}


def test_its_events() -> None:
    assert set(Textbox.events) == {
        "change",
        "input",
        "select",
        "submit",
        "focus",
        "blur",
        "stop",
        "copy",
    }  # CP-90


def test_a_number_from_a_client_is_taken_for_its_text() -> None:  # CP-90
    assert [Textbox().from_page(given) for given in (2, 2.5, "a", None)] == ["2", "2.5", "a", None]
    assert gr.Interface(lambda x: int(x) ** 2, "textbox", "number")(2) == 4
