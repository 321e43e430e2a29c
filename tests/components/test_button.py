import os
from pathlib import Path

import pytest

from nbblocks.components import Button
from nbblocks.core.errors import InvalidPathError

PIXEL = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


@pytest.mark.parametrize(("given", "text"), [("Go", "Go"), (3, "3"), (None, "")])
def test_its_value_is_its_text(given: object, text: str) -> None:
    assert Button().postprocess(given) == text  # CP-65
    assert Button().preprocess(text) == text


def test_what_it_is_without_arguments() -> None:
    button = Button()
    assert (button.value, button.variant, button.size, button.interactive) == (
        "Run",
        "secondary",
        None,
        True,
    )  # CP-50..56
    assert (button.link, button.link_target, button.min_width) == (None, None, None)
    assert button.skip_api  # CP-68


def test_an_unknown_look_is_no_error() -> None:
    button = Button(variant="pink", size="xxl")  # CP-66
    assert (button.variant, button.size) == ("pink", "xxl")


def test_an_icon_in_the_working_directory_goes_as_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("icon.svg").write_bytes(PIXEL)
    button = Button(icon="icon.svg")
    os.remove("icon.svg")
    assert button.page_state()["icon"] == {"data": PIXEL, "mime_type": "image/svg+xml"}  # CP-54


def test_an_icon_elsewhere_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    (tmp_path / "icon.svg").write_bytes(PIXEL)
    with pytest.raises(InvalidPathError, match="must be a URL or lie in the working directory"):  # CP-54
        Button(icon=tmp_path / "icon.svg")


def test_an_icon_with_a_url_is_left_to_the_page() -> None:
    assert Button(icon="https://example.org/a.png").page_state()["icon"] == "https://example.org/a.png"


def test_its_events() -> None:
    assert set(Button.events) == {"click", "change"}  # CP-67
