"""Apps, and what stands in them, among widgets from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import ipywidgets
import pytest

import nbblocks as gr
from nbblocks import components, layout
from tests.support import FakeComm

Make = Callable[[Any], ipywidgets.Widget]
CONTAINERS: dict[str, Make] = {
    "Box": lambda one: ipywidgets.Box([one]),
    "VBox": lambda one: ipywidgets.VBox([one]),
    "HBox": lambda one: ipywidgets.HBox([one, ipywidgets.Text()]),
    "Tab": lambda one: ipywidgets.Tab([one]),
    "Accordion": lambda one: ipywidgets.Accordion(children=[one]),
    "Stack": lambda one: ipywidgets.Stack([one], selected_index=0),
    "GridBox": lambda one: ipywidgets.GridBox([one]),
    "AppLayout": lambda one: ipywidgets.AppLayout(header=one),
    "TwoByTwoLayout": lambda one: ipywidgets.TwoByTwoLayout(top_left=one),
}
SUBJECTS: dict[str, Callable[[], Any]] = {
    "an app": lambda: app_of(gr.Textbox)[0],
    "an Interface": lambda: gr.Interface(len, "text", "number"),
    "a TabbedInterface": lambda: gr.TabbedInterface([gr.Interface(len, "text", "number")]),
    "a component alone": lambda: gr.Textbox(),
    "a component of an app": lambda: app_of(gr.Textbox)[1],
    "a layout of an app": lambda: app_of(gr.Row)[1],
}


def app_of(cls: type[Any]) -> tuple[gr.Blocks, Any]:
    with gr.Blocks() as app:
        inside = cls()
    return app, inside


@pytest.fixture(autouse=True)
def closed(comms: list[FakeComm]) -> Iterator[None]:
    yield
    gr.close_all(verbose=False)
    ipywidgets.Widget.close_all()


def opened(comms: list[FakeComm], reference: str) -> dict[str, Any]:
    """What the comm that a reference names was opened with."""
    (found,) = [one for one in comms if f"IPY_MODEL_{one.comm_id}" == reference]
    return found.opened[0]["state"]


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("subject", SUBJECTS)
def test_it_is_a_widget_anywhere(comms: list[FakeComm], container: str, subject: str) -> None:  # TR-63
    one = SUBJECTS[subject]()
    box = CONTAINERS[container](one)
    reference = box.get_state("children")["children"][0]
    shown = opened(comms, reference)
    assert reference == f"IPY_MODEL_{one.model_id}"
    assert ("tree" in shown) is ("of an app" not in subject)
    if "block" in shown:
        roots = [f"anywidget:{one.comm_id}" for one in comms if "tree" in one.opened[0]["state"]]
        assert shown["block"] == one._id and [one.handle.root] == roots
    if getattr(one, "shown_alone", None):
        one.shown_alone.host.close()


@pytest.mark.parametrize("subject", SUBJECTS)
def test_it_has_a_place_and_a_size_among_widgets(comms: list[FakeComm], subject: str) -> None:  # TR-63
    one = SUBJECTS[subject]()
    grid = ipywidgets.GridspecLayout(2, 2)
    grid[0, :] = one
    one.layout.width = "300px"
    model = opened(comms, f"IPY_MODEL_{one.model_id}")
    if "tree" not in model:
        model |= one.handle.get_state("layout")
    assert model["layout"] == f"IPY_MODEL_{one.layout.model_id}"
    assert one.layout.grid_area == "widget001" and one.layout.width == "300px"
    if getattr(one, "shown_alone", None):
        one.shown_alone.host.close()


@pytest.mark.parametrize("name", [*components.__all__, *layout.__all__])
def test_every_block_of_an_app_is_a_widget(comms: list[FakeComm], name: str) -> None:  # TR-63
    with gr.Blocks():
        one = getattr(gr, name)()
        ipywidgets.VBox([one])
        assert one.handle.root is None  # the app is not built
    assert one.handle.root == f"anywidget:{one.host.root.model_id}"
    assert set(one._repr_mimebundle_()) >= {"application/vnd.jupyter.widget-view+json", "text/plain"}


def test_a_layout_that_comes_later_is_told(comms: list[FakeComm]) -> None:  # TR-63
    app, _ = app_of(gr.Textbox)
    app._repr_mimebundle_()
    (root,) = [one for one in comms if "tree" in one.opened[0]["state"]]
    reference = f"IPY_MODEL_{app.layout.model_id}"
    root.wait(lambda: [one for one, _ in root.sent if one.get("state", {}).get("layout") == reference])


def test_an_app_that_is_part_of_another_is_shown_as_part_of_it(comms: list[FakeComm]) -> None:  # TR-63
    inner, _ = app_of(gr.Textbox)
    with gr.Blocks() as outer:
        inner.render()
    ipywidgets.VBox([inner, outer])
    assert inner.handle.root == f"anywidget:{outer.model_id}"


def test_handles_end_with_their_app(comms: list[FakeComm]) -> None:  # TR-63
    app, inside = app_of(gr.Textbox)
    first = inside.model_id
    app.close(verbose=False)
    assert inside.handle is None and inside.model_id != first
