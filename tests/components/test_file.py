"""File: what is its own beside what it shares with UploadButton."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.bridge.cache import FileCache
from nbblocks.bridge.files import FileRecord, record_of
from nbblocks.bridge.pages import is_interactive
from nbblocks.components import File, component_of
from nbblocks.core.errors import Error, InvalidPathError
from tests.support import FakeComm, Page
from tests.waiting import until


def record(store: FileCache, name: str = "a.txt", data: bytes = b"abc") -> FileRecord:
    return record_of(store.save_bytes(data, name))


def test_what_it_is_without_arguments() -> None:
    file = File()
    assert (file.value, file.file_count, file.file_types, file.type) == (None, "single", None, "filepath")
    assert (file.height, file.allow_reordering, file.label, file.min_width) == (
        None,
        False,
        None,
        160,
    )  # CP-99
    assert (file.show_label, file.container, file.interactive, file.scale) == (True, True, None, None)
    assert set(File.events) == {"change", "select", "clear", "upload", "delete", "download"}  # CP-99


def test_value_may_be_given_by_position_and_is_stored(tmp_path: Path, store: FileCache) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    one = File(str(tmp_path / "a.txt"))
    assert one.value["orig_name"] == "a.txt" and store.holds(one.value["path"])
    several = File([tmp_path / "a.txt", tmp_path / "b.txt"], file_count="multiple", height="20em")
    assert [one["size"] for one in several.value] == [5, 5]  # CP-99
    assert several.page_state()["height"] == "20em"
    assert File(lambda: tmp_path / "a.txt").value == one.value
    with pytest.raises(FileNotFoundError, match="does not exist"):
        File(tmp_path / "none.txt")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"type": "file"}, "type of File must be one of 'filepath', 'bytes', 'binary', got 'file'"),
        ({"file_count": "some"}, "file_count of File must be one of"),
        ({"file_types": ".json"}, "file_types must be a list. Received str: File wants"),
    ],
)
def test_bad_parameters_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):  # CP-99
        File(**options)


def test_file_types_mean_nothing_for_a_directory() -> None:
    with pytest.warns(UserWarning, match="no effect with file_count='directory'") as told:  # CP-99
        assert File(file_count="directory", file_types=["image"]).file_types is None
    assert told[0].filename == __file__


@pytest.mark.parametrize("type", ["filepath", "binary", "bytes"])
@pytest.mark.parametrize("file_count", ["single", "multiple", "directory"])
def test_what_a_handler_gets(store: FileCache, type: str, file_count: str) -> None:
    file = File(type=type, file_count=file_count)
    assert file.preprocess(None) is None  # CP-99
    got = file.preprocess(
        [record(store), record(store, "b.txt")] if file_count != "single" else record(store)
    )
    first = got[0] if isinstance(got, list) else got
    assert isinstance(got, list) == (file_count != "single")
    assert first == b"abc" if type != "filepath" else Path(first.name).read_bytes() == b"abc"


def test_files_of_other_types_are_refused(store: FileCache) -> None:
    file = File(file_types=["image", ".csv"], file_count="multiple")
    assert file.preprocess([record(store, "a.CSV")])
    with pytest.raises(Error, match=r"a\.txt is not of an allowed type: image, \.csv"):  # CP-99
        file.preprocess([record(store, "a.csv"), record(store, "a.txt")])


def test_what_a_handler_may_give(tmp_path: Path, store: FileCache) -> None:
    (tmp_path / "a.txt").write_text("abc")
    one = File().postprocess(tmp_path / "a.txt")
    assert isinstance(one, dict) and one["size"] == 3
    assert File().postprocess([str(tmp_path / "a.txt")]) == [one]
    assert File().postprocess(None) is None and File().postprocess([]) is None
    with pytest.raises(FileNotFoundError, match="does not exist"):  # CP-99
        File().postprocess(tmp_path / "b.txt")
    with pytest.raises(TypeError, match="File expects a path, a URL or a list of them, got int"):
        File().postprocess(3)


def test_a_page_can_only_send_files_that_it_was_given(tmp_path: Path, store: FileCache) -> None:
    (tmp_path / "secret").write_text("x")
    with pytest.raises(InvalidPathError):  # CP-12
        File().from_page([record(store), {"path": str(tmp_path / "secret")}])
    inner = {**record(store), "orig_name": "trip/a.txt"}
    assert File(file_count="directory").from_page([inner]) == [inner]


def test_it_is_editable_as_other_components_are() -> None:
    with gr.Blocks() as app:
        given, shown, alone = File(), File(), File()
        gr.Button().click(lambda files: files, given, shown)
    assert [is_interactive(one, app.graph) for one in (given, shown, alone)] == [True, False, True]  # CP-6
    app.close(verbose=False)


def test_shortcuts() -> None:
    assert component_of("file").file_count == "single"  # CP-14
    several = component_of("files")
    assert type(several) is File and several.file_count == "multiple"
    made = gr.Files(label="Some")
    assert (made.type_name, made.page_type, made.file_count, made.label) == (
        "file",
        "file",
        "multiple",
        "Some",
    )


def test_an_example_is_shown_by_its_name() -> None:
    assert File().process_example("/home/a/b.ext") == "b.ext"
    assert File().process_example(None) == ""


# -- events


class Shelf:
    """An app with a File that notes its events."""

    def __init__(self, **options: Any) -> None:
        self.seen: list[Any] = []
        with gr.Blocks() as self.app:
            self.file = File(interactive=True, **options)
            self.count = gr.Textbox()
            self.file.change(self._note("change"), self.file, self.count, trigger_mode="multiple")
            self.file.clear(self._note("clear"), self.file, self.count)
            self.file.upload(self._note("upload"), self.file, self.count)
            self.file.select(self._selected, None, self.count)
            self.file.delete(self._deleted, self.file, self.count)
            self.file.download(self._downloaded, None, self.count)

    def _told(self, *what: Any) -> str:
        self.seen.append(what)
        return str(len(self.seen))

    def _note(self, name: str) -> Callable[[Any], str]:
        return lambda files: self._told(name, files and [Path(one).name for one in files])

    def _selected(self, event: gr.SelectData) -> str:
        return self._told("select", event.index, event.value, event.selected, event.target is self.file)

    def _deleted(self, files: list[str], event: gr.DeletedFileData) -> str:
        return self._told("delete", [Path(one).name for one in files], event.file)

    def _downloaded(self, event: gr.DownloadData) -> str:
        return self._told("download", event.file)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    made = Shelf(file_count="multiple")
    yield made
    made.app.close(verbose=False)


@pytest.fixture
def page(shelf: Shelf, comms: list[FakeComm]) -> Page:
    """A page that shows the shelf."""
    made = Page(shelf.app.host.show().comm)  # pyright: ignore[reportArgumentType]
    made.say("hello")
    return made


def test_files_are_uploaded_removed_and_cleared(shelf: Shelf, page: Page) -> None:
    a, b = (record(shelf.app.host.cache, name) for name in ("a.txt", "b.txt"))
    page.fire(shelf.file, "upload", values=[(shelf.file, [a, b])])
    until(lambda: len(shelf.seen) == 2)
    assert sorted(shelf.seen) == [("change", ["a.txt", "b.txt"]), ("upload", ["a.txt", "b.txt"])]  # CP-99
    page.fire(shelf.file, "delete", {"file": a}, values=[(shelf.file, [b])])
    until(lambda: len(shelf.seen) == 4)
    deleted = next(one for one in shelf.seen if one[0] == "delete")
    assert deleted[1] == ["b.txt"]
    assert (deleted[2].path, deleted[2].orig_name, deleted[2]["size"]) == (
        a["path"],
        "a.txt",
        3,
    )  # CP-99 EV-93
    page.fire(shelf.file, "clear", values=[(shelf.file, None)])
    until(lambda: len(shelf.seen) == 6)
    assert sorted(shelf.seen[4:]) == [("change", None), ("clear", None)]  # CP-99


def test_files_put_in_another_order_are_a_change(shelf: Shelf, page: Page) -> None:
    a, b = (record(shelf.app.host.cache, name) for name in ("a.txt", "b.txt"))
    page.enter(shelf.file, [a, b])
    until(lambda: len(shelf.seen) == 1)
    page.enter(shelf.file, [b, a])
    until(lambda: len(shelf.seen) == 2)
    assert shelf.seen == [("change", ["a.txt", "b.txt"]), ("change", ["b.txt", "a.txt"])]  # CP-99


def test_a_selected_and_a_downloaded_file_are_told(shelf: Shelf, page: Page) -> None:
    a = record(shelf.app.host.cache)
    page.enter(shelf.file, [a])
    until(lambda: len(shelf.seen) == 1)
    page.fire(shelf.file, "select", {"index": 0, "value": "a.txt"})
    until(lambda: len(shelf.seen) == 2)
    assert shelf.seen[1] == ("select", 0, "a.txt", True, True)  # CP-99
    page.fire(shelf.file, "download", {"file": a})
    until(lambda: len(shelf.seen) == 3)
    assert (shelf.seen[2][0], shelf.seen[2][1].path) == ("download", a["path"])  # CP-99


def test_an_event_can_not_name_a_file_that_the_page_was_not_given(
    shelf: Shelf, page: Page, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("x")
    foreign = {**record(shelf.app.host.cache), "path": str(tmp_path / "secret")}
    page.fire(shelf.file, "delete", {"file": foreign})
    page.fire(shelf.file, "select", {"index": 0, "value": "a.txt"})
    until(lambda: len(shelf.seen) == 1)
    assert [one[0] for one in shelf.seen] == ["select"]  # CP-12


def test_a_client_passes_and_gets_paths(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("abc")
    with gr.Blocks() as app:
        one, several = File(), File(file_count="multiple")
        one.upload(lambda path: [path, path], one, several, api_name="twice")
    with gr.Client(app) as client:
        for given in (str(tmp_path / "a.txt"), gr.handle_file(tmp_path / "a.txt")):
            paths = client.predict(given, api_name="/twice")  # CP-99
            assert [Path(path).name for path in paths] == ["a.txt", "a.txt"]
            assert Path(paths[0]).read_text() == "abc"
    app.close(verbose=False)
