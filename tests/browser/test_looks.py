"""How fields, frames and tables look, as far as that can be measured."""

from __future__ import annotations

from playwright.sync_api import expect

from .stage import Stage

APP = """
import pandas as pd
with gr.Blocks() as demo:
    with gr.Row():
        gr.Textbox("words", label="Typed", interactive=True)
        gr.Textbox("words", label="Fixed", interactive=False)
        gr.Dropdown(["u"], value="u", label="Chosen", interactive=True)
        gr.Dropdown(["u"], value="u", label="Kept", interactive=False)
    gr.Button("Go", variant="primary")
    gr.Gallery(height=140, label="Empty", interactive=False)
    gr.Dataframe(pd.DataFrame({"ok": [True, False]}), label="Table")
demo
"""
SHADOW = "el => getComputedStyle(el.closest('.nbb-combo') ?? el).boxShadow"


def test_fields_frames_and_tables_look_right(stage: Stage) -> None:  # TR-65
    app = stage.show(APP)
    boxes = {name: app.get_by_label(name, exact=True).evaluate(SHADOW) for name in ("Typed", "Chosen")}
    assert "none" not in boxes.values()
    for name in ("Fixed", "Kept"):
        assert app.get_by_label(name, exact=True).evaluate(SHADOW) == "none"
    go = app.get_by_role("button", name="Go")
    app.get_by_label("Chosen", exact=True).focus()
    app.get_by_label("Typed", exact=True).press("Tab")
    go.focus()
    ground = go.evaluate("el => [getComputedStyle(el).backgroundColor, getComputedStyle(el).outlineColor]")
    assert ground[0] != ground[1]
    box = app.locator(".nbb-gallery-box")
    inside = "el => el.querySelector('.nbb-zone').getBoundingClientRect().height <= el.clientHeight"
    assert box.evaluate(inside)
    frame = app.locator(".nbb-grid-frame")
    expect(frame).to_be_visible()
    assert frame.evaluate("el => el.scrollWidth <= el.clientWidth")
