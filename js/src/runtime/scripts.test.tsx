import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { define, type Emit, type Registry } from "./define";
import { type FakeModel, listener, settle, show } from "./support";
import { PARTING } from "./transport";
import type { Listener, RunRecord, TreeNode } from "./wire";

let emits: Record<number, Emit<string>>;
const registry: Registry = {
  blocks: define(({ children }) => <div>{children}</div>),
  textbox: define<{ value: string }, string>(({ props, emit, node }) => {
    emits[node.id] = emit;
    return <output>{props.value}</output>;
  }),
};
const tree: TreeNode = [
  1,
  "blocks",
  [
    [2, "textbox", []],
    [3, "textbox", []],
  ],
];
/** What js in these tests reaches: `page.emit`, `page.wait(name)`, which ends with `end[name]`, and `page.calls`. */
const page = {
  emit: (id: number, event: string) => emits[id]!(event),
  wait: (name: string) =>
    new Promise((resolve, reject) => Object.assign(end, { [name]: resolve, [`${name}!`]: reject })),
  calls: [] as unknown[],
};
let end: Record<string, (value?: unknown) => void>;

beforeEach(() => {
  emits = {};
  end = {};
  page.calls = [];
  vi.stubGlobal("page", page);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function open(listeners: Listener[], state: Record<string, unknown> = {}, model?: FakeModel) {
  const app = await show(registry, { tree, listeners, ...state }, model);
  const view = app.model.sent.at(-1)!.view;
  const ask = async (one: Listener, ticket = "asked") => {
    app.model.message({ type: "run_js", view, ticket, listener: one.id });
    await settle();
  };
  const quiet = ["hello", "nudge", "beat"];
  return {
    ...app,
    view,
    ask,
    emit: (id: number) => emits[id]!,
    talk: () => app.model.sent.filter((one) => !quiet.includes(one.type)),
  };
}

const ticket = expect.stringMatching(/^[0-9a-f]{24}$/);
const running = (stage: RunRecord["stage"]): RunRecord => ({ stage, run: 1 });

test("js gets inputs and outputs, and its result goes with the event at once (EV-151, EV-152)", async () => {
  const one = listener([[2, "submit"]], { js: "(a, b) => a + b", inputs: [2], outputs: [3] });
  const { emit, talk } = await open([one], { "2.value": "x", "3.value": "y" });
  emit(2)("submit");
  expect(talk()).toMatchObject([{ type: "event", js: { [one.id]: { ticket, result: ["xy"] } } }]);
});

test.each([
  ["() => undefined", []],
  ["() => null", [null]],
  ["() => [1, 2, 3]", [1, 2, 3]],
  ["async () => 'late'", ["late"]],
])("%s gives %j for one input (EV-152)", async (js, result) => {
  const one = listener([[2, "submit"]], { js, inputs: [2] });
  const { emit, talk } = await open([one]);
  emit(2)("submit");
  await settle();
  expect(talk()).toMatchObject([{ type: "event", js: { [one.id]: { result } } }]);
});

test("one value for two inputs, and one that cannot be sent, are errors of the js (EV-152)", async () => {
  const bare = listener([[2, "submit"]], { js: "() => 1", inputs: [2, 3] });
  const round = listener([[2, "submit"]], { js: "() => { const a = []; a.push(a); return a; }", inputs: [2] });
  const { emit, talk } = await open([bare, round]);
  emit(2)("submit");
  const js = talk()[0]!.js as Record<number, { error: string }>;
  expect(js[bare.id]!.error).toContain("a list of 2 values");
  expect(js[round.id]!.error).toContain("ircular");
});

test("an error of js goes to the kernel, which shows it (EV-153)", async () => {
  const bad = listener([[2, "submit"]], { js: "() => { throw new Error('oh <no>') }" });
  const worse = listener([[2, "submit"]], { js: "() => (" });
  const { emit, talk, el } = await open([bad, worse]);
  emit(2)("submit");
  await settle();
  expect(talk()).toMatchObject([{ js: { [bad.id]: { ticket, error: "oh <no>" }, [worse.id]: { ticket } } }]);
  expect(el.querySelector(".nbb-toast")).toBeNull();
});

test("js begins while the browser still counts it as the user's doing (EV-150)", async () => {
  const one = listener([[2, "click"]], { js: "async () => { page.calls.push('begun'); }" });
  const { emit } = await open([one]);
  emit(2)("click");
  expect(page.calls).toEqual(["begun"]);
});

test("js that takes its time holds the event back for a turn, and answers with its ticket (EV-122)", async () => {
  const one = listener([[2, "submit"]], { js: "() => page.wait('one')", inputs: [2] });
  const { emit, talk } = await open([one]);
  emit(2)("submit");
  expect(talk()).toEqual([]);
  await settle();
  expect(talk()).toEqual([expect.objectContaining({ type: "event", js: { [one.id]: { ticket } } })]);
  end.one!("result");
  await settle();
  const begun = (talk()[0]!.js as Record<number, { ticket: string }>)[one.id]!;
  expect(talk()[1]).toMatchObject({ type: "js", ticket: begun.ticket, result: ["result"], error: null, values: [] });
});

test("js that fails in the end says so with its ticket (EV-153)", async () => {
  const one = listener([[2, "submit"]], { js: "() => page.wait('one')" });
  const { emit, talk } = await open([one]);
  emit(2)("submit");
  await settle();
  end["one!"]!(new TypeError("gone"));
  await settle();
  expect(talk()[1]).toMatchObject({ type: "js", result: null, error: "gone" });
});

test("what is said while an event waits for its js goes after it", async () => {
  const one = listener([[2, "submit"]], { js: "() => page.wait('one')" });
  const { emit, talk } = await open([one, listener([[3, "submit"]])]);
  emit(2)("submit", { value: "a" });
  emit(3)("submit", { value: "b" });
  expect(talk()).toMatchObject([
    { node: 2, values: [[2, "a"]], js: { [one.id]: { ticket } }, seq: 1 },
    { node: 3, values: [[3, "b"]], seq: 2 },
  ]);
  await settle();
  expect(talk()).toHaveLength(2);
});

test("an event that waits goes when the page is left", async () => {
  const { emit, talk } = await open([listener([[2, "submit"]], { js: "() => page.wait('one')" })]);
  emit(2)("submit", { value: "a" });
  window.dispatchEvent(new Event("pagehide"));
  expect(talk().map((one) => one.type)).toEqual(["event", "bye"]);
});

test("an event raised by js comes after its cause", async () => {
  const first = listener([[2, "click"]], { js: "() => page.emit(3, 'click')" });
  const after = listener([[2, "click"]], { js: "() => page.calls.push('after')" });
  const { emit, talk } = await open([first, after, listener([[3, "click"]])]);
  emit(2)("click");
  expect(talk()).toMatchObject([{ node: 2 }, { node: 3 }, { type: "js", result: [] }]);
  // The message has gone: the kernel asks for the js of the listeners that it does not name.
  expect(Object.keys(talk()[0]!.js as object)).toEqual([String(first.id)]);
  expect(page.calls).toEqual([]);
});

test("js without a Python function writes the outputs here, before the event (EV-152, EV-154)", async () => {
  const one = listener([[2, "submit"]], { js: "(a) => a + '!'", inputs: [2], outputs: [3], backend: false });
  const { emit, talk, model } = await open([one], { "2.value": "x" });
  emit(2)("submit");
  expect(model.get("3.value")).toBe("x!");
  expect(talk()).toMatchObject([{ event: "submit", values: [[3, "x!"]], js: { [one.id]: { ticket, result: [] } } }]);
});

test("values written late go with the answer (EV-154)", async () => {
  const js = "async () => { await page.wait('one'); return ['x', undefined]; }";
  const one = listener([[2, "submit"]], { js, outputs: [3, 2], backend: false });
  const { emit, talk, model } = await open([one], { "2.value": "kept" });
  emit(2)("submit");
  await settle();
  end.one!();
  await settle();
  expect(talk()[1]).toMatchObject({ type: "js", result: [], error: null, values: [[3, "x"]] });
  expect(model.get("2.value")).toBe("kept");
});

test("listeners of one event see the same values, those of the change what was written", async () => {
  const js = "(a) => { page.calls.push(a); return a.toUpperCase(); }";
  const both = { js, inputs: [2], outputs: [2], backend: false };
  const one = listener([[2, "input"]], both);
  const two = listener([[2, "input"]], { ...both, js: "(a) => { page.calls.push(a); }" });
  const change = listener([[2, "change"]], { ...both, js: "(a) => { page.calls.push(a); }" });
  const { emit, talk } = await open([change, one, two]);
  emit(2)("input", { value: "a" });
  expect(page.calls).toEqual(["a", "a", "A"]);
  expect(talk()).toHaveLength(1);
  expect(talk()[0]!.values).toEqual([[2, "A"]]);
  expect(
    Object.keys(talk()[0]!.js as object)
      .map(Number)
      .sort(),
  ).toEqual([change, one, two].map(({ id }) => id).sort());
});

test("a value whose change has js is sent with it; a listener of both events is begun once", async () => {
  const one = listener([[2, "change"]], { js: "(a) => a + '!'", inputs: [2] });
  const { emit, talk } = await open([one]);
  emit(2)("input", { value: "x" });
  expect(talk()).toMatchObject([{ type: "values", values: [[2, "x"]], js: { [one.id]: { ticket, result: ["x!"] } } }]);
  const targets: Listener["targets"] = [
    [3, "input"],
    [3, "change"],
  ];
  const two = await open([listener(targets, { js: "() => page.calls.push(1)" })]);
  two.emit(3)("input", { value: "x" });
  expect(page.calls).toEqual([1]);
});

test.each([
  ["pending", "once", 0],
  ["generating", "always_last", 0],
  ["streaming", "once", 0],
  ["generating", "multiple", 1],
  ["complete", "once", 1],
  ["error", "always_last", 1],
] as const)("with a run that is %s, js of a listener with %s begins %i times (EV-121, EV-123)", async (...given) => {
  const [stage, trigger_mode, times] = given;
  const one = listener([[2, "submit"]], { js: "() => page.calls.push(1)", inputs: [2], trigger_mode });
  const { emit, talk } = await open([one], { [`run.${one.id}`]: running(stage) });
  emit(2)("submit");
  expect(page.calls).toHaveLength(times);
  expect(talk()).toMatchObject([{ type: "event", event: "submit" }]);
  expect("js" in talk()[0]!).toBe(times > 0);
});

test("js of a listener does not begin while it is at work here, unless there may be several (EV-123)", async () => {
  const js = "() => { page.calls.push(1); return page.wait('one'); }";
  const one = listener([[2, "submit"]], { js, backend: false });
  const { emit, talk } = await open([one]);
  emit(2)("submit");
  emit(2)("submit");
  await settle();
  expect(page.calls).toHaveLength(1);
  expect(talk().map((message) => "js" in message)).toEqual([true, false]);
  end.one!();
  await settle();
  emit(2)("submit");
  expect(page.calls).toHaveLength(2);
  const many = await open([{ ...one, trigger_mode: "multiple" }]);
  many.emit(2)("submit");
  many.emit(2)("submit");
  expect(page.calls).toHaveLength(4);
});

test("js does not begin again before the kernel has said what became of its event (EV-121, EV-123)", async () => {
  const one = listener([[2, "submit"]], { js: "() => page.calls.push(1)", inputs: [2] });
  const { emit, model, talk } = await open([one]);
  emit(2)("submit");
  emit(2)("submit");
  expect(page.calls).toHaveLength(1);
  expect(talk().map((message) => "js" in message)).toEqual([true, false]);
  model.update({ [`run.${one.id}`]: running("complete") });
  emit(2)("submit");
  expect(page.calls).toHaveLength(2);
});

test("the kernel has js run with the values of now (EV-150, EV-123)", async () => {
  const one = listener([[null, "then"]], { js: "(a) => a + '!'", inputs: [2], trigger_mode: "always_last" });
  const { model, ask, talk } = await open([one], { "2.value": "old" });
  model.update({ "2.value": "new", [`run.${one.id}`]: running("pending") });
  await ask(one);
  expect(talk()).toMatchObject([{ type: "js", ticket: "asked", result: ["new!"], error: null, values: [] }]);
});

test("js-only run for the kernel writes here and sends the values (EV-154)", async () => {
  const one = listener([[2, "change"]], { js: "(a) => a.toUpperCase()", inputs: [2], outputs: [3], backend: false });
  const { model, ask, talk } = await open([one]);
  model.update({ "2.value": "abc" });
  await settle();
  expect(talk()).toEqual([]);
  await ask(one);
  expect(model.get("3.value")).toBe("ABC");
  expect(talk()).toMatchObject([{ type: "js", ticket: "asked", result: [], values: [[3, "ABC"]] }]);
});

test("the kernel gets an answer whatever happens (EV-153)", async () => {
  const bad = listener([[null, "then"]], { js: "() => { throw 'text' }" });
  const { ask, talk } = await open([bad]);
  await ask(bad, "a");
  await ask(listener([]), "b");
  expect(talk()).toMatchObject([
    { ticket: "a", result: null, error: "text" },
    { ticket: "b", result: null, error: "the page does not know this listener" },
  ]);
});

test("only the view that is asked runs js, though others share its model", async () => {
  const one = listener([[null, "then"]], { js: "() => page.calls.push(1)" });
  const first = await open([one]);
  const second = await open([one], {}, first.model);
  await first.ask(one);
  expect(page.calls).toEqual([1]);
  expect(second.talk()).toMatchObject([{ type: "js", view: first.view }]);
});

test("js-only load listeners begin with every view, which names them first (EV-190)", async () => {
  const js = "() => { page.calls.push('load'); return 'here'; }";
  const own = listener([[1, "load"]], { js, outputs: [3], backend: false });
  const shared = listener([[1, "load"]], { js, inputs: [2] });
  const options = { live: true, js: "() => page.calls.push('app')" };
  const { model, talk } = await open([own, shared], { options });
  expect(page.calls).toEqual(["app", "load"]);
  expect(model.of("hello")).toMatchObject([{ seq: 0, js: { [own.id]: { ticket } } }]);
  const begun = (model.of("hello")[0]!.js as Record<number, { ticket: string }>)[own.id]!;
  expect(talk()).toMatchObject([{ type: "js", ticket: begun.ticket, result: [], values: [[3, "here"]], seq: 1 }]);
});

test("an error of the app's own js is shown by the page", async () => {
  const { el, talk } = await open([], { options: { live: true, js: "() => { throw new Error('oh <no>') }" } });
  expect(el.querySelector(".nbb-toast-error")?.textContent).toContain("oh <no>");
  expect(talk()).toEqual([]);
});

test("js that ends after its view has gone changes nothing", async () => {
  const one = listener([[2, "submit"]], { js: "() => page.wait('one')", outputs: [3], backend: false });
  const { emit, talk, model, close } = await open([one]);
  emit(2)("submit");
  await settle();
  close();
  await settle(PARTING);
  end.one!("late");
  await settle();
  expect(talk().map((message) => message.type)).toEqual(["event", "bye"]);
  expect(model.get("3.value")).toBeUndefined();
});
