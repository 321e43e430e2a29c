"""Widget: what stands elsewhere in the notebook as a component."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import anywidget
import ipywidgets
import pytest
import traitlets

import nbblocks as gr
from nbblocks.core.errors import MessageError


@pytest.fixture(autouse=True)
def close_widgets() -> Iterator[None]:
    yield
    ipywidgets.Widget.close_all()


class Counter(anywidget.AnyWidget):
    _esm = "export default { render() {} }"
    count = traitlets.Int(0).tag(sync=True)


def test_its_value_is_the_widgets_trait_both_ways() -> None:
    slider = ipywidgets.IntSlider(3)
    widget = gr.Widget(slider)
    assert widget.value == 3
    slider.value = 5
    assert widget.value == 5
    widget.value = 7
    assert slider.value == 7


def test_any_trait_of_any_widget_can_be_the_value() -> None:
    counter = Counter(count=2)
    widget = gr.Widget(counter, trait="count")
    widget.value = 4
    assert counter.count == 4
    assert widget.model == f"IPY_MODEL_{counter.model_id}"


def test_it_is_an_input_and_an_output() -> None:
    slider, text = ipywidgets.IntSlider(3), ipywidgets.Text("a")
    with gr.Blocks() as demo:
        number, word = gr.Widget(slider), gr.Widget(text)
        gr.Button().click(lambda n, w: w * n, [number, word], word, api_name="repeat")
    with gr.Client(demo) as client:
        assert client.predict(2, "b", api_name="/repeat") == "bb"
    assert text.value == "a"  # a Client has values of its own


def test_a_value_that_does_not_fit_is_the_traits_own_error() -> None:
    widget = gr.Widget(ipywidgets.IntSlider(3))
    with pytest.raises(traitlets.TraitError):
        widget.value = "many"


def test_a_page_gets_no_value_and_may_send_what_the_trait_takes() -> None:
    widget = gr.Widget(Counter(count=3), "count")
    assert widget.to_page(3) is None
    assert widget.from_page(4) == 4
    with pytest.raises(MessageError, match="expected an int"):
        widget.from_page("4")


@pytest.mark.parametrize("given", [3, "x", gr.Slider(render=False), ipywidgets.Layout()])
def test_only_widgets_with_a_view_are_taken(given: Any) -> None:
    with pytest.raises(TypeError, match="Widget needs a widget of ipywidgets or anywidget, got"):
        gr.Widget(given)


def test_an_unknown_trait_is_named() -> None:
    with pytest.raises(ValueError, match="IntSlider has no trait 'count'; it has .*value"):
        gr.Widget(ipywidgets.IntSlider(), trait="count")
