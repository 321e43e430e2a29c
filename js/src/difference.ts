/** Where two texts differ. */

export interface Difference {
  from: number;
  /** Its end in the text before. */
  to: number;
  insert: string;
}

/** The one place where two texts differ: what is alike on both sides, and a caret in it, can be left alone. */
export function difference(before: string, after: string): Difference | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from += 1;
  let alike = 0;
  while (alike < shorter - from && before.at(-1 - alike) === after.at(-1 - alike)) alike += 1;
  return { from, to: before.length - alike, insert: after.slice(from, after.length - alike) };
}

/** Where a place in the text before is in the text after. */
export function moved(place: number, { from, to, insert }: Difference): number {
  if (place <= from) return place;
  if (place >= to) return place + from + insert.length - to;
  return from + Math.min(place - from, insert.length);
}
