"""What an app takes over from the one that its cell made before: values of components with a key (ST-74)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from .block import Block
from .cache import FileCache
from .files import paths_in

if TYPE_CHECKING:
    from .component import Component
    from .host import Host


def inherit(heir: Host, earlier: Host) -> None:
    """Take over what ``preserved_by_key`` names, from blocks of the same key and class.

    Both have a session; the heir has no page yet.
    """
    before = by_key(cast("Block", node) for node in earlier.graph.nodes.values())
    for block in by_key(cast("Block", node) for node in heir.graph.nodes.values()).values():
        found = before.get((type(block), block.key))
        if found is not None:
            _take_over(heir, earlier, block, found)


def by_key(blocks: Iterable[Block]) -> dict[tuple[type, Any], Block]:
    """The blocks that have a key, by class and key."""
    return {(type(block), block.key): block for block in blocks if block.key is not None}


def _take_over(heir: Host, earlier: Host, block: Block, found: Block) -> None:
    assert heir.session is not None
    assert earlier.session is not None
    for name in block.preserved_by_key:
        if name != "value":
            if name in block.page_props:
                setattr(block, name, getattr(found, name))
        elif block.stateful:
            for kept in earlier.session.states.take(found):
                heir.session.states.set(block, kept.value, written=kept.written)
        elif block.has_value:
            cast("Component[Any, Any]", block).value = _moved(earlier.session.value(found), heir.cache)


def _moved(wire: Any, cache: FileCache) -> Any:
    """A wire value whose files lie in another app's cache: those of the earlier one go with it."""
    for path in set(paths_in(wire)):
        wire = _renamed(wire, path, cache.save_file(path))
    return wire


def _renamed(wire: Any, old: str, new: str) -> Any:
    if isinstance(wire, dict):
        return {
            key: new if key == "path" and value == old else _renamed(value, old, new)
            for key, value in cast("dict[Any, Any]", wire).items()
        }
    if isinstance(wire, list):
        return [_renamed(item, old, new) for item in cast("list[Any]", wire)]
    return wire
