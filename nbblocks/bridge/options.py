"""How an app is shown: what ``launch`` and ``Blocks`` were told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class ShowOptions:
    """Options of the views of one app. Sizes are px, or CSS text."""

    height: int | str | None = 500
    width: int | str | None = "100%"
    fill_height: bool = False
    show_error: bool = False
    debug: bool = False
    footer: bool = True
    css: str | None = None
    js: str | None = None
    head: str | None = None
    theme: str | None = None
    title: str = "nbblocks"
    max_file_size: int | None = None

    def for_page(self) -> dict[str, Any]:
        """The options that the page needs."""
        return {
            name: getattr(self, name)
            for name in (
                "height",
                "width",
                "fill_height",
                "show_error",
                "debug",
                "footer",
                "css",
                "js",
                "theme",
                "title",
            )
        }


class FileSize:
    """Units of ``max_file_size``: ``5 * FileSize.MB`` is its value in bytes."""

    B = 1
    KB = 1024
    MB = 1024**2
    GB = 1024**3
    TB = 1024**4


def file_size(given: int | str | None) -> int | None:
    """``max_file_size`` in bytes: an int, or text such as ``"5mb"`` (powers of 1024).

    :raises ValueError: for any other text
    """
    if given is None or isinstance(given, int):
        return given
    text = given.strip().lower()
    for power, unit in enumerate(("kb", "mb", "gb", "tb"), start=1):
        if text.endswith(unit) and text[: -len(unit)].strip().replace(".", "", 1).isdigit():
            return int(float(text[: -len(unit)]) * 1024**power)
    if text.removesuffix("b").isdigit():
        return int(text.removesuffix("b"))
    raise ValueError(f"max_file_size must be bytes or text such as '5mb', got {given!r}")
