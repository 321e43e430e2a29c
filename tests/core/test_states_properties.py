"""Random histories of sessions and their State, in simulated time, beside a model of what has to happen."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblocks.core import states
from nbblocks.core.context import current_run
from nbblocks.core.graph import Graph, building
from nbblocks.core.listeners import Listener
from nbblocks.core.scheduler import Scheduler
from nbblocks.core.sessions import Session
from nbblocks.core.states import Kept
from nbblocks.core.updates import skip

from .lives import LONGEST, Kind, Lives, Plan, Removal, RunPlan, StatePlan, Token
from .nodes import Box, Memory
from .simulation import AsyncioLoop, Desk, Loop, TrioLoop

pytestmark = pytest.mark.usefixtures("silent")

TIMES = float(os.environ.get("NBBLOCKS_EXAMPLES", "1"))
"""Multiplies the number of examples, for long runs by hand."""
TICK = 2.0**-10
"""Seconds between two acts: whole ticks are theirs and the sweeps', so that nothing else happens then."""
OFF = 2.0**-14
"""Puts the times of work beside those of acts."""


# -- plans


def subsets(count: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(st.integers(0, count - 1), unique=True).map(tuple)


CALLBACKS = ["note", "note", "raise", "exit", "slow", "slow raise", "cancelled", "none"]
state_plans = st.builds(
    StatePlan,
    value=st.sampled_from(["plain", "plain", "callable", "failing"]),
    ttl=st.sampled_from([None, 0, 0.5, 1, 3, 10]),
    callback=st.sampled_from(CALLBACKS),
)
plans = st.builds(
    Plan,
    states=st.lists(state_plans, min_size=1, max_size=3).map(tuple),
    delay=st.sampled_from([0.0, 0.0, 0.25 + OFF, 1.5 + OFF]),
    grace=st.sampled_from([0, 2, 2, 10, 3600]),
    capacity=st.sampled_from([1, 2, 3, 10_000]),
)
gifts = st.sampled_from(["new", "new", "none", "same", "skip"])
runs = st.builds(
    RunPlan,
    kind=st.sampled_from(["plain", "plain", "coroutine", "generator"]),
    inputs=subsets(3),
    outputs=subsets(3),
    gifts=st.tuples(gifts, gifts, gifts),
    seconds=st.sampled_from([0, 0, 0.75, 2.5, 6.5]),
    steps=st.integers(0, 3),
    mutates=st.booleans(),
    fails=st.sampled_from([False, False, False, True]),
)
place = st.integers(0, 4)
acts = st.one_of(
    st.tuples(st.just("run"), place, runs),
    st.tuples(st.just("run"), place, runs),
    st.tuples(st.just("advance"), st.sampled_from([0.25, 1, 1, 2, 5, 15])),
    st.tuples(st.just("look"), st.integers(0, 1), st.sampled_from([False, False, True])),
    st.tuples(st.just("close"), place),
    st.tuples(st.just("begin"), place, st.booleans()),
    st.tuples(st.just("load"), st.integers(0, 1)),
    st.tuples(st.just("cancel"), place),
)
PAGES = (True, True, False, False, False)
"""Of five places two are for pages, three for Clients."""


def fitted(run: RunPlan, count: int) -> RunPlan:
    """The run with the States that there are."""
    inputs = tuple(n for n in run.inputs if n < count)
    outputs = tuple(n for n in run.outputs if n < count)
    return replace(run, inputs=inputs, outputs=outputs, gifts=run.gifts[: len(outputs)])


# -- the app


class Thing:
    """A value: its name tells where it comes from, its notes what handlers did to it in place."""

    def __init__(self, name: Any) -> None:
        self.name, self.notes = name, list[int]()

    def __repr__(self) -> str:
        return f"Thing{self.name}{self.notes}"


class Planned(Memory):
    """A State of the plan."""

    def __init__(
        self,
        number: int,
        plan: StatePlan,
        called: Callable[[int, Any], None],
        made: Callable[[int], None],
    ) -> None:
        super().__init__(100 + number, Thing(("initial", number)))
        self.plan, self.time_to_live = plan, plan.ttl
        self._made = lambda: made(number)
        self.asks_for_initial = plan.value != "plain"

        def note(value: Any) -> None:
            called(number, value)
            if plan.callback == "raise":
                raise RuntimeError("planned")
            if plan.callback == "exit":
                raise SystemExit("planned")

        async def slow(value: Any) -> None:
            await anyio.sleep(LONGEST)
            called(number, value)
            if plan.callback == "slow raise":
                raise RuntimeError("planned")
            if plan.callback == "cancelled":
                raise asyncio.CancelledError("planned")

        coroutine = plan.callback in ("slow", "slow raise", "cancelled")
        self.delete_callback = slow if coroutine else None if plan.callback == "none" else note

    def initial(self) -> Any:
        self._made()
        if self.plan.value == "failing":
            raise RuntimeError("planned")
        return copy.deepcopy(self.value)


@dataclass
class Play:
    """One history: the app, the model, and what both have said so far."""

    plan: Plan
    loop: Loop
    called: list[tuple[float, int, Any]] = field(default_factory=list[Any])
    seen: list[tuple[float, int, dict[int, Any]]] = field(default_factory=list[Any])
    tokens: dict[int, Token] = field(default_factory=dict[int, Token])
    """Known values by the identity of their object, which their token keeps alive."""

    def __post_init__(self) -> None:
        self.model = Lives(self.plan, self)
        self._made = set[tuple[int, int]]()
        self.graph = Graph(Box(0))
        self.states = [
            Planned(n, one, self._called, self._note_made) for n, one in enumerate(self.plan.states)
        ]
        for node in self.states:
            self.graph.add_node(node)
        self.graph.settings.session_grace = self.plan.grace
        self.graph.settings.session_capacity = self.plan.capacity
        self.desk = Desk(itertools.repeat(self.plan.delay))
        self.scheduler = Scheduler(self.graph, clock=anyio.current_time, workers=self.desk)
        self.sessions: list[Session] = []
        self.places: list[int | None] = [None] * len(PAGES)
        self.left = set[int]()
        """Sessions that were closed by those who had them."""
        self._numbers = itertools.count()
        self.checked = 0

    def _called(self, state: int, value: Any) -> None:
        self.called.append((anyio.current_time(), state, value))

    # -- what the model asks

    def _note_made(self, state: int) -> None:
        run = current_run.get()
        if run is not None:
            self._made.add((int(run.listener.concurrency_id or 0), state))

    def has_made(self, run: int, state: int) -> bool:
        """As `Witness`."""
        return (run, state) in self._made

    def was_called(self, run: int) -> bool:
        """As `Witness`."""
        return any(number == run for _, number, _ in self.seen)

    # -- handlers

    def listener(self, number: int, plan: RunPlan, seconds: float) -> Listener:
        def note(values: tuple[Any, ...]) -> None:
            self.seen.append((anyio.current_time(), number, dict(zip(plan.inputs, values, strict=True))))

        def mutate(values: tuple[Any, ...]) -> None:
            if plan.mutates:
                for value in values:
                    if value is not None:
                        value.notes.append(number)

        def result(values: tuple[Any, ...], step: int) -> Any:
            given = dict(zip(plan.inputs, values, strict=True))
            row: list[Any] = []
            for state, gift in zip(plan.outputs, plan.gifts, strict=True):
                if gift == "new":
                    row.append(Thing(("written", number, step, state)))
                elif gift == "same" and state in given:
                    row.append(given[state])
                else:
                    row.append(None if gift == "none" else skip())
            return None if not row else row[0] if len(row) == 1 else tuple(row)

        def end(values: tuple[Any, ...]) -> Any:
            if plan.fails:
                raise RuntimeError("planned")
            return result(values, 0)

        def plain(*values: Any) -> Any:
            note(values)
            mutate(values)
            self.desk.takes(seconds)
            return end(values)

        async def coroutine(*values: Any) -> Any:
            note(values)
            mutate(values)
            await anyio.sleep(seconds)
            return end(values)

        def generator(*values: Any) -> Iterator[Any]:
            note(values)
            for step in range(plan.steps):
                mutate(values)
                self.desk.takes(seconds)
                yield result(values, step)
            if plan.fails:
                raise RuntimeError("planned")

        functions: dict[Kind, Any] = {"plain": plain, "coroutine": coroutine, "generator": generator}
        token = building.set(self.graph)
        dependency = Box(0).click(
            functions[plan.kind],
            [self.states[n] for n in plan.inputs],
            [self.states[n] for n in plan.outputs],
            concurrency_limit=None,
            concurrency_id=str(number),
        )
        building.reset(token)
        return dependency.listener

    # -- acts

    async def play(self, history: list[tuple[Any, ...]]) -> None:
        """Play a history to its end, and then let everything end that has not."""
        for name, *args in history:
            await anyio.sleep(TICK)
            await self.check()
            await getattr(self, f"_{name}")(*args)
            await self.check()
        for number in range(len(self.sessions)):
            await anyio.sleep(TICK)
            self.model.advance(anyio.current_time())
            self.scheduler.close_session(self.sessions[number])
            self.model.close(number)
        await self._advance(200)
        await self.check()
        assert all(
            one.called for one in self.model.removals if self.plan.states[one.state].callback != "none"
        )
        assert not any(session.states.take_all() for session in self.sessions)
        self.scheduler.stop()

    async def _advance(self, seconds: float) -> None:
        await anyio.sleep(seconds)

    async def _begin(self, place: int, watched: bool) -> None:
        """A new session at a place; the old one, if it has not closed, goes on without a place."""
        page = PAGES[place]
        self.places[place] = len(self.sessions)
        watched = watched or not page
        self.sessions.append(Session(follows=page, watched=watched, clock=anyio.current_time))
        self.model.begin(page=page, watched=watched)

    async def _at(self, place: int) -> int:
        """The session at a place; one that the app itself has closed is followed by another."""
        number = self.places[place]
        if number is None or (self.sessions[number].closed and number not in self.left):
            await self._begin(place, watched=True)
            number = self.places[place]
        assert number is not None
        return number

    async def _load(self, place: int) -> None:
        """The first view of a page is up; a handler may have run before."""
        number = await self._at(place)
        session = self.sessions[number]
        if not session.opened and not session.closed:
            self.scheduler.open_session(session, None)
            self.model.load(number)

    async def _run(self, place: int, run: RunPlan) -> None:
        session = await self._at(place)
        run, number = fitted(run, len(self.states)), next(self._numbers)
        seconds = run.seconds and run.seconds + 4 * OFF + number * 2.0**-22
        listener = self.listener(number, run, seconds)
        self.scheduler.submit(self.sessions[session], listener, [None] * len(run.inputs))
        self.model.run(number, session, run, seconds)

    async def _look(self, place: int, watched: bool) -> None:
        number = await self._at(place)
        if PAGES[place] and not self.sessions[number].closed:
            self.sessions[number].watched = watched
            self.model.look(number, watched)

    async def _close(self, place: int) -> None:
        number = await self._at(place)
        self.left.add(number)
        self.scheduler.close_session(self.sessions[number])
        self.model.close(number)

    async def _cancel(self, place: int) -> None:
        number = await self._at(place)
        self.scheduler.cancel(self.sessions[number].runs())
        self.model.cancel(number)

    # -- comparing

    async def check(self) -> None:
        """Wait until nothing moves, then compare."""
        await self.loop.settle()
        now = anyio.current_time()
        self.model.advance(now)
        assert [(at, run) for at, run, _ in self.seen] == [(at, run) for at, run, _ in self.model.seen]
        for (_, _, found), (_, _, tokens) in zip(
            self.seen[self.checked :], self.model.seen[self.checked :], strict=True
        ):
            assert found.keys() == tokens.keys()
            for state, value in found.items():
                self._same(value, tokens[state])
        self.checked = len(self.seen)
        for session, room in zip(self.sessions, self.model.rooms, strict=True):
            assert session.closed is room.closed, f"session {room.number} at {now}"
            for number, node in enumerate(self.states):
                kept, held = session.states.peek(node), room.held.get(number)
                assert (kept is None) is (held is None), f"State {number} of {room.number} at {now}: {kept}"
                if kept is not None and held is not None:
                    self._same(kept.value, held.token)
                    assert (kept.written, held.token.session) == (held.written, room.number)
        self._calls(now)

    def _same(self, value: Any, token: Token) -> None:
        """Whether a value is that of a token: the same object as ever, or one that nobody has had."""
        if token.is_none:
            assert value is None
            return
        known = self.tokens.get(id(value))
        if known is None:
            assert token.obj is None, f"another object for {token}: {value}"
            token.obj = value
            self.tokens[id(value)] = token
        else:
            assert known is token, f"{value} is in two places: {known} {token}"
        assert (value.name, value.notes) == (token.name, token.notes)

    def _calls(self, now: float) -> None:
        """Each callback must answer to a removal, and each removal be answered in time."""
        while self.called:
            at, state, value = self.called.pop(0)
            fitting = [
                one
                for one in self.model.removals
                if one.state == state
                and not one.called
                and one.at <= at <= one.until
                and self._is(value, one.token)
            ]
            assert fitting, f"State {state}: nobody has deleted {value}, and its callback was called at {at}"
            first = min(fitting, key=lambda one: one.until)  # values of None are all alike
            first.called = True
            self._same(value, first.token)
        for one in self.model.removals:
            if self._tells(one):
                assert one.called or now <= one.until, f"nobody has called the callback for {one}"

    def _tells(self, removal: Removal) -> bool:
        return self.plan.states[removal.state].callback != "none"

    def _is(self, value: Any, token: Token) -> bool:
        if token.is_none or value is None:
            return token.is_none and value is None
        known = self.tokens.get(id(value))
        return known is token if known is not None else token.obj is None and token.name == value.name


def check(loop_class: Callable[[], Loop], plan: Plan, history: list[tuple[Any, ...]]) -> None:
    """Play a history on a loop of its own."""
    loop = loop_class()

    def call_back_here(kept: Kept) -> None:
        """In a thread a coroutine gets a loop of its own; here there are no threads."""
        result = states.called_back(kept)

        async def awaited() -> None:
            with contextlib.suppress(BaseException):
                await result

        if result is not None:
            loop.spawn(awaited)

    async def main() -> None:
        play = Play(plan, loop)
        loop.spawn(play.scheduler.serve)
        await loop.settle()
        await play.play(history)
        await loop.settle()

    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(states, "call_back_here", call_back_here)
            loop.run(main)
        assert loop.failure is None, loop.failure
    finally:
        loop.close()


histories = st.lists(acts, min_size=1, max_size=25) | st.lists(acts, min_size=12, max_size=30)


@pytest.mark.timeout(120 * max(1.0, TIMES))
@settings(max_examples=int(700 * TIMES), deadline=None, print_blob=True)
@given(plan=plans, history=histories, _order=st.random_module())
def test_state_lives_as_the_model_says(
    plan: Plan, history: list[tuple[Any, ...]], _order: Any
) -> None:  # ST-22 ST-30 ST-35 ST-41 ST-42 ST-44 ST-45 ST-46 ST-47 ST-48 ST-51
    """On trio, which takes the order of its tasks from the random module's seed."""
    check(TrioLoop, plan, history)


@pytest.mark.timeout(120 * max(1.0, TIMES))
@settings(max_examples=int(500 * TIMES), deadline=None, print_blob=True)
@given(plan=plans, history=histories)
def test_state_lives_so_on_asyncio_too(
    plan: Plan, history: list[tuple[Any, ...]]
) -> None:  # ST-22 ST-30 ST-35 ST-41 ST-42 ST-44 ST-45 ST-46 ST-47 ST-48 ST-51
    """On the loop that kernels run."""
    check(AsyncioLoop, plan, history)
