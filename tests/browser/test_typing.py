"""Typing and dragging against handlers, and connections, that are slower than the fingers."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from .stage import Stage

DELAY = """(ms) => {
  const send = (window.__nbb_send ??= WebSocket.prototype.send);
  WebSocket.prototype.send = ms
    ? function (data) { setTimeout(() => send.call(this, data), ms); }
    : send;
}"""
"""A connection on which all that the page sends takes so many ms."""

UP = """
def up(text):
    time.sleep({pause})
    return text.upper()

with gr.Blocks() as demo:
    once = gr.Textbox(label="once")
    last = gr.Textbox(label="always_last")
    more = gr.Textbox(label="multiple")
    for box in (once, last, more):
        box.input(up, box, box, trigger_mode=box.label)
demo
"""


@pytest.fixture
def distant(stage: Stage) -> Iterator[None]:
    """A connection delayed by 200 ms."""
    stage.page.evaluate(DELAY, 200)
    yield
    stage.page.evaluate(DELAY, 0)


def typed(box: Locator, text: str, delay: int) -> None:
    """Type, a key each so many ms; after each the box holds no less than was typed."""
    box.click()
    for at, key in enumerate(text, 1):
        box.press(key)
        assert len(box.input_value()) == at
        time.sleep(delay / 1000)


@pytest.mark.parametrize(("pause", "delay"), [(0, 40), (0.3, 80), (0.3, 150)])
def test_no_letter_is_lost_to_a_handler(stage: Stage, pause: float, delay: int) -> None:  # TR-30 TR-33
    app = stage.show(UP.format(pause=pause))
    text = "hello brave new world" if delay == 150 else "hello brave"
    for label in ("once", "always_last"):
        box = app.get_by_label(label, exact=True)
        typed(box, text, delay)
        expect(box).to_have_value(text.upper())
    stage.until(f"once.value == last.value == {text.upper()!r}")


def test_no_letter_is_lost_on_a_slow_connection(stage: Stage, distant: None) -> None:  # TR-30
    app = stage.show(UP.format(pause=0))
    for label in ("once", "multiple"):
        box = app.get_by_label(label, exact=True)
        typed(box, "hello", 40)
        expect(box).to_have_value("HELLO")
    stage.until("once.value == more.value == 'HELLO'")


TAKEN = """
heard = []
def toggle(name, value):
    def taking():
        yield gr.update(**{name: value})
        wait()
        yield gr.update(**{name: True})
    return taking

with gr.Blocks() as demo:
    for name, value in (("interactive", False), ("visible", False), ("visible", "hidden")):
        taking = toggle(name, value)
        with gr.Column(elem_id=f"{name}{value}"):
            button, level = gr.Button("Press"), gr.Slider(0, 10, 3, interactive=True)
            text = gr.Textbox(interactive=True)
            button.click(taking, None, button)
            level.release(taking, None, level)
            text.submit(taking, None, text)
            text.focus(lambda: heard.append("focus"))
demo
"""
USABLE = """(control) => control.isConnected && control.checkVisibility() &&
  !control.disabled && !control.readOnly"""


def test_a_control_that_its_handler_takes_away_keeps_the_focus(stage: Stage) -> None:  # TR-32
    app = stage.show(TAKEN)
    for way in ("interactiveFalse", "visibleFalse", "visiblehidden"):
        for selector, key in (("button", "Enter"), ("[type=range]", "ArrowRight"), ("textarea", "Enter")):
            control = app.locator(f"#{way}").locator(selector).first
            control.focus()
            element = control.element_handle()
            assert element is not None
            control.press(key)
            stage.page.wait_for_function(f"(control) => !({USABLE})(control)", arg=element)
            stage.let_go()
            expect(control).to_be_editable() if selector == "textarea" else expect(control).to_be_enabled()
            expect(control).to_be_focused()
    stage.until("len(heard) == 3")  # by hand, and not when it came back


def test_a_field_that_is_drawn_anew_keeps_the_focus_and_the_caret(stage: Stage) -> None:  # TR-32
    app = stage.show("""
with gr.Blocks() as demo:
    count = gr.State(0)

    @gr.render(inputs=count)
    def draw(n):
        for key in (None, "kept"):
            box = gr.Textbox("abc", label=f"{key} {n}", elem_id=f"{key}", key=key, interactive=True)
            box.submit(lambda n: n + 1, count, count)
demo
""")
    for turn, name in enumerate(("None", "kept")):
        expect(app.get_by_label(f"{name} {turn}", exact=True)).to_be_visible()
        box = app.locator(f"#{name} textarea")
        box.focus()
        box.press("End")
        box.press("ArrowLeft")
        box.press("Enter")
        expect(app.get_by_label(f"{name} {turn + 1}", exact=True)).to_be_focused()
        stage.page.keyboard.type("-")
        expect(box).to_have_value("ab-c")


FIELDS = """
def slow(change):
    def handle(value):
        time.sleep(0.15)
        return change(value)
    return handle

def grown(frame):
    frame.iloc[0, 1] = str(frame.iloc[0, 0]).upper()
    return frame

with gr.Blocks() as demo:
    number = gr.Number(label="Number")
    level = gr.Slider(0, 1000, 0, step=1, label="Level")
    date = gr.DateTime(label="Date", type="string")
    color = gr.ColorPicker(label="Color")
    pick = gr.Dropdown(["an apple", "a pear"], label="Pick", allow_custom_value=True)
    code = gr.Code(label="Code", language="python")
    table = gr.Dataframe([["a", ""]], headers=["text", "upper"], label="Table", type="pandas")
    for one in (number, level, date, color, pick):
        one.input(slow(lambda value: value), one, one)
    code.input(slow(lambda text: text.replace("x", "X")), code, code)
    table.input(slow(grown), table, table)
demo
"""


def test_what_is_typed_into_any_field_stays(stage: Stage) -> None:  # TR-30
    """Each has a handler that is slower than the keys, and gives the value back."""
    app = stage.show(FIELDS)
    keys = stage.page.keyboard
    for label, text, name, value in (
        ("Number", "12345", "number", "12345"),
        ("Level, as a number", "123", "level", "123"),
        ("Date", "2024-05-01 12:30", "date", "'2024-05-01 12:30:00'"),
        ("Color", "#123456", "color", "'#123456'"),
    ):
        box = app.get_by_label(label, exact=True)
        box.click()
        box.press("Control+a")
        keys.type(text, delay=40)
        expect(box).to_have_value(text)
        stage.until(f"str({name}.value) == str({value})")
        expect(box).to_have_value(text)
    box = app.get_by_role("combobox")
    box.click()
    box.press("Control+a")
    keys.type("a plum", delay=40)
    box.press("Enter")
    stage.until("pick.value == 'a plum'")
    expect(box).to_have_value("a plum")
    editor = app.locator(".cm-content")
    editor.click()
    keys.type("x = max(6, x)", delay=40)
    expect(editor).to_have_text("X = maX(6, X)")
    stage.until("code.value == 'X = maX(6, X)'")
    cell = app.get_by_role("gridcell").first
    for text in ("one", "two", "three"):
        cell.click()
        keys.type(text, delay=30)
        keys.press("Enter")
    expect(app.get_by_role("gridcell").nth(1)).to_have_text("THREE")
    expect(cell).to_have_text("three")
    stage.until("table.value is not None")


def test_caret_selection_and_composition_are_kept(stage: Stage) -> None:  # TR-31
    app = stage.show("""
with gr.Blocks() as demo:
    text, number = gr.Textbox("brave new world", label="Text"), gr.Number(12345, label="Number")
    code = gr.Code("brave new world", label="Code")
    sent = []
    for one in (text, number, code):
        one.interactive = True
    text.submit(lambda t: sent.append(t), text)
demo
""")
    box, number = app.get_by_label("Text", exact=True), app.get_by_label("Number", exact=True)
    chosen = "(box) => box.value.slice(box.selectionStart, box.selectionEnd)"
    box.evaluate("(box) => { box.focus(); box.setSelectionRange(6, 9); }")
    stage.kernel("text.value = '>> brave new world'")
    expect(box).to_have_value(">> brave new world")
    assert box.evaluate(chosen) == "new"
    number.click()
    number.press("End")
    number.press("ArrowLeft")
    stage.kernel("number.value = 912345")
    expect(number).to_have_value("912345")
    stage.page.keyboard.type("0")
    expect(number).to_have_value("9123405")
    devtools = stage.page.context.new_cdp_session(stage.page)
    for field, name in ((box, "text"), (app.locator(".cm-content"), "code")):
        field.click()
        field.press("Control+End")
        text = "(el) => el.value ?? el.textContent"
        before = field.evaluate(text)
        devtools.send("Input.imeSetComposition", {"text": "に", "selectionStart": 1, "selectionEnd": 1})
        stage.until(f"{name}.value == {before + 'に'!r}")
        stage.kernel(f"{name}.value = '# ' + {name}.value")
        devtools.send("Input.imeSetComposition", {"text": "にほ", "selectionStart": 2, "selectionEnd": 2})
        assert field.evaluate(text) == before + "にほ"
        enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
        devtools.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
        devtools.send("Input.insertText", {"text": "日本"})
        stage.until(f"{name}.value == {before + '日本'!r}")
        assert field.evaluate(text) == before + "日本"
    stage.until("not sent")


def test_two_views_agree_with_the_kernel(stage: Stage) -> None:  # TR-30
    app = stage.show(UP.format(pause=0.3))
    other = stage.new_view().get_by_label("once", exact=True)
    box = app.get_by_label("once", exact=True)
    box.click()
    for at, key in enumerate("hello", 1):
        box.press(key)
        assert len(box.input_value()) == at
    for view in (box, other):
        expect(view).to_have_value("HELLO")
    other.click()
    other.press("End")
    other.press("!")
    for view in (box, other):
        expect(view).to_have_value("HELLO!")
    stage.close_views()
    stage.until("once.value == 'HELLO!'")


DRAG = """async ([steps, ms]) => {
  const track = document.querySelector("#level [type=range]");
  const begin = performance.now();
  track.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
  for (let step = 1; step <= steps; step++) {
    const wait = begin + step * ms - performance.now();
    if (wait > 0) await new Promise((go) => setTimeout(go, wait));
    track.value = String(step);
    track.dispatchEvent(new InputEvent("input", { bubbles: true }));
    if (track.value !== String(step)) return `moved from ${step} to ${track.value}`;
  }
  window.dispatchEvent(new PointerEvent("pointerup"));
  return null;
}"""


@pytest.mark.parametrize("event", ["input", "change"])
def test_a_drag_sends_what_is_newest_and_the_last_of_all(stage: Stage, event: str) -> None:  # TR-33 TR-30
    app = stage.show(f"""
seen = []
def handle(level):
    time.sleep(0.02)
    seen.append(level)
    return level, level

with gr.Blocks() as demo:
    level, out = gr.Slider(0, 100, 0, step=1, elem_id="level"), gr.Number(label="Out")
    level.{event}(handle, level, [level, out])
demo
""")
    stage.messages()
    assert stage.page.evaluate(DRAG, [100, 10]) is None
    expect(app.get_by_label("Out", exact=True)).to_have_value("100")
    stage.until("level.value == 100 and seen[-1] == 100")
    assert len(stage.messages()) < 60
    expect(app.locator("#level [type=range]")).to_have_value("100")
