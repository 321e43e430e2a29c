"""How an app is shown: what ``launch`` and ``Blocks`` were told."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast


@dataclass
class ShowOptions:
    """Options of the views of one app. Sizes are px, or CSS text."""

    height: int | str | None = None
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
    keep_picture: bool = True
    max_file_size: int | None = None
    """In bytes."""
    allowed_paths: list[str] = field(default_factory=list[str])
    blocked_paths: list[str] = field(default_factory=list[str])

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
                "head",
                "js",
                "theme",
                "title",
            )
        }


class FileSize:
    """Units of ``max_file_size`` in bytes: ``5 * FileSize.MB``."""

    B = 1
    KB = 1024
    MB = 1024**2
    GB = 1024**3
    TB = 1024**4


def file_size(given: float | str | None) -> int | None:
    """``max_file_size`` in bytes: a number, or text such as ``"5mb"`` or ``"1.5 GB"`` (powers of 1024).

    :raises ValueError: for anything else, and for negative sizes
    """
    if given is None:
        return None
    if isinstance(given, str):
        match = re.fullmatch(
            r"([0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})([KMGT]?B)?", given.replace(" ", "").upper()
        )
        if match is not None:
            from fractions import Fraction

            return int(Fraction(match[1].rstrip(".")) * getattr(FileSize, match[2] or "B"))
    elif isinstance(given, (int, float)) and not isinstance(given, bool) and 0 <= given < math.inf:  # pyright: ignore[reportUnnecessaryIsInstance]
        return int(given)
    raise ValueError(f"max_file_size must be a number of bytes or text such as '5mb', got {given!r}")


def path_list(name: str, given: Sequence[str | os.PathLike[str]] | None) -> list[str]:
    """``allowed_paths`` or ``blocked_paths``, absolute: relative ones as seen from here and now.

    :raises ValueError: unless it is a list of paths, naming the option
    """
    if given is None:
        return []
    if not isinstance(given, (list, tuple)):
        raise ValueError(f"{name} must be a list of paths, got {given!r}")
    for path in given:
        if not isinstance(path, (str, os.PathLike)) or not os.fspath(path) or "\0" in os.fspath(path):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"{name} must be a list of paths, but it holds {path!r}")
    return [os.path.realpath(path) for path in given]


def sweep_times(given: Any) -> tuple[float, float] | None:
    """``delete_cache``, checked: (frequency, age), both in seconds.

    :raises ValueError: unless it is None or two finite numbers, the first above and the second not below 0
    """
    if given is None:
        return None
    if isinstance(given, (list, tuple)) and len(given) == 2:  # pyright: ignore[reportUnknownArgumentType]
        frequency, age = cast("Sequence[Any]", given)
        if _is_number(frequency) and _is_number(age) and frequency > 0 and age >= 0:
            return frequency, age
    raise ValueError(f"delete_cache must be (frequency, age) in seconds, frequency above 0, got {given!r}")


def _is_number(given: Any) -> bool:
    return isinstance(given, (int, float)) and not isinstance(given, bool) and math.isfinite(given)
