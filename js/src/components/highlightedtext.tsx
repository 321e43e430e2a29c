import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { HighlightedTextEvent, HighlightedTextProps } from "../contract";
import { Icon } from "../icons";
import { isComposing, isEnter } from "../keys";
import { type Kind, marked, positionOf, type Token, tokenAt } from "../marking";
import { selectedIn } from "../roots";
import { define } from "../runtime/define";
import { Field } from "../runtime/field";
import "./highlightedtext.css";

/** What is being marked: a stretch of the text, or a mark that is there, with what has been typed so far. */
interface Draft {
  start: number;
  end: number;
  kind: Kind;
}

export default define<HighlightedTextProps, HighlightedTextEvent>(({ props, emit, node, app }) => {
  const value = (props.value ?? []) as Token[];
  const fixed = props.interactive === false;
  const draft = useSignal<Draft | null>(null);
  const held = useSignal<Kind>(null);
  const text = useRef<HTMLDivElement>(null);
  /** Counts the times that the page has changed the text behind our back. */
  const drawn = useSignal(0);

  const scored = value.some((one) => typeof one.class_or_confidence === "number");
  const kinds = useComputed(() => {
    const tokens = (props.value ?? []) as Token[];
    const found = tokens.map((one) => one.class_or_confidence).filter((kind) => typeof kind === "string");
    return [...new Set([...Object.keys(props.color_map ?? {}), ...found])];
  }).value;
  const used = new Set(value.map((one) => one.class_or_confidence));
  const legend = props.show_legend === true;
  const named = !scored && !legend && (!fixed || props.show_inline_category !== false);
  const whole = value.map((one) => one.token).join("");

  // A draft is about a stretch of this text: of another one it would mark anything.
  useEffect(() => {
    draft.value = null;
  }, [whole]);

  const mark = (kind: Kind) => {
    const { start, end } = draft.value!;
    draft.value = null;
    emit("input", { value: marked(value, start, end, kind) });
    text.current?.focus();
  };
  /** Ask for the label of what is selected, or of the mark that the caret or the pointer is in. */
  const ask = (selectedOnly = false) => {
    const box = text.current;
    const range = box && selectedIn(box);
    if (!range || fixed) return;
    const [start, end] = [
      positionOf(box, range.startContainer, range.startOffset),
      positionOf(box, range.endContainer, range.endOffset),
    ];
    if (end > start) draft.value = { start, end, kind: null };
    else if (!selectedOnly) edit(tokenAt(value, start));
  };
  const edit = (at: { start: number; end: number; token: Token } | undefined) => {
    if (at && at.token.class_or_confidence !== null)
      draft.value = { start: at.start, end: at.end, kind: at.token.class_or_confidence };
  };
  const press = (index: number) => {
    const { token, class_or_confidence } = value[index]!;
    if (class_or_confidence !== null)
      emit("select", { data: { index, value: [token, class_or_confidence], selected: true } });
    if (fixed) return;
    const start = value.slice(0, index).reduce((sum, one) => sum + one.token.length, 0);
    if (!text.current || selectedIn(text.current)?.collapsed !== false)
      edit({ start, end: start + token.length, token: value[index]! });
  };
  const listened = app.listens("select");

  return (
    <Field {...props} for={null}>
      {legend && !scored && kinds.length > 0 && (
        <ul class="nbb-legend">
          {kinds.map((kind, at) => (
            <li
              key={kind}
              class="nbb-mark-name"
              style={{ "--class": colourOf(kind, at, props.color_map) }}
              onPointerEnter={() => {
                held.value = kind;
              }}
              onPointerLeave={() => {
                held.value = null;
              }}
            >
              {kind}
            </li>
          ))}
        </ul>
      )}
      {legend && scored && (
        <div class="nbb-scores" aria-hidden="true">
          <span>−1</span>
          <span>0</span>
          <span>+1</span>
        </div>
      )}
      {!whole ? (
        <div class="nbb-nothing-yet" role="img" aria-label="No text">
          <Icon name="marker" size={28} />
        </div>
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a text box where it can be marked
        <div
          role="group"
          key={drawn.value}
          ref={text}
          class={`nbb-marked${held.value === null ? "" : " nbb-holding"}`}
          dir={props.rtl ? "rtl" : undefined}
          {...(fixed ? {} : MARKING)}
          aria-labelledby={`${node.domId}-label`}
          aria-describedby={fixed ? undefined : `${node.domId}-how`}
          onBeforeInput={(event) => event.preventDefault()}
          onPaste={(event) => event.preventDefault()}
          onCut={(event) => event.preventDefault()}
          onDrop={(event) => event.preventDefault()}
          onCompositionEnd={() => {
            drawn.value += 1; // the one input that a page can not refuse: draw the text anew
          }}
          onPointerUp={() => ask(true)}
          onKeyDown={(event) => {
            if (fixed || isComposing(event)) return;
            if (event.key === "Enter") ask();
            else if (event.key === "Escape" && draft.value) draft.value = null;
            else if ((event.key === "Delete" || event.key === "Backspace") && selectedIn(event.currentTarget)) {
              ask();
              if (draft.value) mark(null);
            } else return;
            event.preventDefault();
            event.stopPropagation();
          }}
        >
          {value.map((one, index) => {
            const { token, class_or_confidence: kind } = one;
            if (!token) return null;
            if (kind === null)
              return (
                <span key={index} data-text>
                  {token}
                </span>
              );
            const at = kinds.indexOf(kind as string);
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the text's
              <mark
                key={index}
                class={`${typeof kind === "number" ? "nbb-score" : "nbb-mark"}${held.value === kind ? " nbb-held" : ""}`}
                style={
                  typeof kind === "number"
                    ? {
                        "--score": `${Math.min(1, Math.abs(kind)) * 60}%`,
                        "--class": `var(--nbb-${kind < 0 ? "error" : "accent"})`,
                      }
                    : { "--class": colourOf(kind, at, props.color_map) }
                }
                title={typeof kind === "number" || !named ? String(kind) : undefined}
                {...(listened && fixed
                  ? {
                      role: "button",
                      tabIndex: 0,
                      onKeyDown: (event: KeyboardEvent) => {
                        if (event.key !== "Enter" && event.key !== " ") return;
                        event.preventDefault();
                        press(index);
                      },
                    }
                  : {})}
                onClick={() => press(index)}
              >
                <span data-text>{token}</span>
                {named && (
                  <span class="nbb-mark-kind" contentEditable={false}>
                    {kind}
                  </span>
                )}
                {!named && <span class="nbb-sr"> ({kind})</span>}
              </mark>
            );
          })}
        </div>
      )}
      {!fixed && whole && (
        <>
          <span class="nbb-sr" id={`${node.domId}-how`}>
            Select text and press Enter to label it. In a label, Enter changes it and Delete removes it.
          </span>
          {draft.value ? (
            <Ask
              key={`${draft.value.start}-${draft.value.end}`}
              id={node.domId}
              quoted={whole.slice(draft.value.start, draft.value.end)}
              kind={draft.value.kind}
              kinds={kinds}
              scored={scored}
              onDone={mark}
              onLeave={() => {
                draft.value = null;
                text.current?.focus();
              }}
            />
          ) : (
            <div class="nbb-info" aria-hidden="true">
              {used.size > 1 ? "Select text to label it, or click a label to change it" : "Select text to label it"}
            </div>
          )}
        </>
      )}
    </Field>
  );
});

/** What makes a text selectable by keyboard as well: it has a caret, and refuses all input. */
const MARKING = {
  contentEditable: true,
  role: "textbox",
  "aria-multiline": true,
  "aria-readonly": true,
  spellcheck: false,
  inputMode: "none",
  tabIndex: 0,
} as const;

interface AskProps {
  id: string;
  quoted: string;
  kind: Kind;
  kinds: string[];
  scored: boolean;
  onDone: (kind: Kind) => void;
  onLeave: () => void;
}

/** The line below the text that asks for a label. */
function Ask({ id, quoted, kind, kinds, scored, onDone, onLeave }: AskProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    box.current?.focus();
    box.current?.select();
  }, []);
  const done = () => {
    const typed = box.current?.value.trim() ?? "";
    const number = Number(typed);
    if (!typed) return onLeave();
    if (!scored) return onDone(typed);
    if (Number.isFinite(number)) onDone(number);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out everywhere
    <div
      class="nbb-ask"
      role="group"
      aria-label={`Label of “${quoted}”`}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onLeave();
      }}
    >
      <label class="nbb-ask-text" for={`${id}-ask`}>
        <q>{quoted}</q> is
      </label>
      <input
        ref={box}
        id={`${id}-ask`}
        class="nbb-ask-box"
        type={scored ? "number" : "text"}
        step={scored ? "0.1" : undefined}
        autocomplete="off"
        placeholder={scored ? "−1 to 1" : "Label"}
        defaultValue={kind === null ? "" : String(kind)}
        list={scored ? undefined : `${id}-kinds`}
        onKeyDown={(event) => {
          if (!isEnter(event)) return;
          event.preventDefault();
          done();
        }}
      />
      <datalist id={`${id}-kinds`}>
        {kinds.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <button type="button" class="nbb-tool" aria-label="Apply" title="Apply" onClick={done}>
        <Icon name="check" />
      </button>
      {kind !== null && (
        <button
          type="button"
          class="nbb-tool"
          aria-label="Remove the label"
          title="Remove"
          onClick={() => onDone(null)}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}

/** Hues that differ from one another, also for most who see fewer colours. */
const HUES = [255, 30, 145, 320, 85, 200, 0, 285, 110, 60];

function colourOf(kind: string, at: number, given: Record<string, string> | null | undefined): string {
  return given?.[kind] ?? `oklch(0.62 0.16 ${HUES[at % HUES.length]})`;
}
