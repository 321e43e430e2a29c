"""What somebody types and what runs give meet: nothing that is newer is overwritten."""

from __future__ import annotations

import gc
import threading
from typing import Any

import numpy as np
import pandas as pd
import pytest

import nbblocks as gr
from nbblocks.core.nodes import Node
from tests.support import FakeComm, Page

from .test_host import settle, show

SLOW = 5.0


class Steps:
    """A handler that goes on when it is told to, call by call."""

    def __init__(self, give: Any = lambda value: value.upper()) -> None:
        self.give = give
        self.calls: list[Any] = []
        self._go = threading.Semaphore(0)
        self._news = threading.Condition()

    def __call__(self, value: Any = None) -> Any:
        with self._news:
            self.calls.append(value)
            self._news.notify_all()
        assert self._go.acquire(timeout=SLOW)
        return self.give(value)

    def go(self) -> None:
        """Let one call end."""
        self._go.release()

    def called(self, count: int) -> None:
        """Wait until it was called so often."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.calls) >= count, SLOW), self.calls


class Field:
    """A text that a slow handler rewrites, and a button that does something to it."""

    def __init__(self, comms: list[FakeComm], mode: Any = None, press: Any = None) -> None:
        self.up = Steps()
        with gr.Blocks() as self.app:
            self.text = gr.Textbox()
            self.other = gr.Textbox()
            self.button = gr.Button()
            self.listener = self.text.input(self.up, self.text, self.text, trigger_mode=mode)
            if press is not None:
                self.button.click(press, None, self.text)
        self.page = show(self.app, comms)

    def type(self, value: str, page: Page | None = None, **fields: Any) -> None:
        """Type, as the page tells of it."""
        told = {"node": self.text._id, "event": "input", "values": [[self.text._id, value]]}
        (page or self.page).say("event", data=None, **told, **fields)

    @property
    def value(self) -> Any:
        """What the kernel has."""
        settle()
        session = self.app.host.session
        assert session is not None
        return session.value(self.text)

    def shown(self, node: Node | None = None) -> list[Any]:
        """The values that pages were sent."""
        key = f"{(node or self.text)._id}.value"
        return [one[key] for one in self.page.comm.updates if key in one]


def heard(page: Page, seq: int) -> dict[str, Any]:
    """The update that says that the kernel knows a page's message."""
    knows = lambda one: one.get("heard", {}).get(page.view, -1) >= seq  # noqa: E731
    return page.comm.wait(lambda: next((one for one in page.comm.updates if knows(one)), None))


def test_an_update_says_of_which_message_of_a_view_it_knows(comms: list[FakeComm]) -> None:  # TR-30
    field = Field(comms)
    field.type("h")
    heard(field.page, 1)
    field.up.go()
    field.page.until(field.text, "H")
    found = [one for one in field.page.comm.updates if one.get("heard") or f"{field.text._id}.value" in one]
    assert list(found[0])[0] == "heard"


@pytest.mark.parametrize("mode", ["once", "always_last"])
def test_an_event_is_answered_whatever_comes_of_it(comms: list[FakeComm], mode: str) -> None:  # TR-33
    field = Field(comms, mode)
    field.type("h")
    field.type("he")  # while the listener is busy
    heard(field.page, 2)
    field.page.say("event", node=field.text._id, event="no such event", data=None, values=[])
    heard(field.page, 3)
    field.page.say("event", node="no number", event="input", data=None, values=[])
    heard(field.page, 4)
    for _ in range(2):
        field.up.go()


def test_the_page_is_told_who_was_too_busy_to_take_an_event(comms: list[FakeComm]) -> None:  # TR-33 EV-123
    field = Field(comms)
    field.type("h")
    field.up.called(1)
    field.type("he")
    told = field.page.until_told("busy", view="here", seq=2, node=field.text._id)
    assert told["listeners"] == [field.listener["id"]]
    field.up.go()
    field.page.until(field.text, "H")
    field.type("he", only=told["listeners"])
    field.up.called(2)
    field.up.go()
    field.page.until(field.text, "HE")


def test_an_event_may_be_meant_for_some_listeners_alone(comms: list[FakeComm]) -> None:  # TR-33
    with gr.Blocks() as app:
        text, one, other = gr.Textbox(), gr.Textbox(), gr.Textbox()
        text.input(lambda: "one", None, one)
        second = text.input(lambda: "other", None, other)
    page = show(app, comms)
    page.say("event", node=text._id, event="input", data=None, values=[], only=[second["id"]])
    page.until(other, "other")
    settle()
    assert page.shown(one) != "one"


@pytest.mark.parametrize("mode", ["always_last", "multiple"])
def test_an_older_run_does_not_overwrite_what_waits_for_its_own(  # TR-30
    comms: list[FakeComm], mode: str
) -> None:
    field = Field(comms, mode)
    for text in ("h", "he", "hel"):
        field.type(text)
    field.up.called(1)
    field.up.go()
    field.up.called(2)
    assert (field.value, field.shown()) == ("hel", [])
    for _ in range(2):
        field.up.go()
    field.page.until(field.text, "HEL")
    assert field.value == "HEL"
    assert field.up.calls[-1] == "hel"


def test_an_event_that_is_announced_is_waited_for(comms: list[FakeComm]) -> None:  # TR-30 TR-33
    field = Field(comms)
    field.type("h")
    field.up.called(1)
    values = [[field.text._id, "he"]]
    field.page.say("values", values=values, waiting=[field.text._id])
    settle()
    field.up.go()
    record = f"run.{field.listener['id']}"
    field.page.comm.wait(lambda: field.page.comm.state.get(record, {}).get("stage") == "complete")
    assert (field.value, field.shown()) == ("he", [])
    field.type("he")
    field.up.called(2)
    assert field.up.calls[-1] == "he"
    field.up.go()
    field.page.until(field.text, "HE")


def test_what_waited_is_taken_if_the_answer_says_nothing_of_it(comms: list[FakeComm]) -> None:  # TR-30
    """Nothing that a handler returns is lost either."""
    press = Steps(lambda _: "of the button")
    slow = Steps(lambda value: f"seen {value}")
    with gr.Blocks() as app:
        text, other, button = gr.Textbox(), gr.Textbox(), gr.Button()
        text.input(slow, text, other)
        button.click(press, None, text)
    page = show(app, comms)
    page.fire(button, "click")
    press.called(1)
    page.fire(text, "input", values=[(text, "typed")])
    slow.called(1)
    press.go()
    settle()
    session = app.host.session
    assert session is not None and session.value(text) == "typed"
    slow.go()
    page.until(text, "of the button")
    assert session.value(text) == "of the button"


@pytest.mark.parametrize("way", ["error", "gone"])
def test_what_waits_is_not_held_by_what_does_not_come(comms: list[FakeComm], way: str) -> None:  # TR-30
    press = Steps(lambda _: "of the button")
    field = Field(comms, press=press)
    field.page.fire(field.button, "click")
    press.called(1)
    if way == "error":
        field.up.give = lambda value: 1 / 0
        field.type("typed")
        field.up.called(1)
    else:  # the page says that an event is to come, and goes
        values = [[field.text._id, "typed"]]
        field.page.say("values", values=values, waiting=[field.text._id])
    settle()
    press.go()
    assert field.value == "typed"
    if way == "error":
        field.up.go()
    else:
        field.page.say("bye")
    field.page.until(field.text, "of the button")


def test_the_newest_of_what_runs_and_code_give_is_taken(comms: list[FakeComm]) -> None:  # TR-30
    field = Field(comms)
    field.type("h")
    field.up.called(1)
    field.text.value = "by code"
    field.page.until(field.text, "by code")
    field.up.go()
    field.page.until(field.text, "H")
    assert field.value == "H"


def test_two_pages_agree_in_the_end_whoever_was_last(comms: list[FakeComm]) -> None:  # TR-30
    field = Field(comms, "multiple")
    other = show(field.app, comms, "other")
    field.type("mine")
    field.type("theirs", other)
    echo = field.page.until_told("echo", view="here")
    assert echo["heard"].get("other", 0) < 1 and echo["heard"]["here"] < 1
    field.up.called(1)
    field.up.go()
    field.up.called(2)
    field.up.go()
    field.page.until(field.text, "THEIRS")
    assert field.value == "THEIRS"


def test_a_refused_value_is_followed_by_what_the_kernel_has(comms: list[FakeComm]) -> None:  # TR-30
    with gr.Blocks() as app:
        choice = gr.Dropdown(["a", "b"], value="a")
    page = show(app, comms)
    page.enter(choice, {"no": "choice"})
    page.until(choice, "a")
    assert heard(page, 1)


def test_edits_of_a_large_table_that_was_replaced_meanwhile_are_taken(comms: list[FakeComm]) -> None:  # TR-30
    steps = Steps(lambda frame: frame + 1)
    with gr.Blocks() as app:
        table = gr.Dataframe(pd.DataFrame({"n": np.arange(500_000)}), interactive=True)
        listener = table.input(steps, table, table)
    page = show(app, comms)
    ends = lambda: [one for one in page.comm.updates if "complete" in str(one.get(f"run.{listener['id']}"))]  # noqa: E731

    def edit(name: str, *edits: Any) -> None:
        before = len(ends())
        steps.calls.clear()
        page.fire(table, "input", values=[(table, {"table": name, "edits": list(edits)})])
        steps.called(1)
        steps.go()
        page.comm.wait(lambda: len(ends()) > before)

    one, two = ({"do": "set", "cells": [[row, 0, -row]]} for row in (1, 2))
    edit(page.shown(table)["table"], one)  # what an app begins with is kept anyway
    name = page.shown(table)["table"]
    edit(name, one)
    settle()
    gc.collect()
    assert page.shown(table)["table"] != name
    edit(name, one, two)
    assert list(steps.calls[0]["n"][:4]) == [1, -1, -2, 4]
