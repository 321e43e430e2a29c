"""The stop button of a notebook: it stops cells, and what handlers do."""

from __future__ import annotations

import pytest

from .kernels import CellError, Kernel, Page

APP = """
import asyncio, threading, time, nbblocks as gr
going, ended = [], []
def spin():
    try:
        while True:
            time.sleep(0.01)
    finally:
        ended.append(1)
def plain():
    going.append("plain")
    spin()
async def coroutine():
    going.append("coroutine")
    try:
        await asyncio.sleep(1000)
    finally:
        ended.append(1)
def generator():
    going.append("generator")
    yield "first"
    spin()
async def blocking():
    going.append("blocking")
    spin()
with gr.Blocks() as demo:
    outs = [gr.Textbox(label=f"Out {fn.__name__}") for fn in (plain, coroutine, generator)]
    for fn, out in zip((plain, coroutine, generator), outs):
        gr.Button(f"Start {fn.__name__}").click(fn, None, out)
    gr.Button("Start blocking").click(blocking)
    times = gr.Number(0, label="Times")
    gr.Button("Greet").click(lambda n: n + 1, times, times)
demo
"""
KINDS = ("plain", "coroutine", "generator")


@pytest.fixture
def page(kernel: Kernel) -> Page:
    return kernel.show(APP)


def start_all(page: Page) -> None:
    for kind in KINDS:
        page.click(f"Start {kind}")
    page.kernel.until("len(going) == 3")


def test_an_idle_kernel_that_is_interrupted_stops_handlers_and_goes_on(page: Page) -> None:  # TR-64 EV-297
    for times in (1, 2):
        page.kernel.run("going.clear(); ended.clear()")
        start_all(page)
        page.kernel.interrupt()
        page.kernel.until("len(ended) == 3")
        page.click("Greet")
        page.until("Times", times)
    for _ in range(3):  # nothing goes on
        page.kernel.interrupt()
    page.click("Greet")
    page.until("Times", 3)


def test_a_coroutine_that_never_waits_is_stopped(page: Page) -> None:  # TR-64
    page.click("Start blocking")
    page.kernel.until("going == ['blocking']")
    page.kernel.interrupt()
    page.kernel.until("ended == [1]")
    page.click("Greet")
    page.until("Times", 1)


def test_the_cell_is_interrupted_and_the_handlers(page: Page) -> None:  # TR-64 EV-297
    kernel = page.kernel
    start_all(page)
    cell = kernel.begin("print('begun', flush=True)\nwhile True: time.sleep(0.01)")
    kernel.wait(lambda: kernel.outputs.get(cell))
    other = Page(kernel, page.model, "other", kernel.new_subshell())
    other.click("Greet")
    other.until("Times", 1)  # D4: while the cell is running
    kernel.interrupt()
    with pytest.raises(CellError, match="KeyboardInterrupt") as told:
        kernel.finish(cell)
    assert "interrupting.py" not in str(told.value)
    kernel.until("len(ended) == 3")
    other.click("Greet")
    other.until("Times", 2)
    page.click("Greet")
    page.until("Times", 3)


def test_a_cell_that_waits_for_a_client_is_interrupted(page: Page) -> None:  # AP-82 TR-64
    kernel = page.kernel
    kernel.run("client = gr.Client(demo)")
    cell = kernel.begin("client.predict(api_name='/plain')")
    Page(kernel, page.model, "other", kernel.new_subshell()).click("Greet")
    page.until("Times", 1)
    kernel.interrupt()
    with pytest.raises(CellError, match="KeyboardInterrupt"):
        kernel.finish(cell)
    kernel.until("ended == [1]")
    page.click("Greet")
    page.until("Times", 2)


def test_a_cell_that_waits_for_an_event_is_interrupted(page: Page) -> None:  # TR-67
    kernel = page.kernel
    cell = kernel.begin("print('begun', flush=True)\nawait demo.wait(times.change)")
    kernel.wait(lambda: kernel.outputs.get(cell))
    kernel.interrupt()
    with pytest.raises(CellError, match="KeyboardInterrupt") as told:
        kernel.finish(cell)
    assert "asyncio" not in str(told.value) and "Cancelled" not in str(told.value)
    page.click("Greet")
    page.until("Times", 1)
