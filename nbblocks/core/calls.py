"""Runs one user function: its arguments, its context, its steps."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

from . import results
from .context import current_run
from .events import EventData
from .fingerprints import Fingerprint, fingerprint
from .functions import Function, Special
from .graph import building
from .nodes import Node, is_quick, own
from .progress import Progress
from .reaches import Driven, Reach
from .requests import Request
from .results import Delivery
from .runs import Run

END: Any = object()
"""What a generator's step returns when there is none."""


class Surroundings(Protocol):
    """What user code is surrounded by: where its output goes, which cache it writes to."""

    kernel_id: str | None
    """Name of the process it runs in, for `Request`."""

    def around(self, run: Run) -> AbstractContextManager[Any]:
        """A context entered around each piece of the run's user code, in its own thread or task."""
        ...

    def beside(self) -> AbstractContextManager[Any]:
        """A context entered around user code that belongs to no run."""
        ...

    def failed(self, run: Run, error: BaseException) -> None:
        """Note the traceback of a failed run. Any thread."""
        ...

    def broke(self, what: str, error: BaseException) -> None:
        """Note the traceback of what has failed beside the runs. Any thread."""
        ...


class Plain:
    """Surroundings that add nothing."""

    kernel_id: str | None = None

    def around(self, run: Run) -> AbstractContextManager[Any]:
        """No context."""
        return nullcontext()

    def beside(self) -> AbstractContextManager[Any]:
        """No context."""
        return nullcontext()

    def failed(self, run: Run, error: BaseException) -> None:
        """Note nothing."""

    def broke(self, what: str, error: BaseException) -> None:
        """Note nothing."""


@dataclass
class Step:
    """What one step delivers, ready to be applied, and the State that it changed."""

    deliveries: list[Delivery]
    changed_states: list[Node]


NOTHING = Step([], [])


class Call:
    """One call of a listener's function for one run.

    What may block belongs into a worker thread; `takes_a_thread` and `step_takes_a_thread` tell when a
    coroutine can do without.
    """

    def __init__(
        self,
        run: Run,
        surroundings: Surroundings,
        observed: Sequence[Node] = (),
        function: Function | None = None,
    ) -> None:
        self.run = run
        self._function = function or run.listener.function
        """What is called: the listener's function, or its validator."""
        self._surroundings = surroundings
        self._observed = observed
        """State outputs that have a change listener."""
        self._before: list[Fingerprint] = []
        self._args: tuple[list[Any], dict[str, Any]] = ([], {})
        self._tracking: list[Progress] = []
        self._iterator: Iterator[Any] | None = None

    def inside(self) -> AbstractContextManager[Any]:
        """The context of user code: the run is known, and nothing built here joins an app."""
        stack = ExitStack()
        run_token = current_run.set(self.run)
        stack.callback(current_run.reset, run_token)
        building_token = building.set(None)
        stack.callback(building.reset, building_token)
        stack.enter_context(self._surroundings.around(self.run))
        for progress in self._tracking:
            stack.enter_context(progress.tracking())
        return stack

    def let_go(self) -> None:
        """It is over: who keeps an exception of the user's code keeps frames that hold this, and no more."""
        self._before.clear()
        self._args = [], {}
        self._iterator = None
        del self.run, self._surroundings

    # -- the parts that may block

    def prepare(self) -> None:
        """Preprocess the inputs and put the arguments together."""
        with self.inside():
            self._prepare()

    def inputs(self) -> list[Any]:
        """Preprocess the inputs alone: a batch puts the arguments of several runs together."""
        with self.inside():
            return self._inputs()

    def finish(self, result: Any) -> Step:
        """Postprocess a result."""
        if self.run.cancelled:
            return NOTHING
        with self.inside():
            return self._step(result)

    def whole(self) -> Step:
        """Preprocess, call and postprocess a plain function, in one go."""
        if self.run.cancelled:  # while it waited for a thread
            return NOTHING
        with self.inside():
            self._prepare()
            with self._tracked():
                result = self._call()
            return self._step(result)

    def raw(self) -> Any:
        """Preprocess and call; what the function returned, as it is."""
        with self.inside():
            self._prepare()
            return self._call()

    def start_iterating(self) -> None:
        """Preprocess and make the generator."""
        with self.inside():
            self._prepare()
            self._iterator = self._call()

    def next_step(self) -> Step | Any:
        """Advance the generator once: a `Step`, or END."""
        assert self._iterator is not None
        with self.inside():
            result = self.run.reach.call(next, self._iterator, END)
            return END if result is END else self._step(result)

    def close(self) -> None:
        """Close the generator, so that its ``finally`` blocks run (EV-78)."""
        close = getattr(self._iterator, "close", None)
        if close is not None:
            self.run.reach = Reach()  # it was to be stopped, this is not
            with self.inside():
                self.run.reach.call(close)

    # -- the parts on the loop

    @property
    def takes_a_thread(self) -> bool:
        """Whether `prepare` may block (EV-114)."""
        listener, session, values = self.run.listener, self.run.session, self.run.values
        for index, node in enumerate(listener.inputs):
            if node.stateful:
                return True
            if listener.preprocess and not is_quick(session.view(node).preprocess, values[index]):
                return True
        return bool(self._observed)

    def step_takes_a_thread(self, result: Any) -> bool:
        """Whether `finish` of this result may block."""
        listener, session = self.run.listener, self.run.session
        outputs = listener.outputs
        values: Sequence[Any] = result if len(outputs) > 1 and type(result) in (list, tuple) else [result]
        if len(values) != len(outputs):
            return bool(outputs)
        return any(
            node.stateful or not is_quick(session.view(node).postprocess, value)
            for node, value in zip(outputs, values, strict=True)
        )

    def iterate(self) -> AsyncIterator[Any]:
        """Make the async generator."""
        with self.inside():
            return self._call()

    async def next_async(self, iterator: AsyncIterator[Any]) -> Any:
        """Advance an async generator once: its value, or END."""
        with self.inside():
            return await Driven(self.run.reach, anext(iterator, END))

    async def await_result(self) -> Any:
        """Call and await a coroutine function."""
        with self.inside():
            return await Driven(self.run.reach, self._call())

    @property
    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        """What the function is to be called with, once it is prepared."""
        return self._args

    # --

    def _prepare(self) -> None:
        listener = self.run.listener
        values = self._inputs()
        if listener.inputs_as_dict:
            values = [dict(zip(listener.inputs, values, strict=True))]
        assert self._function is not None
        self._args = self._function.arguments(values, self.special)

    def _inputs(self) -> list[Any]:
        values = input_values(self.run)
        self._before = [fingerprint(self.run.session.state(node)) for node in self._observed]
        return values

    def _call(self) -> Any:
        assert self._function is not None
        args, keywords = self._args
        if self._function.on_loop:  # it makes a coroutine, and no more
            return self._function.fn(*args, **keywords)
        return self.run.reach.call(self._function.fn, *args, **keywords)

    def _tracked(self) -> AbstractContextManager[Any]:
        """What `inside` enters for trackers made after it was entered."""
        stack = ExitStack()
        for progress in self._tracking:
            stack.enter_context(progress.tracking())
        return stack if self._tracking else nullcontext()

    def _step(self, result: Any) -> Step:
        run = self.run
        if run.cancelled:
            return NOTHING
        values = results.spread(run.listener, result)
        found = results.deliveries(run.listener, run.session, values)
        changed: list[Node] = []
        if self._observed:
            written = {d.node._id: d.value for d in found if d.node.stateful}
            now = [
                fingerprint(written[n._id] if n._id in written else run.session.state(n))
                for n in self._observed
            ]
            for node, old, new in zip(self._observed, self._before, now, strict=True):
                # What is too large to be compared counts as changed when it was returned.
                known = (old.whole and new.whole) or node._id in written
                if run.session.rounds.goes_on(run, node, known and old != new, new.by_content):
                    changed.append(node)
            self._before = now
        return Step(found, changed)

    def special(self, special: Special) -> Any:
        """The Progress, Request or EventData that a parameter asks for (EV-90 to EV-96)."""
        run = self.run
        if issubclass(special.make, Progress):
            self._tracking.append(special.default.fresh())
            return self._tracking[-1]
        if issubclass(special.make, Request):
            return Request(session_hash=run.session.id, kernel_id=self._surroundings.kernel_id)
        if issubclass(special.make, EventData):
            return special.make(run.cause.target, run.cause.data)
        raise TypeError(f"no argument for parameter {special.name!r} of type {special.make.__name__}")


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
            values.append(own(run.values[index]))
    return values
