"""The notebook's session of an app: who shares it, when it opens, pauses, closes and comes back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.bridge.views import HEARTBEAT, SILENT
from tests.support import FakeComm, Page
from tests.waiting import until

from .test_host import settle, show


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sweeps are frequent: that there is one a second is shown in simulated time."""
    monkeypatch.setattr("nbblocks.core.sweeping.PERIOD", 0.02)


class Notes:
    """An app with values of all kinds, that notes what is called for its sessions."""

    def __init__(self, **given: Any) -> None:
        self.log: list[Any] = []
        with gr.Blocks() as self.app:
            self.text = gr.Textbox("initial", label="Text")
            self.out = gr.Textbox(label="Out")
            self.state = gr.State([], delete_callback=lambda v: self.log.append(("deleted", v)), **given)
            self.made = gr.State(self._make)
            self.add, self.fix = gr.Button("Add"), gr.Button("Fix")
            self.add.click(
                self._add, [self.text, self.state], self.out, api_name="add", trigger_mode="multiple"
            )
            self.fix.click(lambda: gr.update(label="fixed", max_length=3), None, self.text)
            self.app.load(lambda: self.log.append("load"))
            self.app.unload(lambda: self.log.append("unload"))

    def _make(self) -> object:
        self.log.append("made")
        return object()

    @staticmethod
    def _add(text: str, value: list[str]) -> str:
        value.append(text)
        return " ".join(value)

    def adds(self, page: Page, text: str, found: str) -> None:
        """A page enters a text and adds it."""
        page.fire(self.add, "click", values=[(self.text, text)])
        page.until(self.out, found)

    def count(self, what: Any) -> int:
        return self.log.count(what)

    @property
    def session(self) -> Any:
        return self.app.host.session


@pytest.fixture
def notes() -> Iterator[Notes]:
    notes = Notes()
    yield notes
    notes.app.close(verbose=False)


# -- who shares it


def test_all_pages_share_values_and_state(notes: Notes, comms: list[FakeComm]) -> None:  # ST-1 AP-32
    here, there = show(notes.app, comms), show(notes.app, comms, "there")
    notes.adds(here, "a", "a")
    notes.adds(there, "b", "a b")
    assert notes.text.value == "b" and notes.session.value(notes.text) == "b"
    here.fire(notes.add, "click")
    here.until(notes.out, "a b b")
    assert (notes.count("load"), notes.count("made")) == (1, 1)
    assert len(notes.app.host._sessions) == 1


def test_a_reload_changes_nothing(notes: Notes, comms: list[FakeComm]) -> None:  # ST-6 ST-8
    page = show(notes.app, comms)
    notes.adds(page, "a", "a")
    session, made = notes.session, notes.session.state(notes.made)
    page.say("bye")
    page = show(notes.app, comms, "reloaded")
    notes.adds(page, "b", "a b")
    assert notes.session is session and session.state(notes.made) is made
    assert (notes.count("load"), notes.count("made"), notes.count("unload")) == (1, 1, 0)


def test_two_apps_share_nothing(comms: list[FakeComm]) -> None:  # ST-5 ST-7
    one, two = Notes(), Notes()
    pages = [show(notes.app, comms) for notes in (one, two)]
    one.adds(pages[0], "a", "a")
    two.adds(pages[1], "b", "b")
    assert one.session.id != two.session.id
    one.app.close(verbose=False)
    two.adds(pages[1], "c", "b c")
    until(lambda: one.count("unload") and ("deleted", ["a"]) in one.log)
    assert two.count("unload") == 0


def test_clients_and_pages_do_not_see_each_other(notes: Notes, comms: list[FakeComm]) -> None:  # ST-2 EV-51
    page = show(notes.app, comms)
    with gr.Client(notes.app) as before:
        notes.adds(page, "page", "page")
        page.fire(notes.fix, "click")
        page.until(notes.text, "fixed", "label")
        with gr.Client(notes.app) as client:
            for one in (before, client):
                assert one.predict(api_name="/add") == "initial"  # not what the page has now
                assert one.predict("longer than 3", api_name="/add") == "initial longer than 3"
        assert (notes.text.initial(), notes.text.value, notes.text.label) == ("initial", "page", "fixed")
        assert page.shown(notes.out) == "page" and notes.session.state(notes.state) == ["page"]
    settle()
    assert page.shown(notes.out) == "page" and not notes.session.closed


def test_what_code_sets_is_what_new_sessions_start_with(
    notes: Notes, comms: list[FakeComm]
) -> None:  # ST-2 ST-1
    page = show(notes.app, comms)
    page.enter(notes.text, "page")
    until(lambda: notes.text.value == "page")
    notes.text.value = "code"
    page.until(notes.text, "code")
    page.enter(notes.text, "page again")
    until(lambda: notes.text.value == "page again")
    with gr.Client(notes.app) as client:
        assert client.predict(api_name="/add") == "code"


def test_properties_that_code_sets_are_everybodys(comms: list[FakeComm]) -> None:  # ST-2 EV-51
    with gr.Blocks() as app:
        choice, out, button = gr.Dropdown(["a"], value="a"), gr.Textbox(), gr.Button()
        button.click(lambda: gr.update(label="by a run"), None, choice)
        choice.change(lambda value: f"took {value}", choice, out, api_name="take")
    page = show(app, comms)
    page.fire(button, "click")
    page.until(choice, "by a run", "label")
    choice.choices = [("b", "b")]
    settle()
    with gr.Client(app) as client:
        assert client.predict("b", api_name="/take") == "took b"


def test_a_value_changed_in_place_stays_in_its_session(comms: list[FakeComm]) -> None:  # ST-1 ST-2
    with gr.Blocks() as app:
        data, out, button = gr.JSON({"list": [1]}), gr.Textbox(), gr.Button()

        def change(value: dict[str, list[int]]) -> str:
            value["list"].append(2)
            return str(value)

        button.click(change, data, out, api_name="change")
    page = show(app, comms)
    page.fire(button, "click")
    page.until(out, "{'list': [1, 2]}")
    assert data.initial() == {"list": [1]}
    with gr.Client(app) as client:
        assert client.predict(api_name="/change") == "{'list': [1, 2]}"


# -- opening


def test_it_opens_with_the_first_view(notes: Notes, comms: list[FakeComm]) -> None:  # ST-8 ST-15 ST-23
    page = show(notes.app, comms, hello=False)
    settle()
    time.sleep(0.1)
    assert notes.log == [] and not notes.session.opened
    assert page.shown(notes.text) == "initial"  # what a static page shows
    page.say("hello")
    until(lambda: len(notes.log) == 2)
    assert sorted(notes.log) == ["load", "made"] and notes.session.opened
    assert len(notes.session.id) >= 8


def test_without_a_view_nothing_ticks(comms: list[FakeComm]) -> None:  # ST-15
    ticks: list[int] = []
    with gr.Blocks() as app:
        gr.Timer(0.02).tick(lambda: ticks.append(1))
    page = show(app, comms, hello=False)
    time.sleep(0.15)
    assert ticks == []
    page.say("hello")
    until(lambda: ticks)


def test_an_unplaced_function_is_called_at_load_too(comms: list[FakeComm]) -> None:  # ST-23 ST-26
    calls: list[str] = []
    outside = gr.State(lambda: calls.append("outside"))
    with gr.Blocks() as app:
        inside = gr.State(lambda: calls.append("inside"), render=False)
        gr.Button().click(lambda *_: None, [inside, outside])
    show(app, comms)
    until(lambda: len(calls) == 2)
    assert sorted(calls) == ["inside", "outside"]


def test_a_function_that_fails_is_told_to_the_page(
    comms: list[FakeComm], caplog: pytest.LogCaptureFixture
) -> None:  # ST-25
    def fail() -> None:
        raise RuntimeError("<no model>")

    with gr.Blocks() as app:
        state, out, button = gr.State(fail), gr.Textbox(), gr.Button()
        button.click(lambda value: f"got {value}", state, out)
    page = show(app, comms)
    toast = page.until_told("toast")
    assert (toast["level"], toast["message"]) == ("error", "RuntimeError: &lt;no model&gt;")
    page.fire(button, "click")
    page.until(out, "got None")
    assert "RuntimeError: <no model>" in caplog.text


# -- views


def test_views_beat_every_15_seconds_and_may_miss_two() -> None:  # ST-9
    assert (HEARTBEAT, SILENT) == (15, 45)


def test_a_silent_view_is_gone_until_its_next_beat(
    notes: Notes, comms: list[FakeComm], monkeypatch: pytest.MonkeyPatch
) -> None:  # ST-9 ST-10
    monkeypatch.setattr("nbblocks.bridge.supervision.HEARTBEAT", 0.02)
    page = show(notes.app, comms)
    notes.adds(page, "a", "a")
    session = notes.session
    monkeypatch.setattr("nbblocks.bridge.views.SILENT", 0.05)
    until(lambda: not session.watched)
    monkeypatch.setattr("nbblocks.bridge.views.SILENT", SILENT)
    page.say("beat")
    until(lambda: session.watched)
    notes.adds(page, "b", "a b")
    assert notes.session is session and not session.closed and notes.count("load") == 1


def test_it_is_connected_while_one_view_is_there(notes: Notes, comms: list[FakeComm]) -> None:  # ST-9
    here, there = show(notes.app, comms), show(notes.app, comms, "there")
    settle()
    assert notes.session.watched
    here.say("bye")
    settle()
    assert notes.session.watched
    there.say("bye")
    settle()
    assert not notes.session.watched


def test_repetitions_pause_while_nobody_looks_and_runs_end(comms: list[FakeComm]) -> None:  # ST-10
    gate, began = threading.Event(), threading.Event()
    times: dict[str, list[float]] = {"tick": [], "every": []}

    def slow() -> str:
        began.set()
        assert gate.wait(5)
        return "kept"

    with gr.Blocks() as app:
        gr.Timer(0.02).tick(lambda: times["tick"].append(time.monotonic()))
        out, button = gr.Textbox(), gr.Button()
        button.click(slow, None, out)
        app.load(lambda: times["every"].append(time.monotonic()), every=0.02)
    page = show(app, comms)
    page.fire(button, "click")
    assert began.wait(5)
    until(lambda: all(times.values()))
    page.say("bye")
    settle()
    time.sleep(0.1)
    before = {name: len(one) for name, one in times.items()}
    time.sleep(0.2)
    assert {name: len(one) for name, one in times.items()} == before
    gate.set()
    until(lambda: out.value == "kept")
    page = show(app, comms, "again")
    until(lambda: all(len(one) > before[name] for name, one in times.items()))
    assert page.shown(out) == "kept"


# -- closing


def hello(notes: Notes, page: Page) -> None:
    Page(page.comm, "back").say("hello")


def beat(notes: Notes, page: Page) -> None:
    page.say("beat")


def values(notes: Notes, page: Page) -> None:
    page.enter(notes.text, "typed")


def event(notes: Notes, page: Page) -> None:
    page.fire(notes.fix, "click", values=[(notes.text, "typed")])


@pytest.mark.parametrize("back", [hello, beat, values, event])
def test_who_comes_back_after_the_grace_time_finds_a_new_session(
    comms: list[FakeComm], back: Callable[[Notes, Page], None]
) -> None:  # ST-11 ST-13 ST-12 ST-46
    notes = Notes()
    notes.app.launch(inline=False, session_grace=0.05)
    page = show(notes.app, comms)
    notes.adds(page, "a", "a")
    page.enter(notes.text, "left")
    until(lambda: notes.text.value == "left" and notes.count("load"))
    old, made = notes.session, notes.session.state(notes.made)
    page.say("bye")
    until(lambda: len(notes.log) >= 4)
    assert old.closed and notes.log[-2:] == ["unload", ("deleted", ["a"])]
    assert (notes.count("load"), notes.count("made")) == (1, 1)
    back(notes, page)
    until(lambda: (notes.count("load"), notes.count("made")) == (2, 2))
    new, text = notes.session, "left" if back in (hello, beat) else "typed"
    assert new is not old and new.id != old.id and new.opened and new.watched
    assert new.state(notes.made) is not made and new.state(notes.state) == []
    until(lambda: new.value(notes.text) == notes.text.value == text)  # the widgets keep what they show
    assert new.value(notes.out) == notes.out.value == "a"
    page.fire(notes.add, "click")
    page.until(notes.out, text)
    assert notes.count("unload") == 1


def test_load_may_change_what_the_widgets_kept(comms: list[FakeComm]) -> None:  # ST-13
    loads: list[int] = []
    with gr.Blocks() as app:
        box, other = gr.Textbox("initial"), gr.Textbox("initial")
        app.load(lambda: loads.append(1) or f"load {len(loads)}", None, box)
    app.launch(inline=False, session_grace=0.05)
    page = show(app, comms)
    page.until(box, "load 1")
    page.enter(other, "typed")
    page.enter(box, "typed")
    page.say("bye")
    until(lambda: app.host.session is not None and app.host.session.closed)
    page = show(app, comms, "back")
    page.until(box, "load 2")
    assert app.host.session is not None
    assert (app.host.session.value(box), app.host.session.value(other)) == ("load 2", "typed")


def test_a_page_that_returns_in_time_finds_all_as_it_was(comms: list[FakeComm]) -> None:  # ST-11 ST-9
    notes = Notes()
    notes.app.launch(inline=False, session_grace=30)
    page = show(notes.app, comms)
    notes.adds(page, "a", "a")
    session = notes.session
    page.say("bye")
    settle()
    time.sleep(0.2)
    page = show(notes.app, comms, "back")
    notes.adds(page, "b", "a b")
    assert notes.session is session and notes.count("load") == 1 and notes.count("unload") == 0


def test_the_grace_time_is_set_by_launch_or_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # ST-11 AP-35
    monkeypatch.setenv("NBBLOCKS_SESSION_GRACE", "7")
    app = gr.Blocks()
    assert app.graph.settings.session_grace == 7
    app.launch(inline=False, session_grace=5, state_session_capacity=3)
    assert (app.graph.settings.session_grace, app.graph.settings.session_capacity) == (5, 3)
    app.launch(inline=False)
    assert (app.graph.settings.session_grace, app.graph.settings.session_capacity) == (5, 3)
    for bad in (-1, "soon", None, float("nan")):
        with pytest.raises(ValueError, match="session_grace must be a number of seconds"):
            app.launch(inline=False, session_grace=bad)  # type: ignore[arg-type]
    app.close(verbose=False)


def close(notes: Notes) -> None:
    notes.app.close(verbose=False)


def close_all(notes: Notes) -> None:
    gr.close_all(verbose=False)


def replaced(notes: Notes) -> None:
    notes.app.replaced()


@pytest.mark.parametrize("end", [close, close_all, replaced])
def test_closing_the_app_ends_its_session(
    notes: Notes, comms: list[FakeComm], end: Callable[[Notes], None]
) -> None:  # ST-11 ST-12 ST-46 ST-5 AP-39
    page = show(notes.app, comms)
    notes.adds(page, "a", "a")
    session = notes.session
    for _ in range(2):
        end(notes)
    until(lambda: ("deleted", ["a"]) in notes.log)
    assert session.closed and notes.log[-2:] == ["unload", ("deleted", ["a"])]
    page.say("beat")
    page.fire(notes.add, "click")
    time.sleep(0.1)
    assert (notes.count("unload"), notes.count("load"), notes.count(("deleted", ["a"]))) == (1, 1, 1)


def test_shown_again_it_has_a_new_session_of_what_the_widgets_show(
    notes: Notes, comms: list[FakeComm]
) -> None:  # AP-39 ST-1 ST-11
    page = show(notes.app, comms)
    notes.adds(page, "a", "a")
    page.fire(notes.fix, "click")
    page.until(notes.text, "fixed", "label")
    old = notes.session
    notes.app.close(verbose=False)
    page = show(notes.app, comms, "again")
    assert (page.shown(notes.text), page.shown(notes.out), page.shown(notes.text, "label")) == (
        "a",
        "a",
        "fixed",
    )
    page.fire(notes.add, "click")
    until(lambda: notes.session.opened and notes.session.state(notes.state) == ["a"])
    assert notes.session is not old and notes.session.value(notes.out) == "a"
    until(lambda: notes.count("load") == 2)
