"""``%%blocks``: a cell that builds an app, which is shown below it."""

from __future__ import annotations

import shlex
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from nbblocks.core.places import warn

from .blocks import Blocks

__all__ = ["load_ipython_extension"]


class _Parser(ArgumentParser):
    """Says what is wrong instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"%%blocks: {message}")


def _parser() -> ArgumentParser:
    parser = _Parser(prog="%%blocks", description="Show the app that the cell builds.", add_help=False)
    parser.add_argument("--demo-name", default="demo", help="name of the variable that holds the app")
    parser.add_argument("--share", nargs="?", const=True, default=False, help="accepted, without effect")
    return parser


def offer() -> None:
    """Give the magic to the IPython that runs, if one does and nobody has given it one of that name."""
    ipython = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if ipython is not None:
        known = ipython.find_cell_magic("blocks")
        if known is None or getattr(known, "__module__", None) == __name__:
            load_ipython_extension(ipython)


def load_ipython_extension(ipython: Any) -> None:
    """Give a notebook the cell magic ``%%blocks``, as Gradio's extension does. Apps need no such thing."""

    def blocks(line: str, cell: str) -> None:
        """Run the cell and show the app that it builds: ``%%blocks --demo-name app``, by default ``demo``.

        Running it again puts the new app in the place of the old one; components with a ``key`` keep what was
        typed.
        """
        given = _parser().parse_args(shlex.split(line))
        if given.share:
            warn("--share has no effect: nbblocks needs no public address")
        names: dict[str, Any] = ipython.user_ns
        before = names.get(given.demo_name)
        ipython.ex(ipython.transform_cell(cell))
        app = names.get(given.demo_name)
        if not isinstance(app, Blocks):
            raise TypeError(
                f"%%blocks shows what the variable {given.demo_name!r} holds, an app, and it holds "
                f"{'nothing' if app is None else type(app).__name__}; name another one with --demo-name"
            )
        shown = app is not before and app.running_host is not None and app.running_host.root is not None
        if not shown:  # the cell may have said launch() itself
            app.launch()

    ipython.register_magic_function(blocks, "cell", "blocks")
