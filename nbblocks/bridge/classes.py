"""What is known of a class of blocks: how pages know it, its traits that they see, its parameters."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, get_type_hints

import traitlets as t

if TYPE_CHECKING:
    from .block import Block

PACKAGE = __name__.partition(".")[0]


@functools.lru_cache(maxsize=1000)
def drawn_class(cls: type[Block]) -> type[Block]:
    """The class of the library that a page knows instances of ``cls`` as: the nearest, if that is drawn.

    A user's class may be derived from such a one, and may be derived from the bases of all components.
    """
    near = next(one for one in cls.__mro__ if one.__module__.partition(".")[0] == PACKAGE)
    return cls if near.__module__.startswith(f"{PACKAGE}.bridge.") else near


def page_type(cls: type[Block]) -> str:
    """Name of the front-end file that draws instances of ``cls``."""
    drawn_as = (vars(base).get("drawn_as") for base in cls.__mro__)
    return next((name for name in drawn_as if name), drawn_class(cls).__name__.lower())


def kind_of(cls: type[Block]) -> tuple[str, str]:
    """What tells a class from others: it is made anew if the cell that defines it runs again."""
    return cls.__module__, cls.__qualname__


@functools.cache
def page_props(cls: type[Block]) -> tuple[str, ...]:
    """Names of the traits that pages see."""
    return tuple(sorted(n for n in cls.class_traits(sync=True) if not n.startswith("_")))


@functools.cache
def defaults(cls: type[Block]) -> dict[str, Any]:
    """The default of each trait that pages see, but for those that are made."""
    traits = cls.class_traits(sync=True)
    found: dict[str, Any] = {}
    for name in page_props(cls):
        default: Any = traits[name].default()
        if default is not t.Undefined:
            found[name] = default
    return found


@functools.cache
def parameters(cls: type) -> tuple[str, ...]:
    """Names of the constructor's parameters."""
    return tuple(inspect.signature(cls.__init__).parameters)[1:]


@functools.cache
def keywords(shared: type) -> frozenset[str]:
    """The keywords of a TypedDict of shared parameters."""
    return frozenset(get_type_hints(shared))
