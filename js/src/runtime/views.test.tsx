/// <reference types="vite/client" />
/** Several views of one app on a page: all of them work, whichever goes first, and nothing is left when the last has gone. */

import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import browserstate, { Cipher } from "../components/browserstate";
import gallery from "../components/gallery";
import html from "../components/html";
import image from "../components/image";
import { KEPT, keeping, remember } from "../contents";
import { defaults } from "../contract";
import { openLedger } from "../ledger";
import { Company } from "./company";
import { type AppFace, define, type Front, type Registry } from "./define";
import { FakeModel, listener, settle, show } from "./support";
import { PARTING } from "./transport";
import type { AnyModel, TreeNode, WidgetManager } from "./wire";

const registry: Registry = {
  blocks: define(({ children }) => <div>{children}</div>),
  textbox: define<{ value: string }>(({ props }) => <b>{props.value}</b>),
  browserstate,
  gallery,
  html,
  image,
};

let number = 0;
const record = (mime_type = "image/png") => {
  number += 1;
  const meta = { _type: "nbblocks.FileData" };
  return { path: `/cache/${number}/a.png`, url: null, size: 3, orig_name: "a.png", mime_type, meta };
};

/** Two views of an app whose one block has this value. */
async function two(
  type: string,
  value: unknown,
  more: Record<string, unknown> = {},
  model: AnyModel = new FakeModel(),
) {
  const tree: TreeNode = [1, "blocks", [[2, type, []]]];
  const state = { tree, "2.value": value, ...more };
  const views = [await show(registry, state, model as FakeModel), await show(registry, state, model as FakeModel)];
  return { model: model as FakeModel, views: views as [(typeof views)[0], (typeof views)[0]] };
}

/** Answer the download that was asked for last. */
async function answer(model: FakeModel) {
  const { download } = model.of("download").at(-1) as unknown as { download: string };
  model.message({ type: "download_start", download, name: "a.png", size: 3, mime: "image/png" } as never);
  const data = new DataView(new Uint8Array([1, 2, 3]).buffer);
  model.message({ type: "download_chunk", download, offset: 0, ack: false } as never, [data]);
  model.message({ type: "download_end", download, crc: 0x55bc801d } as never);
  await vi.waitFor(() => expect(model.of("ack").length).toBeGreaterThan(0));
  await settle(10);
}

/** All is in sight. */
class Sight {
  readonly #told: (entries: object[]) => void;
  constructor(told: (entries: object[]) => void) {
    this.#told = told;
  }
  observe(target: Element) {
    this.#told([{ target, isIntersecting: true }]);
  }
  unobserve() {}
  disconnect() {}
}

beforeEach(() => {
  vi.stubGlobal("IntersectionObserver", Sight);
});
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

// TR-50
test.each([
  ["image", "first"],
  ["image", "second"],
  ["gallery", "first"],
  ["gallery", "second"],
])(
  "a picture of one %s is shown in the view that stays when the %s one goes while it is fetched",
  async (type, gone) => {
    const item = record();
    const { model, views } = await two(type, type === "image" ? item : [{ image: item, caption: null }]);
    const [goes, stays] = gone === "first" ? views : [views[1], views[0]];
    expect(model.of("download")).toHaveLength(1);
    goes.close();
    await settle(10);
    await answer(model);
    await vi.waitFor(() => expect(stays.el.querySelector("img")?.src).toMatch(/^blob:/));
    expect(stays.el.querySelector(".nbb-toast")).toBeNull();
    stays.close();
  },
);

// TR-50
test("a picture that is shown stays when the view that fetched it goes", async () => {
  const { model, views } = await two("image", record());
  await answer(model);
  const revoked = vi.spyOn(URL, "revokeObjectURL");
  const address = views[1].el.querySelector("img")!.src;
  views[0].close();
  await settle();
  expect(revoked).toHaveBeenCalled();
  expect(revoked).not.toHaveBeenCalledWith(address);
  views[1].close();
});

// TR-50
test("an app that may not have a file keeps no other from having it", async () => {
  const item = record();
  const [one, other] = [await two("image", item), await two("image", item)];
  for (const asked of [1, 2]) {
    const messages = one.model.of("download") as unknown as { download: string }[];
    expect(messages).toHaveLength(asked); // each view once
    const { download } = messages.at(-1)!;
    one.model.message({ type: "download_failed", download, message: "it is not yours" } as never);
    await settle();
  }
  await answer(other.model);
  await vi.waitFor(() => expect(other.views[1].el.querySelector("img")?.src).toMatch(/^blob:/));
  for (const { views } of [one, other]) for (const view of views) view.close();
});

/** A model behind a face of its own for each view, as anywidget hands it out. */
function faced(model: FakeModel): AnyModel {
  return {
    get: model.get.bind(model),
    set: model.set.bind(model),
    send: model.send.bind(model),
    on: model.on.bind(model),
    off: model.off.bind(model),
    ...(model.widget_manager && { widget_manager: model.widget_manager }),
  };
}

// TR-50
test("a change of a linked widget is one event, whichever view goes first", async () => {
  const handle = new FakeModel({ value: "" });
  const model = new FakeModel();
  model.widget_manager = { get_model: async () => handle } as unknown as WidgetManager;
  const tree: TreeNode = [1, "blocks", [[2, "textbox", []]]];
  const state = { tree, "2.value": "", handles: { 2: "IPY_MODEL_h" }, listeners: [listener([[2, "input"]])] };
  model.update(state);
  const open = () => show(registry, { ...state, tree: model.get("tree") as TreeNode }, withUpdate(faced(model)));
  const [one, other, third] = [await open(), await open(), await open()];
  const said = () => model.of("event").map((message) => (message.values as [number, unknown][])[0]![1]);
  const heard = () => Object.fromEntries(model.sent.map(({ view, seq }) => [view, seq]));
  handle.set("value", "a");
  await settle();
  expect(said()).toEqual(["a"]);
  model.update({ heard: heard(), "2.value": "b" }); // by the kernel: it follows, and nothing is told
  expect([handle.get("value"), said()]).toEqual(["b", ["a"]]);
  other.close();
  handle.set("value", "c");
  one.close();
  await settle();
  model.update({ heard: heard() });
  handle.set("value", "d");
  await settle();
  expect(said()).toEqual(["a", "c", "d"]);
  third.close();
  handle.set("value", "e");
  expect(said()).toEqual(["a", "c", "d"]);
});

/** `show` sets the state again, which the app has. */
function withUpdate(model: AnyModel): FakeModel {
  return Object.assign(model, { update() {} }) as unknown as FakeModel;
}

// TR-50
test("what the browser keeps is written once for all views, and goes on with those that stay", async () => {
  let text: string | null = null;
  const written = vi.fn((_: string, given: string) => {
    text = given;
  });
  vi.stubGlobal("localStorage", { getItem: () => text, setItem: written });
  const { model, views } = await two("browserstate", 0, { "2.storage_key": "mine", "2.secret": "s" });
  const kept = async () => JSON.parse(await new Cipher().open(text!, "mine", "s"));
  model.update({ "2.value": 1 });
  await vi.waitFor(async () => expect(await kept()).toBe(1), { timeout: 5000 });
  await settle(100);
  expect(written).toHaveBeenCalledTimes(1);
  views[0].close();
  model.update({ "2.value": 2 });
  await vi.waitFor(async () => expect(await kept()).toBe(2), { timeout: 5000 });
  expect(written).toHaveBeenCalledTimes(2);
  views[1].close();
});

// TR-50
test("what a view has sent before it went is no news to the one that stays", async () => {
  vi.useFakeTimers();
  const { model, views } = await two("textbox", "");
  const view = (model.of("hello")[0] as unknown as { view: string }).view;
  views[0].close();
  model.set("2.value", "newer");
  model.message({ type: "echo", view, values: [[2, "older"]] } as never);
  expect(model.get("2.value")).toBe("newer");
  views[1].close();
  await vi.advanceTimersByTimeAsync(PARTING);
  vi.useRealTimers();
});

// TR-50 TR-51
test("what belongs to all views is let go of with the last one", () => {
  const company = new Company();
  const views = [new AbortController(), new AbortController()];
  for (const { signal } of views) company.join(signal);
  const ended = vi.fn();
  company.atEnd(ended);
  views[0]!.abort();
  expect(ended).not.toHaveBeenCalled();
  views[1]!.abort();
  expect(ended).toHaveBeenCalledTimes(1);
  company.atEnd(ended); // too late: at once
  expect(ended).toHaveBeenCalledTimes(2);
});

// -- what is let go of

/** The face of an app, as far as files need it, and what ends its last view. */
function faceOf() {
  const [company, view] = [new Company(), new AbortController()];
  company.join(view.signal);
  return { app: { company, view: "v", live: true } as unknown as AppFace, end: () => view.abort() };
}

// TR-51
test("of 10,000 pictures a page keeps 64 MB, those that were shown last", () => {
  const { app, end } = faceOf();
  const large = { size: 64 * 1024 } as Blob;
  for (let i = 0; i < 10_000; i += 1) {
    remember(app, `/many/${i}`, large);
    if (i % 500 === 0) remember(app, "/many/0", large); // it is looked at again and again
    expect(keeping()[0]).toBeLessThanOrEqual(KEPT);
  }
  expect(KEPT).toBe(64 * 1024 * 1024);
  expect(keeping()[1]).toBeGreaterThan(900);
  remember(app, "/many/huge", { size: KEPT } as Blob);
  expect(keeping()[1]).toBeGreaterThan(900); // it took nobody's place
  for (let i = 0; i < 20_000; i += 1) remember(app, `/none/${i}`, { size: 0 } as Blob);
  expect(keeping()[1]).toBeLessThan(17_000);
  end();
  expect(keeping()).toEqual([0, 0]);
});

// TR-51
test("what two apps have shown stays as long as one of them is there", () => {
  const [one, other] = [faceOf(), faceOf()];
  const file = new Blob(["x"]);
  remember(one.app, "/both", file);
  remember(other.app, "/both", file);
  remember(one.app, "/one", file);
  one.end();
  expect(keeping()[1]).toBe(1);
  other.end();
  expect(keeping()).toEqual([0, 0]);
});

// TR-51
test("addresses of pictures that follow one another do not add up", async () => {
  const ledger = openLedger();
  const held = () => [...ledger.held.values()].filter((one) => one.startsWith("object URL")).length;
  const { model, views } = await two("image", null);
  for (let i = 0; i < 50; i += 1) {
    const data = new DataView(new Uint8Array([i]).buffer);
    await act(() => model.update({ "2.value": { ...record(), data } }));
  }
  await settle(50);
  expect(held()).toBe(2);
  for (const view of views) view.close();
  await settle(50);
  expect(held()).toBe(0);
  ledger.end();
});

const files = import.meta.glob<{ default: Front<never, never> }>(
  ["../components/*.tsx", "../layout/*.tsx", "!../**/*.test.tsx"],
  { eager: true },
);
const fronts: Registry = Object.fromEntries(
  Object.entries(files).map(([file, { default: front }]) => [/([a-z]+)\.tsx$/.exec(file)![1]!, front]),
);

// TR-51
test.each(Object.keys(defaults).filter((type) => type in fronts))(
  "two views of %s leave nothing behind",
  async (type) => {
    vi.useFakeTimers();
    const ledger = openLedger();
    const tree: TreeNode = [1, "blocks", [[2, type, type === "tabs" ? [[3, "tab", []]] : []]]];
    const item = { ...record(), data: new DataView(new ArrayBuffer(3)) };
    const value = { image: item, file: item, gallery: [{ image: item, caption: null }] }[type];
    const state = { tree, ...(value && { "2.value": value }), "2.interactive": true };
    const model = new FakeModel();
    const views = [await show(fronts, state, model), await show(fronts, state, model)];
    for (const view of views) {
      for (const el of view.el.querySelectorAll<HTMLElement>("button, input, textarea")) {
        el.focus();
        el.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
        if (el.localName === "button") el.click();
      }
      await settle();
    }
    for (const view of views) {
      view.close();
      await settle(PARTING);
    }
    expect([...ledger.held.values()]).toEqual([]);
    expect(model.listening).toBe(0);
    expect(views.map(({ el }) => el.innerHTML)).toEqual(["", ""]);
    expect(keeping()).toEqual([0, 0]);
    ledger.end();
    vi.useRealTimers();
  },
);

// TR-51
test("a picture that goes before it was painted leaves no address", async () => {
  const ledger = openLedger();
  const view = await show(registry, {
    tree: [1, "blocks", [[2, "image", []]]],
    "2.value": { ...record(), data: new DataView(new ArrayBuffer(1)) },
  });
  view.model.update({ "2.value": { ...record(), data: new DataView(new ArrayBuffer(2)) } });
  await Promise.resolve().then(() => Promise.resolve());
  view.close();
  await settle(10);
  expect([...ledger.held.values()].filter((one) => one.startsWith("object URL"))).toEqual([]);
  ledger.end();
});

// TR-51
test("a webcam is off once the view that had it on has gone, also if it was asked for only then", async () => {
  const stops: (() => void)[] = [];
  const stream = () => {
    const track = { stop: vi.fn(), addEventListener() {} };
    stops.push(track.stop);
    return { getTracks: () => [track] };
  };
  let give: (stream: unknown) => void = () => {};
  const getUserMedia = vi.fn(() => new Promise((resolve) => (give = resolve)));
  vi.stubGlobal("navigator", { ...navigator, mediaDevices: { getUserMedia, enumerateDevices: async () => [] } });
  for (const late of [false, true]) {
    const { views } = await two("image", null, { "2.sources": ["webcam"], "2.interactive": true });
    await act(() => void views[0].el.querySelector<HTMLElement>(".nbb-zone-main")!.click());
    if (!late) give(stream());
    await settle();
    views[0].close();
    if (late) give(stream());
    await settle();
    expect(stops.pop()).toHaveBeenCalled();
    views[1].close();
  }
  vi.unstubAllGlobals();
});
