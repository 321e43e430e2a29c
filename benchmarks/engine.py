"""The event engine without pages: throughput beside Gradio's queue, overhead, deep queues, memory.

A round measures every figure once, nbblocks and what it is set beside in turns; the table shows the medians
of the rounds. Compare the ratios of one run, never the times of two. Needs the ``bench`` extra: ``make
bench-engine`` sees to it.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import gc
import json
import multiprocessing
import sys
import threading
from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

import anyio
import anyio.abc

import nbblocks
from nbblocks.bridge.portal import portal

T = TypeVar("T")
PATIENCE = 600
"""Seconds until a measurement that gets no answer is given up."""
SHALLOW = 10
"""Waiting runs of the queue that a deep one is set beside."""
BLOCK = 100
"""Runs that are timed together in a full queue, since several may end at once."""
TURNS = 4
"""How often the short and the long queue take turns within a round."""


@dataclass
class Figure:
    """A line of the table: a number, what it is set beside, and what it should be."""

    name: str
    number: float
    target: str = ""
    beside: float | None = None
    rival: str = ""


@dataclass
class App:
    """A running app with one listener, ``/run``, of which one run goes at a time."""

    client: nbblocks.Client
    listener: Any

    def submit(self, values: Sequence[Any], watcher: Ends) -> None:
        """Hand a run to the scheduler: on its loop."""
        self.client.app.host.scheduler.submit(self.client.session, self.listener, values, watcher)


@contextlib.contextmanager
def running(fn: Callable[..., Any], *, boxes: bool = True) -> Generator[App]:
    """An app around ``fn``, which takes and gives a text; without ``boxes`` it takes and gives nothing."""
    with nbblocks.Blocks() as demo:
        text, answer = nbblocks.Textbox(), nbblocks.Textbox()
        inputs, outputs = (text, answer) if boxes else (None, None)
        nbblocks.Button().click(fn, inputs, outputs, api_name="run", concurrency_limit=1)
    try:
        with nbblocks.Client(demo) as client:
            client.predict(*(["x"] if boxes else []), api_name="/run")
            yield App(client, next(iter(demo.fns.values())))
    finally:
        demo.close(verbose=False)


class Ends:
    """A watcher that calls ``then`` when a run has ended, and keeps the first error.

    :param then: called on the scheduler's loop
    """

    def __init__(self, then: Callable[[], object]) -> None:
        self._then = then
        self._failed: BaseException | None = None

    def step(self, deliveries: object) -> None:
        """Look away."""

    status = message = step

    def ended(self, outcome: str, error: BaseException | None) -> None:
        """Call ``then``."""
        self._failed = self._failed or error
        self._then()

    def check(self) -> None:
        """Raise what a run has raised."""
        if self._failed is not None:
            raise self._failed


def on_loop(measure: Callable[[], Awaitable[T]]) -> T:
    """What ``measure`` gives, as a task of the scheduler's loop."""
    found: list[T] = []

    async def task(*, task_status: anyio.abc.TaskStatus[None]) -> None:
        with anyio.fail_after(PATIENCE):
            found.append(await measure())
        task_status.started()

    portal.start(task)
    return found[0]


def plain(text: str) -> str:
    """Give back ``text``: in a worker thread."""
    return text


async def coroutine(text: str) -> str:
    """Give back ``text``: on the scheduler's loop."""
    return text


async def nothing() -> None:
    """Take and give nothing."""


# -- throughput: a number of runs handed over at once


def through_client(runs: int) -> float:
    """Runs a second, from the first ``submit`` of a Client to the last result."""
    with running(plain) as app:
        start = perf_counter()
        for job in [app.client.submit("x", api_name="/run") for _ in range(runs)]:
            job.result(timeout=PATIENCE)
        return runs / (perf_counter() - start)


def through_scheduler(runs: int) -> float:
    """The same without the Client's own cost."""
    left, done = runs, threading.Event()

    def count() -> None:
        nonlocal left
        left -= 1
        if not left:
            done.set()

    with running(plain) as app:
        ends = Ends(count)
        start = perf_counter()
        for _ in range(runs):
            portal.hand(app.submit, ["x"], ends)
        if not done.wait(PATIENCE):
            raise TimeoutError(f"{left} of {runs} runs have not ended")
        took = perf_counter() - start
        ends.check()
        return runs / took


def throughput(runs: int, rival: Callable[[], float] | None) -> Iterator[Figure]:
    """Runs a second of a trivial function."""
    client = through_client(runs)
    beside = rival() if rival else None
    direct = through_scheduler(runs)
    target = "at least 5000, ratio at least 10"
    yield Figure("runs a second, by the Client", client, target, beside, "Gradio's queue, by its client")
    yield Figure("runs a second, straight to the scheduler", direct, "", client, "by the Client")


# -- overhead: one run after the other


def sequential(runs: int, fn: Callable[..., Awaitable[Any]], values: list[Any]) -> tuple[float, float]:
    """Median microseconds of a run of ``fn``, from ``submit`` to ``ended``, and of a mere call."""
    at = 0.0
    ended = anyio.Event()

    def note() -> None:
        nonlocal at
        at = perf_counter()
        ended.set()

    async def measure() -> tuple[float, float]:
        nonlocal ended
        took: list[float] = []
        for _ in range(runs):
            ended = anyio.Event()
            start = perf_counter()
            app.submit(values, ends)
            await ended.wait()
            took.append(at - start)
        mere: list[float] = []
        for _ in range(runs):
            start = perf_counter()
            await fn(*values)
            mere.append(perf_counter() - start)
        return median(took) * 1e6, median(mere) * 1e6

    ends = Ends(note)
    with running(fn, boxes=bool(values)) as app:
        found = on_loop(measure)
    ends.check()
    return found


def overhead(runs: int, _: object) -> Iterator[Figure]:
    """What the engine adds to the call of a coroutine function."""
    for name, fn, values in (("nothing", nothing, []), ("a Textbox", coroutine, ["x"])):
        run, mere = sequential(runs, fn, values)
        yield Figure(f"overhead of a coroutine, {name} in and out, us", run - mere, "under 100")


# -- queues: a new run for each that ends

filled = threading.Event()
"""Whether the queue is as long as it should be; until then its first run takes its time."""
filled.set()


def patient(text: str) -> str:
    """Give back ``text``, once the queue is filled."""
    if not filled.is_set():
        filled.wait(PATIENCE)
    return text


async def patient_coroutine(text: str) -> str:
    """Give back ``text``, once the queue is filled."""
    while not filled.is_set():  # noqa: ASYNC110 - for a moment, and plain functions wait for it too
        await anyio.sleep(0.001)
    return text


def waiting(runs: int, depth: int, fn: Callable[..., Any]) -> list[float]:
    """Microseconds of a run while ``depth`` others wait: of each block of runs, its mean."""
    times: list[float] = []
    left, done = runs, anyio.Event()

    def feed() -> None:
        nonlocal left
        if not left:  # the rest is cancelled
            return
        left -= 1
        if left % BLOCK == 0:
            times.append(perf_counter())
        if left:
            app.submit(["x"], ends)
        else:
            done.set()

    async def measure() -> None:
        filled.clear()
        for _ in range(depth + 1):
            app.submit(["x"], ends)
        filled.set()
        await done.wait()

    ends = Ends(feed)
    with running(fn) as app:
        on_loop(measure)
    ends.check()
    return [(later - sooner) / BLOCK * 1e6 for sooner, later in zip(times, times[1:], strict=False)]


def queues(runs: int, _: object) -> Iterator[Figure]:
    """What a run costs in a long queue."""
    for name, fn in (("plain", patient), ("coroutine", patient_coroutine)):
        shallow: list[float] = []
        deep: list[float] = []
        for _turn in range(TURNS):
            shallow += waiting(runs // TURNS, SHALLOW, fn)
            deep += waiting(runs // TURNS, runs, fn)
        told = f"{name} function, {runs} waiting, us a run"
        yield Figure(told, median(deep), "ratio under 1.5", median(shallow), f"{SHALLOW} waiting")


# -- memory


def grown(runs: int) -> float:
    """Megabytes by which a fresh process grew between ``runs / 10`` and ``10 * runs`` runs of one session."""
    import psutil

    process = psutil.Process()

    def run(app: App, number: int) -> int:
        for _ in range(number // BLOCK):
            for job in [app.client.submit("x", api_name="/run") for _ in range(BLOCK)]:
                job.result(timeout=PATIENCE)
        gc.collect()
        return process.memory_info().rss

    with running(plain) as app:
        before = run(app, max(BLOCK, runs // 10))
        return (run(app, runs * 10 - runs // 10) - before) / 1e6


def memory(runs: int, _: object) -> Iterator[Figure]:
    """Whether runs leave something behind."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
        megabytes = fresh.submit(grown, runs).result()
    yield Figure(f"growth from {runs // 10} to {runs * 10} runs, MB", megabytes, "at most 20")


CASES: dict[str, Callable[[int, Callable[[], float] | None], Iterable[Figure]]] = {
    "throughput": throughput,
    "overhead": overhead,
    "queues": queues,
    "memory": memory,
}


# -- the table


def table(samples: Iterable[Figure]) -> str:
    """A Markdown table: medians, and how many times the number beside it a number is."""
    rows: dict[str, list[Figure]] = {}
    for figure in samples:
        rows.setdefault(figure.name, []).append(figure)
    lines = [["figure", "median", "beside", "ratio", "target"], ["---", "---:", "---", "---:", "---"]]
    for name, figures in rows.items():
        number = median(figure.number for figure in figures)
        others = [figure.beside for figure in figures if figure.beside is not None]
        beside = median(others) if others else None
        lines.append(
            [
                name,
                f"{number:.4g}",
                f"{figures[0].rival}: {beside:.4g}" if beside is not None else "-",
                f"{number / beside:.3g}" if beside else "-",
                figures[0].target or "-",
            ]
        )
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Read the command line, measure, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=10_000, help="at least 1000, default: %(default)s")
    parser.add_argument("--rounds", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--only", default=",".join(CASES), help="default: %(default)s")
    parser.add_argument("--json", type=Path, help="write every sample to this file")
    parser.add_argument("--no-gradio", action="store_true", help="set throughput beside nothing")
    options = parser.parse_args()
    samples: list[Figure] = []
    with contextlib.ExitStack() as stack:
        rival = None
        if not options.no_gradio and "throughput" in options.only:
            from benchmarks import gradio_queue

            client = stack.enter_context(gradio_queue.running())
            few = options.runs // 20  # it takes its time
            rival = functools.partial(gradio_queue.throughput, client, few)
        for turn in range(options.rounds):
            for case in options.only.split(","):
                for figure in CASES[case](options.runs, rival):
                    samples.append(figure)
                    told = f"round {turn + 1} of {options.rounds}, {figure.name}: {figure.number:.4g}"
                    print(told, file=sys.stderr, flush=True)
    if options.json:
        options.json.write_text(json.dumps([vars(figure) for figure in samples], indent=1))
    print(table(samples))


if __name__ == "__main__":
    main()
