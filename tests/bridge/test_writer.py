"""What goes out, whatever users' code gives and does: odd values, floods, slow and writing observers."""

from __future__ import annotations

import decimal
import threading
import time
from typing import Any

import pytest
import traitlets as t

import nbblocks as gr
from nbblocks.bridge.outbox import Outbox
from nbblocks.bridge.packing import Unfit, fit, packed
from nbblocks.bridge.writer import Writer
from nbblocks.components import Number, Textbox
from nbblocks.core.messages import Message
from tests.support import FakeComm, Page
from tests.waiting import until

from .test_host import settle, show


class Odd:
    """What JSON does not know."""


LOOP: list[Any] = []
LOOP.append(LOOP)


@pytest.mark.parametrize(
    ("odd", "kind"),
    [
        (Odd(), "Odd"),
        ({1, 2}, "set"),
        (decimal.Decimal(1), "decimal.Decimal"),
        ({(1, 2): 3}, "tuple"),
        ({b"a": 3}, "bytes"),
        ({float("nan"): 3}, "float"),
        (LOOP, "holds itself"),
        (10**5000, "int"),
    ],
    ids=["object", "set", "Decimal", "tuple key", "bytes key", "NaN key", "circular", "long int"],
)
def test_one_odd_value_is_told_and_takes_nothing_with_it(
    comms: list[FakeComm], odd: Any, kind: str
) -> None:  # TR-11 TR-12
    def give() -> Any:
        gr.Info("a toast")
        print("a line")
        return {"deep": [odd]}, "sibling"

    with gr.Blocks() as app:
        bad, good, button = gr.JSON(label="Bad"), gr.Textbox(), gr.Button()
        button.click(give, None, [bad, good], postprocess=False)
    page = show(app, comms)
    page.fire(button, "click")
    page.until(good, "sibling")
    page.comm.wait(lambda: page.comm.state.get("run.0", {}).get("stage") == "complete")
    page.until_told("toast", message="a toast")
    page.until_told("log", text="a line\n")
    fault = page.comm.wait(lambda: page.shown(bad, "fault"))
    assert "JSON 'Bad' cannot show its value" in fault and kind in fault
    assert fault in page.until_told("log", stream="error")["text"]
    bad.value = {"a": 1}
    page.until(bad, None, "fault")
    page.until(bad, {"a": 1})


def test_lone_surrogates_are_replaced_wherever_a_text_goes(comms: list[FakeComm]) -> None:  # TR-11
    cut = "cut \ud83d"

    def fail() -> Any:
        gr.Info(cut)
        print(cut)
        raise gr.Error(cut)

    with gr.Blocks(title=cut) as app:
        box = gr.Textbox(cut, label=cut, info="\udc80")
        radio = gr.Radio([cut, "b"], label="\ud83d\ude00")
        button = gr.Button(cut)
        button.click(lambda: (cut, {cut: [cut]}), None, [box, gr.JSON()], api_name="one")
        button.click(fail, None, box)
    page = show(app, comms)
    state = page.comm.opened[0]["state"]
    assert state[f"{box._id}.value"] == state[f"{box._id}.label"] == "cut \ufffd"
    assert state[f"{radio._id}.label"] == "\U0001f600"
    page.fire(button, "click")
    page.until_told("toast", message="cut \ufffd")
    page.until_told("log", text="cut \ufffd\n")
    page.comm.wait(lambda: page.comm.state.get("run.1", {}).get("stage") == "error")
    page.until(box, "cut \ufffd")
    page.comm.handle({"method": "request_state"})
    page.comm.wait(lambda: any("tree" in one for one in page.comm.updates))


def test_an_odd_value_at_the_start_leaves_the_app_shown(comms: list[FakeComm]) -> None:  # TR-11
    with gr.Blocks() as app:
        bad, good = gr.JSON(label="Bad"), gr.Textbox("here")
        bad.value = {"a": Odd()}
    page = show(app, comms)
    assert page.shown(good) == "here" and "Odd" in page.shown(bad, "fault")


def test_what_fits_is_left_as_it_is_and_the_rest_made_to_fit() -> None:  # TR-11
    import numpy as np

    whole = {"a": [1, 2.5, None, True, "é", {"b": ()}]}
    assert fit(whole) is whole
    assert fit([np.int64(3), np.float32(0.5), float("nan"), float("-inf")]) == [3, 0.5, None, None]
    view = memoryview(bytes(range(10)))[::2]
    (state, paths, buffers) = packed({"1.value": {"data": view}}, lambda *_: {})
    assert (state, paths, buffers) == ({"1.value": {}}, [["1.value", "data"]], [bytes(range(0, 10, 2))])
    released = memoryview(b"abc")
    released.release()
    with pytest.raises(Unfit, match="released"):
        fit({"data": released})
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(Unfit, match="within each other"):
        fit(deep)


# -- observers


def test_a_write_by_an_observer_is_a_write(comms: list[FakeComm]) -> None:  # TR-20
    seen: list[Any] = []
    with gr.Blocks() as app:
        number, button = gr.Number(0), gr.Button()
        button.click(lambda: 99, None, number)
        number.change(lambda value: seen.append(value), number)

    def clamp(change: Any) -> None:
        if change.new > 10:
            number.value = 10

    number.observe(clamp, "value")
    page = show(app, comms)
    page.fire(button, "click")
    page.until(number, 10)
    assert page.shown(number) == 10 and number.value == 10
    until(lambda: seen[-1:] == [10])
    session = app.host.session
    assert session is not None and session.value(number) == 10
    page.enter(number, 50)  # typed
    page.comm.wait(lambda: [one for one in page.comm.updates if one.get(f"{number._id}.value") == 10][1:])
    until(lambda: session.value(number) == 10)
    number.value = 70  # set by code: the correction is the newer one
    assert number.value == 10
    settle()
    assert session.value(number) == 10


def test_links_and_chains_of_observers_settle(comms: list[FakeComm]) -> None:  # TR-20
    with gr.Blocks() as app:
        a, b, c, button = gr.Number(0), gr.Number(0), gr.Number(0), gr.Button()
        button.click(lambda: 5, None, a)
    t.link((a, "value"), (b, "value"))
    t.dlink((b, "value"), (c, "value"), lambda value: value + 1)
    page = show(app, comms)
    page.fire(button, "click")
    for one, value in ((a, 5), (b, 5), (c, 6)):
        page.until(one, value)
        until(lambda one=one, value=value: app.host.session.value(one) == value)  # pyright: ignore
    c.observe(lambda change: change.new == 8 and setattr(c, "value", change.old), "value")
    page.enter(a, 7)
    until(lambda: (a.value, b.value, c.value) == (7, 7, 6))
    settle()
    assert app.host.session is not None and app.host.session.value(c) == 6


def test_an_observer_that_fails_is_told_of_and_stops_no_other(comms: list[FakeComm]) -> None:  # TR-20
    seen: list[Any] = []
    with gr.Blocks() as app:
        box, button = gr.Textbox(), gr.Button()
        button.click(lambda: "x", None, box)

    def fail(change: Any) -> None:
        print("before")
        raise SystemExit("an observer of mine")

    box.observe(fail, "value")
    box.observe(lambda change: seen.append(change.new), "value")
    page = show(app, comms)
    page.fire(button, "click")
    page.until(box, "x")
    until(lambda: seen == ["x"])
    assert "an observer of mine" in page.until_told("log", stream="error")["text"]
    page.until_told("log", text="before\n")


def test_a_slow_observer_holds_up_no_page(comms: list[FakeComm]) -> None:  # TR-21
    go, began = threading.Event(), threading.Event()
    with gr.Blocks() as app:
        box, button, count = gr.Textbox(), gr.Button(), gr.Number(0)
        button.click(lambda n: (f"text {n}", n + 1), count, [box, count])
    with gr.Blocks() as other:
        another, press = gr.Textbox(), gr.Button()
        press.click(lambda: "done", None, another)

    def slow(change: Any) -> None:
        began.set()
        assert go.wait(10)

    box.observe(slow, "value")
    page, others = show(app, comms), show(other, comms)
    page.fire(button, "click")
    page.until(box, "text 0")
    assert began.wait(5)
    page.fire(button, "click")
    page.until(box, "text 1")
    assert box.value == "text 1"
    others.fire(press, "click")
    others.until(another, "done")
    go.set()


class Slow(gr.CustomComponent):
    """A component whose form for pages takes its time."""

    _esm = "export default { render() {} }"
    value = t.Unicode().tag(sync=True)
    go: Any = None

    def to_page(self, wire: Any) -> Any:
        return super().to_page(wire)

    def page_prop(self, name: str, value: Any) -> Any:
        if name == "value" and self.go is not None:
            assert self.go.wait(10)
        return super().page_prop(name, value)


def test_a_slow_component_of_ones_own_holds_up_its_own_values_alone(
    comms: list[FakeComm],
) -> None:  # TR-12 TR-21
    with gr.Blocks() as app:
        own, box, button = Slow(), gr.Textbox(), gr.Button()
        button.click(lambda: ("a", "b"), None, [own, box])
    page = show(app, comms)
    own.go = threading.Event()
    page.fire(button, "click")
    page.until(box, "b")
    page.comm.wait(lambda: page.comm.state.get("run.0", {}).get("stage") == "complete")
    assert page.shown(own) != "a"
    own.go.set()
    page.until(own, "a")
    until(lambda: own.value == "a")


# -- one writer


def test_nothing_but_the_writer_sends(
    comms: list[FakeComm], monkeypatch: pytest.MonkeyPatch
) -> None:  # TR-15
    senders: set[str] = set()
    for name in ("send", "close"):
        known = getattr(FakeComm, name)

        def sending(*args: Any, known: Any = known, **kwargs: Any) -> None:
            senders.add(threading.current_thread().name)
            known(*args, **kwargs)

        monkeypatch.setattr(FakeComm, name, sending)
    with gr.Blocks() as app:
        box, button = gr.Textbox(), gr.Button()
        button.click(lambda: "x", None, box)
    page = show(app, comms)
    page.fire(button, "click")
    page.until(box, "x")
    page.comm.handle({"method": "request_state"})
    page.comm.wait(lambda: any("tree" in one for one in page.comm.updates))
    app.host.outbox.flush()
    app.close(verbose=False)
    assert page.comm.closed and page.comm.custom[-1]["type"] == "close"
    assert senders == {"nbblocks-outbox"}


def test_a_state_that_is_asked_for_is_not_older_than_what_was_shown(comms: list[FakeComm]) -> None:  # TR-15
    with gr.Blocks() as app:
        box = gr.Number(-1)
    page = show(app, comms)
    settle()
    for number in range(200):
        app.host.outbox.deliver({box: {"value": number}})
        page.comm.handle({"method": "request_state"})
    page.until(box, 199)
    app.host.outbox.flush()
    key = f"{box._id}.value"
    shown = [one[key] for one in page.comm.updates if key in one]
    assert shown == sorted(shown) and page.shown(box) == 199


# -- rates


class Sink:
    """Notes when each message was sent, for an outbox at a writer of its own."""

    def __init__(self, writer: Writer) -> None:
        self.sent: list[tuple[float, Any]] = []
        self.outbox = Outbox(self._state, self._custom, writer=writer)

    def _state(self, changes: dict[str, Any]) -> None:
        self.sent.append((time.monotonic(), changes))

    def _custom(self, content: dict[str, Any], buffers: Any) -> None:
        self.sent.append((time.monotonic(), content))


def test_a_flood_leaves_in_order_at_the_servers_rate_and_delays_nobody() -> None:  # TR-12 TR-14
    writer = Writer()
    writer.acquire()
    flooding, other = Sink(writer), Sink(writer)
    for number in range(1000):
        flooding.outbox.custom({"type": "say", "node": 1, "content": number})
    for number in range(200):
        other.outbox.message(Message("info", str(number), "Info"))
    box = Textbox()
    asked = time.monotonic()
    other.outbox.deliver({box: {"value": "x"}})
    until(lambda: any(f"{box._id}.value" in one for _, one in other.sent))
    (shown,) = (at for at, one in other.sent if f"{box._id}.value" in one)
    assert shown - asked < 1
    until(lambda: len(flooding.sent) == 1000 and len(other.sent) == 201, 20)
    assert [one["content"] for _, one in flooding.sent] == list(range(1000))
    times = sorted(at for at, _ in (*flooding.sent, *other.sent))
    assert all(later - first >= 0.0999 for first, later in zip(times, times[91:], strict=False))
    assert other.sent[-1][0] < flooding.sent[600][0]  # they take turns
    writer.release()


def test_a_value_that_a_trait_refuses_ends_the_run_all_the_same(comms: list[FakeComm]) -> None:  # TR-12
    with gr.Blocks() as app:
        number, button = Number(), gr.Button()
        button.click(lambda: {"not": "a number"}, None, number, postprocess=False)
    page: Page = show(app, comms)
    page.fire(button, "click")
    page.comm.wait(lambda: page.comm.state.get("run.0", {}).get("stage") == "complete")
    assert "could not take over its value" in page.until_told("log", stream="error")["text"]
