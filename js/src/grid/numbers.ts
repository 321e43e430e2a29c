/** Numbers as the people of this page write them. */

import type { Cell } from "./types";

interface Marks {
  group: string;
  decimal: string;
  /** Digits of the last group, and of those before it. */
  last: number;
  others: number;
  digits: Map<string, string>;
}

const known = new Map<string, Marks>();

/** The language whose numbers are meant. */
export function localeOf(): string {
  return navigator.language || document.documentElement.lang || "en";
}

function marksOf(locale: string): Marks {
  const found = known.get(locale);
  if (found) return found;
  let format: Intl.NumberFormat;
  try {
    format = new Intl.NumberFormat(locale, { useGrouping: true });
  } catch {
    format = new Intl.NumberFormat("en"); // a language that is none
  }
  const parts = format.formatToParts(-1234567890.5);
  const text = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  const sizes = parts.filter((part) => part.type === "integer").map((part) => part.value.length);
  const { locale: own } = format.resolvedOptions();
  const single = new Intl.NumberFormat(own, { useGrouping: false });
  const digits = new Map<string, string>();
  for (let digit = 0; digit < 10; digit += 1) digits.set(single.format(digit), String(digit));
  const made = {
    group: text("group"),
    decimal: text("decimal") || ".",
    last: sizes.at(-1) ?? 3,
    others: sizes.length > 2 ? sizes.at(-2)! : 3,
    digits,
  };
  known.set(locale, made);
  return made;
}

const SPACE = /[\u0020\u00a0\u2009\u202f]/g;
const APOSTROPHE = /['’]/g;

/** A number in the digits that programs read, "inf" and "NaN" too; null if the text is none in that language. */
export function numberIn(text: string, locale = localeOf()): string | null {
  const { group, decimal, last, others, digits } = marksOf(locale);
  let given = Array.from(text.trim(), (char) => digits.get(char) ?? char).join("");
  given = given.replace(/^[\u200e\u200f\u061c]+/, "").replace(/[−﹣－]/g, "-");
  const special = /^([+-]?)(inf|infinity|∞)$/i.exec(given);
  if (special) return `${special[1] === "-" ? "-" : ""}inf`;
  if (/^nan$/i.test(given)) return "NaN";
  // Which space, and which apostrophe, nobody tells apart.
  const alike = (one: string) => one.replace(SPACE, " ").replace(APOSTROPHE, "'");
  given = alike(given);
  const [sign] = /^[+-]?/.exec(given)!;
  const [, mantissa, exponent = ""] = /^(.*?)(e[+-]?\d+)?$/i.exec(given.slice(sign.length))!;
  const [whole, part, ...more] = mantissa!.split(decimal);
  if (more.length || (part !== undefined && !/^\d*$/.test(part)) || (!whole && !part)) return null;
  const pieces = group ? whole!.split(alike(group)) : [whole!];
  if (!pieces.every((piece) => /^\d*$/.test(piece))) return null;
  if (pieces.length > 1) {
    const first = pieces[0]!.length;
    if (exponent || pieces.at(-1)!.length !== last || first < 1 || first > Math.max(others, last)) return null;
    if (pieces.length > 2 && first > others) return null;
    if (!pieces.slice(1, -1).every((piece) => piece.length === others)) return null;
    if (pieces.length === 2 && first > others) return null;
  }
  const minus = sign === "-" ? "-" : "";
  return `${minus}${pieces.join("") || "0"}${part ? `.${part}` : ""}${exponent}`;
}

/** A cell of that number: a number if it is exactly that, else its digits; undefined if no float is that large. */
export function cellOf(number: string): Cell | undefined {
  if (/inf|NaN/.test(number)) return number;
  const found = Number(number);
  if (!Number.isFinite(found)) return undefined;
  if (Object.is(found, -0)) return "-0";
  const whole = /^-?\d+$/.test(number);
  if (whole) return Number.isSafeInteger(found) ? found : number.replace(/^(-?)0+(?=\d)/, "$1");
  const digits = number.replace(/e.*$/i, "").replace(/[-.]/g, "").replace(/^0+/, "");
  return digits.length > 15 || (Number.isInteger(found) && !Number.isSafeInteger(found)) ? number : found;
}

/** A number of programs as it is written here: what is shown can be typed. */
export function written(number: string, locale = localeOf()): string {
  const { decimal } = marksOf(locale);
  return decimal === "." ? number : number.replace(".", decimal);
}
