"""Tables: from what handlers return to a `Source` of cells, and from that to what handlers get."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Container, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from nbblocks.core.places import warn

from .arrays import Arrays, columns_of
from .cells import Lists, Source, fitting, header_of, library
from .checks import kind_of
from .frames import Pandas
from .polars_frames import Polars

EXPECTED = (
    "a pandas DataFrame or Styler, a numpy array, a polars DataFrame, a list, a list of lists, "
    "a dict with 'data' (and 'headers'), the path of a csv file, or None"
)
TYPES = ("pandas", "numpy", "array", "polars")
KINDS = ("str", "number", "bool", "date", "markdown", "html", "image", "auto")
WHOLE = 5_000
"""Cells of a table that is sent to a page whole."""
STYLED_CELLS = 262_144
"""Most cells that a Styler is asked for, as pandas itself has it."""


class Styles:
    """What a Styler, or the metadata of a dict, says of cells: the text to show, and CSS."""

    def __init__(self, texts: Callable[[int, int], str | None], css: Callable[[int, int], str]) -> None:
        self._texts, self._css = texts, css

    def of(self, rows: Sequence[int], columns: Sequence[int]) -> dict[str, list[list[Any]]]:
        """As `metadata` of a value: row by row."""
        return {
            "display_value": [[self._texts(row, column) for column in columns] for row in rows],
            "styling": [[self._css(row, column) for column in columns] for row in rows],
        }

    def plain(self, changed: Mapping[int, Container[int]]) -> Styles:
        """Those of a table with other cells in these rows of some columns: they show what they hold."""
        return Styles(
            lambda row, column: None if row in changed.get(column, ()) else self._texts(row, column),
            self._css,
        )

    def moved(self, rows: Sequence[int] | None, columns: Sequence[int] | None = None) -> Styles:
        """Those of a table that has such rows or columns of this one; a negative number is a new one."""

        def place(row: int, column: int) -> tuple[int, int] | None:
            old = (row if rows is None else int(rows[row]), column if columns is None else columns[column])
            return old if min(old) >= 0 else None

        def text(row: int, column: int) -> str | None:
            old = place(row, column)
            return None if old is None else self._texts(*old)

        def css(row: int, column: int) -> str:
            old = place(row, column)
            return "" if old is None else self._css(*old)

        return Styles(text, css)


def is_of(value: object, module: str, name: str) -> bool:
    """Whether ``value`` is an instance of a class of a library. It is not imported for that."""
    cls = getattr(sys.modules.get(module), name, None)
    return isinstance(cls, type) and isinstance(value, cls)


def read(value: Any, headers: Sequence[Any]) -> tuple[Source, Styles | None]:
    """The table that a user means, and how its cells are to be shown if he says so.

    :param headers: for values that have none
    :raises ValueError: for what is no table
    :raises FileNotFoundError: if there is no such csv file
    """
    if is_of(value, "pandas.io.formats.style", "Styler"):
        return _styled(value)
    if isinstance(value, Mapping):
        return _from_dict(cast("Mapping[str, Any]", value), headers)
    return _plain(value, headers), None


def _plain(value: Any, headers: Sequence[Any]) -> Source:
    if value is None:
        return Lists([], headers)
    if isinstance(value, (str, os.PathLike)):
        return _from_csv(Path(cast("str", value)))
    if is_of(value, "pandas", "DataFrame"):
        return Pandas(value.copy())
    if is_of(value, "pandas", "Series"):
        return Pandas(value.to_frame().copy(), None if value.name is not None else headers)
    if is_of(value, "polars", "DataFrame"):
        return Polars(value)
    if is_of(value, "polars", "Series"):
        return Polars(value.to_frame(), None if value.name else headers)
    if is_of(value, "numpy", "ndarray"):
        return _from_array(value, headers)
    if isinstance(value, (list, tuple)):
        return Lists(_rows(cast("Sequence[Any]", value)), headers)
    raise ValueError(f"Dataframe expects {EXPECTED}, got {kind_of(value)}: {value!r:.80}")


def _from_csv(path: Path) -> Source:
    return Pandas(library("pandas").read_csv(path, sep="\t" if path.suffix.lower() == ".tsv" else ","))


def _from_array(array: Any, headers: Sequence[Any]) -> Source:
    if array.ndim not in (1, 2):
        raise ValueError(f"Dataframe expects an array of one or two dimensions, got shape {array.shape}")
    if array.ndim == 1 and array.dtype.names is None:
        array = array.reshape(-1, 1)
    if array.size == 0:
        return Lists([], headers)
    if array.dtype.kind == "V" and (array.ndim == 2 or array.dtype.names is None):
        return Lists(array.tolist(), headers)
    columns, names = columns_of(array)
    return Arrays(columns, names or headers, len(array), names)


def _rows(given: Sequence[Any]) -> list[Sequence[Any]]:
    """A list of rows; one of single cells is a column."""
    if given and not any(isinstance(row, (list, tuple)) or is_of(row, "numpy", "ndarray") for row in given):
        return [[cell] for cell in given]
    return [row if isinstance(row, (list, tuple)) or hasattr(row, "tolist") else [row] for row in given]


def _from_dict(given: Mapping[str, Any], headers: Sequence[Any]) -> tuple[Source, Styles | None]:
    data = given.get("data")
    if "data" not in given:
        raise ValueError(f"Dataframe expects {EXPECTED}, got a dict with {sorted(map(str, given))}")
    named = given.get("headers")
    source = _plain(data, list(named) if named else headers)
    if named and not isinstance(source, Lists):  # a frame as data: the dict's headers are what was meant
        for index, name in enumerate(fitting(list(named), source.columns)):
            source = source.renamed(index, name)
    metadata = given.get("metadata")
    return source, _told(cast("Mapping[str, Any]", metadata)) if isinstance(metadata, Mapping) else None


def _told(metadata: Mapping[str, Any]) -> Styles | None:
    """The metadata of a dict. What is not of its form is left out: it is of no account to the cells."""
    texts, css = metadata.get("display_value"), metadata.get("styling")
    if not texts and not css:
        return None
    return Styles(
        lambda row, column: _text_at(texts, row, column),
        lambda row, column: _text_at(css, row, column) or "",
    )


def _text_at(table: Any, row: int, column: int) -> str | None:
    try:
        found = table[row][column]
    except (LookupError, TypeError):
        return None
    return None if found is None else str(found)


def _styled(styler: Any) -> tuple[Source, Styles | None]:
    """A Styler's frame without what it hides, and its styles.

    They are worked out once, here: they may depend on the whole table.
    """
    frame = styler.data
    columns = [i for i in range(frame.shape[1]) if i not in set(styler.hidden_columns)]
    hidden = set(styler.hidden_rows)
    rows: Sequence[int] = [i for i in range(len(frame)) if i not in hidden] if hidden else range(len(frame))
    own = frame.iloc[rows if hidden else slice(None), columns].copy()
    renaming: Mapping[tuple[int, int], Callable[[Any], Any]] = styler._display_funcs_columns
    names = [
        renaming[0, place](frame.columns[place])
        if (0, place) in renaming
        else header_of(frame.columns[place])
        for place in columns
    ]
    source = Pandas(own, names)
    if frame.size > STYLED_CELLS:
        text = (
            f"a Styler of more than {STYLED_CELLS} cells is shown without its styles, this has {frame.size}"
        )
        warn(text)
        return source, None
    styler._compute()
    css: Mapping[tuple[int, int], Any] = dict(styler.ctx)
    formats: Mapping[tuple[int, int], Callable[[Any], Any]] = styler._display_funcs

    def text_at(row: int, column: int) -> str:
        return str(formats[rows[row], columns[column]](own.iat[row, column]))

    def css_at(row: int, column: int) -> str:
        found = css.get((rows[row], columns[column]), ())
        return "; ".join(f"{name}: {value}" for name, value in found)

    return source, Styles(text_at, css_at)


def given_back(source: Source, kind: str) -> Any:
    """The table as handlers get it: a new object.

    :param kind: ``"pandas"``, ``"polars"``, ``"numpy"`` or ``"array"`` (a list of rows)
    """
    match kind:
        case "pandas":
            return source.to_pandas()
        case "polars":
            return source.to_polars()
        case "numpy":
            return source.to_numpy()
        case _:
            return source.to_lists()
