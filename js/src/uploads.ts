/** Sending files that the user chose: how far it has come, and giving up. */

import { type Signal, useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { acceptOf, isOfKind, wayTo } from "./files";
import type { AppFace } from "./runtime/define";
import type { Transfer } from "./runtime/transfers";
import type { FileRecord } from "./runtime/wire";

export interface Uploads {
  /** From 0 to 1 while files are on their way, else null. */
  part: Signal<number | null>;
  /** Send the files of one choice together. Those of a wrong kind are dropped with a note; null if none came through. */
  send(files: File[], kinds?: readonly string[] | null): Promise<FileRecord[] | null>;
  cancel(): void;
}

interface Batch {
  transfers: Transfer<FileRecord>[];
  sizes: number[];
}

export function useUploads(app: AppFace): Uploads {
  const running = useSignal<Batch | null>(null);
  const part = useComputed(() => {
    const batch = running.value;
    if (!batch) return null;
    const done = batch.transfers.reduce((sum, one, at) => sum + one.progress.value * (batch.sizes[at] ?? 0), 0);
    return done / (batch.sizes.reduce((sum, size) => sum + size, 0) || 1);
  });
  const cancel = () => {
    for (const transfer of running.value?.transfers ?? []) transfer.cancel();
    running.value = null;
  };
  useEffect(() => cancel, []);

  const send = async (files: File[], kinds?: readonly string[] | null) => {
    const [fit, unfit] = [
      files.filter((file) => isOfKind(file, kinds)),
      files.filter((file) => !isOfKind(file, kinds)),
    ];
    if (unfit.length) {
      const names = unfit.map((file) => file.name).join(", ");
      app.toast({ level: "warning", title: "Wrong kind of file", message: `${names}: expected ${acceptOf(kinds)}` });
    }
    if (!fit.length) return null;
    cancel();
    const transfers = fit.map((file) => app.upload(file, { name: file.name, relative: wayTo(file) }));
    const mine = { transfers, sizes: fit.map((file) => file.size) };
    running.value = mine;
    try {
      const records = await Promise.all(transfers.map((transfer) => transfer.result));
      return running.value === mine ? records : null;
    } catch {
      // The runtime has said why. What is left of the batch is of no use.
      if (running.value === mine) cancel();
      return null;
    } finally {
      if (running.value === mine) running.value = null;
    }
  };
  return { part, send, cancel };
}
