/**
 * An empty message that frees a late answer.
 *
 * The kernel's websocket holds small writes back until the page's delayed acknowledgement of the one before comes
 * (Nagle's algorithm): 30 of the 48 ms of a click, since "busy" goes ahead of every answer. Any message from the page
 * carries that acknowledgement along. One is sent while an answer is late, and one only: each brings traffic of its
 * own, which the next event would meet. Now and then an event does without, and so the page learns whether this
 * server answers promptly by itself and needs none.
 */

import type { Timers } from "./timers";

/** Ms: earlier, the kernel has written nothing yet that could be freed. */
export const PATIENCE = 15;
/** Each so-manieth event does without a nudge, to see how the server is by itself. */
export const PROBE = 64;
/** An answer sooner than this did not wait for an acknowledgement. */
export const PROMPT = 20;
/** An answer later than this waited for its handler, and says nothing about the server. */
export const BUSY = 100;

export class Nudge {
  readonly #send: () => void;
  readonly #timers: Timers;
  #since: number | null = null;
  #cancel: (() => void) | null = null;
  #events = 0;
  #alone = false;
  #needed = true;
  #late = 0;

  constructor(send: () => void, timers: Timers) {
    this.#send = send;
    this.#timers = timers;
  }

  /** Something was sent that the kernel will answer. */
  awaiting(): void {
    this.#stop();
    this.#since = performance.now();
    this.#alone = !this.#needed || ++this.#events % PROBE === 0;
    if (!this.#alone) this.#cancel = this.#timers.after(PATIENCE, this.#send);
  }

  /** The answer has come. */
  heard(): void {
    if (this.#since === null) return;
    const took = performance.now() - this.#since;
    this.#stop();
    if (!this.#alone || took > BUSY) return;
    this.#late = took < PROMPT ? 0 : this.#late + 1;
    this.#needed = this.#needed ? took >= PROMPT : this.#late > 2;
  }

  #stop(): void {
    this.#since = null;
    this.#cancel?.();
    this.#cancel = null;
  }
}
