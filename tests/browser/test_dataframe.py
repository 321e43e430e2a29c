"""A Dataframe in a notebook: a million rows by windows, edits that reach handlers, no script from cells."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from .stage import Stage, press

MILLION = """\
import numpy as np, pandas as pd
N = 1_000_000
data = pd.DataFrame({f"c{i}": np.arange(N) * 20 + i for i in range(20)})
data["c1"] = data["c1"].astype(str) + " text"
with gr.Blocks() as demo:
    table = gr.Dataframe(data, interactive=True, show_search="search", max_height=300)
    seen = gr.Textbox(label="Seen")
    look = gr.Button("Look")
    look.click(lambda df: f"{len(df)} {df.iloc[0, 1]} {df.iloc[-1, 0]}", table, seen)
demo"""
SMALL = """\
with gr.Blocks() as demo:
    table = gr.Dataframe([["Ada", 36], ["Bob", 7]], headers=["name", "age"], interactive=True)
    seen, chosen = gr.Textbox(label="Seen"), gr.Textbox(label="Chosen")
    table.change(lambda df: df.to_csv(index=False).replace("\\n", "; "), table, seen)
    def choose(data: gr.SelectData):
        return f"{data.index} {data.value} {data.row_value} {data.col_value}"
    table.select(choose, None, chosen)
demo"""


def cell(app: Locator, row: int, column: int) -> Locator:
    return app.locator(f"[data-row='{row}'] [data-column='{column}']")


def test_a_million_rows_show_at_once_and_come_as_they_are_scrolled_to(stage: Stage) -> None:  # CP-100
    app = stage.show(MILLION)
    expect(cell(app, 0, 1)).to_have_text("1 text")
    cell(app, 0, 0).click()
    stage.page.keyboard.press("Control+End")
    expect(cell(app, 999_999, 19)).to_have_text("19999999")
    frame = app.locator(".nbb-grid-frame")
    frame.evaluate("el => { el.scrollTop = el.scrollHeight / 2 }")
    middle = app.locator("[data-row^='5000']").first  # the row numbers in view are 499,9.. and 500,0..
    row = int(middle.get_attribute("data-row") or 0)
    expect(cell(app, row, 19)).to_have_text(str(row * 20 + 19))


def test_the_kernel_sorts_and_searches_a_large_table_and_handlers_get_it_as_it_was(stage: Stage) -> None:
    app = stage.show(MILLION)
    header = app.get_by_role("columnheader", name="c0")
    header.click()
    header.click()
    expect(cell(app, 0, 0)).to_have_text("19999980")
    app.get_by_role("searchbox").fill("9990001 TEXT")
    expect(app.get_by_role("status").filter(has_text="of 1,000,000 rows")).to_contain_text("2 of")
    cell(app, 0, 0).click()
    stage.page.keyboard.type("5")
    stage.page.keyboard.press("Enter")
    press(app, "Look")
    expect(app.get_by_label("Seen")).to_have_value("1000000 1 text 19999980")


def test_what_is_typed_reaches_handlers_and_is_there_after_a_reload(stage: Stage) -> None:  # CP-100
    app = stage.show(SMALL)
    cell(app, 0, 0).dblclick()
    stage.page.keyboard.type("Eve")
    stage.page.keyboard.press("Tab")
    stage.page.keyboard.type("40")
    stage.page.keyboard.press("Enter")
    expect(app.get_by_label("Seen")).to_have_value("name,age; Eve,40; Bob,7; ")
    stage.book.reload()
    expect(cell(stage.book.output(0), 0, 1)).to_have_text("40")


def test_a_block_of_cells_is_copied_and_pasted(stage: Stage) -> None:  # CP-100
    app = stage.show(SMALL)
    cell(app, 0, 0).click()
    cell(app, 1, 1).click(modifiers=["Shift"])
    stage.page.keyboard.press("Control+c")
    cell(app, 1, 0).click()
    stage.page.keyboard.press("Control+v")
    expect(app.get_by_label("Seen")).to_have_value("name,age; Ada,36; Ada,36; Bob,7; ")


def test_keys_in_the_grid_are_the_grids_and_not_the_notebooks(stage: Stage) -> None:
    app = stage.show(SMALL)
    cell(app, 0, 0).click()
    stage.page.keyboard.press("ArrowDown")
    expect(app.get_by_label("Chosen")).to_have_value("(1, 0) Bob ['Bob', 7] ['Ada', 'Bob']")
    stage.page.keyboard.press("ArrowRight")
    expect(app.get_by_label("Chosen")).to_have_value("(1, 1) 7 ['Bob', 7] [36, 7]")
    stage.page.keyboard.press("Escape")
    stage.page.keyboard.press("d")
    stage.page.keyboard.press("d")
    expect(app.locator(".nbb-grid-editor")).to_have_value("dd")


def test_texts_of_cells_run_no_script(stage: Stage) -> None:
    app = stage.show(
        "bad = \"<img src=x onerror='window.__hacked=1'><script>window.__hacked=1</script>\"\n"
        "demo = gr.Blocks()\n"
        "with demo:\n"
        "    gr.Dataframe([[bad] * 4], headers=[bad, 'b', 'c', 'd'],\n"
        "                 datatype=['str', 'markdown', 'html', 'image'])\n"
        "demo"
    )
    expect(cell(app, 0, 0)).to_contain_text("<img src=x")
    expect(cell(app, 0, 1).locator("img")).to_have_count(1)
    assert stage.page.evaluate("window.__hacked") is None


def test_a_static_page_shows_what_was_saved(static_page) -> None:
    page = static_page(
        "import nbblocks as gr\n"
        "with gr.Blocks() as demo:\n"
        "    gr.Dataframe([['Ada', 36]], headers=['name', 'age'])\n"
        "    gr.Dataframe([[i, i] for i in range(9000)], headers=['i', 'k'])\n"
        "demo"
    )
    expect(page.get_by_role("gridcell", name="Ada", exact=True)).to_be_visible()
    expect(page.get_by_text("the first 100 of 9,000 rows")).to_be_visible()
