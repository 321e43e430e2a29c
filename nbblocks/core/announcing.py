"""Tells waiting runs their place and eta: whenever a run of their group starts, or every so many seconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import anyio

from .groups import Group, Means

AT_ONCE = 50
"""So many waiting runs are told at once when one starts; longer queues are told as often as they can bear."""
SHARE = 20
"""Telling a long queue takes at most one part in so many of the scheduler's time."""
LEAST_PAUSE = 0.1
"""Seconds, at least, between two tellings of a long queue."""


class Announcer:
    """Sends the position updates of EV-231. On the scheduler's loop.

    :param groups: the groups as they are now
    :param clock: seconds, monotonic
    """

    def __init__(self, groups: Callable[[], list[Group]], means: Means, clock: Callable[[], float]) -> None:
        self._groups, self._means, self._clock = groups, means, clock
        self.rate: float | Literal["auto"] = "auto"
        self._late: set[Group] = set()
        """Groups with a long queue of which runs have started since it was told."""
        self._something = anyio.Event()

    def waits(self) -> None:
        """A run waits."""
        if self.rate != "auto":
            self._something.set()

    def started(self, group: Group) -> None:
        """A run of ``group`` has started and others wait."""
        if self.rate == "auto" and len(group.waiting) <= AT_ONCE:
            self._late.discard(group)
            self._tell(group)
            return
        if self.rate == "auto":
            self._late.add(group)
        self._something.set()

    async def serve(self) -> None:
        """Tell long queues, and all of them where a rate is set, until cancelled."""
        self._something = anyio.Event()  # of the loop that it is served on
        if any(group.waiting for group in self._groups()):
            self._something.set()
        while True:
            await self._something.wait()
            self._something = anyio.Event()
            if self.rate != "auto":
                await anyio.sleep(self.rate)
            began = self._clock()
            groups = self._due()
            for group in groups:
                if group.waiting:
                    self._tell(group)
            if self.rate == "auto":
                await anyio.sleep(max(LEAST_PAUSE, SHARE * (self._clock() - began)))
            elif any(group.waiting for group in self._groups()):
                self._something.set()

    def _due(self) -> list[Group]:
        if self.rate != "auto":
            return self._groups()
        late, self._late = list(self._late), set[Group]()
        return late

    def _tell(self, group: Group) -> None:
        size = len(group.waiting)
        etas = group.etas(self._means, self._clock())
        # Sending a record runs no code of the user's, so the queue does not change meanwhile.
        for position, (run, eta) in enumerate(zip(group.waiting, etas, strict=True)):
            run.status("pending", position=position, size=size, eta=eta)
