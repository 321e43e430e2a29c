import { afterEach, beforeEach, expect, test, vi } from "vitest";
import loader from "./loader";
import { FakeModel } from "./runtime/support";

const page = globalThis as unknown as Record<symbol, unknown>;
const mounted = vi.fn();
vi.stubGlobal("mounted", mounted);

beforeEach(() => {
  delete page[Symbol.for("nbblocks")];
  mounted.mockReset();
  // Node cannot import blobs: the text goes into the address instead.
  const text = "export const mount = (view) => globalThis.mounted(view);";
  vi.spyOn(URL, "createObjectURL").mockImplementation(
    () => `data:text/javascript,${encodeURIComponent(`${text}/* ${Math.random()} */`)}`,
  );
});
afterEach(() => vi.restoreAllMocks());

function view(hash: string) {
  const model = new FakeModel({ bundle: "anywidget:asset" });
  const asset = new FakeModel({ source: "", hash });
  const host = { getModel: vi.fn(async () => asset) };
  return { model, el: document.createElement("div"), signal: new AbortController().signal, host };
}

test("two apps of one version evaluate the bundle once, two versions live side by side", async () => {
  const views = [view("a"), view("a"), view("b")];
  for (const one of views) await loader.render(one);
  expect(mounted.mock.calls.map(([one]) => one)).toEqual(views);
  expect(URL.createObjectURL).toHaveBeenCalledTimes(2);
  expect(views[0]?.host.getModel).toHaveBeenCalledWith("anywidget:asset");
});

test("without a host the widget manager is asked", async () => {
  const { host, ...one } = view("a");
  const get_model = vi.fn(async () => new FakeModel({ source: "", hash: "a" }));
  one.model.widget_manager = { get_model };
  await loader.render(one);
  expect(get_model).toHaveBeenCalledWith("asset");
  expect(mounted).toHaveBeenCalled();
});

test("what fails is said in the page", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const one = view("a");
  one.host.getModel.mockRejectedValue(new Error("no such model"));
  await loader.render(one);
  expect(one.el.textContent).toBe("nbblocks could not draw this app: no such model");
});
