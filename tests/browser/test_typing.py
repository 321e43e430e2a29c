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
