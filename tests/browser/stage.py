"""One notebook for many apps: each test shows its own in the first cell, which spares a kernel for each."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Locator, Page

from .lab import Jupyter, Notebook

RESULTS = Path(__file__).parents[2] / "test-results"
PRELUDE = """\
import threading, time
import nbblocks as gr

go = threading.Semaphore(0)

def wait():
    assert go.acquire(timeout=30)
"""
"""Handlers wait for a `Stage.let_go`, so that a test sees what stands between two steps."""

PATIENCE = "time.sleep(0.01); assert time.monotonic() < end, 'it never came'"


class Stage:
    """A notebook whose first cell is given anew to each test."""

    def __init__(self, book: Notebook) -> None:
        self.book = book

    @property
    def page(self) -> Page:
        """The page that shows the notebook."""
        return self.book.page

    def show(self, source: str) -> Locator:
        """Run the source, which ends with an app, and return the element that shows the app."""
        self.book.write_cell(0, PRELUDE + source)
        self.book.run_cell(0)
        app = self.book.output(0).locator(".nbb-app")
        app.wait_for()
        return app

    def let_go(self, count: int = 1) -> None:
        """Let handlers that `wait`, or will, go on: each but once."""
        self.book.kernel(f"go.release({count})")

    def kernel(self, code: str) -> str:
        """As that of the notebook."""
        return self.book.kernel(code)

    def until(self, condition: str) -> None:
        """Wait, in the kernel, until an expression is true: a page's message may be on its way."""
        self.book.kernel(f"end = time.monotonic() + 20\nwhile not ({condition}):\n    {PATIENCE}")

    def begin(self) -> None:
        """A test begins."""
        self.book.problems.clear()

    def end(self, failed: str | None) -> None:
        """A test has ended; ``failed`` is its name if it failed: then a picture is kept."""
        if failed:
            RESULTS.mkdir(exist_ok=True)
            with contextlib.suppress(Exception):
                self.book.screenshot(RESULTS / f"{failed}.png")
        self.book.close_views()
        assert not self.book.problems


@contextlib.contextmanager
def open_stage(jupyter: Jupyter) -> Iterator[Stage]:
    """Open a notebook of two cells, the second one for whatever is to run beside the app."""
    with jupyter.notebook("", "") as book:
        yield Stage(book)
