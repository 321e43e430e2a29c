/** How much of a message a value takes: the server ends the connection over one of 10 MB, without a word. */

/** Bytes that one value may take. */
export const MAX_VALUE = 8 * 1024 * 1024;

/** Rough size of JSON-like data in bytes, binary data included; it stops counting once past `limit`. */
export function weightOf(value: unknown, limit = MAX_VALUE): number {
  let sum = 0;
  const waiting: unknown[] = [value];
  while (waiting.length && sum <= limit) {
    const item = waiting.pop();
    if (typeof item === "string") sum += item.length > limit ? item.length : utf8(item) + 2;
    else if (ArrayBuffer.isView(item)) sum += item.byteLength;
    else if (Array.isArray(item)) {
      sum += 2 + item.length;
      for (const one of item) waiting.push(one);
    } else if (item && typeof item === "object") {
      for (const [key, one] of Object.entries(item)) {
        sum += key.length + 4;
        waiting.push(one);
      }
    } else sum += 8;
  }
  return sum;
}

function utf8(text: string): number {
  // Only a text that could matter is looked at closely.
  return text.length * 3 < MAX_VALUE ? text.length : new TextEncoder().encode(text).length;
}
