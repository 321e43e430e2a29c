"""The smallest app a core test needs: boxes with a value, a State, a clock, and a scheduler that runs."""

from __future__ import annotations

import copy
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

import anyio
import anyio.lowlevel

from nbblocks.core.events import Event
from nbblocks.core.graph import Graph, building
from nbblocks.core.listeners import Dependency
from nbblocks.core.messages import Status
from nbblocks.core.nodes import Node
from nbblocks.core.runs import Run
from nbblocks.core.scheduler import Scheduler
from nbblocks.core.sessions import Session
from tests.support import FakeSink

T = TypeVar("T")


class Box(Node):
    """A component: its value passes through, ``shout`` makes it upper-case in both directions.

    Neither direction is marked as quick, so that both are worker threads' work. ``bad`` and ``unreadable``
    are values that they refuse.
    """

    has_value = True
    click = Event()
    change = Event()
    input = Event()
    key_up = Event()
    load = Event()
    unload = Event()
    stream = Event(show_progress="minimal")

    def __init__(self, number: int, value: Any = None, **given: Any) -> None:
        self._id = number
        self.value = value
        self.given = {"value": value, **given} if value is not None else given
        self.shout = given.get("shout", False)
        self.key = given.get("key")

    @property
    def constructor_args(self) -> Mapping[str, Any]:
        return self.given

    def initial(self) -> Any:
        return self.value

    def postprocess(self, value: Any) -> Any:
        if isinstance(value, str) and value == "bad":
            raise ValueError("a bad value")
        return value.upper() if self.shout and isinstance(value, str) else value

    def preprocess(self, payload: Any) -> Any:
        if isinstance(payload, str) and payload == "unreadable":
            raise ValueError("cannot read it")
        return payload.upper() if self.shout and isinstance(payload, str) else payload

    def reconfigured(self, changes: Mapping[str, Any]) -> Box:
        unknown = changes.keys() - {"shout", "label", "visible", "key"}
        if unknown:
            raise TypeError(f"Box got an unexpected keyword argument {sorted(unknown)[0]!r}")
        merged = {**self.given, **changes}
        merged.pop("value", None)
        return type(self)(self._id, self.value, **merged)

    def props_changed_by(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in changes.items() if name != "value"}


class Frame(Box):
    """A layout: no value."""

    has_value = False


class Memory(Node):
    """A State."""

    has_value = True
    stateful = True
    skip_api = True
    change = Event()

    def __init__(self, number: int, value: Any = None) -> None:
        self._id = number
        self.value = value

    @property
    def constructor_args(self) -> Mapping[str, Any]:
        return {"value": self.value}

    def initial(self) -> Any:
        return copy.deepcopy(self.value)


class Clock(Box):
    """A timer: its value is the interval in seconds."""

    ticks = True
    tick = Event(show_progress="hidden")

    def __init__(self, number: int, value: float | None = None, **given: Any) -> None:
        super().__init__(number, value, **given)
        self.active = given.get("active", True)

    def ticks_every(self, wire: Any) -> float | None:
        return wire if self.active else None

    def reconfigured(self, changes: Mapping[str, Any]) -> Clock:
        merged = {**self.given, **changes}
        merged.pop("value", None)
        return Clock(self._id, self.value, **merged)


class Screen(FakeSink):
    """A screen that also notes in which order it is told of steps, statuses and toasts."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[Any] = []
        """Values of steps as tuples, stages as strings, toasts as [message]."""

    def deliver(self, changes: Mapping[Any, Mapping[str, Any]]) -> None:
        super().deliver(changes)
        self.log.append(tuple(props.get("value") for props in changes.values()))

    def status(self, status: Status) -> None:
        super().status(status)
        self.log.append(status.stage)

    def message(self, message: Any) -> None:
        super().message(message)
        self.log.append([message.message])


class JsPage:
    """A page that is asked to run js, and answers when the test lets it."""

    def __init__(self) -> None:
        self.there = True
        self.asked: list[Run] = []
        self.begun: list[Any] = []

    def run_js(self, run: Run, begun: Any) -> bool:
        """Note what is asked."""
        if self.there:
            self.asked.append(run)
            self.begun.append(begun)
        return self.there


class AtOnce:
    """Workers of simulated time: the work is done on the loop, and takes ``seconds`` by the loop's clock."""

    def __init__(self) -> None:
        self.seconds = 0.0

    async def run(self, work: Callable[[], T]) -> T:
        """Do the work."""
        await anyio.lowlevel.checkpoint()
        if self.seconds:
            await anyio.sleep(self.seconds)
        return work()


class App:
    """Boxes ``a`` to ``d``, a Frame, a State, and the graph they stand in."""

    glance = 0.001
    """Seconds between two looks at whether something has ended."""

    def __init__(self, **scheduling: Any) -> None:
        self.owner = Box(0)
        self.graph = Graph(self.owner)
        self.a, self.b, self.c, self.d = (Box(i) for i in (1, 2, 3, 4))
        self.frame, self.state = Frame(5), Memory(6, [])
        for node in (self.a, self.b, self.c, self.d, self.frame, self.state):
            self.graph.add_node(node)
        self.sink = Screen()
        self.session = Session(self.sink)
        self.scheduler = Scheduler(self.graph, **scheduling)

    @contextmanager
    def open(self) -> Iterator[App]:
        """Register listeners inside."""
        token = building.set(self.graph)
        try:
            yield self
        finally:
            building.reset(token)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[App]:
        """Run the scheduler; at the end everything pending must have ended."""
        async with anyio.create_task_group() as tasks:
            await tasks.start(self.scheduler.serve)
            yield self
            self.scheduler.stop()

    def session_of(self, **given: Any) -> Session:
        """One more session, with a screen of its own."""
        return Session(Screen(), **given)

    def press(self, node: Node | None = None, session: Session | None = None, event: str = "click") -> None:
        """Fire an event, of ``a`` unless told."""
        self.scheduler.trigger(session or self.session, node or self.a, event)

    def cancel(self, *dependencies: Dependency, session: Session | None = None) -> None:
        """Cancel the pending runs of listeners in a session."""
        chosen = session or self.session
        self.scheduler.cancel(chosen.runs([one.listener for one in dependencies]))

    async def settle(self, *sessions: Session) -> None:
        """Wait until nothing is pending in the session, or in those given."""
        with anyio.fail_after(10_000 * self.glance):
            for session in sessions or (self.session,):
                while session.pending:
                    await anyio.sleep(self.glance)

    async def pressed(self, node: Node | None = None, event: str = "click") -> None:
        """Fire an event and wait until nothing is pending."""
        self.press(node, event=event)
        await self.settle()

    def records(self, dependency: Dependency, sink: FakeSink | None = None) -> list[Status]:
        """The status records of a listener, in order."""
        return [s for s in (sink or self.sink).statuses if s.fn_index == dependency.listener.id]

    def stages(self, dependency: Dependency, sink: FakeSink | None = None) -> list[str]:
        """The stages shown for a listener, in order."""
        return [str(s.stage) for s in self.records(dependency, sink)]

    def error(self, dependency: Dependency) -> str:
        """What a failed run of a listener said; the app must show errors."""
        last = self.records(dependency)[-1]
        assert last.stage == "error"
        return str(last.message)

    @property
    def order(self) -> list[int]:
        """Ids of the listeners in the order in which their runs were accepted."""
        first = {s.run: s.fn_index for s in reversed(self.sink.statuses)}
        return [first[run] for run in dict.fromkeys(s.run for s in self.sink.statuses)]


class Gate:
    """A plain function that waits inside until it is opened, and counts who is in."""

    def __init__(self, result: Any = None) -> None:
        self.result = result
        self.open = threading.Event()
        self.lock = threading.Lock()
        self.inside = self.most = self.calls = 0

    def __call__(self, *args: Any) -> Any:
        with self.lock:
            self.calls += 1
            self.inside += 1
            self.most = max(self.most, self.inside)
        assert self.open.wait(10)
        with self.lock:
            self.inside -= 1
        return self.result


class AsyncGate:
    """The same as a coroutine function: ``app.a.click(gate.pass_through)``."""

    def __init__(self, result: Any = None) -> None:
        self.result = result
        self.open = anyio.Event()
        self.inside = self.most = self.calls = 0

    async def pass_through(self, *args: Any) -> Any:
        """Wait inside."""
        self.calls += 1
        self.inside += 1
        self.most = max(self.most, self.inside)
        await self.open.wait()
        self.inside -= 1
        return self.result


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that another thread brings about."""
    with anyio.fail_after(5):
        while not condition():
            await anyio.sleep(0.001)


async def quiet() -> None:
    """Wait until all tasks of the loop wait for something: what may start has started."""
    await anyio.wait_all_tasks_blocked()


def values_of(session: Session, node: Node) -> Sequence[Any]:
    """The values that a session's screen was shown for ``node``."""
    assert isinstance(session.sink, FakeSink)
    return session.sink.values(node)
