from nbblocks.components import HTML


def test_markup_is_left_alone() -> None:
    assert HTML("  <b>x</b>").value == "  <b>x</b>"  # CP-121
    assert HTML().postprocess(3) == "3"
    assert HTML().postprocess(None) is None


def test_a_caption_needs_a_container() -> None:
    assert HTML(label="a").show_label is False
    assert HTML(label="a", container=True).show_label is True
    assert HTML(label="a", container=True, show_label=False).show_label is False
