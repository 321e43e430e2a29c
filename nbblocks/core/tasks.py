"""Tasks of the scheduler, each with the context that the scheduler began in. None ends the others."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Coroutine
from typing import Any

import anyio.abc
from typing_extensions import TypeVarTuple, Unpack

Args = TypeVarTuple("Args")
Failed = Callable[[str, BaseException], object]
"""Is told what was done, and what it has raised."""


def stopping() -> bool:
    """Whether the task at hand is being cancelled by whoever started it, and not by a handler."""
    return anyio.current_effective_deadline() == float("-inf")


class Tasks:
    """Starts tasks in ``group``. What a handler has set in its context does not reach those it leads to.

    The only place that starts tasks: what one raises, whatever it is, ends that one alone (TR-10).

    :param failed: is told of it
    """

    def __init__(self, group: anyio.abc.TaskGroup, failed: Failed) -> None:
        self._group, self._failed = group, failed
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
        except BaseException as error:
            if stopping():
                raise
            self._failed(getattr(fn, "__qualname__", repr(fn)), error)
        finally:
            self.busy -= 1
            del fn, args  # who keeps an exception of the user's code keeps this frame


class Lasting:
    """Something that goes on as long as the scheduler: it is begun again when it has raised something.

    :param pause: seconds before that
    """

    def __init__(
        self, serve: Callable[[], Coroutine[Any, Any, None]], failed: Failed, pause: float = 1.0
    ) -> None:
        self._serve, self._failed, self._pause = serve, failed, pause

    async def run(self) -> None:
        """Serve until cancelled, or until it returns."""
        while True:
            try:
                return await self._serve()
            except BaseException as error:
                if stopping():
                    raise
                self._failed(getattr(self._serve, "__qualname__", repr(self._serve)), error)
            await anyio.sleep(self._pause)
