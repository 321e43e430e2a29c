"""Plot: a figure of matplotlib, plotly, bokeh or altair."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any, ClassVar, Literal, cast

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge import sketch
from nbblocks.bridge.assets import provide
from nbblocks.bridge.cache import current
from nbblocks.bridge.component import FieldProps
from nbblocks.bridge.files import FileRecord, read_record, record_of, shortened
from nbblocks.bridge.schemas import object_of
from nbblocks.core.errors import MessageError
from nbblocks.core.events import Event
from nbblocks.core.nodes import quick
from nbblocks.core.records import Record

from .button import Button
from .checks import kind_of
from .pictures import WEBP_MAX, shown
from .tools import ToolField

KINDS = ("matplotlib", "plotly", "bokeh", "altair")
SHARP = 2
"""Pixels of a matplotlib picture for each pixel of CSS: screens are finer than the 100 dpi of a figure."""
QUALITY = {"webp": {"quality": 90, "method": 0}, "jpeg": {"quality": 92}}
"""What PIL is told: text and thin lines suffer from its own defaults, and WebP's are slow."""
MAX_SIDE = 4096
"""Most pixels on one side of a picture that is made sharp."""


PAGE_TYPE = (
    '{ type: "matplotlib"; plot: FileRecord; width?: number }'
    ' | { type: "plotly" | "bokeh" | "altair"; plot: string } | null'
)


class PlotData(Record):
    """What a page holds of a plot.

    type: the library that made it
    plot: its JSON as text; of a matplotlib figure, the record of its picture
    width: of a matplotlib picture, in px of CSS; left out if the file says so
    """

    type: Literal["matplotlib", "plotly", "bokeh", "altair"]
    plot: str | FileRecord


class Plot(ToolField[PlotData, Any]):
    """A figure of matplotlib, drawn in the kernel, or of plotly, bokeh or altair, drawn in the page.

    The library that the page needs is sent when the first such figure is shown, and only once: plotly and
    bokeh as they are installed in the kernel, so that versions match.
    """

    api_schema = object_of(type={"type": "string"}, plot={"type": "string"})

    framed = False
    chunks: ClassVar[tuple[str, ...]] = ("bokeh", "bokeh-mathjax", "plotly", "vega")

    value = t.Any(None, allow_none=True).tag(sync=True, ts=PAGE_TYPE)

    change = Event("the figure became different")

    def __init__(
        self,
        value: Any | Callable[..., Any] | None = None,
        *,
        format: str = "webp",
        buttons: Sequence[Button] | None = None,
        **shared: Unpack[FieldProps],
    ) -> None:
        """Create it with the figure ``value``.

        :param format: file format of matplotlib figures on their way to the page: ``"webp"``, ``"png"``,
            ``"jpeg"``, or ``"svg"``, which stays sharp but grows with the number of points
        :param buttons: Buttons of your own, beside the caption
        :raises ValueError: if ``value`` is no figure
        """
        self.format = format
        super().__init__({"value": value}, {**shared, "buttons": buttons})

    @quick
    def picture(self, show: sketch.Files) -> str:
        """As every component: the figure, if the kernel has drawn it."""
        value = self.value
        if value is None or value["type"] != "matplotlib":
            return self.captioned("" if value is None else f"({sketch.text(value['type'])})")
        return self.captioned(show(value["plot"], "figure"))

    def preprocess(self, payload: PlotData | None) -> PlotData | None:
        """The record that the page holds: ``type`` and ``plot``."""
        return payload

    def postprocess(self, value: Any) -> PlotData | None:
        """The record of a figure; a matplotlib figure is drawn and closed.

        ``matplotlib.pyplot`` itself stands for its current figure, and what belongs to a matplotlib figure
        (axes, a grid of seaborn's) for that. A record, as `preprocess` gives it, is taken as it is.

        :raises ValueError: for anything else
        """
        if value is None:
            return None
        if _is_record(value):
            return PlotData(value)
        module = type(value).__module__.partition(".")[0]
        figure = _matplotlib_figure(value)
        if figure is not None:
            return _drawn(figure, self.format)
        if _is_a(value, "plotly.basedatatypes", "BaseFigure"):
            return PlotData(type="plotly", plot=value.to_json())
        if _is_a(value, "bokeh.model", "Model"):
            from bokeh.embed import json_item  # pyright: ignore

            return PlotData(type="bokeh", plot=json.dumps(json_item(value)))
        if module == "altair" and hasattr(value, "to_json"):
            return PlotData(type="altair", plot=value.to_json(indent=None))
        raise ValueError(
            f"Plot expects a figure of matplotlib, plotly, bokeh or altair, got {kind_of(value)}"
        )

    def to_page(self, wire: PlotData | None) -> Any:
        """The record; with the picture's content if it is one."""
        if wire is None or isinstance(wire["plot"], str):
            return wire
        picture = shown(wire["plot"])
        return None if picture is None else {**wire, "plot": picture}

    def from_page(self, raw: Any) -> PlotData | None:
        """A record of the form that pages get.

        :raises MessageError: if it is none
        """
        if raw is None:
            return None
        if not _is_record(raw):
            raise MessageError(f"value of plot: expected the record of a plot, got {shortened(raw)}")
        if raw["type"] != "matplotlib":
            return PlotData(type=raw["type"], plot=raw["plot"])
        record = PlotData(type="matplotlib", plot=read_record(raw["plot"]))
        if isinstance(raw.get("width"), int):
            record["width"] = raw["width"]
        return record

    def chunks_for(self, shown: Mapping[str, Any]) -> Iterable[str]:
        """The library that draws the figure at hand."""
        value = shown.get("value", self.value)
        if not isinstance(value, dict):
            return ()
        kind, plot = cast("PlotData", value)["type"], cast("PlotData", value)["plot"]
        if kind == "bokeh":
            return ("bokeh", "bokeh-mathjax") if _has_tex(plot) else ("bokeh",)
        return {"plotly": ("plotly",), "altair": ("vega",)}.get(kind, ())


def _is_record(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    given = cast("dict[str, object]", value)
    kind, plot = given.get("type"), given.get("plot")
    return kind in KINDS and isinstance(plot, dict if kind == "matplotlib" else str)


def _is_a(value: object, module: str, name: str) -> bool:
    """Whether ``value`` is of a class of a library. Nobody who has no such object pays for the import."""
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(value, getattr(loaded, name))


def _has_tex(plot: object) -> bool:
    return isinstance(plot, str) and ("$$" in plot or "\\\\[" in plot or "\\\\(" in plot or "MathML" in plot)


# -- matplotlib


def _matplotlib_figure(value: Any) -> Any:
    """The figure that ``value`` is, stands for or belongs to; None if it has to do with none."""
    if isinstance(value, ModuleType):
        return value.gcf() if value.__name__ == "matplotlib.pyplot" else None
    for _ in range(5):  # axes lie in subfigures, and these in figures
        if _is_a(value, "matplotlib.figure", "Figure"):
            return value
        value = getattr(value, "figure", None)
    return None


def _drawn(figure: Any, format: str) -> PlotData:
    """The record of the figure's picture; PNG stands in for a format that matplotlib lacks. It is closed."""
    kind = {"jpg": "jpeg"}.get(format.lower(), format.lower())
    try:
        if kind not in figure.canvas.get_supported_filetypes():
            kind = "png"
        if kind == "svg":
            return PlotData(type="matplotlib", plot=_kept(_saved(figure, kind), "plot.svg"))
        return _picture(figure, kind)
    finally:
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is not None:
            pyplot.close(figure)


def _picture(figure: Any, kind: str) -> PlotData:
    import matplotlib
    from PIL import Image

    asked = matplotlib.rcParams["savefig.dpi"]
    dpi = figure.dpi if asked == "figure" else float(asked)
    sharp = SHARP if max(figure.get_size_inches()) * dpi * SHARP <= MAX_SIDE else 1
    if kind == "webp" and max(figure.get_size_inches()) * dpi > WEBP_MAX:
        kind = "png"
    options = {"pil_kwargs": QUALITY[kind]} if kind in QUALITY else {}
    data = _saved(figure, kind, dpi=dpi * sharp, **options)
    file: Image.Image = Image.open(io.BytesIO(data))
    with file:
        width = file.width
    record = _kept(data, "plot." + kind.replace("jpeg", "jpg"))
    return PlotData(type="matplotlib", plot=record, width=round(width / sharp))


def _saved(figure: Any, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, **options)
    return buffer.getvalue()


def _kept(data: bytes, name: str) -> FileRecord:
    return record_of(current().save_bytes(data, name))


# -- the libraries of the page, as modules


def _plotly() -> str:
    """plotly.js as it comes with plotly, as a module that exports ``plotly``."""
    from plotly.offline import get_plotlyjs  # pyright: ignore

    return f"const module = {{ exports: {{}} }};\n{get_plotlyjs()}\nexport const plotly = module.exports;\n"


def _bokeh() -> str:
    """BokehJS as it comes with bokeh, as a module that exports ``bokeh``; that of the page is left alone."""
    parts = ("bokeh", "bokeh-widgets", "bokeh-tables", "bokeh-gl")
    return f"const root = {{}};\n{_run_in_root(*parts)}\nexport const bokeh = root.Bokeh;\n"


def _bokeh_mathjax() -> str:
    """What draws TeX, as a module that exports a function which adds it to BokehJS."""
    return f"export function add(Bokeh) {{ const root = {{ Bokeh }};\n{_run_in_root('bokeh-mathjax')}\n}}\n"


def _run_in_root(*parts: str) -> str:
    """Scripts of BokehJS, run with ``root`` as their global object."""
    from bokeh.resources import Resources  # pyright: ignore

    found: Any = Resources(mode="inline", components=cast("Any", list(parts)), minified=True)
    texts = [text for text in found.js_raw if len(text) > 1000]  # one more line sets the level of the log
    return "\n".join(f"(function () {{\n{text}\n}}).call(root);" for text in texts)


provide("plotly.js", _plotly)
provide("bokeh.js", _bokeh)
provide("bokeh-mathjax.js", _bokeh_mathjax)
