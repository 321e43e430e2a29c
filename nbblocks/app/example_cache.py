"""What a function gives for rows of examples, kept."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

import anyio

from nbblocks.bridge import cache
from nbblocks.bridge.cleaning import paths_within
from nbblocks.core import results
from nbblocks.core.context import current_run
from nbblocks.core.execution import rows_of
from nbblocks.core.functions import Special, inspect_function
from nbblocks.core.graph import building
from nbblocks.core.listeners import Listener
from nbblocks.core.nodes import Node, own
from nbblocks.core.progress import Progress
from nbblocks.core.requests import Request
from nbblocks.core.updates import MARK, is_skip, is_update, update

from .aside import apart, in_a_thread
from .example_files import ExampleFiles, kept_directory

if TYPE_CHECKING:
    from .blocks import Blocks
    from .examples import Examples

NOT_FOR_UPDATES = ("render", "key", "preserved_by_key")


class ExampleCache:
    """What ``examples.fn`` gave for each row, one wire value per output.

    It goes with the files of the app that it names: an app that was closed and is shown again has none,
    unless the environment names a directory to keep them in.
    """

    def __init__(self, examples: Examples) -> None:
        assert examples.fn is not None
        self._rows = examples.examples
        self._app: Blocks | None = None
        graph = building.get()
        if graph is not None:
            self._app = cast("Blocks", graph.owner)
        self._listener = Listener(
            id=-1,
            triggers=(),
            function=inspect_function(examples.fn),
            inputs=tuple(examples.inputs),
            outputs=tuple(examples.outputs),
            batch=examples.batch,
            preprocess=examples.preprocess,
            postprocess=examples.postprocess,
        )
        directory = kept_directory()
        assert self._listener.function is not None
        self._files = None if directory is None else ExampleFiles(directory, self._listener.function)
        self._kept: WeakKeyDictionary[cache.FileCache, dict[int, list[Any]]] = WeakKeyDictionary()
        self._locks: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)

    def of(self, index: int) -> list[Any]:
        """The outputs for a row. The function is called once, whoever asks; an error is not kept."""
        with self._apart():
            kept = self._kept.setdefault(cache.current(), {})
            with self._locks[index]:
                if index not in kept:
                    outputs = kept[index] = self._outputs(self._rows[index])
                    cache.current().pin(paths_within(outputs, cache.current().root))
                return kept[index]

    def compute(self, row: Sequence[Any]) -> list[Any]:
        """The outputs for values that are not among the examples; they are not kept."""
        with self._apart():
            return self._outputs(row)

    def _apart(self) -> AbstractContextManager[None]:
        """The app's files at hand, and no run that progress or toasts would belong to (CP-163)."""
        store = None
        if cache.active.get() is None and self._app is not None:
            store = cast("Blocks", self._app.graph.owner).host.cache
        return apart(store, {current_run: None})

    def _outputs(self, row: Sequence[Any]) -> list[Any]:
        listener = self._listener
        pairs = enumerate(zip(listener.inputs, row, strict=False))
        wires = [results.postprocess(listener, node, index, value) for index, (node, value) in pairs]
        known = None if self._files is None else self._files.get(wires)
        if known is not None:
            return known
        outputs = self._call(wires)
        if self._files is not None:
            self._files.put(wires, outputs)
        return outputs

    def _call(self, wires: Sequence[Any]) -> list[Any]:
        listener = self._listener
        function = listener.function
        assert function is not None
        args = [own(wire) for wire in wires]
        if listener.preprocess:
            pairs = enumerate(zip(listener.inputs, wires, strict=False))
            args = [results.preprocess(listener, node, index, wire) for index, (node, wire) in pairs]
        if listener.batch:
            args = [[arg] for arg in args]
        given, keywords = function.arguments(args, _special)
        returned = _last_of(function.fn, given, keywords, function.kind)
        if listener.batch:
            (values,) = rows_of(listener, returned, 1)
        else:
            values = results.spread(listener, returned)
        return [
            self._wire(index, node, value)
            for index, (node, value) in enumerate(zip(listener.outputs, values, strict=True))
        ]

    def _wire(self, index: int, node: Node, value: Any) -> Any:
        """A returned value as a listener may return it that does not postprocess."""
        listener = self._listener
        if isinstance(value, Node):
            props = {
                name: given for name, given in value.constructor_args.items() if name not in NOT_FOR_UPDATES
            }
            value = update(**props)
        if is_skip(value):
            return value
        if is_update(value):
            props = {name: given for name, given in value.items() if name != MARK}
            if "value" in props and listener.postprocess:
                view = node.reconfigured({name: given for name, given in props.items() if name != "value"})
                props["value"] = results.postprocess(listener, view, index, props["value"])
            return {MARK: "update", **props}
        if node.stateful or not node.has_value or not listener.postprocess:
            return value
        return results.postprocess(listener, node, index, value)


def _special(special: Special) -> Any:
    if issubclass(special.make, Progress):
        return special.default
    return Request() if issubclass(special.make, Request) else special.make(None, None)


def _last_of(fn: Callable[..., Any], args: Sequence[Any], keywords: dict[str, Any], kind: str) -> Any:
    """What ``fn`` returns in the end: of a generator its last value."""
    if kind == "plain":
        return fn(*args, **keywords)
    if kind == "generator":
        last = None
        for last in fn(*args, **keywords):  # noqa: B007
            pass
        return last

    async def awaited() -> Any:
        if kind == "coroutine":
            return await fn(*args, **keywords)
        last = None
        async for last in fn(*args, **keywords):  # noqa: B007
            pass
        return last

    return in_a_thread(lambda: anyio.run(awaited), "nbblocks-example")
