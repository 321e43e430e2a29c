"""``await demo.wait(button.click)``: the next time that an event fires, for the code that waits."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Sequence
from contextlib import contextmanager
from importlib import metadata
from typing import TYPE_CHECKING, Any, cast

from nbblocks.bridge import cells
from nbblocks.core import events
from nbblocks.core.events import BoundEvent, EventData, Trigger
from nbblocks.core.listeners import Dependency
from nbblocks.core.places import warn
from nbblocks.core.registration import Options, as_nodes, register

if TYPE_CHECKING:
    from collections.abc import Generator

    from nbblocks.bridge.host import Host

    from .blocks import Blocks

_waiting: weakref.WeakKeyDictionary[Any, list[asyncio.Future[Any]]] = weakref.WeakKeyDictionary()
"""Who waits for events of an app."""
DATA: dict[str, type[EventData]] = {
    "copy": events.CopyData,
    "delete": events.DeletedFileData,
    "download": events.DownloadData,
    "edit": events.EditData,
    "key_up": events.KeyUpData,
    "like": events.LikeData,
    "retry": events.RetryData,
    "select": events.SelectData,
    "undo": events.UndoData,
}
"""What is told of an event, by its name; of others it is `EventData`."""
BEAT = 0.5
"""Seconds after which whoever waits looks up."""
SUBSHELLS = (7, 2)
"""The first ipykernel that answers pages while a cell runs."""


async def wait(
    app: Blocks, event: BoundEvent | Sequence[BoundEvent], inputs: Any = None, timeout: float | None = None
) -> Any:
    """As `Endpoints.wait`."""
    bound = list(event) if isinstance(event, (list, tuple)) else [cast("BoundEvent", event)]
    for given in bound:
        if not isinstance(given, BoundEvent):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(
                f"wait() needs events such as button.click, got {type(given).__name__}: {given!r}"
            )
    triggers = tuple(trigger for given in bound for trigger in given.triggers)
    if not triggers:
        raise ValueError("wait() needs at least one event")
    nodes = as_nodes("inputs", inputs)
    _check_kernel()
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    one = inputs is not None and not isinstance(inputs, (list, tuple, set, frozenset))

    def happened(*values: Any, event_data: EventData) -> None:
        found: Any = event_data if inputs is None else values[0] if one else values

        def tell() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(_settle, future, found)

        host = _host(app)
        if host is not None:  # whoever waits may read `box.value` next
            host.outbox.when_mirrored(tell)

    kind = DATA.get(triggers[0].event, EventData) if len({t.event for t in triggers}) == 1 else EventData
    happened.__annotations__["event_data"] = kind
    with _listening(app, triggers, happened, nodes), _noted(app, future):
        end = None if timeout is None else loop.time() + timeout
        # An interrupt of the kernel is heeded when its loop next wakes up, whatever it sleeps for.
        while not future.done() and (end is None or loop.time() < end):
            if await _was_interrupted(future, BEAT if end is None else min(BEAT, end - loop.time())):
                raise KeyboardInterrupt
        if not future.done():
            names = " or ".join(dict.fromkeys(_name_of(trigger) for trigger in triggers))
            raise TimeoutError(f"no {names} within {timeout} seconds")
        return future.result()


async def _was_interrupted(future: asyncio.Future[Any], seconds: float) -> bool:
    """Wait for so long at most; True if the kernel was interrupted, which ipykernel makes a cancellation."""
    try:
        await asyncio.wait([future], timeout=seconds)
    except asyncio.CancelledError:
        if not _is_cell(asyncio.current_task()):
            raise
        return True
    return False


def _is_cell(task: asyncio.Task[Any] | None) -> bool:
    """Whether it is what runs a cell, which only an interrupt of the kernel cancels."""
    return task is not None and getattr(task.get_coro(), "__name__", "") == "run_cell_async"


def closed(app: Blocks) -> None:
    """Tell all who wait for events of ``app`` that none will come. Any thread."""
    for future in list(_waiting.get(app, ())):
        error = RuntimeError("the app was closed: the event that is waited for cannot come any more")
        loop = future.get_loop()
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, future, error)


def _settle(future: asyncio.Future[Any], found: Any) -> None:
    if future.done():
        return
    if isinstance(found, RuntimeError):
        future.set_exception(found)
    else:
        future.set_result(found)


@contextmanager
def _noted(app: Blocks, future: asyncio.Future[Any]) -> Generator[None]:
    _waiting.setdefault(app, []).append(future)
    try:
        yield
    finally:
        _waiting[app].remove(future)


@contextmanager
def _listening(
    app: Blocks, triggers: tuple[Trigger, ...], happened: Any, nodes: Sequence[Any]
) -> Generator[None]:
    """A listener for as long as somebody waits: pages report what is listened to, and nothing else."""
    options = Options(
        api_name=False, show_progress="hidden", queue=False, trigger_mode="multiple", concurrency_limit=None
    )
    dependency = register(app.graph, triggers, happened, list(nodes), None, options)
    try:
        app.graph.check()
        _refresh(app)
        yield
    finally:
        _forget(app, dependency)


def _forget(app: Blocks, dependency: Dependency) -> None:
    app.graph.remove(dependency.listener)
    _refresh(app)


def _refresh(app: Blocks) -> None:
    host = _host(app)
    if host is not None and not host.closed:
        host.refresh()


def _host(app: Blocks) -> Host | None:
    return app.running_host if app.outer is None else app.outer.running_host


def _name_of(trigger: Trigger) -> str:
    source = cast("Any", trigger.source)
    return f"{trigger.event} of {getattr(source, 'type_name', None) or repr(source.name)}"


def _check_kernel() -> None:
    """Warn where a cell that waits would wait for ever."""
    if cells.shell() is None or cells.current_cell() is None:
        return
    found = metadata.version("ipykernel")
    if tuple(int(part) for part in found.split(".")[:2]) < SUBSHELLS:
        warn(
            f"ipykernel {found} tells of clicks only between cells, so that a cell which awaits one never "
            "ends: install ipykernel 7.2 or newer, or wait in a task, asyncio.create_task(...)",
            RuntimeWarning,
        )
