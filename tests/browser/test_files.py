"""Files chosen, dropped, pasted and saved by a person in JupyterLab."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import JSHandle, Locator, expect

from .stage import Stage, press, toast

HELD = """(files) => {
  const held = new DataTransfer();
  for (const [name, text, type] of files) held.items.add(new File([text], name, { type }));
  return held;
}"""
PASTE_PICTURE = """async () => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 4;
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
}"""
LOG = """
log = []

def note(name):
    return lambda *args: log.append((name, *args)) or f"{len(log)} {name}"

def names(files):
    if isinstance(files, list):
        return [names(file) for file in files]
    return files and files.rsplit("/", 1)[-1]
"""
BUTTON = (
    LOG
    + """
with gr.Blocks() as demo:
    button, out = gr.UploadButton("Send", OPTIONS), gr.Textbox(label="Out")
    button.click(lambda: note("click")(), None, out)
    button.upload(lambda files: note("upload")(names(files)), button, out)
demo.launch(LAUNCH)
"""
)
FILE = (
    LOG
    + """
with gr.Blocks() as demo:
    file, out = gr.File(OPTIONS), gr.Textbox(label="Out")
    file.upload(lambda files: note("upload")(names(files)), file, out)
    file.clear(lambda files: note("clear")(files), file, out)
    def select(event: gr.SelectData):
        return note("select")(event.index, event.value)
    def delete(event: gr.DeletedFileData):
        return note("delete")(event.file.orig_name)
    def download(event: gr.DownloadData):
        return note("download")(event.file.orig_name)
    file.select(select, None, out)
    file.delete(delete, None, out)
    file.download(download, None, out)
    gr.Button("Read").click(lambda files: note("read")(names(files)), file, out)
demo
"""
)


def button(options: str = "", launch: str = "") -> str:
    """The source of an app with one UploadButton."""
    return BUTTON.replace("OPTIONS", options).replace("LAUNCH", launch)


def file(options: str) -> str:
    """The source of an app with one File."""
    return FILE.replace("OPTIONS", options)


def out(app: Locator, text: str) -> None:
    """Wait until a handler has said so."""
    expect(app.get_by_label("Out")).to_have_value(text)


def held(stage: Stage, *files: tuple[str, str, str]) -> JSHandle:
    """Files in the user's hand: name, text and type of each."""
    return stage.page.evaluate_handle(HELD, [list(file) for file in files])


def drop(stage: Stage, target: Locator, *files: tuple[str, str, str]) -> None:
    """Drag files over an element, and let them fall."""
    transfer = held(stage, *files)
    for kind in ("dragenter", "dragover", "drop"):
        target.dispatch_event(kind, {"dataTransfer": transfer})


def drop_from_disk(stage: Stage, target: Locator, *paths: Path) -> None:
    """Drop files or folders of this machine, as the operating system does."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    devtools = stage.page.context.new_cdp_session(stage.page)
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, **place, "data": data})
    devtools.detach()


def choose(stage: Stage, opener: Locator, *paths: Path) -> None:
    """Press what opens the chooser, and choose; without paths, cancel it."""
    with stage.page.expect_file_chooser() as chooser:
        opener.click()
    chooser.value.set_files([str(path) for path in paths])


@contextlib.contextmanager
def saved(stage: Stage, name: str, content: bytes) -> Iterator[None]:
    """Wait for a file that the block makes the browser save."""
    with stage.page.expect_download() as download:
        yield
    assert download.value.suggested_filename == name
    assert Path(download.value.path()).read_bytes() == content


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two files of text and a picture."""
    made = [tmp_path / "a b.txt", tmp_path / "ü.csv", tmp_path / "c.png"]
    for path in made:
        path.write_text(path.name)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of 131 files, more than a browser lists at a time, two levels deep."""
    day = tmp_path / "trip" / "day 1"
    day.mkdir(parents=True)
    (day.parent / "plan.txt").write_text("plan")
    for number in range(130):
        (day / f"{number:03}.txt").write_text(str(number))
    return day.parent


# -- UploadButton


def test_a_file_is_chosen_and_the_same_again(stage: Stage, files: list[Path]) -> None:  # CP-43 CP-40 CP-11
    app = stage.show(button())
    send = app.get_by_role("button", name="Send")
    choose(stage, send, files[0])
    out(app, "2 upload")
    choose(stage, send, files[0])
    out(app, "4 upload")
    once = "('click',), ('upload', 'a b.txt')"
    assert stage.kernel("print(log)") == f"[{once}, {once}]"


def test_cancelling_the_chooser_is_no_upload(stage: Stage) -> None:  # CP-43
    app = stage.show(button())
    choose(stage, app.get_by_role("button", name="Send"))
    out(app, "1 click")
    expect(app.get_by_role("button", name="Send")).to_have_attribute("aria-busy", "false")
    assert stage.kernel("print(log)") == "[('click',)]"


def test_several_files_are_one_event(stage: Stage, files: list[Path]) -> None:  # CP-44 CP-40
    app = stage.show(button("file_count='multiple'"))
    choose(stage, app.get_by_role("button", name="Send"), *files)
    out(app, "2 upload")
    assert stage.kernel("print(log[1:])") == "[('upload', ['a b.txt', 'ü.csv', 'c.png'])]"


NAMES_OF_FOLDER = """
value = demo.host.session.value(button)
told = sorted(one["orig_name"] for one in value)
print(len(told), told[0], told[-1], sorted(names(button.preprocess(value)))[0])
"""


@pytest.mark.parametrize("how", ["chosen", "dropped"])
def test_a_folder_is_all_the_files_below_it(stage: Stage, folder: Path, how: str) -> None:  # CP-40 CP-34
    app = stage.show(button("file_count='directory'"))
    send = app.get_by_role("button", name="Send")
    if how == "chosen":
        choose(stage, send, folder)
        out(app, "2 upload")
    else:
        drop_from_disk(stage, send, folder)
        out(app, "1 upload")
    assert stage.kernel(NAMES_OF_FOLDER) == "131 trip/day 1/000.txt trip/plan.txt 000.txt"


def test_files_of_a_wrong_kind_are_named_and_left_out(stage: Stage, files: list[Path]) -> None:  # CP-42
    app = stage.show(button("file_count='multiple', file_types=['image', '.CSV']"))
    send = app.get_by_role("button", name="Send")
    assert app.locator("input[type=file]").get_attribute("accept") == "image/*,.CSV"
    choose(stage, send, *files)
    expect(toast(app, "warning")).to_contain_text("a b.txt: expected image, .CSV")
    out(app, "2 upload")
    drop(stage, send, ("d.txt", "no", "text/plain"))
    expect(toast(app, "warning").last).to_contain_text("d.txt")
    assert stage.kernel("print(log[1:])") == "[('upload', ['ü.csv', 'c.png'])]"


def test_files_are_dropped_on_the_button(stage: Stage) -> None:
    app = stage.show(button("type='binary'").replace("(names(files))", "(files)"))
    send = app.get_by_role("button", name="Send")
    send.dispatch_event("dragover", {"dataTransfer": held(stage, ("a.txt", "", ""))})
    expect(app.locator(".nbb-over")).to_have_count(1)
    drop(stage, send, ("a.txt", "fallen", "text/plain"))
    out(app, "1 upload")
    expect(app.locator(".nbb-over")).to_have_count(0)
    assert stage.kernel("print(log)") == "[('upload', b'fallen')]"  # CP-40: dropping is no click


def test_a_button_that_is_not_interactive_takes_nothing(stage: Stage) -> None:  # CP-29
    app = stage.show(button("interactive=False"))
    send = app.get_by_role("button", name="Send")
    expect(send).to_be_disabled()
    drop(stage, send, ("a.txt", "", ""))
    send.click(force=True)
    assert stage.kernel("print(log)") == "[]"


def test_one_file_too_large_stops_the_choice(stage: Stage, files: list[Path]) -> None:  # CP-13
    files[1].write_bytes(b"x" * 2000)
    app = stage.show(button("file_count='multiple'", launch="max_file_size='1kb'"))
    send = app.get_by_role("button", name="Send")
    choose(stage, send, files[0])
    out(app, "2 upload")
    choose(stage, send, *files)
    expect(toast(app, "error")).to_contain_text("ü.csv")
    expect(toast(app, "warning")).to_contain_text(
        "ü.csv could not be uploaded, so none of the 3 files was taken"
    )
    out(app, "3 click")
    assert (
        stage.kernel("print(log[2:], names(button.preprocess(button.value)))") == "[('click',)] ['a b.txt']"
    )


def test_an_upload_is_given_up_by_keyboard(stage: Stage, files: list[Path]) -> None:  # CP-43
    app = stage.show(button())
    send = app.get_by_role("button", name="Send")
    with stage.unheard():
        choose(stage, send, files[0])
        expect(app.get_by_role("button", name="Uploading 0 %")).to_have_attribute("aria-busy", "true")
        app.locator(".nbb-press").focus()
        stage.page.keyboard.press("Tab")
        expect(app.get_by_role("button", name="Cancel the upload")).to_be_focused()
        stage.page.keyboard.press("Enter")
        expect(send).to_be_focused()
    choose(stage, send, files[1])
    out(app, "3 upload")
    assert stage.kernel("print(log)") == "[('click',), ('click',), ('upload', 'ü.csv')]"


# -- File


def rows(app: Locator) -> Locator:
    """The names in the list."""
    return app.locator(".nbb-file-name")


def test_files_are_listed_saved_removed_and_cleared(stage: Stage, files: list[Path]) -> None:  # CP-99
    app = stage.show(file("label='Data', file_count='multiple'"))
    choose(stage, app.get_by_role("button", name="Drop files here"), *files[:2])
    out(app, "1 upload")
    expect(rows(app)).to_have_text(["a b.txt", "ü.csv"])
    with saved(stage, "ü.csv", "ü.csv".encode()):
        app.get_by_role("button", name="Download ü.csv, 6 B").click()
    out(app, "2 download")
    rows(app).nth(1).click()
    out(app, "3 select")
    choose(stage, app.get_by_role("button", name="Add files"), files[2])
    out(app, "4 upload")
    expect(rows(app)).to_have_text(["a b.txt", "ü.csv", "c.png"])
    press(app, "Remove a b.txt")
    out(app, "5 delete")
    expect(rows(app)).to_have_text(["ü.csv", "c.png"])
    press(app, "Read")
    out(app, "6 read")
    press(app, "Clear")
    out(app, "7 clear")
    expect(app.get_by_role("button", name="Drop files here")).to_be_visible()
    assert stage.kernel("print(*log[1:], sep='\\n')").splitlines() == [
        "('download', 'ü.csv')",
        "('select', 1, 'ü.csv')",
        "('upload', ['a b.txt', 'ü.csv', 'c.png'])",
        "('delete', 'a b.txt')",
        "('read', ['ü.csv', 'c.png'])",
        "('clear', None)",
    ]


def test_files_are_dropped_and_pasted(stage: Stage) -> None:  # CP-99
    app = stage.show(file("file_count='multiple'"))
    drop(stage, app.get_by_role("button", name="Drop files here"), ("a.txt", "x", "text/plain"))
    out(app, "1 upload")
    drop(stage, app.locator(".nbb-files"), ("b.txt", "xy", "text/plain"))
    out(app, "2 upload")
    stage.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    stage.page.evaluate(PASTE_PICTURE)
    app.locator(".nbb-files").focus()
    stage.page.keyboard.press("ControlOrMeta+V")
    out(app, "3 upload")
    expect(rows(app)).to_have_text(["a.txt", "b.txt", "image.png"])
    assert stage.kernel("print(log[2])") == "('upload', ['a.txt', 'b.txt', 'image.png'])"


@pytest.mark.parametrize("how", ["chosen", "dropped"])
def test_a_folder_fills_the_list(stage: Stage, folder: Path, how: str) -> None:  # CP-99
    app = stage.show(file("file_count='directory', height=120"))
    zone = app.get_by_role("button", name="Drop a folder here")
    if how == "chosen":
        choose(stage, zone, folder)
    else:
        drop_from_disk(stage, zone, folder)
    out(app, "1 upload")
    expect(rows(app)).to_have_count(131)
    expect(app.get_by_text("131 files", exact=False)).to_be_visible()
    assert {"trip/plan.txt", "trip/day 1/129.txt"} < set(rows(app).all_text_contents())
    box = app.locator(".nbb-files-list").bounding_box()
    assert box is not None and box["height"] == 120


def test_a_wrong_kind_is_told_and_the_chooser_cancelled(
    stage: Stage, files: list[Path]
) -> None:  # CP-42 CP-99
    app = stage.show(file("file_types=['image']"))
    zone = app.get_by_role("button", name="Drop a file here")
    choose(stage, zone)
    choose(stage, zone, files[0])
    expect(toast(app, "warning")).to_contain_text("a b.txt: expected image")
    choose(stage, zone, files[2])
    out(app, "1 upload")
    assert stage.kernel("print(log)") == "[('upload', 'c.png')]"


def test_files_are_put_in_order(stage: Stage, files: list[Path]) -> None:  # CP-99
    app = stage.show(file("file_count='multiple', allow_reordering=True"))
    choose(stage, app.get_by_role("button", name="Drop files here"), *files)
    out(app, "1 upload")
    grip = app.get_by_role("button", name="Move a b.txt: arrow keys")
    grip.focus()
    stage.page.keyboard.press("ArrowDown")
    expect(rows(app)).to_have_text(["ü.csv", "a b.txt", "c.png"])
    expect(grip).to_be_focused()
    stage.page.keyboard.press("ArrowDown")
    expect(rows(app)).to_have_text(["ü.csv", "c.png", "a b.txt"])
    app.locator(".nbb-file-row").nth(2).drag_to(
        app.locator(".nbb-file-row").nth(0), target_position={"x": 40, "y": 3}
    )
    expect(rows(app)).to_have_text(["a b.txt", "ü.csv", "c.png"])
    press(app, "Read")
    out(app, "2 read")
    assert stage.kernel("print(log[1])") == "('read', ['a b.txt', 'ü.csv', 'c.png'])"


SHOWN = """
import pathlib, tempfile
folder = pathlib.Path(tempfile.mkdtemp())
(folder / "report.csv").write_bytes(b"1,2")
(folder / "large.bin").write_bytes(b"x" * 3_000_000)
with gr.Blocks() as demo:
    file = gr.File([folder / "report.csv", folder / "large.bin"], interactive=False)
demo
"""


def test_a_file_that_is_only_shown_can_be_saved(stage: Stage) -> None:  # CP-99
    app = stage.show(SHOWN)
    expect(app.locator(".nbb-file-save")).to_have_text(["3 B", "2.9 MB"])
    with saved(stage, "report.csv", b"1,2"):
        app.get_by_role("button", name="Download report.csv").click()
    with saved(stage, "large.bin", b"x" * 3_000_000):
        app.get_by_role("button", name="Download large.bin").click()
    drop(stage, app.locator(".nbb-files"), ("a.txt", "x", "text/plain"))
    expect(rows(app)).to_have_text(["report.csv", "large.bin"])
    assert app.locator("input[type=file]").count() == 0


# -- DownloadButton

DOWNLOAD = (
    LOG
    + """
import pathlib, tempfile
folder = pathlib.Path(tempfile.mkdtemp())
(folder / "report 1.csv").write_bytes(b"1,2")
(folder / "other.csv").write_bytes(b"3,4")
with gr.Blocks() as demo:
    save, out = gr.DownloadButton("Save"), gr.Textbox(label="Out")
    save.click(lambda path: note("click")(names(path)), save, out)
    give = gr.Button("Give")
    give.click(lambda: gr.DownloadButton("Save report", folder / "report 1.csv"), None, save)
demo
"""
)


def test_a_button_saves_its_file_and_then_it_was_clicked(stage: Stage) -> None:  # CP-80
    app = stage.show(DOWNLOAD)
    press(app, "Save")
    out(app, "1 click")
    press(app, "Give")
    with saved(stage, "report 1.csv", b"1,2"):
        press(app, "Save report")
    out(app, "2 click")
    stage.kernel("save.label, save.value = 'Save other', save.postprocess(folder / 'other.csv')")
    with saved(stage, "other.csv", b"3,4"):
        press(app, "Save other")
    out(app, "3 click")
    assert (
        stage.kernel("print(log)") == "[('click', None), ('click', 'report 1.csv'), ('click', 'other.csv')]"
    )


def test_a_download_is_given_up(stage: Stage) -> None:  # CP-80
    app = stage.show(DOWNLOAD)
    press(app, "Give")
    save = app.get_by_role("button", name="Save report")
    expect(save).to_be_visible()
    with stage.unheard():
        save.click()
        expect(app.get_by_role("button", name="Downloading 0 %")).to_be_visible()
        press(app, "Cancel the download")
        expect(save).to_be_focused()
    with saved(stage, "report 1.csv", b"1,2"):
        save.click()
    out(app, "1 click")


HOSTILE = """async ([id, messages]) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const told = new Promise((tell) => kernel.iopubMessage.connect((_, { header, content }) => {
    const type = header.msg_type === "comm_msg" && content.comm_id === id && content.data.content?.type;
    if (type === "download_end" || type === "download_failed") tell(type);
  }));
  messages.forEach((content, seq) => {
    const header = { msg_id: crypto.randomUUID(), msg_type: "comm_msg", username: "", version: "5.3" };
    Object.assign(header, { session: kernel.clientId, date: new Date().toISOString() });
    const data = { method: "custom", content: { view: "hostile", seq, ...content } };
    const message = { header, parent_header: {}, metadata: {}, content: { comm_id: id, data }, buffers: [] };
    kernel.sendShellMessage({ ...message, channel: "shell" }, false, true);
  });
  return await told;
}"""


def test_a_script_in_the_page_gets_at_no_file(stage: Stage, tmp_path: Path) -> None:  # TR-1
    (tmp_path / "secret.txt").write_text("secret")
    stage.show("with gr.Blocks() as demo:\n    data, kept = gr.JSON(), gr.BrowserState()\ndemo")
    id = stage.kernel("print(demo.host.root.comm.comm_id)").strip()
    nodes = [int(one) for one in stage.kernel("print(data._id, kept._id)").split()]
    secret = {"path": str(tmp_path / "secret.txt"), "meta": {"_type": "nbblocks.FileData"}}
    values = [[node, {"a": [secret]}] for node in nodes]
    messages = [
        {"type": "hello", "values": values},
        {"type": "values", "values": values},
        {"type": "download", "download": "d", "node": nodes[0], "path": secret["path"]},
    ]
    assert stage.page.evaluate(HOSTILE, [id, messages]) == "download_failed"
    assert stage.kernel("print(data.value, kept.value)").strip() == "None None"
