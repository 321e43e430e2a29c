import { useLayoutEffect, useRef } from "preact/hooks";
import type { TextboxEvent, TextboxProps } from "../contract";
import { CopyButton } from "../copy";
import { useDraft } from "../draft";
import { Icon } from "../icons";
import { isEnter } from "../keys";
import { define } from "../runtime/define";
import { Field, infoOf } from "../runtime/field";
import "./textbox.css";

type Control = HTMLInputElement | HTMLTextAreaElement;

const growsItself = globalThis.CSS?.supports?.("field-sizing", "content") ?? false;

export default define<TextboxProps, TextboxEvent>(({ props, emit }) => {
  const typed = useRef<string | null>(null);
  const atEnd = useRef(true);
  const value = props.value ?? "";
  const least = Math.max(1, props.lines ?? 1);
  const most = props.max_lines == null ? Number.POSITIVE_INFINITY : Math.max(least, props.max_lines);
  const manyLines = (props.type ?? "text") === "text" && most > 1;
  const fixed = props.interactive === false;

  useLayoutEffect(() => {
    const box = draft.box.current;
    if (box) atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  }, [value, manyLines]);
  const draft = useDraft<Control>(value);
  useLayoutEffect(() => {
    const box = draft.box.current;
    if (!box) return;
    if (manyLines && !growsItself) {
      box.style.height = "auto";
      box.style.height = `${box.scrollHeight}px`;
    }
    if (typed.current !== value && props.autoscroll !== false && atEnd.current) box.scrollTop = box.scrollHeight;
  }, [value, manyLines]);

  useLayoutEffect(() => {
    if (props.autofocus) draft.box.current?.focus({ preventScroll: true });
  }, []);

  const submit = () => emit("submit", { value: draft.box.current?.value ?? value });
  const shared = {
    ...attributes(props.html_attributes),
    ref: draft.ref,
    class: "nbb-text",
    style: {
      textAlign: props.text_align ?? undefined,
      "--lines": least,
      "--max-lines": Number.isFinite(most) ? most : 100_000,
    },
    dir: props.rtl ? ("rtl" as const) : undefined,
    placeholder: props.placeholder ?? undefined,
    maxLength: props.max_length ?? undefined,
    readOnly: fixed,
    onInput: (event: { currentTarget: Control }) => {
      typed.current = event.currentTarget.value;
      emit("input", { value: typed.current });
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (!isEnter(event) || fixed) return;
      // One line: Enter submits, Shift+Enter makes a second one. More lines: the other way round.
      if (manyLines && event.shiftKey !== least > 1) return;
      event.preventDefault();
      submit();
    },
    onFocus: () => emit("focus"),
    onBlur: () => emit("blur"),
    onSelect: ({ currentTarget: box }: { currentTarget: Control }) => {
      const [start, end] = [box.selectionStart ?? 0, box.selectionEnd ?? 0];
      if (start === end) return;
      emit("select", { data: { index: [start, end], value: box.value.slice(start, end) } });
    },
  };

  return (
    <Field {...props}>
      {(id) => (
        <>
          <div class="nbb-text-line">
            {manyLines ? (
              <textarea {...shared} id={id} rows={least} aria-describedby={infoOf(id, props.info)} />
            ) : (
              <input
                {...shared}
                type={(props.type ?? "text") as "text"}
                id={id}
                aria-describedby={infoOf(id, props.info)}
              />
            )}
            {props.stop_btn ? (
              <button type="button" class="nbb-press nbb-stop nbb-sm" onClick={() => emit("stop")}>
                {props.stop_btn === true ? <Icon name="stop" /> : props.stop_btn}
                {props.stop_btn === true && <span class="nbb-sr">Stop</span>}
              </button>
            ) : null}
            {props.submit_btn && !fixed ? (
              <button type="button" class="nbb-press nbb-primary nbb-sm" onClick={submit}>
                {props.submit_btn === true ? <Icon name="send" /> : props.submit_btn}
                {props.submit_btn === true && <span class="nbb-sr">Submit</span>}
              </button>
            ) : null}
          </div>
          {props.show_copy_button && <CopyButton text={value} onCopy={() => emit("copy", { data: { value } })} />}
        </>
      )}
    </Field>
  );
});

const HARMLESS = [
  "autocapitalize",
  "autocomplete",
  "autocorrect",
  "enterkeyhint",
  "inputmode",
  "lang",
  "spellcheck",
  "tabindex",
];

function attributes(given: Record<string, unknown> | null | undefined): Record<string, unknown> {
  const entries = Object.entries(given ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(entries.filter(([name]) => HARMLESS.includes(name)));
}
