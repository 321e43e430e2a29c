"""State: how a session's value comes into being, and how handlers read and write it. Time is simulated."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import anyio
import pytest

from nbblocks.core.updates import skip, update

from .memos import Kept, Memo
from .nodes import App, AsyncGate, quiet


@pytest.fixture
def anyio_backend(simulated: Any) -> Any:
    return simulated


@pytest.fixture
def kept(timed: App) -> Kept:
    return Kept(timed)


# -- creation


async def test_each_session_has_a_deep_copy_of_its_own(kept: Kept) -> None:  # ST-22 ST-1 ST-2
    memo = kept.memo([[1]])
    async with kept.app.running():
        one, two, client = kept.session(), kept.session(), kept.client()
        values = [await kept.read(session, memo) for session in (one, two, client)]
        assert values == [[[1]]] * 3 and len({id(value) for value in values}) == 3
        assert len({id(value[0]) for value in (*values, memo.value)}) == 4
        values[0][0].append(2)
        assert await kept.read(one, memo) is values[0]
        assert (await kept.read(two, memo), await kept.read(client, memo), memo.value) == (
            [[1]],
            [[1]],
            [[1]],
        )
    assert len(memo.made) == 3


async def test_it_is_made_at_first_use_and_not_before(kept: Kept) -> None:  # ST-22
    memo = kept.memo([])
    async with kept.app.running():
        session = kept.session()
        await anyio.sleep(100)
        assert memo.made == [] and session.states.peek(memo) is None
        await kept.read(session, memo)
        assert len(memo.made) == 1


async def test_a_write_needs_no_initial_value_unless_it_is_tracked(kept: Kept) -> None:  # ST-22 ST-66
    quiet_one, tracked = kept.memo([]), kept.memo([])
    tracked.change(lambda: None)
    async with kept.app.running():
        session, client = kept.session(), kept.client()
        for one in (session, client):
            await kept.write(one, quiet_one, 1)
            await kept.write(one, tracked, 1)
    assert quiet_one.made == []
    assert tracked.made == [[]]  # a Client's runs fire no change


async def test_a_function_is_called_once_for_each_session_when_the_app_loads(kept: Kept) -> None:  # ST-23
    made: list[object] = []

    def make() -> object:
        made.append(object())
        return made[-1]

    memo = kept.memo(make)
    async with kept.app.running():
        one, two = kept.session(), kept.session()
        assert made == []
        await quiet()
        assert len(made) == 2
        found = [await kept.read(session, memo) for session in (one, one, two)]
    assert len(made) == 2 and found[0] is found[1]
    assert {id(value) for value in found} == {id(value) for value in made}  # its result is not copied


async def test_a_function_is_called_at_first_use_if_that_is_earlier(kept: Kept) -> None:  # ST-23
    memo = kept.memo(lambda: [])
    async with kept.app.running():
        page, client = kept.session(opened=False), kept.client()
        found = [await kept.read(page, memo), await kept.read(client, memo)]
        kept.app.scheduler.open_session(page, None)
        await quiet()
        assert await kept.read(page, memo) is found[0]
    assert len(memo.made) == 2


async def test_load_listeners_and_the_load_itself_share_one_call(kept: Kept) -> None:  # ST-23 ST-62
    memo = kept.memo(lambda: ["made"])
    kept.app.owner.load(kept.seen.append, memo)
    kept.app.owner.load(kept.seen.append, memo)
    async with kept.app.running():
        kept.session()
        await quiet()
    assert kept.seen == [["made"]] * 2 and kept.seen[0] is kept.seen[1] is memo.made[0]
    assert len(memo.made) == 1


@pytest.mark.parametrize("when", ["load", "first use"])
@pytest.mark.parametrize("error", [RuntimeError("a<b"), SystemExit("a<b"), KeyboardInterrupt("a<b")])
async def test_a_function_that_fails_leaves_none_and_is_told_of(
    kept: Kept, caplog: pytest.LogCaptureFixture, when: str, error: BaseException
) -> None:  # ST-25 EV-297
    def fail() -> None:
        raise error

    memo, fine = kept.memo(fail), kept.memo(lambda: "fine")
    kept.app.graph.settings.show_error = False
    async with kept.app.running():
        session, other = kept.session(opened=when == "load"), kept.session(opened=False)
        if when == "load":
            await quiet()
        for _ in range(2):
            await kept.run(session, lambda *values: kept.seen.append(values), [memo, fine])
        (toast,) = session.sink.messages  # type: ignore[attr-defined]
        assert other.sink.messages == []  # type: ignore[attr-defined]
        assert await kept.read(other, fine) == "fine"
    assert kept.seen[:2] == [(None, "fine")] * 2 and len(memo.made) == 0
    assert (toast.level, toast.message) == ("error", f"{type(error).__name__}: a&lt;b")
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert record.exc_info is not None and record.exc_info[1] is error


async def test_none_of_a_failed_function_lives_like_any_value(kept: Kept) -> None:  # ST-25 ST-41 ST-46
    calls: list[int] = []

    def fail() -> None:
        calls.append(1)
        raise RuntimeError

    memo = kept.memo(fail, ttl=2)
    async with kept.app.running():
        session = kept.session()
        await anyio.sleep(2.5)
        assert (calls, memo.deleted) == ([1], [])
        await anyio.sleep(1)
        assert (calls, memo.deleted) == ([1], [None])
        await kept.read(session, memo)
    assert calls == [1, 1]


# -- reading and writing


async def test_a_handler_gets_the_object_itself(kept: Kept) -> None:  # ST-30
    memo = kept.memo({"n": 0})

    def plain(value: dict[str, int]) -> None:
        value["n"] += 1
        kept.seen.append(value)

    async def coroutine(value: dict[str, int]) -> None:
        plain(value)

    def generator(value: dict[str, int]) -> Iterator[None]:
        plain(value)
        yield

    async def async_generator(value: dict[str, int]) -> AsyncIterator[None]:
        plain(value)
        yield

    async with kept.app.running():
        session = kept.session()
        for fn in (plain, coroutine, generator, async_generator):
            await kept.run(session, fn, [memo])
        await kept.run(session, lambda given: plain(given[memo]), {memo})  # type: ignore[arg-type]
        assert await kept.read(session, memo) is session.state(memo)
    assert len({id(value) for value in kept.seen}) == 1 and kept.seen[0] == {"n": 5}


@pytest.mark.parametrize(
    "value", [threading.Lock(), (n for n in ()), anyio, open], ids=["lock", "generator", "module", "function"]
)
async def test_what_is_returned_is_kept_as_it_is(kept: Kept, value: Any) -> None:  # ST-31
    memo = kept.memo("first")
    async with kept.app.running():
        session = kept.session()
        await kept.write(session, memo, value)
        assert await kept.read(session, memo) is value
        await kept.run(session, lambda: [value], [], [memo])
        assert (await kept.read(session, memo))[0] is value


async def test_a_returned_object_is_the_users_own(kept: Kept) -> None:  # ST-31
    memo, mine = kept.memo(), ["mine"]
    async with kept.app.running():
        session, other = kept.session(), kept.session()
        await kept.write(session, memo, mine)
        mine.append("later")
        assert await kept.read(session, memo) == ["mine", "later"]
        assert await kept.read(other, memo) is None


@pytest.mark.parametrize(
    ("returned", "found"),
    [
        (skip(), "first"),
        (update(), "first"),
        (update(label="x", visible=False), "first"),
        (update(value="new"), "new"),
        (update(value="new", label="x", no_such_property=1), "new"),
        (update(value=None), None),
        (Memo("new"), "new"),
        (Memo(None), None),
        (None, None),
        ({}, {}),
        ("", ""),
    ],
)
@pytest.mark.parametrize("alone", [True, False])
async def test_what_a_returned_value_writes(
    kept: Kept, returned: Any, found: Any, alone: bool
) -> None:  # ST-32 ST-33 ST-34 EV-46
    memo, box = kept.memo("first", ttl=5), kept.app.b
    async with kept.app.running():
        session = kept.session()
        await kept.read(session, memo)
        await anyio.sleep(1.5)
        if alone:
            await kept.run(session, lambda: returned, [], [memo])
        else:
            await kept.run(session, lambda: (returned, "beside"), [], [memo, box])
        assert await kept.read(session, memo) == found
        written = session.states.peek(memo).written  # type: ignore[union-attr]
        assert written == (0 if found == "first" else 1.5)  # what writes nothing does not restart the clock
        steps = session.sink.steps  # type: ignore[attr-defined]
        assert steps == ([] if alone else [{box: {"value": "beside"}}])
        await kept.close(session)
    assert memo.deleted == [found]


async def test_none_stays_and_is_not_made_again(kept: Kept) -> None:  # ST-34
    memo = kept.memo(["first"])
    async with kept.app.running():
        session = kept.session()
        await kept.write(session, memo, None)
        assert await kept.read(session, memo) is None and await kept.read(session, memo) is None
        await kept.close(session)
    assert (memo.made, memo.deleted) == ([], [None])


@pytest.mark.parametrize("kind", ["generator", "async generator"])
async def test_each_yield_writes_together_with_other_outputs(kept: Kept, kind: str) -> None:  # ST-35 EV-54
    memo, box = kept.memo(0), kept.app.b

    def generator() -> Iterator[Any]:
        yield 1, "one"
        yield 2, skip()
        yield skip(), "three"
        yield 4, "bad"
        yield 5, "five"

    async def async_generator() -> AsyncIterator[Any]:
        for step in generator():
            yield step
            await anyio.sleep(10)

    together: list[tuple[Any, Any]] = []
    async with kept.app.running():
        session = kept.session()
        deliver = session.sink.deliver

        def shown(changes: Any) -> None:
            together.append((session.state(memo), changes[box]["value"]))
            deliver(changes)

        session.sink.deliver = shown  # type: ignore[method-assign]
        await kept.run(session, generator if kind == "generator" else async_generator, [], [memo, box])
        assert await kept.read(session, memo) == 2  # the failed step has written nothing, and was the last
    assert together == [(1, "one"), (2, "three")]


async def test_a_yielded_value_is_there_for_other_runs_at_once(kept: Kept) -> None:  # ST-35
    memo = kept.memo("first")

    async def steps() -> AsyncIterator[str]:
        for text in ("one", "two"):
            yield text
            await anyio.sleep(10)

    async with kept.app.running():
        session, other = kept.session(), kept.session()
        kept.start(session, steps, [], [memo])
        for seconds, text in [(5, "one"), (10, "two"), (10, "two")]:
            await anyio.sleep(seconds)
            assert await kept.read(session, memo) == text
        assert await kept.read(other, memo) == "first"


async def test_the_last_write_wins_and_nobody_waits(kept: Kept) -> None:  # ST-36
    memo = kept.memo(0)
    inside: list[list[int]] = []

    def writer(number: int, seconds: float) -> Any:
        async def write(value: int) -> int:
            inside.append([number, value])
            await anyio.sleep(seconds)
            return number

        return write

    async with kept.app.running():
        session = kept.session()
        for number, seconds in [(1, 3.0), (2, 1.0), (3, 2.0)]:
            kept.start(session, writer(number, seconds), [memo], [memo])
        await quiet()
        assert sorted(inside) == [[1, 0], [2, 0], [3, 0]]  # all at once, and all with the same value
        await anyio.sleep(0.5)
        for number in (2, 3, 1):
            await anyio.sleep(1)
            assert session.states.peek(memo).value == number  # type: ignore[union-attr]


async def test_runs_of_one_listener_with_limit_1_do_not_overlap(kept: Kept) -> None:  # ST-36
    memo = kept.memo(0)

    async def add(value: int) -> int:
        await anyio.sleep(1)
        return value + 1

    async with kept.app.running():
        session = kept.session()
        kept.app.b.click(add, memo, memo, trigger_mode="multiple", concurrency_limit=1)
        for _ in range(10):
            kept.app.press(kept.app.b, session)
        await anyio.sleep(20)
        assert await kept.read(session, memo) == 10


async def test_in_a_batch_each_run_has_its_own_sessions_state(kept: Kept) -> None:  # ST-37 EV-257
    memo = kept.memo([])
    sizes: list[int] = []

    def note(texts: list[str], values: list[list[str]]) -> tuple[list[list[str]], list[str]]:
        sizes.append(len(texts))
        for text, value in zip(texts, values, strict=True):
            value.append(text)
        return [[*value] for value in values], texts

    async with kept.app.running():
        sessions = [kept.session(), kept.session(), kept.client()]
        box = kept.app.c
        batch = kept.app.b.click(note, [box, memo], [memo, box], batch=True, concurrency_id="one")
        gate = AsyncGate()
        kept.start(sessions[0], gate.pass_through, concurrency_id="one")
        for number, session in enumerate(sessions):
            kept.app.scheduler.submit(session, batch.listener, [f"text {number}", None])
        gate.open.set()
        await quiet()
        values = [await kept.read(session, memo) for session in sessions]
    assert values == [["text 0"], ["text 1"], ["text 2"]] and sizes == [3]
