/** Sending files that the user chose: how far it has come, and giving up. */

import { type Signal, signal, useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { isOfKind, wayTo } from "./files";
import type { AppFace } from "./runtime/define";
import type { Transfer } from "./runtime/transfers";
import type { FileRecord } from "./runtime/wire";

/** Files of one choice that are on their way at a time: a folder may hold thousands. */
export const AT_A_TIME = 16;
/** Names that a message lists. */
const NAMED = 3;

export interface Uploads {
  /** From 0 to 1 while files are on their way, else null. */
  part: Signal<number | null>;
  /**
   * Send the files of one choice: their records, in the same order, or null if none came through.
   *
   * Those of a wrong kind are dropped with a note, and so are all but one if `single`. If one cannot be sent, none
   * is: the user is told which.
   */
  send(files: readonly File[], kinds?: readonly string[] | null, single?: boolean): Promise<FileRecord[] | null>;
  cancel(): void;
}

/** The files of one choice. */
class Batch {
  readonly #app: AppFace;
  readonly #files: readonly File[];
  /** Files that were not begun. The largest go first: if one is too large, that is known before the others are sent. */
  readonly #line: readonly number[];
  #next = 0;
  readonly #total: number;
  readonly #records: FileRecord[] = [];
  readonly #moving: Signal<readonly [Transfer<FileRecord>, size: number][]> = signal([]);
  #sent = 0;
  #over = false;
  /** The file that could not be sent. */
  culprit: File | null = null;

  constructor(app: AppFace, files: readonly File[]) {
    this.#app = app;
    this.#files = files;
    this.#line = files.map((_, at) => at).sort((one, other) => files[other]!.size - files[one]!.size);
    this.#total = files.reduce((sum, file) => sum + weightOf(file), 0);
  }

  get part(): number {
    const moving = this.#moving.value.reduce((sum, [{ progress }, size]) => sum + progress.value * size, 0);
    return Math.min(1, (this.#sent + moving) / this.#total);
  }

  async send(): Promise<FileRecord[]> {
    const carriers = Math.min(AT_A_TIME, this.#files.length);
    await Promise.all(Array.from({ length: carriers }, () => this.#carry()));
    return this.#records;
  }

  cancel(): void {
    this.#over = true;
    for (const [transfer] of this.#moving.peek()) transfer.cancel();
  }

  async #carry(): Promise<void> {
    while (this.#next < this.#line.length && !this.#over) {
      const at = this.#line[this.#next++]!;
      const file = this.#files[at]!;
      const way = wayTo(file);
      const transfer = this.#app.upload(file, { name: file.name, relative: way });
      this.#moving.value = [...this.#moving.peek(), [transfer, weightOf(file)]];
      try {
        const record = await transfer.result;
        this.#records[at] = way ? { ...record, orig_name: way } : record;
        this.#sent += weightOf(file);
      } catch (error) {
        if (!this.#over) this.culprit = file;
        this.cancel();
        throw error;
      } finally {
        this.#moving.value = this.#moving.peek().filter(([one]) => one !== transfer);
      }
    }
  }
}

/** Every file costs a message, even an empty one. */
function weightOf(file: File): number {
  return file.size + 1024;
}

export function useUploads(app: AppFace): Uploads {
  const running = useSignal<Batch | null>(null);
  const part = useComputed(() => running.value?.part ?? null);
  const cancel = () => {
    running.peek()?.cancel();
    running.value = null;
  };
  useEffect(() => cancel, []);

  const send = async (files: readonly File[], kinds?: readonly string[] | null, single = false) => {
    const fit = files.filter((file) => isOfKind(file, kinds));
    const unfit = files.filter((file) => !isOfKind(file, kinds));
    if (unfit.length) {
      app.toast({
        level: "warning",
        title: "Wrong kind of file",
        message: `${listed(unfit)}: expected ${(kinds ?? []).join(", ")}.`,
      });
    }
    const [first] = fit;
    if (!first) return null;
    if (single && fit.length > 1) {
      app.toast({
        level: "warning",
        title: "One file only",
        message: `Of ${fit.length}, ${listed([first])} is taken.`,
      });
    }
    const chosen = single ? [first] : fit;
    cancel();
    const mine = new Batch(app, chosen);
    running.value = mine;
    try {
      const records = await mine.send();
      return running.peek() === mine ? records : null;
    } catch (error) {
      // The runtime has said why. Left is which file it was, and what became of the others.
      if (mine.culprit && running.peek() === mine) {
        const others = chosen.length > 1 ? `, so none of the ${chosen.length} files was taken` : "";
        const told = error instanceof Error && error.message.includes(mine.culprit.name);
        const message = `${listed([mine.culprit])} could not be uploaded${others}.`;
        if (others || !told) app.toast({ level: "warning", title: "Nothing was uploaded", message });
      }
      return null;
    } finally {
      if (running.peek() === mine) running.value = null;
    }
  };
  return { part, send, cancel };
}

/** The first few of the files by name, for a message. */
function listed(files: readonly File[]): string {
  const names = files.slice(0, NAMED).map((file) => wayTo(file) || file.name);
  const more = files.length - names.length;
  return more ? `${names.join(", ")} and ${more} more` : names.join(", ");
}
