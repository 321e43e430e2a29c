"""Texts stay in their boxes and say what was written; errors can be read by whoever cannot hover."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from .stage import Stage, press, toast
from .test_xss import KERNEL

BOX = "<input type=password placeholder='Password of Jupyter'><button>Log in</button>"
COVER = "inset:0;width:100vw;height:100vh;background:red"
HOSTILE = [
    f"<div style='position:fixed;{COVER};z-index:99999'>{BOX}</div>",
    f"<div style='position:absolute;left:-900px;top:-900px;width:3000px;height:3000px'>{BOX}</div>",
    f"<div style='position:sticky;top:0;{COVER}'>{BOX}</div>",
    f"<style>.x {{ position: fixed; {COVER} }}</style><div class=x>{BOX}</div>",
    f"<div class='jp-Dialog' style='display:flex'>{BOX}</div>",
    "<div class='jp-Dialog jp-mod-styled lm-Widget'>x</div>",
    "<div class='nbb-toasts nbb-list nbb-viewer nbb-status'>x</div>",
    f"<dialog open style='{COVER}'>{BOX}</dialog>",
    f"<form action=https://a.invalid>{BOX}<select><option>x</select><textarea>y</textarea></form>",
    "<div style='margin:-2000px;padding:2000px;background:red'>x</div>",
    "<div style='margin-top:-300px;height:300px;background:red'>x</div>",
    "<div style='transform:scale(50);background:red'>x</div>",
    "<div style='translate:0 -400px;scale:20;background:red'>x</div>",
    "<div style='box-shadow:0 0 0 3000px red'>x</div>",
    "<div style='outline:3000px solid red'>x</div>",
    "<div style='height:0'><div style='height:900px;width:3900px;background:red'>x</div></div>",
    "<div style='line-height:0;font-size:190px'>XXXXX<br>XXXXX</div>",
    "<div style='float:left;height:700px;width:3000px;background:red'>x</div>",
    "<div style='text-indent:-3000px;white-space:nowrap;letter-spacing:90px'>xxxxxxxxxxxx</div>",
    "<table style='margin:-99px;width:3900px'><tr><td style='position:fixed;inset:0'>x</table>",
    "<img alt=x width=99999 height=99999 style='position:fixed;inset:0'>",
    f"<svg style='position:fixed;overflow:visible;{COVER}'><rect x=-999 y=-999 width=9999 height=9999 />"
    f"<foreignObject width=9999 height=9999>{BOX}</foreignObject></svg>",
    f"<math><mspace width=-500px /><mpadded voffset=-500px><mtext>{BOX}</mtext></mpadded></math>",
    "<div popover style='display:block;position:fixed;inset:0'>x</div>",
    "<div style='all:initial;position:fixed;inset:0'>x</div>",
    "<marquee style='width:3000px'>x</marquee>",
    f"<div style='display:contents'><p style='position:fixed;{COVER}'>x</p></div>",
    "$$\\kern{-40em}\\rule{40em}{40em} \\raise{30em}{x} \\llap{\\rule{50em}{50em}}$$",
    "$$\\htmlStyle{position:fixed}{x} \\htmlClass{jp-Dialog}{x} \\smash{\\rule{1em}{40em}}$$",
    "x" * 3000,
    "# [x](https://a.invalid)\n" + "| a " * 60 + "|\n" + "|---" * 60 + "|\n",
]

LOOK = """() => {
  const found = [];
  const ours = ".katex *, .katex, [class*=nbb-], .nbb-status *, .nbb-formula *";
  const barred = "form, button, select, textarea, dialog, iframe, object, embed, style, link, " +
    "foreignObject, marquee, math, input:not([type=checkbox][disabled])";
  const told = (what, el) => found.push(`${what}: ${el.outerHTML.slice(0, 160)}`);
  for (const held of document.querySelectorAll(".nbb-held")) {
    for (const el of held.querySelectorAll("*")) {
      if (el.matches(ours)) continue;
      const style = getComputedStyle(el);
      if (["fixed", "absolute", "sticky"].includes(style.position)) told(style.position, el);
      if (style.zIndex !== "auto") told("z-index", el);
      if (el.matches(barred)) told("element", el);
    }
  }
  for (const el of document.querySelectorAll(".nbb-app *"))
    if (el.matches("input[type=password], .jp-Dialog, dialog, form, marquee, foreignObject, [popover=auto]"))
      told("anywhere", el);
  return found;
}"""
COVERED = """async (app) => {
  const found = [];
  for (const witness of app.querySelectorAll(".nbb-press")) {
    witness.scrollIntoView({ block: "center" });
    await new Promise((done) => requestAnimationFrame(done));
    const { left, top, width, height } = witness.getBoundingClientRect();
    for (const [x, y] of [[0.5, 0.5], [0.02, 0.1], [0.98, 0.1], [0.02, 0.9], [0.98, 0.9]]) {
      const there = document.elementFromPoint(left + x * width, top + y * height);
      if (!witness.contains(there))
        found.push(`${witness.textContent} under ${there?.outerHTML.slice(0, 200)}`);
    }
    const { left: from } = app.getBoundingClientRect();
    const beside = [[from / 2, innerHeight / 2], [innerWidth / 2, 5], [innerWidth - 5, innerHeight - 5]];
    for (const [x, y] of beside) {
      const there = document.elementFromPoint(x, y);
      if (there?.closest(".nbb-held")) found.push(`the page under ${there.outerHTML.slice(0, 200)}`);
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def house(theatre: Stage) -> Stage:
    theatre.kernel("import nbblocks as gr\nimport warnings\nwarnings.simplefilter('ignore')")
    theatre.kernel(f"import json\nHOSTILE = json.loads({json.dumps(HOSTILE)!r})")
    return theatre


@pytest.mark.parametrize("kind", ["Markdown", "HTML", "cells"])
def test_no_text_is_drawn_out_of_its_box(house: Stage, kind: str) -> None:  # TR-3
    one = {
        "Markdown": "gr.Markdown(text)",
        "HTML": "gr.HTML(text, apply_default_css=bool(n % 2))",
        "cells": "gr.Dataframe([[text, text]], headers=['a', 'b'], datatype=['markdown', 'html'], wrap=True)",
    }[kind]
    app = house.show(f"""
with gr.Blocks() as demo:
    gr.Button("above")
    for n, text in enumerate(HOSTILE):
        {one}
        gr.Button(f"after {{n}}")
demo.launch(height=None)
""")
    expect(app.locator(".nbb-held").nth(3)).to_be_visible()
    if kind != "HTML":
        expect(app.locator(".katex").first).to_be_attached()
    assert house.page.evaluate(LOOK) == []
    assert app.evaluate(COVERED) == []


def test_no_text_of_any_component_covers_the_page(house: Stage) -> None:  # TR-3
    house.kernel(KERNEL)
    app = house.show("""
demo, fed = everything("\\n\\n".join(HOSTILE[:-2]))
with demo:
    gr.Button("witness")
demo.launch(height=None)
""")
    fed = json.loads(house.kernel("print(json.dumps(fed))"))
    assert {"label", "info"} <= {*fed["Number"]}
    expect(app.locator(".nbb-dataframe .nbb-grid-row").first).to_be_visible()
    assert house.page.evaluate(LOOK) == []
    house.book.problems.clear()  # pictures that are not there


SAYING = """
def ask(kind):
    try:
        raise ValueError(TEXT)
    except ValueError as error:
        getattr(gr, kind)(f"<i>Sorry</i>: {error}", duration=None, title=TEXT)

def mine():
    gr.Info("<b>bold</b> and <class 'str'>", duration=None)

def fail():
    raise gr.Error(TEXT, duration=None, title=TEXT)

def crash():
    raise RuntimeError(TEXT)

def work(progress=gr.Progress()):
    progress((1, 3), desc=TEXT, unit=TEXT)
    wait()

with gr.Blocks() as demo:
    out = gr.Number(0, label="Out", elem_id="out")
    for kind in ("Info", "Warning", "Success"):
        gr.Button(kind).click(lambda kind=kind: ask(kind), None, out)
    gr.Button("Mine").click(mine)
    gr.Button("Fail").click(fail, None, out)
    gr.Button("Crash").click(crash, None, out)
    gr.Button("Work").click(work, None, out)
    gr.Button("Check").click(lambda n: n, out, out, validator=lambda n: gr.validate(False, TEXT))
demo.launch(height=None, show_error=True)
"""
TEXT = "<class 'str'> <int> a<b & c>d &amp; <b>not bold</b> &copy=1"
PLAIN = "<class 'str'> and <int>: a<b & c>d, a < b && c > d, &amp; ?a=1&copy=2 <module 'x'>"


def words(place: Locator) -> str:
    """The text of a place as people read it."""
    return re.sub(r"\s+", " ", place.inner_text()).strip()


def close_toasts(app: Locator) -> None:
    """They hang over what is at the top of the app."""
    while app.locator(".nbb-toast").count():
        app.locator(".nbb-toast-close").first.click()


def test_what_an_exception_says_is_shown_as_it_was_written(house: Stage) -> None:  # TR-4
    app = house.show(f"TEXT = {TEXT!r}" + SAYING)
    for kind in ("Info", "Warning", "Success"):
        press(app, kind)
        box = toast(app, kind.lower()).locator(".nbb-toast-text > div")
        expect(box.locator("i")).to_have_text("Sorry")
        expect(box.locator("b")).to_have_count(0)
        assert words(box) == f"Sorry: {TEXT}"
        assert words(toast(app, kind.lower()).locator("strong")) == TEXT
    press(app, "Mine")
    mine = app.locator(".nbb-toast", has_text="bold and")
    assert words(mine.locator(".nbb-toast-text > div")) == "bold and <class 'str'>"
    expect(mine.locator("b")).to_have_text("bold")
    press(app, "Crash")
    expect(toast(app, "error")).to_have_count(1)
    assert words(toast(app, "error").locator(".nbb-toast-text > div")) == TEXT
    close_toasts(app)
    app.locator("#out .nbb-badge-word").click()
    assert words(app.locator(".nbb-badge-message > div")) == TEXT
    house.page.keyboard.press("Escape")
    press(app, "Check")
    assert words(app.locator(".nbb-invalid")) == TEXT
    press(app, "Work")
    bar = app.locator(".nbb-bar-text")
    expect(bar).to_be_visible()
    assert words(bar) == f"{TEXT} - 1/3 {TEXT}"
    house.let_go(1)
    expect(bar).to_have_count(0)
    house.book.problems.clear()


def test_a_message_that_is_no_markup_is_shown_as_it_was_written(house: Stage) -> None:  # TR-4
    app = house.show(f"TEXT = {PLAIN!r}" + SAYING)
    press(app, "Fail")
    box = toast(app, "error")
    expect(box).to_have_count(1)
    assert words(box.locator(".nbb-toast-text > div")) == PLAIN
    assert words(box.locator("strong")) == PLAIN
    close_toasts(app)
    app.locator("#out .nbb-badge-word").click()
    assert words(app.locator(".nbb-badge-message > div")) == PLAIN


READING = """
def fail(n):
    text = "No <b>berth</b> is free, and the harbour master is <class 'NoneType'>. "
    raise gr.Error(text * 3, duration=None)

def work(n):
    wait()
    return n

with gr.Blocks() as demo:
    with gr.Row():
        out = gr.Textbox("Kittiwake", label="Boat", elem_id="out")
        gr.Textbox("Alma", label="Second boat")
    gr.Button("Moor").click(fail, out, out)
    gr.Button("Work").click(work, out, out)
    gr.Button("Tell").click(lambda: gr.Info("The tide is at six.", duration=1.5))
demo.launch(height=None)
"""


@pytest.fixture
def reading(stage: Stage) -> Iterator[tuple[Stage, Locator]]:
    yield stage, stage.show(READING)
    stage.page.set_viewport_size({"width": 1280, "height": 900})


def test_an_error_can_be_read_by_keyboard_and_by_screen_reader(
    reading: tuple[Stage, Locator],
) -> None:  # TR-53
    stage, app = reading
    announced = app.locator(".nbb-announced")
    expect(announced).to_have_attribute("aria-live", "polite")
    press(app, "Moor")
    expect(announced).to_have_text("Failed: Boat")
    word = app.get_by_role("button", name="Error", exact=True)
    expect(word).to_have_accessible_description(re.compile("No berth is free, .* is <class 'NoneType'>"))
    toast(app, "error").get_by_label("Close").focus()
    stage.page.keyboard.press("Escape")
    expect(toast(app, "error")).to_have_count(0)
    word.focus()
    stage.page.keyboard.press("Enter")
    message = app.get_by_role("region", name="Error")
    expect(message).to_be_visible()
    expect(message).to_contain_text("the harbour master is <class 'NoneType'>")
    box = message.bounding_box()
    assert box and box["x"] >= 0 and box["width"] > 200
    stage.page.keyboard.press("Tab")
    stage.page.keyboard.press("Tab")
    expect(message).to_be_focused()
    stage.page.keyboard.press("Escape")
    expect(message).to_have_count(0)
    expect(word).to_be_focused()
    stage.page.keyboard.press("Shift+Tab")
    stage.page.keyboard.press("Tab")
    expect(word).to_be_focused()
    press(app, "Work")
    expect(announced).to_have_text("Running: Boat")
    stage.let_go(1)
    expect(announced).to_have_text("Done: Boat")


def test_an_error_can_be_read_by_touch(reading: tuple[Stage, Locator]) -> None:  # TR-53
    stage, app = reading
    press(app, "Moor")
    toast(app, "error").get_by_label("Close").click()
    word = app.get_by_role("button", name="Error", exact=True)
    box = word.bounding_box()
    assert box
    session = stage.page.context.new_cdp_session(stage.page)
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    message = app.get_by_role("region", name="Error")
    expect(message).to_be_visible()
    stage.page.mouse.click(5, 5)
    expect(message).to_have_count(0)


def test_a_toast_waits_for_who_reads_it(reading: tuple[Stage, Locator]) -> None:  # TR-53
    stage, app = reading
    press(app, "Tell")
    info = toast(app, "info")
    info.get_by_label("Close").focus()
    expect(info.locator(".nbb-toast-time")).to_have_count(0)
    app.get_by_label("Second boat").focus()
    expect(info.locator(".nbb-toast-time")).to_have_count(1)
    expect(info).to_have_count(0)
