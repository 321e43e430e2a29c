"""What all components have in common."""

from __future__ import annotations

import contextlib
import copy
import inspect
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from traitlets import TraitError

from nbblocks import components, layout
from nbblocks.bridge.classes import keywords
from nbblocks.bridge.component import Component
from nbblocks.bridge.contract import contract, exported
from nbblocks.bridge.pages import is_interactive
from nbblocks.core.errors import DuplicateBlockError, Error, MessageError
from nbblocks.core.events import Event

COMPONENTS: list[type[Any]] = [getattr(components, name) for name in components.__all__]
BLOCKS = COMPONENTS + [getattr(layout, name) for name in layout.__all__]

every_block = pytest.mark.parametrize("cls", BLOCKS)
every_component = pytest.mark.parametrize("cls", COMPONENTS)


@every_block
def test_a_block_needs_no_kernel_and_no_context(cls: type[Any]) -> None:
    first, second = cls(), cls()
    assert first._id < second._id  # CP-1
    assert first.comm is None and first.parent is None


@every_block
def test_an_unknown_keyword_is_refused(cls: type[Any]) -> None:
    with pytest.raises(TypeError, match=r"elem_ids.*did you mean 'elem_id'"):  # CP-8
        cls(elem_ids="x")


@every_block
def test_the_constructor_call_is_remembered(cls: type[Any]) -> None:
    written = {"elem_id": "here", "elem_classes": "wide", "visible": False}
    block = cls(**written)
    assert block.constructor_args == written  # EV-48
    assert (block.elem_id, block.elem_classes, block.visible) == ("here", ["wide"], False)  # CP-2


@every_block
def test_a_reconfigured_block_is_a_detached_copy_with_the_same_id(cls: type[Any]) -> None:
    block = cls(elem_id="here")
    copy = block.reconfigured({"visible": "hidden"})
    assert copy is not block and copy._id == block._id and copy.parent is None  # EV-51
    assert (copy.visible, copy.elem_id) == ("hidden", "here")
    assert copy.props_changed_by({"visible": "hidden"}) == {"visible": "hidden"}


@every_block
def test_a_page_gets_what_differs_from_the_defaults_and_can_read_it(cls: type[Any]) -> None:
    state = cls(elem_id="here").page_state()
    assert state["elem_id"] == "here"
    assert "visible" not in state
    json.dumps(state, default=lambda value: "bytes" if isinstance(value, bytes) else pytest.fail(repr(value)))


@every_block
def test_what_is_documented(cls: type[Any]) -> None:
    for name, member in [("class", cls), *vars(cls).items()]:
        if name == "__init__" or (
            not name.startswith("_") and (inspect.isroutine(member) or name == "class")
        ):
            assert inspect.getdoc(member), f"{cls.__name__}.{name}"
    for name in cls.events:
        assert isinstance(getattr(cls, name), Event) and getattr(cls, name).__doc__, f"{cls.__name__}.{name}"


@every_block
def test_no_parameter_hides_a_method_that_widgets_need(cls: type[Any]) -> None:
    needed = {
        "observe",
        "unobserve",
        "set_trait",
        "traits",
        "hold_trait_notifications",
        "close",
        "keys",
        "comm",
    }
    assert not needed & set(inspect.signature(cls.__init__).parameters)


@every_block
def test_a_block_offers_the_events_it_declares_and_nothing_else(cls: type[Any]) -> None:
    block = cls()
    assert all(block.offers(name) for name in cls.events)  # EV-1
    assert not any(block.offers(name) for name in ("value", "postprocess", "_id", "render", ""))


@every_component
def test_none_gives_an_empty_value_that_comes_back(cls: type[Component[Any, Any]]) -> None:
    node = cls()
    if not node.stateful:
        empty = node.postprocess(None)  # CP-5
        node.value = empty
        assert node.to_page(empty) == empty
        node.preprocess(empty)


@every_component
def test_its_wire_values_survive_a_round_trip_through_json(cls: type[Any]) -> None:
    node = cls()
    if node.stateful:
        return
    for wire in (node.initial(), node.example_payload()):
        assert json.loads(json.dumps(wire)) == wire  # CP-3
        offer(node, wire)
    taken = node.from_page(json.loads(json.dumps(node.initial())))
    assert taken == node.initial() and json.loads(json.dumps(taken)) == taken


ODD: list[Any] = [
    *(None, True, 0, -1, 1e308, 10**400, "", "x", "\x00\ud800", [], [None], [[]], [[[]]], {}, {"": None}),
    *({"path": "/etc/passwd"}, [{"path": "/etc/passwd"}], {"path": 1, "meta": {"_type": "gradio.FileData"}}),
    *(
        {"data": [[1]], "headers": ["a"], "metadata": None},
        {"headers": 3, "data": {}},
        {"data": [1], "headers": [[]]},
    ),
    *({"image": None}, [{"image": {"path": "../x"}, "caption": 3}], {"type": "matplotlib", "plot": "x"}),
    *({"token": "a"}, [{"token": 1, "class_or_confidence": []}], {"label": [], "confidences": 3}),
]
"""What no page of ours would send."""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                "path url data headers metadata image video caption token plot type label value".split()
            )
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def offer(node: Any, raw: Any) -> None:
    """Hand in what a page might send: taken or refused, but never a mishap."""
    try:
        wire = node.from_page(copy.deepcopy(raw))
    except (MessageError, ValueError):
        return
    try:
        node.preprocess(wire)
    except Error:
        return


@every_component
@pytest.mark.parametrize("more", [{}, {"interactive": True}], ids=["bare", "editable"])
def test_what_a_page_should_not_send_is_refused_and_nothing_else(
    cls: type[Any], more: dict[str, Any]
) -> None:
    node = cls(**(more if "interactive" in inspect.get_annotations(cls.shared, eval_str=False) else {}))
    if node.stateful:
        return
    for raw in ODD:
        offer(node, raw)  # CP-9 CP-12


@every_component
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=JSON)
def test_any_json_from_a_page_is_taken_or_refused(cls: type[Any], raw: Any) -> None:
    node = cls()
    if not node.stateful:
        offer(node, raw)  # CP-9


@every_block
def test_its_config_is_json(cls: type[Any]) -> None:
    config = cls(elem_id="here").get_config()
    assert config["elem_id"] == "here"
    json.dumps(config)


@every_component
def test_the_initial_value_of_a_session_is_that_of_the_constructor(cls: type[Any]) -> None:
    node = cls()
    assert node.initial() == node.value


@every_component
def test_a_component_stands_in_an_app_once(cls: type[Any]) -> None:
    from nbblocks import Blocks

    with Blocks() as demo:
        node = cls()
        assert node.is_rendered and node._id in demo.blocks
        hidden = cls(render=False)
        assert not hidden.is_rendered  # CP-1
        if not node.stateful:
            with pytest.raises(DuplicateBlockError):
                node.render()


@every_component
def test_what_no_listener_reads_or_writes_is_there_to_be_edited(cls: type[Any]) -> None:  # TR-65 CP-6
    from nbblocks import Blocks, Button

    with Blocks() as demo:
        alone, fixed = cls(), cls()
        if alone.stateful:
            return
        Button().click(lambda: None, None, fixed)
    with contextlib.suppress(MessageError, Error, ValueError):  # examples need be nothing that there is
        alone.value = alone.from_page(alone.example_payload())
    assert is_interactive(alone, demo.graph) is True
    if fixed.interactive is None:
        assert is_interactive(fixed, demo.graph) is False


class Odd:
    """What no parameter wants."""

    def __repr__(self) -> str:
        return "<odd>"


def parameters_of(cls: type[Any]) -> list[str]:
    """Names of all keywords of a constructor."""
    own = inspect.signature(cls.__init__).parameters.values()
    kinds = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [one.name for one in own if one.kind in kinds and one.name != "self"] + list(keywords(cls.shared))


@every_block
def test_a_wrong_argument_is_told_with_what_was_expected_and_what_came(cls: type[Any]) -> None:  # TR-67
    for name in parameters_of(cls):
        try:
            cls(**{name: Odd()})
        except UserWarning:  # noqa: PERF203
            continue
        except Exception as error:  # noqa: BLE001
            text = str(error)
            assert name in text and "odd" in text.lower(), f"{cls.__name__}({name}=): {text}"


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: components.Slider("1", 5), "Slider: minimum must be float, got str: '1'"),  # type: ignore
        (lambda: components.Textbox(lines="3"), "Textbox: lines must be int, got str: '3'"),  # type: ignore
        (lambda: components.Textbox(scale=[1]), r"scale must be int or None, got list: \[1\]"),  # type: ignore
        (lambda: layout.Row(scale="x"), "'scale' trait of a Row instance expected an int"),  # type: ignore
        (lambda: components.HTML(container=3), "HTML: container must be bool, got int: 3"),  # type: ignore
        (lambda: components.Number([1]), r"Number: value must be float.*got list: \[1\]"),  # type: ignore
        (lambda: components.Plot(value=3), "Plot: value is not of its kind, got int: 3"),
        (lambda: layout.Tab(3, id=1), "'label' trait"),  # type: ignore
    ],
)
def test_wrong_arguments_that_programs_give(make: Any, told: str) -> None:  # TR-67
    with pytest.raises((TypeError, ValueError, TraitError), match=told):
        make()


def test_a_constructor_that_fails_by_itself_says_so_itself() -> None:  # TR-67
    class Own(components.Textbox):
        """One of the user's."""

        def __init__(self, label: str) -> None:
            raise ValueError("not today")

    with pytest.raises(ValueError, match="^not today$"):
        Own("a")
    with pytest.raises(TypeError, match="unexpected keyword"):
        components.Textbox(labl="x")  # type: ignore


def test_importing_the_package_imports_no_heavy_library() -> None:
    import subprocess
    import sys

    heavy = ("numpy", "PIL", "pandas", "matplotlib")
    code = f"import nbblocks, sys; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_the_contract_names_each_type_once_and_is_the_same_each_time() -> None:
    import nbblocks

    classes = exported(nbblocks)
    text = contract(classes)
    assert text == contract(reversed(classes))
    assert text.count("export interface TextboxProps {") == 1 and "TextArea" not in text
    assert '  type: "text" | "password" | "email";\n' in text
    assert 'export type SliderEvent = "input" | "release";' in text
    assert "  value: FileRecord | FileRecord[] | null;\n" in text
    assert "interface StateProps" not in text and "interface BrowserStateProps" in text


def test_a_field_without_container_has_no_caption() -> None:
    assert components.Textbox(container=False).show_label is False  # CP-2
    with pytest.warns(UserWarning, match="show_label=True has no effect"):
        assert components.Textbox(container=False, show_label=True).show_label is False
    assert components.Textbox().props_changed_by({"container": True}) == {
        "container": True,
        "show_label": True,
    }


def test_a_scale_that_is_no_integer_is_warned_of() -> None:
    with pytest.warns(UserWarning, match=r"scale should be an integer, got 1\.5"):  # CP-2
        assert components.Textbox(scale=1.5).scale == 1  # pyright: ignore[reportArgumentType]


def test_a_callable_value_is_called_for_the_first_display() -> None:
    assert components.Textbox(lambda: "now").value == "now"  # EV-196
    assert components.Textbox(lambda: "now", inputs=[]).value is None


def test_a_shared_parameter_that_is_none_keeps_its_meaning() -> None:
    box = components.Textbox(label=None, info=None, interactive=None, elem_classes=None, min_width=None)
    assert box.page_state() == {"min_width": None}


def test_the_gallery_shows_every_component_and_layout() -> None:
    notebook = nbformat.read(Path(__file__).parents[2] / "notebooks/gallery.ipynb", as_version=4)
    shown = {*re.findall(r"\bgr\.(\w+)\(", "\n".join(cell.source for cell in notebook.cells))}
    shown |= {*re.findall(r"\bgr\.(\w+)\):", "\n".join(cell.source for cell in notebook.cells))}
    assert {*components.__all__, *layout.__all__} - shown == set()


ODD = "<script>alert(1)</script>&\ud800\x00\"'"


class _WellFormed(HTMLParser):
    """Notes what does not close what is open, and every tag and attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen |= {tag, *(name for name, _ in attrs)}
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@every_block
def test_its_picture_is_well_formed_and_bounded(cls: type[Any]) -> None:  # TR-62
    from nbblocks.bridge.keeping import LIMIT, picture

    for value in ("own", ODD, ODD * 100_000, [[ODD] * 99] * 999, {ODD: object()}, [ODD], None, 3.5):
        block = cls(visible=True)
        if "label" in block.page_props:
            block.label = ODD * 100
        if isinstance(block, Component) and value != "own":
            with contextlib.suppress(Exception):  # not of its form
                block.value = block.from_page(value)
        html = picture([block] * 50, lambda path: True)
        body = html.partition("</style>")[2]
        parser = _WellFormed()
        parser.feed(body)
        parser.close()
        assert not parser.open and len(html.encode()) <= LIMIT
        assert parser.seen <= {*"div span b pre table thead tbody tr th td img class style src alt".split()}
        shown = not (block.transparent or block.unseen)
        assert "<div" in body and (shown is (len(body) > 40) or not isinstance(block, Component))


@every_component
def test_the_picture_shows_what_it_holds(cls: type[Any]) -> None:  # TR-62
    from nbblocks.bridge.keeping import picture

    block = cls(choices=["some words", "others"]) if "choices" in cls().page_props else cls()
    if block.transparent or block.unseen or not isinstance(block.value, (str, type(None))):
        return
    with contextlib.suppress(Exception):
        block.value = block.postprocess("some words")
    if block.value == "some words":
        assert "some words" in picture([block], lambda path: False)
