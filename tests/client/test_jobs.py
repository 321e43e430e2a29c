"""Jobs: calls of a Client on their way."""

from __future__ import annotations

import concurrent.futures
import gc
import queue
import threading
import time
import traceback
import weakref
from collections.abc import Iterator
from concurrent.futures import CancelledError
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.bridge.portal import portal

from .conftest import Open, calls


def test_a_job_is_a_future_with_gradios_status(opened: Open) -> None:  # AP-88 AP-89
    gate = threading.Event()
    client = opened(calls(lambda x: x if gate.wait(5) else None))
    first, second = (client.submit(text, api_name="/fn") for text in "ab")
    deadline = time.monotonic() + 5
    while second.status().code != "IN_QUEUE" and time.monotonic() < deadline:
        time.sleep(0.001)
    assert (second.status().code.value, second.status().rank) == ("IN_QUEUE", 0)
    gate.set()
    done, _ = concurrent.futures.wait([first, second], timeout=5)
    assert {job.result() for job in done} == {"a", "b"}


def test_a_cancelled_job_says_so_at_once(opened: Open) -> None:  # AP-90
    gate = threading.Event()

    def count() -> Iterator[int]:
        yield 1
        gate.wait(5)
        yield 2

    job = opened(calls(count, 0)).submit(api_name="/fn")
    next(iter(job))
    job.cancel()
    assert job.status().code == "CANCELLED"
    gate.set()
    with pytest.raises(CancelledError):
        job.result(5)
    assert list(job) == job.outputs() == ["1"]


def test_a_value_that_an_input_cannot_take_fails_the_job(opened: Open) -> None:  # AP-88
    with gr.Blocks() as app:
        box = gr.Checkbox()
        box.input(lambda x: x, box, box, api_name="keep")
    job = opened(app).submit("no", api_name="/keep")
    assert list(job) == []
    with pytest.raises(gr.AppError, match="true or false"):
        job.result(5)


def test_what_is_to_be_done_at_the_end_is_done_off_the_loop(opened: Open) -> None:  # AP-88
    told: queue.SimpleQueue[Any] = queue.SimpleQueue()
    job = opened(calls(lambda x: x)).submit("x", api_name="/fn", result_callbacks=told.put)
    job.add_done_callback(lambda done: told.put(portal.on_loop))
    assert {told.get(timeout=5), told.get(timeout=5)} == {"x", False}


def test_layouts_are_left_out_and_updates_come_as_such(opened: Open) -> None:  # AP-85
    with gr.Blocks() as app:
        row, box = gr.Row(), gr.Textbox()
        box.submit(lambda: (gr.Row(visible=False), gr.Textbox("x")), None, [row, box], api_name="both")
    assert opened(app).predict(api_name="/both") == {"__type__": "update", "value": "x"}


@pytest.mark.parametrize("call", ["predict", "result", "exception"])
def test_an_error_that_is_kept_keeps_neither_session_nor_client(call: str) -> None:  # TR-10
    def fail(text: str) -> None:
        raise ValueError(text)

    def called(clients: list[gr.Client]) -> BaseException | None:
        if call == "exception":
            return clients.pop().submit("x", api_name="/fn").exception()
        try:
            return (
                clients.pop().predict("x")
                if call == "predict"
                else clients.pop().submit("x", api_name="/fn").result()
            )
        except gr.AppError as error:
            return error

    demo = calls(fail)
    demo.graph.settings.show_error = True
    clients = [gr.Client(demo)]
    gone = [weakref.ref(clients[0]), weakref.ref(clients[0].session)]
    error = called(clients)
    assert isinstance(error, gr.AppError) and isinstance(error.__cause__, ValueError)
    assert "raise ValueError(text)" in "".join(traceback.format_exception(error))
    end = time.monotonic() + 20
    while any(one() for one in gone) and time.monotonic() < end:
        gc.collect()
        time.sleep(0.01)
    assert not any(one() for one in gone)
    demo.close(verbose=False)
