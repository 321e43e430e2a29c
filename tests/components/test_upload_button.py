from pathlib import Path
from typing import Any

import pytest

from nbblocks.bridge.cache import FileCache
from nbblocks.bridge.files import record_of
from nbblocks.components import UploadButton
from nbblocks.core.errors import Error, InvalidPathError, MessageError


def record(store: FileCache, name: str = "a.txt", data: bytes = b"abc") -> Any:
    return record_of(store.save_bytes(data, name))


@pytest.mark.parametrize("type", ["filepath", "file"])
def test_a_handler_gets_a_path_that_looks_like_a_file(store: FileCache, type: str) -> None:
    if type == "file":
        with pytest.warns(DeprecationWarning):
            button = UploadButton(type=type)  # CP-33
    else:
        button = UploadButton(type=type)
    path = button.preprocess(record(store))
    assert isinstance(path, str) and path.name == path and Path(path).name == "a.txt"  # CP-40


@pytest.mark.parametrize("type", ["bytes", "binary"])
def test_a_handler_gets_the_content(store: FileCache, type: str) -> None:
    assert UploadButton(type=type).preprocess(record(store)) == b"abc"  # CP-33, CP-40


@pytest.mark.parametrize("file_count", ["multiple", "directory"])
def test_several_files_are_a_list_even_if_there_is_one(store: FileCache, file_count: str) -> None:
    button = UploadButton(file_count=file_count, type="bytes")
    assert button.preprocess(record(store)) == [b"abc"]  # CP-40, CP-41
    assert button.preprocess([record(store), record(store, "b")]) == [b"abc", b"abc"]
    assert button.preprocess(None) is None


def test_a_list_for_a_single_file_is_read_as_its_first_entry(store: FileCache) -> None:
    assert UploadButton(type="bytes").preprocess([record(store), record(store, "b", b"x")]) == b"abc"  # CP-41


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"type": "text"}, "type of UploadButton"),
        ({"file_count": "some"}, "file_count of UploadButton"),
        ({"file_types": "image"}, "must be a list of str, got 'image'"),
    ],
)
def test_bad_parameters_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):  # CP-33..35
        UploadButton(**options)


def test_file_types_mean_nothing_for_a_directory() -> None:
    with pytest.warns(UserWarning, match="no effect with file_count='directory'"):  # CP-35
        assert UploadButton(file_count="directory", file_types=["image"]).file_types is None


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
    ],
)
def test_files_of_other_types_are_refused(
    store: FileCache, file_types: list[str], name: str, taken: bool
) -> None:
    button = UploadButton(file_types=file_types)
    if taken:
        button.preprocess(record(store, name))  # CP-42
    else:
        with pytest.raises(Error, match=f"{name} is not of an allowed type"):
            button.preprocess(record(store, name))


def test_returned_files_are_copied_into_the_cache(tmp_path: Path, store: FileCache) -> None:
    file = tmp_path / "a.txt"
    file.write_text("abc")
    one = UploadButton().postprocess(file)
    assert isinstance(one, dict) and store.holds(one["path"]) and one["orig_name"] == "a.txt"  # CP-10, CP-41
    assert UploadButton().postprocess([str(file)]) == [one]
    with pytest.raises(FileNotFoundError, match="does not exist"):  # CP-41
        UploadButton().postprocess(str(tmp_path / "b.txt"))


@pytest.mark.parametrize("raw", ["/etc/passwd", 3, {"path": 3}, {}, [3]])
def test_a_page_may_send_file_records_only(raw: Any) -> None:
    with pytest.raises(MessageError, match="expected a file record"):
        UploadButton().from_page(raw)


def test_a_page_may_not_send_paths_that_it_was_not_given(tmp_path: Path, store: FileCache) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    with pytest.raises(InvalidPathError, match="neither uploaded"):  # CP-12
        UploadButton().from_page({"path": str(secret)})
    assert UploadButton().from_page([record(store)]) == [record(store)]


def test_its_events() -> None:
    assert set(UploadButton.events) == {"click", "upload", "change"}  # CP-43
    assert not UploadButton.skip_api  # CP-46
