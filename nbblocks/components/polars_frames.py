"""Tables of polars, kept as they are: only cells that are looked at become Python's."""

from __future__ import annotations

import datetime
import struct
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from .cells import (
    Cell,
    Changes,
    Rows,
    SortBy,
    Source,
    cell_of,
    fitting,
    library,
    might_be_a_number,
    replaced,
    shown,
    unique,
)
from .entries import UnfitError, boolean, day, integer, like, real


class Polars(Source):
    """A table of a polars DataFrame, which cannot be changed."""

    def __init__(self, frame: Any, headers: Sequence[Any] | None = None) -> None:
        """Hold ``frame``."""
        self._frame = frame
        self.rows, self.columns = frame.shape
        self.headers = list(frame.columns) if headers is None else fitting(headers, self.columns)

    def _like(self, frame: Any, headers: Sequence[Any] | None = None) -> Polars:
        return Polars(frame, self.headers if headers is None else headers)

    def values(self, index: int, rows: Rows = slice(None)) -> list[Any]:
        """As those of every table."""
        return self._column(index)[rows].to_list()

    def column(self, index: int, rows: Rows = slice(None)) -> list[Cell]:
        """As that of every table."""
        pl = library("polars")
        series = self._column(index)[rows]
        if series.dtype == pl.Float32:  # as short as they are precise
            return [None if one is None else cell_of(float(one)) for one in series.cast(pl.String).to_list()]
        return [cell_of(one) for one in series.to_list()]

    def _column(self, index: int) -> Any:
        return self._frame.to_series(index)

    def is_number(self, index: int) -> bool:
        """As that of every table."""
        dtype = self._frame.dtypes[index]
        return dtype.is_numeric() or (dtype == library("polars").Object and super().is_number(index))

    def order(self, by: SortBy) -> Sequence[int]:
        """As that of every table."""
        pl = library("polars")
        if not by:
            return range(self.rows)
        if any(self._frame.dtypes[column].is_nested() or self._is_mixed(column) for column, _ in by):
            return super().order(by)
        keys = [self._key(self._frame[:, column]).alias(f"key{i}") for i, (column, _) in enumerate(by)]
        found = pl.DataFrame(keys).with_row_index("row")
        down = [descending for _, descending in by]
        names = [key.name for key in keys]
        return found.sort(names, descending=down, nulls_last=True, maintain_order=True)["row"].to_list()

    @staticmethod
    def _key(series: Any) -> Any:
        pl = library("polars")
        if series.dtype == pl.String:
            lower = series.str.to_lowercase()
            return lower.set(lower == "", None)
        return series.fill_nan(None) if series.dtype.is_float() else series

    def matching(self, text: str) -> Sequence[int]:
        """As that of every table."""
        pl = library("polars")
        wanted = text.lower()
        hits = pl.repeat(False, self.rows, eager=True)
        for series in self._frame.get_columns():
            if series.dtype == pl.Object or series.dtype == pl.Binary or series.dtype.is_nested():
                found = [wanted in shown(cell_of(one)).lower() for one in series.to_list()]
                hits = hits | pl.Series(found, dtype=pl.Boolean)
                continue
            if series.dtype.is_numeric() and not might_be_a_number(wanted):
                continue
            texts = series.cast(pl.String).str.to_lowercase()
            hits = hits | texts.str.contains(wanted, literal=True).fill_null(False)
        return hits.arg_true().to_list()

    def take(self, rows: Sequence[int]) -> Source:
        """As that of every table."""
        return self._like(self._frame[list(rows)])

    def _is_mixed(self, column: int) -> bool:
        return self._frame.dtypes[column] == library("polars").Object

    def changed(self, changes: Changes) -> Source:
        """As that of every table."""
        columns = self._frame.get_columns()
        for column, (rows, cells) in changes.items():
            columns[column] = _with(columns[column], rows, cells)
        return self._like(self._frame.with_columns(columns))

    def with_rows(self, at: int, count: int) -> Source:
        """As that of every table."""
        pl = library("polars")
        columns: list[Any] = []
        for series in self._frame.get_columns():
            if series.dtype == pl.Object:
                values = series.to_list()
                columns.append(
                    pl.Series(series.name, [*values[:at], *[None] * count, *values[at:]], dtype=pl.Object)
                )
            else:
                columns.append(pl.concat([series[:at], series.clear(count), series[at:]]))
        return self._like(pl.DataFrame(columns))

    def with_columns(self, at: int, headers: Sequence[Any]) -> Source:
        """As that of every table."""
        pl = library("polars")
        names = unique([*self._frame.columns, *("new" for _ in headers)])[self.columns :]
        columns = self._frame.get_columns()
        columns[at:at] = [pl.Series(name, [None] * self.rows, dtype=pl.String) for name in names]
        return self._like(pl.DataFrame(columns), [*self.headers[:at], *headers, *self.headers[at:]])

    def without_columns(self, columns: Sequence[int]) -> Source:
        """As that of every table."""
        kept = [index for index in range(self.columns) if index not in set(columns)]
        return self._like(self._frame[:, kept], [self.headers[index] for index in kept])

    def renamed(self, column: int, header: str) -> Source:
        """As that of every table."""
        return self._like(self._frame, replaced(self.headers, column, header))

    def to_polars(self) -> Any:
        """A new polars DataFrame; the one that was given, as long as nothing was done to it."""
        return self._frame.rename(
            dict(zip(self._frame.columns, unique([str(one) for one in self.headers]), strict=True))
        )

    def to_pandas(self) -> Any:
        """As that of every table; of types that numpy knows as well, the columns have those."""
        pd, np = library("pandas"), library("numpy")
        frame = super().to_pandas()
        for index, series in enumerate(self._frame.get_columns()):
            exact = series.dtype.is_numeric() and series.dtype not in _odd()
            if (exact or series.dtype.is_temporal()) and not series.has_nulls():
                kept = series.to_numpy()
                if kept.dtype != object:
                    zone = getattr(series.dtype, "time_zone", None)
                    made = pd.Series(np.array(kept))
                    frame.isetitem(index, made.dt.tz_localize("UTC").dt.tz_convert(zone) if zone else made)
            elif exact and series.dtype.is_integer():
                name = str(series.dtype).replace("UInt", "UInt")
                frame.isetitem(index, pd.array(series.to_list(), dtype=name))
        return frame

    def same(self, other: Source) -> bool:
        """As that of every table; dtypes count."""
        if not isinstance(other, Polars):
            return super().same(other)
        if self.headers != other.headers or self._frame.dtypes != other._frame.dtypes:
            return False
        if any(map(self._is_mixed, range(self.columns))):
            return super().same(other)
        return bool(self._frame.equals(other._frame))


def _odd() -> tuple[Any, ...]:
    """Numbers that numpy has no type for."""
    pl = library("polars")
    return (pl.Decimal, pl.Int128, getattr(pl, "UInt128", pl.Int128))


def _with(series: Any, rows: Rows, cells: Sequence[Cell]) -> Any:
    """The Series with other cells, in its type, or else as one of objects."""
    pl = library("polars")
    places = list(range(*rows.indices(len(series))) if isinstance(rows, slice) else map(int, rows))
    if not places:
        return series
    try:
        if series.dtype == pl.Object:
            raise UnfitError(cells)
        entered = [None if cell is None else _entered(series, cell) for cell in cells]
        new = pl.Series(series.name, entered, dtype=series.dtype, strict=True)
        if not series.dtype.is_float() and new.to_list() != entered:
            raise UnfitError(cells)
    except (UnfitError, InvalidOperation, TypeError, ValueError, OverflowError, pl.exceptions.PolarsError):
        values: list[Any] = series.to_list()
        sample = values[:1000] if series.dtype == pl.Object else ()
        own = [like(cell, sample) for cell in cells]
        for number, row in enumerate(places):
            values[row] = own[number if len(own) > 1 else 0]
        return pl.Series(series.name, values, dtype=pl.Object)
    size = len(series)
    numbers = range(size, size + len(new)) if len(new) > 1 else [size] * len(places)
    order = pl.int_range(size, eager=True).scatter(places, list(numbers))
    return pl.concat([series, new]).gather(order)


def _entered(series: Any, cell: Cell) -> Any:
    """``cell`` as an object that the type of a Series can be made of.

    :raises UnfitError: if there is none
    """
    pl = library("polars")
    dtype = series.dtype
    if dtype.is_integer():
        return integer(cell)
    if dtype.is_float():
        form = {pl.Float32: "f"}.get(type(dtype) if not isinstance(dtype, type) else dtype)
        return real(cell, (lambda one: struct.unpack("f", struct.pack("f", one))[0]) if form else float)
    if dtype.is_decimal():
        return Decimal(cell if isinstance(cell, (int, str)) and not isinstance(cell, bool) else repr(cell))
    if dtype == pl.Boolean:
        return boolean(cell)
    if dtype.is_nested():
        return like(cell, [one for one in series.head(1000).to_list() if one is not None] or [{}])
    if not isinstance(cell, str):
        raise UnfitError(cell)
    if dtype.is_temporal():
        return _time(dtype, cell)
    if dtype == pl.Binary:
        raise UnfitError(cell)
    return cell


def _time(dtype: Any, cell: str) -> Any:
    pl = library("polars")
    kinds: Mapping[Any, Callable[[str], Any]] = {
        pl.Date: lambda text: datetime.date.fromisoformat(day(text)),
        pl.Datetime: lambda text: datetime.datetime.fromisoformat(day(text)),
        pl.Time: datetime.time.fromisoformat,
    }
    read = next((read for kind, read in kinds.items() if dtype == kind), None)
    if read is None:
        raise UnfitError(cell)
    found: Any = read(cell.strip())
    zone = getattr(dtype, "time_zone", None)
    if zone is not None:
        own = zoneinfo.ZoneInfo(zone)
        return found.replace(tzinfo=own) if found.tzinfo is None else found.astimezone(own)
    if getattr(found, "tzinfo", None) is not None and dtype == pl.Datetime:
        raise UnfitError(cell)
    return found
