"""Threads and processes that a handler starts: what they put out is the handler's.

A thread of its own belongs to the run that has started it, for as long as it lives. One of a pool serves
many: each job belongs to the run that has handed it in. A process writes into a pipe that is read here.
Nothing is known of threads that C code has made, nor of processes made by other means than `subprocess`: see
`output.the_only_one`. What a process forked off prints in Python, as in a pool of processes, goes to a cell.
"""

from __future__ import annotations

import codecs
import concurrent.futures
import functools
import inspect
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

from . import output, streams
from .patches import Patches

POOL = ("apply_async", "map", "map_async", "starmap", "starmap_async", "imap", "imap_unordered")
"""Methods of a pool of `multiprocessing` that take a function first."""
OWN = "nbblocks-"
"""How names of the library's own threads begin: they serve all runs."""
_patches = Patches()


def route() -> None:
    """Put it in place."""
    _patches.wrap(threading.Thread, "start", _start)
    _patches.wrap(concurrent.futures.ThreadPoolExecutor, "submit", _handing_in)
    _patches.wrap(concurrent.futures.Future, "add_done_callback", _handing_in)
    _patches.wrap(subprocess.Popen, "__init__", _popen)
    output.before_code = _route_pools


def unroute() -> None:
    """Put back what was there."""
    output.before_code = None
    _patches.undo()


def _route_pools() -> None:
    """Route the pools of `multiprocessing` once they are loaded: it takes a while, and few use them."""
    pool = getattr(sys.modules.get("multiprocessing.pool"), "ThreadPool", None)
    if pool is not None:
        output.before_code = None
        for name in POOL:
            _patches.wrap(pool, name, _handing_in)


def _start(stock: Callable[[threading.Thread], None]) -> Callable[[threading.Thread], None]:
    def start(self: threading.Thread) -> None:
        target = output.here()
        if target is None or self.name.startswith(OWN):
            stock(self)
            return
        own, run = vars(self).get("run"), self.run

        def put_back() -> None:
            if own is None:
                vars(self).pop("run", None)
            else:
                self.run = own

        def run_there() -> None:
            put_back()
            output.writing_to.set(target)  # to its end: the hook for its exceptions prints too
            run()

        self.run = run_there
        try:
            stock(self)
        except BaseException:
            put_back()
            raise

    return start


def _handing_in(stock: Callable[..., Any]) -> Callable[..., Any]:
    def hand_in(self: Any, /, *args: Any, **given: Any) -> Any:
        if args and callable(args[0]):
            args = (_bound(args[0]), *args[1:])
        elif callable(given.get("func")):
            given["func"] = _bound(given["func"])
        return stock(self, *args, **given)

    return hand_in


def _bound(fn: Callable[..., Any]) -> Callable[..., Any]:
    """``fn``, with its output where that of the calling code goes, in a run or outside of runs."""
    target = output.writing_to.get()

    def call(*args: Any, **given: Any) -> Any:
        token = output.writing_to.set(target)
        try:
            return fn(*args, **given)
        finally:
            output.writing_to.reset(token)

    return functools.update_wrapper(call, fn, updated=())


def _popen(stock: Callable[..., None]) -> Callable[..., None]:
    signature = inspect.signature(stock)

    def __init__(self: Any, *args: Any, **given: Any) -> None:
        target = output.here()
        if target is None:
            stock(self, *args, **given)
            return
        try:
            found = signature.bind(self, *args, **given)
        except TypeError:
            stock(self, *args, **given)  # it says what is wrong
            return
        pipes: list[tuple[str, int, int]] = []
        for number, name in ((1, "stdout"), (2, "stderr")):
            wanted = found.arguments.get(name)
            if wanted is None or wanted == number or streams.is_standard(wanted):
                pipes.append((name, *os.pipe()))
                found.arguments[name] = pipes[-1][2]
        try:
            stock(*found.args, **found.kwargs)
        except BaseException:
            for _, reading, _ in pipes:
                os.close(reading)
            raise
        finally:
            for _, _, writing in pipes:
                os.close(writing)
        for name, reading, _ in pipes:
            reader = threading.Thread(
                target=_read, args=(target, name, reading), name=f"{OWN}pipe", daemon=True
            )
            reader.start()

    return __init__


def _read(target: output.Target, name: str, pipe: int) -> None:
    """Take what a process writes, until all that hold the other end have closed it."""
    output.writing_to.set(target)
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    with open(pipe, "rb", buffering=0) as source:
        while given := source.read(65536):
            streams.now(name).write(decoder.decode(given))
