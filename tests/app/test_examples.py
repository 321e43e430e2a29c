"""Rows of sample values."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
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


def test_rows_replaced_by_an_update_are_those_that_count(comms: list[FakeComm]) -> None:  # CP-162
    with gr.Blocks() as app:
        text, change = gr.Textbox(), gr.Button()
        examples = gr.Examples(["a", "b"], text)
        change.click(lambda: gr.Dataset(samples=[["c"]]), None, examples.dataset)
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    page.fire(change, "click")
    page.until(examples.dataset, [["c"]], "samples")
    page.fire(examples.dataset, "click", values=[(examples.dataset, 0)])
    page.until(text, "c")


def test_only_visible_columns_are_shown_and_all_are_set(comms: list[FakeComm]) -> None:
    adder = Adder([[1, 2], [3, 4]], visible_columns=[0])
    assert adder.examples.dataset.samples == [[1], [3]]
    page = adder.page()
    adder.choose(page, 1)
    page.until(adder.a, 3)
    page.until(adder.b, 4)


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
        page.comm.wait(lambda row=row: page.shown(adder.sum) == [3, 7][row])
    assert adder.calls == [(3, 4), (1, 2)]


def test_eager_caching_runs_it_when_the_app_is_shown(comms: list[FakeComm]) -> None:  # CP-163
    adder = Adder([[1, 2], [3, 4]], cache_examples=True, preload=False)
    page = adder.page()
    page.comm.wait(lambda: page.comm.state.get("run.2", {}).get("stage") == "complete")
    assert adder.calls == [(1, 2), (3, 4)] and page.shown(adder.a) is None
    adder.choose(page, 1)
    page.until(adder.sum, 7)
    assert len(adder.calls) == 2


def test_a_row_is_shown_at_the_start(comms: list[FakeComm]) -> None:
    adder = Adder([[1, 2], [3, 4]], cache_examples=True, preload=1)
    page = adder.page()
    page.until(adder.a, 3)
    page.until(adder.b, 4)
    page.until(adder.sum, 7)
    page.comm.wait(lambda: page.comm.state.get("run.4", {}).get("stage") == "complete")
    assert sorted(adder.calls) == [(1, 2), (3, 4)]


@pytest.mark.parametrize("options", [{}, {"cache_examples": "lazy"}, {"cache_examples": True, "start": 5}])
def test_no_row_is_shown_at_the_start_of_itself(options: dict[str, Any]) -> None:
    with gr.Blocks() as app:
        start = {"value": options.pop("start")} if "start" in options else {}
        gr.Examples([1], gr.Number(**start), gr.Number(), abs, **options)
    assert not [one for one in app.fns.values() if one.outputs and one.triggers[0].event == "load"]


def test_an_app_that_is_shown_again_has_its_files_again(comms: list[FakeComm]) -> None:  # CP-163
    import numpy as np

    with gr.Blocks() as app:
        examples = gr.Examples(
            [1], gr.Number(), gr.Image(), lambda n: np.zeros((2, 2, 3), np.uint8), cache_examples="lazy"
        )
    app.host.show()
    first = examples.load_from_cache(0)[0]["path"]
    assert Path(first).is_file() and Path(first).is_relative_to(app.host.cache.root)
    app.close()
    app.host.show()
    again = examples.load_from_cache(0)[0]["path"]
    assert again != first and Path(again).is_relative_to(app.host.cache.root) and Path(again).is_file()


def test_results_may_outlast_the_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # CP-163
    import numpy as np

    monkeypatch.setenv("NBBLOCKS_EXAMPLES_CACHE", str(tmp_path / "kept"))
    calls: list[float] = []

    def draw(level: float) -> Any:
        calls.append(level)
        return np.full((2, 2, 3), level, np.uint8), level

    def examples(*rows: float, fn: Any = draw) -> gr.Examples:
        with gr.Blocks():
            outputs = [gr.Image(), gr.Number()]
            return gr.Examples(list(rows), gr.Number(), outputs, fn, cache_examples="lazy")

    first, later = examples(1, 2), examples(2, 3)
    kept = first.load_from_cache(1)
    again = later.load_from_cache(0)
    assert calls == [2] and again[1] == 2
    assert kept[0]["path"] != again[0]["path"]
    assert Path(kept[0]["path"]).read_bytes() == Path(again[0]["path"]).read_bytes()
    later.load_from_cache(1)
    examples(2, fn=lambda level: draw(level)).load_from_cache(0)  # another function
    assert calls == [2, 3, 2]
    for place in (tmp_path / "kept").iterdir():  # without the text a result does not count: it is made anew
        (place / "outputs.json").unlink()
    assert examples(2).load_from_cache(0)[1] == 2 and calls == [2, 3, 2, 2]
    assert not list((tmp_path / "kept").glob(".part-*"))


def test_what_is_no_json_is_kept_in_memory_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # CP-163
    monkeypatch.setenv("NBBLOCKS_EXAMPLES_CACHE", str(tmp_path))
    with gr.Blocks():
        outputs = [gr.State(), gr.Number()]
        examples = gr.Examples([1], gr.Number(), outputs, lambda n: (object(), n), cache_examples="lazy")
    first = examples.load_from_cache(0)
    assert examples.load_from_cache(0)[0] is first[0] and not list(tmp_path.iterdir())


def test_clients_get_the_cached_outputs() -> None:  # CP-163
    adder = Adder([[1, 2], [3, 4]], cache_examples=True, api_name="sums")
    with gr.Client(adder.app) as client:
        assert client.predict(1, api_name="/sums") == 7


def test_clients_get_the_inputs_where_nothing_is_cached() -> None:
    adder = Adder([[1, 2], [3, 4]])
    with gr.Client(adder.app) as client:
        assert client.predict(1, api_name="/load_example") == (3, 4)


def test_updates_are_cached_as_such() -> None:  # CP-163
    def shape(n: float) -> Any:
        return gr.update(visible=False, value=n), gr.Textbox(lines=4), {"value": 1}

    with gr.Blocks():
        outputs = [gr.Textbox(), gr.Textbox(), gr.JSON()]
        examples = gr.Examples([1], gr.Number(), outputs, shape, cache_examples="lazy")
    cached = examples.load_from_cache(0)
    assert cached[0] == {"visible": False, "value": "1", "__type__": "update"}
    assert cached[1] == {"lines": 4, "__type__": "update"} and cached[2] == {"value": 1}


def test_values_by_component_are_cached() -> None:  # CP-163
    with gr.Blocks():
        a, b = gr.Number(), gr.Number()
        examples = gr.Examples([1], gr.Number(), [a, b], lambda n: {b: n}, cache_examples="lazy")
    assert examples.load_from_cache(0) == [gr.skip(), 1]


def test_progress_and_toasts_do_not_show(
    comms: list[FakeComm], capsys: pytest.CaptureFixture[str]
) -> None:  # CP-163
    def slow(n: float, request: gr.Request, progress: gr.Progress = gr.Progress()) -> float:
        progress(0.5, desc="half")
        gr.Info("going on")
        return n

    with gr.Blocks() as app:
        number, out = gr.Number(), gr.Number()
        examples = gr.Examples([3], number, out, slow, cache_examples="lazy")
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    page.fire(examples.dataset, "click", values=[(examples.dataset, 0)])
    page.until(out, 3)
    assert not [one for one in page.comm.custom if one["type"] == "toast"]
    assert not [one for state in page.comm.updates for one in state.values() if "half" in str(one)]


def test_an_error_is_not_cached() -> None:  # CP-163
    answers = iter([ValueError("no"), 5])

    def moody(n: float) -> float:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with gr.Blocks():
        examples = gr.Examples([3], gr.Number(), gr.Number(), moody, cache_examples="lazy")
    with pytest.raises(ValueError, match="no"):
        examples.load_from_cache(0)
    assert examples.load_from_cache(0) == [5]


def test_missing_values_of_cached_rows_are_warned_of() -> None:
    with pytest.warns(UserWarning, match="not all input components have example values"):
        Adder([[1]], cache_examples="lazy")
    with gr.Blocks(), pytest.warns(UserWarning, match="not all input components"):
        gr.Examples(
            [[1, None]], [gr.Number(), gr.Number()], gr.Number(), lambda a, b=2: a, cache_examples="lazy"
        )


def test_missing_values_that_the_function_has_defaults_for_are_not() -> None:  # TR-70
    with gr.Blocks():
        inputs = [gr.Number(), gr.Number()]
        for fn in (lambda a, b=2: a + b, lambda a, b=2, *, progress=gr.Progress(): a):
            assert gr.Examples([[1]], inputs, gr.Number(), fn, cache_examples="lazy").load_from_cache(0)


@pytest.mark.parametrize(
    ("told", "cached"), [("true", "eager"), ("lazy", "lazy"), ("no", False), ("", False)]
)
def test_the_environment_may_ask_for_caching(
    monkeypatch: pytest.MonkeyPatch, told: str, cached: Any
) -> None:  # CP-163
    monkeypatch.setenv("NBBLOCKS_CACHE_EXAMPLES", told)
    assert Adder([[1, 2]]).examples.cache_examples == cached


@pytest.mark.parametrize("kind", ["generator", "async_generator", "coroutine"])
def test_the_last_value_is_cached(kind: str) -> None:  # CP-163
    def steps(n: int) -> Iterator[int]:
        yield from range(int(n))

    async def async_steps(n: int) -> AsyncIterator[int]:
        for step in range(int(n)):
            yield step

    async def at_once(n: int) -> int:
        return int(n) - 1

    fn: Any = {"generator": steps, "async_generator": async_steps, "coroutine": at_once}[kind]
    with gr.Blocks():
        examples = gr.Examples([3], gr.Number(), gr.Number(), fn, cache_examples="lazy")
    assert examples.load_from_cache(0) == [2]


@pytest.mark.parametrize(
    ("options", "got"),
    [({}, "numpy"), ({"preprocess": False}, "FileData"), ({"postprocess": False}, "numpy")],
)
def test_values_go_through_the_components_unless_told_otherwise(options: dict[str, Any], got: str) -> None:
    import numpy as np

    def kind(image: Any) -> Any:
        return type(image).__module__ if got == "numpy" else type(image).__name__

    with gr.Blocks():
        picture = np.zeros((2, 2, 3), np.uint8)
        examples = gr.Examples([picture], gr.Image(), gr.Textbox(), kind, cache_examples="lazy", **options)
    assert examples.load_from_cache(0) == [got]


def test_outside_of_an_app_create_joins_them_later(comms: list[FakeComm]) -> None:
    text = gr.Textbox()
    with pytest.warns(UserWarning, match="render examples.dataset in an app"):
        examples = gr.Examples(["a", "b"], text)
    with gr.Blocks() as app:
        text.render()
        examples.dataset.render()
        examples.create()
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    page.fire(examples.dataset, "click", values=[(examples.dataset, 1)])
    page.until(text, "b")


def test_one_input_takes_a_flat_list() -> None:  # CP-161
    with gr.Blocks():
        examples = gr.Examples(["a", "b"], gr.Textbox())
    assert examples.examples == [["a"], ["b"]]


def test_a_column_without_values_is_not_shown_and_not_set(comms: list[FakeComm]) -> None:  # CP-161
    adder = Adder([[None, 1], [None, 2]])
    assert adder.examples.dataset.samples == [[1], [2]]
    assert adder.examples.load_input_event["outputs"] == [adder.b._id]


def test_tuples_are_values_of_a_single_input_and_rows_of_several() -> None:  # CP-161
    with gr.Blocks():
        single = gr.Examples([("a", 1)], gr.JSON())
        several = gr.Examples([("a", 1)], [gr.Textbox(), gr.Number()])
    assert (single.examples, several.examples) == ([[("a", 1)]], [["a", 1]])


def test_a_directory_gives_its_files_or_its_log(tmp_path: Path) -> None:  # CP-161
    for name in ("b.txt", "a.txt", ".hidden"):
        (tmp_path / name).write_text("x")
    with gr.Blocks():
        files = gr.Examples(str(tmp_path), gr.UploadButton())
    assert [Path(row[0]).name for row in files.examples] == ["a.txt", "b.txt"]
    (tmp_path / "log.csv").write_text("name,number\na.txt,1\nnone,2\n")
    with gr.Blocks():
        logged = gr.Examples(tmp_path, [gr.Textbox(), gr.Textbox()])
        single = gr.Examples(tmp_path, gr.Textbox())
    assert logged.examples == [[str(tmp_path / "a.txt"), "1"], ["none", "2"]]
    assert single.examples == [[str(tmp_path / "a.txt")], ["none"]]


def test_a_log_is_read_as_its_components_take_it(tmp_path: Path) -> None:  # CP-161
    line = '5,True,5,"[""a""]",\'=x,\n'
    (tmp_path / "log.csv").write_text("n,check,radio,group,text,none,timestamp\n" + line)
    with gr.Blocks():
        examples = gr.Examples(
            str(tmp_path),
            [
                gr.Number(),
                gr.Checkbox(),
                gr.Radio(["5"]),
                gr.CheckboxGroup(["a"]),
                gr.Textbox(),
                gr.Textbox(),
            ],
        )
    assert examples.examples == [[5, True, "5", ["a"], "=x", None]]


@pytest.mark.parametrize(
    ("options", "error", "complaint"),
    [
        ({"rows": None}, ValueError, "cannot be None"),
        ({"rows": 3}, ValueError, "must be a list of rows"),
        ({"rows": [1], "inputs": "text"}, TypeError, "inputs of Examples must be components, got str"),
        ({"rows": "/nowhere"}, FileNotFoundError, "does not exist"),
        ({"rows": [1, 2]}, ValueError, "one entry per input, got 1"),
        ({"rows": [[1, 2]], "example_labels": []}, ValueError, "one text per row: got 0 for 1"),
        ({"rows": [[1, 2]], "cache_examples": "never"}, ValueError, "cache_examples must be"),
        ({"rows": [[1, 2]], "cache_mode": "never"}, ValueError, "cache_mode must be"),
        ({"rows": [[1, 2]], "visible_columns": []}, ValueError, "must name one column"),
        ({"rows": [[1, 2]], "visible_columns": [2]}, ValueError, "indices of the 2 inputs, got 2"),
        ({"rows": [[1, 2]], "cache_examples": True, "preload": 1}, ValueError, "preload=1 is none of the 1"),
        ({"rows": [[1, 2]], "run_on_click": True, "fn": None}, ValueError, "run_on_click"),
        ({"rows": [[1, 2]], "cache_examples": True, "fn": None}, ValueError, "cache_examples needs fn"),
    ],
)
def test_what_cannot_be_is_refused(
    options: dict[str, Any], error: type[Exception], complaint: str
) -> None:  # CP-161 CP-162 CP-163
    given = {"fn": abs, **options}
    with gr.Blocks(), pytest.raises(error, match=complaint):
        inputs = given.pop("inputs", [gr.Number(), gr.Number()])
        gr.Examples(given.pop("rows"), inputs, gr.Number(), **given)
