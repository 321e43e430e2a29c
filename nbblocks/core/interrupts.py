"""Ends what a run awaits: once, as one CancelledError at its current await (EV-273)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import anyio

from .runs import Run

INTERRUPTED: Any = object()
"""What `interruptible` returns if the run was cancelled meanwhile."""


async def interruptible(run: Run, awaited: Awaitable[Any]) -> Any:
    """Await something of ``run`` that ends with its cancellation; its value, or INTERRUPTED.

    A scope of anyio's cancels every await from then on, also those in a generator's ``finally``. asyncio can
    cancel once, so that such a block runs to its end; on other loops it is a scope.
    """
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    if task is None:
        return await _scoped(run, awaited)
    interrupted = False

    def interrupt() -> None:
        nonlocal interrupted
        if not interrupted:
            interrupted = True
            task.cancel()

    run.interrupt = interrupt
    try:
        value = await awaited
    except asyncio.CancelledError:
        if not interrupted:
            raise
        value = INTERRUPTED
    finally:
        run.interrupt = None
        if interrupted:
            getattr(task, "uncancel", int)()  # since Python 3.11; a task counts its cancellations
    return value


async def _scoped(run: Run, awaited: Awaitable[Any]) -> Any:
    value = INTERRUPTED
    with anyio.CancelScope() as scope:
        run.interrupt = scope.cancel
        value = await awaited
    run.interrupt = None
    return value
