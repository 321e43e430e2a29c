"""Tables small enough to be sent whole: pages have all their cells, the kernel what those are."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any, cast

from nbblocks.core.records import Record

from .tables import read
from .windows import Table


class DataframeData(Record):
    """A small table; ``metadata`` has texts to show (``display_value``) and CSS (``styling``), row by row.

    Its cells are what a page shows. What they are is known to the table that it was made of.
    """

    headers: list[Any]
    data: list[list[Any]]
    metadata: dict[str, Any] | None = None

    @classmethod
    def of(cls, table: Table, headers: Sequence[Any]) -> DataframeData:
        """A small table; ``headers`` are for one that has none."""
        source = table.source
        data = source.cells() if source.columns else []
        shown = table.styles is not None and bool(data)
        made = cls(
            headers=source.headers or list(headers),
            data=data,
            metadata=table.styles.of(range(source.rows), range(source.columns))
            if shown and table.styles
            else None,
        )
        vars(made)["_origin"] = table
        table.whole = True
        return made

    @property
    def origin(self) -> Table | None:
        """The table that it was made of."""
        return vars(self).get("_origin")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, dict) or not super().__eq__(cast("object", other)):
            return False
        theirs = other.origin if isinstance(other, DataframeData) else None
        mine = self.origin
        if mine is None or theirs is None or mine is theirs or not self["data"]:
            return True
        return mine.source.same(theirs.source)

    def __ne__(self, other: object) -> bool:  # a dict has its own
        return not self == other

    __hash__ = None  # pyright: ignore[reportAssignmentType]

    def __deepcopy__(self, memo: dict[int, Any]) -> DataframeData:
        made = type(self)(copy.deepcopy(dict(self), memo))
        vars(made).update(vars(self))  # tables are never changed
        return made


def brought(table: Table, given: Mapping[str, Any]) -> Table:
    """The table that ``given`` holds; where it is as ``table``, cells are what they are there."""
    headers: list[Any] = given.get("headers") or []
    data, source = given["data"], table.source
    if len(data) != source.rows or any(len(row) > source.columns for row in data):
        return Table(table.owner, *read(given, headers))
    known = source.cells() if source.columns else data
    cells = [
        (row, column, theirs)
        for row, (ours, others) in enumerate(zip(known, data, strict=True))
        for column, (own, theirs) in enumerate(zip(ours, others, strict=False))
        if not _is_sent(own, theirs)
    ]
    renamed = [(at, name) for at, name in enumerate(headers[: source.columns]) if name != source.headers[at]]
    if not cells and not renamed:
        return table
    source = source.with_cells(cells)
    for at, name in renamed:
        source = source.renamed(at, name)
    return Table(table.owner, source, table.styles)


def _is_sent(own: Any, theirs: Any) -> bool:
    """Whether a page that got the cell ``own`` holds ``theirs``."""
    if own == theirs:
        return isinstance(own, bool) is isinstance(theirs, bool)
    if not isinstance(own, str) or own.isascii():
        return False
    return own.encode("utf-16", "surrogatepass").decode("utf-16", "replace") == theirs


def sample(wire: Any) -> str:
    """The texts of the first rows."""
    if wire is None:
        return ""
    rows = wire.first()["data"] if isinstance(wire, Table) else wire["data"]
    return "\n".join(cell for row in rows for cell in row if isinstance(cell, str))


def are_headers(headers: Any) -> bool:
    """Whether they are names of columns: texts, numbers, bools or None."""
    return isinstance(headers, list) and all(
        isinstance(one, (str, int, float, NoneType)) for one in cast("list[Any]", headers)
    )


def are_rows(data: Any) -> bool:
    """Whether they are rows of cells."""
    return isinstance(data, list) and all(isinstance(row, list) for row in cast("list[Any]", data))
