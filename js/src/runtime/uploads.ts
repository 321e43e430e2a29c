/** Files to the kernel: a few at a time, a chunk of each in turn, and again from where something was lost. */

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Timers } from "./timers";
import type { Failed, Transfer } from "./transfers";
import { cancelled, crc32 } from "./transfers";
import { newId, type Transport } from "./transport";
import type { FileRecord, KernelMessage, Offer } from "./wire";

const MB = 1024 * 1024;
/** Bytes in one message: each costs page, server and kernel some ms whatever it carries, and 10 MB break the connection. */
export const CHUNK = 4 * MB;
/** Bytes on their way at a time, of all uploads together. */
export const WINDOW = 12 * MB;
/** The same while somebody uses the app: a click waits for what is on its way before it. */
export const CHUNK_IN_USE = MB / 2;
export const WINDOW_IN_USE = MB;
/** A file of up to so many bytes goes with the message that announces it. */
export const SMALL = MB;
/** Files on their way at a time; the others wait here. */
export const ACTIVE = 16;
/** Ms without a word from the kernel after which it is asked what has come. */
export const STALL = 10_000;
const RESTARTS = 3;
/** Ms between two reports of progress: drawing them costs as much as sending some MB. */
export const TELL_EVERY = 200;

export interface UploadOptions {
  name?: string;
  /** Path below a chosen folder. */
  relative?: string;
}

type UploadMessage = Extract<KernelMessage, { upload: string }>;

interface Upload {
  id: string;
  node: number;
  file: Blob;
  name: string;
  relative: string;
  modified: number;
  begun: boolean;
  ended: boolean;
  restarts: number;
  sent: number;
  received: number;
  /** Checksums of all before an offset, for each that the kernel may send us back to. */
  sums: Map<number, number>;
  /** The chunk from `sent` on, read ahead. */
  ahead: Promise<ArrayBuffer> | null;
  heard: number;
  /** When its progress was told last. */
  told: number;
  progress: Signal<number>;
  resolve(file: FileRecord): void;
  reject(error: Error): void;
}

/** Ms after its view was opened that a file may wait for word of what the kernel has of it. */
export const LEARNING = 1500;

export class Uploads {
  readonly failed: Failed;
  readonly #transport: Transport;
  readonly #largest: () => number | null;
  readonly #offers: ReadonlySignal<readonly Offer[]>;
  readonly #running = new Map<string, Upload>();
  readonly #timers: Timers;
  #opened = -Infinity;
  #pumping = false;
  /** When the first of those under way came. */
  #since = 0;

  /** `largest`: bytes that a file may have at most. */
  constructor(
    transport: Transport,
    failed: Failed,
    timers: Timers,
    offers: ReadonlySignal<readonly Offer[]>,
    largest: () => number | null,
  ) {
    this.#largest = largest;
    this.#transport = transport;
    this.failed = failed;
    this.#offers = offers;
    this.#timers = timers;
    timers.every(STALL / 2, () => this.#watch());
  }

  /** The view has just gone live. */
  opened(): void {
    this.#opened = performance.now();
  }

  send(node: number, file: Blob, options: UploadOptions): Transfer<FileRecord> {
    const id = newId();
    const progress = signal(0);
    const given = file as Partial<File>;
    if (!this.#running.size) this.#since = performance.now();
    const result = new Promise<FileRecord>((resolve, reject) => {
      this.#running.set(id, {
        ...{ id, node, file, progress, resolve, reject },
        name: options.name ?? given.name ?? "file",
        relative: options.relative ?? given.webkitRelativePath ?? "",
        modified: Math.max(0, Math.floor(given.lastModified ?? 0)),
        ...{ begun: false, ended: false, restarts: 0, sent: 0, received: 0, ahead: null, heard: 0, told: -Infinity },
        sums: new Map([[0, 0]]),
      });
    });
    result.catch(() => {});
    const largest = this.#largest();
    if (largest !== null && file.size > largest) {
      const upload = this.#running.get(id)!;
      this.#fail(upload, `'${upload.name}' is larger than the allowed ${largest} bytes`);
    } else void this.#pump();
    return { result, progress, cancel: () => this.#cancel(id) };
  }

  take(message: UploadMessage): void {
    const upload = this.#running.get(message.upload);
    if (!upload) return;
    upload.heard = performance.now();
    switch (message.type) {
      case "upload_ack":
        this.#acknowledged(upload, message.received, message.again);
        break;
      case "upload_unknown":
        this.#unknown(upload);
        break;
      case "upload_done":
        this.#running.delete(upload.id);
        upload.progress.value = 1;
        upload.resolve(message.file);
        break;
      case "upload_failed":
        this.#fail(upload, message.message);
    }
    void this.#pump();
  }

  /** Let go of all of them; the number that were under way. */
  abandon(why: () => Error): number {
    const running = [...this.#running.values()];
    this.#running.clear();
    for (const upload of running) upload.reject(why());
    return running.length;
  }

  #acknowledged(upload: Upload, received: number, again?: boolean): void {
    upload.received = received;
    const now = performance.now();
    if (now - upload.told >= TELL_EVERY) {
      upload.told = now;
      upload.progress.value = received / (upload.file.size || 1);
    }
    if (again) {
      upload.sent = received;
      upload.ended = false;
      upload.ahead = null;
    }
    for (const at of upload.sums.keys()) if (at < received && at > 0) upload.sums.delete(at);
  }

  /** The kernel does not know it: its beginning was lost with the connection, or it was given up while this page slept. */
  #unknown(upload: Upload): void {
    upload.restarts += 1;
    if (upload.restarts > RESTARTS) {
      this.#fail(upload, `${upload.name}: the kernel knows nothing of it any more`);
      return;
    }
    this.#acknowledged(upload, 0, true);
    upload.begun = false;
  }

  #fail(upload: Upload, message: string): void {
    this.#running.delete(upload.id);
    upload.reject(new Error(message));
    this.failed("Upload failed", message);
  }

  #cancel(id: string): void {
    const upload = this.#running.get(id);
    if (!upload) return;
    this.#running.delete(id);
    if (upload.begun) this.#transport.send({ type: "upload_cancel", upload: id });
    upload.reject(cancelled());
    void this.#pump();
  }

  #watch(): void {
    const now = performance.now();
    for (const upload of this.#running.values()) {
      if (!upload.begun || now - upload.heard < STALL) continue;
      upload.heard = now;
      this.#transport.send({ type: "upload_ask", upload: upload.id });
    }
  }

  /** Send while the window has room. */
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (let next = this.#next(); next; next = this.#next()) {
        try {
          await (next.begun ? this.#sendChunk(next) : this.#begin(next));
        } catch (error) {
          // The file was changed or removed on disk after it was chosen.
          this.#cancel(next.id);
          this.failed("Upload failed", `${next.name}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
    } finally {
      this.#pumping = false;
    }
  }

  /** The upload whose turn it is. */
  #next(): Upload | undefined {
    const all = [...this.#running.values()];
    const begun = all.filter((one) => one.begun);
    const flying = begun.reduce((sum, one) => sum + one.sent - one.received, 0);
    if (flying >= (this.#inUse ? WINDOW_IN_USE : WINDOW)) return undefined;
    const waiting = begun.length < ACTIVE ? all.find((one) => !one.begun) : undefined;
    const chosen = waiting ?? begun.find((one) => !one.ended);
    if (chosen) {
      // To the back of the line: a Map keeps the order of insertion.
      this.#running.delete(chosen.id);
      this.#running.set(chosen.id, chosen);
    }
    return chosen;
  }

  async #begin(upload: Upload): Promise<void> {
    const { id, node, file, name, relative, modified } = upload;
    upload.begun = true;
    // Nothing is to be heard before it is announced, and a long beginning takes a while to compare.
    upload.heard = Infinity;
    const head = { type: "upload", upload: id, node, name, size: file.size, mime: file.type, relative, modified };
    const offer = await this.#offerFor(upload);
    if (!this.#running.has(id)) return;
    upload.heard = performance.now();
    if (offer) {
      this.#transport.send({ ...head, resume: offer.received, crc: offer.crc });
      upload.sums.set(offer.received, offer.crc);
      upload.sent = offer.received;
      this.#acknowledged(upload, offer.received);
      if (offer.received === file.size) this.#end(upload);
    } else if (file.size > 0 && file.size <= SMALL) {
      const bytes = await file.arrayBuffer();
      if (!this.#running.has(id)) return;
      if (bytes.byteLength !== file.size) throw new Error("the file has become shorter");
      upload.ended = true;
      upload.sent = file.size;
      this.#transport.send({ ...head, crc: crc32(new Uint8Array(bytes)) }, [bytes]);
      this.#transport.awaiting();
    } else {
      this.#transport.send(head);
      if (file.size === 0) this.#end(upload);
    }
  }

  /** What the kernel has of this very file, if the beginning is the same. */
  async #offerFor({ node, file, name, relative, modified }: Upload): Promise<Offer | null> {
    const find = () =>
      this.#offers.value.find(
        (one) =>
          one.node === node &&
          one.name === (relative || name) &&
          one.size === file.size &&
          one.modified === modified &&
          one.received > 0,
      );
    if (file.size > SMALL && !find()) await this.#learned(find);
    const offer = find();
    return offer && (await sumUpTo(file, offer.received)) === offer.crc ? offer : null;
  }

  /** Wait while the page, just opened, may still be told of what was cut off when it was left. */
  #learned(find: () => Offer | undefined): Promise<void> {
    const left = LEARNING - (performance.now() - this.#opened);
    if (left <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#timers.after(left, resolve);
      const stop = this.#offers.subscribe(() => {
        if (find()) resolve();
      });
      this.#timers.after(left, stop);
    });
  }

  async #sendChunk(upload: Upload): Promise<void> {
    const offset = upload.sent;
    const sum = upload.sums.get(offset) ?? (await sumUpTo(upload.file, offset));
    if (offset >= upload.file.size) {
      // Only the end was lost.
      if (this.#running.has(upload.id) && upload.sent === offset) this.#end(upload, sum);
      return;
    }
    const bytes = await (upload.ahead ?? this.#read(upload.file, offset));
    if (!this.#running.has(upload.id) || upload.sent !== offset) return;
    if (!bytes.byteLength) throw new Error("the file has become shorter");
    upload.sent += bytes.byteLength;
    upload.sums.set(upload.sent, crc32(new Uint8Array(bytes), sum));
    upload.ahead = upload.sent < upload.file.size ? this.#read(upload.file, upload.sent) : null;
    upload.ahead?.catch(() => {});
    this.#transport.send({ type: "chunk", upload: upload.id, offset }, [bytes]);
    if (upload.sent >= upload.file.size) this.#end(upload);
  }

  get #inUse(): boolean {
    return this.#transport.usedSince(this.#since);
  }

  #read(file: Blob, offset: number): Promise<ArrayBuffer> {
    return file.slice(offset, offset + (this.#inUse ? CHUNK_IN_USE : CHUNK)).arrayBuffer();
  }

  #end(upload: Upload, crc = upload.sums.get(upload.sent) ?? 0): void {
    upload.ended = true;
    this.#transport.send({ type: "upload_end", upload: upload.id, crc });
    this.#transport.awaiting();
  }
}

async function sumUpTo(file: Blob, end: number): Promise<number> {
  let sum = 0;
  for (let offset = 0; offset < end; offset += CHUNK) {
    const bytes = await file.slice(offset, Math.min(offset + CHUNK, end)).arrayBuffer();
    sum = crc32(new Uint8Array(bytes), sum);
  }
  return sum;
}
