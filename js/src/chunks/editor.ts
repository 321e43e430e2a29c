/**
 * The editor of code: CodeMirror with all languages.
 *
 * One chunk: the editor alone takes 400 kB of its 850, the languages share much with each other (HTML has CSS and
 * JavaScript in it, Markdown all of them), and each must have the very CodeMirror that the editor has.
 */

import {
  autocompletion,
  type CompletionContext,
  type CompletionSource,
  closeBrackets,
  closeBracketsKeymap,
  completeAnyWord,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { Annotation, Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, lineNumbers, tooltips } from "@codemirror/view";
import { difference } from "../difference";
import { languageOf } from "../editor/languages";
import { colours, look } from "../editor/look";
import { rootOf } from "../roots";

export interface EditorOptions {
  language: string | null;
  readOnly: boolean;
  wrap: boolean;
  numbers: boolean;
  autocomplete: boolean;
}

export interface EditorEvents {
  /** The user has edited the text. */
  input(text: string): void;
  focus(): void;
  blur(): void;
}

export interface Start {
  text: string;
  options: EditorOptions;
  /** Attributes of the element that is edited, such as `id` and `aria-labelledby`. */
  attributes: Record<string, string>;
  /** What is selected at first, as offsets into the text. */
  selection?: { anchor: number; head: number } | undefined;
}

export interface Editor {
  /** Take other options; what did not change is left alone. */
  set(options: EditorOptions): void;
  /** Show another text, without reporting it. It can be undone, and the caret stays where it can. */
  show(text: string): void;
  readonly text: string;
  focus(): void;
  destroy(): void;
}

/** Ms after the end of a composition in which the editor reads what has come of it. */
const SETTLING = 60;

/** Marks what does not come from the user. */
const fromOutside = Annotation.define<boolean>();

const parts: Record<keyof EditorOptions, (options: EditorOptions) => Extension> = {
  language: ({ language }) => languageOf(language),
  // One that is only looked at can still be reached, to scroll and to copy by the keyboard.
  readOnly: ({ readOnly }) => [
    EditorState.readOnly.of(readOnly),
    EditorView.editable.of(!readOnly),
    readOnly ? EditorView.contentAttributes.of({ tabindex: "0", "aria-readonly": "true" }) : [],
  ],
  wrap: ({ wrap }) => (wrap ? EditorView.lineWrapping : []),
  numbers: ({ numbers }) => (numbers ? lineNumbers() : []),
  autocomplete: ({ autocomplete }) =>
    autocomplete ? [autocompletion(), EditorState.languageData.of(() => [{ autocomplete: words }])] : [],
};

/** The words of the text, where a language has nothing better to propose. */
function words(context: CompletionContext): ReturnType<CompletionSource> {
  const sources = context.state.languageDataAt("autocomplete", context.pos);
  return sources.length > 1 ? null : completeAnyWord(context);
}

/** Put an editor into an element. */
export function makeEditor(parent: HTMLElement, start: Start, events: EditorEvents): Editor {
  let now = start.options;
  const compartments = Object.keys(parts).map((name) => [name as keyof EditorOptions, new Compartment()] as const);
  const lines = newline(start.text);
  const most = lines.length;
  const selection = start.selection && {
    anchor: Math.min(start.selection.anchor, most),
    head: Math.min(start.selection.head, most),
  };
  /** What was to be shown while an input method was at work. */
  let late: string | null = null;
  const show = (text: string) => {
    late = view.compositionStarted ? text : null;
    const changes = late === null ? difference(view.state.doc.toString(), newline(text)) : null;
    if (changes) view.dispatch({ changes, annotations: [fromOutside.of(true), isolateHistory.of("full")] });
  };
  const view = new EditorView({
    parent,
    root: rootOf(parent),
    state: EditorState.create({
      doc: lines,
      ...(selection && { selection }),
      extensions: [
        look,
        // Lists may be longer than the editor is high: the app around it does not clip them.
        tooltips({ parent: parent.closest<HTMLElement>(".nbb") ?? parent }),
        syntaxHighlighting(colours),
        history(),
        bracketMatching(),
        closeBrackets(),
        indentOnInput(),
        indentUnit.of("    "),
        EditorState.tabSize.of(4),
        keymap.of([...completionKeymap, ...closeBracketsKeymap, indentWithTab, ...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of(start.attributes),
        EditorView.updateListener.of((update) => {
          const own = update.docChanged && !update.transactions.some((one) => one.annotation(fromOutside));
          if (!own) return;
          late = null; // what is typed is newer
          events.input(update.state.doc.toString());
        }),
        EditorView.domEventHandlers({
          focus: () => events.focus(),
          blur: () => events.blur(),
          // Once the editor has taken what was composed.
          compositionend: () => void setTimeout(() => late !== null && show(late), SETTLING),
        }),
        compartments.map(([name, place]) => place.of(parts[name](now))),
      ],
    }),
  });
  return {
    set(options) {
      const changed = compartments.filter(([name]) => options[name] !== now[name]);
      now = options;
      if (changed.length) {
        view.dispatch({ effects: changed.map(([name, place]) => place.reconfigure(parts[name](options))) });
      }
    },
    show,
    get text() {
      return view.state.doc.toString();
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

/** The editor knows one kind of line end. */
function newline(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}
