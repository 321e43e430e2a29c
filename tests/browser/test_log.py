"""The log drawer in a real page: it stays quick, and shows what handlers display."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from .stage import Stage

COUNT = """() => {
  window.__frames = 0;
  window.__longest = 0;
  let last = performance.now();
  const tick = (now) => {
    window.__frames += 1;
    window.__longest = Math.max(window.__longest, now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""
PRINTS = """
with gr.Blocks() as demo:
    out = gr.Textbox(label="Out")
    def talk():
        print("begin")
        wait()
        for i in range({count}):
            print({piece}, end="")
            {pause}
        print("\\nthe end")
        return "done"
    gr.Button("Talk").click(talk, None, out)
demo
"""


def talk(stage: Stage, **given: object) -> str:
    """Show an app that prints in many pieces, and return the text of its drawer."""
    app = stage.show(PRINTS.format(**given))
    app.get_by_role("button", name="Talk").click()
    app.get_by_role("button", name="Log").click()
    expect(app.locator(".nbb-log-text")).to_contain_text("begin")
    stage.page.evaluate(COUNT)
    stage.let_go()
    expect(app.get_by_label("Out")).to_have_value("done", timeout=60_000)
    expect(app.locator(".nbb-log-text")).to_contain_text("the end")
    frames = stage.page.evaluate("window.__frames")
    stage.page.wait_for_function("(before) => window.__frames > before + 3", arg=frames)
    return app.locator(".nbb-log-text").text_content() or ""


def test_a_page_lives_while_a_handler_prints_in_pieces(stage: Stage) -> None:  # TR-24
    text = talk(stage, count=600, piece="f'token{i} '", pause="time.sleep(0.002)")
    assert [int(one) for one in re.findall(r"token(\d+)", text)] == list(range(600))


def test_a_page_lives_through_thirty_thousand_pieces(stage: Stage) -> None:  # TR-24
    text = talk(stage, count=30_000, piece="f'{i % 1000:03} '", pause="pass")
    assert text.startswith("begin\n") and text.endswith("999 \nthe end\n")
    assert len(text) > 100_000


def test_displays_are_drawn_and_harmless(stage: Stage) -> None:  # TR-23
    app = stage.show("""
import ipywidgets, pandas
from IPython.display import HTML, Markdown, Math, display
from PIL import Image as Picture
DOT = Picture.new("RGB", (1, 1))
slider = ipywidgets.IntSlider(7)
with gr.Blocks() as demo:
    out = gr.Textbox(label="Out")
    def talk():
        display(HTML("<b>bold</b><img src=x onerror='window.__hit = 1'>"))
        display(pandas.DataFrame({"price": [1, 2]}))
        display(Markdown("some *text*")); display(Math("x^2")); display(DOT); display(slider)
        raise ValueError("of the handler")
    gr.Button("Talk").click(talk, None, out)
demo
""")
    app.get_by_role("button", name="Talk").click()
    log = app.locator(".nbb-log-text")
    expect(log.locator("b")).to_have_text("bold")
    expect(log.locator("th").first).to_be_attached()
    expect(log.get_by_text("price")).to_be_visible()
    expect(log.locator("em")).to_have_text("text")
    expect(log.locator(".katex").first).to_be_attached()
    expect(log.locator("img.nbb-log-image")).to_have_js_property("naturalWidth", 1)
    expect(log.locator(".widget-slider, .jupyter-widgets").first).to_be_attached()
    expect(log).to_contain_text("of the handler")
    assert stage.page.evaluate("window.__hit") is None
