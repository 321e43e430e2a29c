"""DownloadButton: which file it offers, and what a handler gets and gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.bridge.cache import FileCache
from nbblocks.components import DownloadButton
from nbblocks.core.errors import InvalidPathError, MessageError
from tests.support import FakeComm, Page


def test_what_it_is_without_arguments() -> None:
    button = DownloadButton()
    assert (button.label, button.value, button.variant, button.size) == ("Download", None, "secondary", None)
    assert (button.interactive, button.scale, button.min_width, button.load_event) == (True, None, None, None)
    assert set(DownloadButton.events) == {"click", "change"}  # CP-80


def test_it_offers_a_copy_of_the_file(tmp_path: Path, store: FileCache) -> None:
    file = tmp_path / "a.csv"
    file.write_text("1")
    button = DownloadButton("Get it", file)
    assert button.label == "Get it"
    assert button.value["orig_name"] == "a.csv" and store.holds(button.value["path"])  # CP-80
    path = button.preprocess(button.value)
    assert path is not None and Path(path).read_text() == "1" and path.name == path
    assert button.preprocess(None) is None
    assert button.postprocess(str(file)) == button.value


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="does not exist"):  # CP-80
        DownloadButton(value=tmp_path / "a.csv")
    with pytest.raises(FileNotFoundError, match="is a directory"):
        DownloadButton().postprocess(tmp_path)


@pytest.mark.parametrize("value", [3, ["a.csv"], {"path": "a.csv"}])
def test_what_is_no_path_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="DownloadButton expects a path or a URL, got"):
        DownloadButton().postprocess(value)


def test_a_page_can_only_name_a_file_that_it_was_given(tmp_path: Path, store: FileCache) -> None:
    (tmp_path / "a.csv").write_text("1")
    button = DownloadButton(value=tmp_path / "a.csv")
    assert button.from_page(button.value) == button.value and button.from_page(None) is None
    with pytest.raises(InvalidPathError):  # CP-12
        button.from_page({"path": str(tmp_path / "a.csv")})
    with pytest.raises(MessageError):
        button.from_page("a.csv")


def test_an_update_may_set_label_and_value_together(tmp_path: Path, comms: list[FakeComm]) -> None:
    (tmp_path / "b.csv").write_text("2")
    with gr.Blocks() as app:
        button, go = DownloadButton("Wait", interactive=False), gr.Button()
        go.click(
            lambda: gr.DownloadButton(label="Get b.csv", value=tmp_path / "b.csv", interactive=True),
            None,
            button,
        )
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    page.fire(go, "click")
    wanted = {f"{button._id}.{name}" for name in ("label", "value", "interactive")}
    update = page.comm.wait(lambda: next((one for one in page.comm.updates if wanted <= one.keys()), None))
    assert update[f"{button._id}.label"] == "Get b.csv"  # CP-80
    assert update[f"{button._id}.value"]["orig_name"] == "b.csv"
    app.close(verbose=False)


def test_a_click_passes_the_path(tmp_path: Path, comms: list[FakeComm]) -> None:
    (tmp_path / "a.csv").write_text("1")
    with gr.Blocks() as app:
        button, out = DownloadButton(value=tmp_path / "a.csv"), gr.Textbox()
        button.click(lambda path: Path(path).name, button, out)
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    page.say("download", download="one", node=button._id, path=page.shown(button)["path"])
    page.until_told("download_end", download="one")
    page.fire(button, "click")
    page.until(out, "a.csv")  # CP-80
    app.close(verbose=False)


def test_a_file_from_a_handler_can_be_downloaded_by_a_client(tmp_path: Path) -> None:
    def write(text: str) -> Path:
        (tmp_path / "out.txt").write_text(text)
        return tmp_path / "out.txt"

    with gr.Blocks() as app:
        box, button = gr.Textbox(), DownloadButton()
        box.submit(write, box, button, api_name="write")
        button.click(lambda path: Path(path).read_text(), button, box, api_name="read")
    with gr.Client(app) as client:
        path = client.predict("hi", api_name="/write")
        assert Path(path).read_text() == "hi" and app.host.cache.holds(path)
        assert client.predict(gr.handle_file(path), api_name="/read") == "hi"
    app.close(verbose=False)
