"""How a program that knows Gradio drives an app of nbblocks, in one process and without a page.

`call` runs one listener to its end with the values that a page would send; `client` gives an object with
Gradio's client methods. Both go through `nbblocks.Client`: its queue, its session, its file cache.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import Any, cast

import nbblocks
from nbblocks.bridge import cache
from nbblocks.bridge.component import Component
from nbblocks.client.client import to_wire
from nbblocks.client.job import wire_of
from nbblocks.core.results import Delivery

STEPS = 25
"""A generator is asked for at most so many steps: some have no end."""

ANY_EVENT = {
    "index": 0,
    "value": "a",
    "selected": True,
    "key": "a",
    "clicked": True,
    "liked": True,
    "id": "a",
}
"""What a page might send with an event: a handler that asks for event data never gets none from a page."""

_clients: weakref.WeakKeyDictionary[nbblocks.Blocks, nbblocks.Client] = weakref.WeakKeyDictionary()


def client(demo: nbblocks.Blocks) -> nbblocks.Client:
    """A client of ``demo``: predict(), or submit() for a job with result(), outputs(), status(), cancel()."""
    return nbblocks.Client(demo)


def call(
    demo: nbblocks.Blocks, index: int, values: Sequence[Any], event_data: dict[str, Any] | None = None
) -> list[Any]:
    """Run the listener with id ``index`` once and return one value per output, in the form a page gets.

    All calls of one app share a session. What a generator yielded last is what is returned.

    :param values: what a page would send, one per input; files lie anywhere, None stands for State
    :param event_data: fields of the event that the listener may ask for, None for some that pages send; its
        target is the block that fired
    :raises AppError: if the handler failed
    """
    user = _clients.get(demo)
    if user is None:
        user = _clients[demo] = client(demo)
    listener = demo.fns[index]
    token = cache.active.set(demo.host.cache)
    try:
        wires = [
            None if node.stateful else to_wire(cast("Component[Any, Any]", user.session.view(node)), value)
            for node, value in zip(listener.inputs, values, strict=True)
        ]
    finally:
        cache.active.reset(token)
    job = user.run(listener, wires, event_data or dict(ANY_EVENT))
    for count, _ in enumerate(job, 1):
        if count == STEPS:
            job.cancel()
            break
    else:
        job.result()
    last = {delivery.node: delivery for delivery in (job.deliveries or [[]])[-1]}
    return [None if node.stateful else _for_page(node, last.get(node)) for node in listener.outputs]


def _for_page(node: Any, delivery: Delivery | None) -> Any:
    """What an output got, its properties in the form a page gets."""
    found = wire_of(delivery, paths=False)
    if delivery is None or not delivery.props:
        return found
    block = delivery.configured or node
    return {**found, **{name: block.page_prop(name, value) for name, value in delivery.props.items()}}
