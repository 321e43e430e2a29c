/** Timers that end with the view: nothing is left ticking after an abort. */

export class Timers {
  readonly #running = new Set<ReturnType<typeof setTimeout>>();
  readonly #abort: AbortSignal;

  constructor(abort: AbortSignal) {
    this.#abort = abort;
    abort.addEventListener("abort", () => {
      for (const timer of this.#running) clearTimeout(timer);
      this.#running.clear();
    });
  }

  /** Call `fn` after `ms`; the result calls it off. */
  after(ms: number, fn: () => void): () => void {
    if (this.#abort.aborted) return () => {};
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      fn();
    }, ms);
    this.#running.add(timer);
    return () => {
      clearTimeout(timer);
      this.#running.delete(timer);
    };
  }

  /** Call `fn` every `ms`. */
  every(ms: number, fn: () => void): void {
    if (this.#abort.aborted) return;
    this.#running.add(setInterval(fn, ms));
  }
}
