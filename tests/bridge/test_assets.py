"""What a page needs beside the root: the bundle, and the chunks of it that some components are drawn by."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

import nbblocks as gr
from nbblocks.bridge import assets, outline
from nbblocks.bridge.assets import STATIC, asset
from nbblocks.bridge.component import Component
from nbblocks.bridge.outline import Outline
from tests.support import FakeComm, Page

SOURCES = Path(__file__).parents[2] / "js/src/chunks"
LARGEST_BUNDLE = 60_000


class Plain(Component[Any, Any]):
    """Drawn by the bundle alone."""

    def __init__(self, value: Any = None) -> None:
        super().__init__({"value": value}, {})


class Heavy(Plain):
    """Drawn by a chunk, and another one for some values."""

    chunks: ClassVar[tuple[str, ...]] = ("heavy", "rare")

    def chunks_for(self, shown: Mapping[str, Any]) -> Iterable[str]:
        """As said above."""
        return ("heavy", "rare") if shown.get("value", self.value) == "rare" else ("heavy",)


def names(state: Mapping[str, Any]) -> set[str]:
    return set(state.get("chunks", {}))


def test_an_app_asks_for_the_chunks_of_its_components_only(comms: list[FakeComm]) -> None:  # D2
    with gr.Blocks() as plain:
        Plain("rare")
    with gr.Blocks() as heavy:
        Heavy()
    assert "chunks" not in plain.host.show().get_state()
    refs = heavy.host.show().get_state()["chunks"]
    assert refs == {"heavy": f"anywidget:{asset('heavy.js').model_id}"}
    assert not [comm for comm in comms if comm.opened[0]["state"].get("source") == "// rare.js"]


def test_a_chunk_is_one_model_for_all_apps(comms: list[FakeComm]) -> None:  # D2
    apps = []
    for _ in range(2):
        with gr.Blocks() as app:
            Heavy()
            Heavy("rare")
        apps.append(app.host.show().get_state()["chunks"])
    assert apps[0] == apps[1] and set(apps[0]) == {"heavy", "rare"}
    sources = [comm.opened[0]["state"].get("source") for comm in comms]
    assert sources.count("// heavy.js") == sources.count("// rare.js") == 1


def test_a_chunk_comes_with_the_value_that_needs_it_and_stays(comms: list[FakeComm]) -> None:  # D2
    with gr.Blocks() as app:
        heavy = Heavy("common")
        button = gr.Button()
        button.click(lambda: "rare", None, heavy)
    comm = app.host.show().comm
    assert isinstance(comm, FakeComm) and names(comm.state) == {"heavy"}
    page = Page(comm)
    page.say("hello", values=[])
    page.fire(button, "click")
    page.until(heavy, "rare")
    update = next(one for one in comm.updates if f"{heavy._id}.value" in one)
    assert names(update) == {"heavy", "rare"}
    heavy.value = "common"
    page.until(heavy, "common")
    assert names(comm.state) == {"heavy", "rare"}
    assert sum("chunks" in one for one in comm.updates) == 1


def test_a_chunk_comes_with_the_block_that_is_added_to_a_running_app(comms: list[FakeComm]) -> None:  # AP-5
    with gr.Blocks() as app:
        Plain()
    comm = app.host.show().comm
    assert isinstance(comm, FakeComm)
    with app:
        Heavy()
    comm.wait(lambda: names(comm.state) == {"heavy"})


def test_a_chunk_comes_with_what_a_render_function_builds(comms: list[FakeComm]) -> None:  # AP-63
    with gr.Blocks() as app:
        count = gr.Number(0)

        @gr.render(count)
        def show(n: float) -> None:
            for _ in range(int(n)):
                Heavy()

    comm = app.host.show().comm
    assert isinstance(comm, FakeComm)
    page = Page(comm)
    page.say("hello", values=[])
    page.enter(count, 1)
    comm.wait(lambda: names(comm.state) == {"heavy"})
    update = next(one for one in comm.updates if "chunks" in one)
    assert "tree" in update


def test_a_map_of_chunks_that_waits_to_be_sent_never_takes_one_back(comms: list[FakeComm]) -> None:
    with gr.Blocks() as app:
        heavy = Heavy()
    told = Outline(app, app.graph)
    waiting = told.whole(told.now(), no_fault)
    told.drawable({f"{heavy._id}.value": "rare"}, no_fault)
    assert names(waiting) == {"heavy"}
    assert names(told.drawable(waiting, no_fault)) == {"heavy", "rare"}


def no_fault(key: str, error: Exception) -> dict[str, Any]:
    raise AssertionError(key) from error


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in SOURCES.glob("*.ts") if ".test." not in path.name)
)
def test_chunks_are_built(name: str) -> None:
    assert (STATIC / f"{name}.js").stat().st_size > 1000


def test_what_every_app_loads_is_small() -> None:  # D2
    size = len(gzip.compress((STATIC / "bundle.js").read_bytes(), 9))
    assert size < LARGEST_BUNDLE, "name the newest component in PARTS of js/build.mjs"


def test_a_block_that_the_bundle_does_not_draw_brings_its_part(
    comms: list[FakeComm], monkeypatch: pytest.MonkeyPatch
) -> None:  # D2
    monkeypatch.setattr(outline, "parts", lambda: {"plain": "far"})
    with gr.Blocks() as app:
        gr.Textbox()
    comm = app.host.show().comm
    assert isinstance(comm, FakeComm) and names(comm.state) == set()
    with app:
        Plain()
    comm.wait(lambda: names(comm.state) == {"far"})


def test_parts_are_built_and_hold_nothing_that_a_form_needs() -> None:  # D2
    placed = assets.parts()
    for part in set(placed.values()):
        assert (STATIC / f"{part}.js").exists()
    form = "Textbox Number Slider Checkbox CheckboxGroup Radio Dropdown Button"
    types = {getattr(gr, name)().page_type for name in form.split()}
    assert placed and not types & placed.keys()
    assert {name.__name__.lower() for name in (gr.Image, gr.Markdown, gr.Code)} <= placed.keys()


def test_components_name_chunks_that_exist() -> None:
    for name in gr.components.__all__:
        for chunk in getattr(gr.components, name).chunks:
            built = (SOURCES / f"{chunk}.ts").exists()
            assert built or f"{chunk}.js" in assets._provided, f"{name} needs {chunk}"
