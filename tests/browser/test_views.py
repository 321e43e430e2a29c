"""Two views of each app on one page: one of them goes, and the other has all there is, and works."""

from __future__ import annotations

import re
from typing import Literal

import nbformat
import pytest
from playwright.sync_api import expect

from .gallery import LAZY, NOTEBOOK
from .lab import Jupyter
from .stage import PRELUDE, Stage

CLOSE = """(cells) => {
  const { widgets } = window.jupyterapp.shell.currentWidget.content;
  for (const at of cells) widgets[at].model.outputs.clear();
}"""
UNDRAWN = """() => [...document.querySelectorAll(".nbb-app")].flatMap((app) =>
  [...app.querySelectorAll("img, .nbb-small, :is(.nbb-spinner, .nbb-coming, .nbb-mishap, .nbb-note)")]
  .filter((el) => {
    if (el.localName === "img") return !(el.complete && el.naturalWidth);
    return el.className !== "nbb-small" || !el.querySelector("img, video");
  }).map((el) => el.outerHTML.slice(0, 300)))"""
COUNT = """() => ["img", "svg.marks", "[role=gridcell]", ".cm-content", ".katex", ".nbb-block", "input"]
  .map((one) => document.querySelectorAll(`.nbb-app ${one}`).length)"""
COUNTED = """() => {
  window.__nbb_made = new Set();
  const { createObjectURL, revokeObjectURL } = URL;
  URL.createObjectURL = (file) => {
    const address = createObjectURL.call(URL, file);
    window.__nbb_made.add(address);
    return address;
  };
  URL.revokeObjectURL = (address) => {
    window.__nbb_made.delete(address);
    revokeObjectURL.call(URL, address);
  };
}"""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("gone", ["first", "second"])
def test_each_app_of_the_gallery_works_in_the_view_that_stays(
    jupyter: Jupyter, gone: Literal["first", "second"]
) -> None:  # TR-50
    """The other one goes at once, while both fetch what they show."""
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    begin, *apps = [cell.source for cell in cells if cell.cell_type == "code"]
    assert all(source.rpartition("\n")[2].startswith("demo") for source in apps)
    sources = [begin, *(source for app in apps for source in (app, "demo"))]
    with jupyter.notebook(*sources, hide_code=True, fresh=True) as book:
        page = book.page
        page.set_viewport_size({"width": 1280, "height": 9000})
        book.run_all(timeout=120)
        leave = 1 if gone == "first" else 2
        page.evaluate(CLOSE, list(range(leave, len(sources), 2)))
        expect(page.locator(".nbb-app")).to_have_count(len(apps))
        for lazy in LAZY:
            expect(page.locator(lazy).first).to_be_visible()
        page.wait_for_function(f"({UNDRAWN})().length === 0")
        one = page.locator(".nbb-app").filter(has=page.get_by_role("button", name="Ask for a berth"))
        one.get_by_role("button", name="Ask for a berth").click()
        expect(one.locator(".nbb-toast")).to_have_count(1)
        expect(one.get_by_label("Answer")).to_have_value(re.compile("Petrel: 9.5 m"))
        assert all(page.evaluate(COUNT))
        assert book.problems == []


LINKED = """
import ipywidgets
with gr.Blocks() as demo:
    number = gr.Slider(0, 10, label="Number")
    heard = []
    number.change(lambda n: heard.append(n), number, None)
    number.input(lambda n: heard.append(n), number, None)
other = ipywidgets.FloatSlider(max=10)
link = ipywidgets.jslink((other, "value"), (number, "value"))
display(other, demo)
demo"""


def test_a_linked_widget_raises_one_event_for_both_views(stage: Stage) -> None:  # TR-50
    stage.book.write_cell(0, PRELUDE + LINKED)
    stage.book.run_cell(0)
    apps = stage.book.output(0).locator(".nbb-app")
    expect(apps).to_have_count(2)
    for app in (apps.first, apps.last):
        expect(app.get_by_label("Number", exact=True)).to_have_value("0")
    stage.kernel("other.value = 7")
    for app in (apps.first, apps.last):
        expect(app.get_by_label("Number", exact=True)).to_have_value("7")
    stage.until("len(heard) >= 2")
    stage.page.wait_for_timeout(500)
    assert stage.kernel("print(heard)").strip() == "[7, 7]"  # one input, one change


PICTURES = """
import numpy as np
with gr.Blocks() as demo:
    picture = gr.Image(label="Picture")
    def draw():
        for i in range(300):
            yield np.full((64, 64, 3), i % 256, "uint8")
    gr.Button("Draw").click(draw, None, picture)
demo"""


def test_pictures_that_follow_one_another_are_let_go_of(stage: Stage) -> None:  # TR-51
    stage.page.evaluate(COUNTED)
    app = stage.show(PICTURES)
    other = stage.new_view()
    for view in (app, other):
        expect(view.get_by_role("button", name="Draw")).to_be_visible()
    app.get_by_role("button", name="Draw").click()
    stage.until("picture.value is not None")
    for view in (app, other):
        expect(view.locator("img")).to_be_visible()
    expect(app.locator(".nbb-status")).to_have_count(0)
    assert stage.page.evaluate("window.__nbb_made.size") == 2
    stage.close_views()
    stage.page.wait_for_function("window.__nbb_made.size === 1")
    stage.page.evaluate(CLOSE, [0])
    stage.page.wait_for_function("window.__nbb_made.size === 0")
