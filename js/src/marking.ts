/** Text in parts, some of them marked: where a place on the page is in it, and how a stretch of it is marked. */

export type Kind = string | number | null;

export interface Token {
  token: string;
  class_or_confidence: Kind;
}

/** How many characters of the text, which stands in elements with `data-text`, come before a place in `box`. */
export function positionOf(box: Element, container: Node, offset: number): number {
  const place = box.ownerDocument.createRange();
  place.setStart(container, offset);
  let before = 0;
  for (const part of box.querySelectorAll("[data-text]")) {
    const text = part.firstChild as Text | null;
    if (!text) continue;
    if (text === container) return before + offset;
    if (place.comparePoint(text, 0) >= 0) return before;
    before += text.length;
  }
  return before;
}

/** The part that the character behind `position` is in, or the one that ends there. */
export function tokenAt(tokens: readonly Token[], position: number) {
  let start = 0;
  let last: { start: number; end: number; token: Token } | undefined;
  for (const token of tokens) {
    const end = start + token.token.length;
    if (position < end) {
      const touching = position === start && token.class_or_confidence === null ? last : undefined;
      return touching ?? { start, end, token };
    }
    if (token.token) last = { start, end, token };
    start = end;
  }
  return last;
}

/** The parts with the characters from `start` to `end` as one part of `kind`; null takes marks away. */
export function marked(tokens: readonly Token[], start: number, end: number, kind: Kind): Token[] {
  const found: Token[] = [];
  const add = (token: string, its: Kind) => {
    const last = found.at(-1);
    if (!token) return;
    if (last && its === null && last.class_or_confidence === null) last.token += token;
    else found.push({ token, class_or_confidence: its });
  };
  let at = 0;
  let middle = "";
  for (const { token, class_or_confidence: its } of tokens) {
    const [from, to] = [Math.max(0, Math.min(token.length, start - at)), Math.max(0, Math.min(token.length, end - at))];
    add(token.slice(0, from), its);
    middle += token.slice(from, to);
    at += token.length;
    if (middle && at >= end) {
      add(middle, kind);
      middle = "";
    }
    add(token.slice(to), its);
  }
  return found;
}
