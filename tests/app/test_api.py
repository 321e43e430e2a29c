"""gr.api: endpoints of functions alone."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

import nbblocks as gr
from tests.client.conftest import opened as opened


def with_api(fn: Any, **options: Any) -> gr.Blocks:
    with gr.Blocks() as app:
        gr.api(fn, **options)
    return app


def parameters(app: gr.Blocks, name: str) -> dict[str, Any]:
    endpoint = app.get_api_info()["named_endpoints"][name]
    return {one["parameter_name"]: one["python_type"]["type"] for one in endpoint["parameters"]}


def test_it_makes_an_endpoint_without_components(opened: Any) -> None:  # AP-95
    def add_and_slice(a: int, b: int, c: list[str]) -> tuple[int, list[str]]:
        return a + b, c[a:b]

    client = opened(with_api(add_and_slice, api_name="add"))
    assert client.predict(1, 3, ["a", "b", "c"], api_name="/add") == (4, ["b", "c"])
    assert client.predict(c=["a"], b=1, a=0) == (1, ["a"])


def test_its_name_is_that_of_the_function_unless_given(opened: Any) -> None:  # AP-95 EV-340 EV-341
    def shout(text: str) -> str:
        """Say it loud.

        More on this."""
        return text.upper()

    with gr.Blocks() as app:
        gr.api(shout)
        gr.api(shout, api_description="again")
        gr.api(shout, api_name="third", api_description=False)
    found = app.get_api_info()["named_endpoints"]
    assert {name: one["description"] for name, one in found.items()} == {
        "/shout": "Say it loud.",
        "/shout_1": "again",
        "/third": "",
    }


def test_types_come_of_the_annotations() -> None:  # AP-95 AP-93
    def fn(
        a: int,
        b: float,
        c: str | None,
        d: Literal["x", "y"],
        e: dict[str, list[bool]],
        f: Any,
        g: gr.FileData,
    ) -> str:
        return "x"

    app = with_api(fn)
    assert parameters(app, "/fn") == {
        "a": "int",
        "b": "float",
        "c": "str | None",
        "d": "Literal['x', 'y']",
        "e": "dict[str, list[bool]]",
        "f": "Any",
        "g": "filepath",
    }


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("def fn(a, b: int) -> int: ...", "'a' of fn has no type hint"),
        ("def fn(*rest: int) -> int: ...", "takes \\*rest"),
        ("def fn(*, a: int) -> int: ...", "keyword-only"),
    ],
)
def test_what_a_client_could_not_pass_is_refused(source: str, why: str) -> None:  # AP-95
    names: dict[str, Any] = {}
    exec(source, names)
    with pytest.raises(ValueError, match=why):
        with_api(names["fn"])


def test_it_needs_an_app() -> None:  # EV-3
    with pytest.raises(AttributeError, match="outside of a nbblocks.Blocks"):
        gr.api(lambda: 1)


def test_defaults_may_be_left_out(opened: Any) -> None:  # AP-84
    def fn(a: int, b: int = 2, c: int | None = None) -> list[int | None]:
        return [a, b, c]

    client = opened(with_api(fn))
    assert client.predict(1) == [1, 2, None]
    assert client.predict(1, c=5) == [1, 2, 5]
    with pytest.raises(TypeError, match="required argument: a"):
        client.predict()


def test_nothing_returned_is_no_output(opened: Any) -> None:  # AP-85
    seen: list[int] = []

    def fn(a: int) -> None:
        seen.append(a)

    assert opened(with_api(fn)).predict(1) == () and seen == [1]


def test_generators_yield_steps(opened: Any) -> None:  # AP-95 AP-88
    def count(to: int) -> Iterator[int]:
        yield from range(to)

    async def count_async(to: int) -> AsyncIterator[tuple[int, str]]:
        for i in range(to):
            yield i, "x"

    with gr.Blocks() as app:
        gr.api(count)
        gr.api(count_async)
    client = opened(app)
    job = client.submit(3, api_name="/count")
    assert job.result(5) == 2 and job.outputs() == [0, 1, 2]
    assert client.predict(2, api_name="/count_async") == (1, "x")
    returns = app.get_api_info()["named_endpoints"]["/count_async"]["returns"]
    assert [one["python_type"]["type"] for one in returns] == ["int", "str"]


def test_a_batch_is_typed_by_its_lists(opened: Any) -> None:  # EV-250
    def double(numbers: list[int]) -> tuple[list[int]]:
        return ([number * 2 for number in numbers],)

    app = with_api(double, batch=True)
    assert parameters(app, "/double") == {"numbers": "int"}
    assert opened(app).predict(3) == 6


def test_the_decorator_leaves_the_function_as_it_is(opened: Any) -> None:  # AP-95
    with gr.Blocks() as app:

        @gr.api(api_name="half")
        def half(x: float) -> float:
            return x / 2

    assert half(3) == 1.5
    assert opened(app).predict(5, api_name="/half") == 2.5


def test_files_come_and_go(opened: Any, tmp_path: Path) -> None:  # AP-95 AP-86 CP-12
    given = tmp_path / "a.txt"
    given.write_text("hello")

    def copy(file: gr.FileData) -> gr.FileData:
        result = tmp_path / "b.txt"
        result.write_text(Path(file.path).read_text().upper())
        assert file.orig_name == "a.txt" and Path(file.path) != given
        return gr.FileData(path=str(result))

    client = opened(with_api(copy))
    for way in (gr.handle_file(given), given, str(given)):
        path = Path(client.predict(way))
        assert path.read_text() == "HELLO" and path.parent != tmp_path


def test_special_parameters_are_no_arguments(opened: Any) -> None:  # EV-90 AP-84
    def fn(a: int, request: gr.Request, progress: Any = gr.Progress()) -> str:
        progress(0.5)
        return request.session_hash

    client = opened(with_api(fn))
    assert client.predict(1) == client.session.id


def test_what_it_takes_is_the_callers_own(opened: Any) -> None:  # EV-110
    def spoil(items: list[int]) -> int:
        items.append(1)
        return len(items)

    mine = [0]
    assert opened(with_api(spoil)).predict(mine) == 2 and mine == [0]


def test_limits_hold(opened: Any) -> None:  # AP-87 EV-224
    running, most, gate = 0, 0, threading.Barrier(2)

    def fn(a: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        gate.wait(5)
        running -= 1
        return a

    client = opened(with_api(fn, concurrency_limit=2))
    jobs = [client.submit(i) for i in range(4)]
    assert [job.result(5) for job in jobs] == [0, 1, 2, 3] and most == 2


@pytest.mark.parametrize(("visibility", "listed", "callable_"), [
    ("public", True, True), ("undocumented", False, True), ("private", False, False),
])  # fmt: skip
def test_it_can_be_hidden(opened: Any, visibility: Any, listed: bool, callable_: bool) -> None:  # EV-343
    def fn() -> int:
        return 1

    app = with_api(fn, api_visibility=visibility)
    assert ("/fn" in app.get_api_info()["named_endpoints"]) is listed
    assert ("/fn" in app.get_api_info(all_endpoints=True)["named_endpoints"]) is callable_
    if callable_:
        assert opened(app).predict(api_name="/fn") == 1
    else:
        with pytest.raises(ValueError, match="Cannot find"):
            opened(app).predict(api_name="/fn")


def test_pages_know_nothing_of_it(comms: Any) -> None:  # AP-95
    def fn(a: int) -> int:
        return a

    with gr.Blocks() as app:
        gr.Textbox()
        gr.api(fn)
    state = app.host.show().comm.opened[0]["state"]  # pyright: ignore
    assert not any(key.endswith(".schema") for key in state)
    assert len(state["tree"][2][0][2]) == 1 and state["listeners"] == []
