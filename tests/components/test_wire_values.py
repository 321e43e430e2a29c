"""Values as a page holds them, read as programs written for Gradio's models read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

import nbblocks as gr
from nbblocks.components.gallery import GalleryData, GalleryImage
from nbblocks.core.equality import same
from nbblocks.data_classes import FileData, GradioModel, GradioRootModel, ImageData, ListFiles


@pytest.fixture
def picture(tmp_path: Path) -> str:
    PIL.Image.fromarray(np.zeros((4, 6, 3), np.uint8)).save(tmp_path / "a.png")
    return str(tmp_path / "a.png")


def test_a_label_has_its_class_and_confidences() -> None:  # CP-122
    label = gr.Label().postprocess({"cat": 0.7, "dog": 0.3})
    assert label is not None and label.confidences is not None
    assert (label.label, label.confidences[1].confidence) == ("cat", 0.3)
    assert gr.Label().from_page(label.model_dump()) == label


def test_highlighted_text_has_a_list_of_tokens() -> None:  # CP-124
    parts = gr.HighlightedText().postprocess([("a", "x")])
    assert parts is not None
    assert parts.root[0].token == "a"
    assert parts.model_dump() == [{"token": "a", "class_or_confidence": "x"}]


def test_a_table_is_dumped_as_dicts_and_lists() -> None:  # CP-100
    dumped = gr.Dataframe().postprocess([[1, 2]]).model_dump()  # type: ignore[union-attr]
    assert dumped == {"headers": ["1", "2"], "data": [[1, 2]], "metadata": None} and type(dumped) is dict


def test_a_gallery_takes_and_gives_entries(picture: str) -> None:  # CP-113
    found = gr.Gallery(format="jpeg").postprocess([np.zeros((3, 3, 3), np.uint8), (picture, "p")])
    assert isinstance(found, GalleryData) and isinstance(found.root[0], GalleryImage)
    assert found.root[0].image.path.endswith(".jpeg") and found.root[1].caption == "p"
    given = GalleryData(root=[GalleryImage(image=ImageData(path=picture), caption="c")])
    assert gr.Gallery().preprocess(given) == [(picture, "c")]


def test_files_have_attributes_in_and_out(picture: str) -> None:  # CP-40, CP-41
    record: Any = gr.File().postprocess(picture)
    assert (record.orig_name, record.path) == ("a.png", record["path"])
    several: Any = gr.File(file_count="multiple").postprocess([picture])
    assert isinstance(several, ListFiles) and several.root[0].size == record.size
    file = gr.File(file_count="directory")
    assert file.preprocess(ListFiles(root=[FileData(path=picture)] * 2)) == [picture, picture]  # type: ignore[arg-type]


def test_an_own_model_has_fields_and_defaults() -> None:  # AP-110
    class Clip(GradioModel):
        video: FileData
        subtitles: FileData | None = None

    class Clips(GradioRootModel):
        root: list[Clip]

    clips = Clips(root=[Clip(video=FileData(path="a.mp4"))])
    assert clips.root[0].video.path == "a.mp4" and clips.root[0].subtitles is None
    with pytest.raises(ValueError, match="Clip lacks video"):
        Clip()


def test_a_record_equals_the_dict_that_a_page_holds() -> None:  # EV-127
    label: Any = gr.Label().postprocess({"cat": 0.5})
    assert same(label, label.model_dump()) and not same(label, {**label.model_dump(), "label": "dog"})


def test_the_config_has_gradios_keys() -> None:  # AP-14
    config = gr.Number(key="n", precision=0, value=42, elem_classes="first").get_config()
    assert (config["key"], config["preserved_by_key"], config["buttons"]) == ("n", ["value"], [])
    assert (config["proxy_url"], config["name"], config["elem_classes"]) == (None, "number", ["first"])
    assert "info" not in gr.Code().get_config() and gr.Code(info="i").get_config()["info"] == "i"
    assert gr.Code().get_config()["buttons"] == ["copy", "download"]
    assert gr.Code(buttons=["copy"]).get_config()["buttons"] == ["copy"]
    assert gr.Markdown().get_config()["buttons"] == []
    assert gr.Markdown(buttons=["copy"]).get_config()["buttons"] == ["copy"]


def test_the_config_says_whether_somebody_listens_to_select() -> None:  # AP-14
    with gr.Blocks():
        table, text = gr.Dataframe(), gr.Textbox()
        table.select(lambda: None, None, None)
    assert table.get_config()["_selectable"] and not text.get_config()["_selectable"]
