"""The smallest app a core test needs: boxes with a value, a State, and a scheduler that runs."""

from __future__ import annotations

import copy
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import anyio

from nbblocks.core.events import Event
from nbblocks.core.graph import Graph, building
from nbblocks.core.listeners import Dependency
from nbblocks.core.nodes import Node
from nbblocks.core.scheduler import Scheduler
from nbblocks.core.sessions import Session
from tests.support import FakeSink


class Box(Node):
    """A component: its value passes through, ``shout`` makes postprocess upper-case it."""

    has_value = True
    click = Event()
    change = Event()
    load = Event()

    def __init__(self, number: int, value: Any = None, **given: Any) -> None:
        self._id = number
        self.value = value
        self.given = {"value": value, **given} if value is not None else given
        self.shout = given.get("shout", False)

    @property
    def constructor_args(self) -> Mapping[str, Any]:
        return self.given

    def initial(self) -> Any:
        return self.value

    def postprocess(self, value: Any) -> Any:
        if value == "bad":
            raise ValueError("a bad value")
        return value.upper() if self.shout and isinstance(value, str) else value

    def preprocess(self, payload: Any) -> Any:
        if payload == "unreadable":
            raise ValueError("cannot read it")
        return payload

    def reconfigured(self, changes: Mapping[str, Any]) -> Box:
        unknown = changes.keys() - {"shout", "label", "visible"}
        if unknown:
            raise TypeError(f"Box got an unexpected keyword argument {sorted(unknown)[0]!r}")
        merged = {**self.given, **changes}
        merged.pop("value", None)
        return Box(self._id, self.value, **merged)

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


class App:
    """Boxes ``a`` to ``d``, a Frame, a State, and the graph they stand in."""

    def __init__(self) -> None:
        self.owner = Box(0)
        self.graph = Graph(self.owner)
        self.a, self.b, self.c, self.d = (Box(i) for i in (1, 2, 3, 4))
        self.frame, self.state = Frame(5), Memory(6, [])
        for node in (self.a, self.b, self.c, self.d, self.frame, self.state):
            self.graph.add_node(node)
        self.sink = FakeSink()
        self.session = Session(self.sink)
        self.scheduler = Scheduler(self.graph)

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

    def press(self, node: Node | None = None, session: Session | None = None, event: str = "click") -> None:
        """Fire an event, of ``a`` unless told."""
        self.scheduler.trigger(session or self.session, node or self.a, event)

    async def settle(self) -> None:
        """Wait until nothing is pending in the session."""
        while self.session.pending:
            await anyio.sleep(0.001)

    def stages(self, dependency: Dependency, sink: FakeSink | None = None) -> list[str]:
        """The stages shown for a listener, in order."""
        return [s.stage for s in (sink or self.sink).statuses if s.fn_index == dependency.listener.id]


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that another thread brings about."""
    with anyio.fail_after(5):
        while not condition():
            await anyio.sleep(0.001)
