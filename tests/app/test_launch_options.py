"""The options of launch: those that are honoured, and those that need a web server."""

from __future__ import annotations

import inspect
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import nbblocks as gr
from nbblocks.app import launching
from nbblocks.core.errors import AppError
from tests.waiting import until

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def app() -> Iterator[gr.Blocks]:
    with gr.Blocks() as app:
        gr.Textbox("text", label="<Name>")
    yield app
    app.close(verbose=False)


@pytest.fixture(autouse=True)
def unwarned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "_warned", set())


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
    assert app.host.display.options()[option] == kept
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
    assert app.host.display.options()["footer"] is footer


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
    assert app.host.display.options()["css"] == ".a{}\n.b{}"
    assert app.host.display.options()["head"] == "<script></script>"


def test_launch_wins_over_the_constructor(shown: list[Any]) -> None:  # AP-2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with gr.Blocks(css=".a{}", js="() => 1", theme="soft") as app:
            pass
        app.launch(css=".b{}", theme="glass")
    options = app.host.display.options()
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


def test_blocked_paths_outlive_a_close_and_a_plain_launch(tmp_path: Path) -> None:  # AP-35 AP-39
    file = tmp_path / "a.txt"
    file.write_text("x")
    with gr.Blocks() as app:
        path = gr.Textbox()
        path.submit(lambda path: path, path, gr.DownloadButton(), api_name="get")
    app.launch(inline=False, blocked_paths=[tmp_path], show_error=True)
    app.launch(inline=False)
    for _ in range(2):
        with gr.Client(app) as client, pytest.raises(AppError, match="InvalidPathError.*blocked_paths"):
            client.predict(str(file), api_name="/get")
        app.close(verbose=False)
    app.launch(inline=False, blocked_paths=None)  # the last call that says something holds (AP-32)
    with gr.Client(app) as client:
        assert Path(client.predict(str(file), api_name="/get")).read_text() == "x"
    app.close(verbose=False)


def test_paths_are_those_of_the_moment_of_the_launch(
    app: gr.Blocks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # AP-35
    for name in ("open/a.txt", "open/secret/b.txt", "open/.hidden", "c.txt", "elsewhere/open/d.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    monkeypatch.chdir(tmp_path)
    app.launch(inline=False, allowed_paths=["open", Path("c.txt")], blocked_paths=["./open/secret"])
    monkeypatch.chdir(tmp_path / "elsewhere")
    held = {name: app.host.cache.holds(tmp_path / name) for name in ("open/a.txt", "open/.hidden", "c.txt")}
    assert held == {"open/a.txt": True, "open/.hidden": True, "c.txt": True}
    assert not app.host.cache.holds(tmp_path / "open/secret/b.txt")  # blocked wins
    assert not app.host.cache.holds(tmp_path / "open/../open/secret/b.txt")
    assert not app.host.cache.holds("open/d.txt") and not app.host.cache.holds(tmp_path / "open")
    app.launch(inline=False, allowed_paths=["open"])
    assert not app.host.cache.holds(tmp_path / "c.txt") and app.host.cache.holds("open/d.txt")


@pytest.mark.parametrize("name", ["allowed_paths", "blocked_paths"])
@pytest.mark.parametrize("given", ["/tmp", Path("/tmp"), 3, [3], [None], [""], ["a\0b"], {"/tmp"}])
def test_paths_must_be_a_list(app: gr.Blocks, name: str, given: Any) -> None:  # AP-35
    app.launch(inline=False, max_file_size=5)
    with pytest.raises(ValueError, match=f"{name} must be a list of paths"):
        app.launch(**{name: given}, inline=False)
    assert app.host.options.max_file_size == 5


@pytest.mark.parametrize(
    ("given", "size"),
    [
        (None, None),
        (0, 0),
        (1000, 1000),
        (1.5 * gr.FileSize.KB, 1536),
        (5 * gr.FileSize.MB, 5 * 1024**2),
        ("1000", 1000),
        ("1000b", 1000),
        ("5mb", 5 * 1024**2),
        ("5MB", 5 * 1024**2),
        ("5 Kb", 5 * 1024),
        (" 1.5 GB ", 3 * 1024**3 // 2),
        (".5tb", 1024**4 // 2),
        ("0.1 kb", 102),
        ("9007199254740993", 9007199254740993),
    ],
)
def test_sizes_are_bytes_or_text(app: gr.Blocks, given: Any, size: int | None) -> None:  # CP-13
    app.launch(inline=False, max_file_size=given)
    assert app.host.options.max_file_size == size and type(app.host.options.max_file_size) is type(size)


@pytest.mark.parametrize(
    "given",
    [
        *(
            "",
            "mb",
            "5xb",
            "5m",
            "5mib",
            "-5mb",
            "five mb",
            "1e3kb",
            "1.2.3mb",
            ".",
            "٥mb",
            "5,5mb",
            "9" * 5000,
        ),
        *(-1, True, float("nan"), float("inf"), [5], b"5mb"),
    ],
)
def test_other_sizes_are_refused(app: gr.Blocks, given: Any) -> None:  # CP-13
    app.launch(inline=False, max_file_size=5)
    with pytest.raises(
        ValueError, match="max_file_size must be a number of bytes or text such as '5mb', got"
    ):
        app.launch(inline=False, max_file_size=given)
    assert app.host.options.max_file_size == 5


def test_a_limit_holds_until_another_is_given(app: gr.Blocks) -> None:  # CP-13 AP-32
    app.launch(inline=False, max_file_size="5mb")
    app.launch(inline=False)
    assert app.host.options.max_file_size == 5 * 1024**2
    app.launch(inline=False, max_file_size=None)
    assert app.host.options.max_file_size is None


@pytest.mark.parametrize("given", [(86400, 86400), [0.5, 0], None])
def test_delete_cache_is_a_frequency_and_an_age(given: Any) -> None:  # AP-18
    assert gr.Blocks(delete_cache=given).delete_cache == (given and tuple(given))


@pytest.mark.parametrize(
    "given",
    [60, (60,), (0, 60), (-1, 60), (60, -1), (60, None), "60", (60, 60, 60), (True, 60), (1, float("inf"))],
)
def test_other_ways_to_delete_are_refused(given: Any) -> None:  # AP-18
    with pytest.raises(ValueError, match=r"delete_cache must be \(frequency, age\) in seconds"):
        gr.Blocks(delete_cache=given)


def test_the_files_of_an_app_go_when_it_closes(app: gr.Blocks, shown: list[Any]) -> None:  # AP-18
    app.launch()
    path = Path(app.host.cache.save_bytes(b"abc", "a.txt"))
    assert path.is_file()
    app.close(verbose=False)
    until(lambda: not path.parent.parent.exists())


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
