"""The observers of a block's traits: who they are, and how all are told even if one of them fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from traitlets import Bunch
from traitlets.traitlets import (
    All,
    EventHandler,
    ObserveHandler,
    _callback_wrapper,  # pyright: ignore[reportPrivateUsage]
)

if TYPE_CHECKING:
    from .block import Block

Change = tuple[str, Any, Any]
"""A trait's name, and its values before and after."""
Failed = Callable[[str, BaseException], object]
"""Is told what user code that nobody waits for has raised, and where."""


def observers_of(block: Block, name: str) -> list[Callable[[Any], object]]:
    """Whoever observes the trait ``name``, in the order in which traitlets calls them."""
    known: Any = block._trait_notifiers
    found: list[Callable[[Any], object]] = [
        getattr(block, str(one.name)) if isinstance(one, EventHandler) else one
        for key in (name, All)
        for kind in ("change", All)
        for one in known.get(key, {}).get(kind, ())
    ]
    magic = getattr(block, f"_{name}_changed", None)  # the form of older traitlets
    if magic is not None and not isinstance(getattr(type(block), f"_{name}_changed"), ObserveHandler):
        found.append(_callback_wrapper(magic))
    return found


def tell(block: Block, change: Change) -> list[BaseException]:
    """Call the observers of a change; what they have raised.

    It runs the user's code, ``__eq__`` of the values too: it is no change if they are equal.
    """
    name, old, new = change
    if not differ(old, new):
        return []
    told = Bunch(name=name, old=old, new=new, owner=block, type="change")
    raised: list[BaseException] = []
    for observer in observers_of(block, name):
        try:
            observer(told)
        except BaseException as error:  # noqa: BLE001, PERF203 - the other observers go on
            raised.append(error)
    return raised


def differ(old: Any, new: Any) -> bool:
    """Whether two values are unequal, as traitlets sees it: what cannot be compared is."""
    try:
        return not bool(old == new)
    except Exception:  # noqa: BLE001 - what cannot be compared is different
        return True
