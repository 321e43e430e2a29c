"""What a person does with the programs they know, in a real JupyterLab."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from . import programs


def test_two_names_are_combined_and_a_photograph_is_mirrored(open_notebook, tmp_path: Path) -> None:
    # SB-1 SB-40 SB-41 SB-42 SB-43 SB-44 SB-45 SB-46 SB-49 SB-50 SB-51
    book = open_notebook(programs.BUTTONS)
    book.run_all()
    app = book.output(0)
    expect(app.get_by_label("Output")).to_have_value("hi Adam")  # the first of the cached examples
    app.get_by_label("Input", exact=True).fill("good morning")
    app.get_by_label("Input 2").fill("Adam")
    app.get_by_role("button", name="Submit").click()
    expect(app.get_by_label("Output")).to_have_value("good morning Adam")

    photo = tmp_path / "photo.png"
    pixels = np.random.default_rng(1).integers(0, 255, (120, 160, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(photo)
    app.locator("#im input[type=file]").set_input_files(photo)
    # Before it stands the first of the cached examples, in both places.
    expect(app.locator("#im img.nbb-shown")).to_have_js_property("naturalWidth", 160)
    app.get_by_role("button", name="Mirror Image").click()
    picture = app.locator("#im_2 img.nbb-shown")
    expect(picture).to_have_js_property("naturalWidth", 160)
    expect(picture).to_have_js_property("naturalHeight", 120)
    assert not book.problems


def test_a_click_on_an_example_fills_inputs_and_the_cached_output(
    open_notebook,
) -> None:  # SB-47 SB-48 CP-162 CP-163
    book = open_notebook(programs.BUTTONS)
    book.run_all()
    app = book.output(0)
    app.get_by_text("Eve").click()
    expect(app.get_by_label("Input", exact=True)).to_have_value("hello")
    expect(app.get_by_label("Input 2")).to_have_value("Eve")
    expect(app.get_by_label("Output")).to_have_value("hello Eve")
    app.locator(".nbb-dataset img").click()
    expect(app.locator("#im img.nbb-shown")).to_be_visible()
    expect(app.locator("#im_2 img.nbb-shown")).to_be_visible()


def test_a_file_is_uploaded_once_and_downloaded_once(open_notebook, tmp_path: Path) -> None:
    # SU-1 SU-60 SU-61 SU-62 SU-63 SU-64 SU-65 SU-66 SU-67 SU-69
    book = open_notebook(programs.UPLOAD)
    book.run_all()
    app = book.output(0)
    content = np.random.default_rng(2).bytes(3_000_000)
    file = tmp_path / "my data.bin"
    file.write_bytes(content)
    upload = app.locator("button", has_text="Upload a file")
    book.upload(upload, file)
    download = app.get_by_role("button", name="Download my data.bin")
    expect(download).to_be_visible()
    expect(upload).to_have_count(0)
    assert book.download(download) == ("my data.bin", content)
    expect(upload).to_be_visible()
    expect(download).to_have_count(0)


def test_a_counter_survives_a_page_reload(open_notebook) -> None:  # ST-6 ST-30 SS-1
    book = open_notebook(programs.COUNTER)
    book.run_all()
    for number in (1, 2):
        book.output(0).get_by_role("button", name="More").click()
        expect(book.output(0).get_by_label("Count")).to_have_value(str(number))
    book.reload()
    expect(book.output(0).get_by_label("Count")).to_have_value("2")
    book.output(0).get_by_role("button", name="More").click()
    expect(book.output(0).get_by_label("Count")).to_have_value("3")


def test_a_greeting_by_an_interface(open_notebook) -> None:  # CP-170 CP-172 AP-30
    book = open_notebook(programs.GREETING)
    book.run_all()
    app = book.output(0)
    app.get_by_label("name", exact=True).fill("Ada")
    app.get_by_role("slider", name="intensity").fill("4")
    app.get_by_role("button", name="Submit").click()
    expect(app.get_by_label("greeting")).to_have_value("Hello, Ada!!!!")
    assert book.kernel("gr.Client(demo).predict('Eve', 1, api_name='/predict')") == "'Hello, Eve!'"


def test_a_calculator_by_an_interface(open_notebook) -> None:  # CP-161 CP-162 CP-170 EV-290
    book = open_notebook(programs.CALCULATOR)
    book.run_all()
    app = book.output(0)
    expect(app.get_by_role("heading", name="Toy Calculator")).to_be_visible()
    app.get_by_role("cell", name="divide").click()
    expect(app.get_by_role("spinbutton", name="num1")).to_have_value("3.14")
    app.get_by_role("button", name="Submit").click()
    expect(app.get_by_role("spinbutton", name="output")).to_have_value("1.57")
    app.get_by_role("spinbutton", name="num2").fill("0")
    app.get_by_role("button", name="Submit").click()
    expect(app.get_by_text("Cannot divide by zero!").first).to_be_visible()


def test_a_table_is_edited_and_charted(open_notebook) -> None:  # CP-100 CP-114
    book = open_notebook(programs.FORECAST)
    book.run_all()
    app = book.output(0)
    app.get_by_role("gridcell", name="30").dblclick()
    book.page.keyboard.press("ControlOrMeta+a")
    book.page.keyboard.type("40")
    book.page.keyboard.press("Enter")
    app.get_by_role("button", name="Forecast").click()
    expect(app.locator(".nbb-plot img")).to_be_visible()
    expect(app.locator(".nbb-dataframe").last.get_by_role("gridcell", name="30")).to_be_visible()
    assert "Ada" in book.kernel("means.value")
