from pathlib import Path
from typing import Any

import pytest

from nbblocks.components import Dataset, Image, Number, Radio, Textbox
from nbblocks.core.errors import Error, MessageError

ROWS = [["a", 1], ["b", 2]]


def cells(**options: Any) -> Any:
    return Dataset(**options).page_state()["samples"]


@pytest.mark.parametrize(("type", "taken"), [("values", ["b", 2]), ("index", 1), ("tuple", (1, ["b", 2]))])
def test_a_handler_gets_the_row_or_its_index(type: str, taken: Any) -> None:
    assert Dataset(components=["textbox", "number"], samples=ROWS, type=type).preprocess(1) == taken  # CP-127


@pytest.mark.parametrize(
    ("options", "error", "complaint"),
    [
        ({"type": "row"}, ValueError, "type of Dataset"),
        ({"layout": "list"}, ValueError, "layout of Dataset"),
        ({"samples_per_page": 0}, ValueError, "samples_per_page of Dataset must be 1 or more, got 0"),
        ({"samples": ["a"]}, TypeError, "must be lists with an entry per component, got str: 'a'"),
        ({"samples": [["a"]], "sample_labels": []}, ValueError, "one text per row: got 0 for 1"),
        ({"components": ["image"], "samples": [["no.png"]]}, FileNotFoundError, "'no.png', which does not"),
    ],
)
def test_what_cannot_be_is_refused(
    options: dict[str, Any], error: type[Exception], complaint: str
) -> None:  # CP-127
    with pytest.raises(error, match=complaint):
        Dataset(**options)


def test_samples_go_to_the_page_as_their_components_show_them() -> None:
    state = Dataset(components=[Textbox(label="Word"), "number"], samples=[[3, None]]).page_state()
    assert state["samples"] == [["3", None]]
    assert (state["components"], state["headers"]) == (["textbox", "number"], ["Word", ""])


def test_without_labels_there_are_no_headers() -> None:
    assert Dataset(components=["textbox", "number"]).headers == []


def test_a_choice_goes_by_its_name() -> None:
    radio = Radio([("One", 1), ("Two", 2)], render=False)
    assert cells(components=[radio], samples=[[2]]) == [["Two"]]


def test_parameters_of_shortcuts_may_be_given() -> None:
    node = Dataset(components=["number"], component_props=[{"label": "N", "precision": 0}], samples=[[1.0]])
    assert (node.headers, node.page_state()["samples"]) == (["N"], [[1]])


def test_a_long_text_is_cut_for_the_page_alone() -> None:
    node = Dataset(components=["textbox"], samples=[["x" * 5000]])
    assert len(node.page_state()["samples"][0][0]) == 1001
    assert len(node.preprocess(0)[0]) == 5000


def test_a_picture_goes_small_with_its_bytes(tmp_path: Path) -> None:
    import io

    import numpy as np
    from PIL import Image as Pictures

    shown = cells(components=["image"], samples=[[np.zeros((1000, 2000, 3), np.uint8)]])[0][0]
    assert Pictures.open(io.BytesIO(shown["data"])).size == (192, 96)
    assert shown["mime_type"] == "image/webp"


def test_of_very_many_pictures_the_last_go_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np

    monkeypatch.setattr("nbblocks.components.samples.PICTURES_IN_ALL", 2)
    rows = cells(components=["image"], samples=[[np.zeros((2, 2), np.uint8)]] * 3)
    assert ["data" in row[0] for row in rows] == [True, True, False]
    assert rows[2][0]["orig_name"] == "image.webp"


def test_an_svg_picture_goes_as_it_is(tmp_path: Path) -> None:
    drawing = tmp_path / "a.svg"
    drawing.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    shown = cells(components=[Image(render=False)], samples=[[str(drawing)]])[0][0]
    assert (shown["data"], shown["mime_type"]) == (drawing.read_bytes(), "image/svg+xml")


def test_a_file_goes_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x" * 100)
    ((button, download),) = cells(
        components=["uploadbutton", "downloadbutton"], samples=[[str(tmp_path / "a.txt")] * 2]
    )
    assert button == "a.txt"
    assert download["orig_name"] == "a.txt" and "data" not in download


def test_what_its_component_cannot_take_is_shown_as_text() -> None:
    assert cells(components=["number"], samples=[["many"]]) == [["many"]]


def test_a_component_may_say_how_it_is_shown() -> None:
    class Temperature(Number):
        def process_example(self, value: float) -> str:
            return f"{value} degrees"

    assert cells(components=[Temperature(render=False)], samples=[[20]]) == [["20 degrees"]]


def test_a_row_is_chosen_by_index_or_content() -> None:
    node = Dataset(components=[Number(render=False)], samples=[[1], [2]])
    assert (node.postprocess(1), node.postprocess([2]), node.postprocess(None)) == (1, 1, None)


def test_what_is_no_row_chooses_nothing() -> None:
    with pytest.warns(UserWarning, match=r"\[3\] is none of the samples"):
        assert Dataset(components=["number"], samples=[[1]]).postprocess([3]) is None


def test_a_row_that_does_not_exist_is_told_to_the_user() -> None:
    with pytest.raises(Error, match="there is no sample 2"):
        Dataset(components=["textbox", "number"], samples=ROWS).preprocess(2)


@pytest.mark.parametrize("raw", ["0", -1, 0.5, True, [0]])
def test_a_page_may_send_an_index_only(raw: Any) -> None:
    with pytest.raises(MessageError, match="expected the index of a row"):
        Dataset().from_page(raw)
