"""Notebooks that are opened again: the page is loaded anew, with a kernel or without one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import Locator, expect

from .lab import PATHS, Jupyter

TALL = "from IPython.display import HTML\nHTML('<div style=\"height: 1500px\">tall</div>')"
DRAWN = """
import pandas as pd
import nbblocks as gr
frame = pd.DataFrame({"x": [1, 2, 3], "y": [3, 1, 2], "kind": ["a", "b", "a"]})
with gr.Blocks() as demo:
    gr.Code("def f(x):\\n    return x", language="python", label="Code")
    gr.LinePlot(frame, x="x", y="y", label="Line")
    gr.BarPlot(frame, x="kind", y="y", label="Bar")
    gr.Dataframe(frame, label="Table")
demo
"""
pytestmark = pytest.mark.timeout(120 + 30 * int(os.environ.get("NBBLOCKS_RELOADS", "1")))
RELOADS = int(os.environ.get("NBBLOCKS_RELOADS", "1"))
DOWN = "() => jupyterapp.shell.currentWidget.content.scrollToItem(2)"
INK = "all => all.map((el) => getComputedStyle(el).fill)"


def looks(app: Locator) -> tuple[list[str], list[int]]:
    """The colours of the charts' texts, and the widths of the table's columns."""
    expect(app.locator(".nbb-native-place svg.marks")).to_have_count(2)
    expect(app.locator(".cm-content")).to_contain_text("return x")
    expect(app.locator(".nbb-grid [role=columnheader]").first).to_be_visible()
    expect(app.locator(".nbb-mishap")).to_have_count(0)
    widths = "all => all.map((el) => Math.round(el.getBoundingClientRect().width))"
    ink = app.locator(".nbb-native-place svg text").evaluate_all(INK)
    return ink, app.locator(".nbb-grid [role=columnheader]").evaluate_all(widths)


@pytest.fixture
def stock(jupyter: Jupyter) -> Iterator[None]:
    """Cells are put into the page as they come in sight, as JupyterLab does unless told otherwise."""
    path = f"{jupyter.url}/lab/api/settings/@jupyterlab/notebook-extension:tracker"
    before = jupyter.context.request.get(path).json()["raw"]
    jupyter.context.request.put(path, data={"raw": "{}"})
    yield
    jupyter.context.request.put(path, data={"raw": before})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_page_that_is_loaded_again_draws_as_a_fresh_one(
    stock: None, open_notebook: Any, theme: Any
) -> None:  # TR-60
    book = open_notebook(TALL, TALL, DRAWN, fresh=True)
    book.theme(theme)
    book.run_all()
    app = book.output(2).locator(".nbb-app")
    book.page.evaluate(DOWN)
    fresh = looks(app)
    book.save()
    for _ in range(RELOADS):
        book.reload()
        book.page.evaluate(DOWN)
        assert looks(app) == fresh


LATE = """
import anywidget, traitlets

class Late(anywidget.AnyWidget):
    _esm = '''
    export default { async render({ model, el, host, signal }) {
      const place = document.createElement("div");
      const widget = await host.getWidget(model.get("shown"));
      await widget.render({ el: place, signal });
      window.late = { place, show: () => el.append(place) };
    } }
    '''
    shown = traitlets.Unicode().tag(sync=True)

Late(shown=f"anywidget:{demo.model_id}")
"""


def test_what_is_drawn_without_a_place_looks_right_once_it_has_one(open_notebook: Any) -> None:  # TR-60
    book = open_notebook(DRAWN, LATE)
    book.run_all()
    first, second = (book.output(index).locator(".nbb-app") for index in (0, 1))
    fresh = looks(first)
    book.page.wait_for_function("() => window.late")
    book.page.wait_for_timeout(1000)  # for whatever draws itself without a place
    book.page.evaluate("() => late.show()")
    assert looks(second) == fresh
    book.page.evaluate("() => late.place.remove()")
    book.theme("dark")
    dark = looks(first)
    book.page.wait_for_timeout(1000)
    book.page.evaluate("() => late.show()")
    expect(second.locator(".nbb-native-place svg text").first).to_have_css("fill", dark[0][0])
    assert looks(second) == dark and dark[0] != fresh[0]


KEPT = """
import nbblocks as gr
with gr.Blocks() as demo:
    name = gr.Textbox("nobody", label="Name")
    out = gr.Textbox(label="Out")
    name.change(str.upper, name, out)
demo
"""


def test_a_notebook_without_a_kernel_shows_the_last_state(
    jupyter: Jupyter, open_notebook: Any, new_page: Any
) -> None:  # TR-62
    book = open_notebook(KEPT, fresh=True)
    book.run_cell(0)
    picture, app = book.page.locator(".nbb-kept"), book.output(0).locator(".nbb-app")
    app.get_by_label("Name").fill("Grace")
    expect(app.get_by_label("Out")).to_have_value("GRACE")
    expect(picture).to_be_hidden()
    kept = "() => JSON.stringify(jupyterapp.shell.currentWidget.content.widgets[0].model.outputs.toJSON())"
    book.page.wait_for_function(f"() => ({kept})().includes('GRACE')")
    book.save()
    jupyter.end_kernels(book.name)
    page = new_page()
    page.goto(jupyter.url + PATHS["lab"].format(name=book.name, stem="again"))
    expect(page.locator(".nbb-kept")).to_contain_text("GRACE")
    expect(page.locator(".nbb-kept")).to_be_visible()
    expect(page.get_by_text("Error displaying widget")).to_be_hidden()
    static = new_page()
    static.set_content(HTMLExporter().from_filename(str(jupyter.root / book.name))[0])
    expect(static.locator(".nbb-kept")).to_contain_text("GRACE")
