import { type Signal, signal } from "@preact/signals";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Model } from "../afm";
import type { Chunk } from "../runtime/chunks";
import type { Heard } from "../runtime/define";
import { mount, settle } from "../testing";
import custom from "./custom";

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));
afterEach(() => void vi.restoreAllMocks());

interface Given {
  model: Model;
  el: HTMLElement;
  signal: AbortSignal;
}

const FRONT = {
  name: "Stars",
  kind: "__main__.Stars",
  module: "one",
  css: null as string | null,
  events: ["input", "select"],
  props: ["value", "most", "interactive"],
};

/** The front with a module, and what it asked of the app. */
async function show(module: unknown, front: Partial<typeof FRONT> = {}, live = true) {
  const chunks: Record<string, Signal<Chunk<unknown>>> = { one: signal({ module }) };
  const saved: object[] = [];
  const heard = new Set<Heard>();
  const ask = vi.fn(async (content: object) => ({ to: content }));
  const stars = mount("custom", custom as never, { value: 1, most: 5, front_end: { ...FRONT, ...front } }, {
    live,
    ask,
    chunk: (name: string) => {
      chunks[name] ??= signal({});
      return chunks[name];
    },
    save: (props: object) => saved.push(props),
    hear: (one: Heard) => {
      heard.add(one);
      return () => heard.delete(one);
    },
  } as never);
  await settle();
  return { ...stars, chunks, saved, heard, ask };
}

/** A module that draws the value, and hands out what it was given. */
function drawing() {
  const given: Given[] = [];
  const undone = vi.fn();
  const render = (one: Given) => {
    given.push(one);
    one.el.textContent = `value ${one.model.get("value")}`;
    return undone;
  };
  return { module: { default: { render } }, given, undone };
}

const own = (stars: { el: HTMLElement }) => stars.el.querySelector(".nbb-own")!.textContent;

test("its module draws in its place, under the name of its class", async () => {
  const stars = await show(drawing().module);
  expect(own(stars)).toBe("value 1");
  expect(stars.find(".nbb-caption").textContent).toBe("Stars");
  expect(stars.find(".nbb-own").getAttribute("aria-labelledby")).toBe(stars.find(".nbb-caption").id);
});

test("a module may be a function, asynchronous, or name its functions itself", async () => {
  const { module } = drawing();
  const calls: string[] = [];
  const initialize = async () => void calls.push("initialize");
  const render = async ({ el }: Given) => {
    calls.push("render");
    el.textContent = "drawn";
  };
  expect(own(await show({ default: async () => ({ initialize, render }) }))).toBe("drawn");
  expect(calls).toEqual(["initialize", "render"]);
  expect(own(await show(module.default))).toBe("value 1");
});

test("a value that is saved is what the user has entered, and only once", async () => {
  const { module, given } = drawing();
  const stars = await show(module);
  const { model } = given[0]!;
  const told: unknown[] = [];
  model.on("change:value", (_, value) => told.push(value));
  model.set("value", 3);
  expect([model.get("value"), stars.reports, told]).toEqual([3, [], [3]]);
  model.save_changes();
  model.save_changes();
  model.set({ value: 3 });
  model.save_changes();
  await settle();
  expect([stars.reports, told]).toEqual([[{ event: "input", value: 3 }], [3]]);
});

test("other traits are saved in the kernel, and before the value", async () => {
  const { module, given } = drawing();
  const stars = await show(module);
  given[0]!.model.set({ value: 2, most: 9 });
  given[0]!.model.save_changes();
  expect([stars.saved, stars.events()]).toEqual([[{ most: 9 }], ["input"]]);
  expect(() => given[0]!.model.set("mots", 1)).toThrow("Stars has no synchronised trait “mots”");
});

test("it hears of changes until it is undone", async () => {
  const { module, given, undone } = drawing();
  const stars = await show(module);
  const { model, signal: gone } = given[0]!;
  const told: string[] = [];
  model.on("change:most change:value", () => told.push(`${model.get("most")}/${model.get("value")}`));
  const any = vi.fn();
  model.on("change", any);
  await stars.set("most", 7);
  await settle();
  await stars.set("most", 7);
  await settle();
  expect([told, any.mock.calls.length]).toEqual([["7/1"], 1]);
  model.off("change");
  await stars.set("value", 4);
  await settle();
  expect([told, any.mock.calls.length]).toEqual([["7/1", "7/4"], 1]);
  await stars.unmount();
  expect([gone.aborted, undone.mock.calls.length, stars.heard.size]).toEqual([true, 1, 0]);
});

test("events of the class are raised, other messages are put to it", async () => {
  const { module, given } = drawing();
  const stars = await show(module);
  const { model } = given[0]!;
  await model.send({ event: "select", data: { index: 1 } });
  expect(stars.reports).toEqual([{ event: "select", data: { index: 1 } }]);
  expect(await model.send({ event: "other" })).toEqual({ to: { message: { event: "other" } } });
  await act(async () => void (await model.send({ event: "select", data: 3 as never })));
  expect(stars.find("[role=alert]").textContent).toContain("data of the event “select” must be an object");
  stars.ask.mockRejectedValueOnce(new Error("I would rather not"));
  await act(async () => void (await model.send("anything")));
  expect(stars.find("[role=alert]").textContent).toContain("I would rather not");
});

test("messages of the kernel are heard", async () => {
  const { module, given } = drawing();
  const stars = await show(module);
  const heard = vi.fn();
  given[0]!.model.on("msg:custom", heard);
  for (const one of stars.heard) one({ blink: true }, []);
  expect(heard).toHaveBeenCalledWith({ blink: true }, []);
});

test("without a kernel nothing is asked", async () => {
  const { module, given } = drawing();
  const stars = await show(module, {}, false);
  expect(await given[0]!.model.send("anything")).toBeUndefined();
  expect(stars.ask).not.toHaveBeenCalled();
});

test.each([
  [{ default: { render: () => Promise.reject(new TypeError("no star")) } }, "Stars: TypeError: no star"],
  [{ default: () => { throw new Error("no widget"); } }, "Stars: Error: no widget"], // biome-ignore format: one line
  [{ x: 1 }, "Stars: Error: its module has no “export default { render }”"],
])("what goes wrong is said in its place: %#", async (module, text) => {
  const stars = await show(module);
  expect(stars.find("[role=alert]").textContent).toContain(text);
});

test("what a listener throws is said, and what is drawn stays; another try begins anew", async () => {
  const { module, given } = drawing();
  const stars = await show(module);
  given[0]!.model.on("change:value", () => {
    throw new Error("in a listener");
  });
  await stars.set("value", 2);
  await settle();
  expect(stars.find("[role=alert]").textContent).toContain("Stars: Error: in a listener");
  expect(own(stars)).toBe("value 1");
  await stars.click("[role=alert] button");
  await settle();
  expect([own(stars), stars.all("[role=alert]").length]).toEqual(["value 2", 0]);
});

test("a class without a module says so", async () => {
  const stars = await show(null, { module: null as never });
  expect(stars.find("[role=alert]").textContent).toContain("Stars has no _esm");
});

test("a new module takes the place of the one before when it is there, with the values of now", async () => {
  const before = drawing();
  const stars = await show(before.module);
  await stars.set("value", 4);
  await stars.set("front_end", { ...FRONT, module: "two" });
  await settle();
  expect([own(stars), before.undone.mock.calls.length]).toEqual(["value 1", 0]);
  await act(() => {
    stars.chunks.two!.value = { error: "Unexpected end of input", retry() {} };
  });
  expect(stars.find("[role=alert]").textContent).toContain("Stars: Unexpected end of input");
  expect(own(stars)).toBe("value 1");
  await act(() => {
    stars.chunks.two!.value = { module: drawing().module };
  });
  await settle();
  expect([own(stars), before.undone.mock.calls.length]).toEqual(["value 4", 1]);
  expect(stars.all("[role=alert]").length).toBe(0);
});

test("a class has one style sheet in the page, the newest, and is drawn once it is there", async () => {
  const texts = () => [...document.querySelectorAll("style[data-nbb-own]")].map((one) => one.textContent ?? "");
  const sheets = () => texts().map((one) => one.match(/color: (\w+)/)?.[1]);
  const stars = await show(drawing().module, { css: "sheet" });
  expect([own(stars), stars.find(".nbb-own").getAttribute("aria-busy")]).toEqual(["", "true"]);
  await act(() => {
    stars.chunks.sheet!.value = { module: { default: ".star { color: red }" } };
  });
  await settle();
  expect([own(stars), sheets()]).toEqual(["value 1", ["red"]]);
  expect(texts()[0]).toContain('[data-own="__main__.Stars"]');
  await stars.set("front_end", { ...FRONT, css: "newer" });
  await act(() => {
    stars.chunks.newer!.value = { module: { default: ".star { color: blue }" } };
  });
  await settle();
  expect(sheets()).toEqual(["blue"]);
});
