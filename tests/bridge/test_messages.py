"""What a page may say: every form, and the refusal of all else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbblocks.bridge.messages import MAX_CHUNK
from nbblocks.bridge.parsing import FORMS, MAX_TEXT, parse
from nbblocks.core.errors import MessageError

JS = {"1": {"ticket": "t", "result": [2]}, "2": {"ticket": "u", "error": "no"}, "3": {"ticket": "v"}}
WHOLE: dict[str, dict[str, Any]] = {
    "hello": {"js": {"0": {"ticket": "t"}}, "values": [[3, {"kept": 1}]]},
    "beat": {"hidden": True},
    "bye": {"deleted": True},
    "event": {"node": 3, "event": "click", "data": {"index": 1}, "values": [[3, "a"]], "js": JS},
    "values": {"values": [[3, None], [4, {"a": []}]], "js": {}},
    "js": {"ticket": "t", "result": [1], "error": None, "values": [[3, 1]]},
    "upload": {
        "upload": "u",
        "node": 3,
        "name": "a.txt",
        "size": 5,
        "mime": "text/plain",
        "relative": "d/a.txt",
        "modified": 7,
        "resume": 2,
        "crc": 1,
    },
    "chunk": {"upload": "u", "offset": 0},
    "upload_end": {"upload": "u", "crc": 3},
    "upload_ask": {"upload": "u"},
    "ask": {"ask": "a", "node": 3, "content": {"window": [0, 9]}},
    "set": {"node": 3, "props": {"most": 9}},
    "stop": {"run": 7},
    "upload_cancel": {"upload": "u"},
    "download": {"download": "d", "node": 3, "path": "/a"},
    "ack": {"download": "d", "received": 9, "again": True},
    "download_cancel": {"download": "d"},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def message(kind: str, **changes: Any) -> dict[str, Any]:
    return {"type": kind, "view": "v", "seq": 0, **WHOLE[kind], **changes}


def test_every_form_has_a_sample_here() -> None:
    assert WHOLE.keys() == FORMS.keys()


@pytest.mark.parametrize("kind", FORMS)
def test_a_whole_message_is_read(kind: str) -> None:
    read: Any = parse(message(kind, surplus=1), [b"x"])
    pairs = [tuple(pair) for pair in WHOLE[kind].get("values", [])]
    wanted = {**message(kind), **({"values": pairs} if "values" in WHOLE[kind] else {})}
    if isinstance(wanted.get("js"), dict):
        wanted["js"] = {int(key): value for key, value in wanted["js"].items()}
    assert read == wanted  # nothing that the form does not name gets through


def test_fields_that_may_be_missing_are_filled_in() -> None:
    read: Any = parse({"type": "event", "view": "v", "seq": 1, "node": 2, "event": "click"}, [])
    assert (read["data"], read["values"], read["js"]) == (None, [], {})
    read = parse({"type": "hello", "view": "v", "seq": 0}, [])
    assert (read["values"], read["js"]) == ([], {})


@pytest.mark.parametrize(
    ("kind", "changes", "complaint"),
    [
        ("hello", {"view": ""}, "view of the message 'hello' must be a text of 1 to 64"),
        ("hello", {"view": "v" * 65}, "1 to 64 characters"),
        ("hello", {"seq": -1}, "seq of the message 'hello' must be an integer from 0"),
        ("hello", {"seq": True}, "got True"),
        ("hello", {"seq": 1.0}, "got 1.0"),
        ("hello", {"seq": 2**53}, "an integer from 0 to 2"),
        ("event", {"node": "3"}, "node of the message 'event' must be an integer"),
        ("event", {"data": [1]}, "data of the message 'event' must be an object or null, got list"),
        ("event", {"values": {}}, "values of the message 'event' must be a list"),
        ("event", {"values": [[1]]}, "pairs"),
        ("event", {"values": [[None, 1]]}, "must be an integer"),
        ("event", {"js": {"x": []}}, "must map listener ids to objects"),
        ("event", {"js": {"1": 3}}, "must map listener ids to objects"),
        ("event", {"js": {"²": []}}, "must map listener ids to objects"),
        ("event", {"js": {"1": {"result": []}}}, "ticket in js of the message 'event' must be a text"),
        ("event", {"js": {"1": {"ticket": "t", "result": 3}}}, "result in js .* must be a list or null"),
        ("js", {"error": 3}, "error of the message 'js' must be a text or null"),
        ("upload", {"name": "n" * (MAX_TEXT + 1)}, f"at most {MAX_TEXT} characters"),
        ("upload", {"size": None}, "size of the message 'upload'"),
        ("shutdown", {}, "type of a message must be one of hello, beat"),
        (["hello"], {}, "got list"),
    ],
)
def test_a_wrong_field_is_named(kind: Any, changes: dict[str, Any], complaint: str) -> None:
    base = message(kind) if isinstance(kind, str) and kind in WHOLE else {"type": kind, "view": "v", "seq": 0}
    with pytest.raises(MessageError, match=complaint):
        parse({**base, **changes}, [])


@pytest.mark.parametrize("content", [None, 3, "hello", [], [["type", "hello"]]])
def test_a_message_must_be_an_object(content: Any) -> None:
    with pytest.raises(MessageError, match="a message must be an object"):
        parse(content, [])


def test_a_chunk_needs_its_bytes_and_not_too_many() -> None:
    with pytest.raises(MessageError, match="must carry 1 buffer, got 0"):
        parse(message("chunk"), [])
    with pytest.raises(MessageError, match=f"at most {MAX_CHUNK} bytes"):
        parse(message("chunk"), [memoryview(bytes(MAX_CHUNK + 1))])


def test_the_complaint_about_ten_megabytes_is_short() -> None:
    with pytest.raises(MessageError) as caught:
        parse(message("hello", view="x" * 10_000_000), [])
    assert len(str(caught.value)) < 200


def read_or_refused(content: object, buffers: list[Any]) -> None:
    try:
        read: Any = parse(content, buffers)
    except MessageError:
        return
    assert read["type"] in FORMS and isinstance(read["view"], str) and read["seq"] >= 0
    assert set(read) == {"type", "view", "seq", *FORMS[read["type"]]}


@given(JSON, st.lists(st.binary(max_size=8), max_size=2))
def test_any_json_is_read_or_refused(content: Any, buffers: list[bytes]) -> None:
    read_or_refused(content, buffers)


@given(st.sampled_from(list(WHOLE)), st.data())
def test_any_damage_to_a_message_is_read_or_refused(kind: str, data: st.DataObject) -> None:
    content = message(kind)
    for field in data.draw(st.lists(st.sampled_from(list(content)), max_size=3)):
        content[field] = data.draw(JSON)
    for field in data.draw(st.lists(st.sampled_from(list(content)), max_size=1)):
        del content[field]
    read_or_refused(content, [b"x"] * data.draw(st.integers(0, 1)))
