"""Calling one listener of an app directly: ``demo(...)`` (AP-80)."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, cast

import anyio

from nbblocks.bridge import cells
from nbblocks.bridge.component import Component
from nbblocks.client.client import to_wire
from nbblocks.client.job import wire_of
from nbblocks.core import results
from nbblocks.core.errors import InvalidApiNameError
from nbblocks.core.events import EventData
from nbblocks.core.execution import rows_of
from nbblocks.core.functions import Special
from nbblocks.core.listeners import Listener
from nbblocks.core.progress import Progress
from nbblocks.core.requests import Request
from nbblocks.core.sessions import Session, check_inputs

from .aside import apart, in_a_thread

if TYPE_CHECKING:
    from .blocks import Blocks


def call(app: Blocks, inputs: Sequence[Any], fn_index: int, api_name: str | None) -> Any:
    """As `Blocks.__call__`: a session of its own, thrown away (ST-2)."""
    app.graph.check()
    listener = _listener(app, fn_index, api_name)
    function = listener.function
    if function is None:
        raise ValueError(f"the listener {listener.id} has no Python function to call")
    if function.streams:
        raise ValueError(f"{function.told} is a generator: call it with gr.Client(demo)")
    check_inputs(listener)
    if any(node.stateful for node in (*listener.inputs, *listener.outputs)):
        raise ValueError(
            f"{function.told} uses State, which belongs to a session: call it with gr.Client(demo)"
        )
    if len(inputs) < len(listener.inputs):
        raise ValueError(f"{function.told} needs {len(listener.inputs)} values, got {len(inputs)}")
    session = Session(follows=False)

    def special(wanted: Special) -> Any:
        return _special(wanted, session)

    with apart(app.host.cache):
        values = [
            _user_value(listener, session, index, given)
            for index, given in enumerate(inputs[: len(listener.inputs)])
        ]
        if listener.batch:
            values = [[value] for value in values]
        args = [dict(zip(listener.inputs, values, strict=True))] if listener.inputs_as_dict else values
        given, keywords = function.arguments(args, special)
        returned = _called(function.fn, given, keywords, coroutine=function.kind == "coroutine")
        if listener.batch:
            (row,) = rows_of(listener, returned, 1)
            returned = (row[0] if len(row) == 1 else row) if row else None
        found = results.deliveries(listener, session, results.spread(listener, returned))
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

    async def awaited() -> Any:
        return await cast("Coroutine[Any, Any, Any]", fn(*args, **keywords))

    return in_a_thread(lambda: anyio.run(awaited), "nbblocks-call")


def _special(special: Special, session: Session) -> Any:
    if issubclass(special.make, Progress):
        return special.default
    if issubclass(special.make, Request):
        return Request(session_hash=session.id, kernel_id=cells.kernel_id())
    if issubclass(special.make, EventData):
        return special.make(None, None)
    raise TypeError(f"no argument for parameter {special.name!r} of type {special.make.__name__}")
