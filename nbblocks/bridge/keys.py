"""Keys: which block of a new rendering is one of the rendering before, and what it keeps of that (ST-70)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from traitlets import TraitError

from nbblocks.core.equality import same
from nbblocks.core.sessions import Session

from .block import Block, kind_of

logger = logging.getLogger("nbblocks")


def check_keys(blocks: Iterable[Block]) -> None:
    """Look whether each key stands for one block; a layout may have that of a component.

    :raises ValueError: naming a key that was given twice (ST-72)
    """
    seen: dict[tuple[bool, Any], Block] = {}
    for block in blocks:
        if block.key is not None and seen.setdefault((block.has_value, block.key), block) is not block:
            kind = "components" if block.has_value else "layouts"
            raise ValueError(f"two {kind} have the key {block.key!r} in one rendering: give each its own")


def pairs(new: Iterable[Block], old: Iterable[Block]) -> list[tuple[Block, Block]]:
    """Each new block that is one of the old ones: with the same class and key.

    A frame that the library has put around a block goes with it, so that a field with a key keeps its place
    in the page.
    """
    before = {(kind_of(type(block)), block.key): block for block in old if block.key is not None}
    found: dict[Block, Block] = {}
    for block in new:
        earlier = before.get((kind_of(type(block)), block.key)) if block.key is not None else None
        if earlier is not None and earlier is not block:
            found[block] = earlier
    taken = set(found.values())
    for block, earlier in list(found.items()):
        frame, was = block.parent, earlier.parent
        if frame in found or was in taken or not _is_frame(block) or not _is_frame(earlier):
            continue
        if type(frame) is type(was):
            found[frame] = was
            taken.add(was)
    return list(found.items())


def _is_frame(block: Block) -> bool:
    """Whether the layout around ``block`` is there because the block must stand in one of its kind."""
    frame = block.parent
    return isinstance(frame, Block) and frame.key is None and type(frame) is block.expected_parent()


def preserved(new: Block, old: Block, session: Session) -> dict[str, Any]:
    """What ``new`` names in ``preserved_by_key`` and somebody has set of ``old``, by name; a wire value."""
    view, built = session.view(old), old.original
    kept: dict[str, Any] = {}
    for name in new.preserved_by_key:
        if name not in new.page_props:
            continue
        if name == "value":
            if session.has_set(old):
                kept[name] = session.value(old)
        elif not same(now := getattr(view, name), getattr(built, name)):
            kept[name] = now
    return kept


def take_over(new: Block, old: Block, session: Session) -> tuple[set[str], dict[str, Any]]:
    """Let ``new``, which has the id of ``old``, go on with what is preserved, and with nothing else.

    :return: names of properties that pages hold already, and may be ahead of the kernel with; and what the
        traits are to be set to
    """
    kept = preserved(new, old, session)
    held = set(kept)
    for name in new.preserved_by_key:  # a page may have set what the kernel was not told of yet
        if name in new.page_props and same(_built(new, name), _built(old, name)):
            held.add(name)
    if not new.stateful:
        session.reset(old)
    if "value" in kept:
        session.set_value(new, kept["value"])
    others = {name: value for name, value in kept.items() if name != "value"}
    if others:
        try:
            session.configure(new, new.reconfigured(others))
        except (TypeError, ValueError, TraitError):
            logger.exception("%r cannot keep its %s", new, ", ".join(others))
            kept, held = {name: value for name, value in kept.items() if name == "value"}, held - set(others)
    return held, kept


def _built(block: Block, name: str) -> Any:
    return block.initial() if name == "value" else getattr(block.original, name)
