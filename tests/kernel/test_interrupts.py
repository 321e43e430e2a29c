"""The stop button of a notebook: it stops cells, and nothing else."""

from __future__ import annotations

import pytest

from .kernels import CellError, Kernel, Page

APP = """
import asyncio, threading, time, nbblocks as gr
go, going = threading.Event(), []
def plain():
    going.append("plain")
    go.wait(20)
    return "plain"
async def coroutine():
    going.append("coroutine")
    while not go.is_set():
        await asyncio.sleep(0.01)
    return "coroutine"
def generator():
    going.append("generator")
    yield "first"
    go.wait(20)
    yield "second"
with gr.Blocks() as demo:
    outs = [gr.Textbox(label=f"Out {fn.__name__}") for fn in (plain, coroutine, generator)]
    for fn, out in zip((plain, coroutine, generator), outs):
        gr.Button(f"Start {fn.__name__}").click(fn, None, out)
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


def all_end(page: Page) -> None:
    """Let the handlers go on to their ends."""
    page.kernel.run("go.set()")
    page.until("Out plain", "plain")
    page.until("Out coroutine", "coroutine")
    page.until("Out generator", "second")


def test_an_idle_kernel_that_is_interrupted_goes_on(page: Page) -> None:  # EV-297
    start_all(page)
    for _ in range(3):
        page.kernel.interrupt()
    page.click("Greet")
    page.until("Times", 1)
    all_end(page)


def test_the_cell_is_interrupted_and_no_handler(page: Page) -> None:  # EV-297
    kernel = page.kernel
    start_all(page)
    cell = kernel.begin("print('begun', flush=True)\nwhile True: time.sleep(0.01)")
    kernel.wait(lambda: kernel.outputs.get(cell))
    other = Page(kernel, page.model, "other", kernel.new_subshell())
    other.click("Greet")
    other.until("Times", 1)  # D4: while the cell is running
    kernel.interrupt()
    with pytest.raises(CellError, match="KeyboardInterrupt"):
        kernel.finish(cell)
    other.click("Greet")
    other.until("Times", 2)
    page.click("Greet")
    page.until("Times", 3)
    all_end(page)


def test_a_cell_that_waits_for_a_client_is_interrupted(page: Page) -> None:  # AP-82
    kernel = page.kernel
    kernel.run("client = gr.Client(demo)")
    cell = kernel.begin("client.predict(api_name='/plain')")
    Page(kernel, page.model, "other", kernel.new_subshell()).click("Greet")
    page.until("Times", 1)
    kernel.interrupt()
    with pytest.raises(CellError, match="KeyboardInterrupt"):
        kernel.finish(cell)
    kernel.run("go.set()")
    assert kernel.run("print(client.predict(api_name='/plain'))") == "plain\n"
    page.click("Greet")
    page.until("Times", 2)
