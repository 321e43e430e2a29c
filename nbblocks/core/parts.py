"""Parts of an app that are built anew while it runs: each joins the app whole, in place of the one before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from .errors import DuplicateBlockError, InvalidBlockError
from .events import Trigger
from .graph import Graph, check, foreign_text, nodes_of, unplaced_text
from .listeners import Listener
from .nodes import Node


class Part(Graph):
    """Blocks and listeners that are built apart from an app. `join` makes them the app's.

    :param whole: the app's blocks and listeners
    :param place: the block of the app that the part stands in
    """

    def __init__(self, whole: Graph, place: Node) -> None:
        super().__init__(whole.owner, settings=whole.settings)
        self.whole, self.place = whole, place

    def add_node(self, node: Node) -> None:
        """Take ``node`` in.

        :raises DuplicateBlockError: if it stands in the app already, other than in a part
        """
        number = node._id
        if number in self.whole.nodes and number not in self.whole.homes and not node.stateful:
            raise DuplicateBlockError(_twice_text(node))
        super().add_node(node)

    def number(self) -> int:
        """An id that is good in the app."""
        return self.whole.number()

    def knows(self, listener: Listener) -> bool:
        """Whether it is one of this part's or of the app's."""
        return super().knows(listener) or self.whole.knows(listener)

    def unused(self, listener: Listener) -> str:
        """The API name as it was wished for: it is made unique in the app, where others go meanwhile."""
        return str(listener.api_name)

    def renumber(self, node: Node, number: int) -> None:
        """Give one of its blocks the id of another, which it takes the place of."""
        del self.nodes[node._id]
        node._id = number
        self.nodes[number] = node


@dataclass
class Exchange:
    """What has come of a `join`."""

    gone: list[Node]
    """Blocks that are not there any more."""
    dropped: list[Listener]
    """Listeners that are not there any more; runs of them may go on."""
    kept: dict[Listener, bool]
    """Listeners with a key, which go on, and whether their inputs are others than before."""


def join(part: Part, before: Sequence[Part]) -> Exchange:
    """Let ``part`` join its app in place of ``before``, the first of which it is another edition of.

    On the scheduler's loop. Blocks with the id of one from before are its heirs; listeners with a key go on
    as the objects that they were. If this fails, all is as it was.

    :raises DuplicateBlockError: if a block of the part stands elsewhere in the app
    :raises InvalidBlockError: if a listener names a block that will not be there, or that may go before it
    :raises ValueError: if two listeners have the same key, and as `Graph.check` does
    """
    whole = part.whole
    with whole.lock:
        leaving = {number: node for one in before for number, node in one.nodes.items()}
        _check_nodes(part, leaving)
        _check_listeners(part, leaving)
        lasting = _keyed(part, before[0] if before else None)
        return _exchange(part, before, leaving, lasting)


def _check_nodes(part: Part, leaving: dict[int, Node]) -> None:
    for number, node in list(part.nodes.items()):
        if number in leaving or number not in part.whole.nodes:
            continue
        if not node.stateful:
            raise DuplicateBlockError(_twice_text(node))
        del part.nodes[number]  # it stays where it was, and when the part goes


def _twice_text(node: Node) -> str:
    return f"a block with id {node._id} ({node.type_name}) has been rendered in this app already"


def _check_listeners(part: Part, leaving: dict[int, Node]) -> None:
    whole, around = part.whole, set(_around(part))
    for listener in part.listeners.values():
        check(listener)
        for node in nodes_of(listener):
            number = node._id
            if number in part.nodes or node is whole.owner or node.stateful:
                continue
            if number not in whole.nodes or number in leaving:
                raise InvalidBlockError(unplaced_text(listener, node))
            if (home := whole.homes.get(number)) is not None and home not in around:
                raise InvalidBlockError(foreign_text(listener, node))


def _around(part: Part) -> Iterable[Part]:
    """The parts that it stands in: it goes when they go."""
    home = part.whole.homes.get(part.place._id)
    while home is not None:
        yield home
        home = part.whole.homes.get(home.place._id)


def _keyed(part: Part, earlier: Part | None) -> dict[Listener, Listener]:
    """For each new listener with a key the one that it is, if that was there before."""
    seen: dict[Any, Listener] = {}
    for listener in part.listeners.values():
        if listener.key is not None and seen.setdefault(listener.key, listener) is not listener:
            raise ValueError(f"two listeners have the key {listener.key!r} in one rendering")
    before = list(earlier.listeners.values()) if earlier is not None else []
    return {seen[old.key]: old for old in before if old.key is not None and old.key in seen}


def _exchange(
    part: Part, before: Sequence[Part], leaving: dict[int, Node], lasting: dict[Listener, Listener]
) -> Exchange:
    whole = part.whole
    gone = [node for number, node in leaving.items() if number not in part.nodes]
    staying = set(lasting.values())
    dropped = [one for old in before for one in old.listeners.values() if one not in staying]
    kept = {old: not _same_nodes(old.inputs, new.inputs) for new, old in lasting.items()}
    _carry_on(part, lasting)
    # New dicts in place of the old ones: other threads may be going through those.
    nodes, homes = dict(whole.nodes), dict(whole.homes)
    for number in leaving:
        nodes.pop(number, None)
        homes.pop(number, None)
    nodes.update(part.nodes)
    homes.update(dict.fromkeys(part.nodes, part))
    listeners, dependencies = dict(whole.listeners), dict(whole.dependencies)
    for old in before:
        for number in old.listeners:
            listeners.pop(number, None)
            dependencies.pop(number, None)
    _name(part, {one.api_name for one in listeners.values()})
    listeners.update(part.listeners)
    dependencies.update(part.dependencies)
    whole.nodes, whole.homes = nodes, homes
    whole.listeners, whole.dependencies = listeners, dependencies
    whole.gone.update({node._id: node for node in gone})
    whole.changed()
    for dependency in part.dependencies.values():
        dependency.refresh()
    return Exchange(gone, dropped, kept)


def _same_nodes(some: Sequence[Node], others: Sequence[Node]) -> bool:
    return [node._id for node in some] == [node._id for node in others]


def _carry_on(part: Part, lasting: dict[Listener, Listener]) -> None:
    """Make the listeners that go on what the new ones are, and let all that names the new ones mean them."""
    if not lasting:
        return
    dependencies = list(part.dependencies.values())
    for new, old in lasting.items():
        for field in fields(Listener):
            if field.name != "id":
                setattr(old, field.name, getattr(new, field.name))
    part.listeners.clear()
    part.dependencies.clear()
    for dependency in dependencies:
        dependency.listener = listener = lasting.get(dependency.listener, dependency.listener)
        listener.cancels = tuple(lasting.get(one, one) for one in listener.cancels)
        listener.triggers = tuple(_meant(trigger, lasting) for trigger in listener.triggers)
        part.listeners[listener.id] = listener
        part.dependencies[listener.id] = dependency


def _meant(trigger: Trigger, lasting: dict[Listener, Listener]) -> Trigger:
    source = trigger.source
    return Trigger(lasting.get(source, source), trigger.event) if isinstance(source, Listener) else trigger


def _name(part: Part, taken: set[Any]) -> None:
    """Make the API names unique, in the order of registration (EV-341)."""
    last: dict[str, int] = {}
    for listener in part.listeners.values():
        wished = listener.api_name
        if not wished:
            continue
        name, n = wished, last.get(wished, 0)
        while name in taken:
            n += 1
            name = f"{wished}_{n}"
        last[wished] = n
        taken.add(name)
        listener.api_name = name
