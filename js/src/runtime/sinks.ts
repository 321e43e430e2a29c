/** Where the bytes of a download go: collected for the browser to save, or straight into a file on disk. */

import { cancelled } from "./transfers";

export interface Sink {
  write(bytes: DataView<ArrayBuffer>): Promise<void> | void;
  /** All has come; the file, unless it is where it belongs already. */
  close(name: string, mime: string): Promise<File | null> | File | null;
  abort(): void;
}

/** From this size on a file is written to disk while it comes. Smaller ones go to the downloads, without a question. */
export const LARGE = 500 * 1000 * 1000;
/** Ms: nobody closes a dialog sooner. A browser that answers faster has shown none. */
const HUMAN = 150;

/** As Blobs, which the browser keeps on disk if they are many. */
export class Collected implements Sink {
  #parts: Blob[] = [];

  write(bytes: DataView<ArrayBuffer>): void {
    this.#parts.push(new Blob([bytes]));
  }

  close(name: string, mime: string): File {
    return new File(this.#parts, name, { type: mime });
  }

  abort(): void {
    this.#parts = [];
  }
}

interface Writable {
  write(data: DataView<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}
interface Handle {
  createWritable(): Promise<Writable>;
}
type Picker = (options: { suggestedName?: string }) => Promise<Handle>;

/** A file on disk that takes the place of an older one only when it is whole. */
class OnDisk implements Sink {
  readonly #file: Writable;

  constructor(file: Writable) {
    this.#file = file;
  }

  write(bytes: DataView<ArrayBuffer>): Promise<void> {
    return this.#file.write(bytes);
  }

  async close(): Promise<null> {
    await this.#file.close();
    return null;
  }

  abort(): void {
    this.#file.abort().catch(() => {}); // it was closed or never begun
  }
}

/**
 * Ask the user where a large file is to go, by the File System Access API. It must be called while a click is handled.
 *
 * Null for a small file and where there is no such API; the promise is null if the browser refuses to ask, as it does in
 * frames of another origin. It rejects with an AbortError if the user wants no file.
 */
export function saveTo(name: string | undefined, size: number): Promise<Sink | null> | null {
  const pick = (globalThis as unknown as { showSaveFilePicker?: Picker }).showSaveFilePicker;
  if (size < LARGE || !pick) return null;
  const asked = performance.now();
  return pick.call(globalThis, name ? { suggestedName: name } : {}).then(
    async (handle) => new OnDisk(await handle.createWritable()),
    (error: Error) => {
      if (error.name === "AbortError" && performance.now() - asked > HUMAN) throw cancelled();
      return null;
    },
  );
}
