"""Kernels that shut down, restart, or are killed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .kernels import CellError, Kernel, Page

LIFE = """
import atexit, time, nbblocks as gr
def note(*what):
    with open({log!r}, "a") as file:
        print(*what, file=file)
atexit.register(note, "exit")  # what is registered first is called last
def sleep():
    note("asleep")
    time.sleep(30)
def endless():
    note("endless")
    while True:
        time.sleep(0.01)
def repeat():
    note("again")
    time.sleep(0.05)
with gr.Blocks() as demo:
    state = gr.State(0, delete_callback=lambda value: note("deleted", value))
    lazy = gr.State(list, delete_callback=lambda value: note("deleted", value))
    unused = gr.State(1, delete_callback=lambda value: note("deleted unused"))
    out = gr.Textbox(label="Out")
    picture = gr.Image(label="Picture")
    gr.Button("Count").click(lambda n: (n + 1, str(n + 1)), state, [state, out])
    gr.Button("Save").click(lambda: {picture!r}, None, picture)
    gr.Button("Sleep").click(sleep)
    gr.Button("Endless").click(endless)
    gr.Button("Repeat").click(repeat, every=0.01)
    timer = gr.Timer(0.01)
    timer.tick(lambda: time.sleep(0.001))
    demo.unload(lambda: note("unloaded"))
demo
"""


def live(kernel: Kernel, tmp_path: Path) -> tuple[Page, Path]:
    """Show an app that has something to call at its end, and the file in which it notes what was called."""
    from PIL import Image

    picture, log = tmp_path / "picture.png", tmp_path / "log"
    Image.new("RGB", (2, 2)).save(picture)
    log.touch()
    page = kernel.show(LIFE.format(log=str(log), picture=str(picture)))
    page.click("Count")
    page.until("Out", "1")
    page.click("Count")
    page.until("Out", "2")
    page.click("Save")
    kernel.wait(lambda: page.shown("Picture"))
    assert os.listdir(kernel.files)
    return page, log


def noted(log: Path) -> list[str]:
    """What was noted, without what is still going on; the values in any order."""
    lines = [line for line in log.read_text().splitlines() if line not in ("asleep", "endless", "again")]
    deleted = sorted(line for line in lines if line.startswith("deleted"))
    return [deleted.pop(0) if line.startswith("deleted") else line for line in lines]


@pytest.mark.parametrize("end", [Kernel.shut_down, Kernel.restart])
def test_the_end_of_a_kernel_is_the_end_of_its_sessions(kernel: Kernel, tmp_path: Path, end) -> None:  # ST-11
    _, log = live(kernel, tmp_path)
    end(kernel)
    # That Python came to "exit" shows that nobody had to end the kernel by a signal.
    assert noted(log) == ["unloaded", "deleted 2", "deleted []", "exit"]  # ST-12 ST-46
    assert not os.listdir(kernel.files)


@pytest.mark.parametrize("end", [Kernel.shut_down, Kernel.restart])
def test_busy_handlers_do_not_keep_a_kernel_from_ending(kernel: Kernel, tmp_path: Path, end) -> None:  # ST-11
    page, log = live(kernel, tmp_path)
    for name in ("Sleep", "Endless", "Repeat"):
        page.click(name)
    kernel.wait(lambda: {"asleep", "endless", "again"} <= set(log.read_text().splitlines()))
    end(kernel)
    assert noted(log) == ["unloaded", "deleted 2", "deleted []", "exit"]
    assert not os.listdir(kernel.files)


def test_a_busy_cell_does_not_either(kernel: Kernel, tmp_path: Path) -> None:  # ST-11
    _, log = live(kernel, tmp_path)
    kernel.begin("note('in the cell'); time.sleep(30)")
    kernel.wait(lambda: "in the cell" in log.read_text())
    kernel.shut_down()
    assert noted(log) == ["in the cell", "unloaded", "deleted 2", "deleted []", "exit"]
    assert not os.listdir(kernel.files)


def test_what_a_client_has_is_deleted_as_well(kernel: Kernel, tmp_path: Path) -> None:  # ST-11 ST-46
    _, log = live(kernel, tmp_path)
    kernel.run("client = gr.Client(demo); client.predict(api_name='/lambda')")
    kernel.shut_down()
    assert sorted(noted(log)) == ["deleted 1", "deleted 2", "deleted []", "exit", "unloaded", "unloaded"]


def test_callbacks_that_fail_or_take_time_do_not_cost_others_their_turn(
    kernel: Kernel, tmp_path: Path
) -> None:  # ST-48
    log = tmp_path / "log"
    kernel.show(f"""
import asyncio, time, nbblocks as gr
def note(*what):
    with open({str(log)!r}, "a") as file:
        print(*what, file=file)
def bad(value):
    raise SystemExit("no")
def slow(value):
    time.sleep(0.3)
    note("slow")
async def coroutine(value):
    await asyncio.sleep(0.1)
    note("coroutine")
with gr.Blocks() as demo:
    states = [gr.State(list, delete_callback=one) for one in (bad, slow, coroutine, lambda _: note('last'))]
    demo.unload(lambda: 1 / 0)
demo""")
    kernel.until("len(demo.host.session.states._kept) == 4")
    kernel.shut_down()
    assert sorted(noted(log)) == ["coroutine", "last", "slow"]


SHORT = """
import time, nbblocks as gr
def note(*what):
    with open({log!r}, "a") as file:
        print(*what, file=file)
def slow(value):
    time.sleep(0.5)
    note("deleted")
with gr.Blocks() as demo:
    state = gr.State(list, delete_callback=slow)
    gr.Button("Sleep").click(lambda: (note("asleep"), time.sleep(30)))
    demo.unload(lambda: note("unloaded"))
demo.launch(max_threads=1)
"""


def test_handlers_that_hold_all_threads_do_not_hold_the_farewell(
    kernel: Kernel, tmp_path: Path
) -> None:  # ST-12
    log = tmp_path / "log"
    log.touch()
    page = kernel.show(SHORT.format(log=str(log)))
    kernel.until("demo.host.session.states.peek(state) is not None")
    page.click("Sleep")
    kernel.wait(lambda: "asleep" in log.read_text())
    kernel.shut_down()
    assert noted(log) == ["unloaded", "deleted"]


def test_what_an_app_closed_last_still_calls_is_waited_for(kernel: Kernel, tmp_path: Path) -> None:  # ST-46
    log = tmp_path / "log"
    log.touch()
    kernel.show(SHORT.format(log=str(log)))
    kernel.until("demo.host.session.states.peek(state) is not None")
    kernel.run("demo.close()")
    kernel.shut_down()
    assert noted(log) == ["unloaded", "deleted"]


def test_files_of_a_killed_kernel_go_with_the_next_start(kernel: Kernel, tmp_path: Path) -> None:  # ST-11
    _, log = live(kernel, tmp_path)
    left = set(os.listdir(kernel.files))
    kernel.die()
    assert noted(log) == [] and left <= set(os.listdir(kernel.files))
    live(kernel, tmp_path)
    assert not left & set(os.listdir(kernel.files))


def test_a_cell_after_a_restart_finds_nothing_of_the_app(kernel: Kernel, tmp_path: Path) -> None:  # AP-41
    page, _ = live(kernel, tmp_path)
    kernel.restart()
    with pytest.raises(CellError, match="NameError"):
        kernel.run("demo")
    page.say("beat")  # a page of before: nobody listens
    again, _ = live(kernel, tmp_path)
    assert again.model != page.model
