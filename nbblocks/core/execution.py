"""Carries out the runs of one slot: by the kind of function, once or repeatedly, alone or as a batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

import anyio
from anyio import to_thread

from .calls import END, Call, input_values, special_argument
from .nodes import Node
from .runs import Run

if TYPE_CHECKING:
    from .scheduler import Scheduler

T = TypeVar("T")


async def execute(scheduler: Scheduler, runs: list[Run]) -> None:
    """Carry out the runs of one slot to their real end; never raises what user code raised."""
    if runs[0].listener.batch:
        await _batch(scheduler, runs)
        return
    (run,) = runs
    try:
        if run.listener.every:
            await _repeat(scheduler, run)
        else:
            await _once(
                scheduler, run, lasting=run.listener.function is not None and run.listener.function.streams
            )
    except anyio.get_cancelled_exc_class():
        scheduler.end(run)
        raise
    except BaseException as error:  # noqa: BLE001 - KeyboardInterrupt and SystemExit end the run alone (EV-297)
        scheduler.end(run, error)
    else:
        scheduler.end(run)


async def _repeat(scheduler: Scheduler, run: Run) -> None:
    """One run that calls again and again, ``every`` seconds after the end of each call (EV-192)."""
    from .scheduler import gather

    while not run.cancelled and not run.session.closed:
        await run.session.until_watched()
        if run.cancelled or run.session.closed:
            return
        run.values = gather(run.session, run.listener)
        await _once(scheduler, run, lasting=True)
        with anyio.CancelScope() as run.batch_scope:
            if not run.cancelled:
                await anyio.sleep(run.listener.every or 0)
        run.batch_scope = None


async def _once(scheduler: Scheduler, run: Run, *, lasting: bool) -> None:
    call = Call(run, scheduler.surroundings, _observed(scheduler, run))
    function = run.listener.function
    assert function is not None
    if function.kind == "plain":
        scheduler.deliver(run, await _thread(scheduler, call.whole), generating=lasting)
    elif function.kind == "coroutine":
        await _thread(scheduler, call.prepare)
        result = await call.await_result()
        if not run.cancelled:
            scheduler.deliver(run, await _thread(scheduler, lambda: call.finish(result)), generating=lasting)
    elif function.kind == "generator":
        await _generator(scheduler, run, call)
    else:
        await _async_generator(scheduler, run, call)


async def _generator(scheduler: Scheduler, run: Run, call: Call) -> None:
    await _thread(scheduler, call.start_iterating)
    try:
        while not run.cancelled:
            step = await _thread(scheduler, call.next_step)
            if step is END:
                return
            scheduler.deliver(run, step, generating=True)
    finally:
        await _thread(scheduler, call.close)


async def _async_generator(scheduler: Scheduler, run: Run, call: Call) -> None:
    await _thread(scheduler, call.prepare)
    iterator = call.begin()
    try:
        while not run.cancelled:
            result: Any = END
            with anyio.CancelScope() as run.batch_scope:
                result = await call.next_async(iterator)
            if result is END or run.cancelled:
                return
            scheduler.deliver(
                run, await _thread(scheduler, lambda got=result: call.finish(got)), generating=True
            )
    finally:
        run.batch_scope = None
        close = getattr(iterator, "aclose", None)
        if close is not None:
            with call.inside():
                await close()


async def _batch(scheduler: Scheduler, runs: list[Run]) -> None:
    """One call for all runs, each with its own session's values and outputs (EV-250 to EV-258)."""
    ready: list[tuple[Run, list[Any]]] = []
    first = runs[0]
    call = Call(first, scheduler.surroundings)

    def inputs(run: Run) -> list[Any]:
        with Call(run, scheduler.surroundings).inside():
            return input_values(run)

    for run in runs:
        try:
            if not run.cancelled:
                ready.append((run, await _thread(scheduler, lambda run=run: inputs(run))))
        except Exception as error:  # noqa: BLE001, PERF203 - that run fails alone (EV-257)
            scheduler.end(run, error)
    if not ready:
        return
    try:
        columns = [list(column) for column in zip(*(values for _, values in ready), strict=True)]
        returned = await _call_batch(scheduler, call, columns)
        rows = _rows(first, returned, len(ready))
    except anyio.get_cancelled_exc_class():
        for run in runs:
            scheduler.end(run)
        raise
    except BaseException as error:  # noqa: BLE001 - as in execute
        for run, _ in ready:
            scheduler.end(run, error)
        return
    for (run, _), row in zip(ready, rows, strict=True):
        if run.cancelled:
            continue
        own = Call(run, scheduler.surroundings)
        result = (row[0] if len(row) == 1 else tuple(row)) if row else None
        try:
            step = await _thread(scheduler, lambda own=own, result=result: own.finish(result))
        except Exception as error:  # noqa: BLE001 - that run fails alone
            scheduler.end(run, error)
        else:
            scheduler.deliver(run, step, generating=False)
            scheduler.end(run)


async def _call_batch(scheduler: Scheduler, call: Call, columns: list[list[Any]]) -> Any:
    function = call.run.listener.function
    assert function is not None
    args, keywords = function.arguments(columns, lambda special: special_argument(call.run, special))
    if function.kind == "coroutine":
        with call.inside():
            return await function.fn(*args, **keywords)

    def run_it() -> Any:
        with call.inside():
            return function.fn(*args, **keywords)

    return await _thread(scheduler, run_it)


def _rows(run: Run, returned: Any, size: int) -> list[list[Any]]:
    """Turn the lists that a batch function returned into one row for each run (EV-251, EV-252)."""
    listener = run.listener
    wanted = f"a tuple of {len(listener.outputs)} lists with {size} entries each"
    if not listener.outputs and (returned is None or returned == [] or returned == ()):
        return [[] for _ in range(size)]
    columns = cast("list[Any]", returned)
    if not isinstance(returned, (list, tuple)) or len(columns) != len(listener.outputs):
        raise ValueError(
            f"the batch function {listener.name!r} must return {wanted}, got {type(columns).__name__}"
        )
    for column in columns:
        if not isinstance(column, (list, tuple)) or len(cast("list[Any]", column)) != size:
            told = repr(cast("object", column))[:80]
            raise ValueError(
                f"the batch function {listener.name!r} must return {wanted}, one of them is {told}"
            )
    return [list(row) for row in zip(*columns, strict=True)]


def _observed(scheduler: Scheduler, run: Run) -> list[Node]:
    if not run.session.follows:
        return []
    return [
        node
        for node in dict.fromkeys(run.listener.outputs)
        if node.stateful and scheduler.graph.triggered_by(node, "change")
    ]


async def _thread(scheduler: Scheduler, work: Callable[[], T]) -> T:
    """Do ``work`` in a worker thread; what it raises, KeyboardInterrupt included, is raised here."""

    def shielded() -> tuple[T | None, BaseException | None]:
        try:
            return work(), None
        except BaseException as error:  # noqa: BLE001 - a thread's KeyboardInterrupt must not reach the loop raw
            return None, error

    value, error = await to_thread.run_sync(shielded, limiter=scheduler.limiter)
    if error is not None:
        raise error
    return value  # pyright: ignore[reportReturnType]
