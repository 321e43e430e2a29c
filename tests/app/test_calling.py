"""Calling a listener of an app directly: ``demo(...)``."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.bridge import cells
from nbblocks.core.context import current_run


def calling(fn: Any, inputs: Any = 1, outputs: int = 1, **options: Any) -> gr.Blocks:
    """An app with one listener over textboxes."""
    with gr.Blocks() as app:
        boxes = [gr.Textbox() for _ in range(inputs)] if isinstance(inputs, int) else inputs
        gr.Button().click(fn, boxes, [gr.Textbox() for _ in range(outputs)], api_name="fn", **options)
    return app


def test_it_calls_one_listener_and_returns_its_result() -> None:  # AP-80
    app = calling(str.upper)
    assert app("a") == app("a", api_name="fn") == app("a", api_name="/fn") == app("a", fn_index=0) == "A"
    assert calling(lambda a, b: (b, a), 2, 2)("x", "y") == ["y", "x"]
    assert calling(lambda: None, 0, 0)() is None
    assert not app.is_running


def test_a_coroutine_is_awaited() -> None:  # AP-80 EV-71
    async def shout(text: str) -> str:
        assert threading.current_thread() is not threading.main_thread()
        return text.upper()

    assert calling(shout)("a") == "A"


@pytest.mark.parametrize("kind", ["generator", "async generator", "state", "no function"])
def test_what_needs_a_session_is_refused(kind: str) -> None:  # AP-80
    def steps(text: str) -> Iterator[str]:
        yield text

    async def async_steps(text: str) -> AsyncIterator[str]:
        yield text

    if kind == "state":
        app = calling(lambda x: x, [gr.State()])
    else:
        app = calling({"generator": steps, "async generator": async_steps}.get(kind))
    with pytest.raises(ValueError, match=r"gr\.Client|no Python function"):
        app("a")
    with pytest.raises(gr.InvalidApiNameError, match="other"):
        app("a", api_name="other")


@pytest.mark.parametrize("mode", ["once", "always_last"])
def test_trigger_mode_and_limits_do_not_apply(mode: Any) -> None:  # EV-126
    inside = threading.Barrier(2)
    app = calling(lambda text: inside.wait(5) and text or text, trigger_mode=mode, concurrency_limit=1)
    results: list[Any] = []
    threads = [threading.Thread(target=lambda text=text: results.append(app(text))) for text in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["a", "b"]


def test_js_is_left_out_and_nothing_follows() -> None:  # EV-156 EV-166
    seen: list[Any] = []
    with gr.Blocks() as app:
        box, out = gr.Textbox(), gr.Textbox()
        box.submit(lambda text: text + "!", box, out, js="(text) => text + '?'").then(lambda: seen.append(1))
        out.change(lambda: seen.append(2))
        only = gr.Button().click(None, box, out, js="(text) => text")
    assert app("a") == "a!" and seen == []
    with pytest.raises(ValueError, match="no Python function"):
        app("a", fn_index=only["id"])


# -- batches


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_batch_function_is_called_with_lists_of_one(asynchronous: bool) -> None:  # EV-260
    seen: list[Any] = []

    def swap(xs: list[str], ys: list[str]) -> tuple[list[str], list[str]]:
        seen.append((xs, ys))
        return ys, xs

    async def async_swap(xs: list[str], ys: list[str]) -> list[list[str]]:
        return list(swap(xs, ys))

    app = calling(async_swap if asynchronous else swap, 2, 2, batch=True)
    assert app("x", "y") == ["y", "x"] and seen == [(["x"], ["y"])]
    assert calling(lambda xs: [[x * 2 for x in xs]], batch=True)("ab") == "abab"
    assert calling(lambda xs: None, 1, 0, batch=True)("a") is None


@pytest.mark.parametrize("returned", [["ab"], "ab", None, [["a", "b"]], [[]], [["a"], ["b"]], 5])
def test_a_batch_of_the_wrong_shape_is_refused_here_too(returned: Any) -> None:  # EV-260 EV-252
    with pytest.raises(ValueError, match="must return"):
        calling(lambda xs: returned, batch=True)("a")


def test_a_set_of_inputs_is_a_dict_here_too() -> None:  # EV-22 EV-260
    with gr.Blocks() as app:
        a, b = gr.Textbox(), gr.Textbox()
        button = gr.Button()
        button.click(lambda values: values[a] + values[b], {a, b}, gr.Textbox())
        button.click(
            lambda values: [[x + y for x, y in zip(values[a], values[b], strict=True)]], {a, b}, a, batch=True
        )
    assert app("x", "y") == app("x", "y", fn_index=1) == "xy"


# -- arguments


def test_special_arguments_tell_of_no_event() -> None:  # EV-92 EV-94 EV-95 EV-96
    seen: list[gr.Request] = []

    def look(
        text: str, request: gr.Request, event: gr.SelectData, progress: Any = gr.Progress()
    ) -> tuple[Any, ...]:
        seen.append(request)
        assert list(progress.tqdm([1, 2])) == [1, 2]
        return event.target is None, event.index is None and event.selected is None

    app = calling(look, 1, 2, postprocess=False)
    assert app("a") == app("b") == [True, True]
    assert len(seen[0].session_hash) >= 8 and seen[0].session_hash != seen[1].session_hash  # ST-2 ST-7
    assert seen[0].kernel_id == cells.kernel_id()


def test_missing_and_surplus_values() -> None:  # EV-26
    app = calling(lambda a, b: a + b, 2)
    with pytest.raises(ValueError, match="needs 2 values, got 1"):
        app("a")
    assert app("a", "b", "surplus") == "ab"


def test_outside_of_a_run_messages_are_printed(capsys: pytest.CaptureFixture[str]) -> None:  # EV-294
    app = calling(lambda text: gr.Info(text))
    app("hello")
    assert capsys.readouterr().out == "hello\n"
    assert current_run.get() is None


def test_errors_are_raised_where_it_was_called() -> None:  # EV-290 EV-113
    def fail(text: str) -> None:
        raise KeyError(text)

    with pytest.raises(KeyError, match="a"):
        calling(fail)("a")
    with pytest.raises(ValueError, match="not return enough output values"):
        calling(lambda text: text, 1, 2)("a")
    with gr.Blocks() as app:
        number = gr.Number()
        number.submit(lambda x: "no number", number, number)
    with pytest.raises(gr.ComponentProcessingError, match="postprocess"):
        app(1)


# -- what is checked


def test_a_component_that_is_not_placed_is_named() -> None:  # EV-14
    with gr.Blocks() as app:
        gr.Button().click(lambda x: x, gr.Textbox(render=False), gr.Textbox())
    with pytest.raises(gr.InvalidBlockError, match="not rendered"):
        app("a")


def test_a_layout_is_no_input() -> None:  # EV-24
    with gr.Blocks() as app:
        with gr.Row() as row:
            out = gr.Textbox()
        gr.Button().click(lambda x: x, row, out)
    with pytest.raises(gr.InvalidComponentError, match="which has no value"):
        app("a")


def test_an_instance_made_in_a_handler_joins_no_layout() -> None:  # EV-48
    with gr.Blocks() as app:
        box = gr.Textbox()
        box.submit(lambda text: gr.Textbox(label=text), box, box)
        before = (list(app.children), list(app.blocks))
        assert app("new") == {"__type__": "update", "label": "new"}
        assert (list(app.children), list(app.blocks)) == before
        with gr.Row() as row:
            app("again")
    assert row.children == [] and box.label is None
