"""The queue: accepted runs wait in the groups of their listeners until a slot is free."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from .announcing import Announcer
from .errors import QueueFullError
from .graph import Graph, group_key
from .groups import Group, Means, Slot
from .listeners import Listener
from .runs import Run
from .tasks import Tasks


class Queue:
    """The waiting and running runs of one app. On the scheduler's loop.

    :param means: mean run times of listeners
    :param clock: seconds, monotonic
    :param carry_out: carries out the runs of one slot to their real end
    """

    def __init__(
        self,
        graph: Graph,
        means: Means,
        clock: Callable[[], float],
        carry_out: Callable[[Sequence[Run]], Coroutine[Any, Any, None]],
    ) -> None:
        self._graph, self._means, self._clock, self._carry_out = graph, means, clock, carry_out
        self._groups: dict[Any, Group] = {}
        self.announcer = Announcer(lambda: list(self._groups.values()), means, clock)
        self.tasks: Tasks | None = None
        """Where slots are carried out; None while the scheduler does not serve."""

    @property
    def waiting(self) -> int:
        """Number of runs that have not started."""
        return sum(len(group.waiting) for group in self._groups.values())

    def accept(self, run: Run) -> None:
        """Let a run wait for its turn; one of a listener with ``queue=False`` starts at once (EV-221).

        :raises QueueFullError: if ``max_size`` runs wait already (EV-229)
        """
        if self.tasks is None:
            raise QueueFullError("The app was closed.")
        if not run.listener.queue:
            self._begin([run], 0)
            self.tasks.start(self._carry_out, [run])
            return
        limit = self._graph.settings.max_size
        if limit is not None and (size := self.waiting) >= limit:
            raise QueueFullError(f"Queue is full. Max size is {limit} and size is {size}.")
        group = self._group(run.listener)
        group.add(run)
        size = len(group.waiting)
        eta = group.last_eta(self._means, self._clock())
        run.status("pending", position=size - 1, size=size, eta=eta)
        self._fill(group)
        if group.waiting:
            self.announcer.rate = self._graph.settings.status_update_rate
            self.announcer.waits()

    def waits_behind(self, run: Run) -> bool:
        """Whether some run waits for the slots of the one that ``run`` has."""
        group = self._groups.get(group_key(run.listener))
        return group is not None and bool(group.waiting)

    def forget(self) -> None:
        """Nothing waits and nothing runs any more."""
        for group in self._groups.values():
            for run in list(group.waiting):
                group.discard(run)
        self._groups.clear()

    def discard(self, run: Run) -> None:
        """Take a run out, if it waits."""
        if (group := run.waits_in) is not None:
            group.discard(run)
            self._forget_idle(group)

    def _group(self, listener: Listener) -> Group:
        key = group_key(listener)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(key, None)
        group.limit = self._graph.limit_of(listener)
        return group

    def _fill(self, group: Group) -> None:
        """Start what may start, each slot in a task of its own."""
        started = False
        while group.waiting and group.has_room and self.tasks is not None:
            started = True
            slot = Slot([])
            group.slots.append(slot)
            self._next(group, slot)
            self.tasks.start(self._occupy, group, slot)
        if started:
            self._announce(group)
        self._forget_idle(group)

    def _next(self, group: Group, slot: Slot) -> None:
        slot.runs = group.take()
        self._begin(slot.runs, len(group.waiting))

    async def _occupy(self, group: Group, slot: Slot) -> None:
        """Carry out a slot's runs, and the next ones as long as there are any."""
        try:
            while True:
                runs = slot.runs
                await self._carry_out(runs)
                function = runs[0].listener.function
                # What a coroutine has set in its context must not reach the next run: that gets a new task.
                on_loop = function is not None and function.on_loop
                if on_loop or not group.waiting or len(group.slots) > (group.limit or len(group.slots)):
                    return
                self._next(group, slot)
                self._announce(group)
        finally:
            slot.runs = []  # who keeps an exception of the user's code keeps this frame
            group.slots.remove(slot)
            self._fill(group)

    def _begin(self, runs: Sequence[Run], size: int) -> None:
        now = self._clock()
        for run in runs:
            run.started = now
            mean = self._means.get(run.listener)
            run.status("pending", position=0, size=size, eta=mean and mean.value, time=0.0)

    def _announce(self, group: Group) -> None:
        if group.waiting:
            self.announcer.rate = self._graph.settings.status_update_rate
            self.announcer.started(group)

    def _forget_idle(self, group: Group) -> None:
        if group.idle:
            self._groups.pop(group.key, None)
