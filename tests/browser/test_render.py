"""gr.render as a person sees it in JupyterLab."""

from __future__ import annotations

from playwright.sync_api import expect

from .stage import Stage, press, status


def test_text_and_focus_stay_in_a_keyed_textbox_while_the_rest_is_rendered_anew(
    stage: Stage,
) -> None:  # AP-60 AP-64 AP-67 ST-70 ST-71 ST-73
    app = stage.show("""
with gr.Blocks() as demo:
    count = gr.Slider(1, 5, value=2, step=1, label="Count")
    out = gr.Textbox(label="Out")
    merge = gr.Button("Merge")

    @gr.render(inputs=count)
    def boxes(n):
        if n == 5:
            raise ValueError("five is too many")
        found = [gr.Textbox(key=i, label=f"Box {i}", info=f"one of {n}") for i in range(n)]
        gr.Textbox("fresh", label="Unkeyed", interactive=True)
        merge.click(lambda *texts: "+".join(text or "" for text in texts), found, out)
demo
""")
    first = app.get_by_label("Box 1")
    expect(first).to_have_value("")
    first.press_sequentially("typed")
    app.get_by_label("Unkeyed").fill("lost")
    first.focus()
    first.evaluate("element => { element.mark = true; element.setSelectionRange(2, 3); }")
    stage.kernel("count.value = 4")
    expect(app.get_by_label("Box 3")).to_be_visible()
    expect(app.get_by_label("Unkeyed")).to_have_value("fresh")
    expect(app.get_by_text("one of 4")).to_have_count(4)
    expect(first).to_have_value("typed")
    expect(first).to_be_focused()
    kept = "element => [element.mark, element.selectionStart, element.selectionEnd]"
    assert first.evaluate(kept) == [True, 2, 3]
    first.press_sequentially("-on")
    app.get_by_label("Box 3").fill("four")
    press(app, "Merge")
    expect(app.get_by_label("Out")).to_have_value("+ty-oned++four")

    app.get_by_role("slider", name="Count").press("ArrowRight")
    expect(app.locator(".nbb-status-error")).to_be_visible()
    expect(app.get_by_label("Box 3")).to_have_value("four")
    app.get_by_role("slider", name="Count").press("Home")
    expect(app.get_by_label("Box 1")).to_have_count(0)
    expect(app.get_by_label("Count").first).to_be_focused()
    expect(status(app)).to_have_count(0)
    stage.book.problems.clear()  # the error was wanted


def test_a_list_of_things_to_do(stage: Stage) -> None:  # AP-63 AP-65 AP-70 ST-62
    app = stage.show("""
with gr.Blocks() as demo:
    tasks = gr.State([])
    new_task = gr.Textbox(label="Task Name", autofocus=True, max_lines=1)
    new_task.submit(lambda tasks, name: (tasks + [{"name": name, "complete": False}], ""), [tasks, new_task],
                    [tasks, new_task])

    @gr.render(inputs=tasks)
    def render_todos(task_list):
        complete = [task for task in task_list if task["complete"]]
        incomplete = [task for task in task_list if not task["complete"]]
        gr.Markdown(f"### Incomplete Tasks ({len(incomplete)})")
        for task in incomplete:
            with gr.Row():
                gr.Textbox(task["name"], show_label=False, container=False)

                def mark_done(task=task):
                    task["complete"] = True
                    return task_list

                gr.Button("Done", scale=0).click(mark_done, None, [tasks])

                def delete(task=task):
                    task_list.remove(task)
                    return task_list

                gr.Button("Delete", scale=0, variant="stop").click(delete, None, [tasks])
        gr.Markdown(f"### Complete Tasks ({len(complete)})")
        for task in complete:
            gr.Textbox(task["name"], show_label=False, container=False)
demo
""")
    name = app.get_by_label("Task Name")
    headings = app.get_by_role("heading")
    expect(headings).to_have_text(["Incomplete Tasks (0)", "Complete Tasks (0)"])
    for number, task in enumerate(("wash", "dry", "fold"), 1):
        name.fill(task)
        name.press("Enter")
        expect(headings.first).to_have_text(f"Incomplete Tasks ({number})")
    expect(name).to_be_focused()
    app.get_by_role("button", name="Done").nth(1).click()
    expect(headings).to_have_text(["Incomplete Tasks (2)", "Complete Tasks (1)"])
    app.get_by_role("button", name="Delete").first.click()
    expect(headings).to_have_text(["Incomplete Tasks (1)", "Complete Tasks (1)"])
    texts = app.locator(".nbb-column textarea, .nbb-column input")
    expect(texts).to_have_count(2)
    assert [one.input_value() for one in texts.all()] == ["fold", "dry"]
    expect(status(app)).to_have_count(0)
