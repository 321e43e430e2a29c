"""Functions that run in an executor: a process pool and Dask, both with processes of their own."""

from __future__ import annotations

import asyncio
import functools
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from nbblocks.core.events import EventData
from nbblocks.core.progress import Progress
from nbblocks.core.requests import Request

from . import remote
from .nodes import App, quiet, until, values_of


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    """A process pool, whose processes are there."""
    # Not fork: a process with threads must not.
    with ProcessPoolExecutor(2, get_context("forkserver")) as pool:
        list(pool.map(remote.double, range(4)))
        yield pool


@pytest.fixture(scope="module")
def dask() -> Iterator[Executor]:
    """Dask with two processes of one thread each."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=":0",
            silence_logs=50,
        ) as cluster,
        Client(cluster) as client,
    ):
        executor = client.get_executor(pure=False)
        list(executor.map(remote.double, range(4)))
        yield executor


@pytest.fixture(scope="module", params=["pool", "dask"])
def executor(request: pytest.FixtureRequest) -> Executor:
    return request.getfixturevalue(request.param)


@pytest.fixture(params=["listener", "app"])
def sent(request: pytest.FixtureRequest, app: App, executor: Executor) -> dict[str, Any]:
    """Options of listeners that run in the executor: set on each, or for the whole app."""
    app.graph.settings.show_error = True
    if request.param == "app":
        app.graph.settings.executor = executor
        return {}
    return {"executor": executor}


class Door:
    """Functions that wait in another process until it is opened."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fn(self) -> Any:
        """A function of one input, the name of the run."""
        return functools.partial(remote.wait, str(self.folder))

    def open(self) -> None:
        (self.folder / "open").touch()

    def names(self, what: str) -> set[str]:
        """Names of those that have come to run, or to end."""
        return {path.stem for path in self.folder.glob(f"*.{what}")}


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    door = Door(tmp_path)
    yield door
    door.open()


# -- what is sent and what comes back


async def test_a_function_runs_in_another_process(app: App, sent: dict[str, Any]) -> None:
    app.a.click(remote.double, app.a, app.b, **sent)
    app.a.click(remote.pid, None, app.c, **sent)
    app.a.click(remote.pair, [app.a], [app.c, app.d], queue=False, **sent)
    app.c.click(functools.partial(remote.pair, "partly"), app.a, [app.c, app.d], **sent)
    async with app.running():
        app.session.set_value(app.a, 21)
        await app.pressed(app.a)
        await app.pressed(app.c)
    assert app.sink.values(app.b) == [42]
    assert os.getpid() not in app.sink.values(app.c)
    assert sorted(map(str, app.sink.values(app.d))) == ["21", "partly"]


async def test_values_are_processed_here(app: App, sent: dict[str, Any]) -> None:  # EV-110 EV-111 EV-112
    app.a.shout = app.b.shout = True
    app.a.click(remote.pair, [app.a, app.state], [app.c, app.b], **sent)
    app.d.click(remote.keep, [app.state, app.a], [app.state, app.c], **sent)
    async with app.running():
        before = app.session.state(app.state)
        app.session.set_value(app.a, "a")
        await app.pressed(app.a)
        await app.pressed(app.d)
        assert before == [] and app.session.state(app.state) == ["A"]
    assert app.sink.values(app.b) == ["A"] and app.sink.values(app.c) == [[], 1]


async def test_statuses_and_chains_are_as_ever(app: App, sent: dict[str, Any]) -> None:  # EV-322 EV-161
    dependency = app.a.click(remote.double, app.a, app.b, **sent)
    change = app.b.change(remote.double, app.b, app.c, **sent)
    chained = dependency.then(remote.double, app.b, app.d, **sent)
    async with app.running():
        app.session.set_value(app.a, 1)
        await app.pressed()
    assert app.stages(dependency) == ["pending", "pending", "complete"]
    assert app.order == [one["id"] for one in (dependency, change, chained)]
    assert app.sink.values(app.c) == app.sink.values(app.d) == [4]
    assert app.scheduler.means[dependency.listener].count == 1


async def test_a_repetition_runs_there_each_time(app: App, sent: dict[str, Any]) -> None:  # EV-192
    dependency = app.a.click(remote.pid, None, app.b, every=0.001, **sent)
    async with app.running():
        app.press()
        await until(lambda: len(app.sink.values(app.b)) >= 3)
        app.cancel(dependency)
    assert os.getpid() not in app.sink.values(app.b)


async def test_a_batch_runs_there_whole(app: App, sent: dict[str, Any], door: Door) -> None:  # EV-250 EV-257
    app.d.click(door.fn(), app.d, concurrency_id="g", **sent)
    app.a.click(remote.many, app.a, app.b, batch=True, concurrency_id="g", **sent)
    bad = app.c.click(remote.wrong, app.a, app.b, batch=True, **sent)
    sessions = [app.session_of() for _ in range(4)]
    async with app.running():
        app.session.set_value(app.d, "first")
        app.press(app.d)
        for number, session in enumerate(sessions):
            session.set_value(app.a, "unreadable" if number == 2 else number)
            app.press(session=session)
        door.open()
        await app.settle(app.session, *sessions)
        await app.pressed(app.c)
    results = [value for session in sessions for value in values_of(session, app.b)]
    assert [number for number, _ in results] == [0, 1, 3]
    assert len({process for _, process in results} - {os.getpid()}) == 1
    assert "'wrong' must return" in app.error(bad)


# -- limits and cancelling


async def test_a_limit_holds_there_too(app: App, sent: dict[str, Any], door: Door) -> None:  # EV-224 EV-227
    app.a.click(door.fn(), app.a, app.b, trigger_mode="multiple", **sent)
    async with app.running():
        for name in "abc":
            app.session.set_value(app.a, name)
            app.press()
        await until(lambda: door.names("runs"))
        await quiet()
        assert door.names("runs") == {"a"} and app.scheduler.waiting == 2
        door.open()
        await app.settle()
    assert app.sink.values(app.b) == ["a", "b", "c"]


async def test_a_waiting_run_is_never_sent(app: App, sent: dict[str, Any], door: Door) -> None:  # EV-273
    first = app.a.click(door.fn(), app.a, app.b, trigger_mode="multiple", **sent)
    async with app.running():
        app.session.set_value(app.a, "a")
        app.press()
        await until(lambda: door.names("runs"))
        app.session.set_value(app.a, "b")
        app.press()
        app.scheduler.cancel(app.session.runs()[1:])
        door.open()
        await app.settle()
        assert app.sink.values(app.b) == ["a"]
    assert door.names("runs") == {"a"} and app.stages(first).count("complete") == 2


@pytest.mark.parametrize("how", ["cancel", "close"])
async def test_a_running_one_goes_on_and_keeps_its_slot(
    app: App, sent: dict[str, Any], door: Door, how: str
) -> None:  # EV-273 EV-230 EV-278
    first = app.a.click(door.fn(), app.a, app.b, trigger_mode="multiple", **sent)
    other = app.session_of()
    async with app.running():
        for name, session in (("a", app.session), ("b", other)):
            session.set_value(app.a, name)
            app.press(session=session)
        await until(lambda: door.names("runs"))
        if how == "cancel":
            app.cancel(first)
        else:
            app.scheduler.close_session(app.session)
        assert not app.session.pending and app.stages(first)[-1] == "complete"
        await quiet()
        await asyncio.sleep(0.05)  # what an executor might have begun shows in other processes only
        assert door.names("runs") == {"a"} and app.scheduler.waiting == 1
        door.open()
        await app.settle(other)
    assert door.names("ended") == {"a", "b"}
    assert app.sink.values(app.b) == [] and values_of(other, app.b) == ["b"]


async def test_one_that_waits_in_the_executor_is_called_off(
    app: App, pool: Executor, door: Door
) -> None:  # EV-273
    first = app.a.click(
        door.fn(), app.a, app.b, trigger_mode="multiple", concurrency_limit=None, executor=pool
    )
    async with app.running():
        for number in range(12):
            app.session.set_value(app.a, str(number))
            app.press()
        await until(lambda: len(door.names("runs")) == 2)
        app.cancel(first)
        door.open()
        # All slots are freed: those of the calls that went on, and those of the calls that never began.
        await until(lambda: not app.scheduler.queue._groups)
    assert len(door.names("ended")) < 12 and app.sink.values(app.b) == []


# -- errors


@pytest.mark.parametrize(
    ("fn", "told"),
    [(remote.fail, "no x"), (remote.leave, "left x")],
)
async def test_an_error_there_is_an_error_here(
    app: App, executor: Executor, fn: Any, told: str, caplog: pytest.LogCaptureFixture
) -> None:  # EV-290 EV-297
    if fn is remote.leave and not isinstance(executor, ProcessPoolExecutor):
        pytest.skip("a worker of Dask's ends with SystemExit")
    app.graph.settings.show_error = True
    dependency = app.a.click(fn, app.a, app.b, executor=executor)
    app.c.click(remote.double, app.a, app.b, executor=executor)
    async with app.running():
        app.session.set_value(app.a, "x")
        await app.pressed()
        app.session.set_value(app.a, 1)
        await app.pressed(app.c)
    assert app.error(dependency) == told and app.sink.values(app.b) == [2]
    assert fn.__name__ in caplog.text


async def test_what_cannot_be_sent_is_told(app: App, sent: dict[str, Any]) -> None:  # EV-290
    held = threading.Lock()

    def local(x: Any) -> Any:
        return x, held

    function = app.a.click(local, app.a, app.b, **sent)
    argument = app.b.click(remote.double, app.state, app.b, **sent)
    async with app.running():
        app.session.write_state(app.state, held)
        await app.pressed(app.a)
        await app.pressed(app.b)
    assert "local cannot be sent to the executor" in app.error(function)
    assert "double cannot be sent to the executor" in app.error(argument)
    assert app.sink.values(app.b) == []


async def test_what_cannot_be_sent_back_is_told(app: App, pool: Executor) -> None:  # EV-290
    # Dask never ends a call whose result it cannot serialise, so there is nothing to be told of.
    app.graph.settings.show_error = True
    dependency = app.a.click(remote.lock, None, app.b, executor=pool)
    async with app.running():
        await app.pressed()
    assert "lock cannot be sent to the executor" in app.error(dependency)


async def test_a_decorated_function_of_a_module_can_be_sent(
    app: App, pool: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:  # EV-5
    app.graph.settings.show_error = True
    decorate = app.a.click(inputs=app.a, outputs=app.b, executor=pool)
    monkeypatch.setattr(remote, "decorated", decorate(remote.decorated))
    async with app.running():
        app.session.set_value(app.a, 2)
        await app.pressed()
    assert not app.sink.messages and app.sink.values(app.b) == [6]


async def test_a_process_that_dies_ends_its_run(app: App, caplog: pytest.LogCaptureFixture) -> None:  # EV-290
    app.graph.settings.show_error = True
    with ProcessPoolExecutor(1, get_context("forkserver")) as pool:
        dependency = app.a.click(remote.die, executor=pool)
        after = app.b.click(remote.pid, None, app.b, executor=pool)
        app.c.click(lambda: "well", None, app.d)
        async with app.running():
            await app.pressed(app.a)
            await app.pressed(app.b)  # the pool is broken for good
            await app.pressed(app.c)
    assert app.stages(dependency)[-1] == app.stages(after)[-1] == "error"
    assert BrokenProcessPool.__name__ in caplog.text and app.sink.values(app.d) == ["well"]


async def test_a_worker_of_dasks_that_dies_ends_its_run(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:  # EV-290
    import dask as configuration
    from distributed import Client, LocalCluster

    app.graph.settings.show_error = True
    with (
        configuration.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(
            n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
        ) as cluster,
        Client(cluster) as client,
    ):
        dependency = app.a.click(remote.die, executor=client.get_executor(pure=False))
        app.c.click(lambda: "well", None, app.d)
        async with app.running():
            await app.pressed(app.a)
            await app.pressed(app.c)
    assert app.stages(dependency)[-1] == "error"
    assert "KilledWorker" in caplog.text and app.sink.values(app.d) == ["well"]


async def test_an_executor_that_was_shut_down_fails_runs(app: App) -> None:  # EV-290
    app.graph.settings.show_error = True
    threads = ThreadPoolExecutor()
    threads.shutdown()
    dependency = app.a.click(remote.pid, None, app.b, executor=threads)
    app.c.click(lambda: "well", None, app.d)
    async with app.running():
        await app.pressed(app.a)
        await app.pressed(app.c)
    assert "after shutdown" in app.error(dependency) and app.sink.values(app.d) == ["well"]


# -- what stays


async def test_other_kinds_stay_in_this_process(app: App, pool: Executor) -> None:  # EV-8
    def progress(report: Any = Progress()) -> int:
        report(0.5)
        return os.getpid()

    def request(request: Request) -> int:
        return os.getpid()

    def event(event: EventData) -> int:
        return os.getpid()

    for fn in (remote.coroutine, progress, request, event):
        with pytest.warns(UserWarning, match=f"{fn.__name__} will run in this process") as told:
            app.a.click(fn, None, app.b, executor=pool)
        assert len(told) == 1 and told[0].filename == __file__
    with pytest.warns(UserWarning, match="steps will run in this process"):
        app.a.click(remote.steps, app.a, app.b, executor=pool)
    async with app.running():
        await app.pressed()
    assert app.sink.values(app.b).count(os.getpid()) == 5


async def test_a_validator_stays_too(app: App, pool: Executor) -> None:  # EV-298
    looked: list[int] = []
    app.a.click(remote.pid, None, app.b, validator=lambda: looked.append(os.getpid()), executor=pool)
    async with app.running():
        await app.pressed()
    assert looked == [os.getpid()] != app.sink.values(app.b)


@pytest.mark.parametrize("given", [3, "pool", print])
def test_what_is_no_executor_is_refused(app: App, given: Any) -> None:
    with pytest.raises(TypeError, match="executor must be a concurrent"):
        app.a.click(remote.pid, None, app.b, executor=given)


async def test_a_function_that_a_pool_cannot_find_is_told_with_what_to_do(app: App) -> None:  # TR-67
    main = sys.modules["__main__"]

    def greet(name: str) -> str:
        return name

    greet.__module__, greet.__qualname__ = "__main__", "greet"
    main.greet = greet  # type: ignore
    app.graph.settings.show_error = True
    try:
        with ProcessPoolExecutor(1, get_context("forkserver")) as own:
            own.submit(remote.pid).result()
            first = app.a.click(greet, app.a, app.b, executor=own)
            second = app.c.click(remote.double, app.a, app.b, executor=own)
            async with app.running():
                app.session.set_value(app.a, "Ada")
                await app.pressed()
                await app.pressed(app.c)
    finally:
        del main.greet  # type: ignore
    for part in ("greet is defined in the notebook", "module", "'fork'", "Dask", "make a new one"):
        assert part in app.error(first).replace("&#x27;", "'")
    assert "make a new one" in app.error(second)
