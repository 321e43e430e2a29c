"""A value that outlives the page and the kernel, because the browser keeps it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from .stage import Stage

VISITS = """
import nbblocks as gr
changes = []
with gr.Blocks() as demo:
    name = gr.Textbox(label="Name")
    kept = gr.BrowserState({"name": "nobody"}, storage_key=%r, secret=%r)
    seen, changed = gr.Textbox(label="Seen at load"), gr.Textbox(label="Changed to")
    button = gr.Button("Keep")
    demo.load(lambda kept: kept["name"], kept, seen)
    button.click(lambda name: {"name": name}, name, kept)

    @gr.on(kept.change, inputs=kept, outputs=changed)
    def note(kept):
        changes.append(kept["name"])
        return kept["name"]
demo
"""


def keep(app: Locator, name: str) -> None:
    app.get_by_label("Name").fill(name)
    app.get_by_role("button", name="Keep").click()
    expect(app.get_by_label("Changed to")).to_have_value(name)


def stored(page: Page, key: str, before: str | None = None) -> str:
    """What the browser holds under ``key``, once it is another text than ``before``."""
    found = "([key, before]) => localStorage.getItem(key) !== before && localStorage.getItem(key)"
    return page.wait_for_function(found, arg=[key, before]).json_value()


def test_a_value_outlives_the_page_and_the_kernel(open_notebook) -> None:  # ST-80 ST-81 ST-82
    book = open_notebook(VISITS % ("visits", "s3cret"), fresh=True)
    book.page.evaluate("localStorage.removeItem('visits')")
    book.run_all()
    app, seen = book.output(0), book.output(0).get_by_label("Seen at load")
    expect(seen).to_have_value("nobody")
    expect(app.locator(".nbb-form")).to_have_count(1)  # it parts no fields: CP-148
    assert book.page.evaluate("localStorage.getItem('visits')") is None

    keep(app, "Ada")
    first = stored(book.page, "visits")
    assert "Ada" not in first
    book.reload()
    expect(app.get_by_label("Changed to")).to_have_value("Ada")
    expect(seen).to_have_value("nobody")  # a reload is no new session: ST-6
    assert book.kernel("kept.value, changes") == "({'name': 'Ada'}, ['Ada'])"
    keep(app, "Eve")
    stored(book.page, "visits", first)

    book.restart_kernel()
    book.run_cell(0)
    expect(seen).to_have_value("Eve")
    assert (
        book.kernel("kept.value, changes") == "({'name': 'Eve'}, [])"
    )  # what was there is no change: EV-127

    book.write_cell(0, VISITS % ("visits", "another"))
    book.run_cell(0)
    expect(seen).to_have_value("nobody")
    keep(app, "Bob")
    book.write_cell(0, VISITS % ("visits", "s3cret"))
    book.run_cell(0)
    expect(seen).to_have_value("nobody")


def test_two_views_and_a_cell_write_the_same_value(stage: Stage) -> None:  # ST-81
    source = VISITS % ("shared", "s3cret")
    stage.page.evaluate("localStorage.removeItem('shared')")
    app = stage.show(source)
    expect(app.get_by_label("Seen at load")).to_have_value("nobody")
    keep(stage.new_view(), "Ada")
    expect(app.get_by_label("Changed to")).to_have_value("Ada")
    before = stored(stage.page, "shared")
    stage.close_views()
    app.get_by_label("Name").click()  # the notebook is JupyterLab's current widget again
    stage.kernel("kept.value = {'name': 'Carl'}")
    expect(app.get_by_label("Changed to")).to_have_value("Carl")
    stored(stage.page, "shared", before)
    expect(stage.show(source).get_by_label("Seen at load")).to_have_value("Carl")


def test_without_a_secure_page_it_is_a_state(open_notebook) -> None:  # ST-82
    book = open_notebook(VISITS % ("plain", "s3cret"), fresh=True)
    book.page.evaluate("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    book.run_all()
    app = book.output(0)
    expect(app.get_by_label("Seen at load")).to_have_value("nobody")
    keep(app, "Ada")
    assert book.kernel("kept.value") == "{'name': 'Ada'}"
    assert book.page.evaluate("localStorage.getItem('plain')") is None
