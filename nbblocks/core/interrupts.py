"""Ends what a run awaits: once, as one CancelledError at its current await (EV-273)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import anyio

from .reaches import Reach
from .runs import Run

INTERRUPTED: Any = object()
"""What `interruptible` returns if the run was cancelled meanwhile."""


async def interruptible(owner: Run | Reach, awaited: Awaitable[Any]) -> Any:
    """Await something that ends when ``owner`` is interrupted; its value, or INTERRUPTED.

    :param owner: a run, which is with its cancellation, or the reach of its function, only when it is stopped

    A scope of anyio's cancels every await from then on, also those in a generator's ``finally``. asyncio can
    cancel once, so that such a block runs to its end; on other loops it is a scope.
    """
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    if task is None:
        return await _scoped(owner, awaited)
    interrupted = False

    def interrupt() -> None:
        nonlocal interrupted
        if not interrupted:
            interrupted = True
            task.cancel()

    owner.interrupt = interrupt
    try:
        value = await awaited
    except asyncio.CancelledError:
        if not interrupted:
            raise
        value = INTERRUPTED
    finally:
        owner.interrupt = None
        if interrupted:
            getattr(task, "uncancel", int)()  # since Python 3.11; a task counts its cancellations
    return value


async def _scoped(owner: Run | Reach, awaited: Awaitable[Any]) -> Any:
    value = INTERRUPTED
    with anyio.CancelScope() as scope:
        owner.interrupt = scope.cancel
        value = await awaited
    owner.interrupt = None
    return value
