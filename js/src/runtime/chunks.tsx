/** Heavy parts of the front-end (chunks), each loaded when the first block of a page needs it (D2). */

import { effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Mount } from "./app";
import { loadAsset } from "./assets";
import "./chunks.css";
import type { PageModel } from "./model";
import { attachSheet } from "./sheets";

/** A chunk as it comes: nothing at first, then its module, or what went wrong. */
export interface Chunk<T> {
  readonly module?: T;
  readonly error?: string;
  /** Load it again after an error. */
  readonly retry?: () => void;
}

/** What a chunk exports. Its style sheet, `import css from "./x.css?inline"`, is exported as `css`. */
interface Module {
  readonly css?: string;
}

/** Modules that are there already, by the model they came from: a second block has them at once. */
const there = new Map<string, Module>();

/** The chunks of one view of an app. */
export class Chunks {
  readonly #mount: Mount;
  readonly #refs: ReadonlySignal<Record<string, string> | null>;
  readonly #known = new Map<string, Signal<Chunk<unknown>>>();

  constructor(mount: Mount, model: PageModel) {
    this.#mount = mount;
    this.#refs = model.signal<Record<string, string> | null>("chunks", null);
  }

  /** The chunk of that name; read the signal's value while drawing, and the block is drawn again when it is there. */
  of<T>(name: string): ReadonlySignal<Chunk<T>> {
    let found = this.#known.get(name);
    if (!found) {
      found = signal<Chunk<unknown>>({});
      this.#known.set(name, found);
      untracked(() => this.#begin(name, found!));
    }
    return found as ReadonlySignal<Chunk<T>>;
  }

  /** The kernel may name a chunk a little later than the block that needs it. */
  #begin(name: string, chunk: Signal<Chunk<unknown>>): void {
    const { signal: abort } = this.#mount;
    let begun = false;
    const stop = effect(() => {
      const ref = this.#refs.value?.[name];
      if (!ref || begun) return;
      begun = true;
      untracked(() => this.#load(name, ref, chunk));
    });
    abort.addEventListener("abort", stop, { once: true });
  }

  #load(name: string, ref: string, chunk: Signal<Chunk<unknown>>): void {
    const take = (module: Module) => {
      if (module.css) attachSheet(this.#mount.el, module.css);
      chunk.value = { module };
    };
    const module = there.get(ref);
    if (module) {
      take(module);
      return;
    }
    loadAsset<Module>(this.#mount, ref).then(
      (loaded) => {
        there.set(ref, loaded);
        if (!this.#mount.signal.aborted) take(loaded);
      },
      (error: unknown) => {
        console.error(`nbblocks: the part “${name}” could not be loaded`, error);
        const retry = () => {
          chunk.value = {};
          this.#begin(name, chunk);
        };
        chunk.value = { error: error instanceof Error ? error.message : String(error), retry };
      },
    );
  }
}

interface WithChunkProps<T> {
  of: ReadonlySignal<Chunk<T>>;
  /** Height of the quiet place that is kept for what is to come; a CSS length. */
  height?: string | undefined;
  children: (module: T) => ComponentChildren;
}

/** Draw with a chunk's module: a quiet place until it is there, and what went wrong instead if it does not come. */
export function WithChunk<T>({ of, height, children }: WithChunkProps<T>) {
  const chunk = of.value;
  if (!chunk.module) return <Coming chunk={chunk} height={height} />;
  return <>{children(chunk.module)}</>;
}

/** The quiet place of a chunk that is on its way, or what went wrong. */
export function Coming({ chunk, height }: { chunk: Chunk<unknown>; height?: string | undefined }) {
  if (chunk.error !== undefined) return <ChunkError chunk={chunk} />;
  return <div class="nbb-coming" style={{ minHeight: height }} role="status" aria-label="Loading" />;
}

/** That a chunk did not come, and a button to try again. */
export function ChunkError({ chunk }: { chunk: Chunk<unknown> }) {
  return (
    <div class="nbb-mishap" role="alert">
      A part of the front-end could not be loaded: {chunk.error}
      {chunk.retry && (
        <button type="button" onClick={chunk.retry}>
          Try again
        </button>
      )}
    </div>
  );
}
