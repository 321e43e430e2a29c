/** The app's state as signals: one per key of the widget model, made when somebody first reads it. */

import { batch, type Signal, signal } from "@preact/signals";
import { defaults } from "../contract";
import { Edits, type Heard } from "./edits";
import { packed, unpacked } from "./exact";
import type { AnyModel } from "./wire";

export type KernelChange = (key: string, value: unknown) => void;

/** Views of one page share a model, so setting a value here reaches the others' listeners too. */
let writing = false;

export class PageModel {
  /** What was set here; the kernel's updates that are older are not taken (TR-30). */
  edits = new Edits();
  readonly #model: AnyModel;
  readonly #signals = new Map<string, Signal<unknown>>();
  readonly #heard = new Set<() => void>();
  readonly #changed = new Set<KernelChange>();

  constructor(model: AnyModel, abort: AbortSignal) {
    this.#model = model;
    const on = (event: string, ...args: unknown[]) => this.#take(event, args);
    model.on("all", on);
    abort.addEventListener("abort", () => {
      model.off("all", on);
      this.#heard.clear();
      this.#changed.clear();
    });
  }

  /** Read a key as a signal. Without a value in the model it is `fallback`. */
  signal<T>(key: string, fallback?: T): Signal<T> {
    let found = this.#signals.get(key);
    if (!found) {
      const value = unpacked(this.#model.get(key));
      found = signal<unknown>(value === undefined ? fallback : value);
      this.#signals.set(key, found);
    }
    return found as Signal<T>;
  }

  /** A property of a block: what the kernel sent, else the default of its type. */
  prop<T = unknown>(id: number, type: string, name: string): Signal<T> {
    return this.signal<T>(`${id}.${name}`, defaults[type]?.[name] as T);
  }

  /** Set a key in this page alone; a notebook saved now has it, the kernel is not told. */
  setLocal(key: string, value: unknown): void {
    const outer = writing;
    writing = true;
    try {
      this.#model.set(key, packed(value));
    } finally {
      writing = outer;
    }
    this.signal(key).value = unpacked(value);
  }

  /** Let go of all about blocks and listeners that are gone, so that a notebook saved now has none of it. */
  forget(blocks: readonly [id: number, type: string][], listeners: readonly number[]): void {
    const gone = new Set(blocks.map(([id]) => String(id)));
    const keys = new Set([...this.#signals.keys()].filter((key) => gone.has(key.split(".", 1)[0]!)));
    for (const [id, type] of blocks) for (const name in defaults[type]) keys.add(`${id}.${name}`);
    for (const id of listeners) keys.add(`run.${id}`);
    for (const key of keys) {
      if (this.#model.get(key) !== undefined) this.setLocal(key, undefined);
      this.#signals.delete(key);
    }
  }

  /** Call `heard` with every sign of life from the kernel. */
  onHeard(heard: () => void): void {
    this.#heard.add(heard);
  }

  /** Call `changed` with every key that the kernel, not a page, has set. */
  onKernelChange(changed: KernelChange): void {
    this.#changed.add(changed);
  }

  /** Let what was set here stand; the model has it too, so that an update to what was refused is one. */
  #keep(key: string): void {
    queueMicrotask(() => this.setLocal(key, this.#signals.get(key)?.peek()));
  }

  #take(event: string, args: unknown[]): void {
    if (event.startsWith("change:")) {
      const key = event.slice("change:".length);
      const value = unpacked(args.length > 1 ? args[1] : this.#model.get(key));
      const found = this.#signals.get(key);
      // What came with it tells what it knows of, in whatever order the host sets the two.
      if (!writing) this.edits.heard(this.#model.get("heard") as Heard | undefined);
      if (found && !writing && this.edits.isNewer(key)) this.#keep(key);
      else if (found) found.value = value;
      if (writing) return;
      for (const heard of this.#heard) heard();
      batch(() => {
        for (const changed of this.#changed) changed(key, value);
      });
    } else if (event === "msg:custom") {
      for (const heard of this.#heard) heard();
    }
  }
}
