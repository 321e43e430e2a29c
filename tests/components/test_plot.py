from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import PIL.Image
import pytest

from nbblocks.bridge.assets import text_of
from nbblocks.bridge.cache import FileCache
from nbblocks.bridge.files import record_of
from nbblocks.components import Plot
from nbblocks.core.errors import InvalidPathError, MessageError


def line(**options: Any) -> Any:
    figure, axes = plt.subplots(**options)
    axes.plot([1, 3, 2])
    return figure


def altair_chart() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what altair's own imports say
        import altair

    data = altair.Data(values=[{"a": 1, "b": 2}])
    return altair.Chart(data).mark_point().encode(x="a:Q", y="b:Q")


def plotly_figure() -> Any:
    import plotly.graph_objects as go

    return go.Figure(
        go.Scatter(x=[1, 2], y=np.array([3.0, float("nan")])), layout={"title": {"text": "Hello"}}
    )


def bokeh_figure(title: str = "Hello") -> Any:
    from bokeh.plotting import figure

    made = figure(title=title)
    made.line([1, 2], [3.0, float("nan")])
    return made


@pytest.mark.parametrize(
    ("format", "mime"),
    [
        ("webp", "image/webp"),
        ("png", "image/png"),
        ("jpg", "image/jpeg"),
        ("jpeg", "image/jpeg"),
        ("nonsense", "image/png"),
    ],
)
def test_a_matplotlib_figure_becomes_a_sharp_picture(format: str, mime: str) -> None:
    node = Plot(line(figsize=(4, 3), dpi=100), format=format)
    record = node.value["plot"]
    assert node.value["type"] == "matplotlib" and record["mime_type"] == mime  # CP-114
    assert node.value["width"] == 400
    with PIL.Image.open(record["path"]) as picture:
        assert picture.size == (800, 600)
    assert node.to_page(node.value)["plot"]["data"] == Path(record["path"]).read_bytes()


def test_webp_is_the_usual_format() -> None:
    assert Plot(line()).value["plot"]["mime_type"] == "image/webp"  # CP-114


def test_svg_is_sharp_by_itself() -> None:
    value = Plot(line(), format="svg").value
    assert value["plot"]["mime_type"] == "image/svg+xml" and "width" not in value
    assert "<svg" in Path(value["plot"]["path"]).read_text()


def test_a_huge_figure_is_left_at_its_size() -> None:
    value = Plot(line(figsize=(30, 2), dpi=100)).value
    assert value["width"] == 3000
    with PIL.Image.open(value["plot"]["path"]) as picture:
        assert picture.width == 3000


def test_figures_are_closed_afterwards() -> None:
    before = plt.get_fignums()
    Plot(line())
    Plot().postprocess(line())
    assert plt.get_fignums() == before  # CP-114


def test_a_figure_that_cannot_be_drawn_is_closed_too() -> None:
    before, figure = plt.get_fignums(), line()
    figure.axes[0].set_title(r"$\nonsense$")
    with pytest.raises(ValueError, match="nonsense"):
        Plot(figure)
    assert plt.get_fignums() == before


def test_pyplot_stands_for_its_current_figure() -> None:
    line(figsize=(2, 1), dpi=100)
    assert Plot(plt).value["width"] == 200  # CP-114
    assert plt.get_fignums() == []


def test_axes_stand_for_their_figure() -> None:
    assert Plot(line(figsize=(2, 1), dpi=100).axes[0]).value["width"] == 200
    figure = plt.figure(figsize=(3, 1), dpi=100)
    inner = figure.subfigures(1, 2)[0].subplots()
    assert Plot(inner).value["width"] == 300


def test_a_figure_without_pyplot_is_drawn() -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2, 1), dpi=100)
    figure.subplots().plot([1, 2])
    assert Plot(figure).value["width"] == 200


def test_figures_that_live_in_the_page_go_as_their_json() -> None:
    node = Plot(plotly_figure())
    assert node.value["type"] == "plotly"  # CP-114
    plot = json.loads(node.value["plot"])
    assert plot["layout"]["title"]["text"] == "Hello" and plot["data"][0]["type"] == "scatter"
    assert node.to_page(node.value) == node.value

    node = Plot(bokeh_figure())
    assert node.value["type"] == "bokeh"  # CP-114
    item = json.loads(node.value["plot"], parse_constant=pytest.fail)
    assert item["doc"]["roots"][0]["name"] == "Figure"

    node = Plot(altair_chart())
    assert node.value["type"] == "altair"  # CP-114
    assert json.loads(node.value["plot"])["encoding"]["x"]["field"] == "a"


def test_layouts_of_bokeh_are_figures_too() -> None:
    from bokeh.layouts import row

    item = json.loads(Plot(row(bokeh_figure(), bokeh_figure())).value["plot"])
    assert item["doc"]["roots"][0]["name"] == "Row"


@pytest.mark.parametrize("value", [3, "a.png", [1], {"type": "plotly"}, {"type": "d3", "plot": ""}, json])
def test_other_values_are_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="Plot expects a figure of matplotlib, plotly, bokeh or altair, got"):
        Plot().postprocess(value)  # CP-114


def test_a_handler_gets_the_record_and_may_give_it_back() -> None:
    node = Plot(plotly_figure())
    record = node.preprocess(node.value)
    assert record == node.value and record is not None and record["type"] == "plotly"  # CP-114
    assert node.postprocess(record) == record
    assert Plot().postprocess(None) is None and Plot().preprocess(None) is None


def test_a_page_needs_the_library_of_the_figure_at_hand() -> None:
    def needs(value: Any) -> set[str]:
        node = Plot()
        return set(node.chunks_for({"value": node.to_page(node.postprocess(value))}))

    assert needs(None) == set() and needs(line()) == set()
    assert needs(plotly_figure()) == {"plotly"}
    assert needs(altair_chart()) == {"vega"}
    assert needs(bokeh_figure()) == {"bokeh"}
    assert needs(bokeh_figure("$$x^2$$")) == {"bokeh", "bokeh-mathjax"}
    assert needs(bokeh_figure(r"\(x^2\)")) == {"bokeh", "bokeh-mathjax"}
    assert set(Plot(plotly_figure()).chunks_for({})) == {"plotly"}


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("plotly", "export const plotly ="),
        ("bokeh", "export const bokeh ="),
        ("bokeh-mathjax", "export function add(Bokeh)"),
    ],
)
def test_the_libraries_are_those_of_the_kernel(name: str, holds: str) -> None:
    text = text_of(f"{name}.js")
    assert holds in text and len(text) > 1_000_000
    import bokeh
    import plotly.offline

    version = plotly.offline.get_plotlyjs_version() if name == "plotly" else bokeh.__version__
    assert version in text


def test_a_page_sends_records_only_and_of_files_it_was_given(store: FileCache, tmp_path: Path) -> None:
    node = Plot()
    assert node.from_page(None) is None
    assert node.from_page({"type": "plotly", "plot": "{}", "more": 1}) == {"type": "plotly", "plot": "{}"}
    record = record_of(store.save_bytes(b"x", "plot.webp"))
    given = node.from_page({"type": "matplotlib", "plot": {**record, "size": 99}, "width": 640})
    assert given == {"type": "matplotlib", "plot": record, "width": 640}
    for raw in ("plot", {"type": "plotly", "plot": {}}, {"type": "matplotlib", "plot": "x"}):
        with pytest.raises(MessageError, match="expected the record of a plot"):
            node.from_page(raw)
    (tmp_path / "a.png").write_bytes(b"x")
    with pytest.raises(InvalidPathError):  # CP-12
        node.from_page({"type": "matplotlib", "plot": {"path": str(tmp_path / "a.png")}})


def test_a_picture_that_is_gone_is_not_shown() -> None:
    node = Plot(line())
    Path(node.value["plot"]["path"]).unlink()
    assert node.to_page(node.value) is None


def test_its_events() -> None:
    assert Plot.events == ("change",)  # CP-114
