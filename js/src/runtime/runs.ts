/** Which status a block shows: that of the listeners whose outputs it is among (EV-326). */

import type { ReadonlySignal } from "@preact/signals";
import type { PageModel } from "./model";
import type { Listener, RunRecord } from "./wire";

export interface Shown {
  listener: Listener;
  record: RunRecord;
}

/** When records came, in ms on the page's clock. The views of a page share records, so one opened later knows too. */
const came = new WeakMap<RunRecord, number>();

export class Runs {
  readonly #model: PageModel;
  readonly #listeners: ReadonlySignal<readonly Listener[]>;

  constructor(model: PageModel, listeners: ReadonlySignal<readonly Listener[]>) {
    this.#model = model;
    this.#listeners = listeners;
  }

  record(listener: Listener): RunRecord | null {
    const record = this.#model.signal<RunRecord | null>(keyOf(listener), null).value;
    if (record && !came.has(record)) came.set(record, performance.now());
    return record;
  }

  /** What block `id` shows: a run under way, of several the one listed last; else an error that no run has followed. */
  of(id: number): Shown | null {
    let going: Shown | null = null;
    let failed: Shown | null = null;
    let renewed = 0;
    for (const listener of this.#listeners.value) {
      if (!(listener.show_progress_on ?? listener.outputs).includes(id)) continue;
      const record = this.record(listener);
      if (isGoing(record)) {
        if (listener.show_progress !== "hidden") going = { listener, record: record! };
      } else if (record?.stage === "complete") {
        renewed = Math.max(renewed, came.get(record)!);
      } else if (record?.stage === "error" && record.visible !== false) {
        failed = { listener, record };
      }
    }
    return going ?? (failed && renewed > came.get(failed.record)! ? null : failed);
  }

  /** What validators have said of the value of block `id` (EV-298). */
  complaints(id: number): string[] {
    const found = new Set<string>();
    for (const listener of this.#listeners.value) {
      if (!listener.inputs.includes(id) && !listener.outputs.includes(id)) continue;
      const text = this.record(listener)?.validation?.[id];
      if (text != null) found.add(text || "Invalid");
    }
    return [...found];
  }

  /** The user has seen an error: no view of this page shows it any more. */
  dismiss({ listener, record }: Shown): void {
    this.#model.setLocal(keyOf(listener), { ...record, stage: null });
  }

  /** The user has changed a value: complaints about it are answered. */
  edited(id: number): void {
    for (const listener of this.#listeners.peek()) {
      const record = this.record(listener);
      if (record?.validation?.[id] == null) continue;
      const { [id]: _, ...validation } = record.validation;
      this.#model.setLocal(keyOf(listener), { ...record, validation });
    }
  }
}

/** Whether a record is of a run under way. */
export function isGoing(record: RunRecord | null | undefined): boolean {
  return ["pending", "generating", "streaming"].includes(record?.stage ?? "");
}

/** When a run began, in ms on the page's clock; null if it has not, or the record does not say. */
export function beganAt(record: RunRecord): number | null {
  return record.time == null ? null : (came.get(record) ?? performance.now()) - record.time * 1000;
}

function keyOf(listener: Listener): string {
  return `run.${listener.id}`;
}
