"""A notebook as a static page: executed, turned into HTML with its widgets' state, shown without a kernel."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from playwright.sync_api import Page, Route

NODE_MODULES = Path(__file__).parents[2] / "js/node_modules"
ANYWIDGET = Path(sys.prefix, "share/jupyter/nbextensions/anywidget/index.js")
PAGE = "http://static.invalid/page.html"

FILES = {
    "/require.min.js": NODE_MODULES / "requirejs/require.js",
    "/dist/embed-amd.js": NODE_MODULES / "@jupyter-widgets/html-manager/dist/embed-amd.js",
    "/dist/index.js": ANYWIDGET,
}
"""What a page asks of a CDN, by the end of the address, and the file that answers."""


def missing() -> list[str]:
    """Names of the files that a static page needs and that are not installed."""
    return [str(file) for file in FILES.values() if not file.exists()]


def to_html(cells: Sequence[str]) -> str:
    """Execute the cells in a kernel of their own and return the page that nbconvert makes of them."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(source, id=f"cell{i}") for i, source in enumerate(cells)]
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    return HTMLExporter().from_notebook_node(notebook)[0]


def show(page: Page, html: str) -> None:
    """Load the page; all it asks for comes from installed packages, the rest is refused."""

    def answer(route: Route) -> None:
        address = route.request.url.split("?")[0]
        if address == PAGE:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
            return
        for end, file in FILES.items():
            if address.endswith(end):
                route.fulfill(path=file, content_type="text/javascript")
                return
        route.abort()

    page.route("**/*", answer)
    page.goto(PAGE)
