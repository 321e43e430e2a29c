/** Transfers of a page without a kernel, for tests. */

import { signal } from "@preact/signals";
import { vi } from "vitest";
import { FakeModel } from "./support";
import { Timers } from "./timers";
import { Transfers } from "./transfers";
import { Transport } from "./transport";
import type { KernelMessage, Offer } from "./wire";

/** The real classes over a model that notes what is sent; `take` is what the kernel says. */
export function setUp(offers: Offer[] = []) {
  const model = new FakeModel();
  const abort = new AbortController();
  const failed = vi.fn();
  const timers = new Timers(abort.signal);
  const transport = new Transport(model, timers);
  const transfers = new Transfers(transport, failed, timers, abort.signal, signal(offers));
  const take = (message: KernelMessage, ...buffers: DataView[]) => transfers.take(message, buffers);
  const idOf = (type: string, at = 0) => String(model.of(type)[at]?.[type]);
  return { model, abort, transport, failed, transfers, take, idOf };
}

/** Bytes of which no two stretches are alike. */
export function bytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const all = new Uint32Array(Math.ceil(length / 4));
  for (let i = 0, x = seed; i < all.length; i++) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    all[i] = x;
  }
  return new Uint8Array(all.buffer, 0, length);
}
