"""Runs one user function: arguments, context, steps. All but the coroutine parts is in worker threads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

from . import results
from .context import current_run
from .events import EventData
from .fingerprints import fingerprint
from .functions import Function, Special
from .graph import building
from .listeners import Listener
from .nodes import Node
from .progress import Progress
from .requests import Request
from .results import Delivery
from .runs import Run

END: Any = object()
"""What a generator's step returns when there is none."""


class Surroundings(Protocol):
    """What user code is surrounded by: where its output goes, which cache it writes to."""

    def around(self, run: Run) -> AbstractContextManager[Any]:
        """A context entered around each piece of the run's user code, in its own thread or task."""
        ...

    def failed(self, run: Run, error: BaseException) -> None:
        """Note the traceback of a failed run. Any thread."""
        ...


class Plain:
    """Surroundings that add nothing."""

    def around(self, run: Run) -> AbstractContextManager[Any]:
        """No context."""
        return nullcontext()

    def failed(self, run: Run, error: BaseException) -> None:
        """Note nothing."""


@dataclass
class Step:
    """What one step delivers, ready to be applied, and the State that it changed."""

    deliveries: list[Delivery]
    changed_states: list[Node]


class Call:
    """One call of a listener's function for one run."""

    def __init__(self, run: Run, surroundings: Surroundings, observed: Sequence[Node] = ()) -> None:
        self.run = run
        self._surroundings = surroundings
        self._observed = observed
        """State outputs that have a change listener."""
        self._before: list[Any] = []
        self._args: tuple[list[Any], dict[str, Any]] = ([], {})
        self._iterator: Iterator[Any] | None = None

    def inside(self) -> AbstractContextManager[Any]:
        """The context of user code: the run is known, and nothing built here joins an app."""
        stack = ExitStack()
        run_token = current_run.set(self.run)
        stack.callback(current_run.reset, run_token)
        building_token = building.set(None)
        stack.callback(building.reset, building_token)
        stack.enter_context(self._surroundings.around(self.run))
        return stack

    def prepare(self) -> None:
        """Preprocess the inputs and put the arguments together."""
        with self.inside():
            self._args = arguments(self.run)
            self._look()

    def finish(self, result: Any) -> Step:
        """Postprocess a result."""
        with self.inside():
            return self._step(result)

    def whole(self) -> Step:
        """Preprocess, call and postprocess a plain function, in one go."""
        with self.inside():
            self._args = arguments(self.run)
            self._look()
            args, keywords = self._args
            return self._step(_function(self.run.listener).fn(*args, **keywords))

    def begin(self) -> Any:
        """Call a coroutine or generator function: the awaitable or iterator."""
        args, keywords = self._args
        return _function(self.run.listener).fn(*args, **keywords)

    def start_iterating(self) -> None:
        """Preprocess and make the generator."""
        self.prepare()
        with self.inside():
            self._iterator = self.begin()

    def next_step(self) -> Step | Any:
        """Advance the generator once: a `Step`, or END."""
        assert self._iterator is not None
        with self.inside():
            result = next(self._iterator, END)
            return END if result is END else self._step(result)

    def close(self) -> None:
        """Close the generator, so that its ``finally`` blocks run (EV-78)."""
        close = getattr(self._iterator, "close", None)
        if close is not None:
            with self.inside():
                close()

    async def next_async(self, iterator: AsyncIterator[Any]) -> Any:
        """Advance an async generator once, on the loop: its value, or END."""
        with self.inside():
            return await anext(iterator, END)

    async def await_result(self) -> Any:
        """Call and await a coroutine function, on the loop."""
        with self.inside():
            return await self.begin()

    def _look(self) -> None:
        self._before = [fingerprint(self.run.session.state(node)) for node in self._observed]

    def _step(self, result: Any) -> Step:
        run = self.run
        if run.cancelled:
            return Step([], [])
        values = results.spread(run.listener, result)
        found = results.deliveries(run.listener, run.session, values)
        written = {d.node._id: d.value for d in found if d.node.stateful}
        changed: list[Node] = []
        if self._observed:
            now = [
                fingerprint(written[n._id] if n._id in written else run.session.state(n))
                for n in self._observed
            ]
            changed = [n for n, old, new in zip(self._observed, self._before, now, strict=True) if old != new]
            self._before = now
        return Step(found, changed)


def input_values(run: Run) -> list[Any]:
    """The inputs as the function gets them: preprocessed, a State's own object (EV-25, EV-110)."""
    listener, session = run.listener, run.session
    values: list[Any] = []
    for index, node in enumerate(listener.inputs):
        if node.stateful:
            values.append(session.state(node))
        elif listener.preprocess:
            values.append(results.preprocess(listener, session.view(node), index, run.values[index]))
        else:
            values.append(run.values[index])
    return values


def arguments(run: Run) -> tuple[list[Any], dict[str, Any]]:
    """Preprocessed inputs and special arguments of a run."""
    listener = run.listener
    values = input_values(run)
    if listener.inputs_as_dict:
        values = [dict(zip(listener.inputs, values, strict=True))]
    return _function(listener).arguments(values, lambda special: special_argument(run, special))


def special_argument(run: Run, special: Special) -> Any:
    """The Progress, Request or EventData that a parameter asks for (EV-90 to EV-96)."""
    if issubclass(special.make, Progress):
        return special.default.fresh()
    if issubclass(special.make, Request):
        return Request(session_hash=run.session.id)
    if issubclass(special.make, EventData):
        return special.make(run.target, run.data)
    raise TypeError(f"no argument for parameter {special.name!r} of type {special.make.__name__}")


def _function(listener: Listener) -> Function:
    assert listener.function is not None
    return listener.function
