import { h } from "preact";
import { beforeEach, expect, test, vi } from "vitest";
import { WithChunk } from "./chunks";
import { define } from "./define";
import { FakeModel, settle, show } from "./support";

interface Tool {
  draw(): string;
}

const Tools = define<{ value: string }>(({ app, props }) => (
  <WithChunk<Tool> of={app.chunk("tool")} height="4em">
    {(tool) => <b>{tool.draw() + props.value}</b>}
  </WithChunk>
));
const registry = { blocks: define(({ children }) => children), tools: Tools };
const page = globalThis as unknown as Record<symbol, unknown>;
let imported = 0;
let models = 0;

/** The chunk's model; Node cannot import blobs: the text goes into the address instead. */
function toolModel(source: string) {
  vi.spyOn(URL, "createObjectURL").mockImplementation(() => {
    imported += 1;
    return `data:text/javascript,${encodeURIComponent(`${source}/* ${imported} */`)}`;
  });
  models += 1;
  return { ref: `anywidget:m${models}`, asset: new FakeModel({ source, hash: `h${models}` }) };
}

/** The model of an app; whether its kernel lives is asked of the bundle's. */
function appWith(get_model: (id: string) => Promise<unknown>) {
  const model = new FakeModel();
  const get = (id: string) => (id === "asset" ? Promise.resolve({ comm_live: true }) : get_model(id));
  model.widget_manager = { get_model: get } as never;
  return model;
}

const TREE: [number, string, []][] = [
  [2, "tools", []],
  [3, "tools", []],
];

beforeEach(() => {
  delete page[Symbol.for("nbblocks")];
  imported = 0;
});

test("a block keeps its place until its chunk is there, which is loaded once for all", async () => {
  const { ref, asset } = toolModel("export const draw = () => 'drawn '; export const css = '.tool { color: red }';");
  let come = (_: unknown) => {};
  const get_model = vi.fn(() => new Promise((resolve) => (come = resolve)));
  const model = appWith(get_model);
  const { el } = await show(
    registry,
    { tree: [1, "blocks", TREE], "2.value": "a", "3.value": "b", chunks: { tool: ref } },
    model,
  );
  expect([...el.querySelectorAll<HTMLElement>(".nbb-coming")].map((one) => one.style.minHeight)).toEqual([
    "4em",
    "4em",
  ]);
  come(asset);
  await settle();
  expect([...el.querySelectorAll("b")].map((one) => one.textContent)).toEqual(["drawn a", "drawn b"]);
  expect(get_model.mock.calls).toEqual([[ref.replace("anywidget:", "")]]);
  const sheets = [...document.querySelectorAll("style[data-nbblocks]")];
  expect(sheets.filter((one) => one.textContent === ".tool { color: red }")).toHaveLength(1);

  // Another app of the same kernel draws at once; one of another kernel evaluates the same text no second time.
  const second = await show(registry, { tree: [1, "blocks", TREE], chunks: { tool: ref } }, appWith(get_model));
  expect(second.el.querySelectorAll("b")).toHaveLength(2);
  expect(get_model).toHaveBeenCalledTimes(1);
  const other = appWith(async () => asset);
  const third = await show(registry, { tree: [1, "blocks", TREE], chunks: { tool: "anywidget:other" } }, other);
  expect(third.el.querySelectorAll("b")).toHaveLength(2);
  expect(imported).toBe(1);
});

test("a chunk may be named later than the block that needs it is drawn", async () => {
  const { ref, asset } = toolModel("export const draw = () => 'late ';");
  const model = appWith(async () => asset);
  const { el } = await show(registry, { tree: [1, "blocks", TREE] }, model);
  expect(el.querySelector("b")).toBeNull();
  model.update({ chunks: { other: "anywidget:none" } });
  await settle();
  expect(el.querySelector("b")).toBeNull();
  model.update({ chunks: { other: "anywidget:none", tool: ref } });
  await settle();
  expect(el.querySelector("b")?.textContent).toContain("late");
});

test("what goes wrong is said where the block would be, and can be tried again", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { ref, asset } = toolModel("export const draw = () => 'at last ';");
  const get_model = vi.fn().mockRejectedValueOnce(new Error("no such model")).mockResolvedValue(asset);
  const tree: [number, string, typeof TREE] = [1, "blocks", [TREE[0]!]];
  const { el } = await show(registry, { tree, chunks: { tool: ref } }, appWith(get_model));
  const alert = el.querySelector("[role=alert]");
  expect(alert?.textContent).toContain("A part of the front-end could not be loaded: no such model");
  alert?.querySelector("button")?.click();
  await settle();
  expect(el.querySelector("b")?.textContent).toContain("at last");
});

test("a block whose front is in a part keeps its place until the part is there", async () => {
  const source = `export default function (require) {
    const { h } = require("preact");
    const { define } = require("runtime/define");
    return { fronts: { far: define(({ props }) => h("b", null, props.value), () => ({ title: "far" })) } };
  }`;
  const { ref, asset } = toolModel(source);
  const shared = { preact: { h }, "runtime/define": { define } };
  const parts = { places: { far: "part", near: "part" }, shared };
  const near = define<{ value: string }>(({ props }) => props.value);
  const model = appWith(async () => asset);
  const tree = [1, "blocks", [...["far", "far", "near", "nowhere"].map((type, i) => [i + 2, type, []])]];
  const state = { tree, "2.value": "a", "3.visible": false, "4.value": "c", "2.elem_id": "it" };
  const { el } = await show({ ...registry, near }, state as never, model, parts);
  expect(el.querySelector("#it.nbb-far .nbb-coming")).not.toBeNull();
  expect(el.querySelector(".nbb-near")?.textContent).toBe("c");
  expect(el.querySelector("[role=alert]")?.textContent).toContain("no component “nowhere”");
  model.update({ chunks: { part: ref } });
  await settle();
  const far = el.querySelector<HTMLElement>("#it")!;
  expect([far.innerHTML, far.title, far.className]).toEqual(["<b>a</b>", "far", "nbb-block nbb-far"]);
});

test("a part of another version is refused", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { ref, asset } = toolModel("export default (require) => ({ fronts: { far: require('lost') } });");
  const state = { tree: [1, "blocks", [[2, "far", []]]], chunks: { part: ref } };
  const parts = { places: { far: "part" }, shared: {} };
  const { el } = await show(
    registry,
    state as never,
    appWith(async () => asset),
    parts,
  );
  expect(el.querySelector("[role=alert]")?.textContent).toContain("the bundle has no lost");
});

test("a view that has gone takes nothing any more", async () => {
  const { ref, asset } = toolModel("export const draw = () => 'x';");
  let come = (_: unknown) => {};
  const model = appWith(() => new Promise((resolve) => (come = resolve)));
  const { el, close } = await show(registry, { tree: [1, "blocks", TREE], chunks: { tool: ref } }, model);
  close();
  come(asset);
  await settle();
  expect(el.textContent).toBe("");
  expect(model.listening).toBe(0);
});
