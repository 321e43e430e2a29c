"""A concurrency group: its waiting runs, its slots, and how long its runs take."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .listeners import Listener
from .runs import Run


@dataclass
class Mean:
    """Mean run time of a listener's completed runs, in seconds."""

    total: float = 0.0
    count: int = 0

    def add(self, seconds: float) -> None:
        """Count one completed run."""
        self.total += seconds
        self.count += 1

    @property
    def value(self) -> float | None:
        """The mean, None before the first run has completed."""
        return self.total / self.count if self.count else None


Means = Mapping[Listener, Mean]


@dataclass(eq=False)
class Slot:
    """A taken place of a group: its run, or the runs of a batch."""

    runs: list[Run]


@dataclass(eq=False)
class Group:
    """Listeners that share a limit. A slot is held until the function has really ended (EV-230).

    Taking a run out, whichever, costs the same however many wait.
    """

    key: Any
    limit: int | None
    slots: list[Slot] = field(default_factory=list["Slot"])
    waiting: OrderedDict[Run, None] = field(default_factory=OrderedDict["Run", None])
    """In the order of acceptance (EV-227)."""
    waiting_of: dict[Listener, OrderedDict[Run, None]] = field(
        default_factory=dict["Listener", "OrderedDict[Run, None]"]
    )
    """The same runs by listener, each in order."""

    @property
    def has_room(self) -> bool:
        """Whether a slot is free."""
        return self.limit is None or len(self.slots) < self.limit

    @property
    def idle(self) -> bool:
        """Whether nothing runs or waits."""
        return not self.slots and not self.waiting

    def add(self, run: Run) -> None:
        """Let a run wait."""
        run.waits_in = self
        self.waiting[run] = None
        self.waiting_of.setdefault(run.listener, OrderedDict())[run] = None

    def discard(self, run: Run) -> None:
        """Take a run out, if it waits."""
        if run in self.waiting:
            run.waits_in = None
            del self.waiting[run]
            own = self.waiting_of[run.listener]
            del own[run]
            if not own:
                del self.waiting_of[run.listener]

    def take(self) -> list[Run]:
        """The first waiting run, with those that join its batch (EV-253)."""
        first = next(iter(self.waiting))
        listener = first.listener
        taken = [first]
        if listener.batch:
            for run, _ in zip(self.waiting_of[listener], range(listener.max_batch_size), strict=False):
                if run is not first:
                    taken.append(run)
        for run in taken:
            self.discard(run)
        return taken

    # -- how long it takes (EV-325)

    def until_free(self, means: Means, now: float) -> float | None:
        """Seconds until a slot is free; None if a mean is unknown."""
        if self.has_room:
            return 0.0
        ends = [_end_of(slot.runs[0], means, now) for slot in self.slots]
        known = [end for end in ends if end is not None]
        return min(known) if known and len(known) == len(ends) else None

    def etas(self, means: Means, now: float) -> Iterator[float | None]:
        """Seconds until each waiting run is done, in order; None where a mean is unknown."""
        before = self.until_free(means, now)
        for run in self.waiting:
            mean = mean_of(run.listener, means)
            yield None if before is None or mean is None else before + mean
            if before is not None and self.limit is not None:
                before = None if mean is None else before + mean / self.limit

    def last_eta(self, means: Means, now: float) -> float | None:
        """What `etas` ends with, without going through all that wait."""
        eta = self.until_free(means, now)
        last = next(reversed(self.waiting))
        for listener, runs in self.waiting_of.items():
            mean = mean_of(listener, means)
            if eta is None or mean is None:
                return None
            own = listener is last.listener
            if self.limit is not None:
                eta += (len(runs) - own) * mean / self.limit
            if own:
                eta += mean
        return eta


def mean_of(listener: Listener, means: Means) -> float | None:
    """Mean run time of a listener in seconds, None if no run of it has completed."""
    mean = means.get(listener)
    return None if mean is None else mean.value


def _end_of(run: Run, means: Means, now: float) -> float | None:
    mean = mean_of(run.listener, means)
    if mean is None or run.started is None:
        return None
    return max(0.0, run.started + mean - now)
