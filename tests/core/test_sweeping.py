"""Deleting State: clocks, sweeps, and who calls the delete_callback. Time is simulated."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import anyio
import pytest

from .memos import Kept
from .nodes import App, AsyncGate, AtOnce, quiet


@pytest.fixture
def anyio_backend(simulated: Any) -> Any:
    return simulated


@pytest.fixture
def kept(timed: App) -> Kept:
    return Kept(timed)


# -- the clock of a value (the first sweep is a second after the first use of a session)


@pytest.mark.parametrize(("ttl", "end"), [(0, 1), (0.25, 1), (0.5, 2), (1, 2), (1.25, 2), (10, 11), (90, 91)])
async def test_a_value_lives_its_time_and_goes_with_the_next_sweep(
    kept: Kept, ttl: float, end: float
) -> None:  # ST-40 ST-42
    memo = kept.memo("value", ttl=ttl)
    async with kept.app.running():
        await anyio.sleep(7)
        session = kept.session()
        await anyio.sleep(0.5)
        await kept.read(session, memo)
        await anyio.sleep(200)
    assert (memo.deleted, memo.times) == (["value"], [7 + end])


async def test_none_is_for_ever(kept: Kept) -> None:  # ST-40
    memo = kept.memo("value", ttl=None)
    endless = kept.memo("value", ttl=float("inf"))
    async with kept.app.running():
        session = kept.session()
        for one in (memo, endless):
            await kept.read(session, one)
        await anyio.sleep(10_000)
        assert memo.deleted == endless.deleted == []


@pytest.mark.parametrize("how", ["read", "load", "write", "tracked"])
async def test_the_clock_starts_when_the_value_comes_into_being(kept: Kept, how: str) -> None:  # ST-41
    memo = kept.memo((lambda: []) if how == "load" else [], ttl=2)
    async with kept.app.running():
        session = kept.session()
        if how == "read":
            await anyio.sleep(5.5)
            await kept.read(session, memo)
        elif how == "write":
            await anyio.sleep(5.5)
            await kept.write(session, memo, ["written"])
        elif how == "tracked":  # it is made to be compared, and then left alone
            memo.change(lambda: None)
            await anyio.sleep(5.5)
            await kept.run(session, lambda: {"__type__": "update"}, [], [memo])
        await anyio.sleep(20)
    assert memo.times == [3 if how == "load" else 8]


async def test_each_write_restarts_it_each_yield_too(kept: Kept) -> None:  # ST-41 ST-35
    memo, left = kept.memo(0, ttl=3), kept.memo(0, ttl=3)

    async def steps() -> AsyncIterator[int]:
        for number in range(1, 4):
            yield number
            await anyio.sleep(2)

    async with kept.app.running():
        session = kept.session()
        await anyio.sleep(0.5)
        for one in (memo, left):
            await kept.write(session, one, 0)
        for number in range(1, 6):
            await anyio.sleep(2)
            await kept.write(session, memo, number)
        assert (memo.times, left.times) == ([], [4])
        await kept.run(session, steps, [], [memo])  # from 10.5 to 16.5, the last write at 14.5
        await anyio.sleep(20)
    assert (memo.deleted, memo.times) == ([3], [18])


async def test_writing_the_same_object_is_a_write(kept: Kept) -> None:  # ST-41
    memo = kept.memo([], ttl=3)
    async with kept.app.running():
        session = kept.session()
        await anyio.sleep(0.5)
        for _ in range(4):
            await kept.run(session, lambda value: value, [memo], [memo])
            await anyio.sleep(2)
        assert memo.times == []
        await anyio.sleep(10)
    assert (memo.deleted, memo.times) == ([[]], [10])


async def test_reading_and_changing_in_place_do_not_restart_it(kept: Kept) -> None:  # ST-41
    memo = kept.memo([], ttl=3)
    memo.change(lambda: None)

    def add(value: list[int]) -> dict[str, Any]:
        value.append(1)
        return {"__type__": "update"}

    async with kept.app.running():
        session = kept.session()
        await anyio.sleep(0.5)
        for _ in range(3):
            await kept.run(session, add, [memo], [memo])
            await kept.read(session, memo)
            await anyio.sleep(1)
        assert memo.deleted == []
        await anyio.sleep(2)
    assert (memo.deleted, memo.times) == ([[1, 1, 1]], [4])


# -- sweeps


async def test_it_sweeps_once_a_second_while_there_are_sessions() -> None:  # ST-42 ST-16
    looks: list[float] = []

    def clock() -> float:
        looks.append(anyio.current_time())
        return looks[-1]

    app = App(clock=clock, workers=AtOnce())
    async with app.running():
        await anyio.sleep(50.5)
        assert looks == []
        first, second = (app.session_of(clock=anyio.current_time) for _ in range(2))
        app.scheduler.open_session(first, None)
        await anyio.sleep(2.75)
        app.scheduler.open_session(second, None)
        app.scheduler.close_session(first)
        await anyio.sleep(2)
        app.scheduler.close_session(second)
        await anyio.sleep(100)
        third = app.session_of(clock=anyio.current_time, follows=False)
        app.scheduler.sessions.use(third)
        await anyio.sleep(1.5)
    assert looks[:4] == [51.5, 52.5, 53.5, 54.5]
    assert [at for at in looks[4:] if at != 55.5] == [156.25]  # 55.5: the one that was due already


async def test_other_state_and_other_sessions_are_not_touched(kept: Kept) -> None:  # ST-51
    short, long, endless = kept.memo("s", ttl=2), kept.memo("l", ttl=20), kept.memo("e")
    async with kept.app.running():
        sessions = [kept.session(), kept.session(), kept.client()]
        for session in sessions:
            for memo in (short, long, endless):
                await kept.read(session, memo)
            await anyio.sleep(1.5)
        await kept.write(sessions[0], short, "again")  # at 4.5, after its deletion at 3
        assert short.times == [3, 4]
        await anyio.sleep(10)
        assert [one.states.peek(short) for one in sessions] == [None] * 3
        assert all(one.states.peek(memo) for one in sessions for memo in (long, endless))
    assert sorted(zip(short.times, short.deleted, strict=True)) == [
        (3, "s"),
        (4, "s"),
        (6, "s"),
        (7, "again"),
    ]
    assert long.deleted == endless.deleted == []


async def test_expiry_and_the_fresh_value_fire_no_change(kept: Kept) -> None:  # ST-50 ST-62
    memo, changes = kept.memo([], ttl=1), []
    memo.change(changes.append, memo)
    async with kept.app.running():
        session = kept.session()
        await kept.write(session, memo, [1])
        assert changes == [[1]]
        await anyio.sleep(5)
        assert memo.deleted == [[1]]
        await kept.read(session, memo)
        await anyio.sleep(5)
    assert changes == [[1]]


# -- after it


@pytest.mark.parametrize("callable_", [True, False])
async def test_who_reads_after_it_has_a_fresh_value_whose_clock_starts_then(
    kept: Kept, callable_: bool
) -> None:  # ST-44 ST-47
    memo = kept.memo((lambda: ["initial"]) if callable_ else ["initial"], ttl=2)
    async with kept.app.running():
        session = kept.session()
        first = await kept.read(session, memo)
        first.append("mine")
        await anyio.sleep(50.5)
        assert (memo.deleted, memo.times) == ([["initial", "mine"]], [3])
        second = await kept.read(session, memo)
        assert second == ["initial"] and second is not first
        assert len(memo.made) == 2
        await anyio.sleep(2)
        assert len(memo.deleted) == 1
        await anyio.sleep(1)
        assert memo.deleted[1] is second and memo.times == [3, 53]
        await anyio.sleep(100)
        await kept.close(session)
    assert len(memo.deleted) == len(memo.made) == 2


async def test_nothing_is_left_behind_that_could_be_deleted_again(kept: Kept) -> None:  # ST-47 ST-46
    memo = kept.memo("value", ttl=1)
    async with kept.app.running():
        session = kept.session()
        await kept.read(session, memo)
        await anyio.sleep(100)
        await kept.close(session)
    assert memo.deleted == ["value"]


# -- runs that hold it


@pytest.mark.parametrize("side", ["input", "output", "both"])
async def test_a_run_in_progress_spares_what_it_has_until_its_end(kept: Kept, side: str) -> None:  # ST-45
    memo, other = kept.memo(["value"], ttl=2), kept.memo(["other"], ttl=2)
    gate = AsyncGate({"__type__": "update"})
    async with kept.app.running():
        session, elsewhere = kept.session(), kept.session()
        for one in (session, elsewhere):
            await kept.read(one, memo)
        await kept.read(session, other)
        inputs = [memo] if side != "output" else []
        outputs = [memo] if side != "input" else []
        kept.start(session, gate.pass_through, inputs, outputs)
        await anyio.sleep(10.5)
        assert (other.times, memo.times) == ([3], [3])  # what it does not use, and what another session has
        gate.open.set()
        await anyio.sleep(5)
    assert (memo.deleted, memo.times) == ([["value"], ["value"]], [3, 11])


async def test_what_such_a_run_writes_at_its_end_lives_its_own_time(kept: Kept) -> None:  # ST-45 ST-46
    memo, gate = kept.memo("old", ttl=2), AsyncGate("new")
    async with kept.app.running():
        session = kept.session()
        kept.start(session, gate.pass_through, [memo], [memo])
        await anyio.sleep(10.5)
        gate.open.set()
        await anyio.sleep(1)
        assert await kept.read(session, memo) == "new"
        await anyio.sleep(5)
    assert (memo.deleted, memo.times) == (["new"], [13])  # the old one was overwritten


async def test_a_run_that_waits_spares_nothing(kept: Kept) -> None:  # ST-45
    memo, gate = kept.memo(lambda: [], ttl=2), AsyncGate()
    async with kept.app.running():
        session = kept.session()
        kept.start(session, gate.pass_through, concurrency_id="one")
        kept.start(session, kept.seen.append, [memo], concurrency_id="one")
        await anyio.sleep(5.5)
        assert memo.times == [3]
        gate.open.set()
        await quiet()
    assert kept.seen == [[]] and kept.seen[0] is memo.made[1]


@pytest.mark.parametrize("writes", [True, False])
async def test_a_cancelled_run_may_go_on_with_its_object(kept: Kept, writes: bool) -> None:  # ST-45 EV-273
    memo, gate, held = kept.memo(["value"], ttl=2), anyio.Event(), []

    async def hold(value: list[str]) -> Any:
        held.append(value)
        await gate.wait()
        value.append("still mine")
        return ["dropped"] if writes else {"__type__": "update"}

    async with kept.app.running():
        session = kept.session()
        run = kept.start(session, hold, [memo], [memo])
        await anyio.sleep(1)
        kept.app.scheduler.cancel([run])
        await anyio.sleep(5.5)
        assert memo.times == [3] and memo.deleted[0] is held[0]
        gate.set()
        await quiet()
        assert held[0] == ["value", "still mine"]
        assert await kept.read(session, memo) == ["value"]


# -- the callback

Ending = Callable[[Kept, Any], Awaitable[None]]


async def by_expiry(kept: Kept, session: Any) -> None:
    await anyio.sleep(100)


async def by_close(kept: Kept, session: Any) -> None:
    await kept.close(session)


async def by_grace(kept: Kept, session: Any) -> None:
    kept.app.graph.settings.session_grace = 5
    session.opened, session.watched = True, False
    await anyio.sleep(7)


async def by_eviction(kept: Kept, session: Any) -> None:
    kept.app.graph.settings.session_capacity = 1
    await kept.run(kept.client(), lambda: None, [])


ENDINGS = [by_expiry, by_close, by_grace, by_eviction]


@pytest.mark.parametrize("end", ENDINGS)
async def test_it_is_called_once_for_each_value_that_was_there(
    kept: Kept, end: Ending
) -> None:  # ST-46 ST-43
    ttl = 50 if end is by_expiry else None
    read, written, never, none = (kept.memo([n], ttl=ttl) for n in range(4))
    several = kept.memo(0, ttl=ttl)
    without = kept.memo("value", ttl=ttl, callback=None)
    async with kept.app.running():
        session, other = kept.client(), kept.session()
        await kept.read(other, read)
        await anyio.sleep(0.5)
        await kept.read(session, read)
        await kept.read(session, without)
        await kept.write(session, written, mine := ["mine"])
        await kept.write(session, none, None)
        for number in range(5):
            await kept.write(session, several, number)
        found = session.state(read)
        await end(kept, session)
        read.deleted = [one for one in read.deleted if one is found]
        assert [one.deleted for one in (read, written, never, none)] == [[found], [mine], [], [None]]
        assert written.deleted[0] is mine and several.deleted == [4]
        assert session.states.peek(without) is None
        await anyio.sleep(100)
        await kept.close(session)
        assert [len(one.deleted) for one in (written, never, none, several)] == [1, 0, 1, 1]


FAILURES: list[Any] = [RuntimeError, SystemExit, KeyboardInterrupt, asyncio.CancelledError, GeneratorExit]


@pytest.mark.parametrize("error", FAILURES)
@pytest.mark.parametrize("kind", ["plain", "coroutine"])
@pytest.mark.parametrize("end", [by_expiry, by_close])
async def test_one_that_fails_is_logged_and_stops_nothing(
    kept: Kept, caplog: pytest.LogCaptureFixture, error: Any, kind: str, end: Ending
) -> None:  # ST-48
    def plain(value: Any) -> None:
        raise error(f"for {value}")

    async def coroutine(value: Any) -> None:
        await anyio.sleep(0.25)
        raise error(f"for {value}")

    bad = [kept.memo(n, ttl=2, callback=plain if kind == "plain" else coroutine) for n in range(2)]
    good = kept.memo("good", ttl=2)
    async with kept.app.running():
        session = kept.session()
        for memo in (bad[0], good, bad[1]):
            await kept.read(session, memo)
        await end(kept, session)
        await anyio.sleep(1)
        assert good.deleted == ["good"]
        assert sorted(str(one.exc_info[1]) for one in caplog.records if one.exc_info) == ["for 0", "for 1"]
        assert {one.levelno for one in caplog.records} == {logging.ERROR}
        other = kept.session()
        await kept.read(other, good)
        await anyio.sleep(10)
    assert good.deleted == ["good", "good"]  # the sweeper goes on


async def test_a_coroutine_is_awaited_to_its_end(kept: Kept) -> None:  # ST-48
    ended: list[Any] = []

    async def slow(value: Any) -> None:
        await anyio.sleep(30)
        ended.append((value, anyio.current_time()))

    class Slow:
        async def __call__(self, value: Any) -> None:
            await slow(value)

    memos = [kept.memo("one", ttl=2, callback=slow), kept.memo("two", ttl=2, callback=Slow())]
    quick = kept.memo("quick", ttl=2)
    async with kept.app.running():
        session = kept.session()
        for memo in (*memos, quick):
            await kept.read(session, memo)
        await anyio.sleep(4)
        await kept.read(session, quick)
        await anyio.sleep(4)
        assert len(quick.deleted) >= 1
    assert sorted(value for value, _ in ended) == ["one", "two"]  # the scheduler waits for them
    assert len(quick.deleted) == 2


async def test_state_of_a_session_that_nobody_looks_at_goes_on_ageing(kept: Kept) -> None:  # ST-49
    short, long, endless = kept.memo("s", ttl=5), kept.memo("l", ttl=500), kept.memo("e")
    kept.app.graph.settings.session_grace = 20
    async with kept.app.running():
        session = kept.session()
        for memo in (short, long, endless):
            await kept.read(session, memo)
        await anyio.sleep(2)
        session.watched = False
        await anyio.sleep(98)
    assert (short.times, long.times, endless.times) == ([6], [23], [23])
