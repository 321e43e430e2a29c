"""Timer as a component; when it ticks is proved in the core's tests, with simulated time."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

import nbblocks as gr
from tests.support import FakeComm, Page


def opened(app: gr.Blocks) -> Page:
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    return page


def until_at_least(page: Page, box: Any, count: int) -> None:
    """Wait for a value of that size: of quick ones the page is not sent each."""
    page.comm.wait(lambda: (page.shown(box) or 0) >= count)


def test_its_parameters_and_what_its_listeners_default_to() -> None:  # EV-200
    with gr.Blocks():
        timer = gr.Timer()
        listener = timer.tick(lambda: None).listener
    assert (timer.value, timer.active, timer.is_rendered) == (1, True, True)
    assert (listener.show_progress, listener.trigger_mode) == ("hidden", "once")
    hidden = gr.Timer(2.5, active=False, render=False)
    assert (hidden.value, hidden.active, hidden.is_rendered) == (2.5, False, False)
    assert hidden.ticks_every(2.5) is None and timer.ticks_every(1.0) == 1
    with pytest.raises(TypeError, match="positional"):
        gr.Timer(1, False)  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize("value", [0, -1, -0.5, float("nan"), float("inf"), True, "1"])
def test_an_interval_must_be_positive(value: Any) -> None:  # EV-201
    with pytest.raises(ValueError, match="must be a positive number of seconds, got"):
        gr.Timer(value)
    timer = gr.Timer(3)
    for name in ("postprocess", "from_page"):
        with pytest.raises(ValueError, match="must be a positive number"):
            getattr(timer, name)(value)


@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_code_cannot_set_it_to_none_such_either(value: Any) -> None:  # EV-201
    timer = gr.Timer(3)
    with pytest.raises(ValueError, match="must be a positive number"):
        timer.value = value
    assert timer.value == 3


def test_none_lets_it_stand_still() -> None:  # EV-201
    timer = gr.Timer(None)
    assert timer.value is None and timer.ticks_every(timer.value) is None
    assert timer.postprocess(None) is None


def test_it_ticks_while_a_page_looks_and_follows_its_properties(comms: list[FakeComm]) -> None:  # EV-200
    numbers = itertools.count(1)
    with gr.Blocks() as app:
        timer, count, told = gr.Timer(0.005), gr.Number(), gr.Number()
        timer.tick(lambda: next(numbers), None, count)
        stop, ask = gr.Button(), gr.Button()
        stop.click(lambda: gr.Timer(active=False), None, timer)
        ask.click(lambda seconds: (seconds * 1000, gr.Timer(0.01, active=True)), timer, [told, timer])
    page = opened(app)
    until_at_least(page, count, 5)
    page.fire(stop, "click")
    page.until(timer, False, "active")
    page.fire(ask, "click")
    page.until(told, 5)
    reached = next(numbers)
    until_at_least(page, count, reached + 2)


def test_a_bad_interval_from_a_handler_is_an_error(comms: list[FakeComm]) -> None:  # EV-201
    with gr.Blocks() as app:
        timer, button = gr.Timer(3600), gr.Button()
        listener = button.click(lambda: 0, None, timer).listener
    page = opened(app)
    page.fire(button, "click")
    page.comm.wait(lambda: page.comm.state.get(f"run.{listener.id}", {}).get("stage") == "error")
    assert timer.value == 3600


def test_code_can_start_it(comms: list[FakeComm]) -> None:  # EV-200
    numbers = itertools.count(1)
    with gr.Blocks() as app:
        timer, count = gr.Timer(0.005, active=False), gr.Number()
        timer.tick(lambda: next(numbers), None, count)
    page = opened(app)
    timer.active = True
    until_at_least(page, count, 2)


def test_one_that_comes_later_ticks_too(comms: list[FakeComm]) -> None:  # EV-200 AP-5
    numbers = itertools.count(1)
    with gr.Blocks() as app:
        count, button = gr.Number(), gr.Button()
        button.click(lambda: -1, None, count)
    page = opened(app)
    page.fire(button, "click")
    page.until(count, -1)
    with app:
        gr.Timer(0.005).tick(lambda: next(numbers), None, count)
    until_at_least(page, count, 2)
