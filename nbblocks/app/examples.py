"""Examples: rows of sample values that fill the inputs when clicked."""

from __future__ import annotations

import csv
import inspect
import os
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, cast

from nbblocks.bridge.component import Component
from nbblocks.components import Dataset
from nbblocks.core.execution import rows_of
from nbblocks.core.graph import open_graph
from nbblocks.core.updates import skip

AnyComponent = Component[Any, Any]


class Examples:
    """Shows ``examples`` below ``inputs``; a click on a row sets the inputs to its values (CP-160 to CP-164).

    :param examples: rows with one entry per input; for one input also a flat list; or a directory: its files,
        or a ``log.csv`` in it for several inputs
    :param outputs: components that a cached or a run example fills
    :param fn: what ``run_on_click`` and caching call
    :param cache_examples: True runs ``fn`` on every row when the app is first shown, ``"lazy"`` at a click
    :param run_on_click: run ``fn`` after a click
    :param example_labels: one text per row, shown in its place
    :raises ValueError: without examples, or with caching or running but without ``fn`` (and ``outputs``)
    :raises FileNotFoundError: for a directory that does not exist, or has no ``log.csv``
    """

    def __init__(
        self,
        examples: Sequence[Any] | Sequence[Sequence[Any]] | str,
        inputs: AnyComponent | Sequence[AnyComponent],
        outputs: AnyComponent | Sequence[AnyComponent] | None = None,
        fn: Callable[..., Any] | None = None,
        cache_examples: bool | Literal["lazy"] | None = None,
        examples_per_page: int = 10,
        label: str | None = "Examples",
        elem_id: str | None = None,
        run_on_click: bool = False,
        preprocess: bool = True,
        postprocess: bool = True,
        api_name: str | Literal[False] = "load_example",
        batch: bool = False,
        *,
        cache_mode: Literal["eager", "lazy"] | None = None,
        api_visibility: Literal["public", "undocumented", "private"] = "undocumented",
        example_labels: list[str] | None = None,
        visible: bool | Literal["hidden"] = True,
        preload: int | Literal[False] = False,
    ) -> None:
        self.inputs = _listed(inputs)
        self.outputs = _listed(outputs)
        self.fn, self.batch = fn, batch
        self._preprocess, self._postprocess = preprocess, postprocess
        self.examples = _rows(examples, len(self.inputs))
        self.cache_examples = self._caching(cache_examples, cache_mode)
        if run_on_click and fn is None:
            raise ValueError("run_on_click=True needs the function to run: give fn")
        shown = [
            i
            for i in range(len(self.inputs))
            if any(i < len(row) and row[i] is not None for row in self.examples)
        ]
        self._shown = shown
        self._cache: dict[int, list[Any]] = {}
        self.dataset = Dataset(
            label=label,
            components=[self.inputs[i] for i in shown],
            samples=[[row[i] if i < len(row) else None for i in shown] for row in self.examples],
            type="index",
            samples_per_page=examples_per_page,
            sample_labels=example_labels,
            elem_id=elem_id,
            visible=visible,
        )
        cached = bool(self.cache_examples)
        self.load_input_event = self.dataset.click(
            self._load,
            self.dataset,
            [self.inputs[i] for i in shown] + (self.outputs if cached else []),
            api_name=api_name,
            api_visibility=api_visibility,
            show_progress="hidden" if not cached else "full",
            queue=cached,
            postprocess=postprocess,
        )
        if run_on_click and not cached:
            self.load_input_event.then(fn, self.inputs, self.outputs, batch=batch, show_api=False)
        if self.cache_examples == "eager":
            graph = open_graph("cache examples")
            cast("Any", graph.owner).load(self._fill, show_progress="hidden", show_api=False)

    def _caching(self, asked: bool | str | None, mode: str | None) -> Literal["eager", "lazy", False]:
        if asked is None:
            told = os.environ.get("NBBLOCKS_CACHE_EXAMPLES") or os.environ.get("GRADIO_CACHE_EXAMPLES") or ""
            asked = (
                {"true": True, "lazy": "lazy"}.get(told.lower(), False) if self.fn and self.outputs else False
            )
        if not asked:
            return False
        if self.fn is None or not self.outputs:
            raise ValueError("cache_examples needs fn and outputs: what would be cached?")
        return "lazy" if asked == "lazy" or mode == "lazy" else "eager"

    def _load(self, index: int) -> Any:
        """Values of the inputs, and of the outputs if they are cached, for a clicked row."""
        row = self.examples[index]
        values = [row[i] if i < len(row) else skip() for i in self._shown]
        if self.cache_examples:
            values += self._cached(index)
        return values if len(values) != 1 else values[0]

    def _fill(self) -> None:
        for index in range(len(self.examples)):
            self._cached(index)

    def _cached(self, index: int) -> list[Any]:
        if index not in self._cache:
            self._cache[index] = self._compute(self.examples[index])
        return self._cache[index]

    def _compute(self, row: Sequence[Any]) -> list[Any]:
        """What ``fn`` gives for a row: the last value of a generator."""
        assert self.fn is not None
        args: list[Any] = []
        for node, value in zip(self.inputs, row, strict=False):
            wire = node.postprocess(value)
            args.append(node.preprocess(wire) if self._preprocess else wire)
        result = self.fn(*([arg] for arg in args)) if self.batch else self.fn(*args)
        if inspect.isawaitable(result):
            import anyio

            result = anyio.run(_awaited, result)  # in a worker thread, where no loop runs
        elif inspect.isgenerator(result):
            result = _last(result)
        if self.batch:
            (row,) = rows_of(getattr(self.fn, "__name__", "fn"), len(self.outputs), result, 1)
            return row
        return list(cast("Sequence[Any]", result)) if len(self.outputs) > 1 else [result]


async def _awaited(result: Any) -> Any:
    return await result


def _last(steps: Any) -> Any:
    newest = deque(steps, maxlen=1)
    return newest[0] if newest else None


def _listed(given: AnyComponent | Sequence[AnyComponent] | None) -> list[AnyComponent]:
    return [] if given is None else [given] if isinstance(given, Component) else list(given)


def _rows(examples: Any, inputs: int) -> list[list[Any]]:
    if examples is None:
        raise ValueError("the parameter `examples` cannot be None")
    if isinstance(examples, (str, Path)):
        return _from_directory(Path(examples), inputs)
    if not isinstance(examples, (list, tuple)):
        raise ValueError(f"examples must be a list of rows or a directory, got {type(examples).__name__}")
    rows = cast("Sequence[Any]", examples)
    if inputs == 1 and not any(isinstance(row, (list, tuple)) for row in rows):
        return [[row] for row in rows]
    return [list(row) if isinstance(row, (list, tuple)) else [row] for row in rows]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _from_directory(directory: Path, inputs: int) -> list[list[Any]]:
    if not directory.is_dir():
        raise FileNotFoundError(f"the examples directory {str(directory)!r} does not exist")
    if inputs == 1:
        return [[str(path)] for path in sorted(directory.iterdir()) if path.is_file() and path.name[0] != "."]
    log = directory / "log.csv"
    if not log.is_file():
        raise FileNotFoundError(f"the examples directory {str(directory)!r} has no log.csv")
    with log.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    return [[_entry(directory, text) for text in row[:inputs]] for row in rows]


def _entry(directory: Path, text: str) -> str:
    inside = directory / text
    return str(inside) if text and inside.is_file() else text
