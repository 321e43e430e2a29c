"""Showing an app."""

from __future__ import annotations

import inspect
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from IPython.core.formatters import DisplayFormatter

import nbblocks as gr
from nbblocks.app import launching
from nbblocks.bridge import cells
from nbblocks.bridge.placing import open_layout
from nbblocks.core.errors import AppError
from nbblocks.core.graph import building
from tests.support import FakeComm, Page
from tests.waiting import until

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def app() -> Iterator[gr.Blocks]:
    with gr.Blocks() as app:
        gr.Textbox("text", label="<Name>")
    yield app
    app.close(verbose=False)


class Shell:
    """A shell with a kernel, as far as an app looks at it."""

    kernel = object()

    def __init__(self) -> None:
        self.events = self

    def register(self, event: str, callback: Callable[..., None]) -> None:
        """Call nothing."""


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, comms: list[FakeComm]) -> list[Any]:
    """What is displayed in a notebook."""
    displayed: list[Any] = []
    shell = Shell()
    monkeypatch.setattr(cells, "shell", lambda: shell)
    monkeypatch.setattr("IPython.display.display", lambda data, raw: displayed.append(data))
    return displayed


@pytest.fixture(autouse=True)
def unwarned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "_warned", set())


# -- the last line of a cell


def test_the_last_line_of_a_cell_shows_it(app: gr.Blocks, comms: list[FakeComm]) -> None:  # AP-30
    bundle = app._repr_mimebundle_()
    assert bundle[VIEW]["model_id"] == comms[-1].comm_id
    assert "&lt;Name&gt;" in bundle["text/html"] and "text/plain" in bundle  # AP-41
    options = app.host.page_options()
    assert (options["height"], options["width"], options["footer"]) == (500, "100%", True)


def test_ipython_shows_it_alike(app: gr.Blocks, comms: list[FakeComm]) -> None:  # AP-30 AP-13
    data, _ = DisplayFormatter().format(app)
    assert set(data) == {VIEW, "text/html", "text/plain"}
    assert data["text/plain"].startswith("nbblocks Blocks instance: 0 backend functions")


@pytest.mark.parametrize("way", ["display", "launch"])
def test_shown_inside_its_own_with_it_is_closed_first(
    comms: list[FakeComm], shown: list[Any], way: str
) -> None:  # AP-30 AP-11
    with gr.Blocks() as app:
        box = gr.Textbox()
        with gr.Row():
            gr.Textbox()
            app.launch() if way == "launch" else app._repr_mimebundle_()
            assert gr.Textbox().parent is None
            assert open_layout.get() is None and building.get() is None
    assert open_layout.get() is None and building.get() is None
    assert app.children[0].children == [box]  # pyright: ignore[reportAttributeAccessIssue]


# -- launch


def test_launch_shows_it_and_returns_three_things(app: gr.Blocks, shown: list[Any]) -> None:  # AP-31
    result = app.launch()
    handle, local, share = result
    assert (handle, local, share) == (app, None, None) and isinstance(result, tuple)
    assert len(shown) == 1 and shown[0][VIEW]["model_id"]
    assert DisplayFormatter().format(result) == ({}, {})  # that is how nothing is displayed
    assert app.block_thread() is None  # AP-40


def test_launched_again_it_has_one_more_view(app: gr.Blocks, shown: list[Any]) -> None:  # AP-32
    app.launch(height=100)
    session = app.host.session
    app.launch(height=200)
    bundle = app._repr_mimebundle_()
    assert shown[0][VIEW] == shown[1][VIEW] == bundle[VIEW]
    assert app.host.page_options()["height"] == 200
    assert app.host.session is session and app.host.root is not None


def test_options_of_the_last_call_hold_for_new_views(
    app: gr.Blocks, shown: list[Any], comms: list[FakeComm]
) -> None:  # AP-32
    app.launch(height=100, css=".a{}", show_error=True)
    app.launch(height=200, inline=False)
    comms[-1].handle({"method": "request_state"})
    until(lambda: comms[-1].state["options"]["height"] == 200)
    assert comms[-1].state["options"]["css"] == ".a{}"


def test_outside_of_a_notebook_it_says_so_in_one_line(
    app: gr.Blocks, capsys: pytest.CaptureFixture[str]
) -> None:  # AP-33
    assert tuple(app.launch()) == (app, None, None)
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1 and "notebook" in printed
    app.launch(quiet=True)
    assert capsys.readouterr().out == ""
    with app:
        box = gr.Textbox()
        box.submit(str.upper, box, box, api_name="up")
    with gr.Client(app) as client:
        assert client.predict("a", api_name="/up") == "A"


PROGRAM = """
import nbblocks as gr

with gr.Blocks() as demo:
    box = gr.Textbox()
    box.submit(str.upper, box, box, api_name="up")

if __name__ == "__main__":
    demo.launch()
    print(gr.Client(demo).predict("a", api_name="/up"))
"""


def test_a_program_runs_to_its_end(tmp_path: Path) -> None:  # AP-31 AP-33
    file = tmp_path / "program.py"
    file.write_text(PROGRAM)
    found = subprocess.run(
        [sys.executable, str(file)], capture_output=True, text=True, check=True, timeout=30
    )
    first, second = found.stdout.splitlines()
    assert "notebook" in first and second == "A" and found.stderr == ""


# -- what cannot work


def _unqueued_cancels() -> None:
    first = gr.Button().click(lambda: None, queue=False)
    gr.Button().click(None, cancels=[first])


def _unqueued_batch() -> None:
    gr.Button().click(lambda: [], queue=False, batch=True)


def _unqueued_every() -> None:
    gr.Button().click(lambda: None, queue=False, every=1)


def _unplaced_input() -> None:
    gr.Button().click(lambda _: None, gr.Textbox(render=False))


def _unplaced_output() -> None:
    gr.Button().click(lambda: None, None, gr.Textbox(render=False))


def _unplaced_source() -> None:
    gr.Button(render=False).click(lambda: None)


WAYS: dict[str, Callable[[gr.Blocks], Any]] = {
    "launch": lambda app: app.launch(),
    "prepare": lambda app: app.launch(inline=False),
    "display": lambda app: app._repr_mimebundle_(),
    "Client": lambda app: gr.Client(app),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("bad", "text"),
    [
        (_unqueued_cancels, "Queue needs to be enabled"),
        (_unqueued_batch, "queue"),
        (_unqueued_every, "queue"),
        (_unplaced_input, "uses a textbox .* not rendered"),
        (_unplaced_output, "uses a textbox .* not rendered"),
        (_unplaced_source, "uses a button .* not rendered"),
    ],
)
def test_what_cannot_work_is_refused(
    shown: list[Any], bad: Callable[[], None], text: str, way: str
) -> None:  # AP-34 EV-14 EV-194 EV-259 EV-275
    with gr.Blocks() as app:
        bad()
    with pytest.raises(ValueError, match=text):
        WAYS[way](app)
    assert shown == [] and not app.is_running
    assert not [one.name for one in threading.enumerate() if one.name.startswith("nbblocks")]


# -- options


@pytest.mark.parametrize(
    ("option", "value", "kept"),
    [
        ("width", 300, 300),
        ("width", "50%", "50%"),
        ("height", 100, 100),
        ("height", "20em", "20em"),
        ("height", None, None),
        ("show_error", True, True),
        ("debug", True, True),
        ("css", ".a{}", ".a{}"),
        ("js", "() => 1", "() => 1"),
    ],
)
def test_options_are_honoured(
    app: gr.Blocks, shown: list[Any], option: str, value: Any, kept: Any
) -> None:  # AP-35 AP-2
    assert app.launch(**{option: value})
    assert app.host.page_options()[option] == kept
    assert app.graph.settings.show_error is (option == "show_error")


@pytest.mark.parametrize(
    ("given", "footer"),
    [
        ({}, True),
        ({"show_api": False}, False),
        ({"show_api": True}, True),
        ({"footer_links": ["api", "gradio"]}, True),
        ({"footer_links": ["gradio"]}, False),
        ({"footer_links": []}, False),
        ({"footer_links": None}, True),
    ],
)
def test_the_footer_opens_the_api(
    app: gr.Blocks, shown: list[Any], given: dict[str, Any], footer: bool
) -> None:  # AP-35
    app.launch(**given)
    assert app.host.page_options()["footer"] is footer


def test_limits_are_set(app: gr.Blocks, shown: list[Any]) -> None:  # AP-35 EV-79 CP-13 ST-11
    settings = app.graph.settings
    assert (settings.max_threads, settings.session_capacity, settings.session_grace) == (40, 10_000, 3600)
    app.launch(max_threads=3, max_file_size="5mb", state_session_capacity=7, session_grace=9)
    assert (settings.max_threads, settings.session_capacity, settings.session_grace) == (3, 7, 9)
    assert app.host.options.max_file_size == 5 * 1024**2


def test_max_threads_bounds_the_handlers_that_run() -> None:  # AP-35 EV-79
    gate, lock, inside = threading.Event(), threading.Lock(), [0, 0]

    def handler() -> None:
        with lock:
            inside[0] += 1
            inside[1] = max(inside)
        assert gate.wait(5)
        with lock:
            inside[0] -= 1

    with gr.Blocks() as app:
        gr.Button().click(handler, concurrency_limit=None, api_name="go")
    app.launch(inline=False, max_threads=2)
    with gr.Client(app) as client:
        jobs = [client.submit(api_name="/go") for _ in range(5)]
        until(lambda: inside[0] == 2)
        gate.set()
        for job in jobs:
            job.result(5)
    assert inside == [0, 2]
    app.close(verbose=False)


def test_prepared_it_can_be_called_and_shown_later(
    app: gr.Blocks, shown: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:  # AP-35
    assert tuple(app.launch(inline=False, prevent_thread_lock=True)) == (app, None, None)
    assert shown == [] and not app.is_running and capsys.readouterr().out == ""  # AP-40
    assert app._repr_mimebundle_()[VIEW]


def test_css_and_head_may_be_files(app: gr.Blocks, shown: list[Any], tmp_path: Path) -> None:  # AP-2 AP-35
    for name, text in [("a.css", ".a{}"), ("b.css", ".b{}"), ("h.html", "<script></script>")]:
        (tmp_path / name).write_text(text)
    app.launch(css_paths=[tmp_path / "a.css", str(tmp_path / "b.css")], head_paths=tmp_path / "h.html")
    assert app.host.page_options()["css"] == ".a{}\n.b{}"
    assert app.host.options.head == "<script></script>"


def test_launch_wins_over_the_constructor(shown: list[Any]) -> None:  # AP-2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with gr.Blocks(css=".a{}", js="() => 1", theme="soft") as app:
            pass
        app.launch(css=".b{}", theme="glass")
    options = app.host.page_options()
    assert (options["css"], options["js"], app.theme.name) == (".b{}", "() => 1", "glass")
    app.close(verbose=False)


def test_files_in_blocked_paths_are_not_given_out(tmp_path: Path) -> None:  # AP-35
    for name in ("good.txt", ".hidden", "secret/bad.txt"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x")
    with gr.Blocks() as app:
        name, file = gr.Textbox(), gr.DownloadButton()
        name.submit(lambda name: str(tmp_path / name), name, file, api_name="get")
    app.launch(inline=False, blocked_paths=[str(tmp_path / "secret")], show_error=True)
    client = gr.Client(app)
    client.predict("good.txt", api_name="/get")
    for bad in ("secret/bad.txt", ".hidden"):
        with pytest.raises(AppError, match="InvalidPathError"):
            client.predict(bad, api_name="/get")
    app.close(verbose=False)


IGNORED = {
    "share": True,
    "inbrowser": True,
    "auth": ("user", "word"),
    "auth_message": "who are you?",
    "auth_dependency": print,
    "server_name": "0.0.0.0",
    "server_port": 7860,
    "favicon_path": "icon.ico",
    "ssl_keyfile": "key",
    "ssl_certfile": "cert",
    "ssl_keyfile_password": "word",
    "ssl_verify": False,
    "root_path": "/app",
    "share_server_address": "host:1",
    "share_server_protocol": "http",
    "share_server_tls_certificate": "cert",
    "enable_monitoring": True,
    "strict_cors": False,
    "node_server_name": "host",
    "node_port": 1,
    "ssr_mode": True,
    "pwa": True,
    "mcp_server": True,
    "num_workers": 2,
    "run_history": True,
    "i18n": object(),
    "app_kwargs": {"a": 1},
}
"""Options that need a web server, with values that are not their defaults."""


@pytest.mark.parametrize("name", IGNORED)
def test_an_option_without_a_server_warns_once(app: gr.Blocks, shown: list[Any], name: str) -> None:  # AP-36
    given: Any = {name: IGNORED[name]}
    with pytest.warns(UserWarning, match=rf"{name}=\.\.\..*without a web server") as caught:
        app.launch(**given)
    assert len(caught) == 1 and caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        app.launch(**given)
        gr.Blocks().launch(**given, inline=False)


def test_their_defaults_give_no_warning(app: gr.Blocks, shown: list[Any]) -> None:  # AP-36
    defaults = {name: isinstance(value, bool) and not value for name, value in IGNORED.items()}
    none = dict.fromkeys(IGNORED)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        app.launch(**{name: value if value else None for name, value in defaults.items()})
        app.launch(**none)
        app.launch(share=False, inbrowser=False, pwa=False, mcp_server=False, enable_monitoring=False)


def test_the_queues_api_option_is_ignored_alike() -> None:  # AP-36 EV-232
    with pytest.warns(UserWarning, match=r"queue\(api_open=\.\.\.\)") as caught:
        gr.Blocks().queue(api_open=True).queue(api_open=False)
    assert len(caught) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gr.Blocks().queue(api_open=None)


def test_quiet_hides_all_but_the_lack_of_auth(
    app: gr.Blocks, shown: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:  # AP-36 AP-35
    with pytest.warns(UserWarning, match="auth") as caught:
        app.launch(quiet=True, **IGNORED)  # type: ignore[arg-type]
    assert len(caught) == 1 and capsys.readouterr().out == ""
    with pytest.warns(UserWarning, match="share"):  # what was not said is said when it may be
        app.launch(share=True)


@pytest.mark.parametrize("name", ["shares", "concurrency_count", "max_size", "queue", "title"])
def test_unknown_options_are_refused(app: gr.Blocks, shown: list[Any], name: str) -> None:  # AP-37
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{name}'"):
        app.launch(**{name: True})
    assert shown == [] and not app.is_running


def test_all_options_are_known_to_the_signature() -> None:  # AP-35 AP-36
    named = {*get_type_hints(launching.LaunchOptions), *inspect.signature(gr.Blocks.launch).parameters}
    honoured = {
        *("inline", "height", "width", "debug", "prevent_thread_lock", "show_error", "quiet", "show_api"),
        *("footer_links", "max_threads", "max_file_size", "state_session_capacity", "session_grace"),
        *("allowed_paths", "blocked_paths", "theme", "css", "css_paths", "js", "head", "head_paths"),
    }
    assert honoured | set(IGNORED) <= named


def test_there_is_no_server_to_be_part_of(app: gr.Blocks) -> None:  # AP-38
    with pytest.raises(NotImplementedError, match="needs a web server"):
        app.integrate(comet_ml=None)
    for ask in (
        lambda: gr.mount_gradio_app(object(), app, "/"),
        lambda: gr.deploy(),
        lambda: gr.routes(),
        lambda: gr.routes.App,
        lambda: gr.routes.App.create_app(app),
        lambda: gr.routes.mount_gradio_app(object(), app, "/"),
    ):
        with pytest.raises(NotImplementedError, match="needs a web server"):
            ask()


# -- its life


def test_it_runs_from_its_first_view_to_its_close(
    app: gr.Blocks, comms: list[FakeComm], capsys: pytest.CaptureFixture[str]
) -> None:  # AP-39 AP-40
    assert not app.is_running
    app._repr_mimebundle_()
    app.block_thread()
    assert app.is_running
    gr.close_all()
    assert not app.is_running and capsys.readouterr().out == "Closed the app.\n"


def test_a_client_makes_it_run_too(app: gr.Blocks) -> None:  # AP-40
    with gr.Client(app):
        assert app.is_running
    assert app.is_running
    app.close(verbose=False)
    assert not app.is_running


def test_close_says_so_once_and_starts_again(
    app: gr.Blocks, shown: list[Any], comms: list[FakeComm], capsys: pytest.CaptureFixture[str]
) -> None:  # AP-39
    app.close()
    assert capsys.readouterr().out == ""  # it has never run
    app.launch()
    page = Page(comms[-1])
    page.say("hello")
    app.close()
    app.close()
    assert capsys.readouterr().out == "Closed the app.\n"
    assert page.comm.state["options"]["live"] is False and page.until_told("close")["note"]
    app.launch()
    assert app.is_running and len(shown) == 2 and shown[0][VIEW] != shown[1][VIEW]
    app.close(verbose=False)
    assert capsys.readouterr().out == ""
    app._repr_mimebundle_()
    assert app.is_running
    app.close(False)
    with gr.Client(app):
        assert app.is_running


def test_close_all_closes_all(capsys: pytest.CaptureFixture[str], comms: list[FakeComm]) -> None:  # AP-39
    apps = [gr.Blocks() for _ in range(3)]
    for one in apps[:2]:
        one._repr_mimebundle_()
    gr.close_all()
    assert not any(one.is_running for one in apps)
    assert capsys.readouterr().out == "Closed the app.\n" * 2
    gr.close_all(verbose=False)
    assert capsys.readouterr().out == ""


def threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("nbblocks")]


def test_building_it_starts_nothing_and_closing_it_ends_all(comms: list[FakeComm]) -> None:  # AP-42
    with gr.Blocks() as app:
        box, state = gr.Textbox(), gr.State(lambda: 1, time_to_live=1)
        box.submit(lambda text, _: text, [box, state], box)
        gr.Timer(1).tick(lambda: None)
    app.queue(), app.get_config_file()
    assert threads() == [] and not app.is_running and repr(app)
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    page.fire(box, "submit", values=[(box, "a")])
    until(lambda: box.value == "a")
    assert "nbblocks-scheduler" in threads()
    app.close(verbose=False)
    until(lambda: threads() == [])


def test_importing_it_starts_nothing() -> None:  # AP-42
    code = "import threading, nbblocks; assert threading.active_count() == 1"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


def test_a_saved_notebook_shows_what_was_last(comms: list[FakeComm]) -> None:  # AP-41 ST-15
    with gr.Blocks() as app:
        box, out = gr.Textbox("<first>", label="Text"), gr.Number(1, label="Number")
        gr.State("secret")
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    page.enter(box, "<last>")
    until(lambda: box.value == "<last>")
    out.value = 2
    page.until(out, 2)
    html = app._repr_mimebundle_()["text/html"]
    assert (
        "&lt;last&gt;" in html and "<last>" not in html and ">Number</b> 2" in html and "secret" not in html
    )
    assert page.comm.state["options"]["live"] is True
    app.close(verbose=False)
