"""Clients' sessions: what is theirs alone, and when they end."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.bridge.outbox import shared_writer
from nbblocks.bridge.portal import portal
from nbblocks.client.endpoints import parameters_of
from tests.waiting import until

from .conftest import Open


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sweeps are frequent: that there is one a second is shown in simulated time."""
    monkeypatch.setattr("nbblocks.core.sweeping.PERIOD", 0.02)


class Notes:
    """An app that notes down texts in a State."""

    def __init__(self, value: Any = None, **given: Any) -> None:
        self.deleted: list[Any] = []
        self.loads: list[int] = []
        with gr.Blocks() as self.app:
            self.box = gr.Textbox("initial")
            self.state = gr.State(value or [], delete_callback=self.deleted.append, **given)
            self.box.submit(self._note, [self.box, self.state], self.box, api_name="note")
            self.box.blur(self._write, [self.box, self.state], [self.state, self.box], api_name="write")
            self.app.load(lambda: self.loads.append(1))

    @staticmethod
    def _note(text: str, notes: list[str]) -> str:
        notes.append(text)
        return "".join(notes)

    @staticmethod
    def _write(text: str, notes: list[str]) -> tuple[list[str], str]:
        return [*notes, text], text


def note(client: gr.Client, text: str) -> str:
    return client.predict(text, api_name="/note")


# -- apart


def test_each_client_has_a_session_of_its_own(opened: Open) -> None:  # ST-2 ST-7 ST-22
    notes = Notes()
    one, two = opened(notes.app), opened(notes.app)
    assert one.session.id != two.session.id
    assert [note(one, "a"), note(two, "b"), note(one, "c")] == ["a", "b", "ac"]
    assert one.session.state(notes.state) == ["a", "c"] and two.session.state(notes.state) == ["b"]
    assert notes.box.value == "initial" and notes.state.value == []


def test_state_is_neither_passed_nor_returned_but_kept(opened: Open) -> None:  # ST-27
    notes = Notes()
    client = opened(notes.app)
    assert client.predict("a", api_name="/write") == "a"
    assert client.predict(text="b", api_name="/write") == "b"
    assert note(client, "c") == "abc"
    with pytest.raises(TypeError, match="Too many arguments"):
        client.predict("a", ["mine"], api_name="/write")
    listener = next(one for one in notes.app.fns.values() if one.api_name == "write")
    assert [node for _, node, _ in parameters_of(listener)] == [notes.box]


def test_load_listeners_do_not_run_for_clients(opened: Open) -> None:  # ST-8
    calls: list[int] = []
    notes = Notes(lambda: calls.append(1) or [])
    client = opened(notes.app)
    client.predict(api_name="/note")
    client.predict(api_name="/note")
    assert (notes.loads, calls) == ([], [1])  # a function is called at first use then
    assert not client.session.opened


def test_what_a_handler_does_to_a_default_is_no_others_business(opened: Open) -> None:  # ST-2
    with gr.Blocks() as app:
        data = gr.JSON({"list": [1]})
        choices = gr.CheckboxGroup(["a", "b"], value=["a"])
        out = gr.Textbox()

        def change(value: dict[str, list[int]], chosen: list[str]) -> str:
            value["list"].append(2)
            value["more"] = []
            chosen.append("b")
            return f"{value} {chosen}"

        out.submit(change, [data, choices], out, api_name="change")
    wanted = "{'list': [1, 2], 'more': []} ['a', 'b']"
    clients = [opened(app) for _ in range(2)]
    assert [client.predict(api_name="/change") for client in (*clients, *clients)] == [wanted] * 4
    assert (data.value, choices.value) == ({"list": [1]}, ["a"])
    assert (data.initial(), choices.initial()) == ({"list": [1]}, ["a"])


def test_runs_of_a_batch_have_their_own_sessions_state(opened: Open) -> None:  # ST-37 EV-257
    gate, began = threading.Event(), threading.Event()
    sizes: list[int] = []

    def slow() -> None:
        began.set()
        assert gate.wait(5)

    def batch(texts: list[str], notes: list[list[str]]) -> tuple[list[list[str]], list[str]]:
        sizes.append(len(texts))
        return [[*one, text] for one, text in zip(notes, texts, strict=True)], texts

    with gr.Blocks() as app:
        box, state = gr.Textbox(), gr.State([])
        box.submit(slow, api_name="slow", concurrency_id="one")
        box.blur(batch, [box, state], [state, box], batch=True, api_name="batch", concurrency_id="one")
    clients = [opened(app) for _ in range(3)]
    blocking = clients[0].submit(api_name="/slow")
    assert began.wait(5)
    jobs = [client.submit(str(n), api_name="/batch") for n, client in enumerate(clients)]
    until(lambda: app.host.scheduler.waiting == 3)
    gate.set()
    blocking.result(5)
    assert [job.result(5) for job in jobs] == ["0", "1", "2"] and sizes == [3]
    assert [client.session.state(state) for client in clients] == [["0"], ["1"], ["2"]]


# -- the end


def by_close(client: gr.Client) -> None:
    client.close()
    client.close()


def by_leaving(client: gr.Client) -> None:
    with client:
        pass


def by_reset(client: gr.Client) -> None:
    client.reset_session()


def by_closing_the_app(client: gr.Client) -> None:
    client.app.close(verbose=False)


def by_closing_all(client: gr.Client) -> None:
    gr.close_all(verbose=False)


@pytest.mark.parametrize("end", [by_close, by_leaving, by_reset, by_closing_the_app, by_closing_all])
def test_the_end_of_a_session_deletes_its_state_once(
    opened: Open, end: Callable[[gr.Client], None]
) -> None:  # ST-11 ST-12 ST-46 AP-94 AP-39
    order: list[Any] = []
    with gr.Blocks() as app:
        box = gr.Textbox()
        first, second = (gr.State([], delete_callback=order.append) for _ in range(2))
        never = gr.State("never", delete_callback=order.append)
        box.submit(Notes._note, [box, first], box, api_name="first")
        box.blur(Notes._write, [box, second], [second, box], api_name="second")
        box.focus(lambda value: value, never, never, api_name="never")
        app.unload(lambda: order.append("unload"))
    client = opened(app)
    client.predict("1", api_name="/first")
    client.predict("2", api_name="/second")
    client.predict("3", api_name="/second")
    session = client.session
    end(client)
    until(lambda: len(order) == 3)
    assert order == ["unload", ["1"], ["2", "3"]]
    client.close()
    app.close(verbose=False)
    until(lambda: not app.is_running)
    assert session.closed and order[3:] in ([], ["unload"])  # a session begun by reset ends as well


def test_losing_the_last_reference_ends_it(opened: Open) -> None:  # ST-11 ST-46
    notes = Notes()
    other = opened(notes.app)
    client = gr.Client(notes.app)
    assert (note(client, "a"), note(other, "b")) == ("a", "b")
    del client
    until(lambda: gc.collect() >= 0 and notes.deleted)
    assert note(other, "c") == "bc" and notes.deleted == [["a"]]


def test_a_client_is_lost_at_any_moment(opened: Open) -> None:  # ST-11
    """The collector may find one in whatever thread makes an object just then, whatever locks that holds."""
    notes = Notes()
    lost: list[Any] = [gr.Client(notes.app)]
    lost.append(lost)
    assert note(lost[0], "a") == "a"
    client = weakref.ref(lost[0])
    del lost

    def collected() -> bool:
        with portal._lock, notes.app.host.lock, shared_writer._condition:
            gc.collect()
        return client() is None

    until(collected)
    until(lambda: notes.deleted == [["a"]])
    notes.app.close(verbose=False)


def test_a_closed_client_takes_no_calls(opened: Open) -> None:  # ST-11
    notes = Notes()
    client = opened(notes.app)
    note(client, "a")
    client.close()
    with pytest.raises(RuntimeError, match="the client was closed"):
        note(client, "b")
    until(lambda: notes.deleted == [["a"]])
    other = opened(notes.app)
    notes.app.close(verbose=False)
    with pytest.raises(RuntimeError, match="the app was closed"):
        note(other, "c")


def test_calls_that_are_on_their_way_are_cancelled(opened: Open) -> None:  # ST-12 EV-278 CP-73 SS-14
    gate, began = threading.Event(), threading.Event()

    def slow(notes: list[str]) -> list[str]:
        began.set()
        assert gate.wait(5)
        return [*notes, "late"]

    deleted: list[Any] = []
    with gr.Blocks() as app:
        state = gr.State(["first"], delete_callback=deleted.append)
        gr.Button().click(slow, state, state, api_name="slow")
    client = opened(app)
    jobs = [client.submit(api_name="/slow") for _ in range(2)]
    assert began.wait(5)
    client.close()
    until(lambda: all(job.done() for job in jobs))
    assert all(job.cancelled() for job in jobs)
    gate.set()
    until(lambda: deleted)
    assert deleted == [["first"]]


def test_an_evicted_client_begins_anew(opened: Open) -> None:  # ST-11 AP-35
    notes = Notes()
    notes.app.launch(inline=False, state_session_capacity=2)
    one, two, three = (opened(notes.app) for _ in range(3))
    before = one.session.id
    assert [note(one, "a"), note(two, "b"), note(one, "c")] == ["a", "b", "ac"]
    assert note(three, "d") == "d"  # two is the least recently used
    until(lambda: notes.deleted)
    assert notes.deleted == [["b"]] and note(one, "e") == "ace" and one.session.id == before
    assert note(two, "f") == "f"
    until(lambda: len(notes.deleted) == 2)
    assert notes.deleted[1] == ["d"]


def test_clients_come_and_go_in_a_row() -> None:  # AP-40 ST-11
    notes = Notes()
    for number in range(200):
        with gr.Client(notes.app) as client:
            assert client.submit(str(number), api_name="/note").result(5) == str(number)
    until(lambda: len(notes.deleted) == 200)
    assert sorted(notes.deleted, key=lambda one: int(one[0])) == [[str(n)] for n in range(200)]
    notes.app.close(verbose=False)


def test_clients_come_and_go_at_once() -> None:  # AP-40 ST-11
    notes = Notes()
    failed: list[Any] = []

    def use(name: str) -> None:
        try:
            for _ in range(30):
                with gr.Client(notes.app) as client:
                    assert client.submit(name, api_name="/note").result(5) == name
        except Exception as error:  # noqa: BLE001 - the thread that waits tells it
            failed.append(error)

    threads = [threading.Thread(target=use, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    until(lambda: len(notes.deleted) == 90)
    notes.app.close(verbose=False)


# -- what is let go


class Large(list[int]):
    """Something that can be referred to weakly."""


def test_a_job_keeps_no_state(opened: Open) -> None:  # ST-27 ST-14
    made: list[weakref.ref[Any]] = []

    def steps(value: Any) -> Any:
        for number in range(3):
            large = Large([number])
            made.append(weakref.ref(large))
            yield large, str(number)

    with gr.Blocks() as app:
        state, out = gr.State(time_to_live=0.05), gr.Textbox()
        out.submit(steps, state, [state, out], api_name="steps")
        out.blur(lambda: "x", None, out, api_name="other")
    client = opened(app)
    job = client.submit(api_name="/steps")
    assert (job.result(5), job.outputs()) == ("2", ["0", "1", "2"])

    def freed() -> bool:
        gc.collect()
        return not any(one() for one in made)

    until(freed)
    assert len(job.deliveries) == 3
