/** How the editor looks: in the tokens of the page, so that it follows the host's theme as that changes. */

import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags as t } from "@lezer/highlight";

/** The sizes are those of the text area that stands here until the editor has come, see `code.css`. */
export const look = EditorView.theme({
  "&": { color: "inherit", backgroundColor: "transparent", minHeight: "inherit", maxHeight: "inherit" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { font: "inherit", lineHeight: "inherit", overflow: "auto", scrollbarWidth: "thin" },
  ".cm-content": { minHeight: "var(--least)", padding: "8px 0", caretColor: "var(--nbb-fg)" },
  ".cm-line": { padding: "0 12px 0 10px" },
  ".cm-gutters": {
    minHeight: "var(--least) !important",
    border: "0",
    backgroundColor: "var(--nbb-surface-2)",
    color: "var(--nbb-fg-faint)",
  },
  ".cm-lineNumbers .cm-gutterElement": {
    minWidth: "calc(2ch + 12px)",
    padding: "0 0 0 12px",
    fontVariantNumeric: "tabular-nums",
  },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "color-mix(in srgb, var(--nbb-accent) 22%, transparent)",
    outline: "0",
  },
  "&.cm-focused .cm-nonmatchingBracket": {
    backgroundColor: "color-mix(in srgb, var(--nbb-error) 22%, transparent)",
  },
  ".cm-tooltip": {
    border: "1px solid var(--nbb-border)",
    borderRadius: "var(--nbb-radius-s)",
    backgroundColor: "var(--nbb-surface)",
    color: "var(--nbb-fg)",
    boxShadow: "0 6px 20px rgb(0 0 0 / 18%)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxHeight: "12em", font: "inherit" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 8px", lineHeight: "1.5" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--nbb-accent-solid)",
    color: "var(--nbb-accent-fg)",
  },
});

export const colours = HighlightStyle.define([
  { tag: [t.comment, t.quote], color: "var(--nbb-code-comment)", fontStyle: "italic" },
  { tag: [t.keyword, t.modifier, t.bool, t.null, t.self], color: "var(--nbb-code-keyword)", fontWeight: "600" },
  { tag: [t.string, t.regexp, t.special(t.string), t.inserted], color: "var(--nbb-code-string)" },
  { tag: [t.number, t.escape, t.atom, t.color, t.unit, t.contentSeparator], color: "var(--nbb-code-number)" },
  {
    tag: [
      t.function(t.definition(t.variableName)),
      t.definition(t.className),
      t.function(t.variableName),
      t.propertyName,
      t.attributeName,
      t.tagName,
      t.heading,
      t.link,
      t.labelName,
    ],
    color: "var(--nbb-code-name)",
  },
  {
    tag: [t.typeName, t.className, t.namespace, t.standard(t.variableName), t.special(t.variableName), t.macroName],
    color: "var(--nbb-code-type)",
  },
  { tag: [t.meta, t.processingInstruction, t.documentMeta, t.deleted], color: "var(--nbb-code-meta)" },
  { tag: t.heading, fontWeight: "600" },
  { tag: t.strong, fontWeight: "600" },
  { tag: t.emphasis, fontStyle: "italic" },
  { tag: t.strikethrough, textDecoration: "line-through" },
  { tag: t.invalid, color: "var(--nbb-error)" },
]);
