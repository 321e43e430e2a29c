"""UploadButton: what it takes, what handlers get of it, what pages and Clients may send."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.bridge.cache import FileCache
from nbblocks.bridge.files import FileRecord, record_of
from nbblocks.components import UploadButton
from nbblocks.core.errors import AppError, Error, InvalidPathError, MessageError
from tests.support import FakeComm, Page
from tests.waiting import until

Opened = Callable[[gr.Blocks], gr.Client]


def record(store: FileCache, name: str = "a.txt", data: bytes = b"abc") -> Any:
    return record_of(store.save_bytes(data, name))


@pytest.fixture
def show(comms: list[FakeComm]) -> Callable[[gr.Blocks], Page]:
    """Shows an app in a page."""

    def show_one(app: gr.Blocks) -> Page:
        page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
        page.say("hello")
        return page

    return show_one


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Clients of apps, which are closed at the end."""
    clients: list[gr.Client] = []

    def open_client(app: gr.Blocks) -> gr.Client:
        clients.append(gr.Client(app))
        return clients[-1]

    yield open_client
    for client in clients:
        client.close()
        client.app.close(verbose=False)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """Address of a web server that has the file a.txt."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "a.txt").write_text("from afar")

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(folder))

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


# -- parameters


def test_what_it_is_without_arguments() -> None:
    button = UploadButton()
    assert button.label == "Upload a File"  # CP-20
    assert (button.value, button.load_event) == (None, None)  # CP-21 CP-22
    assert (button.variant, button.visible, button.size, button.icon) == (
        "secondary",  # CP-23
        True,  # CP-24
        None,  # CP-25
        None,  # CP-26
    )
    assert (button.scale, button.min_width, button.interactive) == (None, None, True)  # CP-27 CP-28 CP-29
    assert (button.elem_id, button.elem_classes, button.key) == (None, [], None)  # CP-30 CP-32
    assert (button.type, button.file_count, button.file_types) == ("filepath", "single", None)  # CP-33..CP-35
    assert button.preserved_by_key == ["value"]  # CP-36


def test_label_and_value_may_be_given_by_position(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("abc")
    button = UploadButton("Send", str(tmp_path / "a.txt"))
    assert button.label == "Send"  # CP-20
    assert button.value["orig_name"] == "a.txt"  # CP-21
    with pytest.raises(TypeError, match="positional argument"):
        UploadButton("Send", None, "filepath")  # pyright: ignore[reportCallIssue]


def test_the_initial_value_may_be_several_files_or_a_function(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    assert [one["orig_name"] for one in UploadButton(value=files).value] == ["a.txt", "b.txt"]  # CP-21
    assert UploadButton(value=lambda: tmp_path / "a.txt").value["orig_name"] == "a.txt"  # CP-21


def test_a_function_is_called_again_and_that_can_be_cancelled(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("abc")
    with gr.Blocks() as app:
        button = UploadButton(value=lambda: tmp_path / "a.txt", every=5)
        assert button.load_event is not None  # CP-22
        gr.Button().click(None, cancels=button.load_event)
        timer = gr.Timer(3)
        other = UploadButton(value=lambda: None, every=timer)
        assert other.load_event is not None  # CP-22
        text = gr.Textbox()
        fed = UploadButton(value=lambda given: given or None, inputs=text)  # CP-36
        assert fed.load_event is not None
    kinds = {
        node: one.listener.every for node, one in ((button, button.load_event), (other, other.load_event))
    }
    assert kinds == {button: 5, other: None}
    app.close(verbose=False)


def test_what_shows_and_where() -> None:
    button = UploadButton(
        variant="stop",
        visible="hidden",
        size="sm",
        icon="https://example.org/i.png",
        scale=2,
        min_width=90,
        interactive=False,
        elem_id="here",
        elem_classes=["wide"],
    )
    assert button.page_state() == {
        "variant": "stop",  # CP-23
        "visible": "hidden",  # CP-24
        "size": "sm",  # CP-25
        "icon": "https://example.org/i.png",  # CP-26
        "scale": 2,  # CP-27
        "min_width": 90,  # CP-28
        "interactive": False,  # CP-29
        "elem_id": "here",  # CP-30
        "elem_classes": ["wide"],
    }


def test_an_icon_may_be_a_file_anywhere(tmp_path: Path) -> None:
    (tmp_path / "i.svg").write_text("<svg/>")
    icon = UploadButton(icon=str(tmp_path / "i.svg")).page_state()["icon"]
    assert icon == {"data": b"<svg/>", "mime_type": "image/svg+xml"}  # CP-26


def test_it_can_be_placed_later_and_has_listeners_before() -> None:
    with gr.Blocks() as app:
        button = UploadButton(render=False)  # CP-31
        button.upload(lambda path: path, button, None)
        assert not button.is_rendered
        button.render()
        assert button._id in app.blocks


def test_it_keeps_its_key_and_what_goes_with_it() -> None:
    button = UploadButton(key="mine", preserved_by_key=["value", "label"])
    assert (button.key, button.preserved_by_key) == ("mine", ["value", "label"])  # CP-32 CP-36


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"type": "text"}, "type of UploadButton must be one of 'filepath', 'bytes', 'binary', got 'text'"),
        ({"file_count": "some"}, "file_count of UploadButton must be one of 'single', .* got 'some'"),
        ({"file_types": "image"}, "file_types must be a list. Received str: UploadButton .* got 'image'"),
        ({"file_types": [1]}, r"UploadButton wants a list of str, .* got \[1\]"),
        ({"file_types": ("image",)}, "Received tuple"),
    ],
)
def test_bad_parameters_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):  # CP-33 CP-34 CP-35
        UploadButton(**options)


def test_file_types_mean_nothing_for_a_directory() -> None:
    with pytest.warns(UserWarning, match="no effect with file_count='directory'") as told:  # CP-35
        assert UploadButton(file_count="directory", file_types=["image"]).file_types is None
    assert told[0].filename == __file__


def test_an_update_of_file_count_says_what_becomes_of_the_types() -> None:
    with pytest.warns(UserWarning, match="no effect"):
        button = UploadButton(file_count="directory", file_types=["image"])
    copy = button.reconfigured({"file_count": "multiple"})
    changed = copy.props_changed_by({"file_count": "multiple"})
    assert changed == {"file_count": "multiple", "file_types": ["image"]}


# -- into the handler


@pytest.mark.parametrize("type", ["filepath", "file"])
def test_a_handler_gets_a_path_that_looks_like_a_file(store: FileCache, type: str) -> None:
    if type == "file":
        with pytest.warns(
            DeprecationWarning, match='UploadButton.type="file". is now type="filepath"'
        ) as told:
            button = UploadButton(type=type)  # CP-33
        assert told[0].filename == __file__
    else:
        button = UploadButton(type=type)
    path = button.preprocess(record(store))
    assert isinstance(path, str) and path.name == path and Path(path).name == "a.txt"  # CP-40
    assert Path(path.name).read_text() == "abc"


@pytest.mark.parametrize("type", ["bytes", "binary"])
def test_a_handler_gets_the_content(store: FileCache, type: str) -> None:
    assert UploadButton(type=type).preprocess(record(store)) == b"abc"  # CP-33 CP-40


@pytest.mark.parametrize("file_count", ["multiple", "directory"])
def test_several_files_are_a_list_even_if_there_is_one(store: FileCache, file_count: str) -> None:
    button = UploadButton(file_count=file_count, type="bytes")
    assert button.preprocess(record(store)) == [b"abc"]  # CP-40 CP-41
    assert button.preprocess([record(store), record(store, "b")]) == [b"abc", b"abc"]
    paths = UploadButton(file_count=file_count).preprocess([record(store), record(store, "b")])
    assert [Path(path.name).name for path in paths] == ["a.txt", "b"]  # CP-40


@pytest.mark.parametrize("file_count", ["single", "multiple", "directory"])
@pytest.mark.parametrize("type", ["filepath", "bytes"])
def test_nothing_uploaded_is_none(file_count: str, type: str) -> None:
    assert UploadButton(file_count=file_count, type=type).preprocess(None) is None  # CP-40
    assert UploadButton(file_count=file_count, type=type).preprocess([]) is None


def test_a_list_for_a_single_file_is_read_as_its_first_entry(store: FileCache) -> None:
    button = UploadButton(type="bytes", file_types=[".txt"])
    kept = button.postprocess([record(store)["path"], record(store, "b.png", b"x")["path"]])
    assert isinstance(kept, list) and len(kept) == 2
    assert button.preprocess(kept) == b"abc"  # CP-41


@pytest.mark.parametrize(
    ("file_types", "name", "taken"),
    [
        (["image"], "a.png", True),
        (["image"], "a.txt", False),
        (["image", ".TXT"], "a.txt", True),
        (["text"], "a.csv", True),
        (["file"], "a", True),
        ([".gz"], "a.tar.GZ", True),
        (["audio"], "a.mp3", True),
        (["video"], "noname", False),
        ([], "a", True),
    ],
)
@pytest.mark.parametrize("type", ["filepath", "bytes"])
def test_files_of_other_types_are_refused(
    store: FileCache, file_types: list[str], name: str, taken: bool, type: str
) -> None:
    button = UploadButton(file_types=file_types, type=type)
    if taken:
        assert button.preprocess(record(store, name)) is not None  # CP-42
    else:
        with pytest.raises(Error, match=f"{name} is not of an allowed type: {file_types[0]}"):  # CP-42
            button.preprocess(record(store, name))


# -- from the handler


def test_returned_files_are_copied_into_the_cache(tmp_path: Path, store: FileCache) -> None:
    file = tmp_path / "a.txt"
    file.write_text("abc")
    one = UploadButton().postprocess(file)
    assert isinstance(one, dict) and store.holds(one["path"]) and one["orig_name"] == "a.txt"  # CP-10 CP-41
    assert UploadButton().postprocess([str(file)]) == [one]
    assert UploadButton().postprocess((file, file)) == [one, one]
    assert UploadButton().postprocess([]) is None
    with pytest.raises(FileNotFoundError, match="does not exist"):  # CP-41
        UploadButton().postprocess(str(tmp_path / "b.txt"))


def test_urls_are_fetched(site: str, store: FileCache) -> None:
    one = UploadButton().postprocess(f"{site}/a.txt")
    assert isinstance(one, dict) and Path(one["path"]).read_text() == "from afar"  # CP-41
    assert store.holds(one["path"]) and one["orig_name"] == "a.txt" and one["url"] == f"{site}/a.txt"
    assert UploadButton(type="bytes").preprocess(one) == b"from afar"
    with pytest.raises(FileNotFoundError, match=r"b\.txt"):
        UploadButton().postprocess(f"{site}/b.txt")


@pytest.mark.parametrize("value", [3, {"path": "/etc/hosts"}, [3], b"abc", [None]])
def test_what_is_no_path_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="UploadButton expects a path"):  # CP-41
        UploadButton().postprocess(value)


def test_a_returned_file_leaves_the_label_alone(tmp_path: Path, show: Callable[[gr.Blocks], Page]) -> None:
    (tmp_path / "a.txt").write_text("abc")
    with gr.Blocks() as app:
        button = UploadButton("Send")
        go = gr.Button()
        go.click(lambda: tmp_path / "a.txt", None, button)
    page = show(app)
    page.fire(go, "click")
    page.comm.wait(lambda: (page.shown(button) or {}).get("orig_name") == "a.txt")
    assert page.shown(button, "label") == "Send"  # CP-41
    app.close(verbose=False)


def test_a_missing_file_fails_the_run(tmp_path: Path, opened: Opened) -> None:
    with gr.Blocks() as app:
        button, out = UploadButton(), UploadButton()
        button.upload(lambda path: str(tmp_path / "none.txt"), button, out, api_name="lose")
    (tmp_path / "a.txt").write_text("abc")
    with pytest.raises(AppError) as caught:
        opened(app).predict(str(tmp_path / "a.txt"), api_name="/lose")
    failure = caught.value.__cause__
    assert failure is not None and isinstance(failure.__cause__, FileNotFoundError)  # CP-41


def test_an_example_is_shown_by_its_name() -> None:
    assert UploadButton().process_example(["/a/b.txt", Path("c.txt")]) == "b.txt, c.txt"
    assert UploadButton().process_example(None) == ""


# -- from a page


@pytest.mark.parametrize("raw", ["/etc/passwd", 3, {"path": 3}, {}, [3], [None]])
def test_a_page_may_send_file_records_only(raw: Any) -> None:
    with pytest.raises(MessageError, match="expected a file record"):
        UploadButton().from_page(raw)


def test_a_page_may_not_send_paths_that_it_was_not_given(tmp_path: Path, store: FileCache) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    with pytest.raises(InvalidPathError, match="neither uploaded"):  # CP-12
        UploadButton().from_page({"path": str(secret)})
    assert UploadButton().from_page([record(store)]) == [record(store)]
    assert UploadButton().from_page([]) is None


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("trip/day 1/a.txt", "trip/day 1/a.txt"),
        ("a.txt", "a.txt"),
        (None, "a.txt"),
        ("trip/b.png", "trip/a.txt"),  # what a file is called is not for the page to say
        ("../../etc/a.txt", "a.txt"),
        ("/etc/a.txt", "a.txt"),
        ("C:\\temp\\a.txt", "a.txt"),
    ],
)
def test_a_name_keeps_the_folders_below_a_chosen_one(store: FileCache, told: str | None, kept: str) -> None:
    read = UploadButton(file_count="directory").from_page([{**record(store), "orig_name": told}])
    assert isinstance(read, list) and (read[0]["orig_name"], read[0]["mime_type"]) == (kept, "text/plain")
    button = UploadButton(file_count="directory", file_types=None)
    assert [Path(path).name for path in button.preprocess(read)] == ["a.txt"]  # CP-40


# -- events


class Log:
    """An app whose button notes its events."""

    def __init__(self, **options: Any) -> None:
        self.seen: list[tuple[str, Any]] = []
        with gr.Blocks() as self.app:
            self.button = UploadButton(**options)
            self.count = gr.Textbox()
            for name in ("click", "upload", "change"):
                getattr(self.button, name)(
                    self._noting(name), self.button, self.count, trigger_mode="multiple"
                )

    def _noting(self, name: str) -> Callable[[Any], str]:
        def note(value: Any) -> str:
            names = (
                [Path(one).name for one in value] if isinstance(value, list) else value and Path(value).name
            )
            self.seen.append((name, names))
            return str(len(self.seen))

        return note

    def files(self, *names: str) -> list[FileRecord]:
        return [record(self.app.host.cache, name) for name in names]


@pytest.fixture
def log(request: pytest.FixtureRequest) -> Iterator[Log]:
    made = Log(**getattr(request, "param", {}))
    yield made
    made.app.close(verbose=False)


def test_its_events(show: Callable[[gr.Blocks], Page], log: Log) -> None:
    assert set(UploadButton.events) == {"click", "upload", "change"}  # CP-43
    page = show(log.app)
    page.fire(log.button, "click")
    until(lambda: len(log.seen) == 1)
    assert log.seen == [("click", None)]  # before the chooser opens, there is no file


def test_change_comes_before_upload_and_only_if_the_files_differ(
    show: Callable[[gr.Blocks], Page], log: Log
) -> None:
    page = show(log.app)
    [one, other] = log.files("a.txt", "b.txt")
    for file, total in ((one, 2), (one, 3), (other, 5)):
        page.fire(log.button, "upload", values=[(log.button, file)])
        until(lambda total=total: len(log.seen) == total)
    # Two listeners run side by side, so that only what was dispatched first is certain.
    assert [sorted(part) for part in (log.seen[:2], log.seen[2:3], log.seen[3:])] == [
        [("change", "a.txt"), ("upload", "a.txt")],
        [("upload", "a.txt")],  # CP-43: the same files again
        [("change", "b.txt"), ("upload", "b.txt")],  # CP-44: the new one has replaced the value
    ]


def test_change_is_dispatched_before_upload(show: Callable[[gr.Blocks], Page]) -> None:
    seen: list[str] = []
    with gr.Blocks() as app:
        button, out = UploadButton(), gr.Textbox()
        one_at_a_time: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "turn"}
        button.upload(lambda: seen.append("upload"), None, out, **one_at_a_time)
        button.change(lambda: seen.append("change"), None, None, **one_at_a_time)
    page = show(app)
    page.fire(button, "upload", values=[(button, record(app.host.cache))])
    until(lambda: len(seen) == 2)
    assert seen == ["change", "upload"]  # CP-43
    app.close(verbose=False)


@pytest.mark.parametrize("log", [{"file_count": "multiple"}], indirect=True)
def test_all_files_of_one_choice_are_one_event(show: Callable[[gr.Blocks], Page], log: Log) -> None:
    page = show(log.app)
    page.fire(log.button, "upload", values=[(log.button, log.files("a.txt", "b.txt", "c.txt"))])
    until(lambda: len(log.seen) == 2)
    assert sorted(log.seen) == [  # CP-44
        ("change", ["a.txt", "b.txt", "c.txt"]),
        ("upload", ["a.txt", "b.txt", "c.txt"]),
    ]


@pytest.mark.parametrize("log", [{"file_types": ["image"]}], indirect=True)
def test_a_file_of_a_wrong_kind_is_told_to_the_user(show: Callable[[gr.Blocks], Page], log: Log) -> None:
    page = show(log.app)
    page.fire(log.button, "upload", values=[(log.button, log.files("a.txt")[0])])
    told = page.until_told("toast", level="error")  # CP-42 CP-9
    assert told["message"] == "a.txt is not of an allowed type: image" and log.seen == []


def test_files_too_large_are_refused_before_they_come(show: Callable[[gr.Blocks], Page], log: Log) -> None:
    log.app.host.options.max_file_size = 2
    page = show(log.app)
    page.say(
        "upload",
        upload="one",
        node=log.button._id,
        name="big.bin",
        size=3,
        mime="",
        relative="",
    )
    told = page.until_told("upload_failed", upload="one")  # CP-13
    assert "big.bin" in told["message"] and log.seen == []


def test_a_file_goes_from_the_page_to_the_handler_in_chunks(
    show: Callable[[gr.Blocks], Page], log: Log
) -> None:
    page = show(log.app)
    data = bytes(range(256)) * 40
    head = {"node": log.button._id, "name": "a.bin", "size": len(data), "mime": "", "relative": ""}
    page.say("upload", upload="one", **head)
    for at in range(0, len(data), 4096):
        page.say("chunk", data[at : at + 4096], upload="one", offset=at)
    page.say("upload_end", upload="one", crc=zlib.crc32(data))
    told = page.until_told("upload_done", upload="one")  # CP-45
    assert Path(told["file"]["path"]).read_bytes() == data
    page.fire(log.button, "upload", values=[(log.button, told["file"])])
    until(lambda: len(log.seen) == 2)
    assert ("upload", "a.bin") in log.seen  # CP-11


# -- Clients


def test_a_client_passes_a_path_and_gets_paths(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("abc")
    seen: list[Any] = []

    def copy(path: Any) -> str:
        seen.append((Path(path).name, path.name == path))
        out = tmp_path / "out.txt"
        out.write_text(Path(path).read_text() * 2)
        return str(out)

    with gr.Blocks() as app:
        button, out = UploadButton(), UploadButton()
        button.upload(copy, button, out, api_name="copy")
    client = opened(app)
    for given in (str(tmp_path / "a.txt"), gr.handle_file(tmp_path / "a.txt"), tmp_path / "a.txt"):
        result = client.predict(given, api_name="/copy")  # CP-46
        assert Path(result).read_text() == "abcabc" and Path(result).name == "out.txt"
    assert seen == [("a.txt", True)] * 3
    assert not UploadButton.skip_api


def test_a_client_passes_several_files(opened: Opened, tmp_path: Path) -> None:
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in paths:
        path.write_text(path.name)
    with gr.Blocks() as app:
        button = UploadButton(file_count="multiple", type="binary")
        out, same = gr.Textbox(), UploadButton(file_count="multiple")
        button.upload(lambda files: b" ".join(files).decode(), button, out, api_name="read")
        same.upload(lambda files: files, same, same, api_name="same")
    client = opened(app)
    for given in ([str(path) for path in paths], [gr.handle_file(path) for path in paths]):
        assert client.predict(given, api_name="/read") == "a.txt b.txt"  # CP-46
        back = client.predict(given, api_name="/same")
        assert [Path(path).name for path in back] == ["a.txt", "b.txt"]
        assert [Path(path).read_text() for path in back] == ["a.txt", "b.txt"]
    assert client.predict(None, api_name="/same") is None


def test_a_client_is_told_of_a_missing_or_unfit_file(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("abc")
    with gr.Blocks() as app:
        button = UploadButton(file_types=["image"])
        button.upload(lambda path: None, button, None, api_name="look")
    client = opened(app)
    with pytest.raises(FileNotFoundError, match="does not exist"):  # CP-46
        client.predict(str(tmp_path / "none.txt"), api_name="/look")
    with pytest.raises((AppError, Error), match=r"a\.txt is not of an allowed type: image"):  # CP-42
        client.predict(str(tmp_path / "a.txt"), api_name="/look")
