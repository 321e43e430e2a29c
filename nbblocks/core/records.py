"""Record and Records: JSON-like data whose fields are attributes too, as programs for Gradio read them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, cast

from typing_extensions import Format, get_annotations


class Record(dict[str, Any]):
    """A JSON object whose fields are attributes too: ``record.path`` is ``record["path"]``.

    A subclass says what fields it has, and their defaults, by annotations::

        class Clip(Record):
            video: FileData
            subtitles: FileData | None = None

    The values are taken as they are. Fields that no annotation names are kept.
    """

    _defaults: ClassVar[dict[str, Any]] = {}
    _fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = [name for name in get_annotations(cls, format=Format.FORWARDREF) if not name.startswith("_")]
        found = {name: vars(cls)[name] for name in own if name in vars(cls)}
        for name in found:
            delattr(cls, name)  # it would be found before the field of an instance
        cls._defaults = {**cls._defaults, **found}
        cls._fields = tuple(dict.fromkeys((*cls._fields, *own)))

    def __init__(self, given: Mapping[str, Any] | None = None, /, **fields: Any) -> None:
        """Take the fields from a mapping, from keywords, or from both.

        :raises ValueError: if a field without a default is missing
        """
        known = {**self._defaults, **(given or {}), **fields}
        super().__init__((name, known[name]) for name in self._fields if name in known)
        if len(self) < len(self._fields):
            lacking = [name for name in self._fields if name not in known]
            raise ValueError(f"{type(self).__name__} lacks {', '.join(lacking)}")
        self.update(known)

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"{type(self).__name__} has no field {name!r}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __reduce__(self) -> Any:
        return _rebuilt, (type(self), dict(self))

    def model_dump(self) -> dict[str, Any]:
        """A copy as plain dicts and lists."""
        return cast("dict[str, Any]", _plain(self))

    def model_dump_json(self) -> str:
        """It as a JSON text."""
        return json.dumps(self)


class Records(list[Any]):
    """A JSON array that stands for a whole value: ``root`` is the list itself."""

    def __init__(self, root: Iterable[Any] = ()) -> None:
        """Take the entries of ``root``."""
        super().__init__(root)

    @property
    def root(self) -> list[Any]:
        """The list itself."""
        return self

    def model_dump(self) -> list[Any]:
        """A copy as plain dicts and lists."""
        return cast("list[Any]", _plain(self))

    def model_dump_json(self) -> str:
        """It as a JSON text."""
        return json.dumps(self)


def _rebuilt(cls: type[Record], fields: dict[str, Any]) -> Record:
    found = cls.__new__(cls)
    found.update(fields)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in cast("dict[str, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in cast("list[Any]", value)]
    return value
