"""Values with a meaning of their own that a handler may return: updates and skips."""

from __future__ import annotations

from typing import Any, TypeGuard, cast

MARK = "__type__"


def skip() -> dict[str, Any]:
    """Leave the output as it is: no property changes, no change event, no State write (EV-46)."""
    return {MARK: "update"}


def update(**props: Any) -> dict[str, Any]:
    """Change properties of the output component.

    ``value`` goes through the component's postprocess, everything else is set as given. Properties given as
    None are ignored, except ``value=None``, which clears (EV-47).
    """
    kept = {name: given for name, given in props.items() if given is not None or name == "value"}
    return {MARK: "update", **kept}


def is_update(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether ``value`` is what `update` or `skip` returned."""
    return isinstance(value, dict) and cast("dict[Any, Any]", value).get(MARK) == "update"


def is_skip(value: object) -> bool:
    """Whether ``value`` is what `skip` returned."""
    return is_update(value) and len(value) == 1
