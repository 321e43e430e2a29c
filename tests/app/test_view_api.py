"""What is told of an app's endpoints: data, text, and a page."""

from __future__ import annotations

import html.parser
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.client.viewing import html_of
from tests.client.conftest import opened as opened


def greet(name: str, times: int = 2, state: Any = None, label: str = "") -> Any:
    """Greet somebody.

    Not told.
    """
    return f"hello {name}" * times, state, label


def app_of(**options: Any) -> gr.Blocks:
    with gr.Blocks() as app:
        name = gr.Textbox(label="Your name")
        times = gr.Slider(1, 5, value=2)
        state = gr.State()
        button = gr.Button()
        out = gr.Textbox(label="Greeting")
        button.click(greet, [name, times, state, button], [out, state, button], api_name="greet", **options)
        button.click(lambda: None, api_name=False)
        button.click(lambda x: x, gr.File(), gr.File(), api_name="keep", show_api=False)
    return app


def test_endpoints_as_data() -> None:  # AP-93
    (endpoint,) = app_of().get_api_info()["named_endpoints"].values()
    first, second = endpoint["parameters"]
    assert first == {
        "label": "Your name",
        "parameter_name": "name",
        "parameter_has_default": False,
        "parameter_default": None,
        "type": {"type": "string"},
        "python_type": {"type": "str", "description": ""},
        "component": "Textbox",
        "example_input": "Hello!!",
    }
    assert second["parameter_default"] == 2 and second["python_type"] == {
        "type": "float",
        "description": "numeric value between 1 and 5",
    }
    assert [one["label"] for one in endpoint["returns"]] == ["Greeting"]
    assert endpoint["description"] == "Greet somebody."


def test_client_and_app_say_the_same(opened: Any) -> None:  # AP-93
    app = app_of()
    client = opened(app)
    for form in ("dict", "str"):
        given: Any = {"print_info": False, "return_format": form}
        assert client.view_api(**given) == app.view_api(**given)
    with pytest.raises(ValueError, match="'dict', 'str' or None, got 'json'"):
        app.view_api(return_format="json")  # pyright: ignore


def test_it_is_printed_unless_told_otherwise(capsys: pytest.CaptureFixture[str]) -> None:  # AP-93
    app = app_of()
    assert app.view_api() is None
    printed = capsys.readouterr().out
    assert 'predict(name, times, api_name="/greet") -> greeting' in printed
    assert "[Textbox] name: str (required)" in printed
    assert "[Slider] times: float (not required, defaults to: 2)" in printed
    assert app.view_api(print_info=False) is None and capsys.readouterr().out == ""


@pytest.mark.parametrize(("given", "names"), [
    (None, ["/greet"]), (False, ["/greet"]), (True, ["/greet", "/keep"]),
])  # fmt: skip
def test_undocumented_ones_are_listed_on_request(given: Any, names: list[str]) -> None:  # AP-93 EV-343
    found = app_of().view_api(all_endpoints=given, print_info=False, return_format="dict")
    assert isinstance(found, dict) and list(found["named_endpoints"]) == names


def test_files_are_paths() -> None:  # AP-93
    found = app_of().get_api_info(all_endpoints=True)["named_endpoints"]["/keep"]
    assert found["parameters"][0]["python_type"]["type"] == "filepath"
    assert "gr.handle_file('path/to/file')" in html_of({"named_endpoints": {"/keep": found}}, "c").replace(
        "&#x27;", "'"
    )


class Tags(html.parser.HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_escapes_all_text() -> None:  # AP-93
    evil = "</pre><script>alert(1)</script>"

    def fn(a: str = evil) -> str:
        return a

    with gr.Blocks() as app:
        gr.Button().click(fn, gr.Textbox(evil, label=evil), gr.Textbox(label=evil), api_name=evil,
                          api_description=evil)  # fmt: skip
    page = Tags(html_of(app.get_api_info(), "gr.Client(demo)"))
    assert "script" not in page.tags and page.text.count(evil) >= 5


def test_the_snippet_runs(opened: Any) -> None:  # AP-93
    app = app_of()
    page = Tags(html_of(app.get_api_info(), "opened(demo)"))
    code = page.text[page.text.index("import nbblocks") :]
    names: dict[str, Any] = {"demo": app, "opened": opened}
    exec(code, names)
    assert names["result"] == "hello Hello!!" * 2


@pytest.mark.parametrize(
    ("make", "type"),
    [
        (lambda: gr.Number(), "float"),
        (lambda: gr.Checkbox(), "bool"),
        (lambda: gr.Radio(["a", "b"]), "Literal['a', 'b']"),
        (lambda: gr.Dropdown([("A", 1), ("B", 2)]), "Literal[1, 2]"),
        (lambda: gr.Dropdown(["a"], multiselect=True), "list[Literal['a']]"),
        (lambda: gr.Dropdown(["a"], allow_custom_value=True), "str"),
        (lambda: gr.CheckboxGroup(["a"]), "list[Literal['a']]"),
        (lambda: gr.JSON(), "str | float | bool | list | dict"),
        (lambda: gr.File(file_count="multiple"), "list[filepath]"),
        (lambda: gr.Image(), "filepath"),
        (lambda: gr.Dataframe(), "dict(headers: list[Any], data: list[list[Any]], metadata: dict)"),
        (lambda: gr.HTML(), "str"),
        (lambda: gr.Code(), "str"),
        (lambda: gr.DateTime(), "str"),
        (lambda: gr.ColorPicker(), "str"),
    ],
)
def test_types_of_components(make: Any, type: str) -> None:  # AP-93
    with gr.Blocks() as app:
        node = make()
        gr.Button().click(lambda x: x, node, node, api_name="fn")
    (endpoint,) = app.get_api_info()["named_endpoints"].values()
    assert endpoint["parameters"][0]["python_type"]["type"] == type
    assert endpoint["returns"][0]["python_type"]["type"] == type


@pytest.mark.parametrize(
    "make",
    [
        gr.Textbox, gr.Number, gr.Slider, gr.Checkbox, gr.ColorPicker, gr.Code, gr.JSON, gr.Dataframe,
        gr.Markdown, gr.HTML, gr.Label, gr.HighlightedText,
    ],
)  # fmt: skip
def test_examples_can_be_passed_and_returned(make: Any) -> None:  # AP-93
    node = make()
    node.preprocess(node.from_page(node.example_payload()))
    node.postprocess(node.example_value())
