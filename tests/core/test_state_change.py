"""The change event of State."""

from __future__ import annotations

from .nodes import App


async def test_an_in_place_change_of_a_state_output_fires_change(app: App) -> None:  # ST-61 ST-62 ST-66
    def add(items: list[int]) -> list[int]:
        items.append(1)
        return items

    app.a.click(add, app.state, app.state)
    app.c.click(lambda items: items, app.state, app.state)
    app.state.change(len, app.state, app.b)
    async with app.running():
        await app.pressed(app.a)
        await app.pressed(app.c)
    assert app.sink.values(app.b) == [1]
