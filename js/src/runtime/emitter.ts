/** What happens when a block reports an event: values set, js begun, and a message sent if anybody listens. */

import { defaults } from "../contract";
import type { Report } from "./define";
import type { PageModel } from "./model";
import { Pacing, type Waiting } from "./pacing";
import { same } from "./same";
import { type Loading, Scripts } from "./scripts";
import type { Timers } from "./timers";
import type { Transport } from "./transport";
import type { Begun, KernelMessage, Listener } from "./wire";

/** What the emitter asks of the app. */
export interface EmitterApp {
  readonly live: boolean;
  readonly listeners: readonly Listener[];
  typeOf(id: number): string;
  /** Whether the kernel has a run of this listener under way. */
  isBusy(listener: Listener): boolean;
  /** A new dispatch of these listeners begins (EV-296). */
  dispatched(listeners: readonly Listener[]): void;
  /** The user has changed a value. */
  edited(id: number): void;
}

export class Emitter {
  readonly #app: EmitterApp;
  readonly #model: PageModel;
  readonly #transport: Transport;
  readonly #scripts: Scripts;
  readonly #pacing: Pacing;
  /** How often somebody has set a value, and how often when they set each last. */
  #edits = 0;
  readonly #edited = new Map<number, number>();

  constructor(app: EmitterApp, model: PageModel, transport: Transport, timers: Timers) {
    this.#app = app;
    this.#model = model;
    this.#transport = transport;
    const emitter = this;
    const page = {
      get live() {
        return app.live;
      },
      get edits() {
        return emitter.#edits;
      },
      read: (id: number) => this.#value(id).peek(),
      write: (id: number, value: unknown, listener: Listener, edits: number) => {
        // What was set since then is to get an answer of its own.
        const older = (this.#edited.get(id) ?? 0) > edits && this.#pacing.has(listener);
        if (!older) this.#write(id, value);
      },
      answering: (listener: Listener) => this.#pacing.dispatched([listener]),
      ended: () => this.#pacing.look(),
    };
    this.#scripts = new Scripts(page, transport, timers);
    const kernel = {
      listener: (id: number) => app.listeners.find((one) => one.id === id),
      isBusy: (one: Listener) => this.#scripts.isRunning(one) || app.isBusy(one),
      knows: (seq: number) => model.edits.knows(transport.view, seq),
      raise: (waiting: Waiting, free: readonly Listener[]) => this.#raise(waiting, free),
    };
    this.#pacing = new Pacing(kernel, timers);
    transport.waiting = () => this.#pacing.nodes;
    transport.leaving = () => this.#pacing.raise(() => true);
  }

  listening(id: number, event: string): Listener[] {
    return this.#app.listeners.filter((one) => one.targets.some(([node, name]) => node === id && name === event));
  }

  emit(id: number, event: string, report: Report = {}): void {
    if (!this.#app.live) return;
    // An event that still waits for its js was before this one, and so were its values.
    this.#transport.release();
    const given = report.value !== undefined;
    const changed = given && this.#write(id, report.value);
    if (changed) {
      this.#edits += 1;
      this.#edited.set(id, this.#edits);
      this.#app.edited(id);
    }
    // The kernel derives `change` from the values, so that changes by code and by hand are one thing.
    const derived = event === "change" && "value" in (defaults[this.#app.typeOf(id)] ?? {});
    const heard = derived ? [] : this.listening(id, event);
    const changes = changed ? this.listening(id, "change").filter((one) => !heard.includes(one)) : [];
    if (!heard.length && !changes.length) {
      if (changed) this.#transport.soon();
      return;
    }
    const fast = given && (derived || event === "input" || !heard.length);
    const what = heard.length ? event : "change";
    if (fast && this.#pacing.hold(id, what, report.data ?? null, [...heard, ...changes])) {
      if (given) this.#transport.edited(id, report.value);
      this.#transport.soon();
      return;
    }
    if (given) this.#transport.edited(id, report.value);
    this.#dispatch(id, what, report.data ?? null, heard, changes);
  }

  /** Begin the js of listeners, and send the message that dispatches them. */
  #dispatch(
    id: number,
    event: string,
    data: Record<string, unknown> | null,
    heard: readonly Listener[],
    changes: readonly Listener[],
    only?: readonly number[],
  ): void {
    // The kernel drops or notes the dispatch of a listener that is busy, and asks for its js if need be (EV-123).
    const accepted = [heard, changes].map((group) => group.filter((one) => this.#accepts(one)));
    this.#app.dispatched(accepted.flat());
    const sent = this.#pacing.dispatched(accepted.flat());
    this.#scripts.accompany(accepted, (js?: Begun) => {
      if (heard.length) this.#transport.event(id, event, data, { js, only, sent });
      else this.#transport.values({ js, sent });
    });
  }

  /** Raise an event that has waited for these listeners. */
  #raise({ node, event, data, listeners }: Waiting, free: readonly Listener[]): void {
    const isHeard = (one: Listener) => one.targets.some(([id, name]) => id === node && name === event);
    const heard = event === "change" ? [] : free.filter(isHeard);
    const changes = free.filter((one) => !heard.includes(one));
    const all = listeners.size === 0 && heard.length === this.listening(node, event).length;
    this.#dispatch(node, event, data, heard, changes, all ? undefined : heard.map((one) => one.id));
  }

  /** The js-only listeners to `load`: each new view begins them itself. */
  load(id: number): Loading {
    return this.#scripts.load(this.listening(id, "load").filter((one) => one.js && !one.backend));
  }

  /** Run the js of a listener for the kernel. */
  runFor(ticket: string, id: number): void {
    const listener = this.#app.listeners.find((one) => one.id === id);
    this.#scripts.asked(ticket, listener);
  }

  /** The kernel has said something of a listener's runs. */
  heardOf(id: number): void {
    this.#pacing.heardOf(id);
  }

  /** The kernel has said up to which message it has taken those of pages. */
  heard(): void {
    this.#pacing.look();
  }

  /** Listeners were too busy to take an event. */
  refused(node: number, listeners: readonly number[]): void {
    this.#pacing.refused(node, "input", listeners);
  }

  /** Apply another view's edits, but for what is newer here. */
  echo({ values, props = [], heard }: Extract<KernelMessage, { type: "echo" }>): void {
    const all = [...values.map(([id, value]) => [id, "value", value] as const), ...props];
    for (const [id, name, value] of all) {
      const key = `${id}.${name}`;
      if (this.#model.edits.isNewer(key, heard)) continue;
      this.#model.setLocal(key, value);
      if (name === "value") this.#app.edited(id);
    }
  }

  #accepts(listener: Listener): boolean {
    if (listener.trigger_mode === "multiple") return true;
    return !this.#pacing.isUnanswered(listener);
  }

  #value(id: number) {
    return this.#model.prop(id, this.#app.typeOf(id), "value");
  }

  /** Set a value in this page; false if it is what it was. */
  #write(id: number, value: unknown): boolean {
    if (same(this.#value(id).peek(), value)) return false;
    this.#model.setLocal(`${id}.value`, value);
    this.#transport.edited(id, value);
    return true;
  }
}
