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
SIZES = """() => {
  const sizes = (window.__nbb_sizes ??= []);
  if (window.__nbb_sized) return sizes.splice(0);
  window.__nbb_sized = true;
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    const text = typeof data === "string" ? data : new TextDecoder().decode(data);
    if (text.includes('"edits"')) sizes.push(text.length);
    send.call(this, data);
  };
  return [];
}"""
"""The lengths of all messages with edits since the last call; the first call begins to listen."""
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


def test_all_of_a_large_table_is_emptied_and_that_is_taken_back(stage: Stage) -> None:  # TR-47
    app = stage.show(
        MILLION.replace(
            'f"{len(df)} {df.iloc[0, 1]} {df.iloc[-1, 0]}"',
            'f"{df.notna().sum().sum()} {df.c0.sum()} {df.c0.dtype}"',
        )
    )
    whole, keyboard, seen = (
        f"20000000 {sum(range(0, 20_000_000, 20))}",
        stage.page.keyboard,
        app.get_by_label("Seen"),
    )
    header = app.get_by_role("columnheader", name="c0")
    header.click()
    header.click()
    expect(cell(app, 0, 0)).to_have_text("19999980")
    stage.page.evaluate(SIZES)
    cell(app, 0, 0).click()
    keyboard.press("Control+a")
    keyboard.press("Delete")
    expect(cell(app, 0, 0)).to_have_text("")
    press(app, "Look")
    expect(seen).to_have_value("0 0 Int64", timeout=50_000)
    cell(app, 3, 3).click()
    keyboard.press("Control+z")
    expect(cell(app, 0, 0)).to_have_text("19999980", timeout=50_000)
    press(app, "Look")
    expect(seen).to_have_value(f"{whole} int64", timeout=50_000)
    cell(app, 3, 3).click()
    keyboard.press("Control+y")
    press(app, "Look")
    expect(seen).to_have_value("0 0 Int64", timeout=50_000)
    sizes = stage.page.evaluate(SIZES)
    assert len(sizes) >= 3 and max(sizes) < 1000, sizes


def test_one_value_is_pasted_over_what_a_search_has_found(stage: Stage) -> None:  # TR-47
    app = stage.show(
        MILLION.replace('f"{len(df)} {df.iloc[0, 1]} {df.iloc[-1, 0]}"', "str((df.c2 == 7).sum())")
    )
    app.get_by_role("searchbox").fill("9981 text")
    expect(app.get_by_role("status").filter(has_text="2,000 of 1,000,000 rows")).to_be_visible(timeout=50_000)
    stage.page.evaluate(SIZES)
    cell(app, 0, 2).click()
    stage.page.keyboard.press("Control+Shift+End")
    stage.page.keyboard.press("Shift+Home")
    stage.page.evaluate("navigator.clipboard.writeText('7')")
    for _ in range(2):
        stage.page.keyboard.press("Shift+ArrowRight")
    stage.page.keyboard.press("Control+v")
    press(app, "Look")
    expect(app.get_by_label("Seen")).to_have_value("2000", timeout=50_000)
    assert max(stage.page.evaluate(SIZES)) < 1000


VALUES = """\
import datetime, numpy as np, pandas as pd
data = pd.DataFrame({
    "id": [9007199254740993, 5, -9007199254740995],
    "float": [float("nan"), float("inf"), -0.0],
    "day": pd.to_datetime(["2024-01-01", None, "2024-02-01"]),
    "maybe": pd.array([1, None, 3], dtype="Int64"),
    "any": pd.Series([None, pd.NA, float("nan")], dtype=object),
    "flag": pd.array([True, None, False], dtype="boolean"),
})
with gr.Blocks() as demo:
    table = gr.Dataframe(data, interactive=True, datatype=["auto"] * 6)
    seen = gr.Textbox(label="Seen")
    def tell(df):
        same = df.iloc[:, 1:].equals(data.iloc[:, 1:]) and df.dtypes.equals(data.dtypes)
        return f"{df.id.tolist()} {same}"
    table.change(tell, table, seen)
demo"""


def test_cells_are_shown_as_what_they_are_and_come_back_so(stage: Stage) -> None:  # TR-40 TR-41
    app = stage.show(VALUES)
    shown = [[cell(app, row, column).inner_text() for column in range(5)] for row in range(3)]
    assert shown == [
        ["9007199254740993", "NaN", "2024-01-01", "1", ""],
        ["5", "inf", "NaT", "", "<NA>"],
        ["-9007199254740995", "-0", "2024-02-01", "3", "NaN"],
    ]
    app.get_by_role("columnheader", name="id").click()
    expect(cell(app, 0, 0)).to_have_text("-9007199254740995")
    expect(cell(app, 2, 0)).to_have_text("9007199254740993")
    cell(app, 1, 0).click()
    stage.page.keyboard.type("9007199254740997")
    stage.page.keyboard.press("Enter")
    ids = [9007199254740993, 9007199254740997, -9007199254740995]
    expect(app.get_by_label("Seen")).to_have_value(f"{ids} True")


def test_numbers_are_typed_as_they_are_written_here(stage: Stage) -> None:  # TR-42
    app = stage.show(SMALL)
    cell(app, 0, 1).click()
    stage.page.keyboard.type("1,234")
    stage.page.keyboard.press("Enter")
    stage.page.keyboard.type("1,23")
    stage.page.keyboard.press("Enter")
    expect(app.get_by_label("Seen")).to_have_value('name,age; Ada,1234; Bob,"1,23"; ')


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
