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

LISTEN = """() => {
  if (window.__nbb_wire) return;
  const wire = (window.__nbb_wire = { types: [], held: null });
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    const text = typeof data === "string" ? data : new TextDecoder().decode(data);
    const found = text.matchAll(/"method":"custom","content":\\{"type":"(\\w+)"/g);
    wire.types.push(...Array.from(found, ([, type]) => type));
    if (wire.held) wire.held.push(() => send.call(this, data));
    else send.call(this, data);
  };
}"""
HOLD = "() => { window.__nbb_wire.held = []; }"
RELEASE = """() => {
  const held = window.__nbb_wire.held;
  window.__nbb_wire.held = null;
  for (const send of held) send();
}"""
VIEW = """async () => {
  const app = window.jupyterapp, panel = app.shell.currentWidget;
  panel.content.activeCellIndex = 0;
  await app.commands.execute("notebook:create-output-view");
  app.shell.activateById(panel.id);
}"""
NO_VIEWS = """() => {
  for (const one of [...window.jupyterapp.shell.widgets("main")])
    if (one.content?.hasClass?.("jp-LinkedOutputView")) one.dispose();
}"""


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

    def new_view(self) -> Locator:
        """Show the app's cell a second time, beside the notebook, by JupyterLab's own command."""
        self.page.evaluate(VIEW)
        return self.page.locator(".jp-LinkedOutputView")

    def close_views(self) -> None:
        """Close what `new_view` has shown."""
        self.page.evaluate(NO_VIEWS)

    # -- what goes over the wire

    def messages(self) -> list[str]:
        """The types of what apps have sent to the kernel since the last call, without signs of life.

        The first call begins to listen.
        """
        self.page.evaluate(LISTEN)
        types = self.page.evaluate("() => window.__nbb_wire.types.splice(0)")
        return [one for one in types if one not in ("beat", "nudge")]

    @contextlib.contextmanager
    def unheard(self) -> Iterator[None]:
        """Keep back all that the page sends: the kernel hears it, in order, after the block."""
        self.page.evaluate(LISTEN)
        self.page.evaluate(HOLD)
        try:
            yield
        finally:
            self.page.evaluate(RELEASE)

    # -- tests

    def begin(self) -> None:
        """A test begins."""
        self.book.problems.clear()

    def end(self, failed: str | None) -> None:
        """A test has ended; ``failed`` is its name if it failed: then a picture is kept."""
        if failed:
            RESULTS.mkdir(exist_ok=True)
            with contextlib.suppress(Exception):
                self.book.screenshot(RESULTS / f"{failed}.png")
        self.close_views()
        assert not self.book.problems, "\n".join(self.book.problems)


@contextlib.contextmanager
def open_stage(jupyter: Jupyter) -> Iterator[Stage]:
    """Open a notebook of two cells, the second one for whatever is to run beside the app."""
    with jupyter.notebook("", "") as book:
        yield Stage(book)


def press(app: Locator, name: str, times: int = 1) -> None:
    """Press a button of the app, once or several times in a row."""
    for _ in range(times):
        app.get_by_role("button", name=name, exact=True).click()


def status(block: Locator) -> Locator:
    """The words over a block: time, or place in the queue."""
    return block.locator(".nbb-status-text")


def toast(app: Locator, level: str) -> Locator:
    """The messages of a level."""
    return app.locator(f".nbb-toast-{level}")
