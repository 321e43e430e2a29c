"""The scheduler: dispatch, trigger modes, the queue, steps, chains, cancelling, errors."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from nbblocks.core.context import current_run
from nbblocks.core.errors import Error
from nbblocks.core.events import EventData
from nbblocks.core.progress import Progress
from nbblocks.core.requests import Request
from nbblocks.core.sessions import Session
from nbblocks.core.toasts import info
from nbblocks.core.updates import update
from tests.support import FakeSink

from .nodes import App, until


class Gate:
    """A plain function that waits inside until it is opened, and counts who is in."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.lock = threading.Lock()
        self.inside = self.most = self.calls = 0

    def __call__(self, *args: Any) -> str:
        with self.lock:
            self.calls += 1
            self.inside += 1
            self.most = max(self.most, self.inside)
        assert self.open.wait(5)
        with self.lock:
            self.inside -= 1
        return "through"


async def test_a_click_runs_the_handler_with_the_current_value(app: App) -> None:  # EV-21 EV-23 EV-70
    threads: list[threading.Thread] = []

    def greet(name: str) -> str:
        threads.append(threading.current_thread())
        return f"hello {name}"

    app.a.click(greet, app.a, app.b)
    async with app.running():
        app.session.set_value(app.a, "Ada")
        app.press()
        await app.settle()
    assert app.sink.values(app.b) == ["hello Ada"]
    assert threads[0] is not threading.main_thread()


async def test_all_listeners_of_a_trigger_run_without_waiting_for_each_other(app: App) -> None:  # EV-120
    gate = Gate()
    app.a.click(gate, None, app.b)
    app.a.click(lambda: "at once", None, app.c)
    async with app.running():
        app.press()
        await until(lambda: app.sink.values(app.c))
        assert app.sink.values(app.b) == []
        gate.open.set()
        await app.settle()


@pytest.mark.parametrize(("mode", "calls"), [("once", 1), ("multiple", 3), ("always_last", 2)])
async def test_trigger_mode_decides_about_clicks_while_pending(
    app: App, mode: Any, calls: int
) -> None:  # EV-122 EV-123
    gate = Gate()
    app.a.click(gate, None, app.b, trigger_mode=mode)
    async with app.running():
        for _ in range(3):
            app.press()
        gate.open.set()
        await app.settle()
    assert gate.calls == calls


async def test_always_last_takes_the_values_of_the_end(app: App) -> None:  # EV-123
    gate = Gate()
    seen: list[Any] = []

    def look(value: Any) -> None:
        gate()
        seen.append(value)

    app.a.click(look, app.a, trigger_mode="always_last")
    async with app.running():
        app.session.set_value(app.a, 1)
        app.press()
        app.press()
        app.session.set_value(app.a, 2)
        gate.open.set()
        await app.settle()
    assert seen == [1, 2]


async def test_change_fires_when_an_output_became_different_only(app: App) -> None:  # EV-127 EV-129
    app.a.click(lambda: 1, None, app.b)
    app.b.change(lambda value: value, app.b, app.c)
    async with app.running():
        for _ in range(2):
            app.press()
            await app.settle()
    assert app.sink.values(app.b) == [1, 1]
    assert app.sink.values(app.c) == [1]


async def test_two_listeners_that_set_each_other_settle(app: App) -> None:  # EV-127
    app.a.change(lambda x: x, app.a, app.b)
    app.b.change(lambda x: x, app.b, app.a)
    async with app.running():
        app.session.set_value(app.a, 5)
        app.scheduler.changed(app.session, [app.a])
        await app.settle()
    assert app.sink.values(app.b) == [5]


async def test_a_group_never_runs_more_than_its_limit(app: App) -> None:  # EV-224 EV-227
    gate = Gate()
    app.a.click(gate, None, app.b, trigger_mode="multiple", concurrency_limit=2)
    async with app.running():
        for _ in range(6):
            app.press()
        await until(lambda: gate.inside == 2)
        gate.open.set()
        await app.settle()
    assert (gate.calls, gate.most) == (6, 2)


async def test_runs_start_in_the_order_of_acceptance(app: App) -> None:  # EV-227
    seen: list[int] = []
    app.a.click(lambda x: seen.append(x), app.a, trigger_mode="multiple")
    async with app.running():
        for number in range(20):
            app.session.set_value(app.a, number)
            app.press()
        await app.settle()
    assert seen == list(range(20))


async def test_a_full_queue_refuses(app: App) -> None:  # EV-229
    gate = Gate()
    app.graph.settings.max_size = 1
    app.a.click(gate, None, app.b, trigger_mode="multiple")
    async with app.running():
        for _ in range(3):
            app.press()
        errors = [s.message for s in app.sink.statuses if s.stage == "error"]
        gate.open.set()
        await app.settle()
    assert errors == ["Queue is full. Max size is 1 and size is 1."]
    assert gate.calls == 2


async def test_unqueued_runs_take_no_slot(app: App) -> None:  # EV-221
    gate = Gate()
    app.a.click(gate, None, app.b)
    app.c.click(lambda: "free", None, app.c, queue=False, concurrency_id="same")
    async with app.running():
        app.press()
        app.press(app.c)
        await until(lambda: app.sink.values(app.c) == ["free"])
        gate.open.set()
        await app.settle()


async def test_each_yield_is_a_step(app: App) -> None:  # EV-72 EV-74 EV-222 EV-322 EV-323
    def count() -> Iterator[Any]:
        yield 1
        yield {app.b: 2}
        yield update(label="done")

    dependency = app.a.click(count, None, app.b, queue=False)
    async with app.running():
        app.press()
        await app.settle()
    assert [step[app.b] for step in app.sink.steps] == [{"value": 1}, {"value": 2}, {"label": "done"}]
    assert app.stages(dependency) == ["pending", "generating", "generating", "generating", "complete"]


async def test_async_kinds_run_on_the_loop(app: App) -> None:  # EV-71 EV-72
    async def later() -> str:
        await anyio.lowlevel.checkpoint()
        return "later"

    async def steps() -> Any:
        for i in range(2):
            yield i

    app.a.click(later, None, app.b)
    app.a.click(steps, None, app.c)
    async with app.running():
        app.press()
        await app.settle()
    assert app.sink.values(app.b) == ["later"]
    assert app.sink.values(app.c) == [0, 1]


async def test_an_error_ends_the_run_and_nothing_else(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:  # EV-290
    def fail() -> None:
        raise RuntimeError("boom")

    dependency = app.a.click(fail, None, app.b)
    app.c.click(lambda: "well", None, app.d)
    async with app.running():
        app.press()
        await app.settle()
        app.press(app.c)
        await app.settle()
    assert app.stages(dependency)[-1] == "error"
    assert app.sink.statuses[-1].stage == "complete"
    assert "boom" in caplog.text


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit])
async def test_even_an_interrupt_in_a_handler_ends_only_its_run(
    app: App, raised: type[BaseException]
) -> None:  # EV-297
    def fail() -> None:
        raise raised

    async def fail_on_loop() -> None:
        raise raised

    first, second = app.a.click(fail), app.a.click(fail_on_loop)
    async with app.running():
        app.press()
        await app.settle()
    assert app.stages(first)[-1] == app.stages(second)[-1] == "error"


async def test_the_users_error_shows_its_message(app: App) -> None:  # EV-291
    def fail() -> None:
        raise Error("not so", duration=3, title="Oh")

    app.a.click(fail)
    async with app.running():
        app.press()
        await app.settle()
    last = app.sink.statuses[-1]
    assert (last.stage, last.message, last.title, last.duration) == ("error", "not so", "Oh", 3)


async def test_other_errors_are_told_only_with_show_error(app: App) -> None:  # EV-292
    def fail() -> None:
        raise ValueError("secret")

    app.a.click(fail)
    async with app.running():
        for show in (False, True):
            app.graph.settings.show_error = show
            app.press()
            await app.settle()
    assert [s.message for s in app.sink.statuses if s.stage == "error"] == [None, "secret"]


async def test_a_step_that_fails_half_way_delivers_nothing(app: App) -> None:  # EV-54
    app.a.click(lambda: ([1], "bad"), None, [app.state, app.b])
    async with app.running():
        app.press()
        await app.settle()
    assert app.sink.steps == []
    assert app.session.state(app.state) == []


async def test_processing_errors_name_side_and_component(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:  # EV-113
    app.a.click(lambda x: x, app.a, app.b)
    async with app.running():
        app.session.set_value(app.a, "unreadable")
        app.press()
        await app.settle()
    assert "preprocess of input 0 (box)" in caplog.text


async def test_chains_follow_in_order(app: App) -> None:  # EV-160 EV-161 EV-164
    order: list[str] = []
    first = app.a.click(lambda: order.append("first"), queue=False)
    first.then(lambda: order.append("then"), queue=False)
    first.success(lambda: order.append("success"), queue=False, concurrency_id="x")
    first.failure(lambda: order.append("failure"), queue=False)
    async with app.running():
        app.press()
        await app.settle()
    assert sorted(order[1:]) == ["success", "then"]
    assert order[0] == "first"


async def test_after_an_error_failure_and_then_follow(app: App) -> None:  # EV-161 EV-167
    seen: list[str] = []

    def fail() -> None:
        raise ValueError

    first = app.a.click(fail)
    first.success(lambda: seen.append("success"))
    first.failure(lambda: seen.append("failure")).then(lambda: seen.append("after"))
    first.then(lambda: seen.append("then"))
    async with app.running():
        app.press()
        await app.settle()
    assert sorted(seen) == ["after", "failure", "then"]


async def test_a_waiting_run_is_cancelled_before_it_starts(app: App) -> None:  # EV-272 EV-273
    gate = Gate()
    first = app.a.click(gate, None, app.b, trigger_mode="multiple")
    app.c.click(None, cancels=first)
    async with app.running():
        app.press()
        app.press()
        await until(lambda: gate.inside == 1)
        app.press(app.c)
        assert not app.session.runs([first.listener])  # EV-274
        gate.open.set()
        await until(lambda: gate.inside == 0)
    assert gate.calls == 1
    assert app.sink.values(app.b) == []
    assert app.stages(first).count("complete") == 2


async def test_the_slot_of_a_cancelled_function_is_held_until_it_ends(app: App) -> None:  # EV-230
    gate = Gate()
    first = app.a.click(gate, None, app.b, trigger_mode="multiple")
    app.c.click(None, cancels=first)
    async with app.running():
        app.press()
        await until(lambda: gate.inside == 1)
        app.press(app.c)
        app.press()
        await anyio.sleep(0.02)
        assert gate.calls == 1
        gate.open.set()
        await app.settle()
    assert (gate.calls, gate.most) == (2, 1)


async def test_a_cancelled_generator_is_closed(app: App) -> None:  # EV-78 EV-273 EV-276
    closed = threading.Event()

    def count() -> Iterator[int]:
        try:
            for i in range(1000):
                yield i
                threading.Event().wait(0.002)
        finally:
            closed.set()

    first = app.a.click(count, None, app.b)
    app.c.click(None, cancels=first)
    async with app.running():
        app.press()
        await until(lambda: app.sink.values(app.b))
        app.press(app.c)
        await until(closed.is_set)
    assert app.sink.values(app.b)[0] == 0
    assert app.stages(first)[-1] == "complete"


async def test_a_cancelled_async_generator_gets_cancelled_error(app: App) -> None:  # EV-273
    ended: list[str] = []

    async def wait() -> Any:
        yield 1
        try:
            await anyio.sleep(60)
        except BaseException as error:
            ended.append(type(error).__name__)
            raise

    first = app.a.click(wait, None, app.b)
    app.c.click(None, cancels=first)
    async with app.running():
        app.press()
        await until(lambda: app.sink.values(app.b))
        app.press(app.c)
        await until(lambda: ended)
    assert ended == ["CancelledError"]


async def test_cancelling_leaves_other_sessions_alone(app: App) -> None:  # EV-272
    gate = Gate()
    first = app.a.click(gate, None, app.b, concurrency_limit=None)
    app.c.click(None, cancels=first)
    other = Session(FakeSink())
    async with app.running():
        app.press()
        app.press(session=other)
        app.press(app.c)
        gate.open.set()
        await until(lambda: not other.pending)
    assert app.sink.values(app.b) == []
    assert other.sink.values(app.b) == ["through"]  # type: ignore[attr-defined]


async def test_state_is_kept_per_session_and_copied_at_first_use(app: App) -> None:  # EV-25 ST-22 ST-30
    def add(items: list[int]) -> str:
        items.append(1)
        return str(len(items))

    app.a.click(add, app.state, app.b)
    other = Session(FakeSink())
    async with app.running():
        for session in (app.session, app.session, other):
            app.press(session=session)
            await until(lambda: not session.pending)  # noqa: B023
    assert app.sink.values(app.b) == ["1", "2"]
    assert other.sink.values(app.b) == ["1"]  # type: ignore[attr-defined]
    assert app.state.value == []


async def test_an_in_place_change_of_a_state_output_fires_change(app: App) -> None:  # ST-61 ST-62 ST-66
    def add(items: list[int]) -> list[int]:
        items.append(1)
        return items

    app.a.click(add, app.state, app.state)
    app.c.click(lambda items: items, app.state, app.state)
    app.state.change(len, app.state, app.b)
    async with app.running():
        app.press()
        await app.settle()
        app.press(app.c)
        await app.settle()
    assert app.sink.values(app.b) == [1]


async def test_special_arguments_are_filled_in(app: App) -> None:  # EV-92 EV-95 EV-96
    def look(event: EventData, request: Request, progress: Any = Progress()) -> tuple[Any, ...]:
        progress(0.5, desc="half")
        return event.target is app.a, event.answer, request.session_hash == app.session.id

    app.a.click(look, None, [app.b, app.c, app.d])
    async with app.running():
        app.scheduler.trigger(app.session, app.a, "click", {"answer": 42})
        await app.settle()
    assert app.sink.steps[0] == {app.b: {"value": True}, app.c: {"value": 42}, app.d: {"value": True}}
    reported = [s.progress_data for s in app.sink.statuses if s.progress_data]
    assert reported == [[{"index": None, "length": None, "unit": "steps", "progress": 0.5, "desc": "half"}]]


async def test_the_run_is_known_inside_and_unknown_outside(app: App) -> None:  # EV-73
    seen: list[Any] = []

    def steps() -> Iterator[int]:
        for i in range(2):
            seen.append(current_run.get())
            yield i

    app.a.click(steps, None, app.b)
    async with app.running():
        app.press()
        await app.settle()
    assert seen[0] is seen[1] is not None
    assert current_run.get() is None


async def test_a_toast_reaches_the_session(app: App) -> None:  # EV-293
    app.a.click(lambda: info("note this"))
    async with app.running():
        app.press()
        await app.settle()
    assert [(m.level, m.message) for m in app.sink.messages] == [("info", "note this")]


def test_outside_a_run_a_message_is_printed(capsys: pytest.CaptureFixture[str]) -> None:  # EV-294
    info("hello")
    assert capsys.readouterr().out == "hello\n"


async def test_a_batch_is_formed_across_sessions(app: App) -> None:  # EV-250 EV-251 EV-253 EV-257
    sizes: list[int] = []
    gate = Gate()

    def double(values: list[int]) -> tuple[list[int]]:
        gate()
        sizes.append(len(values))
        return ([2 * v for v in values],)

    app.a.click(double, app.a, app.b, batch=True, max_batch_size=3, trigger_mode="multiple")
    sessions = [Session(FakeSink()) for _ in range(5)]
    async with app.running():
        for number, session in enumerate(sessions):
            session.set_value(app.a, number)
            app.press(session=session)
        gate.open.set()
        await until(lambda: not any(s.pending for s in sessions))
    assert sizes == [1, 3, 1]
    assert [s.sink.values(app.b) for s in sessions] == [[0], [2], [4], [6], [8]]  # type: ignore[attr-defined]


async def test_a_batch_of_the_wrong_shape_fails_all_its_runs(app: App) -> None:  # EV-252
    dependency = app.a.click(lambda values: ["ab"], app.a, app.b, batch=True)
    async with app.running():
        app.press()
        await app.settle()
    assert app.stages(dependency)[-1] == "error"


async def test_every_repeats_until_it_is_cancelled(app: App) -> None:  # EV-192 EV-193
    seen: list[Any] = []
    first = app.a.click(lambda x: seen.append(x), app.a, every=0.005)
    app.c.click(None, cancels=first)
    async with app.running():
        app.session.set_value(app.a, 1)
        app.press()
        await until(lambda: len(seen) > 2)
        app.session.set_value(app.a, 2)
        await until(lambda: 2 in seen)
        app.press(app.c)
        assert not app.session.pending
    assert seen[0] == 1


async def test_repetitions_pause_while_nobody_looks(app: App) -> None:  # ST-10
    seen: list[int] = []
    app.a.click(lambda: seen.append(1), every=0.001)
    async with app.running():
        app.press()
        await until(lambda: seen)
        app.session.watched = False
        await anyio.sleep(0.02)
        before = len(seen)
        await anyio.sleep(0.02)
        assert len(seen) - before <= 1
        app.session.watched = True
        await until(lambda: len(seen) > before + 1)
        app.scheduler.close_session(app.session)


async def test_positions_and_etas_are_told(app: App) -> None:  # EV-231 EV-320 EV-325
    gate = Gate()
    app.a.click(gate, None, app.b, trigger_mode="multiple")
    async with app.running():
        for _ in range(3):
            app.press()
        assert [(s.position, s.size) for s in app.sink.statuses] == [(0, 1), (0, 0), (0, 1), (1, 2)]
        gate.open.set()
        await app.settle()
    assert [s.eta is None for s in app.sink.statuses if s.stage == "pending"][:4] == [True] * 4


async def test_preprocess_and_postprocess_can_be_left_out(app: App) -> None:  # EV-110 EV-111
    app.a.click(lambda x: "bad", app.a, app.b, preprocess=False, postprocess=False)
    async with app.running():
        app.session.set_value(app.a, "unreadable")
        app.press()
        await app.settle()
    assert app.sink.values(app.b) == ["bad"]
