"""Apps around one function."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import nbblocks as gr
from tests.support import FakeComm, Page


def shown(app: gr.Blocks) -> Page:
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    return page


def types(app: gr.Blocks) -> list[str]:
    return [one["type"] for one in app.config["components"]]


def buttons(app: gr.Blocks) -> list[str]:
    return [node.value for node in app.blocks.values() if isinstance(node, gr.Button)]


def greet(name: str, times: int) -> str:
    return f"Hello {name}! " * int(times)


# -- what it is made of


@pytest.mark.parametrize(
    ("inputs", "outputs", "kind", "said"),
    [
        ("text", "text", "standard", ["Clear", "Submit", "Flag"]),
        ("text", None, "input_only", ["Clear", "Submit"]),
        ([], "text", "output_only", ["Clear", "Generate", "Flag"]),
    ],
)
def test_there_are_kinds_of_interfaces(
    inputs: Any, outputs: Any, kind: str, said: list[str]
) -> None:  # CP-171
    io = gr.Interface(lambda *_: None, inputs, outputs)
    assert (io.interface_type, buttons(io)) == (kind, said)


def test_the_same_components_on_both_sides_are_one_side() -> None:  # CP-171
    text = gr.Textbox()
    io = gr.Interface(str.upper, text, text)
    assert io.interface_type == "unified"
    assert buttons(io) == ["Clear", "Submit", "Flag"] and types(io).count("textbox") == 1
    assert text.interactive is None


def test_an_output_that_is_an_input_too_is_placed_once() -> None:
    a, b = gr.Number(), gr.Number()
    io = gr.Interface(lambda x, y: x + y, [a, b], [a])
    assert io.interface_type == "standard" and types(io).count("number") == 2
    assert io(1, 2) == 3


def test_components_are_given_in_any_way() -> None:  # CP-171
    slider = {"name": "slider", "maximum": 5, "label": "Times"}
    io = gr.Interface(greet, [gr.Textbox(), slider], "text")
    assert [node.type_name for node in io.input_components] == ["textbox", "slider"]
    assert (io.input_components[1].maximum, io.input_components[1].label) == (5, "Times")
    assert io("Ada", 2) == "Hello Ada! Hello Ada! "


@pytest.mark.parametrize(
    ("options", "error", "complaint"),
    [
        ({"inputs": 3}, TypeError, "inputs must be components, their shortcuts or a list of them"),
        ({"outputs": "row"}, TypeError, "outputs must be.*'row' is a layout"),
        ({"inputs": "txt"}, ValueError, "no component has the shortcut 'txt'"),
        ({"inputs": None, "outputs": []}, ValueError, "needs inputs, outputs or both"),
        ({"fn": 3}, TypeError, "fn must be callable, got int"),
        ({"submit_btn": 3}, ValueError, "submit_btn must be a Button or its text, got 3"),
        ({"clear_btn": 3}, ValueError, "clear_btn must be a Button, its text or None, got 3"),
        ({"additional_inputs_accordion": 3}, ValueError, "must be an Accordion or its caption, got 3"),
        ({"inputs": ["state", "state"]}, ValueError, "one among the outputs, got 2 and 0"),
        ({"outputs": ["text", gr.State(1)]}, ValueError, "got 0 and 1"),
        ({"nonsense": 1}, TypeError, "nonsense"),
    ],
)
def test_what_cannot_be_is_refused(
    options: dict[str, Any], error: type[Exception], complaint: str
) -> None:  # CP-171 CP-174
    with pytest.raises(error, match=complaint):
        gr.Interface(**{"fn": greet, "inputs": ["text", "number"], "outputs": "text", **options})


def test_labels_are_the_names_of_parameters() -> None:  # CP-172
    class Greeter:
        def greet(self, name: str, request: gr.Request, times: int, *, loud: bool = False) -> str:
            return name

    mine = gr.Textbox(label="Who")
    io = gr.Interface(Greeter().greet, [mine, "number"], ["text", gr.Label(), gr.Number(label="Third")])
    assert [node.label for node in io.input_components] == ["Who", "times"]
    assert [node.label for node in io.output_components] == ["output 0", "output 1", "Third"]
    assert gr.Interface(greet, ["text", "number"], "text").output_components[0].label == "output"
    assert gr.Interface(str, "text", "text").input_components[0].label == "input 0"


def test_a_label_outlives_an_update() -> None:  # CP-172
    io = gr.Interface(lambda name: gr.Textbox(lines=3), "text", "text")
    assert io.output_components[0].reconfigured({"lines": 3}).label == "output"


def test_outputs_are_not_edited_unless_said() -> None:  # CP-172
    io = gr.Interface(greet, ["text", "number"], ["text", gr.Textbox(interactive=True)])
    assert [node.interactive for node in io.output_components] == [False, True]
    assert [node.interactive for node in io.input_components] == [None, None]


def test_components_made_in_a_layout_move_into_it() -> None:
    with gr.Blocks() as app:
        io = gr.Interface(str.upper, gr.Textbox(), gr.Textbox(), submit_btn=gr.Button("Go"))
    assert [child._id for child in app.children] == [io._id]
    assert types(app).count("textbox") == 2 and buttons(app) == ["Clear", "Go", "Flag"]


def test_title_description_and_article_are_markdown(tmp_path: Path) -> None:  # CP-170
    io = gr.Interface(str.upper, "text", "text", title="Up", description="*More*", article="Less")
    texts = [node.value for node in io.blocks.values() if isinstance(node, gr.Markdown)]
    assert texts == ["<h1 style='text-align: center'>Up</h1>", "*More*", "Less"]
    assert io.title == "Up"


def test_an_article_may_be_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "article.md").write_text("From afar")
    monkeypatch.setattr("nbblocks.app.interface_options.fetch", lambda url: str(tmp_path / "article.md"))
    io = gr.Interface(str.upper, "text", "text", article="https://example.org/article.md")
    assert io.article == "From afar"


def test_additional_inputs_stand_in_an_accordion() -> None:  # CP-170
    io = gr.Interface(greet, "text", "text", additional_inputs=gr.Slider(1, 5))
    (accordion,) = (node for node in io.blocks.values() if isinstance(node, gr.Accordion))
    assert (accordion.label, accordion.open) == ("Additional Inputs", False)
    assert [node.label for node in io.input_components] == ["name", "times"]
    assert io("Ada", 1) == "Hello Ada! "


@pytest.mark.parametrize("given", ["More", gr.Accordion("More", open=True, render=False)])
def test_the_accordion_may_be_given(given: Any) -> None:
    io = gr.Interface(greet, "text", "text", additional_inputs="number", additional_inputs_accordion=given)
    (accordion,) = (node for node in io.blocks.values() if isinstance(node, gr.Accordion))
    assert (accordion.label, accordion.open) == ("More", True)


def test_buttons_may_be_given() -> None:  # CP-170
    submit = gr.Button("Go", variant="secondary", render=False)
    io = gr.Interface(str.upper, "text", "text", submit_btn=submit, clear_btn=gr.Button("Wipe", size="sm"))
    assert io.submit_btn is submit and buttons(io) == ["Wipe", "Go", "Flag"]
    assert io.clear_btn.size == "sm" and isinstance(io.clear_btn, gr.ClearButton)
    named = gr.Interface(str.upper, "text", "text", submit_btn="Go", clear_btn=None)
    assert (named.submit_btn.variant, named.clear_btn.visible) == ("primary", False)


def test_it_says_what_it_is() -> None:
    lines = str(gr.Interface(greet, ["text", "number"], "label")).splitlines()
    assert lines[0].endswith("greet") and len(lines[0]) == len(lines[1])
    assert lines[2:] == ["inputs:", "|-textbox", "|-number", "outputs:", "|-label"]


@pytest.mark.parametrize("name", ["deep_link", "allow_duplication"])
def test_what_needs_a_host_is_ignored_with_a_word(name: str) -> None:
    with pytest.warns(UserWarning, match=f"{name} needs a web host"):
        gr.Interface(str.upper, "text", "text", **{name: True})


def test_old_programs_give_their_parameters_in_order() -> None:  # CP-170
    io = gr.Interface(
        str.upper, "text", "text", [["a"]], None, 5, True, "T", "D", "A", None, "soft", None, "never"
    )
    assert (io.live, io.heading, io.flagging_mode, io.theme.name) == (True, "T", "never", "soft")


# -- what it does


def test_submit_and_enter_call_the_function(comms: list[FakeComm]) -> None:  # CP-173
    io = gr.Interface(greet, ["text", "number"], "text")
    name, times = io.input_components
    page = shown(io)
    page.fire(io.submit_btn, "click", values=[(name, "Ada"), (times, 1)])
    page.until(io.output_components[0], "Hello Ada! ")
    page.fire(name, "submit", values=[(name, "Bob")])
    page.until(io.output_components[0], "Hello Bob! ")


def test_clear_empties_both_sides(comms: list[FakeComm]) -> None:  # CP-175
    io = gr.Interface(str.upper, "text", "text")
    page = shown(io)
    page.fire(io.submit_btn, "click", values=[(io.input_components[0], "a")])
    page.until(io.output_components[0], "A")
    page.fire(io.clear_btn, "click")
    page.until(io.output_components[0], None)
    assert page.shown(io.input_components[0]) is None


def test_live_calls_it_at_each_change(comms: list[FakeComm]) -> None:  # CP-173
    io = gr.Interface(greet, ["text", gr.Number(1)], "text", live=True)
    assert buttons(io) == ["Clear", "Flag"]
    assert io.submit_event["trigger_mode"] == "always_last"
    page = shown(io)
    page.enter(io.input_components[0], "Ada")
    page.until(io.output_components[0], "Hello Ada! ")


def test_live_output_is_there_at_the_start(comms: list[FakeComm]) -> None:  # CP-173
    numbers = iter(range(10))
    io = gr.Interface(lambda: next(numbers), None, "number", live=True)
    page = shown(io)
    page.until(io.output_components[0], 0)
    page.fire(io.submit_btn, "click")
    page.until(io.output_components[0], 1)


def test_live_streams_are_not_thinned_out() -> None:  # CP-173
    io = gr.Interface(
        lambda image: image,
        gr.Image(sources=["webcam"], streaming=True),
        "image",
        live=True,
        time_limit=7,
        stream_every=0.1,
    )
    event = io.submit_event
    assert [target[1] for target in event["targets"]] == ["stream"]
    assert (event["trigger_mode"], event["time_limit"], event["stream_every"]) == ("multiple", 7, 0.1)
    assert event["show_progress"] == "hidden"


def test_a_stream_needs_a_live_interface() -> None:
    with pytest.warns(UserWarning, match="image streams to live interfaces only"):
        gr.Interface(lambda image: image, gr.Image(sources=["webcam"], streaming=True), "image")


def counting(go: threading.Semaphore, ended: list[str]) -> Callable[[float], Iterator[int]]:
    def count(to: float) -> Iterator[int]:
        try:
            for number in range(int(to)):
                yield number
                assert go.acquire(timeout=5)
            ended.append("complete")
        except GeneratorExit:
            ended.append("stopped")
            raise

    return count


def test_a_stop_button_is_there_while_a_generator_runs(comms: list[FakeComm]) -> None:  # CP-173
    go, ended = threading.Semaphore(0), list[str]()
    io = gr.Interface(counting(go, ended), "number", "number")
    assert io.stop_btn is not None and buttons(io) == ["Clear", "Submit", "Stop", "Flag"]
    assert (io.submit_btn.visible, io.stop_btn.visible) == (True, False)
    page = shown(io)
    page.fire(io.submit_btn, "click", values=[(io.input_components[0], 2)])
    page.until(io.stop_btn, True, "visible")
    assert page.shown(io.submit_btn, "visible") is False
    page.until(io.output_components[0], 0)
    go.release(2)
    page.until(io.submit_btn, True, "visible")
    page.until(io.stop_btn, False, "visible")
    assert ended == ["complete"] and page.shown(io.output_components[0]) == 1


def test_the_stop_button_stops(comms: list[FakeComm]) -> None:  # CP-173
    go, ended = threading.Semaphore(0), list[str]()
    io = gr.Interface(counting(go, ended), "number", "number", stop_btn=gr.Button("Enough"))
    assert io.stop_btn is not None and (io.stop_btn.value, io.stop_btn.visible) == ("Enough", False)
    page = shown(io)
    page.fire(io.submit_btn, "click", values=[(io.input_components[0], 5)])
    page.until(io.output_components[0], 0)
    page.fire(io.stop_btn, "click")
    page.until(io.submit_btn, True, "visible")
    go.release()
    page.comm.wait(lambda: page.shown(io.stop_btn, "visible") is False)
    page.fire(io.submit_btn, "click", values=[(io.input_components[0], 1)])
    go.release()
    page.comm.wait(lambda: "complete" in ended)
    assert ended == ["stopped", "complete"]


def test_a_failing_generator_gives_the_submit_button_back(comms: list[FakeComm]) -> None:  # CP-173
    def fail(text: str) -> Iterator[str]:
        yield text
        raise ValueError("no more")

    io = gr.Interface(fail, "text", "text")
    page = shown(io)
    page.fire(io.submit_btn, "click", values=[(io.input_components[0], "a")])
    page.until_told("log", stream="error")
    page.until(io.submit_btn, True, "visible")


async def async_steps(number: float = 0) -> AsyncIterator[float]:
    yield number


def steps(number: float = 0) -> Iterator[float]:
    yield number


def at_once(number: float = 0) -> float:
    return number


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize("fn", [steps, async_steps, at_once])
@pytest.mark.parametrize("sides", [("number", "number"), ("number", None), (None, "number"), "unified"])
def test_only_generators_that_are_not_live_can_be_stopped(sides: Any, fn: Any, live: bool) -> None:  # CP-173
    same = gr.Number()
    inputs, outputs = (same, same) if sides == "unified" else sides
    with_stop = gr.Interface(fn, inputs, outputs, live=live)
    assert ("Stop" in buttons(with_stop)) == (fn is not at_once and not live)


def test_a_batch_function_gets_lists(comms: list[FakeComm]) -> None:  # CP-170
    def double(numbers: list[float]) -> list[list[float]]:
        return [[2 * number for number in numbers]]

    io = gr.Interface(double, "number", "number", batch=True, max_batch_size=2)
    assert io.submit_event["max_batch_size"] == 2 and io(4) == 8
    page = shown(io)
    page.fire(io.submit_btn, "click", values=[(io.input_components[0], 3)])
    page.until(io.output_components[0], 6)


def test_a_validator_is_asked_first(comms: list[FakeComm]) -> None:
    called: list[str] = []
    io = gr.Interface(
        lambda text: called.append(text),
        "text",
        "text",
        validator=lambda text: gr.validate(False, "too short"),
    )
    page = shown(io)
    page.fire(io.submit_btn, "click", values=[(io.input_components[0], "a")])
    page.comm.wait(lambda: "too short" in str(page.comm.state) + str(page.comm.custom))
    assert called == []


def test_the_endpoint_has_its_name_and_settings() -> None:  # CP-170
    def endpoint(**options: Any) -> gr.Dependency:
        return gr.Interface(greet, ["text", "number"], "text", **options).submit_event

    assert endpoint()["api_name"] == "predict"
    assert endpoint(api_name=None)["api_name"] == "greet"
    assert endpoint(api_name="echo", api_description="Echoes")["api_description"] == "Echoes"
    assert endpoint(api_visibility="undocumented")["api_visibility"] == "undocumented"
    assert endpoint(api_name=False)["api_visibility"] == "private"
    assert endpoint(show_progress="minimal")["show_progress"] == "minimal"
    assert endpoint(concurrency_limit=3).listener.concurrency_limit == 3


def test_clients_call_it_by_its_parameters() -> None:
    with gr.Client(gr.Interface(greet, ["text", "number"], "text")) as client:
        assert client.predict("Ada", times=2, api_name="/predict") == "Hello Ada! Hello Ada! "
        assert client.predict("Ada", 1) == "Hello Ada! "


# -- State


def test_state_of_both_sides_is_one(comms: list[FakeComm]) -> None:  # CP-174
    def append(word: str, words: list[str] = ["start"]) -> tuple[str, list[str]]:  # noqa: B006
        words = [*words, word]
        return " ".join(words), words

    io = gr.Interface(append, ["text", "state"], ["text", "state"])
    assert io.input_components[1] is io.output_components[1]
    page = shown(io)
    for word, text in (("a", "start a"), ("b", "start a b")):
        page.fire(io.submit_btn, "click", values=[(io.input_components[0], word)])
        page.until(io.output_components[0], text)
    page.fire(io.clear_btn, "click")
    page.until(io.output_components[0], None)
    page.fire(io.submit_btn, "click", values=[(io.input_components[0], "c")])
    page.until(io.output_components[0], "start c")


def test_the_state_of_the_inputs_counts() -> None:  # CP-174
    state = gr.State(5)
    io = gr.Interface(lambda text, number: (text, number), ["text", state], ["text", gr.State(6)])
    assert io.output_components[1] is state


def test_state_and_cached_examples_do_not_go_together() -> None:  # CP-174
    with pytest.warns(UserWarning, match="examples cannot be cached where there is State"):
        io = gr.Interface(
            lambda text, number: (text, number),
            ["text", "state"],
            ["text", "state"],
            examples=["a"],
            cache_examples=True,
        )
    assert io.examples_handler is not None and io.examples_handler.cache_examples is False
    assert [node.type_name for node in io.examples_handler.inputs] == ["textbox"]


# -- examples


def test_examples_fill_the_inputs(comms: list[FakeComm]) -> None:  # CP-170
    io = gr.Interface(
        greet, ["text", "number"], "text", examples=[["Ada", 1], ["Bob", 2]], examples_per_page=1
    )
    assert io.examples_handler is not None
    dataset = io.examples_handler.dataset
    assert dataset.samples_per_page == 1 and dataset.headers == ["name", "times"]
    page = shown(io)
    page.fire(dataset, "click", values=[(dataset, 1)])
    page.until(io.input_components[0], "Bob")
    page.until(io.input_components[1], 2)


@pytest.mark.parametrize("options", [{"cache_examples": True}, {"cache_examples": "lazy"}])
def test_cached_examples_fill_the_outputs(comms: list[FakeComm], options: dict[str, Any]) -> None:  # CP-163
    io = gr.Interface(
        greet, "text", "text", examples=[["Ada", 1], ["Bob", 1]], additional_inputs="number", **options
    )
    assert io.examples_handler is not None
    dataset = io.examples_handler.dataset
    assert dataset.samples == [["Ada"], ["Bob"]]
    page = shown(io)
    page.fire(dataset, "click", values=[(dataset, 1)])
    page.until(io.output_components[0], "Hello Bob! ")
    page.until(io.input_components[1], 1)


# -- as an app among others


def test_several_may_stand_in_one_app(comms: list[FakeComm]) -> None:
    upper = gr.Interface(str.upper, "text", "text")
    with gr.Blocks() as app:
        upper.render()
        lower = gr.Interface(str.lower, "text", "text")
    assert upper("a") == "A" and lower("B") == "b"
    page = shown(app)
    for io, out in ((upper, "AB"), (lower, "ab")):
        page.fire(io.submit_btn, "click", values=[(io.input_components[0], "aB")])
        page.until(io.output_components[0], out)
    with gr.Client(app) as client:
        assert client.predict("aB", api_name="/predict_1") == "ab"


def test_listeners_may_be_added_to_it(comms: list[FakeComm]) -> None:
    io = gr.Interface(str.upper, "text", "text")
    with io:
        length = gr.Number()
        io.submit_event.then(len, io.output_components[0], length)
        io.load(lambda: 7, None, length)
    page = shown(io)
    page.until(length, 7)
    page.fire(io.submit_btn, "click", values=[(io.input_components[0], "abc")])
    page.until(length, 3)


def test_generators_and_state_are_for_clients() -> None:
    with pytest.raises(ValueError, match="steps is a generator"):
        gr.Interface(steps, "number", "number")(1)
    with gr.Client(gr.Interface(steps, "number", "number")) as client:
        assert client.predict(1, api_name="/predict") == 1


def test_the_former_load_leads_to_the_new_one() -> None:
    with pytest.warns(DeprecationWarning, match="former name of nbblocks.load"):
        try:
            gr.Interface.load("models/gpt2")
        except NotImplementedError:
            pass
        else:
            pytest.fail("models cannot be loaded")


def test_it_may_be_rendered_anew(comms: list[FakeComm]) -> None:  # AP-61 CP-149
    with gr.Blocks() as app:
        loud = gr.Checkbox(False)
        made: list[gr.Interface] = []

        @gr.render(inputs=loud)
        def build(is_loud: bool) -> None:
            fn = str.upper if is_loud else str.lower
            made.append(gr.Interface(fn, "text", "text", examples=["aB"], cache_examples="lazy"))

    page = shown(app)
    for turn, (is_loud, out) in enumerate([(False, "ab"), (True, "AB")]):
        page.enter(loud, is_loud)
        page.comm.wait(lambda turn=turn: len(made) > turn)
        io = made[turn]
        page.comm.wait(lambda io=io: f"{io.submit_btn._id}.value" in page.comm.state)
        page.fire(io.submit_btn, "click", values=[(io.input_components[0], "aB")])
        page.until(io.output_components[0], out)
        assert io.examples_handler is not None
        dataset = io.examples_handler.dataset
        page.fire(dataset, "click", values=[(dataset, 0)])
        page.until(io.input_components[0], "aB")
