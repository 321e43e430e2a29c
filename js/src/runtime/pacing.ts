/**
 * Fast input: while an event of a listener is unanswered the next ones wait, the newest in the place of all (TR-33).
 *
 * Clicks and the like do not wait: the kernel says what comes of them (EV-123).
 */

import type { Timers } from "./timers";
import type { Listener } from "./wire";

/** Ms after which a message that the kernel has not answered counts as lost. */
export const LOST = 2000;
/** Ms after which a listener is asked again that was busy, and of which nothing was heard since. */
export const AGAIN = 500;

/** An event that waits. */
export interface Waiting {
  readonly node: number;
  readonly event: string;
  readonly data: Record<string, unknown> | null;
  /** Who is to get it still. */
  readonly listeners: Set<number>;
}

/** What the pacing asks of the emitter. */
interface Page {
  listener(id: number): Listener | undefined;
  /** Whether the kernel, or this page, has a run of it under way. */
  isBusy(listener: Listener): boolean;
  /** Whether the kernel has taken the message with this number. */
  knows(seq: number): boolean;
  /** Raise an event that has waited. */
  raise(waiting: Waiting, free: readonly Listener[]): void;
}

export class Pacing {
  readonly #page: Page;
  readonly #timers: Timers;
  /** Numbers of the messages that dispatched listeners, until something was heard of it; null before it is sent. */
  readonly #dispatched = new Map<number, number | null>();
  readonly #refused = new Set<number>();
  readonly #waiting = new Map<string, Waiting>();
  #planned = false;

  constructor(page: Page, timers: Timers) {
    this.#page = page;
    this.#timers = timers;
  }

  /** Listeners are dispatched; the result is to be told the number of the message. */
  dispatched(listeners: readonly Listener[]): (seq: number) => void {
    const ids = listeners.filter((one) => one.backend).map((one) => one.id);
    for (const id of ids) this.#dispatched.set(id, null);
    return (seq) => {
      for (const id of ids) if (this.#dispatched.has(id)) this.#dispatched.set(id, seq);
    };
  }

  /** Whether what was dispatched last of this listener is not answered yet. */
  isUnanswered(listener: Listener): boolean {
    const seq = this.#dispatched.get(listener.id);
    if (seq === null || (seq !== undefined && !this.#page.knows(seq))) return true;
    return this.#refused.has(listener.id) || this.#page.isBusy(listener);
  }

  /** Let an event wait for its listeners, if all are unanswered; whether it does. */
  hold(node: number, event: string, data: Record<string, unknown> | null, listeners: readonly Listener[]): boolean {
    const key = `${node} ${event}`;
    const waits = (one: Listener) => one.trigger_mode !== "multiple" && this.isUnanswered(one);
    if (!listeners.every(waits)) {
      this.#waiting.delete(key); // the kernel says who is too busy to take it
      return false;
    }
    const ids = listeners.map((one) => one.id);
    this.#waiting.set(key, { node, event, data, listeners: new Set(ids) });
    for (const id of ids) this.#watch(id);
    return true;
  }

  /** Some were too busy to take an event of this page. */
  refused(node: number, event: string, listeners: readonly number[]): void {
    const key = `${node} ${event}`;
    const waiting = this.#waiting.get(key) ?? { node, event, data: null, listeners: new Set() };
    this.#waiting.set(key, waiting);
    for (const id of listeners) {
      waiting.listeners.add(id);
      this.#refused.add(id);
      this.#timers.after(AGAIN, () => this.heardOf(id));
    }
  }

  /** The kernel has said something of a listener's runs. */
  heardOf(id: number): void {
    this.#dispatched.delete(id);
    this.#refused.delete(id);
    this.look();
  }

  /** Events of these nodes are to come. */
  get nodes(): number[] {
    return [...new Set([...this.#waiting.values()].filter(isEvent).map((one) => one.node))];
  }

  has(listener: Listener): boolean {
    return [...this.#waiting.values()].some((one) => one.listeners.has(listener.id));
  }

  /** Raise what has waited long enough, once all that came with the news is here. */
  look(): void {
    if (this.#planned || !this.#waiting.size) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      this.raise((one) => !this.isUnanswered(one));
    });
  }

  /** Raise what waits, for the listeners that `may` have it. */
  raise(may: (listener: Listener) => boolean): void {
    for (const [key, waiting] of [...this.#waiting]) {
      const known = [...waiting.listeners].map((id) => this.#page.listener(id)).filter((one) => one !== undefined);
      const free = known.filter(may);
      for (const one of free) waiting.listeners.delete(one.id);
      if (!waiting.listeners.size || !known.length) this.#waiting.delete(key);
      if (free.length) this.#page.raise(waiting, free);
    }
  }

  /** A message may be lost on its way, and its answer with it. */
  #watch(id: number): void {
    const seq = this.#dispatched.get(id);
    if (seq === undefined) return;
    this.#timers.after(LOST, () => {
      if (this.#dispatched.get(id) === seq) this.heardOf(id);
    });
  }
}

/** Whether it has to be raised, and does not follow from the value. */
function isEvent({ event }: Waiting): boolean {
  return event !== "change";
}
