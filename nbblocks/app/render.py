"""``@gr.render``: a part of an app that a function builds anew, as often as its triggers fire."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, TypeVar

from nbblocks.bridge.layout import Layout
from nbblocks.bridge.placing import open_layout
from nbblocks.core.events import BoundEvent, ShowProgress, TriggerMode, on
from nbblocks.core.functions import inspect_function
from nbblocks.core.graph import building
from nbblocks.core.nodes import Node
from nbblocks.core.registration import as_nodes
from nbblocks.core.workers import stays
from nbblocks.layout import Column, Row

Fn = TypeVar("Fn", bound=Callable[..., Any])


def render(
    inputs: Node | Sequence[Node] | AbstractSet[Node] | None = None,
    triggers: BoundEvent | Sequence[BoundEvent] | None = None,
    *,
    queue: bool | None = True,
    trigger_mode: TriggerMode | None = "always_last",
    concurrency_limit: int | str | None = None,
    concurrency_id: str | None = None,
    show_progress: ShowProgress = "full",
) -> Callable[[Fn], Fn]:
    """Decorate a function that builds a part of the app: what it makes stands where the function stands.

    Each run takes the place of the one before, listeners included. A component with a ``key`` stays the same
    component and keeps what its ``preserved_by_key`` names; a listener with one stays the same listener.
    Listeners that use components made in the function are registered in it; they may use others as well. What
    the function returns is ignored, and if it fails the previous content stays.

    :param inputs: components whose values the function gets
    :param triggers: what sets it off; None: the app's load, and the ``change`` of each input that has one
    :param queue, trigger_mode, concurrency_limit, concurrency_id, show_progress: as of every event method
    :raises ValueError: outside of a Blocks context
    :raises TypeError: for a generator or a coroutine function
    """
    if building.get() is None or open_layout.get() is None:
        raise ValueError("gr.render must be used inside of a nbblocks.Blocks context")
    as_nodes("inputs", inputs)

    def decorate(fn: Fn) -> Fn:
        function = inspect_function(fn)
        if function.kind != "plain":
            kind = function.kind.replace("_", " ")
            raise TypeError(f"gr.render takes a plain function, {function.told} is a {kind}")
        container = _container()

        @stays
        @functools.wraps(fn)
        def rebuild(*args: Any, **kwargs: Any) -> Any:
            from nbblocks.bridge.rendering import build  # loaded with the first app that runs

            return build(container, fn, *args, **kwargs)

        rebuild.__name__ = function.name
        on(
            triggers,
            rebuild,
            inputs,
            container,
            queue=queue,
            trigger_mode=trigger_mode,
            concurrency_limit=concurrency_limit,
            concurrency_id=concurrency_id,
            show_progress=show_progress,
            show_api=False,
        )
        return fn

    return decorate


def _container() -> Layout:
    """Where the content is going to stand; it shows how a run gets on."""
    return (Row if isinstance(open_layout.get(), Row) else Column)(show_progress=True)
