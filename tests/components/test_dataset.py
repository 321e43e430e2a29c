from typing import Any

import pytest

from nbblocks.components import Dataset, Number, Textbox
from nbblocks.core.errors import Error, MessageError

ROWS = [["a", 1], ["b", 2]]


@pytest.mark.parametrize(("type", "taken"), [("values", ["b", 2]), ("index", 1), ("tuple", (1, ["b", 2]))])
def test_a_handler_gets_the_row_or_its_index(type: str, taken: Any) -> None:
    assert Dataset(components=["textbox", "number"], samples=ROWS, type=type).preprocess(1) == taken  # CP-127


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(ValueError, match="type of Dataset"):  # CP-127
        Dataset(type="row")


def test_samples_go_to_the_page_as_their_components_show_them() -> None:
    state = Dataset(components=[Textbox(label="Word"), "number"], samples=[[3, None]]).page_state()
    assert state["samples"] == [["3", None]]
    assert (state["components"], state["headers"]) == (["textbox", "number"], ["Word", "number"])


def test_a_picture_goes_with_its_bytes() -> None:
    import numpy as np

    state = Dataset(components=["image"], samples=[[np.zeros((2, 2, 3), np.uint8)]]).page_state()
    assert isinstance(state["samples"][0][0]["data"], bytes)


def test_a_row_is_chosen_by_index_or_content() -> None:
    node = Dataset(components=[Number(render=False)], samples=[[1], [2]])
    assert (node.postprocess(1), node.postprocess([2]), node.postprocess(None)) == (1, 1, None)


def test_a_row_that_does_not_exist_is_told_to_the_user() -> None:
    with pytest.raises(Error, match="there is no sample 2"):
        Dataset(components=["textbox", "number"], samples=ROWS).preprocess(2)


@pytest.mark.parametrize("raw", ["0", -1, 0.5, True, [0]])
def test_a_page_may_send_an_index_only(raw: Any) -> None:
    with pytest.raises(MessageError, match="expected the index of a row"):
        Dataset().from_page(raw)
