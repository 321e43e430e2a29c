"""BrowserState: a value that the user's browser keeps when the kernel is gone."""

from __future__ import annotations

import copy
import json
import secrets
from typing import Any, cast

import traitlets as t
from typing_extensions import Unpack

from nbblocks.bridge.block import Block, BlockProps
from nbblocks.bridge.component import Component
from nbblocks.bridge.files import paths_in
from nbblocks.core.errors import MessageError
from nbblocks.core.events import Event
from nbblocks.core.filedata import FileData
from nbblocks.core.nodes import quick


class _Plain(t.Any):
    """A trait for what JSON knows: code in cells is told at once of what it does not."""

    def validate(self, obj: Any, value: Any) -> Any:
        return _plain(value)


class BrowserState(Component[Any, Any]):
    """A JSON-serialisable value, never shown, that outlives the session and the kernel.

    Each browser that shows the app keeps it in its local storage, encrypted. The first page of a session
    brings what its browser has kept, before ``load`` listeners see the value; that is no change. What a
    handler, a cell or a page writes later goes to the browsers of all pages that are open. It is an ordinary
    input and output, of Clients too: they pass a value of their own and touch no browser.

    Handlers get what comes back from JSON: lists for tuples, text for the keys of dicts, and from a browser
    1 for 1.0.

    The secret keeps the value from those who read the browser's files, not from the page, which has to know
    it: it is among the app's properties, and so in a notebook that is saved with the state of its widgets.

    Where a page has no local storage, or no encryption because it comes neither by HTTPS nor from localhost,
    the value lives as long as the session, like that of a State.
    """

    api_schema = {"type": {}, "description": "any json-serializable value"}
    api_example = "test"

    value: Any = _Plain(None, allow_none=True).tag(sync=True, ts="unknown")
    storage_key = t.Unicode().tag(sync=True)
    secret = t.Unicode().tag(sync=True)

    unseen = True

    change = Event("the value became different, other than by what a browser had kept")

    def __init__(
        self,
        default_value: Any = None,
        *,
        storage_key: str | None = None,
        secret: str | None = None,
        **shared: Unpack[BlockProps],
    ) -> None:
        """Create it; it must stand in the app when that is first shown.

        :param default_value: the value where a browser has kept none, or none that the secret fits; models
            of pydantic become dicts, here as in what handlers return
        :param storage_key: name of the entry in the local storage, which all pages of one server share;
            None: a random one, so that the value is lost when the app is built again
        :param secret: what the value is encrypted with; None: random, and the value is lost likewise
        :raises TypeError: if ``default_value`` is not JSON-serialisable
        """
        self.default_value = _plain(default_value)
        props = {
            "value": self.default_value,
            "storage_key": storage_key or secrets.token_urlsafe(16),
            "secret": secret or secrets.token_urlsafe(16),
        }
        super().__init__(props, shared)

    @quick
    def preprocess(self, payload: Any) -> Any:
        """The value, an object of the handler's own; the default in place of None."""
        return copy.deepcopy(self.default_value if payload is None else payload)

    @quick
    def postprocess(self, value: Any) -> Any:
        """The value as it comes back from JSON.

        :raises TypeError: if it is not JSON-serialisable (ST-83)
        """
        return _plain(value)

    def from_page(self, raw: Any) -> Any:
        """What a page has read from its storage, or set by js."""
        try:
            return _plain(raw)
        except TypeError as error:
            raise MessageError(f"value of {self.type_name} {self._id}: {error}") from None

    def expected_parent(self) -> type[Any] | None:
        """That of the block before it: so it does not part the fields on both sides (CP-148)."""
        beside: list[Block] = [] if self.parent is None else self.parent.children
        before: Block | None = None
        for block in beside:
            if block is self:
                break
            before = before if block.transparent else block
        return None if before is None else before.expected_parent()


def _plain(value: object) -> Any:
    try:
        found = json.loads(json.dumps(value, default=_dumped, allow_nan=False))
        return found if next(paths_in(value), None) is None else _with_files(found, value)
    except (TypeError, ValueError, RecursionError) as error:
        raise TypeError(
            f"BrowserState takes a JSON-serialisable value, got {type(value).__name__}: {error}"
        ) from error


def _with_files(plain: Any, value: Any) -> Any:
    """What has come back from JSON, files being files again."""
    if isinstance(value, FileData):
        return FileData(plain)
    if isinstance(value, dict):
        items = zip(plain.items(), cast("dict[Any, Any]", value).values(), strict=True)
        return {name: _with_files(one, was) for (name, one), was in items}
    if isinstance(value, (list, tuple)):
        pairs = zip(plain, cast("list[Any]", value), strict=True)
        return [_with_files(one, was) for one, was in pairs]
    return plain


def _dumped(value: Any) -> Any:
    """A model of pydantic as a dict; the library itself need not be there."""
    dump = getattr(value, "model_dump", None)
    if isinstance(value, type) or not callable(dump):
        raise TypeError(f"JSON has no {type(value).__name__}")
    return dump(mode="json")
