"""What a page names: it gets at no file that its app has not given it, by whatever it says."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import traitlets as t

import nbblocks as gr
from nbblocks import components
from nbblocks.bridge import files, parsing
from nbblocks.bridge.admission import CARRIERS, Barred, looked_through
from nbblocks.bridge.cache import activated
from nbblocks.bridge.heirs import inherit
from nbblocks.bridge.portal import portal
from tests.support import FakeComm, Page
from tests.waiting import until

SECRET = "the secret of somebody else"
MARK = {"meta": {"_type": "x"}}
AWAY = "http://169.254.169.254/latest/meta-data.csv"
"""What the kernel is not to be made to fetch."""


class Anything(gr.CustomComponent):
    """Takes whatever it gets."""

    value = t.Any(None, allow_none=True).tag(sync=True)
    more = t.Any(None, allow_none=True).tag(sync=True)
    _esm = "export default { render() {} }"
    picked = gr.Event("something was picked")

    def on_message(self, content: Any) -> Any:
        """Give back what was said."""
        SAID.append(content)
        return content


SAID: list[Any] = []
COMPONENTS = [getattr(components, name) for name in components.__all__] + [Anything]
every_component = pytest.mark.parametrize("cls", COMPONENTS)


@pytest.fixture(autouse=True)
def said() -> Iterator[None]:
    """What messages have reached a custom component."""
    yield
    SAID.clear()


@pytest.fixture
def secret(tmp_path: Path) -> str:
    """A file that no app has given to anybody."""
    file = tmp_path / "outside" / "secret.png"
    file.parent.mkdir()
    file.write_text(SECRET)
    return str(file)


def settle() -> None:
    """Wait until the loop has taken everything that was handed to it before."""
    done = threading.Event()
    assert portal.hand(done.set) and done.wait(5)


def disguises(secret: str) -> Iterator[Any]:
    """Ways to name a file."""
    marked = {"path": secret, **MARK}
    yield marked
    yield {"path": secret}
    yield from (
        [marked],
        [[marked]],
        {"a": [{"b": marked}]},
        {"meta": {"_type": "x"}, "path": "", "a": marked},
    )
    yield {"data": [[marked]], "headers": ["a"]}
    yield {"data": [[1]], "headers": [marked]}
    yield {"data": [[1]], "headers": ["a"], "metadata": {"styling": [[marked]]}}
    yield [{"image": marked, "caption": None}]
    yield [{"video": {"path": secret}, "caption": None}]
    yield {"type": "matplotlib", "plot": marked}
    yield {"type": "altair", "plot": marked}
    yield {"label": "a", "confidences": [marked]}
    yield [{"token": "a", "class_or_confidence": marked}]
    yield {**marked, "path": f"{secret}/../secret.png"}
    yield {**marked, "url": secret, "orig_name": "a.png", "mime_type": "image/png", "size": 3}
    yield {"path": f"file://{secret}", **MARK}
    yield from (
        {"path": AWAY, "url": AWAY, **MARK},
        [{"image": {"path": AWAY}, "caption": None}],
        {"path": AWAY},
    )
    yield from (AWAY, [AWAY], secret, [secret])


@dataclass
class Hostile:
    """An app with one component, and a page that says what it likes."""

    cls: type[Any]
    seen: list[Any] = field(default_factory=list[Any])

    def __post_init__(self) -> None:
        with gr.Blocks() as self.app:
            self.node = self.cls(key="kept")
            self.button, self.script = gr.Button(), gr.Button()
            inputs = [self.node] if self.node.has_value else []
            raw = {"preprocess": False, "postprocess": False}
            self.button.click(self.got, inputs, **raw)
            self.listener = self.script.click(self.got, inputs, js="() => 0", **raw)
            for name in self.node.events:
                getattr(self.node, name)(self.heard, **raw)
        self.host = self.app.host
        self.page = Page(self.host.show().comm)  # pyright: ignore[reportArgumentType]

    def got(self, *values: Any) -> None:
        """A handler."""
        self.seen.append(values)

    def heard(self, event: gr.EventData) -> None:
        """A handler of an event of the component."""
        self.seen.append(event._data)

    def say_everything(self, raw: Any) -> None:
        """Name the file in each message that can carry it."""
        node, page = self.node, self.page
        pairs = [[node._id, raw]]
        page.enter(node, raw)
        page.fire(self.button, "click", values=[(node, raw)])
        for name in node.events:
            page.fire(node, name, {"file": raw, "value": [raw]})
        if isinstance(raw, dict):
            page.fire(self.button, "click", raw)
        begun = {str(self.listener["id"]): {"ticket": "t", "result": [raw]}}
        page.say("event", node=self.script._id, event="click", data=None, values=pairs, js=begun)
        page.say("js", ticket="t", result=[raw], error=None, values=pairs)
        page.say("values", values=pairs, js=begun)
        for name in node.page_props:
            page.say("set", node=node._id, props={name: raw})
        page.say("ask", ask="a", node=node._id, content=raw if isinstance(raw, dict) else {"message": raw})
        page.say("ask", ask="b", node=node._id, content={"message": raw, "function": "f", "arguments": [raw]})

    def rest(self) -> None:
        """Wait until all that was said is done."""
        settle()
        self.page.fire(self.button, "click")
        self.page.comm.wait(lambda: self.page.comm.state.get("run.0", {}).get("stage") == "complete")
        settle()

    def gets(self, path: str, name: str) -> bool:
        """Whether the page can have a file."""
        self.page.say("download", download=name, node=self.node._id, path=path)
        ends = ("download_end", "download_failed")
        found = self.page.comm.wait(
            lambda: next(
                (m for m in self.page.comm.custom if m.get("download") == name and m["type"] in ends), None
            )
        )
        return found["type"] == "download_end"


@every_component
def test_no_message_gets_at_a_file_outside(
    cls: type[Any],
    comms: list[FakeComm],
    secret: str,
    tmp_path: Path,
    silent: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # TR-1
    if cls().stateful:
        return
    fetched: list[Any] = []
    for module, name in ((files, "fetch"), (urllib.request, "urlopen")):
        monkeypatch.setattr(module, name, lambda url, **_: fetched.append(url))
    hostile = Hostile(cls)
    node, host, page = hostile.node, hostile.host, hostile.page
    assert host.session is not None
    page.say("hello", values=[[node._id, raw] for raw in disguises(secret)])
    hostile.rest()
    directory = tmp_path / "flagged"
    for raw in [None, *disguises(secret)]:
        if raw is not None:
            hostile.say_everything(raw)
            settle()
        with host.cache_active():
            node.flag(host.session.value(node), directory)
    hostile.rest()
    page.comm.handle({"method": "request_state"})
    for name, path in enumerate((secret, f"file://{secret}", secret + "/../secret.png", AWAY)):
        assert not hostile.gets(path, str(name))
    assert not [path for path in named([hostile.seen, SAID]) if "secret" in path or "meta-data" in path]
    assert fetched == []
    assert SECRET not in repr([page.comm.opened, page.comm.sent])
    assert not any(SECRET.encode() in bytes(part) for _, parts in page.comm.sent for part in parts)
    assert not any(path.is_file() for path in directory.rglob("*"))
    with gr.Blocks() as heir:
        cls(key="kept")
    inherit(heir.host, host)
    assert not any(path.is_file() for path in Path(heir.host.cache.root).rglob("*"))


def named(value: Any) -> Iterator[str]:
    """The paths in all that is a file to us, or says that it is."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if isinstance(item, gr.FileData) or "_type" in (item.get("meta") or {}):
                yield str(item.get("path"))
            waiting += item.values()
        elif isinstance(item, (list, tuple)):
            waiting += item


def test_each_field_that_may_carry_a_file_is_looked_through(
    comms: list[FakeComm], secret: str
) -> None:  # TR-1
    harmless = {"id", "text", "count", "fault", "flag"}
    forms = {form for fields in parsing.FORMS.values() for form in fields.values()}
    assert forms - harmless == set(CARRIERS)
    mark = {"path": secret, **MARK}
    given = {
        "values": [(1, mark)], "list": [mark], "js": {1: {"ticket": "t", "result": [mark]}},
        "props": {"a": mark}, "data": {"a": mark}, "object": mark,
    }  # fmt: skip
    for kind, fields in parsing.FORMS.items():
        message = {name: given.get(form) for name, form in fields.items()}
        found = looked_through({"type": kind, **message})
        assert not list(named(found)), kind


@pytest.mark.parametrize("path", [3, None, ["/etc/passwd"], {"a": 1}, True, 1.5, "", "\0", "\ud800"])
def test_a_mark_with_an_odd_path_is_refused(comms: list[FakeComm], path: Any) -> None:  # TR-1
    hostile = Hostile(gr.JSON)
    hostile.page.say("hello")
    hostile.page.enter(hostile.node, {"a": {"path": path, **MARK}})
    hostile.rest()
    assert hostile.host.session is not None and hostile.host.session.value(hostile.node) is None


def test_what_else_a_message_says_is_not_lost(
    comms: list[FakeComm], secret: str, caplog: pytest.LogCaptureFixture
) -> None:  # TR-1
    seen: list[Any] = []
    with gr.Blocks() as app:
        data, text, button = gr.JSON(), gr.Textbox(), gr.Button()
        own = Anything()
        button.click(lambda *given: seen.append(given), [data, text])
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    page.fire(button, "click", values=[(data, {"a": {"path": secret, **MARK}}), (text, "hello")])
    page.comm.wait(lambda: seen)
    assert seen == [(None, "hello")]
    page.fire(button, "click", {"file": {"path": secret, **MARK}}, values=[(text, "again")])
    page.say("set", node=own._id, props={"more": {"path": secret, **MARK}, "label": "x"})
    page.say("ask", ask="q", node=own._id, content={"message": {"path": secret, **MARK}})
    told = page.until_told("answer", ask="q")
    assert "was neither uploaded to this app nor sent to its page" in told["error"]
    page.fire(button, "click")
    page.comm.wait(lambda: len(seen) == 2)
    assert seen[1] == (None, "again") and SAID == []
    assert caplog.text.count("was neither uploaded to this app nor sent to its page") == 3


def test_plain_data_that_name_a_path_are_data(comms: list[FakeComm], secret: str) -> None:  # TR-1
    hostile = Hostile(Anything)
    hostile.page.say("hello")
    plain = {"path": secret, "meta": {"author": "me"}, "file": {"path": [1, 2]}}
    hostile.page.enter(hostile.node, plain)
    hostile.page.fire(hostile.node, "picked", plain)
    hostile.rest()
    until(lambda: plain in hostile.seen)
    assert not hostile.gets(secret, "d")


def test_data_nested_too_deep_are_refused(comms: list[FakeComm], secret: str) -> None:  # TR-1
    raw: Any = {"path": secret, **MARK}
    for _ in range(5_000):
        raw = [raw]
    assert isinstance(
        looked_through({"type": "values", "values": [(1, raw)], "js": {}})["values"][0][1], Barred
    )


def test_text_that_a_handler_shows_as_data_lends_nothing(comms: list[FakeComm], secret: str) -> None:  # TR-1
    with gr.Blocks() as app:
        text, button, data, own, kept = gr.Textbox(), gr.Button(), gr.JSON(), Anything(), gr.BrowserState()
        page_of = gr.HTML(html_template="{{value.path}}")
        rows = gr.Dataset(components=[gr.JSON(render=False)], samples=[])

        def show(typed: str) -> Any:
            found = json.loads(typed)
            return typed, found, found, found, gr.Dataset(samples=[[found]])

        button.click(show, text, [data, own, kept, page_of, rows])
        picture = gr.Image()
        raw = gr.Button()
        raw.click(lambda typed: json.loads(typed), text, picture, postprocess=False)
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    record = {"path": secret, "orig_name": "a.png", "mime_type": "image/png", "size": 3, **MARK}
    page.fire(button, "click", values=[(text, json.dumps(record))])
    page.until(kept, record)
    page.fire(raw, "click")
    page.comm.wait(lambda: page.comm.state.get("run.1", {}).get("stage") == "complete")
    page.comm.handle({"method": "request_state"})
    page.say("download", download="d", node=data._id, path=secret)
    page.until_told("download_failed", download="d")
    assert SECRET not in repr(page.comm.sent)
    session = app.host.session
    assert session is not None
    with activated(app.host.cache):
        for one in (data, own, kept):
            assert "secret" in one.flag(session.value(one), Path(secret).parent / "flagged")
    assert not (Path(secret).parent / "flagged").exists()


def given_by(app: gr.Blocks, page: Page, node: Any, path: str, name: str) -> bool:
    """Whether a page gets a file."""
    page.say("download", download=name, node=node._id, path=path)
    ends = ("download_end", "download_failed")
    said = page.comm.wait(
        lambda: [m for m in page.comm.custom if m.get("download") == name and m["type"] in ends]
    )
    return said[0]["type"] == "download_end"


def test_what_handlers_and_authors_give_can_be_had(comms: list[FakeComm], tmp_path: Path) -> None:  # TR-1
    for name in "abcdefg":
        (tmp_path / f"{name}.png").write_text(name)
    file = lambda name: gr.FileData(path=str(tmp_path / f"{name}.png"))  # noqa: E731
    with gr.Blocks() as app:
        data, own, kept, button = (
            gr.JSON({"x": [file("a")]}),
            Anything(more=(file("b"),)),
            gr.BrowserState(),
            gr.Button(),
        )
        page_of = gr.HTML(html_template="{{value.path}}", mine=file("g"))
        button.click(
            lambda: ({"y": file("c")}, {"z": file("d")}, [file("e")], file("f")),
            None,
            [data, own, kept, page_of],
        )
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")

    def has(name: str) -> bool:
        path = str(tmp_path / f"{name}.png")
        return given_by(app, page, data, path, f"{name}{len(page.comm.sent)}")

    assert has("a") and has("b") and has("g") and not has("c")
    page.fire(button, "click")
    page.comm.wait(lambda: page.shown(page_of))
    assert all(map(has, "bcdefg")) and not has("a")  # TR-2: nothing shows it any more
    page.fire(button, "click", values=[(own, page.shown(data))])  # a page may name what it is shown
    settle()
    assert app.host.session is not None
    assert isinstance(app.host.session.value(own), dict)


def test_what_a_page_has_moved_can_still_be_had(comms: list[FakeComm], tmp_path: Path) -> None:  # TR-1
    (tmp_path / "a.png").write_text("a")
    with gr.Blocks() as app:
        one, other = Anything([gr.FileData(path=str(tmp_path / "a.png"))]), Anything()
        button = gr.Button()
        button.click(lambda: None, None, one)
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    page.enter(other, {"mine": json.loads(json.dumps(page.shown(one)))})
    page.fire(button, "click")
    page.until(one, None)
    assert given_by(app, page, one, str(tmp_path / "a.png"), "d")
    page.enter(other, None)
    settle()
    assert not given_by(app, page, one, str(tmp_path / "a.png"), "e")


def test_apps_do_not_see_each_others_files(comms: list[FakeComm], tmp_path: Path) -> None:  # TR-1
    (tmp_path / "a.txt").write_text("a")
    with gr.Blocks() as first:
        early = gr.File(str(tmp_path / "a.txt"))
        late = gr.File()
        made = gr.Button()
        made.click(lambda: str(tmp_path / "a.txt"), None, late)
    with gr.Blocks() as second:
        file, data = gr.File(), gr.JSON()
    page = Page(first.host.show().comm)  # pyright: ignore[reportArgumentType]
    other = Page(second.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    other.say("hello")
    page.fire(made, "click")
    page.comm.wait(lambda: page.shown(late))
    assert second.host.session is not None
    for number, node in enumerate((early, late)):
        record = json.loads(json.dumps(page.shown(node)))
        assert given_by(first, page, node, record["path"], str(number))
        for given in (record, {"path": record["path"]}):
            other.enter(file, given)
            other.enter(data, [record])
        settle()
        assert second.host.session.value(file) is None and second.host.session.value(data) is None
        assert not given_by(second, other, file, record["path"], str(number))
    file.value = late.value  # code may hand it on
    other.comm.wait(lambda: other.shown(file))
    assert given_by(second, other, file, other.shown(file)["path"], "shown")


def test_what_a_browser_has_kept_comes_without_files_that_are_gone(
    comms: list[FakeComm], secret: str, caplog: pytest.LogCaptureFixture
) -> None:  # TR-1
    with gr.Blocks() as app:
        kept, out = gr.BrowserState(), gr.JSON()
        app.load(lambda found: found, kept, out)
    host = app.host
    path = host.cache.save_bytes(b"x", "mine.txt")
    page = Page(host.show().comm)  # pyright: ignore[reportArgumentType]
    mine = {"path": path, **MARK}
    page.say("hello", values=[[kept._id, {"name": "Ada", "gone": {"path": secret, **MARK}, "mine": mine}]])
    found = page.comm.wait(lambda: page.shown(out))
    assert (found["name"], found["gone"], found["mine"]["path"]) == ("Ada", None, path)
    assert "what a browser has kept comes without a file" in caplog.text


def test_a_file_that_was_put_in_the_place_of_another_is_not_sent(
    comms: list[FakeComm], secret: str, tmp_path: Path
) -> None:  # TR-1
    with gr.Blocks() as app:
        data = gr.JSON()
    app.launch(inline=False, allowed_paths=[tmp_path / "open"])
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    place = tmp_path / "open"
    place.mkdir()
    (place / "link").symlink_to(secret)
    (place / "up").symlink_to(tmp_path / "outside")
    for number, path in enumerate(
        (place / "link", place / "up" / "secret.png", place / ".." / "outside/secret.png")
    ):
        assert not given_by(app, page, data, str(path), str(number))
    stored = Path(app.host.cache.save_bytes(b"mine", "a.txt"))
    beside = stored.with_name("a.txt.key")
    beside.write_text(SECRET)
    assert given_by(app, page, data, str(stored), "stored") and not given_by(
        app, page, data, str(beside), "beside"
    )
    stored.unlink()
    stored.symlink_to(secret)
    assert not given_by(app, page, data, str(stored), "replaced")


def test_messages_and_answers_may_hold_files(comms: list[FakeComm], tmp_path: Path) -> None:  # TR-1
    for name in ("told", "answered"):
        (tmp_path / f"{name}.txt").write_text(name)

    class Speaker(Anything):
        def on_message(self, content: Any) -> Any:
            return {"file": gr.FileData(path=str(tmp_path / "answered.txt"))}

    with gr.Blocks() as app:
        own = Speaker()
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    own.send({"file": gr.FileData(path=str(tmp_path / "told.txt"))})
    told = page.until_told("say")["content"]["file"]["path"]
    page.say("ask", ask="a", node=own._id, content={"message": 1})
    answered = page.until_told("answer", ask="a")["content"]["file"]["path"]
    assert given_by(app, page, own, told, "1") and given_by(app, page, own, answered, "2")


def test_a_key_hands_on_files_that_the_app_had_and_no_others(
    comms: list[FakeComm], secret: str, tmp_path: Path
) -> None:  # TR-1
    (tmp_path / "a.png").write_text("mine")

    def build() -> tuple[gr.Blocks, Any, Any]:
        with gr.Blocks() as app:
            own = Anything(key="own", preserved_by_key=["value", "more"])
            file = gr.File(key="file")
        return app, own, file

    before, own, file = build()
    page = Page(before.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    kept = before.host.cache.save_file(tmp_path / "a.png")
    page.enter(file, {"path": kept})
    page.enter(own, [{"path": kept, **MARK}])
    own.more = {"path": secret, **MARK}  # code that was told so by somebody
    settle()
    after, own, file = build()
    inherit(after.host, before.host)
    before.close()
    paths = {file.value["path"], own.value[0]["path"]}
    assert all(Path(path).read_text() == "mine" for path in paths)
    assert all(path.startswith(after.host.cache.root) for path in paths)
    stored = [path for path in Path(after.host.cache.root).rglob("*") if path.is_file()]
    assert [path.read_text() for path in stored] == ["mine"] and own.more["path"] == secret
