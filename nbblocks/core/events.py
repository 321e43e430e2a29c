"""Events of blocks, the listeners bound to them, and what a listener is told about its event."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast, overload

from typing_extensions import Self

from .filedata import FileData
from .graph import open_graph
from .records import Record

if TYPE_CHECKING:
    from .listeners import Listener
    from .nodes import Node

Fn = TypeVar("Fn", bound=Callable[..., Any])
TriggerMode = Literal["once", "multiple", "always_last"]
ShowProgress = Literal["full", "minimal", "hidden"]


@dataclass(frozen=True)
class Trigger:
    """What sets a listener off: an event of a block, or the end of another listener's run."""

    source: Node | Listener
    event: str


class Event:
    """Declares an event of a block class: ``click = Event("the user pressed the button")``.

    Read from an instance it is the `BoundEvent` that registers listeners.

    :param doc: when it fires, for the documentation
    :param show_progress: default of the listener parameter of that name
    """

    def __init__(self, doc: str = "", *, show_progress: ShowProgress = "full") -> None:
        self.__doc__ = doc
        self.show_progress: ShowProgress = show_progress
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, node: None, owner: type) -> Self: ...
    @overload
    def __get__(self, node: Node, owner: type) -> BoundEvent: ...
    def __get__(self, node: Node | None, owner: type) -> Self | BoundEvent:
        return self if node is None else BoundEvent((Trigger(node, self.name),), self.show_progress)


def events_of(owner: type) -> dict[str, Event]:
    """The events that a class declares or inherits, by name, in the order of their definition."""
    found: dict[str, Event] = {}
    for base in reversed(owner.__mro__):
        for name, member in vars(base).items():
            if isinstance(member, Event):
                found[name] = member
            elif name in found:
                del found[name]
    return found


@dataclass(frozen=True)
class BoundEvent:
    """One or several triggers, ready to take a listener: ``button.click(fn, inputs, outputs)``."""

    triggers: tuple[Trigger, ...]
    default_progress: ShowProgress = "full"

    def __call__(
        self,
        fn: Callable[..., Any] | Literal["decorator"] | None = "decorator",
        inputs: Node | Sequence[Node] | AbstractSet[Node] | None = None,
        outputs: Node | Sequence[Node] | AbstractSet[Node] | None = None,
        api_name: str | Literal[False] | None = None,
        scroll_to_output: bool = False,
        show_progress: ShowProgress | bool | None = None,
        queue: bool | None = True,
        batch: bool = False,
        max_batch_size: int = 4,
        preprocess: bool = True,
        postprocess: bool = True,
        cancels: Any = None,
        every: Any = None,
        trigger_mode: TriggerMode | None = None,
        js: str | Literal[True] | None = None,
        concurrency_limit: int | Literal["default"] | None = "default",
        concurrency_id: str | None = None,
        show_api: bool = True,
        **newer: Any,
    ) -> Any:
        """Register ``fn`` to be called when the event fires.

        :param fn: the handler; omitted, the call returns a decorator; None with ``js`` or ``cancels``
        :param inputs: components whose values ``fn`` gets, in order; a set passes one dict
        :param outputs: blocks that the returned values go to
        :param api_name: endpoint name; None takes the function's, False makes none
        :param scroll_to_output: scroll the first output into view when the run completes
        :param show_progress: ``"full"``, ``"minimal"`` or ``"hidden"``; True and False mean full and hidden
        :param queue: False starts the run at once, outside all limits
        :param batch: ``fn`` takes and returns lists, one entry per run, at most ``max_batch_size``
        :param preprocess: False hands ``fn`` the wire values
        :param postprocess: False sends what ``fn`` returns as it is
        :param cancels: listeners of which the pending runs of the session are cancelled first
        :param every: seconds between the repetitions of a run, from its end; or a Timer, for its ticks
        :param trigger_mode: what happens to triggers while a run is pending; None takes the event's default
        :param js: source of a JavaScript function run in the page before ``fn``
        :param concurrency_limit: most runs at one time; None for no limit
        :param concurrency_id: listeners with the same id share their limit
        :param show_api: False leaves the endpoint out of view_api
        :param newer: ``show_progress_on`` (blocks that show the status instead of the outputs),
            ``api_visibility``, ``api_description``, ``key``, ``validator`` (called first with the inputs;
            returns `validate`, one or one per input), ``time_limit`` and ``stream_every`` (seconds, for
            ``stream``), ``executor`` (runs ``fn``, as that of ``queue()`` does for all listeners)
        :return: the `Dependency`, or a decorator if ``fn`` was omitted
        :raises AttributeError: outside of a Blocks context
        :raises TypeError: for an unknown parameter
        :raises ValueError: for a value outside the allowed ones
        """
        from .registration import Options, register

        options = Options(
            api_name=api_name,
            scroll_to_output=scroll_to_output,
            show_progress=self.default_progress if show_progress is None else show_progress,
            queue=queue,
            batch=batch,
            max_batch_size=max_batch_size,
            preprocess=preprocess,
            postprocess=postprocess,
            cancels=cancels,
            every=every,
            trigger_mode=trigger_mode,
            js=js,
            concurrency_limit=concurrency_limit,
            concurrency_id=concurrency_id,
            show_api=show_api,
            **newer,
        )
        name = self.triggers[0].event if self.triggers else "on"
        graph = open_graph(f"call {name}")

        if fn != "decorator":
            return register(graph, self.triggers, fn, inputs, outputs, options)
        standing = register(graph, self.triggers, None, inputs, outputs, options) if js else None

        def decorate(handler: Fn) -> Fn:
            dependency = register(graph, self.triggers, handler, inputs, outputs, options, replaces=standing)

            @functools.wraps(handler)
            def call(*args: Any, **kwargs: Any) -> Any:
                return handler(*args, **kwargs)

            cast("Any", call).dependency = dependency
            return cast("Fn", call)

        if standing is not None:
            standing.decorate = decorate
            return standing
        return decorate


def on(
    triggers: BoundEvent | Sequence[BoundEvent] | None = None,
    fn: Callable[..., Any] | Literal["decorator"] | None = "decorator",
    inputs: Any = None,
    outputs: Any = None,
    **options: Any,
) -> Any:
    """Register one listener with several triggers (EV-180).

    :param triggers: a bound event or a list of them; None takes the ``change`` event of each input that has
        one, and the app's load
    :param options: as of every event method, see `BoundEvent.__call__`
    :raises AttributeError: outside of a Blocks context
    """
    graph = open_graph("call on")
    if triggers is None:
        from .registration import as_nodes

        found = [Trigger(node, "change") for node in as_nodes("inputs", inputs) if node.offers("change")]
        bound = BoundEvent((*found, Trigger(graph.owner, "load")))
    elif isinstance(triggers, BoundEvent):
        bound = triggers
    else:
        bound = BoundEvent(tuple(t for trigger in triggers for t in _triggers_of(trigger)))
    return bound(fn, inputs, outputs, **options)


def _triggers_of(trigger: object) -> tuple[Trigger, ...]:
    if isinstance(trigger, BoundEvent):
        return trigger.triggers
    raise TypeError(
        f"triggers must be events such as button.click, got {type(trigger).__name__}: {trigger!r}"
    )


class EventData:
    """What a listener is told of the event that triggered it: annotate a parameter with this class.

    The event's fields are attributes; ``target`` is the block that fired, None for direct calls (EV-92).
    """

    fields: tuple[str, ...] = ()

    def __init__(self, target: Any, data: dict[str, Any] | None) -> None:
        self.target: Any = target
        self._data: dict[str, Any] = dict.fromkeys(self.fields)
        if data is not None:
            self._data |= {**self.defaults(), **data}

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """Values of the fields that an event may leave out."""
        return {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._data:
            raise AttributeError(f"{type(self).__name__} of this event has no field {name!r}")
        return self._data[name]

    def __repr__(self) -> str:
        return f"{type(self).__name__}(target={self.target!r}, {self._data})"


class SelectData(EventData):
    """Data of ``select``: ``index`` (int or pair), ``value``, ``selected``, ``row_value``, ``col_value``."""

    fields = ("index", "value", "selected", "row_value", "col_value")

    def __init__(self, target: Any, data: dict[str, Any] | None) -> None:
        super().__init__(target, data)
        index = self._data["index"]
        if isinstance(index, list):
            self._data["index"] = tuple(cast("list[Any]", index))

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """``selected`` is True unless the event says otherwise."""
        return {"selected": True}


class KeyUpData(EventData):
    """Data of ``key_up``: ``key``, ``input_value``."""

    fields = ("key", "input_value")


FILE_EVENTS = frozenset({"delete", "download"})
"""Events whose data name a file."""


class _OfFile(EventData):
    fields = ("file",)

    def __init__(self, target: Any, data: dict[str, Any] | None) -> None:
        super().__init__(target, data)
        file = self._data["file"]
        if isinstance(file, dict):
            # What does not come from the app's own files stays a mere record, which nothing is read by.
            self._data["file"] = file if isinstance(file, FileData) else Record(cast("dict[str, Any]", file))


class DeletedFileData(_OfFile):
    """Data of ``delete``: ``file``, a `FileData`."""


class LikeData(EventData):
    """Data of ``like``: ``index``, ``value``, ``liked``."""

    fields = ("index", "value", "liked")

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """``liked`` is True unless the event says otherwise."""
        return {"liked": True}


class RetryData(EventData):
    """Data of ``retry``: ``index``, ``value``."""

    fields = ("index", "value")


class UndoData(EventData):
    """Data of ``undo``: ``index``, ``value``."""

    fields = ("index", "value")


class EditData(EventData):
    """Data of ``edit``: ``index``, ``previous_value``, ``value``."""

    fields = ("index", "previous_value", "value")


class DownloadData(_OfFile):
    """Data of ``download``: ``file``, a `FileData`."""


class CopyData(EventData):
    """Data of ``copy``: ``value``."""

    fields = ("value",)
