"""Theme objects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from typing_extensions import Self

from nbblocks.core.places import warn

from .utils import Color, Font, Size


class Base:
    """A theme: its name, and what it was made of and told to set. Subclass it for one of your own."""

    def __init__(
        self,
        *,
        primary_hue: Color | str | None = None,
        secondary_hue: Color | str | None = None,
        neutral_hue: Color | str | None = None,
        text_size: Size | str | None = None,
        spacing_size: Size | str | None = None,
        radius_size: Size | str | None = None,
        font: Font | str | Iterable[Font | str] | None = None,
        font_mono: Font | str | Iterable[Font | str] | None = None,
    ) -> None:
        """Create a theme; hues, sizes and fonts by name or as objects of `themes.utils`."""
        self.name = type(self).__name__.lower()
        self.parts: dict[str, Any] = {
            "primary_hue": primary_hue,
            "secondary_hue": secondary_hue,
            "neutral_hue": neutral_hue,
            "text_size": text_size,
            "spacing_size": spacing_size,
            "radius_size": radius_size,
            "font": font,
            "font_mono": font_mono,
        }
        self.variables: dict[str, Any] = {}

    def set(self, **variables: Any) -> Self:
        """Set style variables by name, and return the theme. None leaves one as it is."""
        self.variables |= {name: value for name, value in variables.items() if value is not None}
        return self

    @classmethod
    def from_hub(cls, repo_name: str, *_: Any, **__: Any) -> Base:
        """Not to be had: the default theme, with a warning."""
        warn(_FROM_HUB.format(repo_name))
        return Default()

    def __repr__(self) -> str:
        return f"<nbblocks theme {self.name!r}>"


class Default(Base):
    """The theme of an app that names none."""


class Soft(Base):
    """A named theme."""


class Monochrome(Base):
    """A named theme."""


class Glass(Base):
    """A named theme."""


class Citrus(Base):
    """A named theme."""


class Ocean(Base):
    """A named theme."""


class Origin(Base):
    """A named theme."""


_FROM_HUB = "the theme {!r} is on the Hub, which nbblocks does not ask: the default theme is used"
_NAMED = {
    cls.__name__.lower(): cls for cls in (Base, Default, Soft, Monochrome, Glass, Citrus, Ocean, Origin)
}


def theme_of(given: object) -> Base:
    """The theme that ``given`` stands for: itself, one by its name, the default for None (AP-16).

    What is unknown, and what lies on the Hub, is the default theme, with a `UserWarning`.
    """
    if isinstance(given, Base):
        return given
    if given is None:
        return Default()
    if isinstance(given, str) and given.lower() in _NAMED:
        return _NAMED[given.lower()]()
    if isinstance(given, str) and "/" in given:
        text = _FROM_HUB.format(given)
    else:
        text = f"no theme is called {given!r}, there are {', '.join(_NAMED)}: the default theme is used"
    warn(text)
    return Default()
