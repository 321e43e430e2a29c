"""Plots of DataFrames in JupyterLab: what is drawn, told, marked and set free again."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from .stage import Stage

APP = """
import pandas as pd

frame = pd.DataFrame({"weight": [100, 120, 150, 200], "height": [50, 70, 60, 65], "race": [*"abab"]})
days = pd.date_range("2021-01-01", periods=97, freq="h")
hours = pd.DataFrame({"time": days, "price": range(97)})
seen = []
with gr.Blocks() as demo:
    line = gr.LinePlot(frame, "weight", "height", label="Line")
    bars = gr.BarPlot(hours, "time", "price", x_bin="1d", label="Bars")
    names = gr.BarPlot(frame, "race", "height", color="race", label="Names")

    def narrow(told: gr.SelectData):
        seen.append(told.index)
        low, high = told.index
        return gr.LinePlot(x_lim=(low, high))

    def note(told: gr.SelectData):
        seen.append(told.index)

    line.select(narrow, None, line)
    line.double_click(lambda: gr.LinePlot(x_lim=None), None, line)
    bars.select(note)
    names.select(note)
demo
"""
INSIDE = """(svg) =>
  svg.getBoundingClientRect().right <= svg.closest(".nbb-block").getBoundingClientRect().right"""
WIDTH = "(frame) => Math.round(frame.getBoundingClientRect().width)"


def chart(app: Locator, label: str) -> Locator:
    """The figure with that caption, once it is drawn."""
    found = app.get_by_role("figure", name=label, exact=True)
    expect(found).to_have_attribute("aria-busy", "false")
    return found


def drag(figure: Locator, start: float, end: float) -> None:
    """Mark a part of the x axis, from one share of its length to another."""
    figure.scroll_into_view_if_needed()
    box = figure.locator(".role-frame .background").first.bounding_box()
    assert box is not None
    height = box["y"] + box["height"] / 2
    mouse = figure.page.mouse
    mouse.move(box["x"] + start * box["width"], height)
    mouse.down()
    mouse.move(box["x"] + (start + end) / 2 * box["width"], height)
    mouse.move(box["x"] + end * box["width"], height)
    mouse.up()


def last(stage: Stage, count: int) -> list[float]:
    """What the handlers were told last."""
    stage.until(f"len(seen) == {count}")
    return [float(one) for one in re.findall(r"[\d.]+", stage.kernel("print(seen[-1])"))]


def test_a_marked_part_narrows_the_plot_until_a_double_click(stage: Stage) -> None:
    line = chart(stage.show(APP), "Line")
    expect(line.locator("svg").get_by_text("200", exact=True)).to_have_count(1)
    drag(line, 0.25, 0.75)
    low, high = last(stage, 1)
    assert abs(low - 125) < 1 and abs(high - 175) < 1
    expect(line.locator("svg").get_by_text("200", exact=True)).to_have_count(0)
    expect(line.locator(".nbb-brush")).to_have_count(0)
    # The axis is another now, and so are the numbers.
    drag(line, 0, 0.5)
    low, high = last(stage, 2)
    assert abs(low - 125) < 2 and abs(high - 150) < 2
    line.locator("svg").first.dblclick()
    expect(line.locator("svg").get_by_text("200", exact=True)).to_have_count(1)
    assert stage.kernel("print(line.x_lim)").strip() == "None"


def test_times_are_told_in_seconds_and_names_as_they_are(stage: Stage) -> None:
    app = stage.show(APP)
    drag(chart(app, "Bars"), 0.2, 0.4)
    low, high = last(stage, 1)
    # Five days, the last of which has but an hour.
    assert abs(low - 1609545600) < 3600 and abs(high - 1609632000) < 3600
    drag(chart(app, "Names"), 0.6, 0.9)
    stage.until("len(seen) == 2")
    assert stage.kernel("print(seen[-1])").strip() == "('b',)"


def test_a_part_is_marked_by_keys(stage: Stage) -> None:
    line = chart(stage.show(APP), "Line")
    place = line.get_by_role("group")
    place.focus()
    for key in ("ArrowRight", *["Shift+ArrowRight"] * 24):
        stage.page.keyboard.press(key)
    expect(line.locator(".nbb-brush")).to_have_count(1)
    expect(line.locator("[aria-live]")).to_have_text("Marked: 100 – 150")
    stage.page.keyboard.press("Enter")
    assert last(stage, 1) == [100, 150]
    expect(line.locator("svg").get_by_text("200", exact=True)).to_have_count(0)
    stage.page.keyboard.press("Escape")
    expect(line.locator("svg").get_by_text("200", exact=True)).to_have_count(1)


def test_the_mark_under_the_pointer_is_told(stage: Stage) -> None:
    app = stage.show(APP)
    bars = chart(app, "Bars")
    bars.locator(".mark-rect path").nth(1).hover()
    tip = stage.page.locator("#vg-tooltip-element")
    expect(tip).to_contain_text("2021-01-02 00:00:00 – 2021-01-03 00:00:00")
    expect(tip).to_contain_text(str(sum(range(24, 48))))
    chart(app, "Names").locator(".mark-rect path").first.hover()
    expect(tip).to_contain_text("110")


def test_a_plot_is_as_wide_as_its_place_and_follows_the_theme(stage: Stage) -> None:
    line = chart(stage.show(APP), "Line")
    frame = line.locator(".role-frame .background").first
    wide = frame.evaluate(WIDTH)
    title = line.locator(".role-axis-title text").first
    light = title.get_attribute("fill")
    size = stage.page.viewport_size
    assert size is not None
    try:
        stage.page.set_viewport_size({"width": size["width"] - 300, "height": size["height"]})
        stage.page.wait_for_function(
            "([frame, wide]) => !frame.isConnected || frame.getBoundingClientRect().width < wide - 200",
            arg=[frame.element_handle(), wide],
        )
        assert line.locator("svg").first.evaluate(INSIDE)
        stage.page.evaluate("document.body.dataset.jpThemeLight = 'false'")
        stage.page.evaluate("document.body.style.setProperty('--jp-ui-font-color1', 'rgb(250, 250, 250)')")
        expect(title).not_to_have_attribute("fill", light or "")
    finally:
        stage.page.set_viewport_size(size)
        stage.page.evaluate("document.body.dataset.jpThemeLight = 'true'")
        stage.page.evaluate("document.body.style.removeProperty('--jp-ui-font-color1')")


def test_a_plot_without_rows_waits_for_some(stage: Stage) -> None:
    app = stage.show("""
import pandas as pd
with gr.Blocks() as demo:
    plot = gr.ScatterPlot(x="a", y="b", label="Points", buttons=["export", "fullscreen"])
    gr.Button("Fill").click(lambda: pd.DataFrame({"a": [1, 2, 3], "b": [3, 4, 5]}), None, plot)
demo
""")
    expect(app.get_by_role("img", name="No data")).to_be_visible()
    app.get_by_role("button", name="Fill").click()
    points = chart(app, "Points")
    expect(points.locator(".mark-symbol path")).to_have_count(3)
    block = app.locator(".nbb-nativeplot")
    block.hover()
    name, data = stage.book.download(block.get_by_role("button", name="Export"))
    assert name == "chart.png" and data.startswith(b"\x89PNG")
    block.get_by_role("button", name="Full screen", exact=True).click()
    large = app.get_by_role("dialog", name="Points")
    expect(large.locator(".mark-symbol path")).to_have_count(3)
    large.locator(".mark-symbol path").first.hover()
    expect(stage.page.locator("#vg-tooltip-element:popover-open")).to_be_visible()  # over the dialog
    app.get_by_role("button", name="Leave full screen").click()
    expect(large).to_have_count(0)
