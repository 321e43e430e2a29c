/** Files from the kernel: saved by the browser, straight to disk if they are large, or handed to a block. */

import { type Signal, signal } from "@preact/signals";
import { offer } from "../saving";
import { Collected, type Sink, saveTo } from "./sinks";
import type { Timers } from "./timers";
import type { Failed, Transfer } from "./transfers";
import { cancelled, crc32 } from "./transfers";
import { newId, type Transport } from "./transport";
import { TELL_EVERY } from "./uploads";
import type { KernelMessage, PageMessage } from "./wire";

/** Ms without a word from the kernel after which it is asked to go on. */
export const STALL = 10_000;

export interface SaveOptions {
  name?: string;
  /** In bytes, if known: a large file is written to where the user says while it comes. */
  size?: number | null;
}

type DownloadMessage = Extract<KernelMessage, { download: string }>;

interface Download {
  id: string;
  /** How it was asked for, once it was. */
  request: PageMessage | null;
  name: string;
  size: number;
  mime: string;
  started: boolean;
  /** All has come, and goes to where it belongs: nothing is waited for any more. */
  closing: boolean;
  received: number;
  /** Bytes that are where they belong. */
  kept: number;
  crc: number;
  /** Asked to send again from `received` on. */
  asked: boolean;
  heard: number;
  told: number;
  /** All that comes is written in order. */
  written: Promise<void>;
  sink: Sink;
  progress: Signal<number>;
  resolve(file: File | null): void;
  reject(error: Error): void;
}

export class Downloads {
  readonly #transport: Transport;
  readonly #failed: Failed;
  readonly #abort: AbortSignal;
  readonly #running = new Map<string, Download>();

  constructor(transport: Transport, failed: Failed, timers: Timers, abort: AbortSignal) {
    this.#transport = transport;
    this.#abort = abort;
    this.#failed = failed;
    timers.every(STALL / 2, () => this.#watch());
  }

  fetch(node: number, path: string): Transfer<File> {
    const { id, result, progress } = this.#register(new Collected());
    this.#ask(id, node, path);
    return { result: result as Promise<File>, progress, cancel: () => this.#cancel(id) };
  }

  save(node: number, path: string, { name, size }: SaveOptions): Transfer<void> {
    const disk = saveTo(name, size ?? 0);
    if (!disk) {
      const { result, progress, cancel } = this.fetch(node, path);
      const saved = result.then((file) => offer(file, name ?? file.name, this.#abort));
      saved.catch(() => {});
      return { result: saved, progress, cancel };
    }
    const { id, result, progress } = this.#register(new Collected());
    disk.then(
      (sink) => {
        const download = this.#running.get(id);
        if (!download) return void sink?.abort();
        // Nobody was asked: the browser shows no such dialog here.
        if (sink) download.sink = sink;
        this.#ask(id, node, path);
      },
      (error: Error) => this.#abandon(id, error),
    );
    const saved = result.then((file) => void (file && offer(file, name ?? file.name, this.#abort)));
    saved.catch(() => {});
    return { result: saved, progress, cancel: () => this.#cancel(id) };
  }

  take(message: DownloadMessage, buffers: readonly DataView[]): void {
    const download = this.#running.get(message.download);
    if (!download || download.closing) return;
    download.heard = performance.now();
    if (!download.started && message.type !== "download_start" && message.type !== "download_failed") return;
    switch (message.type) {
      case "download_start":
        Object.assign(download, { name: message.name, size: message.size, mime: message.mime ?? "", started: true });
        break;
      case "download_chunk":
        this.#chunk(download, message.offset, buffers[0], message.ack === true);
        break;
      case "download_ask":
        void download.written.then(
          () => this.#acknowledge(download),
          () => {}, // the download has failed
        );
        break;
      case "download_end":
        this.#end(download, message.crc);
        break;
      case "download_failed":
        this.#fail(download, message.message);
    }
  }

  /** Let go of all of them; the number that were under way. */
  abandon(why: () => Error): number {
    const running = [...this.#running.keys()];
    for (const id of running) this.#abandon(id, why());
    return running.length;
  }

  #register(sink: Sink) {
    const id = newId();
    const progress = signal(0);
    const result = new Promise<File | null>((resolve, reject) => {
      this.#running.set(id, {
        ...{ id, sink, progress, resolve, reject },
        ...{ name: "", size: 0, mime: "", received: 0, kept: 0, crc: 0, heard: performance.now(), told: -Infinity },
        ...{ request: null, started: false, closing: false, asked: false, written: Promise.resolve() },
      });
    });
    result.catch(() => {});
    return { id, result, progress };
  }

  #ask(id: string, node: number, path: string): void {
    const download = this.#running.get(id);
    if (!download) return;
    download.request = { type: "download", download: id, node, path };
    download.heard = performance.now();
    this.#transport.send(download.request);
  }

  #chunk(download: Download, offset: number, data: DataView | undefined, ack: boolean): void {
    if (offset < download.received && !download.asked) return;
    if (!data || offset !== download.received) {
      // Something was lost with the connection. What is on its way still comes, and is of no use.
      if (!download.asked) this.#askAgain(download);
      return;
    }
    download.asked = false;
    const bytes = data as DataView<ArrayBuffer>;
    download.received += bytes.byteLength;
    download.crc = crc32(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), download.crc);
    const { received } = download;
    download.written = download.written.then(async () => {
      await download.sink.write(bytes);
      download.kept = received;
      if (!this.#running.has(download.id)) return;
      const now = performance.now();
      if (now - download.told >= TELL_EVERY) {
        download.told = now;
        download.progress.value = received / (download.size || 1);
      }
      if (ack || received >= download.size) this.#acknowledge(download);
    });
    download.written.catch((error: Error) => this.#fail(download, `it cannot be written: ${error.message}`, true));
  }

  #acknowledge(download: Download): void {
    this.#transport.send({ type: "ack", download: download.id, received: download.kept });
  }

  #end(download: Download, crc: number): void {
    if (download.received < download.size) {
      if (!download.asked) this.#askAgain(download);
      return;
    }
    if (crc !== download.crc) {
      this.#fail(download, "the checksum differs: the file was damaged on its way");
      return;
    }
    download.closing = true;
    download.written
      .then(() => download.sink.close(download.name, download.mime))
      .then(
        (file) => {
          this.#running.delete(download.id);
          download.progress.value = 1;
          download.resolve(file);
        },
        (error: Error) => this.#fail(download, error.message),
      );
  }

  #askAgain(download: Download): void {
    download.asked = true;
    this.#transport.send({ type: "ack", download: download.id, received: download.received, again: true });
  }

  #watch(): void {
    const now = performance.now();
    for (const download of this.#running.values()) {
      if (!download.request || download.closing || now - download.heard < STALL) continue;
      download.heard = now;
      if (download.started) this.#askAgain(download);
      else this.#transport.send(download.request); // it was lost, or what answered it
    }
  }

  #fail(download: Download, message: string, tell = false): void {
    if (!this.#running.has(download.id)) return;
    if (tell) this.#transport.send({ type: "download_cancel", download: download.id });
    this.#abandon(download.id, new Error(message));
    this.#failed("Download failed", message);
  }

  #cancel(id: string): void {
    if (!this.#running.has(id)) return;
    this.#transport.send({ type: "download_cancel", download: id });
    this.#abandon(id, cancelled());
  }

  #abandon(id: string, why: Error): void {
    const download = this.#running.get(id);
    if (!download) return;
    this.#running.delete(id);
    download.reject(why);
    download.written.catch(() => {}).then(() => download.sink.abort());
  }
}
