"""Carries out the runs of one slot: by the kind of function, once or repeatedly, alone or as a batch."""

from __future__ import annotations

import functools
import itertools
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any, cast

import anyio
from anyio import lowlevel

from .calls import END, Call
from .errors import shown
from .functions import Function
from .interrupts import interruptible
from .nodes import Node
from .reaches import Driven, Reach
from .runs import Run
from .sessions import gather
from .workers import Remote

if TYPE_CHECKING:
    from .listeners import Listener
    from .scheduler import Scheduler


async def execute(scheduler: Scheduler, runs: Sequence[Run]) -> None:
    """Carry out the runs of one slot to their real end; never raises what user code raised."""
    try:
        if _function(runs[0]).on_loop:
            # The loop's turn for others: a coroutine handler that never waits would leave it none.
            await lowlevel.checkpoint()
        if runs[0].listener.batch:
            await _batch(scheduler, runs)
        elif runs[0].listener.every is not None:
            await _repeat(scheduler, runs[0])
        else:
            await _once(scheduler, runs[0], lasting=_function(runs[0]).streams)
    except anyio.get_cancelled_exc_class() as error:
        if not scheduler.stopping:
            # A handler has cancelled its own task: that is an error of its own, and none of the scheduler's.
            told = RuntimeError(f"the handler was cancelled from inside: {shown(error)}")
            told.__cause__ = error
            _end_all(scheduler, runs, told)
            return
        # Those of sessions that were closed have ended before.
        _end_all(scheduler, runs, RuntimeError("the app's scheduler has ended, and this run with it"))
        raise
    except BaseException as error:  # noqa: BLE001 - KeyboardInterrupt and SystemExit end the run alone (EV-297)
        _end_all(scheduler, runs, error)
    else:
        _end_all(scheduler, runs)
    finally:
        del runs  # who keeps an exception of the user's code keeps this frame


def _end_all(scheduler: Scheduler, runs: Sequence[Run], error: BaseException | None = None) -> None:
    for run in runs:
        scheduler.end(run, error)


async def _repeat(scheduler: Scheduler, run: Run) -> None:
    """One run that calls again and again, ``every`` seconds after the end of each call (EV-192)."""
    session, every = run.session, run.listener.every
    for repetition in itertools.count():
        if not run.cancelled:  # nobody would interrupt it
            await interruptible(run, session.until_watched())
        if run.cancelled or session.closed:
            return
        if repetition and session.follows:  # a Client has no values but those it has passed
            run.values = gather(session, run.listener)
            run.knows = session.precedence.count
        await _once(scheduler, run, lasting=True)
        if run.cancelled or session.closed:
            return
        timer = scheduler.ticker(session, every).next_tick if isinstance(every, Node) else None
        await interruptible(run, timer() if timer else anyio.sleep(cast("float", every)))


async def _once(scheduler: Scheduler, run: Run, *, lasting: bool) -> None:
    if run.cancelled:  # between its start and now
        return
    call = Call(run, scheduler.surroundings, _observed(scheduler, run))
    try:
        workers, kind = scheduler.workers, _function(run).kind
        if kind == "plain":
            if (executor := scheduler.executor_of(run.listener)) is None:
                step = await workers.run(call.whole)
            else:
                await workers.run(call.prepare)
                result = await _remotely(Remote(executor, workers), call)
                step = await workers.run(functools.partial(call.finish, result))
            scheduler.deliver(run, step, generating=lasting)
        elif kind == "coroutine":
            await _prepared(scheduler, call)
            result = await interruptible(run.reach, call.await_result())
            await _finished(scheduler, call, result, generating=lasting)
        elif kind == "generator":
            await _generator(scheduler, run, call)
        else:
            await _async_generator(scheduler, run, call)
    finally:
        call.let_go()
        del run, call  # who keeps an exception of the user's code keeps this frame


async def _prepared(scheduler: Scheduler, call: Call) -> None:
    if call.takes_a_thread:
        await scheduler.workers.run(call.prepare)
    else:
        call.prepare()


async def _finished(scheduler: Scheduler, call: Call, result: Any, *, generating: bool) -> None:
    if call.run.cancelled:
        return
    if call.step_takes_a_thread(result):
        step = await scheduler.workers.run(lambda: call.finish(result))
    else:
        step = call.finish(result)
    scheduler.deliver(call.run, step, generating=generating)


async def _remotely(remote: Remote, call: Call) -> Any:
    run = call.run
    run.interrupt = remote.call_off
    try:
        with call.inside():  # an executor of threads may take along what is known there
            return await remote.call(_function(run).fn, *call.arguments)
    except CancelledError:
        if run.cancelled:
            return None  # what is returned for a cancelled run is dropped
        raise RuntimeError("the executor has cancelled the call") from None
    finally:
        run.interrupt = None


async def _generator(scheduler: Scheduler, run: Run, call: Call) -> None:
    workers = scheduler.workers
    clock = _Allowance(scheduler, run)
    await workers.run(call.start_iterating)
    try:
        while not run.cancelled and clock.left:
            with clock:
                step = await workers.run(call.next_step)
            if step is END:
                return
            scheduler.deliver(run, step, generating=True)
    finally:
        with anyio.CancelScope(shield=True):
            await workers.run(call.close)


async def _async_generator(scheduler: Scheduler, run: Run, call: Call) -> None:
    await _prepared(scheduler, call)
    clock = _Allowance(scheduler, run)
    iterator = call.iterate()
    try:
        while not run.cancelled and clock.left:
            with clock:
                result = await interruptible(run, call.next_async(iterator))
            if result is END or run.cancelled:
                return
            await _finished(scheduler, call, result, generating=True)
    finally:
        await _aclose(call, iterator)


async def _aclose(call: Call, iterator: AsyncIterator[Any]) -> None:
    close = getattr(iterator, "aclose", None)
    if close is not None:
        with anyio.CancelScope(shield=True), call.inside():
            await close()


class _Allowance:
    """The function time that a streaming run may still use: a context around each of its steps."""

    def __init__(self, scheduler: Scheduler, run: Run) -> None:
        self._clock = scheduler.clock
        self._limit = run.listener.time_limit
        self._used = self._since = 0.0

    @property
    def left(self) -> bool:
        """Whether another step may begin."""
        return self._limit is None or self._used < self._limit

    def __enter__(self) -> None:
        self._since = self._clock()

    def __exit__(self, *_: object) -> None:
        self._used += self._clock() - self._since


async def _batch(scheduler: Scheduler, runs: Sequence[Run]) -> None:
    """One call for all runs, each with its own session's values and outputs (EV-250 to EV-258)."""
    calls = [Call(run, scheduler.surroundings, _observed(scheduler, run)) for run in runs]
    try:
        await _called_at_once(scheduler, calls)
    finally:
        while calls:
            calls.pop().let_go()
        del runs  # as in `_once`


async def _called_at_once(scheduler: Scheduler, calls: Sequence[Call]) -> None:
    ready: list[tuple[Call, list[Any]]] = []
    for call in calls:
        try:
            if not call.run.cancelled:
                ready.append((call, await scheduler.workers.run(call.inputs)))
        except BaseException as error:  # noqa: BLE001, PERF203 - that run fails alone (EV-257)
            _pass_on_cancellation(scheduler, error)
            scheduler.end(call.run, error)
    if not ready:
        return
    reach = Reach()
    for call, _ in ready:
        call.run.reach = reach
    columns = [list(column) for column in zip(*(values for _, values in ready), strict=True)]
    returned = await _call_batch(scheduler, ready[0][0], columns)
    listener = calls[0].run.listener
    rows = rows_of(listener, returned, len(ready))
    for (call, _), row in zip(ready, rows, strict=True):
        result = (row[0] if len(row) == 1 else tuple(row)) if row else None
        try:
            await _finished(scheduler, call, result, generating=False)
        except BaseException as error:  # noqa: BLE001 - that run fails alone
            _pass_on_cancellation(scheduler, error)
            scheduler.end(call.run, error)
        else:
            scheduler.end(call.run)


def _pass_on_cancellation(scheduler: Scheduler, error: BaseException) -> None:
    if scheduler.stopping and isinstance(error, anyio.get_cancelled_exc_class()):
        raise error


async def _call_batch(scheduler: Scheduler, call: Call, columns: list[list[Any]]) -> Any:
    function = _function(call.run)
    listener = call.run.listener
    given = [dict(zip(listener.inputs, columns, strict=True))] if listener.inputs_as_dict else columns
    args, keywords = function.arguments(given, call.special)
    if function.kind == "coroutine":
        with call.inside():
            awaited = Driven(call.run.reach, function.fn(*args, **keywords))
            return await interruptible(call.run.reach, awaited)
    executor = scheduler.executor_of(listener)
    if executor is not None:
        with call.inside():
            return await Remote(executor, scheduler.workers).call(function.fn, args, keywords)

    def run_it() -> Any:
        with call.inside():
            return call.run.reach.call(function.fn, *args, **keywords)

    return await scheduler.workers.run(run_it)


def rows_of(listener: Listener, returned: Any, size: int) -> list[list[Any]]:
    """Turn the lists that a batch function returned into one row for each run (EV-251, EV-252).

    :raises ValueError: if they are of another shape
    """
    outputs = len(listener.outputs)
    if not outputs and (returned is None or returned == [] or returned == ()):
        return [[] for _ in range(size)]
    columns = cast("list[Any]", returned)
    if not isinstance(returned, (list, tuple)) or len(columns) != outputs:
        raise _unlike(listener, size, f"got {type(columns).__name__}")
    for column in columns:
        if not isinstance(column, (list, tuple)) or len(cast("list[Any]", column)) != size:
            raise _unlike(listener, size, f"one of them is {shown(cast('object', column), 80)}")
    return [list(row) for row in zip(*columns, strict=True)]


def _unlike(listener: Listener, size: int, what: str) -> ValueError:
    wanted = f"a tuple of {len(listener.outputs)} lists with {size} entries each"
    return ValueError(f"the batch function {listener.told!r} must return {wanted}, {what}")


def _observed(scheduler: Scheduler, run: Run) -> list[Node]:
    if not run.session.follows:
        return []
    return [
        node
        for node in dict.fromkeys(run.listener.outputs)
        if node.stateful and scheduler.graph.triggered_by(node, "change")
    ]


def _function(run: Run) -> Function:
    assert run.listener.function is not None
    return run.listener.function
