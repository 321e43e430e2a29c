"""Several apps in one."""

from __future__ import annotations

from typing import Any

import pytest

import nbblocks as gr
from tests.support import FakeComm, Page


def pair() -> tuple[gr.Interface, gr.Interface]:
    return gr.Interface(str.upper, "text", "text"), gr.Interface(str.lower, "text", "text")


def tabs_of(app: gr.Blocks) -> list[Any]:
    return [node for node in app.blocks.values() if isinstance(node, gr.Tab)]


def test_each_app_has_a_tab_and_its_events(comms: list[FakeComm]) -> None:  # CP-180
    upper, lower = pair()
    with gr.Blocks() as third:
        text = gr.Textbox()
        third.load(lambda: "loaded", None, text)
    app = gr.TabbedInterface([upper, lower, third], ["Up", "Down", "More"])
    assert [tab.label for tab in tabs_of(app)] == ["Up", "Down", "More"]
    assert [tab.children[0] for tab in tabs_of(app)] == [upper, lower, third]
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    page.until(text, "loaded")
    for io, out in ((upper, "AB"), (lower, "ab")):
        page.fire(io.submit_btn, "click", values=[(io.input_components[0], "aB")])
        page.until(io.output_components[0], out)


def test_endpoints_keep_apart() -> None:
    with gr.Client(gr.TabbedInterface(list(pair()))) as client:
        assert client.predict("aB", api_name="/predict") == "AB"
        assert client.predict("aB", api_name="/predict_1") == "ab"


def test_tabs_have_numbers_where_they_have_no_names() -> None:  # CP-180
    assert [tab.label for tab in tabs_of(gr.TabbedInterface(list(pair())))] == ["Tab 0", "Tab 1"]
    with pytest.warns(UserWarning, match="tab_names has 1 names for 2 apps"):
        app = gr.TabbedInterface(list(pair()), ["Up"])
    assert [tab.label for tab in tabs_of(app)] == ["Up", "Tab 1"]


def test_it_takes_a_title_and_parameters_of_its_tabs() -> None:  # CP-180
    app = gr.TabbedInterface(list(pair()), title="Both", theme="soft", tabs_kwargs={"selected": 1})
    (tabs,) = (node for node in app.blocks.values() if isinstance(node, gr.Tabs))
    assert (app.title, app.theme.name, tabs.selected) == ("Both", "soft", 1)
    (heading,) = (node for node in app.blocks.values() if isinstance(node, gr.Markdown))
    assert "Both" in heading.value


def test_it_stands_in_other_apps() -> None:  # CP-149
    with gr.Blocks() as app, gr.Row():
        tabbed = gr.TabbedInterface(list(pair()))
    assert list(app.children[0].children) == [tabbed] and len(tabs_of(app)) == 2
    assert [len(tab.children) for tab in tabs_of(app)] == [1, 1]


def test_what_cannot_be_is_refused() -> None:
    upper, _ = pair()
    with pytest.raises(TypeError, match="interface_list must hold apps, got str: 'text'"):
        gr.TabbedInterface(["text"])  # type: ignore[list-item]
    with pytest.raises(gr.DuplicateBlockError):
        gr.TabbedInterface([upper, upper])
