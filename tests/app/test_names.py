"""The public names: those of Gradio's programs can all be imported."""

from __future__ import annotations

import builtins
import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.app import later


def test_no_name_hides_a_builtin() -> None:  # AP-111
    assert not set(gr.__all__) & set(dir(builtins))


def test_some_names_mean_the_same() -> None:  # AP-110
    assert gr.Text is gr.Textbox
    assert gr.Json is gr.JSON
    assert gr.Checkboxgroup is gr.CheckboxGroup


@pytest.mark.parametrize("name", sorted(later.__all__))
def test_what_is_lacking_says_so_on_use(name: str) -> None:  # AP-112
    lacking = getattr(gr, name)
    with pytest.raises(NotImplementedError, match=f"nbblocks.{name}"):
        lacking()


def test_a_file_size_has_units() -> None:  # AP-35
    assert 5 * gr.FileSize.MB == 5 * 1024 * 1024


def test_html_attributes_are_a_dict() -> None:  # CP-90
    attributes = gr.InputHTMLAttributes(spellcheck=False, lang="en")
    assert gr.Textbox(html_attributes=attributes).html_attributes == {"spellcheck": False, "lang": "en"}


MODULES = {
    "blocks": ["Block", "BlockContext", "Blocks"],
    "components": ["Component", "Textbox", "UploadButton"],
    "components.base": ["Block", "Component", "FormComponent"],
    "data_classes": ["FileData", "GradioModel", "GradioRootModel", "ImageData", "ListFiles"],
    "events": ["Dependency", "EventData", "SelectData", "api", "on"],
    "exceptions": ["DuplicateBlockError", "Error", "InvalidApiNameError"],
    "external": ["load", "load_chat"],
    "flagging": ["CSVLogger", "ClassicCSVLogger", "FlagMethod", "FlaggingCallback", "SimpleCSVLogger"],
    "helpers": [
        "EventData",
        "Examples",
        "Info",
        "Progress",
        "Success",
        "Warning",
        "skip",
        "update",
        "validate",
    ],
    "interface": ["Interface", "TabbedInterface", "close_all"],
    "layouts": ["Accordion", "Column", "Draggable", "Row", "Tab", "Tabs"],
    "renderable": ["render"],
    "routes": ["Request", "mount_gradio_app"],
    "templates": ["Files", "List", "Matrix", "Mic", "Numpy", "Paint", "TextArea"],
    "themes": ["Base", "Soft"],
    "utils": ["FileSize", "NO_RELOAD", "get_package_version", "set_static_paths"],
}


@pytest.mark.parametrize("module", sorted(MODULES))
def test_modules_have_gradios_names(module: str) -> None:  # AP-110
    found = importlib.import_module(f"nbblocks.{module}")
    for name in MODULES[module]:
        here = getattr(found, name)
        assert here is getattr(gr, name, here)
    with pytest.raises(AttributeError, match=f"module 'nbblocks.{module}' has no attribute 'nothing'"):
        found.nothing  # noqa: B018


def test_modules_are_there_without_an_import_of_their_own() -> None:  # AP-110
    code = (
        "import nbblocks as gr, sys; gr.helpers.Progress, gr.utils.FileSize; "
        "assert 'nbblocks.events' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_name_is_none_of_ours() -> None:  # AP-110
    with pytest.raises(AttributeError, match="module 'nbblocks' has no attribute 'nothing'"):
        gr.nothing  # noqa: B018  # pyright: ignore


PLACES = (
    *("", "blocks", "components", "data_classes", "events", "exceptions", "external", "flagging", "helpers"),
    *(
        "interface",
        "layouts",
        "renderable",
        "routes",
        "templates",
        "themes",
        "themes.utils",
        "utils",
        "layout",
    ),
)


@pytest.mark.parametrize("module", PLACES)
def test_a_misspelt_name_is_told_with_the_one_that_is_meant(module: str) -> None:  # TR-67
    found = importlib.import_module(f"nbblocks.{module}".rstrip("."))
    for name in found.__all__:
        for wrong in (name[:-2] + name[-1], name.swapcase()):
            if len(name) > 3 and name[0] != "_" and not hasattr(found, wrong):
                with pytest.raises(AttributeError, match="did you mean '") as told:
                    getattr(found, wrong)
                assert str(told.value).startswith(f"module {found.__name__!r} has no attribute {wrong!r}")
    with pytest.raises(AttributeError, match="no attribute 'qqqqqq'$"):
        getattr(found, "qqqqqq")  # noqa: B009


def test_a_misspelt_name_is_looked_for_in_the_package_too() -> None:  # TR-67
    with pytest.raises(AttributeError, match="did you mean 'Textbox'"):
        gr.Textbx  # type: ignore # noqa: B018
    with pytest.raises(AttributeError, match=r"did you mean 'gr\.Blocks'"):
        gr.components.Blocs  # type: ignore # noqa: B018


def test_chat_interface_is_found_in_its_module() -> None:  # AP-110
    from nbblocks.chat_interface import ChatInterface

    assert ChatInterface is gr.ChatInterface


def test_components_say_what_gradios_say() -> None:  # AP-14 AP-93
    radio = gr.Radio(["a", "b"])
    assert radio.api_info() == {"enum": ["a", "b"], "type": "string"}
    assert radio.example_payload() == radio.example_inputs() == radio.example_value() == "a"
    assert radio.as_example("b") == radio.process_example("b") == "b"
    assert [tuple(one) for one in radio.get_config()["choices"]] == [("a", "a"), ("b", "b")]


@pytest.mark.parametrize(
    ("make", "wire", "text"),
    [
        (gr.Textbox, "a", "a"),
        (gr.Number, 1.5, "1.5"),
        (gr.Checkbox, True, "true"),
        (gr.JSON, {"a": [1]}, '{"a": [1]}'),
    ],
)
def test_what_is_flagged_can_be_read_again(make: Any, wire: Any, text: str) -> None:  # CP-175
    component = make()
    assert component.flag(wire) == text
    assert component.read_from_flag(text) == wire


def test_flagged_files_are_copied(tmp_path: Path) -> None:  # CP-175
    given = tmp_path / "a.txt"
    given.write_text("x")
    record = gr.FileData(path=str(given), orig_name="b.txt")
    text = gr.File().flag(dict(record), tmp_path / "flagged")
    assert text.endswith("b.txt") and Path(text).read_text() == "x"


def test_an_own_component_has_the_schema_of_its_value_whatever_it_is_called() -> None:  # AP-93
    class Label(gr.Number):
        pass

    class Plot(gr.Label):
        pass

    assert Label().api_info()["type"] == "number" and Label().example_payload() == 3
    assert Plot().api_info() == gr.Label().api_info()
