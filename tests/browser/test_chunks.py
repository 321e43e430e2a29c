"""Chunks of the front-end reach every kind of page."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from . import static

APP = """\
import nbblocks as gr
with gr.Blocks() as demo:
    gr.Markdown("# Title\\n\\n*leaning*")
    gr.Textbox(label="Name")
demo"""
EMBED = """
from ipywidgets.embed import embed_minimal_html
embed_minimal_html(__import__('sys').argv[1], [demo.host.show()], drop_defaults=False)
"""


@pytest.mark.parametrize("host", ["lab", "notebook"])
def test_a_notebook_shows_what_a_chunk_draws_and_does_so_after_a_reload(open_notebook, host) -> None:  # D2
    book = open_notebook(APP, host=host)
    book.run_all()
    expect(book.output(0).get_by_role("heading", name="Title")).to_be_visible()
    book.reload()
    expect(book.output(0).get_by_role("heading", name="Title")).to_be_visible()


def test_a_notebook_that_was_saved_with_its_widgets_holds_the_chunks(open_notebook) -> None:  # D2
    book = open_notebook(APP)
    book.run_all()
    expect(book.output(0).get_by_role("heading", name="Title")).to_be_visible()
    states = book.save(widgets=True).metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    (root,) = [one["state"] for one in states.values() if "tree" in one["state"]]
    assert "markdown" in root["chunks"]
    assert {ref.removeprefix("anywidget:") for ref in root["chunks"].values()} <= states.keys()


def test_voila_shows_what_a_chunk_draws(voila) -> None:  # D2
    expect(voila(APP).get_by_role("heading", name="Title")).to_be_visible()


def test_a_static_page_shows_what_a_chunk_draws(static_page) -> None:  # D2
    expect(static_page(APP).get_by_role("heading", name="Title")).to_be_visible()


def test_a_page_that_ipywidgets_embeds_shows_what_a_chunk_draws(new_page, tmp_path) -> None:  # D2
    file = tmp_path / "page.html"
    subprocess.run([sys.executable, "-c", APP + EMBED, str(file)], check=True, timeout=60)
    page = new_page()
    # Installed packages answer for the CDN, in versions of their own.
    html = re.sub(r' (integrity|crossorigin)="[^"]*"', "", file.read_text(encoding="utf-8"))
    static.show(page, html)
    expect(page.get_by_role("heading", name="Title")).to_be_visible()
