"""What an app takes over from the one that its cell made before: values of components with a key (ST-74)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

import traitlets as t

from nbblocks.core.filedata import FileData
from nbblocks.core.states import Kept

from . import cache
from .block import Block, kind_of
from .files import changed, is_url

if TYPE_CHECKING:
    from .component import Component
    from .host import Host

logger = logging.getLogger("nbblocks")


def inherit(heir: Host, earlier: Host) -> None:
    """Take over what ``preserved_by_key`` names, from blocks of the same key and class.

    The heir has no page yet, and need not have a session: State waits for it as its legacy.
    """
    before = by_key(earlier)
    for block in by_key(heir).values():
        found = before.get((kind_of(type(block)), block.key))
        if found is not None:
            try:
                _take_over(heir, earlier, block, found)
            except (ValueError, OSError, t.TraitError) as error:  # the cell was changed: the app is shown
                logger.warning("%r does not keep what it had: %s", block, error)


def by_key(host: Host) -> dict[tuple[Any, Any], Block]:
    """The blocks that have a key, by class and key, but for those of renderings: their keys are their own."""
    graph = host.graph
    blocks = (cast("Block", node) for number, node in graph.nodes.items() if number not in graph.homes)
    return {(kind_of(type(block)), block.key): block for block in blocks if block.key is not None}


def _take_over(heir: Host, earlier: Host, block: Block, found: Block) -> None:
    assert earlier.session is not None
    for name in block.preserved_by_key:
        if name != "value":
            if name in block.page_props:
                setattr(block, name, _with_own_files(getattr(found, name), heir.cache))
        elif block.stateful:
            for kept in earlier.session.states.take(found):
                heir.legacy.append(Kept(block, kept.value, kept.written))
        elif block.has_value:
            component = cast("Component[Any, Any]", block)
            component.value = _moved(component, earlier.session.value(found), heir.cache)


def _moved(component: Component[Any, Any], wire: Any, held: cache.FileCache) -> Any:
    """A wire value as ``component`` takes it, its files in another app's cache: the earlier one's will go.

    :raises ValueError: if the component takes no such value
    :raises OSError: if a file is gone
    """
    wire = _with_own_files(wire, held)
    with cache.activated(held):
        return component.from_page(wire)


def _with_own_files(value: Any, held: cache.FileCache) -> Any:
    """A value with its files in ``held``; what merely says that it is a file stays as it is (TR-1)."""

    def move(record: dict[str, Any]) -> Any:
        path = record["path"]
        return record if is_url(path) else FileData({**record, "path": held.save_file(path, trusted=True)})

    return changed(value, move) if isinstance(value, (dict, list)) else value
