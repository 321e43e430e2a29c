/** Which status a block shows: that of the listeners whose outputs it is among (EV-326). */

import { type ReadonlySignal, signal } from "@preact/signals";
import type { PageModel } from "./model";
import type { Listener, RunRecord } from "./wire";

export interface Shown {
  listener: Listener;
  record: RunRecord;
}

export class Runs {
  readonly #model: PageModel;
  readonly #listeners: ReadonlySignal<readonly Listener[]>;
  /** Runs whose error was clicked away, as "listener/run". */
  readonly #dismissed = signal<ReadonlySet<string>>(new Set());

  constructor(model: PageModel, listeners: ReadonlySignal<readonly Listener[]>) {
    this.#model = model;
    this.#listeners = listeners;
  }

  record(listener: Listener): RunRecord | null {
    return this.#model.signal<RunRecord | null>(`run.${listener.id}`, null).value;
  }

  /** What block `id` shows: a run under way before an error, of several the one listed last. */
  of(id: number): Shown | null {
    let found: Shown | null = null;
    for (const listener of this.#listeners.value) {
      if (!(listener.show_progress_on ?? listener.outputs).includes(id)) continue;
      const record = this.record(listener);
      if (!record?.stage || record.stage === "complete") continue;
      const failed = record.stage === "error";
      if (failed ? this.#isDismissed(listener, record) : listener.show_progress === "hidden") continue;
      if (!failed || found?.record.stage !== "pending") found = { listener, record };
    }
    return found;
  }

  dismiss({ listener, record }: Shown): void {
    this.#dismissed.value = new Set([...this.#dismissed.value, `${listener.id}/${record.run}`]);
  }

  #isDismissed(listener: Listener, record: RunRecord): boolean {
    return this.#dismissed.value.has(`${listener.id}/${record.run}`) || record.visible === false;
  }
}
