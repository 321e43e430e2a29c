import { expect, test } from "vitest";
import { jsonOf, numberOf, packed, textOf, unpacked } from "./exact";

/** As it comes to the other side. */
const sent = (value: unknown) => unpacked(JSON.parse(JSON.stringify(packed(value))));

// TR-40 TR-41
test.each([
  [9007199254740993n],
  [-(10n ** 40n)],
  [Number.POSITIVE_INFINITY],
  [Number.NEGATIVE_INFINITY],
  [Number.NaN],
  [-0],
  [5e-324],
  [1e308],
  [{ a: [1, { b: 9007199254740993n }], c: "x" }],
  [{ "nbb:number": "1" }],
  [{ "nbb:exact": { "nbb:number": Number.NaN } }],
  [[{ "nbb:exact": [Number.NaN] }]],
])("%s comes over as what it is", (value) => {
  expect(sent(value)).toStrictEqual(value);
});

test("what JSON carries is not touched", () => {
  const value = { a: [1, "x", null, true, 2 ** 53 - 1, new DataView(new ArrayBuffer(1))] };
  expect(packed(value)).toBe(value);
  expect(unpacked(value)).toBe(value);
});

// TR-40
test("a typed number keeps its last digit", () => {
  expect(numberOf("9007199254740993")).toBe(9007199254740993n);
  expect(numberOf("-9007199254740991")).toBe(-9007199254740991);
  expect(numberOf(" 1.50 ")).toBe(1.5);
  expect([numberOf(""), numberOf("x"), numberOf("1,5")]).toEqual([null, null, null]);
  expect([numberOf("inf"), numberOf("-Infinity"), numberOf("NaN")]).toEqual([Infinity, -Infinity, NaN]);
  expect([textOf(-0), textOf(9007199254740993n), textOf(1e308)]).toEqual(["-0", "9007199254740993", "1e+308"]);
});

// TR-41
test("copied JSON has the words that Python reads", () => {
  const text = jsonOf({ a: [NaN, -Infinity, 9007199254740993n], b: "NaN", c: "\0NaN", "\0NaN": 1 });
  const flat = text.replace(/\s+/g, "");
  expect(flat).toBe('{"a":[NaN,-Infinity,9007199254740993],"b":"NaN","c":"\\u0000NaN","\\u0000NaN":1}');
});
