"""What values of other libraries are made of, as far as people keep them in a State."""

from __future__ import annotations

import dataclasses
import sys
import types
from array import array
from collections import deque
from collections.abc import Iterable
from typing import Any, cast


class Items(list[Any]):
    """A list of parts that stands in no value: it was made to tell what a value is made of."""


def parts_of(value: Any) -> Items | None:
    """What ``value`` is made of: memoryviews, `Items` and values, equal for equal ones; None: not known.

    Known are arrays of numpy, frames and series of pandas and polars, dataclasses, models of attrs and
    pydantic, deques, arrays of bytes and namespaces. Nothing is imported for it.
    """
    module = type(value).__module__.partition(".")[0]
    if module == "numpy" and isinstance(value, sys.modules["numpy"].ndarray):
        return _of_array(value)
    if module == "pandas":
        return _of_pandas(value)
    if module == "polars":
        return _of_polars(value)
    if isinstance(value, (bytearray, memoryview, array)):
        return Items([memoryview(cast("Any", value)).cast("B")])
    if isinstance(value, deque):
        return Items([Items(cast("deque[Any]", value))])
    if isinstance(value, type):
        return None
    if dataclasses.is_dataclass(value):
        return _fields(value, (field.name for field in dataclasses.fields(value) if field.compare))
    kind: Any = type(cast("object", value))
    if hasattr(kind, "__attrs_attrs__"):
        return _fields(value, (field.name for field in kind.__attrs_attrs__ if field.eq))
    if hasattr(kind, "model_fields") or type(value) is types.SimpleNamespace:
        return _fields(value, vars(value))
    return None


def _fields(value: Any, names: Iterable[str]) -> Items:
    return Items(part for name in names for part in (name, getattr(value, name, None)))


def _of_array(value: Any) -> Items:
    """Type, shape and bytes; of objects, and of what else has no bytes, the items."""
    numpy: Any = sys.modules["numpy"]
    about = Items([str(value.dtype), Items(value.shape)])
    if isinstance(value, numpy.ma.MaskedArray):
        return Items([*about, *_of_array(numpy.ma.getmaskarray(value)), *_of_array(value.filled())])
    if value.dtype.hasobject or value.dtype.kind in "T":
        return Items([*about, Items(value.ravel().tolist())])
    flat = numpy.ascontiguousarray(value).reshape(-1)
    return Items([*about, memoryview(flat.view(numpy.uint8))]) if flat.nbytes else about


def _of_pandas(value: Any) -> Items | None:
    pandas: Any = sys.modules["pandas"]
    if isinstance(value, pandas.DataFrame):
        columns = Items(_of_column(value.iloc[:, i].array) for i in range(value.shape[1]))
        return Items([_of_pandas(value.columns), _of_pandas(value.index), columns, value.attrs])
    if isinstance(value, pandas.Series):
        return Items([value.name, _of_pandas(value.index), _of_column(value.array)])
    if isinstance(value, pandas.Index):
        return Items([Items(value.names), str(value.dtype), Items(value.tolist())])
    return _of_column(value) if isinstance(value, pandas.api.extensions.ExtensionArray) else None


def _of_column(column: Any) -> Items:
    """Type and content of a column: as bytes where it has any."""
    about = Items([str(column.dtype)])
    if column.dtype.kind in "biufcmM" and not hasattr(column, "_mask"):
        times = getattr(column, "asi8", None)
        return Items([*about, *_of_array(column.to_numpy() if times is None else times)])
    if hasattr(column, "categories"):
        categories = Items([Items(column.categories), bool(column.ordered)])
        return Items([*about, *_of_array(column.codes), categories])
    return Items([*about, Items(column.tolist())])


def _of_polars(value: Any) -> Items | None:
    polars: Any = sys.modules["polars"]
    if isinstance(value, polars.DataFrame):
        return Items(_of_polars(column) for column in value.get_columns())
    if not isinstance(value, polars.Series):
        return None
    about = Items([value.name, str(value.dtype)])
    if value.dtype.is_numeric() and not value.dtype.is_decimal() and not value.null_count():
        return Items([*about, *_of_array(value.to_numpy())])
    return Items([*about, Items(value.to_list())])
