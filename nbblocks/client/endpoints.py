"""The endpoints of an app, and the arguments they take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nbblocks.app.blocks import Blocks
from nbblocks.core.listeners import Listener
from nbblocks.core.nodes import UNSET, Node


def find(app: Blocks, api_name: str | None, fn_index: int | None) -> Listener:
    """The endpoint of that name or index; with neither, the only public one (AP-83).

    :raises ValueError: if there is none, or more than one to choose from
    """
    callable_ones = [
        one for one in app.fns.values() if one.function is not None and one.api_visibility != "private"
    ]
    if api_name is not None:
        if not api_name.startswith("/"):
            raise ValueError(f"api_name must begin with a slash: did you mean '/{api_name}'?")
        for listener in callable_ones:
            if listener.api_name == api_name[1:]:
                return listener
        names = ", ".join(f"/{one.api_name}" for one in callable_ones)
        raise ValueError(f"Cannot find a function with `api_name`: {api_name}. There are: {names}")
    if fn_index is not None:
        found = app.fns.get(fn_index)
        if found is None or found not in callable_ones:
            raise ValueError(f"Invalid function index: {fn_index}.")
        return found
    public = [one for one in callable_ones if one.api_visibility == "public"]
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
        found.append((parameter.name if parameter else f"param_{index}", node, default))
    return found


def arguments(listener: Listener, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
    """The arguments in the order of the inputs, defaults filled in.

    :raises TypeError: for too many, unknown or missing ones
    """
    wanted = parameters_of(listener)
    if len(args) > len(wanted):
        raise TypeError(
            f"Too many arguments provided for the endpoint: it takes {len(wanted)}, got {len(args)}"
        )
    names = [name for name, _, _ in wanted]
    for name in kwargs:
        if name not in names:
            raise TypeError(
                f"Parameter `{name}` is not a valid key-word argument; there are: {', '.join(names)}"
            )
        if name in names[: len(args)]:
            raise TypeError(f"Parameter `{name}` was given twice")
    values = list(args)
    for name, _, default in wanted[len(args) :]:
        value = kwargs.get(name, default)
        if value is UNSET:
            raise TypeError(f"No value provided for required argument: {name}")
        values.append(value)
    return values
