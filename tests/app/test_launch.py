"""Showing an app."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.app import launching
from nbblocks.bridge import cells
from tests.support import FakeComm

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def app() -> Iterator[gr.Blocks]:
    with gr.Blocks() as app:
        gr.Textbox("text", label="<Name>")
    yield app
    app.close(verbose=False)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, comms: list[FakeComm]) -> list[Any]:
    """What is displayed in a notebook."""
    displayed: list[Any] = []
    monkeypatch.setattr(cells, "shell", lambda: SimpleNamespace(kernel=1))
    monkeypatch.setattr("IPython.display.display", lambda data, raw: displayed.append(data))
    return displayed


@pytest.fixture(autouse=True)
def unwarned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "_warned", set())


def test_the_last_line_of_a_cell_shows_it(app: gr.Blocks, comms: list[FakeComm]) -> None:  # AP-30
    bundle = app._repr_mimebundle_()
    assert bundle[VIEW]["model_id"] == comms[-1].comm_id
    assert "&lt;Name&gt;" in bundle["text/html"] and "text/plain" in bundle  # AP-41


def test_shown_inside_its_own_with_it_is_closed_first(comms: list[FakeComm]) -> None:  # AP-30
    with gr.Blocks() as app:
        box = gr.Textbox()
        app._repr_mimebundle_()
        assert gr.Textbox().parent is None
    assert app.children[0].children == [box]  # pyright: ignore[reportAttributeAccessIssue]


def test_launch_shows_it_and_returns_three_things(app: gr.Blocks, shown: list[Any]) -> None:  # AP-31
    result = app.launch()
    handle, local, share = result
    assert (handle, local, share) == (app, None, None) and isinstance(result, tuple)
    assert shown[0][VIEW]["model_id"] and result._ipython_display_() is None  # pyright: ignore


def test_launched_again_it_has_one_more_view(app: gr.Blocks, shown: list[Any]) -> None:  # AP-32
    app.launch(height=100)
    app.launch(height=200)
    assert shown[0][VIEW] == shown[1][VIEW]
    assert app.host.page_options()["height"] == 200


def test_outside_of_a_notebook_it_says_so_in_one_line(
    app: gr.Blocks, capsys: pytest.CaptureFixture[str]
) -> None:  # AP-33
    assert tuple(app.launch()) == (app, None, None)
    assert capsys.readouterr().out.count("\n") == 1
    app.launch(quiet=True)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("option", "value", "kept"),
    [("width", 300, 300), ("show_error", True, True), ("debug", True, True), ("css", ".a{}", ".a{}")],
)
def test_options_are_honoured(
    app: gr.Blocks, shown: list[Any], option: str, value: Any, kept: Any
) -> None:  # AP-35 AP-2
    app.launch(**{option: value})
    assert app.host.page_options()[option] == kept
    assert app.graph.settings.show_error is (option == "show_error")


def test_options_without_a_server_warn_once(app: gr.Blocks, shown: list[Any]) -> None:  # AP-36
    with pytest.warns(UserWarning, match=r"launch\(\w+=\.\.\.\) has no effect") as caught:
        app.launch(share=True, server_port=1, ssl_verify=True, inbrowser=False)
    assert len(caught) == 2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        app.launch(share=True, server_port=1)


def test_quiet_hides_all_but_the_lack_of_auth(app: gr.Blocks, shown: list[Any]) -> None:  # AP-36
    with pytest.warns(UserWarning, match="auth") as caught:
        app.launch(quiet=True, share=True, auth=("a", "b"))
    assert len(caught) == 1


def test_unknown_options_are_refused(app: gr.Blocks) -> None:  # AP-37
    with pytest.raises(TypeError, match="unexpected keyword argument 'shares'"):
        app.launch(shares=True)  # pyright: ignore[reportCallIssue]


def test_there_is_no_server_to_be_part_of(app: gr.Blocks) -> None:  # AP-38
    with pytest.raises(NotImplementedError, match="needs a web server"):
        app.integrate()


def test_it_runs_from_its_first_view_to_its_close(
    app: gr.Blocks, comms: list[FakeComm], capsys: pytest.CaptureFixture[str]
) -> None:  # AP-39 AP-40
    assert not app.is_running
    app._repr_mimebundle_()
    app.block_thread()
    assert app.is_running
    gr.close_all()
    assert not app.is_running and capsys.readouterr().out == "Closed the app.\n"


@pytest.mark.parametrize("bad", ["batch", "every", "cancels"])
def test_what_cannot_work_is_refused(bad: str) -> None:  # AP-34
    with gr.Blocks() as app, pytest.raises(ValueError, match=r"queue|Queue"):
        button = gr.Button()
        if bad == "cancels":
            first = button.click(lambda: None, queue=False)
            button.click(None, cancels=[first])
        else:
            button.click(lambda: None, queue=False, **{bad: True if bad == "batch" else 1})
        app.launch(inline=False)
