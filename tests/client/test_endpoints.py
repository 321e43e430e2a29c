"""Which listeners a Client can call, and what of a listener does not apply to its calls."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from typing import Any

import pytest

import nbblocks as gr

from .conftest import Open, calls


def reach(client: gr.Client, name: str, *args: Any, index: int | None = None) -> Any:
    """Call an endpoint by its name, and by its index too."""
    result = client.predict(*args, api_name=name)
    if index is not None:
        assert client.predict(*args, fn_index=index) == result
    return result


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"api_name": "fn"},
        {"show_api": False},
        {"api_visibility": "undocumented"},
        {"api_visibility": "public"},
    ],
)
def test_public_and_undocumented_listeners_can_be_called(
    opened: Open, options: dict[str, Any]
) -> None:  # EV-343
    def fn(text: str) -> str:
        return text + "!"

    with gr.Blocks() as app:
        box = gr.Textbox()
        box.submit(fn, box, box, **options)
    assert reach(opened(app), "/fn", "a", index=0) == "a!"


@pytest.mark.parametrize(
    "options", [{"api_name": False}, {"api_visibility": "private"}, {"js": "() => 1", "fn": None}]
)
def test_private_ones_cannot(opened: Open, options: dict[str, Any]) -> None:  # EV-342 EV-343 EV-344 EV-156
    with gr.Blocks() as app:
        box = gr.Textbox()
        listener = box.submit(**{"fn": lambda text: text, "inputs": box, "outputs": box, **options})
        app.unload(lambda: None, api_name="bye")  # EV-191
    client = opened(app)
    for name in ("/lambda", "/js_fn", "/bye", "/False", "/"):
        with pytest.raises(ValueError, match="Cannot find a function"):
            client.predict("a", api_name=name)
    for index in (listener["id"], 1):
        with pytest.raises(ValueError, match="Invalid function index"):
            client.predict("a", fn_index=index)
    with pytest.raises(ValueError, match="0 public ones"):
        client.predict("a")


def test_names_are_made_and_numbered(opened: Open) -> None:  # EV-340 EV-341
    with gr.Blocks() as app:
        box = gr.Textbox()
        for text in "xyz":
            box.submit(lambda _, text=text: text, box, box)
        box.submit(lambda _: "own", box, box, api_name="My own!")
    client = opened(app)
    names = ("/lambda", "/lambda_1", "/lambda_2", "/My own!")
    assert [reach(client, name, "a") for name in names] == ["x", "y", "z", "own"]


def test_js_is_left_out(opened: Open) -> None:  # EV-156
    client = opened(calls(lambda text: f"<{text}>", js="(text) => text + '?'"))
    assert client.predict("a", api_name="/fn") == "<a>"


@pytest.mark.parametrize("mode", ["once", "always_last", "multiple"])
def test_trigger_modes_do_not_apply(opened: Open, mode: Any) -> None:  # EV-126
    gate = threading.Event()

    def slow(text: str) -> str:
        assert gate.wait(5)
        return text

    client = opened(calls(slow, trigger_mode=mode))
    jobs = [client.submit(text) for text in "abc"]
    gate.set()
    assert [job.result(5) for job in jobs] == ["a", "b", "c"]


def test_chains_and_changes_do_not_follow(opened: Open) -> None:  # EV-166 EV-127
    seen: list[str] = []
    with gr.Blocks() as app:
        box, out, state = gr.Textbox(), gr.Textbox(), gr.State([])
        first = box.submit(lambda text: (text, [text]), box, [out, state], api_name="fn")
        first.then(lambda: seen.append("then")).success(lambda: seen.append("success"))
        first.failure(lambda: seen.append("failure"))
        out.change(lambda: seen.append("change"))
        state.change(lambda: seen.append("state"))
        box.blur(lambda: 1 / 0, api_name="fail").failure(lambda: seen.append("failure"))
        box.focus(lambda: "end", None, out, api_name="end")
    client = opened(app)
    assert client.predict("a", api_name="/fn") == "a"
    with pytest.raises(gr.AppError):
        client.predict(api_name="/fail")
    assert client.predict(api_name="/end") == "end" and seen == []


def test_unqueued_endpoints_start_at_once(opened: Open) -> None:  # EV-221 EV-222
    gate = threading.Barrier(3)

    def steps(text: str) -> Iterator[str]:
        gate.wait(5)
        yield text
        gr.Info("between")
        yield text + text

    client = opened(calls(steps, queue=False, concurrency_limit=1).queue(max_size=0))
    jobs = [client.submit(text) for text in "abc"]
    assert [job.result(5) for job in jobs] == ["aa", "bb", "cc"]
    assert [job.outputs() for job in jobs] == [["a", "aa"], ["b", "bb"], ["c", "cc"]]


def test_a_batch_takes_calls_of_all_clients(opened: Open) -> None:  # EV-253 EV-257
    gate, started = threading.Event(), threading.Event()
    sizes: list[int] = []

    def join(texts: list[str], seen: list[list[str]]) -> Any:
        sizes.append(len(texts))
        started.set()
        assert gate.wait(5)
        seen = [[*before, text] for before, text in zip(seen, texts, strict=True)]
        return ["".join(one) for one in seen], seen

    with gr.Blocks() as app:
        box, state = gr.Textbox(), gr.State([])
        box.submit(join, [box, state], [box, state], batch=True, api_name="fn")
    clients = [opened(app) for _ in range(3)]
    jobs = [clients[0].submit("a")]
    assert started.wait(5)
    jobs += [client.submit(text) for client, text in zip(clients, "bcd", strict=True)]
    gate.set()
    assert [job.result(5) for job in jobs] == ["a", "ab", "c", "d"] and sizes == [1, 3]


def test_a_validator_refuses_calls(opened: Open) -> None:  # EV-298
    def check(text: str) -> Any:
        return gr.validate(len(text) > 1, "too short")

    client = opened(calls(str.upper, validator=check))
    with pytest.raises(gr.AppError, match="too short"):
        client.predict("a")
    assert client.predict("ab") == "AB"


def test_a_layout_is_no_input(opened: Open) -> None:  # EV-24
    with gr.Blocks() as app:
        with gr.Row() as row:
            box = gr.Textbox()
        box.submit(lambda *_: "called", [box, row], box, api_name="fn")
    with pytest.raises((gr.AppError, gr.InvalidComponentError, TypeError)):
        opened(app).predict("a")


def test_a_repeating_endpoint_goes_on_until_it_is_cancelled(opened: Open) -> None:  # EV-192 EV-26
    client = opened(calls(str.upper, every=0.001))
    job = client.submit("a")
    steps = iter(job)
    assert [next(steps) for _ in range(3)] == ["A", "A", "A"]
    assert job.cancel()
    with pytest.raises(CancelledError):
        job.result(5)


def test_the_session_of_a_call_is_told(opened: Open) -> None:  # EV-95
    def who(text: str, request: gr.Request) -> str:
        assert request.username is None and request.kernel_id is None  # no kernel here
        return request.session_hash

    app = calls(who)
    one, two = opened(app), opened(app)
    assert [one.predict("a"), two.predict("a")] == [one.session.id, two.session.id]


def test_a_layout_and_an_unplaced_component_are_found_at_once() -> None:  # EV-14
    with gr.Blocks() as app:
        gr.Button().click(lambda x: x, gr.Textbox(render=False), gr.Textbox())
    with pytest.raises(gr.InvalidBlockError, match="not rendered in this app"):
        gr.Client(app)
    app.close(verbose=False)
