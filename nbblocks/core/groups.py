"""A concurrency group: its waiting runs, its slots, and how long its runs take."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

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


@dataclass(eq=False)
class Group:
    """Listeners that share a limit. A slot is held until the function has really ended (EV-230)."""

    limit: int | None
    waiting: deque[Run] = field(default_factory=deque["Run"])
    running: list[list[Run]] = field(default_factory=list["list[Run]"])
    """The runs of each slot that is taken; more than one is a batch."""

    @property
    def has_room(self) -> bool:
        """Whether a slot is free."""
        return self.limit is None or len(self.running) < self.limit

    def take(self) -> list[Run]:
        """The first waiting run, with those that join its batch (EV-253)."""
        first = self.waiting.popleft()
        if not first.listener.batch:
            return [first]
        batch = [first]
        passed: deque[Run] = deque()
        while self.waiting and len(batch) < first.listener.max_batch_size:
            run = self.waiting.popleft()
            (batch if run.listener is first.listener else passed).append(run)
        self.waiting.extendleft(reversed(passed))
        return batch

    def etas(self, means: dict[Listener, Mean], now: float) -> Iterator[float | None]:
        """Seconds until each waiting run is done, in order; None where a mean is unknown (EV-325)."""
        free: float | None = 0.0
        if not self.has_room:
            ends = [_end_of(slot, means, now) for slot in self.running]
            known = [end for end in ends if end is not None]
            free = min(known) if len(known) == len(ends) and known else None
        before: float | None = free
        for run in self.waiting:
            mean = means[run.listener].value if run.listener in means else None
            yield None if before is None or mean is None else before + mean
            if before is not None and self.limit is not None:
                before = None if mean is None else before + mean / self.limit


def _end_of(slot: list[Run], means: dict[Listener, Mean], now: float) -> float | None:
    run = slot[0]
    mean = means[run.listener].value if run.listener in means else None
    if mean is None or run.started is None:
        return None
    return max(0.0, run.started + mean - now)
