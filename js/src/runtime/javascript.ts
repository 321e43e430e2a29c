/** Functions given as `js=`: run in the page, with the values of a listener's inputs, then of its outputs (EV-151). */

import { Recent } from "../recent";
import { packed } from "./exact";
import type { Listener } from "./wire";

type Fn = (...values: unknown[]) => unknown;
const compiled = new Recent<Fn>();

/** Call a listener's `js`: its result, which may be a promise. What it throws comes through. */
export function call(listener: Listener, read: (id: number) => unknown): unknown {
  return compile(listener.js ?? "")(...listener.inputs.map(read), ...listener.outputs.map(read));
}

/** What a `js` has given as a list: one entry per input if there is a Python function too, else per output (EV-152). */
export function listOf(listener: Listener, given: unknown): unknown[] {
  // What cannot be sent is an error of the function, not of the connection.
  JSON.stringify(packed(given));
  if (given === undefined) return [];
  if (Array.isArray(given)) return given;
  const wanted = (listener.backend ? listener.inputs : listener.outputs).length;
  if (wanted === 1) return [given];
  if (wanted === 0) return [];
  throw new Error(`js of listener ${listener.id} must return a list of ${wanted} values, it returned ${typeof given}`);
}

/** Run a function that wants nothing and gives nothing: `js` of the app. */
export async function runSource(source: string): Promise<void> {
  await compile(source)();
}

function compile(source: string): Fn {
  return compiled.get(source, () => {
    const made: unknown = new Function(`return (${source.trim().replace(/;+$/, "")}\n)`)();
    if (typeof made !== "function") throw new Error("js must be the source of one function");
    return made as Fn;
  });
}
