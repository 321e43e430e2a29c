"""What has to become of State: a model of sessions, their values, and who is told of the end of which."""

from __future__ import annotations

import heapq
import itertools
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

LONGEST = 0.375
"""Seconds that a callback takes at most."""

Kind = Literal["plain", "coroutine", "generator"]
Gift = Literal["new", "none", "same", "skip"]


@dataclass(frozen=True)
class StatePlan:
    """A State: of a value, a function or one that fails; ``callback`` names what its callback does."""

    value: Literal["plain", "callable", "failing"]
    ttl: float | None
    callback: str


@dataclass(frozen=True)
class RunPlan:
    """What a handler does: which States it takes and gives, in so many steps of so many seconds."""

    kind: Kind
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    gifts: tuple[Gift, ...]
    seconds: float
    steps: int
    mutates: bool
    fails: bool


@dataclass(frozen=True)
class Plan:
    """An app: its States, how long work waits for a thread, and what its sessions live by."""

    states: tuple[StatePlan, ...]
    delay: float
    grace: float
    capacity: int


@dataclass(eq=False)
class Token:
    """One value: an object that is not known before it has been seen, or None."""

    name: Any
    notes: list[int] = field(default_factory=list[int])
    obj: Any = None
    session: int = -1
    """The session that it belongs to, -1 before it has been in one."""

    @property
    def is_none(self) -> bool:
        return self.name is None


@dataclass
class Holding:
    token: Token
    written: float


@dataclass
class Removal:
    """A value that was taken out: its callback comes between ``at`` and ``until``, once."""

    state: int
    token: Token
    at: float
    until: float
    called: bool = False


@dataclass(eq=False)
class Visit:
    """A run."""

    number: int
    plan: RunPlan
    session: Room
    seconds: float
    given: dict[int, Token] = field(default_factory=dict[int, Token])
    cancelled: bool = False


@dataclass(eq=False)
class Room:
    """A session."""

    number: int
    page: bool
    opened: bool = False
    closed: bool = False
    unwatched_since: float | None = None
    held: dict[int, Holding] = field(default_factory=dict[int, Holding])
    runs: list[Visit] = field(default_factory=list[Visit])


class Witness(Protocol):
    """Tells what a cancelled run has still done: it need not do anything, and may go on to its end."""

    def has_made(self, run: int, state: int) -> bool:
        """Whether an initial value was made for it."""
        ...

    def was_called(self, run: int) -> bool:
        """Whether its function was called."""
        ...


class Lives:
    """The model. Acts come at times of their own, `advance` lets happen what is due before."""

    def __init__(self, plan: Plan, witness: Witness) -> None:
        self.plan, self.witness = plan, witness
        self.now = 0.0
        self.rooms: list[Room] = []
        self.removals: list[Removal] = []
        self.seen: list[tuple[float, int, dict[int, Token]]] = []
        """What handlers were given: when, which run, which value of which State."""
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._open: OrderedDict[Room, None] = OrderedDict()
        self._sweeping = False

    # -- time

    def advance(self, to: float) -> None:
        """Let happen what is due until then."""
        while self._due and self._due[0][0] <= to:
            self.now, _, act = heapq.heappop(self._due)
            act()
        self.now = to

    def _at(self, seconds: float, act: Callable[[], None]) -> None:
        if seconds:
            heapq.heappush(self._due, (self.now + seconds, next(self._order), act))
        else:
            act()

    # -- sessions

    def begin(self, *, page: bool, watched: bool) -> None:
        """A session that nobody has used yet."""
        self.rooms.append(Room(len(self.rooms), page, unwatched_since=None if watched else self.now))

    def load(self, number: int) -> None:
        """The first view of a page's session is up."""
        room = self.rooms[number]
        room.opened = True
        self._use(room)
        functions = [n for n, one in enumerate(self.plan.states) if one.value != "plain"]

        def make() -> None:
            for state in functions:
                if not room.closed:
                    self._get(room, state)

        self._at(self.plan.delay, make)

    def look(self, number: int, watched: bool) -> None:
        """Somebody looks at a session, or nobody any more."""
        room = self.rooms[number]
        if watched is not (room.unwatched_since is None):
            room.unwatched_since = None if watched else self.now

    def close(self, number: int) -> None:
        """Close a session."""
        self._close(self.rooms[number])

    def cancel(self, number: int) -> None:
        """Cancel all runs of a session."""
        for visit in self.rooms[number].runs:
            visit.cancelled = True
        self.rooms[number].runs.clear()

    def _use(self, room: Room) -> None:
        if room in self._open:
            self._open.move_to_end(room)
            return
        self._open[room] = None
        if not self._sweeping:
            self._sweeping = True
            self._at(1.0, self._sweep)
        excess = len(self._open) - self.plan.capacity
        for evicted in [one for one in self._open if not one.page and one is not room][: max(0, excess)]:
            self._close(evicted)

    def _close(self, room: Room) -> None:
        if room.closed:
            return
        room.closed = True
        self.cancel(room.number)
        self._open.pop(room, None)
        self._remove(room, list(room.held))

    def _sweep(self) -> None:
        for room in list(self._open):
            since = room.unwatched_since
            if room.opened and since is not None and self.now - since > self.plan.grace:
                self._close(room)
                continue
            in_use = {state for visit in room.runs for state in (*visit.plan.inputs, *visit.plan.outputs)}
            gone = [state for state in room.held if self._has_lived(room, state) and state not in in_use]
            self._remove(room, gone)
        self._sweeping = bool(self._open)
        if self._sweeping:
            self._at(1.0, self._sweep)

    def _has_lived(self, room: Room, state: int) -> bool:
        ttl = self.plan.states[state].ttl
        return ttl is not None and self.now - room.held[state].written > ttl

    def _remove(self, room: Room, states: list[int]) -> None:
        until = self.now + len(states) * (self.plan.delay + LONGEST)
        for state in states:
            self.removals.append(Removal(state, room.held.pop(state).token, self.now, until))

    # -- values

    def _get(self, room: Room, state: int) -> Token:
        if state in room.held:
            return room.held[state].token
        failing = self.plan.states[state].value == "failing"
        token = Token(None if failing else ("initial", state), session=room.number)
        if room.closed:  # nobody is going to come for it
            self.removals.append(Removal(state, token, self.now, self.now + self.plan.delay + LONGEST))
        else:
            room.held[state] = Holding(token, self.now)
        return token

    def _set(self, room: Room, state: int, token: Token) -> None:
        token.session = room.number
        room.held[state] = Holding(token, self.now)

    # -- runs

    def run(self, number: int, session: int, plan: RunPlan, seconds: float) -> None:
        """A handler is called; each piece of its work waits for a thread, and takes so many seconds."""
        room = self.rooms[session]
        if room.closed:
            return
        visit = Visit(number, plan, room, seconds)
        self._use(room)
        room.runs.append(visit)
        delay = self.plan.delay
        if plan.kind == "plain":
            self._at(delay, lambda: self._plain(visit))
        elif plan.kind == "coroutine":
            self._at(delay if plan.inputs else 0.0, lambda: self._coroutine(visit))
        else:
            self._at(delay, lambda: self._generator(visit))

    def _read(self, visit: Visit) -> None:
        for state in visit.plan.inputs:
            there = state in visit.session.held
            if there or not visit.cancelled or self.witness.has_made(visit.number, state):
                visit.given[state] = self._get(visit.session, state)

    def _call(self, visit: Visit) -> bool:
        called = not visit.cancelled or self.witness.was_called(visit.number)
        if called:
            self.seen.append((self.now, visit.number, dict(visit.given)))
        return called

    def _mutate(self, visit: Visit) -> None:
        if visit.plan.mutates:
            for token in visit.given.values():
                if not token.is_none:
                    token.notes.append(visit.number)

    def _gifts(self, visit: Visit, step: int) -> dict[int, Token]:
        found: dict[int, Token] = {}
        for state, gift in zip(visit.plan.outputs, visit.plan.gifts, strict=True):
            if gift == "new":
                found[state] = Token(("written", visit.number, step, state))
            elif gift == "none":
                found[state] = Token(None)
            elif gift == "same" and state in visit.given:
                found[state] = visit.given[state]
        return found

    def _deliver(self, visit: Visit, gifts: dict[int, Token]) -> None:
        if not visit.cancelled:
            for state, token in gifts.items():
                self._set(visit.session, state, token)

    def _end(self, visit: Visit) -> None:
        if visit in visit.session.runs:
            visit.session.runs.remove(visit)

    def _plain(self, visit: Visit) -> None:
        self._read(visit)
        if self._call(visit):
            self._mutate(visit)
        gifts = {} if visit.plan.fails else self._gifts(visit, 0)

        def end() -> None:
            self._deliver(visit, gifts)
            self._end(visit)

        self._at(visit.seconds, end)

    def _coroutine(self, visit: Visit) -> None:
        self._read(visit)
        if self._call(visit):
            self._mutate(visit)

        def end() -> None:
            self._deliver(visit, self._gifts(visit, 0))
            self._end(visit)

        def finish() -> None:
            if visit.plan.fails or visit.cancelled:
                self._end(visit)
            else:
                self._at(self.plan.delay if visit.plan.outputs else 0.0, end)

        self._at(visit.seconds, finish)

    def _generator(self, visit: Visit) -> None:
        self._read(visit)
        steps = itertools.count()

        def close() -> None:
            self._at(self.plan.delay, lambda: self._end(visit))

        def body() -> None:
            step = next(steps)
            if (step == 0 and not self._call(visit)) or step == visit.plan.steps:
                close()
                return
            self._mutate(visit)
            gifts = self._gifts(visit, step)

            def shown() -> None:
                self._deliver(visit, gifts)
                go_on()

            self._at(visit.seconds, shown)

        def go_on() -> None:
            if visit.cancelled:
                close()
            else:
                self._at(self.plan.delay, body)

        go_on()
