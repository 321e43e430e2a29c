import { useEffect } from "preact/hooks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { define, type Registry } from "./define";
import { Field } from "./field";
import { STILL } from "./liveness";
import { scoped } from "./root";
import { GRACE, textOf } from "./status";
import { FakeModel, listener, settle, show } from "./support";
import { PARTING } from "./transport";
import type { Listener, RunRecord, TreeNode } from "./wire";

interface Props {
  value: string;
  label: string | null;
  interactive: boolean | null;
}

const registry: Registry = {
  blocks: define(({ children }) => <div>{children}</div>),
  row: define(
    ({ children }) => children,
    () => ({ class: "nbb-lined", style: { display: "flex" } }),
  ),
  timer: define(
    () => null,
    () => null,
  ),
  textbox: define<Props>(({ props, app }) => (
    <Field {...props}>
      {(id) => (
        <>
          <input id={id} value={props.value} disabled={props.interactive === false} />
          <button type="button" onClick={() => app.toast({ message: "Hi", level: "success" })} />
        </>
      )}
    </Field>
  )),
  broken: define<{ value: string | null }>(({ props }) => {
    if (props.value === null) throw new Error("no value");
    return <b>{props.value}</b>;
  }),
  ticking: define(() => {
    useEffect(() => {
      const timer = setInterval(() => {}, 10);
      return () => clearInterval(timer);
    }, []);
    return null;
  }),
};

const box: TreeNode = [2, "textbox", []];
const tree: TreeNode = [1, "blocks", [box]];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

const open = (state: Record<string, unknown> = {}, more: TreeNode[] = [], listeners: Listener[] = []) =>
  show(registry, { tree: [1, "blocks", [box, ...more]], listeners, ...state });

test("properties show, and follow the kernel", async () => {
  const { el, model } = await open({ "2.value": "a", "2.label": "Name" });
  expect(el.querySelector("input")?.value).toBe("a");
  expect(el.querySelector("label")?.textContent).toBe("Name");
  expect(el.querySelector("label")?.htmlFor).toBe(el.querySelector("input")?.id);
  model.update({ "2.value": "b" });
  await settle();
  expect(el.querySelector("input")?.value).toBe("b");
});

test("a field without a label is named after its type; without show_label the name is for screen readers", async () => {
  const { el } = await open({ "3.show_label": false }, [[3, "textbox", []]]);
  const labels = [...el.querySelectorAll("label")].map((one) => [one.textContent, one.className]);
  expect(labels).toEqual([
    ["Textbox", "nbb-caption"],
    ["Textbox", "nbb-sr"],
  ]);
});

test("the outer element has id, classes and room", async () => {
  const { el } = await open({ "2.elem_id": "me", "2.elem_classes": ["x", "y"], "2.scale": 3, "2.min_width": 50 });
  const outer = el.querySelector<HTMLElement>("#me")!;
  expect(outer.className).toBe("nbb-block nbb-textbox x y");
  expect(outer.style.flexGrow).toBe("3");
  expect(outer.getAttribute("style")).toContain("min-width: min(50px, 100%)");
});

test("a layout says what its outer element looks like, and some blocks have none", async () => {
  const { el } = await open({}, [[3, "row", [[4, "timer", []]]]]);
  expect(el.querySelector(".nbb-row")?.className).toContain("nbb-lined");
  expect(el.querySelector(".nbb-timer")).toBeNull();
});

test("an invisible block is not drawn, a hidden one is kept unseen", async () => {
  const { el, model } = await open({ "2.visible": false });
  expect(el.querySelector("input")).toBeNull();
  model.update({ "2.visible": "hidden" });
  await settle();
  expect(el.querySelector<HTMLElement>(".nbb-textbox")?.hidden).toBe(true);
  expect(el.querySelector("input")).not.toBeNull();
});

test("a tree that changes keeps the blocks that stay", async () => {
  const { el, model } = await open();
  const input = el.querySelector("input");
  model.update({ tree: [1, "blocks", [[9, "textbox", []], box]] });
  await settle();
  expect(el.querySelectorAll("input")).toHaveLength(2);
  expect(el.querySelectorAll("input")[1]).toBe(input);
});

test("an unknown type is a note, the others are drawn", async () => {
  const { el } = await open({}, [[3, "flyingcarpet", []]]);
  expect(el.querySelector(".nbb-mishap")?.textContent).toContain("flyingcarpet");
  expect(el.querySelector("input")).not.toBeNull();
});

test("a block that fails takes nothing else down, and can be tried again", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { el, model } = await open({ "3.value": null }, [[3, "broken", []]]);
  expect(el.querySelector(".nbb-mishap")?.textContent).toContain("no value");
  expect(el.querySelector("input")).not.toBeNull();
  model.update({ "3.value": "fine" });
  el.querySelector<HTMLButtonElement>(".nbb-mishap button")?.click();
  await settle();
  expect(el.querySelector("b")?.textContent).toBe("fine");
});

function record(stage: RunRecord["stage"], more: Partial<RunRecord> = {}): RunRecord {
  return { stage, run: 1, position: null, size: null, eta: null, progress: null, ...more };
}

async function running(show_progress: Listener["show_progress"], more: Partial<Listener> = {}) {
  const one = listener([[2, "change"]], { outputs: [2], show_progress, ...more });
  const app = await open({}, [[3, "textbox", []]], [one]);
  const set = async (status: RunRecord, ms = GRACE * 3) => {
    app.model.update({ [`run.${one.id}`]: status });
    await settle(ms);
  };
  const status = (node = 2) => app.el.querySelector(`[data-node="${node}"] .nbb-status`);
  return { ...app, set, status };
}

test("a fast run shows nothing", async () => {
  const { set, status } = await running("full");
  await set(record("pending"), GRACE / 2);
  expect(status()).toBeNull();
  await set(record("complete"));
  expect(status()).toBeNull();
});

test("full covers the output with a spinner and the time", async () => {
  const { set, status } = await running("full");
  await set(record("pending"), 3300);
  expect(status()?.className).toContain("nbb-status-full");
  expect(status()?.querySelector(".nbb-spinner")).not.toBeNull();
  expect(status()?.textContent).toMatch(/^3\.[23]s$/);
  expect(status(3)).toBeNull();
});

test("progress shows as bars with their description", async () => {
  const { set, status } = await running("full");
  await set(record("pending", { progress: [{ index: 3, length: 10, unit: "steps", progress: null, desc: "Cook" }] }));
  expect(status()?.querySelector(".nbb-bar-text")?.textContent).toBe("Cook - 3/10 steps");
  expect(status()?.querySelector("progress")?.getAttribute("value")).toBe("0.3");
});

test("minimal shows only the text, hidden nothing", async () => {
  const minimal = await running("minimal");
  await minimal.set(record("pending"));
  expect(minimal.status()?.className).toContain("nbb-status-minimal");
  expect(minimal.status()?.querySelector(".nbb-spinner")).toBeNull();
  const hidden = await running("hidden");
  await hidden.set(record("pending"));
  expect(hidden.status()).toBeNull();
});

test("steps of a generator stay readable", async () => {
  const { set, status } = await running("full");
  await set(record("generating"));
  expect(status()?.className).toContain("nbb-status-generating");
  expect(status()?.textContent).toBe("");
});

test.each(["full", "minimal", "hidden"] as const)("an error shows with %s, until closed or run again", async (mode) => {
  const { set, status } = await running(mode);
  await set(record("error", { visible: true }));
  expect(status()?.textContent).toContain("Error");
  status()?.querySelector("button")?.click();
  await settle();
  expect(status()).toBeNull();
  await set(record("error", { visible: true, run: 2 }));
  expect(status()?.textContent).toContain("Error");
  await set(record("complete", { run: 3 }));
  expect(status()).toBeNull();
});

test("show_progress_on stands in for the outputs (EV-326)", async () => {
  const { set, status } = await running("full", { show_progress_on: [3] });
  await set(record("pending"));
  expect(status(2)).toBeNull();
  expect(status(3)).not.toBeNull();
});

test("a waiting run says its place and how long it will take", () => {
  expect(textOf(record("pending", { position: 1, size: 5, eta: 4.1 }), 900)).toBe("queue: 2/5 | 4.1s eta");
  expect(textOf(record("pending", { position: 1, size: 5 }), 900)).toBe("queue: 2/5");
  expect(textOf(record("pending", { position: 0, size: 0, eta: 2 }), 900)).toBe("0.9/2.0s");
});

test("the first output is scrolled to in the page that asked, in no other (EV-328)", async () => {
  const one = listener([[3, "submit"]], { outputs: [2], scroll_to_output: true });
  const { model, el } = await open({}, [[3, "textbox", []]], [one]);
  const scroll = vi.fn();
  el.querySelector('[data-node="2"]')!.scrollIntoView = scroll;
  model.update({ [`run.${one.id}`]: record("complete", { run: 1, origin: "another" }) });
  await settle(200);
  expect(scroll).not.toHaveBeenCalled();
  model.update({ [`run.${one.id}`]: record("complete", { run: 2, origin: model.sent[0]!.view }) });
  await settle(200);
  expect(scroll).toHaveBeenCalledTimes(1);
});

const toast = { type: "toast", level: "info", title: "Info", message: "hello", duration: 10, listener: 1 } as const;

test("a toast is announced and goes after its time", async () => {
  const { el, model } = await open();
  model.message(toast);
  model.message({ ...toast, duration: null, message: "stays" });
  await settle();
  expect(el.querySelector(".nbb-toasts")?.getAttribute("aria-live")).toBe("polite");
  expect(el.querySelectorAll(".nbb-toast")).toHaveLength(2);
  await settle(11_000);
  expect(el.querySelector(".nbb-toasts")?.textContent).toContain("stays");
  expect(el.querySelectorAll(".nbb-toast")).toHaveLength(1);
  el.querySelector<HTMLButtonElement>(".nbb-toast-close")?.click();
  await settle();
  expect(el.querySelectorAll(".nbb-toast")).toHaveLength(0);
});

test("a new dispatch removes a listener's old toasts (EV-296)", async () => {
  const one = listener([[2, "submit"]]);
  const { el, model } = await open({}, [], [one]);
  model.message({ ...toast, listener: one.id });
  await settle(1000);
  model.update({ [`run.${one.id}`]: record("pending", { run: 7 }) });
  model.message({ ...toast, listener: one.id, message: "new" });
  await settle();
  expect(el.querySelectorAll(".nbb-toast")).toHaveLength(1);
  expect(el.querySelector(".nbb-toast")?.textContent).toContain("new");
});

test("a block may show a toast", async () => {
  const { el } = await open();
  el.querySelector<HTMLButtonElement>("button")?.click();
  await settle();
  expect(el.querySelector(".nbb-toast-success")?.textContent).toContain("Hi");
});

test("the log is there once something was logged, and opens by itself on an error", async () => {
  const { el, model } = await open();
  expect(el.querySelector(".nbb-log")).toBeNull();
  model.message({ type: "log", stream: "stdout", text: "one\n", run: 1 });
  model.message({ type: "log", stream: "stdout", text: "10%\r20%\r30%\n", run: 1 });
  await settle();
  expect(el.querySelector(".nbb-log-handle")?.textContent).toBe("Log (1)");
  expect(el.querySelector(".nbb-log-text")).toBeNull();
  model.message({ type: "log", stream: "error", text: "\u001b[31mTraceback\u001b[0m", run: 1 });
  await settle();
  expect(el.querySelector(".nbb-log-text")?.textContent).toBe("one\n30%\nTraceback\n");
});

test("a page without a kernel says so and can only be read", async () => {
  const model = new FakeModel();
  model.widget_manager = { get_model: async () => Object.assign(new FakeModel(), { comm_live: false }) };
  const { el } = await show(registry, { tree }, model);
  expect(el.querySelector(".nbb-note")?.textContent).toBe(STILL);
  expect(el.querySelector("input")?.disabled).toBe(true);
  expect(model.sent).toEqual([]);
});

test("an app that was closed is greyed out with the kernel's note", async () => {
  const { el, model } = await open();
  model.message({ type: "close", note: "gone" });
  await settle();
  expect(el.querySelector(".nbb-still .nbb-note")?.textContent).toBe("gone");
  expect(el.querySelector("input")?.disabled).toBe(true);
});

test("sizes follow the options", async () => {
  const { el, model } = await open({ options: { live: true, height: 300, width: "50%" } });
  expect(el.querySelector<HTMLElement>(".nbb-stage")?.style.maxHeight).toBe("300px");
  expect(el.querySelector<HTMLElement>(".nbb")?.style.width).toBe("50%");
  model.update({ options: { live: true, height: 300, fill_height: true } });
  await settle();
  expect(el.querySelector<HTMLElement>(".nbb-stage")?.style.height).toBe("300px");
});

test("the author's style sheet reaches this app alone (AP-15)", () => {
  expect(scoped("b { color: red }", "#a").replace(/\s+/g, " ")).toMatch(
    /^(@scope \(#a\)|#a) \{ b \{ color: red;? \} \}$/,
  );
});

test("an abort leaves nothing behind", async () => {
  const one = listener([[2, "change"]], { outputs: [2] });
  const { el, model, close } = await open({}, [[3, "ticking", []]], [one]);
  model.update({ [`run.${one.id}`]: record("pending") });
  model.message(toast);
  await settle(500);
  expect(vi.getTimerCount()).toBeGreaterThan(0);
  close();
  await settle(PARTING);
  expect(vi.getTimerCount()).toBe(0);
  expect(model.listening).toBe(0);
  expect(el.innerHTML).toBe("");
});
