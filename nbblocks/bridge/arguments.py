"""Which argument of a constructor was wrong: looked for only when the constructor has failed."""

from __future__ import annotations

import collections.abc
import inspect
import numbers
import re
import sys
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, Union

from ipywidgets import Widget
from traitlets import TraitError

from nbblocks.core.errors import shown, text_of

_CALLABLE: Any = collections.abc.Callable
_WIDER: dict[Any, Any] = {float: numbers.Real, int: numbers.Integral, complex: numbers.Number}
"""What is taken for a type, besides its own objects."""


def signature_of(cls: Any) -> inspect.Signature:
    """What the constructor of a class takes."""
    found = inspect.signature(cls.__init__)
    return found.replace(parameters=list(found.parameters.values())[1:])


class _Signature:
    """That of the constructor, as `inspect` would have it without `__call__`; a class may have its own."""

    def __get__(self, cls: Any, meta: Any = None) -> Any:
        return None if cls is None else signature_of(cls)


class Explaining(type(Widget)):
    """Classes whose constructor, when it fails, says which argument it did not take."""

    __signature__ = _Signature()

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """Make an object.

        :raises TypeError: naming the argument, what was expected and what came
        """
        try:
            return super().__call__(*args, **kwargs)
        except (TypeError, ValueError, AttributeError, LookupError, TraitError) as error:
            told = _explained(cls, args, kwargs, error)
            if told is None:
                raise
            raise told from error


def _explained(cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any], error: Exception) -> Exception | None:
    """The error that says more, None if this one says it all or nothing is known."""
    try:
        given = inspect.signature(cls.__init__).bind_partial(None, *args, **kwargs).arguments
    except TypeError:  # a keyword too many, which is said
        return None
    given = dict(list(given.items())[1:])
    for name in _rests(cls):
        given |= given.pop(name, {})
    hints, text = _hints(cls), text_of(error)
    for name, value in given.items():
        if name in hints and not _fits(value, hints[name]):
            if name in text and shown(value) in text:
                return None
            return _as(error, f"{cls.__name__}: {name} must be {_words(hints[name])}, {_got(value)} ({text})")
    return _of_value(cls, given, error)


def _of_value(cls: Any, given: Mapping[str, Any], error: Exception) -> Exception | None:
    """The error of a value that none of its methods has taken: without it, there is none."""
    name = "default_value" if "default_value" in given else "value"
    value, text = given.get(name), text_of(error)
    if value is None or callable(value) or name in text:
        return None
    try:
        type.__call__(cls, **{**given, name: None, "render": False})
    except Exception:  # noqa: BLE001 - it is something else
        return None
    return _as(error, f"{cls.__name__}: {name} is not of its kind, {_got(value)} ({text})")


def _as(error: Exception, text: str) -> Exception:
    kind = type(error) if isinstance(error, ValueError) else TypeError
    try:
        return kind(text)
    except TypeError:  # a kind that takes more than a text
        return TypeError(text)


def _got(value: Any) -> str:
    return f"got {type(value).__name__}: {shown(value)}"


def _hints(cls: Any) -> dict[str, Any]:
    """The types of the parameters; of what is known to type checkers alone, any."""
    found: dict[str, Any] = {}
    constructors: list[Any] = [
        vars(one)["__init__"] for one in reversed(cls.__mro__) if "__init__" in vars(one)
    ]
    for owner in (cls.shared, *constructors):
        for name, hint in getattr(owner, "__annotations__", {}).items():
            module = getattr(hint, "__forward_module__", None) or owner.__module__
            known = {**vars(typing), **vars(sys.modules.get(module, typing))}
            try:
                text = getattr(hint, "__forward_arg__", hint)
                found[name] = eval(text, known) if isinstance(text, str) else hint
            except Exception:  # noqa: BLE001 - it may name anything
                found[name] = Any
    return found


def _rests(cls: Any) -> list[str]:
    """The parameters that take all other keywords."""
    found = inspect.signature(cls.__init__).parameters.values()
    return [one.name for one in found if one.kind is one.VAR_KEYWORD]


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value is of a type, as far as that can be told without looking into it."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return True
    if hint is None or hint is type(None):
        return value is None
    if origin in (Union, types.UnionType):
        return any(_fits(value, part) for part in parts)
    if origin is Literal:
        return any(value is part or value == part for part in parts)
    if origin is _CALLABLE:
        return callable(value)
    kind = origin or hint
    if isinstance(kind, TypeVar) or not isinstance(kind, type):
        return True  # it says nothing
    if kind in (collections.abc.Sequence, list, tuple, set, collections.abc.Iterable):
        return isinstance(value, collections.abc.Iterable) and not (
            isinstance(value, str) and parts != (str,)
        )
    try:
        return isinstance(value, _WIDER.get(kind, kind)) or isinstance(value, kind)
    except TypeError:  # a form that nothing can be an instance of, such as a TypedDict
        return isinstance(value, collections.abc.Mapping)


def _words(hint: Any) -> str:
    """A type as messages say it: ``int, str or None``."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return _joined([_words(part) for part in parts])
    if origin is Literal:
        return _joined([repr(part) for part in parts])
    if origin is _CALLABLE:
        return "a function"
    if hint is None or hint is type(None):
        return "None"
    if isinstance(hint, type) and not parts:
        return hint.__name__
    return re.sub(r"\b(typing|collections\.abc|[a-z_.]+)\.(?=\w)", "", str(hint))


def _joined(words: list[str]) -> str:
    words = list(dict.fromkeys(words))
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
