"""What pages and authors are told of properties that cannot be shown."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .packing import Unfit, sound

if TYPE_CHECKING:
    from .block import Block

logger = logging.getLogger("nbblocks")


class Faults:
    """The properties of one app's blocks that cannot be shown now. Any thread.

    :param tell: takes each new fault's text, for the log drawer
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._known: dict[int, dict[str, str]] = {}

    def note(self, block: Block, name: str, error: Exception) -> dict[str, Any]:
        """A property cannot be shown; the keys that say so to the pages.

        It is told once, for as long as it stays the same.
        """
        what = f"it holds {error}" if isinstance(error, Unfit) else f"{type(error).__name__}: {_text(error)}"
        text = sound(f"{_named(block)} cannot show its {name}: {what}")
        known = self._known.setdefault(block._id, {})
        if known.get(name) != text:
            known[name] = text
            logger.error("%s", text, exc_info=None if isinstance(error, Unfit) else error)
            self._tell(text)
        return self._of(block._id)

    def cleared(self, key: str) -> dict[str, Any]:
        """A key of the root's state could be sent: what pages are to be told if it could not be before."""
        if not self._known:
            return {}
        owner, _, name = key.partition(".")
        number = int(owner) if owner.isdigit() else -1
        if self._known.get(number, {}).pop(name, None) is None:
            return {}
        return self._of(number)

    def now(self) -> dict[str, Any]:
        """All faults, as keys of the root's state."""
        return {key: text for number in list(self._known) for key, text in self._of(number).items()}

    def _of(self, number: int) -> dict[str, Any]:
        texts = list(self._known.get(number, {}).values())
        if not texts:
            self._known.pop(number, None)
        return {f"{number}.fault": "\n".join(texts) or None}


def _named(block: Block) -> str:
    label = getattr(block, "label", None)
    name = type(block).__name__
    return f"{name} {label!r}" if isinstance(label, str) and label else f"{name} {block._id}"


def _text(error: Exception) -> str:
    try:
        return str(error)
    except Exception as other:  # noqa: BLE001 - an odd exception of the user's
        return f"(its text cannot be had: {type(other).__name__})"
