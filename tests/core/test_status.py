"""What a front-end is told about runs. Where it depends on time, time is simulated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import fields
from typing import Any

import anyio
import pytest

from nbblocks.core.messages import Status
from nbblocks.core.progress import Progress

from .nodes import App, AsyncGate, AtOnce, quiet


@pytest.fixture
def anyio_backend(simulated: Any) -> Any:
    return simulated


def lasting(seconds: float) -> Callable[..., Any]:
    """A handler that takes so long."""

    async def handler(*_: Any) -> None:
        await anyio.sleep(seconds)

    return handler


def places(app: App, dependency: Any) -> list[tuple[Any, Any, Any]]:
    """Position, size and eta of the pending records of a listener without progress."""
    return [
        (s.position, s.size, s.eta)
        for s in app.records(dependency)
        if s.stage == "pending" and not s.progress_data
    ]


def test_a_record_has_the_documented_fields() -> None:  # EV-320
    documented = "stage fn_index queue position size eta progress_data message title duration visible time"
    assert set(documented.split()) <= {field.name for field in fields(Status)}


async def test_a_record_names_listener_run_and_time(timed: App) -> None:  # EV-320 EV-321
    first = timed.a.click(lasting(3), None, timed.b)
    second = timed.c.click(lasting(1), None, timed.b, queue=False)
    async with timed.running():
        timed.press(timed.a)
        timed.press(timed.c)
        await timed.settle()
    assert first["id"] != second["id"]
    assert {(s.fn_index, s.queue) for s in timed.sink.statuses} == {(0, True), (1, False)}
    assert [s.time for s in timed.records(first)] == [None, 0, 3]
    assert [s.time for s in timed.records(second)][-1] == 1
    assert len({s.run for s in timed.records(first)}) == 1
    assert {s.stage for s in timed.sink.statuses} == {"pending", "complete"}


async def test_a_run_that_starts_at_once_sends_place_start_and_end(timed: App) -> None:  # EV-322
    dependency = timed.a.click(lambda: 1, None, timed.b)
    async with timed.running():
        await timed.pressed()
    assert timed.stages(dependency) == ["pending", "pending", "complete"]
    assert places(timed, dependency) == [(0, 1, None), (0, 0, None)]


async def test_the_whole_sequence_of_a_generator(timed: App) -> None:  # EV-322 EV-323
    def steps(progress: Any = Progress()) -> Iterator[int]:
        progress(0.5)
        yield 1
        progress((1, 2))
        yield 2

    timed.a.click(steps, None, timed.b)
    async with timed.running():
        await timed.pressed()
    pending, generating = "pending", "generating"
    assert timed.sink.log == [
        *(pending, pending),
        *(pending, (1,), generating),
        *(pending, (2,), generating),
        "complete",
    ]
    reported = [s.progress_data for s in timed.sink.statuses if s.progress_data is not None]
    assert [units[0]["progress"] or units[0]["index"] for units in reported] == [0.5, 1]


async def test_outputs_come_before_the_status_of_their_step(timed: App) -> None:  # EV-323
    timed.a.click(lambda: 1, None, timed.b)
    async with timed.running():
        await timed.pressed()
    assert timed.sink.log == ["pending", "pending", (1,), "complete"]


@pytest.mark.parametrize(
    "end", ["complete", "error", "cancel while waiting", "cancel while running", "close"]
)
async def test_there_is_exactly_one_end(timed: App, end: str) -> None:  # EV-322 EV-274
    async def steps() -> AsyncIterator[int]:
        yield 1
        await anyio.sleep(5)
        if end == "error":
            raise ValueError

    timed.c.click(lasting(10), concurrency_id="g")
    dependency = timed.a.click(steps, None, timed.b, concurrency_id="g")
    async with timed.running():
        if end == "cancel while waiting":
            timed.press(timed.c)
        timed.press()
        await anyio.sleep(1)
        if end.startswith("cancel"):
            timed.cancel(dependency)
        elif end == "close":
            timed.scheduler.close_session(timed.session)
        await anyio.sleep(20)
    stages = timed.stages(dependency)
    assert [stage for stage in stages if stage in ("complete", "error")] == [stages[-1]]
    assert stages[-1] == ("error" if end == "error" else "complete")


async def test_a_stream_is_shown_as_streaming(timed: App) -> None:  # EV-321
    dependency = timed.a.stream(lambda: iter([1]), None, timed.b)

    def steps() -> Iterator[int]:
        yield 1

    dependency = timed.a.stream(steps, None, timed.b)
    async with timed.running():
        await timed.pressed(event="stream")
    assert timed.stages(dependency) == ["pending", "pending", "streaming", "complete"]


async def test_a_stream_ends_after_its_time_of_function_time(timed: App) -> None:  # EV-360
    async def steps() -> AsyncIterator[int]:
        for i in range(100):
            await anyio.sleep(1)
            yield i

    dependency = timed.a.stream(steps, None, timed.b, time_limit=3)
    async with timed.running():
        await timed.pressed(event="stream")
    assert timed.sink.values(timed.b) == [0, 1, 2] and timed.stages(dependency)[-1] == "complete"
    assert timed.a.stream(steps, None, timed.b)["stream_every"] == 0.5


# -- places


async def test_waiting_runs_are_told_their_places_when_one_starts(timed: App) -> None:  # EV-231 EV-322
    dependency = timed.a.click(lasting(10), trigger_mode="multiple")
    async with timed.running():
        for _ in range(4):
            timed.press()
        assert [p[:2] for p in places(timed, dependency)] == [(0, 1), (0, 0), (0, 1), (1, 2), (2, 3)]
        timed.sink.statuses.clear()
        await anyio.sleep(5)
        assert timed.sink.statuses == []
        await anyio.sleep(6)
        # The first ends, the second starts, the others move up.
        assert [p[:2] for p in places(timed, dependency)] == [(0, 2), (0, 2), (1, 2)]
        timed.cancel(dependency)


async def test_places_count_the_whole_group_and_no_other(timed: App) -> None:  # EV-322 EV-231
    first = timed.a.click(lasting(10), concurrency_id="g", trigger_mode="multiple")
    second = timed.b.click(lasting(10), concurrency_id="g", trigger_mode="multiple")
    third = timed.c.click(lasting(10), trigger_mode="multiple")
    async with timed.running():
        for node in (timed.a, timed.a, timed.b, timed.c, timed.c):
            timed.press(node)
        assert places(timed, first)[-1][:2] == (0, 1)
        assert places(timed, second)[-1][:2] == (1, 2)
        assert places(timed, third)[-1][:2] == (0, 1)
        timed.cancel(first, second, third)


async def test_a_batch_moves_the_others_up_at_once(timed: App) -> None:  # EV-231 EV-253
    async def batch(values: list[Any]) -> tuple[list[Any]]:
        await anyio.sleep(10)
        return (values,)

    dependency = timed.a.click(batch, timed.a, timed.b, batch=True, max_batch_size=2, trigger_mode="multiple")
    async with timed.running():
        for _ in range(6):
            timed.press()
        timed.sink.statuses.clear()
        await anyio.sleep(11)
        starts = [(0, 3), (0, 3)]
        assert [p[:2] for p in places(timed, dependency)] == [*starts, (0, 3), (1, 3), (2, 3)]
        timed.cancel(dependency)


async def test_at_a_rate_they_are_told_every_so_many_seconds(timed: App) -> None:  # EV-231
    timed.graph.settings.status_update_rate = 4
    dependency = timed.a.click(lasting(9), trigger_mode="multiple")
    told: list[float] = []
    async with timed.running():
        began = anyio.current_time()
        for _ in range(3):
            timed.press()
        before = len(timed.sink.statuses)
        for second in range(1, 40):
            await anyio.sleep(began + second + 0.5 - anyio.current_time())
            fresh = timed.sink.statuses[before:]
            before = len(timed.sink.statuses)
            told += [second for s in fresh if s.stage == "pending" and s.time is None]
        timed.cancel(dependency)
    assert told == [4, 4, 8, 8, 12, 16]  # two wait until 9, one until 18, and no start tells them


async def test_a_long_queue_is_told_too(timed: App) -> None:  # EV-231
    dependency = timed.a.click(lasting(10), trigger_mode="multiple")
    async with timed.running():
        for _ in range(200):
            timed.press()
        runs = list(timed.session.pending[dependency.listener].runs)
        timed.sink.statuses.clear()
        await anyio.sleep(15)
        last = {s.run: (s.position, s.size) for s in timed.sink.statuses if s.time is None}
        assert [last[run.id] for run in runs[2:]] == [(place, 198) for place in range(198)]
        timed.cancel(dependency)


async def test_a_place_does_not_set_a_run_back_that_has_begun(timed: App) -> None:  # EV-324
    async def steps() -> AsyncIterator[int]:
        for i in range(3):
            yield i
            await anyio.sleep(10)

    dependency = timed.a.click(steps, None, timed.b, trigger_mode="multiple", concurrency_limit=2)
    async with timed.running():
        for _ in range(4):
            timed.press()
            await anyio.sleep(1)
        await timed.settle()
    for run in {s.run for s in timed.sink.statuses}:
        stages = [s.stage for s in timed.records(dependency) if s.run == run]
        begun = stages.index("generating")
        assert set(stages[begun:]) == {"generating", "complete"}


# -- etas


class Taking:
    """Handlers of one group that take so many seconds, each of which has run once if it is ``known``."""

    def __init__(self, app: App, limit: int | None, *seconds: float) -> None:
        self.app = app
        self.handlers = [
            node.click(lasting(time), concurrency_id="g", concurrency_limit=limit, trigger_mode="multiple")
            for node, time in zip((app.a, app.b, app.c), seconds, strict=False)
        ]

    async def learn(self, *which: int) -> None:
        """Let listeners run once."""
        for one in which:
            await self.app.pressed((self.app.a, self.app.b, self.app.c)[one])
        self.app.sink.statuses.clear()

    def wait(self, *which: int) -> list[float | None]:
        """Press in this order, and return the etas that were told at the acceptance."""
        etas: list[float | None] = []
        for one in which:
            before = len(self.app.sink.statuses)
            self.app.press((self.app.a, self.app.b, self.app.c)[one])
            etas.append(self.app.sink.statuses[before].eta)
        return etas


async def test_an_eta_is_unknown_until_all_means_are(timed: App) -> None:  # EV-325
    group = Taking(timed, 1, 10, 4, 1)
    async with timed.running():
        assert group.wait(0, 0) == [None, None]
        timed.cancel(*group.handlers)
        await anyio.sleep(20)
        await group.learn(0, 2)
        assert group.wait(0, 0, 1, 2) == [10, 20, None, None]
        timed.cancel(*group.handlers)


async def test_an_eta_adds_own_mean_those_before_and_the_slot(timed: App) -> None:  # EV-325
    group = Taking(timed, 1, 10, 4, 1)
    async with timed.running():
        await group.learn(0, 1, 2)
        assert group.wait(0) == [10]
        await anyio.sleep(3)
        # The slot is free in 7 seconds.
        assert group.wait(1, 2, 1) == [7 + 4, 7 + 4 + 1, 7 + 4 + 1 + 4]
        timed.sink.statuses.clear()
        await anyio.sleep(7.5)
        told = [s.eta for s in timed.sink.statuses if s.stage == "pending" and s.time is None]
        assert told == [4 + 1, 4 + 1 + 4]
        timed.cancel(*group.handlers)


async def test_an_eta_takes_the_limit_into_account(timed: App) -> None:  # EV-325
    group = Taking(timed, 2, 10, 4)
    async with timed.running():
        await group.learn(0, 1)
        assert group.wait(0) == [10]
        await anyio.sleep(1)
        assert group.wait(1) == [4]
        await anyio.sleep(1)
        assert group.wait(0, 1, 1) == [3 + 10, 3 + 10 / 2 + 4, 3 + (10 + 4) / 2 + 4]
        timed.cancel(*group.handlers)


async def test_an_eta_without_limit_is_the_mean(timed: App) -> None:  # EV-325
    group = Taking(timed, None, 10, 4)
    async with timed.running():
        await group.learn(0)
        assert group.wait(0, 1, 0, 0) == [10, None, 10, 10]
        timed.cancel(*group.handlers)


async def test_a_slot_that_is_overdue_counts_as_free_now(timed: App) -> None:  # EV-325
    gate = AsyncGate()
    timed.d.click(gate.pass_through, concurrency_id="g")
    group = Taking(timed, 1, 10)
    async with timed.running():
        gate.open.set()
        await timed.pressed(timed.d)
        await group.learn(0)
        gate.open = anyio.Event()
        timed.press(timed.d)
        await anyio.sleep(100)
        assert group.wait(0) == [10]
        gate.open.set()
        await timed.settle()


async def test_a_start_tells_the_mean(timed: App) -> None:  # EV-322
    dependency = timed.a.click(lasting(3), trigger_mode="multiple")
    async with timed.running():
        await timed.pressed()
        await timed.pressed()
        started = [(s.position, s.eta) for s in timed.records(dependency) if s.time == 0]
    assert started == [(0, None), (0, 3)]


async def test_the_mean_is_over_completed_runs(timed: App) -> None:  # EV-325
    takes = iter([2.0, 4.0, 100.0, 100.0, 1.0])

    async def handler() -> None:
        seconds = next(takes)
        await anyio.sleep(seconds)
        if seconds == 100:
            raise ValueError

    dependency = timed.a.click(handler, trigger_mode="multiple")
    async with timed.running():
        for _ in range(3):
            await timed.pressed()
        timed.press()
        await quiet()
        timed.cancel(dependency)
        await anyio.sleep(200)
        timed.press()
        assert timed.records(dependency)[-1].eta == 3
        await timed.settle()


# -- scrolling


@pytest.mark.parametrize("end", ["complete", "error", "cancel"])
@pytest.mark.parametrize("origin", ["here", None])
async def test_a_completed_run_scrolls_in_the_page_that_caused_it(
    timed: App, end: str, origin: str | None
) -> None:  # EV-328
    async def handler() -> tuple[int, int]:
        await anyio.sleep(1)
        return (1, 2) if end != "error" else 1  # type: ignore[return-value]

    dependency = timed.a.click(handler, None, [timed.b, timed.c], scroll_to_output=True)
    child = dependency.then(lambda: 3, None, timed.d, scroll_to_output=True)
    plain = timed.a.click(handler, None, [timed.c, timed.b])
    async with timed.running():
        timed.scheduler.trigger(timed.session, timed.a, "click", origin=origin)
        await quiet()
        if end == "cancel":
            timed.cancel(dependency, plain)
        await timed.settle()
    assert timed.stages(child)[-1] == "complete"
    own = [(timed.b, "here")] if end == "complete" else []
    assert timed.sink.scrolled == ([*own, (timed.d, "here")] if origin else [])
    assert isinstance(timed.scheduler.workers, AtOnce)
