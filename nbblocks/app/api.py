"""``gr.api``: an endpoint of a function alone, without components (AP-95)."""

from __future__ import annotations

import inspect
import typing
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Generator,
    Iterable,
    Iterator,
)
from typing import Any, ClassVar, Literal, TypeVar, cast

from nbblocks.bridge import files
from nbblocks.bridge.component import Component
from nbblocks.bridge.schemas import is_file, schema_of_type
from nbblocks.core.filedata import FileData
from nbblocks.core.functions import Function, inspect_function
from nbblocks.core.graph import Graph, open_graph
from nbblocks.core.listeners import Dependency, Visibility
from nbblocks.core.registration import Options, register

Fn = TypeVar("Fn", bound=Callable[..., Any])
_STREAMS = (Generator, AsyncGenerator, Iterator, AsyncIterator, Iterable, AsyncIterable)


class Api(Component[Any, Any]):
    """A parameter or a result of such an endpoint. It stands in no layout, and no page knows of it."""

    label: str
    """Name of the parameter, or of the result."""

    def __init__(self, label: str, annotation: Any, default: Any = None) -> None:
        self.label, self.schema = label, schema_of_type(annotation)
        super().__init__({"value": default}, {"render": False})

    def preprocess(self, payload: Any) -> Any:
        """The value as it was passed; files as `FileData`."""
        return _converted(payload, FileData)

    def postprocess(self, value: Any) -> Any:
        """The value as it was returned; files are copied into the app's cache."""
        return _converted(value, _stored)

    def api_info(self) -> dict[str, Any]:
        """The schema of the annotation."""
        return self.schema

    def page_state(self) -> dict[str, Any]:
        """Nothing."""
        return {}


class ApiFile(Api):
    """A parameter annotated as a file: Clients pass paths."""

    takes_files: ClassVar[bool] = True


def api(
    fn: Callable[..., Any] | Literal["decorator"] = "decorator",
    *,
    api_name: str | None = None,
    api_description: str | Literal[False] | None = None,
    queue: bool = True,
    batch: bool = False,
    max_batch_size: int = 4,
    concurrency_limit: int | Literal["default"] | None = "default",
    concurrency_id: str | None = None,
    api_visibility: Visibility = "public",
    time_limit: float | None = None,
    stream_every: float = 0.5,
) -> Any:
    """Register an endpoint that calls ``fn``: no component, no event, for Clients alone.

    What it takes and returns is said by the annotations, and passed as it is: JSON-like data, and any object
    within the kernel. ``FileData`` stands for a file, a ``tuple`` returned for several results. A generator
    yields steps; ``Iterator[str]`` says what they are.

    :param fn: the function; omitted, the call returns a decorator
    :param api_name: name of the endpoint; None takes the function's
    :param api_description: what view_api says of it; None takes the docstring's first part, False nothing
    :param queue, batch, max_batch_size, concurrency_limit, concurrency_id, api_visibility: as of every event
        method
    :return: the `Dependency`, or a decorator if ``fn`` was omitted
    :raises AttributeError: outside of a Blocks context
    :raises ValueError: for a parameter without a type hint, or one that a Client could not pass
    """
    options = Options(
        api_name=api_name,
        api_description=api_description,
        queue=queue,
        batch=batch,
        max_batch_size=max_batch_size,
        concurrency_limit=concurrency_limit,
        concurrency_id=concurrency_id,
        api_visibility=api_visibility,
        time_limit=time_limit,
        stream_every=stream_every,
        show_progress="hidden",
    )
    graph = open_graph("call api")
    if fn != "decorator":
        return _register(graph, fn, options)

    def decorate(handler: Fn) -> Fn:
        _register(graph, handler, options)
        return handler

    return decorate


def _register(graph: Graph, fn: Callable[..., Any], options: Options) -> Dependency:
    function = inspect_function(fn)
    inputs = [_placed(graph, one) for one in _parameters(function, options.batch)]
    outputs = [_placed(graph, one) for one in _results(function, options.batch)]
    return register(graph, (), fn, inputs, outputs, options)


def _placed(graph: Graph, node: Api) -> Api:
    graph.add_node(node)
    return node


def _parameters(function: Function, batch: bool) -> list[Api]:
    hints = _hints(function)
    special = {one.name for one in function.specials}
    found: list[Api] = []
    for parameter in inspect.signature(function.fn).parameters.values():
        if parameter.name in special:
            continue
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise ValueError(f"gr.api: {function.told} takes *{parameter.name}, which a Client cannot pass")
        if parameter.kind is parameter.KEYWORD_ONLY:
            if parameter.default is parameter.empty:
                raise ValueError(
                    f"gr.api: the parameter {parameter.name!r} of {function.told} is keyword-only and has no "
                    "default: values are passed in order"
                )
            continue
        if parameter.name not in hints:
            raise ValueError(
                f"gr.api: the parameter {parameter.name!r} of {function.told} has no type hint, which says "
                "what a Client is to pass"
            )
        default = None if parameter.default is parameter.empty else parameter.default
        found.append(
            _value(parameter.name, _item(hints[parameter.name]) if batch else hints[parameter.name], default)
        )
    return found


def _results(function: Function, batch: bool) -> list[Api]:
    hint = _hints(function).get("return", Any)
    if function.streams and typing.get_origin(hint) in _STREAMS:
        hint = typing.get_args(hint)[0]
    if hint in (None, type(None)):
        return []
    args = typing.get_args(hint)
    several = typing.get_origin(hint) is tuple and Ellipsis not in args
    hints = list(args) if several else [hint]
    return [
        _value(f"value_{index}" if index else "value", _item(one) if batch else one)
        for index, one in enumerate(hints)
    ]


def _value(name: str, annotation: Any, default: Any = None) -> Api:
    return (ApiFile if is_file(schema_of_type(annotation)) else Api)(name, annotation, default)


def _item(hint: Any) -> Any:
    """What stands in the lists that a batch function takes and returns."""
    args = typing.get_args(hint)
    return args[0] if args else Any


def _hints(function: Function) -> dict[str, Any]:
    for one in (function.fn, getattr(function.fn, "func", None), type(function.fn).__call__):
        try:
            return typing.get_type_hints(one)
        except (TypeError, NameError):  # no function, or a name that is known to type checkers alone  # noqa: PERF203
            continue
    return {}


def _converted(value: Any, convert: Callable[[dict[str, Any]], Any]) -> Any:
    """``value`` with each file record in it converted; what has none is the very same object."""
    if isinstance(value, FileData):
        return convert(value)
    if type(value) in (list, tuple):
        given = cast("list[Any]", value)
        items = [_converted(one, convert) for one in given]
        changed = any(new is not old for new, old in zip(items, given, strict=True))
        return type(given)(items) if changed else given
    if type(value) is dict:
        record = cast("dict[Any, Any]", value)
        found = {name: _converted(one, convert) for name, one in record.items()}
        return found if any(found[name] is not record[name] for name in found) else record
    return value


def _stored(record: dict[str, Any]) -> dict[str, Any]:
    stored = files.store(record["path"])
    return FileData({**stored, "orig_name": record.get("orig_name") or stored["orig_name"]})
