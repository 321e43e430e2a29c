"""Calling an app from code."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import nbblocks as gr

from .conftest import Open, calls


def test_predict_returns_the_result(opened: Open) -> None:  # AP-81 AP-82 AP-83
    client = opened(calls(str.upper))
    assert client.predict("a", api_name="/fn") == "A"
    assert client.predict("a", fn_index=0) == client.predict("a") == "A"


def test_what_is_no_app_of_this_kernel_is_refused() -> None:  # AP-81
    with pytest.raises(NotImplementedError, match="app object of this kernel"):
        gr.Client("user/space")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        ({"api_name": "fn"}, "did you mean '/fn'"),
        ({"api_name": "/other"}, "There are: /fn"),
        ({"fn_index": 7}, "Invalid function index: 7"),
    ],
)
def test_unknown_endpoints_are_refused(opened: Open, names: dict[str, Any], complaint: str) -> None:  # AP-83
    client = opened(calls(str.upper))
    with pytest.raises(ValueError, match=complaint):
        client.predict("a", **names)


def test_arguments_go_by_place_or_name_and_defaults_fill_in(opened: Open) -> None:  # AP-84
    with gr.Blocks() as app:
        boxes = [gr.Textbox(), gr.Textbox("initial"), gr.Textbox()]

        def join(a: str, b: str, c: str | None = None) -> str:
            return f"{a} {b} {c}"

        gr.Button().click(join, boxes, gr.Textbox(), api_name="join")
    client = opened(app)
    assert client.predict("x") == "x initial None"
    assert client.predict("x", c="z") == "x initial z"
    for args, kwargs, complaint in (
        (("a", "b", "c", "d"), {}, "Too many arguments"),
        ((), {}, "required argument: a"),
        (("a",), {"d": 1}, "`d` is not a valid key-word argument"),
        (("a",), {"a": 1}, "`a` was given twice"),
    ):
        with pytest.raises(TypeError, match=complaint):
            client.predict(*args, **kwargs)


def test_several_outputs_are_a_tuple_and_none_is_empty(opened: Open) -> None:  # AP-85
    with gr.Blocks() as app:
        a, b, state = gr.Textbox(), gr.Number(), gr.State()
        button = gr.Button()
        button.click(lambda: ("x", 1, "kept", "pressed"), None, [a, b, state, button], api_name="many")
        button.click(lambda: None, api_name="none")
        button.click(lambda: gr.update(label="L"), None, a, api_name="update")
    client = opened(app)
    assert client.predict(api_name="/many") == ("x", 1)
    assert client.predict(api_name="/none") == ()
    assert client.predict(api_name="/update") == {"__type__": "update", "label": "L"}


def test_of_a_generator_all_steps_are_kept(opened: Open) -> None:  # AP-85 AP-88
    def count(text: str) -> Iterator[str]:
        for number in range(3):
            yield f"{text}{number}"

    client = opened(calls(count))
    assert client.predict("a") == "a2"
    job = client.submit("b")
    assert list(job) == ["b0", "b1", "b2"] == job.outputs()
    assert (job.result(5), job.done(), job.exception()) == ("b2", True, None)
    assert list(job) == ["b0", "b1", "b2"]


def test_a_job_can_be_cancelled(opened: Open) -> None:  # AP-89 AP-90
    gate, started = threading.Event(), threading.Event()

    def slow(text: str) -> str:
        started.set()
        gate.wait(5)
        return text

    client = opened(calls(slow))
    running, waiting = client.submit("a"), client.submit("b")
    assert started.wait(5)
    with pytest.raises(TimeoutError):
        running.result(0)
    for job in (waiting, running):
        assert job.cancel()
        with pytest.raises(CancelledError):
            job.result(5)
        assert job.status().code == "CANCELLED" and job.done() and list(job) == []
    gate.set()
    assert running.cancel() is False
    assert client.predict("c") == "c"


def test_status_tells_the_end(opened: Open) -> None:  # AP-89
    def divide(text: str) -> float:
        return 1 / int(text)

    client = opened(calls(divide))
    good, bad = client.submit("1"), client.submit("0")
    good.result(5)
    assert isinstance(bad.exception(5), gr.AppError)
    for job, success in ((good, True), (bad, False)):
        status = job.status()
        assert (status.code, status.success, status.rank) == ("FINISHED", success, 0)


def test_a_full_queue_is_told_of(opened: Open) -> None:  # AP-87 AP-89
    gate, started = threading.Event(), threading.Event()

    def slow(text: str) -> str:
        started.set()
        gate.wait(5)
        return text

    client = opened(calls(slow).queue(max_size=1))
    first = client.submit("a")
    assert started.wait(5)
    second, third = client.submit("b"), client.submit("c")
    with pytest.raises(gr.AppError, match="Queue is full"):
        third.result(5)
    assert third.status().code == "QUEUE_FULL"
    gate.set()
    assert (first.result(5), second.result(5)) == ("a", "b")


@pytest.mark.parametrize(
    ("error", "show_error", "told"),
    [
        (gr.Error("shown"), False, "shown"),
        (RuntimeError("inner"), True, "inner"),
        (RuntimeError("inner"), False, "show_error=True"),
    ],
)
def test_errors_are_told_as_far_as_the_app_allows(
    opened: Open, error: Exception, show_error: bool, told: str
) -> None:  # AP-91
    def fail(text: str) -> None:
        raise error

    app = calls(fail)
    app.launch(inline=False, show_error=show_error)
    with pytest.raises(gr.AppError, match=told):
        opened(app).predict("a")


def test_callbacks_get_the_result(opened: Open) -> None:  # AP-82 AP-88
    seen: list[Any] = []
    done = threading.Event()
    job = opened(calls(str.upper)).submit("a", result_callbacks=seen.append)
    job.add_done_callback(lambda job: done.set())
    assert done.wait(5) and seen == ["A"]


def test_files_go_in_and_come_out(opened: Open, tmp_path: Path) -> None:  # AP-85 AP-86 CP-46
    (tmp_path / "a.txt").write_text("abc")
    names: list[str] = []

    def shout(path: str) -> str:
        names.append(Path(path).name)
        out = tmp_path / "out.txt"
        out.write_text(Path(path).read_text().upper())
        return str(out)

    with gr.Blocks() as app:
        source, target = gr.UploadButton(), gr.DownloadButton()
        source.upload(shout, source, target, api_name="shout")
    client = opened(app)
    result = client.predict(gr.handle_file(tmp_path / "a.txt"), api_name="/shout")
    assert Path(result).read_text() == "ABC" and Path(result) != tmp_path / "out.txt"
    assert app.host.cache.holds(result) and names == ["a.txt"]
    with pytest.raises(ValueError, match="path of an existing file"):
        gr.handle_file(tmp_path / "none")


@pytest.mark.parametrize("name", [".env", ".config/key.txt", "blocked/b.txt"])
def test_a_caller_may_pass_any_file_of_its_own(opened: Open, tmp_path: Path, name: str) -> None:  # TR-5
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("mine")
    seen: list[Any] = []

    def look(*given: Any) -> None:
        seen.extend(given)

    def give() -> str:
        return str(file)

    with gr.Blocks() as app:
        one, several, data, out = gr.UploadButton(), gr.File(file_count="multiple"), gr.JSON(), gr.File()
        one.upload(look, [one, several, data], api_name="look")
        gr.Button().click(give, None, out, api_name="give")
    app.launch(inline=False, blocked_paths=[tmp_path / "blocked"])
    client = opened(app)
    for given in (gr.handle_file(file), str(file), file):
        client.predict(given, [given], {"a": gr.handle_file(file)}, api_name="/look")
        path, (other,), held = seen
        assert {Path(found).read_text() for found in (path, other, held["a"].path)} == {"mine"}
        assert Path(path).name == file.name and Path(path) != file
        seen.clear()
    if name != ".config/key.txt":  # what handlers give out is checked as before
        with pytest.raises(gr.AppError) as failed:
            client.predict(api_name="/give")
        assert re.search("is hidden|blocked_paths", str(failed.value.__cause__))


def test_state_is_kept_between_calls_and_sessions_are_apart(opened: Open) -> None:  # ST-2 AP-94
    def note(text: str, seen: list[str]) -> tuple[str, list[str]]:
        seen.append(text)
        return "".join(seen), seen

    with gr.Blocks() as app:
        box, state = gr.Textbox(), gr.State([])
        box.submit(note, [box, state], [box, state], api_name="note")
    one, two = opened(app), opened(app)
    assert [one.predict("a"), one.predict("b"), two.predict("c")] == ["a", "ab", "c"]
    one.reset_session()
    assert one.predict("d") == "d" and two.predict("e") == "ce"


def test_a_call_causes_no_change_and_no_chain(opened: Open) -> None:  # AP-87
    caused: list[str] = []
    with gr.Blocks() as app:
        box, out = gr.Textbox(), gr.Textbox()
        box.submit(str.upper, box, out, api_name="up").then(lambda: caused.append("then"))
        out.change(lambda: caused.append("change"))
        box.blur(lambda: "end", None, out, api_name="end")
    client = opened(app)
    assert client.predict("a", api_name="/up") == "A"
    assert client.predict(api_name="/end") == "end"
    assert caused == []


def test_a_closed_app_takes_no_calls() -> None:  # AP-39
    app = calls(str.upper)
    client = gr.Client(app)
    app.close(verbose=False)
    with pytest.raises(RuntimeError, match="the app was closed"):
        client.predict("a")


@pytest.mark.parametrize("returned", [None, [], ()])
def test_a_batch_without_outputs_may_return_nothing(opened: Open, returned: Any) -> None:  # EV-251 EV-252
    with gr.Blocks() as app:
        box, button = gr.Textbox(), gr.Button()
        button.click(lambda texts: returned, box, batch=True, api_name="batch")
        button.click(lambda: None, api_name="next")
    client = opened(app)
    assert client.submit("a", api_name="/batch").result(5) == ()
    assert client.submit(api_name="/next").result(5) == ()


def test_files_are_found_inside_of_values(tmp_path: Path) -> None:  # AP-86 CP-46
    Image.new("RGB", (3, 2)).save(tmp_path / "a.png")
    with gr.Blocks() as demo:
        gallery, out = gr.Gallery(type="pil"), gr.JSON()
        gallery.change(lambda rows: [[row[0].size, row[1]] for row in rows], gallery, out, api_name="sizes")
    with gr.Client(demo) as client:
        entry = {"image": gr.handle_file(tmp_path / "a.png"), "caption": str(tmp_path / "a.png")}
        assert client.predict([entry], api_name="/sizes") == [[[3, 2], str(tmp_path / "a.png")]]
