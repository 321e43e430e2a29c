import { useRef } from "preact/hooks";
import type { CodeEvent, CodeProps } from "../contract";
import { CopyButton } from "../copy";
import { define } from "../runtime/define";
import { Field } from "../runtime/field";
import "./code.css";

const INDENT = "    ";

export default define<CodeProps, CodeEvent>(({ props, emit }) => {
  /** After Escape the next Tab leaves the editor, else it could not be left by the keyboard. */
  const leaving = useRef(false);
  const value = props.value ?? "";
  const fixed = props.interactive === false;
  const lines = value.split("\n");

  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }) => {
    const box = event.currentTarget;
    const plain = !(event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || fixed);
    if (plain && event.key === "Tab" && !leaving.current) {
      event.preventDefault();
      type(box, INDENT);
    } else if (plain && event.key === "Enter") {
      const before = box.value.slice(0, box.selectionStart);
      const indent = /[ \t]*/.exec(before.slice(before.lastIndexOf("\n") + 1))![0];
      if (indent) {
        event.preventDefault();
        type(box, `\n${indent}`);
      }
    }
    leaving.current = event.key === "Escape";
  };

  return (
    <Field {...props}>
      {(id) => (
        <>
          <div
            class="nbb-code-frame"
            style={{
              "--lines": Math.max(1, props.lines),
              "--digits": String(lines.length).length,
              maxHeight: props.max_lines ? `calc(${Math.max(props.max_lines, props.lines)} * 1lh + 16px)` : undefined,
            }}
          >
            {/* The lines below give the size and the numbers, the text area above has the text. */}
            <div
              class={`nbb-code-lines${props.wrap_lines ? " nbb-code-wrap" : ""}${props.show_line_numbers ? " nbb-code-numbers" : ""}`}
            >
              <div aria-hidden="true">
                {lines.map((line, index) => (
                  <div key={index} class="nbb-code-line" data-line={index + 1}>
                    <span>{line || " "}</span>
                  </div>
                ))}
              </div>
              <textarea
                id={id}
                class="nbb-code-text"
                value={value}
                readOnly={fixed}
                spellcheck={false}
                autocapitalize="off"
                autocomplete="off"
                wrap={props.wrap_lines ? "soft" : "off"}
                onInput={({ currentTarget: box }) => emit("input", { value: box.value })}
                onKeyDown={onKeyDown}
                onFocus={() => emit("focus")}
                onBlur={() => {
                  leaving.current = false;
                  emit("blur");
                }}
              />
            </div>
          </div>
          <div class="nbb-code-tools">
            {props.language && <span>{props.language}</span>}
            <CopyButton text={value} />
          </div>
        </>
      )}
    </Field>
  );
});

/** Type `text` for the user, so that it can be undone. */
function type(box: HTMLTextAreaElement, text: string): void {
  if (document.execCommand?.("insertText", false, text)) return;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
