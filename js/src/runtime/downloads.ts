/** Files from the kernel: collected chunk by chunk, then saved by the browser or handed to a block. */

import { type Signal, signal } from "@preact/signals";
import type { Failed, Transfer } from "./transfers";
import { cancelled } from "./transfers";
import { newId, type Transport } from "./transport";
import type { KernelMessage } from "./wire";

interface Download {
  name: string;
  size: number;
  mime: string;
  received: number;
  /** As Blobs, which the browser may keep on disk. */
  parts: Blob[];
  progress: Signal<number>;
  resolve(file: File): void;
  reject(error: Error): void;
}

export class Downloads {
  readonly #transport: Transport;
  readonly #failed: Failed;
  readonly #running = new Map<string, Download>();

  constructor(transport: Transport, failed: Failed, abort: AbortSignal) {
    this.#transport = transport;
    this.#failed = failed;
    abort.addEventListener("abort", () => {
      for (const download of this.#running.values()) download.reject(cancelled());
      this.#running.clear();
    });
  }

  fetch(node: number, path: string): Transfer<File> {
    const id = newId();
    const progress = signal(0);
    const result = new Promise<File>((resolve, reject) => {
      this.#running.set(id, { name: "", size: 0, mime: "", received: 0, parts: [], progress, resolve, reject });
    });
    result.catch(() => {});
    this.#transport.send({ type: "download", download: id, node, path });
    return { result, progress, cancel: () => this.#cancel(id) };
  }

  save(node: number, path: string, name?: string): Transfer<void> {
    const { result, progress, cancel } = this.fetch(node, path);
    const saved = result.then((file) => offer(file, name ?? file.name));
    saved.catch(() => {});
    return { result: saved, progress, cancel };
  }

  take(message: KernelMessage, buffers: readonly DataView[]): boolean {
    if (!("download" in message)) return false;
    const download = this.#running.get(message.download);
    if (!download) return true;
    switch (message.type) {
      case "download_start":
        Object.assign(download, { name: message.name, size: message.size, mime: message.mime ?? "" });
        break;
      case "download_chunk":
        this.#chunk(message.download, download, message.offset, buffers[0]);
        break;
      case "download_end":
        if (download.received !== download.size) {
          this.#fail(message.download, `${download.received} of ${download.size} bytes have come`);
        } else {
          this.#running.delete(message.download);
          download.progress.value = 1;
          download.resolve(new File(download.parts, download.name, { type: download.mime }));
        }
        break;
      case "download_failed":
        this.#fail(message.download, message.message);
    }
    return true;
  }

  #chunk(id: string, download: Download, offset: number, data: DataView | undefined): void {
    if (!data || offset !== download.received) {
      this.#transport.send({ type: "download_cancel", download: id });
      this.#fail(id, `a part at ${offset} came where ${download.received} was expected`);
      return;
    }
    download.parts.push(new Blob([data as DataView<ArrayBuffer>]));
    download.received += data.byteLength;
    download.progress.value = download.size ? download.received / download.size : 1;
    this.#transport.send({ type: "ack", download: id, received: download.received });
  }

  #fail(id: string, message: string): void {
    this.#running.get(id)?.reject(new Error(message));
    this.#running.delete(id);
    this.#failed("Download failed", message);
  }

  #cancel(id: string): void {
    const download = this.#running.get(id);
    if (!download) return;
    this.#running.delete(id);
    this.#transport.send({ type: "download_cancel", download: id });
    download.reject(cancelled());
  }
}

/** Let the browser save a file. */
function offer(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.style.display = "none";
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has taken hold of the bytes once the click is handled; a pause is for those that ask the user first.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
