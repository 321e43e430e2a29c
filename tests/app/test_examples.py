"""Rows of sample values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nbblocks as gr
from tests.support import FakeComm, Page


class Adder:
    """Two numbers, their sum, and examples of them."""

    def __init__(self, rows: Any, **options: Any) -> None:
        self.calls: list[tuple[Any, ...]] = []
        with gr.Blocks() as self.app:
            self.a, self.b, self.sum = gr.Number(), gr.Number(), gr.Number()
            self.examples = gr.Examples(rows, [self.a, self.b], self.sum, self.add, **options)

    def add(self, a: float, b: float) -> float:
        self.calls.append((a, b))
        return a + b

    def page(self) -> Page:
        page = Page(self.app.host.show().comm)  # pyright: ignore[reportArgumentType]
        page.say("hello")
        return page

    def choose(self, page: Page, row: int) -> None:
        dataset = self.examples.dataset
        page.fire(dataset, "click", values=[(dataset, row)])


def test_a_click_fills_the_inputs(comms: list[FakeComm]) -> None:  # CP-162
    adder = Adder([[1, 2], [3, 4]])
    page = adder.page()
    adder.choose(page, 1)
    page.until(adder.a, 3)
    page.until(adder.b, 4)
    assert adder.calls == [] and adder.examples.dataset.samples == [[1, 2], [3, 4]]


def test_a_click_may_run_the_function(comms: list[FakeComm]) -> None:  # CP-162
    adder = Adder([[1, 2]], run_on_click=True)
    page = adder.page()
    adder.choose(page, 0)
    page.until(adder.sum, 3)


def test_a_short_row_leaves_the_rest_alone(comms: list[FakeComm]) -> None:  # CP-164
    adder = Adder([[1], [3, 4, 5]])
    page = adder.page()
    adder.choose(page, 1)
    page.until(adder.b, 4)
    adder.choose(page, 0)
    page.until(adder.a, 1)
    assert page.shown(adder.b) == 4


def test_lazy_caching_runs_the_function_at_the_first_click(comms: list[FakeComm]) -> None:  # CP-163
    adder = Adder([[1, 2], [3, 4]], cache_examples="lazy")
    page = adder.page()
    for row in (1, 0, 1):
        adder.choose(page, row)
        page.until(adder.a, [1, 3][row])
        page.comm.wait(lambda: page.comm.state.get("run.0", {}).get("stage") == "complete")
    page.until(adder.sum, 7)
    assert sorted(adder.calls) == [(1, 2), (3, 4)]


def test_eager_caching_runs_it_when_the_app_is_shown(comms: list[FakeComm]) -> None:  # CP-163
    adder = Adder([[1, 2], [3, 4]], cache_examples=True)
    page = adder.page()
    page.comm.wait(lambda: page.comm.state.get("run.1", {}).get("stage") == "complete")
    adder.choose(page, 1)
    page.until(adder.sum, 7)
    assert adder.calls == [(1, 2), (3, 4)]


@pytest.mark.parametrize(
    ("told", "cached"), [("true", "eager"), ("lazy", "lazy"), ("no", False), ("", False)]
)
def test_the_environment_may_ask_for_caching(
    monkeypatch: pytest.MonkeyPatch, told: str, cached: Any
) -> None:  # CP-163
    monkeypatch.setenv("NBBLOCKS_CACHE_EXAMPLES", told)
    assert Adder([[1, 2]]).examples.cache_examples == cached


def test_of_a_generator_the_last_value_is_cached() -> None:  # CP-163
    def count(n: int) -> Iterator[int]:
        yield from range(int(n))

    with gr.Blocks():
        number = gr.Number()
        examples = gr.Examples([3], number, gr.Number(), count, cache_examples="lazy")
    assert examples._cached(0) == [2]


def test_one_input_takes_a_flat_list() -> None:  # CP-161
    with gr.Blocks():
        examples = gr.Examples(["a", "b"], gr.Textbox())
    assert examples.examples == [["a"], ["b"]]


def test_a_column_without_values_is_not_shown_and_not_set(comms: list[FakeComm]) -> None:  # CP-161
    adder = Adder([[None, 1], [None, 2]])
    assert adder.examples.dataset.samples == [[1], [2]]
    assert adder.examples.load_input_event["outputs"] == [adder.b._id]


def test_a_directory_gives_its_files_or_its_log(tmp_path: Path) -> None:  # CP-161
    for name in ("b.txt", "a.txt", ".hidden"):
        (tmp_path / name).write_text("x")
    (tmp_path / "log.csv").write_text("name,number\na.txt,1\nnone,2\n")
    with gr.Blocks():
        files = gr.Examples(str(tmp_path), gr.UploadButton())
        logged = gr.Examples(str(tmp_path), [gr.Textbox(), gr.Textbox()])
    assert [Path(row[0]).name for row in files.examples] == ["a.txt", "b.txt", "log.csv"]
    assert logged.examples == [[str(tmp_path / "a.txt"), "1"], ["none", "2"]]


@pytest.mark.parametrize(
    ("options", "error", "complaint"),
    [
        ({"rows": None}, ValueError, "cannot be None"),
        ({"rows": 3}, ValueError, "must be a list of rows"),
        ({"rows": "/nowhere"}, FileNotFoundError, "does not exist"),
        ({"rows": [[1, 2]], "run_on_click": True, "fn": None}, ValueError, "run_on_click"),
        ({"rows": [[1, 2]], "cache_examples": True, "fn": None}, ValueError, "cache_examples needs fn"),
    ],
)
def test_what_cannot_be_is_refused(
    options: dict[str, Any], error: type[Exception], complaint: str
) -> None:  # CP-161 CP-162 CP-163
    given = {"fn": abs, **options}
    with gr.Blocks(), pytest.raises(error, match=complaint):
        gr.Examples(given.pop("rows"), [gr.Number(), gr.Number()], gr.Number(), **given)
