"""Tables of pandas and polars, kept as they are: only cells that are looked at become Python's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .cells import (
    SAFE,
    Cell,
    Rows,
    SortBy,
    Source,
    cell_of,
    fitting,
    header_of,
    library,
    might_be_a_number,
    replaced,
    shown,
    unique,
)

STRIDE = 50_000
"""Rows that are searched in one go: others get a turn in between."""


class Pandas(Source):
    """A table of a DataFrame, whose index is left out."""

    def __init__(self, frame: Any, headers: Sequence[Any] | None = None) -> None:
        """Hold ``frame``, which nobody may change any more."""
        self._frame = frame
        self.rows, self.columns = frame.shape
        names = [header_of(name) for name in frame.columns] if headers is None else headers
        self.headers = fitting(names, self.columns)
        self._units: dict[int, str] = {}
        """What a column of timestamps shows: "D" dates, for midnights alone, "s" or parts of seconds."""

    def _like(self, frame: Any, headers: Sequence[Any] | None = None) -> Pandas:
        return Pandas(frame, self.headers if headers is None else headers)

    def column(self, index: int, rows: Rows = slice(None)) -> list[Cell]:
        """As that of every table."""
        series = self._frame.iloc[rows, index]
        kind = series.dtype.kind
        if kind == "b" and series.dtype.name == "bool":
            return series.tolist()
        if kind in "iu" and not series.isna().any():
            cells: list[Any] = series.tolist()
            return [one if -SAFE < one < SAFE else str(one) for one in cells]
        if kind == "M" and getattr(series.dtype, "tz", None) is None:
            return self._times(index, series)
        return [cell_of(one) for one in series.tolist()]

    def _times(self, index: int, series: Any) -> list[Cell]:
        texts = library("numpy").datetime_as_string(series.to_numpy(), unit=self._unit(index)).tolist()
        return [None if text == "NaT" else text.replace("T", " ") for text in texts]

    def _unit(self, index: int) -> str:
        if index not in self._units:
            whole = self._frame.iloc[:, index].dropna().to_numpy()
            fits = (unit for unit in ("D", "s", "ms", "us") if (whole.astype(f"M8[{unit}]") == whole).all())
            self._units[index] = next(fits, "ns")
        return self._units[index]

    def order(self, by: SortBy) -> Sequence[int]:
        """As that of every table."""
        if not by:
            return range(self.rows)
        chosen = self._frame.iloc[:, [column for column, _ in by]].reset_index(drop=True)
        chosen.columns = range(len(by))
        for place in chosen.columns:
            if chosen[place].dtype.kind not in "iufbM" and chosen[place].dtype.name != "category":
                if self._mixed(chosen[place]):
                    return super().order(by)
                chosen[place] = chosen[place].str.lower().replace("", None)
        ascending = [not descending for _, descending in by]
        keys = list(chosen.columns)
        found = chosen.sort_values(keys, ascending=ascending, kind="stable", na_position="last")
        return found.index.to_numpy()

    @staticmethod
    def _mixed(series: Any) -> bool:
        pd = library("pandas")
        return pd.api.types.infer_dtype(series, skipna=True) not in ("string", "empty")

    def matching(self, text: str) -> Sequence[int]:
        """As that of every table."""
        np = library("numpy")
        np = library("numpy")
        wanted = text.lower()
        kinds = "" if might_be_a_number(wanted) else "iufbMmc"
        columns = [i for i, dtype in enumerate(self._frame.dtypes) if dtype.kind not in kinds]
        found: list[Any] = [np.empty(0, int)]
        for start in range(0, self.rows, STRIDE):
            rows = slice(start, start + STRIDE)
            hits = np.zeros(len(self._frame.iloc[rows]), bool)
            for index in columns:
                hits |= self._hits(index, rows, wanted)
            found.append(np.flatnonzero(hits) + start)
        return np.concatenate(found)

    def _hits(self, index: int, rows: slice, wanted: str) -> Any:
        series = self._frame.iloc[rows, index]
        if series.dtype.name == "str":
            return series.str.lower().str.contains(wanted, regex=False).fillna(False).to_numpy(bool)
        if series.dtype.name in ("int64", "float64"):
            return [wanted in text for text in map(repr, series.tolist())]
        return [wanted in shown(cell).lower() for cell in self.column(index, rows)]

    def take(self, rows: Sequence[int]) -> Source:
        """As that of every table."""
        return self._like(self._frame.iloc[list(rows)])

    def with_cells(self, cells: Sequence[tuple[int, int, Cell]]) -> Source:
        """As that of every table."""
        pd = library("pandas")
        by_column: dict[int, list[tuple[int, Cell]]] = {}
        for row, column, cell in cells:
            if row < self.rows and column < self.columns:
                by_column.setdefault(column, []).append((row, cell))
        parts = [self._frame.iloc[:, index] for index in range(self.columns)]
        for column, changed in by_column.items():
            series = parts[column].copy()
            if not _takes(series.dtype, [cell for _, cell in changed]):
                values: list[Any] = self.column(column)
                for row, cell in changed:
                    values[row] = cell
                parts[column] = pd.Series(values, index=series.index)
                continue
            empty = float("nan") if series.dtype.kind == "f" else None
            series.iloc[[row for row, _ in changed]] = [
                empty if cell is None else cell for _, cell in changed
            ]
            parts[column] = series
        return self._like(_joined(parts))

    def with_rows(self, at: int, count: int) -> Source:
        """As that of every table."""
        numbered = self._frame.reset_index(drop=True)
        nowhere = [-1] * count  # no row has that label, so that these are empty
        return self._like(numbered.reindex([*range(at), *nowhere, *range(at, self.rows)]))

    def with_columns(self, at: int, headers: Sequence[Any]) -> Source:
        """As that of every table."""
        pd = library("pandas")
        parts = [self._frame.iloc[:, index] for index in range(self.columns)]
        parts[at:at] = [pd.Series([None] * self.rows, index=self._frame.index, dtype=object) for _ in headers]
        return self._like(_joined(parts), [*self.headers[:at], *headers, *self.headers[at:]])

    def without_columns(self, columns: Sequence[int]) -> Source:
        """As that of every table."""
        kept = [index for index in range(self.columns) if index not in set(columns)]
        return self._like(self._frame.iloc[:, kept], [self.headers[index] for index in kept])

    def renamed(self, column: int, header: str) -> Source:
        """As that of every table."""
        return self._like(self._frame, replaced(self.headers, column, header))

    def to_pandas(self) -> Any:
        """A new DataFrame, whose columns have the types that they had got by way of a page."""
        pd = library("pandas")
        parts: list[Any] = []
        for index in range(self.columns):
            series = self._frame.iloc[:, index].reset_index(drop=True)
            if series.dtype.name in ("int64", "float64", "bool", "str"):
                parts.append(series.copy())
            else:
                parts.append(pd.Series(self.column(index)))
        frame = _joined(parts) if parts else pd.DataFrame(index=range(self.rows))
        frame.columns = list(self.headers)
        return frame

    def to_polars(self) -> Any:
        """As that of every table."""
        pl = library("polars")
        columns: list[Any] = []
        for index, name in enumerate(unique([str(one) for one in self.headers])):
            series = self._frame.iloc[:, index]
            plain = series.dtype.name in ("int64", "float64", "bool")
            columns.append(pl.Series(name, series.to_numpy() if plain else self.column(index), strict=False))
        return pl.DataFrame(columns)

    def to_numpy(self) -> Any:
        """As that of every table."""
        kinds = {dtype.name for dtype in self._frame.dtypes}
        if kinds and (kinds <= {"int64", "float64"} or kinds == {"bool"}):
            return self._frame.to_numpy(copy=True)
        return super().to_numpy()

    def same(self, other: Source) -> bool:
        """As that of every table; dtypes count."""
        if not isinstance(other, Pandas):
            return super().same(other)
        if self.headers != other.headers or self._frame.shape != other._frame.shape:
            return False
        ours, theirs = self._frame.reset_index(drop=True), other._frame.reset_index(drop=True)
        ours.columns = theirs.columns = range(self.columns)
        return bool(ours.equals(theirs))


class Polars(Source):
    """A table of a polars DataFrame, which cannot be changed."""

    def __init__(self, frame: Any, headers: Sequence[Any] | None = None) -> None:
        """Hold ``frame``."""
        self._frame = frame
        self.rows, self.columns = frame.shape
        self.headers = list(frame.columns) if headers is None else fitting(headers, self.columns)

    def _like(self, frame: Any, headers: Sequence[Any] | None = None) -> Polars:
        return Polars(frame, self.headers if headers is None else headers)

    def column(self, index: int, rows: Rows = slice(None)) -> list[Cell]:
        """As that of every table."""
        return [cell_of(one) for one in self._frame[:, index][rows].to_list()]

    def order(self, by: SortBy) -> Sequence[int]:
        """As that of every table."""
        pl = library("polars")
        if not by:
            return range(self.rows)
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
            if series.dtype.is_nested() or (series.dtype.is_numeric() and not might_be_a_number(wanted)):
                continue
            texts = series.cast(pl.String).str.to_lowercase()
            hits = hits | texts.str.contains(wanted, literal=True).fill_null(False)
        return hits.arg_true().to_list()

    def take(self, rows: Sequence[int]) -> Source:
        """As that of every table."""
        return self._like(self._frame[list(rows)])

    def with_cells(self, cells: Sequence[tuple[int, int, Cell]]) -> Source:
        """As that of every table."""
        pl = library("polars")
        changed: dict[int, list[Cell]] = {}
        for row, column, cell in cells:
            if row < self.rows and column < self.columns:
                changed.setdefault(column, self.column(column))[row] = cell
        names = self._frame.columns
        return self._like(
            self._frame.with_columns([pl.Series(names[i], data, strict=False) for i, data in changed.items()])
        )

    def with_rows(self, at: int, count: int) -> Source:
        """As that of every table."""
        pl = library("polars")
        parts = [self._frame[:at], self._frame.clear(count), self._frame[at:]]
        return self._like(pl.concat(parts))

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

    def same(self, other: Source) -> bool:
        """As that of every table; dtypes count."""
        if not isinstance(other, Polars):
            return super().same(other)
        return self.headers == other.headers and bool(self._frame.equals(other._frame))


def _joined(parts: list[Any]) -> Any:
    """A DataFrame of columns that have one index; their names are of no account."""
    pd = library("pandas")
    index = parts[0].index
    return pd.DataFrame(dict(enumerate(parts)), index=index, copy=False)


def _takes(dtype: Any, cells: Sequence[Cell]) -> bool:
    """Whether a column of that type can hold the cells as they are."""
    if dtype.kind == "O" and dtype.name != "category":
        return True
    allowed = {"float64": (int, float), "int64": (int,), "bool": (bool,)}.get(dtype.name)
    if allowed is None:
        return False
    return all(
        (cell is None and dtype.name == "float64")
        or (isinstance(cell, allowed) and isinstance(cell, bool) == (dtype.name == "bool"))
        for cell in cells
    )
