"""Widgets from elsewhere in an app, and components of an app among other widgets."""

from __future__ import annotations

from playwright.sync_api import expect

from .test_transfers import until


def test_widgets_from_elsewhere_are_inputs_and_outputs(open_notebook) -> None:
    book = open_notebook("""
import anywidget, ipywidgets, traitlets
import nbblocks as gr

class Counter(anywidget.AnyWidget):
    _esm = '''
    export default { render({ model, el }) {
      const button = document.createElement("button");
      const show = () => { button.textContent = `count ${model.get("count")}`; };
      button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
      model.on("change:count", show);
      show();
      el.append(button);
    } }
    '''
    count = traitlets.Int(0).tag(sync=True)

text = ipywidgets.Text("a", description="Word")
counter = Counter()
with gr.Blocks() as demo:
    word, count = gr.Widget(text), gr.Widget(counter, trait="count")
    out = gr.Textbox(label="Out")
    count.change(lambda w, n: w * n, [word, count], out)
    gr.Button("Reset").click(lambda: ("z", 0), None, [word, count])
demo
""")
    book.run_cell(0)
    app = book.output(0)
    app.get_by_role("button", name="count 0").click()
    expect(app.get_by_label("Out")).to_have_value("a")
    app.get_by_label("Word").fill("bc")
    app.get_by_role("button", name="count 1").click()
    expect(app.get_by_label("Out")).to_have_value("bcbc")
    app.get_by_role("button", name="Reset").click()
    expect(app.get_by_role("button", name="count 0")).to_be_visible()
    expect(app.get_by_label("Word")).to_have_value("z")
    assert book.kernel("text.value, counter.count") == "('z', 0)"


def test_a_component_stands_among_other_widgets_and_is_linked(open_notebook) -> None:
    book = open_notebook("""
import ipywidgets
import nbblocks as gr
alone, other = gr.Slider(0, 10, 4, label="Alone"), ipywidgets.IntText(0, description="Other")
link = ipywidgets.jslink((alone, "value"), (other, "value"))
seen = []
alone.observe(lambda change: seen.append(change["new"]), "value")
ipywidgets.VBox([alone, other])
""")
    book.run_cell(0)
    app = book.output(0)
    number = app.get_by_label("Other")
    expect(number).to_have_value("4")
    app.get_by_role("slider", name="Alone").fill("7")
    expect(number).to_have_value("7")
    number.fill("2")
    number.press("Tab")
    expect(app.get_by_role("slider", name="Alone")).to_have_value("2")
    until(book, "alone.value, seen[-1]", "(2, 2)")


def test_a_component_of_an_app_is_linked(open_notebook) -> None:
    book = open_notebook(
        """
import ipywidgets
import nbblocks as gr
with gr.Blocks() as demo:
    slider = gr.Slider(0, 10, 4, label="Inside")
    out = gr.Number(label="Twice")
    slider.change(lambda x: 2 * x, slider, out)
demo
""",
        """
other = ipywidgets.IntText(0, description="Other")
link = ipywidgets.jslink((slider, "value"), (other, "value"))
other
""",
    )
    book.run_all()
    number = book.output(1).get_by_label("Other")
    expect(number).to_have_value("4")
    book.output(0).get_by_role("slider", name="Inside").fill("7")
    expect(number).to_have_value("7")
    expect(book.output(0).get_by_label("Twice")).to_have_value("14")
    number.fill("3")
    number.press("Tab")
    expect(book.output(0).get_by_role("slider", name="Inside")).to_have_value("3")
    expect(book.output(0).get_by_label("Twice")).to_have_value("6")
    book.kernel("slider.value = 9")
    expect(number).to_have_value("9")
    until(book, "slider.value", "9")


def test_an_app_and_its_parts_stand_anywhere(open_notebook) -> None:  # TR-63
    book = open_notebook(
        """
import ipywidgets as w
from IPython.display import display
import nbblocks as gr
with gr.Blocks() as demo:
    slider = gr.Slider(0, 10, 4, label="Inside")
    out = gr.Number(label="Twice")
    slider.change(lambda x: 2 * x, slider, out)
io = gr.Interface(lambda t: t.upper(), "text", "text", live=True)
area = w.Output()
with area:
    display(demo)
n = w.IntText(1, description="n")
w.VBox([
    w.Tab([demo], titles=["One"]), w.Accordion(children=[io], titles=["Two"], selected_index=0), area,
    w.AppLayout(left_sidebar=slider, center=out), n,
    w.interactive_output(lambda n: display(demo if n > 1 else slider), {"n": n}),
])
""",
    )
    book.run_cell(0)
    apps, grid = book.output(0).locator(".nbb-app"), book.output(0).locator(".widget-gridbox")
    tab, area, last = apps.nth(0), apps.nth(2), apps.last
    tab.get_by_role("slider", name="Inside").fill("7")
    for place in (tab, area, grid):
        expect(place.get_by_label("Twice")).to_have_value("14")
    for place in (grid, last):
        expect(place.get_by_role("slider", name="Inside")).to_have_value("7")
    expect(last.get_by_label("Twice")).to_have_count(0)
    grid.get_by_role("slider", name="Inside").fill("3")
    expect(tab.get_by_label("Twice")).to_have_value("6")
    left, right = (grid.locator(".nbb-app", has_text=name).bounding_box() for name in ("Inside", "Twice"))
    assert left and right and left["x"] + left["width"] <= right["x"]
    book.kernel("n.value = 2")
    expect(last.get_by_label("Twice")).to_have_value("6")
    apps.nth(1).get_by_label("t", exact=True).fill("abc")
    expect(apps.nth(1).get_by_label("output")).to_have_value("ABC")
