"""What a handler may ask about who called it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ClientAddress:
    """There is no network between page and handler, so neither is known."""

    host: None = None
    port: None = None


@dataclass(frozen=True)
class Request:
    """Annotate a parameter with it to get the ``session_hash``; the web's fields are empty (EV-95)."""

    session_hash: str = ""
    username: str | None = None
    kernel_id: str | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    cookies: dict[str, str] = field(default_factory=dict[str, str])
    query_params: dict[str, str] = field(default_factory=dict[str, str])
    path_params: dict[str, str] = field(default_factory=dict[str, str])
    client: ClientAddress = ClientAddress()

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"gr.Request has no {name!r}: there is no web request behind a notebook's handler"
        )
