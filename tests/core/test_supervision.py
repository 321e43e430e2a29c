"""What fails ends alone: whatever task of the scheduler it is, and whatever is raised."""

from __future__ import annotations

import ast
import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest

import nbblocks
from nbblocks.core.calls import Plain
from nbblocks.core.errors import shown, text_of
from nbblocks.core.sessions import Session
from nbblocks.core.tasks import Lasting, Tasks

from .nodes import App, Clock, Memory, Screen, until

PACKAGE = Path(nbblocks.__file__).parent


class Odd(BaseException):
    """What nobody catches by name, and which cannot say what it is."""

    def __str__(self) -> str:
        raise SystemExit

    __repr__ = __str__


RAISED = [
    ValueError, KeyboardInterrupt, SystemExit, GeneratorExit, asyncio.CancelledError, StopIteration,
    StopAsyncIteration, Odd,
]  # fmt: skip
every_error = pytest.mark.parametrize("error", RAISED)


class Log(Plain):
    """Notes what has failed beside the runs."""

    def __init__(self) -> None:
        self.told: list[tuple[str, BaseException]] = []

    def broke(self, what: str, error: BaseException) -> None:
        self.told.append((what, error))


@pytest.fixture
def log(app: App) -> Log:
    """The log of the app, which also has a listener that behaves."""
    log = app.scheduler.surroundings = Log()
    app.c.click(lambda: "well", None, app.d)
    return log


async def still_works(app: App) -> None:
    """Check that other runs of the app go on as ever."""
    before = len(app.sink.values(app.d))
    await app.pressed(app.c)
    assert app.sink.values(app.d)[before:] == ["well"]


def failing(error: type[BaseException]) -> Callable[..., Any]:
    """A function that raises one of them."""

    def fail(*_: Any) -> Any:
        raise error()

    return fail


Setting = Callable[[App, Callable[..., Any]], None]


def a_handler(app: App, fail: Callable[..., Any]) -> None:
    app.a.click(fail, None, app.b)


def a_coroutine(app: App, fail: Callable[..., Any]) -> None:
    async def handler() -> None:
        await anyio.lowlevel.checkpoint()
        fail()

    app.a.click(handler, None, app.b)


def a_generator(app: App, fail: Callable[..., Any]) -> None:
    def handler() -> Iterator[int]:
        yield 1
        fail()

    app.a.click(handler, None, app.b)


def a_batch(app: App, fail: Callable[..., Any]) -> None:
    app.a.click(fail, None, app.b, batch=True)


def a_repetition(app: App, fail: Callable[..., Any]) -> None:
    app.a.click(fail, None, app.b, every=0.001)


def a_validator(app: App, fail: Callable[..., Any]) -> None:
    app.a.click(lambda value: value, app.b, app.b, validator=fail)


def a_postprocess(app: App, fail: Callable[..., Any]) -> None:
    app.b.postprocess = fail  # type: ignore[method-assign]
    app.a.click(lambda: 1, None, app.b)


def a_preprocess(app: App, fail: Callable[..., Any]) -> None:
    app.b.preprocess = fail  # type: ignore[method-assign]
    app.a.click(lambda value: value, app.b, app.b)


RUNS: list[Setting] = [
    a_handler, a_coroutine, a_generator, a_batch, a_repetition, a_validator, a_postprocess, a_preprocess,
]  # fmt: skip


@every_error
@pytest.mark.parametrize("setting", RUNS)
async def test_what_a_run_raises_ends_that_run(
    app: App, log: Log, setting: Setting, error: type[BaseException]
) -> None:  # TR-10
    setting(app, failing(error))
    async with app.running():
        for _ in range(2):
            app.press()
            await app.settle()
            assert app.sink.statuses[-1].stage == "error"
        await still_works(app)


def initial_state(app: App, fail: Callable[..., Any]) -> None:
    memory = Memory(50)
    memory.asks_for_initial, memory.initial = True, fail  # type: ignore[method-assign]
    app.graph.add_node(memory)


def unloading(app: App, fail: Callable[..., Any]) -> None:
    app.owner.unload(fail)


def deletion(app: App, fail: Callable[..., Any]) -> None:
    app.state.delete_callback = fail
    app.session.states.set(app.state, 1)


def async_deletion(app: App, fail: Callable[..., Any]) -> None:
    async def delete(value: Any) -> None:
        await anyio.lowlevel.checkpoint()
        fail()

    deletion(app, delete)


def expiry(app: App, fail: Callable[..., Any]) -> None:
    app.state.time_to_live = 0.0
    deletion(app, fail)


def interval(app: App, fail: Callable[..., Any]) -> None:
    clock = Clock(50, 1)
    clock.ticks_every = fail  # type: ignore[method-assign]
    app.graph.add_node(clock)


def tick(app: App, fail: Callable[..., Any]) -> None:
    clock = Clock(50, 0.001)
    app.graph.add_node(clock)
    clock.tick(fail)


def sweeping(app: App, fail: Callable[..., Any]) -> None:
    app.scheduler.sessions._left = fail  # type: ignore[method-assign]


BESIDE: list[Setting] = [
    initial_state, unloading, deletion, async_deletion, expiry, interval, tick, sweeping,
]  # fmt: skip


@every_error
@pytest.mark.parametrize("setting", BESIDE)
async def test_what_fails_beside_the_runs_ends_nothing_else(
    app: App, log: Log, setting: Setting, error: type[BaseException], caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip  # TR-10
    monkeypatch.setattr("nbblocks.core.sweeping.PERIOD", 0.001)
    setting(app, failing(error))
    async with app.running():
        app.scheduler.open_session(app.session, None)
        if setting in (unloading, deletion, async_deletion):
            app.scheduler.close_session(app.session)
        await until(lambda: any(record.exc_info for record in caplog.records))
        app.scheduler.close_session(app.session)
        app.session = Session(app.sink)
        await still_works(app)
    if setting not in (initial_state, tick):  # those are told as a toast, and as the error of a run
        assert log.told


@pytest.mark.parametrize("given", ["soon", -1, 0, float("nan"), float("inf"), True, [1], object(), Odd()])
async def test_an_interval_that_is_none_lets_the_timer_stand_still(app: App, log: Log, given: Any) -> None:
    # TR-10
    clock = Clock(50, 0.001)
    app.graph.add_node(clock)
    ticks: list[int] = []
    clock.tick(lambda: ticks.append(1))
    app.a.click(lambda value: value, app.b, clock, preprocess=False, postprocess=False)
    app.session.set_value(app.b, given)
    async with app.running():
        app.scheduler.open_session(app.session, None)
        await until(lambda: ticks)
        await app.pressed()
        await until(lambda: log.told)
        (what, error), count = log.told[0], len(ticks)
        assert "id 50" in what and shown(given) in str(error) and "stands still" in str(error)
        await anyio.sleep(0.02)
        assert len(ticks) <= count + 1 and len(log.told) == 1
        app.session.set_value(app.b, 0.001)  # and goes on with the next change
        await app.pressed()
        await until(lambda: len(ticks) > count + 2)
        app.scheduler.close_session(app.session)


class Broken(Screen):
    """A screen that fails at what a test names."""

    fails = ""

    def deliver(self, changes: Mapping[Any, Mapping[str, Any]]) -> None:
        self._fail("deliver")
        super().deliver(changes)

    def status(self, status: Any) -> None:
        self._fail(str(status.stage))
        super().status(status)

    def message(self, message: Any) -> None:
        self._fail("message")
        super().message(message)

    def _fail(self, what: str) -> None:
        if what == self.fails:
            raise SystemExit(what)


@pytest.mark.parametrize("fails", ["deliver", "complete", "error", "message"])
async def test_a_screen_that_fails_stops_no_listener(app: App, log: Log, fails: str) -> None:  # TR-10
    app.graph.settings.show_error = True
    app.sink = screen = Broken()
    app.session = Session(screen)
    app.a.click(lambda: 1 / (fails in ("complete", "deliver")), None, app.d)
    async with app.running():
        screen.fails = fails
        await app.pressed()
        assert not app.session.pending
        screen.fails = ""
        await still_works(app)


async def test_a_task_that_fails_is_told_and_the_others_go_on() -> None:  # TR-10
    told: list[tuple[str, BaseException]] = []
    done: list[int] = []

    async def fail(error: type[BaseException]) -> None:
        raise error()

    async def work() -> None:
        await anyio.sleep(0.01)
        done.append(1)

    async with anyio.create_task_group() as group:
        tasks = Tasks(group, lambda what, error: told.append((what, error)))
        tasks.start(work)
        for error in RAISED:
            tasks.start(fail, error)
    assert done and len(told) == len(RAISED) and all("fail" in what for what, _ in told)
    assert tasks.busy == 0


async def test_what_lasts_begins_again() -> None:  # TR-10
    left, told = list(RAISED), list[BaseException]()

    async def serve() -> None:
        if left:
            raise left.pop()()

    await Lasting(serve, lambda what, error: told.append(error), pause=0).run()
    assert len(told) == len(RAISED)


def test_only_the_supervising_place_starts_tasks() -> None:  # TR-10
    starts: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in (
                "start_soon",
                "create_task",
                "ensure_future",
            ):
                starts.add(f"{path.relative_to(PACKAGE)}: {node.attr}")
    assert starts == {"core/tasks.py: start_soon", "bridge/loops.py: ensure_future"}


def test_what_cannot_be_said_is_said_by_its_kind() -> None:  # TR-10
    assert text_of(Odd()) == "Odd" and "Odd" in shown(Odd())
    logging.getLogger("nbblocks").debug("%s", shown(1))
