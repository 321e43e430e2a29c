/** Fronts that are not in the bundle: they come in parts, which use the bundle's own modules. */

import type { Chunk, Chunks } from "./chunks";
import type { Front, Registry } from "./define";
import { attach } from "./sheets";

/** What the bundle knows of its parts. */
export interface Parts {
  /** The part that has the front of a type. */
  readonly places: Readonly<Record<string, string>>;
  /** The modules that parts take from the bundle, by the names that they ask for. */
  readonly shared: Readonly<Record<string, object>>;
}

/** A part: a function that makes its fronts of the bundle's modules. Two versions of the bundle may share its text. */
interface Part {
  default(require: (name: string) => object): { fronts: Registry };
}

export const NO_PARTS: Parts = { places: {}, shared: {} };

/** The fronts of a part are made once: two copies of a front would be two components. */
const made = new WeakMap<Part, Registry>();

/** Finds the fronts of types, in the bundle or in a part. */
export class Fronts {
  readonly #core: Registry;
  readonly #parts: Parts;
  readonly #chunks: Chunks;
  readonly #el: HTMLElement;

  constructor(core: Registry, parts: Parts, chunks: Chunks, el: HTMLElement) {
    this.#core = core;
    this.#parts = parts;
    this.#chunks = chunks;
    this.#el = el;
  }

  /** The front of a type that is in the bundle. */
  own(type: string): Front | undefined {
    return Object.hasOwn(this.#core, type) ? this.#core[type] : undefined;
  }

  /** The front of a type, or how its part is coming. Read while drawing: the block is drawn again when it is there. */
  of(type: string): { front?: Front | undefined; coming?: Chunk<unknown> } {
    const front = this.own(type);
    if (front) return { front };
    const place = Object.hasOwn(this.#parts.places, type) ? this.#parts.places[type] : undefined;
    if (!place) return {};
    const chunk = this.#chunks.of<Part>(place).value;
    return chunk.module ? { front: this.#make(chunk.module)[type] } : { coming: chunk };
  }

  #make(part: Part): Registry {
    let fronts = made.get(part);
    if (!fronts) {
      fronts = part.default((name) => this.#take(name)).fronts;
      made.set(part, fronts);
      attach(this.#el); // its style sheets
    }
    return fronts;
  }

  #take(name: string): object {
    if (!Object.hasOwn(this.#parts.shared, name))
      throw new Error(`the bundle has no ${name}: it is of another version`);
    // The mark by which a part knows that `default` is one of the names.
    return { __esModule: true, ...this.#parts.shared[name] };
  }
}
