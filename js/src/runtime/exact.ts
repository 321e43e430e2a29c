/** Numbers that JSON or JavaScript would change on the way between page and kernel: packed as texts. */

/** Only keys of an object that stands for another value: a value with such numbers in it, and one of those. */
const [EXACT, NUMBER] = ["nbb:exact", "nbb:number"];

type Dict = Record<string, unknown>;

/** A number as fronts have it: one that a double cannot hold is a BigInt. */
export type Exact = number | bigint;

/** `value` itself if it survives the way, else an object that `unpacked`, here or there, gives it back of. */
export function packed(value: unknown): unknown {
  return needsPacking(value) ? { [EXACT]: pack(value) } : value;
}

/** What was packed, or any other value as it is. */
export function unpacked(value: unknown): unknown {
  return isObject(value) && isOnly(value, EXACT) ? unpack(value[EXACT]) : value;
}

/** The number that a text tells: an integer as it is, however long; null if it tells none. */
export function numberOf(text: string): Exact | null {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const found = Number(WORDS[trimmed.toLowerCase()] ?? trimmed);
  if (Number.isNaN(found)) return /^[+-]?nan$/i.test(trimmed) ? found : null;
  const whole = /^[+-]?\d+$/.test(trimmed) && !Number.isSafeInteger(found);
  return whole ? BigInt(trimmed.replace("+", "")) : found;
}

/** How a number is written: as `String` does, with the sign of zero. */
export function textOf(number: Exact): string {
  return Object.is(number, -0) ? "-0" : String(number);
}

/** JSON as Python writes it: with NaN, Infinity and integers of any length. */
export function jsonOf(value: unknown): string {
  if (!needsPacking(value)) return JSON.stringify(value, null, 2);
  // A text of the value that begins as these do gets another zero byte, which is taken away again.
  const marked = (_: string, one: unknown) => {
    if (isOdd(one)) return `\0${textOf(one)}`;
    return typeof one === "string" && one.startsWith("\0") ? `\0${one}` : one;
  };
  const text = JSON.stringify(value, marked, 2);
  return text.replace(/"\\u0000(?:(-?(?:\d+|NaN|Infinity))"(?!:)|(?=\\u0000))/g, (_, found) => found ?? '"');
}

const WORDS: Record<string, string> = {
  inf: "Infinity",
  "+inf": "Infinity",
  "-inf": "-Infinity",
  infinity: "Infinity",
  "+infinity": "Infinity",
  "-infinity": "-Infinity",
  "∞": "Infinity",
  "-∞": "-Infinity",
};

function isObject(value: unknown): value is Dict {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function isOnly(value: Dict, key: string): boolean {
  return key in value && Object.keys(value).length === 1;
}

/** Whether it is a number that JSON has no word for. */
function isOdd(value: unknown): value is Exact {
  return typeof value === "bigint" || (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)));
}

function needsPacking(value: unknown): boolean {
  const waiting = [value];
  const seen = new Set<unknown>(); // what js of an author gives may contain itself: to send it is an error then
  while (waiting.length) {
    const item = waiting.pop();
    if (isOdd(item)) return true;
    if (typeof item !== "object" || item === null || seen.has(item)) continue;
    seen.add(item);
    if (Array.isArray(item)) for (const one of item) waiting.push(one);
    else if (isObject(item)) {
      if (EXACT in item || NUMBER in item) return true;
      for (const one of Object.values(item)) waiting.push(one);
    }
  }
  return false;
}

function pack(value: unknown): unknown {
  if (isOdd(value)) return { [NUMBER]: Object.is(value, -0) ? "-0.0" : String(value) };
  if (Array.isArray(value)) return value.map(pack);
  if (!isObject(value)) return value;
  const inner = mapped(value, pack);
  return EXACT in inner || NUMBER in inner ? { [EXACT]: inner } : inner;
}

function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (!isObject(value)) return value;
  if (isOnly(value, NUMBER)) return numberOf(String(value[NUMBER]));
  return mapped(isOnly(value, EXACT) && isObject(value[EXACT]) ? value[EXACT] : value, unpack);
}

function mapped(value: Dict, change: (one: unknown) => unknown): Dict {
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one)]));
}
