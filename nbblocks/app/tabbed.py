"""TabbedInterface: several apps in one, a tab for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from typing_extensions import Unpack

from nbblocks.components import Markdown
from nbblocks.core.errors import DuplicateBlockError
from nbblocks.core.places import warn
from nbblocks.layout import Tab, Tabs

from .blocks import Blocks
from .interface import InterfaceProps


class TabbedInterface(Blocks):
    """Several apps in one: each of ``interface_list`` in a tab of its own, with its events.

    :param interface_list: `Interface` objects or any other apps; each becomes part of this one
    :param tab_names: texts on the tabs, by default ``Tab 0``, ``Tab 1`` and so on
    :param title: heading above the tabs
    :param tabs_kwargs: parameters of the `Tabs`
    :raises TypeError: for what is no app
    :raises DuplicateBlockError: for an app given twice
    """

    def __init__(
        self,
        interface_list: Sequence[Blocks],
        tab_names: Sequence[str] | None = None,
        title: str | None = None,
        theme: Any = None,
        analytics_enabled: bool | None = None,
        css: str | None = None,
        js: str | Literal[True] | None = None,
        head: str | None = None,
        *,
        tabs_kwargs: Mapping[str, Any] | None = None,
        **shared: Unpack[InterfaceProps],
    ) -> None:
        for one in interface_list:
            if not isinstance(one, Blocks):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise TypeError(f"interface_list must hold apps, got {type(one).__name__}: {one!r}")
        if len(set(interface_list)) < len(interface_list):
            raise DuplicateBlockError("interface_list holds the same app twice")
        names = list(tab_names or ())
        if tab_names is not None and len(names) != len(interface_list):
            warn(f"tab_names has {len(names)} names for {len(interface_list)} apps")
        names += [f"Tab {i}" for i in range(len(names), len(interface_list))]
        handed: InterfaceProps = {"mode": "tabbed_interface", **shared}
        super().__init__(
            theme=theme,
            analytics_enabled=analytics_enabled,
            title=title or "nbblocks",
            css=css,
            js=js,
            head=head,
            **handed,
        )
        with self:
            if title:
                Markdown(f"<h1 style='text-align: center'>{title}</h1>")
            with Tabs(**(tabs_kwargs or {})):
                for app, name in zip(interface_list, names, strict=False):
                    with Tab(name) as tab:
                        self._place(app, tab)

    def _place(self, app: Blocks, tab: Tab) -> None:
        """Put ``app`` on ``tab``; one that was built where this one is has its place there already."""
        if app.parent is None or app.outer is not self.graph.owner:
            app.render()
            return
        app.parent.children.remove(app)
        tab.append(app)
