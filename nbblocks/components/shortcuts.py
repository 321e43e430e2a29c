"""Components by name: ``"textbox"`` stands for ``Textbox()`` (CP-14)."""

from __future__ import annotations

import difflib
from typing import Any, cast

from nbblocks.bridge.component import Component
from nbblocks.bridge.layout import Layout

ALIASES: dict[str, tuple[str, dict[str, Any]]] = {
    "text": ("textbox", {}),
    "numpy": ("dataframe", {"type": "numpy"}),
    "matrix": ("dataframe", {"type": "array"}),
    "list": ("dataframe", {"type": "array", "col_count": 1}),
    "files": ("file", {"file_count": "multiple"}),
    "microphone": ("audio", {"sources": ["microphone"]}),
    "playablevideo": ("video", {"format": "mp4"}),
    "highlight": ("highlightedtext", {}),
}


def component_of(given: object, **options: Any) -> Component[Any, Any]:
    """The component that ``given`` stands for: itself, or one made from a shortcut.

    :param given: a component, a shortcut, or a dict ``{"name": shortcut, **parameters}``
    :param options: further parameters of a component that is made
    :raises TypeError: for a layout, and for anything that is none of these
    :raises ValueError: for an unknown shortcut
    """
    if isinstance(given, Component):
        return cast("Component[Any, Any]", given)
    if isinstance(given, str):
        cls, parameters = class_of(given)
        return cls(**{**parameters, **options})
    if isinstance(given, dict) and isinstance(given.get("name"), str):  # pyright: ignore[reportUnknownMemberType]
        named = cast("dict[str, Any]", given)
        cls, parameters = class_of(named["name"])
        return cls(**{**parameters, **{key: named[key] for key in named if key != "name"}, **options})
    raise TypeError(f"expected a component, its shortcut or a dict with a name, got {given!r}")


def get_component_instance(
    given: object, render: bool = False, unrender: bool = False
) -> Component[Any, Any]:
    """As `component_of`, and placed in the open layout with ``render``, taken out of it with ``unrender``."""
    made = component_of(given, render=False)
    if render and not made.is_rendered:
        made.render()
    elif unrender and made.is_rendered:
        made.unrender()
    return made


def class_of(shortcut: str) -> tuple[type[Component[Any, Any]], dict[str, Any]]:
    """The class that ``shortcut`` names, and the parameters that come with it.

    :raises TypeError: for the name of a layout
    :raises ValueError: for an unknown one
    """
    known = registry()
    plain = shortcut.replace("_", "")
    name, parameters = ALIASES.get(plain, (plain, {}))
    if name in known:
        return known[name], parameters
    if name in {cls.__name__.lower() for cls in _layouts(Layout)}:
        raise TypeError(f"{shortcut!r} is a layout, where a component with a value is needed")
    near = difflib.get_close_matches(name, known, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"no component has the shortcut {shortcut!r}{hint}")


def registry() -> dict[str, type[Component[Any, Any]]]:
    """All component classes by their shortcut."""
    from nbblocks import components

    return {name.lower(): getattr(components, name) for name in components.__all__}


def _layouts(cls: type[Layout]) -> list[type[Layout]]:
    return [cls, *(found for sub in cls.__subclasses__() for found in _layouts(sub))]
