/** One app with every component in it, over a fake model. */
import { mount } from "../../nbblocks/static/bundle.js";
import { FakeModel, part, stateOf } from "./fake.js";

const query = new URLSearchParams(location.search);
const dark = query.get("theme") === "dark";
document.documentElement.dataset.theme = dark ? "dark" : "light";
// What an app asks for with its own `theme`, against the host's.
const asked = query.get("asks");
if (query.get("host") !== "none") document.body.dataset.jpThemeLight = String(!dark);

/** The bytes of a picture, as a kernel sends them. */
async function picture(name, hue) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [640, 400];
  const pen = canvas.getContext("2d");
  const fill = pen.createLinearGradient(0, 0, 640, 400);
  fill.addColorStop(0, `hsl(${hue} 70% 62%)`);
  fill.addColorStop(1, `hsl(${hue + 70} 65% 38%)`);
  pen.fillStyle = fill;
  pen.fillRect(0, 0, 640, 400);
  pen.fillStyle = "rgb(255 255 255 / 80%)";
  pen.beginPath();
  pen.arc(460, 140, 60, 0, 7);
  pen.fill();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  const data = new DataView(await blob.arrayBuffer());
  return { path: `/cache/${name}`, url: null, size: data.byteLength, orig_name: name, mime_type: "image/png", data };
}

const [sea, dusk] = [await picture("sea.png", 190), await picture("dusk.png", 320)];
const file = { path: "/cache/report.csv", url: null, size: 120, orig_name: "report.csv", mime_type: "text/csv" };
const fields = { interactive: true };
const prose = `## Sentiment of reviews
Type a review and see **how it was meant**. [Source](https://example.org) · \`model-v2\`

- quick, even for *long* texts
- keeps $E = mc^2$ as it is

| Model | Accuracy | Cost |
|---|--:|--:|
| small | 91.2 % | 1 |
| large | 94.0 % | 7 |

\`\`\`python
def greet(name):
    return f"Hello {name}!"
\`\`\`

> A quotation, in *muted* colour.`;
const animals = [
  ["Cat", "cat"],
  ["Dog", "dog"],
  ["Goldfish", "fish"],
  ["A rather long name of an animal that wraps", "long"],
];

const app = part(
  "blocks",
  {},
  part("markdown", { value: prose }),
  part(
    "row",
    {},
    part(
      "column",
      { min_width: 280 },
      part(
        "form",
        {},
        part("textbox", {
          ...fields,
          ref: "name",
          label: "Name",
          placeholder: "Who are you?",
          info: "As it stands in your passport",
        }),
        part("textbox", {
          ...fields,
          label: "Review",
          lines: 3,
          value: "It came late,\nbut it works.",
          show_copy_button: true,
        }),
        part("number", { ...fields, label: "Stars", value: 4 }),
        part("slider", {
          ...fields,
          label: "Temperature",
          value: 0.7,
          minimum: 0,
          maximum: 1,
          step: 0.1,
          info: "Higher is wilder",
        }),
        part("checkbox", { ...fields, label: "Remember me", value: true }),
        part("dropdown", { ...fields, label: "Pet", choices: animals, value: "dog", elem_id: "pet" }),
        part("dropdown", { ...fields, label: "Pets", choices: animals, value: ["cat", "fish"], multiselect: true }),
        part("radio", {
          ...fields,
          label: "Size",
          choices: [
            ["Small", 1],
            ["Medium", 2],
            ["Large", 3],
          ],
          value: 2,
        }),
      ),
      part(
        "row",
        {},
        part("button", { value: "Clear", interactive: true }),
        part("button", { value: "Run", variant: "primary", interactive: true, elem_id: "run" }),
      ),
    ),
    part(
      "column",
      { min_width: 280 },
      part("textbox", { ref: "pending", label: "Pending", interactive: false, value: "Old text", lines: 2 }),
      part("textbox", { ref: "progress", label: "With progress", interactive: false, lines: 3 }),
      part("textbox", { ref: "generating", label: "Generating", interactive: false, value: "Half a sen" }),
      part("textbox", { ref: "minimal", label: "Minimal", interactive: false, value: "Old text" }),
      part("textbox", { ref: "failed", label: "Failed", interactive: false, value: "Old text" }),
      part("image", { label: "Input image", interactive: true }),
      part("image", { label: "Output image", interactive: false, value: sea }),
      part("image", { label: "Nothing yet", interactive: false }),
    ),
  ),
  part(
    "row",
    {},
    part("button", { value: "Primary", variant: "primary", interactive: true }),
    part("button", { value: "Secondary", interactive: true }),
    part("button", { value: "Stop", variant: "stop", interactive: true }),
    part("button", { value: "Disabled", variant: "primary", interactive: false }),
  ),
  part(
    "row",
    {},
    part("uploadbutton", { label: "Upload files", interactive: true, file_count: "multiple" }),
    part("downloadbutton", { label: "Download", interactive: true, value: file }),
    part("button", { value: "Medium", size: "md", interactive: true }),
    part("button", { value: "Small", size: "sm", interactive: true }),
    part("button", { value: "Hub", variant: "huggingface", interactive: true }),
  ),
  part(
    "tabs",
    {},
    part(
      "tab",
      { label: "Table" },
      part("dataset", {
        label: "Examples",
        components: ["image", "textbox", "number", "checkbox"],
        headers: ["Image", "Text", "Number", "Keep"],
        samples: Array.from({ length: 7 }, (_, i) => [
          i % 2 ? sea : dusk,
          `Sample number ${i}, with some words`,
          i * 1.5,
          i % 2 > 0,
        ]),
        samples_per_page: 3,
      }),
    ),
    part(
      "tab",
      { label: "Pills" },
      part("dataset", {
        label: "Examples",
        components: ["textbox"],
        headers: ["Text"],
        samples: [["Hello"], ["How do you do?"], ["A much longer example that says quite a lot"]],
      }),
    ),
    part("tab", { label: "Off", interactive: false }),
  ),
  part(
    "group",
    {},
    part("textbox", { ...fields, label: "In a group", value: "one" }),
    part("row", {}, part("textbox", { ...fields, label: "Left" }), part("textbox", { ...fields, label: "Right" })),
    part("button", { value: "Send", variant: "primary", interactive: true }),
  ),
  part(
    "row",
    { equal_height: true },
    part("textbox", {
      ...fields,
      show_label: false,
      container: false,
      scale: 4,
      placeholder: "Message, without a container",
      submit_btn: true,
      ref: "bare",
    }),
    part("button", { value: "Send", scale: 0, min_width: 90, variant: "primary", interactive: true }),
  ),
  part(
    "accordion",
    { label: "Results" },
    part(
      "row",
      {},
      part("label", {
        label: "Animal",
        value: {
          label: "Golden retriever",
          confidences: [
            { label: "Golden retriever", confidence: 0.914 },
            { label: "Labrador", confidence: 0.08 },
            { label: "Toaster", confidence: 0.006 },
          ],
        },
      }),
      part("label", { label: "Nothing yet" }),
      part("json", {
        label: "Response",
        value: {
          id: 17,
          name: "sea.png",
          ok: true,
          error: null,
          boxes: [{ at: [1.5, 20], tags: ["boat", "sky"] }, { at: [] }],
          deep: { a: { b: { c: 1 } } },
        },
      }),
    ),
    part("checkboxgroup", {
      ...fields,
      label: "Tags",
      info: "As many as fit",
      choices: animals,
      value: ["cat"],
      show_select_all: true,
    }),
    part("checkboxgroup", { label: "Tags, fixed", choices: animals, value: ["cat"], interactive: false }),
    part(
      "row",
      {},
      part("code", {
        ...fields,
        label: "Program",
        language: "python",
        value:
          'def greet(name):\n    """Say hello to somebody whose name may be rather long, so that lines do not fit."""\n    return f"Hello {name}!"',
      }),
      part("code", {
        label: "Wrapped",
        interactive: false,
        wrap_lines: true,
        lines: 3,
        value:
          '{"a": [1, 2, 3], "text": "one line that is a good deal longer than the frame it stands in, so it wraps"}\n{"b": 2}',
      }),
    ),
  ),
  part("accordion", { label: "Advanced", open: false }, part("slider", { ...fields, label: "Depth", value: 3 })),
  part("html", { value: '<b style="color: teal">HTML</b> of an author' }),
);

const { state, ids } = stateOf(app);
const units = [{ index: 3, length: 10, unit: "steps", progress: null, desc: "Training" }];
const records = {
  pending: { stage: "pending", position: 1, size: 4, eta: 3.2 },
  progress: { stage: "pending", eta: 80, progress_data: units, time: 61 },
  generating: { stage: "generating", time: 2 },
  minimal: { stage: "pending", position: 0, size: 0, time: 3 },
  failed: { stage: "error", message: "division by zero" },
  name: { stage: null, validation: { [ids.name]: "Write as it stands in your passport" } },
  bare: { stage: null, validation: { [ids.bare]: "Write something" } },
};
state.listeners = Object.keys(records).map((name, id) => ({
  id,
  targets: [],
  inputs: [],
  outputs: [ids[name]],
  show_progress: name === "minimal" ? name : "full",
  trigger_mode: "once",
  js: null,
  backend: true,
}));
for (const [id, record] of Object.values(records).entries()) state[`run.${id}`] = { run: 1, ...record };

state.options.theme = asked;
const model = new FakeModel(state);
globalThis.fake = model;
mount({ model, el: document.getElementById("app") });
