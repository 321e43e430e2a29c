"""Which blocks and listeners an app has; the graph that is being built."""

from __future__ import annotations

import itertools
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, cast
from weakref import WeakValueDictionary

from .errors import DuplicateBlockError, InvalidBlockError
from .settings import QueueSettings

if TYPE_CHECKING:
    from .listeners import Dependency, Listener
    from .nodes import Node
    from .parts import Part

T = TypeVar("T")

building: ContextVar[Graph | None] = ContextVar("nbblocks_building", default=None)
"""The graph that listeners registered here and now belong to."""


def open_graph(doing: str) -> Graph:
    """The graph being built.

    :raises AttributeError: outside of a Blocks context (EV-3)
    """
    graph = building.get()
    if graph is None:
        raise AttributeError(f"Cannot {doing} outside of a nbblocks.Blocks context.")
    return graph


@dataclass(eq=False)
class Graph:
    """The blocks of one app and the listeners between them.

    Apps may grow while they run. So ``nodes``, ``listeners`` and ``dependencies`` are never changed in place:
    whoever goes through one has the app as it was when they began.
    """

    owner: Node
    """The app itself, source of ``load`` and ``unload``."""
    nodes: dict[int, Node] = field(default_factory=dict["int", "Node"])
    listeners: dict[int, Listener] = field(default_factory=dict["int", "Listener"])
    dependencies: dict[int, Dependency] = field(default_factory=dict["int", "Dependency"])
    settings: QueueSettings = field(default_factory=QueueSettings)
    version: int = 0
    """Grows with each change, so that caches know."""

    def __post_init__(self) -> None:
        self._unnumbered: list[Dependency] = []
        self._index: Index | None = None
        self._numbers = itertools.count()
        self._groups: dict[Any, int | None] | None = None
        self._used: tuple[set[int], set[int]] | None = None
        self.lock = threading.RLock()
        """Held to change what stands in the app, by the thread that builds and by the scheduler's loop."""
        self.homes: dict[int, Part] = {}
        """The parts that blocks belong to, by their ids; the app's own blocks have none."""
        self.gone: WeakValueDictionary[int, Node] = WeakValueDictionary()
        """Blocks that went with the part they belonged to, as long as somebody holds them."""

    # -- blocks

    def add_node(self, node: Node) -> None:
        """Take ``node`` into the app.

        :raises DuplicateBlockError: if it is there already, unless it is stateful (AP-7)
        """
        if node._id in self.nodes and not node.stateful:
            raise DuplicateBlockError(
                f"a block with id {node._id} ({node.type_name}) has been rendered in this app already"
            )
        with self.lock:
            self.nodes = {**self.nodes, node._id: node}
            self.version += 1

    def remove_node(self, node: Node) -> None:
        """Let ``node`` go; its listeners stay (AP-10)."""
        with self.lock:
            self.nodes = _without(self.nodes, node._id)
            self.version += 1

    def clear(self) -> None:
        """Forget all blocks and listeners."""
        with self.lock:
            self.nodes, self.homes, self.listeners, self.dependencies = {}, {}, {}, {}
            self._unnumbered = []
            self.changed()

    def current(self, node: Node) -> Node | None:
        """The block that stands for ``node``: itself, one that took its id over, or None if it is gone."""
        return self.nodes.get(node._id) or (None if node._id in self.gone else node)

    # -- listeners

    def number(self) -> int:
        """An id for one more listener."""
        return next(self._numbers)

    def add(self, dependency: Dependency, *, replaces: Dependency | None = None) -> None:
        """Take in a listener: give it its id and make its API name unique (EV-341).

        :raises InvalidBlockError: if it names a block of a part, and is none of the part's listeners (AP-64)
        """
        listener = dependency.listener
        for node in nodes_of(listener):
            if node._id in self.homes:
                raise InvalidBlockError(foreign_text(listener, node))
        with self.lock:
            index = self._index if replaces is None else None
            if replaces is not None:
                listener.id = replaces.listener.id
                self._replace(replaces, listener)
            else:
                listener.id = self.number()
            if listener.api_name:
                listener.api_name = self.unused(listener)
            self.listeners = {**self.listeners, listener.id: listener}
            self.dependencies = {**self.dependencies, listener.id: dependency}
            self.changed()
            if index is not None:  # an app that grows is not gone through anew for each event
                _bind(index, listener)
                self._index = index
        dependency.refresh()

    def unused(self, listener: Listener) -> str:
        """The API name of ``listener`` as no other listener has it."""
        taken = {other.api_name for other in self.listeners.values() if other.id != listener.id}
        return _unused(str(listener.api_name), taken)

    def _replace(self, standing: Dependency, listener: Listener) -> None:
        """Let what was chained to one listener, or cancels it, mean another."""
        from .events import Trigger

        old, standing.listener = standing.listener, listener
        for other in self.listeners.values():
            other.triggers = tuple(
                Trigger(listener, t.event) if t.source is old else t for t in other.triggers
            )
            other.cancels = tuple(listener if one is old else one for one in other.cancels)

    def add_later(self, dependency: Dependency) -> None:
        """Take in a listener that gets its id, after all others, when the context closes (AP-4)."""
        self._unnumbered.append(dependency)

    def settle(self) -> None:
        """Number the listeners that wait for it: the context has closed."""
        waiting, self._unnumbered = self._unnumbered, []
        for dependency in waiting:
            self.add(dependency)
        if waiting:
            for dependency in self.dependencies.values():
                dependency.refresh()  # cancels may name those that were numbered now

    def knows(self, listener: Listener) -> bool:
        """Whether it is one of this app's, numbered or not."""
        return self.listeners.get(listener.id) is listener or any(
            listener is waiting.listener for waiting in self._unnumbered
        )

    def remove(self, listener: Listener) -> None:
        """Let a listener go."""
        with self.lock:
            self.listeners = _without(self.listeners, listener.id)
            self.dependencies = _without(self.dependencies, listener.id)
            self.changed()

    def absorb(self, other: Graph) -> None:
        """Take over the blocks and listeners of an app rendered into this one (AP-9)."""
        from .events import Trigger

        other.settle()
        for node in other.nodes.values():
            self.add_node(node)
        for dependency in other.dependencies.values():
            listener = dependency.listener
            listener.triggers = tuple(
                Trigger(self.owner, t.event)
                if t.source is other.owner and t.event in ("load", "unload")
                else t
                for t in listener.triggers
            )
            self.add(dependency)
        for dependency in self.dependencies.values():
            dependency.refresh()

    def triggered_by(self, source: Node | Listener, event: str) -> Sequence[Listener]:
        """The listeners bound to ``event`` of ``source``, in registration order."""
        index = self._index
        if index is None:
            with self.lock:  # what is added meanwhile must not be missed
                index = self._index = _indexed(self.listeners.values())
        return index.get((id(source), event), ())

    def limit_of(self, listener: Listener) -> int | None:
        """The concurrency limit of the listener's group (EV-224)."""
        groups = self._groups
        if groups is None:
            with self.lock:
                groups = self._groups = dict(self._limits())
        if (key := group_key(listener)) in groups:
            return groups[key]
        own = listener.concurrency_limit  # it has been taken out of the app, and a run of it is left
        return self.settings.default_concurrency_limit() if own == "default" else own

    def _limits(self) -> Iterator[tuple[Any, int | None]]:
        members: dict[Any, list[int | Literal["default"] | None]] = defaultdict(list)
        for listener in self.listeners.values():
            members[group_key(listener)].append(listener.concurrency_limit)
        for key, limits in members.items():
            explicit = [limit for limit in limits if isinstance(limit, int)]
            if explicit:
                yield key, min(explicit)
            else:
                yield key, self.settings.default_concurrency_limit() if "default" in limits else None

    def settings_changed(self) -> None:
        """Forget what was derived from the settings."""
        self._groups = None

    @property
    def stateful(self) -> list[Node]:
        """The stateful nodes in the app, or used by its listeners: they need not be placed (ST-26)."""
        used = (node for one in self.listeners.values() for node in (*one.inputs, *one.outputs))
        found = {node._id: node for node in (*self.nodes.values(), *used) if node.stateful}
        return list(found.values())

    def is_input(self, node: Node) -> bool:
        """Whether some listener reads ``node``."""
        return node._id in self._in_use[0]

    def is_output(self, node: Node) -> bool:
        """Whether some listener writes ``node``."""
        return node._id in self._in_use[1]

    @property
    def _in_use(self) -> tuple[set[int], set[int]]:
        """Ids of the blocks that listeners read, and of those that they write."""
        used = self._used
        if used is None:
            with self.lock:
                listeners = self.listeners.values()
                read = {node._id for listener in listeners for node in listener.inputs}
                used = self._used = read, {node._id for listener in listeners for node in listener.outputs}
        return used

    def check(self) -> None:
        """What must hold before the app is shown or called (AP-34).

        :raises ValueError: for cancels of unqueued listeners, batch or every without queue
        :raises ValueError: if two blocks have the same key (ST-74)
        :raises InvalidBlockError: if a listener names a block that is not in the app (EV-14)
        """
        keyed: dict[Any, Node] = {}
        for node in self.nodes.values():  # a rendering has keys of its own
            if (
                node.key is not None
                and node._id not in self.homes
                and keyed.setdefault(node.key, node) is not node
            ):
                raise ValueError(
                    f"two blocks of this app have the key {node.key!r}: {keyed[node.key]!r}, {node!r}"
                )
        for listener in self.listeners.values():
            check(listener)
            for node in nodes_of(listener):
                if node is not self.owner and node._id not in self.nodes and not node.stateful:
                    raise InvalidBlockError(unplaced_text(listener, node))

    def changed(self) -> None:
        """Listeners have come or gone: forget what was derived from them. With the lock held."""
        self._index = None
        self._groups = None
        self._used = None
        self.version += 1


Index: TypeAlias = "dict[tuple[int, str], tuple[Listener, ...]]"


def _indexed(listeners: Iterable[Listener]) -> Index:
    index: Index = {}
    for listener in listeners:
        _bind(index, listener)
    return index


def _bind(index: Index, listener: Listener) -> None:
    for trigger in listener.triggers:
        key = id(trigger.source), trigger.event
        bound = index.get(key, ())
        if listener not in bound:
            index[key] = (*bound, listener)


def _without(entries: Mapping[int, T], number: int) -> dict[int, T]:
    return {key: one for key, one in entries.items() if key != number}


def nodes_of(listener: Listener) -> Iterator[Node]:
    """The blocks that a listener names: its inputs, its outputs, and those whose events trigger it."""
    yield from listener.inputs
    yield from listener.outputs
    for trigger in listener.triggers:
        if not isinstance(trigger.source, type(listener)):
            yield cast("Node", trigger.source)


def check(listener: Listener) -> None:
    """What must hold of a listener by itself before it can be triggered (AP-34).

    :raises ValueError: for cancels of unqueued listeners, batch or every without queue
    """
    for other in listener.cancels:
        if not other.queue or other.function is None:
            raise ValueError(f"Queue needs to be enabled! The listener {other.name!r} cannot be cancelled")
    if listener.batch and not listener.queue:
        raise ValueError(f"the batch listener {listener.told!r} needs queue=True")
    if listener.every is not None and not listener.queue:
        raise ValueError(f"every={listener.every} of the listener {listener.told!r} needs queue=True")


def unplaced_text(listener: Listener, node: Node) -> str:
    """What is said of a listener that names a block which stands nowhere."""
    return (
        f"the listener {listener.told!r} uses a {node.type_name} (id {node._id}) that is not rendered in "
        "this app: place it in the layout, or call its render()"
    )


def foreign_text(listener: Listener, node: Node) -> str:
    """What is said of a listener that names a block which goes when its part of the app is built anew."""
    return (
        f"the listener {listener.told!r} uses a {node.type_name} (id {node._id}) that a render function has "
        "made: register the listener in that function"
    )


def group_key(listener: Listener) -> Any:
    """Listeners with the same key share one concurrency counter (EV-223)."""
    if listener.concurrency_id is not None:
        return listener.concurrency_id
    return id(listener.function.fn) if listener.function else id(listener)


def _unused(name: str, taken: set[Any]) -> str:
    candidate, n = name, 0
    while candidate in taken:
        n += 1
        candidate = f"{name}_{n}"
    return candidate
