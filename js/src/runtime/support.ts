/** Stand-ins for tests: a widget model without a kernel, and an app mounted on it. */

import { vi } from "vitest";
import type { Registry } from "./define";
import { mountApp } from "./mount";
import { NO_PARTS } from "./parts";
import { same } from "./same";
import type { AnyModel, KernelMessage, Listener, PageMessage, TreeNode, WidgetManager } from "./wire";

type Callback = (...args: never[]) => void;

/** A widget model as Backbone makes it: `all` hears every event. */
export class FakeModel implements AnyModel {
  readonly sent: (PageMessage & { view: string; seq: number })[] = [];
  readonly buffers: (ArrayBuffer | ArrayBufferView)[][] = [];
  readonly callbacks = new Map<string, Set<Callback>>();
  widget_manager?: WidgetManager;
  #state: Record<string, unknown>;

  constructor(state: Record<string, unknown> = {}) {
    this.#state = state;
  }

  get(key: string): unknown {
    return this.#state[key];
  }

  set(key: string, value: unknown): void {
    if (Object.is(this.#state[key], value)) return;
    this.#state[key] = value;
    this.fire(`change:${key}`, this, value);
  }

  send(content: unknown, _?: unknown, buffers: (ArrayBuffer | ArrayBufferView)[] = []): void {
    this.sent.push(content as (typeof this.sent)[number]);
    this.buffers.push(buffers);
  }

  on(event: string, callback: Callback): void {
    if (!this.callbacks.has(event)) this.callbacks.set(event, new Set());
    this.callbacks.get(event)?.add(callback);
  }

  off(event?: string | null, callback?: Callback | null): void {
    if (event && callback) this.callbacks.get(event)?.delete(callback);
  }

  /** What the kernel does: change a key. */
  update(changes: Record<string, unknown>): void {
    for (const [key, value] of Object.entries(changes)) this.set(key, value);
  }

  /** What the kernel does: send a message. */
  message(content: KernelMessage, buffers: DataView[] = []): void {
    this.fire("msg:custom", content, buffers);
  }

  fire(event: string, ...args: unknown[]): void {
    for (const callback of [...(this.callbacks.get(event) ?? [])]) callback(...(args as never[]));
    for (const callback of [...(this.callbacks.get("all") ?? [])]) callback(...([event, ...args] as never[]));
  }

  /** Messages of one type, without those that every view sends. */
  of(type: string): PageMessage[] {
    return this.sent.filter((message) => message.type === type);
  }

  get listening(): number {
    return [...this.callbacks.values()].reduce((sum, some) => sum + some.size, 0);
  }
}

let last = 0;

export function listener(targets: Listener["targets"], more: Partial<Listener> = {}): Listener {
  last += 1;
  return {
    id: last,
    targets,
    inputs: [],
    outputs: [],
    show_progress: "full",
    show_progress_on: null,
    trigger_mode: "once",
    js: null,
    backend: true,
    ...more,
  };
}

/** Mount an app and wait until it has said hello. */
export async function show(
  registry: Registry,
  { tree, listeners = [], ...state }: { tree: TreeNode; listeners?: Listener[]; [key: string]: unknown },
  model = new FakeModel(),
  parts = NO_PARTS,
) {
  // As a real model has it: a second view finds the same tree, another app has its own.
  const known = model.get("tree");
  const own = same(known, tree) ? known : structuredClone(tree);
  model.update({ bundle: "anywidget:asset", options: { live: true }, listeners, tree: own, ...state });
  const el = document.createElement("div");
  document.body.append(el);
  const controller = new AbortController();
  mountApp({ model, el, signal: controller.signal }, registry, parts);
  await settle();
  return { model, el, close: () => controller.abort() };
}

/** Let promises and drawing come through. */
export async function settle(ms = 0): Promise<void> {
  if (vi.isFakeTimers()) await vi.advanceTimersByTimeAsync(ms + 20);
  else await new Promise((resolve) => setTimeout(resolve, ms + 20));
}

/** A textbox of a tree. */
export const box = (id: number): TreeNode => [id, "textbox", []];

/** The tree of an app with a textbox, and a column with `content` below it. */
export const app = (...content: TreeNode[]): TreeNode => [1, "blocks", [box(2), [3, "column", content]]];
