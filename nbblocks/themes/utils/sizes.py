"""Sizes by name: of text, of the space between things, of rounded corners."""

from __future__ import annotations


class Size:
    """A scale of sizes from small to large as CSS lengths, or only its name."""

    def __init__(self, *steps: str, name: str | None = None, **named: str) -> None:
        """Create it from its steps, in order, or by name: ``xxs`` to ``xxl``."""
        self.name = name
        self.steps = (*steps, *named.values())

    def __repr__(self) -> str:
        return f"Size({self.name!r})"


text_sm, text_md, text_lg = (Size(name=n) for n in ("text_sm", "text_md", "text_lg"))
spacing_sm, spacing_md, spacing_lg = (Size(name=n) for n in ("spacing_sm", "spacing_md", "spacing_lg"))
radius_none, radius_sm, radius_md, radius_lg, radius_xxl = (
    Size(name=n) for n in ("radius_none", "radius_sm", "radius_md", "radius_lg", "radius_xxl")
)
