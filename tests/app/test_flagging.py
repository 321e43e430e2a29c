"""Rows that users flag."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import sys
from pathlib import Path
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.app.flagging import ClassicCSVLogger, cell_of, value_of
from tests.support import FakeComm, Page


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def logger(directory: Path, *labels: str, **options: Any) -> gr.CSVLogger:
    made = gr.CSVLogger(**options)
    made.setup([gr.Textbox(label=label) for label in labels], str(directory))
    return made


def test_a_row_is_written_below_the_labels(tmp_path: Path) -> None:  # CP-175
    log = logger(tmp_path / "flagged", "name", "greeting")
    assert log.flag(["Ada", "Hello Ada"]) == 1
    assert log.flag(["Bob, the 2nd", 'He said:\n"hi"']) == 2
    header, *rows = rows_of(tmp_path / "flagged" / "dataset1.csv")
    assert header == ["name", "greeting", "timestamp"]
    assert [row[:2] for row in rows] == [["Ada", "Hello Ada"], ["Bob, the 2nd", 'He said:\n"hi"']]
    assert os.listdir(tmp_path / "flagged") == ["dataset1.csv"]


def test_an_option_has_a_column_of_its_own(tmp_path: Path) -> None:  # CP-175
    logger(tmp_path, "name").flag(["Ada"], flag_option="wrong", username="eve")
    header, row = rows_of(tmp_path / "dataset1.csv")
    assert (header, row[:3]) == (["name", "flag", "username", "timestamp"], ["Ada", "wrong", "eve"])


def test_other_columns_begin_a_further_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logger(tmp_path, "a").flag(["1"])
    assert logger(tmp_path, "b").flag(["2"]) == 1
    assert logger(tmp_path, "b", verbose=False).flag(["3"]) == 2
    assert sorted(os.listdir(tmp_path)) == ["dataset1.csv", "dataset2.csv"]
    assert capsys.readouterr().out.count("dataset2.csv") == 1


def test_the_file_may_have_a_name(tmp_path: Path) -> None:
    log = logger(tmp_path, "a", dataset_file_name="mine.csv")
    assert (log.flag(["1"]), log.flag(["2"])) == (1, 2)
    assert len(rows_of(tmp_path / "mine.csv")) == 3


def test_the_simple_logger_writes_values_alone(tmp_path: Path) -> None:
    log = gr.SimpleCSVLogger()
    log.setup([gr.Textbox(), gr.Number()], str(tmp_path / "log"))
    assert (log.flag(["a", 1]), log.flag(["b", 2.5])) == (0, 1)
    assert rows_of(tmp_path / "log" / "log.csv") == [["a", "1"], ["b", "2.5"]]


def test_the_classic_logger_writes_what_examples_read(tmp_path: Path) -> None:  # CP-161
    nodes = [gr.Number(label="n"), gr.Image(label="picture", type="filepath")]
    log = ClassicCSVLogger()
    log.setup(nodes, tmp_path)
    picture = tmp_path / "a.png"
    picture.write_bytes(b"picture")
    assert log.flag([3, {"path": str(picture), "orig_name": "b.png"}], "odd") == 1
    with gr.Blocks():
        ((number, path),) = gr.Examples(str(tmp_path), nodes).examples
    assert number == 3
    assert Path(path).read_bytes() == b"picture" and Path(path).name == "b.png"


def test_files_are_copied_and_named_by_their_paths(tmp_path: Path) -> None:  # CP-175
    picture = tmp_path / "a.png"
    picture.write_bytes(b"picture")
    record = {"path": str(picture), "orig_name": "a.png", "meta": {"_type": "nbblocks.FileData"}}
    node = gr.Image(label="../pict/ure")
    log = gr.CSVLogger(verbose=False)
    log.setup([node], tmp_path / "flagged")
    log.flag([record])
    log.flag([record])
    _, first, second = rows_of(tmp_path / "flagged" / "dataset1.csv")
    assert first[0] == second[0] and first[0] != str(picture)
    kept = Path(first[0])
    assert kept.read_bytes() == b"picture"
    assert kept.relative_to(tmp_path / "flagged").parts[0] == "..picture"


def test_the_whole_record_may_be_kept(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"picture")
    cell = cell_of(gr.Image(), {"path": str(tmp_path / "a.png"), "data": b"x"}, tmp_path, simplify=False)
    assert json.loads(cell)["path"].startswith(str(tmp_path)) and '"data"' not in cell


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-x", "'-x"),
        ("@here", "'@here"),
        ("a,=b", "'a,=b"),
        ("-5", "-5"),
        ("-0.25e3", "-0.25e3"),
        ("a = b", "a = b"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(tmp_path: Path, text: str, written: str) -> None:  # CP-175
    log = logger(tmp_path, "x")
    log.flag([text])
    cell = rows_of(tmp_path / "dataset1.csv")[1][0]
    assert cell == written
    assert (value_of(gr.Textbox(), cell) or "") == text


@pytest.mark.parametrize(
    ("node", "value"),
    [
        (gr.Number(render=False), -0.5),
        (gr.Checkbox(render=False), True),
        (gr.CheckboxGroup(["=a", "b"], render=False), ["=a", "b"]),
        (gr.Radio(["1", "2"], render=False), "1"),
        (gr.JSON(render=False), {"a": [1, None]}),
        (gr.Textbox(render=False), "5"),
        (gr.Label(render=False), {"label": "a", "confidences": None}),
        (gr.Textbox(render=False), "Grüße"),
    ],
)
def test_what_is_written_can_be_read_again(node: Any, value: Any, tmp_path: Path) -> None:
    assert value_of(node, cell_of(node, value, tmp_path)) == value


def test_a_component_may_say_what_is_written(tmp_path: Path) -> None:
    class Shouting(gr.Textbox):
        def flag(self, payload: str, flag_dir: Path) -> str:
            return payload.upper()

    assert cell_of(Shouting(), "hi", tmp_path) == "HI"


def _flag_many(directory: str, name: str) -> None:
    log = logger(Path(directory), "name", verbose=False)
    for number in range(25):
        log.flag([f"{name} {number} " + "x" * 10_000])


def test_two_kernels_may_write_at_once(tmp_path: Path) -> None:  # CP-175
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_flag_many, args=(str(tmp_path), name)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(50)
    assert [writer.exitcode for writer in writers] == [0, 0]
    header, *rows = rows_of(tmp_path / "dataset1.csv")
    assert header[0] == "name" and len(rows) == 50
    assert {tuple(row[0].split()[:2]) for row in rows} == {(n, str(i)) for n in "ab" for i in range(25)}


def test_windows_locks_the_first_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[int, int]] = []

    class Windows:
        LK_LOCK, LK_UNLCK = 1, 0

        @staticmethod
        def locking(handle: int, mode: int, count: int) -> None:
            calls.append((mode, os.lseek(handle, 0, os.SEEK_CUR)))
            assert count == 1

    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", Windows)
    log = logger(tmp_path, "a")
    assert (log.flag(["1"]), log.flag(["2"])) == (1, 2)
    assert calls == [(1, 0), (0, 0)] * 2
    assert [row[0] for row in rows_of(tmp_path / "dataset1.csv")] == ["a", "1", "2"]


class Kept(gr.FlaggingCallback):
    """A callback that keeps rows in a list."""

    def __init__(self, error: str | None = None) -> None:
        self.rows: list[Any] = []
        self.error = error

    def setup(self, components: Any, flagging_dir: str) -> None:
        self.components, self.flagging_dir = components, flagging_dir

    def flag(self, flag_data: list[Any], flag_option: str | None = None, username: str | None = None) -> int:
        if self.error:
            raise OSError(self.error)
        self.rows.append((flag_data, flag_option))
        return len(self.rows)


def shown(io: gr.Interface) -> Page:
    page = Page(io.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    return page


def test_a_button_for_each_option_flags_both_sides(comms: list[FakeComm]) -> None:  # CP-175
    kept = Kept()
    io = gr.Interface(
        str.upper,
        "text",
        "text",
        flagging_callback=kept,
        flagging_options=["odd", "wrong"],
        flagging_dir="x",
    )
    assert [button.value for button in io.flag_btns] == ["Flag as odd", "Flag as wrong"]
    assert (kept.components, kept.flagging_dir) == ([*io.input_components, *io.output_components], "x")
    page = shown(io)
    name, out = io.input_components[0], io.output_components[0]
    page.fire(io.submit_btn, "click", values=[(name, "ada")])
    page.until(out, "ADA")
    page.fire(io.flag_btns[1], "click")
    page.until(io.flag_btns[1], "Saving...")
    page.until(io.flag_btns[1], "Saved")
    page.until(io.flag_btns[1], "Flag as wrong")
    assert kept.rows == [(["ada", "ADA"], "wrong")]
    assert page.shown(io.flag_btns[1], "interactive") is True


def test_what_goes_wrong_is_told(comms: list[FakeComm]) -> None:
    io = gr.Interface(str.upper, "text", "text", flagging_callback=Kept("disk full"))
    page = shown(io)
    page.fire(io.flag_btns[0], "click")
    page.comm.wait(lambda: "disk full" in str(page.comm.state))
    page.until(io.flag_btns[0], "Flag")


def test_auto_flags_each_result(comms: list[FakeComm]) -> None:  # CP-175
    kept = Kept()
    io = gr.Interface(str.upper, "text", "text", flagging_mode="auto", flagging_callback=kept)
    assert io.flag_btns == []
    page = shown(io)
    page.fire(io.submit_btn, "click", values=[(io.input_components[0], "ada")])
    page.comm.wait(lambda: kept.rows)
    assert kept.rows == [(["ada", "ADA"], None)]


def test_auto_flags_no_failed_run(comms: list[FakeComm]) -> None:
    def fail(text: str) -> str:
        if text == "bad":
            raise ValueError(text)
        return text

    kept = Kept()
    io = gr.Interface(fail, "text", "text", flagging_mode="auto", flagging_callback=kept)
    page = shown(io)
    page.fire(io.submit_btn, "click", values=[(io.input_components[0], "bad")])
    page.until_told("log", stream="error")
    page.fire(io.submit_btn, "click", values=[(io.input_components[0], "good")])
    page.comm.wait(lambda: kept.rows)
    assert kept.rows == [(["good", "good"], None)]


@pytest.mark.parametrize("options", [{"flagging_mode": "never"}, {"outputs": None}])
def test_without_flagging_nothing_is_set_up(options: dict[str, Any]) -> None:  # CP-175
    kept = Kept()
    io = gr.Interface(str.upper, **{"inputs": "text", "outputs": "text", **options}, flagging_callback=kept)
    assert io.flag_btns == [] and not hasattr(kept, "components")


def test_options_may_have_texts_of_their_own() -> None:
    io = gr.Interface(str.upper, "text", "text", flagging_options=[("Wrong!", "w"), ("Odd?", "o")])
    assert io.flagging_options == [("Wrong!", "w"), ("Odd?", "o")]
    assert [button.value for button in io.flag_btns] == ["Wrong!", "Odd?"]


def test_the_former_name_and_the_environment_say_the_mode(monkeypatch: pytest.MonkeyPatch) -> None:  # CP-175
    def mode(**options: Any) -> str:
        return gr.Interface(str.upper, "text", "text", **options).flagging_mode

    assert mode(allow_flagging="auto") == "auto"
    with pytest.warns(UserWarning, match="flagging_mode='never' wins over allow_flagging='auto'"):
        assert mode(allow_flagging="auto", flagging_mode="never") == "never"
    monkeypatch.setenv("GRADIO_FLAGGING_MODE", "never")
    assert (mode(), mode(flagging_mode="auto")) == ("never", "auto")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"flagging_mode": "maybe"}, "flagging_mode must be one of manual, auto, never, got 'maybe'"),
        ({"flagging_options": "odd"}, "flagging_options must be a list"),
        ({"flagging_options": [("a", 1)]}, "flagging_options must be a list"),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        gr.Interface(str.upper, "text", "text", **options)


def test_a_path_in_data_is_no_file(tmp_path: Path) -> None:  # CP-175
    given = tmp_path / "notes.txt"
    given.write_text("secret")
    directory = tmp_path / "flagged"
    assert json.loads(cell_of(gr.JSON(), {"path": str(given)}, directory)) == {"path": str(given)}
    assert not directory.exists()
    marked = {"path": str(given), "meta": {"_type": "nbblocks.FileData"}}
    for component, wire in ((gr.JSON(), {"a": [marked]}), (gr.File(), {"path": str(given)})):
        assert str(directory) in cell_of(component, wire, directory)
