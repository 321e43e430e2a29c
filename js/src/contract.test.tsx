/// <reference types="vite/client" />
/** What all fronts have in common, over the registry: they follow the contract, and let go of the page. */

import { signal } from "@preact/signals";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as grid from "./chunks/grid";
import * as handlebars from "./chunks/handlebars";
import * as highlight from "./chunks/highlight";
import * as html from "./chunks/html";
import * as markdown from "./chunks/markdown";
import { defaults } from "./contract";
import text from "./contract.ts?raw";
import { type Ledger, openLedger } from "./ledger";
import type { Context, Front, Node } from "./runtime/define";
import { mount, settle } from "./testing";

const files = import.meta.glob<{ default: Front<never, never> }>(
  ["./components/*.tsx", "./layout/*.tsx", "!./**/*.test.tsx"],
  { eager: true },
);
const fronts = Object.entries(files)
  .map(([file, { default: front }]) => [/([a-z]+)\.tsx$/.exec(file)![1]!, front] as const)
  .filter(([type]) => type in defaults);
const chunks: Record<string, object> = { grid, handlebars, highlight, html, markdown };

// -- what the contract says

/** Types of properties and names of events, by page type, as the file has them. */
const contract = (() => {
  const found: Record<string, { props: Record<string, string>; events: string[] }> = {};
  for (const [, name, body] of text.matchAll(/export interface (\w+)Props \{\n(.*?)\n\}/gs)) {
    const props = Object.fromEntries(
      Array.from(body!.matchAll(/^ {2}(\w+): (.*);$/gm), ([, prop, type]) => [prop!, type!]),
    );
    const events = new RegExp(`export type ${name}Event = (.*);`).exec(text)![1]!;
    const names = Array.from(events.matchAll(/"(\w+)"/g), ([, event]) => event!);
    const wanted = Object.keys(props).sort().join();
    // Named after a class: the type whose defaults have the same names.
    const type = [name!.toLowerCase(), "custom", "nativeplot"].find(
      (one) =>
        one in defaults &&
        Object.keys({ ...defaults[one], value: 0 }).every((prop) => prop in props || prop === "value"),
    );
    if (type && wanted) found[type] = { props, events: names };
  }
  return found;
})();

const RECORD = {
  path: "/cache/a b.txt",
  url: null,
  size: 3,
  orig_name: "a b.txt",
  mime_type: "text/plain",
  meta: { _type: "nbblocks.FileData" },
  data: new DataView(new Uint8Array([1, 2, 3]).buffer),
};

/** Values of a TypeScript type as contract.ts writes it. */
function samples(type: string): unknown[] {
  const parts = split(type, "|");
  if (parts.length > 1) return parts.flatMap(samples);
  const one = type.trim();
  if (one.endsWith("[]")) {
    const inner = samples(one.slice(0, -2).replace(/^\((.*)\)$/s, "$1"));
    return [[], inner];
  }
  if (one.startsWith("(")) return samples(one.slice(1, -1));
  if (one.startsWith("[")) {
    const members = split(one.slice(1, -1), ",").map(samples);
    return [members.map((member) => member[0]), members.map((member) => member.at(-1))];
  }
  if (one.startsWith("{")) {
    const fields = split(one.slice(1, -1), ";").map((field) => /^\s*(\w+)(\?)?: (.*)$/s.exec(field)!);
    const least = fields.filter(([, , optional]) => !optional);
    const made = (chosen: typeof fields, at: number) =>
      Object.fromEntries(chosen.map(([, name, , kind]) => [name!, samples(kind!).at(at)]));
    return [made(least, 0), made(least, -1)];
  }
  if (one.startsWith('"')) return [JSON.parse(one)];
  if (one.startsWith("Record<")) return [{}, { a: samples(split(one.slice(7, -1), ",")[1]!)[0] }];
  switch (one) {
    case "boolean":
      return [false, true];
    case "number":
      return [0, 2];
    case "bigint":
      return [9007199254740993n];
    case "string":
      return ["", "text"];
    case "null":
      return [null];
    case "undefined":
      return [undefined];
    case "unknown":
      return [null, "text", 3, { a: [1, "b"] }];
    case "FileRecord":
      return [RECORD];
    case "DataView":
      return [new DataView(new ArrayBuffer(2))];
    default:
      throw new Error(`a type that this test does not know: ${one}`);
  }
}

/** The parts of a type between separators that stand in no brackets. */
function split(type: string, separator: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const char of type) {
    if ("([{<".includes(char)) depth += 1;
    if (")]}>".includes(char)) depth -= 1;
    if (char === separator && depth === 0) parts.push("");
    else parts[parts.length - 1] += char;
  }
  return parts.filter((part) => part.trim());
}

/** Properties that make there be something to look at and to touch. */
const FULL: Record<string, Record<string, unknown>> = {
  checkboxgroup: {
    choices: [
      ["A", "a"],
      ["B", "b"],
    ],
    value: ["a"],
    show_select_all: true,
  },
  code: { value: "x = 1", language: "python" },
  dataframe: {
    value: {
      headers: ["a", "b"],
      data: [
        ["x", 1],
        ["y", 2],
      ],
      metadata: null,
    },
    show_search: "search",
  },
  dataset: { components: ["textbox"], samples: [["x"], ["y"]], headers: ["H"] },
  dropdown: {
    choices: [
      ["A", "a"],
      ["B", "b"],
    ],
    value: "a",
  },
  file: { value: [RECORD], file_count: "multiple", allow_reordering: true },
  gallery: { value: [{ image: { ...RECORD, mime_type: "image/png" }, caption: "c" }] },
  highlightedtext: { value: [{ token: "x", class_or_confidence: "l" }], show_legend: true },
  html: { value: "<b>x</b>", label: "L" },
  image: { value: { ...RECORD, mime_type: "image/png" } },
  json: { value: { a: [1, { b: 2 }] }, open: true },
  label: { value: { label: "a", confidences: [{ label: "a", confidence: 0.5 }] } },
  markdown: { value: "# x\n\n[l](http://x.test) `c`\n\n```py\nx\n```", show_copy_button: true },
  radio: {
    choices: [
      ["A", "a"],
      ["B", "b"],
    ],
    value: "a",
  },
  textbox: { value: "x", submit_btn: true, stop_btn: true, show_copy_button: true },
};

// -- mounting

/** A front with its outer element, as the runtime draws it. */
function whole(front: Front<never, never>): Front<never, never> {
  const Draw = front.draw as unknown as (context: object) => preact.ComponentChildren;
  const draw = (context: Context<never, never>) => {
    const box = front.box?.(context);
    if (box === null) return <Draw {...context} />;
    return (
      <div {...box}>
        <Draw {...context} />
      </div>
    );
  };
  return { draw };
}

const CHILDREN: Node[] = [1, 2].map((id) => ({ id: 900 + id, type: "tab", children: [], domId: `nbb-child-${id}` }));

function shown(type: string, front: Front<never, never>, given: Record<string, unknown> = {}, place?: ShadowRoot) {
  const moving = <T,>(result: T) => ({ result: Promise.resolve(result), progress: signal(0), cancel() {} });
  const app = {
    live: true,
    options: { live: true, max_file_size: null },
    listeners: [],
    listens: () => true,
    propsOf: (node: Node) => ({ ...defaults.tab, id: node.id, label: `Tab ${node.id}` }),
    upload: () => moving(RECORD),
    download: () => moving(undefined),
    fetch: () => moving(new Blob(["x"])),
    ask: () => Promise.reject(new Error("no answer")),
    save() {},
    hear: () => () => {},
    chunk: (name: string) => signal(name in chunks ? { module: chunks[name] } : {}),
    draw: () => null,
    view: "view",
    signal: view.signal,
  };
  const children = type === "tabs" ? CHILDREN : [];
  return mount(type, whole(front) as never, { ...FULL[type], ...given }, app as never, children, place);
}

/** The shadow root of a host in the page. */
function shadowRoot(): ShadowRoot {
  const host = document.createElement("div");
  document.body.append(host);
  return host.attachShadow({ mode: "open" });
}

const EVENTS =
  "pointerdown pointermove pointerup pointercancel mousedown mouseup dblclick contextmenu change scroll copy";
const KEYS = "Enter Space Escape ArrowDown ArrowUp ArrowLeft ArrowRight Home End PageDown Backspace Delete Tab F2 a";

/** Press, type into and key everything in it. */
async function touch(one: ReturnType<typeof shown>): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    for (const el of one.all("*")) {
      const control = el.closest("label")?.control ?? el;
      if (!el.isConnected || el.tagName === "A" || control.matches(":disabled, :disabled *")) continue;
      await act(() => el.focus?.());
      for (const name of EVENTS.split(" ")) {
        const Kind = name.startsWith("pointer") ? PointerEvent : name.includes("copy") ? Event : MouseEvent;
        await one.fire(el, new Kind(name, { bubbles: true, cancelable: true }));
      }
      await one.fire(el, new MouseEvent("click", { bubbles: true, cancelable: true }));
      if (/^(INPUT|TEXTAREA)$/.test(el.tagName) && !(el as HTMLInputElement).disabled) {
        const box = el as HTMLInputElement;
        if (!box.readOnly && !/^(checkbox|radio|file|color)$/.test(box.type)) {
          box.value = box.type === "range" || box.type === "number" ? "3" : "typed";
          await one.fire(el, new InputEvent("input", { bubbles: true }));
          await one.fire(el, new Event("change", { bubbles: true }));
        }
      }
      for (const key of KEYS.split(" ")) {
        const init = { key: key === "Space" ? " " : key, bubbles: true, cancelable: true };
        await one.fire(el, new KeyboardEvent("keydown", init));
        await one.fire(el, new KeyboardEvent("keyup", init));
      }
      await act(() => el.blur?.());
    }
    await settle();
  }
}

let ledger: Ledger;
let view: AbortController;

beforeEach(() => {
  view = new AbortController();
  ledger = openLedger();
  vi.spyOn(console, "error").mockImplementation(() => {});
});

afterEach(() => {
  ledger.end();
  document.body.replaceChildren();
});

// -- the contract

test("the contract tells of all fronts, and there is a front for all that it tells of", () => {
  expect(fronts.length).toBeGreaterThan(35);
  const drawn = fronts.map(([type]) => type);
  expect(drawn.filter((type) => !(type in contract))).toEqual([]);
  const asBlocks = ["interface", "tabbedinterface"]; // drawn as Blocks are
  expect(Object.keys(defaults).filter((type) => !drawn.includes(type) && !asBlocks.includes(type))).toEqual([]);
});

describe.each(fronts)("%s", (type, front) => {
  test("is drawn with its defaults", async () => {
    const one = shown(type, front);
    await settle();
    expect(one.all(".nbb-mishap").map((el) => el.textContent)).toEqual([]);
    one.unmount();
  });

  test("follows each property to each kind of value", async () => {
    const { props } = contract[type]!;
    const one = shown(type, front);
    for (const [name, kind] of Object.entries(props)) {
      const before = (FULL[type]?.[name] ?? defaults[type]?.[name] ?? null) as unknown;
      for (const value of samples(kind)) await one.set(name, value);
      await settle();
      await one.set(name, before);
    }
    expect(one.all(".nbb-mishap").map((el) => el.textContent)).toEqual([]);
    one.unmount();
  });

  test("reports declared events alone, whatever is pressed, typed and keyed", async () => {
    const one = shown(type, front);
    await settle();
    await touch(one);
    const { events } = contract[type]!;
    expect([...new Set(one.events())].filter((event) => !events.includes(event))).toEqual([]);
    one.unmount();
  });

  // TR-52
  test("does in a shadow root what it does in the document", async () => {
    const done = [];
    for (const place of [undefined, shadowRoot()]) {
      const one = shown(type, front, {}, place);
      await settle();
      await touch(one);
      done.push(one.reports.map((report) => JSON.stringify(report)));
      await settle();
      one.unmount();
      expect(document.body.querySelectorAll("body > .nbb-list, body > [popover], body > style")).toHaveLength(0);
    }
    expect(done[1]).toEqual(done[0]);
  }, 20_000);

  test("changes nothing where nothing can be changed", async () => {
    const one = shown(type, front, { interactive: false });
    await settle();
    await touch(one);
    const editing = ["input", "edit", "upload", "clear", "delete", "submit", "stream"];
    const pressed = one.reports.filter(({ event, ...report }) => editing.includes(event) || "value" in report);
    if (type !== "dataset") expect(pressed).toEqual([]);
    one.unmount();
  });

  // TR-51
  test("lets go of the page when it goes", async () => {
    const one = shown(type, front);
    await settle();
    await touch(one);
    const press = () => new PointerEvent("pointerdown", { bubbles: true, cancelable: true });
    for (const el of one.all("*")) await one.fire(el, press()); // nobody lets go of it
    view.abort();
    one.unmount();
    await settle();
    await new Promise((done) => requestAnimationFrame(done));
    expect([...ledger.held.values()]).toEqual([]);
  });
});
