"""The programs that people know from Gradio's own pages, in our words, with only the import changed."""

BUTTONS = """
import nbblocks as gr
import numpy as np
from PIL import Image
Image.fromarray((np.indices((60, 90)).sum(0) % 255).astype("uint8")).convert("RGB").save("lion.png")

def combine(a, b):
    return a + " " + b

def mirror(x):
    return x

with gr.Blocks() as demo:
    txt = gr.Textbox(label="Input", lines=2)
    txt_2 = gr.Textbox(label="Input 2")
    txt_3 = gr.Textbox(value="", label="Output")
    btn = gr.Button(value="Submit")
    btn.click(combine, inputs=[txt, txt_2], outputs=[txt_3])
    with gr.Row():
        im = gr.Image(elem_id="im")
        im_2 = gr.Image(elem_id="im_2")
    btn = gr.Button(value="Mirror Image")
    btn.click(mirror, inputs=[im], outputs=[im_2])
    gr.Markdown("## Text Examples")
    gr.Examples([["hi", "Adam"], ["hello", "Eve"]], [txt, txt_2], txt_3, combine, cache_examples=True)
    gr.Markdown("## Image Examples")
    gr.Examples(examples=["lion.png"], inputs=im, outputs=im_2, fn=mirror, cache_examples=True)

if __name__ == "__main__":
    demo.launch()
"""

UPLOAD = """
from pathlib import Path
import nbblocks as gr

def upload_file(filepath):
    name = Path(filepath).name
    return [gr.UploadButton(visible=False), gr.DownloadButton(label=f"Download {name}", value=filepath, visible=True)]

def download_file():
    return [gr.UploadButton(visible=True), gr.DownloadButton(visible=False)]

with gr.Blocks() as demo:
    gr.Markdown("First upload a file and and then you'll be able download it (but only once!)")
    with gr.Row():
        u = gr.UploadButton("Upload a file", file_count="single")
        d = gr.DownloadButton("Download the file", visible=False)
    u.upload(upload_file, u, [u, d])
    d.click(download_file, None, [u, d])

demo
"""

COUNTER = """
import nbblocks as gr

with gr.Blocks() as demo:
    count = gr.State(0)
    shown = gr.Number(label="Count", interactive=False)
    more = gr.Button("More")

    @more.click(inputs=count, outputs=[count, shown])
    def add(n):
        return n + 1, n + 1

demo
"""

GREETING = """
import nbblocks as gr

def greet(name, intensity):
    return "Hello, " + name + "!" * int(intensity)

demo = gr.Interface(
    fn=greet,
    inputs=["text", gr.Slider(1, 5, value=2, step=1)],
    outputs=[gr.Textbox(label="greeting", lines=3)],
    api_name="predict",
)

demo.launch()
"""

CALCULATOR = """
import nbblocks as gr

def calculator(num1, operation, num2):
    if operation == "add":
        return num1 + num2
    elif operation == "subtract":
        return num1 - num2
    elif operation == "multiply":
        return num1 * num2
    elif operation == "divide":
        if num2 == 0:
            raise gr.Error("Cannot divide by zero!")
        return num1 / num2

demo = gr.Interface(
    calculator,
    ["number", gr.Radio(["add", "subtract", "multiply", "divide"]), "number"],
    "number",
    examples=[[45, "add", 3], [3.14, "divide", 2]],
    title="Toy Calculator",
    description="Here's a sample *toy calculator*.",
)

demo.launch()
"""

FORECAST = """
import matplotlib.pyplot as plt
import pandas as pd
import nbblocks as gr

def forecast(table, months):
    table = table.set_index("Name").astype(float)
    mean = table.mean(axis=1)
    fig = plt.figure()
    for name, row in table.iterrows():
        plt.plot(range(int(months)), [row.iloc[-1]] * int(months), label=name)
    plt.legend()
    return fig, pd.DataFrame({"Name": mean.index, "Mean": mean.to_numpy()})

with gr.Blocks(title="Forecast") as demo:
    gr.Markdown("# Sales")
    with gr.Row():
        with gr.Column():
            table = gr.Dataframe(
                headers=["Name", "Jan", "Feb"], value=[["Jon", 12, 14], ["Ada", 20, 30]], interactive=True, label="Sales"
            )
            months = gr.Slider(2, 12, 6, step=1, label="Months")
            button = gr.Button("Forecast", variant="primary")
        with gr.Column():
            plot = gr.Plot(label="Chart")
            means = gr.Dataframe(label="Means")
    button.click(forecast, [table, months], [plot, means], api_name="forecast")

demo
"""
