from typing import Any

import pytest

from nbblocks import Blocks
from nbblocks.components import HTML, Button, Textbox
from nbblocks.core.errors import MessageError
from nbblocks.core.events import BoundEvent

LIST = "<ul>${value.map(one => `<li>${one}</li>`).join('')}</ul>"


def test_without_a_template_the_value_is_markup() -> None:  # CP-121
    node = HTML("<b>x</b>")
    assert node.preprocess(node.value) == "<b>x</b>"
    assert node.postprocess(5) == "5" and node.postprocess(None) is None
    with pytest.raises(MessageError, match="value of html: expected a text"):
        node.from_page(["x"])


def test_with_a_template_it_is_data() -> None:  # CP-121
    numpy = pytest.importorskip("numpy")
    node = HTML([1, 2], html_template=LIST)
    assert node.value == [1, 2]
    assert repr(node.postprocess(numpy.array([1.5, float("nan")]))) == "[1.5, nan]"
    assert node.from_page({"a": [None]}) == {"a": [None]}


def test_other_parameters_are_values_for_the_templates() -> None:  # CP-121
    node = HTML(html_template="${size}", size=3, elem_id="here")
    assert node.props == {"size": 3} and node.elem_id == "here"
    assert HTML(hue=5).props == {"hue": 5}  # as in an update


def test_a_parameter_that_looks_misspelt_is_refused_unless_a_template_uses_it() -> None:  # CP-8
    with pytest.raises(TypeError, match="unexpected keyword argument 'lable'; did you mean 'label'"):
        HTML(lable="x")
    assert HTML(html_template="<i>${lable}</i>", lable="x").props == {"lable": "x"}


def test_an_update_changes_values_of_the_templates() -> None:  # CP-121
    changes = {"color": "blue"}
    node = HTML("x", html_template="<b>${value}</b>", css_template="color: ${color}", color="red")
    copy = node.reconfigured(changes)
    assert copy.props_changed_by(changes)["props"] == {"color": "blue"}
    assert copy.html_template == "<b>${value}</b>"


def test_a_subclass_is_a_component_of_ones_own() -> None:  # CP-121
    class Ordered(HTML):
        def __init__(self, value: Any = None, *, ordered: bool = False, **more: Any) -> None:
            self.ordered = ordered
            super().__init__(value, html_template=f"<{'ol' if ordered else 'ul'}>", ordered=ordered, **more)

    node = Ordered(["a"], elem_id="fruits")
    changes = Ordered(ordered=True).constructor_args
    changed = node.reconfigured(changes).props_changed_by(changes)
    assert (changed["props"], changed["html_template"]) == ({"ordered": True}, "<ol>")
    assert node.page_type == "html" and node.elem_id == "fruits"


def test_it_offers_any_event_and_those_that_its_script_names() -> None:  # CP-121
    node = HTML(js_on_load="trigger('pressed_hard', {force: 3})")
    for name in ("change", "click", "double_click", "key_up", "upload", "pressed_hard"):
        assert node.offers(name) and isinstance(getattr(node, name), BoundEvent), name
    assert not HTML().offers("pressed_hard")
    for name in ("pressed", "nothing", "_private"):
        with pytest.raises(AttributeError, match=f"HTML has no '{name}'"):
            getattr(node, name)
    with Blocks() as demo:
        node = HTML(js_on_load="trigger('mine')")
        node.mine(lambda: None)
    (trigger,) = next(iter(demo.fns.values())).triggers
    assert (trigger.source, trigger.event) == (node, "mine")


def test_it_can_hold_blocks_and_buttons() -> None:  # CP-121
    with Blocks() as demo:
        with HTML(html_template="<h2>Form</h2>@children", buttons=[button := Button("Help")]) as form:
            box = Textbox()
        outer = Textbox()
    assert box.parent.parent is form and outer.parent.parent is demo and button.parent is form
    kinds = [kind for _, kind, _ in form.tree()[2]]
    assert kinds == ["button", "form"] and form.tools == 1
    assert {box._id, button._id, form._id} <= demo.blocks.keys()


def test_its_script_can_call_the_functions_it_was_given() -> None:  # CP-121
    def add(a: int, b: int) -> int:
        return a + b

    async def files(path: str) -> set[str]:
        return {path}

    node = HTML(server_functions=[add, files])
    assert node.answer(None, {"function": "add", "arguments": [1, 2]}) == 3
    assert node.answer(None, {"function": "files", "arguments": ["/"]}) == ["/"]
    for asked in ({"function": "eval", "arguments": []}, {"function": "add", "arguments": 5}, {}):
        with pytest.raises(MessageError, match="is none of the server_functions"):
            node.answer(None, asked)


def test_a_page_may_send_files_only_if_the_script_does() -> None:  # CP-121
    HTML(js_on_load="upload(file)").check_upload("a.txt", 1)
    with pytest.raises(MessageError, match="takes no files"):
        HTML().check_upload("a.txt", 1)


def test_the_library_of_templates_is_sent_only_if_one_is_written_for_it() -> None:
    assert list(HTML("{{x}}").chunks_for({})) == ["html"]
    assert "handlebars" in HTML(html_template="{{x}}").chunks_for({})
    assert "handlebars" in HTML().chunks_for({"css_template": "{{x}}"})


def test_a_script_that_would_not_run_is_warned_of() -> None:
    with pytest.warns(UserWarning, match="a <script> in HTML does not run: use js_on_load"):
        HTML("<SCRIPT>1</SCRIPT>")
    with pytest.warns(UserWarning, match="a <script> in HTML does not run"):
        HTML(html_template="<script src='x'></script>")


@pytest.mark.parametrize("tag", ["style", "form", "BUTTON", "input", "iframe"])
def test_what_a_value_cannot_hold_is_warned_of(tag: str) -> None:  # TR-3
    with pytest.warns(
        UserWarning, match=f"HTML leaves <{tag.lower()}> out of a value: write it into html_template"
    ):
        HTML(f"<{tag}>x</{tag}>")
    HTML("<input type='checkbox' disabled> <b style='color: red'>x</b>")
    HTML(html_template=f"<{tag}>x</{tag}>")


def test_its_caption_needs_a_container() -> None:  # CP-2 CP-121
    assert (HTML(label="x").show_label, HTML(label="x", container=True).show_label) == (False, True)
    changes = {"container": True}
    assert HTML().reconfigured(changes).props_changed_by(changes) == {"container": True, "show_label": True}


def test_templates_go_again_only_if_they_have_changed() -> None:  # CP-121
    class Heading(HTML):
        def __init__(self, value: str = "", *, level: int = 1, **shared: Any) -> None:
            super().__init__(value, html_template=f"<h{level}>${{value}}</h{level}>", level=level, **shared)

    node = Heading("a")
    assert node.reconfigured({"level": 2}).props_changed_by({"level": 2}) == {
        "props": {"level": 2},
        "html_template": "<h2>${value}</h2>",
    }
    same = {"level": 1, "hue": 5}
    assert node.reconfigured(same).props_changed_by(same) == {"props": {"level": 1, "hue": 5}}
