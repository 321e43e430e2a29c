"""Tasks of the scheduler, each with the context that the scheduler began in."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from typing_extensions import TypeVarTuple, Unpack

if TYPE_CHECKING:
    import anyio.abc

Args = TypeVarTuple("Args")


class Tasks:
    """Starts tasks in ``group``. What a handler has set in its context does not reach those it leads to."""

    def __init__(self, group: anyio.abc.TaskGroup) -> None:
        self._group = group
        self._context = contextvars.copy_context()
        self.busy = 0
        """How many go on."""

    def start(self, fn: Callable[[Unpack[Args]], Coroutine[Any, Any, None]], *args: Unpack[Args]) -> None:
        """Run ``fn`` as a task, soon."""
        self.busy += 1
        self._context.copy().run(self._group.start_soon, self._run, fn, args)

    async def _run(self, fn: Callable[..., Coroutine[Any, Any, None]], args: tuple[Any, ...]) -> None:
        try:
            await fn(*args)
        finally:
            self.busy -= 1
