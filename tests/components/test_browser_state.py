"""A value that the browser keeps: what Python makes of it, and what a page says when it opens the app."""

from __future__ import annotations

import threading
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.bridge.portal import portal
from nbblocks.components import BrowserState
from nbblocks.core.errors import ComponentProcessingError, MessageError
from tests.support import FakeComm, Page


class Person:
    """What a model of pydantic is to us."""

    def __init__(self, name: str, **more: Any) -> None:
        self.fields = {"name": name, **more}

    def model_dump(self, *, mode: str = "python") -> dict[str, Any]:
        assert mode == "json"
        return self.fields


class Visits:
    """An app that counts, beside a box that shows what `load` has seen."""

    def __init__(self, **options: Any) -> None:
        self.changes: list[Any] = []
        with gr.Blocks() as self.app:
            self.count = BrowserState(0, **options)
            self.seen, self.changed = gr.JSON(), gr.JSON()
            self.more = gr.Button()
            self.app.load(lambda n: [n], self.count, self.seen)
            self.more.click(lambda n: n + 1, self.count, self.count)
            self.count.change(lambda n: self.changes.append(n) or [n], self.count, self.changed)

    def open(self, view: str = "here", **hello: Any) -> Page:
        root: Any = self.app.host.show()
        page = Page(root.comm, view)
        page.say("hello", **hello)
        return page


def settle() -> None:
    done = threading.Event()
    assert portal.hand(done.set) and done.wait(5)


# -- the component


def test_none_stands_for_the_default() -> None:  # ST-81 CP-126
    state = BrowserState({"a": [1]})
    assert (state.default_value, state.initial()) == ({"a": [1]}, {"a": [1]})
    assert state.preprocess(None) == {"a": [1]}
    assert state.preprocess(False) is False
    assert BrowserState().preprocess(None) is None


def test_a_handler_gets_an_object_of_its_own() -> None:
    state = BrowserState([1])
    state.preprocess(None).append(2)
    wire = [3]
    state.preprocess(wire).append(4)
    assert (state.default_value, state.value, wire) == ([1], [1], [3])


def test_values_are_what_comes_back_from_json() -> None:  # ST-80
    assert BrowserState().postprocess({1: (2, None)}) == {"1": [2, None]}
    assert BrowserState().postprocess("text") == "text"


def test_models_become_dicts_wherever_they_are() -> None:
    state = BrowserState(Person("Ada"))
    assert state.default_value == state.preprocess(None) == {"name": "Ada"}
    assert state.postprocess([Person("Eve", friend=Person("Bob"))]) == [
        {"name": "Eve", "friend": {"name": "Bob"}}
    ]


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ({1, 2}, "got set: JSON has no set"),
        ({"a": [object()]}, "got dict: JSON has no object"),
        ({(1, 2): 3}, "got dict: keys must be str"),
        (float("nan"), "got float: Out of range"),
        (print, "got builtin_function_or_method"),
        (Person, "got type: JSON has no type"),
    ],
)
def test_what_json_does_not_know_is_refused(value: Any, complaint: str) -> None:  # ST-83
    with pytest.raises(TypeError, match=f"BrowserState takes a JSON-serialisable value, {complaint}"):
        BrowserState(value)
    with pytest.raises(TypeError, match=complaint):
        BrowserState().postprocess(value)
    with pytest.raises(TypeError, match=complaint):
        BrowserState().value = value


def test_a_ring_is_refused() -> None:  # ST-83
    ring: list[Any] = []
    ring.append(ring)
    with pytest.raises(TypeError, match="got list: Circular reference"):
        BrowserState(ring)


def test_what_a_page_sends_is_checked() -> None:
    state = BrowserState()
    assert state.from_page({"a": [1.5, None]}) == {"a": [1.5, None]}
    with pytest.raises(MessageError, match=f"value of browserstate {state._id}"):
        state.from_page(float("inf"))


def test_key_and_secret_are_random_unless_given() -> None:  # ST-80
    one, two = BrowserState(), BrowserState()
    assert len({one.storage_key, two.storage_key, one.secret, two.secret}) == 4
    assert min(map(len, (one.storage_key, one.secret))) >= 16
    told = BrowserState(storage_key="mine", secret="s")
    assert told.page_state() == {"storage_key": "mine", "secret": "s"}


def test_it_parts_no_fields() -> None:  # CP-148
    with gr.Blocks() as app:
        first = BrowserState()
        a = gr.Textbox()
        second, third = BrowserState(), BrowserState()
        b = gr.Number()
        button = gr.Button()
        fourth = BrowserState()
    top = app.host.top.tree()
    assert [(child[0], child[1]) for child in top[2] if child[1] != "form"] == [
        (first._id, "browserstate"),
        (button._id, "button"),
        (fourth._id, "browserstate"),
    ]
    (form,) = [child for child in top[2] if child[1] == "form"]
    assert [child[0] for child in form[2]] == [a._id, second._id, third._id, b._id]


# -- in an app


def test_load_sees_what_the_browser_has_kept(comms: list[FakeComm]) -> None:  # ST-81
    visits = Visits()
    page = visits.open(values=[[visits.count._id, 41]])
    page.until(visits.seen, [41])
    page.until(visits.count, 41)  # all pages are told, also the one that has read it
    page.fire(visits.more, "click")
    page.until(visits.changed, [42])
    assert visits.changes == [42]  # EV-127: what was there before is no change
    assert visits.count.value == 42


def test_without_a_kept_value_it_is_the_default(comms: list[FakeComm]) -> None:  # ST-81
    visits = Visits()
    visits.open().until(visits.seen, [0])


def test_a_kept_value_does_not_replace_what_the_session_holds(comms: list[FakeComm]) -> None:  # ST-6
    visits = Visits()
    page = visits.open(values=[[visits.count._id, 5]])
    page.until(visits.seen, [5])
    other = visits.open("other", values=[[visits.count._id, 99]])
    other.fire(visits.more, "click")
    other.until(visits.count, 6)
    assert not any(one.get(f"{visits.count._id}.value") == 99 for one in page.comm.updates)


def test_what_is_wrong_with_a_kept_value_costs_that_value_alone(comms: list[FakeComm]) -> None:  # ST-81
    visits = Visits()
    page = visits.open(values=[[visits.count._id, float("nan")], [10**9, 1]])
    page.until(visits.seen, [0])


def test_a_value_that_is_not_json_fails_the_run(
    comms: list[FakeComm], caplog: pytest.LogCaptureFixture
) -> None:  # ST-83
    with gr.Blocks() as app:
        state, button = BrowserState("kept"), gr.Button()
        button.click(lambda: {1, 2}, None, state)
    root: Any = app.host.show()
    page = Page(root.comm)
    page.say("hello")
    page.fire(button, "click")
    page.comm.wait(lambda: page.comm.state.get("run.0", {}).get("stage") == "error")
    (failure,) = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert isinstance(failure, ComponentProcessingError) and isinstance(failure.__cause__, TypeError)
    assert "browserstate" in str(failure) and "JSON has no set" in str(failure)
    assert state.value == "kept"


def test_a_cell_reads_and_writes_it(comms: list[FakeComm]) -> None:
    visits = Visits()
    page = visits.open()
    visits.count.value = 7
    page.until(visits.changed, [7])
    assert page.shown(visits.count) == 7


def test_a_client_passes_and_gets_it_like_any_value(comms: list[FakeComm]) -> None:  # ST-2 ST-81
    with gr.Blocks() as app:
        state, text = BrowserState({"n": 1}), gr.Textbox()
        gr.on(
            [state.change],
            lambda kept, name: ({"n": kept["n"] + 1}, name),
            [state, text],
            [state, text],
            api_name="more",
        )
    with gr.Client(app) as client:
        assert client.predict({"n": 5}, "a", api_name="/more") == ({"n": 6}, "a")
        assert client.predict(name="b", api_name="/more") == ({"n": 2}, "b")
    assert state.value == {"n": 1}
