"""Sessions: what is theirs alone, how long they live, and what happens at their end. Time is simulated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import pytest

from nbblocks.core.sessions import Session
from nbblocks.core.settings import QueueSettings
from nbblocks.core.updates import update

from .memos import Kept
from .nodes import App, AsyncGate, Box, Clock, quiet, values_of


@pytest.fixture
def anyio_backend(simulated: Any) -> Any:
    return simulated


@pytest.fixture
def kept(timed: App) -> Kept:
    return Kept(timed)


def test_ids_are_opaque_and_unique() -> None:  # ST-7
    ids = [Session().id for _ in range(1000)]
    assert len(set(ids)) == 1000 and all(isinstance(one, str) and len(one) >= 8 for one in ids)


# -- apart


async def test_component_values_are_each_sessions_own(kept: Kept) -> None:  # ST-2 ST-1
    app = kept.app
    app.b.value = "initial"
    app.a.click(lambda text: text, app.a, app.b)
    async with app.running():
        one, two, client = kept.session(), kept.session(), kept.client()
        one.set_value(app.a, "typed")
        app.press(session=one)
        await quiet()
        assert [session.value(app.b) for session in (one, two, client)] == ["typed", "initial", "initial"]
        assert kept.session().value(app.b) == "initial" == app.b.initial()
        assert values_of(one, app.b) == ["typed"] and values_of(two, app.b) == []


async def test_updated_properties_are_each_sessions_own(kept: Kept) -> None:  # ST-2 EV-51
    app = kept.app
    app.a.click(lambda: update(shout=True), None, app.c)
    app.b.click(lambda text: (text, text), app.c, [app.c, app.d])
    async with app.running():
        one, two, client = kept.session(), kept.session(), kept.client()
        for session in (one, two, client):
            session.set_value(app.c, "text")
        app.press(session=one)
        await quiet()
        for session in (one, two, client):
            await kept.run(session, lambda text: (text, text), [app.c], [app.c, app.d])
        values = [(session.value(app.c), session.value(app.d)) for session in (one, two, client)]
        assert values == [("TEXT", "TEXT"), ("text", "text"), ("text", "text")]
        assert (app.c.shout, kept.session().view(app.c)) == (False, app.c)


async def test_runs_notes_and_cancels_are_each_sessions_own(kept: Kept) -> None:  # ST-3
    app, gate = kept.app, AsyncGate()
    once = app.a.click(gate.pass_through, trigger_mode="once", concurrency_limit=None)
    app.b.click(None, cancels=once)
    async with app.running():
        one, two = kept.session(), kept.session()
        for session in (one, two, one, two):
            app.press(session=session)
        await quiet()
        assert gate.inside == 2  # one each: `once` refuses the second of each
        app.press(app.b, one)
        assert [len(session.runs()) for session in (one, two)] == [0, 1]
        app.press(session=one)
        await quiet()
        assert gate.inside == 3
        gate.open.set()


# -- looked at or not


class Repeating:
    """A session in which a listener repeats, a timer ticks and a run is in progress."""

    def __init__(self, kept: Kept) -> None:
        self.kept, app = kept, kept.app
        self.times: dict[str, list[float]] = {"every": [], "tick": [], "timer": []}
        self.clock = Clock(7, 2)
        app.graph.add_node(self.clock)
        self.gate = AsyncGate("kept")
        app.a.click(self._noter("every"), every=3)
        app.a.click(self._noter("timer"), every=self.clock)
        self.clock.tick(self._noter("tick"))
        app.b.click(self.gate.pass_through, None, app.c)

    def _noter(self, name: str) -> Callable[[], None]:
        return lambda: self.times[name].append(anyio.current_time())

    def begin(self) -> Session:
        session = self.kept.session()
        for node in (self.kept.app.a, self.kept.app.b):
            self.kept.app.press(node, session)
        return session

    def since(self, time: float) -> dict[str, list[float]]:
        return {name: [at for at in times if at > time] for name, times in self.times.items()}


async def test_repetitions_pause_while_nobody_looks_and_runs_end(kept: Kept) -> None:  # ST-10
    repeating = Repeating(kept)
    async with kept.app.running():
        session = repeating.begin()
        await anyio.sleep(5.5)
        assert repeating.times == {"every": [0, 3], "tick": [2, 4], "timer": [0, 2, 4]}
        session.watched = False
        await anyio.sleep(100)
        assert repeating.since(6) == {"every": [], "tick": [], "timer": []}
        repeating.gate.open.set()
        await quiet()
        assert session.value(kept.app.c) == "kept" and not session.closed
        session.watched = True
        await anyio.sleep(5)
        found = repeating.since(100)
        assert found["tick"] == found["timer"] == [107.5, 109.5]
        assert found["every"] == [105.5, 108.5]
        await kept.close(session)


# -- how long


def test_the_grace_time_is_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:  # ST-11
    monkeypatch.delenv("NBBLOCKS_SESSION_GRACE", raising=False)
    assert (QueueSettings().session_grace, QueueSettings().session_capacity) == (3600, 10_000)


@pytest.mark.parametrize(("text", "seconds"), [("0", 0), ("12", 12), ("1.5", 1.5), ("1e3", 1000), ("", 3600)])
def test_the_environment_sets_it(monkeypatch: pytest.MonkeyPatch, text: str, seconds: float) -> None:  # ST-11
    monkeypatch.setenv("NBBLOCKS_SESSION_GRACE", text)
    assert QueueSettings().session_grace == seconds


@pytest.mark.parametrize("text", ["an hour", "-1", "nan", "1,5"])
def test_an_environment_that_is_no_number_of_seconds_is_told_of(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:  # ST-11
    monkeypatch.setenv("NBBLOCKS_SESSION_GRACE", text)
    with pytest.raises(ValueError, match="NBBLOCKS_SESSION_GRACE must be a number of seconds"):
        QueueSettings()


@pytest.mark.parametrize("grace", [0, 1, 10, 3600])
async def test_it_closes_when_nobody_has_looked_for_the_grace_time(kept: Kept, grace: float) -> None:  # ST-11
    kept.app.graph.settings.session_grace = grace
    async with kept.app.running():
        session, watched = kept.session(), kept.session()
        await anyio.sleep(4000)
        assert not session.closed  # it is looked at
        session.watched = False
        await anyio.sleep(grace + 0.5)
        assert not session.closed or grace == 0
        await anyio.sleep(1)
        assert session.closed and not watched.closed


async def test_the_grace_time_begins_anew_with_each_absence(kept: Kept) -> None:  # ST-11
    kept.app.graph.settings.session_grace = 10
    async with kept.app.running():
        session = kept.session()
        for _ in range(5):
            session.watched = False
            await anyio.sleep(9.5)
            session.watched = False  # told twice
            session.watched = True
            await anyio.sleep(0.25)
        assert not session.closed
        session.watched = False
        await anyio.sleep(5)
        session.watched = False
        await anyio.sleep(6.5)
        assert session.closed


async def test_what_nobody_ever_looked_at_and_clients_have_no_grace_time(kept: Kept) -> None:  # ST-11 ST-15
    kept.app.graph.settings.session_grace = 1
    async with kept.app.running():
        unseen = kept.session(opened=False, watched=False)
        client = kept.client()
        for session in (unseen, client):
            await kept.run(session, lambda: None, [])
        await anyio.sleep(1000)
        assert not unseen.closed and not client.closed


async def test_the_least_recently_used_client_makes_room(kept: Kept) -> None:  # ST-11
    kept.app.graph.settings.session_capacity = 3
    memo = kept.memo("value")
    async with kept.app.running():
        page, *clients = kept.session(), kept.client(), kept.client(), kept.client()
        for client in (*clients[:2], clients[0]):
            await kept.read(client, memo)
        assert not any(one.closed for one in (page, *clients))
        await kept.read(clients[2], memo)
        await quiet()
        assert [one.closed for one in (page, *clients)] == [False, False, True, False]
        assert memo.deleted == ["value"]
        pages = [kept.session() for _ in range(4)]  # pages are never the ones to go
        await quiet()
        assert [one.closed for one in (page, *clients, *pages)] == [False, True, True, True] + [False] * 4
    assert memo.deleted == ["value"] * 3


async def test_a_run_of_an_evicted_session_is_cancelled(kept: Kept) -> None:  # ST-11 ST-12
    kept.app.graph.settings.session_capacity = 1
    gate = AsyncGate("late")
    async with kept.app.running():
        first, second = kept.client(), kept.client()
        kept.start(first, gate.pass_through, [], [kept.app.b])
        await quiet()
        await kept.run(second, lambda: "x", [], [kept.app.b])
        assert first.closed and not first.pending and not second.closed
        gate.open.set()
        await quiet()
        assert first.value(kept.app.b) is None


# -- the end


async def test_what_happens_at_the_end_happens_in_order(kept: Kept) -> None:  # ST-12 EV-278 EV-191
    app, log = kept.app, []
    memos = [kept.memo(n, callback=lambda value: log.append(("deleted", value))) for n in range(3)]
    app.owner.unload(lambda: log.append("unload 1"))
    app.owner.unload(lambda: log.append("unload 2"))
    repeating = Repeating(kept)

    async with app.running():
        session, other = repeating.begin(), kept.client()
        for memo in memos[:2]:
            await kept.read(session, memo)
        kept.start(session, repeating.gate.pass_through, concurrency_id="one")
        kept.start(session, lambda: log.append("ran"), concurrency_id="one")
        await quiet()
        deliver = session.sink.status
        session.sink.status = lambda status: log.append(status.stage) or deliver(status)  # type: ignore
        runs = session.runs()
        app.scheduler.close_session(session)
        assert log == ["complete"] * len(runs)  # for the session they have ended at once
        assert session.closed and not session.pending
        assert sum(run.cancelled for run in runs) == len(runs) == 5
        await anyio.sleep(100)
        assert log[len(runs) :] == ["unload 1", "unload 2", ("deleted", 0), ("deleted", 1)]
        assert repeating.since(0.5) == {"every": [], "tick": [], "timer": []}
        app.scheduler.close_session(session)
        app.press(session=session)
        await anyio.sleep(100)
        assert len(log) == len(runs) + 4  # once, and nothing goes on
        assert not other.closed
        repeating.gate.open.set()
        await quiet()
        assert session.value(app.c) is None


async def test_state_is_deleted_though_unload_fails(kept: Kept) -> None:  # ST-12 ST-46
    def fail() -> None:
        raise RuntimeError

    memo = kept.memo("value")
    kept.app.owner.unload(fail)
    async with kept.app.running():
        session = kept.session()
        await kept.read(session, memo)
        await kept.close(session)
    assert memo.deleted == ["value"]


async def test_a_call_that_waited_for_a_thread_leaves_nothing_in_a_closed_session(
    kept: Kept,
) -> None:  # ST-46 ST-12
    workers: Any = kept.app.scheduler._given_workers
    memo, at_load = kept.memo("value"), kept.memo(lambda: "loaded")
    workers.seconds = 2.0
    async with kept.app.running():
        session = kept.session()
        kept.start(session, kept.seen.append, [memo])
        await anyio.sleep(1)
        kept.app.scheduler.close_session(session)
        await anyio.sleep(20)
        assert session.states.peek(memo) is None and session.states.peek(at_load) is None
    assert (len(memo.deleted), len(at_load.deleted)) == (len(memo.made), len(at_load.made))


async def test_a_session_that_has_closed_takes_no_more_calls(kept: Kept) -> None:  # ST-11 ST-46
    memo, called = kept.memo("value"), []
    async with kept.app.running():
        session = kept.client()
        await kept.read(session, memo)
        await kept.close(session)
        kept.start(session, called.append, [memo])
        await quiet()
        assert session.states.peek(memo) is None and not session.pending
    assert called == [] and memo.deleted == ["value"]


def test_a_session_starts_with_what_the_component_starts_with() -> None:  # ST-2
    box = Box(1, "initial")
    session = Session()
    assert session.value(box) == "initial"
    assert session.set_value(box, "other") and session.value(box) == "other"
    assert Session().value(box) == "initial"
