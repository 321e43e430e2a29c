"""Progress reports of a running handler."""

from __future__ import annotations

import math
import operator
import threading
import time
import weakref
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .context import current_run

if TYPE_CHECKING:
    from .runs import Run

T = TypeVar("T")

BURST = 200.0
"""So many reports of a run go out at once, so that short loops show each step."""
RATE = 100.0
"""Reports a second of a tight loop: each costs some 20 µs, while a page paints 30 a second."""
PATIENCE = 0.05
"""Seconds until a position that was too much for RATE is reported nevertheless (EV-98)."""


@dataclass(eq=False)
class Unit:
    """One progress bar: done ``index`` of ``length`` (None if unknown), or ``progress`` in 0..1."""

    index: Any = None
    length: Any = None
    unit: str = "steps"
    progress: Any = None
    desc: str | None = None

    def record(self) -> dict[str, Any]:
        """The form that a status record carries (EV-98)."""
        return {
            "index": _number(self.index),
            "length": _number(self.length),
            "unit": self.unit,
            "progress": _number(self.progress),
            "desc": None if self.desc is None else str(self.desc),
        }


def _number(value: Any) -> int | float | None:
    """A number that JSON can hold, of numpy's or anybody's; None for infinity and the like."""
    if value is None:
        return None
    try:
        return int(operator.index(value))
    except TypeError:
        number = float(value)
        return number if math.isfinite(number) else None


class Levels:
    """The bars that a run has open, the outermost first, and their way to the page. Any thread."""

    def __init__(self, run: Run) -> None:
        self._run = weakref.ref(run)
        self._lock = threading.RLock()
        self._units: list[Unit] = []
        self._passing: Unit | None = None
        """Shown below the open ones until something else is reported."""
        self._credit, self._since = BURST, time.monotonic()
        self._late = False
        self._told: list[dict[str, Any]] = []
        self._timer: threading.Timer | None = None

    def __len__(self) -> int:
        return len(self._units)

    @property
    def run(self) -> Run | None:
        """The run they belong to, if it is still there."""
        return self._run()

    @property
    def innermost(self) -> Unit | None:
        """The bar that was opened last."""
        with self._lock:
            return self._units[-1] if self._units else None

    def open(self, unit: Unit) -> None:
        """Add a bar below the others and report it."""
        with self._lock:
            self._units.append(unit)
            self.moved()

    def moved(self, passing: Unit | None = None) -> None:
        """Report where the bars are, with ``passing`` below them: at once, or soon if there is much of it."""
        with self._lock:
            self._passing = passing
            now = time.monotonic()
            self._credit = min(BURST, self._credit + (now - self._since) * RATE)
            self._since = now
            if self._credit >= 1:
                self._credit -= 1
                self._send()
                return
            self._late = True
            if self._timer is None:
                self._catch_up_soon()

    def close(self, unit: Unit, *, stays: bool) -> None:
        """Take a bar away; with ``stays`` it is shown as it is now until something else is reported."""
        with self._lock:
            if unit in self._units:
                self._units.remove(unit)
                self._passing = unit if stays else None
                if self._late or self._records() != self._told:
                    self._send()

    def hide(self) -> None:
        """Show no bar until the next report."""
        with self._lock:
            self._tell([])

    def flush(self) -> None:
        """Report now what was to be reported soon."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._late:
                self._send()

    def _catch_up_soon(self) -> None:
        self._timer = threading.Timer(PATIENCE, self._catch_up)
        self._timer.name, self._timer.daemon = "nbblocks-progress", True
        try:
            self._timer.start()
        except RuntimeError:  # no threads here, as in Pyodide
            self.flush()

    def _catch_up(self) -> None:
        with self._lock:
            if self._timer is threading.current_thread():
                self.flush()

    def _records(self) -> list[dict[str, Any]]:
        passing = () if self._passing is None else (self._passing,)
        return [unit.record() for unit in (*self._units, *passing)]

    def _send(self) -> None:
        self._tell(self._records())

    def _tell(self, records: list[dict[str, Any]]) -> None:
        # Under the lock, so that an older report never follows a newer one.
        self._late, self._told = False, records
        run = self.run
        if run is not None:
            run.report(records)


tracked: ContextVar[Levels | None] = ContextVar("nbblocks_tracked", default=None)
"""Where tqdm's bars report in the code at hand; see `Progress.tracking`."""
_of_runs: weakref.WeakKeyDictionary[Run, Levels] = weakref.WeakKeyDictionary()
_lock = threading.RLock()


def levels_here() -> Levels | None:
    """The levels of the run at hand, None outside of runs."""
    run = current_run.get()
    if run is None:
        return None
    with _lock:
        found = _of_runs.get(run)
        if found is None:
            found = _of_runs[run] = Levels(run)
        return found


class Loop(Generic[T]):
    """What `Progress.tqdm` returns: iterate over it, or move it by hand with ``update`` and ``close`` it."""

    def __init__(self, levels: Levels | None, iterable: Iterable[T] | None, unit: Unit) -> None:
        self._levels, self._unit = levels, unit
        # The generator must not know the loop: it ends, and takes its bar away, when the loop is dropped.
        self._steps: Iterator[T] = iter(()) if iterable is None else _steps(levels, iterable, unit)
        if iterable is None and levels is not None:
            levels.open(unit)

    def __iter__(self) -> Iterator[T]:
        return self._steps

    def __next__(self) -> T:
        return next(self._steps)

    def __len__(self) -> int:
        if self._unit.length is None:
            raise TypeError("the length of this progress.tqdm is unknown: give it total=")
        return self._unit.length

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> Loop[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def update(self, n: int | float = 1) -> None:
        """Count ``n`` more as done."""
        _advance(self._levels, self._unit, n)

    def close(self) -> None:
        """Take the bar away."""
        if self._levels is not None:
            self._levels.close(self._unit, stays=_complete(self._unit))


def _steps(levels: Levels | None, iterable: Iterable[T], unit: Unit) -> Generator[T]:
    if levels is None:
        yield from iterable
        return
    levels.open(unit)
    try:
        for item in iterable:
            yield item
            _advance(levels, unit, 1)
    finally:
        levels.close(unit, stays=_complete(unit))


def _advance(levels: Levels | None, unit: Unit | None, n: int | float) -> None:
    if levels is not None and unit is not None:
        unit.index = (unit.index or 0) + n
        levels.moved()


def _complete(unit: Unit) -> bool:
    return unit.length is None or unit.index >= unit.length


def _length_of(iterable: Any) -> int | None:
    try:
        return len(iterable)
    except (TypeError, AttributeError):
        return None


class Progress:
    """Let a handler report how far it is: give a parameter this default value (EV-96).

    ``progress(0.5, desc="half")``, ``progress((3, 10))``, ``for x in progress.tqdm(items): ...``.
    Outside a run it does nothing, and ``tqdm`` yields the items unchanged.

    :param track_tqdm: let ``tqdm.tqdm`` loops in this run report too
    """

    def __init__(self, track_tqdm: bool = False) -> None:
        self.track_tqdm = track_tqdm
        self._levels: Levels | None = None

    def fresh(self) -> Progress:
        """One with the same settings for the run at hand, which threads without its context may use too."""
        made = Progress(self.track_tqdm)
        made._levels = levels_here()
        return made

    @contextmanager
    def tracking(self) -> Generator[None]:
        """Within it, tqdm's bars report to the run at hand if ``track_tqdm`` is set (EV-97).

        To be entered around each piece of the run's user code, where `current_run` is known. What the code
        has reported is sent when it leaves, so that no report comes after the run's end.
        """
        levels = levels_here()
        if levels is None:
            yield
            return
        if self.track_tqdm:
            from .tqdm_bars import hook

            hook()
        token = tracked.set(levels if self.track_tqdm else tracked.get())
        try:
            yield
        finally:
            tracked.reset(token)
            levels.flush()

    def __call__(
        self,
        progress: float | tuple[int | float, int | float | None] | None,
        desc: str | None = None,
        total: int | float | None = None,
        unit: str = "steps",
        _tqdm: Any = None,
    ) -> float | tuple[int | float, int | float | None] | None:
        """Report ``progress``: a float in 0..1, a pair (done, total or None), or None to hide the bars.

        ``total`` stands in for the total that a pair leaves open.
        """
        levels = self._here()
        if levels is None:
            return progress
        if progress is None:
            levels.hide()
        elif isinstance(progress, tuple):
            done, whole = progress
            whole = total if whole is None else whole
            levels.moved(Unit(_number(done), _number(whole), unit, None, desc))
        else:
            levels.moved(Unit(None, _number(total), unit, _number(progress), desc))
        return progress

    def tqdm(
        self,
        iterable: Iterable[T] | None,
        desc: str | None = None,
        total: int | float | None = None,
        unit: str = "steps",
        _tqdm: Any = None,
    ) -> Loop[T]:
        """Yield the items and report before each; nested calls report one unit per level.

        Without an iterable it is a bar to be moved by hand: ``update`` and ``close`` it.

        :param total: number of steps, the iterable's length unless given
        """
        length = _length_of(iterable) if total is None else total
        return Loop(self._here(), iterable, Unit(0, length, unit, None, desc))

    def update(self, n: int | float = 1) -> None:
        """Count ``n`` more as done in the innermost bar."""
        levels = self._here()
        if levels is not None:
            _advance(levels, levels.innermost, n)

    def close(self, _tqdm: Any = None) -> None:
        """Take the innermost bar away."""
        levels = self._here()
        unit = levels.innermost if levels is not None else None
        if levels is not None and unit is not None:
            levels.close(unit, stays=_complete(unit))

    def __len__(self) -> int:
        levels = self._here()
        return 0 if levels is None else len(levels)

    def __bool__(self) -> bool:
        return True

    def _here(self) -> Levels | None:
        return levels_here() if self._levels is None else self._levels
