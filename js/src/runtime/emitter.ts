/** What happens when a block reports an event: values set, js run, and a message sent if anybody listens. */

import { defaults } from "../contract";
import type { Report } from "./define";
import { run } from "./javascript";
import type { PageModel } from "./model";
import { same } from "./same";
import type { Results, Transport } from "./transport";
import type { Listener } from "./wire";

/** What the emitter asks of the app. */
export interface EmitterApp {
  readonly live: boolean;
  readonly listeners: readonly Listener[];
  typeOf(id: number): string;
  /** A new dispatch of these listeners begins (EV-296). */
  dispatched(listeners: readonly Listener[]): void;
  failed(listener: Listener, error: unknown): void;
}

/** js listeners that set each other's blocks to ever new values must not hang the page. */
const DEEPEST = 50;

export class Emitter {
  readonly #app: EmitterApp;
  readonly #model: PageModel;
  readonly #transport: Transport;

  constructor(app: EmitterApp, model: PageModel, transport: Transport) {
    this.#app = app;
    this.#model = model;
    this.#transport = transport;
    model.onKernelChange((key) => {
      const [id, name] = key.split(".");
      if (name === "value" && this.#app.live) this.#changedByKernel(Number(id));
    });
  }

  listening(id: number, event: string): Listener[] {
    return this.#app.listeners.filter((one) => one.targets.some(([node, name]) => node === id && name === event));
  }

  emit(id: number, event: string, report: Report = {}): void {
    if (!this.#app.live) return;
    const given = report.value !== undefined;
    const changed = given && this.#write(id, report.value);
    // The kernel derives `change` from the values, so that changes by code and by hand are one thing.
    const derived = event === "change" && "value" in (defaults[this.#app.typeOf(id)] ?? {});
    const heard = derived ? [] : this.listening(id, event);
    const changes = changed ? this.listening(id, "change") : [];
    if (!heard.length && !changes.length) {
      if (changed) this.#transport.soon();
      return;
    }
    this.#app.dispatched([...heard, ...changes]);
    if (given) this.#transport.edited(id, report.value);
    const send = (js?: Results) => {
      if (heard.length) this.#transport.event(id, event, report.data ?? null, js);
      else this.#transport.values(js);
    };
    const scripts = [...heard, ...changes].filter((one) => one.js);
    if (!scripts.length) send();
    else void this.#run(scripts).then(({ js, failed }) => this.#finish(heard, failed, js, send));
  }

  /** Run the js-only listeners of an event that only the page knows of, such as `load` of a new view. */
  async runLocal(id: number, event: string): Promise<void> {
    const scripts = this.listening(id, event).filter((one) => one.js && !one.backend);
    if (scripts.length) await this.#run(scripts);
    this.#transport.flush();
  }

  /** Apply another view's edits. */
  echo(values: [number, unknown][]): void {
    for (const [id, value] of values) this.#model.setLocal(`${id}.value`, value);
  }

  #finish(heard: Listener[], failed: Set<Listener>, js: Results, send: (js: Results) => void): void {
    // A run whose js failed does not start (EV-153). If it was the only one there is no event to tell of.
    if (heard.length && heard.every((one) => failed.has(one))) this.#transport.values(js);
    else send(js);
  }

  async #run(scripts: readonly Listener[], depth = 0): Promise<{ js: Results; failed: Set<Listener> }> {
    const js: Results = {};
    const failed = new Set<Listener>();
    const one = async (listener: Listener) => {
      try {
        const result = await run(listener, (id) => this.#value(id).peek());
        js[listener.id] = result;
        if (!listener.backend) await this.#apply(listener, result, depth);
      } catch (error) {
        failed.add(listener);
        this.#app.failed(listener, error);
      }
    };
    await Promise.all(scripts.map(one));
    return { js, failed };
  }

  /** Write what a js-only listener returned to its outputs, and follow the changes that this makes. */
  async #apply(listener: Listener, result: unknown[], depth: number): Promise<void> {
    const next: Listener[] = [];
    for (const [i, id] of listener.outputs.entries()) {
      if (i >= result.length || result[i] === undefined) continue;
      if (this.#write(id, result[i]))
        next.push(...this.listening(id, "change").filter((one) => one.js && !one.backend));
    }
    if (next.length && depth < DEEPEST) await this.#run(next, depth + 1);
  }

  async #changedByKernel(id: number): Promise<void> {
    const scripts = this.listening(id, "change").filter((one) => one.js && !one.backend);
    if (!scripts.length) return;
    await this.#run(scripts);
    this.#transport.values();
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
