from pathlib import Path

import pytest

from nbblocks.bridge.cache import FileCache
from nbblocks.components import DownloadButton


def test_it_offers_a_copy_of_the_file(tmp_path: Path, store: FileCache) -> None:
    file = tmp_path / "a.csv"
    file.write_text("1")
    button = DownloadButton("Get it", file)
    assert button.label == "Get it"
    assert button.value["orig_name"] == "a.csv" and store.holds(button.value["path"])  # CP-80
    path = button.preprocess(button.value)
    assert path is not None and Path(path).read_text() == "1"
    assert button.preprocess(None) is None


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="does not exist"):  # CP-80
        DownloadButton(value=tmp_path / "a.csv")


def test_an_update_may_set_label_and_value(tmp_path: Path) -> None:
    copy = DownloadButton().reconfigured({"label": "b"})
    assert copy.props_changed_by({"label": "b", "value": None}) == {"label": "b"}  # CP-80


def test_its_events() -> None:
    assert set(DownloadButton.events) == {"click", "change"}  # CP-80
