"""The same apps for each toolkit: the cells that show them.

Parts that a case looks for are marked by element id, or by a class where a toolkit has no ids:
``go`` (a button), ``out`` (a text that its handler sets), ``last`` (the last part of a large app).
"""

from __future__ import annotations

from dataclasses import dataclass

HELPERS = """
import time
count = 0
def tick(*_):
    global count
    count += 1
    return f"n={count}"
KILOBYTES = [f"{i + 1}:".ljust(1024, "x") for i in range(1000)]
"""


@dataclass(frozen=True)
class Toolkit:
    """What a case needs to know of a toolkit."""

    module: str
    setup: str
    """First cell: imports, so that they are in no measurement."""
    apps: dict[str, str]


BLOCKS = {
    "paint 3": """
with gr.Blocks() as demo:
    go = gr.Button("Go", elem_id="go")
    out = gr.Textbox(label="out", elem_id="out")
    gr.Textbox(label="last", elem_id="last")
    go.click(lambda: "ok", None, out)
""",
    "paint 200": """
with gr.Blocks() as demo:
    go = gr.Button("Go", elem_id="go")
    out = gr.Textbox(label="out", elem_id="out")
    for i in range(99):
        gr.Textbox(label=f"text {i}")
    for i in range(99):
        gr.Slider(0, 100, i, label=f"slider {i}")
    gr.Slider(0, 100, 1, label="last", elem_id="last")
    go.click(lambda: "ok", None, out)
""",
    "click": """
with gr.Blocks() as demo:
    go = gr.Button("Go", elem_id="go")
    out = gr.Textbox(label="out", elem_id="out")
    go.click(tick, None, out)
""",
    "stream": """
def kilobytes():
    for text in KILOBYTES:
        yield text
with gr.Blocks() as demo:
    go = gr.Button("Go", elem_id="go")
    out = gr.Textbox(label="out", elem_id="out")
    go.click(kilobytes, None, out)
""",
}

IPYWIDGETS = {
    "paint 3": """
go, out, last = mark(W.Button(description="Go"), "go"), mark(W.Text(), "out"), mark(W.Text(), "last")
go.on_click(lambda _: setattr(out, "value", "ok"))
W.VBox([go, out, last])
""",
    "paint 200": """
go, out = mark(W.Button(description="Go"), "go"), mark(W.Text(), "out")
go.on_click(lambda _: setattr(out, "value", "ok"))
W.VBox([go, out] + [W.Text(description=f"text {i}") for i in range(99)]
       + [W.FloatSlider(value=i, max=100, description=f"slider {i}") for i in range(99)]
       + [mark(W.FloatSlider(value=1, max=100, description="last"), "last")])
""",
    "click": """
go, out = mark(W.Button(description="Go"), "go"), mark(W.Text(), "out")
go.on_click(lambda _: setattr(out, "value", tick()))
W.VBox([go, out])
""",
    "stream": """
go, out = mark(W.Button(description="Go"), "go"), mark(W.Text(), "out")
def kilobytes(_):
    for text in KILOBYTES:
        out.value = text
go.on_click(kilobytes)
W.VBox([go, out])
""",
}

TOOLKITS = {
    "nbblocks": Toolkit(
        "nbblocks",
        HELPERS + "import nbblocks as gr",
        {name: source + "demo" for name, source in BLOCKS.items()},
    ),
    "gradio": Toolkit(
        "gradio",
        HELPERS + "import gradio as gr",
        {name: source + "demo.launch(quiet=True)" for name, source in BLOCKS.items()},
    ),
    "ipywidgets": Toolkit(
        "ipywidgets",
        HELPERS
        + """import ipywidgets as W
def mark(widget, name):
    widget.add_class("mark-" + name)
    return widget""",
        IPYWIDGETS,
    ),
}
