"""What an app takes over from the one that its cell made before."""

from __future__ import annotations

from typing import Any

import pytest

from .kernels import VIEW, CellError, Kernel, Page

BUILD = """
import numpy as np, os, nbblocks as gr
deleted = globals().get("deleted", [])
with gr.Blocks() as demo:
    name = gr.Textbox("Ada", label="Name", key="name")
    plain = gr.Textbox("Ada", label="Plain")
    size = gr.Slider(0, 10, 3, label="Size", key=("size", 1))
    nothing = gr.Textbox("Ada", label="Nothing", key="nothing", preserved_by_key=[])
    none = gr.Textbox("Ada", label="None", key="none", preserved_by_key=None)
    more = gr.Textbox("Ada", label="More", key="more", preserved_by_key=["value", "placeholder"])
    swapped = gr.Textbox("5", label="Swapped", key="swapped")
    picture = gr.Image(label="Picture", key="picture", format="png")
    count = gr.State(0, key="count", time_to_live=60, delete_callback=lambda v: deleted.append(f"keyed {v}"))
    fresh = gr.State(0, delete_callback=lambda v: deleted.append(f"fresh {v}"))
    out = gr.Textbox(label="Out")
    gr.Button("Count").click(
        lambda a, b: (a + 1, b + 1, f"{a + 1} and {b + 1}"), [count, fresh], [count, fresh, out]
    )
    gr.Button("Paint").click(lambda: np.full((8, 8, 3), 200, "uint8"), None, picture)
    gr.Button("Hint").click(lambda: gr.Textbox(placeholder="a hint"), None, more)
    gr.Button("Mean").click(lambda picture: str(picture.mean()), picture, out)
"""
SHOW = "demo"
KEPT = {"Name": "Bob", "Plain": "Ada", "Size": 7, "Nothing": "Ada", "None": "Ada", "More": "Bob"}


def use(page: Page) -> None:
    """Do what a person does: type, move, count, paint."""
    for label in ("Name", "Plain", "Nothing", "None", "More"):
        page.enter(label, "Bob")
    page.enter("Size", 7)
    page.enter("Swapped", "6")
    for times in (1, 2):
        page.click("Count")
        page.until("Out", f"{times} and {times}")
    for button, label, prop in (("Paint", "Picture", "value"), ("Hint", "More", "placeholder")):
        page.click(button)
        page.kernel.wait(lambda label=label, prop=prop: page.shown(label, prop))
    page.kernel.until("size.value == 7 and picture.value is not None and swapped.value == '6'")


def kept(page: Page) -> dict[str, Any]:
    """The values that a new page of the app begins with."""
    return {label: page.shown(label) for label in KEPT}


def check(page: Page) -> None:
    """What has a key is as it was left, the rest is new."""
    assert kept(page) == KEPT
    assert page.shown("More", "placeholder") == "a hint"
    page.click("Mean")
    page.until("Out", "200.0")
    page.click("Count")
    page.until("Out", "3 and 1")


@pytest.mark.parametrize("cell", ["a", None])
def test_what_has_a_key_stays_when_the_cell_is_run_again(kernel: Kernel, cell: str | None) -> None:  # ST-74
    page = kernel.show(BUILD + SHOW, cell)
    use(page)
    kernel.run("old, path = demo, picture.value['path']")
    check(kernel.show(BUILD + SHOW, cell))
    if cell is None:  # nothing tells that the output is gone
        assert kernel.get("old.is_running and os.path.exists(path)")
        return
    kernel.until("not old.is_running and not os.path.exists(path)")  # ST-5
    assert kernel.get("deleted") == ["fresh 2"]  # ST-46
    kernel.wait(lambda: page.model not in kernel.models)
    check_again = kernel.show(BUILD + SHOW, cell)
    assert kept(check_again) == KEPT
    check_again.click("Count")
    check_again.until("Out", "4 and 1")


@pytest.mark.parametrize("cells", [("a", "b"), (None, None)])
def test_the_app_may_be_shown_by_another_cell(kernel: Kernel, cells: tuple[str | None, ...]) -> None:  # ST-74
    build, show = cells
    kernel.run(BUILD, build)
    page = kernel.show(SHOW, show)
    use(page)
    kernel.run(BUILD, build)
    if build is not None:
        kernel.wait(lambda: any(one["type"] == "close" for one in kernel.told[page.model]))  # AP-39
        assert page.state["options"]["live"] is False
    check(kernel.show(SHOW, show))
    assert kernel.get("deleted") == (["fresh 2"] if build else [])


def test_the_clock_of_a_state_goes_on(kernel: Kernel) -> None:  # ST-74 ST-41
    source = BUILD.replace("time_to_live=60", "time_to_live=1.5") + SHOW
    use(kernel.show(source, "a"))
    written = "demo.host.session.states.peek(count).written"
    before = kernel.get(written)
    kernel.show(source, "a")
    assert kernel.get(written) == before
    kernel.until("'keyed 2' in deleted")
    assert kernel.get("deleted") == ["fresh 2", "keyed 2"]
    kernel.run("demo.close(verbose=False)")
    kernel.run("import time; time.sleep(0.2)")
    assert kernel.get("deleted") == ["fresh 2", "keyed 2"]


def test_a_component_of_another_class_is_new(kernel: Kernel) -> None:  # ST-74
    use(kernel.show(BUILD + SHOW, "a"))
    page = kernel.show(
        BUILD.replace('gr.Textbox("5", label="Swapped"', 'gr.Number(5, label="Swapped"') + SHOW, "a"
    )
    assert page.shown("Swapped") == 5
    assert kept(page) == KEPT


def views(kernel: Kernel, sent: str) -> list[str]:
    """The models that a cell shows."""
    data = [one.get("data", {}) for one in kernel.outputs[sent]]
    return [one[VIEW]["model_id"] for one in data if VIEW in one]


def test_what_no_longer_fits_is_new(kernel: Kernel) -> None:  # ST-74
    source = BUILD + '    gr.Dropdown(["x", "y"], value="x", label="Choice", key="choice")\n' + SHOW
    page = kernel.show(source, "a")
    use(page)
    page.enter("Choice", "y")
    kernel.until("'y' in [block.value for block in demo.blocks.values() if hasattr(block, 'choices')]")
    kernel.run("import shutil; shutil.rmtree(demo.host.cache.root)")  # the system tidies up
    again = kernel.begin(source.replace('value="x"', 'value=["x"], multiselect=True'), "a")
    kernel.finish(again)
    page = Page(kernel, views(kernel, again)[-1])
    assert page.shown("Choice") == ["x"] and page.shown("Picture") is None
    assert kept(page) == KEPT
    told = "".join(one.get("text", "") for one in kernel.outputs[again])
    assert "Dropdown" in told and "Image" in told


def test_a_cell_that_makes_two_apps_keeps_them_apart(kernel: Kernel) -> None:  # ST-74
    source = """
import nbblocks as gr
from IPython.display import display
boxes = []
for number in range(2):
    with gr.Blocks() as demo:
        boxes.append(gr.Textbox(f"app {number}", label="Box", key="box"))
    display(demo)
"""

    def show() -> list[Page]:
        sent = kernel.begin(source, "a")
        kernel.finish(sent)
        return [Page(kernel, model) for model in views(kernel, sent)]

    first, second = show()
    assert [first.shown("Box"), second.shown("Box")] == ["app 0", "app 1"]
    first.enter("Box", "typed")
    kernel.until("boxes[0].value == 'typed'")
    assert [page.shown("Box") for page in show()] == ["typed", "app 1"]


def test_a_key_is_used_once(kernel: Kernel) -> None:  # ST-74
    app = "with gr.Blocks() as demo:\n    gr.Textbox(key='a')\n    gr.Textbox(key='a')\n"
    with pytest.raises(CellError, match="ValueError.*key"):
        kernel.run("import nbblocks as gr\n" + app + "demo")
