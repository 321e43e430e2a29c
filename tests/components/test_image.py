from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

from nbblocks.bridge.cache import FileCache
from nbblocks.bridge.files import record_of
from nbblocks.components import Image
from nbblocks.components.pictures import (
    INLINE,
    WEBP_MAX,
    WatermarkOptions,
    WebcamOptions,
    encode,
    marked,
    picture_of,
)
from nbblocks.core.errors import Error, InvalidPathError, MessageError

RED = np.zeros((4, 6, 3), np.uint8) + np.array([255, 0, 0], np.uint8)


def saved(store: FileCache, picture: PIL.Image.Image, name: str, **options: Any) -> Any:
    buffer = io.BytesIO()
    picture.save(buffer, PIL.Image.registered_extensions()[Path(name).suffix], **options)
    return record_of(store.save_bytes(buffer.getvalue(), name))


def opened(data: bytes) -> PIL.Image.Image:
    return PIL.Image.open(io.BytesIO(data))


@pytest.mark.parametrize("value", [RED, PIL.Image.fromarray(RED)])
def test_arrays_and_pil_images_go_to_the_page_in_the_format(value: Any) -> None:
    node = Image(value, format="png")
    page = node.to_page(node.value)
    assert page is not None and page["mime_type"] == "image/png"  # CP-110
    picture = opened(page["data"])
    assert picture.size == (6, 4) and picture.getpixel((0, 0)) == (255, 0, 0)


def test_webp_is_the_usual_format() -> None:
    assert Image(RED).value["mime_type"] == "image/webp"  # CP-110


@pytest.mark.parametrize(
    ("array", "pixel"),
    [
        (np.full((2, 2), 0.5), 128),
        (np.array([[-0.01, 1.01]]), 0),
        (np.full((2, 2, 1), 7, np.uint8), 7),
        (np.full((2, 2), 255, np.int64), 255),
        (np.full((2, 2), 0xFF00, np.uint16), 255),
        (np.ones((2, 2), bool), 255),
        (np.full((2, 2, 4), 9, np.uint8), (9, 9, 9, 9)),
    ],
)
def test_arrays_of_other_kinds_are_scaled(array: Any, pixel: Any) -> None:
    assert picture_of(array).getpixel((0, 0)) == pixel  # CP-110


@pytest.mark.parametrize("array", [np.zeros(3), np.zeros((2, 2, 5)), np.zeros((0, 2)), np.array([["a"]])])
def test_arrays_that_are_no_picture_are_refused(array: Any) -> None:
    with pytest.raises(ValueError, match="expected an image array"):
        Image().postprocess(array)


@pytest.mark.parametrize("value", [3, [RED], {"a": 1}])
def test_other_values_are_refused(value: Any) -> None:
    with pytest.raises(
        ValueError, match="Image expects a numpy array, a PIL image, a path or a URL"
    ):  # CP-110
        Image().postprocess(value)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="does not exist"):  # CP-110
        Image(tmp_path / "a.png")


def test_a_handler_gets_what_type_says(store: FileCache) -> None:
    record = saved(store, PIL.Image.fromarray(RED), "a.png")
    assert np.array_equal(Image().preprocess(record), RED)  # CP-110
    assert Image(type="pil").preprocess(record).mode == "RGB"
    path = Image(type="filepath").preprocess(record)
    assert path == record["path"] and path.name == path
    assert Image().preprocess(None) is None


@pytest.mark.parametrize(
    ("mode", "shape"), [("RGB", (4, 6, 3)), ("L", (4, 6)), ("RGBA", (4, 6, 4)), (None, (4, 6, 4))]
)
def test_a_handler_gets_the_mode_it_asked_for(
    store: FileCache, mode: str | None, shape: tuple[int, ...]
) -> None:
    record = saved(store, PIL.Image.fromarray(RED).convert("RGBA"), "a.png")
    assert Image(image_mode=mode).preprocess(record).shape == shape  # CP-110


def test_a_path_is_that_of_a_converted_copy_if_the_mode_differs(store: FileCache) -> None:
    record = saved(store, PIL.Image.fromarray(RED).convert("L"), "a.png")
    path = Image(type="filepath").preprocess(record)
    assert path != record["path"] and Path(path).name == "a.png"  # CP-110
    with PIL.Image.open(path) as picture:
        assert picture.mode == "RGB"


@pytest.mark.parametrize("type", ["numpy", "filepath"])
def test_photos_are_turned_upright(store: FileCache, type: str) -> None:
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    record = saved(store, PIL.Image.fromarray(RED), "a.jpg", exif=exif)
    taken = Image(type=type).preprocess(record)
    shape = taken.shape if type == "numpy" else np.array(PIL.Image.open(taken)).shape
    assert shape == (6, 4, 3)  # CP-110


def test_gifs_are_left_as_they_are(store: FileCache) -> None:
    record = saved(store, PIL.Image.fromarray(RED), "a.gif")
    assert Image(type="pil").preprocess(record).mode == "P"  # CP-110
    assert Image(type="filepath").preprocess(record) == record["path"]


def test_svg_is_for_paths_only(store: FileCache) -> None:
    record = record_of(store.save_bytes(b"<svg/>", "a.svg"))
    assert Image(type="filepath").preprocess(record) == record["path"]  # CP-110
    with pytest.raises(Error, match="SVG pictures are only accepted"):
        Image().preprocess(record)


def test_what_is_no_picture_is_told_to_the_user(store: FileCache) -> None:
    with pytest.raises(Error, match=r"a\.png cannot be read as a picture"):
        Image().preprocess(record_of(store.save_bytes(b"no picture", "a.png")))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"type": "array"}, "type of Image"),
        ({"image_mode": "RGBB"}, "image_mode of Image"),
        ({"sources": ["camera"]}, "sources of Image"),
        ({"streaming": True, "sources": ["upload", "webcam"]}, r"needs sources=\['webcam'\]"),
    ],
)
def test_bad_parameters_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):  # CP-110
        Image(**options)


def test_one_source_may_be_a_str() -> None:
    assert Image(sources="webcam", streaming=True).sources == ["webcam"]
    assert Image().sources == ["upload", "webcam", "clipboard"]


def test_a_stream_comes_from_the_webcam() -> None:
    assert Image(streaming=True).sources == ["webcam"]  # CP-110


def test_small_buttons_can_be_left_out() -> None:
    node = Image(buttons=["fullscreen"])
    assert (node.show_download_button, node.show_fullscreen_button) == (False, True)  # CP-110
    assert Image(show_download_button=False).page_state() == {"show_download_button": False}  # CP-200


def test_the_new_setting_wins_over_the_old_one() -> None:
    with pytest.warns(UserWarning, match="wins over show_download_button"):
        node = Image(buttons=["fullscreen", "share"], show_download_button=True)  # CP-200
    assert (node.show_download_button, node.show_fullscreen_button) == (False, True)
    assert Image(show_share_button=True).page_state() == {}
    assert Image(show_fullscreen_button=False).page_state() == {"show_fullscreen_button": False}


def test_how_the_webcam_is_used() -> None:
    assert Image(mirror_webcam=False).page_state() == {"mirror_webcam": False}  # CP-110, CP-200
    wide = {"width": {"ideal": 1920}}
    for given in (wide, {"video": wide}, {"video": wide, "audio": True}):
        assert Image(webcam_options=WebcamOptions(constraints=given)).webcam_constraints == wide  # CP-110
    assert Image(webcam_constraints={"video": True}).webcam_constraints == {}
    assert Image(mirror_webcam=True, webcam_options=WebcamOptions(mirror=False)).mirror_webcam is False
    with pytest.raises(ValueError, match="constraints of WebcamOptions must be a dict or None, got list"):
        WebcamOptions(constraints=[1])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("position", "pixel"),
    [
        ("top-left", (10, 10)),
        ("top-right", (28, 10)),
        ("bottom-left", (10, 18)),
        ("bottom-right", (28, 18)),
        ((3, 4), (3, 4)),
        ((39, 0), (28, 18)),  # it would not fit there
    ],
)
def test_a_watermark_lies_where_it_was_asked_for(position: Any, pixel: tuple[int, int]) -> None:
    mark = WatermarkOptions(np.zeros((2, 2, 3), np.uint8), position)
    shown = marked(PIL.Image.new("L", (40, 30), 255), mark)
    assert shown.mode == "L"  # CP-110
    x, y = pixel
    dark = {(i % 40, i // 40) for i, level in enumerate(shown.tobytes()) if level == 0}
    assert dark == {(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)}


def test_watermarks_are_laid_over_values_of_all_kinds_but_svg_and_gif(tmp_path: Path) -> None:
    white, mark = PIL.Image.new("RGB", (40, 30), "white"), tmp_path / "mark.png"
    PIL.Image.new("RGBA", (4, 4), (0, 0, 255, 255)).save(mark)
    white.save(tmp_path / "a.png")
    white.save(tmp_path / "a.gif")
    (tmp_path / "a.svg").write_text("<svg/>")
    for given in (white, np.array(white), tmp_path / "a.png", str(tmp_path / "a.png")):
        node = Image(given, watermark=mark, format="png")
        assert PIL.Image.open(node.value["path"]).getpixel((27, 17)) == (0, 0, 255)  # CP-110
    assert Image(tmp_path / "a.png", watermark=mark).value["orig_name"] == "a.png"
    for name in ("a.gif", "a.svg"):
        stored = Path(Image(tmp_path / name, watermark=mark).value["path"])
        assert stored.read_bytes() == (tmp_path / name).read_bytes()
    assert white.getpixel((27, 17)) == (255, 255, 255)


@pytest.mark.parametrize("position", ["middle", (1,), (1.5, 2)])
def test_a_watermark_needs_a_place_that_exists(position: Any) -> None:
    with pytest.raises(ValueError, match="position of WatermarkOptions"):
        WatermarkOptions("a.png", position)


def test_a_watermark_is_a_picture() -> None:
    with pytest.raises(
        ValueError, match="watermark must be a path, a PIL image, a numpy array or None, got int"
    ):
        Image(watermark=3)


def test_sixteen_bits_are_scaled_not_cut(store: FileCache) -> None:
    record = saved(store, PIL.Image.fromarray(np.full((2, 2), 0x8000, np.uint16)), "a.png")
    assert Image(image_mode="L").preprocess(record)[0, 0] == 128  # CP-110
    assert tuple(Image().preprocess(record)[0, 0]) == (128, 128, 128)
    assert Image(image_mode=None).preprocess(record)[0, 0] == 0x8000


def test_large_files_are_left_for_the_page_to_fetch(store: FileCache) -> None:
    node = Image()
    node.value = record_of(store.save_bytes(bytes(INLINE + 1), "a.png"))
    page = node.to_page(node.value)
    assert page is not None and "data" not in page and page["path"] == node.value["path"]
    Path(node.value["path"]).unlink()
    assert node.to_page(node.value) is None


def test_a_page_may_send_files_of_its_own_only(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    with pytest.raises(InvalidPathError):  # CP-12
        Image().from_page({"path": str(tmp_path / "a.png")})
    with pytest.raises(MessageError, match="expected a file record"):
        Image().from_page("a.png")
    assert Image().from_page(None) is None


def test_png_stands_in_where_a_format_does_not_do() -> None:
    assert encode(PIL.Image.fromarray(RED), "nonsense")[1] == ".png"
    assert encode(PIL.Image.new("1", (WEBP_MAX + 1, 1)), "webp")[1] == ".png"
    data, suffix = encode(PIL.Image.new("RGBA", (1, 1)), "jpg")
    assert suffix == ".jpg" and opened(data).getpixel((0, 0)) == (255, 255, 255)


def test_its_events() -> None:
    assert set(Image.events) == {"clear", "change", "stream", "select", "upload", "input"}  # CP-110


def test_a_gif_is_known_by_its_name(tmp_path: Path) -> None:  # CP-110
    grey = PIL.Image.fromarray(np.zeros((4, 6), np.uint8))
    for name in ("a.gif", "b.png"):
        grey.save(tmp_path / name, format="GIF")
    paths = [str(tmp_path / name) for name in ("a.gif", "b.png")]
    assert [Image(type="pil").preprocess(record_of(path)).mode for path in paths] == ["P", "RGB"]
    assert [Image().preprocess(record_of(path)).shape for path in paths] == [(4, 6, 3)] * 2


def test_a_file_is_named_as_its_format_was_asked_for() -> None:  # CP-110
    picture = PIL.Image.fromarray(np.zeros((2, 3, 3), np.uint8))
    found = [encode(picture, asked)[1] for asked in ("jpeg", "JPG", "png", "odd")]
    assert found == [".jpeg", ".jpg", ".png", ".png"]


AWAY = "http://127.0.0.1:1/pictures/a%20cat.png"
"""An address that nobody answers at."""


def test_what_cannot_be_fetched_is_left_to_the_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="cannot be fetched: .* pages show it from there"):
        node = Image(AWAY)  # CP-10, CP-110
    assert (node.value.path, node.value.url, node.value.orig_name) == (AWAY, AWAY, "a cat.png")
    assert node.to_page(node.value) == node.value
    wire = node.from_page(dict(node.value))
    with pytest.raises(Error, match="cannot be fetched"):
        node.preprocess(wire)
    PIL.Image.fromarray(np.zeros((4, 6, 3), np.uint8)).save(tmp_path / "a.png")
    monkeypatch.setattr("nbblocks.bridge.files.fetch", lambda url: str(tmp_path / "a.png"))
    assert node.preprocess(wire).shape == (4, 6, 3)


def test_a_page_may_name_no_address_that_it_was_not_given() -> None:  # CP-12
    other = {"path": AWAY + "?b", "url": AWAY + "?b", "meta": {"_type": "nbblocks.FileData"}}
    with pytest.raises(InvalidPathError):
        Image().from_page(other)
