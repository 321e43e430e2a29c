"""Pictures of every mode and dtype, and those that move, by every component that shows pictures."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

from nbblocks.bridge.cache import FileCache
from nbblocks.bridge.files import record_of
from nbblocks.components import Gallery, Image
from nbblocks.components.animations import is_animated
from nbblocks.components.modes import converted
from nbblocks.components.pictures import picture_of

ORANGE = (255, 153, 0)
"""One of the colours of the palette that PIL takes."""
COLORS = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]


def by_image(value: Any, **options: Any) -> str:
    return Image(value, **options).value["path"]


def by_gallery(value: Any, **options: Any) -> str:
    return Gallery([value], **options).value[0]["image"]["path"]


shown_by = pytest.mark.parametrize("shown", [by_image, by_gallery])


def pixel(path: str) -> tuple[int, ...]:
    """The first pixel as a browser draws it."""
    with PIL.Image.open(path) as picture:
        assert picture.mode in ("1", "L", "LA", "P", "RGB", "RGBA")
        return picture.convert("RGBA").getpixel((0, 0))  # type: ignore[return-value]


def film(kind: str, tmp_path: Path) -> Path:
    """A file of three frames."""
    frames = [PIL.Image.new("RGB", (8, 6), color) for color in COLORS]
    path = tmp_path / f"film.{kind}"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=[100, 200, 300], loop=0)
    return path


def colors_of(picture: PIL.Image.Image) -> list[Any]:
    found = []
    for number in range(picture.n_frames):  # type: ignore[attr-defined]
        picture.seek(number)
        found.append(tuple(round(level / 255) * 255 for level in picture.convert("RGB").getpixel((3, 3))))  # type: ignore[union-attr]
    return found


def pauses_of(picture: PIL.Image.Image) -> list[Any]:
    found = []
    for number in range(picture.n_frames):  # type: ignore[attr-defined]
        picture.seek(number)
        picture.load()
        found.append(picture.info["duration"])
    return found


@shown_by
@pytest.mark.parametrize("format", ["png", "webp", "jpeg"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "PA", "CMYK", "YCbCr", "LAB", "HSV", "RGBX", "RGBa"])
def test_colours_are_shown_as_viewers_show_them(shown: Callable[..., str], mode: str, format: str) -> None:
    given = converted(PIL.Image.new("RGB", (4, 4), ORANGE), mode)  # TR-44
    assert given.mode == mode
    found = pixel(shown(given, format=format))
    assert all(abs(a - b) < 12 for a, b in zip(found, (*ORANGE, 255), strict=True)), found


@shown_by
@pytest.mark.parametrize(
    ("mode", "levels", "grey"),
    [
        ("I;16", np.array([[32768, 0, 65535]], np.uint16), 128),
        ("I", np.array([[32768, 0, 65535]], np.int32), 128),
        ("I", np.array([[128, 0, 255]], np.int32), 128),
        ("I", np.array([[0, -10, 10]], np.int32), 128),
        ("F", np.array([[0.5, 0, 1]], np.float32), 128),
        ("F", np.array([[50, 0, 100]], np.float32), 50),
        ("F", np.array([[0, -1, 1]], np.float32), 128),
        ("F", np.array([[np.nan, 0, 1]], np.float32), 0),
        ("F", np.array([[np.inf, 0, 1]], np.float32), 255),
    ],
)
def test_deep_pictures_are_scaled_by_their_range(
    shown: Callable[..., str], mode: str, levels: Any, grey: int
) -> None:  # TR-44
    given = PIL.Image.fromarray(levels)
    assert given.mode == mode
    assert pixel(shown(given, format="png"))[:3] == (grey,) * 3


@shown_by
@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_shades_stay(shown: Callable[..., str], mode: str) -> None:  # TR-44
    assert pixel(shown(PIL.Image.new("L", (2, 2), 255).convert(mode)))[:3] == (255, 255, 255)


@shown_by
def test_a_palette_keeps_what_is_transparent(shown: Callable[..., str]) -> None:  # TR-44
    given = PIL.Image.new("P", (2, 2), 0)
    given.putpalette([255, 0, 0, 0, 0, 255])
    given.info["transparency"] = 0
    assert pixel(shown(given))[3] == 0


@shown_by
def test_a_photo_that_lies_on_its_side_is_turned(shown: Callable[..., str]) -> None:  # TR-44
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (6, 4)).save(buffer, "jpeg", exif=exif)
    with PIL.Image.open(shown(PIL.Image.open(buffer))) as picture:
        assert picture.size == (4, 6)


@pytest.mark.parametrize("mode", ["P", "PA"])
def test_an_array_never_holds_numbers_of_a_palette(store: FileCache, tmp_path: Path, mode: str) -> None:
    path = tmp_path / "a.png"
    given = converted(PIL.Image.new("RGB", (4, 4), ORANGE), mode)
    (given if mode == "P" else given.convert("P")).save(path)
    record: Any = record_of(store.save_file(path))
    for array in (Image(image_mode=None).preprocess(record), Image().preprocess(record)):  # TR-44
        assert array.ndim == 3 and tuple(array[0, 0, :3]) == ORANGE


@pytest.mark.parametrize("mode", ["LAB", "HSV", "CMYK", "YCbCr", "I", "F", "1", "L", "P", "RGBA"])
def test_a_handler_gets_any_mode_that_it_asks_for(store: FileCache, tmp_path: Path, mode: str) -> None:
    for source in ("RGB", "RGBA", "P", "L"):
        PIL.Image.new("RGB", (4, 4), ORANGE).convert(source).save(tmp_path / "a.png")
        record: Any = record_of(store.save_file(tmp_path / "a.png"))
        assert Image(type="pil", image_mode=mode).preprocess(record).mode == mode  # TR-44


# -- animations


@shown_by
@pytest.mark.parametrize("source", ["gif", "webp", "png"])
@pytest.mark.parametrize("format", ["gif", "webp", "png"])
def test_a_moving_picture_keeps_its_frames_on_the_way_out(
    shown: Callable[..., str], source: str, format: str, tmp_path: Path
) -> None:  # TR-44
    with PIL.Image.open(film(source, tmp_path)) as given:
        path = shown(given, format=format)
    assert path.endswith("." + format)
    with PIL.Image.open(path) as picture:
        assert colors_of(picture) == COLORS and pauses_of(picture) == [100, 200, 300]
        assert picture.info.get("loop", 0) == 0


def test_a_format_that_stands_still_shows_the_first_frame(tmp_path: Path) -> None:  # TR-44
    with PIL.Image.open(film("gif", tmp_path)) as given:
        path = by_image(given, format="jpeg")
    assert path.endswith(".jpeg") and pixel(path)[:3] == pytest.approx((255, 0, 0), abs=4)


@pytest.mark.parametrize("source", ["gif", "webp", "png"])
def test_a_moving_picture_keeps_its_frames_on_the_way_in(
    source: str, store: FileCache, tmp_path: Path
) -> None:  # TR-44
    record: Any = record_of(store.save_file(film(source, tmp_path)))
    picture = Image(type="pil").preprocess(record)
    ((in_gallery, _),) = Gallery(type="pil").preprocess([{"image": record, "caption": None}]) or []  # type: ignore[arg-type]
    path = Image(type="filepath").preprocess(record)
    assert path == record["path"]
    Path(record["path"]).unlink()
    for one in (picture, in_gallery):
        assert is_animated(one) and colors_of(one) == COLORS
        with PIL.Image.open(by_image(one)) as back:
            assert colors_of(back) == COLORS


@pytest.mark.parametrize("source", ["gif", "webp", "png"])
def test_an_array_is_the_first_frame_in_colours(source: str, store: FileCache, tmp_path: Path) -> None:
    record: Any = record_of(store.save_file(film(source, tmp_path)))
    arrays = [Image().preprocess(record), Image(image_mode=None).preprocess(record)]
    ((array, _),) = Gallery(type="numpy").preprocess([{"image": record, "caption": None}]) or []  # type: ignore[arg-type]
    for one in (*arrays, array):  # TR-44
        assert one.shape[:2] == (6, 8) and one[0, 0, :3].tolist() == pytest.approx([255, 0, 0], abs=9)
    assert arrays[0].shape == (6, 8, 3)


def test_the_pages_of_a_tiff_do_not_move(tmp_path: Path) -> None:  # TR-44
    pages = [PIL.Image.new("RGB", (2, 2), color) for color in COLORS]
    pages[0].save(tmp_path / "a.tiff", save_all=True, append_images=pages[1:])
    with PIL.Image.open(tmp_path / "a.tiff") as given:
        path = by_image(given)
    with PIL.Image.open(path) as shown:
        assert not is_animated(shown)


# -- arrays


@pytest.mark.parametrize("dtype", ["bool", *"bBhHiIlLqQ", "e", "f", "d", "g"])
@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 1), (2, 3, 2), (2, 3, 3), (2, 3, 4), (1, 1)])
def test_arrays_of_every_dtype_and_shape_are_pictures(dtype: str, shape: Any) -> None:  # TR-44
    assert picture_of(np.ones(shape, dtype)).size == (shape[1], shape[0])


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros((3, 8, 9)), r"got \(3, 8, 9\): put the channels last, by array\.transpose\(1, 2, 0\)"),
        (np.zeros((1, 8, 9)), "put the channels last"),
        (np.zeros((5, 8, 9, 3)), "give one picture of the batch"),
        (np.zeros((0, 3)), r"got \(0, 3\)$"),
        (np.zeros((4, 0, 3)), r"got \(4, 0, 3\)$"),
        (np.zeros(()), r"got \(\)$"),
        (np.zeros((2, 2), complex), "array of numbers, got dtype complex128"),
        (np.zeros((2, 2), object), "array of numbers, got dtype object"),
        (np.zeros((2, 2), "M8[s]"), "array of numbers, got dtype datetime64"),
    ],
)
def test_arrays_that_are_none_are_refused_in_words(array: Any, words: str) -> None:  # TR-44
    with pytest.raises(ValueError, match=words):
        Image().postprocess(array)


@pytest.mark.parametrize("array", [np.full((2, 2), 200.0), np.full((2, 2), 1000), np.full((2, 2), -0.5)])
def test_what_is_cut_of_an_array_is_told(array: Any) -> None:  # TR-44
    with pytest.warns(UserWarning, match="what lies outside is cut"):
        picture_of(array)


def test_a_tensor_is_read_as_an_array() -> None:  # TR-45
    class Tensor:
        def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
            return np.full((2, 2, 3), 255, np.uint8)

    class OnCard:
        def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
            raise TypeError("copy it to the host first")

    assert pixel(by_image(Tensor())) == (255, 255, 255, 255)
    with pytest.raises(ValueError, match="Image cannot read a OnCard as an array: copy it to the host first"):
        Image(OnCard())
