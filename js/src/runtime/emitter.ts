/** What happens when a block reports an event: values set, js begun, and a message sent if anybody listens. */

import { defaults } from "../contract";
import type { Report } from "./define";
import type { PageModel } from "./model";
import { same } from "./same";
import { type Loading, Scripts } from "./scripts";
import type { Timers } from "./timers";
import type { Transport } from "./transport";
import type { Begun, Listener } from "./wire";

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
  /** Listeners with a dispatch on its way to the kernel, which has not said yet what came of it. */
  readonly #dispatched = new Set<number>();

  constructor(app: EmitterApp, model: PageModel, transport: Transport, timers: Timers) {
    this.#app = app;
    this.#model = model;
    this.#transport = transport;
    const page = {
      get live() {
        return app.live;
      },
      read: (id: number) => this.#value(id).peek(),
      write: (id: number, value: unknown) => void this.#write(id, value),
    };
    this.#scripts = new Scripts(page, transport, timers);
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
    if (changed) this.#app.edited(id);
    // The kernel derives `change` from the values, so that changes by code and by hand are one thing.
    const derived = event === "change" && "value" in (defaults[this.#app.typeOf(id)] ?? {});
    const heard = derived ? [] : this.listening(id, event);
    const changes = changed ? this.listening(id, "change").filter((one) => !heard.includes(one)) : [];
    if (!heard.length && !changes.length) {
      if (changed) this.#transport.soon();
      return;
    }
    // The kernel drops or notes the dispatch of a listener that is busy, and asks for its js if need be (EV-123).
    const accepted = [heard, changes].map((group) => group.filter((one) => this.#accepts(one)));
    this.#app.dispatched(accepted.flat());
    for (const one of accepted.flat()) if (one.backend) this.#dispatched.add(one.id);
    if (given) this.#transport.edited(id, report.value);
    this.#scripts.accompany(accepted, (js?: Begun) => {
      if (heard.length) this.#transport.event(id, event, report.data ?? null, js);
      else this.#transport.values(js);
    });
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
    this.#dispatched.delete(id);
  }

  /** Apply another view's edits. */
  echo(values: [number, unknown][]): void {
    for (const [id, value] of values) {
      this.#model.setLocal(`${id}.value`, value);
      this.#app.edited(id);
    }
  }

  #accepts(listener: Listener): boolean {
    if (listener.trigger_mode === "multiple") return true;
    return !(this.#scripts.isRunning(listener) || this.#dispatched.has(listener.id) || this.#app.isBusy(listener));
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
