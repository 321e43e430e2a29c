/** Mounts one front without an app, for tests. */

import { type Signal, signal } from "@preact/signals";
import { render } from "preact";
import { act } from "preact/test-utils";
import { defaults } from "./contract";
import { Company } from "./runtime/company";
import { NodeContext } from "./runtime/contexts";
import type { AppFace, Front, Node } from "./runtime/define";

export interface Report {
  event: string;
  value?: unknown;
  data?: unknown;
}

let last = 0;

/** The front, drawn with the defaults of its type and `given` over them. */
export function mount(
  type: string,
  front: Front<never, never>,
  given: Record<string, unknown> = {},
  app: Partial<AppFace> = {},
  children: Node[] = [],
  place: globalThis.Node = document.body,
) {
  last += 1;
  const node: Node = { id: last, type, children, domId: `nbb-test-${last}` };
  const signals: Record<string, Signal<unknown>> = {};
  const props = {};
  for (const [name, value] of Object.entries({ value: null, ...defaults[type], interactive: true, ...given })) {
    const one = signal<unknown>(value);
    signals[name] = one;
    Object.defineProperty(props, name, { enumerable: true, get: () => one.value });
  }
  const reports: Report[] = [];
  const emit = (event: string, report: { value?: unknown; data?: unknown } = {}) => {
    reports.push({ event, ...report });
    if ("value" in report && signals.value) signals.value.value = report.value;
  };
  const set = (name: string, value: unknown) => {
    signals[name]!.value = value;
  };
  const abort = new AbortController().signal;
  const company = new Company();
  if (!app.company) company.join(app.signal ?? abort);
  const face = {
    live: true,
    listens: () => false,
    unfinished: [],
    toast() {},
    signal: abort,
    company,
    ...app,
  };
  const context = { props, emit, set, node, app: face, children: [] };
  const Draw = front.draw as unknown as (context: object) => preact.ComponentChildren;
  const el = document.createElement("div");
  el.className = "nbb";
  place.appendChild(el);
  void act(() =>
    render(
      <NodeContext.Provider value={node}>
        <Draw {...context} />
      </NodeContext.Provider>,
      el,
    ),
  );

  const find = <E extends HTMLElement = HTMLElement>(selector: string): E => {
    const found = el.querySelector<E>(selector);
    if (!found) throw new Error(`no ${selector} in ${el.innerHTML}`);
    return found;
  };
  return {
    el,
    node,
    reports,
    find,
    all: (selector: string) => [...el.querySelectorAll<HTMLElement>(selector)],
    events: () => reports.map((one) => one.event),
    /** Set a property as the kernel does. */
    set: (name: string, value: unknown) =>
      act(() => {
        signals[name]!.value = value;
      }),
    fire: (target: string | Element, event: Event) =>
      act(() => void (typeof target === "string" ? find(target) : target).dispatchEvent(event)),
    click: (target: string | HTMLElement) => act(() => (typeof target === "string" ? find(target) : target).click()),
    /** Type as a browser does: the native value first, then the event. */
    type: (selector: string, value: string) =>
      act(() => {
        const box = find<HTMLInputElement>(selector);
        Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), "value")?.set?.call(box, value);
        box.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }),
    key: (selector: string, key: string, more: KeyboardEventInit = {}) =>
      act(
        () =>
          void find(selector).dispatchEvent(
            new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }),
          ),
      ),
    unmount: () => act(() => render(null, el)),
  };
}

/** Let promises that are under way come through. */
export async function settle(): Promise<void> {
  await act(async () => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  });
}
