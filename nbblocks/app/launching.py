"""The options of launch: those that are honoured, and those that need a web server."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_type_hints

from typing_extensions import TypedDict


class HonouredOptions(TypedDict, total=False):
    """Options that have their effect here (AP-35); sizes in px or CSS text, times in seconds.

    keep_picture: False keeps no picture of the app in the notebook, for those who open it without (TR-62)
    height: beyond it the app scrolls; None, the default, shows all of it (TR-61)
    """

    height: int | str | None
    width: int | str
    debug: bool
    prevent_thread_lock: bool
    show_error: bool
    quiet: bool
    show_api: bool
    keep_picture: bool
    footer_links: list[Any] | None
    max_threads: int
    max_file_size: float | str | None
    state_session_capacity: int
    session_grace: float
    allowed_paths: Sequence[str | os.PathLike[str]] | None
    blocked_paths: Sequence[str | os.PathLike[str]] | None
    theme: Any
    css: str | None
    css_paths: Any
    js: str | Literal[True] | None
    head: str | None
    head_paths: Any


class LaunchOptions(HonouredOptions, total=False):
    """All options of launch; those added here need a web server and are ignored with a warning (AP-36)."""

    share: bool | None
    inbrowser: bool
    auth: Any
    auth_message: str | None
    auth_dependency: Any
    server_name: str | None
    server_port: int | None
    favicon_path: Any
    ssl_keyfile: str | None
    ssl_certfile: str | None
    ssl_keyfile_password: str | None
    ssl_verify: bool
    root_path: str | None
    share_server_address: str | None
    share_server_protocol: str | None
    share_server_tls_certificate: str | None
    enable_monitoring: bool | None
    strict_cors: bool
    node_server_name: str | None
    node_port: int | None
    ssr_mode: bool | None
    pwa: bool | None
    mcp_server: bool | None
    num_workers: int | None
    run_history: Any
    i18n: Any
    app_kwargs: dict[str, Any] | None


class QueueOptions(LaunchOptions, total=False):
    """An option of queue() that is ignored likewise."""

    api_open: bool | None


_TRUE_BY_DEFAULT = {"ssl_verify", "strict_cors"}
_warned: set[str] = set()


def check(options: Mapping[str, Any]) -> None:
    """Refuse unknown options.

    :raises TypeError: naming the option
    """
    known = get_type_hints(LaunchOptions)
    for name in options:
        if name not in known:
            raise TypeError(f"launch() got an unexpected keyword argument {name!r}")


def ignored_warnings(options: Mapping[str, Any]) -> Iterator[str]:
    """One text for each option that needs a web server, is not at its default, and was not named before."""
    ignored = get_type_hints(QueueOptions).keys() - get_type_hints(HonouredOptions).keys()
    for name in sorted(ignored & options.keys()):
        default_like = (None, True) if name in _TRUE_BY_DEFAULT else (None, False)
        quiet = bool(options.get("quiet")) and name != "auth"
        if options[name] in default_like or name in _warned or quiet:
            continue
        _warned.add(name)
        where = "queue" if name == "api_open" else "launch"
        yield f"{where}({name}=...) has no effect: nbblocks runs in the kernel, without a web server"
