"""gr.Client("other.ipynb"): the app of another notebook, called in a kernel of its own."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import psutil
import pytest

import nbblocks as gr
from nbblocks.client import NotebookError
from nbblocks.client.remote import NotebookClient

APP = """
import os, threading
from pathlib import Path
import nbblocks as gr

gate = threading.Event()

def steps(n):
    for i in range(int(n)):
        gr.Info(f"step {i}")
        yield i

def hold(text, progress=gr.Progress()):
    gate.clear()
    progress((3, 10), desc="held")
    gate.wait(30)
    return text

def endless():
    try:
        while True:
            yield "on"
    finally:
        Path("ended.txt").write_text("yes")

def turn(path):
    Path("turned.bin").write_bytes(Path(path).read_bytes()[::-1])
    return "turned.bin"

def fail(how):
    if how == "shown":
        raise gr.Error("no way", title="Sorry", duration=3)
    raise KeyError("secret")

def add(a: int, b: int = 2) -> tuple[int, list[float]]:
    return a + b, [float("inf"), 1.5]

with gr.Blocks(title="Other") as demo:
    text, number, file, count = gr.Textbox(label="Text"), gr.Number(3), gr.File(), gr.State(0)
    button = gr.Button("Go")
    button.click(lambda text: text.upper(), text, text, api_name="up")
    button.click(steps, number, number, api_name="steps")
    button.click(hold, text, text, api_name="hold")
    button.click(endless, None, text, api_name="endless")
    button.click(turn, file, file, api_name="turn")
    button.click(fail, text, text, api_name="fail")
    button.click(lambda n: (n + 1, n + 1), count, [count, number], api_name="count")
    button.click(lambda: os.getcwd(), None, text, api_name="where")
    button.click(gate.set, api_name="let_go", show_api=False, queue=False)
    button.click(lambda: 1, api_name=False)
    gr.api(add)
demo
"""


def write(path: Path, *cells: Any, **metadata: Any) -> Path:
    """A notebook of these code cells: sources, or pairs of tags and source."""
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": []}
    for index, cell in enumerate(cells):
        tags, source = cell if isinstance(cell, tuple) else ([], cell)
        book["cells"].append({
            "cell_type": "code", "id": f"c{index}", "metadata": {"tags": tags}, "source": source,
            "outputs": [], "execution_count": None,
        })  # fmt: skip
    path.write_text(json.dumps(book))
    return path


@pytest.fixture(autouse=True)
def no_blocked_loop() -> None:
    """Each kernel's loop is its thread's own, and nobody else waits for it while Jupyter starts a process."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookClient]:
    """The client of one notebook, for all tests that leave its kernel alive."""
    folder = tmp_path_factory.mktemp("other")
    with gr.Client(write(folder / "other.ipynb", APP)) as client:
        assert isinstance(client, NotebookClient)
        yield client


Open = Callable[..., NotebookClient]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Open clients that are closed at the end."""
    clients: list[Any] = []

    def open_one(*args: Any, **options: Any) -> NotebookClient:
        clients.append(gr.Client(*args, **options))
        return clients[-1]

    yield open_one
    for one in clients:
        one.close()


def process_of(client: NotebookClient) -> psutil.Process:
    return psutil.Process(client._kernel._manager.provisioner.pid)


def ended(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_results_come_back(client: NotebookClient) -> None:  # AP-81 AP-82 AP-84 AP-85
    assert client.predict("abc", api_name="/up") == "ABC"
    assert client.predict(text="abc", api_name="/up") == "ABC"
    assert client.predict(1, api_name="/add") == (3, [float("inf"), 1.5])
    assert client.predict(api_name="/let_go") == ()
    index = next(one.id for one in client._endpoints if one.api_name == "up")
    assert client.predict("abc", fn_index=index) == "ABC"


def test_it_runs_in_the_notebooks_folder(client: NotebookClient) -> None:  # AP-81
    assert client.predict(api_name="/where") == str(Path(client.src).parent)


def test_arguments_are_checked_here(client: NotebookClient) -> None:  # AP-83 AP-84
    with pytest.raises(ValueError, match="Cannot find a function with `api_name`: /nothing"):
        client.predict(api_name="/nothing")
    with pytest.raises(ValueError, match="name the endpoint"):
        client.predict()
    with pytest.raises(TypeError, match="required argument: text"):
        client.predict(api_name="/up")
    with pytest.raises(TypeError, match="Too many arguments"):
        client.predict(1, 2, api_name="/up")
    with pytest.raises(TypeError, match="a object cannot be sent to another kernel"):
        client.predict(object(), api_name="/up")
    with pytest.raises(FileNotFoundError):
        client.predict("/no/such/file", api_name="/turn")
    with pytest.raises(gr.AppError, match="number"):
        client.predict("three", api_name="/steps")


def test_steps_come_as_they_are_made(client: NotebookClient) -> None:  # AP-88
    job = client.submit(3, api_name="/steps")
    assert list(job) == [0, 1, 2] and job.result(10) == 2 and job.outputs() == [0, 1, 2]
    assert (job.status().code, job.status().success) == ("FINISHED", True)


def test_no_step_is_lost_however_many_come(client: NotebookClient) -> None:  # AP-88
    job = client.submit(5000, api_name="/steps")
    assert list(job) == list(range(5000)) and job.result(10) == 4999


def test_progress_comes(client: NotebookClient) -> None:  # AP-89
    told, reported = [], threading.Event()
    job = client.submit("a", api_name="/hold")

    def note(status: Any) -> None:
        if status.progress_data:
            told.append(status.progress_data[0])
            reported.set()

    job.follow(note)
    assert reported.wait(10)
    assert (told[0].index, told[0].length, told[0].desc) == (3, 10, "held")
    client.predict(api_name="/let_go")
    assert job.result(10) == "a"


def test_files_go_and_come(client: NotebookClient, tmp_path: Path) -> None:  # AP-86 CP-46
    data = bytes(range(256)) * 40_000  # several chunks, and more than the window
    given = tmp_path / "my file.bin"
    given.write_bytes(data)
    for way in (given, str(given), gr.handle_file(given)):
        found = Path(client.predict(way, api_name="/turn"))
        assert found.read_bytes() == data[::-1]
        assert found.name == "turned.bin" and found.parent != Path(client.src).parent
    given.write_bytes(b"")
    assert Path(client.predict(given, api_name="/turn")).read_bytes() == b""


def test_errors_come_with_their_words(client: NotebookClient) -> None:  # AP-91
    with pytest.raises(gr.AppError, match="no way") as caught:
        client.predict("shown", api_name="/fail")
    cause = caught.value.__cause__
    assert isinstance(cause, gr.Error) and (cause.title, cause.duration) == ("Sorry", 3)
    with pytest.raises(gr.AppError, match="raised an error") as caught:
        client.predict("other", api_name="/fail")
    assert "secret" not in str(caught.value)


def test_cancelling_reaches_the_kernel(client: NotebookClient) -> None:  # AP-90
    job = client.submit(api_name="/endless")
    next(iter(job))
    assert job.cancel()
    with pytest.raises(CancelledError):
        job.result(10)
    assert job.status().code == "CANCELLED"
    end, left = time.monotonic() + 10, Path(client.src).parent / "ended.txt"
    while not left.exists() and time.monotonic() < end:
        client.predict("a", api_name="/up")
    assert left.exists()


def test_sessions_have_state_of_their_own(client: NotebookClient) -> None:  # AP-94 ST-2
    client.reset_session()
    assert [client.predict(api_name="/count") for _ in range(2)] == [1, 2]
    client.reset_session()
    assert client.predict(api_name="/count") == 1


def test_callbacks_and_awaiting_work(client: NotebookClient) -> None:  # AP-82 AP-88
    import anyio

    got: list[Any] = []
    called = threading.Event()

    def note(value: Any) -> None:
        got.append(value)
        called.set()

    client.submit("a", api_name="/up", result_callbacks=note)

    async def wait() -> Any:
        return await client.submit("b", api_name="/up")

    assert anyio.run(wait) == "B"
    assert called.wait(10) and got == ["A"]


def test_view_api_tells_of_it(client: NotebookClient) -> None:  # AP-93
    text = client.view_api(print_info=False, return_format="str")
    assert isinstance(text, str) and 'predict(path, api_name="/turn")' in text and "/let_go" not in text
    every = client.view_api(all_endpoints=True, print_info=False, return_format="dict")
    assert isinstance(every, dict) and "/let_go" in every["named_endpoints"]


def test_a_handler_here_may_call_it(client: NotebookClient) -> None:  # AP-92
    async def call(text: str) -> str:
        return await client.submit(text, api_name="/up")

    with gr.Blocks() as app:
        box = gr.Textbox()
        box.submit(lambda text: client.predict(text, api_name="/up"), box, box, api_name="plain")
        box.submit(call, box, box, api_name="coroutine")
    with gr.Client(app) as here:
        assert here.predict("a", api_name="/plain") == here.predict("a", api_name="/coroutine") == "A"
    app.close(verbose=False)


def test_its_channels_open_no_port(client: NotebookClient) -> None:  # AP-81
    info = client._kernel._manager.get_connection_info()
    channels = [f"{info['ip']}-{info[name]}" for name in ("shell_port", "iopub_port", "control_port")]
    assert info["transport"] == "ipc" and all(map(os.path.exists, channels))


def test_it_can_be_loaded_as_an_app(opened: Open, tmp_path: Path) -> None:  # AP-95
    app = gr.load(write(tmp_path / "other.ipynb", APP))
    given = tmp_path / "a.txt"
    given.write_text("abc")
    assert app.title == "Other" and [one.label for one in app.blocks.values() if one.type_name == "textbox"]
    with gr.Client(app) as one, gr.Client(app) as two:
        assert one.predict("a", api_name="/up") == "A"
        assert one.submit(3, api_name="/steps").result(10) == 2
        assert [one.predict(api_name="/count"), one.predict(api_name="/count")] == [1, 2]
        assert two.predict(api_name="/count") == 1
        assert Path(one.predict(given, api_name="/turn")).read_text() == "cba"
        assert one.predict(4, api_name="/add") == (6, [float("inf"), 1.5])
        with pytest.raises(gr.AppError, match="no way"):
            one.predict("shown", api_name="/fail")
    kernel = process_of(app.source)
    app.source.close()
    assert ended(kernel)
    app.close(verbose=False)


def test_a_killed_kernel_fails_its_calls(opened: Open, tmp_path: Path) -> None:  # AP-81
    client = opened(write(tmp_path / "other.ipynb", APP))
    job = client.submit("a", api_name="/hold")
    os.kill(process_of(client).pid, signal.SIGKILL)
    with pytest.raises(NotebookError, match=r"the kernel of other\.ipynb has died"):
        job.result(10)
    assert list(job) == []
    with pytest.raises(NotebookError, match="has died"):
        client.predict("a", api_name="/up")
    job.cancel()
    client.close()


def test_closing_ends_calls_and_the_kernel(opened: Open, tmp_path: Path) -> None:  # AP-94
    client = opened(write(tmp_path / "other.ipynb", APP))
    kernel, folder = process_of(client), client._kernel._folder
    job = client.submit("a", api_name="/hold")
    client.close()
    assert ended(kernel) and folder is not None and not Path(folder).exists()
    with pytest.raises(NotebookError, match=r"the kernel of other\.ipynb was closed"):
        job.result(10)
    with pytest.raises(NotebookError, match="was closed"):
        client.predict("a", api_name="/up")


def test_a_lost_client_ends_its_kernel(tmp_path: Path) -> None:  # AP-94
    client: Any = gr.Client(write(tmp_path / "other.ipynb", "import nbblocks as gr\ndemo = gr.Blocks()"))
    kernel, thread = process_of(client), client._kernel._thread
    del client
    thread.join(10)
    assert ended(kernel)


TWO = """
import nbblocks as gr
def app_of(word):
    with gr.Blocks() as app:
        gr.Button().click(lambda: word, None, gr.Textbox(), api_name="word")
    return app
first, last = app_of("first"), app_of("last")
with gr.Blocks() as parts:
    whole = 5
"""


def test_the_app_can_be_chosen(opened: Open, tmp_path: Path) -> None:  # AP-81
    path = write(tmp_path / "two.ipynb", TWO, "del parts", (["skip-execution"], "1 / 0"), "%config Completer")
    assert opened(path, app="first").predict() == "first"
    with pytest.raises(NotebookError, match="'whole' is to hold an app, a gr.Blocks, but it holds a int"):
        opened(path, app="whole")
    with pytest.raises(NotebookError, match="'nothing' is to hold an app, .* but there is no such variable"):
        opened(path, app="nothing")


def test_cells_that_may_fail_may(opened: Open, tmp_path: Path) -> None:  # AP-81
    path = write(
        tmp_path / "may.ipynb", (["raises-exception"], "1 / 0"), TWO, "del parts; import gc; gc.collect()"
    )
    assert opened(path).predict() == "last"


@pytest.mark.parametrize(
    ("cells", "metadata", "why"),
    [
        (["x = 1", "1 / 0"], {}, r"broken\.ipynb, cell 2: ZeroDivisionError: division by zero\n\n.*1 / 0"),
        (["x = 1"], {}, "looking for its app: LookupError: it builds no app"),
        (["import os; os._exit(3)"], {}, "has died"),
        (
            ["x"],
            {"kernelspec": {"name": "no_such_kernel"}},
            "asks for the kernel 'no_such_kernel', which is not",
        ),
    ],
)
def test_what_is_wrong_with_a_notebook_is_said(
    tmp_path: Path, cells: list[str], metadata: Any, why: str
) -> None:  # AP-81
    path = write(tmp_path / "broken.ipynb", *cells, **metadata)
    with pytest.raises(NotebookError, match=f"(?s){why}"):
        gr.Client(path)


def test_what_is_no_notebook_is_refused(tmp_path: Path) -> None:  # AP-81
    with pytest.raises(FileNotFoundError, match="there is no notebook"):
        gr.Client(str(tmp_path / "missing.ipynb"))
    (tmp_path / "text.ipynb").write_text("hello")
    with pytest.raises(NotebookError, match=r"text\.ipynb is no notebook of format 4"):
        gr.Client(tmp_path / "text.ipynb")
