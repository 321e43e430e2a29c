from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

from nbblocks.bridge.cache import FileCache
from nbblocks.bridge.files import FileRecord, record_of
from nbblocks.components import Gallery
from nbblocks.components.gallery import INLINE, MAX_ITEMS
from nbblocks.core.errors import Error, InvalidPathError, MessageError

RED = np.zeros((4, 6, 3), np.uint8) + np.array([255, 0, 0], np.uint8)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"no film, but called so")
    return path


def record(store: FileCache, content: bytes, name: str) -> FileRecord:
    return record_of(store.save_bytes(content, name))


def width(path: str) -> int:
    with PIL.Image.open(path) as picture:
        return picture.width


def test_pictures_of_all_kinds_and_films_go_to_the_page(film: Path, tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text("<svg/>")
    PIL.Image.fromarray(RED).save(tmp_path / "a.png")
    given = [RED, PIL.Image.fromarray(RED), tmp_path / "a.png", str(tmp_path / "a.svg"), film, str(film)]
    value = Gallery(given).value
    assert [list(item) for item in value] == [["image", "caption"]] * 4 + [["video", "caption"]] * 2  # CP-113
    types = [(item.get("image") or item["video"])["mime_type"] for item in value]
    assert types == ["image/webp", "image/webp", "image/png", "image/svg+xml", "video/mp4", "video/mp4"]
    assert Gallery([RED], format="png").value[0]["image"]["mime_type"] == "image/png"


def test_pairs_have_captions(film: Path) -> None:
    value = Gallery([(RED, "one"), [RED, None], (film, 3), RED]).value
    assert [item["caption"] for item in value] == ["one", None, "3", None]  # CP-113


def test_the_order_is_kept_however_long_pictures_take() -> None:
    sizes = [600, 2, 300, 1, 400, 3]
    value = Gallery([np.zeros((size, size, 3), np.uint8) for size in sizes]).value
    assert [width(item["image"]["path"]) for item in value] == sizes


def test_other_iterables_are_lists_too() -> None:
    assert len(Gallery(np.zeros((3, 4, 6, 3), np.uint8)).value) == 3
    assert len(Gallery().postprocess(RED for _ in range(2))) == 2
    assert Gallery(()).value == []


def test_nothing_is_an_empty_gallery() -> None:
    assert Gallery().value == [] and Gallery().postprocess(None) == []  # CP-113
    assert Gallery().preprocess([]) is None and Gallery().preprocess(None) is None


@pytest.mark.parametrize("value", ["a.png", "", b"x", 3, {"image": RED}])
def test_what_is_no_list_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="Gallery expects a list of pictures and films"):  # CP-113
        Gallery().postprocess(value)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (3, "Gallery expects a numpy array, a PIL image, a path or a URL, got int"),
        ((RED, "a", "b"), "Gallery expects pairs of picture and caption, got 3 values"),
        ({"caption": "a"}, "got NoneType"),
    ],
)
def test_bad_entries_are_refused(entry: Any, message: str) -> None:
    for value in ([entry], [RED, entry, RED]):
        with pytest.raises(ValueError, match=message):
            Gallery().postprocess(value)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    for value in ([tmp_path / "a.png"], [RED, str(tmp_path / "a.png")]):
        with pytest.raises(FileNotFoundError, match="does not exist"):  # CP-113
            Gallery(value)


def test_a_handler_gets_pairs(film: Path) -> None:
    node = Gallery([(RED, "one"), film], format="png")
    (first, caption), (second, none) = node.preprocess(node.value) or []
    assert first == node.value[0]["image"]["path"] and first.name == first  # CP-113
    assert Path(second).read_bytes() == film.read_bytes() and (caption, none) == ("one", None)


def test_pictures_are_of_the_type_asked_for_and_films_paths(film: Path, tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text("<svg/>")
    value = Gallery([RED, film, tmp_path / "a.svg"], format="png").value
    arrays = Gallery(type="numpy").preprocess(value) or []
    assert np.array_equal(arrays[0][0], RED)  # CP-113
    assert [Path(media).name for media, _ in arrays[1:]] == ["film.mp4", "a.svg"]
    pictures = Gallery(type="pil").preprocess(value) or []
    assert pictures[0][0].size == (6, 4) and isinstance(pictures[1][0], str)


def test_arrays_hold_colours_and_stand_upright(store: FileCache, tmp_path: Path) -> None:
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    PIL.Image.fromarray(RED).save(tmp_path / "a.jpg", exif=exif)
    PIL.Image.fromarray(RED).convert("P").save(tmp_path / "b.png")
    node = Gallery([tmp_path / "a.jpg", tmp_path / "b.png"], type="numpy")
    (turned, _), (palette, _) = node.preprocess(node.value) or []
    assert turned.shape == (6, 4, 3) and tuple(palette[0, 0]) == (255, 0, 0)


def test_a_file_of_another_type_is_told_to_the_user(store: FileCache) -> None:
    value: Any = [{"image": record(store, b"x", "a.png"), "caption": None}]
    with pytest.raises(Error, match=r"a\.png is not of an allowed type: \.jpg, video"):
        Gallery(file_types=[".jpg", "video"]).preprocess(value)
    assert Gallery(file_types=["image"]).preprocess(value)
    with pytest.raises(Error, match=r"a\.png cannot be read as a picture"):
        Gallery(type="pil").preprocess(value)


def test_the_first_pictures_travel_with_the_value_and_others_are_fetched(
    store: FileCache, film: Path
) -> None:
    half = INLINE // 2
    files = [bytes([i]) * size for i, size in enumerate((half, half + 1, half - 5, 5, 1))]
    node = Gallery()
    node.value = [{"image": record(store, data, "a.png"), "caption": None} for data in files]
    page = node.to_page(node.value)
    assert ["data" in item["image"] for item in page] == [True, False, True, True, False]
    assert [item["image"]["path"] for item in page] == [item["image"]["path"] for item in node.value]
    assert "data" not in node.value[0]["image"]
    Path(node.value[0]["image"]["path"]).unlink()
    assert len(node.to_page(node.value)) == 5
    assert "data" not in Gallery([film]).to_page(Gallery([film]).value)[0]["video"]


def test_a_page_may_send_what_it_was_given(store: FileCache, tmp_path: Path) -> None:
    node = Gallery()
    a, b = record(store, b"a", "a.png"), record(store, b"b", "b.mp4")
    sent = [
        {"image": {**a, "size": 99}, "caption": "one"},
        {"image": b, "caption": None},  # as a page that knows the file by its type in the browser
    ]
    assert node.from_page(sent) == [{"image": a, "caption": "one"}, {"video": b, "caption": None}]
    assert node.from_page([a]) == [{"image": a, "caption": None}]
    assert node.from_page(None) == [] and node.from_page([]) == []
    for raw in (
        "a",
        {"image": a},
        [3],
        [{"caption": "a"}],
        [{"image": a, "caption": 3}],
        [{}] * (MAX_ITEMS + 1),
    ):
        with pytest.raises(MessageError):
            node.from_page(raw)
    (tmp_path / "a.png").write_bytes(b"x")
    with pytest.raises(InvalidPathError):  # CP-12
        node.from_page([{"image": {"path": str(tmp_path / "a.png")}, "caption": None}])


def test_what_an_event_said_of_an_entry_is_an_entry(store: FileCache) -> None:
    item: Any = {"image": record(store, b"a", "a.png"), "caption": "one"}
    assert Gallery().postprocess([item, {"image": item["image"]["path"]}]) == [
        item,
        {"image": item["image"], "caption": None},
    ]


def test_columns_and_rows_may_differ_by_width() -> None:
    assert Gallery().columns == [2] and Gallery(columns=None).columns == [2]
    node = Gallery(columns=(1, 2, 4), rows=3)
    assert node.columns == [1, 2, 4] and node.rows == [3]  # CP-113


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"type": "file"}, "type of Gallery"),
        ({"object_fit": "fit"}, "object_fit of Gallery"),
        ({"sources": ["microphone"]}, "sources of Gallery"),
        ({"columns": 0}, "columns of Gallery must be a number of at least 1"),
        ({"rows": [1, 2, 3, 4, 5, 6, 7]}, "rows of Gallery must be a number of at least 1, or up to 6"),
        ({"columns": []}, "columns of Gallery"),
    ],
)
def test_bad_parameters_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Gallery(**options)


def test_small_buttons_can_be_left_out() -> None:
    assert Gallery().page_state() == {}
    assert Gallery(show_share_button=True).page_state() == {}  # CP-200

    def shown(**options: Any) -> tuple[bool, ...]:
        node = Gallery(**options)
        return node.show_download_button, node.show_download_all_button, node.show_fullscreen_button

    assert shown(show_download_button=False) == (False, False, True)  # CP-200
    assert shown(buttons=["download", "fullscreen"]) == (True, False, True)
    with pytest.warns(UserWarning, match="wins over show_download_button=False") as caught:
        assert shown(buttons=["download"], show_download_button=False) == (True, False, False)  # CP-200
    assert len(caught) == 1


def test_its_events() -> None:
    names = {"select", "upload", "change", "delete", "preview_open", "preview_close"}
    assert set(Gallery.events) == names  # CP-113


def test_entries_that_cannot_be_fetched_are_left_to_the_page() -> None:  # CP-10, CP-113
    away = "http://127.0.0.1:1/film.mp4"
    with pytest.warns(UserWarning, match="pages show it from there"):
        node = Gallery([(away, "away")])
    (entry,) = node.to_page(node.from_page(node.value))
    assert (entry.video.path, entry.video.url, entry.caption) == (away, away, "away")  # type: ignore[union-attr]
    with pytest.raises(Error, match="cannot be fetched"):
        node.preprocess(node.value)
