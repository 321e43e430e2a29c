/** Functions given as `js=`: run in the page, with the values of a listener's inputs, then of its outputs (EV-151). */

import type { Listener } from "./wire";

type Fn = (...values: unknown[]) => unknown;
const compiled = new Map<string, Fn>();

/**
 * Run a listener's `js`.
 *
 * :returns: one entry per input if the listener has a Python function too, else one per output (EV-152)
 */
export async function run(listener: Listener, read: (id: number) => unknown): Promise<unknown[]> {
  const fn = compile(listener.js ?? "");
  const result = await fn(...listener.inputs.map(read), ...listener.outputs.map(read));
  const wanted = (listener.backend ? listener.inputs : listener.outputs).length;
  if (result === undefined) return [];
  if (Array.isArray(result)) return result;
  if (wanted === 1) return [result];
  if (wanted === 0) return [];
  throw new Error(`js of listener ${listener.id} must return a list of ${wanted} values, it returned ${typeof result}`);
}

/** Run a function that wants nothing and gives nothing: `js` of the app. */
export async function runSource(source: string): Promise<void> {
  await compile(source)();
}

function compile(source: string): Fn {
  let fn = compiled.get(source);
  if (!fn) {
    const made: unknown = new Function(`return (${source.trim().replace(/;+$/, "")}\n)`)();
    if (typeof made !== "function") throw new Error("js must be the source of one function");
    fn = made as Fn;
    compiled.set(source, fn);
  }
  return fn;
}
