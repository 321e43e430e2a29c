/** Letting the browser save files of the kernel: how far it has come, and giving up. */

import { type Signal, useComputed, useSignal } from "@preact/signals";
import type { AppFace } from "./runtime/define";
import type { Transfer } from "./runtime/transfers";
import type { FileRecord } from "./runtime/wire";

export interface Saves {
  /** From 0 to 1 while a file is on its way, else null. */
  part: Signal<number | null>;
  /** Save a file; false if it was given up or failed, of which the user has been told. */
  save(file: FileRecord): Promise<boolean>;
  cancel(): void;
}

/** One file at a time. It goes on if what has begun it is drawn no more. */
export function useSaves(app: AppFace): Saves {
  const running = useSignal<Transfer<void> | null>(null);
  const part = useComputed(() => running.value?.progress.value ?? null);
  const save = async (file: FileRecord) => {
    if (running.peek()) return false;
    // At once, while the click is handled: of a large file the browser may ask where it is to go.
    const known = file.size == null ? {} : { size: file.size };
    const transfer = app.download(file.path, { name: baseOf(nameOf(file)), ...known });
    running.value = transfer;
    try {
      await transfer.result;
      return true;
    } catch {
      return false; // The runtime has said why.
    } finally {
      running.value = null;
    }
  };
  return { part, save, cancel: () => running.peek()?.cancel() };
}

/** What a file is called: the way from a chosen folder on, or its name. */
export function nameOf(file: FileRecord): string {
  return file.orig_name || baseOf(file.path);
}

function baseOf(way: string): string {
  return way.slice(Math.max(way.lastIndexOf("/"), way.lastIndexOf("\\")) + 1);
}
