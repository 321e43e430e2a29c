"""What is measured. Each case gives its figures for one toolkit, once: ``{row of the table: number}``."""

from __future__ import annotations

import base64
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import BrowserContext, Error, Frame

from benchmarks.apps import Toolkit
from tests.browser.lab import Jupyter, Notebook

Figures = dict[str, float]

SCRIPT = (Path(__file__).parent / "inpage.js").read_text()

PROBE = """
import sys, time
import ipywidgets
start, before = time.process_time(), len(sys.modules)
import {module}
print([(time.process_time() - start) * 1000, len(sys.modules) - before])
"""


class WrongAnswer(Exception):
    """A toolkit did not show what its handler gave."""


def importing(jupyter: Jupyter, toolkit: Toolkit) -> Figures:
    """``import`` in a process that has ipywidgets already."""
    if toolkit.module == "ipywidgets":
        return {}
    code = PROBE.format(module=toolkit.module)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    milliseconds, modules = json.loads(run.stdout.splitlines()[-1])
    return {"import, CPU ms beyond ipywidgets": milliseconds, "import, modules beyond ipywidgets": modules}


def first_paint(jupyter: Jupyter, toolkit: Toolkit) -> Figures:
    """From the start of the cell to an app that can be used, in a browser that has never seen the toolkit."""
    figures: Figures = {}
    for app in ("paint 3", "paint 200"):
        with (
            contextlib.closing(_context(jupyter)) as context,
            _notebook(jupyter, toolkit, app, context) as book,
        ):
            wire = Wire(book)
            book.page.evaluate("() => bench.arm()")
            start = book.page.evaluate("() => bench.now()")
            book.start_cell(1)
            paint = _painted(book)
            book.finish_cell(1)
            book.page.wait_for_timeout(700)
            figures[f"first {app}, ms"] = paint["shown"] - start
            figures[f"first {app}, ms to the first answer"] = paint["answered"] - start
            figures[f"first {app}, kB on the websocket"] = wire.websocket / 1000
            figures[f"first {app}, kB by HTTP"] = wire.http / 1000
    return figures


def clicking(jupyter: Jupyter, toolkit: Toolkit) -> Figures:
    """From a click to the changed text."""
    with _notebook(jupyter, toolkit, "click", jupyter.context) as book:
        app = _shown(book)
        app.evaluate("() => bench.clicks(10, 30)")
        times = sorted(app.evaluate("() => bench.clicks(200, 30)"))
    return {"click, p50 ms": median(times), "click, p95 ms": times[int(len(times) * 0.95)]}


def streaming(jupyter: Jupyter, toolkit: Toolkit) -> Figures:
    """1,000 updates of 1 kB by one handler, to the last one on the page."""
    with _notebook(jupyter, toolkit, "stream", jupyter.context) as book:
        answer = _shown(book).evaluate("() => bench.until('1000:', 60000)")
    if not answer["ok"]:
        raise WrongAnswer(f"the last update is not shown, but {answer['text']!r}")
    return {"1,000 updates of 1 kB, ms": answer["ms"], "1,000 updates of 1 kB, values shown": answer["seen"]}


def busy(jupyter: Jupyter, toolkit: Toolkit) -> Figures:
    """A click while another cell sleeps for 4 s."""
    with _notebook(jupyter, toolkit, "click", jupyter.context, "import time; time.sleep(4)") as book:
        app = _shown(book)
        app.evaluate("() => bench.clicks(3, 30)")
        book.start_cell(2)
        book.page.wait_for_timeout(500)
        answer = app.evaluate("() => bench.until('n=4', 15000)")
        book.finish_cell(2)
    if not answer["ok"]:
        raise WrongAnswer(f"a click during the cell left {answer['text']!r}")
    return {"click while a cell runs, ms": answer["ms"]}


CASES = {"import": importing, "paint": first_paint, "click": clicking, "stream": streaming, "busy": busy}


class Wire:
    """Bytes that a page and its frames receive from now on."""

    def __init__(self, book: Notebook) -> None:
        self.websocket = self.http = 0
        devtools = book.page.context.new_cdp_session(book.page)
        devtools.on("Network.webSocketFrameReceived", self._frame)
        devtools.on("Network.dataReceived", self._data)
        devtools.send("Network.enable")

    def _frame(self, event: dict[str, Any]) -> None:
        response = event["response"]
        data = response["payloadData"]
        self.websocket += len(base64.b64decode(data)) if response["opcode"] == 2 else len(data.encode())

    def _data(self, event: dict[str, Any]) -> None:
        self.http += event["encodedDataLength"]


def _context(jupyter: Jupyter) -> BrowserContext:
    context = jupyter.new_context()
    context.add_init_script(SCRIPT)
    return context


@contextlib.contextmanager
def _notebook(
    jupyter: Jupyter, toolkit: Toolkit, app: str, context: BrowserContext, *more: str
) -> Iterator[Notebook]:
    """A notebook that has run its imports. Its code is hidden, so that the app is on screen.

    Off screen, Chromium gives no animation frames to an iframe.
    """
    cells = (toolkit.setup, toolkit.apps[app], *more)
    with jupyter.notebook(*cells, fresh=True, context=context, hide_code=True) as book:
        book.run_cell(0)
        yield book


def _shown(book: Notebook) -> Frame:
    """Show the app; the frame that holds it, after a moment to come alive."""
    book.run_cell(1)
    for frame in _frames(book):
        if frame.evaluate("() => bench.here()"):
            book.page.wait_for_timeout(1500)
            return frame
    raise WrongAnswer("the app did not appear")


def _painted(book: Notebook) -> dict[str, float]:
    for frame in _frames(book):
        paint = frame.evaluate("() => bench.paint")
        if paint and paint["answered"]:
            return paint
    raise WrongAnswer("no answer to a click on the new app")


def _frames(book: Notebook, seconds: float = 30) -> Iterator[Frame]:
    """The page's frames, over and over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for frame in book.page.frames:
            with contextlib.suppress(Error):  # it may be just loading
                if frame.evaluate("() => Boolean(window.bench)"):
                    yield frame
        book.page.wait_for_timeout(50)
