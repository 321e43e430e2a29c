"""The one widget of an app that has a front-end."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from nbblocks.bridge.assets import text_of
from nbblocks.bridge.root import Root, keep_asked_subshell
from tests.support import FakeComm


class Source:
    """An app that writes down what it is told."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {"tree": [1, "blocks", []], "2.value": b"\x89PNG"}
        self.received: list[tuple[Any, list[bytes]]] = []

    def page_state(self) -> dict[str, Any]:
        return dict(self.state)

    def receive(self, content: object, buffers: Sequence[Any]) -> None:
        self.received.append((content, [bytes(one) for one in buffers]))


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def root(source: Source, comms: list[FakeComm]) -> Any:
    root = Root(source, "1.0")
    yield root
    root.close()


def comm_of(root: Root) -> FakeComm:
    return root.comm  # pyright: ignore[reportReturnType]


def test_its_first_message_holds_the_whole_app(root: Root, comms: list[FakeComm]) -> None:  # D1
    (asset, comm) = comms
    data, _, buffers = comm.opened
    assert comm is root.comm
    assert data["state"]["tree"] == [1, "blocks", []]
    assert data["state"]["bundle"] == f"anywidget:{asset.comm_id}"
    assert (data["buffer_paths"], buffers) == ([["2.value"]], [b"\x89PNG"])


def test_the_bundle_is_one_model_for_all_apps(source: Source, comms: list[FakeComm]) -> None:  # D2
    roots = [Root(source, "1"), Root(source, "1")]
    assert len(comms) == 3
    for root in roots:
        root.close()


def test_a_reloaded_page_gets_everything_anew(root: Root, source: Source) -> None:  # ST-6
    source.state["2.value"] = b"new"
    comm_of(root).handle({"method": "request_state"})
    (data, buffers) = comm_of(root).sent[-1]
    assert data["method"] == "update" and data["state"]["tree"] == [1, "blocks", []]
    assert (data["buffer_paths"], buffers) == ([["2.value"]], [b"new"])


def test_bytes_travel_beside_the_json(root: Root) -> None:  # D8
    given = {"1.value": {"data": b"abc", "path": "/a"}, "1.label": "L"}
    root.send_changes(given)
    (data, buffers) = comm_of(root).sent[-1]
    assert data["state"] == {"1.value": {"path": "/a"}, "1.label": "L"}
    assert (data["buffer_paths"], buffers) == ([["1.value", "data"]], [b"abc"])
    assert given["1.value"]["data"] == b"abc"


def test_custom_messages_go_both_ways(root: Root, source: Source) -> None:
    root.send_custom({"type": "x"}, (b"1",))
    assert comm_of(root).sent[-1] == ({"method": "custom", "content": {"type": "x"}}, [b"1"])
    comm_of(root).receive({"type": "hello"}, [b"abc"])
    assert source.received == [({"type": "hello"}, [b"abc"])]


def test_pages_may_not_set_the_state(root: Root, source: Source, caplog: pytest.LogCaptureFixture) -> None:
    comm_of(root).handle({"method": "update", "state": {"_esm": "alert(1)", "bundle": "evil"}})
    assert root.bundle.startswith("anywidget:") and "evil" not in str(comm_of(root).sent)
    assert "not for pages to use" in caplog.text


@pytest.mark.parametrize(
    "message",
    [None, [], {}, {"content": None}, {"content": {"data": []}}, {"content": {"data": {"method": "custom"}}}],
)
def test_a_malformed_message_is_logged(root: Root, message: Any, caplog: pytest.LogCaptureFixture) -> None:
    root._handle_msg(message)
    assert "malformed" in caplog.text


def test_a_closed_root_sends_nothing(source: Source, comms: list[FakeComm]) -> None:
    root = Root(source, "1")
    root.close()
    root.send_custom({}, ())
    root.send_changes({"a": 1})
    assert comms[-1].closed and comms[-1].sent == []


class Subshells:
    """A comm of a kernel that can route to subshells."""

    def _reply_subshell_for(self, data: Any, default: Any) -> Any:
        return "the one that published last"


def test_messages_go_to_the_subshell_that_the_page_asked_for() -> None:  # D4
    comm = Subshells()
    keep_asked_subshell(comm)
    assert comm._reply_subshell_for({}, "asked for") == "asked for"


def test_kernels_without_that_routing_are_left_alone() -> None:  # D4
    comm = FakeComm()
    keep_asked_subshell(comm)
    assert not hasattr(comm, "_reply_subshell_for")


def test_ipykernel_still_has_the_routing_that_is_replaced() -> None:  # D4
    from ipykernel.comm.comm import BaseComm, Comm

    assert callable(BaseComm._reply_subshell_for) and callable(Comm._reply_subshell_for)
    comm = BaseComm(target_name="t", primary=False)
    assert comm._reply_subshell_for({}, None) in (None, threading.current_thread().name)
    keep_asked_subshell(comm)
    assert comm._reply_subshell_for({}, "asked for") == "asked for"


def test_a_front_end_that_was_not_built_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="missing.js is missing: in a checkout, build it"):
        text_of("missing.js")
