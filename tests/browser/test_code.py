"""Code in a real notebook: its editor beside the host's own, and the host's keys."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

APP = """\
with gr.Blocks() as demo:
    code = gr.Code("x = 1", "python", label="Program")
    seen = gr.Textbox(label="Seen")
    code.change(lambda text: text, code, seen)
    gr.Button("Replace").click(lambda: "import other\\nx = 1", None, code)
demo"""


def editor(app: Locator) -> Locator:
    """The editor, once it has taken the place of the text area."""
    expect(app.locator(".cm-editor")).to_be_visible()
    return app.get_by_role("textbox", name="Program")


def test_what_is_typed_reaches_the_kernel_and_no_key_is_the_notebooks(stage) -> None:  # CP-98
    app = stage.show(APP)
    cells = stage.page.locator(".jp-Cell").count()
    editor(app).click()
    stage.page.keyboard.press("Control+End")
    # Each of these is a command of the notebook: cells cut, deleted, added, made Markdown, run.
    stage.page.keyboard.type("\nddaabbxxm00")
    stage.page.keyboard.press("Enter")
    expect(app.get_by_label("Seen")).to_have_value("x = 1\nddaabbxxm00\n")
    stage.page.keyboard.press("Control+Enter")
    stage.page.keyboard.press("Control+a")
    stage.page.keyboard.type("y")
    expect(app.get_by_label("Seen")).to_have_value("y")
    stage.page.keyboard.press("Control+z")
    expect(app.get_by_label("Seen")).to_have_value("x = 1\nddaabbxxm00\n\n")
    assert stage.page.locator(".jp-Cell").count() == cells


def test_a_text_from_a_handler_can_be_undone_and_is_highlighted(stage) -> None:  # CP-98
    app = stage.show(APP)
    editor(app).click()
    stage.page.keyboard.press("Control+End")
    stage.page.keyboard.type("0")
    app.get_by_role("button", name="Replace").click()
    expect(editor(app)).to_contain_text("import other")
    colour = "node => getComputedStyle(node).fontWeight"
    assert app.get_by_text("import", exact=True).evaluate(colour) == "600"
    editor(app).click()
    stage.page.keyboard.press("Control+z")
    expect(app.get_by_label("Seen")).to_have_value("x = 10")
    stage.kernel("code.value = 'from a cell'")
    expect(editor(app)).to_have_text("from a cell")


def test_its_colours_follow_the_theme_of_the_host(stage) -> None:  # CP-98
    app = stage.show(APP)
    text = editor(app).locator(".cm-line")
    colour = "node => getComputedStyle(node).color"
    stage.book.theme("light")
    light = text.evaluate(colour)
    stage.book.theme("dark")
    assert text.evaluate(colour) != light
    stage.book.theme("light")
    assert text.evaluate(colour) == light
