/** Formulas in Markdown: found before anything else in the text is read, as an extension of marked. */

import type { MarkedExtension, TokenizerAndRendererExtension, Tokens } from "marked";

/** What begins and ends a formula, and whether it stands on a line of its own. */
export interface Delimiter {
  left: string;
  right: string;
  display: boolean;
}

export interface Formula extends Tokens.Generic {
  tex: string;
  display: boolean;
}

/** Call `draw` for each formula between `delimiters`; what it returns stands in the HTML. */
export function formulas(delimiters: readonly Delimiter[], draw: (formula: Formula) => string): MarkedExtension {
  // Of "$" and "$$" the longer one is meant where both begin.
  const known = delimiters.filter(({ left, right }) => left && right).sort((a, b) => b.left.length - a.left.length);
  const renderer = (token: Tokens.Generic) => draw(token as Formula);
  const inline: TokenizerAndRendererExtension = {
    name: "formula",
    level: "inline",
    start: (src) => first(src, known),
    tokenizer(src) {
      const found = read(src, known);
      return found && { type: "formula", ...found };
    },
    renderer,
  };
  const block: TokenizerAndRendererExtension = {
    name: "formulaBlock",
    level: "block",
    // A paragraph goes on to the next formula that has lines of its own.
    start(src) {
      for (const { index } of src.matchAll(/\n/g)) if (own(src.slice(index + 1), known)) return index + 1;
      return undefined;
    },
    tokenizer(src) {
      const found = own(src, known);
      return found && { type: "formulaBlock", ...found };
    },
    renderer,
  };
  return { extensions: [block, inline] };
}

interface Found {
  raw: string;
  tex: string;
  display: boolean;
}

/** A display formula that has its lines for itself. */
function own(src: string, known: readonly Delimiter[]): Found | undefined {
  const indent = /^ {0,3}/.exec(src)![0];
  const found = read(src.slice(indent.length), known);
  if (!found?.display) return undefined;
  const length = indent.length + found.raw.length;
  const rest = /^[ \t]*(\n|$)/.exec(src.slice(length));
  return rest ? { ...found, raw: src.slice(0, length + rest[0].length) } : undefined;
}

/** The formula that `src` begins with. */
function read(src: string, known: readonly Delimiter[]): Found | undefined {
  for (const { left, right, display } of known) {
    if (!src.startsWith(left)) continue;
    const end = endOf(src, left.length, right);
    if (end === undefined) continue;
    const raw = src.slice(0, end + right.length);
    // An environment is its own delimiter: TeX must see it.
    const tex = left.startsWith("\\begin{") ? raw : src.slice(left.length, end);
    if (tex.trim()) return { raw, tex, display };
  }
  return undefined;
}

/** Where `right` stands outside of braces. */
function endOf(src: string, from: number, right: string): number | undefined {
  let depth = 0;
  for (let i = from; i < src.length; i += 1) {
    if (depth <= 0 && src.startsWith(right, i)) return i;
    if (src[i] === "\\") i += 1;
    else if (src[i] === "{") depth += 1;
    else if (src[i] === "}") depth -= 1;
  }
  return undefined;
}

function first(src: string, known: readonly Delimiter[]): number | undefined {
  const places = known.map(({ left }) => src.indexOf(left)).filter((place) => place >= 0);
  return places.length ? Math.min(...places) : undefined;
}
