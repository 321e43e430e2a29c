"""A whole app over a comm: what pages say, what they are shown, and what is refused."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import nbblocks as gr
from nbblocks.bridge import reception
from nbblocks.bridge.portal import portal
from tests.support import FakeComm, Page

from .test_messages import JSON, WHOLE

Show = Callable[..., Page]


def show(app: gr.Blocks, comms: list[FakeComm], view: str = "here", *, hello: bool = True) -> Page:
    """A page that shows ``app``."""
    root = app.host.show()
    page = Page(root.comm, view)  # pyright: ignore[reportArgumentType]
    if hello:
        page.say("hello")
    return page


def settle() -> None:
    """Wait until the loop has taken everything that was handed to it before."""
    done = threading.Event()
    assert portal.hand(done.set) and done.wait(20)


class Greeter:
    """An app with a name, a button and a greeting."""

    def __init__(self, greet: Callable[[str], Any] = "Hello {}".format) -> None:
        with gr.Blocks() as self.app:
            self.name = gr.Textbox("nobody", label="Name")
            self.greeting = gr.Textbox(label="Greeting")
            self.button = gr.Button("Greet")
            self.button.click(greet, self.name, self.greeting, trigger_mode="multiple")

    def greets(self, page: Page, name: str) -> None:
        """Check that the app answers."""
        page.fire(self.button, "click", values=[(self.name, name)])
        page.until(self.greeting, f"Hello {name}")


@pytest.fixture
def greeter() -> Greeter:
    return Greeter()


# -- opening


def test_the_first_message_shows_the_whole_app(greeter: Greeter, comms: list[FakeComm]) -> None:  # D1
    page = show(greeter.app, comms)
    state = page.comm.opened[0]["state"]
    kind, (form, button) = state["tree"][1], state["tree"][2]
    assert (kind, form[1], button) == ("blocks", "form", [greeter.button._id, "button", []])
    assert page.shown(greeter.name) == "nobody" and page.shown(greeter.name, "label") == "Name"
    (listener,) = state["listeners"]
    assert listener["targets"] == [[greeter.button._id, "click"]]
    assert listener["backend"] and state["options"]["live"]


def test_load_fires_once_however_many_pages_come(comms: list[FakeComm]) -> None:  # EV-190 ST-6
    loads: list[int] = []
    with gr.Blocks() as app:
        box = gr.Textbox()
        app.load(lambda: loads.append(1) or "loaded", None, box)
        again = gr.Button()
        again.click(lambda: "again", None, box)
    page = show(app, comms)
    page.until(box, "loaded")
    other = show(app, comms, "other")
    other.fire(again, "click")
    page.until(box, "again")
    assert loads == [1]


def test_without_a_page_load_does_not_fire(comms: list[FakeComm]) -> None:  # ST-8 ST-15
    loads: list[int] = []
    with gr.Blocks() as app:
        app.load(lambda: loads.append(1))
    show(app, comms, hello=False)
    settle()
    assert loads == [] and app.host.session is not None and not app.host.session.opened


def test_callable_values_are_called_when_the_page_is_up(comms: list[FakeComm]) -> None:  # EV-196
    values = iter(["built", "loaded"])
    with gr.Blocks() as app:
        box = gr.Textbox(lambda: next(values))
    page = show(app, comms)
    page.until(box, "loaded")
    assert page.comm.opened[0]["state"][f"{box._id}.value"] == "built"


# -- events


def test_an_event_runs_the_handler_and_its_update_holds_value_and_status(
    greeter: Greeter, comms: list[FakeComm]
) -> None:  # EV-21 EV-323
    page = show(greeter.app, comms)
    page.fire(greeter.button, "click", values=[(greeter.name, "Ada")])
    page.until(greeter.greeting, "Hello Ada")
    (update,) = (one for one in page.comm.updates if f"{greeter.greeting._id}.value" in one)
    assert update["run.0"]["stage"] == "complete" and update["run.0"]["origin"] == "here"
    assert greeter.greeting.value == "Hello Ada"


def test_values_are_taken_before_the_event(greeter: Greeter, comms: list[FakeComm]) -> None:  # D5
    page = show(greeter.app, comms)
    page.enter(greeter.name, "earlier")
    greeter.greets(page, "Ada")
    page.fire(greeter.button, "click")
    settle()
    assert greeter.app.host.session is not None
    assert greeter.app.host.session.value(greeter.name) == "Ada"
    assert not any(f"{greeter.name._id}.value" in one for one in page.comm.updates)


def test_input_comes_before_change(comms: list[FakeComm]) -> None:  # EV-128
    order: list[str] = []
    with gr.Blocks() as app:
        box, out = gr.Textbox(), gr.Textbox()
        box.change(lambda: order.append("change") or len(order), None, out, concurrency_id="one")
        box.input(lambda: order.append("input") or len(order), None, out, concurrency_id="one")
    page = show(app, comms)
    page.fire(box, "input", values=[(box, "x")])
    page.until(out, "2")
    assert order == ["input", "change"]


def test_change_fires_if_the_value_is_another_one(comms: list[FakeComm]) -> None:  # EV-127
    seen: list[str] = []
    with gr.Blocks() as app:
        box, out = gr.Textbox("a"), gr.Textbox()
        box.change(lambda text: seen.append(text) or f"saw {text}", box, out)
    page = show(app, comms)
    page.enter(box, "a")
    page.enter(box, "b")
    page.until(out, "saw b")
    assert seen == ["b"]


def test_event_data_reach_the_handler(comms: list[FakeComm]) -> None:  # EV-92
    def look(event: gr.SelectData) -> str:
        return f"{event.index} {event.value}"

    with gr.Blocks() as app:
        box, out = gr.Textbox(), gr.Textbox()
        box.select(look, None, out)
    page = show(app, comms)
    page.fire(box, "select", {"index": [1, 2], "value": "x", "selected": True})
    page.until(out, "(1, 2) x")


def test_prints_and_tracebacks_of_handlers_go_to_the_pages_log(comms: list[FakeComm]) -> None:  # EV-81 EV-290
    def fail() -> None:
        print("a last word")
        raise RuntimeError("broken")

    with gr.Blocks() as app:
        button = gr.Button()
        button.click(fail)
    page = show(app, comms)
    page.fire(button, "click")
    error = page.until_told("log", stream="error")
    assert "RuntimeError: broken" in error["text"]
    assert page.until_told("log", stream="stdout")["text"] == "a last word\n"
    page.comm.wait(lambda: page.comm.state.get("run.0", {}).get("stage") == "error")
    assert "message" not in page.comm.state["run.0"]  # EV-291: no more than that it failed


def test_toasts_reach_the_page(comms: list[FakeComm]) -> None:  # EV-294
    with gr.Blocks() as app:
        button = gr.Button()
        button.click(lambda: gr.Info("look", title="T"))
    page = show(app, comms)
    page.fire(button, "click")
    toast = page.until_told("toast")
    assert (toast["level"], toast["message"], toast["title"]) == ("info", "look", "T")


# -- what is refused


@pytest.mark.parametrize("event", ["clik", "__init__", "value", "load", "change"])
def test_events_that_a_block_does_not_offer_to_pages_are_refused(
    greeter: Greeter, comms: list[FakeComm], event: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = show(greeter.app, comms)
    page.fire(greeter.name, event)
    greeter.greets(page, "Ada")
    assert "refused" in caplog.text


def test_blocks_of_other_apps_are_refused(
    greeter: Greeter, comms: list[FakeComm], caplog: pytest.LogCaptureFixture
) -> None:
    with gr.Blocks():
        strange = gr.Textbox("mine")
    page = show(greeter.app, comms)
    page.fire(strange, "submit")
    page.enter(strange, "yours")
    greeter.greets(page, "Ada")
    assert strange.value == "mine"
    assert f"block {strange._id} of this app has no event 'submit'" in caplog.text
    assert f"a page sent a value for {strange._id}" in caplog.text


def test_a_state_is_not_for_pages_to_set(comms: list[FakeComm], caplog: pytest.LogCaptureFixture) -> None:
    with gr.Blocks() as app:
        state, out, button = gr.State("secret"), gr.Textbox(), gr.Button()
        button.click(lambda value: value, state, out)
    page = show(app, comms)
    page.fire(button, "click", values=[(state, "guess")])
    page.until(out, "secret")
    assert "secret" not in str(page.comm.opened)
    assert "a page sent a value for" in caplog.text


def test_a_value_of_the_wrong_form_is_refused_alone(
    greeter: Greeter, comms: list[FakeComm], caplog: pytest.LogCaptureFixture
) -> None:
    page = show(greeter.app, comms)
    page.fire(greeter.button, "click", values=[(greeter.greeting, {"a": 1}), (greeter.name, "Ada")])
    page.until(greeter.greeting, "Hello Ada")
    assert "a value from the page was refused" in caplog.text


NUMBERS = itertools.count()
NESTED = st.fixed_dictionaries(
    {}, optional={"content": st.fixed_dictionaries({}, optional={"data": JSON, "comm_id": JSON}) | JSON}
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(st.data())
def test_nothing_that_a_page_sends_raises_or_stops_the_app(
    greeter: Greeter, comms: list[FakeComm], data: st.DataObject
) -> None:
    page = show(greeter.app, comms, hello=False)
    root: Any = greeter.app.host.root
    root._handle_msg(data.draw(NESTED | JSON))
    root._handle_msg({"content": {"data": {"method": data.draw(JSON), "content": data.draw(JSON)}}})
    content = {
        "type": data.draw(st.sampled_from(list(WHOLE))),
        "view": data.draw(st.text(max_size=70)),
        "seq": 0,
    }
    content |= WHOLE[content["type"]]
    if "node" in content:
        content["node"] = data.draw(st.sampled_from([greeter.name, greeter.button, greeter.app]))._id
    if "values" in content:
        content["values"] = [[greeter.name._id, data.draw(JSON)], [greeter.greeting._id, data.draw(JSON)]]
    for field in data.draw(st.lists(st.sampled_from(list(content)), max_size=2)):
        content[field] = data.draw(JSON)
    buffers = data.draw(st.none() | st.lists(st.binary(max_size=4).map(memoryview), max_size=2))
    root._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": buffers})
    fresh = Page(page.comm, f"fresh {next(NUMBERS)}")
    fresh.fire(greeter.button, "click", values=[(greeter.name, name := f"Ada {next(NUMBERS)}")])
    fresh.until(greeter.greeting, f"Hello {name}")


# -- code beside the page


def test_what_code_sets_is_shown_and_change_fires(comms: list[FakeComm]) -> None:  # CP-59 EV-127
    with gr.Blocks() as app:
        box, out = gr.Textbox("a"), gr.Textbox()
        box.change(lambda text: f"saw {text}", box, out)
    page = show(app, comms)
    settle()
    box.value = "b"
    page.until(box, "b")
    page.until(out, "saw b")
    box.label = "new"
    page.until(box, "new", "label")


def test_what_a_run_sets_is_seen_by_observers(greeter: Greeter, comms: list[FakeComm]) -> None:
    seen: list[str] = []
    greeter.greeting.observe(lambda change: seen.append(change["new"]), "value")
    page = show(greeter.app, comms)
    greeter.greets(page, "Ada")
    assert seen == ["Hello Ada"]


def test_what_was_added_to_an_open_app_is_shown(greeter: Greeter, comms: list[FakeComm]) -> None:  # AP-5
    page = show(greeter.app, comms)
    with greeter.app:
        more = gr.Button("More")
        more.click(lambda: "more", None, greeter.greeting)
    page.until(more, "More")
    page.comm.wait(
        lambda: any(one["targets"] == [[more._id, "click"]] for one in page.comm.state["listeners"])
    )
    page.fire(more, "click")
    page.until(greeter.greeting, "more")


# -- several views


def test_one_page_gets_no_echo(greeter: Greeter, comms: list[FakeComm]) -> None:  # D5
    page = show(greeter.app, comms)
    page.enter(greeter.name, "Ada")
    greeter.greets(page, "Eve")
    assert not any(one["type"] == "echo" for one in page.comm.custom)


def test_the_other_page_is_told_what_was_typed(greeter: Greeter, comms: list[FakeComm]) -> None:  # ST-1 D5
    page = show(greeter.app, comms)
    show(greeter.app, comms, "other")
    page.enter(greeter.name, "Ada")
    echo = page.until_told("echo")
    assert (echo["view"], echo["values"]) == ("here", [[greeter.name._id, "Ada"]])


def test_a_page_that_went_gets_no_echo(greeter: Greeter, comms: list[FakeComm]) -> None:  # ST-9
    page = show(greeter.app, comms)
    other = show(greeter.app, comms, "other")
    other.say("bye")
    greeter.greets(page, "Ada")
    assert not any(one["type"] == "echo" for one in page.comm.custom)
    assert len(greeter.app.host.views) == 1


def test_a_page_that_went_is_forgotten(greeter: Greeter, comms: list[FakeComm]) -> None:  # TR-13
    page = show(greeter.app, comms)
    other = show(greeter.app, comms, "other")
    other.say("bye")
    greeter.greets(page, "Ada")
    assert set(greeter.app.host.inbox._views) == {"here"}


# -- the end


def names() -> set[str]:
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("nbblocks")}


def test_close_greys_out_the_views_and_leaves_no_thread(
    greeter: Greeter, comms: list[FakeComm], capsys: pytest.CaptureFixture[str]
) -> None:  # AP-39 AP-42
    assert names() == set()
    page = show(greeter.app, comms)
    greeter.greets(page, "Ada")
    assert {"nbblocks-scheduler", "nbblocks-outbox"} <= names() and greeter.app.is_running
    running = [thread for thread in threading.enumerate() if thread.name.startswith("nbblocks")]
    greeter.app.close()
    assert page.comm.state["options"]["live"] is False
    assert page.until_told("close")["note"].startswith("This app was closed")
    assert page.comm.closed and not greeter.app.is_running
    for thread in running:
        thread.join(5)
    assert capsys.readouterr().out == "Closed the app.\n"
    greeter.app.close()
    assert capsys.readouterr().out == ""


def test_a_closed_app_can_be_shown_again(greeter: Greeter, comms: list[FakeComm]) -> None:  # AP-39
    first = show(greeter.app, comms)
    greeter.greets(first, "Ada")
    greeter.app.close(verbose=False)
    second = show(greeter.app, comms)
    assert second.comm is not first.comm
    greeter.greets(second, "Eve")


def test_a_run_that_was_on_its_way_at_the_close_shows_nothing(comms: list[FakeComm]) -> None:  # AP-39 EV-273
    started, end, ended = threading.Event(), threading.Event(), threading.Event()

    def slow(name: str) -> str:
        started.set()
        end.wait(5)
        ended.set()
        return "late"

    greeter = Greeter(slow)
    page = show(greeter.app, comms)
    page.fire(greeter.button, "click")
    assert started.wait(5)
    greeter.app.close(verbose=False)
    end.set()
    assert ended.wait(5)
    assert page.shown(greeter.greeting) is None


# -- interactive (CP-6)


def test_who_may_be_edited_is_worked_out_from_the_listeners(comms: list[FakeComm]) -> None:  # CP-6
    with gr.Blocks() as app:
        given, taken, both, empty, full, told = (
            gr.Textbox(),
            gr.Textbox(),
            gr.Textbox(),
            gr.Textbox(),
            gr.Textbox("x"),
            gr.Textbox(interactive=True),
        )
        gr.Button().click(lambda *_: None, [given, both], [taken, both, told])
    page = show(app, comms)
    found = [page.shown(one, "interactive") for one in (given, taken, both, empty, full, told)]
    assert found == [True, False, True, True, True, True]


# -- a component alone


def test_a_component_outside_of_an_app_shows_alone(comms: list[FakeComm]) -> None:  # CP-59 D7
    seen: list[str] = []
    box = gr.Textbox("a", label="Alone")
    box.observe(lambda change: seen.append(change["new"]), "value")
    bundle = box._repr_mimebundle_()
    (comm,) = [one for one in comms if "tree" in one.opened[0]["state"]]
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == comm.comm_id == box.model_id
    page = Page(comm)
    page.say("hello")
    page.enter(box, "b")
    settle()
    box.shown_alone.host.outbox.custom({"type": "mark"})
    page.until_told("mark")
    assert (box.value, seen) == ("b", ["b"])
    box.shown_alone.host.close()


def test_a_part_of_an_app_is_shown_as_part_of_it(greeter: Greeter, comms: list[FakeComm]) -> None:  # TR-63
    bundle = greeter.name._repr_mimebundle_()
    (root,) = [one for one in comms if "tree" in one.opened[0]["state"]]
    (handle,) = [one for one in comms if one.opened[0]["state"].get("block") == greeter.name._id]
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == handle.comm_id
    assert handle.sent[-1][0]["state"] == {"root": f"anywidget:{root.comm_id}"}


def test_event_data_names_no_file_that_the_page_was_not_sent(
    comms: list[FakeComm], caplog: pytest.LogCaptureFixture
) -> None:  # CP-12
    seen: list[Any] = []
    with gr.Blocks() as app:
        button = gr.Button()

        def look(event: gr.EventData) -> None:
            seen.append(event.file)

        button.click(look)
    page = show(app, comms)
    secret = {"path": "/etc/passwd", "meta": {"_type": "nbblocks.FileData"}}
    page.fire(button, "click", {"file": [secret]})
    page.fire(button, "click", {"file": "a name"})
    page.comm.wait(lambda: page.comm.state.get("run.0", {}).get("stage") == "complete")
    assert seen == ["a name"]
    assert "the event 'click' names a file it may not: the file '/etc/passwd'" in caplog.text


def test_a_timer_stands_still_while_its_pages_are_in_the_background(comms: list[FakeComm]) -> None:  # EV-200
    with gr.Blocks() as app:
        timer, count = gr.Timer(0.01), gr.Number(0)
        timer.tick(lambda n: n + 1, count, count)
    page = show(app, comms)
    page.comm.wait(lambda: (page.shown(count) or 0) > 1)
    session = app.host.session
    assert session is not None
    page.say("beat", hidden=True)
    end = time.monotonic() + 5
    while session.visible and time.monotonic() < end:
        time.sleep(0.001)
    assert not session.visible
    other = Page(page.comm, "there")
    other.say("hello")
    before = page.shown(count)
    page.comm.wait(lambda: page.shown(count) > before)
    other.say("beat", hidden=True)
    page.say("beat", hidden=False)
    before = page.shown(count)
    page.comm.wait(lambda: page.shown(count) > before)


# -- stopping (TR-64)


def test_a_page_stops_what_it_waits_for_and_no_run_of_others(comms: list[FakeComm]) -> None:  # TR-64
    begun, ended = threading.Event(), threading.Event()

    def spin() -> str:
        begun.set()
        try:
            while True:
                time.sleep(0.001)
        finally:
            ended.set()

    with gr.Blocks() as app:
        out = gr.Textbox()
        button = gr.Button()
        clicked = button.click(spin, None, out)
        gr.Button().click(lambda: spin(), None, None, api_name="other")
    page = show(app, comms)
    client = gr.Client(app)
    job = client.submit(api_name="/other")
    assert begun.wait(5)
    (others,) = [run.id for session in app.host.scheduler.sessions for run in session.runs()]
    begun.clear()
    page.fire(button, "click")
    assert begun.wait(5)
    key = f"run.{clicked.listener.id}"
    page.comm.wait(lambda: page.comm.state.get(key))
    assert page.comm.state[key]["run"] != others
    page.say("stop", run=others)
    page.say("stop", run=10**9)
    settle()
    assert not ended.is_set() and not job.done()
    page.say("stop", run=page.comm.state[key]["run"])
    assert ended.wait(5)
    page.comm.wait(lambda: page.comm.state[key]["stage"] == "complete")
    assert not job.done()
    portal.hand(app.host.scheduler.stops.interrupt_all)
    with pytest.raises(CancelledError):
        job.result(5)


def test_the_app_of_a_deleted_cell_is_closed(
    comms: list[FakeComm], monkeypatch: pytest.MonkeyPatch
) -> None:  # TR-69
    monkeypatch.setattr(reception, "REGRET", 0.01)
    with gr.Blocks() as app:
        timer, count = gr.Timer(0.01), gr.Number(0)
        timer.tick(lambda n: n + 1, count, count)
    page = show(app, comms)
    host = app.host
    page.comm.wait(lambda: (page.shown(count) or 0) > 2)
    page.say("bye", deleted=True)
    page.comm.wait(lambda: host.closed)
    assert not app.is_running


def test_an_app_that_is_seen_elsewhere_or_called_stays(
    comms: list[FakeComm], monkeypatch: pytest.MonkeyPatch
) -> None:  # TR-69
    monkeypatch.setattr(reception, "REGRET", 0.0)
    greeter = Greeter()
    page = show(greeter.app, comms)
    other = Page(page.comm, "there")
    other.say("hello")
    page.say("bye", deleted=True)
    settle()
    greeter.greets(other, "Ada")
    client = gr.Client(greeter.app)
    other.say("bye", deleted=True)
    settle()
    assert client.predict("Bob", api_name="/format") == "Hello Bob"
    third = Page(page.comm, "again")
    third.say("hello")  # the cell was brought back, or moved
    client.close()
    third.say("bye")  # a page that is closed
    settle()
    settle()
    assert not greeter.app.host.closed
