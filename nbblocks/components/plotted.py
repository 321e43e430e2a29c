"""Columns of a DataFrame as a chart draws them: numbers, names and times."""

from __future__ import annotations

import datetime
import json
import numbers
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

from .checks import is_missing

Kind = Literal["quantitative", "nominal", "temporal"]
NUMBERS: tuple[type[Any], ...] = (numbers.Real, Decimal)


def table_of(frame: Any) -> tuple[list[Kind | None], list[list[Any]]]:
    """What each column of a DataFrame is to an axis, None if no axis can show it, and the rows in JSON.

    Times are milliseconds since 1970 (UTC), durations seconds, what is not there None, all else text.
    """
    import pandas as untyped

    pd: Any = untyped
    kinds: list[Kind | None] = []
    columns: dict[int, Any] = {}
    for i in range(frame.shape[1]):
        kind, columns[i] = _column(frame.iloc[:, i].reset_index(drop=True))
        kinds.append(kind)
    return kinds, json.loads(pd.DataFrame(columns).to_json(orient="values", date_format="iso"))


def _column(series: Any) -> tuple[Kind | None, Any]:
    from pandas.api import types as untyped

    types: Any = untyped
    dtype = series.dtype
    if types.is_complex_dtype(dtype):
        return None, series.map(_text)
    if types.is_datetime64_any_dtype(dtype):
        return "temporal", _milliseconds(series)
    if types.is_timedelta64_dtype(dtype) or getattr(dtype, "kind", "") == "m":
        return "quantitative", series.dt.total_seconds()
    if hasattr(dtype, "freq"):  # Periods
        return "temporal", _milliseconds(series.dt.to_timestamp())
    if types.is_numeric_dtype(dtype):
        usual = getattr(dtype, "kind", "") != "f" or dtype.itemsize in (4, 8)
        return "quantitative", series if usual else series.astype("float64")
    if types.is_string_dtype(dtype) and not types.is_object_dtype(dtype):
        return "nominal", series
    return _column_of_objects(series)


def _column_of_objects(series: Any) -> tuple[Kind | None, Any]:
    import pandas as untyped

    pd: Any = untyped
    values = list(series.astype(object))
    known = [one for one in values if not _is_empty(one)]
    is_category = series.dtype.name == "category"
    if not is_category and known:
        if all(isinstance(one, NUMBERS) and not isinstance(one, bool) for one in known):
            return "quantitative", pd.Series([None if _is_empty(one) else float(one) for one in values])
        if all(isinstance(one, datetime.timedelta) for one in known):
            return "quantitative", pd.Series(
                [None if _is_empty(one) else one.total_seconds() for one in values], dtype="float64"
            )
        if all(isinstance(one, datetime.date) for one in known):
            return "temporal", _times(values)
        if all(hasattr(one, "to_timestamp") for one in known):
            return "temporal", _times([None if _is_empty(one) else one.to_timestamp() for one in values])
    return "nominal", pd.Series([None if _is_empty(one) else _text(one) for one in values], dtype=object)


def _times(values: Sequence[Any]) -> Any:
    """Milliseconds of dates and datetimes; those without a zone as if in UTC."""
    import pandas as pd

    found: list[int | None] = []
    for one in values:
        if _is_empty(one):
            found.append(None)
            continue
        is_moment = isinstance(one, datetime.datetime)
        moment = one if is_moment else datetime.datetime.combine(one, datetime.time())
        aware = moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)
        found.append(round(aware.timestamp() * 1000))
    return pd.Series(found, dtype="Int64")


def _milliseconds(series: Any) -> Any:
    import pandas as untyped

    pd: Any = untyped
    times = series if series.dt.tz is None else series.dt.tz_convert("UTC").dt.tz_localize(None)
    counts = times.to_numpy().astype("datetime64[ms]").astype("int64")
    return pd.Series(counts, dtype="Int64").mask(times.isna())


def _is_empty(value: Any) -> bool:
    return is_missing(value) or (isinstance(value, float) and value != value)


def _text(value: Any) -> Any:
    """A name as it is, if it is a text, bool or a number that JSON carries; else its text."""
    is_short = isinstance(value, (str, float)) or (isinstance(value, int) and abs(value) < 2**53)
    return value if is_short else str(value)
