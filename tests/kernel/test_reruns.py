"""Cells that are run again and again leave nothing behind."""

from __future__ import annotations

import time
from typing import Any

from .kernels import Kernel, Page

COUNT = """
import asyncio, collections, gc, glob, os, psutil, tempfile, threading
import comm, numpy
from ipywidgets.widgets import widget
import nbblocks as gr
from nbblocks.bridge.portal import portal
def loops():
    yield get_ipython().kernel.io_loop.asyncio_loop
    if portal._calls is not None:
        yield portal._calls._loop
def workers():
    return sum(t.name == "nbblocks-worker" for t in threading.enumerate())
def counts():
    gc.collect()
    # What ipykernel keeps for each thread that has sent something is dropped every 10 s only.
    iopub = get_ipython().kernel.iopub_thread
    asyncio.run_coroutine_threadsafe(iopub._event_pipe_gc(), iopub.io_loop.asyncio_loop).result(5)
    found = gc.get_objects()
    return {
        # Those of anyio end when they were idle; how many workers there are depends on what came together.
        "threads": sum("AnyIO" not in t.name for t in threading.enumerate()) - workers(),
        "widgets": len(widget._instances),
        "comms": len(comm.get_comm_manager().comms),
        "files": psutil.Process().num_fds(),
        "caches": len(glob.glob(f"{tempfile.gettempdir()}/nbblocks-{os.getpid()}-*")),
        "tasks": sum(len(asyncio.all_tasks(loop)) for loop in loops()),
        "apps": sum(type(one) is gr.Blocks for one in found),
    }
def megabytes():
    gc.collect()
    return psutil.Process().memory_info().rss / 2**20
def clear_outputs():
    # IPython keeps what it has shown.
    Out.clear()
    hook = get_ipython().displayhook
    hook._ = hook.__ = hook.___ = ""
    for names in (get_ipython().user_ns, get_ipython().user_ns_hidden):
        for name in [n for n, value in names.items() if n.startswith("_") and type(value) is gr.Blocks]:
            names[name] = None
"""
APP = """
with gr.Blocks() as demo:
    name = gr.Textbox("Ada", label="Name", key="name")
    gr.Slider(0, 10, 3, label="Size", key=("size", 1))
    kept = gr.State([1], key="kept", time_to_live=60, delete_callback=lambda value: None)
    lazy = gr.State(lambda: {"a": 1})
    timer = gr.Timer(0.05)
    gr.Number(lambda: 1, every=0.05, label="Clock")
    gr.Image(numpy.zeros((64, 64, 3), dtype="uint8"), label="Picture", key="picture")
    out = gr.Textbox(label="Out")
    ticks = gr.Textbox(label="Ticks")
    gr.Button("Greet").click(lambda who, seen: f"Hello {who}", [name, kept], out, api_name="greet")
    timer.tick(lambda: "tick", None, ticks)
    demo.load(lambda held: None, lazy)
client = gr.Client(demo)
client.predict("Bob", api_name="/greet")
demo
"""


def greet(page: Page, who: str) -> None:
    """Use the app."""
    page.click("Greet", [("Name", who)])
    page.until("Out", f"Hello {who}")


def settled(kernel: Kernel, wanted: dict[str, int] | None = None) -> dict[str, Any]:
    """The counts, once closed apps have ended: those ``wanted`` if they come about."""
    found: dict[str, Any] = kernel.get("counts()")
    end = time.monotonic() + (2 if wanted is None else 10)
    while time.monotonic() < end and found != wanted:
        before, found = found, kernel.get("counts()")
        if wanted is None and before == found:
            break
        time.sleep(0.1)
    return found


def closed(kernel: Kernel, wanted: dict[str, int] | None = None) -> dict[str, Any]:
    """The counts after all apps were closed and forgotten."""
    kernel.run("gr.close_all(verbose=False); clear_outputs()")
    kernel.run("del demo, client, name, kept, lazy, timer, out, ticks")
    kernel.run("pass")  # the last result is kept until there is another
    kernel.until("workers() == 0")
    return settled(kernel, wanted)


def test_a_cell_may_be_run_200_times(kernel: Kernel) -> None:  # ST-5 AP-39
    kernel.run(COUNT)
    found: dict[int, dict[str, Any]] = {}
    for number in range(1, 201):
        page = kernel.show(APP, "cell")
        if number % 10 == 0 or number == 3:
            greet(page, f"number {number}")
        if number in (3, 20):
            found[number] = settled(kernel, found.get(3))
            memory = kernel.get("megabytes()")
    assert settled(kernel, found[3]) == found[20] == found[3]
    assert len(kernel.comms()) == found[3]["comms"]
    assert kernel.get("workers()") < 10
    assert kernel.get("megabytes()") < memory + 20


def test_apps_that_are_closed_leave_no_more_than_outputs(kernel: Kernel) -> None:  # AP-39
    kernel.run(COUNT)
    greet(kernel.show(APP), "somebody")
    start = closed(kernel)
    for number in range(40):
        page = kernel.show(APP)
        if number % 10 == 0:
            greet(page, f"number {number}")
        kernel.run("gr.close_all(verbose=False)")
    assert closed(kernel, start) == start


def test_where_cells_have_no_ids_apps_go_on(kernel: Kernel) -> None:  # ST-5
    kernel.run(COUNT)
    greet(kernel.show(APP), "somebody")
    start = closed(kernel)
    pages = [kernel.show(APP, view=f"view {number}") for number in range(20)]
    for number, page in enumerate(pages):
        greet(page, f"number {number}")
    grown = kernel.get("counts()")
    for what in ("apps", "widgets", "comms", "caches"):
        assert grown[what] - start[what] == 20
    assert closed(kernel, start) == start
