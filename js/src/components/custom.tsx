/** Custom: a component of the user's own, drawn by the module that its class brings, in anywidget's form. */

import { useEffect, useRef, useState } from "preact/hooks";
import { type FrontEnd, Model } from "../afm";
import type { CustomComponentEvent, CustomComponentProps } from "../contract";
import { sheetHomeOf } from "../roots";
import type { Chunk } from "../runtime/chunks";
import { define } from "../runtime/define";
import { Field, infoOf } from "../runtime/field";
import { scopedFreely } from "../scoping";
import "./custom.css";

interface Given {
  model: Model;
  el: HTMLElement;
  signal: AbortSignal;
}
interface Widget {
  initialize?(given: Omit<Given, "el">): unknown;
  render?(given: Given): unknown;
}
type Module = Widget & { default?: Widget | (() => Widget | Promise<Widget>) };

const NONE: Chunk<never> = {};

export default define<CustomComponentProps, CustomComponentEvent>(({ props, emit, node, app }) => {
  const front = props.front_end as unknown as FrontEnd;
  const place = useRef<HTMLDivElement>(null);
  const last = useRef<Module | undefined>(undefined);
  const [fault, setFault] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const code = front.module ? app.chunk<Module>(front.module).value : NONE;
  const sheet = front.css ? app.chunk<{ default: string }>(front.css).value : NONE;
  const css = sheet.module?.default;
  // What was there before stays until there is something new: a file that is edited is loaded again.
  if (code.module && (!front.css || css !== undefined || sheet.error)) last.current = code.module;
  const module = last.current;

  useEffect(() => {
    if (place.current && css !== undefined) putSheet(place.current, front.kind, css);
  }, [css, front.kind]);

  useEffect(() => {
    const where = place.current;
    if (!where || !module) return;
    setFault(null);
    const gone = new AbortController();
    const failed = (error: unknown) => {
      console.error(`nbblocks: the front of ${front.name} failed`, error);
      if (!gone.signal.aborted) setFault(String(error));
    };
    const el = document.createElement("div");
    where.replaceChildren(el);
    const block = { props, emit: emit as (event: string) => void, app };
    const model = new Model(block, front, failed, gone.signal);
    begin(module, { model, el, signal: gone.signal }, failed).catch(failed);
    return () => gone.abort();
  }, [module, attempt]);

  const loading = front.module !== null && !module && !code.error;
  const wrong =
    front.module === null ? `${front.name} has no _esm that draws it` : (code.error ?? sheet.error ?? fault);
  const retry = code.retry ?? sheet.retry ?? (fault !== null ? () => setAttempt(attempt + 1) : undefined);
  return (
    <Field {...props} label={props.label ?? front.name} for={null}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out everywhere */}
      <div
        ref={place}
        data-own={front.kind}
        class={`nbb-own${loading ? " nbb-coming" : ""}`}
        role="group"
        aria-labelledby={`${node.domId}-label`}
        aria-describedby={infoOf(node.domId, props.info)}
        aria-busy={loading}
      />
      {wrong && (
        <div class="nbb-mishap" role="alert">
          {front.name}: {wrong}
          {retry && (
            <button type="button" onClick={retry}>
              Try again
            </button>
          )}
        </div>
      )}
    </Field>
  );
});

/** Have the module draw, and undo it when `signal` is aborted. */
async function begin(module: Module, given: Given, failed: (error: unknown) => void): Promise<void> {
  const { el, signal, ...rest } = given;
  const atEnd = (undo: unknown) => {
    if (typeof undo !== "function") return;
    const call = async () => undo();
    if (signal.aborted) call().catch(failed);
    else signal.addEventListener("abort", () => void call().catch(failed), { once: true });
  };
  const made = module.default ?? module;
  const widget = typeof made === "function" ? await made() : made;
  if (typeof widget?.render !== "function") throw new Error("its module has no “export default { render }”");
  atEnd(await widget.initialize?.({ ...rest, signal }));
  if (!signal.aborted) atEnd(await widget.render(given));
}

/** One style sheet for all of a class, the newest. It reaches nothing else. */
function putSheet(el: HTMLElement, kind: string, css: string): void {
  const scope = sheetHomeOf(el);
  const all = scope.querySelectorAll<HTMLStyleElement>("style[data-nbb-own]");
  let style = [...all].find((one) => one.dataset.nbbOwn === kind);
  if (!style) {
    style = document.createElement("style");
    style.dataset.nbbOwn = kind;
    scope.append(style);
  }
  // Of an address nobody knows what it says.
  const text = css.startsWith("@import") ? css : scopedFreely(css, `[data-own=${JSON.stringify(kind)}]`);
  if (style.textContent !== text) style.textContent = text;
}
