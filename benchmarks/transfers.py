"""Files to and from the kernel: nbblocks beside the bare comm channel, Gradio's HTTP server and ipywidgets.

All in one JupyterLab and one Chromium with default settings, in turns. Each upload is timed from choosing the
file until the handler has it, each download from the click until the browser has it on disk; what came is
checked afterwards. ``bare`` is the channel's ceiling: binary messages of one widget, without hashing or disk.
Compare the ratios of one run, never the times of two; another load changes CPU time least.
Needs the ``bench`` extra: ``make bench-transfers`` sees to it.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import psutil

from benchmarks.cases import SCRIPT, Figures, WrongAnswer
from benchmarks.devtools import Browser
from benchmarks.run import Samples, medians, table
from benchmarks.transfer_apps import APPS, SETUP
from tests.browser.lab import Jupyter, Notebook

ROOT = Path(__file__).parents[1]
MB = 1_000_000
UPLOAD = {"chunk": 4 << 20, "window": 4, "ahead": 1, "every": 1, "fill": 0, "check": False}
DOWNLOAD = {"chunk": 2 << 20, "window": 8, "every": 4, "keep": True}
"""What was fastest in ``--sweep``."""
CLICKED = 200
"""MB that are on their way while somebody clicks."""
GAP = 300
"""Ms between an answer and the next click."""
REST = 4.0
"""Seconds after which an app counts as unused: before, nbblocks leaves room for clicks."""

LOST = """() => {
  window.lost = 0;
  window.jupyterapp.shell.currentWidget.sessionContext.connectionStatusChanged.connect((_, status) => {
    if (status !== "connected") window.lost++;
  });
}"""


class Lost(Exception):
    """A file did not arrive."""


class Watch:
    """Memory and CPU time of kernel, Jupyter server and Chromium, looked at from outside."""

    def __init__(self, kernel: int, server: int, browser: int) -> None:
        self._parts = {"kernel": [kernel], "server": [server], "browser": [browser]}
        self._browser = browser
        self._live = False

    def _processes(self) -> dict[str, list[psutil.Process]]:
        found = {name: [psutil.Process(pid) for pid in pids] for name, pids in self._parts.items()}
        found["browser"] += found["browser"][0].children(recursive=True)
        return found

    def _memory(self) -> dict[str, int]:
        return {name: sum(map(_rss, processes)) for name, processes in self._now.items()}

    def _cpu(self) -> dict[str, float]:
        return {name: sum(map(_cpu, processes)) for name, processes in self._now.items()}

    def start(self) -> None:
        """Begin."""
        self._now = self._processes()
        self._before, self._used = self._memory(), self._cpu()
        self._peak = dict(self._before)
        self._live = True
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while self._live:
            for name, size in self._memory().items():
                self._peak[name] = max(self._peak[name], size)
            time.sleep(0.02)

    def stop(self) -> tuple[dict[str, float], dict[str, float]]:
        """MB that each grew at its peak, and ms of CPU time."""
        self._live = False
        self._thread.join()
        growth = {name: (self._peak[name] - self._before[name]) / MB for name in self._peak}
        return growth, {name: (used - self._used[name]) * 1000 for name, used in self._cpu().items()}


def _rss(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return process.memory_info().rss
    return 0


def _cpu(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.Error):
        return sum(process.cpu_times()[:2])
    return 0.0


class Files:
    """Random files of so many MB, and their SHA-1."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        self._hashes: dict[Path, str] = {}

    def get(self, size: int) -> Path:
        """The path of one."""
        path = self._folder / f"{size}.bin"
        if not path.exists():
            noise = random.Random(size)
            with path.open("wb") as file:
                for _ in range(size):
                    file.write(noise.randbytes(MB))
        return path

    def sha1(self, path: Path) -> str:
        """SHA-1 in hex."""
        if path not in self._hashes:
            with path.open("rb") as file:
                self._hashes[path] = _sha1(iter(lambda: file.read(MB), b""))
        return self._hashes[path]


def _sha1(blocks: Iterator[bytes]) -> str:
    digest = hashlib.sha1()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()


class Stand:
    """One toolkit's notebook, open with its app shown."""

    def __init__(self, name: str, jupyter: Jupyter, browser: Browser, files: Files, sizes: list[int]) -> None:
        self.name, self.app, self.files = name, APPS[name], files
        self._jupyter = jupyter
        self._note = jupyter.work / f"{name}.note"
        paths = {size: str(files.get(size)) for size in sizes} if self.app.downloads else {}
        setup = SETUP.format(root=str(ROOT), note=str(self._note), files=paths)
        self._notebook = jupyter.write([setup + self.app.imports, self.app.cell], hide_code=True)
        self.tab = browser.new_tab(SCRIPT)
        self.book = Notebook(jupyter, self.tab, self._notebook)  # pyright: ignore[reportArgumentType]
        self.book.open()
        self.book.run_cell(0, 60)
        self.book.run_cell(1, 120)
        self.frame = self._find()
        self.tab.evaluate(LOST)
        kernel = int(self.book.kernel("os.getpid()"))
        self.watch = Watch(kernel, jupyter.server.pid, browser.process.pid)
        self.used = time.monotonic()

    def _find(self) -> int:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            for frame in self.tab.frames:
                with contextlib.suppress(RuntimeError):  # it may be just loading
                    if self.tab.evaluate("() => Boolean(window.bench?.here())", frame=frame):
                        return frame
            time.sleep(0.1)
        raise WrongAnswer("the app did not appear")

    def in_app(self, function: str, arg: Any = None, timeout: float = 60) -> Any:
        """What a function gives in the app's frame."""
        return self.tab.evaluate(function, arg, timeout, self.frame)

    def rest(self) -> None:
        """Wait until it has not been used for a while."""
        time.sleep(max(0.0, self.used + REST - time.monotonic()))

    def upload(self, size: int, during: Callable[[], None] = lambda: None) -> float:
        """Upload a file; seconds until the handler had it.

        :raises Lost: if it did not come
        """
        self._note.unlink(missing_ok=True)
        path = self.files.get(size)
        if self.name == "bare":
            self.in_app(
                "(options) => Object.assign(bareChannel.wanted, { upload: options, last: null })", UPLOAD
            )
        elif self.name == "ipywidgets":
            self.book.kernel("up.value = ()")  # or the same file would be no change
        start = self.tab.choose(path, "() => bench.press('up')", frame=self.frame)
        end, looked = time.monotonic() + 20 + size / 2, time.monotonic()
        while not self._note.exists():
            time.sleep(0.002)
            if time.monotonic() - looked < 0.25:
                continue
            looked = time.monotonic()
            during()
            if self.tab.evaluate("() => window.lost"):
                raise Lost("the connection to the kernel broke")
            if looked > end:
                raise Lost(f"nothing came in {end - looked + 20 + size / 2:.0f} s")
        return json.loads(self._note.read_text()) - start

    def check(self, size: int) -> None:
        """Compare what came last.

        :raises WrongAnswer: if it is another content
        """
        path = self.files.get(size)
        if self.name == "bare":
            if size > CLICKED:
                return  # it is kept nowhere; the smaller ones tell
            self.tab.wait_for_function("() => Boolean(bareChannel.wanted.last)", frame=self.frame)
            self.in_app("(options) => bareChannel.upload(options)", {**UPLOAD, "check": True}, 120)
            found = self.book.kernel("print(channel.last['sha1'])")
        else:
            found = self.book.kernel("print(sha1())")
        if found != self.files.sha1(path):
            raise WrongAnswer(f"the handler got another file of {size} MB")

    def download(self, size: int) -> float:
        """Download a file and compare it; seconds until the browser had it.

        :raises WrongAnswer: if it is another content
        """
        part = f"down{size}"
        if self.name == "bare":
            part = "down"
            options = {**DOWNLOAD, "size": size * MB}
            self.in_app("(options) => { bareChannel.wanted.download = options; }", options)
        path, start, at = self.tab.download("(part) => bench.press(part)", part, self.frame, 60 + size)
        with path.open("rb") as file:
            found = _sha1(iter(lambda: file.read(MB), b""))
        path.unlink()
        if found != self._expected(size):
            raise WrongAnswer(f"the browser got another file of {size} MB")
        return at - start

    def _expected(self, size: int) -> str:
        if self.name != "bare":
            return self.files.sha1(self.files.get(size))
        chunk = int(DOWNLOAD["chunk"])
        block = random.Random(1).randbytes(chunk)
        return _sha1(block[: size * MB - start] for start in range(0, size * MB, chunk))

    def close(self) -> None:
        """Close the tab and end the kernel."""
        self.tab.close()
        self._jupyter.end_kernels(self._notebook)


def transfer(stand: Stand, way: str, size: int) -> Figures:
    """One file, up or down."""
    heap = before = stand.tab.heap()

    def look() -> None:
        nonlocal heap
        heap = max(heap, stand.tab.heap())

    stand.rest()
    stand.watch.start()
    try:
        seconds = stand.upload(size, look) if way == "upload" else stand.download(size)
    finally:
        growth, cpu = stand.watch.stop()
        stand.used = time.monotonic()
    look()
    if way == "upload":
        stand.check(size)
    label = f"{way} {size} MB"
    figures = {f"{label}, MB/s": size / seconds}
    if size >= 25:
        figures |= {f"{label}, CPU ms/MB of {part}": used / size for part, used in cpu.items()}
        figures |= {f"{label}, MB that {part} grew": grown for part, grown in growth.items()}
        figures[f"{label}, MB that the page's JS heap grew"] = heap - before
    return figures


def clicking(stand: Stand, way: str, size: int) -> Figures:
    """Clicks while a file is on its way, beside clicks at rest."""
    stand.in_app("(gap) => bench.clicks(3, gap)", GAP)
    idle = stand.in_app("(gap) => bench.clicks(12, gap)", GAP)
    stand.in_app("(gap) => bench.start(gap)", GAP)
    seconds = stand.upload(size) if way == "upload" else stand.download(size)
    times = stand.in_app("() => bench.stop()")
    stand.used = time.monotonic()
    label = f"click during {way} of {size} MB"
    return {
        "click at rest, ms": median(idle),
        f"{label}, ms": median(times),
        f"{label}, ms at worst": max(times),
        f"{label}, times the one at rest": median(times) / median(idle),
        f"{way} of {size} MB while clicked, MB/s": size / seconds,
    }


def measure(stands: list[Stand], ways: list[str], sizes: list[int], clicked: int, rounds: int) -> Samples:
    """All sizes, the toolkits in turns; one that fails is told of, and left out for larger sizes."""
    samples: Samples = {stand.name: [] for stand in stands}
    failed: set[tuple[str, str]] = set()
    tasks = [(transfer, way, size) for size in sizes for way in ways]
    tasks += [(clicking, way, clicked) for way in ways] if clicked else []
    for stand in stands:  # what is loaded at first use is in no measurement
        for way in ways:
            _try(samples, failed, stand, lambda s, way, size: transfer(s, way, size) and {}, way, sizes[0])
    for task, way, size in tasks:
        for turn in range(rounds if size <= CLICKED else max(1, rounds // 2)):
            shift = turn % len(stands)
            for stand in stands[shift:] + stands[:shift]:
                _try(samples, failed, stand, task, way, size)
    return samples


def _try(
    samples: Samples,
    failed: set[tuple[str, str]],
    stand: Stand,
    task: Callable[[Stand, str, int], Figures],
    way: str,
    size: int,
) -> None:
    if (stand.name, way) in failed or (way == "download" and not stand.app.downloads):
        return
    try:
        stand.tab.send("Page.bringToFront")
        figures = task(stand, way, size)
    except (Lost, WrongAnswer, RuntimeError) as error:
        failed.add((stand.name, way))
        print(f"{stand.name}: {way} of {size} MB failed: {error}", file=sys.stderr, flush=True)
        return
    samples[stand.name].append(figures)
    shown = ", ".join(f"{row} {number:.4g}" for row, number in list(figures.items())[:3])
    print(f"{stand.name}: {shown or 'warm'}", file=sys.stderr, flush=True)


def sweep(stand: Stand, size: int, rounds: int) -> Samples:
    """The bare channel with chunks and windows of many sizes, in random order; medians by setting."""
    settings = [(chunk << 10, window) for chunk in (256, 512, 1024, 2048, 4096) for window in (2, 4, 8, 16)]
    samples: Samples = {"up": [], "down": []}
    stand.upload(size)  # the page has the file now
    for turn in range(rounds):
        random.Random(turn).shuffle(settings)
        for chunk, window in settings:
            row = f"{chunk >> 10:5} kB, window {window:2}, MB/s"
            up = {**UPLOAD, "chunk": chunk, "window": window}
            took = stand.in_app("(options) => bareChannel.upload(options)", up, 300)["ms"]
            samples["up"].append({row: size * 1000 / took})
            down = {**DOWNLOAD, "chunk": chunk, "window": window, "every": max(1, window // 2)}
            took = stand.in_app(
                "(options) => bareChannel.download(options)", {**down, "size": size * MB}, 300
            )
            samples["down"].append({row: size * 1000 / took["ms"]})
    return samples


def wanted(rows: dict[str, dict[str, float]], sizes: list[int], clicked: int) -> Iterator[str]:
    """What is asked of nbblocks, and whether it is so."""

    def line(name: str, number: float | None, good: Callable[[float], bool], target: str) -> Iterator[str]:
        if number is not None:
            yield f"{'ok  ' if good(number) else 'MISS'} {name}: {number:.2f}, wanted {target}"

    largest = max(sizes)
    for way in ("upload", "download"):
        grown = rows.get(f"{way} {largest} MB, MB that kernel grew", {}).get("nbblocks")
        yield from line(f"kernel's growth at {way} of {largest} MB", grown, lambda n: n < 64, "< 64 MB")
        for size in sizes:
            speeds = rows.get(f"{way} {size} MB, MB/s", {})
            if "nbblocks" not in speeds:
                continue
            if size >= CLICKED and "bare" in speeds:
                ratio = speeds["nbblocks"] / speeds["bare"]
                yield from line(f"{way} of {size} MB, times bare", ratio, lambda n: n >= 0.8, ">= 0.8")
            if "gradio" in speeds:
                yield f"     {way} of {size} MB, times gradio: {speeds['nbblocks'] / speeds['gradio']:.2f}"
        times = rows.get(f"click during {way} of {clicked} MB, times the one at rest", {}).get("nbblocks")
        yield from line(f"click during {way}, times the one at rest", times, lambda n: n < 3, "< 3")


def main() -> None:
    """Read the command line, measure, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1,9,25,200,1000", help="in MB; default: %(default)s")
    parser.add_argument("--toolkits", default=",".join(APPS), help="the first is set beside the others")
    parser.add_argument("--ways", default="upload,download", help="default: %(default)s")
    parser.add_argument("--rounds", type=int, default=3, help="half as many for large files; default: 3")
    parser.add_argument("--clicked", type=int, default=CLICKED, help="MB under way during clicks; 0: none")
    parser.add_argument("--sweep", action="store_true", help="the bare channel alone, at many settings")
    parser.add_argument("--json", type=Path, help="write every sample to this file")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    toolkits = ["bare"] if options.sweep else options.toolkits.split(",")
    with contextlib.ExitStack() as stack:
        jupyter = Jupyter()
        stack.callback(jupyter.close)
        browser = Browser()
        stack.callback(browser.close)
        files = Files(jupyter.work / "files")
        offered = sorted({*sizes, options.clicked or sizes[0]})
        stands: list[Stand] = []
        for name in toolkits:
            stands.append(Stand(name, jupyter, browser, files, offered))
            stack.callback(stands[-1].close)
        if options.sweep:
            samples, toolkits = sweep(stands[0], 64, options.rounds), ["up", "down"]
        else:
            ways = options.ways.split(",")
            samples = measure(stands, ways, sizes, options.clicked, options.rounds)
    if options.json:
        options.json.write_text(json.dumps(samples, indent=1))
    rows = medians(samples)
    print(table(dict(sorted(rows.items())) if options.sweep else rows, toolkits))
    if not options.sweep:
        print("\n".join(["", *wanted(rows, sizes, options.clicked)]))


if __name__ == "__main__":
    main()
