"""Where blocking work is done: in worker threads here, or in an executor that the app was given."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from pickle import PicklingError
from typing import Any, Protocol, TypeVar

import anyio
from anyio import from_thread, lowlevel

from .errors import text_of
from .functions import Function

T = TypeVar("T")
Fn = TypeVar("Fn", bound=Callable[..., Any])


class Workers(Protocol):
    """Does blocking work beside the scheduler's loop."""

    async def run(self, work: Callable[[], T]) -> T:
        """Do ``work`` and return or raise what it does, KeyboardInterrupt and the like included."""
        ...


class Remote:
    """One call in an executor: made, waited for, and called off if it has not begun."""

    def __init__(self, executor: Executor, workers: Workers) -> None:
        self._executor, self._workers = executor, workers
        # Others, Dask's for one, cancel what runs already, and would have the slot free too early.
        self._tells = type(executor).__module__.startswith("concurrent.futures.")
        self._future: Future[Any] | None = None
        self._called_off = False

    async def call(self, fn: Callable[..., Any], args: list[Any], keywords: dict[str, Any]) -> Any:
        """Call ``fn`` there and return its result, or raise what it has raised.

        :raises TypeError: if function, arguments or result cannot be sent
        :raises CancelledError: if it was called off before it began
        """
        done = anyio.Event()
        token, loop_thread = lowlevel.current_token(), threading.get_ident()

        def told(_: Future[Any]) -> None:
            if threading.get_ident() == loop_thread:  # it was done already, or has been called off
                done.set()
                return
            try:
                from_thread.run_sync(done.set, token=token)
            except RuntimeError:  # the loop has ended, so nobody waits
                return

        # Sending may take as long as the arguments are large.
        sent = _as_named(fn)
        try:
            self._future = await self._workers.run(lambda: self._executor.submit(sent, *args, **keywords))
        except (TypeError, AttributeError, PicklingError) as error:
            raise _explained(error, fn) from error
        except BrokenExecutor as error:
            text = f"{text_of(error)} An earlier call has broken it: make a new one, and the app anew"
            raise type(error)(text) from error
        if self._called_off and self._tells:
            self._future.cancel()
        self._future.add_done_callback(told)
        await done.wait()
        if self._future.cancelled():
            raise CancelledError
        error = self._future.exception()
        if error is not None:
            raise _explained(error, fn)
        return self._future.result()

    def call_off(self) -> None:
        """Take the call back if it has not begun; one that has goes on to its end."""
        self._called_off = True
        if self._future is not None and self._tells:
            self._future.cancel()


def _as_named(fn: Callable[..., Any]) -> Callable[..., Any]:
    """What stands under the name of ``fn`` in its module, if that wraps it: functions are sent by name."""
    found: Any = sys.modules.get(getattr(fn, "__module__", None) or "")
    for part in getattr(fn, "__qualname__", "").split("."):
        found = getattr(found, part, None)
    return found if getattr(found, "__wrapped__", None) is fn else fn


def _explained(error: BaseException, fn: Callable[..., Any]) -> BaseException:
    if isinstance(error, (TypeError, AttributeError, PicklingError)):
        if isinstance(error, PicklingError) or "pickle" in str(error) or "serializ" in str(error):
            name = getattr(fn, "__name__", repr(fn))
            told = TypeError(
                f"{name} cannot be sent to the executor: {error}. A process pool takes functions of modules "
                "only, and arguments and results that pickle; Dask and loky take those of a notebook too"
            )
            told.__cause__ = error
            return told
    if isinstance(error, BrokenExecutor) and not _is_importable(fn):
        name = getattr(fn, "__name__", repr(fn))
        broken = type(error)(
            f"{name} is defined in the notebook, and a process of the executor has ended with it. Such a "
            f"process finds functions by name, and has no {name} if it was begun before the cell that "
            "defines it, or by 'spawn' or 'forkserver'. Put it into a module and import that; or make the"
            " pool after it, with mp_context=multiprocessing.get_context('fork'); or use Dask, which "
            "sends functions themselves. This pool is broken: make a new one"
        )
        broken.__cause__ = error
        return broken
    return error


def _is_importable(fn: Callable[..., Any]) -> bool:
    """Whether other processes find it: it stands in a file that can be imported."""
    module = sys.modules.get(getattr(fn, "__module__", None) or "")
    return getattr(module, "__spec__", None) is not None and getattr(module, "__name__", "") != "__main__"


def stays(fn: Fn) -> Fn:
    """Mark a function that must run in this process, because of what it does here."""
    fn.stays = True  # pyright: ignore[reportFunctionMemberAccess]
    return fn


def can_be_sent(function: Function) -> bool:
    """Whether an executor can run it: plain functions without special arguments can, unless marked."""
    return function.kind == "plain" and not function.specials and not getattr(function.fn, "stays", False)
