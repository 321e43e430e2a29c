"""The endpoints of an app, and the arguments they take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

from nbblocks.app.blocks import Blocks
from nbblocks.core.listeners import Listener
from nbblocks.core.nodes import UNSET, Node

RESERVED = {"self", "api_name", "fn_index", "result_callbacks"}
"""What `Client.predict` and `submit` call parameters of their own."""


class Choosable(Protocol):
    """What an endpoint is chosen by."""

    @property
    def id(self) -> int:
        """Its index."""
        ...

    @property
    def api_name(self) -> Any:
        """Its name, without the slash."""
        ...

    @property
    def api_visibility(self) -> str:
        """Whether it is listed."""
        ...


C = TypeVar("C", bound=Choosable)


def find(app: Blocks, api_name: str | None, fn_index: int | None) -> Listener:
    """The endpoint of that name or index; with neither, the only public one (AP-83).

    :raises ValueError: if there is none, or more than one to choose from
    """
    known = [one for one in app.fns.values() if one.function is not None and one.api_visibility != "private"]
    return chosen(known, api_name, fn_index)


def chosen(known: Sequence[C], api_name: str | None, fn_index: int | None) -> C:
    """As `find`, among ``known``."""
    if api_name is not None:
        if not api_name.startswith("/"):
            raise ValueError(f"api_name must begin with a slash: did you mean '/{api_name}'?")
        for one in known:
            if one.api_name == api_name[1:]:
                return one
        names = ", ".join(f"/{one.api_name}" for one in known)
        raise ValueError(f"Cannot find a function with `api_name`: {api_name}. There are: {names}")
    if fn_index is not None:
        for one in known:
            if one.id == fn_index:
                return one
        raise ValueError(f"Invalid function index: {fn_index}.")
    public = [one for one in known if one.api_visibility == "public"]
    if len(public) != 1:
        raise ValueError(f"name the endpoint with api_name: the app has {len(public)} public ones")
    return public[0]


def parameters_of(listener: Listener) -> list[tuple[str, Node, Any]]:
    """Name, component and default of each argument of a Client: none for State and buttons (AP-84)."""
    special = {one.name for one in listener.function.specials} if listener.function else set[str]()
    own = [p for p in (listener.function.parameters if listener.function else ()) if p.name not in special]
    found: list[tuple[str, Node, Any]] = []
    for index, node in enumerate(listener.inputs):
        if node.stateful or node.skip_api:
            continue
        parameter = own[index] if index < len(own) and not listener.inputs_as_dict else None
        default = node.initial()
        if default is None:
            default = None if parameter is not None and parameter.default is None else UNSET
        named = parameter is not None and parameter.name not in RESERVED
        found.append((parameter.name if parameter and named else f"param_{index}", node, default))
    return found


def arguments(listener: Listener, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
    """The arguments in the order of the inputs, defaults filled in.

    :raises TypeError: for too many, unknown or missing ones
    """
    return bound([(name, default) for name, _, default in parameters_of(listener)], args, kwargs)


def bound(wanted: Sequence[tuple[str, Any]], args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
    """As `arguments`, for parameters given by name and default."""
    if len(args) > len(wanted):
        raise TypeError(
            f"Too many arguments provided for the endpoint: it takes {len(wanted)}, got {len(args)}"
        )
    names = [name for name, _ in wanted]
    for name in kwargs:
        if name not in names:
            raise TypeError(
                f"Parameter `{name}` is not a valid key-word argument; there are: {', '.join(names)}"
            )
        if name in names[: len(args)]:
            raise TypeError(f"Parameter `{name}` was given twice")
    values = list(args)
    for name, default in wanted[len(args) :]:
        value = kwargs.get(name, default)
        if value is UNSET:
            raise TypeError(f"No value provided for required argument: {name}")
        values.append(value)
    return values
