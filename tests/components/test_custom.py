"""A user's own components: constructor, checks, messages both ways, files that change, and subclasses."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import traitlets
from traitlets import TraitError

import nbblocks as gr
from nbblocks.bridge.assets import text_of
from nbblocks.bridge.heirs import by_key
from nbblocks.core.errors import MessageError
from tests.support import FakeComm, Page


class Stars(gr.CustomComponent):
    value = traitlets.Int(0).tag(sync=True)
    most = traitlets.Int(5).tag(sync=True)
    note = traitlets.Unicode("")
    _esm = "export default { render({ model, el }) { el.textContent = model.get('value') } }"
    _css = ".star { color: gold }"
    select = gr.Event("a star was pressed")


class Halves(Stars):
    def preprocess(self, payload: Any) -> Any:
        return payload / 2

    def postprocess(self, value: Any) -> Any:
        return value * 2


def test_the_constructor_is_made_of_the_traits() -> None:
    stars = Stars(3, most=7, note="n", label="Rating", interactive=True, scale=2)
    assert (stars.value, stars.most, stars.note, stars.label, stars.interactive) == (
        3,
        7,
        "n",
        "Rating",
        True,
    )
    assert stars.constructor_args["value"] == 3
    assert (Stars().value, Stars().most) == (0, 5)
    assert list(inspect.signature(Stars).parameters) == ["value", "most", "note", "shared"]
    assert inspect.signature(Stars).parameters["most"].default == 5


@pytest.mark.parametrize(
    ("given", "error", "complaint"),
    [
        ({"mots": 3}, TypeError, r"Stars got an unexpected keyword argument 'mots'; did you mean 'most'\?"),
        ({"lable": "x"}, TypeError, r"did you mean 'label'\?"),
        ({"value": "x"}, TraitError, "'value' trait of a Stars instance expected an int"),
        ({"most": "x"}, TraitError, "'most' trait of a Stars instance expected an int"),
    ],
)
def test_what_the_constructor_refuses(given: dict[str, Any], error: type[Exception], complaint: str) -> None:
    with pytest.raises(error, match=complaint):  # CP-8
        Stars(**given)


def test_a_constructor_of_its_own() -> None:
    class Rating(Stars):
        def __init__(self, value: int = 1, *, best: int = 3, **shared: Any) -> None:
            super().__init__(value, most=best, **shared)

    rating = Rating(2, best=9, label="R")
    assert (rating.value, rating.most, rating.label) == (2, 9, "R")
    assert rating.reconfigured({"best": 4}).most == 4
    assert list(inspect.signature(Rating).parameters) == ["value", "best", "shared"]


def test_its_events() -> None:
    assert set(Stars.events) == {"change", "input", "select"}


def test_names_that_all_components_use_are_refused() -> None:
    for name in ("parent", "key", "every", "front_end", "host"):
        with pytest.raises(TypeError, match=f"Odd cannot have a trait '{name}'"):
            type("Odd", (gr.CustomComponent,), {name: traitlets.Int(0).tag(sync=True)})
    with pytest.raises(TypeError, match="Odd cannot have an event 'send'"):
        type("Odd", (gr.CustomComponent,), {"send": gr.Event("x")})
    assert (
        type("Fine", (gr.CustomComponent,), {"label": traitlets.Unicode("L").tag(sync=True)})().label == "L"
    )


def test_a_missing_file_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.js"):
        type("Lost", (gr.CustomComponent,), {"_esm": Path("nowhere.js")})


def test_other_classes_take_no_esm() -> None:
    with pytest.raises(TypeError, match="Odd has an _esm: derive it from CustomComponent"):
        type("Odd", (gr.Textbox,), {"_esm": "export default {}"})


def test_a_page_gets_all_its_traits_and_where_its_code_is() -> None:
    stars = Stars()
    state = stars.page_state()
    assert (state["value"], state["most"]) == (0, 5) and "note" not in state
    front = state["front_end"]
    assert (front["name"], front["events"]) == ("Stars", ["input", "select"])
    assert {"value", "most", "interactive", "label"} <= set(front["props"])
    assert list(stars.chunks_for({})) == [front["module"], front["css"]]
    assert text_of(f"{front['module']}.js") == Stars._esm
    assert text_of(f"{front['css']}.js") == 'export default ".star { color: gold }";\n'
    assert Stars(2).front_end == front  # one text for all


def test_a_module_at_an_address_is_passed_on() -> None:
    cls = type("Far", (gr.CustomComponent,), {"_esm": "https://example.org/x.js"})
    assert 'export { default } from "https://example.org/x.js"' in text_of(f"{cls().front_end['module']}.js")


def test_what_a_page_may_set() -> None:
    stars = Stars()
    assert stars.from_page(4) == 4 and stars.prop_from_page("most", 9) == 9
    with pytest.raises(MessageError, match="value of stars .* expected an int, not the str 'x'"):
        stars.from_page("x")
    with pytest.raises(MessageError, match="most of stars .* expected an int"):
        stars.prop_from_page("most", None)
    for name in ("label", "note", "front_end", "nothing", "_id"):
        with pytest.raises(MessageError, match=f"pages set no '{name}' of a stars"):
            stars.prop_from_page(name, "x")
    with pytest.raises(MessageError, match="pages set no 'lines' of a textbox"):
        gr.Textbox().prop_from_page("lines", 3)


def test_validators_and_serialisers_of_traits_are_heeded() -> None:
    class Even(gr.CustomComponent):
        value = traitlets.Int(0).tag(sync=True)
        pair = traitlets.Tuple().tag(
            sync=True, to_json=lambda value, _: list(value), from_json=lambda raw, _: tuple(raw)
        )
        _esm = "export default {}"

        @traitlets.validate("value")
        def _even(self, proposal: Any) -> int:
            if proposal["value"] % 2:
                raise TraitError("it must be even")
            return proposal["value"]

    even = Even(2, pair=(1, 2))
    with pytest.raises(MessageError, match="it must be even"):
        even.from_page(3)
    assert even.page_state()["pair"] == [1, 2]
    assert even.prop_from_page("pair", [3]) == (3,)
    with pytest.raises(MessageError, match="pair of even"):
        even.prop_from_page("pair", 3)


def test_what_handlers_return_is_checked() -> None:
    assert Stars().postprocess(None) == 0
    with pytest.raises(TraitError, match="expected an int, not the str 'x'"):
        Stars().postprocess("x")
    with pytest.raises(TraitError, match="expected an int, not the float"):
        Halves().postprocess(1.25)
    assert Halves().postprocess(3) == 6 and Halves(2).value == 4


class Rated:
    """An app around stars, and its page."""

    def __init__(self, build: Callable[[Any], Any], cls: Any) -> None:
        with gr.Blocks() as self.app:
            self.stars = cls(1, label="Rating")
            self.out, self.button = gr.Textbox(), gr.Button()
            build(self)
        self.comm: Any = self.app.host.show().comm
        self.page = Page(self.comm)
        self.page.say("hello")


def rated(comms: list[FakeComm], build: Callable[[Any], Any], cls: Any = Stars) -> Rated:
    return Rated(build, cls)


def test_a_value_of_the_page_reaches_handlers_and_a_handler_sets_it(comms: list[FakeComm]) -> None:
    def build(app: Any) -> None:
        app.stars.input(lambda n: f"{n!r} by hand", app.stars, app.out)
        app.button.click(lambda: 2.5, None, app.stars)

    app = rated(comms, build, Halves)
    app.page.fire(app.stars, "input", values=[(app.stars, 3)])
    app.page.until(app.out, "1.5 by hand")
    app.page.fire(app.button, "click")
    app.page.until(app.stars, 5)


def test_an_event_of_its_own_has_data(comms: list[FakeComm]) -> None:
    def pressed(event: gr.SelectData) -> str:
        return f"{event.index} {event.value}"

    app = rated(comms, lambda app: app.stars.select(pressed, None, app.out))
    app.page.fire(app.stars, "select", {"index": 2, "value": "three"})
    app.page.until(app.out, "2 three")


def test_a_page_sets_another_trait_before_its_event_is_handled(comms: list[FakeComm]) -> None:
    class Scaled(Stars):
        def preprocess(self, payload: Any) -> Any:
            return f"{payload} of {self.most}"

    def build(app: Any) -> None:
        app.stars.input(lambda n: n, app.stars, app.out)

    app = rated(comms, build, Scaled)
    changes: list[Any] = []
    done = threading.Event()
    app.stars.observe(lambda change: (changes.append(change["new"]), done.set()), "most")
    app.page.say("set", node=app.stars._id, props={"most": 9})
    app.page.fire(app.stars, "input", values=[(app.stars, 3)])
    app.page.until(app.out, "3 of 9")
    assert done.wait(5) and changes == [9] and app.stars.most == 9
    assert f"{app.stars._id}.most" not in app.comm.updates[-1]  # the page has it already


def test_a_second_page_is_told_what_the_first_has_set(comms: list[FakeComm]) -> None:
    app = rated(comms, lambda app: None)
    Page(app.comm, "there").say("hello")
    app.page.say("set", node=app.stars._id, props={"most": 9})
    echo = app.page.until_told("echo")
    assert (echo["view"], echo["props"]) == ("here", [[app.stars._id, "most", 9]])


def test_what_a_page_must_not_set_is_refused_alone_and_said(
    comms: list[FakeComm], caplog: pytest.LogCaptureFixture
) -> None:
    app = rated(comms, lambda app: app.stars.input(lambda: "still here", None, app.out))
    app.page.say("set", node=app.stars._id, props={"most": "x", "label": "Mine", "__class__": 1})
    said = app.page.until_told("log")
    assert "most of stars" in said["text"] and "expected an int" in said["text"]
    app.page.say("set", node=app.out._id, props={"lines": 9})
    app.page.say("set", node=12345678, props={})
    app.page.fire(app.stars, "input")
    app.page.until(app.out, "still here")
    assert (app.stars.most, app.stars.label, app.out.lines) == (5, "Rating", 1)
    assert "pages set no 'lines' of a textbox" in caplog.text
    assert "block 12345678 is no component of this app" in caplog.text


def test_a_handler_updates_its_traits(comms: list[FakeComm]) -> None:
    def build(app: Any) -> None:
        app.button.click(lambda: gr.update(most=3, label="Few"), None, app.stars)

    app = rated(comms, build)
    app.page.fire(app.button, "click")
    app.page.until(app.stars, 3, "most")
    assert app.page.shown(app.stars, "label") == "Few"


def test_free_messages_are_answered(comms: list[FakeComm]) -> None:
    class Talking(Stars):
        def on_message(self, content: Any) -> Any:
            return {"heard": content, "most": self.most, "raw": b"\x01"}

    app = rated(comms, lambda app: None, Talking)
    app.page.say("ask", ask="1", node=app.stars._id, content={"message": ["a", 1]})
    answer = app.page.until_told("answer", ask="1")
    assert answer["content"] == {"heard": ["a", 1], "most": 5}
    assert answer["buffer_paths"] == [["content", "raw"]]


def test_free_messages_reach_callbacks_or_are_refused(comms: list[FakeComm]) -> None:
    app = rated(comms, lambda app: None)
    app.page.say("ask", ask="1", node=app.stars._id, content={"message": {"event": "selct"}})
    answer = app.page.until_told("answer", ask="1")
    assert "none of its events (input, select), and has no on_message" in answer["error"]
    heard: list[Any] = []
    app.stars.on_msg(lambda widget, content, buffers: heard.append((widget, content, buffers)))
    app.page.say("ask", ask="2", node=app.stars._id, content={"message": "hi"})
    app.page.until_told("answer", ask="2")
    assert heard == [(app.stars, "hi", [])]


def test_the_kernel_sends_messages_to_its_front(comms: list[FakeComm]) -> None:
    app = rated(comms, lambda app: None)
    app.stars.reconfigured({"most": 2}).send({"blink": True}, [b"raw"])
    said = app.page.until_told("say")
    assert said == {"type": "say", "node": app.stars._id, "content": {"blink": True}}
    assert [b"raw"] in [buffers for data, buffers in app.comm.sent if data.get("content") == said]
    Stars().send("nobody is there")


def test_its_code_is_an_asset_of_the_app(comms: list[FakeComm]) -> None:
    app = rated(comms, lambda app: None)
    assert set(app.stars.chunks_for({})) <= set(app.comm.state["chunks"])


def test_a_file_that_changes_is_drawn_anew(
    comms: list[FakeComm], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANYWIDGET_HMR", "1")
    file, newer = tmp_path / "stars.js", tmp_path / "stars.new"
    file.write_text("export default 1")

    class Edited(Stars):
        _esm: Any = file

    try:
        app = rated(comms, lambda app: None, Edited)
        before, changed = app.stars.front_end["module"], threading.Event()
        assert text_of(f"{before}.js") == "export default 1"
        app.stars.observe(lambda _: changed.set(), "front_end")
        for _ in range(10):  # nobody tells when the watcher has begun to look
            newer.write_text("export default 2")
            newer.replace(file)  # as many editors save
            if changed.wait(1):
                break
        key = f"{app.stars._id}.front_end"
        app.comm.wait(lambda: app.comm.state.get(key, {}).get("module") != before)
        after = app.comm.state[key]["module"]
        assert text_of(f"{after}.js") == "export default 2" and after in app.comm.state["chunks"]
        assert Edited().front_end["module"] == after
    finally:
        Edited._esm.stop_thread()


def test_files_are_not_watched_unless_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANYWIDGET_HMR", raising=False)
    file = tmp_path / "stars.js"
    file.write_text("export default 1")
    before = threading.active_count()
    cls: Any = type("Still", (Stars,), {"_esm": file})
    assert text_of(f"{cls().front_end['module']}.js") == "export default 1"
    assert threading.active_count() == before


def test_a_client_passes_values_that_the_trait_checks(comms: list[FakeComm]) -> None:
    app = rated(comms, lambda app: app.button.click(lambda n: n * 2, app.stars, app.out, api_name="twice"))
    with gr.Client(app.app) as client:
        assert client.predict(3, api_name="/twice") == "6"
        with pytest.raises(Exception, match="expected an int"):
            client.predict("x", api_name="/twice")


def test_an_interface_takes_it(comms: list[FakeComm]) -> None:
    app = gr.Interface(lambda n: f"{n} stars", Stars(2), "text")
    with gr.Client(app) as client:
        assert client.predict(4) == "4 stars"


def test_a_class_defined_again_keeps_values_by_key() -> None:
    def define() -> type[Any]:
        class Again(gr.CustomComponent):
            value = traitlets.Int(0).tag(sync=True)

        return Again

    with gr.Blocks() as first:
        one = define()(3, key="a")
    with gr.Blocks() as second:
        two = define()(4, key="a")
    assert type(one) is not type(two)
    assert by_key(first.host).keys() == by_key(second.host).keys()


def test_a_subclass_of_a_library_class_is_drawn_as_that() -> None:
    class Mine(gr.Textbox):
        info = traitlets.Unicode("Help").tag(sync=True)

    class Gone(gr.ClearButton):
        pass

    class Side(gr.Row):
        pass

    mine = Mine("x", label="L")
    assert (mine.page_type, mine.type_name, mine.get_config()["name"]) == ("textbox", "textbox", "textbox")
    assert (Gone().page_type, Gone().type_name) == ("button", "button")
    assert Side().page_type == "row"
    assert mine.page_state() == {
        "value": "x",
        "label": "L",
        "info": "Help",
    }
    with gr.Blocks() as demo:
        Mine()
    assert [one["type"] for one in demo.config["components"] if one["type"] != "form"] == ["textbox"]


def test_an_own_component_is_named_after_its_class() -> None:
    assert (Stars().page_type, Stars().type_name, repr(Stars()).split()[0]) == (
        "custom",
        "stars",
        "<nbblocks.Stars",
    )
