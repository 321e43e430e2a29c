import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type * as Chunk from "../chunks/editor";
import type { CodeEvent, CodeProps } from "../contract";
import { CopyButton } from "../copy";
import { useDraft } from "../draft";
import { Icon } from "../icons";
import { claimKeys } from "../keys";
import { hasFocus, isIn } from "../roots";
import { ChunkError } from "../runtime/chunks";
import { type Context, define } from "../runtime/define";
import { Field, infoOf } from "../runtime/field";
import { offer } from "../saving";
import "../syntax.css";
import "./code.css";

export default define<CodeProps, CodeEvent>((context) => {
  const { props, app } = context;
  const value = props.value ?? "";
  const least = Math.max(1, props.lines);
  const shows = (button: string) => !props.buttons || props.buttons.includes(button);
  const chunk = app.chunk<typeof Chunk>("editor").value;
  return (
    <Field {...props} for={null}>
      {(id) => (
        <>
          <div
            class="nbb-code-frame"
            style={{
              "--lines": least,
              maxHeight: props.max_lines ? `calc(${Math.max(props.max_lines, least)} * 1lh + 18px)` : undefined,
            }}
          >
            <Text id={id} module={chunk.module} {...context} />
          </div>
          <div class="nbb-code-tools">
            {props.language && <span>{props.language}</span>}
            {shows("download") && (
              <button
                type="button"
                class="nbb-tool"
                aria-label="Download"
                title="Download"
                disabled={!value}
                onClick={() => offer(new Blob([value], { type: "text/plain" }), fileName(props.language), app.signal)}
              >
                <Icon name="download" />
              </button>
            )}
            {shows("copy") && <CopyButton text={value} />}
          </div>
          {chunk.error !== undefined && <ChunkError chunk={chunk} />}
        </>
      )}
    </Field>
  );
});

interface TextProps extends Context<CodeProps, CodeEvent> {
  id: string;
  module: typeof Chunk | undefined;
}

/** The text: in a plain text area at first, in which one can write at once, and in the editor when that is there. */
function Text({ id, module, props, emit }: TextProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Chunk.Editor | null>(null);
  /** The focus goes from one to the other, which is nobody's business. */
  const changing = useRef(false);
  const composing = useSignal(false);
  const upgraded = useSignal(false);
  const value = props.value ?? "";
  const area = useDraft<HTMLTextAreaElement>(value);
  const options: Chunk.EditorOptions = {
    language: props.language,
    readOnly: props.interactive === false,
    wrap: props.wrap_lines,
    numbers: props.show_line_numbers,
    autocomplete: props.autocomplete,
  };
  const info = infoOf(id, props.info);
  const keys = `${id}-keys`;
  const heard = (event: "focus" | "blur") => {
    if (!changing.current) emit(event);
  };

  // Not while an input method is at work: it would lose what is being composed.
  useLayoutEffect(() => {
    const box = area.box.current;
    if (!module || !box || !host.current || editor.current || composing.value) return;
    const backwards = box.selectionDirection === "backward";
    const [anchor, head] = backwards ? [box.selectionEnd, box.selectionStart] : [box.selectionStart, box.selectionEnd];
    const focused = hasFocus(box);
    const attributes = { id, "aria-labelledby": `${id}-label`, "aria-describedby": info ? `${info} ${keys}` : keys };
    changing.current = true;
    editor.current = module.makeEditor(
      host.current,
      { text: box.value, options, attributes, selection: focused ? { anchor, head } : undefined },
      {
        input: (text) => emit("input", { value: text }),
        focus: () => heard("focus"),
        blur: () => heard("blur"),
      },
    );
    if (focused) editor.current.focus();
    changing.current = false;
    upgraded.value = true;
  }, [module, composing.value]);
  useLayoutEffect(() => editor.current?.show(value), [value]);
  useLayoutEffect(() => editor.current?.set(options), Object.values(options));
  useEffect(() => () => editor.current?.destroy(), []);
  useEffect(() => {
    const claim = (event: KeyboardEvent) => {
      const frame = host.current?.parentElement;
      if (frame && isIn(event, host.current)) claimKeys(frame, isOurs(event));
    };
    window.addEventListener("keydown", claim, { capture: true });
    return () => window.removeEventListener("keydown", claim, { capture: true });
  }, []);

  return (
    <>
      <span id={keys} class="nbb-sr">
        {options.readOnly ? "" : "Tab indents; Escape, then Tab leaves the editor"}
      </span>
      {!upgraded.value && (
        <textarea
          ref={area.ref}
          id={id}
          class={`nbb-code-plain${options.numbers ? " nbb-code-numbered" : ""}`}
          style={{ "--digits": Math.max(2, String(value.split("\n").length).length) }}
          rows={value.split("\n").length}
          readOnly={options.readOnly}
          wrap={options.wrap ? "soft" : "off"}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          aria-labelledby={`${id}-label`}
          aria-describedby={info}
          onInput={({ currentTarget: box }) => emit("input", { value: box.value })}
          onFocus={() => heard("focus")}
          onBlur={() => heard("blur")}
          onCompositionStart={() => {
            composing.value = true;
          }}
          onCompositionEnd={() => {
            composing.value = false;
          }}
        />
      )}
      <div ref={host} class="nbb-code-editor" />
    </>
  );
}

/** Keys with Ctrl or ⌘ that the editor has a use for; all others of them, such as Ctrl+S, are the host's. */
const OURS = new Set(
  "a c i k v x y z / [ ] \\ ArrowLeft ArrowRight ArrowUp ArrowDown Home End Backspace Delete Enter".split(" "),
);

function isOurs(event: KeyboardEvent): boolean {
  const { key } = event;
  return !(event.ctrlKey || event.metaKey) || OURS.has(key.length === 1 ? key.toLowerCase() : key);
}

const ENDINGS: Record<string, string> = {
  python: "py",
  markdown: "md",
  latex: "tex",
  javascript: "js",
  jinja2: "j2",
  typescript: "ts",
  shell: "sh",
  c: "c",
  cpp: "cpp",
  json: "json",
  html: "html",
  css: "css",
  yaml: "yaml",
  r: "r",
};

/** What a downloaded file is called. */
function fileName(language: string | null): string {
  if (language === "dockerfile") return "Dockerfile";
  return `code.${language?.startsWith("sql") ? "sql" : (ENDINGS[language ?? ""] ?? "txt")}`;
}
