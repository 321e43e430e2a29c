"""What holds for form and text components alike, where it is not said for every block in test_registry."""

from __future__ import annotations

from typing import Any

import pytest

import nbblocks as gr
from nbblocks import Blocks, Client, components
from nbblocks.components.shortcuts import class_of

GIVEN: dict[str, tuple[Any, Any]] = {
    "Textbox": (5, "5"),
    "TextArea": (5, "5"),
    "Number": (2.0, 2.0),
    "Slider": (7, 7),
    "Checkbox": (1, True),
    "CheckboxGroup": ("a", ["a"]),
    "Radio": ("a", "a"),
    "Dropdown": ("a", "a"),
    "ColorPicker": ("#fff", "#fff"),
    "DateTime": (0, "1970-01-01 00:00:00"),
    "HTML": (5, "5"),
    "Label": (5, {"label": "5", "confidences": None}),
    "JSON": ('{"a": 1}', {"a": 1}),
    "HighlightedText": ([("a", None)], [{"token": "a", "class_or_confidence": None}]),
    "Button": (5, "5"),
    "ClearButton": (5, "5"),
}
"""A user value, and the wire value that it is."""
OPTIONS: dict[str, dict[str, Any]] = {
    "CheckboxGroup": {"choices": ["a", "b"]},
    "Radio": {"choices": ["a", "b"]},
    "Dropdown": {"choices": ["a", "b"]},
    "DateTime": {"timezone": "UTC"},
}

every_one = pytest.mark.parametrize("name", GIVEN)


def make(name: str, **more: Any) -> Any:
    return getattr(components, name)(**OPTIONS.get(name, {}), **more)


@every_one
def test_a_constructor_value_is_a_user_value(name: str) -> None:  # CP-3 CP-4
    given, wire = GIVEN[name]
    assert make(name, value=given).value == wire
    assert make(name, value=lambda: given).value == wire  # CP-51


@every_one
def test_a_hidden_component_keeps_its_value(name: str) -> None:  # CP-7
    given, wire = GIVEN[name]
    for visible in (False, "hidden"):
        node = make(name, value=given, visible=visible)
        assert node.value == wire
        changes = {"visible": True}
        assert node.reconfigured(changes).props_changed_by(changes) == {"visible": True}


def test_a_hidden_component_is_input_and_output() -> None:  # CP-7
    with Blocks() as demo:
        secret = gr.Textbox("found", visible=False)
        out = gr.Textbox(visible="hidden")
        gr.Button().click(lambda text: text + "!", secret, out, api_name="shout")
    assert Client(demo).predict("kept", api_name="/shout") == "kept!"
    demo.close()


@every_one
def test_every_keyword_of_components_is_taken(name: str) -> None:  # CP-2
    given = {"scale": 2, "min_width": 50, "elem_id": "x", "elem_classes": ["a", "b"], "interactive": False}
    node = make(name, **given, key="k", preserved_by_key=["label"])
    assert {prop: getattr(node, prop) for prop in given} == given
    assert (node.key, node.preserved_by_key) == ("k", ["label"])
    with Blocks():
        assert not make(name, render=False).is_rendered
    lacking_min_width = name in ("HTML", "Button", "ClearButton")
    assert make(name).min_width == (None if lacking_min_width else 160)


@every_one
def test_a_callable_value_can_be_repeated(name: str) -> None:  # CP-2 CP-51
    with Blocks() as demo:
        source = gr.Textbox()
        node = make(name, value=lambda *_: GIVEN[name][0], every=5, inputs=[source])
    assert node.load_event is not None
    assert any(listener.every == 5 for listener in demo.fns.values())


@every_one
def test_it_has_a_shortcut(name: str) -> None:  # CP-14
    cls = getattr(components, name)
    assert class_of(name.lower()) == (cls, {})
    with pytest.raises(ValueError, match="no component has the shortcut"):
        class_of(name)


@pytest.mark.parametrize(
    "shortcut", ["highlighted_text", "color_picker", "date_time", "check_box_group", "text_area"]
)
def test_a_shortcut_may_be_written_in_several_words(shortcut: str) -> None:  # CP-14
    assert class_of(shortcut)[0].__name__.lower() == shortcut.replace("_", "")


@pytest.mark.parametrize("layout", ["row", "column", "tabs", "tab", "accordion", "group", "sidebar", "form"])
def test_a_layout_has_no_value_to_stand_for(layout: str) -> None:  # CP-14
    with pytest.raises(TypeError, match=f"{layout!r} is a layout"):
        class_of(layout)


@pytest.mark.parametrize("name", ["DuplicateButton", "LoginButton", "LogoutButton", "DeepLinkButton"])
def test_buttons_of_web_hosts_say_that_there_is_none(name: str) -> None:  # CP-82
    with pytest.raises(NotImplementedError, match=f"{name} needs a web server"):
        getattr(gr, name)()
    with pytest.raises(ValueError, match="no component has the shortcut"):
        class_of(name.lower())


def test_a_timer_has_an_interval_and_ticks() -> None:  # CP-101
    timer = gr.Timer()
    assert (timer.value, timer.active, gr.Timer(0.5, active=False).active) == (1, True, False)
    assert (
        timer.preprocess(timer.postprocess(2.5)) == 2.5 and timer.preprocess(timer.postprocess(None)) is None
    )
    assert {"change", "tick"} == set(gr.Timer.events)


def test_a_group_has_its_fields_in_one_frame_and_no_properties_of_its_own() -> None:  # CP-146
    with Blocks() as demo, gr.Group(elem_id="x") as group:
        gr.Textbox()
        gr.Number()
    (_, kind, (form,)) = demo.tree()[2][0]
    assert (kind, form[1], [child[1] for child in form[2]]) == ("group", "form", ["textbox", "number"])
    assert set(group.page_props) == {"visible", "elem_id", "elem_classes"}
