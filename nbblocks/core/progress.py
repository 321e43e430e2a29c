"""Progress reports of a running handler."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from .context import current_run

T = TypeVar("T")


@dataclass
class Unit:
    """One progress bar: done ``index`` of ``length`` (None if unknown), or ``progress`` in 0..1."""

    index: int | float | None = None
    length: int | float | None = None
    unit: str = "steps"
    progress: float | None = None
    desc: str | None = None

    def record(self) -> dict[str, Any]:
        """The form that a status record carries (EV-98)."""
        return {
            "index": self.index,
            "length": self.length,
            "unit": self.unit,
            "progress": self.progress,
            "desc": self.desc,
        }


class Progress:
    """Let a handler report how far it is: give a parameter this default value (EV-96).

    ``progress(0.5, desc="half")``, ``progress((3, 10))``, ``for x in progress.tqdm(items): ...``.
    Outside a run it does nothing, and ``tqdm`` yields the items unchanged.

    :param track_tqdm: let ``tqdm.tqdm`` loops in this run report too
    """

    def __init__(self, track_tqdm: bool = False) -> None:
        self.track_tqdm = track_tqdm
        self._units: list[Unit] = []

    def fresh(self) -> Progress:
        """One with the same settings and nothing reported: each run has its own."""
        return Progress(self.track_tqdm)

    def __call__(
        self,
        progress: float | tuple[int | float, int | float | None] | None,
        desc: str | None = None,
        total: int | float | None = None,
        unit: str = "steps",
        _tqdm: Any = None,
    ) -> float | tuple[int | float, int | float | None] | None:
        """Report ``progress``: a float in 0..1, a pair (done, total or None), or None to hide the bar."""
        if progress is None:
            self._report([])
        elif isinstance(progress, tuple):
            done, whole = progress
            self._report([*self._units, Unit(done, total if whole is None else whole, unit, None, desc)])
        else:
            self._report([*self._units, Unit(None, total, unit, progress, desc)])
        return progress

    def tqdm(
        self,
        iterable: Iterable[T] | None,
        desc: str | None = None,
        total: int | float | None = None,
        unit: str = "steps",
        _tqdm: Any = None,
    ) -> Iterator[T]:
        """Yield the items and report before each; nested calls report one unit per level."""
        if iterable is None:
            return
        if current_run.get() is None:
            yield from iterable
            return
        length = total
        if length is None and hasattr(iterable, "__len__"):
            length = len(iterable)  # pyright: ignore[reportArgumentType]
        level = Unit(0, length, unit, None, desc)
        self._units.append(level)
        try:
            for index, item in enumerate(iterable):
                level.index = index
                self._report(self._units)
                yield item
            level.index = length if length is not None else level.index
            self._report(self._units)
        finally:
            self._units.remove(level)

    def __len__(self) -> int:
        return len(self._units)

    def __bool__(self) -> bool:
        return True

    def _report(self, units: list[Unit]) -> None:
        run = current_run.get()
        if run is not None:
            run.report([unit.record() for unit in units])
