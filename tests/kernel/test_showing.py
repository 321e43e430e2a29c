"""An app is shown by the last line of a cell, by display and by launch, and nothing waits for it."""

from __future__ import annotations

from typing import Any

from .kernels import VIEW, Kernel, Page

PROGRAM = """
import nbblocks as gr

with gr.Blocks() as demo:
    name = gr.Textbox("nobody", label="Name")
    out = gr.Textbox(label="Out")
    seen = gr.State([])
    def greet(who, before):
        before.append(who)
        return " ".join(before)
    gr.Button("Greet").click(greet, [name, seen], out, api_name="greet")

if __name__ == "__main__":
    demo.launch()
"""


def shown(kernel: Kernel, code: str) -> tuple[list[dict[str, Any]], str]:
    """The views that a cell displays, as (kind of data, model), and what it prints."""
    sent = kernel.begin(code)
    printed = kernel.finish(sent)
    return [one["data"] for one in kernel.outputs.get(sent, ()) if VIEW in one.get("data", ())], printed


def test_each_way_of_showing_adds_a_view_of_one_session(kernel: Kernel) -> None:  # AP-30 AP-31 AP-32 ST-1
    (first,), printed = shown(kernel, PROGRAM)
    assert printed == ""
    model = first[VIEW]["model_id"]
    for code in (
        "demo",
        "display(demo)",
        "from IPython.display import display as show; show(demo)",
        "handle, local, share = demo.launch(); assert (handle is demo) and local is None is share",
        "demo.launch(quiet=True)",
        "x = demo.launch()\nx",
        "display(demo.launch())",
    ):
        found, printed = shown(kernel, code)
        assert [one[VIEW]["model_id"] for one in found] == [model], code
        assert printed == ""
    assert shown(kernel, "demo.launch(inline=False)") == ([], "")
    here, there = Page(kernel, model), Page(kernel, model, "there")
    here.click("Greet", [("Name", "Ada")])
    here.until("Out", "Ada")
    there.click("Greet", [("Name", "Eve")])
    there.until("Out", "Ada Eve")
    assert kernel.get("[name.value, out.value, demo.is_running]") == ["Eve", "Ada Eve", True]
    assert kernel.run("demo.block_thread(); print('at once')") == "at once\n"  # AP-40


def test_an_app_is_shown_inside_its_own_with(kernel: Kernel) -> None:  # AP-30
    code = """
import nbblocks as gr
with gr.Blocks() as demo:
    with gr.Row():
        gr.Textbox("inside", label="Inside")
        display(demo)
    late = gr.Textbox("outside", label="Late")
"""
    page = kernel.show(code)
    assert page.shown("Inside") == "inside"
    assert kernel.get("late.parent is None")


def test_close_says_so_and_it_starts_again(kernel: Kernel) -> None:  # AP-39 AP-40 ST-11
    page = kernel.show(PROGRAM)
    page.click("Greet", [("Name", "Ada")])
    page.until("Out", "Ada")
    assert shown(kernel, "demo.close()") == ([], "Closed the app.\n")
    assert shown(kernel, "demo.close()") == ([], "")
    assert page.state["options"]["live"] is False
    assert kernel.get("demo.is_running") is False
    page = kernel.show("demo")
    assert page.shown("Out") == "Ada"
    page.click("Greet", [("Name", "Eve")])
    page.until("Out", "Eve")
    assert shown(kernel, "gr.close_all(verbose=False)") == ([], "")
    assert kernel.get("demo.is_running") is False
