/** The face that a user's own module sees of its component: a model as anywidget hands it to a view. */

import { effect, untracked } from "@preact/signals";
import type { AppFace, Emit } from "./runtime/define";
import { same } from "./runtime/same";

/** What the kernel says of a class of the user's (`CustomComponent.front_end`). */
export interface FrontEnd {
  name: string;
  /** Module and name of the class. */
  kind: string;
  /** The chunk that is its module. */
  module: string | null;
  /** The chunk that is its style sheet. */
  css: string | null;
  events: string[];
  props: string[];
}

export type Callback = (...args: unknown[]) => unknown;

interface Block {
  readonly props: object;
  readonly emit: Emit<string>;
  readonly app: AppFace;
}

export class Model {
  readonly widget_manager: unknown;
  readonly #block: Block;
  readonly #front: FrontEnd;
  readonly #failed: (error: unknown) => void;
  /** What was set and not saved. */
  readonly #set = new Map<string, unknown>();
  /** What listeners know of properties that somebody listens to. */
  readonly #seen = new Map<string, unknown>();
  readonly #heard = new Map<string, Set<Callback>>();
  readonly #stops: (() => void)[] = [];

  /** `failed` is told what a listener throws, and why a message was refused. */
  constructor(block: Block, front: FrontEnd, failed: (error: unknown) => void, signal: AbortSignal) {
    this.#block = block;
    this.#front = front;
    this.#failed = failed;
    this.widget_manager = block.app.manager;
    this.#stops.push(block.app.hear((content, buffers) => this.#fire("msg:custom", content, buffers)));
    signal.addEventListener("abort", () => {
      this.#heard.clear();
      for (const stop of this.#stops) stop();
    });
  }

  get(name: string): unknown {
    return this.#set.has(name) ? this.#set.get(name) : this.#saved(name);
  }

  /** Set a property, or several by an object, to be saved by `save_changes`. */
  set(name: string | Record<string, unknown>, value?: unknown): void {
    if (typeof name === "object") {
      for (const [one, given] of Object.entries(name)) this.set(one, given);
      return;
    }
    if (!this.#front.props.includes(name)) throw new Error(`${this.#front.name} has no synchronised trait “${name}”`);
    this.#set.set(name, value);
    this.#look(name);
  }

  /** A new value is what the user has changed: `input` and `change` are fired. Other traits are set in the kernel. */
  save_changes(): void {
    const changed = [...this.#set].filter(([name, value]) => !same(this.#saved(name), value));
    const names = [...this.#set.keys()];
    this.#set.clear();
    const props = Object.fromEntries(changed.filter(([name]) => name !== "value"));
    if (Object.keys(props).length) this.#block.app.save(props);
    const value = changed.find(([name]) => name === "value");
    if (value) this.#block.emit("input", { value: value[1] });
    for (const name of names) this.#look(name);
  }

  on(names: string, callback: Callback): void {
    for (const name of names.split(/\s+/)) {
      this.#heard.set(name, (this.#heard.get(name) ?? new Set()).add(callback));
      if (name === "change") for (const one of this.#front.props) this.#watch(one);
      else if (name.startsWith("change:")) this.#watch(name.slice("change:".length));
    }
  }

  off(names?: string | null, callback?: Callback | null): void {
    for (const name of names ? names.split(/\s+/) : [...this.#heard.keys()]) {
      if (callback) this.#heard.get(name)?.delete(callback);
      else this.#heard.delete(name);
    }
  }

  /** `{event, data}` raises an event of the class; all else goes to its `on_message`, whose answer the promise is. */
  async send(content: unknown, _callbacks?: unknown, buffers?: unknown[]): Promise<unknown> {
    const { event, data } = (content ?? {}) as { event?: string; data?: Record<string, unknown> };
    try {
      if (buffers?.length) throw new Error(`${this.#front.name} takes no buffers from the page`);
      if (!event || !this.#front.events.includes(event)) {
        return this.#block.app.live ? await this.#block.app.ask({ message: content }) : undefined;
      }
      if (data != null && (typeof data !== "object" || Array.isArray(data)))
        throw new Error(`data of the event “${event}” must be an object`);
      this.#block.emit(event, { data: data ?? null });
    } catch (error) {
      // Shown here: hardly anybody waits for the promise.
      this.#failed(error);
    }
    return undefined;
  }

  #saved(name: string): unknown {
    return untracked(() => (this.#block.props as Record<string, unknown>)[name]);
  }

  #watch(name: string): void {
    if (this.#seen.has(name)) return;
    this.#seen.set(name, this.get(name));
    const stop = effect(() => {
      void (this.#block.props as Record<string, unknown>)[name];
      // Once all that the kernel has set at a time is there.
      queueMicrotask(() => this.#look(name));
    });
    this.#stops.push(stop);
  }

  #look(name: string): void {
    const now = this.get(name);
    if (!this.#seen.has(name) || same(this.#seen.get(name), now)) return;
    this.#seen.set(name, now);
    this.#fire(`change:${name}`, this, now);
    this.#fire("change", this);
  }

  #fire(name: string, ...args: unknown[]): void {
    for (const callback of [...(this.#heard.get(name) ?? [])]) {
      try {
        callback(...args);
      } catch (error) {
        this.#failed(error);
      }
    }
  }
}
