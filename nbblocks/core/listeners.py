"""A registered listener, and the dict of its configuration that users hold."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from .events import BoundEvent, ShowProgress, Trigger, TriggerMode

if TYPE_CHECKING:
    from .functions import Function
    from .nodes import Node

Visibility = Literal["public", "undocumented", "private"]


@dataclass(eq=False)
class Listener:
    """One registered event handler. Only its graph changes it, and only ``id`` and ``api_name``."""

    id: int
    triggers: tuple[Trigger, ...]
    function: Function | None
    inputs: tuple[Node, ...] = ()
    outputs: tuple[Node, ...] = ()
    inputs_as_dict: bool = False
    api_name: str | Literal[False] = False
    api_visibility: Visibility = "public"
    api_description: str | Literal[False] | None = None
    scroll_to_output: bool = False
    show_progress: ShowProgress = "full"
    show_progress_on: tuple[Node, ...] | None = None
    queue: bool = True
    batch: bool = False
    max_batch_size: int = 4
    preprocess: bool = True
    postprocess: bool = True
    cancels: tuple[Listener, ...] = ()
    every: float | Node | None = None
    """Seconds between repetitions, or the timer whose ticks they wait for."""
    trigger_mode: TriggerMode = "once"
    js: str | None = None
    concurrency_limit: int | Literal["default"] | None = "default"
    concurrency_id: str | None = None
    key: Any = None
    validator: Function | None = None
    executor: Executor | None = None
    time_limit: float | None = None
    stream_every: float = 0.5

    @property
    def streaming(self) -> bool:
        """Whether it takes a stream of chunks from the page (EV-321)."""
        return bool(self.triggers) and self.triggers[0].event == "stream"

    @property
    def description(self) -> str | None:
        """What is said of its endpoint: the docstring's first part unless told otherwise (EV-345)."""
        if self.api_description is not None:
            return self.api_description or None
        fn = self.fn
        while isinstance(fn, functools.partial):  # its own docstring is that of functools
            fn = fn.func
        text = inspect.getdoc(fn) if fn is not None else None
        return text.split("\n\n")[0] if text else None

    @property
    def told(self) -> str:
        """The function's name, for messages."""
        return self.function.told if self.function else self.name

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.name if self.function else "js_fn" if self.js else "unnamed"

    @property
    def fn(self) -> Callable[..., Any] | None:
        """The user's function."""
        return self.function.fn if self.function else None

    @property
    def after(self) -> Listener | None:
        """The listener whose end triggers this one, if its first trigger is a chain."""
        source = self.triggers[0].source if self.triggers else None
        return source if isinstance(source, Listener) else None

    def config(self) -> dict[str, Any]:
        """The configuration in Gradio's shape (AP-14)."""
        chained = self.triggers[0].event if self.after is not None else None
        return {
            "id": self.id,
            "targets": [_target(trigger) for trigger in self.triggers],
            "inputs": [node._id for node in self.inputs],
            "outputs": [node._id for node in self.outputs],
            "backend_fn": self.function is not None,
            "js": self.js,
            "queue": self.queue,
            "api_name": self.api_name,
            "api_visibility": self.api_visibility,
            "show_api": self.api_visibility == "public",
            "api_description": self.description,
            "scroll_to_output": self.scroll_to_output,
            "show_progress": self.show_progress,
            "show_progress_on": None
            if self.show_progress_on is None
            else [node._id for node in self.show_progress_on],
            "batch": self.batch,
            "max_batch_size": self.max_batch_size,
            "cancels": [other.id for other in self.cancels],
            "types": {
                "generator": bool(self.function and self.function.streams),
                "cancel": bool(self.cancels),
            },
            "trigger_after": self.after.id if self.after is not None else None,
            "trigger_only_on_success": chained == "success",
            "trigger_only_on_failure": chained == "failure",
            "trigger_mode": self.trigger_mode,
            "every": self.every if isinstance(self.every, float) else None,
            "time_limit": self.time_limit,
            "stream_every": self.stream_every,
            "key": self.key,
        }


def _target(trigger: Trigger) -> list[Any]:
    if isinstance(trigger.source, Listener) or trigger.event == "unload":
        return [None, trigger.event]
    return [trigger.source._id, trigger.event]


class Dependency(dict[str, Any]):
    """The configuration of a listener, as every event method returns it (EV-4).

    ``then``, ``success`` and ``failure`` chain further listeners. Calling it calls the handler directly.
    """

    def __init__(self, listener: Listener) -> None:
        super().__init__(listener.config())
        self.listener = listener
        self.decorate: Callable[..., Any] | None = None

    def refresh(self) -> None:
        """Take over what the graph changed: the id and the API name."""
        self.update(self.listener.config())

    @property
    def fn(self) -> Callable[..., Any] | None:
        """The user's handler."""
        return self.listener.fn

    @property
    def then(self) -> BoundEvent:
        """Fires when a run has ended, whatever happened (EV-161)."""
        return BoundEvent((Trigger(self.listener, "then"),))

    @property
    def success(self) -> BoundEvent:
        """Fires when a run has completed."""
        return BoundEvent((Trigger(self.listener, "success"),))

    @property
    def failure(self) -> BoundEvent:
        """Fires when a run ended in error or was cancelled."""
        return BoundEvent((Trigger(self.listener, "failure"),))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the handler; after a decorator without a function, take the function."""
        if self.decorate is not None and len(args) == 1 and callable(args[0]) and not kwargs:
            decorate, self.decorate = self.decorate, None
            return decorate(args[0])
        if self.fn is None:
            raise TypeError("this listener has no Python function to call")
        return self.fn(*args, **kwargs)

    def __hash__(self) -> int:  # pyright: ignore[reportIncompatibleVariableOverride]
        return id(self)
