"""Lets tqdm's bars report to the run that they are made in (EV-97).

tqdm's class is hooked once, for good; when a bar is made, the context variable `tracked` tells whether it
reports and where. All others do what they always did.

A tracked bar moves on the page and not in the log, where each of its refreshes would be one more piece of
text. What remains of it in a terminal, its last line with times and rates, is written there when it ends.
"""

from __future__ import annotations

import functools
import importlib
import sys
import threading
import weakref
from collections.abc import Generator
from typing import Any

from .context import current_run
from .progress import Levels, Unit, tracked

NOWHERE = 1 << 20
"""A line that no terminal has: tqdm draws no bar there, and counts none of the lines above as taken."""
SHOWN = "_nbblocks_shown"
"""Attribute of a tracked bar."""
POSITION = 17
"""Place of ``position`` among tqdm's parameters."""
FILE = 4
"""Place of ``file``."""
_lock = threading.Lock()
_hooked = False


def hook() -> None:
    """Hook tqdm's class, unless that is done or tqdm is not installed. Any thread."""
    global _hooked
    if _hooked:
        return
    try:
        cls = importlib.import_module("tqdm").tqdm
    except ImportError:
        return
    with _lock:
        if not _hooked:
            _hook(cls)
            _hooked = True


class Shown(Unit):
    """A tracked bar as a progress unit, read when it is reported."""

    def __init__(self, levels: Levels, bar: Any, *, silent: bool) -> None:
        self.levels, self.silent = levels, silent
        self.outermost = not len(levels)
        self._bar = weakref.ref(bar)  # a bar that is dropped closes itself
        self.read(bar)

    def read(self, bar: Any) -> None:
        """Take over where the bar stands."""
        self.index, self.length, self.progress = bar.n, bar.total, None
        self.unit = "steps" if bar.unit == "it" else bar.unit  # tqdm's default and ours
        said = str(bar.desc or "").removesuffix(": ")
        self.desc = (f"{said} ({bar.postfix})" if said else str(bar.postfix)) if bar.postfix else said or None

    def record(self) -> dict[str, Any]:
        """As `Unit`."""
        bar = self._bar()
        if bar is not None:
            self.read(bar)
        return super().record()


def _hook(cls: Any) -> None:
    stock_init, stock_iter = cls.__init__, cls.__iter__
    stock_update, stock_refresh, stock_close = cls.update, cls.refresh, cls.close

    @functools.wraps(stock_init)
    def init(bar: Any, *args: Any, **given: Any) -> None:
        levels = tracked.get()
        # A run that was started by a tracked handler has inherited its context.
        if levels is None or levels.run is not current_run.get():
            stock_init(bar, *args, **given)
            return
        silent = _writes_to_log(args, given)
        if silent:
            given["position"] = NOWHERE
        stock_init(bar, *args, **given)
        if bar.disable:
            return
        drawn = _is_widget(bar)
        if drawn:
            bar.status_printer = _nothing
        shown = Shown(levels, bar, silent=silent or drawn)
        setattr(bar, SHOWN, shown)
        levels.open(shown)

    @functools.wraps(stock_iter)
    def iterate(bar: Any) -> Any:
        return _steps(bar) if SHOWN in bar.__dict__ else stock_iter(bar)

    @functools.wraps(stock_update)
    def update(bar: Any, n: Any = 1) -> Any:
        drawn = stock_update(bar, n)
        shown = bar.__dict__.get(SHOWN)
        if shown is not None and not drawn:  # drawing it has reported it
            shown.levels.moved()
        return drawn

    @functools.wraps(stock_refresh)
    def refresh(bar: Any, *args: Any, **given: Any) -> Any:
        shown = bar.__dict__.get(SHOWN)
        if shown is not None:
            shown.levels.moved()
        return stock_refresh(bar, *args, **given)

    @functools.wraps(stock_close)
    def close(bar: Any) -> None:
        shown: Shown | None = bar.__dict__.pop(SHOWN, None)
        if shown is None:
            stock_close(bar)
            return
        shown.read(bar)
        leave = shown.outermost if bar.leave is None else bar.leave
        if shown.silent:
            bar.sp = None
        stock_close(bar)
        if shown.silent and leave and _was_due(bar):
            bar.fp.write(_last_line(bar))
        ended_early = shown.length is not None and shown.index < shown.length
        shown.levels.close(shown, stays=leave and not ended_early)

    cls.__init__, cls.__iter__ = init, iterate
    cls.update, cls.refresh, cls.close = update, refresh, close


def _steps(bar: Any) -> Generator[Any]:
    """Iterate over a tracked bar; tqdm's own loop tells of its position only when it draws."""
    try:
        for item in bar.iterable:
            yield item
            bar.update()
    finally:
        bar.close()


def _writes_to_log(args: tuple[Any, ...], given: dict[str, Any]) -> bool:
    if given.get("gui") or len(args) > POSITION:
        return False
    file = args[FILE] if len(args) > FILE else given.get("file")
    return file is None or file is sys.stderr or file is sys.stdout


def _was_due(bar: Any) -> bool:
    """Whether tqdm would have shown it, given its ``delay``."""
    return bar.last_print_t >= bar.start_t + getattr(bar, "delay", 0)


def _last_line(bar: Any) -> str:
    """What tqdm leaves of a bar: its end, and the mean rate."""
    return bar.format_meter(**{**bar.format_dict, "rate": None, "ncols": None}) + "\n"


# -- tqdm.notebook: the bar is on the page already, so that it makes no widgets


def _is_widget(bar: Any) -> bool:
    notebook = sys.modules.get("tqdm.notebook")
    return notebook is not None and isinstance(bar, notebook.tqdm_notebook)


class _Nothing:
    """Stands in for the widgets of a notebook bar: takes all that is set, displays nothing."""

    def __init__(self, parts: int = 0) -> None:
        self.children = [_Nothing() for _ in range(parts)]
        self.bar_style = self.value = ""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        made = _Nothing()
        setattr(self, name, made)
        return made

    def __call__(self, *_: Any) -> None:
        """Do nothing: ``close`` is called."""

    def _ipython_display_(self) -> None:
        """Display nothing."""


def _nothing(*_: Any, **__: Any) -> _Nothing:
    return _Nothing(3)
