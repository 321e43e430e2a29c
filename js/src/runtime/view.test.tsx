import { useEffect } from "preact/hooks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { define, type Registry } from "./define";
import { Field } from "./field";
import { STILL } from "./liveness";
import { scoped } from "./root";
import { GRACE, textOf, WAITED } from "./status";
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
  textbox: define<Props, string>(({ props, app, emit }) => (
    <Field {...props}>
      {(id) => (
        <>
          <input
            id={id}
            value={props.value}
            disabled={props.interactive === false}
            onInput={(event) => emit("input", { value: event.currentTarget.value })}
          />
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
  return { stage, run: 1, position: null, size: null, eta: null, progress_data: null, ...more };
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

test("full covers the output with a spinner and the time (EV-327)", async () => {
  const { set, status } = await running("full");
  await set(record("pending"), 3300);
  expect(status()?.className).toContain("nbb-status-full");
  expect(status()?.querySelector(".nbb-spinner")).not.toBeNull();
  expect(status()?.textContent).toMatch(/^3\.[23]s$/);
  expect(status(3)).toBeNull();
});

test("the clock shows how long the run has been going, not how long it waited", async () => {
  const { set, status } = await running("full");
  await set(record("pending", { position: 0, size: 1 }), 5000);
  expect(status()?.textContent).toBe("queue: 1/1");
  await set(record("pending", { position: 0, size: 0, time: 0 }), 10);
  expect(status()?.textContent).toBe("0.0s");
  await settle(2000);
  expect(status()?.textContent).toMatch(/^2\.0s$/);
  await set(record("pending", { time: 2.5 }), 1000);
  expect(status()?.textContent).toMatch(/^3\.[45]s$/);
});

test("a view opened while a run goes on shows its time at once, and so does a second view of the page", async () => {
  const one = listener([[2, "submit"]], { outputs: [2] });
  const { el, model } = await open({ [`run.${one.id}`]: record("pending", { time: 61 }) }, [], [one]);
  expect(el.querySelector(".nbb-status")?.textContent).toMatch(/^61\.[01]s$/);
  await settle(4000);
  const second = await show(registry, { tree, listeners: [one] }, model);
  expect(second.el.querySelector(".nbb-status")?.textContent).toMatch(/^65\.[01]s$/);
});

test.each(["full", "minimal"] as const)("whoever waits may stop a run after 3 s, with %s", async (mode) => {
  // TR-64
  const { set, status, model } = await running(mode);
  const button = () => status()?.querySelector<HTMLButtonElement>('button[aria-label="Stop"]');
  await set(record("pending", { time: 0, run: 7 }), WAITED - 200);
  expect(status()?.textContent).toMatch(/s$/);
  expect(button()).toBeNull();
  await settle(400);
  button()!.click();
  expect(model.sent.filter((one) => one.type === "stop")).toMatchObject([{ run: 7 }]);
  await set(record("pending", { time: 3.5, run: 7, stopping: true }));
  expect(status()?.textContent).toBe("stopping");
  await set(record("complete", { run: 7 }));
  expect(status()).toBeNull();
});

test.each(["generating", "streaming"] as const)(
  "a run that is %s, or waits, may be stopped likewise",
  async (stage) => {
    // TR-64
    const { set, status } = await running("full");
    await set(record(stage, { time: 4 }));
    expect(status()?.querySelector('[aria-label="Stop"]')).not.toBeNull();
    await set(record("pending", { position: 1, size: 2, run: 2 }), WAITED + 200);
    expect(status()?.textContent).toBe("queue: 2/2");
    expect(status()?.querySelector('[aria-label="Stop"]')).not.toBeNull();
  },
);

test("what shows nothing of its runs shows no stop either", async () => {
  // TR-64
  const { set, status } = await running("hidden");
  await set(record("pending", { time: 9 }), WAITED);
  expect(status()).toBeNull();
});

test("progress shows as bars with their description", async () => {
  const { set, status } = await running("full");
  await set(
    record("pending", { progress_data: [{ index: 3, length: 10, unit: "steps", progress: null, desc: "Cook" }] }),
  );
  expect(status()?.querySelector(".nbb-bar-text")?.textContent).toBe("Cook - 3/10 steps");
  expect(status()?.querySelector("progress")?.getAttribute("value")).toBe("0.3");
});

test("minimal shows only the text, hidden nothing (EV-327)", async () => {
  const minimal = await running("minimal");
  await minimal.set(record("pending"));
  expect(minimal.status()?.className).toContain("nbb-status-minimal");
  expect(minimal.status()?.querySelector(".nbb-spinner")).toBeNull();
  const hidden = await running("hidden");
  await hidden.set(record("pending"));
  expect(hidden.status()).toBeNull();
});

test.each(["generating", "streaming"] as const)("steps of a run that is %s stay readable (EV-321)", async (stage) => {
  const { set, status } = await running("full");
  await set(record(stage));
  expect(status()?.className).toContain("nbb-status-generating");
  expect(status()?.textContent).toBe("");
});

test.each(["full", "minimal", "hidden"] as const)(
  "an error shows with %s, until closed or run again (EV-327)",
  async (mode) => {
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
  },
);

test("no stage is no status, and an error does not hide a run that goes on (EV-321)", async () => {
  const { set, status, model } = await running("full");
  await set(record(null));
  expect(status()).toBeNull();
  const other = listener([[3, "submit"]], { outputs: [2] });
  model.update({ listeners: [...(model.get("listeners") as Listener[]), other] });
  await set(record("generating"));
  model.update({ [`run.${other.id}`]: record("error", { visible: true }) });
  await settle();
  expect(status()?.className).toContain("nbb-status-generating");
});

test("an error is over when another listener has renewed the block, and not if that was before", async () => {
  const { set, status, model } = await running("full");
  const other = listener([[3, "submit"]], { outputs: [2], show_progress: "hidden" });
  model.update({ listeners: [...(model.get("listeners") as Listener[]), other] });
  const renew = async (run: number) => {
    await settle(10);
    model.update({ [`run.${other.id}`]: record("complete", { run }) });
    await settle(10);
  };
  await renew(1);
  await set(record("error", { run: 2, visible: true }));
  expect(status()?.textContent).toContain("Error");
  await renew(3);
  expect(status()).toBeNull();
});

test("show_progress_on stands in for the outputs (EV-326)", async () => {
  const { set, status } = await running("full", { show_progress_on: [3] });
  await set(record("pending"));
  expect(status(2)).toBeNull();
  expect(status(3)).not.toBeNull();
});

test("a layout shows status only if its show_progress is set, empty or not (EV-326)", async () => {
  const one = listener([[2, "submit"]], { outputs: [3, 4, 5] });
  const rows: TreeNode[] = [
    [3, "row", []],
    [4, "row", [[6, "textbox", []]]],
    [5, "row", [[7, "textbox", []]]],
  ];
  const { el, model } = await open({ "5.show_progress": true }, rows, [one]);
  model.update({ [`run.${one.id}`]: record("pending") });
  await settle(GRACE * 3);
  const shown = [...el.querySelectorAll<HTMLElement>("[data-node]:has(> .nbb-status)")];
  expect(shown.map((block) => block.dataset.node)).toEqual(["5"]);
});

test("a waiting run says its place and how long it will take", () => {
  expect(textOf(record("pending", { position: 1, size: 5, eta: 4.1 }), 900)).toBe("queue: 2/5 | 4.1s eta");
  expect(textOf(record("pending", { position: 1, size: 5 }), 900)).toBe("queue: 2/5");
  expect(textOf(record("pending", { position: 0, size: 0, eta: 2 }), 900)).toBe("0.9/2.0s");
});

test("a block is scrolled to in the page that is meant, in no other (EV-328)", async () => {
  const { model, el } = await open();
  const scroll = vi.fn();
  el.querySelector('[data-node="2"]')!.scrollIntoView = scroll;
  model.message({ type: "scroll", view: "another", node: 2 });
  await settle(200);
  expect(scroll).not.toHaveBeenCalled();
  model.message({ type: "scroll", view: model.sent[0]!.view, node: 2 });
  await settle(200);
  expect(scroll).toHaveBeenCalledExactlyOnceWith({ behavior: "smooth", block: "nearest" });
});

async function refused() {
  const one = listener([[3, "submit"]], { inputs: [2, 3], outputs: [4] });
  const app = await open(
    {},
    ["3", "4"].map((id) => [Number(id), "textbox", []]),
    [one],
  );
  const refuse = async (validation: RunRecord["validation"], run = 1) => {
    app.model.update({ [`run.${one.id}`]: record(null, { validation, run }) });
    await settle(GRACE * 3);
  };
  const said = () =>
    [2, 3, 4].map((id) => app.el.querySelector(`[data-node="${id}"] > .nbb-invalid`)?.textContent ?? null);
  return { ...app, one, refuse, said };
}

test("an input that a validator refuses shows the message, outputs show nothing (EV-298)", async () => {
  const { el, model, one, refuse, said } = await refused();
  await refuse({ 2: "too <short>", 3: "" });
  expect(said()).toEqual(["too <short>", "Invalid", null]);
  expect(el.querySelector(".nbb-invalid")?.getAttribute("role")).toBe("alert");
  expect(el.querySelector(".nbb-status")).toBeNull();
  model.update({ [`run.${one.id}`]: record("pending", { run: 2 }) });
  await settle();
  expect(said()).toEqual([null, null, null]);
});

test("a complaint goes when the user edits its component, here or in another page (EV-298)", async () => {
  const { el, model, refuse, said } = await refused();
  await refuse({ 2: "too short", 3: "too long" });
  const input = el.querySelector<HTMLInputElement>('[data-node="2"] input')!;
  input.value = "longer";
  input.dispatchEvent(new Event("input"));
  await settle();
  expect(said()).toEqual([null, "too long", null]);
  model.message({ type: "echo", view: "another", values: [[3, "a"]] });
  await settle();
  expect(said()).toEqual([null, null, null]);
  await refuse({ 2: "still too short" }, 2);
  expect(said()).toEqual(["still too short", null, null]);
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

test("the toasts of a run that goes on stay when the next of its side by side runs is shown (EV-296)", async () => {
  const one = listener([[2, "submit"]], { trigger_mode: "multiple" });
  const { el, model } = await open({}, [], [one]);
  const run = async (status: RunRecord) => {
    model.update({ [`run.${one.id}`]: status });
    await settle(1000);
  };
  await run(record("pending", { run: 1 }));
  model.message({ ...toast, listener: one.id });
  await run(record("pending", { run: 2 }));
  expect(el.querySelectorAll(".nbb-toast")).toHaveLength(1);
  await run(record("complete", { run: 2 }));
  await run(record("pending", { run: 3 }));
  expect(el.querySelectorAll(".nbb-toast")).toHaveLength(0);
});

test("the toast of a failed run is announced at once and stays until closed (EV-291)", async () => {
  const one = listener([[2, "submit"]]);
  const { el, model } = await open({}, [], [one]);
  model.update({ [`run.${one.id}`]: record("error", { run: 1, message: "no" }) });
  model.message({ ...toast, level: "error", title: "Error", message: "no", duration: null, listener: one.id });
  await settle(60_000);
  expect(el.querySelector(".nbb-toast-error")?.getAttribute("role")).toBe("alert");
  expect(el.querySelector(".nbb-toast-time")).toBeNull();
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
