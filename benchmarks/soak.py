"""One app driven for long in a real JupyterLab: what kernel, server and page hold must stay flat.

    python benchmarks/soak.py --minutes 30

A timer ticks, a generator streams, pictures come, files go up, handlers print and raise. A line a minute: MB
of kernel and server, MB that the page's scripts hold after a collection, its DOM nodes and Blob URLs, and MB
of files. At the end the growth from a sixth of the time on, and what the page's console said.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import psutil

from tests.browser.lab import Jupyter, Notebook

APP = """
import time
import numpy as np
import nbblocks as gr

with gr.Blocks(delete_cache=(30, 60)) as demo:
    timer = gr.Timer(0.5)
    count = gr.Number(0, label="Ticks")
    timer.tick(lambda n: n + 1, count, count)
    said = gr.Textbox(label="Stream", lines=4)
    picture = gr.Image(label="Picture")
    upload, size = gr.UploadButton("Upload"), gr.Number(label="Bytes")
    stream, paint, fail = gr.Button("Stream"), gr.Button("Paint"), gr.Button("Fail")

    def words():
        text = ""
        for number in range(60):
            text += f"word {number} "
            print(f"\\r{number} of 60", end="")
            yield text
            time.sleep(0.02)
        print()

    def pixels():
        print("a picture")
        return np.random.default_rng().integers(0, 255, (240, 320, 3), np.uint8)

    def oops():
        raise ValueError(f"oops at {time.time()}")

    stream.click(words, None, said)
    paint.click(pixels, None, picture)
    fail.click(oops)
    upload.upload(lambda path: len(open(path, "rb").read()), upload, size)
demo
"""
BLOBS = """(() => {
  const make = URL.createObjectURL, drop = URL.revokeObjectURL, live = new Set();
  URL.createObjectURL = (blob) => { const url = make.call(URL, blob); live.add(url); return url; };
  URL.revokeObjectURL = (url) => { live.delete(url); drop.call(URL, url); };
  window.__blobs = () => live.size;
})()"""
MEASURE = """
import gc, pathlib
gc.collect()
stored = [one.stat().st_size for one in pathlib.Path(demo.host.cache.root).rglob("*") if one.is_file()]
print(sum(stored), count.value)
"""
MB = 1e6
COLUMNS = ("minute", "kernel", "server", "heap", "nodes", "blobs", "files", "ticks")


class Soak:
    """The app in its page, and what is measured of it."""

    def __init__(self, jupyter: Jupyter, book: Notebook) -> None:
        self.book, self.page = book, book.page
        self.server = psutil.Process(jupyter.server.pid)
        self.kernel = psutil.Process(int(book.kernel("import os; print(os.getpid())")))
        self.devtools = book.page.context.new_cdp_session(book.page)
        self.devtools.send("Performance.enable")
        self.files = Path(tempfile.mkdtemp(prefix="nbblocks-soak-"))
        self.turns = 0

    def turn(self) -> None:
        """What a busy user does in some seconds."""
        self.turns += 1
        output = self.book.output(0)
        output.get_by_role("button", name="Stream", exact=True).click()
        for _ in range(4):
            output.get_by_role("button", name="Paint", exact=True).click()
            self.page.wait_for_timeout(300)
        file = self.files / f"file{self.turns % 5}.bin"
        file.write_bytes(random.randbytes(1_000_000 + self.turns))
        self.book.upload(output.get_by_role("button", name="Upload", exact=True), file)
        self.page.wait_for_function(
            "([output, size]) => [...document.querySelectorAll('input[type=number]')]"
            ".some((one) => one.value === size)",
            arg=[None, str(1_000_000 + self.turns)],
        )
        if self.turns % 5 == 0:
            output.get_by_role("button", name="Fail", exact=True).click()

    def measure(self, minute: float) -> dict[str, float]:
        """Numbers, by the names of `COLUMNS`."""
        self.devtools.send("HeapProfiler.collectGarbage")
        told: Any = self.devtools.send("Performance.getMetrics")
        page = {one["name"]: one["value"] for one in told["metrics"]}
        kernel = self.book.kernel(MEASURE).split()
        return {
            "minute": minute,
            "kernel": self.kernel.memory_info().rss / MB,
            "server": self.server.memory_info().rss / MB,
            "heap": page["JSHeapUsedSize"] / MB,
            "nodes": page["Nodes"],
            "blobs": self.page.evaluate("() => window.__blobs()"),
            "files": float(kernel[0]) / MB,
            "ticks": float(kernel[1]),
        }


def main() -> None:
    """Drive the app, and print what was measured."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=30)
    options.add_argument("--every", type=float, default=1, help="minutes between two lines")
    given = options.parse_args()
    jupyter = Jupyter()
    try:
        jupyter.context.add_init_script(BLOBS)
        with jupyter.notebook(APP, fresh=True) as book:
            book.run_cell(0)
            soak = Soak(jupyter, book)
            drive(soak, given.minutes, given.every)
    finally:
        jupyter.close()


def drive(soak: Soak, minutes: float, every: float) -> None:
    """Take turns for so many minutes, and print a line every so often."""
    print("".join(f"{name:>10}" for name in COLUMNS), flush=True)
    start, due = time.monotonic(), every
    rows: list[dict[str, float]] = []
    while (passed := (time.monotonic() - start) / 60) < minutes:
        soak.turn()
        if passed >= due or not rows:
            due += every
            rows.append(soak.measure(passed))
            print("".join(f"{rows[-1][name]:10.1f}" for name in COLUMNS), flush=True)
    rows.append(soak.measure(minutes))
    warm = next(row for row in rows if row["minute"] >= minutes / 6)
    print(f"\n{soak.turns} turns; growth from minute {warm['minute']:.0f} to {minutes:.0f}:")
    for name in COLUMNS[1:-1]:
        print(f"  {name:8} {warm[name]:10.1f} -> {rows[-1][name]:10.1f}")
    print(f"console: {len(soak.book.problems)} errors {soak.book.problems[:3]}")


if __name__ == "__main__":
    main()
