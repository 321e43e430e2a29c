"""Blocks: an app, built in a ``with`` and shown by leaving it as the last line of a cell."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from typing_extensions import Self, Unpack

from nbblocks.bridge import cells
from nbblocks.bridge.block import Block, BlockProps
from nbblocks.bridge.layout import Layout
from nbblocks.bridge.options import ShowOptions, file_size, path_list, sweep_times
from nbblocks.bridge.placing import open_layout
from nbblocks.core.errors import DuplicateBlockError
from nbblocks.core.events import Event
from nbblocks.core.graph import Graph, building
from nbblocks.core.listeners import Dependency, Listener
from nbblocks.core.places import warn
from nbblocks.core.settings import seconds
from nbblocks.themes import theme_of

from .config import config_of
from .endpoints import Endpoints
from .launching import LaunchOptions, ignored_warnings
from .launching import check as check_options

if TYPE_CHECKING:
    from nbblocks.bridge.host import Host

_apps: weakref.WeakSet[Blocks] = weakref.WeakSet()


class Blocks(Endpoints, Layout):
    """An app: components, their layout, and the listeners between them.

    ``with gr.Blocks() as demo:`` builds it, ``demo`` as the last line of a cell shows it. Nothing is sent
    anywhere and no server is started; the notebook's kernel runs it.

    :param theme: a theme or its name
    :param title: caption of a detached view
    :param css: CSS text or path of a file, applied to this app alone
    :param js: source of a function run when a view opens
    :param head: HTML with scripts, styles, links and named metadata, added to the page once, before ``js``
    :param fill_height: top-level children share the height that ``launch`` is given by their ``scale``
    :param delete_cache: (frequency, age) in seconds: every ``frequency``, files of the app's cache that
        were not used for ``age`` are deleted, but for those of values that are shown or held
    """

    is_app = True

    load = Event("the first view of the app is up")
    unload = Event("the session has closed", show_progress="hidden")

    _host: Host | None = None
    _handled = False
    """Whether a widget stands for one of its blocks: shown elsewhere, it needs the running app."""
    source: Any = None
    """The client that runs its endpoints, of an app that `load` has made of a notebook."""

    def __init__(
        self,
        theme: Any = None,
        analytics_enabled: bool | None = None,
        mode: str = "blocks",
        title: str = "nbblocks",
        css: str | None = None,
        js: str | Literal[True] | None = None,
        head: str | None = None,
        fill_height: bool = False,
        delete_cache: tuple[float, float] | None = None,
        *,
        fill_width: bool = False,
        css_paths: Any = None,
        head_paths: Any = None,
        **shared: Unpack[BlockProps],
    ) -> None:
        """Create an empty app."""
        super().__init__({}, {**shared, "render": False})
        self.mode, self.title, self.theme = mode, title, theme_of(theme)
        self.fill_width = fill_width
        self.delete_cache = sweep_times(delete_cache)
        self.own_graph = Graph(self)
        self.outer: Blocks | None = None
        """The app that this one has become part of."""
        self._building: list[Graph | None] = []
        self._options = ShowOptions(
            css=_text_of(css, css_paths),
            js=js if isinstance(js, str) else None,
            head=_text_of(head, head_paths),
            fill_height=fill_height,
            title=title,
        )
        self._cell = cells.current_cell_id()
        cells.note(self)
        _apps.add(self)

    # -- building

    @property
    def graph(self) -> Graph:
        """The listeners of the app, or of the app that this one is part of."""
        return self.own_graph if self.outer is None else self.outer.graph

    def __enter__(self) -> Self:
        outer = open_layout.get()
        self._building.append(building.get())
        if self.outer is None and outer is not None and not self.is_rendered:
            self._join(outer)
        elif self.outer is None:
            building.set(self.own_graph)
        return super().__enter__()

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if not self._outer:  # closed already: it was shown inside its own with
            if open_layout.get() is self:  # a layout that was open at that time has been left since
                open_layout.set(None)
            return
        super().__exit__(kind, *rest)
        building.set(self._building.pop())
        if kind is None and self.outer is None:
            self.own_graph.settle()
        if self._host is not None:
            self._host.refresh()
        if self._handled and kind is None and self.outer is None and not self._outer:
            self.host.show()

    def _join(self, outer: Layout) -> None:
        """Become part of the app that is open (AP-6, AP-9)."""
        graph = building.get()
        if graph is None:
            return
        if self.outer is not None or self._id in graph.nodes:
            raise DuplicateBlockError(f"the app {self._id} has been rendered in this app already")
        graph.add_node(self)
        outer.append(self)
        graph.absorb(self.own_graph)
        self.outer = cast("Blocks", graph.owner)
        self.is_rendered = True

    def render(self) -> Self:
        """Place a finished app into the one that is open (AP-7)."""
        outer = open_layout.get()
        if outer is not None:
            self._join(outer)
        return self

    @property
    def page_type(self) -> str:
        """A part of another app is drawn as a column."""
        return "blocks" if self.outer is None else "column"

    def clear(self) -> Self:
        """Empty the app: blocks, listeners, children (AP-12)."""
        self.own_graph.clear()
        self.children = []
        return self

    # -- reading

    @property
    def fns(self) -> dict[int, Listener]:
        """The listeners, by id."""
        return self.graph.listeners

    @property
    def blocks(self) -> dict[int, Block]:
        """The blocks, by id."""
        return cast("dict[int, Block]", self.graph.nodes)

    @property
    def dependencies(self) -> list[Dependency]:
        """The listeners' configurations, in the order of registration."""
        return list(self.graph.dependencies.values())

    def get_config_file(self) -> dict[str, Any]:
        """The app as JSON-like data in Gradio's shape (AP-14)."""
        return config_of(self)

    @property
    def config(self) -> dict[str, Any]:
        """As `get_config_file`."""
        return config_of(self)

    def __repr__(self) -> str:
        listeners = [one for one in self.graph.listeners.values() if one.function is not None]
        lines = [f"nbblocks Blocks instance: {len(listeners)} backend functions", "-" * 48]
        for listener in listeners:
            lines.append(f"fn_index={listener.id}")
            for side, nodes in (("inputs", listener.inputs), ("outputs", listener.outputs)):
                lines.append(f" {side}:")
                lines += [f" |-{node.type_name}" for node in nodes]
        return "\n".join(lines)

    # -- showing

    @property
    def host(self) -> Host:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The running app; made anew after a close."""
        if self._host is None or self._host.closed:
            from nbblocks.bridge.host import Host  # what runs an app is loaded with the first one that runs

            self._host = Host(self, self.own_graph, self._options)
            self._host.cache.permit(self._options.allowed_paths, self._options.blocked_paths)
        return self._host

    @host.setter
    def host(self, host: object) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        """A block knows its host; an app is its own."""

    @property
    def running_host(self) -> Host | None:
        """The running app; asking for it starts none."""
        return self._host if self._host is not None and self._host.running else None

    def stand_in(self) -> Any:
        """As that of every block; an app of its own is shown by its root."""
        return self if self.outer is None else super().stand_in()

    @property
    def model_id(self) -> str:
        """Id of the root, or of the widget that stands for it in pages if it is part of another app."""
        if self.outer is not None:
            return super().model_id
        self._leave_all()
        return self.host.show().model_id

    def mimebundle(self) -> dict[str, Any]:
        """What a cell displays."""
        self._leave_all()
        return self.host.mimebundle(repr(self))

    def _leave_all(self) -> None:
        """It is shown, inside its own ``with`` maybe: then what is there so far."""
        while self._outer:
            self.__exit__(None)

    def root_for_handles(self) -> Any:
        """The root that views of single blocks are views of; None as long as the app is built."""
        self._handled = True
        return None if self._outer else self.host.show()

    def launch(
        self,
        inline: bool | None = None,
        **options: Unpack[LaunchOptions],
    ) -> tuple[Self, None, None]:
        """Show the app in the output of the running cell, and return (app, None, None). Never blocks.

        :param inline: False prepares the app without showing it
        :param options: see `LaunchOptions`; without a ``height`` the app is as high as what it holds
        :raises TypeError: for an unknown option
        :raises ValueError: if a listener cannot work as it is, see `Graph.check`
        """
        check_options(options)
        for text in ignored_warnings(options):
            warn(text)
        self.own_graph.check()
        self._take(options)
        if inline is False:
            pass  # all is checked and set, and begins with the first view or Client (AP-42)
        elif cells.shell() is None:
            if not options.get("quiet"):
                print(
                    "nbblocks shows apps in notebooks: run this in Jupyter, "
                    "or call the app with gr.Client(demo)."
                )
        else:
            from IPython.display import display  # pyright: ignore[reportUnknownVariableType]

            display(self.stand_in().mimebundle(), raw=True)
        return _Launched((self, None, None))

    def _take(self, options: Mapping[str, Any]) -> None:
        """Take over the options that are honoured (AP-35)."""
        show = self._options
        if "max_file_size" in options:
            show.max_file_size = file_size(options["max_file_size"])
        for name in ("allowed_paths", "blocked_paths"):
            if name in options:
                setattr(show, name, path_list(name, options[name]))
        if self._host is not None:
            self._host.cache.permit(show.allowed_paths, show.blocked_paths)
        for name in ("height", "width", "debug", "show_error", "keep_picture"):
            if name in options:
                setattr(show, name, options[name])
        for name, paths in (("css", "css_paths"), ("head", "head_paths")):
            if options.get(name) is not None or options.get(paths) is not None:
                setattr(show, name, _text_of(options.get(name), options.get(paths)))
        if isinstance(options.get("js"), str):
            show.js = options["js"]
        if options.get("theme") is not None:
            self.theme = theme_of(options["theme"])
        links = options.get("footer_links")
        show.footer = bool(options.get("show_api", True)) and "api" in (["api"] if links is None else links)
        settings = self.own_graph.settings
        settings.show_error = show.show_error
        settings.max_threads = options.get("max_threads", settings.max_threads)
        if "session_grace" in options:
            settings.session_grace = seconds("session_grace", options["session_grace"])
        settings.session_capacity = options.get("state_session_capacity", settings.session_capacity)

    def queue(
        self,
        status_update_rate: float | Literal["auto"] = "auto",
        api_open: bool | None = None,
        max_size: int | None = None,
        concurrency_count: int | None = None,
        *,
        default_concurrency_limit: int | None | Literal["not_set"] = "not_set",
        executor: Executor | None = None,
    ) -> Self:
        """Set the parameters of the queue, which is always there, and return the app.

        :param status_update_rate: seconds between position updates, or "auto": whenever a run starts
        :param max_size: most waiting runs; further ones are refused
        :param default_concurrency_limit: limit of listeners that set none; None for no limit
        :param executor: any ``concurrent.futures.Executor`` to run the app's plain functions: a process pool,
            Dask's ``client.get_executor(pure=False)``, ipyparallel's ``view.executor``. Arguments and results
            are sent there and back, so what such a function changes in place in a State is not kept. Limits,
            batches and cancelling are as ever; generators, coroutines and functions with Progress, Request or
            EventData arguments stay in this process. Whoever made the executor shuts it down
        :raises RuntimeError: while runs are waiting
        :raises ValueError: for a limit or a rate outside its values
        """
        for text in ignored_warnings({} if api_open is None else {"api_open": api_open}):
            warn(text)
        if concurrency_count is not None:
            raise DeprecationWarning("concurrency_count is gone: set concurrency_limit on the listeners")
        if self._host is not None and self._host.scheduler.waiting:
            raise RuntimeError("queue() cannot be changed while runs are waiting")
        if default_concurrency_limit not in ("not_set", None) and (
            not isinstance(default_concurrency_limit, int)  # pyright: ignore[reportUnnecessaryIsInstance]
            or default_concurrency_limit < 1
        ):
            raise ValueError(
                f"default_concurrency_limit must be >= 1, None or unset, got {default_concurrency_limit!r}"
            )
        if status_update_rate != "auto" and not float(status_update_rate) > 0:
            raise ValueError(
                f"status_update_rate must be 'auto' or a positive number, got {status_update_rate!r}"
            )
        if executor is not None and not callable(getattr(executor, "submit", None)):
            raise TypeError(f"executor must be a concurrent.futures.Executor, got {executor!r}")
        settings = self.own_graph.settings
        settings.status_update_rate, settings.max_size = status_update_rate, max_size
        settings.default_limit, settings.executor = default_concurrency_limit, executor
        self.own_graph.settings_changed()
        return self

    def close(self, verbose: bool = True) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Stop the app: its sessions end, its views turn grey, its files go. Showing it again starts anew."""
        self._stop_waiting()
        if self._host is not None and not self._host.closed:
            self._host.close()
            if verbose:
                print("Closed the app.")

    def replaced(self) -> None:
        """Stop the app because the cell that made it was run again, and whose output is therefore gone."""
        self._stop_waiting()
        if self._host is not None:
            self._host.close(replaced=self._host.shown_in <= {self._cell})

    def abandoned(self) -> None:
        """Close the app because the cell that showed it was deleted."""
        self.close(verbose=False)

    def inherit(self, earlier: Blocks) -> None:
        """Take over the values of keyed components from the app that its cell made before (ST-74)."""
        host = earlier.running_host
        if host is not None and host.session is not None:
            self.host.inherit(host)

    @property
    def is_running(self) -> bool:
        """Whether it has a view or a Client, and was not closed."""
        return self._host is not None and (self._host.running or self._host.dozing)

    def block_thread(self) -> None:
        """Return at once: the kernel is alive anyway (AP-40)."""

    def integrate(self, *args: Any, **kwargs: Any) -> None:
        """Not to be had.

        :raises NotImplementedError: always: there is no web server
        """
        raise NotImplementedError("integrate() needs a web server, and nbblocks has none")


class _Launched(tuple[Any, ...]):
    """What launch returns: a tuple that displays nothing as the last line of a cell."""

    __slots__ = ()

    def _ipython_display_(self) -> None:
        """Display nothing."""


def close_all(verbose: bool = True) -> None:
    """Close all apps of this kernel."""
    for app in list(_apps):
        app.close(verbose=verbose)


def _text_of(text: str | Path | None, paths: Any) -> str | None:
    """``text``, or the content of the file it names, followed by the files in ``paths``."""
    parts: list[str] = []
    if text is not None:
        path = Path(text)
        short = "\n" not in str(text) and "{" not in str(text) and len(str(text)) < 256
        parts.append(path.read_text(encoding="utf-8") if short and path.is_file() else str(text))
    more = [paths] if isinstance(paths, (str, Path)) else paths or ()
    parts += [Path(path).read_text(encoding="utf-8") for path in more]
    return "\n".join(parts) or None
