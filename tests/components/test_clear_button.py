from nbblocks import Blocks
from nbblocks.components import ClearButton, Slider, State, Textbox


def test_it_empties_what_it_names() -> None:
    with Blocks() as demo:
        box, slider, state = Textbox("a"), Slider(2, 9, 5), State([1])
        button = ClearButton([box, slider, state])
    (listener,) = demo.fns.values()
    assert [trigger.source for trigger in listener.triggers] == [button]
    assert list(listener.outputs) == [box, slider, state]
    assert listener.function is not None
    assert listener.function.fn() == [None, None, [1]]  # CP-81
    assert listener.api_visibility != "public"


def test_more_can_be_added_later() -> None:
    with Blocks() as demo:
        button = ClearButton(render=False)
        box = Textbox()
        assert button.add(box) is button  # CP-81
        button.render()
        late = Textbox()
        button.add([late])
    assert [list(listener.outputs) for listener in demo.fns.values()] == [[box], [late]]


def test_it_is_drawn_as_a_button() -> None:
    button = ClearButton()
    assert (button.page_type, button.type_name, button.value) == ("button", "button", "Clear")


def test_how_the_api_shows_it() -> None:  # CP-81
    for given, seen in (
        ({}, "undocumented"),
        ({"show_api": True}, "public"),
        ({"api_visibility": "private"}, "private"),
    ):
        with Blocks() as demo:
            ClearButton(Textbox(), **given)
        assert [listener.api_visibility for listener in demo.fns.values()] == [seen]
