"""Large State, up to a gigabyte: never copied where no rule asks for it, and freed when its time is over."""

from __future__ import annotations

import psutil
import pytest

from .kernels import Kernel, Page

GIGABYTE = 2**30
SMALLER = 2**28

APP = """
import gc, weakref, numpy as np, psutil, nbblocks as gr
SIZE = {size}
made, deleted = [], []
def big(value=1):
    array = np.full(SIZE, value, dtype="uint8")
    made.append(weakref.ref(array))
    return array
def change(array):
    array[0] = 9
    return "changed"
def several(array):
    for step in range(3):
        array[step] = 9
        yield array, f"step {step}"
def memory():
    gc.collect()
    return psutil.Process().memory_info().rss
def peak():
    # Not ru_maxrss: that begins with what the process that started the kernel had.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024
def living():
    gc.collect()
    return sum(one() is not None for one in made)
np.full(2**20, 1, dtype="uint8")
with gr.Blocks() as demo:
    state = gr.State({value}, delete_callback=lambda array: deleted.append(int(array[0])))
    out = gr.Textbox(label="Out")
    gr.Button("Read").click(lambda array: f"read {array.nbytes}", state, out, api_name="read")
    gr.Button("Change").click(change, state, out)
    gr.Button("Steps").click(several, state, [state, out])
    number = gr.Number(label="Number")
    gr.Button("Write").click(lambda n: (big(n), f"written {n}"), number, [state, out])
demo
"""


@pytest.fixture(autouse=True)
def _room() -> None:
    if psutil.virtual_memory().available < 4 * GIGABYTE:
        pytest.skip("a State of 1 GB needs a machine with 4 GB available")


def app(size: int, value: str = "big") -> tuple[str, str]:
    """The code before the app, and the app itself."""
    source = APP.replace("{size}", str(size)).replace("{value}", value)
    before, begin, after = source.partition("with gr.Blocks")
    return before, begin + after


def use(page: Page, size: int) -> None:
    """Read and change the value, in place and step by step."""
    for _ in range(2):
        page.click("Read")
        page.until("Out", f"read {size}")
        page.click("Change")
        page.until("Out", "changed")
        page.click("Steps")
        page.until("Out", "step 2")


def test_a_value_that_a_function_gives_is_the_only_one(kernel: Kernel) -> None:  # ST-23 ST-30 ST-31
    size, most = GIGABYTE, GIGABYTE + GIGABYTE // 4
    before, built = app(size)
    kernel.run(before + "base = memory()")
    page = kernel.show(built)
    kernel.until("living() == 1")
    use(page, size)
    assert kernel.get("len(made) == 1 and peak() - base") < most
    kernel.run("state.time_to_live = 0")
    kernel.until("living() == 0 and memory() - base < SIZE // 4")  # ST-43
    kernel.until("deleted == [9]")
    kernel.run("state.time_to_live = None")
    page.click("Read")
    page.until("Out", f"read {size}")  # ST-44
    assert kernel.get("len(made) == 2 and living()") == 1
    kernel.run("demo.close(verbose=False)")
    kernel.until("living() == 0 and memory() - base < SIZE // 4")
    kernel.until("deleted == [9, 1]")  # ST-46
    assert kernel.get("peak() - base") < most


def test_what_is_overwritten_is_freed(kernel: Kernel) -> None:  # ST-31 ST-46
    before, built = app(SMALLER)
    kernel.run(before + "base = memory()")
    page = kernel.show(built)
    kernel.until("living() == 1")
    for value in (5, 6, 7):
        page.click("Write", [("Number", value)])
        page.until("Out", f"written {value}")
    kernel.until("living() == 1 and memory() - base < SIZE + SIZE // 4")
    assert kernel.get("deleted") == []
    assert kernel.get("peak() - base") < 2 * SMALLER + SMALLER // 4
    kernel.run("state.time_to_live = 0")
    kernel.until("living() == 0 and deleted == [7]")


def test_a_change_listener_costs_no_copy(kernel: Kernel) -> None:  # ST-63 ST-66
    before, built = app(SMALLER)
    kernel.run(before + "base = memory()")
    page = kernel.show(built.replace("demo\n", "    state.change(lambda array: None, state)\ndemo\n"))
    kernel.until("living() == 1")
    use(page, SMALLER)
    assert kernel.get("len(made) == 1 and peak() - base") < SMALLER + SMALLER // 4


def test_a_given_value_is_copied_for_the_app_and_for_each_session(kernel: Kernel) -> None:  # ST-21 ST-22
    def copies() -> float:
        return round(kernel.get("(memory() - base) / SIZE"), 1)

    before, built = app(SMALLER, value="given")
    kernel.run(before + "base = memory()\ngiven = big()")
    page = kernel.show(built)
    kernel.run("del given")
    assert kernel.get("living()") == 0 and copies() == 1
    use(page, SMALLER)
    assert copies() == 2
    assert kernel.get("peak() - base") < 2 * SMALLER + SMALLER // 4
    kernel.run("client = gr.Client(demo)\nclient.predict(api_name='/read')")
    assert copies() == 3
    kernel.run("client.close()")
    kernel.until("memory() - base < 2.3 * SIZE")
    kernel.run("demo.close(verbose=False)")
    kernel.until("memory() - base < 1.3 * SIZE")  # the app's own stays for its next start
