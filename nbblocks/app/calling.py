"""Calling one listener of an app directly: ``demo(...)`` (AP-80)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, cast

import anyio

from nbblocks.bridge import cache
from nbblocks.bridge.component import Component
from nbblocks.client.client import to_wire
from nbblocks.client.job import wire_of
from nbblocks.core import results
from nbblocks.core.errors import InvalidApiNameError
from nbblocks.core.events import EventData
from nbblocks.core.functions import Special
from nbblocks.core.listeners import Listener
from nbblocks.core.progress import Progress
from nbblocks.core.requests import Request
from nbblocks.core.sessions import Session

if TYPE_CHECKING:
    from .blocks import Blocks


def call(app: Blocks, inputs: Sequence[Any], fn_index: int, api_name: str | None) -> Any:
    """As `Blocks.__call__`: a session of its own, thrown away (ST-2)."""
    listener = _listener(app, fn_index, api_name)
    function = listener.function
    if function is None:
        raise ValueError(f"the listener {listener.id} has no Python function to call")
    if function.streams:
        raise ValueError(f"{function.name} is a generator: call it with gr.Client(demo)")
    if any(node.stateful for node in (*listener.inputs, *listener.outputs)):
        raise ValueError(
            f"{function.name} uses State, which belongs to a session: call it with gr.Client(demo)"
        )
    if len(inputs) < len(listener.inputs):
        raise ValueError(f"{function.name} needs {len(listener.inputs)} values, got {len(inputs)}")
    session = Session(follows=False)
    token = cache.active.set(app.host.cache)
    try:
        values = [
            _user_value(listener, session, index, given)
            for index, given in enumerate(inputs[: len(listener.inputs)])
        ]
        if listener.batch:
            values = [[value] for value in values]
        args = [dict(zip(listener.inputs, values, strict=True))] if listener.inputs_as_dict else values
        given, keywords = function.arguments(args, _special)
        returned = _called(function.fn, given, keywords, coroutine=function.kind == "coroutine")
        if listener.batch:
            columns = [column[0] for column in returned]
            returned = columns[0] if len(columns) == 1 else columns
        found = results.deliveries(listener, session, results.spread(listener, returned))
    finally:
        cache.active.reset(token)
    by_node = {delivery.node: delivery for delivery in found}
    wires = [wire_of(by_node.get(node)) for node in listener.outputs]
    return wires[0] if len(wires) == 1 else wires or None


def _listener(app: Blocks, fn_index: int, api_name: str | None) -> Listener:
    if api_name is not None:
        for listener in app.fns.values():
            if listener.api_name == api_name.removeprefix("/"):
                return listener
        raise InvalidApiNameError(f"Cannot find a function with api_name {api_name}")
    found = app.fns.get(fn_index)
    if found is None:
        raise ValueError(f"the app has no listener {fn_index}")
    return found


def _user_value(listener: Listener, session: Session, index: int, given: Any) -> Any:
    node = cast("Component[Any, Any]", listener.inputs[index])
    wire = to_wire(node, given)
    return results.preprocess(listener, session.view(node), index, wire) if listener.preprocess else wire


def _called(fn: Callable[..., Any], args: Sequence[Any], keywords: dict[str, Any], *, coroutine: bool) -> Any:
    if not coroutine:
        return fn(*args, **keywords)
    ended: list[Any] = []

    async def awaited() -> Any:
        return await cast("Coroutine[Any, Any, Any]", fn(*args, **keywords))

    def run() -> None:
        try:
            ended.append((anyio.run(awaited), None))
        except BaseException as error:  # noqa: BLE001 - it is raised where the app was called
            ended.append((None, error))

    # The calling thread may have a running loop, as a notebook's has.
    thread = threading.Thread(target=run, name="nbblocks-call")
    thread.start()
    thread.join()
    value, error = ended[0]
    if error is not None:
        raise error
    return value


def _special(special: Special) -> Any:
    if issubclass(special.make, Progress):
        return special.default
    if issubclass(special.make, Request):
        return Request()
    if issubclass(special.make, EventData):
        return special.make(None, None)
    raise TypeError(f"no argument for parameter {special.name!r} of type {special.make.__name__}")
