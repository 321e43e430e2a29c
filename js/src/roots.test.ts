/// <reference types="vite/client" />
/** Nothing asks the whole document for what the root of a view knows. */

import { afterEach, expect, test, vi } from "vitest";
import {
  around,
  elementAt,
  focused,
  hasFocus,
  holdsFocus,
  hostsOf,
  isIn,
  onceShown,
  onScroll,
  onShown,
  rootsOf,
  selectedIn,
} from "./roots";
import { addHead } from "./runtime/head";

afterEach(() => document.body.replaceChildren());

/** A shadow root in a shadow root, with a button in it. */
function nested() {
  const outer = document.body.appendChild(document.createElement("div"));
  const host = outer.attachShadow({ mode: "open" }).appendChild(document.createElement("div"));
  const root = host.attachShadow({ mode: "open" });
  const box = root.appendChild(document.createElement("div"));
  const button = box.appendChild(document.createElement("button"));
  return { outer, host, root, box, button };
}

const sources = import.meta.glob<string>(["./**/*.ts", "./**/*.tsx", "!./**/*.test.*"], {
  eager: true,
  query: "?raw",
  import: "default",
});

/** Modules that may, and why. */
const MAY: Record<string, string> = {
  "./roots.ts": "it is the one that knows",
  "./ledger.ts": "tests' own: it watches the page",
  "./testing.tsx": "tests' own: it stands for the host",
  "./runtime/support.ts": "tests' own: it stands for the host",
  "./runtime/head.ts": "scripts and styles of authors are meant for the page",
  "./runtime/still.ts": "the picture that it hides is an output of the host's, beside the app",
  "./contract.ts": "it is generated: the word stands in a default",
};

// TR-52
test("no module asks the global document for focus, selection, places or elements", () => {
  const page = String.raw`\b(document|ownerDocument|doc|page|window|globalThis)\)?[?!]?\.`;
  const asked = new RegExp(
    `${page}(activeElement|getSelection|elements?FromPoint|querySelector(All)?|getElements?By\\w+|head|body)\\b` +
      String.raw`|(?<![.\w])getSelection\(|\bgetRootNode\(|\binstanceof ShadowRoot\b` +
      String.raw`|(contains|includes)\((\w*\.)?event\.target\b|event\.target as Node`,
    "g",
  );
  const found = Object.entries(sources)
    .filter(([file]) => !(file in MAY))
    .flatMap(([file, text]) =>
      Array.from(text.replace(/^\s*(\/?\*|\/\/).*$/gm, "").matchAll(asked), ([one]) => `${file}: ${one}`),
    );
  expect(Object.keys(sources).length).toBeGreaterThan(100);
  expect(found).toEqual([]);
  expect(Object.keys(MAY).filter((file) => !(file in sources))).toEqual([]);
});

// TR-52
test("what has the focus is told of the root that an element stands in", () => {
  const { outer, root, box, button } = nested();
  button.focus();
  expect(document.activeElement).toBe(outer);
  expect([hasFocus(button), holdsFocus(box), focused(document)]).toEqual([true, true, button]);
  button.blur();
  expect([hasFocus(button), holdsFocus(box), focused(document)]).toEqual([false, false, null]);
  expect(rootsOf(button)).toEqual([root, outer.shadowRoot, document]);
});

// TR-52
test("what is around an element is found through shadow roots", () => {
  const { outer, host, box, button } = nested();
  expect([...around(button)].slice(0, 4)).toEqual([box, host, outer, document.body]);
  expect(hostsOf(button)).toEqual([host, outer]);
  expect(hostsOf(document.body)).toEqual([]);
});

// TR-52
test("an event inside is known as such by who listens outside", () => {
  const { box, button } = nested();
  const seen: unknown[] = [];
  const hear = (event: Event) => seen.push(isIn(event, null), isIn(event, null, box));
  document.addEventListener("pointerdown", hear, { once: true });
  button.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, composed: true }));
  expect(seen).toEqual([false, true]);
});

// TR-52
test("scrolling is heard in each root, until the signal", () => {
  const { box, button, outer } = nested();
  const heard = vi.fn();
  const stop = new AbortController();
  onScroll(button, heard, stop.signal);
  for (const el of [box, outer, document.body]) el.dispatchEvent(new Event("scroll"));
  expect(heard).toHaveBeenCalledTimes(3);
  stop.abort();
  for (const el of [box, outer]) el.dispatchEvent(new Event("scroll"));
  expect(heard).toHaveBeenCalledTimes(3);
});

// TR-52
test("a place is told what is under the pointer in its own root", () => {
  const { root, button } = nested();
  root.elementFromPoint = () => button;
  expect(elementAt(button, 1, 2)).toBe(button);
});

// TR-52
test.each(["its root", "the document, by ranges that are composed", "neither"])(
  "what is selected is told by %s",
  (who) => {
    const { root, box, button } = nested();
    const text = button.appendChild(document.createTextNode("some text"));
    const range = document.createRange();
    range.setStart(text, 1);
    range.setEnd(text, 4);
    const told = { rangeCount: 1, getRangeAt: () => range } as unknown as Selection;
    const nothing = { rangeCount: 0 } as Selection;
    const page = vi.spyOn(document, "getSelection");
    if (who === "its root") {
      page.mockReturnValue(nothing);
      (root as unknown as Document).getSelection = () => told;
    } else if (who === "neither") page.mockReturnValue(told);
    else page.mockReturnValue({ ...nothing, getComposedRanges: () => [range] } as never);
    expect(selectedIn(box)).toBe(range);
    expect(selectedIn(document.body.appendChild(document.createElement("p")))).toBeNull();
  },
);

/** Calls of observers of sizes, by what they observe. */
function watchSizes(): Map<Element, () => void> {
  const watched = new Map<Element, () => void>();
  vi.stubGlobal(
    "ResizeObserver",
    class {
      readonly told: () => void;
      constructor(told: () => void) {
        this.told = told;
      }
      observe(el: Element) {
        watched.set(el, this.told);
      }
      disconnect() {
        for (const [el, told] of watched) if (told === this.told) watched.delete(el);
      }
    },
  );
  return watched;
}

// TR-52 TR-60
test("what has no place in the page is drawn once it has one, and told each time that it comes back", () => {
  const watched = watchSizes();
  const el = document.createElement("div");
  const [drawn, shown] = [vi.fn(), vi.fn()];
  const gone = new AbortController();
  onceShown(el, drawn, gone.signal);
  onShown(el, shown, gone.signal);
  const resize = () => {
    for (const told of [...watched.values()]) told();
  };
  resize();
  expect(drawn).not.toHaveBeenCalled();
  for (let times = 1; times < 3; times += 1) {
    document.body.append(el);
    resize();
    resize();
    expect(drawn).toHaveBeenCalledTimes(1);
    expect(shown).toHaveBeenCalledTimes(times);
    el.remove();
    resize();
  }
  expect(el.children.length).toBe(0);
  gone.abort();
  expect(watched.size).toBe(0);
  vi.unstubAllGlobals();
});

// TR-52
test("styles of an author's head reach into the shadow roots that an app stands in, once", async () => {
  const { root, button, outer } = nested();
  for (let i = 0; i < 2; i += 1) await addHead('<style>i {}</style><link rel="icon" href="data:,">', button);
  for (const one of [root, outer.shadowRoot!]) {
    expect([...one.children].map((el) => el.localName).filter((name) => /style|link/.test(name))).toEqual(["style"]);
  }
});
