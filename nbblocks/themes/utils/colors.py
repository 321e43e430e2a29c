"""Colours by name."""

from __future__ import annotations


class Color:
    """A hue: shades from light to dark as CSS colours, or only its name."""

    def __init__(self, *shades: str, name: str | None = None, **named: str) -> None:
        """Create it from its shades, in order, or by name: ``c50`` to ``c950``."""
        self.name = name
        self.shades = (*shades, *named.values())

    def __repr__(self) -> str:
        return f"Color({self.name!r})"


slate, gray, zinc, neutral, stone = (Color(name=n) for n in ("slate", "gray", "zinc", "neutral", "stone"))
red, orange, amber, yellow = (Color(name=n) for n in ("red", "orange", "amber", "yellow"))
lime, green, emerald, teal = (Color(name=n) for n in ("lime", "green", "emerald", "teal"))
cyan, sky, blue, indigo = (Color(name=n) for n in ("cyan", "sky", "blue", "indigo"))
violet, purple, fuchsia, pink, rose = (Color(name=n) for n in ("violet", "purple", "fuchsia", "pink", "rose"))
