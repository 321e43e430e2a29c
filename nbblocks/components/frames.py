"""Tables of pandas, kept as they are: only cells that are looked at become Python's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .cells import (
    SAFE,
    Cell,
    Changes,
    Rows,
    SortBy,
    Source,
    cell_of,
    fitting,
    header_of,
    isolated,
    library,
    might_be_a_number,
    replaced,
    series_of,
    shown,
    unique,
)
from .entries import UnfitError, boolean, day, integer, like, missing, real

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

    def values(self, index: int, rows: Rows = slice(None)) -> list[Any]:
        """As those of every table."""
        return self._frame.iloc[rows, index].tolist()

    def column(self, index: int, rows: Rows = slice(None)) -> list[Cell]:
        """As that of every table."""
        series = self._frame.iloc[rows, index]
        dtype = series.dtype
        if dtype.name in ("bool", "int64"):
            return [one if -SAFE < one < SAFE else str(one) for one in series.tolist()]
        if dtype.kind == "M" and getattr(dtype, "tz", None) is None:
            return self._times(index, series)
        if dtype.name in ("float32", "float16"):  # as short as they are precise
            return [None if one != one else cell_of(float(str(one))) for one in series.to_numpy()]
        if dtype.name == "object":
            return [cell_of(one) for one in series.tolist()]
        # Of types with one mark for what is missing, that is an empty cell. Float64 has two.
        told = "float" if dtype.name in ("Float32", "Float64") else ""
        return [
            None if missing(one) and type(one).__name__ != told else cell_of(one) for one in series.tolist()
        ]

    def emptiness(self, index: int) -> str | None:
        """As that of every table."""
        dtype = self._frame.dtypes.iloc[index]
        plain = dtype.name in PLAIN or dtype.name == "float16"
        return "NaT" if dtype.kind in "Mm" else "NaN" if dtype.kind == "f" and plain else None

    def is_number(self, index: int) -> bool:
        """As that of every table."""
        kind = self._frame.dtypes.iloc[index]
        if kind.name in ("object", "category"):
            return super().is_number(index)
        return kind.kind in "iuf"

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
            if chosen[place].dtype.kind not in "iufbMm" and chosen[place].dtype.name != "category":
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

    def changed(self, changes: Changes) -> Source:
        """As that of every table."""
        parts = [self._frame.iloc[:, index] for index in range(self.columns)]
        for column, (rows, cells) in changes.items():
            parts[column] = _with(parts[column], rows, cells)
        return self._like(_joined(parts))

    def with_rows(self, at: int, count: int) -> Source:
        """As that of every table."""
        pd = library("pandas")
        parts: list[Any] = []
        for index in range(self.columns):
            series = self._frame.iloc[:, index].reset_index(drop=True)
            try:
                empty = _entered(series, None)
            except UnfitError:
                series = _promoted(series)
                empty = None if series.dtype.name == "object" else pd.NA
            new = pd.Series([empty] * count, dtype=series.dtype, index=range(count))
            parts.append(pd.concat([series[:at], new, series[at:]], ignore_index=True).astype(series.dtype))
        return self._like(_joined(parts) if parts else pd.DataFrame(index=range(self.rows + count)))

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
        """A new DataFrame, whose columns have the types that they had."""
        frame = self._frame.reset_index(drop=True).copy()
        for index, dtype in enumerate(frame.dtypes):
            if dtype.name == "object" and any(isolated(one) is not one for one in frame.iloc[:, index]):
                frame.isetitem(index, _of_objects(list(map(isolated, frame.iloc[:, index]))))
        frame.columns = list(self.headers)
        return frame

    def to_polars(self) -> Any:
        """As that of every table."""
        pl = library("polars")
        columns: list[Any] = []
        for index, name in enumerate(unique([str(one) for one in self.headers])):
            series = self._frame.iloc[:, index]
            plain = series.dtype.name in PLAIN or series.dtype.name.startswith(
                ("datetime64[", "timedelta64[")
            )
            plain = plain and getattr(series.dtype, "tz", None) is None
            columns.append(
                pl.Series(name, series.to_numpy()) if plain else series_of(name, self.values(index))
            )
        return pl.DataFrame(columns)

    def to_numpy(self) -> Any:
        """As that of every table; one of objects if the columns are of types that have no other in common."""
        np = library("numpy")
        frame = self._frame
        kinds = {dtype.kind for dtype in frame.dtypes}
        exact = not (kinds >= {"f"} and kinds & {"i", "u"}) and kinds != {"i", "u"}
        if not exact or (kinds & {"i", "u"} and frame.isna().to_numpy().any()):
            found = np.empty(frame.shape, dtype=object)
            for index in range(self.columns):
                found[:, index] = self.values(index)
            return self._narrowed(found) if kinds <= {"i", "u", "f"} else found
        return frame.to_numpy(copy=True)

    @staticmethod
    def _narrowed(found: Any) -> Any:
        """Numbers as floats, if none of them would lose digits."""
        whole = (one for one in found.flat if isinstance(one, int))
        fits = all(-SAFE <= one <= SAFE for one in whole) and not any(map(_is_na, found.flat))
        return found.astype(float) if fits else found

    def same(self, other: Source) -> bool:
        """As that of every table; dtypes count."""
        if not isinstance(other, Pandas):
            return super().same(other)
        if self.headers != other.headers or self._frame.shape != other._frame.shape:
            return False
        ours, theirs = self._frame.reset_index(drop=True), other._frame.reset_index(drop=True)
        ours.columns = theirs.columns = range(self.columns)
        return bool(ours.equals(theirs))


def _joined(parts: list[Any]) -> Any:
    """A DataFrame of columns that have one index; their names are of no account."""
    pd = library("pandas")
    index = parts[0].index
    return pd.DataFrame(dict(enumerate(parts)), index=index, copy=False)


INTEGERS = {f"{sign}int{size}" for sign in ("", "u") for size in (8, 16, 32, 64)}
PLAIN = INTEGERS | {"float32", "float64", "bool"}


def _is_na(value: Any) -> bool:
    return type(value).__name__ == "NAType"


def _of_objects(values: Any) -> Any:
    pd = library("pandas")
    if isinstance(values, pd.Series):
        return values.astype(object)
    return pd.Series(list(values), dtype=object)


def _with(series: Any, rows: Rows, cells: Sequence[Cell]) -> Any:
    """The Series with other cells, in its type or else in one that holds them beside what is there."""
    pd = library("pandas")
    entered: list[Any] = []
    for widened in (_as_it_is, _promoted, _of_objects):
        try:
            wider = widened(series)
            entered = [_entered(wider, cell) for cell in cells]
        except UnfitError:
            continue
        series = wider
        break
    if isinstance(series.dtype, pd.SparseDtype):
        dense = _with(series.sparse.to_dense(), rows, cells)
        return dense.astype(series.dtype) if dense.dtype == series.dtype.subtype else dense
    series = series.copy()
    places = rows if isinstance(rows, slice) else library("numpy").asarray(rows, dtype=int)
    if len(entered) == 1 and not isinstance(entered[0], (list, tuple, dict, set)):
        series.iloc[places] = entered[0]
        return series
    count = len(series.iloc[places])
    chosen = [isolated(entered[0]) for _ in range(count)] if len(entered) == 1 else entered
    new = library("numpy").empty(count, dtype=object)
    for number, one in enumerate(chosen):
        new[number] = one
    series.iloc[places] = new if series.dtype.name == "object" else pd.Series(new).astype(series.dtype).array
    return series


def _as_it_is(series: Any) -> Any:
    return series


def _promoted(series: Any) -> Any:
    """Integers and bools, of a type that knows empty cells; all else as objects."""
    name = series.dtype.name
    nullable = {"bool": "boolean"}.get(name, name.replace("int", "Int").replace("uInt", "UInt"))
    return series.astype(nullable if name in PLAIN and series.dtype.kind in "iub" else object)


def _entered(series: Any, cell: Cell) -> Any:
    """``cell`` in the type of a Series.

    :raises UnfitError: if that cannot hold it
    """
    pd = library("pandas")
    dtype = series.dtype
    if dtype.name == "object":
        return like(cell, series.iloc[:1000].tolist())
    if cell is None:
        if dtype.name in PLAIN and dtype.kind in "iub":
            raise UnfitError(cell)
        return dtype.type("nan") if dtype.kind == "f" and dtype.name in PLAIN else _mark(dtype)
    if isinstance(dtype, pd.SparseDtype):
        return _entered(pd.Series(series.iloc[:1000].tolist()).astype(dtype.subtype), cell)
    if isinstance(dtype, pd.CategoricalDtype):
        found = [one for one in dtype.categories if cell_of(one) == cell or shown(cell_of(one)) == cell]
        if not found:
            raise UnfitError(cell)
        return found[0]
    if isinstance(dtype, pd.StringDtype):
        if not isinstance(cell, str):
            raise UnfitError(cell)
        return cell
    match dtype.kind:
        case "i" | "u":
            limits = library("numpy").iinfo(getattr(dtype, "numpy_dtype", dtype))
            return integer(cell, int(limits.min), int(limits.max))
        case "f":
            kind = getattr(dtype, "numpy_dtype", dtype).type
            with library("numpy").errstate(over="ignore"):
                return kind(real(cell, kind))
        case "b":
            return boolean(cell)
        case "c":
            return like(cell, [1j]) if isinstance(like(cell, [1j]), complex) else _unfit(cell)
        case "M":
            return _stamp(dtype, cell)
        case _:
            return _parsed(dtype, cell)


def _unfit(cell: Cell) -> Any:
    raise UnfitError(cell)


def _mark(dtype: Any) -> Any:
    """What an empty cell is in a column of that type."""
    pd = library("pandas")
    return (
        pd.NaT
        if dtype.kind in "Mm" or isinstance(dtype, pd.PeriodDtype)
        else dtype.na_value
        if hasattr(dtype, "na_value")
        else float("nan")
    )


def _stamp(dtype: Any, cell: Cell) -> Any:
    pd = library("pandas")
    if cell == "NaT":
        return pd.NaT
    try:
        found = pd.Timestamp(day(cell))
        zone = getattr(dtype, "tz", None)
        if (found.tz is None) != (zone is None):
            found = found.tz_localize(zone) if zone is not None else _unfit(cell)
        found = found if zone is None else found.tz_convert(zone)
        unit = getattr(dtype, "unit", None) or library("numpy").datetime_data(dtype)[0]
        return found.as_unit(unit, round_ok=False)
    except (ValueError, OverflowError) as error:
        raise UnfitError(cell) from error


def _parsed(dtype: Any, cell: Cell) -> Any:
    """Spans of time and periods."""
    pd = library("pandas")
    try:
        if dtype.kind == "m" and isinstance(cell, str):
            unit = library("numpy").datetime_data(dtype)[0]
            return pd.NaT if cell == "NaT" else pd.Timedelta(cell).as_unit(unit, round_ok=False)
        if isinstance(dtype, pd.PeriodDtype) and isinstance(cell, str):
            found = pd.Period(cell, freq=dtype.freq)
            return found if str(found) == cell.strip() else _unfit(cell)
    except (ValueError, OverflowError) as error:
        raise UnfitError(cell) from error
    raise UnfitError(cell)
