"""What the special arguments tell: event data and the request. For Progress see test_progress."""

from __future__ import annotations

from typing import Any

import pytest

from nbblocks.core import events
from nbblocks.core.events import EventData, LikeData, SelectData, on
from nbblocks.core.progress import Progress
from nbblocks.core.requests import Request

from .nodes import App

FIELDS = {
    "SelectData": ("index", "value", "selected", "row_value", "col_value"),
    "KeyUpData": ("key", "input_value"),
    "DeletedFileData": ("file",),
    "LikeData": ("index", "value", "liked"),
    "RetryData": ("index", "value"),
    "UndoData": ("index", "value"),
    "EditData": ("index", "previous_value", "value"),
    "DownloadData": ("file",),
    "CopyData": ("value",),
}


async def test_special_arguments_are_filled_in(app: App) -> None:  # EV-90 EV-92 EV-95 EV-96
    def look(event: EventData, request: Request, progress: Any = Progress()) -> tuple[Any, ...]:
        progress(0.5, desc="half")
        return event.target is app.a, event.answer, request.session_hash == app.session.id

    app.a.click(look, None, [app.b, app.c, app.d])
    async with app.running():
        app.scheduler.trigger(app.session, app.a, "click", {"answer": 42})
        await app.settle()
    assert app.sink.steps[0] == {app.b: {"value": True}, app.c: {"value": 42}, app.d: {"value": True}}
    reported = [s.progress_data for s in app.sink.statuses if s.progress_data]
    assert reported == [[{"index": None, "length": None, "unit": "steps", "progress": 0.5, "desc": "half"}]]


# -- event data


def test_a_field_that_the_event_does_not_have_is_an_attribute_error() -> None:  # EV-92
    event = EventData(None, {"answer": 42})
    assert event.answer == 42
    with pytest.raises(AttributeError, match="no field 'question'"):
        _ = event.question
    with pytest.raises(AttributeError, match="no field 'answer'"):
        _ = EventData(None, None).answer


async def test_the_target_tells_which_trigger_fired(app: App) -> None:  # EV-92
    seen: list[Any] = []

    def look(event: EventData) -> None:
        seen.append(event.target)

    on([app.a.click, app.b.change], look)
    app.c.click(lambda: 1, None, app.b)
    async with app.running():
        await app.pressed(app.a)
        await app.pressed(app.c)
    assert seen == [app.a, app.b]


@pytest.mark.parametrize("name", FIELDS)
async def test_each_class_has_the_fields_of_its_event(app: App, name: str) -> None:  # EV-93
    cls = getattr(events, name)
    seen: list[Any] = []

    def look(event: Any) -> None:
        seen.extend(getattr(event, field) for field in FIELDS[name])
        assert type(event) is cls and event.target is app.a

    look.__annotations__["event"] = cls
    app.a.click(look)
    data = {field: f"the {field}" for field in FIELDS[name]}
    async with app.running():
        app.scheduler.trigger(app.session, app.a, "click", data)
        await app.settle()
    assert seen == list(data.values())
    with pytest.raises(AttributeError):
        _ = cls(None, data).other


def test_what_an_event_may_leave_out(app: App) -> None:  # EV-93
    assert SelectData(app.a, {"index": 3, "value": "x"}).selected is True
    assert SelectData(app.a, {"selected": False}).selected is False
    assert SelectData(app.a, {"index": 3}).row_value is None
    assert LikeData(app.a, {"index": 1}).liked is True
    assert LikeData(app.a, {"liked": "Inappropriate"}).liked == "Inappropriate"
    assert LikeData(app.a, {"liked": False}).liked is False


@pytest.mark.parametrize(("sent", "index"), [(3, 3), ([1, 2], (1, 2)), (None, None)])
def test_a_selected_place_in_two_dimensions_is_a_tuple(app: App, sent: Any, index: Any) -> None:  # EV-93
    assert SelectData(app.a, {"index": sent}).index == index


async def test_a_chained_run_has_the_target_and_no_data(app: App) -> None:  # EV-94
    seen: list[Any] = []

    def bare(event: EventData) -> None:
        seen.append((event.target, hasattr(event, "index"), hasattr(event, "answer")))

    def select(event: SelectData) -> None:
        seen.append((event.target, event.index, event.value, event.selected))

    def like(event: LikeData) -> None:
        seen.append((event.target, event.liked, hasattr(event, "answer")))

    app.a.click(lambda: 1).then(bare).success(select).then(like)
    async with app.running():
        app.scheduler.trigger(app.session, app.a, "click", {"index": 1, "answer": 42})
        await app.settle()
    assert seen == [(app.a, False, False), (app.a, None, None, None), (app.a, None, False)]


@pytest.mark.parametrize("name", FIELDS)
async def test_a_direct_call_has_neither(app: App, name: str) -> None:  # EV-92 EV-94
    cls = getattr(events, name)
    seen: list[Any] = []

    def look(event: Any) -> None:
        seen.append((event.target, *(getattr(event, field) for field in FIELDS[name])))

    look.__annotations__["event"] = cls
    dependency = app.a.click(look)
    async with app.running():
        app.scheduler.submit(app.session, dependency.listener, [])
        await app.settle()
    assert seen == [(None,) * (1 + len(FIELDS[name]))]


async def test_a_change_names_the_component_that_changed(app: App) -> None:  # EV-92
    seen: list[Any] = []

    def look(event: EventData) -> None:
        seen.append(event.target)

    app.a.click(lambda: (1, [1]), None, [app.b, app.state])
    app.b.change(look)
    app.state.change(look)
    async with app.running():
        await app.pressed()
    assert sorted(node._id for node in seen) == [app.b._id, app.state._id]


# -- the request


async def test_a_request_tells_the_session_and_nothing_of_a_web(app: App) -> None:  # EV-95 ST-7
    seen: list[Request] = []

    def look(request: Request) -> None:
        seen.append(request)

    app.scheduler.surroundings.kernel_id = "the kernel"
    app.a.click(look)
    other = app.session_of()
    async with app.running():
        app.press()
        app.press(session=other)
        await app.settle(app.session, other)
    assert {one.session_hash for one in seen} == {app.session.id, other.id}
    assert len(app.session.id) >= 8 and app.session.id != other.id
    request = seen[0]
    assert (request.username, request.kernel_id) == (None, "the kernel")
    assert request.headers == request.cookies == request.query_params == request.path_params == {}
    assert (request.client.host, request.client.port) == (None, None)
    for name in ("url", "method", "body", "session"):
        with pytest.raises(AttributeError, match=f"no '{name}'"):
            getattr(request, name)
