"""The notebook of all components, opened for tests."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import nbformat
from playwright.sync_api import expect

from .lab import Jupyter, Notebook

NOTEBOOK = Path(__file__).parents[2] / "notebooks/gallery.ipynb"
LAZY = (".nbb-grid", ".cm-content", ".katex", ".nbb-plot img", ".nbb-native-place svg")
"""What is there once the heavy parts of the front-end are."""


@contextlib.contextmanager
def open_gallery(jupyter: Jupyter) -> Iterator[Notebook]:
    """Run it, in a page that is tall enough to have all of it in sight."""
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    with jupyter.notebook(*sources, hide_code=True, fresh=True) as book:
        book.run_all()
        book.page.set_viewport_size({"width": 1280, "height": 9000})
        for lazy in LAZY:
            expect(book.page.locator(lazy).first).to_be_visible()
        yield book
