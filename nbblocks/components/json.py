"""JSON: data to look through."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import json
import numbers
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, MappingView, Sequence, Set
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast
from uuid import UUID

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge import sketch
from nbblocks.bridge.files import shortened
from nbblocks.core.errors import MessageError, PlainError
from nbblocks.core.filedata import FileData
from nbblocks.core.places import warn

from .checks import is_missing, is_numpy_time, short
from .tools import ToolField, ToolProps

Length = int | str


class JSON(ToolField[Any, Any]):
    """Data to look through: dicts, lists and what is in them.

    A handler gets them as `jsonable` writes them: dicts with texts as keys, lists, texts, numbers, bools and
    None. Integers are exact, infinities and NaN stay.
    """

    api_example = {"foo": "bar"}

    framed = False
    usual = ("copy",)

    value = t.Any(None, allow_none=True).tag(sync=True, ts="unknown")
    open = t.Bool(False).tag(sync=True)  # pyright: ignore[reportAssignmentType]
    show_indices = t.Bool(False).tag(sync=True)
    height = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)
    max_height = t.Union([t.Int(), t.Unicode()], default_value=500, allow_none=True).tag(sync=True)
    min_height = t.Union([t.Int(), t.Unicode()], default_value=None, allow_none=True).tag(sync=True)

    def __init__(
        self,
        value: str | dict[str, Any] | list[Any] | Callable[..., Any] | None = None,
        *,
        open: bool = False,
        show_indices: bool = False,
        height: Length | None = None,
        max_height: Length | None = 500,
        min_height: Length | None = None,
        **shared: Unpack[ToolProps],
    ) -> None:
        """Create it with ``value``: a dict, a list, or JSON text.

        :param open: unfold all levels
        :param show_indices: number the entries of lists
        :param height: px or CSS length, as ``max_height`` and ``min_height``
        """
        props = {
            "value": value,
            "open": open,
            "show_indices": show_indices,
            "height": height,
            "max_height": max_height,
            "min_height": min_height,
        }
        super().__init__(props, shared)

    def picture(self, show: sketch.Files) -> str:
        """As every component: its text, character by character."""
        return self.captioned(sketch.code(self.value))

    def postprocess(self, value: Any) -> Any:
        """The data as `jsonable` writes them; text is read as JSON, with NaN and Infinity.

        :raises Error: for text that is not JSON
        :raises ValueError: for data that contain themselves
        """
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError as error:
                raise PlainError(f"this text is not JSON: {value[:80]!r}") from error
        data = jsonable(value)
        if data is not None and not isinstance(data, (dict, list)):
            warn(f"JSON expects a dict or a list, got {value!r}")
        return cast("Any", data)

    def from_page(self, raw: Any) -> Any:
        """Data that a Client has sent; the user of a page does not edit them."""
        if raw is not None and not isinstance(raw, (dict, list)):
            raise MessageError(f"value of json: expected an object or a list, got {shortened(raw)}")
        return cast("Any", raw)


DEEPEST = 200
"""Levels of data within data: more cannot be copied and compared."""


def jsonable(value: Any) -> Any:
    """``value`` in dicts, lists, texts, numbers, bools and None: what it is made of, at any depth.

    Integers are exact, infinities and NaN stay. Enums are their values; dataclasses, pydantic's and attrs'
    models are dicts; arrays, sets, ranges and all sequences lists; frames lists of rows; Decimals numbers if
    a float holds them, else texts; dates and times ISO 8601; bytes the text that they hold. ``__json__`` has
    the say about its own object. Anything else is its ``str``.

    :raises ValueError: if it contains itself, or is nested too deep
    """
    return _jsonable(value, 0)


def jsonable_scalar(value: Any) -> Any:
    """As `jsonable` for what is no collection; a collection is left as it is."""
    found = _scalar(value)
    return value if found is UNKNOWN else found


UNKNOWN = object()
"""Stands for a value that is no scalar."""


def _jsonable(value: Any, depth: int) -> Any:
    found = _scalar(value)
    if found is not UNKNOWN:
        return found
    if depth >= DEEPEST:
        raise ValueError(f"these data contain themselves, or are nested more than {DEEPEST} levels deep")
    content = _content(value)
    if isinstance(content, Mapping):
        given = cast("Mapping[Any, Any]", content)
        shown = {_key(key): _jsonable(entry, depth + 1) for key, entry in given.items()}
        if len(shown) < len(given):
            warn("keys of a dict that are written alike became one key")
        return FileData(shown) if isinstance(value, FileData) else shown
    if isinstance(content, list):
        return [_jsonable(entry, depth + 1) for entry in cast("list[Any]", content)]
    return str(value) if content is UNKNOWN else _jsonable(content, depth + 1)


def _scalar(value: Any) -> Any:
    """A scalar in a type that JSON knows, UNKNOWN if it is none."""
    if isinstance(value, enum.Enum):
        return _scalar(value.value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if is_missing(value):
        return None
    if is_numpy_time(value):  # numpy counts a timedelta among the integers
        return str(value)
    if isinstance(value, numbers.Integral):
        return short("JSON", int(value))
    if isinstance(value, float):
        return float(value)
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (datetime.timedelta, UUID, Fraction)):
        return str(value)
    if isinstance(value, numbers.Number):  # those of numpy that are no Python number
        return float(cast("Any", value)) if isinstance(value, numbers.Real) else str(value)
    if isinstance(value, os.PathLike):
        return _scalar(os.fspath(cast("os.PathLike[Any]", value)))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(cast("bytes", value)).decode("utf-8", "backslashreplace")
    return UNKNOWN


def _decimal(value: Decimal) -> float | int | str:
    near = float(value)
    if not value.is_finite():
        return near
    if value.as_tuple().exponent == 0:
        return int(value)
    return near if Decimal(repr(near)) == value else str(value)


def _content(value: Any) -> Any:
    """What a collection or object is made of: a dict or a list, or another value that stands for it."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, type):
        return UNKNOWN
    given: Any = value
    is_mapping = isinstance(value, Mapping)
    for name in ("__json__", "model_dump", "to_dicts", "tolist", "to_list"):
        made = getattr(given, name, None)
        if callable(made) and not is_mapping:
            if name == "tolist" and is_numpy_time(given, several=True):
                return list(given)  # the other is a list of counts, of nanoseconds
            return made()
    if hasattr(value, "to_dict") and hasattr(value, "columns"):  # a DataFrame
        return value.to_dict(orient="records")
    if dataclasses.is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    fields = getattr(cast("Any", type(value)), "__attrs_attrs__", None)
    if fields is not None:
        return {field.name: getattr(value, field.name) for field in fields}
    if isinstance(value, Mapping):
        return cast("Any", value)
    if isinstance(value, (Sequence, Set, deque, MappingView, Iterator)):
        return list(cast("Any", value))
    return UNKNOWN


def _key(key: Any) -> str:
    found = _scalar(key)
    return str(key) if found is UNKNOWN or found is None else str(found)
