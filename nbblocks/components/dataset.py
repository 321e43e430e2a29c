"""Dataset: rows of samples to choose from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge import sketch
from nbblocks.bridge.component import Component, Field, FieldProps
from nbblocks.bridge.exact import packed
from nbblocks.bridge.files import is_url, shortened
from nbblocks.core.errors import MessageError, PlainError
from nbblocks.core.events import Event
from nbblocks.core.places import warn

from .checks import is_missing, kind_of, named, one_of, plain
from .samples import cells_of
from .shortcuts import component_of

Sample = list[Any]


class Dataset(Field[int, Any]):
    """Rows of samples; its value is the row that the user chose."""

    api_schema = {"type": "integer", "description": "number of a sample, from 0"}

    framed = False

    value = t.Int(None, allow_none=True).tag(sync=True)
    components = t.List(t.Unicode()).tag(sync=True)
    samples = t.List(t.List(t.Any())).tag(sync=True, ts="unknown[][]")
    headers = t.List(t.Unicode()).tag(sync=True)
    samples_per_page = t.Int(10).tag(sync=True)
    layout: Any = t.Enum(["gallery", "table"], None, allow_none=True).tag(sync=True)
    sample_labels = t.List(t.Unicode(), None, allow_none=True).tag(sync=True)

    derived = {**Field.derived, "components": ("headers",)}

    click = Event("the user chose a row")
    select = Event("the user chose a row; the data say which")

    def __init__(
        self,
        *,
        components: Sequence[Component[Any, Any] | str | dict[str, Any]] | None = None,
        samples: Sequence[Sequence[Any]] | None = None,
        headers: Sequence[str] | None = None,
        type: str = "values",
        layout: str | None = None,
        samples_per_page: int = 10,
        sample_labels: Sequence[str] | None = None,
        component_props: Sequence[Mapping[str, Any]] | None = None,
        proxy_url: str | None = None,
        **shared: Unpack[FieldProps],
    ) -> None:
        """Create it with the rows ``samples``, one entry for each of ``components``.

        :param components: what the columns are shown as; instances are not placed
        :param samples: user values, as the components take them; surplus entries of a row are not shown
        :param headers: column titles, by default the labels of the components, or none if they have none
        :param type: what handlers get: the row (``"values"``), its ``"index"``, or both (``"tuple"``)
        :param layout: ``"gallery"`` or ``"table"``; None takes a gallery for a single component
        :param samples_per_page: rows that are shown at one time, 1 or more
        :param sample_labels: text shown in place of each row
        :param component_props: parameters of components given by shortcut, one dict for each
        :param proxy_url: accepted for old programs, without effect
        :raises ValueError: for a parameter outside its allowed values
        :raises TypeError: for samples that are no lists
        :raises FileNotFoundError: for the path of a file that does not exist
        """
        one_of("Dataset", "type", type, ("values", "index", "tuple"))
        one_of("Dataset", "layout", layout, ("gallery", "table", None))
        if samples_per_page < 1:
            raise ValueError(f"samples_per_page of Dataset must be 1 or more, got {samples_per_page}")
        rows = [_row(row) for row in (() if samples is None else samples)]
        if sample_labels is not None and samples is not None and len(sample_labels) != len(rows):
            raise ValueError(
                f"sample_labels of Dataset needs one text per row: got {len(sample_labels)} for {len(rows)}"
            )
        self.type = type
        self.columns = _columns(components or (), component_props)
        self._cells: tuple[Any, list[list[Any]]] | None = None
        """Samples, and what was made of them for the page."""
        for row in rows:
            _check_files(self.columns, row)
        titles = [getattr(column, "label", None) or "" for column in self.columns]
        props = {
            "components": [column.page_type for column in self.columns],
            "samples": rows,
            "headers": list(headers) if headers is not None else titles if any(titles) else [],
            "samples_per_page": samples_per_page,
            "layout": layout,
            "sample_labels": None if sample_labels is None else list(sample_labels),
        }
        super().__init__(props, shared)

    def picture(self, show: sketch.Files) -> str:
        """As every component: its first rows."""
        return self.captioned(sketch.table(self.headers, self.samples))

    def preprocess(self, payload: int | None) -> Any:
        """The chosen row, its index, or both.

        :raises Error: if there is no such row
        """
        if payload is None:
            return None
        if not 0 <= payload < len(self.samples):
            raise PlainError(f"there is no sample {payload}: the last one is {len(self.samples) - 1}")
        row = self.samples[payload]
        return {"index": payload, "tuple": (payload, row)}.get(self.type, row)

    def postprocess(self, value: int | Sequence[Any] | None) -> int | None:
        """The index of a row given by its index or its content; None, and what is no row, chooses nothing."""
        value = plain(value)
        if is_missing(value):
            return None
        if isinstance(value, int):
            return int(value)
        if isinstance(value, str) or not isinstance(value, Iterable):
            raise TypeError(f"Dataset expects the index or the content of a row, got {named(value)}")
        row = list(cast("Iterable[Any]", value))
        for index, sample in enumerate(self.samples):
            if len(sample) == len(row) and all(map(_alike, sample, row)):
                return index
        warn(
            f"{shortened(row)} is none of the samples: nothing is chosen. To replace the samples, return "
            "Dataset(samples=...)"
        )
        return None

    def page_prop(self, name: str, value: Any) -> Any:
        """As every component; samples go as their components show them, pictures small."""
        if name != "samples":
            return super().page_prop(name, value)
        if self._cells is None or self._cells[0] is not value:
            self._cells = value, packed(cells_of(self.columns, value))
        return self._cells[1]

    def from_page(self, raw: Any) -> int | None:
        """The index of a row, or None."""
        if raw is not None and (not isinstance(raw, int) or isinstance(raw, bool) or raw < 0):
            raise MessageError(f"value of dataset: expected the index of a row, got {shortened(raw)}")
        return raw


def _row(given: object) -> Sample:
    if hasattr(given, "tolist"):  # an array, a Series
        given = cast("Any", given).tolist()
    if not isinstance(given, (list, tuple)):
        raise TypeError(
            f"samples of Dataset must be lists with an entry per component, got {kind_of(given)}: "
            f"{shortened(given)}"
        )
    return list(cast("Sequence[Any]", given))


def _columns(
    components: Sequence[Component[Any, Any] | str | dict[str, Any]],
    props: Sequence[Mapping[str, Any]] | None,
) -> list[Component[Any, Any]]:
    if props is None:
        return [component_of(one, render=False) for one in components]
    return [
        one if isinstance(one, Component) else component_of(one, **{**more, "render": False})
        for one, more in zip(components, props, strict=True)
    ]


def _check_files(columns: Sequence[Component[Any, Any]], row: Sample) -> None:
    """Say now what would else keep the whole app from being shown."""
    for column, entry in zip(columns, row, strict=False):
        named = column.takes_files and isinstance(entry, (str, Path)) and not is_url(entry)
        if named and not os.path.exists(entry):
            raise FileNotFoundError(
                f"a sample for the {column.type_name} {getattr(column, 'label', None) or ''} names the file "
                f"{os.fspath(entry)!r}, which does not exist"
            )


def _alike(a: Any, b: Any) -> bool:
    """Whether two entries are equal; arrays and the like only with themselves."""
    return a is b or (type(a) is type(b) and isinstance(a, (str, int, float, bool, list, dict)) and a == b)
