/** Files between page and kernel in chunks, with a window both ways: one big message would hang the connection. */

import { type Signal, signal } from "@preact/signals";
import { Downloads } from "./downloads";
import { newId, type Transport } from "./transport";
import type { FileRecord, KernelMessage } from "./wire";

export const CHUNK = 512 * 1024;
/** Chunks on their way at a time, of all uploads together. */
export const WINDOW = 8;

/** A file on its way. `cancel` rejects `result` with an AbortError. */
export interface Transfer<T> {
  readonly result: Promise<T>;
  /** From 0 to 1. */
  readonly progress: Signal<number>;
  cancel(): void;
}

export interface UploadOptions {
  name?: string;
  /** Path below a chosen folder. */
  relative?: string;
  /** Let the kernel check the content by SHA-256; the whole file is read into memory for it. */
  checksum?: boolean;
}

/** Told of every failure but a cancel. */
export type Failed = (title: string, message: string) => void;

interface Upload {
  id: string;
  file: Blob;
  sent: number;
  received: number;
  progress: Signal<number>;
  checksum: boolean;
  resolve(file: FileRecord): void;
  reject(error: Error): void;
}

export class Transfers {
  readonly #transport: Transport;
  readonly #failed: Failed;
  readonly #uploads = new Map<string, Upload>();
  readonly #downloads: Downloads;
  #pumping = false;

  constructor(transport: Transport, failed: Failed, abort: AbortSignal) {
    this.#transport = transport;
    this.#failed = failed;
    this.#downloads = new Downloads(transport, failed, abort);
    abort.addEventListener("abort", () => {
      for (const upload of this.#uploads.values()) upload.reject(cancelled());
      this.#uploads.clear();
    });
  }

  upload(node: number, file: Blob, options: UploadOptions = {}): Transfer<FileRecord> {
    const id = newId();
    const progress = signal(0);
    const result = new Promise<FileRecord>((resolve, reject) => {
      const checksum = options.checksum === true;
      this.#uploads.set(id, { id, file, sent: 0, received: 0, progress, checksum, resolve, reject });
    });
    result.catch(() => {});
    const name = options.name ?? (file as File).name ?? "file";
    const relative = options.relative ?? (file as File).webkitRelativePath ?? "";
    this.#transport.send({ type: "upload", upload: id, node, name, size: file.size, mime: file.type, relative });
    if (file.size === 0) void this.#end(this.#uploads.get(id)!);
    else void this.#pump();
    return { result, progress, cancel: () => this.#cancel(id) };
  }

  /** Get a file and save it in the browser. */
  download(node: number, path: string, name?: string): Transfer<void> {
    return this.#downloads.save(node, path, name);
  }

  /** Get the bytes of a file. */
  fetch(node: number, path: string): Transfer<Blob> {
    return this.#downloads.fetch(node, path);
  }

  /** Take a message from the kernel; false if it is not about a transfer. */
  take(message: KernelMessage, buffers: readonly DataView[]): boolean {
    if (!("upload" in message)) return this.#downloads.take(message, buffers);
    const upload = this.#uploads.get(message.upload);
    if (!upload) return true;
    if (message.type === "upload_ack") {
      upload.received = message.received;
      upload.progress.value = upload.file.size ? message.received / upload.file.size : 1;
      void this.#pump();
      return true;
    }
    this.#uploads.delete(upload.id);
    if (message.type === "upload_done") {
      upload.progress.value = 1;
      upload.resolve(message.file);
    } else {
      upload.reject(new Error(message.message));
      this.#failed("Upload failed", message.message);
    }
    void this.#pump();
    return true;
  }

  #cancel(id: string): void {
    const upload = this.#uploads.get(id);
    if (!upload) return;
    this.#uploads.delete(id);
    this.#transport.send({ type: "upload_cancel", upload: id });
    upload.reject(cancelled());
    void this.#pump();
  }

  /** Send chunks while the window has room, one of each upload in turn. */
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (let next = this.#next(); next; next = this.#next()) {
        await this.#sendChunk(next);
      }
    } finally {
      this.#pumping = false;
    }
  }

  #next(): Upload | undefined {
    const all = [...this.#uploads.values()];
    const flying = all.reduce((sum, one) => sum + Math.ceil((one.sent - one.received) / CHUNK), 0);
    if (flying >= WINDOW) return undefined;
    const next = all.find((one) => one.sent < one.file.size);
    if (next) {
      // To the back of the line: a Map keeps the order of insertion.
      this.#uploads.delete(next.id);
      this.#uploads.set(next.id, next);
    }
    return next;
  }

  async #sendChunk(upload: Upload): Promise<void> {
    const offset = upload.sent;
    try {
      const bytes = await upload.file.slice(offset, offset + CHUNK).arrayBuffer();
      if (!this.#uploads.has(upload.id)) return;
      if (!bytes.byteLength) throw new Error("the file has become shorter");
      upload.sent += bytes.byteLength;
      this.#transport.send({ type: "chunk", upload: upload.id, offset }, [bytes]);
      if (upload.sent >= upload.file.size) await this.#end(upload);
    } catch (error) {
      // The file was changed or removed on disk after it was chosen.
      const message = error instanceof Error ? error.message : String(error);
      this.#cancel(upload.id);
      this.#failed("Upload failed", message);
    }
  }

  async #end(upload: Upload): Promise<void> {
    const sha256 = upload.checksum ? await hash(upload.file) : null;
    if (!this.#uploads.has(upload.id)) return;
    this.#transport.send({ type: "upload_end", upload: upload.id, ...(sha256 ? { sha256 } : {}) });
  }
}

export function cancelled(): DOMException {
  return new DOMException("the transfer was cancelled", "AbortError");
}

/** SHA-256 in hex, or null where the browser has no cryptography: pages without HTTPS. */
async function hash(file: Blob): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null;
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
