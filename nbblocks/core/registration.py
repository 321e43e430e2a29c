"""Checks the parameters of a listener and registers it."""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from .events import ShowProgress, Trigger, TriggerMode
from .functions import Function, inspect_function
from .graph import Graph
from .listeners import Dependency, Listener, Visibility
from .nodes import Node
from .places import warn
from .workers import can_be_sent


@dataclass(frozen=True)
class Options:
    """The listener parameters of the events specification, section 18, as they were given."""

    api_name: str | Literal[False] | None = None
    scroll_to_output: bool = False
    show_progress: ShowProgress | bool = "full"
    queue: bool | None = True
    batch: bool = False
    max_batch_size: int = 4
    preprocess: bool = True
    postprocess: bool = True
    cancels: Any = None
    every: Any = None
    trigger_mode: TriggerMode | None = None
    js: str | Literal[True] | None = None
    concurrency_limit: int | Literal["default"] | None = "default"
    concurrency_id: str | None = None
    show_api: bool = True
    show_progress_on: Any = None
    api_visibility: Visibility | None = None
    api_description: str | Literal[False] | None = None
    key: Any = None
    validator: Any = None
    time_limit: float | None = None
    stream_every: float = 0.5
    executor: Executor | None = None


def register(
    graph: Graph,
    triggers: tuple[Trigger, ...],
    fn: Callable[..., Any] | None,
    inputs: Any,
    outputs: Any,
    options: Options,
    *,
    replaces: Dependency | None = None,
    later: bool = False,
) -> Dependency:
    """Check everything, add the listener to ``graph``, and return its `Dependency`.

    :param later: give it its id when the context closes, after all others

    :raises ValueError: for an option outside its allowed values, naming it
    :raises TypeError: for a ``fn`` that cannot be called
    """
    mode = options.trigger_mode
    _one_of("trigger_mode", mode, (*get_args(TriggerMode), None))
    progress = {True: "full", False: "hidden"}.get(cast("bool", options.show_progress), options.show_progress)
    _one_of("show_progress", progress, get_args(ShowProgress))
    _one_of("api_visibility", options.api_visibility, (*get_args(Visibility), None))
    limit = options.concurrency_limit
    if limit is not None and limit != "default" and (not _is_int(limit) or limit < 1):
        raise ValueError(f"concurrency_limit must be an integer >= 1, None or 'default', got {limit!r}")
    if options.max_batch_size < 1:
        raise ValueError(f"max_batch_size must be at least 1, got {options.max_batch_size}")
    if options.js is True:
        raise NotImplementedError(
            "js=True (translating the Python function) is not supported: give JavaScript source"
        )
    if options.executor is not None and not callable(getattr(options.executor, "submit", None)):
        raise TypeError(f"executor must be a concurrent.futures.Executor, got {options.executor!r}")
    while hasattr(fn, "dependency") and hasattr(fn, "__wrapped__"):  # what our decorator left of a function
        fn = cast("Any", fn).__wrapped__
    function = None if fn is None else inspect_function(fn)
    sources = as_nodes("inputs", inputs)
    targets = as_nodes("outputs", outputs)
    as_dict = isinstance(inputs, (set, frozenset))
    if function is not None:
        function.check_count(1 if as_dict else len(sources))
        if options.batch and function.streams:
            raise ValueError(
                f"batch=True needs a function that returns lists, {function.told} is a generator"
            )
        _warn_of_staying(function, options.executor)
    every = _every(options, function)
    triggers = tuple(_of_the_whole(graph, trigger) for trigger in triggers)
    name, visibility = _api(options, function)
    if any(trigger.event == "unload" and trigger.source is graph.owner for trigger in triggers):
        visibility = "private"  # it is called by nobody but the end of a session (EV-191)

    listener = Listener(
        id=-1,
        triggers=triggers,
        function=function,
        inputs=sources,
        outputs=targets,
        inputs_as_dict=as_dict,
        api_name=name,
        api_visibility=visibility,
        api_description=options.api_description,
        scroll_to_output=options.scroll_to_output,
        show_progress=cast("ShowProgress", progress),
        show_progress_on=None
        if options.show_progress_on is None
        else as_nodes("show_progress_on", options.show_progress_on),
        queue=options.queue is not False,
        batch=options.batch,
        max_batch_size=options.max_batch_size,
        preprocess=options.preprocess,
        postprocess=options.postprocess,
        cancels=_cancels(graph, options.cancels),
        every=every,
        trigger_mode=mode or default_mode(triggers),
        js=options.js,
        concurrency_limit=None if every is not None and limit == "default" else limit,
        concurrency_id=options.concurrency_id,
        key=options.key,
        validator=_validator(options.validator),
        executor=options.executor,
        time_limit=options.time_limit,
        stream_every=options.stream_every,
    )
    dependency = Dependency(listener)
    if later:
        graph.add_later(dependency)
    else:
        graph.add(dependency, replaces=replaces)
    return dependency


def as_nodes(what: str, given: Any) -> tuple[Node, ...]:
    """One block, a list, a set (by creation), or None, as a tuple (EV-20, EV-40).

    :raises TypeError: if something else stands in it
    """
    if given is None:
        return ()
    if isinstance(given, (set, frozenset)):
        found: Sequence[Any] = sorted(
            cast("AbstractSet[Node]", given), key=lambda node: getattr(node, "_id", 0)
        )
    elif isinstance(given, (list, tuple)):
        found = cast("Sequence[Any]", given)
    else:
        found = [given]
    for node in found:
        if not isinstance(node, Node):
            raise TypeError(f"{what} must be components, got {type(node).__name__}: {node!r}")
    return tuple(found)


def default_mode(triggers: tuple[Trigger, ...]) -> TriggerMode:
    """The trigger mode of a listener that names none; only the first trigger counts (EV-124)."""
    event = triggers[0].event if triggers else ""
    if event in ("change", "key_up"):
        return "always_last"
    return "multiple" if event == "stream" else "once"


def _one_of(what: str, given: object, allowed: Sequence[object]) -> None:
    if given not in allowed:
        choices = ", ".join(repr(choice) for choice in allowed)
        raise ValueError(f"{what} must be one of {choices}, got {given!r}")


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _of_the_whole(graph: Graph, trigger: Trigger) -> Trigger:
    source = trigger.source
    part = isinstance(source, Node) and source.is_app and source is not graph.owner
    return Trigger(graph.owner, trigger.event) if part and trigger.event in ("load", "unload") else trigger


def _validator(given: Any) -> Function | None:
    """The validator, looked at once.

    :raises TypeError: if it cannot be called in a worker thread
    """
    if given is None:
        return None
    validator = inspect_function(given)
    if validator.kind != "plain":
        raise TypeError(f"validator must be a plain function, {validator.name} is a {validator.kind}")
    return validator


def _warn_of_staying(function: Function, executor: Executor | None) -> None:
    if executor is not None and not can_be_sent(function):
        warn(staying_text([function.told]))


def staying_text(names: Sequence[str]) -> str:
    """What is said, once, of functions that do not go to the executor they were given."""
    return (
        f"{', '.join(names)} will run in this process: executors take plain functions only, no generators, "
        "no coroutines, and none with Progress, Request or EventData arguments"
    )


def _every(options: Options, function: Function | None) -> float | Node | None:
    every = options.every
    if every is None:
        return None
    if not (isinstance(every, Node) and every.ticks):
        if isinstance(every, bool) or not isinstance(every, (int, float)) or not every > 0:
            raise ValueError(f"every must be a positive number of seconds or a Timer, got {every!r}")
        every = float(every)
    for fault, why in (
        (function is None, "fn=None"),
        (options.batch, "batch=True"),
        (_is_int(options.concurrency_limit), "an explicit concurrency_limit"),
    ):
        if fault:
            raise ValueError(f"every={every} cannot be used together with {why}")
    return every


def _api(options: Options, function: Function | None) -> tuple[str | Literal[False], Visibility]:
    name, visibility = options.api_name, options.api_visibility
    older: Visibility = "private" if name is False else "public" if options.show_api else "undocumented"
    if visibility is None:
        visibility = older
    elif older not in ("public", visibility):
        raise ValueError(
            f"api_visibility={visibility!r} contradicts api_name={name!r}, show_api={options.show_api}"
        )
    if function is None:
        visibility = "private"
    if visibility == "private" and name is False:
        return False, visibility
    if not isinstance(name, str) or not name.strip():
        name = function.name if function else "js_fn" if options.js else "unnamed"
        name = "".join(c for c in name if c not in string.punctuation or c in "-_")
    return name, visibility


def _cancels(graph: Graph, given: Any) -> tuple[Listener, ...]:
    if given is None:
        return ()
    wanted = cast("Sequence[Any]", given if isinstance(given, (list, tuple)) else [given])
    found: list[Listener] = []
    for one in wanted:
        if isinstance(one, Dependency):
            listener = one.listener
        elif isinstance(one, dict):
            same = graph.dependencies.get(cast("dict[str, Any]", one).get("id", -1))
            listener = same.listener if same is not None and same == one else None
        else:
            listener = getattr(getattr(one, "dependency", None), "listener", None)
        if listener is None or not graph.knows(listener):
            raise ValueError(f"cancels must name listeners of this app, got {one!r}")
        found.append(listener)
    return tuple(found)
