"""State.change: when it fires, and for whom. Time is simulated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import anyio
import numpy as np
import pytest

from nbblocks.core.updates import skip, update

from .memos import Kept, Memo
from .nodes import App, AsyncGate, Clock, quiet


@pytest.fixture
def anyio_backend(simulated: Any) -> Any:
    return simulated


class Changes(Kept):
    """An app with a State, and what its change listener was given."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.state = self.memo([])
        self.found: list[Any] = []
        self.dependency = self.state.change(self.found.append, self.state)

    async def press(self, session: Any, fn: Callable[..., Any], *, out: Any = None, **options: Any) -> None:
        """A page's event runs a handler that takes the State and returns it, to its end."""
        outputs = [self.state] if out is None else out
        self.app.b.click(fn, self.state, outputs, **options)
        self.app.press(self.app.b, session)
        await anyio.sleep(0.125)
        self.app.graph.remove(next(reversed(self.app.graph.listeners.values())))


@pytest.fixture
def kept(timed: App) -> Changes:
    return Changes(timed)


def add(value: list[Any]) -> list[Any]:
    value.append(len(value))
    return value


def test_it_takes_all_parameters_and_heeds_the_last(kept: Changes) -> None:  # ST-60 EV-124
    assert kept.dependency["trigger_mode"] == "always_last"
    options: dict[str, Any] = {
        "api_name": "x",
        "show_progress": "hidden",
        "queue": False,
        "trigger_mode": "multiple",
        "js": "() => 1",
        "concurrency_id": "y",
        "cancels": [kept.dependency],
        "show_api": False,
    }
    other = kept.state.change(lambda _: None, [kept.state], [kept.app.b], **options)
    assert other["trigger_mode"] == "multiple" and other["api_name"] == "x" and not other["queue"]
    assert other["targets"] == [[kept.state._id, "change"]]


@pytest.mark.parametrize("source", ["page", "timer", "chain", "load", "Client"])
async def test_runs_of_pages_and_timers_fire_it_and_clients_do_not(
    kept: Changes, source: str
) -> None:  # ST-61
    app = kept.app
    clock = Clock(7, 2)
    app.graph.add_node(clock)
    given = (add, kept.state, kept.state)
    click = app.a.click(*given) if source == "page" else app.a.click(lambda: None)
    {
        "timer": clock.tick,
        "load": app.owner.load,
        "chain": click.then,
        "page": app.c.click,
        "Client": app.c.click,
    }[source](*given)
    async with app.running():
        session = kept.client() if source == "Client" else kept.session()
        if source == "Client":
            await kept.run(session, add, [kept.state], [kept.state])
            app.press(app.c, session)  # not even what a Client has no means for
        else:
            app.press(session=session)
        await anyio.sleep(2.5)
        assert session.state(kept.state) != []
        await kept.close(session)
    assert kept.found == ([] if source == "Client" else [[0]])


@pytest.mark.parametrize(
    ("returned", "fires"),
    [
        (lambda v: [1], True),
        (lambda v: [], False),
        (lambda v: (), False),
        (lambda v: v, False),
        (add, True),
        (lambda v: add(v) and skip(), True),
        (lambda v: add(v) and update(), True),
        (lambda v: skip(), False),
        (lambda v: update(value=[]), False),
        (lambda v: update(value=[1]), True),
        (lambda v: Memo([1]), True),
        (lambda v: Memo([]), False),
        (lambda v: None, True),
        (lambda v: add(v) and [], False),
    ],
)
async def test_a_step_that_leaves_it_different_fires_it(
    kept: Changes, returned: Callable[[Any], Any], fires: bool
) -> None:  # ST-61 ST-62
    async with kept.app.running():
        session, other = kept.session(), kept.session()
        await kept.press(session, returned)
        assert len(kept.found) == fires
        if fires:
            assert kept.found[0] is session.state(kept.state)
        await kept.press(other, lambda v: skip())
        await kept.press(session, lambda v: v)
    assert len(kept.found) == fires


async def test_a_change_in_place_counts_only_for_outputs(kept: Changes) -> None:  # ST-62
    async with kept.app.running():
        session = kept.session()
        await kept.press(session, lambda v: add(v) and "text", out=[kept.app.c])
        await kept.press(session, lambda v: add(v) and None, out=[])
        assert kept.found == [] and session.state(kept.state) == [0, 1]
        await kept.press(session, add)
    assert kept.found == [[0, 1, 2]]


async def test_creation_load_expiry_and_failure_do_not_fire_it(kept: Changes) -> None:  # ST-62 ST-50
    made = kept.memo(lambda: ["made"], ttl=1)
    found: list[Any] = []
    made.change(found.append, made)

    def fail(value: list[Any]) -> None:
        value.append("changed")
        raise RuntimeError

    async with kept.app.running():
        session = kept.session()
        await kept.read(session, made)
        await anyio.sleep(5)
        await kept.run(session, fail, [made], [made])
        await anyio.sleep(5)
        await kept.run(session, lambda: skip(), [], [made])
    assert found == [] and len(made.deleted) == 2


async def test_each_yield_that_leaves_it_different_fires_it(kept: Changes) -> None:  # ST-61
    def steps(value: list[int]) -> Iterator[Any]:
        yield value
        value.append(1)
        yield value
        yield skip()
        value.append(2)
        yield skip()
        yield [1, 2]
        value.append(3)  # that is no longer the State's object
        yield skip()
        yield [3]

    kept.dependency.listener.trigger_mode = "multiple"
    lengths: list[int] = []
    kept.state.change(lambda value: lengths.append(len(value)), kept.state, trigger_mode="multiple")
    async with kept.app.running():
        session = kept.session()
        await kept.press(session, steps)
    assert len(lengths) == 3 and kept.found[-1] == [3]


async def test_each_step_of_an_async_generator_is_compared_with_the_one_before(
    kept: Changes,
) -> None:  # ST-61
    async def steps(value: list[int]) -> AsyncIterator[Any]:
        for number in (1, 1, 2):
            yield [number]
            await anyio.sleep(1)

    seen: list[Any] = []
    kept.state.change(lambda value: seen.append([*value, anyio.current_time()]), kept.state)
    async with kept.app.running():
        session = kept.session()
        await kept.press(session, steps)
        await anyio.sleep(5)
    assert seen == [[1, 0], [2, 2]]


async def test_it_fires_once_a_step_after_delivery_and_before_chains(
    kept: Changes,
) -> None:  # ST-65 EV-129 EV-161
    app, order = kept.app, []
    other = kept.memo(0)

    def note(name: str) -> Callable[[], None]:
        return lambda: order.append(name)

    kept.state.change(note("state"), concurrency_limit=None)
    other.change(note("other"), concurrency_limit=None)
    app.c.change(note("component"), concurrency_limit=None)
    dispatched: list[str] = []
    trigger = app.scheduler.trigger
    names = {id(kept.state): "state", id(other): "other", id(app.c): "component"}

    def watch(session: Any, source: Any, event: str, *args: Any, **given: Any) -> None:
        if event == "change" or source is click.listener:
            assert (session.state(kept.state), session.state(other), session.value(app.c)) == ([1], 1, "x")
            assert session.sink.values(app.c) == ["x"]
            dispatched.append(names.get(id(source), event))
        trigger(session, source, event, *args, **given)

    app.scheduler.trigger = watch  # type: ignore[method-assign]
    click = app.a.click(lambda: ([0], [1], 1, "x"), None, [kept.state, kept.state, other, app.c])
    click.then(note("then"))
    click.success(note("success"))
    async with app.running():
        session = kept.session()
        app.press(session=session)
        await quiet()
    assert dispatched[-2:] == ["success", "then"]
    assert sorted(dispatched[:-2]) == ["component", "other", "state"]
    assert sorted(order) == sorted(dispatched) and len(kept.found) == 1


async def test_always_last_runs_once_more_with_the_newest_value(kept: Changes) -> None:  # ST-60 EV-123
    gate, seen = AsyncGate(), []

    async def slow(value: Any) -> None:
        seen.append(list(value))
        await gate.pass_through()

    kept.state.change(slow, kept.state)
    async with kept.app.running():
        session = kept.session()
        for _ in range(4):
            await kept.press(session, add)
        gate.open.set()
        await quiet()
    assert seen == [[0], [0, 1, 2, 3]]


async def test_listeners_that_answer_each_other_settle(kept: Changes) -> None:  # ST-61 EV-127
    other = kept.memo(0)
    kept.state.change(len, kept.state, other)
    other.change(lambda n: [0] * n, other, kept.state)
    async with kept.app.running():
        session = kept.session()
        await kept.press(session, lambda _: [7, 7])
        await anyio.sleep(5)
        assert (session.state(kept.state), session.state(other)) == ([0, 0], 2)
        assert not session.pending
    assert kept.found == [[7, 7], [0, 0]]


class Counting:
    """Counts how often somebody asks for its hash."""

    asked = 0

    def __hash__(self) -> int:
        Counting.asked += 1
        return 1


async def test_nobody_looks_at_state_without_a_listener(kept: Changes) -> None:  # ST-66
    free, unused = kept.memo([Counting()]), kept.memo([Counting()])
    unused.change(lambda: None)
    Counting.asked = 0
    async with kept.app.running():
        session, client = kept.session(), kept.client()
        for one in (session, client):
            await kept.run(one, lambda value: value, [free], [free])
        await kept.run(client, lambda value: value, [unused], [unused])
        await kept.run(session, lambda value: None, [unused])
        assert Counting.asked == 0
        await kept.run(session, lambda value: value, [unused], [unused])
        assert Counting.asked == 2  # before and after


class Broken:
    def __hash__(self) -> int:
        raise RuntimeError("no hash")


async def test_what_cannot_be_compared_counts_as_changed(kept: Changes) -> None:  # ST-67
    seen: list[int] = []
    kept.state.change(lambda: seen.append(1))
    async with kept.app.running():
        session = kept.session()
        await kept.press(session, lambda _: [Broken()])
        await kept.press(session, lambda value: value)
        await kept.press(session, lambda value: skip())
        assert len(seen) == 3
        (stage,) = {status.stage for status in session.sink.statuses if status.stage not in ("pending",)}  # type: ignore[attr-defined]
        assert stage == "complete"
        await kept.press(session, lambda value: [])
        await kept.press(session, lambda value: [])
    assert len(seen) == 4


async def test_in_a_batch_each_run_is_compared_with_its_own_sessions_state(
    kept: Changes,
) -> None:  # ST-61 ST-37
    async with kept.app.running():
        one, two = kept.session(), kept.session()
        gate = AsyncGate()
        kept.app.c.click(gate.pass_through, concurrency_id="one")
        kept.app.d.click(
            lambda values: [[[*value, 1] if value else value for value in values]],
            kept.state,
            kept.state,
            batch=True,
            concurrency_id="one",
        )
        one.write_state(kept.state, ["mine"])
        kept.app.press(kept.app.c, one)
        for session in (one, two):
            kept.app.press(kept.app.d, session)
        gate.open.set()
        await anyio.sleep(1)
    assert kept.found == [["mine", 1]]


class Lump:
    """What has neither content nor a hash that anybody could go by."""


async def test_a_listener_that_returns_an_equal_array_ends(kept: Changes) -> None:  # TR-48
    seen: list[Any] = []

    def sort(value: Any) -> Any:
        seen.append(value)
        return np.sort(value)

    kept.app.graph.remove(next(iter(kept.app.graph.listeners.values())))
    kept.state.change(sort, kept.state, kept.state)
    async with kept.app.running():
        await kept.press(kept.session(), lambda _: np.array([2, 1]))
        await anyio.sleep(5)
    assert len(seen) == 2


@pytest.mark.parametrize("patience", [0.05, 0])
async def test_a_listener_that_would_fire_itself_for_ever_is_stopped(
    kept: Changes, patience: float, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:  # TR-48
    seen: list[Any] = []

    def anew(value: Any) -> Any:
        seen.append(value)
        return [1] if patience == 0 else Lump()

    monkeypatch.setattr("nbblocks.core.fingerprints.PATIENCE", patience)
    kept.app.graph.remove(next(iter(kept.app.graph.listeners.values())))
    kept.state.change(anew, kept.state, kept.state)
    async with kept.app.running():
        session = kept.session()
        await kept.press(session, lambda _: Lump())
        await anyio.sleep(60)
        assert len(seen) == 100
        assert "anew has changed the State that it listens to 100 times in a row" in caplog.text
        assert [one.level for one in session.sink.messages] == ["warning"]
        await kept.press(session, lambda _: Lump())
        await anyio.sleep(60)
    assert len(seen) == 200


async def test_what_cannot_be_compared_counts_as_changed_when_it_was_returned(
    kept: Changes, monkeypatch: pytest.MonkeyPatch
) -> None:  # TR-48
    monkeypatch.setattr("nbblocks.core.fingerprints.PATIENCE", 0)
    async with kept.app.running():
        session = kept.session()
        await kept.press(session, lambda v: add(v) and skip())
        assert not kept.found
        await kept.press(session, lambda v: v)
    assert len(kept.found) == 1


async def test_a_count_by_content_is_the_listeners_own_to_end(kept: Changes) -> None:  # TR-48
    kept.app.graph.remove(next(iter(kept.app.graph.listeners.values())))
    kept.state.change(lambda v: v + 1 if v < 150 else skip(), kept.state, kept.state)
    async with kept.app.running():
        session = kept.session()
        await kept.press(session, lambda _: 0)
        await anyio.sleep(60)
        assert session.state(kept.state) == 150
