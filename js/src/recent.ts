/** Things that are kept to be had again at once, up to a number: the ones used last. */

export class Recent<T> {
  readonly #most: number;
  readonly #all = new Map<string, T>();

  constructor(most = 500) {
    this.#most = most;
  }

  get size(): number {
    return this.#all.size;
  }

  /** What is kept by this key, or what `make` makes, which is kept from now on. */
  get(key: string, make: () => T): T {
    const one = this.#all.has(key) ? this.#all.get(key)! : make();
    this.#all.delete(key);
    this.#all.set(key, one);
    if (this.#all.size > this.#most) this.#all.delete(this.#all.keys().next().value!);
    return one;
  }
}
