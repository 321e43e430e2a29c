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


@pytest.mark.parametrize("variant", ["primary", "secondary", "stop", "huggingface"])
@pytest.mark.parametrize("size", ["sm", "md", "lg", None])
def test_its_looks_go_to_the_page(variant: str, size: str | None) -> None:  # CP-52 CP-53
    state = Button(variant=variant, size=size).page_state()
    assert (state.get("variant", "secondary"), state.get("size")) == (variant, size)


def test_one_that_is_off_or_hidden_says_so() -> None:  # CP-56
    assert Button(interactive=False, visible="hidden").page_state() == {
        "interactive": False, "visible": "hidden",
    }  # fmt: skip


def test_a_link_opens_where_it_is_told_to() -> None:  # CP-55 CP-61
    assert Button(link="https://example.org").page_state() == {"link": "https://example.org"}
    assert Button(link="/docs", link_target="_self").link_target == "_self"


def test_what_it_shares_with_all_blocks() -> None:  # CP-57 CP-58 CP-60 CP-61
    button = Button(elem_id="go", elem_classes="wide", key="k", render=False)
    assert (button.elem_id, button.elem_classes, button.key) == ("go", ["wide"], "k")
    assert button.preserved_by_key == ["value"] and not button.is_rendered


def test_its_text_is_its_first_parameter_and_may_be_made_by_a_function() -> None:  # CP-50 CP-51
    assert Button("Go").value == "Go" and Button(lambda: 5).value == "5"
