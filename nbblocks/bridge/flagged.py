"""Values as texts in csv files, their files copied beside them, and the way back."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from .cache import safe_name
from .files import is_genuine, is_marked, may_be_read

if TYPE_CHECKING:
    from .component import Component

FORMULA = re.compile(r"^[=+\-@\t\r\n]|,[=+\-@\t\n]")
"""What a spreadsheet could take for a formula."""
RECORD = {"path", "url", "size", "orig_name", "mime_type", "is_stream", "meta", "data"}
"""What a file record consists of."""


def text_of(wire: Any, directory: Path, *, simplify: bool = True, trusting: bool = False) -> str:
    """A wire value as a text: itself, the path of a file's copy below ``directory``, or JSON.

    :param simplify: write the path alone of a file, instead of its whole record
    :param trusting: take a dict with a ``path`` for a file though it is not marked as one
    """
    kept = _with_copies(wire, directory, simplify, trusting)
    return kept if isinstance(kept, str) else json.dumps(kept, ensure_ascii=False, default=repr)


def value_of(component: Component[Any, Any], text: str) -> Any:
    """What such a text says, as a value for ``component``."""
    if text == "":
        return None
    if text[0] == "'" and FORMULA.search(text[1:]):
        text = text[1:]
    wire: Any = component.traits()["value"]
    if type(wire).__name__ == "Unicode" or text in _choices(component):
        return text
    if type(wire).__name__ == "Bool" and text in ("True", "False"):
        return text == "True"
    try:
        return json.loads(text)
    except ValueError:
        return text


def _choices(component: Component[Any, Any]) -> set[Any]:
    """The texts among the choices, of components that have some."""
    choices: list[Any] = list(getattr(component, "choices", None) or ())
    return {
        value
        for choice in choices
        for value in (choice if isinstance(choice, (list, tuple)) else [choice])  # pyright: ignore[reportUnknownVariableType]
        if isinstance(value, str)
    }


def _with_copies(value: Any, directory: Path, simplify: bool, trusting: bool) -> Any:
    """JSON-like data with copies of the files that it names: in an app, of those that the app has."""
    if isinstance(value, dict):
        given = cast("dict[str, Any]", value)
        path = given.get("path")
        known = is_genuine(given) or is_marked(given) or (trusting and given.keys() <= RECORD)
        if known and isinstance(path, str) and may_be_read(given) and os.path.isfile(path):
            copy = _copied(path, given.get("orig_name"), directory)
            kept = {name: one for name, one in given.items() if name != "data"}
            return copy if simplify else {**kept, "path": copy}
        return {key: _with_copies(one, directory, simplify, trusting) for key, one in given.items()}
    if isinstance(value, (list, tuple)):
        return [_with_copies(one, directory, simplify, trusting) for one in cast("Sequence[Any]", value)]
    return value


def _copied(path: str, name: str | None, directory: Path) -> str:
    """A copy of a file, below a directory named by its content: equal files are kept once."""
    digest = hashlib.sha256()
    with open(path, "rb") as source:
        for chunk in iter(partial(source.read, 1 << 20), b""):
            digest.update(chunk)
    target = directory / digest.hexdigest()[:16] / safe_name(name or os.path.basename(path))
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return str(target)
