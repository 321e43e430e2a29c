"""JSON: data to look through."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Callable, Mapping
from typing import Any, cast

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.files import shortened
from nbblocks.core.errors import MessageError, PlainError
from nbblocks.core.filedata import FileData

from .tools import ToolField, ToolProps

Length = int | str


class JSON(ToolField[Any, Any]):
    """Data to look through: dicts, lists and what is in them."""

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

    def postprocess(self, value: Any) -> Any:
        """The data; text is read as JSON, arrays become lists, and what JSON does not know its str().

        :raises Error: for text that is not JSON
        """
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError as error:
                raise PlainError(f"this text is not JSON: {value[:80]!r}") from error
        data = jsonable(value)
        if data is not None and not isinstance(data, (dict, list)):
            warnings.warn(f"JSON expects a dict or a list, got {value!r}", UserWarning, stacklevel=2)
        return cast("Any", data)

    def from_page(self, raw: Any) -> Any:
        """Data that a Client has sent; the user of a page does not edit them."""
        if raw is not None and not isinstance(raw, (dict, list)):
            raise MessageError(f"value of json: expected an object or a list, got {shortened(raw)}")
        return cast("Any", raw)


def jsonable(value: Any) -> Any:
    """``value`` in types that JSON knows: NaN and infinities become None."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, FileData):
        return FileData({name: jsonable(one) for name, one in value.items()})
    if isinstance(value, Mapping):
        return {str(key): jsonable(entry) for key, entry in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [jsonable(entry) for entry in cast("list[Any]", value)]
    return str(value)
