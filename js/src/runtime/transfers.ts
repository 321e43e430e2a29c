/** Files between page and kernel, in chunks with a window both ways: one big message would hang the connection. */

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { buf } from "crc-32";
import { Downloads, type SaveOptions } from "./downloads";
import type { Timers } from "./timers";
import type { Transport } from "./transport";
import { type UploadOptions, Uploads } from "./uploads";
import type { FileRecord, KernelMessage, Offer } from "./wire";

/** A file on its way. `cancel` rejects `result` with an AbortError. */
export interface Transfer<T> {
  readonly result: Promise<T>;
  /** From 0 to 1. */
  readonly progress: Signal<number>;
  cancel(): void;
}

/** Told of every failure but a cancel. */
export type Failed = (title: string, message: string) => void;

export class Transfers {
  readonly #uploads: Uploads;
  readonly #downloads: Downloads;

  constructor(
    transport: Transport,
    failed: Failed,
    timers: Timers,
    abort: AbortSignal,
    offers: ReadonlySignal<readonly Offer[]> = signal([]),
    largest: () => number | null = () => null,
  ) {
    this.#uploads = new Uploads(transport, failed, timers, offers, largest);
    this.#downloads = new Downloads(transport, failed, timers, abort);
    abort.addEventListener("abort", () => {
      this.#uploads.abandon(cancelled);
      this.#downloads.abandon(cancelled);
    });
  }

  upload(node: number, file: Blob, options: UploadOptions = {}): Transfer<FileRecord> {
    return this.#uploads.send(node, file, options);
  }

  /** Get a file and save it in the browser. Call it while the user's click is handled: the browser may ask where to. */
  download(node: number, path: string, options: SaveOptions = {}): Transfer<void> {
    return this.#downloads.save(node, path, options);
  }

  /** Get the bytes of a file. */
  fetch(node: number, path: string): Transfer<Blob> {
    return this.#downloads.fetch(node, path);
  }

  /** Take a message from the kernel; false if it is not about a transfer. */
  take(message: KernelMessage, buffers: readonly DataView[]): boolean {
    if ("upload" in message) this.#uploads.take(message);
    else if ("download" in message) this.#downloads.take(message, buffers);
    else return false;
    return true;
  }

  /** The view has just gone live: word of what was cut off may still be on its way. */
  opened(): void {
    this.#uploads.opened();
  }

  /** The kernel is gone, or the app was closed: nothing more will come. */
  lost(): void {
    const gone = () => new Error("the kernel is gone");
    const running = this.#uploads.abandon(gone) + this.#downloads.abandon(gone);
    if (running) this.#uploads.failed("Transfer failed", "The kernel is gone: nothing was kept of it.");
  }
}

export function cancelled(): DOMException {
  return new DOMException("the transfer was cancelled", "AbortError");
}

/** CRC-32 of what came before, which had `before`, and these bytes. It needs no secure context, and no second reading. */
export function crc32(bytes: Uint8Array, before = 0): number {
  return buf(bytes, before) >>> 0;
}
