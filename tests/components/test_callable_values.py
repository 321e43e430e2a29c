"""Components whose ``value`` is a function: when it is called, and what is shown."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.bridge.portal import portal
from tests.support import FakeComm, Page

Open = Callable[[gr.Blocks], Page]


@pytest.fixture
def opened(comms: list[FakeComm]) -> Open:
    """Shows an app in a page."""

    def show(app: gr.Blocks) -> Page:
        page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
        page.say("hello")
        return page

    return show


class Source:
    """A function that counts its calls; the value is the count."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.threads: set[str] = set()

    def __call__(self, *args: Any) -> str:
        self.calls.append(args)
        self.threads.add(threading.current_thread().name)
        return str(len(self.calls))


@pytest.fixture
def source() -> Iterator[Source]:
    yield Source()


def until_at_least(page: Page, box: Any, count: int) -> None:
    """Wait for a value of that size: of quick ones the page is not sent each."""
    page.comm.wait(lambda: int(page.shown(box) or 0) >= count)


def settle() -> None:
    """Wait until the loop has taken everything that was handed to it before."""
    done = threading.Event()
    assert portal.hand(done.set) and done.wait(5)


def test_the_function_is_called_at_once_and_when_the_page_is_up(
    source: Source, opened: Open
) -> None:  # EV-196
    with gr.Blocks() as app:
        box = gr.Textbox(source)
    assert box.value == "1" and len(source.calls) == 1
    page = opened(app)
    page.until(box, "2")
    assert page.comm.opened[0]["state"][f"{box._id}.value"] == "1"
    assert threading.main_thread().name in source.threads and len(source.threads) == 2
    page.say("hello")
    settle()
    assert len(source.calls) == 2


def test_with_inputs_it_is_not_called_at_once(source: Source) -> None:  # EV-196
    with gr.Blocks():
        box = gr.Textbox(source, inputs=gr.Number(1))
        assert gr.Textbox(source, inputs=[]).value is None
    assert source.calls == [] and box.value is None


def test_the_result_is_postprocessed_like_any(opened: Open) -> None:  # EV-196 EV-111
    with gr.Blocks() as app:
        number = gr.Number(lambda: 1.26, precision=1)
        slider = gr.Slider(0, 10, lambda: 5)
    assert (number.value, slider.value) == (1.3, 5)
    page = opened(app)
    page.until(number, 1.3)


@pytest.mark.parametrize(
    "make",
    [
        lambda value: gr.Textbox(value),
        lambda value: gr.Markdown(value),
        lambda value: gr.Dropdown(["1", "2", "3"], value=value),
        lambda value: gr.Label(value),
        lambda value: gr.HTML(value),
        lambda value: gr.Code(value),
    ],
)
def test_components_of_all_kinds_take_one(
    make: Callable[[Any], Any], source: Source, opened: Open
) -> None:  # EV-196
    with gr.Blocks() as app:
        one = make(source)
    page = opened(app)
    page.comm.wait(lambda: len(source.calls) == 2)
    assert one.load_event is not None and app.fns[one.load_event["id"]].outputs == (one,)


def test_a_state_is_no_component_with_a_load_listener() -> None:  # EV-196
    with gr.Blocks() as app:
        assert gr.State(list).load_event is None
    assert not app.fns


def test_without_an_app_it_is_called_once(source: Source) -> None:  # EV-196
    box = gr.Textbox(source)
    assert (box.value, box.load_event) == ("1", None)
    with gr.Blocks() as app:
        box.render()
    assert box.load_event is not None and list(app.fns) == [0]


# -- every and inputs


def test_every_so_many_seconds_it_is_called_again(source: Source, opened: Open) -> None:  # EV-197 EV-192
    with gr.Blocks() as app:
        box = gr.Textbox(source, every=0.005)
    page = opened(app)
    until_at_least(page, box, 5)
    listener = app.fns[0]
    assert (listener.every, listener.queue, listener.trigger_mode) == (0.005, True, "once")
    assert len(source.calls) >= 5


def test_with_a_timer_it_is_called_at_each_tick(source: Source, opened: Open) -> None:  # EV-197
    with gr.Blocks() as app:
        timer = gr.Timer(0.005)
        box = gr.Textbox(source, every=timer)
        stop = gr.Button()
        stop.click(lambda: gr.Timer(active=False), None, timer)
    page = opened(app)
    until_at_least(page, box, 4)
    page.fire(stop, "click")
    page.until(timer, False, "active")
    assert box.load_event is not None
    assert box.load_event["targets"] == [[app._id, "load"], [timer._id, "tick"]]


def test_with_inputs_it_is_called_at_load_and_at_each_change_with_their_values(
    opened: Open,
) -> None:  # EV-197
    calls: list[Any] = []

    def join(a: str, b: str) -> str:
        calls.append((a, b))
        return f"{a} {b}"

    with gr.Blocks() as app:
        a, b = gr.Textbox("a"), gr.Textbox("b")
        box = gr.Textbox(join, inputs=[a, b])
    page = opened(app)
    page.until(box, "a b")
    page.enter(a, "x")
    page.until(box, "x b")
    page.enter(b, "y")
    page.until(box, "x y")
    assert calls == [("a", "b"), ("x", "b"), ("x", "y")]


def test_a_change_while_it_is_called_is_not_lost(opened: Open) -> None:  # EV-197
    gate, started = threading.Event(), threading.Event()

    def slow(text: str) -> str:
        started.set()
        assert gate.wait(5)
        return f"of {text}"

    with gr.Blocks() as app:
        text = gr.Textbox("old")
        box = gr.Textbox(slow, inputs=text)
    page = opened(app)
    assert started.wait(5)
    page.enter(text, "newer")
    page.enter(text, "newest")
    settle()
    gate.set()
    page.until(box, "of newest")


def test_inputs_and_every_together_heed_both(opened: Open) -> None:  # EV-197
    gate = threading.Event()
    calls: list[str] = []

    def note(text: str) -> str:
        calls.append(text)
        if len(calls) > 3:
            gate.set()
        return f"{text} {len(calls)}"

    with gr.Blocks() as app:
        text = gr.Textbox("old")
        box = gr.Textbox(note, inputs=[text], every=3600)
    page = opened(app)
    page.until(box, "old 1")
    page.enter(text, "new")
    page.until(box, "new 2")


@pytest.mark.parametrize("value", ["plain", None])
def test_every_and_inputs_have_no_effect_without_a_function(value: Any) -> None:  # EV-197
    with gr.Blocks() as app:
        box = gr.Textbox(value, every=1, inputs=[gr.Textbox()])
    assert box.load_event is None and not app.fns and box.value == value


# -- load_event


def test_its_listener_can_be_cancelled_as_soon_as_it_exists(source: Source, opened: Open) -> None:  # EV-198
    with gr.Blocks() as app:
        box = gr.Textbox(source, every=0.005)
        assert isinstance(box.load_event, gr.Dependency)
        stop = gr.Button()
        stop.click(None, cancels=[box.load_event])
        after = gr.Button()
        after.click(lambda: "stopped", None, box)
    page = opened(app)
    until_at_least(page, box, 3)
    page.fire(stop, "click")
    settle()
    session = app.host.session
    assert session is not None and not session.pending
    page.fire(after, "click")
    page.until(box, "stopped")
    assert session.value(box) == "stopped"


def test_a_cancelled_repetition_goes_on_in_other_sessions(source: Source) -> None:  # EV-198 EV-272
    with gr.Blocks() as app:
        box = gr.Textbox(source, every=3600)
    assert box.load_event is not None
    listener = box.load_event.listener
    started = threading.Event()
    sessions = [app.host.open_session(follows=True) for _ in range(2)]
    app.host.start()
    scheduler = app.host.scheduler

    def act() -> None:
        for session in sessions:
            scheduler.open_session(session, None)
        scheduler.cancel(sessions[0].runs([listener]))
        started.set()

    portal.hand(act)
    assert started.wait(5)
    assert not sessions[0].pending and sessions[1].pending
    app.close(verbose=False)


def test_a_plain_value_has_no_listener() -> None:  # EV-198
    with gr.Blocks():
        assert gr.Textbox("x").load_event is None


# -- what the listener is


def test_it_bypasses_the_queue_unless_it_repeats(source: Source) -> None:  # EV-199
    with gr.Blocks() as app:
        timer, text = gr.Timer(5), gr.Textbox()
        once = gr.Textbox(source)
        fed = gr.Textbox(source, inputs=text)
        repeated = gr.Textbox(source, every=1)
        ticking = gr.Textbox(source, every=timer)
    found = [app.fns[box.load_event["id"]] for box in (once, fed, repeated, ticking) if box.load_event]
    assert [one.queue for one in found] == [False, False, True, True]
    assert [one.api_visibility for one in found] == ["undocumented"] * 4
    assert [one.show_progress for one in found] == ["full", "hidden", "full", "hidden"]


def test_a_full_queue_does_not_hold_it_up(source: Source, opened: Open) -> None:  # EV-199 EV-221
    with gr.Blocks() as app:
        box = gr.Textbox(source)
    page = opened(app.queue(max_size=0))
    page.until(box, "2")
