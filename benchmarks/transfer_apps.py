"""The apps of transfers.py: a button to click, one that uploads, one for each file to download."""

from __future__ import annotations

from dataclasses import dataclass

SETUP = """
import sys
sys.path.insert(0, {root!r})
import hashlib, json, os, time
from pathlib import Path
NOTE, FILES = Path({note!r}), {files!r}
count, got = 0, None
def tick(*_):
    global count
    count += 1
    return f"n={{count}}"
def note(thing=None):
    global got
    at, got = time.time(), thing
    NOTE.with_suffix(".part").write_text(json.dumps(at))
    os.replace(NOTE.with_suffix(".part"), NOTE)
def sha1():
    digest = hashlib.sha1()
    if isinstance(got, str):
        with open(got, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    else:
        digest.update(got)
    return digest.hexdigest()
"""
"""Tells the time when a handler has the file by a file of its own: asking the kernel would be in the way."""

BLOCKS = """
with gr.Blocks() as demo:
    go, out = gr.Button("Go", elem_id="go"), gr.Textbox(label="out", elem_id="out")
    up = gr.UploadButton("Upload", elem_id="up")
    for size, path in FILES.items():
        gr.DownloadButton(f"{size} MB", value=path, elem_id=f"down{size}")
    go.click(tick, None, out)
    up.upload(note, up, None)
"""


@dataclass(frozen=True)
class App:
    """What is shown, and what it can."""

    imports: str
    cell: str
    downloads: bool = True


APPS = {
    "nbblocks": App("import nbblocks as gr", BLOCKS + "demo"),
    "bare": App(
        "from benchmarks.bare_channel import Channel",
        "channel = Channel(note)\nchannel",
    ),
    "gradio": App("import gradio as gr", BLOCKS + "demo.launch(quiet=True)"),
    "ipywidgets": App(
        "import ipywidgets as W",
        """
go, out, up = W.Button(description="Go"), W.Text(), W.FileUpload()
for part, name in ((go, "go"), (out, "out"), (up, "up")):
    part.add_class("mark-" + name)
go.on_click(lambda _: setattr(out, "value", tick()))
up.observe(lambda change: change["new"] and note(change["new"][0]["content"]), "value")
W.VBox([go, out, up])
""",
        downloads=False,
    ),
}
