"""The queue as it should be: runs, and the groups in which they wait and take slots."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nbblocks.core.announcing import LEAST_PAUSE

from .plans import UNREADABLE, Part, Plan


@dataclass
class Seen:
    """One record of the log; ``data`` is a status record or what else there is to know."""

    what: str
    now: float
    session: int = -1
    run: int = -1
    part: int = -1
    data: Any = None


@dataclass(eq=False)
class Run:
    """A run as it should be."""

    part: int
    facts: Part
    session: int
    values: tuple[Any, ...]
    origin: str | None = None
    watched: bool = False
    id: int | None = None
    """What the scheduler calls it, known from its first record."""
    place: int | None = None
    placed: float = 0.0
    """When it was told its place."""
    started: float | None = None
    outcome: str | None = None
    calls: int = 0
    open: int = 0
    """Calls that have not ended."""
    stays: bool = False
    failed: bool = False
    left: float | None = None
    """When the last call ended."""
    window: set[Any] = field(default_factory=set)
    """The values that its inputs have had since the last call."""
    made: list[tuple[int, bool]] = field(default_factory=list)
    """The steps that its function has made, and whether they bring values."""
    late: int = 0
    """Steps made after its end."""
    told: int = 0
    """Steps of which a status has told."""
    delivered: list[int] = field(default_factory=list)

    @property
    def busy(self) -> bool:
        """Whether it holds its slot for sure."""
        return self.started is not None and (self.outcome is None or self.open > 0)

    @property
    def readable(self) -> bool:
        """Whether its function is called; a repetition has had other values meanwhile."""
        return UNREADABLE not in (self.values if self.facts.every is None else self.window)


@dataclass(eq=False)
class Group:
    """Listeners that share a limit."""

    limit: int | None
    waiting: list[Run] = field(default_factory=list)
    slots: list[list[Run]] = field(default_factory=list)
    """Taken for sure, or perhaps: of a cancelled run it is not known when its last piece of work ends."""
    moved: bool = False
    """Whether places have changed since a run was started, which nobody needs to be told."""
    told_by: float = 0.0
    """Until when the places that the latest start has changed must have been told."""

    @property
    def busy(self) -> int:
        """Slots that are taken for sure."""
        return sum(any(run.busy for run in slot) for slot in self.slots)


class Groups:
    """The groups of an app, and the mean run times of its listeners."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._groups: dict[Any, Group] = {}
        self._took: dict[int, list[float]] = {}

    def __iter__(self) -> Any:
        return iter(self._groups.values())

    @property
    def waiting(self) -> int:
        return sum(len(group.waiting) for group in self)

    def of(self, run: Run) -> Group:
        """EV-223, EV-224."""
        key = self._key(run.part)
        if key not in self._groups:
            limits = [
                None if one.every is not None and one.limit == "default" else one.limit
                for number, one in enumerate(self._plan.parts)
                if self._key(number) == key
            ]
            explicit = [limit for limit in limits if isinstance(limit, int)]
            default = self._plan.default_limit if "default" in limits else None
            self._groups[key] = Group(min(explicit) if explicit else default)
        return self._groups[key]

    def _key(self, part: int) -> Any:
        facts = self._plan.parts[part]
        if facts.group is not None:
            return facts.group
        return part if facts.function_of is None else facts.function_of

    # -- records of the queue

    def place(self, run: Run, seen: Seen) -> None:
        """EV-322: where a run waits, how many do, and how long it will take."""
        group = self.of(run)
        assert run in group.waiting, f"{run} does not wait"
        told = (seen.data.position, seen.data.size)
        assert told == (group.waiting.index(run), len(group.waiting)), f"{told} was told of {group.waiting}"
        run.place, run.placed = seen.data.position, seen.now
        self._check_eta(run, group, seen)

    def start(self, run: Run, seen: Seen) -> list[Run]:
        """EV-227, EV-253: the first that waits, and with a batch those that are returned, which join it."""
        group = self.of(run)
        assert group.waiting and group.waiting[0] is run, f"first comes another: {group.waiting[:1]}"
        slot = [run]
        if run.facts.batch:
            slot += [one for one in group.waiting[1:] if one.part == run.part][: run.facts.size - 1]
        group.waiting = [one for one in group.waiting if one not in slot]
        group.slots.append(slot)
        group.moved = False
        group.told_by = seen.now + (0 if len(group.waiting) <= self._plan.at_once else 2 * LEAST_PAUSE)
        self.started(run, seen)
        return slot[1:]

    def started(self, run: Run, seen: Seen) -> None:
        group, told = self.of(run), (seen.data.position, seen.data.size)
        assert told == (0, len(group.waiting)), f"{told} was told, {len(group.waiting)} wait"
        mean = self._mean(run.part)
        assert seen.data.eta == mean, f"the mean is {mean}"
        run.started = seen.now
        self.check_limit(group)

    def called(self, runs: list[Run]) -> None:
        """A function is called for the runs of one slot, ready ones all (EV-250, EV-253, EV-257)."""
        group = self.of(runs[0])
        slot = next((one for one in group.slots if runs[0] in one), None)
        assert slot is not None, f"the slot of {runs} was given back"
        if runs[0].facts.batch:
            owed = [run for run in slot if run in runs or (run.outcome is None and run.readable)]
            assert runs == owed, f"{owed} belong together"
        self.check_limit(group)

    def discard(self, run: Run) -> None:
        group = self.of(run)
        if run in group.waiting:
            group.waiting.remove(run)
            group.moved = True

    def check_limit(self, group: Group) -> None:
        """EV-224, EV-230: only as many functions are busy as may be, cancelled ones included."""
        assert group.limit is None or group.busy <= group.limit, f"more than {group.limit}: {group.slots}"

    def check_idle(self, beginning: int, now: float) -> None:
        """No group has a free slot and a waiting run (EV-227), and places are known (EV-231).

        :param beginning: pieces of work that have not begun; nobody knows for which runs
        """
        for group in self:
            sure = group.busy
            if not beginning:
                group.slots = [slot for slot in group.slots if any(run.busy for run in slot)]
            if group.waiting:
                perhaps = min(beginning, len(group.slots) - sure)
                assert group.limit is not None and sure + perhaps >= group.limit, f"{group.waiting} starve"
            if self._plan.rate != "auto":
                late = [run for run in group.waiting if run.placed < now - self._plan.rate]
                assert not late, f"{late} have not been told for {self._plan.rate} s"
            elif not group.moved and now >= group.told_by:
                places = [run.place for run in group.waiting]
                assert places == list(range(len(places))), f"{group.waiting} were told {places}"

    # -- how long it takes (EV-325)

    def completed(self, run: Run, now: float) -> None:
        assert run.started is not None
        self._took.setdefault(run.part, []).append(now - run.started)

    def _mean(self, part: int) -> float | None:
        took = self._took.get(part)
        return sum(took) / len(took) if took else None

    def _check_eta(self, run: Run, group: Group, seen: Seen) -> None:
        if group.limit is not None and group.busy < group.limit <= len(group.slots):
            return  # nobody knows whether a slot is free
        known: list[float | None] = [self._mean(run.part)]
        if group.limit is not None:
            before = group.waiting[: group.waiting.index(run)]
            means = [self._mean(one.part) for one in before]
            known += [None if mean is None else mean / group.limit for mean in means]
            if group.busy >= group.limit:
                busy = [one for slot in group.slots for one in slot[:1] if any(each.busy for each in slot)]
                ends = [self._until(one, seen.now) for one in busy]
                known.append(None if None in ends else min(end for end in ends if end is not None))
        wanted = None if None in known else sum(one for one in known if one is not None)
        told = seen.data.eta
        fits = told is None if wanted is None else told is not None and abs(told - wanted) < 1e-6
        assert fits, f"it will be {wanted} s"

    def _until(self, run: Run, now: float) -> float | None:
        mean = self._mean(run.part)
        return None if mean is None or run.started is None else max(0.0, run.started + mean - now)
