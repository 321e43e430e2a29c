"""Questions of a front to its component, and what comes back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest

import nbblocks as gr
from tests.support import FakeComm, Page


class Oracle(gr.Textbox):
    """A textbox that answers."""

    threads: set[str]

    def answer(self, value: Any, content: Mapping[str, Any]) -> Any:
        """Say what was asked, and the value of now."""
        kind = content.get("kind")
        if kind == "refuse":
            raise gr.Error("I would rather not")
        if kind == "break":
            raise KeyError("broken")
        if kind == "odd":
            return {"found": {1, 2}}
        if kind == "thread":
            return threading.current_thread() is not threading.main_thread()
        if kind == "bytes":
            return {"parts": [{"picture": b"\x00\x01"}]}
        return {"value": value, "label": self.label}


@pytest.fixture
def oracle(comms: list[FakeComm]) -> tuple[Oracle, Page, Callable[..., dict[str, Any]]]:
    with gr.Blocks() as app:
        box = Oracle("before", label="Name")
        gr.Markdown("words")
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")

    def ask(number: str = "1", node: Any = box, **content: Any) -> dict[str, Any]:
        page.say("ask", ask=number, node=node._id, content=content)
        return page.until_told("answer", ask=number)

    return box, page, ask


def test_a_component_answers_in_a_worker_thread(oracle: Any) -> None:
    assert oracle[2](kind="thread")["content"] is True


def test_an_answer_knows_the_values_that_came_before_the_question(oracle: Any) -> None:
    box, page, ask = oracle
    page.enter(box, "after")
    assert ask()["content"] == {"value": "after", "label": "Name"}


def test_binary_parts_of_an_answer_travel_as_buffers(oracle: Any) -> None:
    _, page, ask = oracle
    answer = ask(kind="bytes")
    assert answer["content"] == {"parts": [{}]}
    assert answer["buffer_paths"] == [["content", "parts", 0, "picture"]]
    sent = [
        buffers for data, buffers in page.comm.sent if (data.get("content") or {}).get("type") == "answer"
    ]
    assert [bytes(one) for one in sent[-1]] == [b"\x00\x01"]


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("refuse", "I would rather not"),
        ("break", "KeyError: 'broken'"),
        ("odd", "the answer has a value of type set, which JSON does not know"),
    ],
)
def test_what_goes_wrong_is_told_to_the_page_that_asked(oracle: Any, kind: str, error: str) -> None:
    answer = oracle[2](kind=kind)
    assert error in answer["error"] and answer["view"] == "here" and "content" not in answer  # TR-11


def test_a_component_that_answers_nothing_says_so(oracle: Any, comms: list[FakeComm]) -> None:
    box, page, _ = oracle
    words = box.parent.parent.children[-1]
    page.say("ask", ask="2", node=words._id, content={})
    assert page.until_told("answer", ask="2")["error"] == "a markdown answers no questions"


@pytest.mark.parametrize("content", [None, [], "rows", 3])
def test_a_question_must_be_an_object(oracle: Any, content: Any, caplog: pytest.LogCaptureFixture) -> None:
    box, page, ask = oracle
    page.say("ask", ask="3", node=box._id, content=content)
    ask("4")
    assert "content of the message 'ask' must be an object" in caplog.text
    assert not [one for one in page.comm.custom if one.get("ask") == "3"]


def test_a_question_to_nobody_is_refused(oracle: Any, caplog: pytest.LogCaptureFixture) -> None:
    box, page, ask = oracle
    page.say("ask", ask="5", node=10**9, content={})
    ask("6")
    assert "is no component of this app that could be asked" in caplog.text
