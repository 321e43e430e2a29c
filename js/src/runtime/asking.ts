/** Questions of a component's front to its kernel side, and their answers. */

import { unpacked } from "./exact";
import { newId, type Transport } from "./transport";
import type { KernelMessage } from "./wire";

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

type Path = (string | number)[];

export class Asking {
  readonly #transport: Transport;
  readonly #waiting = new Map<string, Waiting>();

  constructor(transport: Transport, abort: AbortSignal) {
    this.#transport = transport;
    abort.addEventListener("abort", () => {
      for (const one of this.#waiting.values()) one.reject(new DOMException("the view has gone", "AbortError"));
      this.#waiting.clear();
    });
  }

  /** Ask the kernel side of a block. The kernel has all values that were changed here before. */
  ask(node: number, content: Record<string, unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const ask = newId();
      this.#waiting.set(ask, { resolve, reject });
      this.#transport.flush();
      this.#transport.send({ type: "ask", ask, node, content });
    });
  }

  /** Take a message from the kernel; false if it is no answer. */
  take(message: KernelMessage, buffers: readonly DataView[]): boolean {
    if (message.type !== "answer") return false;
    const waiting = this.#waiting.get(message.ask);
    this.#waiting.delete(message.ask);
    if (!waiting) return true; // another view's
    if (message.error !== undefined) waiting.reject(new Error(message.error));
    else waiting.resolve(unpacked(whole(message.content, message.buffer_paths ?? [], buffers)));
    return true;
  }
}

/** The answer with its binary parts back in their places; each path begins with "content". */
function whole(content: unknown, paths: readonly Path[], buffers: readonly DataView[]): unknown {
  const holder: Record<string, unknown> = { content };
  paths.forEach((path, index) => {
    let place = holder as Record<string | number, unknown>;
    for (const step of path.slice(0, -1)) place = place[step] as Record<string | number, unknown>;
    place[path.at(-1)!] = buffers[index];
  });
  return holder.content;
}
